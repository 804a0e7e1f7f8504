"""The flown record holds together: crews, ports, craft, sources."""

import csv
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from crossflight.history import flown_record
from crossflight.history.flown import RECORD_FROM, RECORD_TO
from crossflight.times import Instant

TABLES = sorted(
    p.name for p in files("crossflight.history").joinpath("data").iterdir() if p.name.endswith(".csv")
)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_source(table: str) -> None:
    text = files("crossflight.history").joinpath("data", table).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    assert all(row["source"].strip() for row in rows)


def test_everybody_who_goes_up_comes_down_and_nobody_is_in_two_places() -> None:
    record = flown_record()
    up = sorted((f.launch_utc.us, p, f) for f in record.flights for p in f.crew_up)
    down = [(f, p) for f in record.flights for p in f.crew_down]
    assert Counter(p for _, p, _ in up) == Counter(p for _, p in down)
    for person in {p for _, p, _ in up}:
        ups = [f for _, p, f in up if p == person]
        downs = sorted((f for f, p in down if p == person), key=lambda f: (f.landing_utc or RECORD_TO).us)
        for went_up, came_down in zip(ups, downs, strict=True):
            assert went_up.launch_utc < (came_down.landing_utc or RECORD_TO)
        for came_down, went_up in zip(downs, ups[1:], strict=False):
            assert came_down.landing_utc is not None
            assert came_down.landing_utc < went_up.launch_utc


def test_seat_moves_make_every_crew_down_out_of_crew_up() -> None:
    record = flown_record()
    seated = {f.name: set(f.crew_up) for f in record.flights}
    for m in record.seat_moves:
        assert m.person in seated[m.from_flight], m
        seated[m.from_flight].remove(m.person)
        seated[m.to_flight].add(m.person)
    assert {f.name: set(f.crew_down) for f in record.flights} == seated


def test_no_two_craft_at_one_port() -> None:
    stays: dict[str, list[tuple[int, int, str]]] = {}
    for f in flown_record().flights:
        if f.dock_utc is None:
            continue
        port, since = f.port or "", f.dock_utc
        for r in f.relocations:
            assert r.from_port == port
            assert since < r.undock_utc
            stays.setdefault(port, []).append((since.us, r.undock_utc.us, f.name))
            port, since = r.to_port, r.dock_utc
        stays.setdefault(port, []).append((since.us, (f.undock_utc or RECORD_TO).us, f.name))
    for port, spans in stays.items():
        for (_, left, first), (arrives, _, second) in pairwise(sorted(spans)):
            assert left < arrives, f"{port}: {first} and {second}"


def test_one_craft_flies_once_at_a_time() -> None:
    flights: dict[str, list[tuple[Instant, Instant]]] = {}
    for f in flown_record().flights:
        flights.setdefault(f.craft, []).append((f.launch_utc, f.landing_utc or f.undock_utc or RECORD_TO))
    for spans in flights.values():
        for (_, landed), (launched, _) in pairwise(sorted(spans, key=lambda s: s[0].us)):
            assert landed < launched


def test_all_docked_crew_craft_are_known_when_the_audit_begins() -> None:
    docked = [
        f.name
        for f in flown_record().flights
        if f.dock_utc is not None and f.dock_utc < RECORD_FROM and (f.undock_utc or RECORD_TO) > RECORD_FROM
    ]
    assert docked == ["MS-08", "MS-09"]


def test_people_who_fly_are_the_people_listed() -> None:
    record = flown_record()
    assert {p.name for p in record.people} == {p for f in record.flights for p in f.crew_up}


def test_mended_errors_of_the_listings_are_said() -> None:
    record = flown_record()
    said = {(d.flight, d.field) for d in record.disagreements}
    for flight, field in (
        ("Progress MS-20", "port"),
        ("Progress MS-25", "port"),
        ("Progress MS-32", "dock_utc"),
        ("NG-18", "launch_utc and dock_utc"),
        ("CRS-26", "dock_utc"),
        ("CRS-28", "dock_utc"),
        ("CRS-24", "whole row"),
    ):
        assert (flight, field) in said
        assert record.flight(flight)
    assert record.flight("Progress MS-20").port == "Zvezda aft"
    assert record.flight("NG-18").dock_utc == Instant.of(2022, 11, 9, 12)


def test_disagreements_name_flights_of_the_record() -> None:
    record = flown_record()
    names = {f.name for f in record.flights} | {"(all)"}
    assert {d.flight for d in record.disagreements} <= names


def test_unverified_days_are_marked() -> None:
    for m in flown_record().seat_moves:
        is_open = m.latest_utc.days_since(m.earliest_utc) > 0.1
        assert is_open == ("unverified" in m.certainty or "assumed" in m.certainty)


@pytest.mark.parametrize("table", TABLES)
def test_every_table_and_column_is_documented(table: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "flown-record.md").read_text(encoding="utf-8")
    text = files("crossflight.history").joinpath("data", table).read_text(encoding="utf-8")
    assert f"`{table}`" in page
    for column in text.splitlines()[0].split(","):
        assert column in page
