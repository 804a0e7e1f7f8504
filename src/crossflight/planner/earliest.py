"""From when can she fly?  The earliest launch of one person, and the courses that lead to it.

Everybody else's plan stays as it is: their places in courses are taken, and what the person does
already is kept.  Courses are taken one after the other in the order that ends first; which order
that is is found exactly, because being earlier never makes the rest later.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from crossflight.model import Course, Person, Plan, Scenario
from crossflight.planner.commitments import Commitments
from crossflight.planner.readiness import Readiness
from crossflight.times import Instant

_EPS_DAYS = 1e-6
_N_EXACT_MAX = 12
# Nobody waits longer; a date this far away means never.
_HORIZON_DAYS = 30 * 365
# Days tried one by one while a course lapses before the others have been taken.
_N_LAPSED_MAX = 400
_KEPT_S = 1.0


@dataclass(frozen=True, slots=True)
class Wait:
    """The person could go on over [from_utc, to_utc) but for `why`."""

    from_utc: Instant
    to_utc: Instant
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """A course on the way, [from_utc, to_utc), and what was waited for before it."""

    course: Course
    is_refresher: bool
    from_utc: Instant
    to_utc: Instant
    waits: tuple[Wait, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A course that counts already: when it was finished (or renewed) and until when it is current."""

    course: Course
    since_utc: Instant
    until_utc: Instant | None


@dataclass(frozen=True, slots=True)
class Earliest:
    """The earliest launch (its day at 00:00), None if there is none within thirty years.

    `limits` says what keeps it from being a day earlier.
    """

    vehicle_type: str
    is_commander: bool
    launch_utc: Instant | None
    steps: tuple[Step, ...]
    counted: tuple[Counted, ...]
    limits: str


@dataclass(frozen=True, slots=True)
class _Task:
    """A course to take, for `days`; `before` are courses to finish first."""

    course: Course
    is_refresher: bool
    days: int
    before: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A course from day `at` on."""

    task: _Task
    at: int


class Search:
    """The earliest launches of one person.

    Parameters
    ----------
    plan
        What everybody does already; without it only the docked and announced flights.
    """

    def __init__(self, scenario: Scenario, plan: Plan | None, person: Person) -> None:
        self.scenario = scenario
        self.plan = plan
        self.person = person
        self.ready = Readiness(scenario)
        self.types = {t.name: t for t in scenario.vehicle_types}
        self.kept = Commitments(scenario, plan, person, self.ready)

    # -- one launch day ---------------------------------------------------------------------

    def _last(self, course: Course, launch: float) -> float | None:
        """The day from which a course counts at a launch; None if it has not been finished."""
        due = launch - self.ready.before_days + _EPS_DAYS
        done = [day for day in self.kept.finished.get(course.name, ()) if day <= due]
        if not done:
            return None
        return max(done + [day for day in self.kept.renewed.get(course.name, ()) if day < launch])

    def _needed(self, vehicle_type: str, launch: float, *, is_commander: bool) -> list[_Task]:
        """Courses to take for a launch: whole or refresher, days, what comes before."""
        tasks: dict[str, _Task] = {}

        def add(course: Course) -> None:
            if course.name in tasks or self._last(course, launch) is not None:
                return
            for name in course.prerequisites:
                add(self.ready.courses[name])
            days = math.ceil(course.duration_days - _EPS_DAYS)
            tasks[course.name] = _Task(course, False, days, frozenset(course.prerequisites))

        asked = self.ready.courses_for(self.person, vehicle_type, is_commander=is_commander)
        for course in asked:
            add(course)
        for course in asked:
            last = self._last(course, launch)
            lapses = math.inf if course.current_days is None else course.current_days
            if last is not None and last + lapses < launch - _EPS_DAYS:
                days = math.ceil(course.again_days - _EPS_DAYS)
                tasks[course.name] = _Task(course, True, days, frozenset())
        return list(tasks.values())

    def _slot(self, course: Course, day: int, n_days: int, limit: int) -> int | None:
        """The first day from `day` on which `n_days` of a course fit, with a place, ending by `limit`."""
        spans = self.kept.taken.get(course.name, [])
        while day + n_days <= limit:
            clash = [b.end for b in self.kept.busy if b.begin < day + n_days and day < b.end]
            if clash:
                day = max(clash)
                continue
            if course.n_places is None:
                return day
            here = [t for t in spans if t.begin < day + n_days and day < t.end]
            full = [
                d
                for d in {day, *(t.begin for t in here if t.begin > day)}
                if sum(t.begin <= d < t.end for t in here) >= course.n_places
            ]
            if not full:
                return day
            day = min(t.end for t in here if t.begin <= max(full) < t.end)
        return None

    def _chain(self, tasks: list[_Task], limit: int) -> list[_Chosen] | None:
        """The courses in the order that ends first; None if that is not by `limit`."""
        index = {t.course.name: i for i, t in enumerate(tasks)}
        before = [sum(1 << index[n] for n in t.before if n in index) for t in tasks]
        first = self.ready.begin_day
        chain: list[_Chosen] = []
        if len(tasks) > _N_EXACT_MAX:
            day = first
            for task in tasks:
                at = self._slot(task.course, day, task.days, limit)
                if at is None:
                    return None
                chain.append(_Chosen(task, at))
                day = at + task.days
            return chain
        # The earliest end of every set of courses, and the course that came last in it.
        best: dict[int, tuple[int, int, int]] = {0: (first, -1, first)}
        whole = (1 << len(tasks)) - 1
        for done in range(whole):
            if done not in best:
                continue
            for i, task in enumerate(tasks):
                more = done | 1 << i
                if more == done or before[i] & ~done:
                    continue
                at = self._slot(task.course, best[done][0], task.days, limit)
                if at is not None and (more not in best or at + task.days < best[more][0]):
                    best[more] = (at + task.days, i, at)
        if whole not in best:
            return None
        done = whole
        while done:
            _, i, at = best[done]
            chain.append(_Chosen(tasks[i], at))
            done &= ~(1 << i)
        return chain[::-1]

    def _barred(self, vehicle_type: str, day: int) -> tuple[int, str] | None:
        """(a later day to try, why) if the person cannot be launched on `day` whatever has been learnt."""
        ready, kind = self.ready, self.types[vehicle_type]
        stay = kind.docked_days_min + (kind.ascent_hours + kind.return_hours) / 24
        if self.person.landed_utc is not None:
            rested = ready.day(self.person.landed_utc) + ready.ground_days
            if day < rested - _EPS_DAYS:
                return math.ceil(rested - _EPS_DAYS), f"{ready.ground_days:g} d on the ground after landing"
        for f in self.kept.flown:
            rested = f.landing + ready.ground_days
            if day < rested - _EPS_DAYS and f.launch < day + stay + ready.ground_days:
                why = f"{f.name}, and {ready.ground_days:g} d on the ground after it"
                return math.ceil(rested - _EPS_DAYS), why
        for a in self.person.unavailable:
            if ready.day(a.from_utc) < day + stay and day < ready.day(a.to_utc) - _EPS_DAYS:
                return math.ceil(ready.day(a.to_utc) - _EPS_DAYS), f"not available ({a.why})"
        site = day - ready.before_days
        for b in self.kept.busy:
            if b.bars_launch_site and b.begin < day and site < b.end:
                return math.ceil(b.end + ready.before_days), b.why
        if not self.scenario.station.segments:
            return None
        spans = [
            (
                -math.inf if q.from_utc is None else ready.day(q.from_utc),
                math.inf if q.to_utc is None else ready.day(q.to_utc),
            )
            for q in self.person.qualifications
            if q.is_operator
        ]
        if any(a <= day and day + stay <= b for a, b in spans):
            return None
        later = [a for a, _ in spans if a > day]
        return (math.ceil(min(later)) if later else _HORIZON_DAYS + 1), "operator of no segment then"

    def _kept_current(self, tasks: list[_Task], launch: int, due: int) -> list[_Chosen] | None:
        """Places in which nothing lapses before the launch, with second refreshers where they help.

        Taken as early as can be some course lapses, so the order that ends first is not enough: here
        CP-SAT chooses among the days on which each course has a place.
        """
        model = cp_model.CpModel()
        starts: list[cp_model.IntVar] = []
        intervals: list[cp_model.IntervalVar] = []
        chosen: list[tuple[_Task, cp_model.IntVar, cp_model.IntVar]] = []
        for task in tasks:
            course = task.course
            start, interval = self._place(model, task, due, None)
            if start is None or interval is None:
                return None
            starts.append(start)
            intervals.append(interval)
            chosen.append((task, start, model.new_constant(1)))
            if course.current_days is None:
                continue
            current_from = math.ceil(launch - course.current_days - _EPS_DAYS)
            again = _Task(course, True, math.ceil(course.again_days - _EPS_DAYS), frozenset())
            is_there = model.new_bool_var(f"{course.name}.again")
            later, optional = self._place(model, again, due, is_there)
            if later is None or optional is None:
                model.add(start + task.days >= current_from)
                continue
            intervals.append(optional)
            chosen.append((again, later, is_there))
            model.add(later >= start + task.days).only_enforce_if(is_there)
            model.add(later + again.days >= current_from).only_enforce_if(is_there)
            model.add(start + task.days >= current_from).only_enforce_if(~is_there)
        index = {t.course.name: i for i, t in enumerate(tasks)}
        for i, task in enumerate(tasks):
            for name in task.before:
                if name in index:
                    model.add(starts[index[name]] + tasks[index[name]].days <= starts[i])
        model.add_no_overlap(intervals)
        model.minimize(sum(is_there for _, _, is_there in chosen))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.max_deterministic_time = _KEPT_S
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        found = [_Chosen(t, solver.value(at)) for t, at, is_there in chosen if solver.value(is_there)]
        return sorted(found, key=lambda c: c.at)

    def _place(
        self, model: cp_model.CpModel, task: _Task, due: int, is_there: cp_model.IntVar | None
    ) -> tuple[cp_model.IntVar, cp_model.IntervalVar] | tuple[None, None]:
        """A course among the days on which it fits; nothing if there is none."""
        days = [
            day
            for day in range(self.ready.begin_day, due - task.days + 1)
            if self._slot(task.course, day, task.days, day + task.days) == day
        ]
        if not days:
            return None, None
        name = f"{task.course.name}.{task.is_refresher}"
        start = model.new_int_var_from_domain(cp_model.Domain.from_values(days), name)
        there = model.new_constant(1) if is_there is None else is_there
        return start, model.new_optional_fixed_size_interval_var(start, task.days, there, name)

    def _lapses(self, chain: list[_Chosen], launch: int) -> bool:
        """Whether a course of the chain is no longer current at the launch."""
        return any(
            (current := c.task.course.current_days) is not None
            and c.at + c.task.days + current < launch - _EPS_DAYS
            for c in chain
        )

    # -- the answer -------------------------------------------------------------------------

    def earliest(self, vehicle_type: str, from_utc: Instant, *, is_commander: bool = False) -> Earliest:
        """The earliest launch on a vehicle type on `from_utc` or later."""
        ready = self.ready
        asked = max(from_utc, self.scenario.from_utc)
        day = math.ceil(ready.day(asked) - _EPS_DAYS)
        limits = "nothing: ready when asked"
        # Days on which something of the plan changes what has to be taken.
        events = {math.ceil(x + ready.before_days) for days in self.kept.finished.values() for x in days}
        events |= {math.floor(x) + 1 for days in self.kept.renewed.values() for x in days}
        n_lapsed = 0
        while day <= _HORIZON_DAYS and n_lapsed < _N_LAPSED_MAX:
            barred = self._barred(vehicle_type, day)
            if barred is not None:
                day, limits = max(day + 1, barred[0]), barred[1]
                continue
            tasks = self._needed(vehicle_type, day, is_commander=is_commander)
            due = math.floor(day - ready.before_days + _EPS_DAYS)
            chain = self._chain(tasks, _HORIZON_DAYS)
            if chain is None:
                limits = "no place in a course within thirty years"
                break
            end = max((c.at + c.task.days for c in chain), default=due)
            if end > due:
                trained = math.ceil(end + ready.before_days - _EPS_DAYS)
                coming = min((e for e in events if day < e < trained), default=trained)
                if coming == trained:
                    limits = (
                        f"courses until {self._date(end)}, then {ready.before_days:g} d at the launch site"
                    )
                day = coming
                continue
            is_early = not self._lapses(chain, day)
            if not is_early:
                kept = self._kept_current(tasks, day, due)
                if kept is None:
                    n_lapsed, day, limits = (
                        n_lapsed + 1,
                        day + 1,
                        "a course lapses before the others are taken",
                    )
                    continue
                chain = kept
            return Earliest(
                vehicle_type,
                is_commander,
                ready.grain.day0.plus_days(day),
                tuple(self._steps(chain, has_waits=is_early)),
                tuple(self._counted(vehicle_type, day, is_commander=is_commander)),
                limits,
            )
        return Earliest(vehicle_type, is_commander, None, (), (), limits)

    def _date(self, day: float) -> str:
        return self.ready.grain.day0.plus_days(day).date()

    def _steps(self, chain: list[_Chosen], *, has_waits: bool) -> Iterator[Step]:
        day0, free = self.ready.grain.day0, self.ready.begin_day
        for c in chain:
            waits = tuple(self._waits(c.task.course, free, c.at)) if has_waits else ()
            free = c.at + c.task.days
            yield Step(c.task.course, c.task.is_refresher, day0.plus_days(c.at), day0.plus_days(free), waits)

    def _waits(self, course: Course, free: int, at: int) -> Iterator[Wait]:
        """What the person waits for from day `free` until the course begins."""
        day0, day = self.ready.grain.day0, free
        for b in self.kept.busy:
            if b.begin < at and b.end > day:
                if b.begin > day:
                    yield self._full(course, day, b.begin)
                yield Wait(day0.plus_days(max(b.begin, day)), day0.plus_days(min(b.end, at)), b.why)
                day = max(day, b.end)
        if day < at:
            yield self._full(course, day, at)

    def _full(self, course: Course, begin: int, end: int) -> Wait:
        day0 = self.ready.grain.day0
        who = dict.fromkeys(
            t.why
            for t in self.kept.taken.get(course.name, ())
            if t.begin < end + course.duration_days and begin < t.end
        )
        why = f"no room for {course.duration_days:g} d at once"
        if who:
            why = f"the {course.n_places} places of {course.name} are taken by {', '.join(who)}"
        return Wait(day0.plus_days(begin), day0.plus_days(end), why)

    def _counted(self, vehicle_type: str, launch: int, *, is_commander: bool) -> Iterator[Counted]:
        day0 = self.ready.grain.day0
        for course in self.ready.courses_for(self.person, vehicle_type, is_commander=is_commander):
            last = self._last(course, launch)
            if last is None or (course.current_days is not None and last + course.current_days < launch):
                continue
            until = None if course.current_days is None else day0.plus_days(last + course.current_days)
            yield Counted(course, day0.plus_days(last), until)
