"""A manifest as it is written: columns by their many names, one row per event or one per flight.

long
    A row per event: date, flight, event (launch, dock, relocate, undock, landing), vehicle type,
    port; also kind, craft, pad, to port.
wide
    A row per flight: flight, vehicle type, launch, dock, undock, landing, port; also kind, craft,
    pad, relocations, crew (names with semicolons between them), crew down, backup.

Header and event names may differ in case, blanks, punctuation and a ``(UTC)`` behind them, and have
the synonyms of `COLUMNS` and `EVENTS`; a near name that is none of them is refused with the name it is
near.  What a cell says is kept with its place; what cannot be read, or contradicts another row, is a
:class:`Problem`, and all of them are found at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Literal

from crossflight.errors import SchemaError
from crossflight.formats.dates import When, is_stated, parse_when
from crossflight.formats.table import Row, Table, folded

Layout = Literal["long", "wide"]

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "flight": ("flight", "flight name", "vehicle name", "vehicle", "mission", "visiting vehicle", "name"),
    "vehicle type": ("vehicle type", "type", "vehicle class", "spacecraft type"),
    "kind": ("kind", "flight kind"),
    "craft": ("craft", "craft name", "spacecraft", "capsule", "serial", "serial number"),
    "pad": ("pad", "launch pad", "launch complex"),
    "port": ("port", "port name", "docking port", "dock port", "berthing port"),
    "date": ("date", "event date", "day", "time", "date time", "event time", "when"),
    "event": ("event", "event type", "event name", "activity"),
    "to port": ("to port", "destination port", "new port", "relocation port"),
    "launch": ("launch", "launch date", "lift off", "liftoff", "launch time"),
    "dock": ("dock", "docking", "dock date", "docking date", "berthing", "berth", "arrival", "dock time"),
    "undock": (
        "undock", "undocking", "undock date", "undocking date", "unberthing", "unberth", "departure",
        "undock time",
    ),
    "landing": ("landing", "land", "landing date", "splashdown", "return", "landing time"),
    "relocations": ("relocations", "relocation", "port relocations"),
    "crew up": ("crew up", "crew", "crew members"),
    "crew down": ("crew down", "returning crew"),
    "backup": ("backup", "backup crew"),
}  # fmt: skip
# Read by nobody here, and said so.
_PASSED_OVER: Final = (
    "status", "source", "note", "notes", "comment", "comments", "remark", "remarks", "increment",
    "expedition", "launcher", "provider", "agency",
)  # fmt: skip
EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "launch": ("launch", "lift off", "liftoff"),
    "dock": ("dock", "docking", "docked", "berth", "berthing", "arrival"),
    "relocate": ("relocate", "relocation", "port relocation", "redock", "redocking"),
    "undock": ("undock", "undocking", "unberth", "unberthing", "departure"),
    "landing": ("landing", "land", "landed", "splashdown", "return"),
}
_ONCE: Final = ("launch", "dock", "undock", "landing")
_ALONG: Final = ("vehicle type", "kind", "craft", "pad")
_ZONES: Final = frozenset({"utc", "gmt", "z"})
_OTHER_ZONES: Final = frozenset({"msk", "moscow", "dmv", "local", "est", "edt", "cst", "cdt", "cet", "jst"})
_NOBODY: Final = frozenset({"none", "uncrewed", "unmanned", "no crew", "0"})
_N_HEADER_ROWS_MAX: Final = 20
_N_PROBLEMS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and where; `column` counts from 0."""

    text: str
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """An event of a flight; `redock` is when a relocation ends, where that is given."""

    kind: str
    when: When
    cell: Cell
    redock: When | None = None
    from_port: Cell | None = None
    to_port: Cell | None = None


@dataclass(slots=True)
class WrittenFlight:
    """Everything the manifest says of one flight; None is not stated, an empty crew is nobody."""

    name: Cell
    said: dict[str, Cell] = field(default_factory=dict)
    events: dict[str, WrittenEvent] = field(default_factory=dict)
    relocations: list[WrittenEvent] = field(default_factory=list)
    ports: list[tuple[str, Cell]] = field(default_factory=list)
    crew_up: tuple[Cell, ...] | None = None
    crew_down: tuple[Cell, ...] | None = None
    backup: tuple[Cell, ...] | None = None
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of the table."""

    message: str
    row: int
    column: int | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as written."""

    table: Table
    layout: Layout
    flights: tuple[WrittenFlight, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[str, ...] = ()
    repeated: tuple[tuple[int, int], ...] = ()


def read_manifest(table: Table) -> Manifest:
    """The flights of a table.

    Raises
    ------
    SchemaError
        If no row is a header, or its columns cannot be told.
    """
    header, body = _header(table)
    columns, passed_over = _columns(table, header)
    layout: Layout = "long" if {"date", "event"} <= set(columns) else "wide"
    _refuse_incomplete(table, header, columns, layout)
    reading = _Reading(columns)
    read = reading.event_row if layout == "long" else reading.flight_row
    for row in body:
        read(row)
        if len(reading.problems) >= _N_PROBLEMS_MAX:
            break
    return Manifest(
        table,
        layout,
        tuple(reading.flights.values()),
        tuple(reading.problems),
        passed_over,
        tuple(reading.repeated),
    )


def _header(table: Table) -> tuple[Row, tuple[Row, ...]]:
    """The first row in which two columns are known, and the rows below it."""
    for i, row in enumerate(table.rows[:_N_HEADER_ROWS_MAX]):
        known = {name for cell in row.cells if (name := _column(cell)) is not None}
        if len(known) >= 2:
            return row, table.rows[i + 1 :]
    first = table.rows[0].number if table.rows else 1
    raise SchemaError(
        "no row of it is a header",
        hint="columns are date, flight, vehicle type, port, event; or flight, vehicle type, port, launch, "
        "dock, undock, landing",
        file=table.file,
        line=first,
    )


def _bare_title(text: str) -> str:
    words = folded(text).split()
    while len(words) > 1 and words[-1] in _ZONES:
        words.pop()
    return " ".join(words)


def _column(text: str) -> str | None:
    title = _bare_title(text)
    return next((name for name, titles in COLUMNS.items() if title in titles), None)


def _columns(table: Table, header: Row) -> tuple[dict[str, int], tuple[str, ...]]:
    found: dict[str, int] = {}
    passed_over = []
    for k, text in enumerate(header.cells):
        if not text:
            continue
        other = sorted(set(folded(text).split()) & _OTHER_ZONES)
        if other:
            raise _title_error(table, header, k, f"column {text!r} is not in UTC", "give times in UTC")
        name = _column(text)
        title = _bare_title(text)
        if name is None:
            if title.split()[:1] and title.split()[0] in _PASSED_OVER:
                passed_over.append(text)
                continue
            titles = {t: n for n, ts in COLUMNS.items() for t in ts}
            near = get_close_matches(title[:40], titles, 1, cutoff=0.8)
            if near:
                message = f"column {text[:60]!r} is not known"
                raise _title_error(table, header, k, message, f"did you mean {titles[near[0]]!r}?")
            passed_over.append(text)
        elif name in found:
            message = f"column {text!r} means {name!r}, as column {header.cells[found[name]]!r} does"
            raise _title_error(table, header, k, message, "keep one of them")
        else:
            found[name] = k
    return found, tuple(passed_over)


def _refuse_incomplete(table: Table, header: Row, columns: Mapping[str, int], layout: Layout) -> None:
    wanted = ("flight", "vehicle type")
    missing = [name for name in wanted if name not in columns]
    if layout == "wide":
        if not {"launch", "dock", "undock", "landing"} & set(columns):
            missing.append("date and event (a row per event), or launch, dock, undock, landing")
        lone = [name for name in ("date", "event") if name in columns]
        if lone and not missing:
            missing.append("event" if lone == ["date"] else "date")
    if missing:
        raise _title_error(
            table,
            header,
            0,
            f"the header has no column {missing[0]}",
            f"it has {', '.join(columns) or 'none'}",
        )


def _title_error(table: Table, header: Row, column: int, message: str, hint: str) -> SchemaError:
    return SchemaError(
        f"{table.place(header.number, column)}: {message}",
        hint=hint,
        file=table.file,
        line=header.number,
        column=column + 1,
    )


class _Reading:
    """Rows one after the other; what contradicts an earlier row is a problem."""

    def __init__(self, columns: Mapping[str, int]) -> None:
        self._columns = columns
        self.flights: dict[str, WrittenFlight] = {}
        self.problems: list[Problem] = []
        self.repeated: list[tuple[int, int]] = []

    def event_row(self, row: Row) -> None:
        """A row of the long layout."""
        flight = self._flight(row)
        if flight is None:
            return
        self._along(flight, row)
        kind = self._event_kind(row)
        date = self._cell(row, "date")
        if date is None:
            self._problem(
                row, "date", "the date is missing", "a row per event needs one; delete the row if TBD"
            )
            return
        when = self._when(date)
        if kind is None or when is None:
            return
        port = self._cell(row, "port")
        if port is not None:
            flight.ports.append((kind, port))
        if kind == "relocate":
            same = next((r for r in flight.relocations if str(r.when) == str(when)), None)
            if same is not None:
                self.repeated.append((row.number, same.cell.row))
                return
            flight.relocations.append(
                WrittenEvent(kind, when, date, from_port=port, to_port=self._cell(row, "to port"))
            )
            return
        before = flight.events.get(kind)
        if before is None:
            flight.events[kind] = WrittenEvent(kind, when, date)
        elif str(before.when) == str(when):
            self.repeated.append((row.number, before.cell.row))
        else:
            message = (
                f"{flight.name.text} has a second {kind}, {when}; row {before.cell.row} says {before.when}"
            )
            self._problem(row, "date", message, "a flight does this once; delete one of the rows")

    def flight_row(self, row: Row) -> None:
        """A row of the wide layout."""
        n_before = len(self.flights)
        flight = self._flight(row)
        if flight is None:
            return
        if len(self.flights) == n_before:
            message = f"{flight.name.text} stands in row {flight.name.row} already"
            self._problem(row, "flight", message, "a row per flight: give each its own name")
            return
        self._along(flight, row)
        for kind in _ONCE:
            cell = self._cell(row, kind)
            when = None if cell is None else self._when(cell)
            if cell is not None and when is not None:
                flight.events[kind] = WrittenEvent(kind, when, cell)
        port = self._cell(row, "port")
        if port is not None:
            flight.ports.append(("dock", port))
        moves = self._cell(row, "relocations")
        if moves is not None:
            flight.relocations.extend(self._relocations(moves))
        flight.crew_up = self._crew(row, "crew up")
        flight.crew_down = self._crew(row, "crew down")
        flight.backup = self._crew(row, "backup")

    def _flight(self, row: Row) -> WrittenFlight | None:
        name = self._cell(row, "flight")
        if name is None:
            self._problem(row, "flight", "the flight has no name", "every row names its flight")
            return None
        key = " ".join(name.text.split()).casefold()
        flight = self.flights.setdefault(key, WrittenFlight(name))
        flight.rows.append(row.number)
        return flight

    def _along(self, flight: WrittenFlight, row: Row) -> None:
        for column in _ALONG:
            cell = self._cell(row, column)
            if cell is None:
                continue
            before = flight.said.setdefault(column, cell)
            if folded(before.text) != folded(cell.text):
                message = (
                    f"{flight.name.text} has {column} {cell.text!r}; row {before.row} says {before.text!r}"
                )
                self._problem(row, column, message, "say the same on all rows of a flight")

    def _event_kind(self, row: Row) -> str | None:
        cell = self._cell(row, "event")
        if cell is None:
            self._problem(row, "event", "the event is missing", f"one of {', '.join(EVENTS)}")
            return None
        words = re.sub(r" ?\d+$", "", folded(cell.text))
        for kind, names in EVENTS.items():
            if words in names:
                return kind
        titles = {name: kind for kind, names in EVENTS.items() for name in names}
        near = get_close_matches(words[:40], titles, 1)
        hint = f"did you mean {titles[near[0]]!r}?" if near else f"one of {', '.join(EVENTS)}"
        self._problem(row, "event", f"{cell.text!r} is not an event", hint)
        return None

    def _relocations(self, cell: Cell) -> Iterator[WrittenEvent]:
        for part in split_list(cell.text):
            left, *right = split_at(part, ">")
            dates, _, from_port = left.strip().partition(" ")
            undock, slash, dock = dates.partition("/")
            when = self._when(Cell(undock, cell.row, cell.column))
            redock = self._when(Cell(dock, cell.row, cell.column)) if slash else None
            if when is None:
                continue
            ports = [
                Cell(unescaped(name.strip()), cell.row, cell.column) if name.strip() else None
                for name in (from_port, ">".join(right))
            ]
            yield WrittenEvent("relocate", when, cell, redock, ports[0], ports[1])

    def _crew(self, row: Row, column: str) -> tuple[Cell, ...] | None:
        cell = self._cell(row, column, keep_none=True)
        if cell is None:
            return None
        if cell.text.casefold() in _NOBODY:
            return ()
        names = [Cell(unescaped(name), cell.row, cell.column) for name in split_list(cell.text)]
        if len({n.text.casefold() for n in names}) < len(names):
            self._problem(row, column, f"somebody stands twice in {cell.text[:80]!r}", "")
        return tuple(names)

    def _cell(self, row: Row, column: str, *, keep_none: bool = False) -> Cell | None:
        """What a row says in a column, or None where it says nothing."""
        k = self._columns.get(column)
        text = row.cells[k] if k is not None and k < len(row.cells) else ""
        if k is None or not (is_stated(text) or (keep_none and text.strip().casefold() in _NOBODY)):
            return None
        return Cell(text, row.number, k)

    def _when(self, cell: Cell) -> When | None:
        try:
            return parse_when(cell.text)
        except ValueError as e:
            message, hint = e.args
            self.problems.append(Problem(message, cell.row, cell.column, hint))
            return None

    def _problem(self, row: Row, column: str, message: str, hint: str) -> None:
        self.problems.append(Problem(message, row.number, self._columns.get(column), hint))


def split_list(text: str) -> list[str]:
    """The parts of a cell between semicolons (or lines, or commas, where there are none).

    A backslash keeps the mark behind it (`escaped`); the parts still hold their backslashes.
    """
    parts = [text]
    for mark in (";", "\n", ","):
        parts = split_at(text, mark)
        if len(parts) > 1:
            break
    return [part.strip() for part in parts if part.strip()]


def split_at(text: str, mark: str) -> list[str]:
    """`text` cut at every `mark` that no backslash keeps."""
    parts = [""]
    is_kept = False
    for c in text:
        if c == mark and not is_kept:
            parts.append("")
        else:
            parts[-1] += c
        is_kept = c == "\\" and not is_kept
    return parts


def escaped(name: str) -> str:
    """A name to stand in a list, or beside the mark of a relocation."""
    kept = re.sub(r"[;,>\\\n]", lambda m: "\\" + m.group(), name)
    return kept if is_stated(name) and name.casefold() not in _NOBODY else f"\\{kept}"


def unescaped(name: str) -> str:
    """The name that was escaped."""
    return re.sub(r"\\(.)", r"\1", name, flags=re.DOTALL)
