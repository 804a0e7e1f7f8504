"""Burns of least total delta-v: against root finding, against other burns, re-flown by another way."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from rendezvous_flights import flown_start
from scipy.optimize import root

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.dynamics.propagation import Burn, propagate
from crossflight.errors import InputError, LimitError
from crossflight.flight.apsides import perigee_height_m
from crossflight.flight.craft import craft_of
from crossflight.flight.rendezvous_gains import gains
from crossflight.flight.target_track import TargetTrack, flown, turned_rad
from crossflight.flight.transfer import (
    Problem,
    Slot,
    StateAim,
    Transfer,
    rtn_axes,
    solve,
)
from crossflight.times import Instant

REVOLUTION_S = 5560.0
AIM = (800.0, 0.0, 800.0, -3.0, 0.0, -3.0)


@cache
def problem(revs: tuple[float, ...] = (0.4, 0.8, 1.1, 1.4, 1.6), floor_m: float = 160_000.0) -> Problem:
    start, track, vehicle, docked = flown_start("MS-22")
    slots = tuple(Slot(f"burn {k}", start.utc.plus_s(r * REVOLUTION_S).us) for k, r in enumerate(revs))
    return Problem(
        track,
        ForceModel(),
        craft_of(vehicle).ballistic_m2_kg,
        start.utc.us,
        np.concatenate([start.r_gcrf_m, start.v_gcrf_m_s]),
        slots,
        StateAim(docked.plus_s(-1800).us, AIM),
        floor_m=floor_m,
    )


def first_guess(p: Problem) -> np.ndarray:
    guess = np.zeros((len(p.slots), 3))
    guess[:, 1] = 108.0 / len(p.slots)
    return guess


@cache
def solved() -> Transfer:
    return solve(problem(), first_guess(problem()), is_guess_rtn=True)


def test_the_track_is_the_propagated_station() -> None:
    p = problem()
    t = p.start_us + np.array([0, 777, 4321, 9000], np.int64) * 1_000_000
    first = p.track.states(p.track.from_utc.us)
    direct = propagate(p.track.model, p.track.from_utc.us, first, t, ballistic_m2_kg=p.track.ballistic_m2_kg)
    assert np.abs(p.track.states(t) - direct[0])[:, :3].max() < 0.02
    assert np.abs(p.track.states(t) - direct[0])[:, 3:].max() < 2e-5


def test_the_track_ends_where_it_ends() -> None:
    track = problem().track
    with pytest.raises(InputError, match="outside the target's track"):
        track.states(track.to_utc.plus_s(1).us)
    with pytest.raises(InputError, match="is empty"):
        TargetTrack.of_elements(_elements(), track.from_utc, track.from_utc)


def _elements():  # type: ignore[no-untyped-def]  # a test's shorthand
    from crossflight.app.validation.flown_launches import launches

    return next(x for x in launches() if x.flight.name == "MS-22").elements


def test_a_revolution_is_a_turn_of_the_radius() -> None:
    track = problem().track
    period = track.period_s(track.from_utc)
    t = track.from_utc.us + np.linspace(0, period * 1e6, 80).astype(np.int64)
    assert turned_rad(track.states(t))[-1] == pytest.approx(2 * np.pi, abs=2e-3)


def test_the_burns_flown_as_impulses_of_the_propagator_arrive() -> None:
    p, found = problem(), solved()
    burns = [
        Burn(Instant(s.at_us), tuple(rtn_axes(y) @ dv))
        for s, y, dv in zip(found.slots, found.before_gcrf, found.dv_gcrf_m_s, strict=True)
    ]
    end = propagate(
        p.model, p.start_us, p.start_gcrf, p.end.at_us, ballistic_m2_kg=p.ballistic_m2_kg, burns=burns
    )[0]
    relative = p.track.lvlh(p.end.at_us, end)[0]
    assert relative[:3] == pytest.approx(AIM[:3], abs=3.0)
    assert relative[3:] == pytest.approx(AIM[3:], abs=0.01)


def test_two_burns_are_what_root_finding_says() -> None:
    """With two burns nothing is left to choose: six numbers for six conditions."""
    p = problem((0.9, 1.5))
    found = solve(p, first_guess(p), is_guess_rtn=True)

    def miss(x: np.ndarray) -> np.ndarray:
        y, at = p.start_gcrf[None], p.start_us
        for k, slot in enumerate(p.slots):
            y = flown(p.model, p.ballistic_m2_kg, at, y, slot.at_us)
            y[:, 3:] += x[3 * k : 3 * k + 3]
            at = slot.at_us
        y = flown(p.model, p.ballistic_m2_kg, at, y, p.end.at_us)
        off = p.track.lvlh(p.end.at_us, y)[0] - AIM
        return off * np.repeat([1e-3, 1.0], 3)

    start = found.dv_gcrf_m_s.ravel() + np.array([2.0, -1.0, 0.5, 1.0, 2.0, -0.5])
    by_root = root(miss, start, method="hybr", options={"eps": 1e-6})
    assert by_root.success
    assert found.dv_gcrf_m_s.ravel() == pytest.approx(by_root.x, abs=0.02)


def test_no_other_burns_that_arrive_cost_less() -> None:
    """Burns moved at random and corrected back to the aim, in the full model: none is cheaper."""
    p, best = problem(), solved()
    rng = np.random.default_rng(5)
    for _ in range(6):
        moved = best.dv_gcrf_m_s + rng.normal(0, 3.0, best.dv_gcrf_m_s.shape)
        other = solve(p, moved, n_rounds_max=0)
        assert other.miss_m < 20
        assert other.dv_total_m_s > best.dv_total_m_s - 0.05


def test_raising_costs_what_hohmann_says() -> None:
    """Less than a transfer between the two radii less the speed still there at arrival is not possible."""
    found = solved()
    low = RADIUS_M + 223_700.0
    high = RADIUS_M + 416_700.0
    hohmann = np.sqrt(MU_M3_S2 / low) - np.sqrt(MU_M3_S2 / high)
    assert hohmann - 6.0 < found.dv_total_m_s < hohmann + 6.0


def test_the_perigee_stays_above_its_floor() -> None:
    """A craft a hundred seconds late has too much to catch up: it would dip, if it were let."""
    free = problem((0.4, 0.9, 1.2, 1.45), 0.0)
    behind = flown(free.model, 0.0, free.start_us, free.start_gcrf[None], free.start_us - 100_000_000)[0]
    late = replace(free, start_gcrf=behind)
    unbounded = solve(late, first_guess(late), is_guess_rtn=True)
    bounded = solve(replace(late, floor_m=170_000.0), first_guess(late), is_guess_rtn=True)
    assert unbounded.perigee_m.min() < 130_000.0
    assert bounded.perigee_m.min() > 169_500.0
    assert bounded.dv_total_m_s > unbounded.dv_total_m_s + 10.0


def test_a_burn_keeps_to_its_limit() -> None:
    p = problem()
    slots = (*p.slots[:-1], replace(p.slots[-1], limit_m_s=2.0))
    found = solve(replace(p, slots=slots), first_guess(p), is_guess_rtn=True)
    assert np.linalg.norm(found.dv_gcrf_m_s[-1]) < 2.1


def test_one_burn_cannot_do_it_and_says_so() -> None:
    p = problem((0.5,))
    with pytest.raises(LimitError, match="are still missing"):
        solve(p, first_guess(p), is_guess_rtn=True)


def test_gains_answer_a_deviation_as_the_full_model_wants() -> None:
    p, found = problem(), solved()
    gain = gains(p, found)[2]
    off = np.array([300.0, -200.0, 100.0, 0.2, -0.3, 0.1])
    burns = gain.burns(off[None])[0]

    def miss(dv: np.ndarray) -> float:
        y, at = (found.before_gcrf[2] + off)[None], p.slots[2].at_us
        for slot, burn in zip(p.slots[2:], dv, strict=True):
            y = flown(p.model, p.ballistic_m2_kg, at, y, slot.at_us)
            y[:, 3:] += burn
            at = slot.at_us
        y = flown(p.model, p.ballistic_m2_kg, at, y, p.end.at_us)
        return float(np.linalg.norm(p.track.lvlh(p.end.at_us, y)[0, :3] - AIM[:3]))

    assert miss(burns) < 0.02 * miss(found.dv_gcrf_m_s[2:])


def test_gains_find_the_burns_of_least_size_as_the_cone_programme_does() -> None:
    p, found = problem(), solved()
    gain = gains(p, found)[0]
    assert gain.burns(np.zeros((1, 6)))[0] == pytest.approx(found.dv_gcrf_m_s, abs=0.5)
    off = np.array([800.0, -2000.0, 500.0, 1.5, -1.0, 2.0])
    anew = solve(
        replace(p, start_us=p.slots[0].at_us, start_gcrf=found.before_gcrf[0] + off), gain.planned_m_s
    )
    size = np.linalg.norm(gain.burns(off[None])[0], axis=1).sum()
    assert size == pytest.approx(anew.dv_total_m_s, abs=1.0)
    assert abs(anew.dv_total_m_s - found.dv_total_m_s) > 1.0


def test_gains_of_the_last_burns_come_as_near_as_they_can() -> None:
    p, found = problem(), solved()
    burns = gains(p, found)[-1].burns(np.array([[100.0, 100.0, 100.0, 0.1, 0.1, 0.1]]))
    assert np.abs(burns[0] - found.dv_gcrf_m_s[-1:]).max() < 2.0


def test_perigee_is_that_of_the_orbit() -> None:
    perigee = RADIUS_M + 200_000.0
    axis = perigee / (1 - 0.01)
    speed = np.sqrt(MU_M3_S2 * (2 / perigee - 1 / axis))
    assert perigee_height_m(np.array([[perigee, 0, 0, 0, speed, 0]]))[0] == pytest.approx(200_000.0, abs=0.1)
