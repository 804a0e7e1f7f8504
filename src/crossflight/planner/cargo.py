"""The cargo stage: days, ports and pads for cargo flights, with the crew traffic decided.

Crew times are frozen; crew ports may still be swapped, since no term of the objective sees them.
Stock is checked where it is lowest: just before each cargo craft arrives and at the horizon.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from crossflight.model import Commodity, Scenario, VehicleType
from crossflight.planner.constraints import (
    capsule,
    docking_spacing,
    forbidden_days,
    on_orbit_life,
    pad,
    port_occupancy,
)
from crossflight.planner.constraints.consumables import n_flights_max
from crossflight.planner.solve import Goal
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Visit

_GRAMS = 1000
_SPARE_FLIGHTS = 2


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the crew stage decided about one flight: its days, pad and craft."""

    launch: int
    undock: int
    pad: str | None
    craft: str


class Cargo(Traffic):
    """Crew visits frozen, known cargo, and cargo flights to add.

    Parameters
    ----------
    scenario
        The scenario.
    frozen
        Crew (and announced cargo) flights by name.
    aboard
        People aboard on each planning day.
    counts
        Cargo flights per type in the crew stage's aggregate: the least that can do.
    """

    def __init__(
        self, scenario: Scenario, frozen: dict[str, Frozen], aboard: list[int], counts: dict[str, int]
    ) -> None:
        self._frozen = frozen
        self._aboard = aboard
        self._counts = counts
        self._order_of: dict[tuple[str, str], Expr] = {}
        super().__init__(scenario)

    def _build_visits(self) -> None:
        s = self.scenario
        self.visits += [self.docked(d) for d in s.docked]
        self.visits += [self.announced(a) for a in s.announced]
        known = {v.name for v in self.visits}
        for vehicle in s.vehicle_types:
            names = [n for n in self._frozen if n not in known and n.startswith(f"{vehicle.name} ")]
            self.visits += [
                self.added(n, vehicle, self._frozen[n].launch) for n in names if vehicle.is_crewed
            ]
        for v in self.visits:
            was = self._frozen.get(v.name)
            if was is None:
                continue
            self.model.add(v.is_present == 1)
            self.model.add(v.launch == was.launch)
            if v.vehicle.is_crewed:
                self.model.add(v.undock == was.undock)
                if was.pad in v.pad_of:
                    self.model.add(v.pad_of[was.pad] == 1)
        for vehicle in s.vehicle_types:
            if vehicle.plan_line and not vehicle.is_crewed:
                self._add_line(vehicle)

    def _add_line(self, vehicle: VehicleType) -> None:
        most = min(n_flights_max(self, vehicle.name), self._counts.get(vehicle.name, 0) + _SPARE_FLIGHTS)
        line = [self.added(f"{vehicle.name} {i + 1}", vehicle, 0) for i in range(most)]
        interval = max(1, int(vehicle.launch_interval_days_min))
        for a, b in pairwise(line):
            self.model.add_implication(b.is_present, a.is_present)
            self.model.add(b.launch >= a.launch + interval).only_enforce_if(b.is_present)
        fixed = [v for v in self.visits if v.vehicle is vehicle]
        for v in fixed:
            if v.origin == "announced":
                for b in line:
                    before = self.model.new_bool_var(f"{b.name}.before.{v.name}")
                    self.model.add(b.launch + interval <= v.launch).only_enforce_if([b.is_present, before])
                    self.model.add(b.launch >= v.launch + interval).only_enforce_if([b.is_present, ~before])
            elif line:
                self.model.add(line[0].launch >= v.launch + interval)
        self.visits += line

    def build(self) -> Goal:
        """Add the rules that concern cargo; returns the price to minimise."""
        on_orbit_life.add(self)
        self._assign_capsules()
        port_occupancy.add(self)
        docking_spacing.add(self)
        pad.add(self)
        forbidden_days.add(self)
        if self.binds("consumables"):
            for commodity in self.scenario.commodities:
                self._stock(commodity)
        added = [v for v in self.visits if v.origin == "added" and not v.vehicle.is_crewed]
        price = sum(round(v.vehicle.price) * v.is_present for v in added)
        least = sum(round(self.types[n].price) * k for n, k in self._counts.items())
        if added:
            self.model.add(price >= least)
        return Goal("cargo price", price, 1)

    def _assign_capsules(self) -> None:
        if not self.binds("capsule"):
            return
        for vehicle in self.scenario.vehicle_types:
            visits = [v for v in self.visits if v.vehicle is vehicle]
            if visits and not vehicle.is_crewed:
                capsule.assign(self, vehicle, visits)

    def _use_g(self, c: Commodity) -> list[int]:
        """Grams used from the beginning to each day, and to the horizon last."""
        used, total = [0], 0.0
        for n in self._aboard:
            total += c.per_day_kg + n * c.per_person_day_kg
            used.append(math.ceil(total * _GRAMS))
        return used

    def _stock(self, c: Commodity) -> None:
        nominal = sum(self.scenario.station.n_crew_nominal.values())
        reserve = math.ceil(c.reserve_days * (nominal * c.per_person_day_kg + c.per_day_kg) * _GRAMS)
        start = math.floor(c.stock_kg * _GRAMS)
        used = self._use_g(c)
        horizon = self.grain.n_days
        bringing = [v for v in self.visits if v.origin != "docked" and v.vehicle.upmass_kg.get(c.name)]
        load = {v.name: math.floor(v.vehicle.upmass_kg[c.name] * _GRAMS) for v in bringing}
        self.model.add(start + sum(load[v.name] * v.is_present for v in bringing) >= used[horizon] + reserve)
        for v in bringing:
            # Used by the end of the docking day: later than the docking hour, so on the safe side.
            use = self.model.new_int_var(0, used[-1], f"{v.name}.{c.name}.used")
            day = self.model.new_int_var(0, horizon, f"{v.name}.{c.name}.day")
            self.model.add(day == v.dock + 1).only_enforce_if(v.is_present)
            self.model.add(day == 0).only_enforce_if(~v.is_present)
            self.model.add_element(day, used, use)
            earlier: Expr = 0
            for w in bringing:
                if w is v:
                    continue
                earlier += load[w.name] * self._docks_before(w, v)
            self.model.add(start + earlier >= use + reserve).only_enforce_if(v.is_present)

    def _docks_before(self, w: Visit, v: Visit) -> Expr:
        """Whether `w` docks before `v`: decided by order within a line, else a literal."""
        key = (w.name, v.name)
        if key not in self._order_of:
            same_line = w.vehicle is v.vehicle and w.origin == v.origin == "added"
            if same_line:
                before = int(w.name.rsplit(" ", 1)[1]) < int(v.name.rsplit(" ", 1)[1])
                self._order_of[key] = w.is_present if before else self.false
            else:
                x = self.model.new_bool_var(f"{w.name}.before.{v.name}")
                self.model.add(w.dock <= v.dock).only_enforce_if([x])
                self.model.add_implication(x, w.is_present)
                self._order_of[key] = x
        return self._order_of[key]
