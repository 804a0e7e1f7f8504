"""consumables: enough cargo is bought, counted over the whole horizon.

Here cargo is an aggregate: how many flights of each type, with nothing said about when.  Every
cargo schedule delivers at least this much, so the aggregate is a bound on the price that holds
for every crew traffic (planning.md: one redundant total-upmass cut took 10 years from no proof
to a proof).  The cargo stage then finds days and ports for them.
"""

from __future__ import annotations

import math

from crossflight.planner.constraints.forbidden_days import spans_of
from crossflight.planner.grain import UNDOCK_HOUR
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit

_GRAMS = 1000  # kilograms become whole grams in the model


def add(traffic: Traffic) -> None:
    """Integer counts of cargo flights per type cover use over the horizon and the reserve."""
    model, horizon, s = traffic.model, traffic.grain.n_days, traffic.scenario
    if not traffic.binds("consumables") or not s.commodities:
        return
    traffic.terms.setdefault("crew_shortfall_days", [])
    for vehicle in s.vehicle_types:
        if vehicle.plan_line and not vehicle.is_crewed and vehicle.upmass_kg:
            most = len(docking_days(traffic, vehicle.name))
            traffic.n_cargo_added[vehicle.name] = model.new_int_var(0, most, f"{vehicle.name}.count")
    whole_days, part_days = _person_days(traffic)
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
        use = math.floor(c.per_person_day_kg * _GRAMS) * whole_days
        for x, days in part_days:
            use += math.floor(c.per_person_day_kg * days * _GRAMS) * x
        model.add(supply >= fixed + use)
    _by_day(traffic)


def _by_day(traffic: Traffic) -> None:
    """Redundant: until the next flight can dock, what can have docked lasts.

    A nominal crew less its shortfall lives aboard; handovers use more.  Stock is lowest on the
    eve of a docking, so the eves of the earliest possible dockings are the days to look at.
    """
    short = sum(traffic.terms["crew_shortfall_days"])
    nominal = sum(traffic.scenario.station.n_crew_nominal.values())
    eves = {d - 1 for name in traffic.n_cargo_added for d in docking_days(traffic, name) if d > 1}
    for day in sorted(eves):
        _lasts(traffic, day, nominal * day - short, [])


def look_closely(traffic: Traffic, day: int) -> None:
    """Redundant: what can have docked by a day lasts for everybody who is aboard until the next.

    For the few days on which that decides how many cargo flights it takes.
    """
    model, horizon = traffic.model, traffic.grain.n_days
    until = min(day + 2, horizon)
    whole: Expr = 0
    parts: list[tuple[Lit, float]] = []
    for v in traffic.crewed():
        end = model.new_int_var(0, until, f"{v.name}.until.{day}")
        model.add_min_equality(end, [v.undock + int(leaving_hour(v) // 24), until])
        begin: Expr = 0
        if v.origin != "docked":
            begin = model.new_int_var(0, until, f"{v.name}.since.{day}")
            model.add_min_equality(begin, [v.dock_first, until])
        for x, pattern in v.patterns:
            n = sum(pattern.values()) + v.n_visitors
            lived = model.new_int_var(0, n * until, f"{v.name}.lived{n}.{day}")
            model.add(lived >= n * (end - begin)).only_enforce_if(x)
            whole += lived
            if v.origin != "docked":
                parts.append((x, -n * (v.clock.dock.first % 24) / 24))
    _lasts(traffic, day, whole, parts)


def _lasts(traffic: Traffic, day: int, person_days: Expr, parts: list[tuple[Lit, float]]) -> None:
    """What can have docked by the end of a day covers so many person-days and the reserve."""
    s = traffic.scenario
    nominal = sum(s.station.n_crew_nominal.values())
    docked = _docked_by(traffic, day)
    known = [
        v
        for v in traffic.visits
        if v.launch_announced is not None
        and v.announced is not None
        and v.launch_announced - int(v.announced.window_days) + v.clock.dock_offset_first <= day
    ]
    for c in s.commodities:
        supply: Expr = math.floor(c.stock_kg * _GRAMS)
        supply += sum(math.floor(v.vehicle.upmass_kg.get(c.name, 0.0) * _GRAMS) for v in known)
        for name, x in docked.items():
            supply += math.floor(traffic.types[name].upmass_kg.get(c.name, 0.0) * _GRAMS) * x
        reserve_kg = c.reserve_days * (nominal * c.per_person_day_kg + c.per_day_kg)
        used: Expr = math.floor((c.per_day_kg * day + reserve_kg) * _GRAMS)
        used += math.floor(c.per_person_day_kg * _GRAMS) * person_days
        for x, days in parts:
            used += math.floor(c.per_person_day_kg * days * _GRAMS) * x
        traffic.model.add(supply >= used)


def _docked_by(traffic: Traffic, day: int) -> dict[str, Lit]:
    """How many added cargo flights of each type have docked by the end of a day."""
    model, known = traffic.model, traffic.n_docked_by
    if day not in known:
        earlier = max((d for d in known if d < day), default=None)
        known[day] = {}
        for name, count in traffic.n_cargo_added.items():
            most = sum(d <= day for d in docking_days(traffic, name))
            x = known[day][name] = model.new_int_var(0, most, f"{name}.docked_by.{day}")
            model.add(x <= count)
            if earlier is not None:
                model.add(x >= known[earlier][name])
    return known[day]


def docking_days(traffic: Traffic, type_name: str) -> list[int]:
    """The earliest docking days of the cargo flights the planner may add, one after the other.

    By launch interval, craft that are ready and forbidden days; no flight can dock sooner.
    """
    if type_name not in traffic.cargo_docking_days:
        traffic.cargo_docking_days[type_name] = _docking_days(traffic, type_name)
    return traffic.cargo_docking_days[type_name]


def _docking_days(traffic: Traffic, type_name: str) -> list[int]:
    vehicle, grain = traffic.types[type_name], traffic.grain
    interval = max(1, int(vehicle.launch_interval_days_min))
    free = traffic.free_craft(vehicle)
    clock = traffic.clock_of(vehicle)
    is_computed = traffic.timetable.departures(vehicle, traffic.pads(vehicle)) is not None
    forbidden = [] if is_computed else sorted(spans_of(traffic, vehicle, clock)["launch"])
    days: list[int] = []
    launch = first_launch(traffic, type_name)
    while vehicle.is_reusable or len(days) < len(free):
        if not vehicle.is_reusable:
            ready = free[len(days)].ready_utc
            launch = max(launch, grain.first_day_from(ready) if ready is not None else launch)
        for first, last in forbidden:
            launch = last + 1 if first <= launch <= last else launch
        if launch + clock.dock_offset_first >= grain.n_days:
            break
        days.append(launch + clock.dock_offset_first)
        launch += interval
    return days


def first_launch(traffic: Traffic, type_name: str) -> int:
    """First day on which the planner may add a cargo flight: after the docked and announced ones."""
    interval = max(1, int(traffic.types[type_name].launch_interval_days_min))
    flown = [-interval]
    for v in traffic.visits:
        if v.vehicle.name == type_name and v.known is not None:
            flown.append(traffic.grain.day(v.known.launch_utc))
        elif v.vehicle.name == type_name and v.launch_announced is not None and v.announced is not None:
            flown.append(v.launch_announced - int(v.announced.window_days))
    return max(0, max(flown) + interval)


def leaving_hour(v: Visit) -> float:
    """The hour of the undocking day until which people are counted to use things up: the latest there is."""
    return UNDOCK_HOUR if v.returns is None else v.clock.undock.last


def _person_days(traffic: Traffic) -> tuple[Expr, list[tuple[Lit, float]]]:
    """At least so many person-days are lived aboard: whole days, and a part of a day per literal.

    A crew is aboard from its docking hour to 06:00 of the undocking day; where its hours are open, from
    the earliest to the latest, so that what is bought does for all of them.  Long stays beyond a craft
    are not counted.
    """
    model, horizon = traffic.model, traffic.grain.n_days
    whole: Expr = 0
    parts: list[tuple[Lit, float]] = []
    for v in traffic.crewed():
        is_aboard = v.origin == "docked"
        begin: Expr = 0 if is_aboard else v.dock_first
        hours = 0.0 if is_aboard else v.clock.dock.first % 24
        for x, pattern in v.patterns:
            n = sum(pattern.values()) + v.n_visitors
            if v.origin != "added" and len(v.patterns) == 1:
                whole += n * (v.undock - begin)
            else:
                lived = model.new_int_var(0, n * horizon, f"{v.name}.lived{n}")
                model.add(lived >= n * (v.undock - begin)).only_enforce_if(x)
                whole += lived
            parts.append((x, -n * hours / 24))
            # Still docked at the horizon: there is no hour to leave at.
            parts.append((x, n * leaving_hour(v) / 24))
            if len(v.patterns) == 1:
                parts.append((v.is_open, -n * leaving_hour(v) / 24))
    return whole, parts
