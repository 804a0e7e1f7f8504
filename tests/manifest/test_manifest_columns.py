"""Headers, layouts and rows: forgiving about names, never about facts."""

from __future__ import annotations

import pytest

from crossflight.errors import SchemaError
from crossflight.formats.csv_table import csv_bytes, read_csv
from crossflight.formats.manifest import Manifest, escaped, read_manifest, split_list, unescaped
from crossflight.formats.table import Row, Table, folded, letters

LONG = ("date", "flight", "event", "vehicle type", "port")
WIDE = ("flight", "vehicle type", "port", "launch", "dock", "undock", "landing", "crew")


def read(*rows: tuple[str, ...]) -> Manifest:
    return read_manifest(read_csv(csv_bytes(rows), "m.csv"))


def said(manifest: Manifest) -> list[tuple[str, int, int | None]]:
    return [(p.message, p.row, p.column) for p in manifest.problems]


@pytest.mark.parametrize(
    "header",
    [
        LONG,
        ("Date (UTC)", "Vehicle Name", "EVENT", "Vehicle_Type", "Port Name"),
        ("event date", "Mission", "Event Type", "type", "docking port"),
        ("When [GMT]", "Visiting Vehicle", "activity", "vehicle class", "PORT"),
    ],
)
def test_long_headers(header: tuple[str, ...]) -> None:
    found = read(header, ("18-Mar-22", "67S", "Docked", "Soyuz", "NM"))
    assert (found.layout, found.problems) == ("long", ())
    (flight,) = found.flights
    assert (flight.name.text, str(flight.events["dock"].when)) == ("67S", "2022-03-18")
    assert (flight.ports[0][0], flight.ports[0][1].text) == ("dock", "NM")


def test_wide_rows_below_a_title() -> None:
    found = read(
        ("Manifest of October",),
        ("Flight", "Vehicle Type", "Docking Port", "Lift-off", "Docking", "Undocking", "Splashdown", "Crew"),
        ("Crew-5", "Crew Dragon", "N2 Fwd", "2022-10-05", "6-Oct-22 21:01", "TBD", "-", "Mann; Cassada"),
        ("OFT-2", "Starliner", "N2 Fwd", "2022-05-19", "2022-05-21", "", "", "none"),
    )
    assert (found.layout, found.problems) == ("wide", ())
    first, second = found.flights
    assert {k: str(e.when) for k, e in first.events.items()} == {
        "launch": "2022-10-05",
        "dock": "2022-10-06T21:01:00Z",
    }
    assert first.crew_up is not None
    assert [c.text for c in first.crew_up] == ["Mann", "Cassada"]
    assert (first.crew_up[0].row, first.crew_up[0].column) == (3, 7)
    assert (first.crew_down, second.crew_up) == (None, ())


HEADERS = {
    "near": (
        (*LONG[:2], "evnet", *LONG[3:]),
        r"column 3: column 'evnet' is not known",
        "did you mean 'event'?",
    ),
    "other zone": (("date (MSK)", *LONG[1:]), "column 'date .MSK.' is not in UTC", "UTC"),
    "twice": ((*LONG, "Docking Port"), "means 'port', as column 'port' does", "keep one"),
    "no type": (("date", "flight", "event", "port"), "no column vehicle type", "it has date, flight"),
    "no dates": (("flight", "vehicle type", "port"), "no column date and event", "it has flight"),
    "half long": (("date", *WIDE), "no column event", "it has date"),
    "no header": (("a", "b"), "no row of it is a header", "columns are"),
}


@pytest.mark.parametrize(("header", "says", "hint"), HEADERS.values(), ids=HEADERS)
def test_headers_refused(header: tuple[str, ...], says: str, hint: str) -> None:
    with pytest.raises(SchemaError, match=says) as refused:
        read(header, ("x",) * len(header))
    assert hint in refused.value.hint


def test_an_empty_table_has_no_header() -> None:
    with pytest.raises(SchemaError, match="no row of it is a header"):
        read_manifest(Table("m.csv", ()))


def test_other_columns_are_passed_over_by_name() -> None:
    found = read(
        (*LONG, "status_as_of_2023-09", "Zodiac"), ("2022-03-18", "67S", "dock", "Soyuz", "NM", "x", "y")
    )
    assert found.passed_over == ("status_as_of_2023-09", "Zodiac")


def test_every_problem_is_found_at_once() -> None:
    found = read(
        LONG,
        ("03/04/2022", "67S", "dock", "Soyuz", "NM"),
        ("2022-09-29", "67S", "undok", "Soyuz", "NM"),
        ("2022-09-29", "", "undock", "Soyuz", "NM"),
        ("", "67S", "undock", "Soyuz", "NM"),
        ("2022-09-30", "67S", "undock", "Progress", "NM"),
    )
    assert said(found) == [
        ("'03/04/2022' is ambiguous: 2022-04-03 or 2022-03-04", 2, 0),
        ("'undok' is not an event", 3, 2),
        ("the flight has no name", 4, 1),
        ("the date is missing", 5, 0),
        ("67S has vehicle type 'Progress'; row 2 says 'Soyuz'", 6, 3),
    ]
    assert found.problems[1].hint == "did you mean 'undock'?"


def test_an_event_happens_once() -> None:
    found = read(
        LONG,
        ("2022-03-18", "67S", "dock", "Soyuz", "NM"),
        ("18-Mar-22", "67s", "Docking", "soyuz", "NM"),
        ("2022-03-19", "67S", "dock", "Soyuz", "NM"),
    )
    assert found.repeated == ((3, 2),)
    assert said(found) == [("67S has a second dock, 2022-03-19; row 2 says 2022-03-18", 4, 0)]


def test_relocations_may_be_several_and_numbered() -> None:
    found = read(
        (*LONG, "to port"),
        ("2022-03-18", "67S", "Relocate 1", "Soyuz", "NM", "MRM2"),
        ("2022-04-18", "67S", "Relocate 2", "Soyuz", "MRM2", ""),
        ("2022-04-18", "67S", "Relocation 2", "Soyuz", "MRM2", ""),
    )
    (flight,) = found.flights
    assert [(str(r.when), r.to_port.text if r.to_port else None) for r in flight.relocations] == [
        ("2022-03-18", "MRM2"),
        ("2022-04-18", None),
    ]
    assert found.repeated == ((4, 3),)


def test_a_row_per_flight_means_one_row() -> None:
    row = ("Crew-5", "Crew Dragon", "N2 Fwd", "2022-10-05", "2022-10-06", "", "", "")
    assert said(read(WIDE, row, ("crew-5", *row[1:]))) == [("Crew-5 stands in row 2 already", 3, 0)]


def test_nobody_stands_twice_in_a_crew() -> None:
    row = ("Crew-5", "Crew Dragon", "N2 Fwd", "2022-10-05", "2022-10-06", "", "", "Mann; Cassada; mann")
    assert "somebody stands twice" in said(read(WIDE, row))[0][0]


@pytest.mark.parametrize(
    "names",
    [["a", "b"], ["a;b", "c"], ["Smith, J", "x"], ["a\\", ";"], ["p > q"], ["none"], ["TBD"], ["a\nb", "c"]],
)
def test_lists_keep_what_marks_are_in_names(names: list[str]) -> None:
    text = "; ".join(escaped(n) for n in names)
    assert [unescaped(part) for part in split_list(text)] == names


@pytest.mark.parametrize(
    ("text", "parts"), [("a, b", ["a", "b"]), ("a\nb", ["a", "b"]), ("a; b, c", ["a", "b, c"])]
)
def test_lists_as_people_write_them(text: str, parts: list[str]) -> None:
    assert split_list(text) == parts


def test_spellings_that_fold_alike() -> None:
    assert folded("N2 Fwd / PMA-2") == folded("n2 fwd/PMA 2")
    assert folded("Sławosz Uznański-Wiśniewski") == folded("Slawosz Uznanski Wisniewski")
    assert folded("CRS 2-24") != folded("CRS-24")


def test_columns_as_spreadsheets_call_them() -> None:
    assert [letters(k) for k in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    table = Table("m.xlsx", (Row(1, ("a",)),), "flights", is_lettered=True)
    assert table.place(7, 2) == "m.xlsx, sheet flights, cell C7"
