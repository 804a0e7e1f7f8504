"""The training stage: a place in a course for everybody who has a seat, as late as can be.

Seats and flights are decided; what is left is when each course is taken.  Courses are intervals
of whole days: of one person they do not overlap each other or anything else the person does, of
one course at most its places overlap.  A refresher is there only where nothing else keeps the
course current.  A schedule is first built backwards from the launches; CP-SAT mends and improves
it, or proves that there is none, and then finds few people who cannot be trained together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from crossflight.model import Course, Person, Scenario, TrainingSlot
from crossflight.planner.people import CrewFlight, Crews, Duties, Untrainable
from crossflight.planner.readiness import Readiness
from crossflight.planner.solve import (
    Budget,
    Goal,
    search,
)
from crossflight.planner.visit import Expr

_EPS_DAYS = 1e-6
_NEVER = -(10**6)
# Days as late as can be are sought so long; a first schedule longer.
_LATER_S = 0.3
_SCHEDULE_S = 4.0
_SHRINK_S = 0.5
_N_SHRINK_MAX = 40


@dataclass(frozen=True, slots=True)
class Duty:
    """A seat somebody is trained for: the launch and, unless it is a backup seat, the landing, in days."""

    flight: str
    vehicle_type: str
    is_backup: bool
    is_commander: bool
    is_given: bool
    launch: float
    landing: float


@dataclass(slots=True)
class Session:
    """A course somebody takes for a flight: [start, start + days), whole days.

    `after` are sessions to finish before.  With `previous` it is a refresher that can be left out
    if what counts from there ends on `current_from` or later; `current_from` also bounds its own
    end.
    """

    person: str
    course: Course
    days: int
    flight: str
    earliest: int
    due: int
    current_from: int = _NEVER
    after: tuple[int, ...] = ()
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """How scheduling ended: the places, or people whose duties cannot be trained for together."""

    status: str
    slots: tuple[TrainingSlot, ...] = ()
    conflict: Untrainable | None = None


class _Record:
    """What one person has finished, while sessions are added.

    `first` and `last`: course to the day it was first finished, and from which it last counts as
    current; `planned`: course to its sessions.  `free` is the first day of a new course.
    """

    def __init__(self, ready: Readiness, person: Person) -> None:
        self.name = person.name
        self.free = ready.begin_day
        self.first: dict[str, float] = {}
        self.last: dict[str, float] = {}
        self.planned: dict[str, list[int]] = {}
        for record in person.trained:
            day = ready.day(record.finished_utc)
            self.free = max(self.free, math.ceil(day - _EPS_DAYS))
            for name in ready.scenario.with_prerequisites(record.courses):
                self.first[name] = min(day, self.first.get(name, day))
                self.last[name] = max(day, self.last.get(name, day))

    def has(self, course: Course) -> bool:
        """Whether the whole course is behind, or planned."""
        return course.name in self.first or course.name in self.planned


class Training:
    """What has to be taken by whom, by when, and the schedule of it."""

    def __init__(self, scenario: Scenario, flights: Iterable[CrewFlight], crews: Crews) -> None:
        self.scenario = scenario
        self.ready = Readiness(scenario)
        self.crews = crews
        self._by_name = {p.name: p for p in scenario.people}
        self._flights = {f.name: f for f in flights}
        self._duties = {name: self._in_order(name, mine) for name, mine in crews.duties().items()}
        self.sessions: list[Session] = []
        self.busy: dict[str, list[tuple[int, int]]] = {}
        for name, duties in self._duties.items():
            self.busy[name] = self._busy(self._by_name[name], duties)
            self._add_sessions(self._by_name[name], duties)

    # -- what is to be taken ----------------------------------------------------------------

    def _in_order(self, name: str, mine: Duties) -> list[Duty]:
        duties = []
        for flight, is_backup in mine:
            f = self._flights[flight]
            duties.append(
                Duty(
                    flight,
                    f.vehicle_type,
                    is_backup,
                    (name, flight, is_backup) in self.crews.commands,
                    f.is_docked_at_start or name in f.names,
                    self.ready.day(f.launch_utc),
                    self.ready.day(f.launch_utc if is_backup else f.latest_landing_utc),
                )
            )
        return sorted(duties, key=lambda d: (d.launch, d.flight))

    def _busy(self, person: Person, duties: list[Duty]) -> list[tuple[int, int]]:
        """Whole days on which the person cannot be in a course, merged."""
        ready, spans = self.ready, []
        for d in duties:
            after = 0.0 if d.is_backup else ready.after_days
            spans.append((d.launch - ready.before_days, d.landing + after))
        spans += [(ready.day(a.from_utc), ready.day(a.to_utc)) for a in person.unavailable]
        if person.landed_utc is not None:
            landed = ready.day(person.landed_utc)
            spans.append((landed, landed + ready.after_days))
        for record in person.trained:
            spans.append((float(ready.begin_day), ready.day(record.finished_utc)))
        merged: list[tuple[int, int]] = []
        for begin, end in sorted((math.floor(a + _EPS_DAYS), math.ceil(b - _EPS_DAYS)) for a, b in spans):
            if begin >= end or end <= ready.begin_day:
                continue
            if merged and begin <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((begin, end))
        return merged

    def _add_sessions(self, person: Person, duties: list[Duty]) -> None:
        record = _Record(self.ready, person)
        for d in duties:
            due = math.floor(d.launch - self.ready.before_days + _EPS_DAYS)
            if not d.is_given:
                for course in self.ready.courses_for(person, d.vehicle_type, is_commander=d.is_commander):
                    self._take(record, course, d, due)
            if d.is_backup:
                continue
            # The landing renews what the seat asked for, and of a commander the commander's courses.
            commands = d.vehicle_type in person.commander_of
            for course in self.ready.courses_for(person, d.vehicle_type, is_commander=commands):
                if d.is_given:
                    finished = d.launch - self.ready.before_days
                    record.first[course.name] = min(finished, record.first.get(course.name, finished))
                if record.has(course):
                    last = record.last.get(course.name, d.landing)
                    record.last[course.name] = max(d.landing, last)

    def _take(
        self, record: _Record, course: Course, duty: Duty, due: int, *, is_prerequisite: bool = False
    ) -> None:
        """Add what makes a course count at a launch: the whole course, a refresher, or nothing."""
        current_from = _NEVER
        if course.current_days is not None and not is_prerequisite:
            current_from = math.ceil(duty.launch - course.current_days - _EPS_DAYS)
        if not record.has(course):
            after: list[int] = []
            earliest = record.free
            for name in course.prerequisites:
                needed = self.ready.courses[name]
                if not record.has(needed):
                    self._take(record, needed, duty, due, is_prerequisite=True)
                if name in record.first:
                    earliest = max(earliest, math.ceil(record.first[name] - _EPS_DAYS))
                else:
                    after.append(record.planned[name][0])
            days = math.ceil(course.duration_days - _EPS_DAYS)
            self._add(
                record, Session(record.name, course, days, duty.flight, earliest, due, after=tuple(after))
            )
        elif record.last.get(course.name, -math.inf) >= current_from:
            return
        if current_from == _NEVER:
            return
        days = math.ceil(course.again_days - _EPS_DAYS)
        again = Session(record.name, course, days, duty.flight, record.free, due, current_from)
        if course.name in record.planned:
            again.previous = record.planned[course.name][-1]
        self._add(record, again)

    def _add(self, record: _Record, session: Session) -> None:
        record.planned.setdefault(session.course.name, []).append(len(self.sessions))
        self.sessions.append(session)

    def _running(self, course: str) -> list[tuple[int, int]]:
        """Places taken since before the scenario begins."""
        return [
            (self.ready.begin_day, end)
            for p in self.scenario.people
            for t in p.trained
            if course in t.courses
            and (end := math.ceil(self.ready.day(t.finished_utc) - _EPS_DAYS)) > self.ready.begin_day
        ]

    # -- the schedule -----------------------------------------------------------------------

    def schedule(self, budget: Budget) -> Schedule:
        """Places for everybody, as late as can be; or who cannot be trained together."""
        people = sorted(self.busy)
        placed = self._backwards(people)
        status, starts = self._solve(people, budget, placed, _LATER_S)
        if starts is None and status != cp_model.INFEASIBLE:
            status, starts = self._solve(people, budget, placed, _SCHEDULE_S)
        if starts is None:
            if status != cp_model.INFEASIBLE:
                return Schedule("unknown")
            return Schedule("infeasible", conflict=self._conflict(people, budget))
        day0 = self.ready.grain.day0
        slots = [
            TrainingSlot(s.person, s.course.name, day0.plus_days(at), day0.plus_days(at + s.days), s.flight)
            for s, at in zip(self.sessions, starts, strict=True)
            if at is not None
        ]
        slots.sort(key=lambda s: (s.from_utc, s.person))
        return Schedule("optimal" if status == cp_model.OPTIMAL else "feasible", tuple(slots))

    def _backwards(self, people: list[str]) -> list[int | None]:
        """Each session as late as it fits, later launches' first come; None where it did not fit.

        A first solution for CP-SAT, not a promise: refreshers that turn out unnecessary stay.
        """
        theirs = {p: list(self.busy[p]) for p in people}
        horizon = max((s.due for s in self.sessions), default=0) + 1
        taken: dict[str, list[int]] = {}
        for course in self.ready.courses.values():
            taken[course.name] = [0] * (horizon + 1)
            for begin, end in self._running(course.name):
                for day in range(begin, min(end, horizon)):
                    taken[course.name][day] += 1
        starts: list[int | None] = [None] * len(self.sessions)
        deadline = [s.due for s in self.sessions]
        for i in sorted(range(len(self.sessions)), key=lambda i: (-self.sessions[i].due, -i)):
            s = self.sessions[i]
            if s.previous is not None and self.sessions[s.previous].due >= s.current_from:
                continue  # taken as late as can be, what is before keeps it current
            full = taken[s.course.name]
            at = deadline[i] - s.days
            while at >= s.earliest:
                clash = [b for b, e in theirs[s.person] if b < at + s.days and at < e]
                if clash:
                    at = min(clash) - s.days
                    continue
                most = s.course.n_places
                crowded = next(
                    (d for d in range(at, at + s.days) if most is not None and full[d] >= most), None
                )
                if crowded is None:
                    break
                at = crowded - s.days
            if at < s.earliest:
                continue
            starts[i] = at
            theirs[s.person].append((at, at + s.days))
            for day in range(at, at + s.days):
                full[day] += 1
            for k in s.after:
                deadline[k] = min(deadline[k], at)
        return starts

    def _solve(
        self,
        people: list[str],
        budget: Budget,
        hint: list[int | None],
        limit_s: float,
        workers: int | None = None,
        last_due: float = math.inf,
    ) -> tuple[int, list[int | None] | None]:
        """CP-SAT over the sessions of these people; the starts, None where a refresher is not needed."""
        model = cp_model.CpModel()
        chosen = set(people)
        starts: list[cp_model.IntVar | None] = []
        present: list[cp_model.IntVar | None] = []  # None: always
        by_person: dict[str, list[cp_model.IntervalVar]] = {p: [] for p in people}
        by_course: dict[str, list[cp_model.IntervalVar]] = {}
        early: list[Expr] = []
        counts: list[Expr] = []  # the end from which the course counts, by this session
        for i, s in enumerate(self.sessions):
            if s.person not in chosen or s.due > last_due:
                starts.append(None)
                present.append(None)
                counts.append(0)
                continue
            least = max(s.earliest, s.current_from - s.days)
            if least > s.due - s.days:
                if s.previous is None:
                    # Nothing to search: it does not fit before the launch whatever others do.
                    return int(cp_model.INFEASIBLE), None
                model.add(counts[s.previous] >= s.current_from)
                starts.append(None)
                present.append(None)
                counts.append(counts[s.previous])
                continue
            start = model.new_int_var(least, s.due - s.days, f"start{i}")
            is_there: cp_model.IntVar | None = None
            ends: Expr = start + s.days
            if s.previous is None:
                interval = model.new_fixed_size_interval_var(start, s.days, f"session{i}")
                early.append(s.due - s.days - start)
            else:
                is_there = model.new_bool_var(f"there{i}")
                ends = model.new_int_var(0, s.due, f"end{i}")
                model.add(ends == start + s.days).only_enforce_if(is_there)
                model.add(ends == counts[s.previous]).only_enforce_if(~is_there)
                model.add(start >= counts[s.previous]).only_enforce_if(is_there)
                model.add(ends >= s.current_from)
                interval = model.new_optional_fixed_size_interval_var(start, s.days, is_there, f"session{i}")
                early += [s.due - s.days - start, s.days * is_there]
            starts.append(start)
            present.append(is_there)
            counts.append(ends)
            by_person[s.person].append(interval)
            by_course.setdefault(s.course.name, []).append(interval)
            for k in s.after:
                model.add(counts[k] <= start)
        for name in people:
            if by_person[name]:
                fixed = [
                    model.new_fixed_size_interval_var(b, e - b, f"{name}.{b}") for b, e in self.busy[name]
                ]
                model.add_no_overlap([*by_person[name], *fixed])
        for name, intervals in by_course.items():
            n_places = self.ready.courses[name].n_places
            running = [
                model.new_fixed_size_interval_var(b, e - b, f"{name}.running") for b, e in self._running(name)
            ]
            if n_places is not None and len(intervals) + len(running) > n_places:
                model.add_cumulative([*intervals, *running], [1] * (len(intervals) + len(running)), n_places)
        if not early:
            return int(cp_model.OPTIMAL), [None] * len(self.sessions)
        for begin, is_there, at in zip(starts, present, hint, strict=True):
            if begin is not None and at is not None:
                model.add_hint(begin, at)
            if is_there is not None:
                model.add_hint(is_there, at is not None)
        goal = Goal("as late as can be", sum(early), 1)
        status, solver = search(model, goal, budget, "training", _silent, limit_s, workers=workers)
        values = list(solver.response_proto.solution)
        if not values:
            return status, None
        found = [
            None
            if begin is None or (is_there is not None and not solver.boolean_value(is_there))
            else solver.value(begin)
            for begin, is_there in zip(starts, present, strict=True)
        ]
        return status, found

    def _conflict(self, people: list[str], budget: Budget) -> Untrainable:
        """Few people, and the earliest launch up to which they cannot be trained for their seats."""
        few = self._few(people, budget)
        nothing: list[int | None] = [None] * len(self.sessions)
        dues = sorted({s.due for s in self.sessions if s.person in few})
        low, high = 0, len(dues) - 1
        while low < high:
            middle = (low + high) // 2
            status, _ = self._solve(few, budget, nothing, _SHRINK_S, workers=1, last_due=dues[middle])
            low, high = (low, middle) if status == cp_model.INFEASIBLE else (middle + 1, high)
        until = max(
            self._flights[s.flight].launch_utc
            for s in self.sessions
            if s.person in few and s.due <= dues[high]
        )
        launched = {f.name for f in self._flights.values() if f.launch_utc <= until}
        duties = self.crews.duties()
        return Untrainable(
            {n: frozenset(d for d in duties[n] if d[0] in launched) for n in few},
            frozenset(c for c in self.crews.commands if c[0] in few and c[1] in launched),
            until,
        )

    def _few(self, people: list[str], budget: Budget) -> list[str]:
        """Few people who cannot be trained together: people are left out while the rest still cannot.

        Each time the rest is solved anew, so what is returned is proven by itself.
        """
        nothing: list[int | None] = [None] * len(self.sessions)
        kept = [p for p in people if any(s.person == p for s in self.sessions)]
        step = max(1, len(kept) // 2)
        tries = 0
        while step and tries < _N_SHRINK_MAX:
            i = 0
            while i < len(kept) and tries < _N_SHRINK_MAX:
                rest = kept[:i] + kept[i + step :]
                tries += 1
                status, _ = (
                    self._solve(rest, budget, nothing, _SHRINK_S, workers=1)
                    if rest
                    else (cp_model.OPTIMAL, None)
                )
                if status == cp_model.INFEASIBLE:
                    kept = rest
                else:
                    i += step
            step //= 2
        return kept


def _silent(stage: str, tier: str, incumbent: float | None, bound: float | None) -> None:
    pass
