"""The events of a flight follow each other: launch, docking, relocations, undocking, landing.

Every flight stands once in the plan, and launch < docking < relocations < undocking < landing.
Docking comes within 5 days of launch and landing within 3 days of undocking; a flight that never
docks lands within the sum of both.  A flight that reached the station has a port; one that never
docked (Soyuz MS-10) has neither port nor relocations nor undocking.  Undocking and landing are
both given or both left out; craft without seats need not state a landing.  Launch, docking and
undocking lie within the plan's horizon, except those of flights already docked or on their way
when it begins; a flight still docked at its end has no undocking.

Values: none.

Source: how flights go.  The limits are assumptions that catch slips of the pen: the longest flown
ascent is 4.5 days (HTV-X1, 2025), the longest flown return of a crewed craft 2.0 days (Axiom
Mission 3, 2024).
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, HOUR_US, Walk
from crossflight.times import Instant

RULE = Rule(
    id="flight_times",
    title="order of events",
    statement="A flight launches, docks, relocates, undocks and lands in this order, within the plan.",
    source="How flights go; the limits of 5 d up and 3 d down are assumptions",
)

ASCENT_MAX_US = 5 * DAY_US
RETURN_MAX_US = 3 * DAY_US


def check(walk: Walk) -> Iterator[Violation]:
    """What is out of order, flight by flight."""
    for f in walk.repeated_flights:
        us = f.launch_utc.us
        yield walk.violation(RULE.id, us, us, (f.name,), f"{f.name} stands in the plan more than once")
    docked_at_start = {d.flight.name for d in walk.scenario.docked}
    for f in walk.by_launch:
        problems = [*_order(f), *_parts(walk, f), *_horizon(walk, f, f.name in docked_at_start)]
        for from_us, to_us, what in problems:
            first, last = min(from_us, to_us), max(from_us, to_us)
            yield walk.violation(RULE.id, first, last, (f.name,), f"{f.name}: {what}")


def _order(f: Flight) -> Iterator[tuple[int, int, str]]:
    """Each event after the one before it."""
    events = [("launch", f.launch_utc), ("docking", f.dock_utc)]
    for r in f.relocations:
        events += [("undocking for relocation", r.undock_utc), ("redocking", r.dock_utc)]
    events += [("undocking", f.undock_utc), ("landing", f.landing_utc)]
    last_name, last = "launch", f.launch_utc
    for name, at in events[1:]:
        if at is None:
            continue
        if at.us <= last.us:
            late = (last.us - at.us) / HOUR_US
            what = f"{name} {at.minute()} is not after {last_name} {last.minute()}: {late:.1f} h before"
            yield at.us, last.us, what
        last_name, last = name, at
    yield from _too_long("launch to docking", f.launch_utc, f.dock_utc, ASCENT_MAX_US)
    yield from _too_long("undocking to landing", f.undock_utc, f.landing_utc, RETURN_MAX_US)
    if f.dock_utc is None:
        both_us = ASCENT_MAX_US + RETURN_MAX_US
        yield from _too_long("launch to landing without docking", f.launch_utc, f.landing_utc, both_us)


def _too_long(
    name: str, from_utc: Instant | None, to_utc: Instant | None, max_us: int
) -> Iterator[tuple[int, int, str]]:
    if from_utc is None or to_utc is None or to_utc.us - from_utc.us <= max_us:
        return
    days = to_utc.days_since(from_utc)
    limit = max_us / DAY_US
    yield from_utc.us, to_utc.us, f"{days:.1f} d from {name}, limit {limit:g} d: {days - limit:.1f} d over"


def _parts(walk: Walk, f: Flight) -> Iterator[tuple[int, int, str]]:
    """What a flight must and must not state."""
    us = f.launch_utc.us
    kind = walk.types.get(f.vehicle_type)
    has_seats = bool(f.crew_up or f.crew_down) or (kind is not None and kind.is_crewed)
    if f.dock_utc is None:
        if f.port is not None or f.relocations or f.undock_utc is not None:
            yield us, us, "it never docks, so it has no port, relocation or undocking"
        if f.landing_utc is None and has_seats:
            yield us, us, "it neither docks nor lands"
        return
    if f.port is None:
        yield f.dock_utc.us, f.dock_utc.us, "it docks but names no port"
    if f.undock_utc is None and f.landing_utc is not None:
        yield f.landing_utc.us, f.landing_utc.us, "it lands without undocking"
    if f.undock_utc is not None and f.landing_utc is None and has_seats:
        yield f.undock_utc.us, f.undock_utc.us, "it undocks but never lands"


def _horizon(walk: Walk, f: Flight, is_docked_at_start: bool) -> Iterator[tuple[int, int, str]]:
    """Events within [from_utc, to_utc) of the scenario."""
    begin, end = walk.scenario.from_utc, walk.scenario.to_utc
    reached = f.launch_utc if f.dock_utc is None else f.dock_utc
    if reached.us < begin.us and not is_docked_at_start:
        what = f"{reached.minute()} is before the plan begins ({begin.minute()}) and it is not docked then"
        yield reached.us, begin.us, what
    if f.undock_utc is not None and f.undock_utc.us < begin.us:
        yield f.undock_utc.us, begin.us, f"it left before the plan begins ({begin.minute()})"
    for name, at in (("launch", f.launch_utc), ("docking", f.dock_utc)):
        if at is not None and at.us >= end.us:
            yield end.us, at.us, f"{name} {at.minute()} is not before the end of the plan ({end.minute()})"
    if f.undock_utc is not None and f.undock_utc.us > end.us:
        at = f.undock_utc
        yield end.us, at.us, f"undocking {at.minute()} is after the end of the plan ({end.minute()})"
