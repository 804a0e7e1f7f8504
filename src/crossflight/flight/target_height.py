"""Which targets a craft can be flown to: high enough for it to gain on them, low enough for its tanks."""

from __future__ import annotations

import math
from typing import Final

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.dynamics.nodes import mean_motion_rad_s
from crossflight.errors import UsageError
from crossflight.flight.ascent import Ascent
from crossflight.flight.craft import Craft
from crossflight.flight.us_standard_1976 import G0_M_S2

# A craft so much lower than its target gains two degrees a revolution on it; with less, days [assumed].
_ABOVE_INSERTION_MIN_M: Final = 25_000.0
# From 1 km to contact: 15 m/s for a Soyuz and 9 m/s for a Dragon as simulated.
_APPROACH_M_S: Final = 15.0
_BISECTIONS: Final = 60


def raising_m_s(from_axis_m: float, to_axis_m: float) -> float:
    """Delta-v of the two burns from one circle to another of the same plane (Hohmann)."""
    between = 2 * to_axis_m / (from_axis_m + to_axis_m)
    slow = from_axis_m * mean_motion_rad_s(from_axis_m)
    fast = to_axis_m * mean_motion_rad_s(to_axis_m)
    return slow * abs(math.sqrt(between) - 1) + fast * abs(1 - math.sqrt(2 - between))


def require_height(orbit: MeanOrbit, ascent: Ascent, craft: Craft) -> None:
    """Refuse a target too low or too high for a craft, before anything is flown.

    Raises
    ------
    UsageError
        With the target's height, what is in reach and what it would take.
    """
    start_m, end_m = ascent.insertion_axis_m, orbit.axis_m
    height_km, start_km = (end_m - RADIUS_M) / 1000, (start_m - RADIUS_M) / 1000
    lowest_km = start_km + _ABOVE_INSERTION_MIN_M / 1000
    full_kg, dry_kg = craft.mass_kg, craft.mass_kg - craft.propellant_kg
    has_m_s = craft.main.specific_impulse_s * G0_M_S2 * math.log(full_kg / dry_kg)
    takes_m_s = raising_m_s(start_m, end_m) + _APPROACH_M_S
    if lowest_km <= height_km and takes_m_s <= has_m_s:
        return
    low_m, high_m = start_m, 2 * start_m
    for _ in range(_BISECTIONS):
        middle_m = (low_m + high_m) / 2
        is_payable = raising_m_s(start_m, middle_m) + _APPROACH_M_S <= has_m_s
        low_m, high_m = (middle_m, high_m) if is_payable else (low_m, middle_m)
    between = f"it can be flown to targets between {lowest_km:.0f} and {(low_m - RADIUS_M) / 1000:.0f} km"
    if height_km < lowest_km:
        raise UsageError(
            f"the target is {height_km:.0f} km high; {craft.name} is inserted at {start_km:.0f} km and has "
            f"to be {_ABOVE_INSERTION_MIN_M / 1000:.0f} km lower to gain on it",
            hint=between,
        )
    raise UsageError(
        f"the target is {height_km:.0f} km high; to get there from {start_km:.0f} km and dock takes "
        f"{takes_m_s:.0f} m/s, and {craft.name} has {has_m_s:.0f} m/s",
        hint=between,
    )
