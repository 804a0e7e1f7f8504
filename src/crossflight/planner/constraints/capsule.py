"""capsule: every craft is ready, has flights left, and rests between flights."""

from __future__ import annotations

import math

from ortools.sat.python import cp_model

from crossflight.model import Craft, VehicleType
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Lit, Visit


def add(traffic: Traffic) -> None:
    """Reusable craft are assigned; expendable ones are taken in the order they become ready."""
    for vehicle in traffic.scenario.vehicle_types:
        visits = [v for v in traffic.visits if v.vehicle is vehicle]
        if visits:
            assign(traffic, vehicle, visits)


def assign(traffic: Traffic, vehicle: VehicleType, visits: list[Visit]) -> None:
    """Give every visit of a type its craft."""
    (_assign_reusable if vehicle.is_reusable else _take_in_order)(traffic, vehicle, visits)


def _ready_day(traffic: Traffic, craft: Craft, v: Visit) -> int:
    if craft.ready_utc is None or not traffic.binds("capsule"):
        return -(10**6)
    return math.ceil(craft.ready_utc.days_since(traffic.grain.day0) - v.clock.launch.first / 24 - 1e-9)


def _take_in_order(traffic: Traffic, vehicle: VehicleType, visits: list[Visit]) -> None:
    """The k-th flight without a named craft takes the k-th free craft."""
    free = traffic.free_craft(vehicle)
    by_name = {c.name: c for c in traffic.fleet(vehicle)}
    for v in visits:
        if v.known:
            continue
        named = traffic.craft_named(v)
        craft = by_name.get(named) if named else (free.pop(0) if free else None)
        if craft is None:
            traffic.model.add_bool_or([~v.is_present])
            continue
        v.craft_of = {craft.name: v.is_present}
        traffic.model.add(v.launch >= _ready_day(traffic, craft, v)).only_enforce_if(v.is_present)


def _assign_reusable(traffic: Traffic, vehicle: VehicleType, visits: list[Visit]) -> None:
    model = traffic.model
    craft = traffic.fleet(vehicle)
    rests: dict[str, list[cp_model.IntervalVar]] = {c.name: [] for c in craft}
    flown: dict[str, list[Lit]] = {c.name: [] for c in craft}
    for v in visits:
        if v.known is None:
            wanted = v.announced.craft if v.announced and v.announced.craft else None
            choices = [c for c in craft if wanted is None or c.name == wanted]
            v.craft_of = {c.name: model.new_bool_var(f"{v.name}.craft.{c.name}") for c in choices}
            model.add(sum(v.craft_of.values()) == v.is_present)
            for c in choices:
                model.add(v.launch >= _ready_day(traffic, c, v)).only_enforce_if(v.craft_of[c.name])
                flown[c.name].append(v.craft_of[c.name])
        # Landing hour may be later than the next launch hour: round the rest up by a day.
        rest = v.clock.landing_offset + math.ceil(vehicle.turnaround_days) + 1
        for name, x in v.craft_of.items():
            if name in rests:
                rests[name].append(
                    model.new_optional_interval_var(
                        v.launch, v.days + rest, v.undock + rest, x, f"{v.name}.rest.{name}"
                    )
                )
    if not traffic.binds("capsule"):
        return
    for c in craft:
        model.add_no_overlap(rests[c.name])
        if c.n_flights_allowed is not None and flown[c.name]:
            model.add(sum(flown[c.name]) <= c.n_flights_allowed - c.n_flights_used)
