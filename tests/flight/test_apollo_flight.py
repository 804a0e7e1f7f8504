"""Apollo meets Soyuz 19: docked on the second day, orbits near those of July 1975, a target that burns."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from crossflight.app.orbit_file import read_orbit_file
from crossflight.app.validation.apollo_flight import apollo_flight_section, flown
from crossflight.dynamics.earth import RADIUS_M
from crossflight.errors import UsageError
from crossflight.flight.burn_slots import APOLLO_SOYUZ, windowed_slots
from crossflight.flight.craft import craft_of
from crossflight.flight.descent import descent_of
from crossflight.flight.ports import port_of
from crossflight.flight.target_track import TargetTrack
from crossflight.times import Instant


def test_apollo_docks_with_soyuz_19_on_the_second_day() -> None:
    o = flown()
    assert o.outcome == "docked"
    figures = apollo_flight_section().figures
    assert 1 < figures["days"] < 2
    assert figures["co-elliptic_off_km"] < 10
    assert figures["contact_off_km"] < 10
    # The phasing orbit is missed by 10.3 km, the one after NC2 altogether: docs/flying.md says why.
    assert figures["correction_off_km"] < figures["correction_null_off_km"] / 4
    assert figures["phasing 2_off_km"] < figures["phasing 2_null_off_km"]
    assert figures["range_after_phasing_share"] == pytest.approx(1, abs=0.2)
    assert figures["range_when_ranging_begins_share"] == pytest.approx(1, abs=0.1)
    assert figures["range_at_the_terminal_burn_share"] == pytest.approx(1, abs=0.25)
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

    def heights_km(days: float) -> NDArray[np.float64]:
        t_us = begin.plus_days(days).us + np.arange(90) * 60_000_000
        heights: NDArray[np.float64] = (np.linalg.norm(track.states(t_us)[:, :3], axis=1) - RADIUS_M) / 1000
        return heights

    assert np.ptp(heights_km(0.0)) > 35
    assert np.ptp(heights_km(1.2)) < 10
    assert heights_km(1.2).mean() == pytest.approx(225, abs=3)
    # Across a burn the place goes on and only the velocity jumps.
    at, dv_m_s = burns[1]
    before, after = track.states(np.array([at.us - 1, at.us]))
    assert np.linalg.norm(after[:3] - before[:3]) < 0.1
    assert np.linalg.norm(after[3:] - before[3:]) == pytest.approx(dv_m_s, abs=0.01)


def test_apollo_burns_in_the_order_and_at_the_times_it_did() -> None:
    """Times are inputs: this holds the windows against the sources they are written from."""
    told = {
        "correction": Instant.of(1975, 7, 16, 19, 18), "phasing 2": Instant.of(1975, 7, 17, 12, 51),
        "co-elliptic": Instant.of(1975, 7, 17, 14, 12), "terminal": Instant.of(1975, 7, 17, 15, 17),
    }  # fmt: skip
    burns = flown().rendezvous[0].plan.burns
    assert [b.utc.us for b in burns] == sorted(b.utc.us for b in burns)
    at = {b.name: b.utc for b in burns}
    for name, utc in told.items():
        assert abs(at[name].s_since(utc)) < 300, name
    circle = next(b for b in burns if b.name == "circularisation")
    assert circle.dv_m_s < 5.5


def test_a_price_of_a_window_is_that_of_its_slot() -> None:
    slots = windowed_slots(APOLLO_SOYUZ, 0, 160_000_000_000, 5350.0)
    assert [s.name for s in slots] == [w.name for w in APOLLO_SOYUZ.windows]
    assert [s.price for s in slots] == [w.price for w in APOLLO_SOYUZ.windows]
    assert max(s.price for s in slots) > 1


def test_apollo_is_not_flown_home() -> None:
    with pytest.raises(UsageError, match="return of vehicle 'apollo-csm' is not modelled"):
        descent_of("apollo-csm")


def test_apollo_docks_nowhere_else() -> None:
    with pytest.raises(UsageError, match="apas-75"):
        port_of("rassvet", craft_of("apollo-csm").docking)
