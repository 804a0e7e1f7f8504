"""CSV: what is written is read back, and no cell is a formula to anybody."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.errors import InputError, SyntaxInputError
from crossflight.formats.csv_table import csv_bytes, guarded, read_csv
from crossflight.formats.table import N_COLUMNS_MAX, N_ROWS_MAX

HOSTILE = ("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "'=x", "''@y", "\tq", "'", "a,b", 'say "x"')
CELLS = st.one_of(
    st.sampled_from([h.strip() for h in HOSTILE]),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40).map(str.strip),
)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=6))
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    # The first line decides the separator; a manifest's header has no other marks.
    table = read_csv(csv_bytes([["flight", "port"], *rows]), "x.csv")
    kept = [tuple(row) for row in rows if any(row)]
    assert [row.cells for row in table.rows[1:]] == kept


@given(CELLS)
def test_no_cell_begins_as_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_bytes([[cell, "x"]]).decode(), newline=""))
    assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@given(CELLS, st.sampled_from((";=1+1", "\t@x", ";+1")))
def test_no_cell_begins_inside_another_whatever_separates(cell: str, tail: str) -> None:
    for mark in ",;\t":
        text = csv_bytes([[cell + tail]]).decode()
        (row,) = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        assert len(row) == 1
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\ta", "\ra", "'=1", "''-", "\uff1d1", "\uff20a"])
def test_guard(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "a", "'", "'a", "1=1", "2022-03-18"])
def test_no_guard_without_need(cell: str) -> None:
    assert guarded(cell) == cell


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings(mark: str, encoding: str) -> None:
    text = f'flight{mark}port{mark}crew\r\n\r\nCrew-5{mark}"a{mark}b"{mark}Łukasz\r\n'
    table = read_csv(text.encode(encoding), "x.csv")
    assert [(r.number, r.cells) for r in table.rows] == [
        (1, ("flight", "port", "crew")),
        (3, ("Crew-5", f"a{mark}b", "Łukasz")),
    ]


REFUSED = {
    "open quote": (b'flight,port\n"x,y\n', "not a CSV table"),
    "latin-1": ("flight,port\nRenée,x".encode("latin-1"), "is not UTF-8"),
    "half utf-16": (b"\xff\xfea", "is not UTF-16"),
    "nul": (b"flight,port\nx\0,y", "NUL"),
    "too large": (b"x" * 5_000_001, "5.0 MB"),
    "too many rows": (b"a\n" * (N_ROWS_MAX + 1), "larger than"),
    "too many columns": (b"," * (N_COLUMNS_MAX + 1), "larger than"),
    "long cell": (b"a,b\n" + b"x" * 2001, "2000 characters"),
    "enormous field": (b"a,b\n" + b"x" * 200_000, "not a CSV table"),
}


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes, says: str) -> None:
    with pytest.raises(SyntaxInputError, match=says):
        read_csv(data, "x.csv")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_an_input_error(data: bytes) -> None:
    try:
        table = read_csv(data, "x.csv")
    except InputError:
        return
    assert all(any(row.cells) for row in table.rows)
