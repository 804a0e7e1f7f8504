"""Repairs of tiny plans against every way there is: the fewest flights touched, and proof of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product

import pytest
from made_up_orbit import with_orbit
from tiny_station import at, docked, settings, tiny, vehicle

from crossflight.model import AnnouncedFlight, Commodity, Flight, Plan, Scenario
from crossflight.model.disruption import Disruption
from crossflight.planner import plan
from crossflight.planner.replan import (
    CREW,
    FLIGHTS,
    PEOPLE,
    SAFETY,
    STAGES,
    Proposal,
    Stock,
    Task,
    floors,
    repair,
)
from crossflight.planner.solve import Budget
from crossflight.resilience.disrupted import disrupted
from crossflight.resilience.repair import repair as planned_anew
from crossflight.rules import Walk, check
from crossflight.rules.measures import TERMS
from crossflight.times import Instant

X = vehicle("X", "A", docked_days_min=2, launch_interval_days_min=2, life_waiver_days=0)
N_DAYS = 24


def flight(number: int, launch: int, undock: int | None, port: str, people: tuple[str, str]) -> Flight:
    """A flight as the planning grain has it: docking and undocking at 06:00."""
    away = None if undock is None else at(undock, 6)
    home = None if undock is None else at(undock, 14)
    return Flight(
        f"X-{number}", "rotation", "X", f"X hull {number}", "X pad",
        at(launch, 12), at(launch + 1, 6), port, (), away, home, people, people,
    )  # fmt: skip


def station(**changes: object) -> tuple[Scenario, Plan]:
    """Four flights of one line, each relieving the last; hull 1 is docked when the scenario begins."""
    there = docked(X, -2, "port 1", ("A 1", "A 2"))
    scenario = tiny(N_DAYS, (X,), {"X": 5}, docked=(there,), segments=("A",), **changes)
    scenario = replace(
        scenario, rules=settings({"backup_crew": "off", "training": "off", "life_left": "off"})
    )
    flights = (
        replace(there.flight, undock_utc=at(6, 6), landing_utc=at(6, 14)),
        flight(2, 4, 11, "port 2", ("A 3", "A 4")),
        flight(3, 9, 17, "port 1", ("A 5", "A 6")),
        flight(4, 15, None, "port 2", ("A 7", "A 8")),
    )
    return scenario, Plan("tiny", "tiny", flights)


def tasks_of(scenario: Scenario, plan: Plan, slips: dict[str, int]) -> list[Task]:
    found = []
    for f in plan.flights:
        earliest = scenario.from_utc if f.name not in slips else f.launch_utc.plus_days(slips[f.name])
        found.append(Task(f, max(earliest.floor_day(), scenario.from_utc.floor_day())))
    return found


def budget() -> Budget:
    return Budget(120.0, 1, 1, time.monotonic())


def repaired(scenario: Scenario, plan: Plan, slips: dict[str, int]) -> Proposal:
    tasks = tasks_of(scenario, plan, slips)
    at_least = floors(scenario, [Task(f, scenario.from_utc) for f in plan.flights], budget())
    assert at_least
    return repair(scenario, tasks, at_least=at_least, budget=budget())


def value(found: Proposal, stage: str) -> float:
    return found.tiers[STAGES.index(stage)].value


def moved(f: Flight, launch: int, stay: int) -> Flight:
    """The flight with other days."""
    again = replace(
        f,
        launch_utc=f.launch_utc.plus_days(launch),
        dock_utc=f.dock_utc.plus_days(launch) if f.dock_utc else None,
    )
    if f.undock_utc is None or f.landing_utc is None:
        return again
    return replace(again, undock_utc=f.undock_utc.plus_days(stay), landing_utc=f.landing_utc.plus_days(stay))


def others(f: Flight, is_docked: bool, least: int) -> Iterator[Flight]:
    """Every way to fly it other than planned, some days either way."""
    ports = (f.port,) if is_docked else ("port 1", "port 2", "port 3")
    for launch, stay, port in product([0] if is_docked else range(least, 9), range(-8, 9), ports):
        if f.undock_utc is None and stay:
            continue
        yield replace(moved(f, launch, stay), port=port)


def worth(scenario: Scenario, flights: Sequence[Flight]) -> tuple[float, ...]:
    """What a repair keeps: days attended, operator N-1, seat N-1."""
    walk = Walk(scenario, Plan("tiny", "tiny", tuple(flights)))
    names = ("unattended_segment_days", "operator_n1_segment_days", "seat_n1_person_days")
    return tuple(TERMS[name](walk) for name in names)


def is_good(scenario: Scenario, flights: list[Flight], least: tuple[float, ...]) -> bool:
    for a, b in pairwise(flights):  # what the planner keeps beside the rules
        if b.launch_utc.days_since(a.launch_utc) < X.launch_interval_days_min:
            return False
    if any(f.launch_utc < scenario.from_utc and f.name != "X-1" for f in flights):
        return False
    if any(v.is_failure for v in check(scenario, Plan("tiny", "tiny", tuple(flights)))):
        return False
    return all(a <= b + 1e-6 for a, b in zip(worth(scenario, flights), least, strict=True))


def fewest_touched(scenario: Scenario, plan: Plan, slips: dict[str, int], most: int) -> int | None:
    """By trying everything: the fewest flights touched with the station attended as before."""
    names, least = [f.name for f in plan.flights], worth(scenario, plan.flights)
    for n in range(len(slips), most + 1):
        for touched in combinations(names, n):
            if not set(slips) <= set(touched):
                continue
            ways = [
                list(others(f, f.name == "X-1", slips.get(f.name, -8))) if f.name in touched else [f]
                for f in plan.flights
            ]
            if any(is_good(scenario, list(way), least) for way in product(*ways)):
                return n
    return None


def test_the_plan_itself_is_a_good_one() -> None:
    scenario, plan = station()
    assert not [v for v in check(scenario, plan) if v.is_failure]


def test_what_a_plan_has_as_it_stands_is_what_the_checker_measures() -> None:
    """Also where it is far from the least that a plan can have."""
    scenario, plan = station()
    worse = replace(plan, flights=plan.flights[:2])
    found = floors(scenario, tasks_of(scenario, worse, {}), budget())
    walk = Walk(scenario, worse)
    for stage, term in (
        (SAFETY[0], "unattended_segment_days"),
        (SAFETY[1], "operator_n1_segment_days"),
    ):
        assert found[stage] == pytest.approx(float(TERMS[term](walk)), abs=1.0)
    assert found[SAFETY[0]] > 5


def test_nothing_that_happened_moves_nothing() -> None:
    scenario, plan = station()
    found = repaired(scenario, plan, {})
    assert found.status == "optimal"
    assert found.order == (0,) * len(STAGES)
    assert found.flights == plan.flights


@pytest.mark.parametrize("slips", [{"X-3": 1}, {"X-4": 1}, {"X-2": 1}])
def test_fewest_flights_touched_by_trying_everything(slips: dict[str, int]) -> None:
    scenario, plan = station()
    found = repaired(scenario, plan, slips)
    assert found.status == "optimal"
    assert all(t.value == t.bound for t in found.tiers)
    assert value(found, PEOPLE) == 0
    is_as_safe = not any(found.order[:5])
    n = int(value(found, FLIGHTS))
    assert n <= 2
    assert fewest_touched(scenario, plan, slips, n) == (n if is_as_safe else None)
    for name, days in slips.items():
        before = next(f for f in plan.flights if f.name == name)
        after = next(f for f in found.flights if f.name == name)
        assert after.launch_utc.days_since(before.launch_utc) >= days


def test_somebody_barred_is_the_only_one_moved() -> None:
    scenario, plan = station()
    tasks = [replace(t, barred=frozenset({"A 5"})) for t in tasks_of(scenario, plan, {})]
    at_least = floors(scenario, tasks_of(scenario, plan, {}), budget())
    found = repair(scenario, tasks, at_least=at_least, budget=budget())
    assert (value(found, PEOPLE), value(found, FLIGHTS)) == (1, 0)
    assert found.n_open == {"X-3": {"A": 1}}
    assert next(f for f in found.flights if f.name == "X-3").crew_up == ("A 6",)


def test_a_crew_without_a_craft_is_fetched_as_soon_as_can_be() -> None:
    """X-2 goes up empty and takes over who came in X-1; nobody waits longer than until it can be there."""
    scenario, plan = station()
    tasks = tasks_of(scenario, plan, {})
    tasks[1] = replace(tasks[1], takes_over="X-1", earliest_utc=at(2))
    found = repair(
        scenario,
        tasks,
        at_least=floors(scenario, tasks_of(scenario, plan, {}), budget()),
        seatless=2,
        budget=budget(),
    )
    heir = next(f for f in found.flights if f.name == "X-2")
    assert (heir.kind, heir.crew_up, heir.launch_utc) == ("uncrewed", (), at(2, 12))
    assert value(found, STAGES[0]) == 2 * 3
    assert value(found, PEOPLE) == 2


def test_a_flight_in_need_does_not_wait_for_its_line() -> None:
    scenario, plan = station()
    slow = replace(
        scenario,
        vehicle_types=tuple(replace(v, launch_interval_days_min=5) for v in scenario.vehicle_types),
    )
    tasks = tasks_of(slow, plan, {})
    for takes_over, first in (("", 9), ("X-2", 6)):
        # X-2 goes up on day 4; X-3 may be sent from day 6 on.
        tasks[2] = replace(tasks[2], takes_over=takes_over, earliest_utc=at(6))
        found = repair(
            slow,
            tasks,
            at_least=floors(slow, tasks_of(slow, plan, {}), budget()),
            seatless=2 if takes_over else 0,
            budget=budget(),
        )
        assert next(f for f in found.flights if f.name == "X-3").launch_utc == at(first, 12)


def test_the_reserve_is_used_where_nothing_else_helps() -> None:
    """A stock has to last until day 20: each day that it is short is a day of the reserve, 15 at most."""
    scenario, plan = station()
    food = Commodity("food", 0.0, 1.0, 0.0, 45.0)
    setting = settings(None, {"consumables": {"leave_days": 30}})["consumables"]
    tasks = tasks_of(scenario, plan, {})

    def with_stock(kg: float) -> Proposal:
        eaten = replace(
            scenario,
            commodities=(replace(food, stock_kg=kg),),
            rules={**scenario.rules, "consumables": setting},
        )
        at_least = floors(eaten, tasks, budget())
        return repair(eaten, tasks, at_least=at_least, stocks=[Stock("food", at(20), 0.0)], budget=budget())

    def worth(found: Proposal) -> tuple[float, ...]:
        return found.order[: STAGES.index(SAFETY[3])]

    n_crew = sum(scenario.station.n_crew_nominal.values())
    plenty = worth(with_stock(10_000.0))
    short, enough = 0, 10_000
    while enough - short > 1:
        kg = (short + enough) // 2
        found = with_stock(kg)
        is_enough = worth(found) == plenty and value(found, SAFETY[3]) == 0
        short, enough = (short, kg) if is_enough else (kg, enough)
    for n_days in (1, 4, 15):
        found = with_stock(enough - n_days * n_crew)
        assert (worth(found), value(found, SAFETY[3])) == (plenty, n_days)
    assert worth(with_stock(enough - 16 * n_crew)) > plenty


def test_a_proposal_with_fewer_constraints_changes_no_value() -> None:
    scenario, plan = station()
    tasks = tasks_of(scenario, plan, {"X-3": 2})
    at_least = floors(scenario, tasks_of(scenario, plan, {}), budget())
    part = repair(scenario, tasks, at_least=at_least, budget=budget())
    for barred in ("A 6", "A 7"):
        more = [replace(t, barred=frozenset({barred})) for t in tasks]
        alone = repair(scenario, more, at_least=at_least, budget=budget())
        after = repair(scenario, more, at_least=at_least, relaxed=part, budget=budget())
        assert (after.status, after.order) == ("optimal", alone.order)
        assert after.order > part.order


def test_only_what_beats_another_proposal_is_wanted() -> None:
    scenario, plan = station()
    tasks = tasks_of(scenario, plan, {"X-3": 2})
    at_least = floors(scenario, tasks_of(scenario, plan, {}), budget())
    found = repair(scenario, tasks, at_least=at_least, budget=budget())
    again = repair(scenario, tasks, at_least=at_least, beats=found.order, budget=budget())
    assert (again.status, again.flights) == ("worse", ())
    n = STAGES.index(FLIGHTS)
    one_more = (*found.order[:n], found.order[n] + 1)
    other = repair(scenario, tasks, at_least=at_least, beats=one_more, budget=budget())
    assert (other.status, other.order) == ("optimal", found.order)


# -- visitors --------------------------------------------------------------------------------


@pytest.mark.parametrize("first_hour", [1.0, 8.0, 14.0, 21.0])
@pytest.mark.parametrize("days", [1, 2, 3, 5])
def test_a_visit_that_slips_stays_as_long_as_announced_by_the_hours_of_its_new_days(
    first_hour: float, days: int
) -> None:
    x = replace(X, on_orbit_life_days=60, ascent_hours=5.2, return_hours=3.4, crew_patterns=({"A": 2},))
    called = AnnouncedFlight("X-visit", "visiting", "X", at(4), 1, docked_days=5.0, crew=("A 5",))
    scenario = tiny(
        N_DAYS,
        (x,),
        {"X": 3},
        docked=(docked(x, -3, "port 1", ("A 1", "A 2")),),
        announced=(called,),
        rules=settings({"launch_opportunity": "hard", "backup_crew": "off", "training": "off"}),
    )
    scenario = with_orbit(scenario, hours={"X": first_hour}, n_a_day=1)
    found = plan(scenario, time_limit_s=20, workers=1).plan
    assert found is not None
    slip = Disruption("slip", "X-visit", at(1), days=float(days))
    repaired = planned_anew(disrupted(scenario, found, [slip], at(1)))
    assert repaired.plan is not None, repaired.message
    visit = next(f for f in repaired.plan.flights if f.name == "X-visit")
    assert visit.dock_utc is not None
    assert visit.undock_utc is not None
    assert abs(visit.undock_utc.days_since(visit.dock_utc) - 5.0) <= 1.0
    before = next(f for f in found.flights if f.name == "X-visit").launch_utc
    assert days - 1 < visit.launch_utc.days_since(before) <= days + 3


# -- seats that nobody can fill --------------------------------------------------------------


@pytest.mark.parametrize("until", [at(11), None])
def test_a_flight_waits_for_its_crew_and_flies_with_a_seat_empty_only_for_good(until: Instant | None) -> None:
    """Nobody is left who has no seat: half a crew would be the smaller change, and nobody's plan."""
    scenario, flights = station()
    rules = settings(
        {"backup_crew": "off", "training": "off", "life_left": "off"}, {"ground_time": {"days_min": 540}}
    )
    named = {n for f in flights.flights for n in f.crew_up}
    scenario = replace(scenario, rules=rules, people=tuple(p for p in scenario.people if p.name in named))
    ill = Disruption("person-unavailable", "A 5", at(5), until)
    repaired = planned_anew(disrupted(scenario, flights, [ill], at(5)))
    assert repaired.plan is not None, repaired.message
    assert repaired.status == "optimal"
    if until is None:  # for good: then half a crew is better than none
        assert {f.name: set(f.crew_up) for f in repaired.plan.flights}["X-3"] == {"A 6"}
        assert {t.name: t.value for t in repaired.tiers}[CREW] > 0
        return
    crews = {f.name: len(f.crew_up) for f in repaired.plan.flights}
    assert crews == {"X-1": 2, "X-2": 2, "X-3": 2, "X-4": 2}
    third = next(f for f in repaired.plan.flights if f.name == "X-3")
    assert third.launch_utc >= at(11)
    assert set(third.crew_up) == {"A 5", "A 6"}


def test_a_craft_that_stays_longer_than_its_type_is_planned_to_may_do_so_once_it_is_docked() -> None:
    scenario, plan = station()
    kinds = tuple(replace(t, docked_days_max=6.0) for t in scenario.vehicle_types)
    found = repaired(replace(scenario, vehicle_types=kinds), plan, {})
    assert found.order == (0,) * len(STAGES)
