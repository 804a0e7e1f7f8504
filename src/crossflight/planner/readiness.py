"""When people can be ready for a seat, and how many seats a partner's people can so fill.

Everything here is a bound that no schedule beats: courses of one person follow one another, and
what takes longer in the full problem (places taken by others, days not available) is left to the
training stage.  Days are counted from 00:00 of the scenario's first day.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from crossflight.model import Course, Person, Scenario, VehicleType
from crossflight.planner.grain import Grain
from crossflight.times import Instant

_BINDING = ("hard", "waivable")
_EPS_DAYS = 1e-6
# More courses than so many are not tried one by one before and after a seat.
_N_SPLIT_MAX = 6


@dataclass(frozen=True, slots=True)
class Task:
    """A course somebody has to take, whole or as a refresher, and for how many days."""

    course: Course
    days: int
    is_refresher: bool


class Readiness:
    """Who has finished what when the scenario begins, and what a seat still asks for.

    Attributes
    ----------
    before_days, after_days
        Days at the launch site and days of recovery, of rule training.
    ground_days
        Days from landing to launch, of rule ground_time.
    finished
        (person, course) to the day it was last finished.
    begin_day
        The first whole day.
    free_from
        Person to the first day of a course: after landing, recovery and a course already begun.
    given
        (person, announced flight): counts as trained for it.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.grain = Grain.of(scenario)
        self.types = {t.name: t for t in scenario.vehicle_types}
        rule = scenario.rules["training"]
        self.binds = rule.severity in _BINDING and bool(scenario.courses)
        self.before_days = float(rule.values.get("days_before_launch", 0.0)) if self.binds else 0.0
        self.after_days = float(rule.values.get("days_after_landing", 0.0)) if self.binds else 0.0
        ground = scenario.rules["ground_time"]
        binds_ground = ground.severity in _BINDING
        self.ground_days = float(ground.values.get("days_min", 0.0)) if binds_ground else 0.0
        self.courses = {c.name: c for c in scenario.courses} if self.binds else {}
        self.begin_day = math.ceil(self.day(scenario.from_utc) - 1e-9)
        self.finished: dict[tuple[str, str], float] = {}
        self.free_from: dict[str, float] = {}
        self.docked: dict[str, float] = {}
        self.given = {(p, a.name) for a in scenario.announced for p in a.crew}
        self._wholes: dict[tuple[str, str], dict[str, Task]] = {}
        self._works: dict[tuple[str, str], int] = {}
        self._for: dict[tuple[str, str, bool], tuple[Course, ...]] = {}
        self._read()

    def day(self, at: Instant) -> float:
        """Days from 00:00 of the first day."""
        return at.days_since(self.grain.day0)

    def courses_for(self, person: Person, vehicle_type: str, *, is_commander: bool) -> tuple[Course, ...]:
        """What a seat asks for; nothing where rule training does not bind."""
        key = (person.name, vehicle_type, is_commander)
        if key not in self._for:
            found = self.scenario.courses_for(person, vehicle_type, is_commander=is_commander)
            self._for[key] = found if self.binds else ()
        return self._for[key]

    def _read(self) -> None:
        seated = {p: d for d in self.scenario.docked for p in d.flight.crew_up}
        for person in self.scenario.people:
            free = float(self.begin_day)
            for record in person.trained:
                day = self.day(record.finished_utc)
                free = max(free, day)
                for name in self.scenario.with_prerequisites(record.courses):
                    key = (person.name, name)
                    self.finished[key] = max(day, self.finished.get(key, day))
            if person.landed_utc is not None:
                free = max(free, self.day(person.landed_utc) + self.after_days)
            there = seated.get(person.name)
            if there is not None:
                earliest = self.day(self.scenario.from_utc)
                if there.planned_undock_utc is not None and there.window_days is not None:
                    earliest = max(earliest, self.day(there.planned_undock_utc) - there.window_days - 1)
                self.docked[person.name] = earliest
                free = max(free, earliest + self.after_days)
                kind = there.flight.vehicle_type
                commands = kind in person.commander_of
                for course in self.courses_for(person, kind, is_commander=commands):
                    # Current until long after its landing: what lapses by then is in `turn_days`.
                    self.finished[person.name, course.name] = math.inf
            self.free_from[person.name] = free

    def to_take(
        self, person: Person, vehicle_type: str, launch_day: float, *, is_commander: bool = False
    ) -> list[Task]:
        """Courses before a first flight on `launch_day`; prerequisites come first.

        `launch_day` matters for what lapses by then.
        """
        taken: dict[str, Task] = {}

        def add(course: Course) -> None:
            if course.name in taken or (person.name, course.name) in self.finished:
                return
            for name in course.prerequisites:
                add(self.courses[name])
            taken[course.name] = Task(course, math.ceil(course.duration_days), is_refresher=False)

        needed = self.courses_for(person, vehicle_type, is_commander=is_commander)
        for course in needed:
            add(course)
        for course in needed:
            done = self.finished.get((person.name, course.name))
            if (
                done is not None
                and course.current_days is not None
                and done + course.current_days < launch_day
            ):
                taken[course.name] = Task(course, math.ceil(course.again_days), is_refresher=True)
        return list(taken.values())

    def earliest_launch_day(self, person: Person, vehicle_type: str, *, is_commander: bool = False) -> float:
        """No launch before this day (with its fraction) has the person trained for the seat.

        The least day that suffices for what has not lapsed by that day; it never sinks as more
        lapses, so raising it until nothing changes finds it.
        """
        landed = self.docked.get(person.name)
        rest = -math.inf if landed is None else landed + self.turn_days(person, vehicle_type)
        if person.landed_utc is not None:
            rest = max(rest, self.day(person.landed_utc) + self.ground_days)
        day = max(self.day(self.scenario.from_utc), rest)
        while True:
            tasks = self.to_take(person, vehicle_type, day, is_commander=is_commander)
            work = sum(t.days for t in tasks)
            least = (
                self.free_from[person.name] + work + self.before_days if work else self._after_course(person)
            )
            if least <= day:
                return day
            day = least

    def lapsed_days(
        self, person: Person, vehicle_type: str, gap_days: float, *, is_commander: bool = False
    ) -> int:
        """Days of refreshers for what cannot be current at a launch `gap_days` after a landing."""
        return sum(
            math.ceil(c.again_days)
            for c in self.courses_for(person, vehicle_type, is_commander=is_commander)
            if c.current_days is not None and c.current_days < gap_days
        )

    def _whole(self, person: Person, vehicle_type: str) -> dict[str, Task]:
        """Whole courses before a first flight of a type."""
        key = (person.name, vehicle_type)
        if key not in self._wholes:
            tasks = self.to_take(person, vehicle_type, -math.inf)
            self._wholes[key] = {t.course.name: t for t in tasks}
        return self._wholes[key]

    def _most_work(self, person: Person, vehicle_type: str) -> int:
        """Days of everything a seat can ask for: whole courses, and all refreshers."""
        key = (person.name, vehicle_type)
        if key not in self._works:
            whole = self._whole(person, vehicle_type)
            asked = self.courses_for(person, vehicle_type, is_commander=False)
            again = sum(math.ceil(c.again_days) for c in asked if c.current_days is not None)
            self._works[key] = sum(t.days for t in whole.values()) + again
        return self._works[key]

    def fits_between(
        self, person: Person, before: str, after: str, slack_days: float, gap_days: float, age_days: float
    ) -> bool:
        """Whether what a seat of type `after` asks for fits around an earlier seat of type `before`.

        Courses only the later seat asks for are taken before the earlier one, where `slack_days`
        less its own courses are free, or in the `gap_days` between; what was finished `age_days`
        before the later launch may have lapsed by it.  A bound: other seats only take time away.
        """
        if gap_days >= self._most_work(person, after):
            return True
        own = self._whole(person, before)
        slack = slack_days - sum(t.days for t in own.values())
        extra = [t for name, t in self._whole(person, after).items() if name not in own]
        new = {t.course.name for t in extra}
        gap = gap_days
        for c in self.courses_for(person, after, is_commander=False):
            if c.name not in new and c.current_days is not None and c.current_days < age_days:
                gap -= math.ceil(c.again_days)
        if gap < -_EPS_DAYS:
            return False
        if not extra or sum(t.days for t in extra) <= gap + _EPS_DAYS:
            return True
        if len(extra) > _N_SPLIT_MAX:
            return sum(t.days for t in extra) <= max(0.0, slack) + gap + _EPS_DAYS
        for early in product((True, False), repeat=len(extra)):
            first = sum(t.days for t, is_early in zip(extra, early, strict=True) if is_early)
            rest = sum(
                t.days
                if not is_early
                else math.ceil(t.course.again_days)
                if t.course.current_days is not None and t.course.current_days < age_days
                else 0
                for t, is_early in zip(extra, early, strict=True)
            )
            if first <= slack + _EPS_DAYS and rest <= gap + _EPS_DAYS:
                return True
        return False

    def has_to_take(self, person: Person, vehicle_type: str, course: Course) -> bool:
        """Whether somebody has yet to take the whole course before a first flight of a type."""
        return course.name in self._whole(person, vehicle_type)

    def n_trained_by(self, course: Course, launch_day: float) -> int:
        """How many people can have taken the whole course before a launch, from the first day on."""
        assert course.n_places is not None
        days = launch_day - self.before_days - self.begin_day
        return max(0, math.floor(days / math.ceil(course.duration_days) + 1e-9)) * course.n_places

    def _after_course(self, person: Person) -> float:
        """The first launch after a course already begun."""
        begin = self.day(self.scenario.from_utc)
        ends = [self.day(t.finished_utc) for t in person.trained if t.finished_utc > self.scenario.from_utc]
        return max(ends) + self.before_days if ends and self.binds else begin

    def turn_days(self, person: Person, vehicle_type: str, *, is_commander: bool = False) -> float:
        """Least days from a landing to the next launch: ground time, or recovery and what has lapsed."""
        work = self.lapsed_days(person, vehicle_type, self.ground_days, is_commander=is_commander)
        return max(self.ground_days, self.after_days + work + self.before_days if work else 0.0)


def capacity_by_day(
    scenario: Scenario, *, partner: str | None = None, commander_of: str | None = None
) -> list[int]:
    """How many seats can have been filled by the launches up to each day, at most.

    Parameters
    ----------
    partner
        Count the seats of this partner's people on rotation flights of any type.
    commander_of
        Count only launches of this vehicle type, by people who command it (of `partner`, if given).

    Returns
    -------
    One number for each day of the horizon: no plan whose people stage and training succeed has
    more such seats on rotation flights launched in the horizon on that day or before.  Seats of
    announced crews count, seats of docked flights do not.
    """
    ready = Readiness(scenario)
    n_days = ready.grain.n_days
    people = [
        p
        for p in scenario.people
        if not p.is_visitor
        and (partner is None or scenario.partner_of_agency(p.agency) == partner)
        and (commander_of is None or commander_of in p.commander_of)
    ]
    types = [
        t for t in scenario.vehicle_types if t.is_crewed and (commander_of is None or t.name == commander_of)
    ]
    launches = {p.name: list(_launch_days(ready, p, types, commander_of is not None)) for p in people}
    changes = [0] * (n_days + 1)
    for days in launches.values():
        for day in days:
            changes[day] += 1
    total, found = 0, []
    for day in range(n_days):
        total += changes[day]
        found.append(total)
    if ready.binds and types:
        _limit_by_places(ready, people, types, launches, found, is_commander=commander_of is not None)
    return found


def _launch_days(
    ready: Readiness, person: Person, types: list[VehicleType], is_commander: bool
) -> Iterator[int]:
    """The earliest day of a person's first launch, second launch, and so on."""
    if not types:
        return
    scenario, n_days = ready.scenario, ready.grain.n_days
    named = [
        ready.day(a.launch_utc) - a.window_days
        for a in scenario.announced
        if person.name in a.crew and a.kind == "rotation"
    ]
    stay = min(_stay_days(scenario, t) for t in types)
    turn = min(ready.turn_days(person, t.name, is_commander=is_commander) for t in types)
    first = min(ready.earliest_launch_day(person, t.name, is_commander=is_commander) for t in types)
    n_most = _n_flights_by_dose(scenario, person, stay)
    day, n = min([first, *named]), 0
    while n < n_most:
        # Somebody announced flies whatever their dates say: then only the cycle counts.
        free = day if named else _first_free(ready, person, day, stay)
        if free is None or math.floor(max(0.0, free)) >= n_days:
            return
        yield math.floor(max(0.0, free))
        n += 1
        day = free + stay + turn
        if stay + turn <= 0:
            day = free + 1  # one launch a day is more than anybody flies


def _stay_days(scenario: Scenario, kind: VehicleType) -> float:
    """Least days from launch to landing of a rotation flight that lands in the horizon."""
    docked = [float(int(kind.docked_days_min))]
    docked += [
        a.docked_days
        for a in scenario.announced
        if a.docked_days is not None and a.kind == "rotation" and a.vehicle_type == kind.name
    ]
    # The planning day of the docking rounds up to a day away.
    return max(0.0, min(docked) + (kind.ascent_hours + kind.return_hours) / 24 - 1)


def _n_flights_by_dose(scenario: Scenario, person: Person, stay: float) -> float:
    """Most flights within the career dose; one more may end after the horizon."""
    setting = scenario.rules["career_dose"]
    dose = float(setting.values.get("msv_per_day", 0.0)) * stay
    if setting.severity not in _BINDING or dose <= 0:
        return math.inf
    left = max(0.0, float(setting.values.get("msv_max", 0.0)) - person.dose_msv)
    return math.floor(left / dose + 1e-9) + 1


def _first_free(ready: Readiness, person: Person, day: float, stay: float) -> float | None:
    """The first instant from `day` at which somebody available and qualified can launch for `stay` days."""
    horizon = ready.day(ready.scenario.to_utc)
    away = [(ready.day(a.from_utc), ready.day(a.to_utc)) for a in person.unavailable]
    spans = [
        (
            -math.inf if q.from_utc is None else ready.day(q.from_utc),
            math.inf if q.to_utc is None else ready.day(q.to_utc),
        )
        for q in person.qualifications
        if q.is_operator
    ]
    if not ready.scenario.station.segments:
        spans = [(-math.inf, math.inf)]
    starts = {day, *(to for _, to in away), *(since for since, _ in spans)}
    for start in sorted(s for s in starts if s >= day):
        landing = min(start + stay, horizon)
        if any(since <= start and landing <= to and start < to for since, to in spans) and not any(
            since < landing and start < to for since, to in away
        ):
            return start
    return None


def _limit_by_places(
    ready: Readiness,
    people: list[Person],
    types: list[VehicleType],
    launches: dict[str, list[int]],
    found: list[int],
    *,
    is_commander: bool,
) -> None:
    """Of those who have yet to take a course, no more fly than its places can have trained."""
    horizon = float(ready.grain.n_days)
    needs = {
        p.name: frozenset.intersection(
            *(
                frozenset(
                    t.course.name
                    for t in ready.to_take(p, kind.name, horizon, is_commander=is_commander)
                    if not t.is_refresher
                )
                for kind in types
            )
        )
        for p in people
    }
    given = {p for p, _ in ready.given}
    for course in ready.scenario.courses:
        if course.n_places is None:
            continue
        late = [p.name for p in people if course.name in needs[p.name] and p.name not in given]
        others = [0] * (len(found) + 1)
        theirs: list[list[int]] = []
        for p in people:
            if p.name in late:
                theirs.append(launches[p.name])
            else:
                for day in launches[p.name]:
                    others[day] += 1
        total, flown = 0, [0] * len(theirs)
        going = {day for mine in theirs for day in mine}
        for day in range(len(found)):
            total += others[day]
            n_trained = ready.n_trained_by(course, day + 1)
            if n_trained >= len(late):
                break
            if day in going:
                flown = sorted((bisect_right(mine, day) for mine in theirs), reverse=True)
            found[day] = min(found[day], total + sum(flown[:n_trained]))
