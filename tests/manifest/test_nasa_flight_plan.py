"""NASA's flight plan of September 2023: the verdict that was checked by hand (docs/validation.md).

The second half finds the same things again from the file's rows, by dates alone, with none of our code.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from flight_plan_file import NASA
from openpyxl import Workbook

from crossflight.app.import_ import ImportOutcome, import_document, import_manifest

ROWS = list(csv.DictReader(NASA.read_text(encoding="utf-8").splitlines()))

FINDINGS = [
    ("docking_spacing", {"SPM", "CRS-32"}, "2024-12-31", (145, 146, 147, 148, 152)),
    ("port_occupancy", {"SPM", "MS-27", "Prichal nadir"}, "2025-03-15", (145, 146, 160, 181)),
    ("pad", {"Progress MS-32", "MS-28", "baikonur-31"}, "2025-09-01", (178, 179, 180)),
    ("pad", {"Progress MS-33", "baikonur-31"}, "2025-12-20", (192, 193)),
]
UNDECIDED = [
    ("docking_spacing", {"Ax-2", "Progress MS-23"}),
    ("docking_spacing", {"Progress MS-24", "Crew-7"}),
    ("on_orbit_life", {"MS-23"}),
    ("docking_spacing", {"Progress MS-26", "Crew-8"}),
    ("docking_spacing", {"NG-23", "Crew-11"}),
]


def test_every_row_is_taken(nasa: ImportOutcome) -> None:
    taken = [row for f in nasa.made.flights for row in f.written.rows]
    assert sorted(taken) == list(range(2, 194))
    assert len(nasa.made.flights) == len(nasa.made.plan.flights) == 67
    assert not nasa.made.left_out
    assert not nasa.manifest.repeated


def test_every_event_keeps_its_day(nasa: ImportOutcome) -> None:
    said = {(f.written.name.text, kind): s for f in nasa.made.flights for kind, s in f.times.items()}
    for number, row in enumerate(ROWS, start=2):
        if row["event"] == "Relocate 1":
            continue
        stated = said[row["vehicle_name"], row["event"].lower()]
        assert (stated.row, stated.precision) == (number, "day")
        assert stated.nominal.date() == stated.earliest.date() == stated.latest.date() == row["date"]


def test_findings_checked_by_hand(nasa: ImportOutcome) -> None:
    found = [
        (f.violation.rule, set(f.violation.subjects), f.violation.from_utc.date(), f.rows)
        for f in nasa.verdict.findings
    ]
    assert found == FINDINGS
    assert not nasa.verdict.is_ok
    assert all(f.violation.severity == "hard" for f in nasa.verdict.findings)


def test_what_the_dates_cannot_tell(nasa: ImportOutcome) -> None:
    found = [(f.violation.rule, set(f.violation.subjects)) for f in nasa.verdict.undecided]
    assert found == UNDECIDED


def test_relocations(nasa: ImportOutcome) -> None:
    moves = {
        (f.name, m.undock.nominal.date(), m.from_port, m.to_port, m.is_deduced)
        for f in nasa.made.flights
        for m in f.moves
    }
    assert moves == {
        # As flown: the record has MS-23 at Prichal and Crew-6 at Harmony forward after these days.
        ("MS-23", "2023-04-06", "Poisk zenith", "Prichal nadir", True),
        ("Crew-6", "2023-05-06", "Harmony zenith", "Harmony forward", True),
        ("Crew-7", "2024-02-03", "Harmony zenith", "Harmony forward", True),
        # A berthed HTV-X could only go to Unity nadir, and a Cygnus is there.
        ("HTV-X1", "2024-08-28", "Harmony nadir", None, False),
        ("HTV-X2", "2025-02-04", "Harmony nadir", None, False),
    }
    assert [(f.name, free) for _, f, free in nasa.made.open_questions] == [("HTV-X1", ()), ("HTV-X2", ())]


def test_only_rules_about_people_are_wholly_unjudged(nasa: ImportOutcome) -> None:
    whys = nasa.made.not_judged
    assert "none of the 27 flights with seats state a crew" in whys["return_seat"]
    assert "24 flights" in whys["capsule"]
    assert "32 flights" in whys["pad"]
    assert not {"port_occupancy", "on_orbit_life", "handover", "docking_spacing"} & set(whys)


def test_the_same_plan_as_a_workbook_of_date_cells(nasa: ImportOutcome, tmp_path: Path) -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["ISS flight plan, September 2023"])
    page.append(["Date", "Vehicle Name", "Port Name", "Vehicle Type", "Event"])
    for row in ROWS:
        day = date.fromisoformat(row["date"])
        page.append([day, row["vehicle_name"], row["port_name"], row["vehicle_type"], row["event"]])
        page.cell(page.max_row, 1).number_format = "dd-mmm-yy"
    book.save(tmp_path / "plan.xlsx")
    again = import_manifest(str(tmp_path / "plan.xlsx"), overrides={})
    assert again.made.plan == nasa.made.plan
    found = [(f.violation, tuple(row - 1 for row in f.rows)) for f in again.verdict.findings]
    assert found == [(f.violation, f.rows) for f in nasa.verdict.findings]


def test_the_document_is_complete(nasa: ImportOutcome) -> None:
    document = import_document(nasa)
    assert document["schema"] == "crossflight.import/1"
    assert list(document) == [
        "schema", "ok", "scenario", "from_utc", "to_utc", "layout", "flights", "findings", "undecided",
        "not_judged", "questions", "left_out", "repeated_rows", "columns_passed_over", "n_formulas", "files",
    ]  # fmt: skip


# -- the same again, from the rows --------------------------------------------------------------

DAY: dict[tuple[str, str], date] = {
    (r["vehicle_name"], r["event"]): date.fromisoformat(r["date"]) for r in ROWS
}
NAMES = list(dict.fromkeys(r["vehicle_name"] for r in ROWS))
PORT = {r["vehicle_name"]: r["port_name"] for r in ROWS}
TYPE = {r["vehicle_name"]: r["vehicle_type"] for r in ROWS}
FIRST, LAST = date(2022, 1, 23), date(2025, 12, 23)
# Where the relocated craft were from then on, as worked out by hand; elsewhere is no port of ours.
MOVED = {"69Soyuz": "NM", "Crew-6": "N2 Fwd / PMA-2", "Crew-7": "N2 Fwd / PMA-2", "HTV-X1": "", "HTV-X2": ""}


def stays() -> dict[str, list[tuple[date, date, str]]]:
    at_port: dict[str, list[tuple[date, date, str]]] = defaultdict(list)
    for name in NAMES:
        since, until = DAY.get((name, "Dock"), FIRST), DAY.get((name, "Undock"), LAST)
        move = DAY.get((name, "Relocate 1"))
        at_port[PORT[name]].append((since, move or until, name))
        if move is not None and MOVED[name]:
            at_port[MOVED[name]].append((move, until, name))
    return at_port


def test_one_pair_only_shares_a_port() -> None:
    shared = {
        (a[2], b[2], port)
        for port, visits in stays().items()
        for i, a in enumerate(visits)
        for b in visits[i + 1 :]
        if max(a[0], b[0]) < min(a[1], b[1])
    }
    assert shared == {("SPM", "73Soyuz", "NM")}


def test_no_port_changes_hands_within_two_days() -> None:
    """So no finding hangs on the half day that the gap at a port asks for."""
    for visits in stays().values():
        for a, b in pairwise(sorted(visits)):
            assert (b[0] - a[1]).days >= 2 or {a[2], b[2]} == {"SPM", "73Soyuz"}


def test_dockings_less_than_three_days_apart() -> None:
    """A day apart breaks the 2 d limit at any hours, two days apart at some, three at none."""
    docked = sorted((DAY[n, "Dock"], n) for n in NAMES if (n, "Dock") in DAY)
    close = {(a[1], b[1]): (b[0] - a[0]).days for a, b in pairwise(docked) if (b[0] - a[0]).days < 3}
    assert close == {
        ("Ax-2", "84Progress"): 2,
        ("85Progress", "Crew-7"): 2,
        ("87Progress", "Crew-8"): 2,
        ("SPM", "SpX-32"): 1,
        ("NG-23", "USCV-11"): 2,
    }


def test_baikonur_launches_less_than_twelve_days_apart() -> None:
    """Least and greatest gap; a launch that is not stated is up to 5 d before its docking."""
    launches = []
    for name in NAMES:
        if TYPE[name] in ("Soyuz", "Progress") and (name, "Dock") in DAY:
            docked = DAY[name, "Dock"].toordinal()
            known = DAY.get((name, "Launch"))
            launches.append(
                (known.toordinal(), known.toordinal(), name) if known else (docked - 5, docked, name)
            )
    tight = {(a[2], b[2]): (b[0] - a[1] - 1, b[1] + 1 - a[0]) for a, b in pairwise(sorted(launches))}
    assert {pair: gap for pair, gap in tight.items() if gap[0] < 12} == {("93Progress", "74Soyuz"): (3, 10)}


@pytest.mark.parametrize(
    ("types", "life_days", "at_limit"),
    [({"Soyuz"}, 215, {"69Soyuz"}), ({"Crew Dragon", "PAM - SpaceX", "USCV", "CST-100 Demo"}, 210, set())],
)
def test_lives(types: set[str], life_days: int, at_limit: set[str]) -> None:
    """Nobody is over its life by the dates; 69 Soyuz is within a day of it."""
    near = set()
    for name in NAMES:
        if TYPE[name] not in types or (name, "Dock") not in DAY:
            continue
        start = DAY.get((name, "Launch"), DAY[name, "Dock"])
        end = DAY.get((name, "Landing"), DAY.get((name, "Undock"), LAST))
        assert (end - start).days - 1 <= life_days, name
        if (end - start).days + 3 > life_days:
            near.add(name)
    assert near == at_limit


def test_handovers_are_five_days_or_more() -> None:
    for types in ({"Crew Dragon"}, {"Soyuz"}, {"USCV"}):
        ships = [n for n in NAMES if TYPE[n] in types]
        docked = sorted(ships, key=lambda n: DAY.get((n, "Dock"), FIRST))
        for old, new in pairwise(docked):
            if (new, "Dock") in DAY and (old, "Undock") in DAY:
                assert (DAY[old, "Undock"] - DAY[new, "Dock"]).days - 1 >= 5, (old, new)
