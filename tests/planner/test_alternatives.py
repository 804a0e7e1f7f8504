"""Alternatives: within the tolerance, legal, as different as they can be, the same for the same seed."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from enumeration import Choice, enumerate_plans
from test_enumeration import instance
from test_pins import one_line
from tiny_station import announced, vehicle

from crossflight.model import Pin, Plan, Scenario, Tier, TierResult, difference
from crossflight.planner import PlannerResult, Tolerance, Wanted, plan
from crossflight.planner.alternatives import MOVED_DAYS, limits
from crossflight.rules import check
from crossflight.scenario import plan_text

# A line with room: few flights, long lives, so that from any best plan two more differ by a week.
LONG = vehicle("X", "A", on_orbit_life_days=48, docked_days_min=5, launch_interval_days_min=9)


def roomy(**changes: object) -> Scenario:
    """Sixty days in which a flight may be a week or two earlier or later."""
    base = one_line(**changes)
    return replace(base, vehicle_types=(LONG,), to_utc=base.from_utc.plus_days(60))


def planned(scenario: Scenario, n: int, within: str, *pins: Pin, seed: int = 1) -> PlannerResult:
    is_percent = within.endswith("%")
    wanted = Wanted(n, Tolerance(float(within.rstrip("%")), is_percent))
    result = plan(scenario, time_limit_s=20, workers=1, seed=seed, pins=pins, wanted=wanted)
    assert result.plan is not None, result.message
    assert result.alternatives is not None
    return result


def n_different(a: Plan, b: Plan) -> int:
    """Crewed flights whose date, presence or seats differ."""
    found = difference(a, b)
    seats = {f.name: len(f.crew_up) for f in a.flights}
    moved = {c.flight for c in (*found.moved(MOVED_DAYS), *found.of("added", "dropped"))}
    return len(moved | {f.name for f in b.flights if seats.get(f.name, len(f.crew_up)) != len(f.crew_up)})


def test_three_plans_that_differ_and_are_legal_within_the_tolerance() -> None:
    scenario = roomy()
    result = planned(scenario, 3, "60%")
    assert result.alternatives is not None
    assert (len(result.alternatives.found), result.alternatives.message) == (2, "")
    assert result.plan is not None
    plans = [result.plan, *(a.plan for a in result.alternatives.found)]
    for i, a in enumerate(plans):
        assert [v for v in check(scenario, a) if v.is_failure] == []
        assert all(n_different(a, b) >= 1 for b in plans[:i])
    most = limits(scenario, result.objective, result.alternatives.wanted.within)
    for other in result.alternatives.found:
        assert all(t.value <= m + 1e-6 for t, m in zip(other.objective, most, strict=True))
        assert all(t.bound <= t.value for t in other.objective)


def test_the_same_seed_gives_the_same_alternatives() -> None:
    texts = set()
    for _ in range(2):
        found = planned(roomy(), 3, "60%", seed=4).alternatives
        assert found is not None
        texts.add("".join(plan_text(a.plan) for a in found.found))
    assert len(texts) == 1


@pytest.mark.parametrize(("stage", "n_found"), [("alternative 2", 0), ("alternative 3", 1)])
def test_an_interrupt_keeps_what_is_there(stage: str, n_found: int) -> None:
    def progress(now: str, *_: object) -> None:
        if now == stage and threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt

    wanted = Wanted(3, Tolerance(60, True))
    result = plan(roomy(), time_limit_s=20, workers=1, wanted=wanted, progress=progress)
    assert result.plan is not None
    assert result.is_interrupted
    assert result.alternatives is not None
    assert (len(result.alternatives.found), result.alternatives.message) == (n_found, "interrupted")


def test_pins_are_kept_in_every_alternative() -> None:
    scenario = roomy()
    first = plan(scenario, time_limit_s=20, workers=1).plan
    assert first is not None
    pin = Pin(next(f for f in first.flights if f.name == "X-2"), "launch_utc")
    found = planned(scenario, 3, "400%", pin).alternatives
    assert found is not None
    assert found.found
    for a in found.found:
        assert pin.is_kept_by(next(f for f in a.plan.flights if f.name == "X-2"))


def test_where_everything_is_pinned_it_is_proven_that_there_are_no_more() -> None:
    scenario = one_line(announced=(announced(vehicle("X", "A"), "X-2", 5, 0),))
    scenario = replace(scenario, vehicle_types=(replace(scenario.vehicle_types[0], plan_line=False),))
    found = planned(scenario, 3, "500%").alternatives
    assert found is not None
    assert found.found == []
    assert "proven" in found.message


@pytest.mark.parametrize(
    ("seed", "within"),
    [(1, "80%"), (4, "300%"), (9, "80%"), (12, "300%"), (15, "20%"), (17, "80%"), (20, "60")],
)
def test_no_plan_within_the_tolerance_differs_more(seed: int, within: str) -> None:
    scenario = instance(seed)
    result = planned(scenario, 2, within)
    assert result.plan is not None
    assert result.alternatives is not None
    best = result.plan
    most = limits(scenario, result.objective, result.alternatives.wanted.within)
    n_found = max((_count(scenario, best, a.plan) for a in result.alternatives.found), default=0)
    more = enumerate_plans(scenario, 0, is_wanted=lambda row: _of_row(scenario, best, row) > n_found)
    if more.optimum is not None:
        assert any(v > m + 1e-6 for v, m in zip(more.optimum, most, strict=True))
    assert (n_found > 0) == (seed != 1)
    if n_found:
        same = enumerate_plans(scenario, 0, is_wanted=lambda row: _of_row(scenario, best, row) == n_found)
        assert same.optimum is not None
        assert all(v <= m + 1e-6 for v, m in zip(same.optimum, most, strict=True))


def _shape(scenario: Scenario, found: Plan) -> dict[tuple[str, int], tuple[float, dict[str, int]]]:
    """Per type and place in launch order of flights not docked at the start: launch day, seats by partner."""
    start = {d.flight.name for d in scenario.docked}
    partner = {p.name: scenario.partner_of_agency(p.agency) for p in scenario.people}
    shape = {}
    for kind in {f.vehicle_type for f in found.flights}:
        flights = [f for f in found.flights if f.vehicle_type == kind and f.name not in start]
        for k, f in enumerate(sorted(flights, key=lambda f: f.launch_utc)):
            seats: dict[str, int] = {}
            for n in f.crew_up:
                seats[str(partner[n])] = seats.get(str(partner[n]), 0) + 1
            shape[kind, k] = (f.launch_utc.days_since(scenario.from_utc.floor_day()) // 1, seats)
    return shape


def _count(scenario: Scenario, a: Plan, b: Plan) -> int:
    return _differences(_shape(scenario, a), _shape(scenario, b))


def _of_row(scenario: Scenario, best: Plan, row: tuple[Choice, ...]) -> int:
    shape = {}
    for kind in {c.vehicle.name for c in row}:
        line = [c for c in row if c.vehicle.name == kind and c.origin != "docked"]
        for k, c in enumerate(sorted(line, key=lambda c: c.launch)):
            shape[kind, k] = (float(c.launch), {p: n for p, n in c.crew if n})
    return _differences(_shape(scenario, best), shape)


def _differences(
    a: dict[tuple[str, int], tuple[float, dict[str, int]]],
    b: dict[tuple[str, int], tuple[float, dict[str, int]]],
) -> int:
    """What the planner counts first: flights only one has, dates more than a week apart, other seats."""
    n = len(set(a) ^ set(b))
    for key in set(a) & set(b):
        n += abs(a[key][0] - b[key][0]) > MOVED_DAYS
        n += a[key][1] != b[key][1]
    return n


def test_limits_hold_safety_and_leave_what_follows_the_price_open() -> None:
    tiers = (
        Tier("waivers", {"waiver_price": 1}),
        Tier("cover", {"unattended_segment_days": 1}),
        Tier("announced", {"days_moved": 1}),
        Tier("price", {"flight_price": 1}),
        Tier("comfort", {"handover_shortfall_days": 1}),
    )
    scenario = replace(one_line(), objective=tiers)
    best = [TierResult(t.name, v, v) for t, v in zip(tiers, (5.0, 7.0, 40.0, -200.0, 3.0), strict=True)]
    inf = float("inf")
    assert limits(scenario, best, Tolerance(5, True)) == [5, 7, 42, -190, inf]
    assert limits(scenario, best, Tolerance(30, False)) == [5, 7, 40, -170, inf]
    unpriced = replace(scenario, objective=tiers[:3])
    assert limits(unpriced, best[:3], Tolerance(5, True)) == [5, 7, 42]
