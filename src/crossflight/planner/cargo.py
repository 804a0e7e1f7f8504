"""The cargo stage: days, ports and pads for cargo flights, with the crew traffic decided.

Crew times are frozen; crew ports and relocations are decided again.
Stock is checked where it is lowest: just before each cargo craft arrives and at the horizon.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice, pairwise

from ortools.sat.python import cp_model

from crossflight.model import Commodity, Scenario, VehicleType
from crossflight.planner.constraints import (
    capsule,
    docking_spacing,
    eva_day,
    forbidden_days,
    landing_opportunity,
    launch_opportunity,
    on_orbit_life,
    pad,
    port_occupancy,
    return_weather,
    solar_beta,
)
from crossflight.planner.constraints.consumables import docking_days
from crossflight.planner.pins import Pins, added_name, hold
from crossflight.planner.solve import evaluate
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit

_GRAMS = 1000
_CHECK_DAYS = 15
_TRIES = 200


@dataclass(frozen=True, slots=True)
class Frozen:
    """What the crew stage decided about one flight: its days, its pad, its waiver, how often it relocates."""

    launch: int
    undock: int
    pad: str | None
    waived_life_days: int
    n_relocations: int


class Cargo(Traffic):
    """Crew visits frozen, known cargo, and so many cargo flights added.

    Parameters
    ----------
    scenario
        The scenario.
    frozen
        Crew (and announced cargo) flights by name.
    counts
        Cargo flights to add per type.
    demands
        What has to be brought, per commodity.
    near
        Look only near a share of each flight's window, so many days either way.
    """

    def __init__(
        self,
        scenario: Scenario,
        frozen: dict[str, Frozen],
        counts: Mapping[str, int],
        demands: Sequence[Demand],
        pins: Pins | None = None,
        near: tuple[float, int] | None = None,
    ) -> None:
        self._frozen = frozen
        self._near = near
        self._counts = counts
        self._demands = demands
        self._order_of: dict[tuple[str, str], Expr] = {}
        self._docked_by: dict[tuple[str, int], Lit] = {}
        self._from: dict[str, int] = {}
        self._until: dict[str, int] = {}
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
        """So many flights of a type as counted; each can dock when the last one of its type allows it."""
        earliest = docking_days(self, vehicle.name)
        offset = self.clock_of(vehicle).dock_offset_first
        line = []
        for i in range(self._counts.get(vehicle.name, 0)):
            line.append(self.added(added_name(vehicle.name, i + 1), vehicle, earliest[i] - offset))
            self.model.add(line[-1].is_present == 1)
            self._from[line[-1].name] = earliest[i]
        interval = max(1, int(vehicle.launch_interval_days_min))
        for a, b in pairwise(line):
            self.model.add(b.launch >= a.launch + interval)
        for v in self.visits:
            if v.vehicle is vehicle and line:
                self.model.add(line[0].launch >= v.launch + interval)
        self.visits += line

    def build(self) -> None:
        """Add the rules that concern cargo."""
        on_orbit_life.add(self)
        for v in self.visits:
            if v.name in self._frozen:
                self.model.add(v.waived_life_days == self._frozen[v.name].waived_life_days)
        return_weather.add(self)
        self._assign_capsules()
        port_occupancy.add(self)
        docking_spacing.add(self)
        eva_day.add(self)
        pad.add(self)
        forbidden_days.add(self)
        launch_opportunity.add(self)
        landing_opportunity.add(self)
        solar_beta.add(self)
        hold(self, is_crew_decided=True)
        if self._near is not None:
            # A smaller search, which mostly has a solution: no more relocations than the crew stage made.
            for v in self.visits:
                was = self._frozen.get(v.name)
                self.model.add(sum(m.is_made for m in v.moves) <= (was.n_relocations if was else 0))
        self._windows()
        for demand in self._demands:
            self._stock(demand)

    def only_undockings(self, values: list[int]) -> cp_model.CpModel:
        """The model with everything as in a solution but the days on which cargo craft leave."""
        model = self.model.clone()
        for v in self.visits:
            for choice in (v.port_of, v.pad_of, v.craft_of):
                for x in choice.values():
                    model.add(x == evaluate(x, values))
            for move in v.moves:
                made = evaluate(move.is_made, values)
                model.add(move.is_made == made)
                for x in move.to_port.values():
                    model.add(x == evaluate(x, values))
                if made:
                    model.add(move.day == evaluate(move.day, values))
            if v.weather_wait is not None:
                model.add(v.weather_wait >= evaluate(v.weather_wait, values))
            model.add(v.is_present == evaluate(v.is_present, values))
            model.add(v.launch == evaluate(v.launch, values))
        for i, value in enumerate(values):
            model.add_hint(model.get_int_var_from_proto_index(i), value)
        # Cargo craft stay as long as they may: they are the station's store and its waste bin.
        model.maximize(sum(v.undock for v in self.visits if not v.vehicle.is_crewed))
        return model

    def _assign_capsules(self) -> None:
        for vehicle in self.scenario.vehicle_types:
            visits = [v for v in self.visits if v.vehicle is vehicle]
            if visits and not vehicle.is_crewed:
                capsule.assign(self, vehicle, visits)

    def _windows(self) -> None:
        """The days between which each flight has to dock: its type's interval, and all others early."""
        for vehicle in self.scenario.vehicle_types:
            line = [v for v in self._added_cargo() if v.vehicle is vehicle]
            interval = max(1, int(vehicle.launch_interval_days_min))
            latest = self.grain.n_days - 1 + interval
            for i, v in reversed(list(enumerate(line))):
                fewer = {**self._counts, vehicle.name: i}
                short = [day for d in self._demands if (day := d.first_day_short(fewer)) is not None]
                latest = self._until[v.name] = min([latest - interval, *short])
        for v in self._added_cargo():
            first, last = self._from[v.name], self._last_day(v)
            if self._near is not None:
                share, room_days = self._near
                at = first + round(share * (last - first))
                first, last = max(first, at - room_days), min(last, at + room_days)
                self._from[v.name], self._until[v.name] = first, last
            self.model.add(v.dock_first >= first)
            self.model.add(v.dock <= last)

    def _added_cargo(self) -> list[Visit]:
        return [v for v in self.visits if v.origin == "added" and not v.vehicle.is_crewed]

    def _stock(self, demand: Demand) -> None:
        """Stock is lowest on the eve of a docking and at the horizon."""
        model, c = self.model, demand.commodity
        bringing = [v for v in self.visits if v.origin != "docked" and v.vehicle.upmass_kg.get(c.name)]
        load = {v.name: math.floor(v.vehicle.upmass_kg[c.name] * _GRAMS) for v in bringing}
        for day in range(0, self.grain.n_days - 1, _CHECK_DAYS):
            # Redundant, and tight when relaxed.
            if demand.needed[day] > 0:
                docked = sum(load[v.name] * self._is_docked_by(v, day) for v in bringing)
                model.add(docked >= demand.needed[day])
        lowest, highest = min(demand.needed), max(demand.needed)
        for v in bringing:
            needed = model.new_int_var(lowest, highest, f"{v.name}.{c.name}.needed")
            model.add_element(v.dock, [demand.needed[0], *demand.needed], needed)
            earlier = sum(load[w.name] * self._docks_before(w, v) for w in bringing if w is not v)
            model.add(earlier >= needed)

    def _is_docked_by(self, v: Visit, day: int) -> Lit:
        """Whether `v` has docked on or before a day."""
        if self._last_day(v) <= day:
            return self.true
        if self._first_day(v) > day:
            return self.false
        key = (v.name, day)
        if key not in self._docked_by:
            x = self._docked_by[key] = self.model.new_bool_var(f"{v.name}.docked_by.{day}")
            self.model.add(v.dock <= day).only_enforce_if(x)
            self.model.add(v.dock >= day + 1).only_enforce_if(~x)
        return self._docked_by[key]

    def _docks_before(self, w: Visit, v: Visit) -> Expr:
        """Whether `w` docks before `v`: by their windows, by their places in a line, else a literal."""
        if w.vehicle is v.vehicle and w.origin == v.origin == "added":
            return int(int(w.name.rsplit(" ", 1)[1]) < int(v.name.rsplit(" ", 1)[1]))
        if self._last_day(w) <= self._first_day(v):
            return 1
        if self._first_day(w) > self._last_day(v):
            return 0
        key = (w.name, v.name)
        if key not in self._order_of:
            x = self._order_of[key] = self.model.new_bool_var(f"{w.name}.before.{v.name}")
            self.model.add(w.dock <= v.dock_first).only_enforce_if(x)
        return self._order_of[key]

    def _first_day(self, v: Visit) -> int:
        if v.launch_announced is not None and v.announced is not None:
            return v.launch_announced - int(v.announced.window_days) + v.clock.dock_offset_first
        return self._from.get(v.name, 0)

    def _last_day(self, v: Visit) -> int:
        if v.launch_announced is not None and v.announced is not None:
            return v.launch_announced + int(v.announced.window_days) + v.clock.dock_offset
        return self._until.get(v.name, self.grain.n_days - 1)


class Demand:
    """What of a commodity has to have docked by each day, with the crew traffic decided.

    `needed[d]` grams by the end of day d, so that stock keeps its reserve to the end of the day
    after the next: no cargo docking on day d + 1 needs to have counted before it.  The last entry
    is for the horizon.
    """

    def __init__(self, traffic: Traffic, commodity: Commodity, person_days: list[float]) -> None:
        self.commodity = commodity
        c, s = commodity, traffic.scenario
        nominal = sum(s.station.n_crew_nominal.values())
        reserve = math.ceil(c.reserve_days * (nominal * c.per_person_day_kg + c.per_day_kg) * _GRAMS)
        short = reserve - math.floor(c.stock_kg * _GRAMS)
        used = [
            math.ceil((day * c.per_day_kg + lived * c.per_person_day_kg) * _GRAMS)
            for day, lived in enumerate(person_days)
        ]
        self.needed = [u + short for u in [*used[2:], used[-1], used[-1]]]
        self._load = {
            v.name: math.floor(v.upmass_kg.get(c.name, 0.0) * _GRAMS)
            for v in s.vehicle_types
            if v.plan_line and not v.is_crewed
        }
        self._days = {name: docking_days(traffic, name) for name in self._load}
        # Announced flights as early as they may be.
        come = [
            (
                v.launch_from + v.clock.dock_offset_first,
                math.floor(v.vehicle.upmass_kg.get(c.name, 0.0) * _GRAMS),
            )
            for v in traffic.visits
            if v.origin == "announced"
        ]
        self._announced = [sum(g for day, g in come if day <= d) for d in range(len(self.needed))]
        # Stock is lowest on the eves of the earliest dockings, and at the horizon.
        eves = {d - 1 for days in self._days.values() for d in days} | {d - 1 for d, _ in come}
        self._eves = sorted(d for d in eves if 0 <= d < len(self.needed) - 2)

    def is_met(self, counts: Mapping[str, int]) -> bool:
        """Whether so many flights of each type could do, each as early as it can be."""
        last = len(self.needed) - 1
        return all(self._brought(counts, d) >= self.needed[d] for d in (last, *self._eves))

    def is_met_on(self, day: int, counts: Mapping[str, int]) -> bool:
        """Whether so many flights could do by one day."""
        return self._brought(counts, day) >= self.needed[day]

    def first_day_short(self, counts: Mapping[str, int]) -> int | None:
        """The first day by which so many flights are too few, None if there is none."""
        since, last = 0, len(self.needed) - 1
        for eve in (*self._eves, last - 2):
            brought = self._brought(counts, eve)
            if brought < self.needed[eve]:
                return max(since, bisect_right(self.needed, brought))
            since = eve + 1
        return last - 1 if self._brought(counts, last) < self.needed[last] else None

    def worst_day(self, counts: Mapping[str, int]) -> int | None:
        """The day by which most is lacking, None if nothing is or only at the horizon."""
        lacking = [(self.needed[d] - self._brought(counts, d), d) for d in self._eves]
        worst, day = max(lacking, default=(0, 0))
        return day if worst > 0 else None

    def _brought(self, counts: Mapping[str, int], day: int) -> int:
        return self._announced[day] + sum(
            load * min(counts.get(name, 0), bisect_right(self._days[name], day))
            for name, load in self._load.items()
        )


def critical_days(traffic: Traffic, demands: Sequence[Demand], likely: Sequence[Demand]) -> list[int]:
    """The days that decide which number of cargo flights is the cheapest.

    Parameters
    ----------
    demands, likely
        Demand as it is with some crew traffic, and as it is without handovers and visitors.
    """
    days: list[int] = []
    for _, counts in islice(counts_by_price(traffic, likely, 0.0), _TRIES):
        if all(d.is_met(counts) for d in demands):
            break
        if all(d.is_met_on(day, counts) for d in demands for day in days):
            worst = [d.worst_day(counts) for d in demands]
            days += [day for day in dict.fromkeys(worst) if day is not None]
    return days


def counts_by_price(
    traffic: Traffic, demands: Sequence[Demand], least: float
) -> Iterator[tuple[float, dict[str, int]]]:
    """Numbers of cargo flights per type that stock does not rule out, cheapest first, from a price on."""
    types = [v for v in traffic.scenario.vehicle_types if v.plan_line and not v.is_crewed]
    most = [len(docking_days(traffic, v.name)) for v in types]
    first = tuple(traffic.pins.n_added(v.name) for v in types)
    queue = [(sum(n * v.price for n, v in zip(first, types, strict=True)), first)]
    seen = {first}
    while queue:
        price, counts = heappop(queue)
        named = {v.name: n for v, n in zip(types, counts, strict=True)}
        if price >= least - 1e-6 and all(d.is_met(named) for d in demands):
            yield price, named
        for i, v in enumerate(types):
            more = (*counts[:i], counts[i] + 1, *counts[i + 1 :])
            if more[i] <= most[i] and more not in seen:
                seen.add(more)
                heappush(queue, (price + v.price, more))
