"""Who sits where, from lift-off to landing: the walk's seats as the drawing needs them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from crossflight.model import Flight
from crossflight.rules import Walk
from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Seat:
    """`person` came up in `up` and has the return seat in `flight` over [from_utc, to_utc).

    `is_last` marks the seat in which the person comes home, or still sits when the plan ends.
    """

    person: str
    up: str
    flight: str
    kind: str
    from_utc: Instant
    to_utc: Instant
    is_last: bool


def seats(walk: Walk) -> tuple[Seat, ...]:
    """Every seat, by lift-off and then in the order people sat.

    The walk's seats begin at docking and end at undocking; here the first begins at lift-off and
    the last ends at landing, or where the plan ends.
    """
    spans = defaultdict(list)
    for span in walk.seat_spans:
        spans[span.person].append(span)
    found: list[Seat] = []
    for stay in walk.stays:
        launch_us = stay.launch_us
        home_us = walk.end_us if stay.landing_us is None else stay.landing_us
        if stay.dock_us is None:
            taken = [(stay.up_flight, "nominal", launch_us, home_us)]
        else:
            end_us = walk.end_us if stay.undock_us is None else stay.undock_us
            taken = [
                (s.flight, s.kind, s.from_us, s.to_us)
                for s in sorted(spans[stay.person], key=lambda s: s.from_us)
                if stay.dock_us <= s.from_us and s.to_us <= max(end_us, stay.dock_us)
            ]
        for i, (flight, kind, from_us, to_us) in enumerate(taken):
            is_last = i == len(taken) - 1
            begins = Instant(launch_us if i == 0 else from_us)
            ends = Instant(max(home_us if is_last else to_us, begins.us))
            found.append(Seat(stay.person, stay.up_flight, flight, kind, begins, ends, is_last))
    return tuple(found)


def landing(flight: Flight, end_utc: Instant) -> Instant:
    """When a flight ends, or the end of the picture for one that is still up."""
    return flight.landing_utc or flight.undock_utc or end_utc
