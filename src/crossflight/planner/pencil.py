"""A first plan as a planner would pencil it in, to start the search from.

Along each line every craft stays as long as its life allows and the next one docks some days
before it leaves.  Dockings and pads are not looked at: the search may move every launch by some
days, in a model cut down to that neighbourhood, which takes a moment.  Nothing depends on it but time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Visit

_OVERLAP_DAYS = 7
_ROOMS_DAYS = (5, 15, 45)


@dataclass
class Pencilled:
    """Days of one visit in the first plan; `undock` is the horizon while it stays docked."""

    visit: Visit
    launch: int
    undock: int


def neighbourhoods(traffic: Traffic) -> Iterator[cp_model.CpModel]:
    """The traffic model with every launch near the pencilled one, then not quite so near."""
    for room_days in _ROOMS_DAYS:
        yield _neighbourhood(traffic, room_days)


def _neighbourhood(traffic: Traffic, room_days: int) -> cp_model.CpModel:
    model = traffic.model.clone()
    for line in traffic.lines.values():
        pencilled = _line(traffic, line)
        flying = {p.visit.name for p in pencilled}
        for v in line:
            model.add(v.is_present == (v.name in flying))
        for p in pencilled:
            if p.visit.origin == "added":
                model.add(p.visit.launch >= p.launch - room_days)
                model.add(p.visit.launch <= p.launch + room_days)
        for a, b in pairwise(pencilled):
            relieved = b.launch + b.visit.clock.count_offset
            if b.visit.origin != "docked" and a.launch + _days_max(a.visit) >= relieved + _OVERLAP_DAYS:
                model.add(a.visit.undock >= b.visit.count_from + 2)
                model.add(a.visit.undock <= b.visit.count_from + _OVERLAP_DAYS)
        if pencilled and pencilled[-1].undock >= traffic.grain.n_days:
            model.add(pencilled[-1].visit.undock == traffic.grain.n_days)
    for x in traffic.usual:
        model.add_hint(x, 1)
    # Flights already announced may need a waiver; those to be added never should.
    needing = {v.name for v in traffic.visits if v.origin != "added"}
    for days in traffic.waiver_days.values():
        for subject, waived in days:
            if subject not in needing:
                model.add(waived == 0)
    return model


def _line(traffic: Traffic, line: list[Visit]) -> list[Pencilled]:
    """The flights of a line that fly, with their days."""
    horizon = traffic.grain.n_days
    plan: list[Pencilled] = []
    for i, v in enumerate(line):
        pinned = traffic.pins.launch_day(v.name)
        if pinned is not None:
            launch = pinned
        elif v.known is not None:
            launch = traffic.grain.day(v.known.launch_utc)
        elif v.launch_announced is not None:
            launch = v.launch_announced
        elif not plan:
            launch = 0
        else:
            before = plan[-1]
            needed = _needed(traffic, line[i:])
            if needed is None and _lasts(traffic, before.visit, before.launch):
                break
            latest = before.launch + _days_max(before.visit)
            launch = min(latest - v.clock.count_offset - _OVERLAP_DAYS, horizon - 2 * _ROOMS_DAYS[0])
            launch = max(launch, before.launch + int(v.vehicle.launch_interval_days_min))
            if needed is not None:
                launch = min(launch, needed)
            elif launch + v.clock.dock_offset >= horizon:
                break
        plan.append(Pencilled(v, launch, min(horizon, launch + _days_max(v))))
    for a, b in pairwise(plan):
        a.undock = min(a.undock, b.launch + b.visit.clock.count_offset + _OVERLAP_DAYS, horizon - 1)
    if plan and _lasts(traffic, plan[-1].visit, plan[-1].launch):
        plan[-1].undock = horizon
    return plan


def _needed(traffic: Traffic, rest: list[Visit]) -> int | None:
    """Latest launch of the first of `rest` before the pinned flights among them; None without any."""
    latest = []
    for n, v in enumerate(rest):
        if traffic.pins.has(v.name):
            day = traffic.pins.launch_day(v.name)
            last = traffic.grain.n_days - 1 - v.clock.dock_offset if day is None else day
            latest.append(last - n * int(v.vehicle.launch_interval_days_min))
    return min(latest, default=None)


def _days_max(v: Visit) -> int:
    """Most days from launch to undocking."""
    life = v.vehicle.on_orbit_life_days
    return int(v.vehicle.docked_days_max or 180) if life is None else v.clock.days_launch_to_undock_max(life)


def _lasts(traffic: Traffic, v: Visit, launch: int) -> bool:
    """Whether a craft launched on that day may still be docked at the horizon."""
    life = (v.vehicle.on_orbit_life_days or 180.0) - traffic.scenario.life_left_days
    longest = v.clock.days_launch_to_horizon_max(life, traffic.grain.end_hours)
    return launch + longest >= traffic.grain.n_days
