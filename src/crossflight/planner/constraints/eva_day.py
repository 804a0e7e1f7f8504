"""eva_day: days near a spacewalk on which nobody docks, undocks or relocates."""

from __future__ import annotations

from crossflight.planner.constraints.forbidden_days import keep_off
from crossflight.planner.grain import RELOCATION_HOURS, UNDOCK_HOUR
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """The days are cut out of the domains of launches, undockings and relocations."""
    evas, grain = traffic.scenario.station.evas, traffic.grain
    if not traffic.binds("eva_day") or not evas:
        return
    clear_s = 3600 * traffic.value("eva_day", "clear_hours", 0.0)
    spans = [(e.from_utc.plus_s(-clear_s), e.to_utc.plus_s(clear_s)) for e in evas]
    # A relocation may neither begin nor end inside, and takes less than a day.
    moves = [
        grain.days_inside(begin.plus_s(-3600 * RELOCATION_HOURS), end, UNDOCK_HOUR) for begin, end in spans
    ]
    for v in traffic.visits:
        if v.origin != "docked" and v.departures is None:
            # Hours count from the launch day, so it is the launch day that they give.
            keep_off(
                traffic,
                v.launch,
                [grain.days_inside(begin, end, v.clock.dock.first) for begin, end in spans],
            )
        if v.returns is None:
            undock = [grain.days_inside(begin, end, v.clock.undock.first) for begin, end in spans]
            keep_off(traffic, v.undock, undock)
        for move in v.moves:
            keep_off(traffic, move.day, moves, move.is_made)
