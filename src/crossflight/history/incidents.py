"""What went wrong on flown flights, how long they were exposed to it, and how far plans slipped.

Incidents stand in ``incidents.csv`` with their sources.  Exposures (launches, craft-years, person-years,
fleet-years, pad-years) are never written down: they are counted from the record.  Slips are the differences
between NASA's flight plan of September 2023 (``planned_flights.csv``) and the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, cast

from crossflight.history.flown import RECORD_TO
from crossflight.history.record import FlownFlight, Record, flown_record, packaged
from crossflight.history.table import Row, read_table
from crossflight.times import Instant

IncidentKind = Literal[
    "launch-abort", "fleet-grounded", "pad-out", "craft-unusable", "early-return", "medical-return"
]
INCIDENT_KINDS: Final[tuple[str, ...]] = (
    "launch-abort", "fleet-grounded", "pad-out", "craft-unusable", "early-return", "medical-return",
)  # fmt: skip
INCIDENT_COLUMNS: Final = ("kind", "utc", "until_utc", "subject", "counted", "what", "source")
PLANNED_COLUMNS: Final = ("flight", "event", "planned_utc", "as_of", "written", "source")

# What carries the crews of the record; a Starliner has flown one crew and is no fleet.
LAUNCHER_OF: Final[Mapping[str, str]] = {"soyuz-ms": "soyuz", "crew-dragon": "falcon-9"}
_YEAR_DAYS: Final = 365.25
# A pad whose last crew left longer ago than this before the end of the record is out of use. [assumed]
_PAD_IDLE_DAYS: Final = 550.0

Span = tuple[Instant, Instant]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong at `utc`.

    Attributes
    ----------
    until_utc
        Until when nothing flew for it; None for what does not end, or is not that kind.
    subject
        A flight; of groundings a launcher, of outages a pad.
    is_counted
        Whether the rates count it; `what` says why not.
    """

    kind: IncidentKind
    utc: Instant
    until_utc: Instant | None
    subject: str
    is_counted: bool
    what: str
    source: str

    @property
    def days(self) -> float | None:
        """How long nothing flew."""
        return None if self.until_utc is None else self.until_utc.days_since(self.utc)


@dataclass(frozen=True, slots=True)
class Slip:
    """How many whole days later (earlier: negative) than planned a flight was."""

    flight: str
    kind: str
    planned_utc: Instant
    flown_utc: Instant

    @property
    def days(self) -> float:
        """Whole UTC days."""
        return self.flown_utc.floor_day().days_since(self.planned_utc.floor_day())


@dataclass(frozen=True, slots=True)
class Exposure:
    """What the flown flights were exposed to.

    Attributes
    ----------
    n_launches
        Launches with a crew.
    craft_years
        Years that craft which brought or took a crew were docked, summed over craft.
    person_years
        Years between lift-off and landing, summed over people.
    fleet_years, pad_years
        Years that launchers and pads have carried crews, summed.
    n_launches_per_fleet_year
        Launches with a crew of those launchers.
    """

    n_launches: int
    craft_years: float
    person_years: float
    fleet_years: float
    pad_years: float
    n_launches_per_fleet_year: float


def read_incidents(content: Callable[[str], str | bytes], record: Record) -> tuple[Incident, ...]:
    """Read incidents.csv; `content` gives a table by file name.

    Raises
    ------
    InputError
        With file and line, if the table is wrong or names a flight that is not in the record.
    """
    flights = {f.name for f in record.flights}
    pads = {f.pad for f in record.flights}
    known = {"fleet-grounded": set(LAUNCHER_OF.values()), "pad-out": pads}
    found = []
    for row in read_table(content("incidents.csv"), "incidents.csv", INCIDENT_COLUMNS):
        kind = row.choice("kind", INCIDENT_KINDS)
        subject = row.text("subject")
        if subject not in known.get(kind, flights):
            raise row.error("subject", f"{subject} is not in the record")
        until_utc = row.optional_instant("until_utc")
        if until_utc is not None and not row.instant("utc") < until_utc:
            raise row.error("until_utc", f"{until_utc} is not after {row.instant('utc')}")
        found.append(
            Incident(
                cast("IncidentKind", kind),
                row.instant("utc"),
                until_utc,
                subject,
                row.choice("counted", ("yes", "no")) == "yes",
                row.text("what"),
                row.text("source"),
            )
        )
    return tuple(found)


def read_slips(content: Callable[[str], str | bytes], record: Record) -> tuple[Slip, ...]:
    """Read planned_flights.csv and lay it beside the record.

    Raises
    ------
    InputError
        With file and line, if the table is wrong or names a flight that is not in the record.
    """
    flights = {f.name: f for f in record.flights}
    return tuple(
        _slip(row, flights)
        for row in read_table(content("planned_flights.csv"), "planned_flights.csv", PLANNED_COLUMNS)
    )


def _slip(row: Row, flights: Mapping[str, FlownFlight]) -> Slip:
    flown = flights.get(row.text("flight"))
    if flown is None:
        raise row.error("flight", f"{row.text('flight')} is not in flights.csv or cargo.csv")
    at = flown.launch_utc if row.choice("event", ("launch", "dock")) == "launch" else flown.dock_utc
    if at is None:
        raise row.error("event", f"{flown.name} did not dock")
    return Slip(flown.name, flown.kind, row.instant("planned_utc"), at)


@cache
def incidents() -> tuple[Incident, ...]:
    """The incidents that ship with the package."""
    return read_incidents(packaged, flown_record())


@cache
def slips() -> tuple[Slip, ...]:
    """How far the flights of the plan of September 2023 slipped."""
    return read_slips(packaged, flown_record())


def exposure(without: Span | None = None, *, record: Record | None = None) -> Exposure:
    """What the flights of the record were exposed to, save during `without`."""
    record = record or flown_record()
    crewed = [f for f in record.flights if f.crew_up or f.crew_down]
    up = [f for f in crewed if f.crew_up]
    of_fleets = [f for f in up if f.vehicle_type in LAUNCHER_OF]
    docked = ((f.dock_utc, f.undock_utc or RECORD_TO) for f in crewed if f.dock_utc is not None)
    fleets = _in_use(of_fleets, lambda f: LAUNCHER_OF[f.vehicle_type], lambda _: RECORD_TO)
    pads = _in_use(
        of_fleets,
        lambda f: f.pad,
        lambda last: RECORD_TO if RECORD_TO.days_since(last) < _PAD_IDLE_DAYS else last,
    )
    fleet_years = _years(fleets, without)
    return Exposure(
        _n_outside(up, without),
        _years(docked, without),
        _years(_journeys(crewed), without),
        fleet_years,
        _years(pads, without),
        _n_outside(of_fleets, without) / fleet_years,
    )


def _journeys(crewed: Iterable[FlownFlight]) -> Iterable[Span]:
    """Lift-off to landing of everybody who went up."""
    flights = sorted(crewed, key=lambda f: f.launch_utc.us)
    for f in flights:
        for person in f.crew_up:
            landings = (
                g.landing_utc
                for g in flights
                if person in g.crew_down and g.landing_utc is not None and f.launch_utc < g.landing_utc
            )
            yield f.launch_utc, min(landings, key=lambda at: at.us, default=RECORD_TO)


def _in_use(
    launches: Iterable[FlownFlight],
    name_of: Callable[[FlownFlight], str],
    end_of: Callable[[Instant], Instant],
) -> list[Span]:
    """From the first launch of each name to where its use ends, given the last."""
    spans: dict[str, Span] = {}
    for f in sorted(launches, key=lambda f: f.launch_utc.us):
        first = spans.get(name_of(f), (f.launch_utc, f.launch_utc))[0]
        spans[name_of(f)] = (first, f.launch_utc)
    return [(first, end_of(last)) for first, last in spans.values()]


def _n_outside(flights: Iterable[FlownFlight], without: Span | None) -> int:
    """How many were launched, save during `without`."""
    return sum(without is None or not without[0] <= f.launch_utc < without[1] for f in flights)


def _years(spans: Iterable[Span], without: Span | None) -> float:
    """Length of the spans in years, less what lies in `without`."""
    us = 0
    for from_utc, to_utc in spans:
        us += to_utc.us - from_utc.us
        if without is not None:
            us -= max(0, min(to_utc.us, without[1].us) - max(from_utc.us, without[0].us))
    return us / (86_400e6 * _YEAR_DAYS)
