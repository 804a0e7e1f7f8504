"""docking_spacing: days between any two dockings, relocations included."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ortools.sat.python import cp_model

from crossflight.planner.grain import RELOCATION_HOURS, UNDOCK_HOUR
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Lit, Visit
from crossflight.times import DAY_S

# A visit, the day of an event, its hour, and whether it happens.
Event = tuple[Visit, cp_model.LinearExpr, float, Lit]


_EPS_S = 1e-4


def add(traffic: Traffic) -> None:
    """Dockings and redockings as intervals that do not overlap."""
    if not traffic.binds("docking_spacing"):
        return
    days_min = traffic.value("docking_spacing", "days_min", 0.0)
    dockings: list[Event] = [(v, v.dock, v.clock.dock_hour, v.is_present) for v in traffic.visits]
    hour = UNDOCK_HOUR + RELOCATION_HOURS
    moves = [(v, move.day, hour, move.is_made) for v in traffic.visits for move in v.moves]
    apart(traffic, dockings, days_min, "dock", moves)


def apart(
    traffic: Traffic,
    events: list[Event],
    days_min: float,
    what: str,
    moves: Sequence[Event] = (),
) -> None:
    """Keep events and relocations (visit, day, hour, is_present) at least `days_min` apart.

    Counted in seconds, so that the hours of the day matter as little as they do to the checker.
    Events that are both already fixed are left to the checker: nothing can move them.
    """
    model = traffic.model
    hours = [hour for _, _, hour, _ in (*events, *moves)]
    # Rounding to whole seconds costs one where an hour has a fraction of them.
    gap = math.ceil(days_min * DAY_S) + any(abs(h * 3600 - round(h * 3600)) > _EPS_S for h in hours)
    known: list[int] = []
    intervals: list[cp_model.IntervalVar] = []
    for visit, day, hour, is_present in events:
        fixed = _fixed_day(traffic, visit, what)
        if fixed is None:
            intervals.append(_after(traffic, f"{visit.name}.{what}", day, hour, gap, is_present))
        else:
            known.append(fixed * DAY_S + round(hour * 3600))
    for i, (visit, day, hour, is_made) in enumerate(moves):
        intervals.append(_after(traffic, f"{visit.name}.move{i}", day, hour, gap, is_made))
    known.sort()
    for i, first in enumerate(known):
        size = min(gap, known[i + 1] - first) if i + 1 < len(known) else gap
        intervals.append(model.new_fixed_size_interval_var(first, size, f"{what}.fixed.{first}"))
    model.add_no_overlap(intervals)


def _after(
    traffic: Traffic, name: str, day: cp_model.LinearExpr, hour: float, gap: int, is_present: Lit
) -> cp_model.IntervalVar:
    """The time that must pass after an event, in seconds."""
    begin = day * DAY_S + round(hour * 3600)
    return traffic.model.new_optional_interval_var(begin, gap, begin + gap, is_present, f"{name}.apart")


def _fixed_day(traffic: Traffic, v: Visit, what: str) -> int | None:
    """The day of an event that is no decision, else None."""
    if what != "dock" and len(v.pad_of) > 1:
        return None  # on which pad is still open
    if v.known is not None:
        launch = traffic.grain.day(v.known.launch_utc)
    elif v.launch_announced is not None and not v.is_movable:
        launch = v.launch_announced
    else:
        return None
    return launch + (v.clock.dock_offset if what == "dock" else 0)
