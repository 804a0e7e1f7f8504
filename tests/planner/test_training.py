"""The people and training stages: their crews are trained, and they give up only where nobody could."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from tiny_station import PARTNERS, announced, at, docked, settings, tiny, vehicle

from crossflight.model import (
    Centre,
    Closure,
    Course,
    Flight,
    Person,
    Plan,
    Qualification,
    Scenario,
    Trained,
    TrainingSlot,
)
from crossflight.planner import plan
from crossflight.planner.people import CrewFlight, Crews
from crossflight.planner.readiness import capacity_by_day
from crossflight.planner.seating import crews_of
from crossflight.planner.solve import Budget
from crossflight.planner.training import Schedule, Training
from crossflight.rules import Walk, check, training

RULES = {"training", "backup_crew", "ground_time", "availability", "one_place", "crew_qualification"}
X = vehicle("X", "A", has_backup_crew=False)
VALUES = {
    "training": {"days_before_launch": 1, "days_after_landing": 1},
    "ground_time": {"days_min": 4},
}


def person(name: str, **changes: object) -> Person:
    return replace(Person(name, "A", (Qualification("A"),), ("X",), is_unnamed=True), **changes)


def scenario(
    people: tuple[Person, ...], courses: tuple[Course, ...], n_days: int = 30, **changes: object
) -> Scenario:
    return tiny(
        n_days,
        changes.pop("vehicle_types", (X,)),
        {"X": 9},
        people=people,
        segments=PARTNERS,
        centres=(Centre("centre"),),
        courses=courses,
        rules=settings(values=VALUES),
        **changes,
    )


def flight(s: Scenario, name: str, launch: int, landing: int, n_up: int = 1, **changes: object) -> CrewFlight:
    lands = at(landing, 14)
    base = CrewFlight(name, "X", at(launch, 12), lands, lands, {"A": n_up}, {}, (), None, False, False)
    return replace(base, **changes)


def filled(s: Scenario, flights: list[CrewFlight]) -> tuple[Crews | None, str]:
    crews, stages = crews_of(s, flights, Budget(20, 1, 1, time.monotonic()), lambda *_: None, 5.0)
    return crews, stages[-1].status


def as_plan(s: Scenario, flights: list[CrewFlight], crews: Crews) -> Plan:
    shown = tuple(
        Flight(
            f.name, "rotation", f.vehicle_type, f.name, "", f.launch_utc, f.launch_utc.plus_days(0.75),
            None, (), f.landing_utc.plus_days(-1 / 3), f.landing_utc, crews.up[f.name], crews.up[f.name],
            crews.backup.get(f.name, ()),
        )
        for f in flights
    )  # fmt: skip
    return Plan(s.name, s.digest, shown, training=crews.training)


def refused(s: Scenario, p: Plan) -> list[str]:
    return [v.message for v in check(s, p) if v.rule in RULES and v.is_failure]


# -- the figures of small cases -------------------------------------------------------------------

CRAFT = Course("craft", "centre", 4, 1, vehicle_types=("X",))


def test_courses_end_as_late_as_they_can_and_take_turns() -> None:
    s = scenario((person("A 1"), person("A 2")), (CRAFT,))
    f = flight(s, "X-2", 12, 18, n_up=2)
    crews, status = filled(s, [f])
    assert crews is not None
    assert status == "optimal"
    # Due a day before the launch at 12:00, so by 00:00 of day 11; one place, so one after the other.
    assert [(x.from_utc, x.to_utc) for x in crews.training] == [(at(3), at(7)), (at(7), at(11))]
    assert refused(s, as_plan(s, [f], crews)) == []


def test_one_day_too_few_for_two_in_turn_is_proven_infeasible() -> None:
    s = scenario((person("A 1"), person("A 2")), (CRAFT,))
    assert filled(s, [flight(s, "X-2", 10, 18, n_up=2)])[0] is not None
    assert filled(s, [flight(s, "X-2", 9, 18, n_up=2)]) == (None, "infeasible")
    two = (replace(CRAFT, n_places=2),)
    assert filled(scenario(s.people, two), [flight(s, "X-2", 9, 18, n_up=2)])[0] is not None


def test_prerequisites_come_first_and_what_was_finished_brings_them() -> None:
    base, second = Course("base", "centre", 5), Course("second", "centre", 3, prerequisites=("base",))
    craft = replace(CRAFT, prerequisites=("second",))
    lone = replace(base, partners=("B",))  # needed by nobody here, but for the prerequisite
    s = scenario((person("A 1"),), (lone, replace(second, partners=("B",)), craft))
    f = flight(s, "X-2", 20, 25)
    crews, _ = filled(s, [f])
    assert crews is not None
    assert [(x.course, x.from_utc) for x in crews.training] == [
        ("base", at(7)), ("second", at(12)), ("craft", at(15)),
    ]  # fmt: skip
    assert refused(s, as_plan(s, [f], crews)) == []
    done = scenario((person("A 1", trained=(Trained(("second",), at(-3)),)),), s.courses)
    crews, _ = filled(done, [f])
    assert crews is not None
    assert [x.course for x in crews.training] == ["craft"]


def test_a_refresher_only_where_the_landing_no_longer_keeps_it_current() -> None:
    for current, n_slots in ((6.0, 2), (9.0, 1)):
        craft = replace(CRAFT, current_days=current, refresher_days=2)
        s = scenario((person("A 1"),), (craft,), 40)
        flights = [flight(s, "X-2", 8, 14), flight(s, "X-3", 22, 28)]
        crews, _ = filled(s, flights)
        assert crews is not None
        assert [x.to_utc.days_since(x.from_utc) for x in crews.training] == [4, 2][:n_slots]
        assert refused(s, as_plan(s, flights, crews)) == []


def test_backup_crews_are_others_trained_for_the_same_seats() -> None:
    kind = replace(X, has_backup_crew=True)
    lead = Course("lead", "centre", 2, is_commander=True)
    people = tuple(person(f"A {i}") for i in range(4))
    s = scenario(people, (replace(CRAFT, n_places=4), lead), vehicle_types=(kind,))
    f = flight(s, "X-2", 12, 18, n_up=2)
    crews, _ = filled(s, [f])
    assert crews is not None
    assert not set(crews.up["X-2"]) & set(crews.backup["X-2"])
    assert len(crews.backup["X-2"]) == 2
    assert sorted(x.course for x in crews.training) == ["craft"] * 4 + ["lead"] * 2
    assert refused(s, as_plan(s, [f], crews)) == []
    few = scenario(people[:3], s.courses, vehicle_types=(kind,))
    assert filled(few, [f]) == (None, "infeasible")
    soft = replace(few, rules=settings({"backup_crew": "soft"}, VALUES))
    crews, _ = filled(soft, [f])
    assert crews is not None
    assert len(crews.backup["X-2"]) == 1


def test_the_crew_of_an_announced_flight_counts_as_trained_for_it() -> None:
    long = replace(CRAFT, duration_days=90)
    named = announced(X, "X-2", 8, 0, crew=("A 1",))
    s = scenario((person("A 1"), person("A 2")), (long,), announced=(named,))
    f = flight(s, "X-2", 8, 14, names=("A 1",), is_crew_complete=True)
    crews, _ = filled(s, [f])
    assert crews is not None
    assert crews.training == ()
    assert filled(s, [f, flight(s, "X-3", 20, 28)])[0] is not None  # A 1 again
    assert filled(s, [f, flight(s, "X-3", 16, 28)]) == (None, "infeasible")  # nobody else is


def test_somebody_in_a_course_holds_its_place() -> None:
    pupil = person(
        "A 9", trained=(Trained(("craft",), at(6)),), unavailable=(Closure(at(7), at(30), "leave"),)
    )
    s = scenario((person("A 1"), pupil), (CRAFT,))
    assert filled(s, [flight(s, "X-2", 11, 18)])[0] is not None
    assert filled(s, [flight(s, "X-2", 10, 18)]) == (None, "infeasible")


def test_a_whole_plan_is_trained_and_says_its_stages() -> None:
    kind = replace(X, has_backup_crew=True, docked_days_min=5)
    start = docked(kind, -3, "port 1", ("A 1", "A 2"))
    ready = (Trained(("craft",), at(-1)),)
    people = tuple(person(f"A {i}", trained=ready if i < 9 else ()) for i in range(1, 19))
    s = scenario(people, (replace(CRAFT, n_places=3),), 24, vehicle_types=(kind,), docked=(start,))
    s = replace(s, rules=settings({"segment_operator": "soft"}, VALUES))
    result = plan(s, time_limit_s=20, workers=1)
    assert result.plan is not None, result.message
    assert [x.name for x in result.stages] == ["crew", "cargo", "people", "training"]
    assert [v.message for v in check(s, result.plan) if v.is_failure] == []
    later = [f for f in result.plan.flights if f.launch_utc > s.from_utc]
    assert later
    assert {x.flight for x in result.plan.training} <= {f.name for f in later} != set()
    assert all(len(f.backup) == 2 for f in later)


def test_seats_whose_courses_do_not_fit_together_are_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing tells beforehand that the courses of named people do not fit: leave splits their time.
    asked: list[int] = []
    schedule = Training.schedule

    def counted(self: Training, budget: Budget) -> Schedule:
        asked.append(1)
        return schedule(self, budget)

    monkeypatch.setattr(Training, "schedule", counted)
    away = (Closure(at(4), at(6), "leave"),)
    named = tuple(person(f"A {i}", unavailable=away, is_unnamed=False) for i in range(2))
    docked_crew = person("A 8", is_unnamed=False)
    s = scenario((*named, person("A 9"), docked_crew), (CRAFT,))
    start = flight(s, "X-1", -3, 25, names=("A 8",), is_docked_at_start=True, is_crew_complete=True)
    crews, _ = filled(s, [start, flight(s, "X-2", 9, 18)])
    assert crews is not None
    assert crews.up["X-2"] == ("A 9",)
    assert len(asked) == 3


# -- against everything there is ------------------------------------------------------------------


def schedules(s: Scenario, p: Plan) -> Iterator[tuple[TrainingSlot, ...]]:
    """Every set of whole-day slots: each person takes each course for each flight never, once or twice."""
    choices = []
    for f in p.flights:
        due = int(f.launch_utc.days_since(at(0)) - 1)
        for name in f.crew_up:
            for course in s.courses:
                once = [
                    TrainingSlot(name, course.name, at(day), at(day + days), f.name)
                    for days in {course.duration_days, course.again_days}
                    for day in range(1, due - int(days) + 1)
                ]
                again = [x for x in once if x.to_utc.days_since(x.from_utc) == course.again_days]
                twice = [(x, y) for x in once for y in again if x.to_utc <= y.from_utc]
                worth = twice if course.current_days is not None else []
                choices.append([(), *((x,) for x in once), *worth])
    for chosen in product(*choices):
        yield tuple(x for slots in chosen for x in slots)


def has_legal_plan(s: Scenario, flights: list[CrewFlight]) -> bool:
    """Whether any names and any slots are accepted by the checker."""
    names = [p.name for p in s.people]
    for crews in product(names, repeat=len(flights)):
        empty = as_plan(s, flights, Crews(up={f.name: (n,) for f, n in zip(flights, crews, strict=True)}))
        others = RULES - {"training"}
        if any(v.is_failure for v in check(s, empty) if v.rule in others):
            continue
        for slots in schedules(s, empty):
            if next(training.check(Walk(s, replace(empty, training=slots))), None) is None:
                return True
    return False


def random_case(seed: int) -> tuple[Scenario, list[CrewFlight]]:
    r = Random(seed)
    base = Course("base", "centre", r.choice([1, 2]), r.choice([1, None]), current_days=r.choice([None, 5.0]),
                  refresher_days=r.choice([None, 1.0]))  # fmt: skip
    craft = Course("craft", "centre", r.choice([2, 3]), 1, r.choice([(), ("base",)]), vehicle_types=("X",))
    courses = (replace(base, partners=r.choice([(), ("B",)])), craft)
    people = []
    for i in range(2):
        trained = r.choice(
            [(), (Trained(("craft",), at(-r.randint(0, 8))),), (Trained(("base",), at(r.randint(-8, 3))),)]
        )
        away = r.choice([(), (Closure(at(2), at(r.randint(3, 5)), "leave"),)])
        people.append(person(f"A {i}", trained=trained, unavailable=away, is_unnamed=bool(i)))
    s = scenario(tuple(people), courses, 16)
    first = r.randint(3, 6)
    second = first + r.randint(1, 7)
    flights = [flight(s, "X-2", first, first + 2), flight(s, "X-3", second, second + 2)]
    return s, flights


@pytest.mark.parametrize("seed", range(40))
def test_crews_are_found_exactly_where_there_are_some(seed: int) -> None:
    s, flights = random_case(seed)
    crews, status = filled(s, flights)
    assert (crews is not None) == has_legal_plan(s, flights), status
    if crews is None:
        assert status == "infeasible"
        return
    p = as_plan(s, flights, crews)
    assert refused(s, p) == []
    # What was found also keeps to the bound on seats filled by each day.
    for day, bound in enumerate(capacity_by_day(s, partner="A")):
        assert sum(f.launch_utc < at(day + 1) for f in flights) <= bound


def test_the_random_cases_are_of_both_kinds() -> None:
    found = [filled(*random_case(seed))[0] is not None for seed in range(40)]
    assert 8 <= sum(found) <= 32
