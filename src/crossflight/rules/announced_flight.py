"""The plan keeps what has flown and what has been announced.

Every flight docked when the scenario begins is in the plan exactly as flown so far (kind, craft,
vehicle type, launch, docking, port, relocations, crew up), and the seat moves made before the
beginning are in it, no more and no less.  Where its return has been announced with a window, it
undocks within the window.  Every announced flight is in the plan with the announced kind and
vehicle type, launches within its window, docks, and keeps the craft, pad, port, crew and stay
that were announced; empty seats are the planner's.  Windows are counted in whole UTC days; a stay
may differ by one day, for the hour of day.

Values: none (windows stand with the announced flights).

Source: announcements of the partners, each with its source in the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import AnnouncedFlight, DockedFlight, Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk
from crossflight.times import Instant

RULE = Rule(
    id="announced_flight",
    title="announced flights",
    statement="Flights already docked and flights announced are in the plan as flown and announced.",
    source="Announcements of the partners, named in the scenario",
)


def days_apart(a: Instant, b: Instant) -> int:
    """Whole UTC days between two instants, by calendar day."""
    return abs(a.us // DAY_US - b.us // DAY_US)


def check(walk: Walk) -> Iterator[Violation]:
    """What differs from the record and from the announcements."""
    begin_us = walk.begin_us
    for docked in walk.scenario.docked:
        name = docked.flight.name
        flight = walk.flights.get(name)
        problems = ["it is docked but not in the plan"] if flight is None else _docked(walk, docked, flight)
        for what in problems:
            yield walk.violation(RULE.id, begin_us, begin_us, (name,), f"{name}: {what}")
    yield from _past_moves(walk)
    for announced in walk.scenario.announced:
        flight = walk.flights.get(announced.name)
        problems = (
            ["it is announced but not in the plan"] if flight is None else _announced(announced, flight)
        )
        at_us = announced.launch_utc.us
        for what in problems:
            yield walk.violation(RULE.id, at_us, at_us, (announced.name,), f"{announced.name}: {what}")


def _docked(walk: Walk, docked: DockedFlight, flight: Flight) -> Iterator[str]:
    flown = docked.flight
    pairs = (
        ("kind", flown.kind, flight.kind),
        ("vehicle type", flown.vehicle_type, flight.vehicle_type),
        ("craft", flown.craft, flight.craft),
        ("launch", flown.launch_utc, flight.launch_utc),
        ("docking", flown.dock_utc, flight.dock_utc),
        ("port", flown.port, flight.port),
        ("crew up", set(flown.crew_up), set(flight.crew_up)),
        (
            "relocations before the plan begins",
            [r for r in flown.relocations if r.undock_utc.us < walk.begin_us],
            [r for r in flight.relocations if r.undock_utc.us < walk.begin_us],
        ),
    )
    for name, was, planned in pairs:
        if was != planned:
            yield f"{name} {_text(planned)} is not as flown: {_text(was)}"
    meant, window = docked.planned_undock_utc, docked.window_days
    if meant is None or window is None:
        return
    if flight.undock_utc is not None:
        n_days = days_apart(flight.undock_utc, meant)
        if n_days > window:
            yield (
                f"undocks {flight.undock_utc.date()}, announced {meant.date()}: {n_days} d away, "
                f"limit {window:g} d"
            )
    elif meant.plus_days(window).us < walk.end_us:
        yield f"still docked at the end of the plan, announced to undock {meant.date()} within {window:g} d"


def _past_moves(walk: Walk) -> Iterator[Violation]:
    begin_us = walk.begin_us
    made = {m for m in walk.scenario.seat_moves if m.utc.us < begin_us}
    stated = {m for m in walk.plan.seat_moves if m.utc.us < begin_us}
    for move in sorted(made ^ stated, key=lambda m: (m.utc.us, m.person)):
        what = "was made but is not in the plan" if move in made else "was not made before the plan begins"
        message = (
            f"{move.person}: seat move {move.from_flight} to {move.to_flight} on {move.utc.minute()} {what}"
        )
        subjects = (move.person, move.from_flight, move.to_flight)
        yield walk.violation(RULE.id, move.utc.us, begin_us, subjects, message)


def _announced(announced: AnnouncedFlight, flight: Flight) -> Iterator[str]:
    pairs = (
        ("kind", announced.kind, flight.kind),
        ("vehicle type", announced.vehicle_type, flight.vehicle_type),
        ("craft", announced.craft, flight.craft),
        ("pad", announced.pad, flight.pad),
        ("port", announced.port, flight.port),
    )
    for name, was, planned in pairs:
        if was is not None and was != planned:
            yield f"{name} {_text(planned)} is not as announced: {_text(was)}"
    n_days = days_apart(flight.launch_utc, announced.launch_utc)
    if n_days > announced.window_days:
        yield (
            f"launches {flight.launch_utc.date()}, announced {announced.launch_utc.date()}: "
            f"{n_days} d moved, limit {announced.window_days:g} d"
        )
    if flight.dock_utc is None:
        yield "it is announced but never docks"
    left = [p for p in announced.crew if p not in flight.crew_up]
    if left:
        yield f"announced crew not aboard: {', '.join(left)}"
    if announced.docked_days is not None and flight.dock_utc is not None and flight.undock_utc is not None:
        days = flight.undock_utc.days_since(flight.dock_utc)
        if abs(days - announced.docked_days) > 1.0:
            yield f"docked for {days:.1f} d, announced {announced.docked_days:g} d, limit 1 d either way"


def _text(value: object) -> str:
    if isinstance(value, Instant):
        return value.minute()
    if isinstance(value, set | list):
        return ", ".join(sorted(str(v) for v in value)) or "none"
    return "none" if value is None else str(value)
