"""A plan walked once: who is where, seated in what, docked at which port, instant by instant.

Every rule reads a :class:`Walk` and none walks the plan itself.  Times inside are integer
microseconds UTC (``*_us``, the scale of :class:`crossflight.times.Instant`), because the check
of an edited plan has to come back while somebody waits.

A walk never raises, however little sense the plan makes: what does not fit is left out of the
states and listed where the rule that reports it finds it (`repeated_flights`, `idle_moves`).
A relocating craft counts as docked and its crew as aboard; `State.relocating` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from crossflight.model import (
    Craft,
    Flight,
    Launcher,
    Pad,
    Person,
    Plan,
    Port,
    Scenario,
    SeatMove,
    VehicleType,
    Violation,
)
from crossflight.model.flight import SeatKind
from crossflight.model.result import ViolationSeverity
from crossflight.times import DAY_S, Instant

T = TypeVar("T")

DAY_US: Final = DAY_S * 1_000_000
HOUR_US: Final = 3_600_000_000

# Order of events at one instant: who arrives can be moved to, who is moved can leave.
_DOCK, _MOVE, _UNDOCK, _MARK = range(4)


@dataclass(frozen=True, slots=True)
class PortSpan:
    """`flight` at `port` over [from_us, to_us); a flight still docked stays to the plan's end."""

    flight: str
    port: str
    from_us: int
    to_us: int

    @property
    def from_utc(self) -> Instant:
        """First instant."""
        return Instant(self.from_us)

    @property
    def to_utc(self) -> Instant:
        """End, not included."""
        return Instant(self.to_us)


@dataclass(frozen=True, slots=True)
class SeatSpan:
    """`person` has a seat of `kind` in `flight`, docked, over [from_us, to_us)."""

    person: str
    flight: str
    kind: SeatKind
    from_us: int
    to_us: int

    @property
    def from_utc(self) -> Instant:
        """First instant."""
        return Instant(self.from_us)

    @property
    def to_utc(self) -> Instant:
        """End, not included."""
        return Instant(self.to_us)


@dataclass(slots=True)
class Stay:
    """One journey of a person, lift-off to landing.

    Aboard over [dock_us, undock_us); `dock_us` is None when the flight never docked, `down_flight`,
    `undock_us` and `landing_us` are None when the person is still aboard at the end of the plan.
    """

    person: str
    up_flight: str
    launch_us: int
    dock_us: int | None = None
    down_flight: str | None = None
    undock_us: int | None = None
    landing_us: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What holds over [from_us, to_us): docked craft, seats, people aboard.

    `seated` has a key for every docked flight; `contingency` holds (person, flight) pairs whose
    seat is a contingency one; `unusable` docked flights whose craft can bring nobody home.
    """

    from_us: int
    to_us: int
    docked: tuple[str, ...]
    seated: Mapping[str, tuple[str, ...]]
    contingency: frozenset[tuple[str, str]]
    aboard: frozenset[str]
    unusable: frozenset[str]
    relocating: frozenset[str]

    @property
    def from_utc(self) -> Instant:
        """First instant."""
        return Instant(self.from_us)

    @property
    def to_utc(self) -> Instant:
        """End, not included."""
        return Instant(self.to_us)

    @property
    def days(self) -> float:
        """Length in days."""
        return (self.to_us - self.from_us) / DAY_US


class Walk:
    """Everything the rules ask about a plan, derived once.

    Parameters
    ----------
    scenario, plan
        What is walked.  `states` cover [scenario.from_utc, scenario.to_utc) without a gap;
        `stays`, `seat_spans` and `port_spans` are not clipped to it.
    """

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario = scenario
        self.plan = plan
        self.begin_us: int = scenario.from_utc.us
        self.end_us: int = scenario.to_utc.us
        self.types: dict[str, VehicleType] = {t.name: t for t in scenario.vehicle_types}
        self.craft: dict[str, Craft] = {c.name: c for c in scenario.craft}
        self.people: dict[str, Person] = {p.name: p for p in scenario.people}
        self.ports: dict[str, Port] = {p.name: p for p in scenario.station.ports}
        self.pads: dict[str, Pad] = {p.name: p for p in scenario.pads}
        self.launchers: dict[str, Launcher] = {x.name: x for x in scenario.launchers}
        self._partner_of_agency: dict[str, str] = {}
        for partner in scenario.partners:
            for agency in partner.agencies:
                self._partner_of_agency.setdefault(agency, partner.name)
        self.flights: dict[str, Flight] = {}
        self.repeated_flights: list[Flight] = []
        for flight in plan.flights:
            if flight.name in self.flights:
                self.repeated_flights.append(flight)
            else:
                self.flights[flight.name] = flight
        # Flights in order of lift-off, and their visits in order of docking.
        self.by_launch: tuple[Flight, ...] = tuple(
            sorted(self.flights.values(), key=lambda f: f.launch_utc.us)
        )
        self.visits: dict[str, tuple[int, int]] = self._visits()
        self.port_spans: tuple[PortSpan, ...] = tuple(self._port_spans())
        self.stays: list[Stay] = []
        self.seat_spans: list[SeatSpan] = []
        self.states: list[State] = []
        self.seated_down: dict[str, tuple[str, ...]] = {}
        self.aboard_at_undock: dict[str, frozenset[str]] = {}
        self.idle_moves: list[tuple[SeatMove, str]] = []
        self._walk()

    # -- what the scenario says -------------------------------------------------------------

    def severity(self, rule: str) -> ViolationSeverity | None:
        """The scenario's severity of a rule; None where it is off."""
        severity = self.scenario.rules[rule].severity
        return None if severity == "off" else severity

    def number(self, rule: str, name: str, default: float = 0.0) -> float:
        """A rule's value as a number."""
        return float(self.scenario.rules[rule].values.get(name, default))

    def text(self, rule: str, name: str, default: str = "") -> str:
        """A rule's value as text."""
        return str(self.scenario.rules[rule].values.get(name, default))

    def violation(
        self,
        rule: str,
        from_us: int,
        to_us: int,
        subjects: Iterable[str],
        message: str,
        severity: ViolationSeverity | None = None,
    ) -> Violation:
        """A violation with the scenario's severity of the rule (or the given one)."""
        severity = severity or self.severity(rule) or "soft"
        return Violation(rule, severity, Instant(from_us), Instant(to_us), tuple(subjects), message)

    def partner_of(self, person: str) -> str | None:
        """The partner a person flies for; None for unknown people and visitors' organisations."""
        known = self.people.get(person)
        return None if known is None else self._partner_of_agency.get(known.agency)

    def in_horizon(self, us: int) -> bool:
        """Whether an instant lies in [from_utc, to_utc)."""
        return self.begin_us <= us < self.end_us

    def type_of(self, flight: str) -> VehicleType | None:
        """The vehicle type of a flight of the plan, if the scenario knows it."""
        return self.types.get(self.flights[flight].vehicle_type)

    def is_crew_seat(self, person: str, flight: str) -> bool:
        """Whether somebody seated in `flight` counts as crew: no visitor, no visiting flight."""
        known = self.people.get(person)
        return known is not None and not known.is_visitor and self.flights[flight].kind != "visiting"

    # -- visits and ports -------------------------------------------------------------------

    def _visits(self) -> dict[str, tuple[int, int]]:
        """[dock, undock) per flight that docks and leaves in this order; still docked: to the end."""
        visits = {}
        for f in self.flights.values():
            if f.dock_utc is None:
                continue
            undock_us = self.end_us if f.undock_utc is None else f.undock_utc.us
            if f.dock_utc.us < undock_us:
                visits[f.name] = (f.dock_utc.us, undock_us)
        return dict(sorted(visits.items(), key=lambda item: item[1]))

    def _port_spans(self) -> Iterator[PortSpan]:
        for name, (dock_us, undock_us) in self.visits.items():
            f = self.flights[name]
            if f.port is None:
                continue
            port, since_us = f.port, dock_us
            for r in f.relocations:
                if since_us < r.undock_utc.us:
                    yield PortSpan(name, port, since_us, r.undock_utc.us)
                port, since_us = r.to_port, r.dock_utc.us
            if since_us < undock_us:
                yield PortSpan(name, port, since_us, undock_us)

    # -- seats and states -------------------------------------------------------------------

    def _events(self) -> list[tuple[int, int, int, str]]:
        """Events as (us, order, index of the seat move, flight), in the order they happen."""
        events = []
        marks = set()
        crew: set[str] = set()
        for name, (dock_us, undock_us) in self.visits.items():
            f = self.flights[name]
            events.append((dock_us, _DOCK, 0, name))
            if f.undock_utc is not None:
                events.append((undock_us, _UNDOCK, 0, name))
            for r in f.relocations:
                marks |= {r.undock_utc.us, r.dock_utc.us}
            craft = self.craft.get(f.craft)
            if craft is not None and craft.unusable_from_utc is not None:
                marks.add(craft.unusable_from_utc.us)
            crew.update(f.crew_up)
        for name in crew:
            known = self.people.get(name)
            for q in () if known is None else known.qualifications:
                marks |= {at.us for at in (q.from_utc, q.to_utc) if at is not None}
        events += [(us, _MARK, 0, "") for us in marks]
        events += [(move.utc.us, _MOVE, i, "") for i, move in enumerate(self.plan.seat_moves)]
        events.sort(key=lambda e: e[:3])
        return events

    def _walk(self) -> None:
        """Play the events; `seats` maps flight to person to (kind, since, stay)."""
        seats: dict[str, dict[str, tuple[SeatKind, int, Stay]]] = {}
        since_us = self.begin_us
        for us, order, index, name in self._events():
            if us > since_us:
                self._add_state(since_us, min(us, self.end_us), seats)
                since_us = us
            if order == _DOCK:
                seats[name] = {}
                for person in self.flights[name].crew_up:
                    if person not in seats[name]:
                        stay = Stay(person, name, self.flights[name].launch_utc.us, us)
                        self.stays.append(stay)
                        seats[name][person] = ("nominal", us, stay)
            elif order == _MOVE:
                self._move(self.plan.seat_moves[index], seats)
            elif order == _UNDOCK:
                self.aboard_at_undock[name] = frozenset(p for s in seats.values() for p in s)
                self._depart(name, us, seats.pop(name))
        self._add_state(since_us, self.end_us, seats)
        aboard = frozenset(p for s in seats.values() for p in s)
        for name, seated in seats.items():
            self.aboard_at_undock[name] = aboard
            self.seated_down[name] = tuple(seated)
            for person, (kind, from_us, _) in seated.items():
                self.seat_spans.append(SeatSpan(person, name, kind, from_us, max(from_us, self.end_us)))
        for f in self.by_launch:
            if f.name not in self.visits:
                landing_us = (f.landing_utc or f.undock_utc or f.launch_utc).us
                for person in dict.fromkeys(f.crew_up):
                    self.stays.append(Stay(person, f.name, f.launch_utc.us, None, f.name, None, landing_us))
        self.stays.sort(key=lambda s: s.launch_us)

    def _depart(self, name: str, us: int, seated: dict[str, tuple[SeatKind, int, Stay]]) -> None:
        landing = self.flights[name].landing_utc
        self.seated_down[name] = tuple(seated)
        for person, (kind, from_us, stay) in seated.items():
            stay.down_flight, stay.undock_us = name, us
            stay.landing_us = us if landing is None else max(us, landing.us)
            self.seat_spans.append(SeatSpan(person, name, kind, from_us, us))

    def _move(self, move: SeatMove, seats: dict[str, dict[str, tuple[SeatKind, int, Stay]]]) -> None:
        us = move.utc.us
        why = ""
        if us >= self.end_us:
            why = "after the end of the plan"
        elif move.from_flight not in seats:
            why = f"{move.from_flight} is not docked then"
        elif move.to_flight not in seats:
            why = f"{move.to_flight} is not docked then"
        elif move.person not in seats[move.from_flight]:
            why = f"{move.person} has no seat in {move.from_flight} then"
        elif move.to_flight != move.from_flight and move.person in seats[move.to_flight]:
            why = f"{move.person} has a seat in {move.to_flight} already"
        if why:
            self.idle_moves.append((move, why))
            return
        kind, from_us, stay = seats[move.from_flight].pop(move.person)
        if from_us < us:
            self.seat_spans.append(SeatSpan(move.person, move.from_flight, kind, from_us, us))
        seats[move.to_flight][move.person] = (move.kind, us, stay)

    def _add_state(
        self, from_us: int, to_us: int, seats: dict[str, dict[str, tuple[SeatKind, int, Stay]]]
    ) -> None:
        if from_us >= to_us:
            return
        unusable = [name for name in seats if self._is_unusable(name, from_us)]
        relocating = [
            name
            for name in seats
            if any(r.undock_utc.us <= from_us < r.dock_utc.us for r in self.flights[name].relocations)
        ]
        self.states.append(
            State(
                from_us,
                to_us,
                tuple(seats),
                {name: tuple(seated) for name, seated in seats.items()},
                frozenset(
                    (p, name)
                    for name, seated in seats.items()
                    for p, s in seated.items()
                    if s[0] != "nominal"
                ),
                frozenset(p for seated in seats.values() for p in seated),
                frozenset(unusable),
                frozenset(relocating),
            )
        )

    def _is_unusable(self, flight: str, us: int) -> bool:
        craft = self.craft.get(self.flights[flight].craft)
        return craft is not None and craft.unusable_from_utc is not None and craft.unusable_from_utc.us <= us

    def runs(self, found: Sequence[T | None]) -> Iterator[tuple[int, int, list[T]]]:
        """Maximal stretches (from_us, to_us, what was found) of adjacent states with a finding.

        `found` has one entry per state, None where there is nothing to report.
        """
        run: list[T] = []
        from_us = self.begin_us
        for state, here in zip(self.states, found, strict=True):
            if here is None:
                if run:
                    yield from_us, state.from_us, run
                run = []
                continue
            if not run:
                from_us = state.from_us
            run.append(here)
        if run:
            yield from_us, self.end_us, run

    # -- operators --------------------------------------------------------------------------

    @cached_property
    def _operator_spans(self) -> dict[str, tuple[tuple[str, int, int], ...]]:
        """Per person aboard at some time: (segment, from, to) of what they can operate."""
        spans = {}
        for stay in self.stays:
            known = self.people.get(stay.person)
            if known is not None and not known.is_visitor:
                spans[stay.person] = tuple(
                    (
                        q.segment,
                        self.begin_us if q.from_utc is None else q.from_utc.us,
                        self.end_us if q.to_utc is None else q.to_utc.us,
                    )
                    for q in known.qualifications
                    if q.is_operator
                )
        return spans

    @cached_property
    def operators(self) -> list[dict[str, dict[str, set[str]]]]:
        """Per state (same index): segment to docked flight to its seated, current operators.

        Visitors and people seated in visiting flights are none.  Flights without an operator of
        the segment are left out; unusable craft are not.
        """
        segments = [s.name for s in self.scenario.station.segments]
        spans = self._operator_spans
        found = []
        for state in self.states:
            us = state.from_us
            here: dict[str, dict[str, set[str]]] = {s: {} for s in segments}
            for name, people in state.seated.items():
                if not people or self.flights[name].kind == "visiting":
                    continue
                for person in people:
                    for segment, from_us, to_us in spans.get(person, ()):
                        if from_us <= us < to_us and segment in here:
                            here[segment].setdefault(name, set()).add(person)
            found.append(here)
        return found
