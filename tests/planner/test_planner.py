"""The planner: what its plans keep, what it says about them, and that it says it again."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from tiny_station import agreement, announced, at, docked, no_events, people, settings, tiny, vehicle

from crossflight.model import Closure, Craft, Eva, Flight, Pad, Plan, Scenario
from crossflight.planner import PlannerResult, plan
from crossflight.planner.constraints import BUILD, BY_CONSTRUCTION
from crossflight.rules import REGISTRY, check
from crossflight.rules.measures import TERMS
from crossflight.rules.walk import Walk
from crossflight.scenario import plan_text, read_scenario


def planned(scenario: Scenario, **options: float) -> PlannerResult:
    """A proven plan that the checker accepts."""
    result = plan(scenario, time_limit_s=20, workers=1, **options)  # type: ignore[arg-type]
    assert result.plan is not None, result.message
    assert [v for v in check(scenario, result.plan) if v.is_failure] == []
    assert result.status == "optimal"
    assert all(t.bound == pytest.approx(t.value) for t in result.objective)
    return result


def flights(scenario: Scenario) -> dict[str, Flight]:
    found = planned(scenario).plan
    assert found is not None
    return {f.name: f for f in found.flights}


X = vehicle("X", "A", docked_days_min=5)


def one_line(**changes: object) -> Scenario:
    """Twenty days, one type, one craft docked."""
    start = docked(X, -3, "port 1", ("A 1", "A 2"))
    return tiny(20, (X,), {"X": 5}, **{"docked": (start,), **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def usual() -> dict[str, Flight]:
    return flights(one_line())


# -- what is said about a plan --------------------------------------------------------------------


def test_the_same_seed_gives_the_same_plan() -> None:
    scenario = one_line()
    texts = {plan_text(p) for p in (plan(scenario, seed=3, workers=2).plan for _ in range(2)) if p}
    assert len(texts) == 1


@pytest.mark.parametrize("limit_s", [0.001, 0.05, 0.3])
def test_a_short_limit_never_makes_a_plan_optimal_without_proof(limit_s: float) -> None:
    scenario = read_scenario("commercial")
    result = plan(scenario, time_limit_s=limit_s, workers=1)
    assert result.status in ("optimal", "feasible", "unknown")
    assert all(t.bound <= t.value + 1e-9 for t in result.objective)
    if result.status == "optimal":
        assert result.gap == 0
    if result.plan is None:
        assert result.status == "unknown"
        assert result.message
    else:
        assert [v for v in check(scenario, result.plan) if v.is_failure] == []


def test_no_way_to_keep_the_rules_is_infeasible() -> None:
    result = plan(one_line(craft=(Craft("X hull 1", "X"),), announced=(announced(X, "X-2", 5, 1),)))
    assert (result.status, result.plan) == ("infeasible", None)
    assert "no solution" in result.message


def test_the_commercial_scenario_is_planned_and_proven() -> None:
    scenario = read_scenario("commercial")
    result = plan(scenario, time_limit_s=60, workers=2)
    assert result.plan is not None, result.message
    assert [v for v in check(scenario, result.plan) if v.is_failure] == []
    assert result.status == "optimal"
    walk = Walk(scenario, result.plan)
    for tier, found in zip(scenario.objective, result.objective, strict=True):
        assert tier.name == found.tier
        if "seat_n1_person_days" not in tier.terms:
            # Docking hours count as the next 06:00: the model is at most a day per docking off.
            measured = sum(w * TERMS[t](walk) for t, w in tier.terms.items())
            room = len(result.plan.flights) * sum(
                w * 4 for t, w in tier.terms.items() if t == "crew_shortfall_days"
            )
            assert measured == pytest.approx(found.value, abs=room + 1e-6)


def test_every_rule_is_built_or_kept_by_construction() -> None:
    built = {add.__module__.rsplit(".", 1)[1] for add in BUILD}
    assert built | set(BY_CONSTRUCTION) == {module.RULE.id for module in REGISTRY}
    assert built.isdisjoint(BY_CONSTRUCTION)


# -- times and places -----------------------------------------------------------------------------


def test_forbidden_launch_days_are_avoided(usual: dict[str, Flight]) -> None:
    day = round(usual["X-2"].launch_utc.days_since(at(0, 12)))
    found = flights(one_line(forbidden_days=no_events([day], "launch", "X")))
    assert at(day, 12) not in {f.launch_utc for f in found.values()}


@pytest.mark.parametrize("event", ["dock", "undock", "landing"])
def test_forbidden_days_of_other_events_are_avoided(usual: dict[str, Flight], event: str) -> None:
    first = usual["X-2"] if event == "dock" else usual["X-1"]
    moment = {"dock": first.dock_utc, "undock": first.undock_utc, "landing": first.landing_utc}[event]
    assert moment is not None
    day = int(moment.days_since(at(0)))
    found = flights(one_line(forbidden_days=no_events([day], event, "X")))
    times = [getattr(f, f"{event}_utc") for f in found.values()]
    assert all(not at(day) <= t < at(day + 1) for t in times if t is not None)


def test_a_pad_outage_is_waited_for_or_flown_before(usual: dict[str, Flight]) -> None:
    day = round(usual["X-2"].launch_utc.days_since(at(0, 12)))
    pad = Pad("X pad", "site", 3, (Closure(at(day - 1), at(day + 2), "out"),))
    found = flights(one_line(pads=(pad,)))
    assert all(not at(day - 1) <= f.launch_utc < at(day + 2) for f in found.values())


@pytest.mark.parametrize("what", ["closure", "spacewalk"])
def test_closed_ports_and_ports_of_a_spacewalk_are_free(what: str) -> None:
    scenario = one_line(ports=2)
    begin, end = at(8, 9), at(10, 15)
    if what == "closure":
        ports = tuple(
            replace(p, closures=(Closure(begin, end, "closed"),)) if p.name == "port 2" else p
            for p in scenario.station.ports
        )
        station = replace(scenario.station, ports=ports)
    else:
        station = replace(scenario.station, evas=(Eva("walk", begin, end, ("port 2",)),))
    for f in flights(replace(scenario, station=station)).values():
        if f.port == "port 2":
            assert f.dock_utc is not None
            assert f.dock_utc >= end or (f.undock_utc is not None and f.undock_utc <= begin)


def test_docked_craft_have_the_stated_life_left_at_the_end() -> None:
    life_left = 3.0
    scenario = replace(one_line(life_left_days=life_left), vehicle_types=(replace(X, price=1),))
    still = [f for f in flights(scenario).values() if f.undock_utc is None]
    assert still
    for f in still:
        assert 9.0 - scenario.to_utc.days_since(f.launch_utc) >= life_left


# -- craft ------------------------------------------------------------------------------------------


def test_a_capsule_rests_between_flights_and_flies_as_often_as_allowed() -> None:
    capsule = replace(X, is_reusable=True, turnaround_days=4.0)
    craft = (
        Craft("X hull 1", "X", n_flights_used=1, n_flights_allowed=2),
        Craft("X hull 2", "X"),
        Craft("X hull 3", "X", n_flights_used=5, n_flights_allowed=5),
    )
    found = flights(replace(one_line(craft=craft), vehicle_types=(capsule,)))
    assert len(found) >= 3
    per_hull: dict[str, list[Flight]] = {}
    for f in sorted(found.values(), key=lambda f: f.launch_utc):
        per_hull.setdefault(f.craft, []).append(f)
    assert "X hull 3" not in per_hull
    assert len(per_hull["X hull 1"]) <= 2
    for hull in per_hull.values():
        for a, b in pairwise(hull):
            assert a.landing_utc is not None
            assert b.launch_utc.days_since(a.landing_utc) >= 4.0


def test_a_craft_launches_when_it_is_ready() -> None:
    craft = (Craft("X hull 1", "X"), Craft("X hull 2", "X", ready_utc=at(9, 13)))
    assert flights(one_line(craft=craft))["X-2"].launch_utc == at(10, 12)


# -- people -----------------------------------------------------------------------------------------


def test_announced_crews_are_kept_and_completed() -> None:
    called = announced(X, "X-called", 6, 1, crew=("A 7",))
    found = flights(one_line(announced=(called,)))["X-called"]
    assert "A 7" in found.crew_up
    assert len(found.crew_up) == 2
    assert abs(found.launch_utc.days_since(at(6, 12))) <= 1


def test_people_rest_between_flights() -> None:
    rules = settings(values={"ground_time": {"days_min": 100}})
    scenario = one_line(rules=rules)
    landed = tuple(replace(p, landed_utc=at(-50)) if p.name in ("A 3", "A 4") else p for p in scenario.people)
    crews = [n for f in flights(replace(scenario, people=landed)).values() for n in f.crew_up]
    assert len(crews) == len(set(crews))
    assert not {"A 3", "A 4"} & set(crews)


def test_people_fly_only_while_they_are_available() -> None:
    away = (Closure(at(5), at(6), "leave"),)
    scenario = one_line()
    names = {f"A {i}" for i in range(3, 9)}
    crowd = tuple(replace(p, unavailable=away) if p.name in names else p for p in scenario.people)
    for f in flights(replace(scenario, people=crowd)).values():
        if f.name != "X-1" and names & set(f.crew_up):
            assert f.launch_utc >= at(6) or (f.landing_utc is not None and f.landing_utc <= at(5))


def test_every_launch_and_landing_has_a_commander_and_named_people_come_first() -> None:
    scenario = one_line()
    commanders = {"A 1", "A 9", "A 10", "A 11", "A 12", "A 13"}
    named = {"A 5", "A 9"}
    crowd = tuple(
        replace(p, commander_of=("X",) if p.name in commanders else (), is_unnamed=p.name not in named)
        for p in scenario.people
    )
    found = flights(replace(scenario, people=crowd))
    for f in found.values():
        assert commanders & set(f.crew_up)
        assert commanders & set(f.crew_down)
    flown = {n for f in found.values() for n in f.crew_up}
    assert named <= flown


def test_nobody_to_fly_is_never_called_infeasible() -> None:
    few = tuple(p for p in people() if p.name in ("A 1", "A 2", "B 1"))
    scenario = one_line(people=few, announced=(announced(X, "X-2", 5, 1),))
    result = plan(scenario, time_limit_s=10, workers=1)
    assert (result.status, result.plan) == ("unknown", None)
    assert "people" in result.message


# -- seats ------------------------------------------------------------------------------------------


def test_a_long_stay_keeps_a_crew_that_the_seats_alone_cannot() -> None:
    craft = replace(X, n_seats_nominal=3, crew_patterns=({"A": 2},), n_long_stays_max=1, docked_days_max=8.0)
    start = docked(craft, -3, "port 1", ("A 1", "A 2"))
    base = tiny(20, (craft,), {"X": 4}, docked=(start,), n_crew_nominal={"A": 3})
    found = planned(base).plan
    without = planned(replace(base, vehicle_types=(replace(craft, n_long_stays_max=0),))).plan
    assert found is not None
    assert without is not None
    assert found.seat_moves
    for move in found.seat_moves:
        by_name = {f.name: f for f in found.flights}
        assert move.person in by_name[move.from_flight].crew_up
        assert move.person in by_name[move.to_flight].crew_down
    assert _short(base, found) < _short(base, without)


def _short(scenario: Scenario, found: Plan) -> float:
    return TERMS["crew_shortfall_days"](Walk(scenario, found))


def test_seats_given_before_the_horizon_do_not_count_in_the_ledger() -> None:
    start = docked(X, -3, "port 1", ("A 1", "B 1"))
    scenario = one_line(docked=(start,), agreements=(agreement(("X", "A")),))
    result = planned(scenario)
    assert result.plan is not None
    measured = TERMS["ledger_imbalance"](Walk(scenario, result.plan))
    comfort = next(t for t in result.objective if t.tier == "comfort")
    handover = TERMS["handover_shortfall_days"](Walk(scenario, result.plan))
    assert comfort.value == pytest.approx(handover + 2 * measured)
