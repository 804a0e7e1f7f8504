"""docking_spacing: days between any two dockings."""

from __future__ import annotations

import math

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Lit, Visit


def add(traffic: Traffic) -> None:
    """Dockings as intervals that do not overlap; hours of the day are rounded up."""
    if not traffic.binds("docking_spacing"):
        return
    days_min = traffic.value("docking_spacing", "days_min", 0.0)
    apart(
        traffic,
        [(v, v.dock, v.clock.dock_hour, v.is_present) for v in traffic.visits],
        days_min,
        "dock",
    )


def apart(
    traffic: Traffic,
    events: list[tuple[Visit, cp_model.LinearExpr, float, Lit]],
    days_min: float,
    what: str,
) -> None:
    """Keep events (visit, day, hour, is_present) at least `days_min` apart.

    Events that are both already fixed are left to the checker: nothing can move them.
    """
    model = traffic.model
    hours = [hour for _, _, hour, _ in events]
    if not hours:
        return
    gap = math.ceil(days_min + (max(hours) - min(hours)) / 24 - 1e-9)
    known: list[int] = []
    intervals: list[cp_model.IntervalVar] = []
    for visit, day, _, is_present in events:
        fixed = _fixed_day(traffic, visit, what)
        if fixed is None:
            intervals.append(
                model.new_optional_interval_var(day, gap, day + gap, is_present, f"{visit.name}.{what}.apart")
            )
        else:
            known.append(fixed)
    fixed_days = sorted(set(known))
    for first, following in (
        zip(fixed_days, [*fixed_days[1:], fixed_days[-1] + gap], strict=True) if fixed_days else ()
    ):
        size = min(gap, following - first)
        intervals.append(model.new_fixed_size_interval_var(first, size, f"{what}.fixed.{first}"))
    model.add_no_overlap(intervals)


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
