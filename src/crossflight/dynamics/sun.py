"""Where the Sun stands: direction, beta angle, elevation above a place, shadow.

The direction is the Astronomical Almanac's low-precision formula, of date (true equator and mean
equinox to within it): 0.01 degrees between 1950 and 2050, held against ERFA's in the tests.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.time_scales import julian_date

Floats = NDArray[np.float64]

_J2000: Final = 2_451_545.0
# Refraction at the horizon and the Sun's half diameter: sunrise as almanacs define it.
SUNRISE_RAD: Final = np.radians(-0.8333)


def sun_direction(t_utc_us: ArrayLike) -> Floats:
    """Unit vectors (n, 3) to the Sun in the equatorial frame of date (TEME within 0.01 degrees)."""
    day, fraction = julian_date(t_utc_us)
    n = (day - _J2000) + fraction
    mean_longitude = np.radians(280.460 + 0.9856474 * n)
    anomaly = np.radians(357.528 + 0.9856003 * n)
    longitude = mean_longitude + np.radians(1.915) * np.sin(anomaly) + np.radians(0.020) * np.sin(2 * anomaly)
    obliquity = np.radians(23.439 - 4e-7 * n)
    return np.stack(
        np.broadcast_arrays(
            np.cos(longitude), np.cos(obliquity) * np.sin(longitude), np.sin(obliquity) * np.sin(longitude)
        ),
        axis=-1,
    )


def plane_normal(inclination_rad: ArrayLike, node_rad: ArrayLike) -> Floats:
    """Unit normals (n, 3) of orbit planes by inclination and right ascension of the ascending node."""
    inclination, node = np.broadcast_arrays(
        np.asarray(inclination_rad, dtype=np.float64), np.asarray(node_rad, dtype=np.float64)
    )
    return np.stack(
        (
            np.sin(inclination) * np.sin(node),
            -np.sin(inclination) * np.cos(node),
            np.cos(inclination),
        ),
        axis=-1,
    )


def beta_rad(normal: Floats, t_utc_us: ArrayLike) -> Floats:
    """Angle of the Sun above orbit planes of unit normals (n, 3), radians, positive towards the normal."""
    return np.asarray(np.arcsin(np.clip(np.sum(normal * sun_direction(t_utc_us), axis=-1), -1, 1)))


def elevation_rad(up: Floats, t_utc_us: ArrayLike) -> Floats:
    """Angle of the Sun above the horizon of places with unit vertical `up` (n, 3) in the same frame."""
    return beta_rad(up, t_utc_us)


def is_sunlit(r_teme_m: Floats, t_utc_us: ArrayLike) -> NDArray[np.bool_]:
    """Whether positions (n, 3) are outside the Earth's cylindrical shadow."""
    along = np.sum(r_teme_m * sun_direction(t_utc_us), axis=-1)
    across_m2 = np.sum(r_teme_m * r_teme_m, axis=-1) - along**2
    return np.asarray((along > 0) | (across_m2 > RADIUS_M**2))
