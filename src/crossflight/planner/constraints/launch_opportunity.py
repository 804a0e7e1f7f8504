"""launch_opportunity: days on which a flight can lift off into the station's plane, pad by pad.

The instants of the days are those of the timetable, which has left out what phase, forbidden days,
spacewalks and the Sun forbid.
"""

from __future__ import annotations

from crossflight.planner.constraints.forbidden_days import keep_to
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """The domain of each launch is the timetable of the pad chosen."""
    for v in traffic.visits:
        if v.departures is None or v.origin == "docked":
            continue
        for pad, x in v.pad_of.items():
            is_only = len(v.pad_of) == 1 and v.origin != "added"
            keep_to(traffic, v.launch, v.departures.get(pad, {}), None if is_only else x)
