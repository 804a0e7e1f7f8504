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

Floats = NDArray[np.float64]

# U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562), tables 2 and 4: constants and layers.
G0_M_S2: Final = 9.80665
_RADIUS_M: Final = 6_356_766.0
_GAS_J_KG_K: Final = 8314.32 / 28.9644
_LAYER_BASE_M: Final = np.array([0.0, 11_000.0, 20_000.0, 32_000.0, 47_000.0, 51_000.0, 71_000.0])
_GRADIENT_K_M: Final = np.array([-6.5e-3, 0.0, 1e-3, 2.8e-3, 0.0, -2.8e-3, -2e-3])
_SEA_LEVEL_K: Final = 288.15
_SEA_LEVEL_PA: Final = 101_325.0
_TABLE_FROM_M: Final = 86_000.0
# The same, table I of part 4: geometric height in km and density in kg/m3.
_TABLE: Final = np.array(
    [
        (86.0, 6.958e-6), (90.0, 3.416e-6), (95.0, 1.393e-6), (100.0, 5.604e-7), (105.0, 2.325e-7),
        (110.0, 9.708e-8), (115.0, 4.289e-8), (120.0, 2.222e-8), (130.0, 8.152e-9), (140.0, 3.831e-9),
        (150.0, 2.076e-9), (160.0, 1.233e-9), (180.0, 5.194e-10), (200.0, 2.541e-10), (250.0, 6.073e-11),
        (300.0, 1.916e-11), (400.0, 2.803e-12), (500.0, 5.215e-13),
    ]
)  # fmt: skip
# Even nodes of the logarithm, made once: an entry asks for densities some thousand times.
_NODE_STEP_M: Final = 100.0
_TOP_M: Final = 500_000.0
_LOWEST_M: Final = -500.0


def _layers() -> tuple[Floats, Floats]:
    """Temperature and pressure at the base of each layer."""
    temperature, pressure = [_SEA_LEVEL_K], [_SEA_LEVEL_PA]
    for i, gradient in enumerate(_GRADIENT_K_M[:-1]):
        thickness = _LAYER_BASE_M[i + 1] - _LAYER_BASE_M[i]
        base_k = temperature[-1]
        top_k = base_k + gradient * thickness
        if gradient:
            fall = (base_k / top_k) ** (G0_M_S2 / (_GAS_J_KG_K * gradient))
        else:
            fall = np.exp(-G0_M_S2 * thickness / (_GAS_J_KG_K * base_k))
        temperature.append(top_k)
        pressure.append(pressure[-1] * fall)
    return np.array(temperature), np.array(pressure)


_BASE_K, _BASE_PA = _layers()


def standard_density_kg_m3(height_m: Floats) -> Floats:
    """Density at geometric heights of any shape; below the sea the lowest layer goes on, above 500 km thins.

    Above 86 km the standard itself is a table; between its heights the logarithm is taken as linear.
    """
    height = np.asarray(height_m, np.float64)
    low = np.minimum(height, _TABLE_FROM_M)
    geopotential = _RADIUS_M * low / (_RADIUS_M + low)
    i = np.clip(np.searchsorted(_LAYER_BASE_M, geopotential, "right") - 1, 0, len(_LAYER_BASE_M) - 1)
    above = geopotential - _LAYER_BASE_M[i]
    gradient = _GRADIENT_K_M[i]
    temperature = _BASE_K[i] + gradient * above
    steep = np.where(gradient == 0, 1.0, gradient)
    by_gradient = (_BASE_K[i] / temperature) ** (G0_M_S2 / (_GAS_J_KG_K * steep))
    isothermal = np.exp(-G0_M_S2 * above / (_GAS_J_KG_K * _BASE_K[i]))
    pressure = _BASE_PA[i] * np.where(gradient == 0, isothermal, by_gradient)
    dense = pressure / (_GAS_J_KG_K * temperature)
    km = height / 1000
    last_km, last = _TABLE[-1]
    slope_km = np.log(_TABLE[-1, 1] / _TABLE[-2, 1]) / (_TABLE[-1, 0] - _TABLE[-2, 0])
    thin = np.exp(np.interp(km, _TABLE[:, 0], np.log(_TABLE[:, 1])))
    thinner = last * np.exp(slope_km * np.maximum(km - last_km, 0.0))
    density = np.where(height <= _TABLE_FROM_M, dense, np.where(km > last_km, thinner, thin))
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
