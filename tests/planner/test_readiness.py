"""How many seats people can fill by a day: never fewer than a legal plan does."""

from __future__ import annotations

from dataclasses import replace

from tiny_station import PARTNERS, announced, at, docked, settings, tiny, vehicle

from crossflight.model import Centre, Closure, Course, Person, Qualification, Scenario, Trained
from crossflight.planner.readiness import capacity_by_day

X = vehicle("X", "A")
VALUES = {
    "training": {"days_before_launch": 2, "days_after_landing": 1},
    "ground_time": {"days_min": 10},
}


def person(name: str, agency: str = "A", **changes: object) -> Person:
    return replace(Person(name, agency, (Qualification("A"),), ("X",)), **changes)


def scenario(*people: Person, courses: tuple[Course, ...] = (), **changes: object) -> Scenario:
    return tiny(
        40,
        (X,),
        {"X": 9},
        people=people,
        segments=PARTNERS,
        centres=(Centre("centre"),),
        courses=courses,
        rules=settings(values=VALUES),
        **changes,
    )


def first_days(found: list[int]) -> list[int]:
    """The day on which each further seat is first possible."""
    return [next(day for day, n in enumerate(found) if n >= k) for k in range(1, found[-1] + 1)]


def test_a_trained_person_flies_at_once_and_again_after_stay_and_ground_time() -> None:
    # At least 4 d docked and 0.75 + 0.33 d on the way less a day for the grain, 10 d on the ground.
    assert first_days(capacity_by_day(scenario(person("A 1")), partner="A")) == [0, 14, 28]


def test_courses_come_one_after_the_other_and_end_before_the_launch_site() -> None:
    basic = Course("basic", "centre", 4)
    craft = Course("craft", "centre", 5, prerequisites=("basic",), vehicle_types=("X",))
    other = Course("other", "centre", 30, vehicle_types=("Y",))
    found = capacity_by_day(scenario(person("A 1"), courses=(basic, craft, other)), partner="A")
    # From the first whole day: 1 + 4 + 5, and two days at the launch site.
    assert first_days(found) == [12, 26]


def test_what_is_finished_is_not_taken_again_and_what_lapses_is_refreshed() -> None:
    craft = Course("craft", "centre", 20, current_days=5, refresher_days=3)
    for finished, first in ((at(-1), 0), (at(-9), 6), (at(4), 6)):
        trained = (Trained(("craft",), finished),)
        found = capacity_by_day(scenario(person("A 1", trained=trained), courses=(craft,)), partner="A")
        assert first_days(found)[0] == first
    # Nobody is current ten days after landing: recovery, refresher and launch site fit within them.
    assert first_days(found)[1] == 6 + 14


def test_a_long_refresher_takes_longer_than_the_ground_time() -> None:
    craft = Course("craft", "centre", 20, current_days=5, refresher_days=12)
    found = capacity_by_day(
        scenario(person("A 1", trained=(Trained(("craft",), at(0)),)), courses=(craft,)), partner="A"
    )
    assert first_days(found) == [0, 19, 38]


def test_places_limit_how_many_newcomers_fly() -> None:
    craft = Course("craft", "centre", 6, n_places=1)
    four = [person(f"A {i}") for i in range(4)]
    trained = person("A 9", trained=(Trained(("craft",), at(0)),))
    s = replace(scenario(*four, trained, courses=(craft,)), rules=settings(values=VALUES | NO_RETURN))
    # One trained person, and every six days one more, from the first whole day on.
    assert first_days(capacity_by_day(s, partner="A")) == [0, 9, 14, 20, 26]


NO_RETURN = {"ground_time": {"days_min": 100.0}}


def test_availability_qualification_and_landing_bound_the_first_launch() -> None:
    away = (Closure(at(3), at(20), "leave"),)
    assert first_days(capacity_by_day(scenario(person("A 1", unavailable=away)), partner="A"))[0] == 20
    later = (Qualification("A", "operator", at(9)),)
    assert first_days(capacity_by_day(scenario(person("A 1", qualifications=later)), partner="A"))[0] == 9
    landed = person("A 1", landed_utc=at(-4))
    assert first_days(capacity_by_day(scenario(landed), partner="A"))[0] == 6


def test_docked_crews_come_down_first_and_announced_crews_fly_whatever_they_lack() -> None:
    aboard = docked(X, -3, "port 1", ("A 1",))
    planned = replace(aboard, planned_undock_utc=at(8, 6), window_days=2.0)
    found = capacity_by_day(scenario(person("A 1"), docked=(planned,)), partner="A")
    assert 14 <= first_days(found)[0] <= 16
    long = Course("craft", "centre", 30)
    named = announced(X, "X-2", 7, 2, crew=("A 1",))
    found = capacity_by_day(
        scenario(person("A 1"), person("A 2"), courses=(long,), announced=(named,)), partner="A"
    )
    assert first_days(found) == [5, 19, 33, 33]


def test_commanders_and_partners_are_counted_apart() -> None:
    people = (person("A 1"), person("A 2", commander_of=()), person("B 1", "B"))
    lead = Course("lead", "centre", 10, is_commander=True)
    s = scenario(*people, courses=(lead,))
    assert capacity_by_day(s, partner="A")[0] == 2
    assert capacity_by_day(s, partner="B")[0] == 1
    assert first_days(capacity_by_day(s, commander_of="X"))[:2] == [13, 13]
    assert first_days(capacity_by_day(s, commander_of="X", partner="A"))[0] == 13
    assert capacity_by_day(s, commander_of="Y") == [0] * 40


def test_a_dose_bounds_the_number_of_flights() -> None:
    tired = person("A 1", dose_msv=599.0)  # 0.5 mSv a day
    assert capacity_by_day(scenario(tired), partner="A")[-1] == 1
