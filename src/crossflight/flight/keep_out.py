"""The volumes about the station: approach ellipsoid, keep-out sphere, approach corridor.

Components come first: places are (3, n) in LVLH, metres from the station's centre of mass.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.ports import DockingPort

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# design/flight.md: ellipsoid 4 x 2 x 2 km over all, sphere of 200 m radius.
ELLIPSOID_M: Final = (2000.0, 1000.0, 1000.0)
SPHERE_M: Final = 200.0
# [assumed] Fehse 2003, section 5.7: corridors of 10 to 15 degrees half angle; the port end is left a
# metre wide because a cone's tip admits nothing.
CORRIDOR_HALF_ANGLE_RAD: Final = float(np.radians(10.0))
CORRIDOR_FOOT_M: Final = 1.0


def norm(u: Array) -> Array:
    """Lengths (n,) of vectors (3, n)."""
    length: Array = np.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2])
    return length


def is_in_ellipsoid(r_lvlh_m: Array) -> Mask:
    """Whether places lie in the approach ellipsoid."""
    a, b, c = ELLIPSOID_M
    inside: Mask = (r_lvlh_m[0] / a) ** 2 + (r_lvlh_m[1] / b) ** 2 + (r_lvlh_m[2] / c) ** 2 < 1.0
    return inside


def is_in_sphere(r_lvlh_m: Array) -> Mask:
    """Whether places lie in the keep-out sphere."""
    inside: Mask = r_lvlh_m[0] ** 2 + r_lvlh_m[1] ** 2 + r_lvlh_m[2] ** 2 < SPHERE_M**2
    return inside


def along_and_off(port: DockingPort, r_lvlh_m: Array) -> tuple[Array, Array]:
    """Distance (n,) out along the port's axis, and the offset (3, n) from it."""
    rel = r_lvlh_m - np.asarray(port.position_m)[:, None]
    axis = port.axis
    along = axis[0] * rel[0] + axis[1] * rel[1] + axis[2] * rel[2]
    return along, rel - along * np.asarray(axis)[:, None]


def is_in_corridor(port: DockingPort, r_lvlh_m: Array) -> Mask:
    """Whether places lie in the cone along the port's axis."""
    along, off = along_and_off(port, r_lvlh_m)
    inside: Mask = norm(off) <= CORRIDOR_FOOT_M + np.maximum(along, 0.0) * np.tan(CORRIDOR_HALF_ANGLE_RAD)
    return inside


def is_violated(port: DockingPort, r_lvlh_m: Array) -> Mask:
    """Whether places lie in the keep-out sphere and outside the corridor."""
    return is_in_sphere(r_lvlh_m) & ~is_in_corridor(port, r_lvlh_m)
