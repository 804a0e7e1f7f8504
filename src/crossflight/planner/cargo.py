"""The cargo stage: days, ports and pads for cargo flights, with the crew traffic decided.

Crew times are frozen; crew ports may still be swapped, since no term of the objective sees them.
Stock is checked where it is lowest: just before each cargo craft arrives and at the horizon.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations_with_replacement, pairwise

from ortools.sat.python import cp_model

from crossflight.model import Commodity, Scenario, VehicleType
from crossflight.planner.constraints import (
    capsule,
    docking_spacing,
    forbidden_days,
    on_orbit_life,
    pad,
    port_occupancy,
)
from crossflight.planner.constraints.consumables import docking_days, first_launch
from crossflight.planner.pins import Pins, added_name, hold
from crossflight.planner.solve import Goal, evaluate
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit

_GRAMS = 1000
_SPARE_FLIGHTS = 2
_MARGIN_DAYS = 12
_CHECK_DAYS = 15
_ROOM_DAYS = (16, 45, 90)


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the crew stage decided about one flight: its days and its pad."""

    launch: int
    undock: int
    pad: str | None


class Cargo(Traffic):
    """Crew visits frozen, known cargo, and cargo flights to add.

    Parameters
    ----------
    scenario
        The scenario.
    frozen
        Crew (and announced cargo) flights by name.
    person_days
        Person-days lived from the beginning to 00:00 of each day, and to the horizon last.
    counts
        Cargo flights per type in the crew stage's aggregate: the least that can do.
    """

    def __init__(
        self,
        scenario: Scenario,
        frozen: dict[str, Frozen],
        person_days: list[float],
        counts: dict[str, int],
        pins: Pins | None = None,
    ) -> None:
        self._frozen = frozen
        self._person_days = person_days
        self._counts = counts
        self._order_of: dict[tuple[str, str], Expr] = {}
        self._docked_by: dict[tuple[str, int], Lit] = {}
        super().__init__(scenario, pins)

    def _build_visits(self) -> None:
        s = self.scenario
        self.visits += [self.docked(d) for d in s.docked]
        self.visits += [self.announced(a) for a in s.announced]
        known = {v.name for v in self.visits}
        for vehicle in s.vehicle_types:
            names = [n for n in self._frozen if n not in known and n.startswith(added_name(vehicle.name, ""))]
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
        counted = max(self._counts.get(vehicle.name, 0), self.pins.n_added(vehicle.name))
        most = min(len(docking_days(self, vehicle.name)), counted + _SPARE_FLIGHTS)
        line = [self.added(added_name(vehicle.name, i + 1), vehicle, 0) for i in range(most)]
        interval = max(1, int(vehicle.launch_interval_days_min))
        for a, b in pairwise(line):
            self.model.add_implication(b.is_present, a.is_present)
            self.model.add(b.launch >= a.launch + interval).only_enforce_if(b.is_present)
        for v in self.visits:
            if v.vehicle is vehicle and line:
                self.model.add(line[0].launch >= v.launch + interval).only_enforce_if(line[0].is_present)
        self.visits += line

    def build(self) -> Goal:
        """Add the rules that concern cargo; returns the price to minimise."""
        on_orbit_life.add(self)
        self._assign_capsules()
        port_occupancy.add(self)
        docking_spacing.add(self)
        pad.add(self)
        forbidden_days.add(self)
        hold(self, is_crew_decided=True)
        if self.binds("consumables"):
            for commodity in self.scenario.commodities:
                self._stock(commodity)
        added = self._added_cargo()
        price = sum(round(v.vehicle.price) * v.is_present for v in added)
        least = sum(round(self.types[n].price) * k for n, k in self._counts.items())
        if added:
            self.model.add(price >= least)
        return Goal("cargo price", price, 1, least)

    def only_undockings(self, values: list[int]) -> cp_model.CpModel:
        """The model with everything as in a solution but the days on which cargo craft leave."""
        model = self.model.clone()
        for v in self.visits:
            for choice in (v.port_of, v.pad_of, v.craft_of):
                for x in choice.values():
                    model.add(x == evaluate(x, values))
            model.add(v.is_present == evaluate(v.is_present, values))
            model.add(v.launch == evaluate(v.launch, values))
        for i, value in enumerate(values):
            model.add_hint(model.get_int_var_from_proto_index(i), value)
        return model

    def stays(self) -> Goal:
        """Cargo craft stay as long as they may: they are the station's store and its waste bin."""
        days = [v.undock for v in self.visits if not v.vehicle.is_crewed]
        return Goal("cargo stays", -sum(days), 1)

    def neighbourhoods(self) -> Iterator[cp_model.CpModel]:
        """The model near pencilled launches: with the fewest flights, then with one and two more."""
        names = list(self._counts)
        more = [(), *combinations_with_replacement(names, 1), *combinations_with_replacement(names, 2)]
        more.sort(key=lambda extra: sum(self.types[n].price for n in extra))
        for extra in more:
            counts = {n: k + extra.count(n) for n, k in self._counts.items()}
            if any(counts[n] > sum(v.vehicle.name == n for v in self._added_cargo()) for n in counts):
                continue
            pencilled = self._pencilled(counts)
            for room_days in _ROOM_DAYS:
                model = self.model.clone()
                for v in self._added_cargo():
                    model.add(v.is_present == (v.name in pencilled))
                    if v.name in pencilled:
                        model.add(v.launch >= pencilled[v.name] - room_days)
                        model.add(v.launch <= pencilled[v.name] + room_days)
                yield model

    def _added_cargo(self) -> list[Visit]:
        return [v for v in self.visits if v.origin == "added" and not v.vehicle.is_crewed]

    def _pencilled(self, counts: dict[str, int]) -> dict[str, int]:
        """Launch days by hand: always the type that is furthest behind, some days before stock runs low."""
        waiting = {n: [v for v in self._added_cargo() if v.vehicle.name == n][:k] for n, k in counts.items()}
        earliest = {n: first_launch(self, n) for n in waiting}
        loads = [
            (v.launch_announced + v.clock.dock_offset, v.vehicle)
            for v in self.visits
            if v.launch_announced is not None and v.vehicle.upmass_kg
        ]
        days: dict[str, int] = {}
        while any(waiting.values()):
            low, commodity = self._first_low(loads)
            ready = {n: line for n, line in waiting.items() if line}
            useful = {n: x for n, x in ready.items() if self.types[n].upmass_kg.get(commodity)} or ready
            in_time = {n: x for n, x in useful.items() if self._from(earliest[n], x[0]) + _MARGIN_DAYS <= low}
            name = max(in_time or useful, key=lambda n: (len(waiting[n]) / counts[n], self.types[n].price))
            v = waiting[name].pop(0)
            launch = max(self._from(earliest[name], v), low - _MARGIN_DAYS - v.clock.dock_offset)
            pinned = self.pins.launch_day(v.name)
            days[v.name] = (
                min(launch, self.grain.n_days - 2 - v.clock.dock_offset) if pinned is None else pinned
            )
            earliest[name] = days[v.name] + max(1, int(v.vehicle.launch_interval_days_min))
            loads.append((days[v.name] + v.clock.dock_offset, v.vehicle))
        return days

    def _from(self, earliest: int, v: Visit) -> int:
        """First day `v` can launch: not before its craft is ready."""
        craft = [c for c in self.scenario.craft if c.name in v.craft_of and c.ready_utc is not None]
        ready = [self.grain.first_day_from(c.ready_utc) for c in craft if c.ready_utc is not None]
        return max([earliest, min(ready)] if ready and len(ready) == len(v.craft_of) else [earliest])

    def _first_low(self, loads: list[tuple[int, VehicleType]]) -> tuple[int, str]:
        """The first day on which a commodity would fall below its reserve, and which one."""
        first = (self.grain.n_days, "")
        for c in self.scenario.commodities:
            have = math.floor(c.stock_kg * _GRAMS) - self._reserve_g(c)
            for day, used in enumerate(self._use_g(c)):
                arrived = sum(math.floor(t.upmass_kg.get(c.name, 0.0) * _GRAMS) for d, t in loads if d < day)
                if have + arrived < used:
                    first = min(first, (day, c.name))
                    break
        return first

    def _assign_capsules(self) -> None:
        for vehicle in self.scenario.vehicle_types:
            visits = [v for v in self.visits if v.vehicle is vehicle]
            if visits and not vehicle.is_crewed:
                capsule.assign(self, vehicle, visits)

    def _use_g(self, c: Commodity) -> list[int]:
        """Grams used from the beginning to each day, and to the horizon last."""
        return [
            math.ceil((day * c.per_day_kg + lived * c.per_person_day_kg) * _GRAMS)
            for day, lived in enumerate(self._person_days)
        ]

    def _reserve_g(self, c: Commodity) -> int:
        nominal = sum(self.scenario.station.n_crew_nominal.values())
        return math.ceil(c.reserve_days * (nominal * c.per_person_day_kg + c.per_day_kg) * _GRAMS)

    def _stock(self, c: Commodity) -> None:
        reserve = self._reserve_g(c)
        start = math.floor(c.stock_kg * _GRAMS)
        used = self._use_g(c)
        horizon = self.grain.n_days
        bringing = [v for v in self.visits if v.origin != "docked" and v.vehicle.upmass_kg.get(c.name)]
        load = {v.name: math.floor(v.vehicle.upmass_kg[c.name] * _GRAMS) for v in bringing}
        self.model.add(start + sum(load[v.name] * v.is_present for v in bringing) >= used[horizon] + reserve)
        self._by_day(bringing, load, [u + reserve - start for u in used])
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

    def _by_day(self, bringing: list[Visit], load: dict[str, int], needed: list[int]) -> None:
        """Redundant: what has docked by a day lasts till the day after the next; tight when relaxed."""
        for day in range(0, self.grain.n_days - 1, _CHECK_DAYS):
            if needed[day + 2] > 0:
                docked = sum(load[v.name] * self._is_docked_by(v, day) for v in bringing)
                self.model.add(docked >= needed[day + 2])

    def _is_docked_by(self, v: Visit, day: int) -> Lit:
        """Whether `v` flies and has docked on or before a day."""
        key = (v.name, day)
        if key not in self._docked_by:
            x = self._docked_by[key] = self.model.new_bool_var(f"{v.name}.docked_by.{day}")
            self.model.add(v.dock <= day).only_enforce_if(x)
            self.model.add_implication(x, v.is_present)
            self.model.add(v.dock >= day + 1).only_enforce_if([~x, v.is_present])
            if (v.name, day - _CHECK_DAYS) in self._docked_by:
                self.model.add_implication(self._docked_by[v.name, day - _CHECK_DAYS], x)
        return self._docked_by[key]

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
