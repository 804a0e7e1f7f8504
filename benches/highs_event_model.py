"""The crew traffic as an event-based mixed-integer program for HiGHS: an oracle and a peer.

It shares no code with the planner: everything is derived anew from the flight rules and the
scenario.  What both can say is told in `common_part`; the rest is refused.

The model
---------
Begins and ends of stays are continuous: once the binaries are fixed what is left are differences
of two days with whole limits, so some optimum has whole days.  Absent flights begin and end at
the horizon.  Conflicts are precedence binaries with the tightest big-M the windows allow, monotone
along the lines.  Missing cover is counted by matching every end with a begin: with m-th end e_m and
m-th begin b_m (ends before the first are at 0, begins after the last at the horizon), the days with
fewer than k present, a missing one counted each, are the sum of max(0, b_(m+k) - e_m); and the sorted
matching is the cheapest of all, since max(0, x) is convex.  Within one line the sorted order is the
line's, so cover costs no binaries; across lines binaries choose the matching.  Redundant rows say
that all stays together are at least as long as what they cover.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from types import MappingProxyType
from typing import Any

import highspy

from common_part import ASCENT_H, DOCK_H, LAUNCH_H, RETURN_H, UNDOCK_H, NotExpressibleError, refuse
from crossflight.model import Craft, Scenario, Tier, VehicleType
from crossflight.times import Instant

Expr = Any  # a highspy variable or linear expression, or a number
OPTIONS: Mapping[str, Any] = {"output_flag": False, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-4}
_EPS = 1e-5
_NO_PLAN = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
# A first plan by hand: the next craft launches so long before the end of the last one's life, give or take.
_RELIEF_DAYS, _ROOM_DAYS = 10, 12
# Shares of the time limit for the first plan, and for one try at the proof before windows are made anew.
_FIRST_SHARE, _ROUND_SHARE = 0.1, 0.15


@dataclass
class Visit:
    """One flight: begin and end of its stay as variables, with their windows if it flies."""

    name: str
    kind: VehicleType
    origin: str
    launch_lo: int
    launch_hi: int
    undock_lo: int
    undock_hi: int
    launch: Expr = 0
    undock: Expr = 0
    is_present: Expr = 1
    is_open: Expr = 0
    ports: dict[str, Expr] = field(default_factory=dict)
    craft: dict[str, Expr] = field(default_factory=dict)
    patterns: list[tuple[Expr, Mapping[str, int]]] = field(default_factory=list)
    n_visitors: int = 0
    line: str = ""
    place: int = 0
    is_sure: bool = False

    @property
    def dock(self) -> Expr:
        """Docking day; the horizon for an absent flight, which is parked with its launch there."""
        return self.launch + self.is_present

    @property
    def dock_lo(self) -> int:
        """Earliest docking day."""
        return self.launch_lo + 1

    @property
    def dock_hi(self) -> int:
        """Latest docking day."""
        return self.launch_hi + 1

    @property
    def is_optional(self) -> bool:
        """Whether the plan may do without it."""
        return self.origin == "added" and not self.is_sure

    @property
    def is_fixed(self) -> bool:
        """Whether its launch is no decision."""
        return not self.is_optional and self.launch_lo == self.launch_hi

    @property
    def n_max(self) -> int:
        """Most people it can bring."""
        return max((sum(p.values()) for _, p in self.patterns), default=0) + self.n_visitors


@dataclass
class Stay:
    """`n` units (people, or one covering craft) from `begin` to `end`; `n_fixed` where it is one number."""

    visit: Visit
    n: Expr
    n_max: int
    n_fixed: int | None


@dataclass(frozen=True)
class Window:
    """What is known of an added flight, or of any flight's days, in every plan that is good enough."""

    launch: tuple[int, int]
    undock: tuple[int, int]
    is_sure: bool
    is_possible: bool


@dataclass(frozen=True)
class Found:
    """Value and bound per tier, as far as solved."""

    status: str
    values: tuple[float, ...]
    bounds: tuple[float, ...]
    wall_s: float


class EventModel:
    """Builds the program of one scenario; `solve` minimises its tiers in order.

    Parameters
    ----------
    scenario
        What `common` gives, or anything else this model has words for.
    windows
        What is known of some flights, by name; see `narrowed`.
    is_skeleton, has_matching
        Leave out everything between flights of different lines but cover, and of cover over several
        lines all but the sum of lengths: relaxations.
    """

    def __init__(
        self,
        scenario: Scenario,
        windows: Mapping[str, Window] = MappingProxyType({}),
        *,
        is_skeleton: bool = False,
        has_matching: bool = True,
    ) -> None:
        self.s = scenario
        self.windows = windows
        self.has_matching = has_matching
        self.h = highspy.Highs()
        for name, value in OPTIONS.items():
            self.h.setOptionValue(name, value)
        self.day0 = scenario.from_utc.floor_day()
        self.n_days = round(scenario.to_utc.days_since(scenario.from_utc))
        self.types = {t.name: t for t in scenario.vehicle_types}
        self.agency = {p.name: p for p in scenario.people}
        self.terms: dict[str, list[Expr]] = {}
        self.before: dict[tuple[int, int], Expr] = {}
        refuse(scenario)
        self.visits: list[Visit] = []
        self.lines: dict[str, list[Visit]] = {}
        self._flights()
        for v in self.visits:
            self._one(v)
        for line in self.lines.values():
            self._order(line)
        if not is_skeleton:
            for kind in scenario.vehicle_types:
                self._craft(kind)
            self._precedence()
            self._ports()
            self._cap()
        self._crew_cover()
        self._segments()
        self._handover()
        self._ledger()

    # -- words --------------------------------------------------------------------------------

    def binds(self, rule: str) -> bool:
        """Whether a rule must hold, or at a price."""
        return self.s.rules[rule].severity in ("hard", "waivable")

    def number(self, rule: str, name: str) -> float:
        """A value of a rule."""
        return float(self.s.rules[rule].values.get(name, 0.0))

    def add(self, low: Expr, high: Expr) -> None:
        """Require low <= high, which may both be numbers."""
        if isinstance(low, (int, float)) and isinstance(high, (int, float)):
            if low > high + 1e-9:
                self.h.addConstr(self.h.addVariable(0, 0) >= 1)
            return
        self.h.addConstr(high - low >= 0)

    def term(self, name: str, expression: Expr) -> None:
        """Add to a term of the objective."""
        self.terms.setdefault(name, []).append(expression)

    def binary(self) -> Expr:
        """A new choice."""
        return self.h.addBinary()

    def positive(self, most: float) -> Expr:
        """A new number from 0 to `most`."""
        return self.h.addVariable(0, max(0, most))

    def day(self, at: Instant, hour: int, *, is_up: bool) -> int:
        """The last day (first, if `is_up`) whose `hour` is not after (before) `at`."""
        days = at.days_since(self.day0) - hour / 24
        return math.ceil(days - 1e-9) if is_up else math.floor(days + 1e-9)

    # -- flights ------------------------------------------------------------------------------

    def _flights(self) -> None:
        s, horizon = self.s, self.n_days
        for d in s.docked:
            kind = self.types[d.flight.vehicle_type]
            launch = self.day(d.flight.launch_utc, LAUNCH_H, is_up=False)
            low, high = max(0, launch + 2), horizon
            if d.planned_undock_utc is not None and d.window_days is not None:
                planned = math.floor(d.planned_undock_utc.days_since(self.day0))
                low, high = max(low, planned - int(d.window_days)), min(high, planned + int(d.window_days))
            elif kind.docked_days_max is not None:
                high = max(0, min(high, launch + 1 + int(kind.docked_days_max)))
            v = Visit(d.flight.name, kind, "docked", launch, launch, low, high)
            assert d.flight.port is not None
            v.ports, v.craft = {d.flight.port: 1}, {d.flight.craft: 1}
            self._named(v, d.flight.crew_up, d.flight.kind)
            self._in_line(v, d.flight.kind)
        for a in sorted(s.announced, key=lambda a: a.launch_utc):
            kind, window = self.types[a.vehicle_type], int(a.window_days)
            day = self.day(a.launch_utc, LAUNCH_H, is_up=False)
            v = Visit(
                a.name, kind, "announced", max(0, day - window), min(horizon - 2, day + window), 0, horizon
            )
            if window:
                moved = self.positive(window)
                self.term("days_moved", moved)
            self._variables(v)
            if window:
                self.add(v.launch - day, moved)
                self.add(day - v.launch, moved)
            if a.docked_days is not None:
                stay = max(1, round(a.docked_days))
                self.add(v.undock, v.dock + stay)
                self.add(v.dock + stay, v.undock + (stay + horizon) * v.is_open)
            else:
                self._usual_stay(v)
            self._choose_ports(v, a.port)
            if a.craft is not None:
                v.craft = {a.craft: 1}
            if a.kind == "visiting":
                self._named(v, a.crew, a.kind)
            elif a.kind == "rotation":
                self._seats(v, self._counts(a.crew))
            self._in_line(v, a.kind)
        for kind in s.vehicle_types:
            if kind.plan_line and kind.is_crewed:
                self._added(kind)
        for line in self.lines.values():
            for i, v in enumerate(line):
                v.line, v.place = v.kind.name, i

    def _in_line(self, v: Visit, kind: str) -> None:
        if v.origin == "docked":
            self._variables(v)
        self.visits.append(v)
        if v.kind.is_crewed and kind in ("rotation", "uncrewed"):
            self.lines.setdefault(v.kind.name, []).append(v)

    def _added(self, kind: VehicleType) -> None:
        line = self.lines.setdefault(kind.name, [])
        line.sort(key=lambda v: (v.origin != "docked", v.launch_lo))
        interval = max(1, int(kind.launch_interval_days_min))
        first = max((v.launch_lo for v in line), default=-interval) + interval
        n = max(0, math.ceil((self.n_days - 1 - max(0, first)) / interval))
        if not kind.is_reusable:
            open_craft = sum(v.origin == "announced" and not v.craft for v in line)
            n = min(n, len(self._free(kind)) - open_craft)
        for i in range(n):
            low = max(0, first) + i * interval
            v = Visit(f"{kind.name} +{i + 1}", kind, "added", low, self.n_days - 2, low + 2, self.n_days)
            if v.name in self.windows and not self.windows[v.name].is_possible:
                break
            self._variables(v)
            self._usual_stay(v)
            self._choose_ports(v, None)
            self._seats(v, {})
            self.term("flight_price", kind.price * v.is_present)
            self.visits.append(v)
            line.append(v)

    def _variables(self, v: Visit) -> None:
        horizon, h = self.n_days, self.h
        known = self.windows.get(v.name)
        if known is not None:
            v.is_sure = known.is_sure
            v.launch_lo, v.launch_hi = max(v.launch_lo, known.launch[0]), min(v.launch_hi, known.launch[1])
            v.undock_lo, v.undock_hi = max(v.undock_lo, known.undock[0]), min(v.undock_hi, known.undock[1])
        v.undock_lo = max(v.undock_lo, v.dock_lo + 1, 0) if v.origin != "docked" else v.undock_lo
        if not v.is_optional:
            v.launch = v.launch_lo if v.launch_lo == v.launch_hi else h.addVariable(v.launch_lo, v.launch_hi)
            v.undock = h.addVariable(v.undock_lo, v.undock_hi)
        else:
            v.is_present = self.binary()
            v.launch = h.addVariable(v.launch_lo, horizon)
            v.undock = h.addVariable(v.undock_lo, horizon)
            self.add(v.launch_lo * v.is_present + horizon * (1 - v.is_present), v.launch)
            self.add(v.launch, v.launch_hi * v.is_present + horizon * (1 - v.is_present))
            self.add(horizon * (1 - v.is_present) + v.undock_lo * v.is_present, v.undock)
            self.add(v.undock, horizon * (1 - v.is_present) + v.undock_hi * v.is_present)
        if v.undock_hi == horizon:
            v.is_open = self.binary()
            self.add(v.is_open, v.is_present)
            self.add(v.undock, horizon - v.is_present + v.is_open)
            away = v.is_present - v.is_open
            self.add(horizon * (1 - away) + v.undock_lo * away, v.undock)

    def _usual_stay(self, v: Visit) -> None:
        shortest, longest = max(1, int(v.kind.docked_days_min)), v.kind.docked_days_max
        self.add(shortest * (v.is_present - v.is_open), v.undock - v.dock)
        if longest is not None:
            self.add(v.undock - v.dock, int(longest) * v.is_present)

    def _counts(self, names: tuple[str, ...]) -> dict[str, int]:
        counts: dict[str, int] = {}
        for n in names:
            partner = None if self.agency[n].is_visitor else self.s.partner_of_agency(self.agency[n].agency)
            if partner is not None:
                counts[partner] = counts.get(partner, 0) + 1
        return counts

    def _named(self, v: Visit, names: tuple[str, ...], kind: str) -> None:
        counts = {} if kind == "visiting" else self._counts(names)
        v.patterns, v.n_visitors = [(v.is_present, counts)], len(names) - sum(counts.values())

    def _seats(self, v: Visit, known: Mapping[str, int]) -> None:
        fitting = [p for p in v.kind.crew_patterns if all(p.get(k, 0) >= n for k, n in known.items())]
        if self.binds("integrated_seat"):
            for a in self.s.agreements:
                if v.name not in a.exempt_flights:
                    for seat in a.seats:
                        if seat.vehicle_type == v.kind.name:
                            fitting = [p for p in fitting if p.get(seat.partner, 0) >= seat.n_seats_min]
        if not fitting:
            self.add(v.is_present, 0)
            fitting = [dict(known)]
        if len(fitting) == 1:
            v.patterns = [(v.is_present, fitting[0])]
            return
        v.patterns = [(self.binary(), p) for p in fitting]
        self.h.addConstr(sum(x for x, _ in v.patterns) - v.is_present == 0)

    def _choose_ports(self, v: Visit, port: str | None) -> None:
        every = self.s.station.ports
        names = [port] if port else list(v.kind.ports) or [p.name for p in every if p.system == v.kind.system]
        if len(names) == 1:
            v.ports = {names[0]: v.is_present}
            return
        v.ports = {n: self.binary() for n in names}
        self.h.addConstr(sum(v.ports.values()) - v.is_present == 0)

    # -- single flights -----------------------------------------------------------------------

    def _one(self, v: Visit) -> None:
        self._life(v)
        launcher = next(x for x in self.s.launchers if x.name == v.kind.launcher)
        holes: list[tuple[int, int]] = []
        undock_holes: list[tuple[int, int]] = []
        for f in self.s.forbidden_days if self.binds("forbidden_days") else ():
            if f.vehicle_types and v.kind.name not in f.vehicle_types:
                continue
            # Hours after 00:00 of the launch day, or of the undocking day.
            hours = {
                "launch": LAUNCH_H,
                "dock": LAUNCH_H + ASCENT_H,
                "undock": UNDOCK_H,
                "landing": UNDOCK_H + RETURN_H,
            }
            for event in f.events:
                first, last = (self.day(at, hours[event], is_up=True) for at in (f.from_utc, f.to_utc))
                (holes if event in ("launch", "dock") else undock_holes).append((first, last - 1))
        clear_s = 3600 * self.number("eva_day", "clear_hours")
        for e in self.s.station.evas if self.binds("eva_day") else ():
            # From just after the hours kept clear begin to just before they end.
            begin, end = e.from_utc.plus_s(1 - clear_s), e.to_utc.plus_s(clear_s)
            for hour, where in ((LAUNCH_H + ASCENT_H, holes), (UNDOCK_H, undock_holes)):
                where.append((self.day(begin, hour, is_up=True), self.day(end, hour, is_up=True) - 1))
        if self.binds("pad") and v.origin != "docked":
            pad = next(p for p in self.s.pads if p.name == launcher.pads[0])
            for o in pad.outages:
                first = self.day(o.from_utc, LAUNCH_H, is_up=True)
                holes.append((first, self.day(o.to_utc, LAUNCH_H, is_up=True) - 1))
        if v.origin != "docked":
            self._avoid(v.launch, v.launch_lo, v.launch_hi, holes, v.is_present)
        self._avoid(
            v.undock, v.undock_lo, min(v.undock_hi, self.n_days - 1), undock_holes, v.is_present - v.is_open
        )

    def _avoid(self, day: Expr, low: int, high: int, holes: list[tuple[int, int]], flies: Expr) -> None:
        """`day` is in one of the stretches between holes if `flies`, else at the horizon."""
        bounds = sorted((max(a, low), min(b, high)) for a, b in holes if a <= high and b >= low and a <= b)
        if not bounds:
            return
        open_days, begin = [], low
        for a, b in bounds:
            if a > begin:
                open_days.append((begin, a - 1))
            begin = max(begin, b + 1)
        if begin <= high:
            open_days.append((begin, high))
        chosen = [self.binary() for _ in open_days]
        if not chosen:
            self.add(flies, 0)
            return
        self.h.addConstr(sum(chosen) - flies == 0)
        parked = self.n_days * (1 - flies)
        self.add(sum(a * x for (a, _), x in zip(open_days, chosen, strict=True)) + parked, day)
        self.add(day, sum(b * x for (_, b), x in zip(open_days, chosen, strict=True)) + parked)

    def _life(self, v: Visit) -> None:
        """Days from launch to undocking within life: of a returned craft, and of one still there."""
        life = v.kind.on_orbit_life_days
        if life is None:
            return
        flown = v.undock - v.launch  # an absent flight has none
        home = math.floor(life - (UNDOCK_H + RETURN_H - LAUNCH_H) / 24 + 1e-9)
        there = math.floor(life - (UNDOCK_H - LAUNCH_H) / 24 + 1e-9)
        left = math.floor(life - self.s.life_left_days - (UNDOCK_H - LAUNCH_H) / 24 + 1e-9)
        waived: Expr = 0
        setting = self.s.rules["on_orbit_life"]
        extra = int(v.kind.life_waiver_days) if setting.severity == "waivable" else 0
        if extra:
            waived = self.positive(extra)
            self.term("waiver_price", setting.price_per_day * waived)
        away = v.is_present - v.is_open
        if setting.severity != "off":
            self.add(flown, home * away + there * v.is_open + waived)
        if self.binds("life_left"):
            longest = home + extra if setting.severity != "off" else v.undock_hi - v.launch_lo
            self.add(flown, min(left, there + extra) * v.is_open + longest * away)

    def _days_max(self, kind: VehicleType) -> int:
        """Most days from launch to undocking that any craft of the type can fly."""
        life = kind.on_orbit_life_days
        if life is None or self.s.rules["on_orbit_life"].severity == "off":
            return 2 * self.n_days
        return math.floor(life + 0.25) + int(kind.life_waiver_days)

    # -- lines, craft -------------------------------------------------------------------------

    def _apart(self, a: Visit, b: Visit) -> int:
        """Days two flights launch (and dock) apart."""
        days = 0
        if self.binds("docking_spacing"):
            days = math.ceil(self.number("docking_spacing", "days_min") - 1e-9)
        pads = [next(x for x in self.s.launchers if x.name == v.kind.launcher).pads[0] for v in (a, b)]
        if self.binds("pad") and pads[0] == pads[1]:
            pad = next(p for p in self.s.pads if p.name == pads[0])
            days = max(days, math.ceil(pad.turnaround_days - 1e-9))
        return days

    def _order(self, line: list[Visit]) -> None:
        for a, b in pairwise(line):
            if b.origin == "added":
                if a.origin == "added":
                    self.add(b.is_present, a.is_present)
                interval = max(1, int(a.kind.launch_interval_days_min), self._apart(a, b))
                self.add(a.launch + interval * b.is_present, b.launch)
            elif b.origin == "announced":
                self.add(a.launch + max(1, self._apart(a, b)), b.launch)
            self.add(a.undock + b.is_present - b.is_open, b.undock)

    def _free(self, kind: VehicleType) -> list[Craft]:
        taken = {d.flight.craft for d in self.s.docked} | {a.craft for a in self.s.announced}
        free = [c for c in self.s.craft if c.vehicle_type == kind.name and c.name not in taken]
        free = [c for c in free if c.n_flights_allowed is None or c.n_flights_used < c.n_flights_allowed]
        return sorted(free, key=lambda c: c.ready_utc or self.s.from_utc)

    def _ready(self, craft: Craft) -> int:
        if craft.ready_utc is None or not self.binds("capsule"):
            return -1000
        return self.day(craft.ready_utc, LAUNCH_H, is_up=True)

    def _craft(self, kind: VehicleType) -> None:
        visits = [v for v in self.visits if v.kind is kind]
        fleet = [c for c in self.s.craft if c.vehicle_type == kind.name]
        if not visits:
            return
        if not kind.is_reusable:
            free, by_name = self._free(kind), {c.name: c for c in fleet}
            for v in visits:
                if v.origin == "docked":
                    continue
                named = next(iter(v.craft), None)
                craft = by_name[named] if named else free.pop(0) if free else None
                if craft is None:
                    self.add(v.is_present, 0)
                else:
                    self.add(self._ready(craft) * v.is_present, v.launch)
            return
        for v in visits:
            if v.origin == "docked":
                continue
            choices = [c for c in fleet if not v.craft or c.name in v.craft]
            if not v.craft:
                v.craft = {c.name: self.binary() for c in choices}
                self.h.addConstr(sum(v.craft.values()) - v.is_present == 0)
            ready = [max(self._ready(c), v.launch_lo) for c in choices]
            late = sum(r * v.craft[c.name] for r, c in zip(ready, choices, strict=True) if c.name in v.craft)
            self.add(late + self.n_days * (1 - v.is_present), v.launch)
        if not self.binds("capsule"):
            return
        for c in fleet:
            flown = sum(v.craft[c.name] for v in visits if v.origin != "docked" and c.name in v.craft)
            if c.n_flights_allowed is not None:
                self.add(flown, c.n_flights_allowed - c.n_flights_used)
        rest = math.ceil(kind.turnaround_days + (UNDOCK_H + RETURN_H - LAUNCH_H) / 24 - 1e-9)
        for a, b in combinations(visits, 2):
            for first, then in ((a, b), (b, a)):
                self._rest(first, then, rest)
        for line in self.lines.values():
            if line[0].kind is kind and all(v.craft for v in line):
                for first, then in zip(line, line[len(fleet) :], strict=False):
                    # Of one flight more than there are capsules two share one.
                    self.add(
                        first.undock + rest * then.is_present - self.n_days * (1 - then.is_present),
                        then.launch,
                    )

    def _rest(self, first: Visit, then: Visit, rest: int) -> None:
        """If both fly the same capsule, `then` rests after `first`, unless it is the other way round."""
        order = self._is_before(first, then)
        if isinstance(order, int) and not order:
            return
        interval = max(1, int(first.kind.launch_interval_days_min))
        if first.line and first.line == then.line and then.origin == "added":
            steps = then.place - first.place
            if steps * interval >= self._days_max(first.kind) + rest and first.origin == "added":
                return
        most = min(first.undock_hi, self.n_days) + rest - then.launch_lo
        if most <= 0:
            return
        for name in first.craft.keys() & then.craft.keys():
            both = 2 - first.craft[name] - then.craft[name] + (1 - order)
            self.add(first.undock + rest - most * both, then.launch)

    # -- pairs of flights ---------------------------------------------------------------------

    def _is_before(self, a: Visit, b: Visit) -> Expr:
        """1 where `a` docks before `b`, given that both fly: a number or a binary."""
        if a.line and a.line == b.line:
            return int(a.place < b.place)
        if a.dock_hi < b.dock_lo:
            return 1
        if b.dock_hi < a.dock_lo:
            return 0
        i, j = id(a), id(b)
        if (i, j) not in self.before:
            x = self.binary()
            self.before[i, j], self.before[j, i] = x, 1 - x
        return self.before[i, j]

    def _precedence(self) -> None:
        """Dockings and launches far enough apart; monotone along the lines."""
        for a, b in combinations(self.visits, 2):
            if (a.line and a.line == b.line) or (a.is_fixed and b.is_fixed):
                continue  # the line's order; or what nobody can move
            days = self._apart(a, b)
            if not days and not self.binds("crew_size"):
                continue
            for first, then in ((a, b), (b, a)):
                if then.dock_lo - first.dock_hi >= days and not first.is_optional:
                    continue
                x = self._is_before(first, then)
                most = days + (self.n_days if first.is_optional else first.dock_hi) - then.dock_lo
                self.add(first.dock + days * then.is_present - most * (1 - x), then.dock)
        for one, other in combinations(self.lines.values(), 2):
            for a in one:
                for b, c in pairwise(other):
                    self.add(self._is_before(a, b), self._is_before(a, c))
            for b in other:
                for a, c in pairwise(one):
                    self.add(self._is_before(c, b), self._is_before(a, b))

    def _ports(self) -> None:
        gap = math.ceil(self.number("port_occupancy", "gap_hours_min") / 24)
        fits = {p.name: p.system for p in self.s.station.ports}
        for v in self.visits:
            for name, x in v.ports.items():
                if v.origin == "docked":
                    continue
                if self.binds("port_compatibility") and (
                    fits[name] != v.kind.system or (v.kind.ports and name not in v.kind.ports)
                ):
                    self.add(x, 0)
        for port in self.s.station.ports:
            closed = [(c.from_utc, c.to_utc) for c in port.closures]
            closed += [(e.from_utc, e.to_utc) for e in self.s.station.evas if port.name in e.free_ports]
            if self.binds("port_closure"):
                for v in self.visits:
                    if port.name in v.ports:
                        for begin, end in closed:
                            self._closed(v, v.ports[port.name], begin, end)
        for a, b in combinations(self.visits, 2):
            for first, then in ((a, b), (b, a)):
                self._leaves_first(first, then, gap)

    def _closed(self, v: Visit, here: Expr, begin: Instant, end: Instant) -> None:
        """At a port closed from `begin` to `end` a stay ends by the one or begins from the other."""
        gone, free = self.day(begin, UNDOCK_H, is_up=False), self.day(end, DOCK_H, is_up=True)
        if free <= 0 or gone >= self.n_days or v.undock_hi <= gone or v.dock_lo >= free:
            return
        is_after = self.binary() if v.dock_hi >= free else 0
        if v.undock_lo > gone:
            self.add(here, is_after)
        self.add(v.undock, gone + (self.n_days - gone) * (is_after + 1 - here))
        low = min(v.dock_lo, free)
        self.add(free - (free - low) * (2 - is_after - here), v.dock)

    def _leaves_first(self, first: Visit, then: Visit, gap: int) -> None:
        """If both use one port, one leaves before the other docks; `first` docks first here."""
        shared = first.ports.keys() & then.ports.keys()
        order = self._is_before(first, then)
        if not shared or (isinstance(order, int) and not order):
            return
        if first.undock_hi + gap <= then.dock_lo:
            return
        if first.line and first.line == then.line and then.origin == "added" and first.origin == "added":
            interval = max(1, int(first.kind.launch_interval_days_min))
            if (then.place - first.place) * interval + 1 >= self._days_max(first.kind) + gap:
                return
        leaves = self.binary()  # `first` has left by the docking of `then`
        most = first.undock_hi + gap - then.dock_lo
        # An absent `then` docks at the horizon and has no port, so `leaves` is free to be 0.
        self.add(first.undock + gap - most * (1 - leaves), then.dock)
        for name in shared:
            self.add(first.ports[name] + then.ports[name] + order - 2, leaves)

    # -- people aboard ------------------------------------------------------------------------

    def _cap(self) -> None:
        """At each docking, who is aboard then and who arrives are not too many."""
        crewed = [v for v in self.visits if v.n_max]
        cap = self.s.station.n_crew_max
        if not self.binds("crew_size"):
            return
        left: dict[tuple[int, int], Expr] = {}
        for then in crewed:
            if then.dock_hi < 0:
                continue
            others: list[Expr] = []
            n_others = 0
            for first in crewed:
                if first is then or not self._may_meet(first, then):
                    continue
                gone = self._has_left(first, then)
                left[id(first), id(then)] = gone
                order = self._is_before(first, then)
                meets = self.h.addVariable(0, 1)
                self.add(order + first.is_present + then.is_present - 2 - gone, meets)
                others.append(self._aboard(first, meets))
                n_others += first.n_max
            if n_others + then.n_max > cap:
                self.add(sum(others) + self._people(then), cap)
        for one in self.lines.values():
            for then in crewed:
                for a, b in pairwise(one):
                    if (id(a), id(then)) in left and (id(b), id(then)) in left:
                        self.add(left[id(b), id(then)], left[id(a), id(then)])

    def _may_meet(self, first: Visit, then: Visit) -> bool:
        if first.undock_hi <= then.dock_lo or first.dock_lo > then.dock_hi:
            return False
        if first.line and first.line == then.line:
            steps = then.place - first.place
            if steps < 0:
                return False
            interval = max(1, int(first.kind.launch_interval_days_min))
            if then.origin == first.origin == "added":
                return steps * interval + 1 < self._days_max(first.kind)
        return True

    def _has_left(self, first: Visit, then: Visit) -> Expr:
        gone = self.binary()
        most = first.undock_hi - then.dock_lo
        self.add(first.undock - most * (1 - gone), then.dock)
        return gone

    def _people(self, v: Visit) -> Expr:
        return sum((sum(p.values()) + v.n_visitors) * x for x, p in v.patterns)

    def _aboard(self, v: Visit, meets: Expr) -> Expr:
        """People of `v` if it meets: a product where its seats are a choice."""
        counts = {sum(p.values()) for _, p in v.patterns}
        if len(counts) == 1:
            return (counts.pop() + v.n_visitors) * meets
        n = self.positive(v.n_max)
        self.add(self._people(v) - v.n_max * (1 - meets), n)
        return n

    # -- cover --------------------------------------------------------------------------------

    def _crew_cover(self) -> None:
        for partner, nominal in self.s.station.n_crew_nominal.items():
            if nominal <= 0:
                continue
            stays = []
            for line in self.lines.values():
                for v in line:
                    counts = [p.get(partner, 0) for _, p in v.patterns]
                    if any(counts):
                        n = sum(c * x for c, (x, _) in zip(counts, v.patterns, strict=True))
                        stays.append(Stay(v, n, max(counts), counts[0] if len(set(counts)) == 1 else None))
            self.term("crew_shortfall_days", self._missing_people(stays, nominal))

    def _missing_people(self, stays: list[Stay], nominal: int) -> Expr:
        """Person-days below `nominal`; by whole crews where one line brings crews of one size."""
        sizes = {s.n_fixed for s in stays}
        if len({s.visit.line for s in stays}) == 1 and len(sizes) == 1 and None not in sizes:
            (size,) = sizes
            assert size is not None
            whole, part = divmod(nominal, size)
            one_each = [replace(s, n=s.visit.is_present, n_max=1, n_fixed=1) for s in stays]
            missing: Expr = 0
            if whole:
                missing += (size - part) * self._missing(one_each, whole)
            if part:
                missing += part * self._missing(one_each, whole + 1)
            return missing
        return self._missing(stays, nominal)

    def _segments(self) -> None:
        for segment in self.s.station.segments:
            operators = self._operators(segment.name)
            stays = []
            for line in self.lines.values():
                for v in line:
                    covers = [x for x, p in v.patterns if any(p.get(o, 0) for o in operators)]
                    if covers:
                        is_sure = len(covers) == len(v.patterns)
                        stays.append(
                            Stay(v, v.is_present if is_sure else sum(covers), 1, 1 if is_sure else None)
                        )
            unattended, below_two = self._missing(stays, 1), self._missing(stays, 2)
            if self.binds("segment_operator"):
                self.add(unattended, 0)
            self.term("unattended_segment_days", unattended)
            self.term("operator_n1_segment_days", below_two - unattended)
            setting = self.s.rules["operator_n1"]
            if setting.severity == "hard":
                self.add(below_two, 0)
            elif setting.severity == "waivable":
                self.term("waiver_price", setting.price_per_day * below_two)

    def _operators(self, segment: str) -> set[str]:
        """Partners whose crew can operate a segment: all of them or none, else it is not expressible."""
        operators = set()
        for partner in self.s.partners:
            crew = [p for p in self.s.people if p.agency in partner.agencies and not p.is_visitor]
            can = {any(q.segment == segment and q.is_operator for q in p.qualifications) for p in crew}
            if len(can) > 1:
                raise NotExpressibleError(f"some people of {partner.name} operate {segment}, others do not")
            if can == {True}:
                operators.add(partner.name)
        return operators

    def _missing(self, stays: list[Stay], k: int) -> Expr:
        """Days with fewer than `k` units present, each missing one counted."""
        horizon = self.n_days
        if not stays:
            return k * horizon
        missing: list[Expr] = []
        if len({s.visit.line for s in stays}) == 1 and all(s.n_fixed == 1 for s in stays):
            ends: list[Stay | None] = [None] * k + list(stays)
            begins: list[Stay | None] = [*stays, *[None] * k]
            # The first k ends are the beginning, the last k begins the horizon: sorted as the line is.
            for e, b in zip(ends, begins, strict=True):
                missing.append(self._gap(e, b))
        elif self.has_matching:
            missing = self._matching(stays, k)
        else:
            missing = [self.positive(k * horizon)]
        total = sum(missing)
        lengths = sum(min(s.n_max, k) * (s.visit.undock - self._begin(s)) for s in stays)
        self.add(k * horizon - lengths, total)
        return total

    def _begin(self, s: Stay | None) -> Expr:
        if s is None:
            return self.n_days
        return 0 if s.visit.dock_hi <= 0 else s.visit.dock

    def _gap(self, e: Stay | None, b: Stay | None) -> Expr:
        end: Expr = 0 if e is None else e.visit.undock
        begin = self._begin(b)
        if isinstance(end, int) and isinstance(begin, int):
            return max(0, begin - end)
        gap = self.positive(self.n_days)
        self.add(begin - end, gap)
        return gap

    def _matching(self, stays: list[Stay], k: int) -> list[Expr]:
        """Gaps of the cheapest matching of ends (and k beginnings) with begins (and k horizons)."""
        gaps: list[Expr] = []
        out: dict[int, list[Expr]] = {i: [] for i in range(-1, len(stays))}
        into: dict[int, list[Expr]] = {j: [] for j in range(len(stays) + 1)}
        n_docked = {s.visit.line: sum(v.origin == "docked" for v in self.lines[s.visit.line]) for s in stays}
        for i in range(-1, len(stays)):
            for j in range(len(stays) + 1):
                e, b = stays[i] if i >= 0 else None, stays[j] if j < len(stays) else None
                if not self._is_useful(e, b, n_docked) or self._is_beyond(stays, e, b, k):
                    continue
                most = min(e.n_max if e else k, b.n_max if b else k)
                low_end = 0 if e is None else e.visit.undock_lo
                high_begin = self.n_days if b is None or b.visit.is_optional else max(0, b.visit.dock_hi)
                # A unit that covers nothing more is matched with itself, at no cost.
                if (e is not None and e is b) or high_begin <= low_end:
                    flow = self.positive(most)
                else:
                    flow = self._levels(e, b, most, high_begin - low_end, gaps)
                out[i].append(flow)
                into[j].append(flow)
        for i, flows in out.items():
            self.h.addConstr(sum(flows) - (stays[i].n if i >= 0 else k) == 0)
        for j, flows in into.items():
            self.h.addConstr(sum(flows) - (stays[j].n if j < len(stays) else k) == 0)
        return gaps

    def _levels(self, e: Stay | None, b: Stay | None, most: int, big: int, gaps: list[Expr]) -> Expr:
        """How many units are handed on, a binary each; each pays the gap if there is one."""
        end: Expr = 0 if e is None else e.visit.undock
        levels: list[Expr] = []
        for _ in range(most):
            x = self.binary()
            gap = self.positive(big)
            self.add(self._begin(b) - end - big * (1 - x), gap)
            if levels:
                self.add(x, levels[-1])
            levels.append(x)
            gaps.append(gap)
        return sum(levels)

    def _is_useful(self, e: Stay | None, b: Stay | None, n_docked: Mapping[str, int]) -> bool:
        """Whether the greedy hand-over can use this pair.

        A free unit goes to a stay in progress that can take one and leaves later, else to the next
        that begins.  So within a line it goes forward, past craft in progress only.
        """
        if e is None:
            return b is None or b.visit.place <= n_docked[b.visit.line]
        if b is None or e is b:
            return True
        if e.visit.line == b.visit.line:
            steps = b.visit.place - e.visit.place
            interval = max(1, int(e.visit.kind.launch_interval_days_min))
            if steps <= 0:
                return False
            between = [v for v in self.lines[e.visit.line] if e.visit.place < v.place < b.visit.place]
            if between and all(v.origin == "added" for v in (e.visit, *between)):
                return (steps - 1) * interval < self._days_max(e.visit.kind)
            return True
        return b.visit.undock_hi >= e.visit.undock_lo

    def _is_beyond(self, stays: list[Stay], e: Stay | None, b: Stay | None, k: int) -> bool:
        """Whether `k` units surely begin between this end and this begin, so that none waits for it."""
        ended = 0 if e is None else e.visit.undock_hi
        units = sum(
            s.n_fixed or 0
            for s in stays
            if not s.visit.is_optional
            and s.visit.dock_lo >= ended
            and (b is None or (s.visit.line == b.visit.line and s.visit.place < b.visit.place))
        )
        return units >= k

    # -- comfort ------------------------------------------------------------------------------

    def _handover(self) -> None:
        setting = self.s.rules["handover"]
        if setting.severity == "off":
            return
        wanted = math.ceil(self.number("handover", "overlap_days_min") - 1e-9)
        for line in self.lines.values():
            for a, b in pairwise(line):
                if b.origin == "docked":
                    continue
                most = wanted + (self.n_days if b.is_optional else b.dock_hi) - a.undock_lo
                short = self.positive(most)
                self.add(wanted - (a.undock - b.dock) - most * (1 - b.is_present) - wanted * a.is_open, short)
                if self.binds("handover"):
                    self.add(short, 0)
                self.term("handover_shortfall_days", short)

    def _ledger(self) -> None:
        if self.s.rules["seat_ledger"].severity == "off":
            return
        for agreement in self.s.agreements:
            for partner in self.s.partners:
                balance: Expr = 0
                most = 0
                for line in self.lines.values():
                    for v in line:
                        if v.origin == "docked" or v.name in agreement.exempt_flights:
                            continue
                        for x, p in v.patterns:
                            if v.kind.provider == partner.name:
                                balance += sum(n for name, n in p.items() if name != partner.name) * x
                            else:
                                balance += -p.get(partner.name, 0) * x
                        most += v.kind.n_seats_nominal
                imbalance = self.positive(most)
                self.add(balance, imbalance)
                self.add(0 - balance, imbalance)
                self.term("ledger_imbalance", imbalance)

    # -- solving ------------------------------------------------------------------------------

    def goal(self, tier: Tier) -> Expr:
        """What a tier minimises."""
        return sum(weight * sum(self.terms.get(term, [])) for term, weight in tier.terms.items())

    def solve(self, time_limit_s: float, threads: int = 1, cutoff: float | None = None) -> Found:
        """Minimise the tiers in order, each held at its value before the next.

        `cutoff` is a value of the first tier that is known to be reached.
        """
        began = time.perf_counter()
        self.h.setOptionValue("threads", threads)
        values: list[float] = []
        bounds: list[float] = []
        status = "optimal"
        for tier in self.s.objective:
            goal = self.goal(tier)
            if isinstance(goal, (int, float)):
                values.append(float(goal))
                bounds.append(float(goal))
                continue
            if cutoff is not None and not values:
                self.h.addConstr(goal <= cutoff + _EPS)
            left_s = time_limit_s - (time.perf_counter() - began)
            self.h.setOptionValue("time_limit", max(0.05, self.h.getRunTime() + left_s))
            self.h.minimize(goal)
            ended, info = self.h.getModelStatus(), self.h.getInfo()
            if ended in _NO_PLAN:
                return Found("infeasible", (), (), time.perf_counter() - began)
            is_proven = ended == highspy.HighsModelStatus.kOptimal
            if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
                return Found("unknown", (), (info.mip_dual_bound,), time.perf_counter() - began)
            if not is_proven:
                status = "feasible"
            values.append(info.objective_function_value)
            bounds.append(values[-1] if is_proven else info.mip_dual_bound)
            self.h.addConstr(goal <= values[-1] + _EPS)
        return Found(status, tuple(values), tuple(bounds), time.perf_counter() - began)

    def extreme(self, expression: Expr, *, is_least: bool) -> float:
        """Least or greatest value of a variable in the linear relaxation; infinite where that has none."""
        self.h.setOptionValue("solve_relaxation", True)
        (self.h.minimize if is_least else self.h.maximize)(1 * expression)
        if self.h.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return math.inf if is_least else -math.inf
        return float(self.h.getObjectiveValue())


def prove(scenario: Scenario, time_limit_s: float, threads: int) -> Found:
    """The optimum of one tier by the way that was fastest: a first plan, windows from its value, the proof.

    The first plan is sought near one pencilled by hand, as the planner does.  Its value cuts the
    linear relaxation off, and what is then left for each flight (flies surely or never, launch and
    undocking between two days) holds in every better plan: optimality-based bound tightening
    (Gleixner et al., J. Global Optim. 67, 2017).  With the windows most precedence is decided; a
    better plan found on the way narrows them again.  Ten years with own crews, measured on 2 cores:
    a gap of 6 % after 60 s without, the proof in 2 to 8 s with it (seeds 0, 1 and 3).
    """
    (tier,) = scenario.objective
    began = time.perf_counter()

    def left_s() -> float:
        return time_limit_s - (time.perf_counter() - began)

    best = EventModel(scenario, _pencilled(scenario)).solve(_FIRST_SHARE * time_limit_s, threads)
    if not best.values:
        best = EventModel(scenario).solve(_FIRST_SHARE * time_limit_s, threads)
        if best.status == "infeasible":
            return best
    bound, round_s = -math.inf, _ROUND_SHARE * time_limit_s
    while left_s() > 0:
        windows = narrowed(scenario, tier, best.values[0]) if best.values else {}
        cutoff = best.values[0] if best.values else None
        found = EventModel(scenario, windows).solve(min(round_s, left_s()), threads, cutoff)
        assert cutoff is None or found.status != "infeasible", "the windows leave out the plan they are from"
        if found.status in ("optimal", "infeasible"):
            return replace(found, wall_s=time.perf_counter() - began)
        bound = max(bound, *found.bounds)
        if found.values and (cutoff is None or found.values[0] < cutoff - _EPS):
            best = found
        else:
            round_s *= 2  # nothing new to narrow with
    if not best.values:
        return Found("unknown", (), (bound,), time.perf_counter() - began)
    return Found("feasible", best.values, (min(bound, best.values[0]),), time.perf_counter() - began)


def narrowed(scenario: Scenario, tier: Tier, cutoff: float) -> dict[str, Window]:
    """What holds for the flights of the lines in every plan whose value is at most `cutoff`."""
    model = EventModel(scenario, is_skeleton=True, has_matching=False)
    model.h.addConstr(model.goal(tier) <= cutoff + _EPS)
    windows = {}
    for line in model.lines.values():
        is_possible = True
        for v in line:
            is_sure = not v.is_optional
            if v.is_optional:
                is_possible = is_possible and model.extreme(v.is_present, is_least=False) > 1 - _EPS
                is_sure = is_possible and model.extreme(v.is_present, is_least=True) > _EPS
            if not is_possible:
                windows[v.name] = Window((0, 0), (0, 0), is_sure=False, is_possible=False)
                continue
            if v.is_optional:
                model.h.changeColBounds(v.is_present.index, 1, 1)
            days = [
                (e, e)
                if isinstance(e, int)
                else (
                    math.ceil(model.extreme(e, is_least=True) - _EPS),
                    math.floor(model.extreme(e, is_least=False) + _EPS),
                )
                for e in (v.launch, v.undock)
            ]
            if v.is_optional and not is_sure:
                model.h.changeColBounds(v.is_present.index, 0, 1)
            windows[v.name] = Window(days[0], days[1], is_sure=is_sure, is_possible=True)
    return windows


def _pencilled(scenario: Scenario) -> dict[str, Window]:
    """Launches near those one would pencil in: each craft for its life, the next a week before."""
    model = EventModel(scenario, is_skeleton=True, has_matching=False)
    horizon, windows = model.n_days, {}
    for line in model.lines.values():
        last, is_over = -1000, False
        for v in line:
            if not v.is_optional:
                last = (v.launch_lo + v.launch_hi) // 2
                continue
            life = v.kind.on_orbit_life_days or 180.0
            launch = max(last + int(v.kind.launch_interval_days_min), last + int(life) - _RELIEF_DAYS)
            launch = max(0, min(launch, horizon - 2 * _ROOM_DAYS))
            is_over = is_over or last + int(life - scenario.life_left_days) >= horizon
            is_over = is_over or launch < last + int(v.kind.launch_interval_days_min)
            near = (launch - _ROOM_DAYS, launch + _ROOM_DAYS)
            windows[v.name] = Window(near, (0, horizon), is_sure=not is_over, is_possible=not is_over)
            last = launch
    return windows
