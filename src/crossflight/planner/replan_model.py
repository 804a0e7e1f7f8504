"""The traffic model of a repair: every flight of a plan, to be kept, moved or given up.

Unlike the model that plans from nothing, it knows each flight by name: crewed and cargo flights are visits of
their own, in the order of their lines, and for each there is a literal that says whether anything of it is
touched.  The flight rules are those of `planner.constraints`; what people use up is added where a check has
found it short.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ortools.sat.python import cp_model

from crossflight.model import (
    AnnouncedFlight,
    Craft,
    DockedFlight,
    Scenario,
    VehicleType,
)
from crossflight.model.scenario import Severity
from crossflight.planner.constraints import BUILD, consumables, crew_qualification
from crossflight.planner.constraints.crew_size import successor
from crossflight.planner.grain import UNDOCK_HOUR, Clock, Hours, hour_of
from crossflight.planner.replan_stay import stays_as_announced
from crossflight.planner.replan_supplies import Supplies
from crossflight.planner.replan_task import PlannedHours, Stock, Task
from crossflight.planner.timetable import over
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit
from crossflight.times import Instant

# Aggregates and bounds that a repair does without: cargo and people are there by name.
_LEFT_OUT = (consumables.add, crew_qualification.add)
# What a repair cannot always keep is counted by its stages, not forbidden.
_COUNTED: Mapping[str, Severity] = {"segment_operator": "soft", "operator_n1": "waivable"}


@dataclass
class Kept:
    """What of a planned flight can be kept: days in the model's grain and the literals about it."""

    visit: Visit
    task: Task
    launch: int
    undock: int
    is_touched: Lit
    days_moved: list[Expr] = field(default_factory=list)
    keeps: dict[str, Lit] = field(default_factory=dict)

    @property
    def as_planned(self) -> list[Lit]:
        """Whether it has its craft, pad and port, each where there is another to be had."""
        v, f = self.visit, self.task.flight
        if self.task.is_new or v.origin == "docked":
            return []
        places = ((v.craft_of, f.craft), (v.pad_of, f.pad), (v.port_of, f.port))
        return [choice[name] for choice, name in places if name and name in choice and len(choice) > 1]


class RepairModel(Traffic):
    """The flights of a plan as visits.

    Attributes
    ----------
    kept
        By flight: what there is to keep of it.
    """

    def __init__(self, scenario: Scenario, tasks: Sequence[Task]) -> None:
        self.tasks = {t.flight.name: t for t in tasks}
        self.kept: dict[str, Kept] = {}
        rules = dict(scenario.rules)
        for rule, severity in _COUNTED.items():
            # A scenario that has been repaired before says waivable.
            if rules[rule].severity in ("hard", "waivable"):
                rules[rule] = replace(rules[rule], severity=severity)
        closed = replace(
            scenario,
            rules=rules,
            vehicle_types=tuple(replace(v, plan_line=False) for v in scenario.vehicle_types),
            announced=(),
        )
        self._spoilt = {c.name for c in scenario.craft if c.unusable_from_utc is not None} | {
            c.name
            for c in scenario.craft
            if c.n_flights_allowed is not None and c.n_flights_used >= c.n_flights_allowed
        }
        # Of the flights announced, how long they stay.
        self._stays_told = {a.name: a.docked_days for a in scenario.announced if a.docked_days is not None}
        flights = {t.flight.name: t.flight for t in tasks if not t.is_new}
        super().__init__(closed, PlannedHours(closed, flights))

    def build(self, stocks: Sequence[Stock] = ()) -> None:
        """Add every rule, then what is to be kept."""
        for add in BUILD:
            if add not in _LEFT_OUT:
                add(self)
        for task in self.tasks.values():
            self._keep(task)
        self._one_place()
        self._take_over()
        self._stays()
        supplies = Supplies(self)
        for stock in stocks:
            supplies.last(stock)

    # -- visits -----------------------------------------------------------------------------

    def craft_named(self, v: Visit) -> str | None:
        """The craft planned for a flight, unless it can fly no more."""
        task = self.tasks.get(v.name)
        if task is None or task.is_new or task.flight.craft in self._spoilt:
            return None
        return task.flight.craft

    def free_craft(self, vehicle: VehicleType) -> list[Craft]:
        """Craft with a flight left that no flight of the plan names."""
        named = {t.flight.craft for t in self.tasks.values() if not t.is_new}
        return [
            c
            for c in self.fleet(vehicle)
            if c.name not in self._spoilt and (vehicle.is_reusable or c.name not in named)
        ]

    def n_seats_free(self, v: Visit, pattern: Mapping[str, int]) -> int:
        """Seats that count as free: an empty seat is no gain where somebody was to sit in it."""
        task, free = self.tasks[v.name], super().n_seats_free(v, pattern)
        if task.takes_over:
            return free
        return min(free, v.vehicle.n_seats_nominal - self.n_crew(v) + task.n_empty_seats - len(task.joining))

    def n_crew(self, v: Visit) -> int:
        """How many were to fly in it."""
        task = self.tasks[v.name]
        if not task.is_new and not task.takes_over:
            return len(task.flight.crew_up)
        return max((sum(p.values()) for _, p in v.patterns), default=0)

    def _build_visits(self) -> None:
        there = {d.flight.name: d for d in self.scenario.docked}
        for task in self.tasks.values():
            name = task.flight.name
            self.visits.append(self._docked(there[name], task) if name in there else self._planned(task))
        for vehicle in self.scenario.vehicle_types:
            of_type = [v for v in self.visits if v.vehicle is vehicle]
            if vehicle.is_crewed:
                line = [v for v in of_type if v.kind in ("rotation", "uncrewed")]
                if line:
                    self.lines[vehicle.name] = line
                    self._order(line)
            else:
                self._in_turn(of_type)

    def _docked(self, there: DockedFlight, task: Task) -> Visit:
        planned = task.flight.undock_utc
        as_planned = self.grain.n_days if planned is None else self.grain.undock_day(planned)
        visit = self.docked(replace(there, planned_undock_utc=None, window_days=None), as_planned)
        first = self.grain.first_day_from(task.earliest_utc.plus_s(-3600 * UNDOCK_HOUR))
        told = [self.grain.day(r.undock_utc) for r in task.flight.relocations]
        for move in visit.moves:  # to relocate takes as long to prepare as to leave
            self.model.add(move.day >= min([first, *told])).only_enforce_if(move.is_made)
        if task.undock_utc is not None:
            self._leaves_on(visit, task.undock_utc)
        elif planned is not None and planned < task.earliest_utc:
            self.model.add(visit.undock == self.grain.undock_day(planned))
        else:
            self.model.add(visit.undock >= max(0, first))
        return visit

    def _leaves_on(self, visit: Visit, at: Instant) -> None:
        """On the day, or on the first day after it on which it can come home."""
        day = self.grain.undock_day(at.plus_days(1 - 1e-9)) if hour_of(at) else self.grain.undock_day(at) + 1
        day = max(0, day)
        if visit.returns is not None:
            day = min((d for d in visit.returns if d >= day), default=day)
        self.model.add(visit.undock == day)

    def _planned(self, task: Task) -> Visit:
        """A flight that may fly on any day its rules allow, or not at all."""
        f, horizon = task.flight, self.grain.n_days
        vehicle = self.types[f.vehicle_type]
        earliest = max(0, self.grain.first_day_from(task.earliest_utc))
        if not task.is_new and f.launch_utc >= task.earliest_utc:
            earliest = min(earliest, self.grain.day(f.launch_utc))
        earliest = min(earliest, horizon)
        asked = None if task.is_new else AnnouncedFlight(f.name, "rotation", vehicle.name, f.launch_utc)
        departures = self.timetable.departures(vehicle, self.pads(vehicle), asked)
        returns = self.timetable.returns(vehicle)
        clock = self.pins.clock(f.name, Clock.of(vehicle))
        clock = over(self.grain, clock, departures, returns, (earliest, horizon), (earliest, horizon))
        clock = self._with_planned_hours(clock, task)
        is_present = self.model.new_bool_var(f"{f.name}.present")
        launch = self.model.new_int_var(earliest, horizon, f"{f.name}.launch")
        self.model.add(launch + clock.dock_offset <= horizon - 1).only_enforce_if(is_present)
        self.model.add(launch == horizon).only_enforce_if(~is_present)
        kind = "uncrewed" if task.takes_over else f.kind
        visit = self._flying(f.name, kind, "added", vehicle, clock, is_present, launch, earliest)
        visit.launch_from = earliest
        visit.departures, visit.returns = departures, returns
        self.model.add(visit.undock == horizon).only_enforce_if(~is_present)
        self.model.add_implication(visit.is_open, is_present)
        self._stay(visit, task)
        if vehicle.is_crewed:
            self._patterns(visit, self._crews(task, vehicle))
        if f.kind == "visiting":
            visit.n_visitors = len(f.crew_up) - sum(self.count_by_partner(f.crew_up).values())
        self._choices(visit, None, None)
        return visit

    def _with_planned_hours(self, clock: Clock, task: Task) -> Clock:
        """The clock widened to the hours of the flight as it was planned."""
        f, grain = task.flight, self.grain
        if task.is_new or f.dock_utc is None:
            return clock
        day = grain.day(f.launch_utc)
        launch = _with(clock.launch, grain.hours_into(day, f.launch_utc))
        dock = _with(clock.dock, grain.hours_into(day, f.dock_utc))
        undock, landing = clock.undock, clock.landing
        if f.undock_utc is not None and f.landing_utc is not None:
            day = grain.undock_day(f.undock_utc)
            undock = _with(undock, grain.hours_into(day, f.undock_utc))
            landing = _with(landing, grain.hours_into(day, f.landing_utc))
        return Clock(launch, dock, undock, landing)

    def _stay(self, visit: Visit, task: Task) -> None:
        """How long it stays: visitors as long as was planned; others a day at least.

        The shortest stay of a type is a wish of who plans from nothing, and no rule.
        """
        f = task.flight
        home = [visit.is_present, ~visit.is_open]
        planned = None
        if f.undock_utc is not None and not task.is_new:
            planned = self.grain.undock_day(f.undock_utc) - self.grain.day(f.launch_utc)
        if f.kind == "visiting" and planned is not None and f.dock_utc and f.undock_utc:
            day, days = self.grain.day(f.launch_utc), f.undock_utc.days_since(f.dock_utc)
            stays_as_announced(self, visit, self._stays_told.get(f.name, days), (day, day + planned))
            return
        self.model.add(visit.undock >= visit.dock + 1).only_enforce_if(home)
        if visit.vehicle.docked_days_max is not None:
            longest = visit.clock.dock_offset + int(visit.vehicle.docked_days_max)
            if f.undock_utc is None and not task.is_new:
                planned = self.grain.n_days - self.grain.day(f.launch_utc)
            self.model.add(visit.days <= max(longest, planned or 0)).only_enforce_if(visit.is_present)

    def _crews(self, task: Task, vehicle: VehicleType) -> list[Mapping[str, int]]:
        """Seat counts it may carry up: as planned, as its type does, or fewer where seats stay empty."""
        f = task.flight
        if f.kind == "visiting":
            return [{}]
        if task.takes_over:
            left = self.tasks[task.takes_over].flight
            return [self.count_by_partner(left.crew_down or left.crew_up)]
        planned = self.count_by_partner(f.crew_up)
        usual = [dict(p) for p in vehicle.crew_patterns]
        found = ([planned] if planned else []) + usual
        for _ in range(task.n_empty_seats):
            found = _one_fewer(found)
        # Where nobody can ever be had for a seat that was planned, it can stay empty.
        for partner in (p for p, at in task.spare_from.items() if at is None and not task.is_new):
            for _ in range(max((p.get(partner, 0) for p in found), default=0)):
                found += [p for p in _one_fewer(found, partner) if p not in found]
        unique: list[Mapping[str, int]] = []
        for pattern in found:
            if pattern not in unique and sum(pattern.values()) > 0:
                unique.append(pattern)
        kept = [p for p in unique if self._keeps_agreements(visit=_Named(f.name, vehicle), pattern=p)]  # type: ignore[arg-type]  # only its name and type are asked
        return kept or unique or [{}]

    def _in_turn(self, line: list[Visit]) -> None:
        """Cargo flights of a type keep their order and their distance."""
        interval = max(1, int(line[0].vehicle.launch_interval_days_min)) if line else 1
        for a, b in pairwise(line):
            if b.origin == "docked":
                continue
            apart = min(interval, self._days_apart(a, b))
            self.model.add(b.launch >= a.launch + apart).only_enforce_if(b.is_present)
            if a.origin != "docked":
                self.model.add_implication(b.is_present, a.is_present)

    def _days_apart(self, a: Visit, b: Visit) -> int:
        """Days between two launches as they were planned: what was planned closer may stay so.

        The interval is how a line is planned.  A flight in need goes as soon as its craft and pad are ready.
        """
        first, second = self.tasks[a.name], self.tasks[b.name]
        if any(t.is_new or t.takes_over for t in (first, second)):
            return 1
        return self.grain.day(second.flight.launch_utc) - self.grain.day(first.flight.launch_utc)

    def _order(self, line: list[Visit]) -> None:
        for a, b in pairwise(line):
            if b.origin != "docked":
                interval = max(1, int(a.vehicle.launch_interval_days_min))
                apart = min(interval, self._days_apart(a, b))
                self.model.add(b.launch >= a.launch + apart).only_enforce_if(b.is_present)
                if a.origin == "added":
                    self.model.add_implication(b.is_present, a.is_present)
            # An open craft is still there at the horizon, so its successor is too.
            self.model.add(b.undock >= a.undock + 1).only_enforce_if([b.is_present, ~b.is_open])
            self.model.add(b.undock >= a.undock).only_enforce_if(b.is_present)

    # -- what is kept -----------------------------------------------------------------------

    def _keep(self, task: Task) -> None:
        v = next(x for x in self.visits if x.name == task.flight.name)
        f, model, horizon = task.flight, self.model, self.grain.n_days
        touched = model.new_bool_var(f"{v.name}.touched")
        launch = horizon if task.is_new else self.grain.day(f.launch_utc)
        undock = horizon if f.undock_utc is None else min(horizon, self.grain.undock_day(f.undock_utc))
        kept = self.kept[v.name] = Kept(v, task, launch, undock, touched)
        if task.is_new:
            model.add(v.is_present == 1)
            model.add(touched == 1)
            self._no_spare(v, task, {})
            self._led(v, task, {})
            return
        as_planned: list[Lit] = [v.is_present]
        if v.origin != "docked":
            model.add(v.launch == launch).only_enforce_if(~touched)
            kept.days_moved.append(self._away(f"{v.name}.launch", v.launch, launch))
            for choice, name in ((v.craft_of, f.craft), (v.pad_of, f.pad), (v.port_of, f.port)):
                as_planned.append(choice.get(name or "", self.false))
        model.add(v.undock == undock).only_enforce_if(~touched)
        if f.undock_utc is None:
            as_planned.append(v.is_open)
        kept.days_moved.append(self._away(f"{v.name}.undock", v.undock, undock))
        ahead = [r for r in f.relocations if r.undock_utc >= self.scenario.from_utc]
        for k, move in enumerate(v.moves):
            if k < len(ahead):
                day = self.grain.day(ahead[k].undock_utc)
                as_planned += [move.is_made, move.to_port.get(ahead[k].to_port, self.false)]
                model.add(move.day == day).only_enforce_if(~touched)
            else:
                as_planned.append(~move.is_made)  # type: ignore[arg-type]  # a negated literal is one
        for x in as_planned:
            model.add_implication(~touched, x)
        if v.origin != "docked":
            for name in f.crew_up:
                kept.keeps[name] = self._keeps_seat(v, task, name)
            if f.kind != "visiting":
                self._no_spare(v, task, kept.keeps)
                self._led(v, task, kept.keeps)
        self._hint(v, task, launch, undock)

    def _hint(self, v: Visit, task: Task, launch: int, undock: int) -> None:
        """Begin the search from the plan."""
        model, f = self.model, task.flight
        for day, planned in ((v.launch, max(launch, v.launch_from)), (v.undock, undock)):
            if isinstance(day, cp_model.IntVar):
                model.add_hint(day, planned)
        if v.origin != "docked":
            model.add_hint(v.is_present, 1)
        for choice, name in ((v.craft_of, f.craft), (v.pad_of, f.pad), (v.port_of, f.port)):
            for other, x in choice.items():
                if len(choice) > 1:
                    model.add_hint(x, other == name)

    def _away(self, name: str, day: cp_model.LinearExpr, planned: int) -> cp_model.IntVar:
        away = self.model.new_int_var(0, 2 * self.grain.n_days + 20_000, f"{name}.away")
        self.model.add(away >= day - planned)
        self.model.add(away >= planned - day)
        return away

    def _keeps_seat(self, v: Visit, task: Task, name: str) -> Lit:
        """Whether somebody keeps the seat: free for all of the flight, and trained by then."""
        keeps = self.model.new_bool_var(f"{v.name}.keeps.{name}")
        self.model.add_implication(keeps, v.is_present)
        if task.flight.kind == "visiting":
            self.model.add_implication(v.is_present, keeps)
        if name in task.barred or task.takes_over:
            self.model.add(keeps == 0)
        person = self.people.get(name)
        for away in person.unavailable if person else ():
            before = self.model.new_bool_var(f"{v.name}.{name}.before.{away.from_utc.us}")
            back = self.grain.first_day_from(away.to_utc)
            gone = self.grain.day(away.from_utc) - v.clock.landing_offset - 1
            self.model.add(v.undock <= gone).only_enforce_if([keeps, before])
            self.model.add(v.launch >= min(back, self.grain.n_days)).only_enforce_if([keeps, ~before])
        return keeps

    def ready_by(self, flight: str, name: str, at: Instant) -> None:
        """Somebody keeps a seat only if it launches no sooner than the person is ready."""
        kept = self.kept.get(flight)
        if kept is not None and name in kept.keeps:
            day = min(kept.launch, self.grain.first_day_from(at))
            self.model.add(kept.visit.launch >= day).only_enforce_if(kept.keeps[name])

    def _no_spare(self, v: Visit, task: Task, keeps: Mapping[str, Lit]) -> None:
        """Who keeps a seat has one; where nobody is there to step in, nobody else has."""
        for partner in (p.name for p in self.scenario.partners):
            of_partner = [x for name, x in keeps.items() if self.partner_of(name) == partner]
            seats = v.up.get(partner, 0)
            if task.takes_over:
                continue
            self.model.add(sum(of_partner) <= seats)
            if partner in task.spare_from:
                at = task.spare_from[partner]
                is_late = self.model.new_bool_var(f"{v.name}.{partner}.late")
                first = self.grain.n_days if at is None else self.grain.first_day_from(at.floor_day())
                self.model.add(v.launch >= min(first, self.grain.n_days)).only_enforce_if(is_late)
                self.model.add(sum(of_partner) == seats).only_enforce_if(~is_late)

    def _led(self, v: Visit, task: Task, keeps: Mapping[str, Lit]) -> None:
        """Somebody who commands the craft keeps a seat, or a seat is open for somebody who does."""
        if task.takes_over or not v.vehicle.is_crewed or not self.binds("crew_qualification"):
            return
        leaders = {n for n, p in self.people.items() if v.vehicle.name in p.commander_of}
        lead = [x for n, x in keeps.items() if n in leaders]
        n_open = sum(v.up.values()) - sum(keeps.values())
        self.model.add(sum(lead) + n_open >= 1).only_enforce_if(v.is_present)

    def _one_place(self) -> None:
        """Nobody who keeps two seats is in two flights at once, or flies again before resting."""
        rest = self.value("ground_time", "days_min", 0.0) if self.binds("ground_time") else 0.0
        seats: dict[str, list[tuple[Visit, Lit]]] = {}
        for kept in self.kept.values():
            v = kept.visit
            if v.origin == "docked":
                for name in kept.task.flight.crew_down:
                    seats.setdefault(name, []).append((v, self.true))
            for name, keeps in kept.keeps.items():
                seats.setdefault(name, []).append((v, keeps))
        for theirs in seats.values():
            theirs.sort(key=lambda x: (x[0].origin != "docked", self.kept[x[0].name].launch))
            for (a, x), (b, y) in pairwise(theirs):
                if b.origin == "docked":
                    continue
                apart = math.ceil(rest + (a.clock.landing.last - b.clock.launch.first) / 24 - 1e-9)
                planned = self.kept[b.name].launch - self.kept[a.name].undock
                apart = min(apart, planned) if planned > 0 else apart
                self.model.add(b.launch >= a.undock + apart).only_enforce_if([x, y])

    def _take_over(self) -> None:
        """A flight that comes for a crew is there before their craft leaves, which then goes home empty."""
        for kept in self.kept.values():
            if kept.task.takes_over:
                left = self.kept[kept.task.takes_over].visit
                self.model.add(kept.visit.is_present == 1)
                self.model.add(left.undock >= kept.visit.count_from)
                self.model.add(left.undock <= kept.visit.count_from + 10)
            for host in kept.task.hosts:
                self.model.add(kept.visit.is_present == 1)
                self.model.add(self.kept[host].visit.undock >= kept.visit.count_from)

    def _stays(self) -> None:
        """Who was planned to stay on for the next craft may, and nobody else."""
        for v in self.rotations():
            after = successor(self, v)
            if after is None:
                continue
            down = set(self.tasks[after.name].flight.crew_down) - set(self.tasks[after.name].flight.crew_up)
            mine = set(self.tasks[v.name].flight.crew_up) | set(self.tasks[v.name].flight.crew_down)
            staying = self.count_by_partner(tuple(sorted(down & mine)))
            for partner, n in v.stays.items():
                self.model.add(n == staying.get(partner, 0))


@dataclass(frozen=True, slots=True)
class _Named:
    """As much of a visit as an agreement asks for."""

    name: str
    vehicle: VehicleType


def _with(hours: Hours, hour: float) -> Hours:
    return Hours(min(hours.first, hour), max(hours.last, hour))


def _one_fewer(patterns: Sequence[Mapping[str, int]], of: str = "") -> list[dict[str, int]]:
    """Every pattern with one seat less of one partner, or of the one named."""
    found: list[dict[str, int]] = []
    for pattern in patterns:
        for partner, n in pattern.items():
            if of not in ("", partner):
                continue
            fewer = {p: k for p, k in {**pattern, partner: n - 1}.items() if k > 0}
            if n > 0 and fewer and fewer not in found:
                found.append(fewer)
    return found
