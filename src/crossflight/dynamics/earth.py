"""The turning Earth as launch and landing sites see it: ellipsoid, sidereal time, places.

Good to metres and hundredths of a second, which is what opportunities need: polar motion (10 m) is
left out, and UT1 is taken as UTC unless a correction is given (0.25 s at most since 2018).  The frames
module has the whole of it.
"""

from __future__ import annotations

from typing import Final

import erfa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossflight.dynamics.time_scales import julian_date
from crossflight.times import DAY_S

Floats = NDArray[np.float64]

# WGS 84 (NIMA TR8350.2, 2000).
RADIUS_M: Final = 6_378_137.0
FLATTENING: Final = 1 / 298.257223563
_E2: Final = FLATTENING * (2 - FLATTENING)
# The rate of sidereal time, IERS Conventions 2010, table 1.1.
RATE_RAD_S: Final = 7.292115e-5
_N_GEODETIC: Final = 6


def sidereal_time_rad(t_utc_us: ArrayLike, ut1_utc_s: float = 0.0) -> Floats:
    """Greenwich mean sidereal time (IAU 1982: the one TEME is tied to), radians."""
    day, fraction = julian_date(t_utc_us)
    return np.asarray(erfa.gmst82(day, fraction + ut1_utc_s / DAY_S), dtype=np.float64)


def place_itrf_m(latitude_rad: float, longitude_rad: float, height_m: float = 0.0) -> Floats:
    """Position (3,) of a place given by geodetic latitude and east longitude, ITRF metres."""
    sin_lat, cos_lat = np.sin(latitude_rad), np.cos(latitude_rad)
    normal_m = RADIUS_M / np.sqrt(1 - _E2 * sin_lat**2)
    return np.array(
        [
            (normal_m + height_m) * cos_lat * np.cos(longitude_rad),
            (normal_m + height_m) * cos_lat * np.sin(longitude_rad),
            (normal_m * (1 - _E2) + height_m) * sin_lat,
        ]
    )


def teme_from_itrf(r_itrf: Floats, t_utc_us: ArrayLike, ut1_utc_s: float = 0.0) -> Floats:
    """Vectors (3,) or (n, 3) turned from the Earth-fixed frame to TEME at instants (n,): (n, 3)."""
    return _turned(r_itrf, sidereal_time_rad(t_utc_us, ut1_utc_s))


def itrf_from_teme(r_teme: Floats, t_utc_us: ArrayLike, ut1_utc_s: float = 0.0) -> Floats:
    """Vectors (n, 3) turned from TEME to the Earth-fixed frame at instants (n,)."""
    return _turned(r_teme, -sidereal_time_rad(t_utc_us, ut1_utc_s))


def geodetic(r_itrf_m: Floats) -> tuple[Floats, Floats, Floats]:
    """Geodetic latitude and east longitude (radians) and height (m) of positions (n, 3), ITRF.

    Fixed-point iteration on the latitude; below a micrometre for orbits and the ground.
    """
    x, y, z = np.moveaxis(np.asarray(r_itrf_m, dtype=np.float64), -1, 0)
    flat = np.hypot(x, y)
    latitude = np.arctan2(z, flat * (1 - _E2))
    normal_m = np.full_like(flat, RADIUS_M)
    for _ in range(_N_GEODETIC):
        normal_m = RADIUS_M / np.sqrt(1 - _E2 * np.sin(latitude) ** 2)
        latitude = np.arctan2(z + _E2 * normal_m * np.sin(latitude), flat)
    height_m = flat * np.cos(latitude) + z * np.sin(latitude) - RADIUS_M**2 / normal_m
    return latitude, np.arctan2(y, x), height_m


def _turned(r: Floats, angle_rad: Floats) -> Floats:
    x, y, z = np.moveaxis(np.asarray(r, dtype=np.float64), -1, 0)
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    turned = np.broadcast_arrays(cos * x - sin * y, sin * x + cos * y, z + np.zeros_like(cos))
    return np.stack(turned, axis=-1)
