"""Density of the air from the ground to orbit, for entries: the U.S. Standard Atmosphere 1976.

Up to 86 km the standard's layers of constant temperature gradient are evaluated (its equations 18, 19, 33a,
33b and 42); above, its table of densities is interpolated, linear in the logarithm.  Free flight above 120 km
uses NRLMSISE-00 (see `dynamics.forces`); this profile reaches higher so that a skipping entry still flies
through something.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.us_standard_1976 import (
    DENSITIES_ABOVE,
    G0_M_S2,
    GAS_J_KG_K,
    LAYERS,
    RADIUS_M,
    ROWS,
    SEA_PRESSURE_PA,
)

Floats = NDArray[np.float64]

_LAYER_BASE_M, _LAYER_K, _GRADIENT_K_M = (np.array(column) for column in zip(*LAYERS, strict=True))
_TABLE_FROM_M: Final = ROWS[0][0]
_TABLE: Final = np.array([*(row[:2] for row in ROWS), *DENSITIES_ABOVE])
# Even nodes of the logarithm, made once: an entry asks for densities some thousand times.
_NODE_STEP_M: Final = 100.0
_TOP_M: Final = 500_000.0
_LOWEST_M: Final = -500.0


def _base_pressures() -> Floats:
    """Pressure at the base of each layer."""
    pressure = [SEA_PRESSURE_PA]
    for i, gradient in enumerate(_GRADIENT_K_M[:-1]):
        thickness = _LAYER_BASE_M[i + 1] - _LAYER_BASE_M[i]
        base_k = _LAYER_K[i]
        if gradient:
            fall = (base_k / (base_k + gradient * thickness)) ** (G0_M_S2 / (GAS_J_KG_K * gradient))
        else:
            fall = np.exp(-G0_M_S2 * thickness / (GAS_J_KG_K * base_k))
        pressure.append(pressure[-1] * fall)
    return np.array(pressure)


_BASE_PA: Final = _base_pressures()


def standard_density_kg_m3(height_m: Floats) -> Floats:
    """Density at geometric heights of any shape; below the sea the lowest layer goes on, above 500 km thins.

    Above 86 km the standard itself is a table; between its heights the logarithm is taken as linear.
    """
    height = np.asarray(height_m, np.float64)
    low = np.minimum(height, _TABLE_FROM_M)
    geopotential = RADIUS_M * low / (RADIUS_M + low)
    i = np.clip(np.searchsorted(_LAYER_BASE_M, geopotential, "right") - 1, 0, len(_LAYER_BASE_M) - 1)
    above = geopotential - _LAYER_BASE_M[i]
    gradient = _GRADIENT_K_M[i]
    temperature = _LAYER_K[i] + gradient * above
    steep = np.where(gradient == 0, 1.0, gradient)
    by_gradient = (_LAYER_K[i] / temperature) ** (G0_M_S2 / (GAS_J_KG_K * steep))
    isothermal = np.exp(-G0_M_S2 * above / (GAS_J_KG_K * _LAYER_K[i]))
    pressure = _BASE_PA[i] * np.where(gradient == 0, isothermal, by_gradient)
    dense = pressure / (GAS_J_KG_K * temperature)
    last_m, last = _TABLE[-1]
    slope_m = np.log(_TABLE[-1, 1] / _TABLE[-2, 1]) / (_TABLE[-1, 0] - _TABLE[-2, 0])
    thin = np.exp(np.interp(height, _TABLE[:, 0], np.log(_TABLE[:, 1])))
    thinner = last * np.exp(slope_m * np.maximum(height - last_m, 0.0))
    density = np.where(height <= _TABLE_FROM_M, dense, np.where(height > last_m, thinner, thin))
    return np.asarray(density, np.float64)


_NODES: Final = np.arange(_LOWEST_M, _TOP_M + _NODE_STEP_M, _NODE_STEP_M)
_LOG_DENSITY: Final = np.log(standard_density_kg_m3(_NODES))


def density_kg_m3(height_m: Floats) -> Floats:
    """Density at geometric heights of any shape, from nodes 100 m apart: within 5e-4 of the standard.

    Heights outside -0.5 to 500 km are taken as the nearer end.
    """
    x = (np.asarray(height_m, np.float64) - _LOWEST_M) / _NODE_STEP_M
    x = np.clip(x, 0.0, len(_NODES) - 1.001)
    i = x.astype(np.int64)
    log = _LOG_DENSITY[i] + (x - i) * (_LOG_DENSITY[i + 1] - _LOG_DENSITY[i])
    return np.asarray(np.exp(log), np.float64)
