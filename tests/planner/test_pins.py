"""Pins: kept to the second, never at the cost of a rule, and the best plan that keeps them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from enumeration import Choice, enumerate_plans, measured
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st
from test_enumeration import busier, instance, with_cargo
from tiny_station import announced, at, docked, people, settings, tiny, vehicle

from crossflight.model import Closure, Craft, Flight, Pin, Plan, Scenario
from crossflight.planner import PlannerResult, plan
from crossflight.planner.conflict import shrunk
from crossflight.rules import check

X = vehicle("X", "A", docked_days_min=5)


def one_line(**changes: object) -> Scenario:
    """Twenty days, one type, one craft docked."""
    start = docked(X, -3, "port 1", ("A 1", "A 2"))
    return tiny(20, (X,), {"X": 5}, **{"docked": (start,), **changes})  # type: ignore[arg-type]


def flight(name: str, **changes: object) -> Flight:
    """A flight of X as somebody may write it into a plan."""
    launch, kind = at(5, 12), "rotation"
    base = Flight(name, kind, "X", "X hull 2", "X pad", launch, launch.plus_s(18 * 3600), "port 1")  # type: ignore[arg-type]  # a FlightKind
    return replace(base, **changes)  # type: ignore[arg-type]  # fields by name


def pin(name: str, what: str, **changes: object) -> Pin:
    return Pin(flight(name, **changes), what)


def kept(scenario: Scenario, *pins: Pin) -> PlannerResult:
    """A plan that keeps the pins, proven, and that the checker accepts."""
    result = plan(scenario, time_limit_s=20, workers=1, pins=pins)
    assert result.plan is not None, (result.message, result.conflict)
    assert [v for v in check(scenario, result.plan) if v.is_failure] == []
    assert result.status == "optimal"
    by_name = {f.name: f for f in result.plan.flights}
    assert [str(p) for p in pins if not p.is_kept_by(by_name.get(p.flight.name))] == []
    return result


def lost(scenario: Scenario, *pins: Pin) -> tuple[list[str], tuple[str, ...]]:
    """The pins said to be in conflict and the rules they break."""
    result = plan(scenario, time_limit_s=20, workers=1, pins=pins)
    assert (result.status, result.plan) == ("infeasible", None)
    assert result.conflict is not None
    assert result.conflict.is_minimal
    return [str(p) for p in result.conflict.pins], result.conflict.rules


# -- each kind of pin ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "launch", [at(4, 9.5).plus_s(7), at(5, 0), at(3, 23.9), at(4, 12).plus_s(0.25)], ids=str
)
def test_a_launch_is_kept_to_the_second(launch: object) -> None:
    kept(one_line(), pin("X-2", "launch_utc", launch_utc=launch))


@pytest.mark.parametrize("undock", [at(10, 6), at(10, 14.25), at(10, 3.5).plus_s(1), at(11, 0)], ids=str)
def test_an_undocking_is_kept_to_the_second(undock: object) -> None:
    kept(one_line(), pin("X-2", "undock_utc", undock_utc=undock))


def test_the_undocking_of_a_docked_flight_is_kept() -> None:
    start = one_line().docked[0].flight
    kept(one_line(), Pin(replace(start, undock_utc=at(4, 17)), "undock_utc"))


def test_port_craft_and_people_are_kept() -> None:
    crew = ("A 7", "A 11")
    pins = (
        pin("X-2", "port", port="port 3"),
        pin("X-2", "crew_up", crew_up=crew),
        pin("X-3", "craft", craft="X hull 5"),
        pin("X-3", "A 9", crew_up=("A 9",)),
    )
    found = kept(one_line(), *pins).plan
    assert found is not None
    crafts = [f.craft for f in found.flights]
    assert len(crafts) == len(set(crafts))


def test_the_next_docking_waits_for_a_late_undocking_at_the_same_port() -> None:
    scenario = one_line(ports=2)
    undock = at(10, 22)
    found = kept(
        scenario, pin("X-2", "undock_utc", undock_utc=undock), pin("X-2", "port", port="port 2")
    ).plan
    assert found is not None
    at_port = [f for f in found.flights if f.port == "port 2" and f.name != "X-2" and f.launch_utc > at(8)]
    assert all(f.dock_utc is not None and f.dock_utc >= undock.plus_days(0.5) for f in at_port)


def test_a_pinned_flight_is_there_though_nothing_else_asks_for_it() -> None:
    dear = replace(X, price=1000)
    without = plan(replace(one_line(), vehicle_types=(dear,)), time_limit_s=20, workers=1).plan
    assert without is not None
    assert len(without.flights) == 1
    found = kept(replace(one_line(), vehicle_types=(dear,)), pin("X-3", "port", port="port 2")).plan
    assert found is not None
    assert [f.name for f in found.flights] == ["X-1", "X-2", "X-3"]


def test_a_cargo_flight_is_kept() -> None:
    scenario = with_cargo(1)
    first = plan(scenario, time_limit_s=20, workers=1).plan
    assert first is not None
    cargo = next(f for f in first.flights if f.vehicle_type == "C")
    kept(scenario, Pin(cargo, "launch_utc"), Pin(cargo, "port"), Pin(cargo, "craft"))


def test_everything_pinned_gives_the_same_plan_again() -> None:
    first = kept(one_line()).plan
    assert first is not None
    pins = [
        Pin(f, what)
        for f in first.flights
        for what in ("launch_utc", "undock_utc", "craft", "pad", "port", "crew_up")
        if getattr(f, what) and (f.name != "X-1" or what == "undock_utc")
    ]
    again = kept(one_line(), *pins).plan
    assert again is not None
    assert sorted(again.flights, key=lambda f: f.name) == sorted(first.flights, key=lambda f: f.name)


# -- the best plan that keeps them --------------------------------------------------------------


def _pins_of(rng: random.Random, found: Plan) -> list[Pin]:
    """One to three pins of days, near where a plan has them."""
    pins: list[Pin] = []
    flying = [f for f in found.flights if f.undock_utc is not None]
    for f in rng.sample(flying, min(len(flying), rng.randint(1, 3))):
        assert f.undock_utc is not None
        if f.name.endswith("-1") or rng.random() < 0.4:
            moved = f.undock_utc.plus_days(rng.choice([-2, -1, 0, 1]))
            pins.append(Pin(replace(f, undock_utc=moved), "undock_utc"))
        else:
            moved = f.launch_utc.plus_days(rng.choice([-2, -1, 1, 2]))
            pins.append(Pin(replace(f, launch_utc=moved), "launch_utc"))
    return [
        p for p in pins if p.flight.launch_utc < (p.flight.undock_utc or p.flight.launch_utc.plus_days(1))
    ]


def _name_of(scenario: Scenario, choice: Choice) -> str:
    """An added flight's working name in the enumeration as the planner calls it."""
    if choice.origin != "added":
        return choice.name
    number = int(choice.name.rsplit(" ", 1)[1])
    known = {d.flight.name for d in scenario.docked} | {a.name for a in scenario.announced}
    names = choice.vehicle.flight_names(known)
    return [next(names) for _ in range(number)][-1]


def _keeps(scenario: Scenario, pins: Sequence[Pin], row: tuple[Choice, ...]) -> bool:
    by_name = {_name_of(scenario, c): c for c in row}
    for p in pins:
        c = by_name.get(p.flight.name)
        if c is None:
            return False
        if p.what == "launch_utc" and at(c.launch, 12) != p.value:
            return False
        if p.what == "undock_utc" and (at(c.undock, 6) != p.value or c.undock == _n_days(scenario)):
            return False
    return True


def _n_days(scenario: Scenario) -> int:
    return int(scenario.to_utc.days_since(scenario.from_utc))


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 7, 8, 9, 11, 12, 15, 16, 17, 19, 20, 22])
def test_the_plan_is_the_best_that_keeps_the_pins(seed: int) -> None:
    scenario = (instance if seed % 2 else busier)(seed)
    free = plan(scenario, time_limit_s=20, workers=1).plan
    assert free is not None
    pins = _pins_of(random.Random(seed), free)
    truth = enumerate_plans(scenario, 0, is_wanted=lambda row: _keeps(scenario, pins, row))
    if truth.optimum is None:
        named, _ = lost(scenario, *pins)
        assert named
    else:
        found = kept(scenario, *pins)
        assert found.plan is not None
        assert measured(scenario, found.plan) == pytest.approx(truth.optimum)


# -- pins that cannot be kept -------------------------------------------------------------------


def test_a_date_outside_an_announced_window_is_told_with_its_rule() -> None:
    scenario = one_line(announced=(announced(X, "X-called", 5, 1),))
    wrong = pin("X-called", "launch_utc", launch_utc=at(3, 12))
    assert lost(scenario, wrong, pin("X-called", "port", port="port 2")) == (
        [str(wrong)],
        ("announced_flight",),
    )


def test_where_announcements_are_only_wishes_a_pin_moves_one() -> None:
    rules = settings({"announced_flight": "soft"})
    scenario = one_line(announced=(announced(X, "X-called", 5, 1),), rules=rules)
    result = kept(scenario, pin("X-called", "launch_utc", launch_utc=at(3, 12)))
    assert next(t.value for t in result.objective if t.tier == "announced") == 2


def test_two_pins_that_exclude_each_other_are_both_named_and_no_third() -> None:
    port = {"port": "port 2"}
    clash = (
        pin("X-2", "launch_utc", launch_utc=at(4, 12)),
        pin("X-3", "launch_utc", launch_utc=at(6, 12)),
    )
    others = (pin("X-2", "port", **port), pin("X-3", "A 9", crew_up=("A 9",)))
    named, _ = lost(one_line(), others[0], clash[0], others[1], clash[1])
    assert named == [str(p) for p in clash]


def test_a_life_too_short_is_told() -> None:
    stay = Pin(replace(one_line().docked[0].flight, undock_utc=at(12, 6)), "undock_utc")
    assert lost(one_line(), stay) == ([str(stay)], ("on_orbit_life",))


@pytest.mark.parametrize("what", ["busy", "resting", "away", "unqualified", "visitor"])
def test_somebody_who_cannot_fly_is_told(what: str) -> None:
    crowd = list(people())
    changes = {
        "busy": {},
        "resting": {"landed_utc": at(-1)},
        "away": {"unavailable": (Closure(at(0), at(30), "leave"),)},
        "unqualified": {"qualifications": ()},
        "visitor": {"is_visitor": True},
    }[what]
    name = "A 1" if what == "busy" else "A 7"  # A 1 is aboard X-1 and comes home on day 6 at the latest
    i = next(i for i, p in enumerate(crowd) if p.name == name)
    crowd[i] = replace(crowd[i], **changes)  # type: ignore[arg-type]  # fields by name
    rules = settings(values={"ground_time": {"days_min": 40}})
    scenario = one_line(people=tuple(crowd), rules=rules, segments=("A",))
    wrong = pin("X-2", name, crew_up=(name, "A 9"))
    assert lost(scenario, wrong, pin("X-2", "port", port="port 2"))[0] == [str(wrong)]


def test_a_crew_without_a_commander_is_told() -> None:
    crowd = tuple(replace(p, commander_of=() if p.name in ("A 7", "A 9") else ("X",)) for p in people(False))
    crew = pin("X-2", "crew_up", crew_up=("A 7", "A 9"))
    assert lost(one_line(people=crowd), crew)[0] == [str(crew)]


def test_people_whom_other_seats_leave_no_way_are_named_without_a_proof() -> None:
    rules = settings(values={"career_dose": {"msv_per_day": 10, "msv_max": 600}})
    wrong = pin("X-2", "A 7", crew_up=("A 7", "A 9"))
    scenario = one_line(rules=rules)
    crowd = tuple(replace(p, dose_msv=599) if p.name == "A 7" else p for p in scenario.people)
    pins = (pin("X-2", "port", port="port 2"), wrong)
    result = plan(replace(scenario, people=crowd), time_limit_s=20, workers=1, pins=pins)
    assert (result.status, result.plan) == ("unknown", None)
    assert result.conflict is not None
    assert (result.conflict.pins, result.conflict.is_proven, result.conflict.is_minimal) == (
        (wrong,),
        False,
        True,
    )


def test_a_cargo_pin_that_cannot_be_kept_is_named() -> None:
    scenario = with_cargo(1)
    first = plan(scenario, time_limit_s=20, workers=1).plan
    assert first is not None
    cargo = [f for f in first.flights if f.vehicle_type == "C"][-1]
    moved = replace(
        cargo, undock_utc=(cargo.dock_utc or cargo.launch_utc).plus_days(0.3)
    )  # it stays 2 d at least
    pins = (Pin(cargo, "port"), Pin(cargo, "launch_utc"), Pin(moved, "undock_utc"))
    result = plan(scenario, time_limit_s=20, workers=1, pins=pins)
    assert (result.status, result.plan) == ("unknown", None)
    assert result.conflict is not None
    assert result.conflict.pins == pins[2:]
    assert not result.conflict.is_proven


def test_one_expendable_craft_does_not_fly_twice() -> None:
    twice = [pin(name, "craft", craft="X hull 4") for name in ("X-2", "X-3")]
    assert lost(one_line(), *twice)[0] == [str(p) for p in twice]


def test_a_craft_that_is_not_ready_is_told() -> None:
    craft = (*one_line().craft[:4], Craft("X hull 5", "X", ready_utc=at(9)))
    pins = (pin("X-2", "craft", craft="X hull 5"), pin("X-2", "launch_utc", launch_utc=at(5, 12)))
    named, rules = lost(one_line(craft=craft), *pins)
    assert named == [str(p) for p in pins]
    assert rules == ("capsule",)


def test_without_any_plan_no_pin_is_blamed() -> None:
    scenario = one_line(craft=(Craft("X hull 1", "X"),), announced=(announced(X, "X-2", 5, 1),))
    result = plan(scenario, time_limit_s=20, workers=1, pins=(pin("X-2", "port", port="port 2"),))
    assert (result.status, result.conflict) == ("infeasible", None)


@given(n=st.integers(1, 12), culprits=st.sets(st.integers(0, 11), min_size=1, max_size=4))
@tried(max_examples=200)
def test_what_is_left_of_pins_is_exactly_the_culprits(n: int, culprits: set[int]) -> None:
    n = max(n, max(culprits) + 1)
    pins = tuple(pin(f"X-{i}", "port") for i in range(n))
    guilty = {pins[i] for i in culprits}
    tries: list[int] = []

    def is_impossible(some: Sequence[Pin]) -> bool:
        tries.append(len(some))
        return guilty <= set(some)

    assert set(shrunk(pins, is_impossible)) == guilty
    assert len(tries) <= 4 * n + 8
