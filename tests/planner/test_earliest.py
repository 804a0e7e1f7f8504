"""From when somebody can fly: the planner trains them for that day and for no day before."""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

import pytest
from tiny_station import PARTNERS, at, settings, tiny, vehicle

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
from crossflight.planner.earliest import Earliest, Search
from crossflight.planner.people import CrewFlight
from crossflight.planner.seating import crews_of
from crossflight.planner.solve import Budget
from crossflight.rules import check

X = vehicle("X", "A")
VALUES = {"training": {"days_before_launch": 2, "days_after_landing": 1}, "ground_time": {"days_min": 6}}


def person(name: str = "A 1", **changes: object) -> Person:
    return replace(Person(name, "A", (Qualification("A"),), ("X",)), **changes)


def scenario(*people: Person, courses: tuple[Course, ...] = (), **changes: object) -> Scenario:
    return tiny(
        60, (X,), {"X": 9}, people=people, segments=PARTNERS, centres=(Centre("centre"),), courses=courses,
        rules=settings(values=VALUES), **changes,
    )  # fmt: skip


def answer(s: Scenario, plan: Plan | None = None, *, since: int = 0, is_commander: bool = False) -> Earliest:
    return Search(s, plan, s.people[0]).earliest("X", at(since), is_commander=is_commander)


def spans(found: Earliest) -> list[tuple[str, float, float]]:
    return [(x.course.name, x.from_utc.days_since(at(0)), x.to_utc.days_since(at(0))) for x in found.steps]


BASE = Course("base", "centre", 5)
CRAFT = Course("craft", "centre", 4, 1, ("base",), vehicle_types=("X",))


def test_prerequisites_course_and_launch_site() -> None:
    found = answer(scenario(person(), courses=(CRAFT, BASE)))
    assert spans(found) == [("base", 1, 6), ("craft", 6, 10)]
    assert found.launch_utc == at(12)
    assert found.limits == f"courses until {at(10).date()}, then 2 d at the launch site"


def test_a_place_taken_is_waited_for_and_said() -> None:
    s = scenario(person(), person("A 2"), courses=(CRAFT, replace(BASE, partners=("B",))))
    flight = Flight("X-2", "rotation", "X", "", "", at(40), at(41), crew_up=("A 2",))
    others = (TrainingSlot("A 2", "craft", at(8), at(12), "X-2"),)
    found = answer(s, Plan("tiny", "tiny", (flight,), training=others))
    assert spans(found) == [("base", 1, 6), ("craft", 12, 16)]
    assert [(w.from_utc, w.to_utc, w.why) for w in found.steps[1].waits] == [
        (at(6), at(12), "the 1 places of craft are taken by A 2")
    ]
    assert found.launch_utc == at(18)


def test_the_order_that_ends_first_is_taken() -> None:
    # Two days free, then leave, then six: the short course goes first although the long one is listed first.
    long, short = Course("long", "centre", 6), Course("short", "centre", 2)
    away = (Closure(at(3), at(10), "leave"),)
    found = answer(scenario(person(unavailable=away), courses=(long, short)))
    assert spans(found) == [("short", 1, 3), ("long", 10, 16)]
    assert found.steps[1].waits[0].why == "not available (leave)"
    assert found.launch_utc == at(18)


def test_after_a_flight_of_the_plan_there_is_ground_time_and_a_refresher() -> None:
    craft = replace(CRAFT, prerequisites=(), current_days=3, refresher_days=2)
    s = scenario(person(trained=(Trained(("craft",), at(0)),)), courses=(craft,))
    flown = Flight(
        "X-2",
        "rotation",
        "X",
        "",
        "",
        at(2, 12),
        at(3, 6),
        None,
        (),
        at(12, 6),
        at(12, 14),
        ("A 1",),
        ("A 1",),
    )
    found = answer(s, Plan("tiny", "tiny", (flown,)), since=1)
    # Landed on day 12 at 14:00: recovered on day 14, current until day 15.
    assert found.launch_utc == at(19)
    assert "X-2, and 6 d on the ground" in found.limits
    assert [(x.course.name, x.is_refresher) for x in found.steps] == [("craft", True)]


def test_asked_from_a_date_and_as_commander() -> None:
    lead = Course("lead", "centre", 3, is_commander=True)
    s = scenario(person(), courses=(lead,))
    assert answer(s, since=9).launch_utc == at(9)
    assert answer(s, since=0, is_commander=True).launch_utc == at(6)
    assert answer(s, since=0).counted == ()


def test_what_lapses_on_the_way_is_taken_as_late_as_can_be() -> None:
    brief = Course("brief", "centre", 1, current_days=4)
    long = Course("long", "centre", 8)
    found = answer(scenario(person(), courses=(brief, long)))
    assert found.launch_utc == at(12)
    assert spans(found) == [("long", 1, 9), ("brief", 9, 10)]


def test_nobody_who_operates_no_segment_or_never_is_there() -> None:
    assert answer(scenario(person(qualifications=()))).launch_utc is None
    assert answer(scenario(person(qualifications=()))).limits == "operator of no segment then"
    away = (Closure(at(0), at(20_000), "left"),)
    assert answer(scenario(person(unavailable=away))).launch_utc is None


def random_case(seed: int) -> tuple[Scenario, Plan]:
    r = Random(seed)
    courses = [
        Course(
            f"c{i}",
            "centre",
            r.randint(1, 5),
            r.choice([1, None]),
            tuple(f"c{k}" for k in range(i) if r.random() < 0.4),
            current_days=r.choice([None, None, 12.0, 25.0]),
            refresher_days=r.choice([None, 1.0]),
        )
        for i in range(r.randint(1, 4))
    ]
    trained = ()
    if r.random() < 0.5:
        trained = (Trained((r.choice(courses).name,), at(-r.randint(0, 15))),)
    away = tuple(
        Closure(at(a), at(a + r.randint(1, 4)), "leave")
        for a in (r.randint(1, 8), r.randint(9, 25))
        if r.random() < 0.5
    )
    s = scenario(person(trained=trained, unavailable=away), person("A 2"), courses=tuple(courses))
    flight = Flight("Y-2", "rotation", "X", "", "", at(58), at(59), crew_up=("A 2",))
    taken = []
    for course in courses:
        if r.random() < 0.5:
            begin = r.randint(1, 15)
            taken.append(TrainingSlot("A 2", course.name, at(begin), at(begin + course.duration_days), "Y-2"))
    return s, Plan("tiny", "tiny", (flight,), training=tuple(taken))


def can_launch(s: Scenario, day: int) -> bool:
    """Whether the planner can train the first person, alone, for a launch at 00:00 of a day."""
    landing = at(day).plus_days(4 + 26 / 24)  # the shortest stay and the way
    f = CrewFlight("X-9", "X", at(day), landing, landing, {"A": 1}, {}, (), None, False, False)
    alone = replace(s, people=(s.people[0],))
    crews, _ = crews_of(alone, [f], Budget(20, 1, 1, time.monotonic()), lambda *_: None, 5.0)
    return crews is not None


@pytest.mark.parametrize("seed", range(60))
def test_the_planner_agrees_on_the_day_and_on_the_day_before(seed: int) -> None:
    s, plan = random_case(seed)
    free = replace(plan, training=())
    found = Search(s, free, s.people[0]).earliest("X", s.from_utc)
    assert found.launch_utc is not None
    day = round(found.launch_utc.days_since(at(0)))
    assert can_launch(s, day)
    assert day == 1 or not any(can_launch(s, d) for d in range(1, day))


@pytest.mark.parametrize("seed", range(60))
def test_the_checker_accepts_the_chain_beside_everybody_elses_places(seed: int) -> None:
    s, plan = random_case(seed)
    found = Search(s, plan, s.people[0]).earliest("X", s.from_utc)
    assert found.launch_utc is not None
    launch = found.launch_utc
    added = Flight(
        "X-9", "rotation", "X", "", "", launch, launch.plus_days(0.75), None, (), launch.plus_days(5),
        launch.plus_days(5.3), ("A 1",), ("A 1",),
    )  # fmt: skip
    slots = tuple(TrainingSlot("A 1", x.course.name, x.from_utc, x.to_utc, "X-9") for x in found.steps)
    whole = replace(plan, flights=(*plan.flights, added), training=(*plan.training, *slots))
    ours = {"training", "ground_time", "availability", "one_place"}
    assert [
        v.message for v in check(s, whole) if v.rule in ours and "A 1" in v.subjects and v.is_failure
    ] == []
