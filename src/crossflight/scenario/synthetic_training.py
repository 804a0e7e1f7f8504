"""Courses for made-up stations: durations of iss-2026, two sides' centres, a maker's for its own craft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from crossflight.model import Centre, Course, Person, Scenario, Trained
from crossflight.times import Instant

# So many of a partner have been through everything; some of the others through a first course.
_N_TRAINED = 22
_HOME = {"USOS": "West centre", "RS": "East centre", "Annex": "Annex centre"}


def with_courses(scenario: Scenario, draw: Random) -> Scenario:
    """The station with courses, places, and people who have finished some; Soyuz has backup crews."""
    courses = tuple(_courses(scenario))
    counts: dict[str, int] = {}
    people = []
    for person in scenario.people:
        place = counts[person.agency] = counts.get(person.agency, 0) + 1
        trained = () if person.is_visitor else tuple(_record(scenario.from_utc, person, place, courses, draw))
        people.append(replace(person, trained=trained))
    types = tuple(replace(t, has_backup_crew=t.name == "soyuz") for t in scenario.vehicle_types)
    used = {c.centre for c in courses}
    return replace(
        scenario,
        name=f"{scenario.name}-trained",
        title=f"{scenario.title}, with training",
        people=tuple(people),
        vehicle_types=types,
        courses=courses,
        centres=tuple(Centre(name) for name in (*_HOME.values(), "Maker's hall") if name in used),
    )


def _courses(scenario: Scenario) -> Iterator[Course]:
    segments = [s.name for s in scenario.station.segments]
    partners = [p.name for p in scenario.partners]
    if "USOS" in segments:
        yield Course(
            "USOS segment",
            "West centre",
            193.0,
            14,
            segments=("USOS",),
            current_days=730.0,
            refresher_days=20.0,
        )
        yield Course(
            "spacewalk", "West centre", 122.0, 10, ("USOS segment",), segments=("USOS",), is_eva=True
        )
    else:
        yield Course(
            "station systems",
            "West centre",
            193.0,
            14,
            partners=("USOS",),
            current_days=730.0,
            refresher_days=20.0,
        )
    if "RS" in partners:
        yield Course(
            "RS segment", "East centre", 150.0, 12, segments=("RS",), current_days=730.0, refresher_days=20.0
        )
        yield Course("RS segment for guests", "East centre", 35.0, 10, partners=("USOS",))
        yield Course("USOS segment for guests", "West centre", 35.0, 10, partners=("RS",))
    homes = {"capsule": "Maker's hall", "soyuz": "East centre", "shuttle": "Annex centre"}
    days = {"capsule": (60.0, 30.0), "soyuz": (72.0, 90.0), "shuttle": (60.0, 40.0)}
    for kind in scenario.vehicle_types:
        if kind.is_crewed:
            seat, command = days[kind.name]
            name, home = kind.name, homes[kind.name]
            yield Course(
                f"{name} seat", home, seat, 10, vehicle_types=(name,), current_days=540.0, refresher_days=25.0
            )
            yield Course(
                f"{name} command",
                home,
                command,
                6,
                (f"{name} seat",),
                vehicle_types=(name,),
                is_commander=True,
            )


def _record(
    begin: Instant, person: Person, place: int, courses: tuple[Course, ...], draw: Random
) -> Iterator[Trained]:
    """The first people of a partner have done all they can be asked for; of the others, half something."""
    operates = {q.segment for q in person.qualifications}
    asked = [
        c.name
        for c in courses
        if (not c.partners or person.agency in c.partners)
        and (not c.segments or not operates.isdisjoint(c.segments))
        and (not c.is_eva or person.is_eva)
        and (not c.is_commander or set(c.vehicle_types) <= set(person.commander_of))
    ]
    finished = begin.plus_days(-draw.randint(30, 400))
    if place <= _N_TRAINED:
        yield Trained(tuple(asked), finished)
    elif draw.random() < 0.5:
        yield Trained((asked[0],), finished)
