"""The crew traffic model: which craft flies when, with how many people of each partner.

Flights of a type form a line in launch order: docked, announced, then those the planner adds.
Craft of a line come home in the order they went up.  Constraint modules add the flight rules;
`objective` adds the terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

from ortools.sat.python import cp_model

from crossflight.model import Craft, RuleSetting, Scenario, VehicleType
from crossflight.planner.pins import Pins, added_name
from crossflight.planner.readiness import capacity_by_day
from crossflight.planner.visit import Expr, Lit, Variables, Visit


class Traffic(Variables):
    """All crewed visits and the cargo visits already known, with the terms the rules contribute.

    Attributes
    ----------
    visits
        Every visit in the model.
    lines
        Vehicle type name to its rotation visits in launch order.
    terms
        Objective term name to a list of linear expressions that sum to it.
    waiver_days
        Rule id to the expressions of days waived under it.
    seats_by_day
        How many seats there can be people for by each day: `readiness.capacity_by_day`.
    usual
        Literals that are true in the usual rotation: each craft hands over to the next of its line.
    """

    def __init__(
        self, scenario: Scenario, pins: Pins | None = None, *, is_coarse: bool = False, has_ports: bool = True
    ) -> None:
        super().__init__(scenario, pins, has_ports=has_ports)
        self.has_watches = not is_coarse
        self.visits: list[Visit] = []
        self.lines: dict[str, list[Visit]] = {}
        self.terms: dict[str, list[Expr]] = {}
        self.waiver_days: dict[str, list[tuple[str, Expr]]] = {}
        self.usual: list[Lit] = []
        self.overlaps: dict[tuple[str, str], cp_model.IntVar] = {}
        self.seats_by_day: Callable[..., list[int]] = partial(capacity_by_day, scenario)
        self.n_cargo_added: dict[str, Expr] = {}
        self.n_docked_by: dict[int, dict[str, Lit]] = {}
        self.cargo_docking_days: dict[str, list[int]] = {}
        self._build_visits()

    def setting(self, rule: str) -> RuleSetting:
        """How hard `rule` is in this scenario."""
        return self.scenario.rules[rule]

    def binds(self, rule: str) -> bool:
        """Whether `rule` must hold (hard, or waivable at a price)."""
        return self.setting(rule).severity in ("hard", "waivable")

    def value(self, rule: str, name: str, default: float) -> float:
        """A numeric value of a rule."""
        return float(self.setting(rule).values.get(name, default))

    def add_term(self, term: str, expression: Expr) -> None:
        """Add an expression to an objective term."""
        self.terms.setdefault(term, []).append(expression)

    def crewed(self) -> list[Visit]:
        """Visits that bring people."""
        return [v for v in self.visits if v.patterns and v.n_aboard_max]

    def rotations(self) -> list[Visit]:
        """Rotation visits of every line."""
        return [v for line in self.lines.values() for v in line]

    def n_seats_free(self, v: Visit, pattern: Mapping[str, int]) -> int:
        """Nominal seats of a craft that carries so many people of each partner that count as free."""
        return v.vehicle.n_seats_nominal - sum(pattern.values())

    def n_flights(self) -> list[Expr]:
        """How many flights the planner adds to each line."""
        added = [[v.is_present for v in line if v.origin == "added"] for line in self.lines.values()]
        return [*(sum(present) for present in added if present), *self.n_cargo_added.values()]

    def fleet(self, vehicle: VehicleType) -> list[Craft]:
        """Craft of a type in the order they become ready."""
        craft = [c for c in self.scenario.craft if c.vehicle_type == vehicle.name]
        return sorted(craft, key=lambda c: c.ready_utc or self.scenario.from_utc)

    def free_craft(self, vehicle: VehicleType) -> list[Craft]:
        """Of the fleet, craft with a flight left that no docked or announced flight names."""
        named = {v.known.craft for v in self.visits if v.known}
        named |= {v.announced.craft for v in self.visits if v.announced and v.announced.craft}
        named |= self.pins.craft
        return [
            c
            for c in self.fleet(vehicle)
            if c.name not in named and (c.n_flights_allowed is None or c.n_flights_used < c.n_flights_allowed)
        ]

    def craft_named(self, v: Visit) -> str | None:
        """The craft announced or pinned for a visit."""
        return (v.announced.craft if v.announced else None) or self.pins.of(v.name).craft

    def _build_visits(self) -> None:
        s = self.scenario
        self.visits += [self.docked(d) for d in s.docked]
        self.visits += [self.announced(a) for a in sorted(s.announced, key=lambda a: a.launch_utc)]
        for vehicle in s.vehicle_types:
            if vehicle.is_crewed:
                line = [v for v in self.visits if v.vehicle is vehicle and v.kind in ("rotation", "uncrewed")]
                line.sort(key=lambda v: (v.origin != "docked", v.known.launch_utc if v.known else s.from_utc))
                if vehicle.plan_line:
                    line += self._added_flights(vehicle, line)
                if line:
                    self.lines[vehicle.name] = line
                    self._order(line)

    def _added_flights(self, vehicle: VehicleType, line: list[Visit]) -> list[Visit]:
        interval = max(1, int(vehicle.launch_interval_days_min))
        latest = [
            v.launch_announced - (int(v.announced.window_days) if v.announced else 0)
            for v in line
            if v.launch_announced is not None
        ]
        latest += [self.grain.day(v.known.launch_utc) for v in line if v.known is not None]
        first = max(0, max(latest, default=-interval) + interval)
        count = max(0, -(-(self.grain.n_days - first) // interval))
        if not vehicle.is_reusable:
            free = self.free_craft(vehicle)
            open_seats = sum(1 for v in line if v.announced and not self.craft_named(v))
            count = min(count, max(0, len(free) + self.pins.n_craft_added(vehicle.name) - open_seats))
        added = [
            self.added(added_name(vehicle.name, i + 1), vehicle, first + i * interval) for i in range(count)
        ]
        self.visits += added
        return added

    def _order(self, line: list[Visit]) -> None:
        for a, b in pairwise(line):
            interval = max(1, int(a.vehicle.launch_interval_days_min))
            if b.origin == "added":
                if a.origin == "added":
                    self.model.add_implication(b.is_present, a.is_present)
                self.model.add(b.launch >= a.launch + interval).only_enforce_if(b.is_present)
            elif b.origin == "announced" and a.origin == "announced":
                self.model.add(b.launch >= a.launch + 1)
            # An open craft is still there at the horizon, so its successor is too.
            self.model.add(b.undock >= a.undock + 1).only_enforce_if([b.is_present, ~b.is_open])
            self.model.add(b.undock >= a.undock).only_enforce_if(b.is_present)
