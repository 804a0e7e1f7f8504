"""Apollo meets Soyuz 19: docked on the second day, orbits near those of July 1975, a target that burns."""

from __future__ import annotations

import numpy as np
import pytest

from crossflight.app.orbit_file import read_orbit_file
from crossflight.app.validation.apollo_flight import apollo_flight_section, flown
from crossflight.dynamics.earth import RADIUS_M
from crossflight.errors import UsageError
from crossflight.flight.craft import craft_of
from crossflight.flight.ports import port_of
from crossflight.flight.target_track import TargetTrack


def test_apollo_docks_with_soyuz_19_on_the_second_day() -> None:
    o = flown()
    assert o.outcome == "docked"
    figures = apollo_flight_section().figures
    assert 1 < figures["days"] < 2
    assert figures["co-elliptic_off_km"] < 10
    assert figures["contact_off_km"] < 10
    assert abs(figures["orbit_s"] - 595) < 20
    assert o.contact is not None
    assert o.contact.limits == "apas-75"
    assert o.contact.is_within_limits
    assert all(j.is_ok for j in o.judgements)


def test_soyuz_19_circularises_its_orbit_before_apollo_comes() -> None:
    file = read_orbit_file("soyuz-19")
    (elements,) = file.elements
    burns = [(b.at_utc, b.dv_m_s) for b in file.burns]
    begin = elements.epoch_utc
    track = TargetTrack.of_elements(
        elements, begin, begin.plus_days(1.4), burns=burns, ballistic_m2_kg=0.0039
    )

    def heights_km(days: float) -> np.ndarray:
        t_us = begin.plus_days(days).us + np.arange(90) * 60_000_000
        return (np.linalg.norm(track.states(t_us)[:, :3], axis=1) - RADIUS_M) / 1000

    assert np.ptp(heights_km(0.0)) > 35
    assert np.ptp(heights_km(1.2)) < 10
    assert heights_km(1.2).mean() == pytest.approx(225, abs=3)
    # Across a burn the place goes on and only the velocity jumps.
    at, dv_m_s = burns[1]
    before, after = track.states(np.array([at.us - 1, at.us]))
    assert np.linalg.norm(after[:3] - before[:3]) < 0.1
    assert np.linalg.norm(after[3:] - before[3:]) == pytest.approx(dv_m_s, abs=0.01)


def test_apollo_docks_nowhere_else() -> None:
    with pytest.raises(UsageError, match="apas-75"):
        port_of("rassvet", craft_of("apollo-csm").docking)
