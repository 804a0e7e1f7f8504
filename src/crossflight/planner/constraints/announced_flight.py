"""announced_flight: what is docked stays as flown, what is announced flies within its window."""

from __future__ import annotations

from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Windows are the domains of the launch variables; here the days moved are counted."""
    model = traffic.model
    for v in traffic.visits:
        if v.is_movable and v.launch_announced is not None and v.announced is not None:
            window = int(v.announced.window_days)
            moved = model.new_int_var(0, window, f"{v.name}.moved")
            model.add(moved >= v.launch - v.launch_announced)
            model.add(moved >= v.launch_announced - v.launch)
            traffic.add_term("days_moved", moved)
