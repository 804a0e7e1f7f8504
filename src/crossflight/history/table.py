"""A strict reader for small CSV tables: every complaint names file, line and column.

The first line must be exactly the expected header; every row has exactly its number of fields;
a missing value is an empty field.  Nothing but :class:`crossflight.errors.SchemaError` and
:class:`crossflight.errors.SyntaxInputError` comes out of here for a bad table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from crossflight.errors import SchemaError, SyntaxInputError
from crossflight.times import Instant

# The tables of the record have some 10 to 100 kB; a thousand times that is a mistake or an attack.
N_BYTES_MAX: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `line` is where it ends in `file`, `cells` maps column name to text."""

    file: str
    line: int
    cells: dict[str, str]

    def error(self, column: str, message: str, *, hint: str = "") -> SchemaError:
        """An error about the value in `column` of this row."""
        names = list(self.cells)
        excerpt = ",".join(self.cells.values())
        position = 1 + sum(len(self.cells[n]) + 1 for n in names[: names.index(column)])
        return SchemaError(
            f"{column}: {message}",
            hint=hint,
            file=self.file,
            line=self.line,
            column=position,
            excerpt=excerpt,
        )

    def text(self, column: str) -> str:
        """A value that must be there."""
        value = self.cells[column]
        if not value:
            raise self.error(column, "the value is missing", hint="every row needs this column")
        return value

    def names(self, column: str) -> tuple[str, ...]:
        """Names separated by semicolons; none of them empty or twice."""
        value = self.cells[column]
        if not value:
            return ()
        found = tuple(name.strip() for name in value.split(";"))
        if not all(found):
            raise self.error(column, f"an empty name in {value!r}", hint="names are separated by '; '")
        if len(set(found)) < len(found):
            raise self.error(column, f"a name twice in {value!r}")
        return found

    def choice(self, column: str, allowed: Sequence[str]) -> str:
        """One of the allowed words."""
        value = self.cells[column]
        if value not in allowed:
            near = get_close_matches(value, [a for a in allowed if a], 1)
            raise self.error(
                column,
                f"{value!r} is not one of {', '.join(repr(a) for a in allowed)}",
                hint=f"did you mean {near[0]!r}?" if near else "",
            )
        return value

    def instant(self, column: str) -> Instant:
        """A UTC time that must be there."""
        try:
            return Instant.parse(self.text(column))
        except ValueError as e:
            raise self.error(column, str(e)) from None

    def optional_instant(self, column: str) -> Instant | None:
        """A UTC time, or None for an empty field."""
        return self.instant(column) if self.cells[column] else None


def read_table(text: str | bytes, file: str, columns: Sequence[str]) -> tuple[Row, ...]:
    """Read a whole table.

    Parameters
    ----------
    text
        The file's content; bytes must be UTF-8.
    file
        Its name, for errors.
    columns
        The header, exactly.

    Raises
    ------
    SyntaxInputError
        Not UTF-8, too large, or not CSV (a quote left open, a NUL).
    SchemaError
        Another header, or a row with too few or too many fields.
    """
    if len(text) > N_BYTES_MAX:
        raise SyntaxInputError(
            f"the table has {len(text)} bytes, the limit is {N_BYTES_MAX}", file=file, line=1, column=1
        )
    text = _decoded(text, file)
    lines = text.splitlines()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] | None = None
    try:
        for fields in reader:
            if header is None:
                header = fields
                if header != list(columns):
                    raise _header_error(header, columns, file, lines[0] if lines else "")
            elif len(fields) != len(columns):
                raise SchemaError(
                    f"the row has {len(fields)} fields, the header {len(columns)}",
                    hint="a field with a comma in it must be quoted",
                    file=file,
                    line=reader.line_num,
                    column=1,
                    excerpt=lines[min(reader.line_num, len(lines)) - 1],
                )
            else:
                cells = {c: f.strip() for c, f in zip(columns, fields, strict=True)}
                rows.append(Row(file, reader.line_num, cells))
    except csv.Error as e:
        raise SyntaxInputError(
            f"not a CSV table: {e}",
            hint="look for a quote left open",
            file=file,
            line=reader.line_num,
            column=1,
        ) from None
    if header is None:
        raise _header_error([], columns, file, "")
    return tuple(rows)


def _decoded(text: str | bytes, file: str) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as e:
        line = text.count(b"\n", 0, e.start) + 1
        raise SyntaxInputError(
            f"byte {e.start} is not UTF-8", hint="save the file as UTF-8", file=file, line=line, column=1
        ) from None


def _header_error(header: Sequence[str], columns: Sequence[str], file: str, excerpt: str) -> SchemaError:
    unknown = [c for c in header if c not in columns]
    missing = [c for c in columns if c not in header]
    what = []
    if unknown:
        what.append(f"unknown column {unknown[0]!r}")
    if missing:
        what.append(f"missing column {missing[0]!r}")
    return SchemaError(
        f"the header is not the expected one: {' and '.join(what) or 'order or repetition'}",
        hint=f"the header is {','.join(columns)}",
        file=file,
        line=1,
        column=1,
        excerpt=excerpt,
    )
