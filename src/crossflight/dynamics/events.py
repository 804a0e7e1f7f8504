"""What a state means to people: sub-point, altitude, beta angle, shadow; on arrays of GCRF states.

`sun` and `earth` do the same from mean orbits, to hundredths of a degree; here the whole chain of frames
and erfa's Sun are used.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.bodies import SUN_RADIUS_M, sun_gcrf_m
from crossflight.dynamics.earth import RADIUS_M, geodetic
from crossflight.dynamics.frames import celestial_to_terrestrial, earth_orientation
from crossflight.dynamics.time_scales import TimesUs

Array = NDArray[np.float64]

SUNLIT: Final = 0
PENUMBRA: Final = 1
UMBRA: Final = 2


def sub_point(t_utc_us: TimesUs | int, r_gcrf_m: Array) -> tuple[Array, Array, Array]:
    """Geodetic latitude and east longitude in radians, and height in metres (WGS 84), shape (n,) each.

    Parameters
    ----------
    t_utc_us, r_gcrf_m
        Shapes (n,) and (n, 3).
    """
    rotation = celestial_to_terrestrial(t_utc_us, earth_orientation(t_utc_us))
    return geodetic(np.einsum("nij,nj->ni", rotation, np.atleast_2d(r_gcrf_m)))


def altitude_m(t_utc_us: TimesUs | int, r_gcrf_m: Array) -> Array:
    """Height above the WGS 84 ellipsoid, shape (n,)."""
    return sub_point(t_utc_us, r_gcrf_m)[2]


def beta_rad(t_utc_us: TimesUs | int, r_gcrf_m: Array, v_gcrf_m_s: Array) -> Array:
    """Angle of the Sun above the orbit plane, positive towards the angular momentum; shape (n,)."""
    normal = np.cross(np.atleast_2d(r_gcrf_m), np.atleast_2d(v_gcrf_m_s))
    sun = sun_gcrf_m(t_utc_us)
    sine = np.sum(normal * sun, axis=-1) / (np.linalg.norm(normal, axis=-1) * np.linalg.norm(sun, axis=-1))
    beta: Array = np.arcsin(np.clip(sine, -1.0, 1.0))
    return beta


def is_in_cylinder(t_utc_us: TimesUs | int, r_gcrf_m: Array) -> NDArray[np.bool_]:
    """Whether positions are in the cylindrical shadow of a spherical Earth, shape (n,)."""
    r = np.atleast_2d(r_gcrf_m)
    sun = sun_gcrf_m(t_utc_us)
    along = np.sum(r * sun, axis=-1) / np.linalg.norm(sun, axis=-1)
    across_m2 = np.sum(r * r, axis=-1) - along**2
    shadowed: NDArray[np.bool_] = (along < 0.0) & (across_m2 < RADIUS_M**2)
    return shadowed


def shadow(t_utc_us: TimesUs | int, r_gcrf_m: Array) -> NDArray[np.int8]:
    """`SUNLIT`, `PENUMBRA` or `UMBRA` of a spherical Earth, shape (n,).

    Sun and Earth are discs seen from the satellite (Montenbruck and Gill 2000, 3.4.2): they overlap in
    penumbra and the Sun's is inside the Earth's in umbra.  The air, which bends light and moves the edge by
    some seconds, is left out.
    """
    r = np.atleast_2d(r_gcrf_m)
    to_sun = sun_gcrf_m(t_utc_us) - r
    distance = np.linalg.norm(r, axis=-1)
    sun_distance = np.linalg.norm(to_sun, axis=-1)
    earth_disc = np.arcsin(np.minimum(1.0, RADIUS_M / distance))
    sun_disc = np.arcsin(SUN_RADIUS_M / sun_distance)
    between = np.arccos(np.clip(-np.sum(r * to_sun, axis=-1) / (distance * sun_distance), -1.0, 1.0))
    state = np.full(len(r), SUNLIT, np.int8)
    state[between < earth_disc + sun_disc] = PENUMBRA
    state[between < earth_disc - sun_disc] = UMBRA
    return state
