"""CSV files to tables and back.

Read: UTF-8 (or UTF-16 with a byte order mark), separated by comma, semicolon or tab, whichever the
first line has most of.  Written: UTF-8 with commas.

A cell that a spreadsheet program would take for a formula (it begins with ``=``, ``+``, ``-``,
``@``, a tab or a carriage return) is written with an apostrophe before it; one that has apostrophes
before such a mark gets one more.  Reading takes one apostrophe off again, so a table read back is the
table written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from crossflight.errors import SyntaxInputError
from crossflight.formats.table import (
    N_BYTES_MAX,
    N_CELL_CHARACTERS_MAX,
    N_COLUMNS_MAX,
    N_ROWS_MAX,
    Row,
    Table,
)

_SEPARATORS: Final = ",;\t"
# Spreadsheet programs take the full-width forms for formulas too.
_FORMULA: Final = "[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20]"
_TO_GUARD: Final = re.compile(f"'*{_FORMULA}")
_GUARDED: Final = re.compile(f"'+{_FORMULA}")


def read_csv(data: bytes, file: str) -> Table:
    """The table of a CSV file; blank rows are left out, the others keep their number.

    Rows are counted as spreadsheets do: a row that goes over several lines is one.

    Raises
    ------
    SyntaxInputError
        If it is too large, not text, or a quote is left open.
    """
    if len(data) > N_BYTES_MAX:
        raise SyntaxInputError(
            f"the file has {len(data) / 1e6:.1f} MB, the limit is {N_BYTES_MAX / 1e6:g} MB", file=file
        )
    text = _decoded(data, file)
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for number, fields in enumerate(reader, start=1):
            if number > N_ROWS_MAX or len(fields) > N_COLUMNS_MAX:
                limit = f"{N_ROWS_MAX} rows and {N_COLUMNS_MAX} columns"
                raise SyntaxInputError(f"the table is larger than {limit}", file=file, line=reader.line_num)
            cells = tuple(_bare(field) for field in fields)
            if any(len(cell) > N_CELL_CHARACTERS_MAX for cell in cells):
                message = f"row {number} has a cell of more than {N_CELL_CHARACTERS_MAX} characters"
                raise SyntaxInputError(message, file=file, line=reader.line_num)
            if any(cells):
                rows.append(Row(number, cells))
    except csv.Error as e:
        raise SyntaxInputError(
            f"not a CSV table: {e}", hint="look for a quote left open", file=file, line=reader.line_num
        ) from None
    return Table(file, tuple(rows))


def csv_bytes(rows: Iterable[Sequence[str | float]]) -> bytes:
    """A CSV file; every text is guarded, numbers stay numbers whatever their sign."""
    out = io.StringIO(newline="")
    # Every cell in quotes: where a semicolon separates, one inside a name must not begin a cell.
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([guarded(cell) if isinstance(cell, str) else f"{cell:.10g}" for cell in row])
    return out.getvalue().encode("utf-8")


def guarded(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return f"'{cell}" if _TO_GUARD.match(cell) else cell


def _bare(field: str) -> str:
    """A cell without its guard and the blanks around it."""
    cell = field[1:] if _GUARDED.match(field) else field
    return cell.strip()


def _decoded(data: bytes, file: str) -> str:
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if is_wide else "utf-8-sig")
    except UnicodeDecodeError as e:
        line = data.count(b"\n", 0, e.start) + 1
        raise SyntaxInputError(
            f"byte {e.start} is not {'UTF-16' if is_wide else 'UTF-8'}",
            hint="save the file as CSV UTF-8",
            file=file,
            line=line,
        ) from None
    if "\0" in text:
        raise SyntaxInputError("a NUL stands in it: this is no text", hint="save it as CSV UTF-8", file=file)
    return text
