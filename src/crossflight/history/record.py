"""The tables of the record, read and checked against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

from crossflight.errors import ReferenceInputError, SchemaError
from crossflight.history.table import Row, read_table
from crossflight.model import Relocation
from crossflight.model.flight import SeatKind
from crossflight.times import Instant

RecordedKind = Literal["rotation", "visiting", "taxi", "uncrewed", "cargo"]
Certainty = Literal["time", "day", "assumed", "unknown", "open", ""]

KINDS: Final = ("rotation", "visiting", "taxi", "uncrewed", "cargo")
CERTAINTIES: Final = ("time", "day", "assumed", "unknown", "open", "")

FLIGHT_COLUMNS: Final = (
    "flight", "kind", "vehicle_type", "craft", "serial", "pad", "launch_utc", "dock_utc", "port",
    "undock_utc", "undock_certainty", "landing_utc", "landing_certainty", "crew_up", "crew_down",
    "note", "source",
)  # fmt: skip
RELOCATION_COLUMNS: Final = ("flight", "undock_utc", "dock_utc", "from_port", "to_port", "source")
SEAT_MOVE_COLUMNS: Final = (
    "utc", "earliest_utc", "latest_utc", "person", "from_flight", "to_flight", "kind", "certainty",
    "source",
)  # fmt: skip
PEOPLE_COLUMNS: Final = ("person", "agency", "side", "role", "commander_of", "landed_utc", "source")
DISAGREEMENT_COLUMNS: Final = ("flight", "field", "used", "other", "why", "source")


@dataclass(frozen=True, slots=True)
class FlownFlight:
    """One visit as recorded.

    `undock_certainty` and `landing_certainty`: "time" (published to the minute or second), "day"
    (hour unverified), "assumed" (derived, the source says how), "unknown", "open" (still docked
    when the record ends, or no later word of it), "" (never docked).
    A "taxi" is a short visit of paying visitors with a professional commander (MS-20).
    """

    name: str
    kind: RecordedKind
    vehicle_type: str
    craft: str
    serial: str
    pad: str
    launch_utc: Instant
    dock_utc: Instant | None
    port: str | None
    relocations: tuple[Relocation, ...]
    undock_utc: Instant | None
    undock_certainty: Certainty
    landing_utc: Instant | None
    landing_certainty: Certainty
    crew_up: tuple[str, ...]
    crew_down: tuple[str, ...]
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class FlownSeatMove:
    """A seat move; where the day is unverified, `utc` was chosen within [earliest, latest]."""

    utc: Instant
    earliest_utc: Instant
    latest_utc: Instant
    person: str
    from_flight: str
    to_flight: str
    kind: SeatKind
    certainty: str
    source: str


@dataclass(frozen=True, slots=True)
class FlownPerson:
    """Somebody who flew; `side` is RS, USOS or "" (operates nothing)."""

    name: str
    agency: str
    side: Literal["RS", "USOS", ""]
    is_visitor: bool
    commander_of: tuple[str, ...]
    landed_utc: Instant | None
    source: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sources say different things: what is used, what else was said, and why."""

    flight: str
    field: str
    used: str
    other: str
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Record:
    """Everything flown; flights in order of launch, seat moves in order of time."""

    flights: tuple[FlownFlight, ...]
    seat_moves: tuple[FlownSeatMove, ...]
    people: tuple[FlownPerson, ...]
    disagreements: tuple[Disagreement, ...]

    def flight(self, name: str) -> FlownFlight:
        """The flight of that name, which must be there."""
        return next(f for f in self.flights if f.name == name)


def read_record(content: Callable[[str], str | bytes]) -> Record:
    """Read the record's tables.

    Parameters
    ----------
    content
        Gives the content of a table by file name ("flights.csv").

    Raises
    ------
    InputError
        With file and line, if a table is not what docs/flown-record.md describes.
    """

    def rows(file: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
        return read_table(content(file), file, columns)

    people = {}
    for row in rows("people.csv", PEOPLE_COLUMNS):
        name = row.text("person")
        if name in people:
            raise row.error("person", f"{name} is there twice")
        people[name] = _person(row)
    flight_rows = (*rows("flights.csv", FLIGHT_COLUMNS), *rows("cargo.csv", FLIGHT_COLUMNS))
    names = set()
    for row in flight_rows:
        name = row.text("flight")
        if name in names:
            raise row.error("flight", f"{name} is there twice")
        names.add(name)
    relocations: dict[str, list[Relocation]] = {}
    for row in rows("relocations.csv", RELOCATION_COLUMNS):
        _known(row, "flight", names)
        row.text("source")
        relocations.setdefault(row.text("flight"), []).append(_relocation(row))
    flights = []
    for row in flight_rows:
        for column in ("crew_up", "crew_down"):
            for person in row.names(column):
                if person not in people:
                    raise _unknown(row, column, person, "people.csv")
        flights.append(_flight(row, tuple(relocations.get(row.text("flight"), ()))))
    moves = []
    for row in rows("seat_moves.csv", SEAT_MOVE_COLUMNS):
        _known(row, "from_flight", names)
        _known(row, "to_flight", names)
        if row.text("person") not in people:
            raise _unknown(row, "person", row.text("person"), "people.csv")
        moves.append(_seat_move(row))
    disagreements = tuple(
        Disagreement(
            row.text("flight"),
            row.text("field"),
            row.text("used"),
            row.cells["other"],
            row.cells["why"],
            row.text("source"),
        )
        for row in rows("disagreements.csv", DISAGREEMENT_COLUMNS)
    )
    return Record(
        tuple(sorted(flights, key=lambda f: f.launch_utc.us)),
        tuple(sorted(moves, key=lambda m: m.utc.us)),
        tuple(people.values()),
        disagreements,
    )


def packaged(file: str) -> bytes:
    """The content of one of the tables that ship with the package."""
    return files("crossflight.history").joinpath("data", file).read_bytes()


@cache
def flown_record() -> Record:
    """The record that ships with the package."""
    return read_record(packaged)


def _unknown(row: Row, column: str, name: str, where: str) -> ReferenceInputError:
    at: SchemaError = row.error(column, f"{name} is not in {where}")
    return ReferenceInputError(at.message, file=at.file, line=at.line, column=at.column, excerpt=at.excerpt)


def _known(row: Row, column: str, names: set[str]) -> None:
    if row.text(column) not in names:
        raise _unknown(row, column, row.text(column), "flights.csv or cargo.csv")


def _person(row: Row) -> FlownPerson:
    role = row.choice("role", ("crew", "visitor"))
    side = row.choice("side", ("RS", "USOS", ""))
    if (role == "visitor") != (side == ""):
        raise row.error("side", f"a {role} has side {side!r}", hint="crew have a side, visitors none")
    return FlownPerson(
        row.text("person"),
        row.text("agency"),
        cast("Literal['RS', 'USOS', '']", side),
        role == "visitor",
        row.names("commander_of"),
        row.optional_instant("landed_utc"),
        row.text("source"),
    )


def _relocation(row: Row) -> Relocation:
    undock_utc, dock_utc = row.instant("undock_utc"), row.instant("dock_utc")
    if not undock_utc < dock_utc:
        raise row.error("dock_utc", f"{dock_utc} is not after the undocking at {undock_utc}")
    return Relocation(undock_utc, dock_utc, row.text("from_port"), row.text("to_port"))


def _flight(row: Row, relocations: tuple[Relocation, ...]) -> FlownFlight:
    launch_utc = row.instant("launch_utc")
    dock_utc = row.optional_instant("dock_utc")
    undock_utc = row.optional_instant("undock_utc")
    landing_utc = row.optional_instant("landing_utc")
    port = row.cells["port"] or None
    if (dock_utc is None) != (port is None):
        raise row.error("port", "a port goes with a docking", hint="fill both or neither")
    if undock_utc is not None and dock_utc is None:
        raise row.error("undock_utc", f"undocked at {undock_utc} without having docked")
    before = ("launch_utc", launch_utc)
    for column, at in (("dock_utc", dock_utc), ("undock_utc", undock_utc), ("landing_utc", landing_utc)):
        if at is not None:
            if not before[1] < at:
                raise row.error(column, f"{at} is not after {before[0]} {before[1]}")
            before = (column, at)
    certainty = row.choice("undock_certainty", CERTAINTIES)
    if (undock_utc is not None) != (certainty in ("time", "day", "assumed")):
        raise row.error("undock_certainty", f"{certainty!r} does not go with undock_utc {undock_utc}")
    landing = row.choice("landing_certainty", CERTAINTIES)
    if (landing_utc is not None) != (landing in ("time", "day", "assumed")):
        raise row.error("landing_certainty", f"{landing!r} does not go with landing_utc {landing_utc}")
    return FlownFlight(
        row.text("flight"),
        cast("RecordedKind", row.choice("kind", KINDS)),
        row.text("vehicle_type"),
        row.text("craft"),
        row.cells["serial"],
        row.text("pad"),
        launch_utc,
        dock_utc,
        port,
        relocations,
        undock_utc,
        cast("Certainty", certainty),
        landing_utc,
        cast("Certainty", landing),
        row.names("crew_up"),
        row.names("crew_down"),
        row.cells["note"],
        row.text("source"),
    )


def _seat_move(row: Row) -> FlownSeatMove:
    utc, earliest, latest = (row.instant(c) for c in ("utc", "earliest_utc", "latest_utc"))
    if not earliest <= utc <= latest:
        raise row.error("utc", f"{utc} is outside {earliest} to {latest}")
    return FlownSeatMove(
        utc,
        earliest,
        latest,
        row.text("person"),
        row.text("from_flight"),
        row.text("to_flight"),
        cast("SeatKind", row.choice("kind", ("nominal", "contingency"))),
        row.text("certainty"),
        row.text("source"),
    )
