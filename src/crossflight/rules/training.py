"""A seat is for somebody whose courses are finished in time, and a person trains in one place.

Every member of a crew launched in the plan, and of its backup, has finished the courses the seat
asks for (`Scenario.courses_for`) `days_before_launch` before the launch, and they are current at
the launch: a course lasts `current_days` from its end, or from the landing of a flight that
needed it.  Somebody in the crew who is commander of the vehicle type has the commander's courses
too.  Crews of integrated flights so pass through both sides' centres.

A place in a course is long enough (the whole course, or the refresher for somebody who has
finished it before), begins after the scenario does and after its prerequisites, ends in time for
the flight it is for, and never are more people in a course than it has places.  Nobody in a
course is in another one, in flight, at a launch site (the last `days_before_launch`), recovering
(`days_after_landing`) or not available; neither is a backup crew at its launch site.

Visitors are trained by whoever flies them and are not judged.  A crew docked at the beginning or
announced by name counts as trained for that flight.

Values:

- `days_before_launch`: days at the launch site, courses finished.
- `days_after_landing`: days of recovery before the next course.

Source: about 18 months and 1800 h for an ISS flight (US systems 330, Russian systems and Soyuz
350, EVA 400, robotics 200, language 300, science 150, medical 65); two to three years at Star
City for a cosmonaut; how they are split over centres and both values are assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from crossflight.model import Course, Flight, Person, TrainingSlot, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk
from crossflight.times import Instant

RULE = Rule(
    id="training",
    title="training",
    statement="Crews and backup crews have finished their courses in time, each in a place of its own.",
    source="Training templates for ISS crews; the split over centres and the margins are assumptions",
    values=("days_before_launch", "days_after_landing"),
)

# Instants of a plan file are whole microseconds, durations floating-point days.
_EPS_DAYS = 1e-6


@dataclass(frozen=True, slots=True)
class _Busy:
    """Somebody is busy over [from_us, to_us)."""

    from_us: int
    to_us: int
    what: str
    kind: Literal["placed", "running", "flying", "away"]


class _Records:
    """What every person has finished and when, from the scenario, the plan's places and flights."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.courses = {c.name: c for c in walk.scenario.courses}
        self.before_us = round(walk.number(RULE.id, "days_before_launch") * DAY_US)
        self.after_us = round(walk.number(RULE.id, "days_after_landing") * DAY_US)
        docked = {d.flight.name for d in walk.scenario.docked}
        named = {a.name: a.crew for a in walk.scenario.announced}
        self.finished: dict[tuple[str, str], list[int]] = {}
        self.renewed: dict[tuple[str, str], list[int]] = {}
        for person in walk.scenario.people:
            for record in person.trained:
                for name in walk.scenario.with_prerequisites(record.courses):
                    self.finished.setdefault((person.name, name), []).append(record.finished_utc.us)
        for slot in walk.plan.training:
            self.finished.setdefault((slot.person, slot.course), []).append(slot.to_utc.us)
        self.given: set[tuple[str, str]] = set()
        for stay in walk.stays:
            known, flight = walk.people.get(stay.person), walk.flights[stay.up_flight]
            if known is None or flight.kind != "rotation":
                continue
            is_given = flight.name in docked or stay.person in named.get(flight.name, ())
            commands = flight.vehicle_type in known.commander_of
            for course in walk.scenario.courses_for(known, flight.vehicle_type, is_commander=commands):
                key = (stay.person, course.name)
                if is_given:
                    self.given.add((stay.person, flight.name))
                    self.finished.setdefault(key, []).append(stay.launch_us - self.before_us)
                if stay.landing_us is not None and stay.dock_us is not None:
                    self.renewed.setdefault(key, []).append(stay.landing_us)

    def shortfall(self, person: str, course: Course, launch_us: int) -> str:
        """Why the course does not count at a launch; empty if it does."""
        key, due_us = (person, course.name), launch_us - self.before_us
        ends = self.finished.get(key, ())
        done = [us for us in ends if us <= due_us]
        where = f"{course.name} ({course.duration_days:g} d, {course.centre})"
        if not done:
            late = min((us for us in ends if us < launch_us + self.before_us), default=None)
            if late is None:
                return f"has not finished {where}"
            return f"finishes {where} {(late - due_us) / DAY_US:.1f} d too late, on {Instant(late).date()}"
        if course.current_days is None:
            return ""
        renewed = [us for us in self.renewed.get(key, ()) if us < launch_us]
        lapses_us = max(done + renewed) + round(course.current_days * DAY_US)
        if launch_us <= lapses_us:
            return ""
        return (
            f"{course.name} lapses on {Instant(lapses_us).date()}, {(launch_us - lapses_us) / DAY_US:.1f} d "
            f"before launch; {course.again_days:g} d in {course.centre} make it current"
        )

    def seats(self, flight: Flight) -> Iterator[tuple[str, Person, str]]:
        """(role, person, shortfall) of everybody judged; one entry for each course that is missing."""
        for role, crew in (("crew", flight.crew_up), ("backup", flight.backup)):
            for name in dict.fromkeys(crew):
                person = self.walk.people.get(name)
                if person is None or person.is_visitor or (name, flight.name) in self.given:
                    continue
                for course in self.walk.scenario.courses_for(person, flight.vehicle_type):
                    why = self.shortfall(name, course, flight.launch_utc.us)
                    if why:
                        yield role, person, why

    def commander_shortfall(self, flight: Flight, crew: tuple[str, ...]) -> str:
        """Why no commander in a crew has the commander's courses; empty if one has."""
        nearest = ""
        for name in crew:
            person = self.walk.people.get(name)
            if person is None or flight.vehicle_type not in person.commander_of:
                continue
            if (name, flight.name) in self.given:
                return ""
            courses = self.walk.scenario.courses_for(person, flight.vehicle_type, is_commander=True)
            missing = [
                why
                for c in courses
                if c.is_commander and (why := self.shortfall(name, c, flight.launch_utc.us))
            ]
            if not missing:
                return ""
            nearest = nearest or f"{name} {missing[0]}"
        return nearest


def check(walk: Walk) -> Iterator[Violation]:
    """Places that are none, people in two places, full courses, seats without training."""
    if not walk.scenario.courses and not walk.plan.training:
        return
    records = _Records(walk)
    for slot in walk.plan.training:
        for what in _slot(records, slot):
            yield walk.violation(
                RULE.id,
                slot.from_utc.us,
                max(slot.from_utc.us, slot.to_utc.us),
                (slot.person, slot.course),
                f"{slot.person} in {slot.course}: {what}",
            )
    yield from _one_place(records)
    yield from _places(records)
    for flight in walk.by_launch:
        us = flight.launch_utc.us
        if flight.kind != "rotation" or not walk.in_horizon(us):
            continue
        for role, person, why in records.seats(flight):
            message = f"{flight.name} {role}: {person.name} {why}"
            yield walk.violation(RULE.id, us, us, (person.name, flight.name), message)
        for role, crew in (("crew", flight.crew_up), ("backup", flight.backup)):
            why = records.commander_shortfall(flight, crew)
            if why:
                message = f"{flight.name} {role}: no commander is trained; {why}"
                yield walk.violation(RULE.id, us, us, (flight.name,), message)


def _slot(records: _Records, slot: TrainingSlot) -> Iterator[str]:
    walk = records.walk
    course, flight = records.courses.get(slot.course), walk.flights.get(slot.flight)
    if slot.person not in walk.people:
        yield "nobody of that name is among the people"
    if slot.from_utc.us < walk.begin_us:
        days = (walk.begin_us - slot.from_utc.us) / DAY_US
        yield f"begins {days:.1f} d before the plan does"
    if flight is None:
        yield f"{slot.flight} is not in the plan"
    elif slot.person not in (*flight.crew_up, *flight.backup):
        yield f"is neither in the crew nor in the backup of {slot.flight}"
    elif slot.to_utc.us > flight.launch_utc.us - records.before_us:
        days = (slot.to_utc.us - flight.launch_utc.us + records.before_us) / DAY_US
        yield f"ends {days:.1f} d too late for {slot.flight}"
    if course is None:
        yield "there is no such course"
        return
    before = [us for us in records.finished.get((slot.person, slot.course), ()) if us <= slot.from_utc.us]
    wanted = course.again_days if before else course.duration_days
    days = slot.to_utc.days_since(slot.from_utc)
    if days < wanted - _EPS_DAYS:
        yield f"{days:.1f} d long, needs {wanted:g} d: {wanted - days:.1f} d short"
    for name in () if before else course.prerequisites:
        ends = records.finished.get((slot.person, name), ())
        if not ends:
            yield f"begins without {name}"
        elif min(ends) > slot.from_utc.us:
            yield f"begins {(min(ends) - slot.from_utc.us) / DAY_US:.1f} d before the end of {name}"


def _one_place(records: _Records) -> Iterator[Violation]:
    walk = records.walk
    busy: dict[str, list[_Busy]] = {}

    def add(
        person: str,
        from_us: int,
        to_us: int,
        what: str,
        kind: Literal["placed", "running", "flying", "away"],
    ) -> None:
        if from_us < to_us:
            busy.setdefault(person, []).append(_Busy(from_us, to_us, what, kind))

    for slot in walk.plan.training:
        add(slot.person, slot.from_utc.us, slot.to_utc.us, f"in {slot.course}", "placed")
    for f in walk.by_launch:
        us = f.launch_utc.us
        for name in dict.fromkeys(f.backup):
            add(name, us - records.before_us, us, f"at the launch site for {f.name}", "placed")
    for person in walk.scenario.people:
        for record in person.trained:
            what = f"in {', '.join(record.courses)} since before the plan begins"
            add(person.name, walk.begin_us, record.finished_utc.us, what, "running")
        for away in person.unavailable:
            add(person.name, away.from_utc.us, away.to_utc.us, f"not available ({away.why})", "away")
        if person.landed_utc is not None:
            us = person.landed_utc.us
            add(person.name, us, us + records.after_us, "recovering from the last flight", "away")
    for stay in walk.stays:
        landing_us = walk.end_us if stay.landing_us is None else stay.landing_us + records.after_us
        what = f"on {stay.up_flight} or next to it"
        add(stay.person, stay.launch_us - records.before_us, landing_us, what, "flying")
    for name, theirs in busy.items():
        for a, b in combinations(sorted(theirs, key=lambda x: (x.from_us, x.to_us)), 2):
            from_us, to_us = max(a.from_us, b.from_us), min(a.to_us, b.to_us)
            kinds = {a.kind, b.kind}
            # What flights leave of each other, and what the scenario says of itself, is for others.
            if from_us < to_us and ("placed" in kinds or kinds == {"running", "flying"}):
                message = f"{name}: {a.what} and {b.what} for {(to_us - from_us) / DAY_US:.1f} d at once"
                yield walk.violation(RULE.id, from_us, to_us, (name,), message)


def _places(records: _Records) -> Iterator[Violation]:
    walk = records.walk
    events: dict[str, list[tuple[int, int]]] = {}
    for slot in walk.plan.training:
        if slot.from_utc < slot.to_utc:
            events.setdefault(slot.course, []).extend([(slot.from_utc.us, 1), (slot.to_utc.us, -1)])
    for person in walk.scenario.people:
        for record in person.trained:
            if record.finished_utc.us > walk.begin_us:
                pair = [(walk.begin_us, 1), (record.finished_utc.us, -1)]
                for name in record.courses:
                    events.setdefault(name, []).extend(pair)
    for name, changes in events.items():
        course = records.courses.get(name)
        if course is None or course.n_places is None:
            continue
        n, since_us, most = 0, 0, 0
        for us, change in sorted(changes):  # at one instant people leave before others come
            n += change
            if n > course.n_places:
                since_us, most = since_us if most else us, max(most, n)
            elif most:
                message = f"{name}: {most} people at once, places {course.n_places}"
                yield walk.violation(RULE.id, since_us, us, (name,), message)
                most = 0
