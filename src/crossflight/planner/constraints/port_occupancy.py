"""port_occupancy, port_compatibility and port_closure: one craft at a fitting, open port.

A relocation, its crew aboard, divides a stay into two at different ports; term n_relocations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ortools.sat.python import cp_model

from crossflight.planner.grain import UNDOCK_HOUR, Grain, hour_of
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Visit
from crossflight.times import Instant

# Craft may have docked years before the scenario begins.
_FAR_DAYS = 10_000


def add(traffic: Traffic) -> None:
    """Stays at a port and its closed days do not overlap; or, without ports, room for every craft."""
    _only_fitting_ports(traffic)
    # After a departure at 06:00 the next arrival is on a later day: 18 h or more.
    gap = max(1, math.ceil((traffic.value("port_occupancy", "gap_hours_min", 0.0) + UNDOCK_HOUR) / 24))
    if traffic.has_ports:
        _ports(traffic, gap)
    elif traffic.binds("port_occupancy"):
        _room(traffic, gap)


def _ports(traffic: Traffic, gap: int) -> None:
    model = traffic.model
    busy: dict[str, list[cp_model.IntervalVar]] = {p.name: [] for p in traffic.scenario.station.ports}
    for v in traffic.visits:
        for name, interval in _stays(traffic, v, gap):
            busy[name].append(interval)
        for move in v.moves:
            traffic.add_term("n_relocations", move.is_made)
    for name, stays in busy.items():
        closures = _closures(traffic, name, gap)
        for alone in [stays] if traffic.binds("port_occupancy") else [[stay] for stay in stays]:
            model.add_no_overlap(alone + closures)


def _room(traffic: Traffic, gap: int) -> None:
    """In any set of ports never more craft that can go nowhere else than there are ports.

    Craft that may change ports are bound by little more than that, and it takes no choice of ports.
    """
    model = traffic.model
    reach = {v.name: traffic.reach(v) for v in traffic.visits}
    sets = set(reach.values())
    sets |= {a | b for a in sets for b in sets}
    for ports in sorted(sets, key=sorted):
        stays = []
        for v in traffic.visits:
            if reach[v.name] <= ports:
                latest = _latest(traffic, v)
                length = _length(traffic, v, None, latest, f"{v.name}.room")
                stays.append(
                    model.new_optional_interval_var(
                        v.dock_first, length + gap, latest + gap, v.is_present, f"{v.name}.room"
                    )
                )
        if len(stays) > len(ports) or any(_closures(traffic, p, gap) for p in ports):
            stays += [block for p in sorted(ports) for block in _closures(traffic, p, gap)]
            model.add_cumulative(stays, [1] * len(stays), len(ports))


def _closures(traffic: Traffic, port_name: str, gap: int) -> list[cp_model.IntervalVar]:
    return [
        traffic.model.new_fixed_size_interval_var(a, b - a, f"{port_name}.closed.{a}")
        for a, b in closed_days(traffic, port_name, gap)
    ]


def _latest(traffic: Traffic, v: Visit) -> Expr:
    """The first day on whose 06:00 it has left its port for good, even after a wait for weather."""
    if v.weather_wait is None:
        return v.undock + v.clock.away_offset
    far = traffic.grain.n_days + _FAR_DAYS
    latest = traffic.model.new_int_var(-far, far, f"{v.name}.latest")
    traffic.model.add(latest == v.undock + v.clock.away_offset + v.weather_wait)
    return latest


def _length(traffic: Traffic, v: Visit, begin: Expr | None, end: Expr, name: str) -> Expr:
    """Days from `begin` (None: the docking) to `end` as one variable, as an interval takes it."""
    if begin is None and v.weather_wait is None and not v.moves:
        return v.days - v.clock.dock_offset_first + v.clock.away_offset
    far = traffic.grain.n_days + _FAR_DAYS
    length = traffic.model.new_int_var(-far, far, f"{name}.length")
    traffic.model.add(length == end - (v.dock_first if begin is None else begin))
    return length


def _stays(traffic: Traffic, v: Visit, gap: int) -> Iterator[tuple[str, cp_model.IntervalVar]]:
    """Each port and the days it is taken: to the next move, or to the undocking and the wait for weather."""
    model, far = traffic.model, traffic.grain.n_days + _FAR_DAYS
    latest = _latest(traffic, v)
    begin: Expr | None = None
    at = v.port_of
    for k, move in enumerate([*v.moves, None]):
        end = latest
        if move is not None:
            end = model.new_int_var(-far, far, f"{v.name}.{k}.end")
            model.add(end == move.day).only_enforce_if(move.is_made)
            model.add(end == latest).only_enforce_if(~move.is_made)
        length = _length(traffic, v, begin, end, f"{v.name}.{k}")
        since = v.dock_first if begin is None else begin
        for name, x in at.items():
            stay = model.new_optional_interval_var(
                since, length + gap, end + gap, x, f"{v.name}.{k}.at.{name}"
            )
            yield name, stay
        if move is not None:
            begin, at = move.day, move.to_port


def closed_days(traffic: Traffic, port_name: str, gap: int) -> list[tuple[int, int]]:
    """Days [from, to) no stay may touch: closures, EVAs, before and after service.

    Stays are lengthened by `gap` for the next arrival, which a closure does not care about: who
    leaves by its beginning is gone.
    """
    grain, station = traffic.grain, traffic.scenario.station
    port = next(p for p in station.ports if p.name == port_name)
    spans = []
    if traffic.binds("port_closure"):
        spans += [(c.from_utc, c.to_utc) for c in port.closures]
        spans += [(e.from_utc, e.to_utc) for e in station.evas if port_name in e.free_ports]
    days = []
    for begin, end in spans:
        first = _gone_by(grain, begin, gap)
        days.append((first, max(first, grain.first_day_from(end))))
    if traffic.binds("port_compatibility"):
        if port.from_utc is not None and grain.first_day_from(port.from_utc) > 0:
            days.append((-4000, grain.first_day_from(port.from_utc)))
        if port.to_utc is not None and grain.day(port.to_utc) < grain.n_days:
            days.append((_gone_by(grain, port.to_utc, gap), grain.n_days + 4000))
    return _merged([(a, b) for a, b in days if b > 0 and a < grain.n_days + gap])


def _gone_by(grain: Grain, begin: Instant, gap: int) -> int:
    """First day a lengthened stay must not touch so that its 06:00 undocking is by `begin`."""
    return grain.day(begin) + gap - (1 if hour_of(begin) < UNDOCK_HOUR else 0)


def _merged(days: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for a, b in sorted(days):
        if merged and a <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(b, merged[-1][1]))
        else:
            merged.append((a, b))
    return merged


def _only_fitting_ports(traffic: Traffic) -> None:
    if not traffic.binds("port_compatibility"):
        return
    system = {p.name: p.system for p in traffic.scenario.station.ports}
    for v in traffic.visits:
        if v.origin == "docked":
            continue
        for port, x in v.port_of.items():
            if system[port] != v.vehicle.system or (v.vehicle.ports and port not in v.vehicle.ports):
                traffic.model.add_bool_or([~x])
