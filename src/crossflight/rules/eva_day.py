"""Nobody docks, undocks or relocates on the day of a spacewalk.

A spacewalk takes the whole crew and both control teams from the airlock's preparation on, and the
arm where it is used; traffic keeps `clear_hours` away from its beginning and its end, at all ports,
Russian and US spacewalks alike.  Ports that must be empty are rule port_closure.

Values:

- `clear_hours`: hours before and after a spacewalk without docking, undocking or relocation.

Source: station practice; the number of hours is an assumption (the spacewalks flown are not in the
record).
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import HOUR_US, Walk

RULE = Rule(
    id="eva_day",
    title="spacewalk days",
    statement="Nobody docks, undocks or relocates on the day of a spacewalk.",
    source="Station practice; the hours are an assumption",
    values=("clear_hours",),
)


def check(walk: Walk) -> Iterator[Violation]:
    """Dockings, undockings and relocations too near a spacewalk."""
    evas = walk.scenario.station.evas
    if not evas:
        return
    clear_hours = walk.number(RULE.id, "clear_hours")
    clear_us = round(clear_hours * HOUR_US)
    for f in walk.by_launch:
        for what, from_us, to_us in _traffic(f):
            if not walk.in_horizon(from_us):
                continue
            for eva in evas:
                if from_us < eva.to_utc.us + clear_us and eva.from_utc.us - clear_us < to_us:
                    before, after = eva.from_utc.us - to_us, from_us - eva.to_utc.us
                    hours = max(before, after, 0) / HOUR_US
                    yield walk.violation(
                        RULE.id,
                        from_us,
                        to_us,
                        (f.name, eva.name),
                        f"{f.name}: {what} {hours:.1f} h from {eva.name}, limit {clear_hours:g} h: "
                        f"{clear_hours - hours:.1f} h short",
                    )


def _traffic(f: Flight) -> Iterator[tuple[str, int, int]]:
    """What a flight does near the station, and from when to when."""
    if f.dock_utc is not None:
        yield "docking", f.dock_utc.us, f.dock_utc.us
    for r in f.relocations:
        yield "relocation", r.undock_utc.us, max(r.undock_utc.us, r.dock_utc.us)
    if f.undock_utc is not None:
        yield "undocking", f.undock_utc.us, f.undock_utc.us
