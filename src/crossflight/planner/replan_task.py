"""What a repair is given: the flights of a plan, and what is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossflight.model import Flight, Scenario
from crossflight.planner.grain import UNDOCK_HOUR, Clock, hour_of
from crossflight.planner.pins import Pins
from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Task:
    """A flight as it was planned, and what holds for it now.

    Attributes
    ----------
    earliest_utc
        It does not launch before (of a docked one: does not undock before).
    is_new
        Not in the plan: it may be added.
    undock_utc
        Of an early return: the day it leaves on.
    n_empty_seats
        Seats it leaves empty on its way up.
    joining
        People aboard who take seats that it leaves empty.
    takes_over
        The flight whose crew, left without a craft, it takes over; its own crew stays on the ground.
    hosts
        Flights in which people have seats until this one has docked: they leave after it.
    barred
        People who cannot keep their seats in it.
    spare_from
        By partner, the first launch at which somebody else can be ready for a seat that is given up; None
        where nobody ever is.
    """

    flight: Flight
    earliest_utc: Instant
    is_new: bool = False
    undock_utc: Instant | None = None
    n_empty_seats: int = 0
    joining: tuple[str, ...] = ()
    takes_over: str = ""
    hosts: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()
    spare_from: Mapping[str, Instant | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stock:
    """By `at_utc` so much of a commodity is used beside what people use; some is aboard for good.

    Found by a check: until the instant the stock has to last.  `part_day_kg` is what whoever is aboard uses
    from 00:00 of that day on.
    """

    commodity: str
    at_utc: Instant
    part_day_kg: float


class PlannedHours(Pins):
    """No pins, but the hours at which each flight was planned where no opportunity is computed."""

    def __init__(self, scenario: Scenario, flights: Mapping[str, Flight]) -> None:
        super().__init__(scenario)
        self._flights_planned = flights

    def clock(self, visit: str, clock: Clock) -> Clock:
        """The clock with the planned hours."""
        f = self._flights_planned.get(visit)
        if f is None:
            return clock
        ascent = clock.dock.first - clock.launch.first
        if f.dock_utc is not None:
            ascent = f.dock_utc.s_since(f.launch_utc) / 3600
        undock, back = clock.undock.first, clock.landing.first - clock.undock.first
        if f.undock_utc is not None:
            undock = UNDOCK_HOUR + hour_of(f.undock_utc.plus_s(-UNDOCK_HOUR * 3600))
            if f.landing_utc is not None:
                back = f.landing_utc.s_since(f.undock_utc) / 3600
        return Clock.fixed(hour_of(f.launch_utc), ascent, undock, back)
