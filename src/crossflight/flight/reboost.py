"""The planner's lever on the phase: how large a burn of the station, and when, moves it by how much."""

from __future__ import annotations

from typing import Final

import numpy as np

from crossflight.dynamics.mean_orbit import AltitudeChange, MeanOrbit
from crossflight.dynamics.nodes import mean_motion_rad_s
from crossflight.errors import UsageError
from crossflight.model.opportunity import Reboost
from crossflight.times import DAY_S, Instant

# The station with two visiting craft, as its published ephemerides give it (419 to 449 t, 2021 to 2023).
STATION_MASS_KG: Final = 440_000.0
# Progress and Zvezda burn storable propellants [assumed].
SPECIFIC_IMPULSE_S: Final = 300.0
_GRAVITY_M_S2: Final = 9.80665
_SHORTEST_DAYS: Final = 0.25


def axis_change_m(orbit: MeanOrbit, dv_m_s: float) -> float:
    """Change of the mean axis by a burn along the velocity."""
    return 2 * dv_m_s / mean_motion_rad_s(orbit.axis_m)


def burn(orbit: MeanOrbit, at: Instant, dv_m_s: float) -> AltitudeChange:
    """A planned burn as `MeanOrbit.with_burns` takes it."""
    return AltitudeChange(at.us, axis_change_m(orbit, dv_m_s))


def reboost_for(
    orbit: MeanOrbit, shift_rad: float, burn_utc: Instant, day_utc: Instant, mass_kg: float = STATION_MASS_KG
) -> Reboost:
    """The burn at `burn_utc` that moves the station forward along its orbit by `shift_rad` by `day_utc`.

    A positive shift needs a lower orbit, a negative one a higher; the burn comes on top of whatever keeps
    the altitude, so a negative one is a planned reboost made smaller.

    Raises
    ------
    UsageError
        If the burn is not at least six hours before the day.
    """
    seconds = day_utc.s_since(burn_utc)
    if seconds < _SHORTEST_DAYS * DAY_S:
        raise UsageError(
            f"a burn on {burn_utc.iso()} cannot set the phase of {day_utc.iso()}",
            hint="give a burn at least six hours earlier; days are better: the earlier the smaller",
        )
    change_m = -shift_rad * orbit.axis_m / (1.5 * orbit.latitude_argument_rate_rad_s * seconds)
    dv_m_s = change_m * mean_motion_rad_s(orbit.axis_m) / 2
    # Whoever burns, propellant is spent: a burn against the velocity costs the same.
    propellant_kg = mass_kg * (1 - float(np.exp(-abs(dv_m_s) / (SPECIFIC_IMPULSE_S * _GRAVITY_M_S2))))
    return Reboost(burn_utc, dv_m_s, propellant_kg, change_m / 1000)
