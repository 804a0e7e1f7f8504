"""solar_beta: days on which the Sun is too far off the plane for a launch or a docking.

Where opportunities are computed the timetable has left them out; here they are cut out of the days of
flights with fixed hours.
"""

from __future__ import annotations

from crossflight.planner.constraints.forbidden_days import keep_off
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """The days are cut out of the domains of launches."""
    table, grain = traffic.timetable, traffic.grain
    if not table.has_sun:
        return
    for v in traffic.visits:
        if v.origin == "docked" or v.departures is not None:
            continue
        said = v.announced.launch_utc if v.announced else None
        kept = grain.day(said) if said is not None and said != said.floor_day() else None
        high = [
            day
            for day in range(grain.n_days)
            if day != kept
            and (
                not table.is_sun_low("launch", grain.instant(day, v.clock.launch.first))
                or not table.is_sun_low("dock", grain.instant(day, v.clock.dock.first))
            )
        ]
        keep_off(traffic, v.launch, [(day, day) for day in high])
