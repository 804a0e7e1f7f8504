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

from crossflight.flight.us_standard_1976 import (
    G0_M_S2,
    GAMMA,
    GAS_J_KG_K,
    LAYERS,
    RADIUS_M,
    ROWS,
    SEA_PRESSURE_PA,
)

SEA_DENSITY_KG_M3: Final = 1.225
_ROW_HEIGHTS_M: Final = tuple(row[0] for row in ROWS)
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
    for (base, temperature, lapse), (above, _, _) in pairwise(LAYERS):
        pressures.append(pressures[-1] * _pressure_ratio(above - base, temperature, lapse))
    return tuple(pressures)


def _pressure_ratio(above_m: float, temperature_k: float, lapse_k_m: float) -> float:
    if lapse_k_m == 0.0:
        return exp(-G0_M_S2 * above_m / (GAS_J_KG_K * temperature_k))
    base = (temperature_k + lapse_k_m * above_m) / temperature_k
    ratio: float = base ** (-G0_M_S2 / (GAS_J_KG_K * lapse_k_m))
    return ratio


_BASE_PRESSURES_PA: Final = _pressures_at_bases()
_BASES_M: Final = tuple(layer[0] for layer in LAYERS)
_NOTHING: Final = (0.0, 0.0, _SOUND_ABOVE_M_S)


def density_pressure_sound(height_m: float) -> tuple[float, float, float]:
    """Density (kg/m3), pressure (Pa) and speed of sound (m/s) at a geometric height; heights below 0 count 0.

    A plain tuple, because an ascent asks some ten thousand times.
    """
    if height_m >= _ROW_HEIGHTS_M[0]:
        return _above(height_m)
    h = max(height_m, 0.0)
    h = RADIUS_M * h / (RADIUS_M + h)
    i = bisect_right(_BASES_M, h) - 1
    base, base_temperature, lapse = LAYERS[i]
    temperature = base_temperature + lapse * (h - base)
    pressure = _BASE_PRESSURES_PA[i] * _pressure_ratio(h - base, base_temperature, lapse)
    return (
        pressure / (GAS_J_KG_K * temperature),
        pressure,
        sqrt(GAMMA * GAS_J_KG_K * temperature),
    )


def _above(height_m: float) -> tuple[float, float, float]:
    if height_m >= _TOP_M:
        return _NOTHING
    i = bisect_right(_ROW_HEIGHTS_M, height_m) - 1
    (low, density, pressure), (high, density_high, pressure_high) = ROWS[i], ROWS[i + 1]
    w = (height_m - low) / (high - low)
    return (
        density * exp(w * log(density_high / density)),
        pressure * exp(w * log(pressure_high / pressure)),
        _SOUND_ABOVE_M_S,
    )


def air(height_m: float) -> Air:
    """The air at a geometric height in metres."""
    return Air(*density_pressure_sound(height_m))
