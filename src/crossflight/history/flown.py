"""The record as a plan, as people and as a scenario, for the checker to walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from crossflight import __version__
from crossflight.history.assumptions import NATIONALITY, Assumption
from crossflight.history.record import FlownFlight, FlownPerson, FlownSeatMove, Record, flown_record
from crossflight.model import (
    Craft,
    DockedFlight,
    Flight,
    Person,
    Plan,
    Provenance,
    Qualification,
    Scenario,
    SeatMove,
)
from crossflight.model.flight import FlightKind
from crossflight.times import Instant

# Soyuz MS-07 left on 2018-06-03 and MS-09 docked on 2018-06-08; from here on every docked crew
# craft and everybody aboard is in the record.  The first era of the audit begins the same day.
RECORD_FROM: Final = Instant.of(2018, 6, 10)
# What is known: the record was closed on this day.
RECORD_TO: Final = Instant.of(2026, 11, 22)

MoveDay = Literal["used", "earliest", "latest"]


def flown_people(assumption: Assumption = NATIONALITY, *, record: Record | None = None) -> tuple[Person, ...]:
    """Everybody who flew, as operators of what the assumption says."""
    record = record or flown_record()
    return tuple(_person(p, assumption, record) for p in record.people)


def flown_plan(
    scenario: Scenario,
    *,
    record: Record | None = None,
    counts_taxi: bool = False,
    move_day: MoveDay = "used",
) -> Plan:
    """Everything flown as a plan of `scenario`.

    Parameters
    ----------
    counts_taxi
        Whether the professional commander of a taxi flight (Misurkin, MS-20) is crew like any
        other: the flight is then of kind rotation, else visiting.
    move_day
        Which day to take for seat moves whose day is unverified.
    """
    record = record or flown_record()
    end = scenario.to_utc
    taxi: FlightKind = "rotation" if counts_taxi else "visiting"
    flights = tuple(
        _flight(f, taxi, end) for f in record.flights if f.launch_utc < end and _is_seen(f, scenario)
    )
    moves = [
        SeatMove(_day(m, move_day), m.person, m.from_flight, m.to_flight, m.kind)
        for m in record.seat_moves
        if scenario.from_utc < m.utc < end
    ]
    moves.sort(key=lambda m: m.utc.us)
    return Plan(
        scenario_name=scenario.name,
        scenario_digest=scenario.digest,
        flights=flights,
        seat_moves=tuple(moves),
        overrides=dict(scenario.overrides),
        provenance=Provenance(version=__version__, seed=0, status="flown", gap=0.0),
    )


def flown_scenario(
    scenario: Scenario,
    assumption: Assumption = NATIONALITY,
    *,
    record: Record | None = None,
    from_utc: Instant = RECORD_FROM,
    to_utc: Instant = RECORD_TO,
    unusable: Mapping[str, Instant] | None = None,
) -> Scenario:
    """`scenario` with the people, craft and docked flights of the record.

    Parameters
    ----------
    unusable
        Craft that can bring nobody home from an instant on, by name.  By default none: NASA and
        Roscosmos kept MS-22, not viable for a normal return, for an emergency (2023-01-11).
    """
    record = record or flown_record()
    unusable = unusable or {}
    known = {c.name: replace(c, unusable_from_utc=None) for c in scenario.craft}
    for f in record.flights:
        known.setdefault(f.craft, Craft(f.craft, f.vehicle_type))
    craft = tuple(
        replace(c, unusable_from_utc=unusable[c.name]) if c.name in unusable else c for c in known.values()
    )
    docked = tuple(
        DockedFlight(replace(_flight(f, "visiting", from_utc), crew_down=f.crew_up))
        for f in record.flights
        if f.dock_utc is not None
        and f.dock_utc < from_utc
        and (f.undock_utc is None or from_utc < f.undock_utc)
    )
    return replace(
        scenario,
        from_utc=from_utc,
        to_utc=to_utc,
        people=flown_people(assumption, record=record),
        craft=craft,
        docked=docked,
        announced=(),
        seat_moves=(),
    )


def _day(m: FlownSeatMove, which: MoveDay) -> Instant:
    if which == "used":
        return m.utc
    return m.earliest_utc if which == "earliest" else m.latest_utc


def _is_seen(f: FlownFlight, scenario: Scenario) -> bool:
    """Whether a flight has a part in [from_utc, to_utc)."""
    last = f.undock_utc or f.landing_utc
    return last is None or scenario.from_utc < last


def _flight(f: FlownFlight, taxi: FlightKind, end: Instant) -> Flight:
    """A recorded flight, cut off at `end`: what came later has not happened yet."""
    has_left = f.undock_utc is not None and f.undock_utc < end
    return Flight(
        name=f.name,
        kind=taxi if f.kind == "taxi" else f.kind,
        vehicle_type=f.vehicle_type,
        craft=f.craft,
        pad=f.pad,
        launch_utc=f.launch_utc,
        dock_utc=f.dock_utc,
        port=f.port,
        relocations=tuple(r for r in f.relocations if r.dock_utc < end),
        undock_utc=f.undock_utc if has_left else None,
        landing_utc=f.landing_utc if has_left or f.dock_utc is None else None,
        crew_up=f.crew_up,
        crew_down=f.crew_down,
    )


def _person(p: FlownPerson, assumption: Assumption, record: Record) -> Person:
    segments: tuple[str, ...] = (p.side,) if p.side else ()
    if p.side == "RS" and assumption.is_rs_cross_trained:
        segments = ("RS", "USOS")
    spans: list[tuple[Instant | None, Instant | None]] = [(None, None)]
    if assumption.newcomer_days:
        spans = [
            (f.dock_utc.plus_days(assumption.newcomer_days), _landing(p.name, f, record))
            for f in record.flights
            if p.name in f.crew_up and f.dock_utc is not None
        ]
    return Person(
        name=p.name,
        agency=p.agency,
        qualifications=tuple(
            Qualification(segment, "operator", from_utc, to_utc)
            for from_utc, to_utc in spans
            for segment in segments
            if from_utc is None or to_utc is None or from_utc < to_utc
        ),
        commander_of=p.commander_of,
        is_visitor=p.is_visitor,
        landed_utc=p.landed_utc,
    )


def _landing(person: str, up: FlownFlight, record: Record) -> Instant | None:
    """When somebody who went up on `up` was home again."""
    down = (f for f in record.flights if person in f.crew_down and f.launch_utc >= up.launch_utc)
    landings = [f.landing_utc for f in down if f.landing_utc is not None]
    later = [at for at in landings if up.dock_utc is not None and up.dock_utc < at]
    return min(later, key=lambda at: at.us, default=None)
