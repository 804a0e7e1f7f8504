"""landing_opportunity: days on which a craft that undocks comes down in one of its zones."""

from __future__ import annotations

from crossflight.planner.constraints.forbidden_days import keep_to
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """The domain of each undocking is the timetable; the horizon stands for none."""
    for v in traffic.visits:
        if v.returns is not None:
            keep_to(traffic, v.undock, v.returns)
