"""The sheets of an exported workbook beside its flights: seat moves, training and waivers, read back.

Their headers are those of `crossflight.app.export`, in any order; a sheet with another header of that name
is not ours to read, and is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from crossflight.app.manifest_names import Naming
from crossflight.errors import SchemaError
from crossflight.formats.dates import parse_when
from crossflight.formats.manifest import Cell, Problem, split_list, unescaped
from crossflight.formats.table import Table, folded
from crossflight.model import Scenario, SeatMove, TrainingSlot, Waiver
from crossflight.model.flight import SeatKind
from crossflight.times import Instant

T = TypeVar("T")

SEAT_MOVE_HEADER: Final = ("time (UTC)", "person", "from flight", "to flight", "kind")
TRAINING_HEADER: Final = ("person", "course", "centre", "from (UTC)", "to (UTC)", "for flight")
WAIVER_HEADER: Final = ("rule", "from (UTC)", "to (UTC)", "for", "price", "reason")
_SEAT_KINDS: Final[tuple[SeatKind, ...]] = ("nominal", "contingency")


class SideSheets:
    """Reads the rows of side sheets; `problems` grows by what cannot be taken.

    Parameters
    ----------
    flights
        The flights of the manifest, as written there (folded) and by name, to their names.
    """

    def __init__(self, scenario: Scenario, flights: Mapping[str, str]) -> None:
        self._naming = Naming(scenario)
        self._flights = flights
        self._rules = scenario.rules
        self._courses = {folded(c.name): c.name for c in scenario.courses}

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, with its row and column."""
        return self._naming.problems

    def seat_moves(self, table: Table) -> tuple[SeatMove, ...]:
        """Who moves from one seat to another."""

        def move(cells: Mapping[str, Cell]) -> SeatMove | None:
            utc = self._instant(cells["time (UTC)"])
            people = self._naming.people([cells["person"]])
            from_flight, to_flight = self._flight(cells["from flight"]), self._flight(cells["to flight"])
            kind = next((k for k in _SEAT_KINDS if k == folded(cells["kind"].text)), None)
            if kind is None:
                self._wrong(cells["kind"], f"is no seat: {' or '.join(_SEAT_KINDS)}")
            if utc is None or not people or from_flight is None or to_flight is None or kind is None:
                return None
            return SeatMove(utc, people[0], from_flight, to_flight, kind)

        return tuple(self._rows(table, SEAT_MOVE_HEADER, move))

    def training(self, table: Table) -> tuple[TrainingSlot, ...]:
        """Who is in which course when; the centre goes with the course."""

        def slot(cells: Mapping[str, Cell]) -> TrainingSlot | None:
            people = self._naming.people([cells["person"]])
            course = self._courses.get(folded(cells["course"].text))
            if course is None:
                self._wrong(cells["course"], "is not a course")
            from_utc, to_utc = self._instant(cells["from (UTC)"]), self._instant(cells["to (UTC)"])
            flight = self._flight(cells["for flight"])
            if not people or course is None or from_utc is None or to_utc is None or flight is None:
                return None
            return TrainingSlot(people[0], course, from_utc, to_utc, flight)

        return tuple(self._rows(table, TRAINING_HEADER, slot))

    def waivers(self, table: Table) -> tuple[Waiver, ...]:
        """Permissions to break a rule."""

        def waiver(cells: Mapping[str, Cell]) -> Waiver | None:
            rule = cells["rule"].text
            from_utc, to_utc = self._instant(cells["from (UTC)"]), self._instant(cells["to (UTC)"])
            if rule not in self._rules:
                self._wrong(cells["rule"], "is not a rule")
                return None
            try:
                price = float(cells["price"].text or 0)
            except ValueError:
                self._wrong(cells["price"], "is not a number")
                return None
            if from_utc is None or to_utc is None:
                return None
            subjects = tuple(unescaped(part) for part in split_list(cells["for"].text))
            return Waiver(rule, from_utc, to_utc, subjects, price, cells["reason"].text)

        return tuple(self._rows(table, WAIVER_HEADER, waiver))

    def _rows(
        self, table: Table, header: tuple[str, ...], read: Callable[[Mapping[str, Cell]], T | None]
    ) -> Iterator[T]:
        first, *rows = table.rows or (None,)
        titles = [folded(t) for t in first.cells] if first is not None else []
        wanted = {folded(t): t for t in header}
        if set(titles) != set(wanted) or len(titles) != len(wanted):
            raise SchemaError(
                f"sheet {table.sheet!r} has another header than {', '.join(header)}",
                hint="rename the sheet if it is something else",
                file=table.file,
                line=first.number if first is not None else 1,
            )
        for row in rows:
            texts = dict(zip(titles, (*row.cells, *[""] * len(titles)), strict=False))
            cells = {wanted[t]: Cell(texts[t], row.number, k) for k, t in enumerate(titles)}
            found = read(cells)
            if found is not None:
                yield found

    def _flight(self, cell: Cell) -> str | None:
        found = self._flights.get(cell.text) or self._flights.get(folded(cell.text))
        if found is None:
            self._wrong(cell, "is no flight of the manifest")
        return found

    def _instant(self, cell: Cell) -> Instant | None:
        try:
            when = parse_when(cell.text)
        except ValueError as e:
            message, hint = e.args
            self.problems.append(Problem(message, cell.row, cell.column, hint))
            return None
        if when.is_day:
            self._wrong(cell, "needs an hour here")
            return None
        return when.at

    def _wrong(self, cell: Cell, what: str) -> None:
        self.problems.append(Problem(f"{cell.text[:80]!r} {what}", cell.row, cell.column))
