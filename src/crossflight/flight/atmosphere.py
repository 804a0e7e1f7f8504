"""The air a launcher climbs through: density, pressure and speed of sound by height.

U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562): its seven layers below 86 km, its table above, in
which density and pressure are taken as exponential between the rows.  Above the last row there is no air
that an ascent could feel.  ``dynamics`` has the density of orbital heights.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt
from typing import Final

SEA_PRESSURE_PA: Final = 101_325.0
SEA_DENSITY_KG_M3: Final = 1.225
_GAS_J_KG_K: Final = 287.05287
_GAMMA: Final = 1.4
_GRAVITY_M_S2: Final = 9.80665
# The Earth's radius with which the standard turns heights into geopotential ones.
_RADIUS_M: Final = 6_356_766.0
# Geopotential height of a layer's base in m, its temperature in K, and the change of it in K/m.
_LAYERS: Final = (
    (0.0, 288.15, -0.0065),
    (11_000.0, 216.65, 0.0),
    (20_000.0, 216.65, 0.001),
    (32_000.0, 228.65, 0.0028),
    (47_000.0, 270.65, 0.0),
    (51_000.0, 270.65, -0.0028),
    (71_000.0, 214.65, -0.002),
)
# Table I of the standard: height in m, density in kg/m3, pressure in Pa.
_ROWS: Final = (
    (86_000.0, 6.958e-6, 3.7338e-1),
    (90_000.0, 3.416e-6, 1.8359e-1),
    (95_000.0, 1.393e-6, 7.5966e-2),
    (100_000.0, 5.604e-7, 3.2011e-2),
    (105_000.0, 2.325e-7, 1.4477e-2),
    (110_000.0, 9.708e-8, 7.1042e-3),
    (115_000.0, 4.289e-8, 4.0096e-3),
    (120_000.0, 2.222e-8, 2.5382e-3),
    (130_000.0, 8.152e-9, 1.2505e-3),
    (140_000.0, 3.831e-9, 7.2028e-4),
    (150_000.0, 2.076e-9, 4.5422e-4),
    (160_000.0, 1.233e-9, 3.0395e-4),
    (180_000.0, 5.194e-10, 1.5271e-4),
    (200_000.0, 2.541e-10, 8.4736e-5),
)
_ROW_HEIGHTS_M: Final = tuple(row[0] for row in _ROWS)
_TOP_M: Final = _ROW_HEIGHTS_M[-1]
# Above 86 km molecules no longer mix as below; the speed of sound there only scales a drag nobody feels.
_SOUND_ABOVE_M_S: Final = 274.0


@dataclass(frozen=True, slots=True)
class Air:
    """Density, pressure and speed of sound at a height."""

    density_kg_m3: float
    pressure_pa: float
    sound_m_s: float


def _pressures_at_bases() -> tuple[float, ...]:
    pressures = [SEA_PRESSURE_PA]
    for (base, temperature, lapse), (above, _, _) in pairwise(_LAYERS):
        pressures.append(pressures[-1] * _pressure_ratio(above - base, temperature, lapse))
    return tuple(pressures)


def _pressure_ratio(above_m: float, temperature_k: float, lapse_k_m: float) -> float:
    if lapse_k_m == 0.0:
        return exp(-_GRAVITY_M_S2 * above_m / (_GAS_J_KG_K * temperature_k))
    base = (temperature_k + lapse_k_m * above_m) / temperature_k
    ratio: float = base ** (-_GRAVITY_M_S2 / (_GAS_J_KG_K * lapse_k_m))
    return ratio


_BASE_PRESSURES_PA: Final = _pressures_at_bases()
_BASES_M: Final = tuple(layer[0] for layer in _LAYERS)
_NOTHING: Final = (0.0, 0.0, _SOUND_ABOVE_M_S)


def density_pressure_sound(height_m: float) -> tuple[float, float, float]:
    """Density (kg/m3), pressure (Pa) and speed of sound (m/s) at a geometric height; heights below 0 count 0.

    A plain tuple, because an ascent asks some ten thousand times.
    """
    if height_m >= _ROW_HEIGHTS_M[0]:
        return _above(height_m)
    h = max(height_m, 0.0)
    h = _RADIUS_M * h / (_RADIUS_M + h)
    i = bisect_right(_BASES_M, h) - 1
    base, base_temperature, lapse = _LAYERS[i]
    temperature = base_temperature + lapse * (h - base)
    pressure = _BASE_PRESSURES_PA[i] * _pressure_ratio(h - base, base_temperature, lapse)
    return (
        pressure / (_GAS_J_KG_K * temperature),
        pressure,
        sqrt(_GAMMA * _GAS_J_KG_K * temperature),
    )


def _above(height_m: float) -> tuple[float, float, float]:
    if height_m >= _TOP_M:
        return _NOTHING
    i = bisect_right(_ROW_HEIGHTS_M, height_m) - 1
    (low, density, pressure), (high, density_high, pressure_high) = _ROWS[i], _ROWS[i + 1]
    w = (height_m - low) / (high - low)
    return (
        density * exp(w * log(density_high / density)),
        pressure * exp(w * log(pressure_high / pressure)),
        _SOUND_ABOVE_M_S,
    )


def air(height_m: float) -> Air:
    """The air at a geometric height in metres."""
    return Air(*density_pressure_sound(height_m))
