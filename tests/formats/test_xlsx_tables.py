"""Workbooks: text stays text, dates stay dates, and hostile ones are refused before they are parsed."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from crossflight.errors import InputError, SyntaxInputError
from crossflight.formats.xlsx_table import Sheet, read_xlsx, xlsx_bytes
from crossflight.times import Instant

KNOWN = Instant.of(2022, 7, 15)
NAMES = ["=1+1", "@SUM(A1:A9)", "+cmd", "-x", "'quoted", "a\tb\nc", "\u202eevil", "x" * 300, "_x0041_", "Ł"]
TEXTS = st.one_of(
    st.sampled_from(NAMES), st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
).map(str.strip)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda s: Instant(s * 1_000_000))


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_rows(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    return packed(book)


def edited(data: bytes, name: str, change: object) -> bytes:
    """The workbook with one part changed (a function of its bytes) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as was, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as now:
        for part in was.namelist():
            content = was.read(part)
            now.writestr(part, change(content) if part == name and callable(change) else content)
        if isinstance(change, bytes):
            now.writestr(name, change)
    return out.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, INSTANTS, TEXTS), min_size=1, max_size=5))
def test_what_is_written_is_read_back(rows: list[tuple[str, Instant, str]]) -> None:
    data = xlsx_bytes([Sheet("flights", ("a", "when (UTC)", "c"), tuple(rows))], KNOWN)
    table = read_xlsx(data, "x.xlsx")
    assert table.sheet == "flights"
    assert table.rows[0].cells == ("a", "when (UTC)", "c")
    assert table.n_formulas == 0

    def same(text: str) -> str:  # XML has no lone carriage return
        return text.replace("\r\n", "\r").strip()

    got = [tuple(same(c) for c in (*row.cells, "", "")[:3]) for row in table.rows[1:]]
    assert got == [(same(a), at.iso(), same(c)) for a, at, c in rows]


def test_no_text_is_a_formula_and_none_can_become_one() -> None:
    data = xlsx_bytes([Sheet("flights", ("name",), tuple((n,) for n in NAMES))], KNOWN)
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    for (cell,) in page.iter_rows(min_row=2):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    raw = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in raw


def test_dates_are_date_cells_with_a_frozen_header() -> None:
    at = Instant.of(2022, 9, 21, 13, 54, 50)
    data = xlsx_bytes([Sheet("flights", ("flight", "launch (UTC)"), (("MS-22", at),))], KNOWN)
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    assert page["B2"].value == datetime(2022, 9, 21, 13, 54, 50)
    assert page["B2"].is_date
    assert page.freeze_panes == "B2"
    assert page.column_dimensions["B"].width >= 19


def test_the_same_content_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [Sheet("flights", ("a", "b"), (("=x", KNOWN),))]
    first = xlsx_bytes(sheets, KNOWN)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert xlsx_bytes(sheets, KNOWN) == first
    assert b"2022-07-15T00:00:00Z" in zipfile.ZipFile(io.BytesIO(first)).read("docProps/core.xml")


def test_cells_of_every_kind() -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["flight", date(2022, 3, 18), datetime(2022, 3, 18, 15, 55), 44638, 1.5, True])
    page["B1"].number_format = "dd-mmm-yy"
    page["C1"].number_format = "dd/mm/yyyy hh:mm"
    page["G1"] = datetime(2022, 3, 18)
    page["G1"].number_format = 'yyyy-mm-dd "h"'
    page["H1"] = datetime(2022, 3, 18)
    page["H1"].number_format = "yyyy-mm-dd hh:mm"
    cells = read_xlsx(packed(book), "x.xlsx").rows[0].cells
    assert cells == (
        "flight",
        "2022-03-18",
        "2022-03-18T15:55:00Z",
        "44638",
        "1.5",
        "TRUE",
        "2022-03-18",
        "2022-03-18T00:00:00Z",
    )


def test_a_formula_counts_as_what_it_last_came_to() -> None:
    def computed(sheet: bytes) -> bytes:
        return sheet.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
        )

    data = with_rows(("flight", "=1+1"))
    with pytest.raises(SyntaxInputError, match="cell B1 is a formula that was never computed"):
        read_xlsx(data, "x.xlsx")
    table = read_xlsx(edited(data, "xl/worksheets/sheet1.xml", computed), "x.xlsx")
    assert table.rows[0].cells == ("flight", "2")
    assert table.n_formulas == 1


def test_choice_of_the_sheet() -> None:
    book = Workbook()
    book.worksheets[0].title = "notes"
    book.worksheets[0].append(["hello"])
    book.create_sheet("Manifest").append(["flight"])
    data = packed(book)
    assert read_xlsx(data, "x.xlsx").sheet == "Manifest"
    assert read_xlsx(data, "x.xlsx", "notes").rows[0].cells == ("hello",)
    with pytest.raises(InputError, match="there is no sheet 'flights'"):
        read_xlsx(data, "x.xlsx", "flights")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 40_000_000)
    return out.getvalue()


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(501):
            archive.writestr(f"part{i}", b"")
    return out.getvalue()


GOOD = with_rows(("flight", "port"), ("Crew-5", "N2 Zenith"))
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
SHEET = "xl/worksheets/sheet1.xml"


def far_row(sheet: bytes) -> bytes:
    return sheet.replace(b'<row r="2"', b'<row r="99999999999"').replace(b'r="A2"', b'r="A99999999999"')


HOSTILE = {
    "no archive": (b"flight,port", "not a workbook"),
    "empty": (b"", "not a workbook"),
    "cut off": (GOOD[: len(GOOD) // 2], "not a workbook"),
    "encrypted or old": (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old or encrypted"),
    "zip bomb": (bomb(), "MB unpacked"),
    "many parts": (many_parts(), "501 parts"),
    "too large": (b"PK" + b"\0" * 5_000_001, "5.0 MB"),
    "macros": (edited(GOOD, "xl/vbaProject.bin", b"\0"), "macros"),
    "entities": (edited(GOOD, SHEET, lambda _: LAUGHS), "document type"),
    "entities in UTF-16": (edited(GOOD, SHEET, lambda _: LAUGHS.decode().encode("utf-16")), "document type"),
    "not xml": (edited(GOOD, SHEET, lambda _: b"<worksheet><row"), "not a workbook that can be read"),
    "no sheets": (
        edited(GOOD, "xl/workbook.xml", lambda _: b"<workbook/>"),
        "not a workbook that can be read|no sheet",
    ),
    "a row far away": (edited(GOOD, SHEET, far_row), "larger than"),
    "a column far away": (edited(GOOD, SHEET, lambda s: s.replace(b'r="B2"', b'r="XFD2"')), "larger than"),
    "an error": (with_rows(("flight", "port"), ("x", "#REF!")), "shows the error #REF!"),
    "a long cell": (with_rows(("flight", "x" * 2001)), "2000 characters"),
}


@pytest.mark.parametrize(("data", "says"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_workbooks_are_refused(data: bytes, says: str) -> None:
    with pytest.raises(SyntaxInputError, match=says):
        read_xlsx(data, "x.xlsx")


def test_a_dimension_that_lies_is_not_believed() -> None:
    def lying(sheet: bytes) -> bytes:
        return sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')

    data = edited(GOOD, SHEET, lying)
    assert data != GOOD
    assert [row.cells for row in read_xlsx(data, "x.xlsx").rows] == [
        ("flight", "port"),
        ("Crew-5", "N2 Zenith"),
    ]


def test_links_to_other_files_are_not_followed() -> None:
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    data = edited(GOOD, "xl/externalLinks/externalLink1.xml", link)
    assert read_xlsx(data, "x.xlsx").rows[1].cells == ("Crew-5", "N2 Zenith")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_flipped_byte_is_a_table_or_an_input_error(place: int, value: int) -> None:
    data = bytearray(GOOD)
    data[place] = value
    try:
        table = read_xlsx(bytes(data), "x.xlsx")
    except InputError:
        return
    assert all(any(row.cells) for row in table.rows)
