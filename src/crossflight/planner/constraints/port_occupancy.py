"""port_occupancy, port_compatibility and port_closure: one craft at a fitting, open port."""

from __future__ import annotations

import math

from ortools.sat.python import cp_model

from crossflight.planner.grain import UNDOCK_HOUR, Grain, hour_of
from crossflight.planner.traffic import Traffic
from crossflight.times import Instant


def add(traffic: Traffic) -> None:
    """Stays at a port and its closed days do not overlap."""
    model = traffic.model
    _only_fitting_ports(traffic)
    # After a departure at 06:00 the next arrival is on a later day: 18 h or more.
    gap = max(1, math.ceil((traffic.value("port_occupancy", "gap_hours_min", 0.0) + UNDOCK_HOUR) / 24))
    busy: dict[str, list[cp_model.IntervalVar]] = {p.name: [] for p in traffic.scenario.station.ports}
    for v in traffic.visits:
        until = v.undock + v.clock.away_offset + gap
        size = v.days - v.clock.dock_offset + v.clock.away_offset + gap
        for name, x in v.port_of.items():
            busy[name].append(model.new_optional_interval_var(v.dock, size, until, x, f"{v.name}.at.{name}"))
    for port in traffic.scenario.station.ports:
        blocks = [
            model.new_fixed_size_interval_var(a, b - a, f"{port.name}.closed.{a}")
            for a, b in closed_days(traffic, port.name, gap)
        ]
        model.add_no_overlap(busy[port.name] + blocks)


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
