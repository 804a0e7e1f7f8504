"""docking_spacing: days between any two dockings, relocations included."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ortools.sat.python import cp_model

from crossflight.planner.grain import RELOCATION_HOURS, UNDOCK_HOUR, Hours
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Lit, Visit
from crossflight.times import DAY_S

# A visit, the day its hours count from, the hours of an event, and whether it happens.
Event = tuple[Visit, cp_model.LinearExpr, Hours, Lit]


_EPS_S = 1e-4


def add(traffic: Traffic) -> None:
    """Dockings and redockings as intervals that do not overlap."""
    if not traffic.binds("docking_spacing"):
        return
    days_min = traffic.value("docking_spacing", "days_min", 0.0)
    dockings: list[Event] = [(v, v.launch, v.clock.dock, v.is_present) for v in traffic.visits]
    hours = Hours.at(UNDOCK_HOUR + RELOCATION_HOURS)
    moves = [(v, move.day, hours, move.is_made) for v in traffic.visits for move in v.moves]
    apart(traffic, dockings, days_min, "dock", moves)


def apart(
    traffic: Traffic,
    events: list[Event],
    days_min: float,
    what: str,
    moves: Sequence[Event] = (),
) -> None:
    """Keep events and relocations (visit, day, hours, is_present) at least `days_min` apart.

    Counted in seconds from the earliest hour to the latest, so that the hours of the day matter as little
    as they do to the checker.  Events that are both already fixed are left to the checker: nothing can
    move them.
    """
    model = traffic.model
    gap = math.ceil(days_min * DAY_S - _EPS_S)
    known: list[tuple[int, int]] = []
    intervals: list[cp_model.IntervalVar] = []
    for visit, day, hours, is_present in events:
        fixed = _fixed_day(traffic, visit, what)
        if fixed is None:
            intervals.append(_after(traffic, f"{visit.name}.{what}", day, hours, gap, is_present))
        else:
            first, last = _seconds(hours)
            known.append((fixed * DAY_S + first, fixed * DAY_S + last))
    for i, (visit, day, hours, is_made) in enumerate(moves):
        intervals.append(_after(traffic, f"{visit.name}.move{i}", day, hours, gap, is_made))
    known.sort()
    for i, (first, last) in enumerate(known):
        size = last - first + gap
        if i + 1 < len(known):
            size = min(size, known[i + 1][0] - first)
        intervals.append(model.new_fixed_size_interval_var(first, size, f"{what}.fixed.{first}"))
    model.add_no_overlap(intervals)


def _seconds(hours: Hours) -> tuple[int, int]:
    """Whole seconds that are not after the first hour and not before the last."""
    return math.floor(hours.first * 3600 + _EPS_S), math.ceil(hours.last * 3600 - _EPS_S)


def _after(
    traffic: Traffic, name: str, day: cp_model.LinearExpr, hours: Hours, gap: int, is_present: Lit
) -> cp_model.IntervalVar:
    """The time in which an event happens and that must pass after it, in seconds."""
    first, last = _seconds(hours)
    begin, size = day * DAY_S + first, last - first + gap
    return traffic.model.new_optional_interval_var(begin, size, begin + size, is_present, f"{name}.apart")


def _fixed_day(traffic: Traffic, v: Visit, what: str) -> int | None:
    """The launch day of an event that is no decision, else None."""
    if what != "dock" and len(v.pad_of) > 1:
        return None  # on which pad is still open
    if v.known is not None:
        return traffic.grain.day(v.known.launch_utc)
    if v.launch_announced is not None and not v.is_movable:
        return v.launch_announced
    return None
