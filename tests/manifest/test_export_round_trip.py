"""What is exported is imported again with the same facts; calendars keep their identities."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from crossflight.app.check import CheckOutcome
from crossflight.app.export import FLIGHT_HEADER, calendar, csv_rows, export, sheets
from crossflight.app.import_ import ImportOutcome, import_manifest, read_table
from crossflight.app.manifest_flights import named_flights
from crossflight.app.manifest_plan import plan_flight
from crossflight.app.manifest_sheets import SideSheets
from crossflight.errors import SchemaError, UsageError
from crossflight.formats.csv_table import csv_bytes
from crossflight.formats.manifest import COLUMNS, read_manifest
from crossflight.formats.table import Row, Table, folded
from crossflight.formats.xlsx_table import read_side_sheets, xlsx_bytes
from crossflight.history import flown_plan, flown_scenario
from crossflight.model import (
    Course,
    Coverage,
    Craft,
    Flight,
    Person,
    Plan,
    Relocation,
    Scenario,
    SeatMove,
    TrainingSlot,
    Waiver,
)
from crossflight.model.flight import FlightKind
from crossflight.scenario import TEMPLATE, plan_text, read_scenario, read_scenario_text
from crossflight.times import Instant

SMALL = read_scenario_text(TEMPLATE, "template")
HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "+cmd",
    "-2",
    "'=x",
    "a;b",
    "p > q",
    "x, y",
    "back\\slash",
    "Łukasz",
    "none",
    "x" * 140,
)


def bytes_of(kind: str, scenario: Scenario, plan: Plan) -> bytes:
    outcome = CheckOutcome(scenario, plan, (), Coverage((), (), ()))
    return (
        csv_bytes(csv_rows(scenario, plan))
        if kind == "csv"
        else xlsx_bytes(sheets(outcome), scenario.known_utc)
    )


@pytest.fixture(params=["csv", "xlsx"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_exported_column_is_one_that_import_reads() -> None:
    table = Table("x", (Row(1, FLIGHT_HEADER), Row(2, ("a", "cargo", "b") + ("",) * 11)))
    assert read_manifest(table).passed_over == ()
    assert len(FLIGHT_HEADER) == 14
    assert {folded(h).removesuffix(" utc") for h in FLIGHT_HEADER} <= set(COLUMNS)


def test_the_flown_record_goes_out_and_comes_back(kind: str, tmp_path: Path) -> None:
    """Sixty crewed and uncrewed flights, relocations and crews, seconds and all."""
    flown = flown_scenario(read_scenario("iss-flown"))
    record = flown_plan(flown)
    plan = replace(record, flights=tuple(f for f in record.flights if f.dock_utc is not None))
    path = tmp_path / f"flown.{kind}"
    path.write_bytes(bytes_of(kind, flown, plan))

    manifest = read_manifest(read_table(str(path), None))
    flights, problems = named_flights(manifest, replace(flown, docked=()))
    assert problems == []
    back = {f.name: plan_flight(f) for f in flights}
    assert len(back) == len(plan.flights) > 80
    for was in plan.flights:
        now = back[was.name]
        has_seats = was.vehicle_type in ("soyuz-ms", "crew-dragon", "starliner")
        # A landing that nobody recorded is bounded for craft with seats only.
        assert replace(now, landing_utc=was.landing_utc) == was if not has_seats else now == was


NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).filter(
        lambda s: s.isprintable() and s == s.strip() and s == " ".join(s.split())
    ),
)
SECONDS = st.integers(0, 300 * 86_400)


@st.composite
def plans(draw: st.DrawFn) -> tuple[Scenario, Plan]:
    """Plans of the small station with any names that plan files allow."""
    flight_names = [n for n in draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=folded)) if folded(n)]
    flight_names = [n for n in flight_names if n.casefold() not in ("none", "na", "n/a", "tbd", "tbc", "tba")]
    people = [n for n in draw(st.lists(NAMES, max_size=4, unique_by=folded)) if folded(n)]
    scenario = replace(
        SMALL,
        docked=(),
        announced=(),
        craft=tuple(Craft(f"craft {i}", "shuttlecraft") for i in range(4)),
        people=tuple(Person(n, "NSA") for n in people),
    )
    flights = []
    for i, name in enumerate(flight_names):
        at = sorted(draw(st.lists(SECONDS, min_size=6, max_size=6, unique=True)))
        launch, dock, away, back, undock, landing = (SMALL.from_utc.plus_s(s) for s in at)
        moves = (Relocation(away, back, "fore", "aft"),) if draw(st.booleans()) else ()
        is_open = draw(st.booleans())
        kind: FlightKind = draw(st.sampled_from(["rotation", "visiting"]))
        flights.append(
            Flight(
                name,
                kind,
                "shuttlecraft",
                f"craft {i}",
                "pad-1",
                launch,
                dock,
                "fore",
                moves,
                None if is_open else undock,
                None if is_open else landing,
                tuple(people),
                tuple(people[:1]),
                tuple(people[1:2]),
            )
        )
    flights.sort(key=lambda f: f.launch_utc.us)
    return scenario, Plan(scenario.name, scenario.digest, tuple(flights))


@settings(max_examples=60, deadline=None)
@given(plans(), st.sampled_from(["csv", "xlsx"]))
def test_any_plan_goes_out_and_comes_back(
    tmp_path_factory: pytest.TempPathFactory, made: tuple[Scenario, Plan], kind: str
) -> None:

    scenario, plan = made
    path = tmp_path_factory.mktemp("trip") / f"plan.{kind}"
    path.write_bytes(bytes_of(kind, scenario, plan))
    manifest = read_manifest(read_table(str(path), None))
    flights, problems = named_flights(manifest, scenario)
    assert problems == []
    assert tuple(plan_flight(f) for f in flights) == plan.flights


def written(outcome: ImportOutcome, folder: Path) -> Path:
    folder.mkdir()
    (folder / "plan.yaml").write_text(plan_text(outcome.made.plan), encoding="utf-8")
    return folder / "plan.yaml"


def test_an_imported_plan_can_be_exported_and_imported(
    nasa: ImportOutcome, kind: str, tmp_path: Path
) -> None:
    """What the manifest did not state is left open again, not turned into facts."""
    place = tmp_path / f"again.{kind}"
    export(str(written(nasa, tmp_path / "nasa")), **{kind: place})
    again = import_manifest(str(place), overrides={})
    assert again.made.plan.flights == nasa.made.plan.flights
    assert {f.name for f in again.made.flights if f.is_there_before} == {
        "CRS-24", "MS-19", "Crew-3", "Progress MS-18",
    }  # fmt: skip
    assert "capsule" in again.made.not_judged
    assert "return_seat" in again.made.not_judged
    first = {(f.violation.rule, f.violation.subjects) for f in nasa.verdict.findings}
    assert first <= {(f.violation.rule, f.violation.subjects) for f in again.verdict.findings}


BESIDE = Plan(
    SMALL.name,
    SMALL.digest,
    tuple(d.flight for d in SMALL.docked),
    seat_moves=(
        SeatMove(SMALL.from_utc.plus_s(3601), "Jon Aster", "Crew-1", "Crew-1", "contingency"),
        SeatMove(SMALL.from_utc.plus_days(2), "Mia Lund", "Crew-1", "Crew-1"),
    ),
    training=(TrainingSlot("Jon Aster", "=EVA", SMALL.from_utc, SMALL.from_utc.plus_days(9), "Crew-1"),),
    waivers=(
        Waiver("on_orbit_life", SMALL.from_utc, SMALL.to_utc, ("Crew-1", "a;b"), 12.5, "=why"),
        Waiver("handover", SMALL.from_utc, SMALL.to_utc),
    ),
)
TRAINED = replace(SMALL, courses=(Course("=EVA", "Houston", 9.0),))


def side_sheets(plan: Plan) -> tuple[SideSheets, dict[str, Table]]:
    data = bytes_of("xlsx", TRAINED, plan)
    tables = read_side_sheets(data, "a.xlsx", ("seat moves", "training", "waivers", "nothing"))
    return SideSheets(TRAINED, {"Crew-1": "Crew-1"}), tables


def test_seat_moves_training_and_waivers_travel_in_a_workbook() -> None:
    read, tables = side_sheets(BESIDE)
    assert read.seat_moves(tables["seat moves"]) == BESIDE.seat_moves
    assert read.training(tables["training"]) == BESIDE.training
    assert read.waivers(tables["waivers"]) == BESIDE.waivers
    assert (read.problems, len(tables)) == ([], 3)


def test_side_sheets_that_cannot_be_taken() -> None:
    read, tables = side_sheets(BESIDE)
    moves = tables["seat moves"]
    wrong = replace(
        moves, rows=(moves.rows[0], Row(2, ("2030-01-01", "Jon Astor", "Crew-9", "Crew-1", "soft")))
    )
    assert read.seat_moves(wrong) == ()
    assert [(p.message, p.row, p.column) for p in read.problems] == [
        ("'2030-01-01' needs an hour here", 2, 0),
        ("there is no person 'Jon Astor'", 2, 1),
        ("'Crew-9' is no flight of the manifest", 2, 2),
        ("'soft' is no seat: nominal or contingency", 2, 4),
    ]
    with pytest.raises(SchemaError, match="another header than rule, from"):
        read.waivers(moves)


def test_the_workbook_has_its_sheets(nasa: ImportOutcome, tmp_path: Path) -> None:
    export(str(written(nasa, tmp_path / "nasa")), xlsx=tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["flights", "events", "verdict", "plan"]
    for page in book.worksheets:
        assert page.freeze_panes in ("A2", "B2")
        assert all(str(c.value) for c in page[1])
    events = list(book["events"].iter_rows(min_row=2, values_only=True))
    assert [e[0] for e in events] == sorted(e[0] for e in events)
    assert {e[2] for e in events} == {"launch", "dock", "relocate", "undock", "landing"}
    verdict = list(book["verdict"].iter_rows(min_row=2, values_only=True))
    assert {row[1] for row in verdict} == {"docking_spacing", "port_occupancy", "pad"}


def test_calendar_of_a_plan(nasa: ImportOutcome) -> None:
    plan, scenario = nasa.made.plan, nasa.made.scenario
    text = calendar(scenario, plan).decode()
    times = [at for f in plan.flights for at in (f.launch_utc, f.dock_utc, f.undock_utc, f.landing_utc) if at]
    n_moves = sum(len(f.relocations) for f in plan.flights)
    ids = [line for line in text.split("\r\n") if line.startswith("UID:")]
    assert len(ids) == len(set(ids)) == len(times) + n_moves
    later = replace(
        plan, flights=tuple(replace(f, launch_utc=f.launch_utc.plus_days(-30)) for f in plan.flights)
    )
    again = [x for x in calendar(scenario, later).decode().split("\r\n") if x.startswith("UID:")]
    assert again != ids
    assert sorted(again) == sorted(ids)
    assert "SUMMARY:Crew-6 relocates to Harmony forward" in text


def test_export_asks_for_files(nasa: ImportOutcome, tmp_path: Path) -> None:
    plan = str(written(nasa, tmp_path / "nasa"))
    cases: list[Callable[[], object]] = [
        lambda: export(plan),
        lambda: export(plan, csv=tmp_path / "a", ical=tmp_path / "a"),
        lambda: export(plan, csv=tmp_path),
        lambda: export(plan, csv=tmp_path / "nasa" / "plan.yaml" / "x.csv"),
    ]
    for case in cases:
        with pytest.raises(UsageError):
            case()
    assert not (tmp_path / "a").exists()


def test_the_same_plan_gives_the_same_bytes(nasa: ImportOutcome) -> None:
    made = nasa.made
    assert bytes_of("xlsx", made.scenario, made.plan) == bytes_of("xlsx", made.scenario, made.plan)
    raw = io.BytesIO(bytes_of("xlsx", made.scenario, made.plan))
    assert load_workbook(raw).properties.created.date().isoformat() == made.scenario.known_utc.date()
    assert Instant.of(2026, 11, 22) == made.scenario.known_utc
