"""Heights of the lowest and the highest point of an osculating orbit."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.nodes import MU_M3_S2

Array = NDArray[np.float64]


def perigee_height_m(states_gcrf: Array) -> Array:
    """Heights (n,) of osculating perigees over the equator's radius."""
    axis, eccentricity = _axis_and_eccentricity(states_gcrf)
    height: Array = axis * (1.0 - eccentricity) - RADIUS_M
    return height


def apogee_height_m(states_gcrf: Array) -> Array:
    """Heights (n,) of osculating apogees over the equator's radius."""
    axis, eccentricity = _axis_and_eccentricity(states_gcrf)
    height: Array = axis * (1.0 + eccentricity) - RADIUS_M
    return height


def _axis_and_eccentricity(states_gcrf: Array) -> tuple[Array, Array]:
    r, v = states_gcrf[:, :3], states_gcrf[:, 3:]
    radius = np.linalg.norm(r, axis=1)
    axis = 1.0 / (2.0 / radius - np.sum(v * v, axis=1) / MU_M3_S2)
    momentum2 = np.sum(np.cross(r, v) ** 2, axis=1)
    return axis, np.sqrt(np.maximum(0.0, 1.0 - momentum2 / (MU_M3_S2 * axis)))
