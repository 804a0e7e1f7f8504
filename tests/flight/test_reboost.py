"""The reboost that sets a phase, against numerical integration of the burn it asks for."""

from __future__ import annotations

import numpy as np
import pytest
from orbits import elements_before, station

from crossflight.dynamics.ephemeris_orbit import mean_orbit_of_states
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import transform
from crossflight.dynamics.mean_orbit import satellite
from crossflight.dynamics.propagation import Burn, propagate
from crossflight.errors import UsageError
from crossflight.flight.reboost import burn, reboost_for
from crossflight.times import Instant

MODEL = ForceModel(degree=8, order=0, sun=False, moon=False, drag=False)


@pytest.mark.parametrize("shift_deg", [-40.0, 15.0])
def test_the_burn_moves_the_phase_by_what_was_asked(shift_deg: float) -> None:
    orbit, elements = station(), elements_before(2022, 9, 20)
    start = elements.epoch_utc
    burn_utc, day_utc = start.plus_days(0.5), start.plus_days(6)
    wanted = reboost_for(orbit, np.radians(shift_deg), burn_utc, day_utc)
    _, r, v = satellite(elements).sgp4_tsince(0.0)
    r_gcrf, v_gcrf = transform("TEME", "GCRF", np.array([start.us]), np.array([r]) * 1e3, np.array([v]) * 1e3)
    t_us = day_utc.us + np.arange(-180, 181) * 240 * 1_000_000 // 2
    places = []
    for dv in (0.0, wanted.dv_m_s):
        states = propagate(
            MODEL, start.us, np.hstack((r_gcrf, v_gcrf)), t_us, burns=[Burn(burn_utc, (0.0, dv, 0.0))]
        )[0]
        teme = transform("GCRF", "TEME", t_us, states[:, :3], states[:, 3:])
        places.append(mean_orbit_of_states(t_us, *teme).latitude_argument_rad)
    moved = np.degrees((places[1] - places[0] + np.pi) % (2 * np.pi) - np.pi)
    assert moved == pytest.approx(shift_deg, rel=0.03)


def test_a_planned_burn_moves_node_and_place_as_the_mean_theory_says() -> None:
    orbit = station()
    at = Instant(orbit.epoch_us).plus_days(1)
    raised = orbit.with_burns([burn(orbit, at, 1.0)])
    before, after = np.array([at.plus_days(-0.5).us]), np.array([at.plus_days(10).us])
    assert raised.latitude_argument_at(before) == pytest.approx(orbit.latitude_argument_at(before))
    fallen_back = np.degrees(orbit.latitude_argument_at(after) - raised.latitude_argument_at(after))[0]
    # 1 m/s is 1.77 km; 155 revolutions of 0.0803 degrees for each km.
    assert fallen_back == pytest.approx(155 * 1.77 * 0.0803, rel=0.03)
    assert raised.node_at(after)[0] > orbit.node_at(after)[0]  # a higher orbit's node drifts slower


def test_earlier_is_cheaper_and_too_late_is_refused() -> None:
    orbit = station()
    day = Instant(orbit.epoch_us).plus_days(20)
    early = reboost_for(orbit, -1.0, day.plus_days(-15), day)
    late = reboost_for(orbit, -1.0, day.plus_days(-3), day)
    assert late.propellant_kg == pytest.approx(5 * early.propellant_kg, rel=0.02)
    assert early.altitude_km > 0
    with pytest.raises(UsageError, match="cannot set the phase"):
        reboost_for(orbit, -1.0, day.plus_s(-60), day)
