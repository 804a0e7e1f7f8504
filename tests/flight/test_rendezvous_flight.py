"""Plans flown with finite burns, errors of navigation and engines, and burns that do not happen."""

from __future__ import annotations

import numpy as np
import pytest
from rendezvous_flights import flown_plan, flown_start

from crossflight.flight.ascent import ascent_of
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import craft_of
from crossflight.flight.flight_phases import fly_phases
from crossflight.flight.rendezvous import plan_rendezvous
from crossflight.flight.rendezvous_flight import ARRIVED, MISSED, fly_rendezvous
from crossflight.flight.safety import drift_after_burns
from crossflight.flight.simulate import ARRIVAL, MISSED_BURN, RendezvousExit, RendezvousPhase
from crossflight.flight.target_track import TargetTrack
from crossflight.model.trajectory import CraftState


@pytest.mark.parametrize(("name", "profile"), [("MS-22", "2-orbit"), ("Crew-1", "18-orbit")])
def test_finite_burns_arrive_for_what_the_plan_says(name: str, profile: str) -> None:
    plan = flown_plan(name, profile)
    flight = fly_rendezvous(plan)
    assert flight.outcome == ARRIVED
    assert flight.miss_m is not None
    assert flight.miss_m_s is not None
    assert flight.miss_m < 50.0
    assert flight.miss_m_s < 0.05
    assert flight.dv_total_m_s == pytest.approx(plan.dv_total_m_s, abs=2.0)
    masses = [s.mass_kg for s in flight.states]
    assert np.all(np.diff(masses) <= 0)
    assert plan.start.mass_kg - masses[-1] == pytest.approx(sum(b.propellant_kg for b in flight.burns))
    assert flight.min_perigee_m > 160_000.0


def test_what_a_long_burn_displaces_is_aimed_off_before_it() -> None:
    """Boost and close take seven minutes each; nothing is left of that for the trim to mend."""
    flight = fly_rendezvous(flown_plan("Crew-1", "18-orbit"))
    assert max(b.duration_s for b in flight.burns) > 400
    trim = [b for b in flight.burns if b.name == "out-of-plane"]
    assert sum(b.dv_m_s for b in trim) < 0.6
    station = flown_start("Crew-1")[1]
    for state in flight.states[1:-1]:
        track = TargetTrack.of(state_at(station, state), state.utc.plus_days(1.1))
        verdict = drift_after_burns([state], track, craft_of("crew-dragon"))
        assert verdict.is_ok, verdict.detail


def test_a_craft_that_would_drift_into_the_ellipsoid_is_found_out() -> None:
    station = flown_start("Crew-1")[1]
    at = station.from_utc
    y = station.gcrf(at.us, np.array([[-7000.0, 0.0, 200.0, 0.33, 0.0, 0.0]]))[0]
    track = TargetTrack.of(CraftState(at, *np.split(station.states(at.us)[0], 2), 4e5), at.plus_days(1.1))
    verdict = drift_after_burns([CraftState(at, y[:3], y[3:], 12_000.0)], track, craft_of("crew-dragon"))
    assert not verdict.is_ok
    assert "1 of 1 burns" in verdict.detail


def state_at(track: TargetTrack, like: CraftState) -> CraftState:
    return CraftState(like.utc, *np.split(track.states(like.utc.us)[0], 2), 459_692.0)


def test_burns_are_as_long_as_thrust_and_mass_make_them() -> None:
    flight = fly_rendezvous(flown_plan("MS-22", "2-orbit"))
    first = flight.burns[0]
    craft = craft_of("soyuz-ms")
    assert first.duration_s == pytest.approx(first.dv_m_s * craft.mass_kg / craft.main.thrust_n, rel=0.02)


def test_errors_are_taken_out_by_the_burns_that_follow() -> None:
    plan = flown_plan("MS-22", "2-orbit")
    rng = np.random.default_rng(7)
    start = CraftState(
        plan.start.utc,
        plan.start.r_gcrf_m + rng.normal(0, 1000, 3),
        plan.start.v_gcrf_m_s + rng.normal(0, 1.0, 3),
        plan.start.mass_kg,
    )

    def navigation(state: CraftState) -> CraftState:
        r, v = rng.normal(0, 20, 3), rng.normal(0, 0.02, 3)
        return CraftState(state.utc, state.r_gcrf_m + r, state.v_gcrf_m_s + v, state.mass_kg)

    def execution(name: str, dv: np.ndarray) -> np.ndarray:
        return dv * (1 + rng.normal(0, 0.003)) + rng.normal(0, 0.002, 3) * np.linalg.norm(dv)

    flight = fly_rendezvous(plan, start=start, navigation=navigation, execution=execution)
    assert flight.miss_m is not None
    assert flight.miss_m < 250.0
    assert flight.dv_total_m_s < plan.dv_total_m_s + 8.0
    open_loop = fly_rendezvous(plan, start=start, execution=execution, n_loaded=len(plan.burns))
    assert open_loop.miss_m is not None
    assert open_loop.miss_m > 20 * flight.miss_m


def test_loaded_burns_are_flown_as_planned() -> None:
    plan = flown_plan("MS-22", "2-orbit")
    start = CraftState(
        plan.start.utc,
        plan.start.r_gcrf_m,
        plan.start.v_gcrf_m_s + np.array([0.5, -0.5, 0.5]),
        plan.start.mass_kg,
    )
    flight = fly_rendezvous(plan, start=start, n_loaded=2)
    for planned, flown in zip(plan.burns[:2], flight.burns[:2], strict=True):
        assert flown.dv_m_s == pytest.approx(planned.dv_m_s)
    assert flight.burns[2].dv_m_s != pytest.approx(plan.burns[2].dv_m_s, abs=0.1)
    assert flight.miss_m is not None
    assert flight.miss_m < 50.0


def test_a_missed_burn_ends_the_profile_and_the_long_one_goes_on_from_there() -> None:
    plan = flown_plan("MS-22", "2-orbit")
    flight = fly_rendezvous(plan, missed={"burn 2"})
    assert flight.outcome == MISSED
    assert [b.name for b in flight.burns] == ["burn 1"]
    assert flight.events[-1].note == "burn 2"
    assert flight.miss_m is None
    here = flight.states[-1]
    assert here.utc == plan.burns[1].utc
    _, track, vehicle, docked = flown_start("MS-22")
    first = track.states(track.from_utc.us)[0]
    long_track = TargetTrack.of(
        CraftState(track.from_utc, first[:3], first[3:], 459_692.0), docked.plus_s(50 * 3600)
    )
    fallback = plan_rendezvous(here, long_track, craft_of(vehicle), "34-orbit", docked.plus_s(46 * 3600))
    assert fallback.miss_m < 2.0
    assert fallback.dv_total_m_s < 140.0
    assert fallback.min_perigee_m > 160_000.0


def test_a_dragon_without_its_transfer_goes_on_with_the_burns_left_clear_of_the_station() -> None:
    """The transfer is two metres a second: the burns after it make that good."""
    start, station, vehicle, docked = flown_start("Crew-1")
    first = CraftState(station.from_utc, *np.split(station.states(station.from_utc.us)[0], 2), 459_692.0)
    track = TargetTrack.of(first, docked.plus_days(2.5))
    craft = craft_of(vehicle)
    ascent = ascent_of("crew-dragon", "droneship")
    arrival = docked.plus_s(-scheme_named(craft.docking, "18-orbit").arrival_before_docking_s)
    phase = RendezvousPhase(
        craft, ascent, track, station.from_utc, "18-orbit", arrival, missed=("transfer",)
    )  # fmt: skip
    one, other = fly_phases([phase], start)
    assert (one.exit.name, other.exit.name) == (MISSED_BURN, ARRIVAL)
    assert isinstance(other.exit, RendezvousExit)
    assert other.exit.plan.profile == "18-orbit"
    assert other.exit.state.utc == arrival
    names = [b.name for x in (one, other) for b in x.exit.burns]
    assert len(set(names)) == len(names)
    assert next(b.note for b in one.exit.burns if b.name == "transfer") == "missed"
    verdict = drift_after_burns(other.exit.result.states[1:-1], track, craft)
    assert verdict.is_ok, verdict.detail
