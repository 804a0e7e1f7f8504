"""consumables: enough cargo is bought, counted over the whole horizon.

Here cargo is an aggregate: how many flights of each type, with nothing said about when.  Every
cargo schedule delivers at least this much, so the aggregate is a bound on the price that holds
for every crew traffic (planning.md: one redundant total-upmass cut took 10 years from no proof
to a proof).  The cargo stage then finds days and ports for them.
"""

from __future__ import annotations

import math

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr

_GRAMS = 1000  # kilograms become whole grams in the model


def add(traffic: Traffic) -> None:
    """Integer counts of cargo flights per type cover use over the horizon and the reserve."""
    model, horizon, s = traffic.model, traffic.grain.n_days, traffic.scenario
    if not traffic.binds("consumables") or not s.commodities:
        return
    for vehicle in s.vehicle_types:
        if vehicle.plan_line and not vehicle.is_crewed and vehicle.upmass_kg:
            most = n_flights_max(traffic, vehicle.name)
            traffic.n_cargo_added[vehicle.name] = model.new_int_var(0, most, f"{vehicle.name}.count")
    person_days = _person_days(traffic)
    for c in s.commodities:
        nominal = sum(s.station.n_crew_nominal.values())
        reserve = c.reserve_days * (nominal * c.per_person_day_kg + c.per_day_kg)
        supply: Expr = math.floor(c.stock_kg * _GRAMS)
        for v in traffic.visits:
            if v.origin == "announced":
                supply += math.floor(v.vehicle.upmass_kg.get(c.name, 0.0) * _GRAMS)
        for name, count in traffic.n_cargo_added.items():
            supply += math.floor(traffic.types[name].upmass_kg.get(c.name, 0.0) * _GRAMS) * count
        fixed = math.floor((c.per_day_kg * horizon + reserve) * _GRAMS)
        model.add(supply >= fixed + math.floor(c.per_person_day_kg * _GRAMS) * person_days)


def n_flights_max(traffic: Traffic, type_name: str) -> int:
    """Most flights of a cargo type the planner may add: by craft and by launch interval."""
    vehicle = traffic.types[type_name]
    most = -(-traffic.grain.n_days // max(1, int(vehicle.launch_interval_days_min)))
    if not vehicle.is_reusable:
        taken = {v.known.craft for v in traffic.visits if v.known}
        taken |= {v.announced.craft for v in traffic.visits if v.announced and v.announced.craft}
        free = [c for c in traffic.scenario.craft if c.vehicle_type == type_name and c.name not in taken]
        most = min(most, len(free))
    return most


def _person_days(traffic: Traffic) -> Expr:
    """At least this many person-days are lived aboard (long stays beyond a craft not counted)."""
    model, horizon = traffic.model, traffic.grain.n_days
    total: Expr = 0
    for v in traffic.crewed():
        begin: Expr = 0 if v.origin == "docked" else v.count_from
        if len(v.patterns) == 1 and v.origin != "added":
            total += (sum(v.patterns[0][1].values()) + v.n_visitors) * (v.undock - begin)
            continue
        for x, pattern in v.patterns:
            n = sum(pattern.values()) + v.n_visitors
            lived = model.new_int_var(0, n * horizon, f"{v.name}.lived{n}")
            model.add(lived >= n * (v.undock - begin)).only_enforce_if(x)
            total += lived
    return total
