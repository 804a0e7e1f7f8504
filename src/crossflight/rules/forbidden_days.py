"""No launch, docking, undocking or landing on the days the scenario forbids it.

Each stretch of forbidden days names the events and the vehicle types it holds for (all where none
are named) and why.  Relocations are neither dockings nor undockings here.

Values: none (the days stand in the scenario).

Source: inputs.  Beta angle cut-outs are one reason: launches have flown from -58.5 to +68.4 deg
and no limit is published for Soyuz or Crew Dragon, so such days are assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="forbidden_days",
    title="forbidden days",
    statement="No event of a flight falls on days forbidden for it.",
    source="Inputs of the scenario",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Events on forbidden days."""
    forbidden = walk.scenario.forbidden_days
    if not forbidden:
        return
    for f in walk.by_launch:
        events = (
            ("launch", f.launch_utc),
            ("dock", f.dock_utc),
            ("undock", f.undock_utc),
            ("landing", f.landing_utc),
        )
        for name, at in events:
            if at is None or not walk.in_horizon(at.us):
                continue
            for days in forbidden:
                if (
                    days.from_utc.us <= at.us < days.to_utc.us
                    and name in days.events
                    and (not days.vehicle_types or f.vehicle_type in days.vehicle_types)
                ):
                    yield walk.violation(
                        RULE.id,
                        at.us,
                        at.us,
                        (f.name,),
                        f"{f.name}: {name} on {at.minute()}, forbidden {days.from_utc.date()} to "
                        f"{days.to_utc.date()}: {days.why}",
                    )
