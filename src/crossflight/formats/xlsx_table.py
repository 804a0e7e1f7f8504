"""XLSX workbooks to tables and back, with openpyxl; nothing in them is ever executed.

Read: one sheet.  Before a parser sees the file its parts are counted and measured, and workbooks with
macros, document types or entities are refused.  A date cell becomes ISO text, to the day where its
format shows no hour.  A formula cell gives what the program that saved it last computed; one that was
never computed is refused, because its value is not known.

Written: every text as text, whatever it begins with, with the mark that keeps it text when somebody
edits the cell; instants as date cells in UTC; the same content gives the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from crossflight.errors import InputError, SyntaxInputError
from crossflight.formats.table import (
    N_BYTES_MAX,
    N_CELL_CHARACTERS_MAX,
    N_COLUMNS_MAX,
    N_ROWS_MAX,
    Row,
    Table,
    letters,
)
from crossflight.times import Instant

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_N_PARTS_MAX: Final = 500
_N_UNPACKED_BYTES_MAX: Final = 30_000_000
_SPREADSHEET_EPOCH: Final = datetime(1970, 1, 1)  # naive on purpose: cells know no zone
_PART_DATE: Final = (1980, 1, 1, 0, 0, 0)
_INSTANT_FORMAT: Final = "yyyy-mm-dd hh:mm:ss"
_N_WIDTH_MAX: Final = 60
# Characters XML cannot hold, and texts that look like their escape (ECMA-376, ST_Xstring).
_UNHOLDABLE: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff\ud800-\udfff]|_(?=x[0-9A-Fa-f]{4}_)"
)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")

Value = str | float | int | Instant | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: a header and rows; text, numbers, instants (UTC) or nothing in the cells."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def read_xlsx(data: bytes, file: str, sheet: str | None = None) -> Table:
    """The table of a sheet.

    Parameters
    ----------
    sheet
        Its name; without it the sheet called flights or manifest, else the first with anything in it.

    Raises
    ------
    SyntaxInputError
        If it is not a workbook, or one beyond the bounds of this module.
    InputError
        If there is no such sheet.
    """
    _refuse_hostile(data, file)
    from openpyxl import load_workbook

    try:
        # The first knows which cells are formulas, the second what they came to.
        written = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        computed = load_workbook(io.BytesIO(data), read_only=True, keep_links=False, data_only=True)
        name = _sheet(written, sheet, file)
        rows, n_formulas = _rows(written[name], computed[name], file, name)
    except InputError:
        raise
    except Exception as e:  # openpyxl lets through whatever its parsers raise
        raise SyntaxInputError(
            f"not a workbook that can be read: {type(e).__name__}: {e}"[:300],
            hint="open it in a spreadsheet program and save it as .xlsx, or as CSV",
            file=file,
        ) from None
    return Table(file, tuple(rows), name, is_lettered=True, n_formulas=n_formulas)


def read_side_sheets(data: bytes, file: str, names: Sequence[str]) -> dict[str, Table]:
    """The sheets of `names` that a workbook has.

    Raises
    ------
    InputError
        As `read_xlsx`.
    """
    _refuse_hostile(data, file)
    from openpyxl import load_workbook

    there = load_workbook(io.BytesIO(data), read_only=True, keep_links=False).sheetnames
    return {name: read_xlsx(data, file, name) for name in names if name in there}


def xlsx_bytes(sheets: Sequence[Sheet], known_utc: Instant) -> bytes:
    """A workbook of `sheets`; its properties are dated `known_utc`, not today."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    dated = _naive(known_utc)
    book.properties.creator = "crossflight"
    book.properties.created = dated
    book.properties.modified = dated
    for sheet in sheets:
        _write(book.create_sheet(sheet.name), sheet)
    packed = io.BytesIO()
    book.save(packed)
    return _undated(packed.getvalue(), known_utc)


def _write(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    for k, title in enumerate(sheet.header, start=1):
        cell: Any = page.cell(row=1, column=k)
        _put(cell, title)
        cell.font = Font(bold=True)
    widths = [len(title) for title in sheet.header]
    for i, row in enumerate(sheet.rows, start=2):
        for k, value in enumerate(row, start=1):
            cell = page.cell(row=i, column=k)
            _put(cell, value)
            shown = len(_INSTANT_FORMAT) if isinstance(value, Instant) else len(str(value or ""))
            widths[k - 1] = max(widths[k - 1], shown)
            if shown > _N_WIDTH_MAX:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
    for k, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(k)].width = min(width, _N_WIDTH_MAX) + 2
    page.freeze_panes = "B2" if len(sheet.header) > 1 else "A2"
    page.auto_filter.ref = page.dimensions


def _put(cell: Any, value: Value) -> None:
    if value is None or value == "":
        return
    if isinstance(value, Instant):
        cell.value = _naive(value)
        cell.number_format = _INSTANT_FORMAT
    elif isinstance(value, str):
        cell.value = _UNHOLDABLE.sub(lambda m: f"_x{ord(m.group()):04X}_", value)
        cell.data_type = "s"  # openpyxl takes what begins with = for a formula
        cell.quotePrefix = True
    else:
        cell.value = value


def _naive(at: Instant) -> datetime:
    return _SPREADSHEET_EPOCH + timedelta(microseconds=at.us)


def _undated(packed: bytes, known_utc: Instant) -> bytes:
    """The same archive with fixed dates on its parts and properties."""
    out = io.BytesIO()
    stamp = known_utc.iso().encode()
    with zipfile.ZipFile(io.BytesIO(packed)) as was, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as now:
        for name in was.namelist():
            part = was.read(name)
            if name == "docProps/core.xml":  # openpyxl writes the time of saving
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, part)
            now.writestr(zipfile.ZipInfo(name, _PART_DATE), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _refuse_hostile(data: bytes, file: str) -> None:
    """Bounds on the archive before anything is unpacked, and nothing in it that could act."""

    def refused(message: str, hint: str = "") -> SyntaxInputError:
        return SyntaxInputError(message, hint=hint, file=file)

    as_data = "save it as .xlsx without macros, or as CSV"
    if len(data) > N_BYTES_MAX:
        raise refused(f"the file has {len(data) / 1e6:.1f} MB, the limit is {N_BYTES_MAX / 1e6:g} MB")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused("an old or encrypted workbook", "save it as .xlsx without a password")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            n_bytes = sum(part.file_size for part in parts)
            if len(parts) > _N_PARTS_MAX or n_bytes > _N_UNPACKED_BYTES_MAX:
                raise refused(
                    f"{len(parts)} parts of {n_bytes / 1e6:.0f} MB unpacked, the limits are {_N_PARTS_MAX} "
                    f"and {_N_UNPACKED_BYTES_MAX / 1e6:g} MB",
                    "delete what is not the manifest",
                )
            for part in parts:
                if "vbaproject" in part.filename.casefold():
                    raise refused("the workbook has macros", as_data)
                # Read to the declared size at most: zipfile stops there.
                if _declares(archive.read(part)):
                    raise refused(f"{part.filename[:80]!r} declares a document type", as_data)
    except SyntaxInputError:
        raise
    except Exception as e:  # zipfile and zlib raise many kinds of errors at broken archives
        raise refused(f"not a workbook: {e}"[:200], "a .xlsx file should stand here") from None


def _declares(part: bytes) -> bool:
    """Whether a part declares a document type or entities, in any encoding an XML parser takes."""
    plain = part.replace(b"\0", b"")  # UTF-16 and UTF-32
    return b"<!DOCTYPE" in plain or b"<!ENTITY" in plain


def _sheet(book: Any, wanted: str | None, file: str) -> str:
    names = [page.title for page in book.worksheets]
    if wanted is not None:
        if wanted not in names:
            raise InputError(
                f"there is no sheet {wanted!r}", hint=f"it has {', '.join(names[:8])}", file=file
            )
        return wanted
    for name in names:
        if name.strip().casefold() in ("flights", "manifest"):
            return str(name)
    if not names:
        raise SyntaxInputError("the workbook has no sheet", file=file)
    for name in names:
        if next(iter(book[name].iter_rows(max_row=1, max_col=1, values_only=True)), None) is not None:
            return str(name)
    return str(names[0])


def _rows(written: Any, computed: Any, file: str, sheet: str) -> tuple[list[Row], int]:
    rows = []
    n_formulas = 0
    for page in (written, computed):
        page.reset_dimensions()  # what a file says of its size is not believed
    for number, (raw, came_to) in enumerate(zip(_lines(written), _lines(computed), strict=True), start=1):
        if number > N_ROWS_MAX or len(raw) > N_COLUMNS_MAX:
            limit = f"{N_ROWS_MAX} rows and {N_COLUMNS_MAX} columns"
            raise SyntaxInputError(
                f"sheet {sheet} is larger than {limit}",
                hint="delete the empty rows and columns beside the table",
                file=file,
                line=number,
            )
        cells = []
        for k, (formula, cell) in enumerate(zip(raw, came_to, strict=True)):
            is_formula = formula.data_type == "f"
            n_formulas += is_formula
            place = f"cell {letters(k)}{number}"
            if is_formula and cell.value is None:
                raise SyntaxInputError(
                    f"{place} is a formula that was never computed",
                    hint="open and save the file in a spreadsheet program, or write the value",
                    file=file,
                    line=number,
                    column=k + 1,
                )
            text = _text(cell, place, file, number, k)
            if len(text) > N_CELL_CHARACTERS_MAX:
                message = f"{place} has more than {N_CELL_CHARACTERS_MAX} characters"
                raise SyntaxInputError(message, file=file, line=number, column=k + 1)
            cells.append(text)
        if any(cells):
            rows.append(Row(number, tuple(cells)))
    return rows, n_formulas


def _lines(page: Any) -> Iterator[tuple[Any, ...]]:
    """Every row; openpyxl fills gaps as it goes, so a row of any number costs no more than is read."""
    return iter(page.iter_rows())


def _text(cell: Any, place: str, file: str, number: int, column: int) -> str:
    """A cell's value as text; dates as ISO text, to the day where the format shows no hour."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        raise SyntaxInputError(
            f"{place} shows the error {value}",
            hint="mend its formula",
            file=file,
            line=number,
            column=column + 1,
        )
    if isinstance(value, datetime):
        shows_hour = "h" in re.sub(r'"[^"]*"|\\.|\[[^hH\]]*\]', "", str(cell.number_format)).casefold()
        if shows_hour or (value.hour, value.minute, value.second) != (0, 0, 0):
            return value.isoformat(timespec="microseconds" if value.microsecond else "seconds") + "Z"
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    return _ESCAPED.sub(lambda m: chr(int(m.group(1), 16)), text).strip()
