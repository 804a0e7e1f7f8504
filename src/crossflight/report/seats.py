"""Who sits where, and who is aboard, as the drawing needs it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from crossflight.model import Flight, Plan
from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Seat:
    """`person` came up in `up` and has the return seat in `flight` over [from_utc, to_utc)."""

    person: str
    up: str
    flight: str
    kind: str
    from_utc: Instant
    to_utc: Instant


@dataclass(frozen=True, slots=True)
class Stay:
    """`person` is aboard over [from_utc, to_utc): docking to undocking."""

    person: str
    from_utc: Instant
    to_utc: Instant


def seats_of(plan: Plan, end_utc: Instant) -> tuple[Seat, ...]:
    """Seats from lift-off to landing (or `end_utc`), in launch order.

    A person sits in the craft they came up in until a seat move.
    """
    flights = {f.name: f for f in plan.flights}
    moves = defaultdict(list)
    for move in sorted(plan.seat_moves, key=lambda m: m.utc):
        moves[move.person].append(move)
    found: list[Seat] = []
    for flight in sorted(plan.flights, key=lambda f: f.launch_utc):
        for person in flight.crew_up:
            craft, kind, at = flight, "nominal", flight.launch_utc
            for move in moves[person]:
                if move.from_flight == craft.name and at <= move.utc < _gone(craft, end_utc):
                    found.append(Seat(person, flight.name, craft.name, kind, at, move.utc))
                    craft, kind, at = flights.get(move.to_flight, craft), move.kind, move.utc
            found.append(Seat(person, flight.name, craft.name, kind, at, landing(craft, end_utc)))
    return tuple(found)


def stays_of(plan: Plan, end_utc: Instant) -> tuple[Stay, ...]:
    """Stays aboard, in launch order."""
    flights = {f.name: f for f in plan.flights}
    stays = []
    last = {(s.person, s.up): s.flight for s in seats_of(plan, end_utc)}
    for (person, up), down in last.items():
        docked = flights[up].dock_utc
        if docked is not None:
            stays.append(Stay(person, docked, _gone(flights[down], end_utc)))
    return tuple(stays)


def landing(flight: Flight, end_utc: Instant) -> Instant:
    """When a flight ends, or the end of the picture for one that is still up."""
    return flight.landing_utc or flight.undock_utc or end_utc


def _gone(flight: Flight, end_utc: Instant) -> Instant:
    return flight.undock_utc or flight.landing_utc or end_utc
