"""What import makes of small manifests: times, readings, what is not stated, what is left out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from flight_plan_file import Import
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.app.import_ import ImportOutcome, import_manifest
from crossflight.app.manifest_flights import Named
from crossflight.app.manifest_plan import TRAFFIC_RULES
from crossflight.errors import InputError, ManifestError, UsageError
from crossflight.formats.csv_table import csv_bytes
from crossflight.rules import REGISTRY

HEAD = "date,flight,event,vehicle type,port"


def rows(*lines: str, head: str = HEAD) -> str:
    return "\n".join((head, *lines)) + "\n"


def flight(outcome: ImportOutcome, name: str) -> Named:
    return next(f for f in outcome.made.flights if f.name == name)


def found(outcome: ImportOutcome) -> set[tuple[str, frozenset[str]]]:
    return {(f.violation.rule, frozenset(f.violation.subjects)) for f in outcome.verdict.findings}


def undecided(outcome: ImportOutcome) -> set[tuple[str, frozenset[str]]]:
    return {(f.violation.rule, frozenset(f.violation.subjects)) for f in outcome.verdict.undecided}


DRAGON = ("2023-01-01,Crew-5,launch,Crew Dragon,N2 Fwd", "2023-01-02,Crew-5,dock,Crew Dragon,N2 Fwd")


def test_days_stay_days_and_the_plan_shows_conventional_hours(imported: Import) -> None:
    outcome = imported(rows(*DRAGON, "2023-05-02,Crew-5,undock,Crew Dragon,N2 Fwd"))
    crew5 = flight(outcome, "Crew-5")
    assert {k: s.precision for k, s in crew5.times.items()} == {
        "launch": "day",
        "dock": "day",
        "undock": "day",
        "landing": "not stated",
    }
    (planned,) = outcome.made.plan.flights
    assert (planned.launch_utc.iso(), planned.dock_utc and planned.dock_utc.iso()) == (
        "2023-01-01T12:00:00Z",
        "2023-01-02T18:00:00Z",
    )
    assert planned.undock_utc is not None
    assert planned.landing_utc is not None
    assert planned.undock_utc.iso() == "2023-05-02T06:00:00Z"
    # 18 h of return, the vehicle type's.
    assert planned.landing_utc.iso() == "2023-05-03T00:00:00Z"


def test_instants_are_kept_to_the_second(imported: Import) -> None:
    outcome = imported(
        rows(
            "2022-10-05T16:00:57Z,Crew-5,launch,Crew Dragon,N2 Fwd",
            "2022-10-06 21:01,Crew-5,dock,Crew Dragon,N2 Fwd",
        )
    )
    assert outcome.made.plan.flights[0].launch_utc.iso() == "2022-10-05T16:00:57Z"
    assert flight(outcome, "Crew-5").times["launch"].precision == "instant"


def test_hours_of_one_day_keep_the_order_of_events(imported: Import) -> None:
    outcome = imported(
        rows(
            "2022-03-18T15:55Z,67S,launch,Soyuz,NM",
            "2022-03-18,67S,dock,Soyuz,NM",
            "2022-09-29T20:00Z,67S,undock,Soyuz,NM",
            "2022-09-29,67S,landing,Soyuz,NM",
            "2022-03-19,68S,launch,Soyuz,MRM1",
            "2022-03-19T06:00Z,68S,dock,Soyuz,MRM1",
        )
    )
    for f in outcome.made.plan.flights:
        assert f.dock_utc is not None
        assert f.launch_utc < f.dock_utc
    assert not {key for key in found(outcome) | undecided(outcome) if key[0] == "flight_times"}


def test_a_docking_before_its_launch_is_a_finding(imported: Import) -> None:
    outcome = imported(
        rows("2023-01-03,Crew-5,launch,Crew Dragon,N2 Fwd", "2023-01-02,Crew-5,dock,Crew Dragon,N2 Fwd")
    )
    assert ("flight_times", frozenset({"Crew-5"})) in found(outcome)
    assert not outcome.verdict.is_ok


NEXT = "2023-06-{},Ax-2,launch,PAM - SpaceX,N2 Fwd", "2023-06-{},Ax-2,dock,PAM - SpaceX,N2 Fwd"


@pytest.mark.parametrize(
    ("undock", "dock", "is_found", "is_undecided"),
    [
        ("2023-06-11", "10", True, False),  # both there for a night at least
        ("2023-06-10", "10", False, True),  # the same day: out in the morning, in at night?
        ("2023-06-09", "10", False, True),  # 12 h are wanted between: 0 to 48 h they have
        ("2023-06-08", "10", False, False),
        ("2023-06-10T05:00Z", "10T18:00Z", False, False),
        ("2023-06-10T07:00Z", "10T18:00Z", True, False),
    ],
)
def test_craft_that_follow_each_other_at_a_port(
    imported: Import, undock: str, dock: str, is_found: bool, is_undecided: bool
) -> None:
    outcome = imported(
        rows(
            *DRAGON, f"{undock},Crew-5,undock,Crew Dragon,N2 Fwd", NEXT[0].format("09"), NEXT[1].format(dock)
        )
    )
    key = ("port_occupancy", frozenset({"Crew-5", "Ax-2", "Harmony forward"}))
    assert (key in found(outcome), key in undecided(outcome)) == (is_found, is_undecided)


@pytest.mark.parametrize(("day", "verdict"), [("03", "found"), ("04", "undecided"), ("05", "nothing")])
def test_dockings_close_together(imported: Import, day: str, verdict: str) -> None:
    outcome = imported(
        rows(*DRAGON, f"2023-01-{day},80P,launch,Progress,SM-Aft", f"2023-01-{day},80P,dock,Progress,SM-Aft")
    )
    key = ("docking_spacing", frozenset({"Crew-5", "Progress MS-19"}))
    assert (key in found(outcome), key in undecided(outcome)) == (verdict == "found", verdict == "undecided")


@pytest.mark.parametrize(
    ("landing", "verdict"), [("2023-07-31", "found"), ("2023-07-30", "undecided"), ("2023-07-29", "nothing")]
)
def test_lives_of_210_days(imported: Import, landing: str, verdict: str) -> None:
    """From a launch on 1 January, 30 July is 210 days on: 209 to 211 by the hours."""
    outcome = imported(rows(*DRAGON, f"{landing},Crew-5,landing,Crew Dragon,N2 Fwd"))
    key = ("on_orbit_life", frozenset({"Crew-5"}))
    assert (key in found(outcome), key in undecided(outcome)) == (verdict == "found", verdict == "undecided")


def test_craft_that_were_there_before(imported: Import) -> None:
    outcome = imported(rows("2023-01-20,SpX-26,undock,Cargo Dragon,N2 Zenith", *DRAGON))
    before = flight(outcome, "CRS-26")
    assert before.is_there_before
    assert "docked.+CRS-26" in outcome.made.plan.overrides
    # Nobody knows when it came, so nothing is said of when it came.
    assert not {k for k in found(outcome) | undecided(outcome) if "CRS-26" in k[1]}
    clash = imported(rows("2023-01-20,SpX-26,undock,Cargo Dragon,N2 Fwd", *DRAGON))
    assert ("port_occupancy", frozenset({"CRS-26", "Crew-5", "Harmony forward"})) in found(clash)


MOVES = {
    "stated": (("2023-02-01,Crew-5,Relocate,Crew Dragon,N2 Fwd,N2 Zenith",), "Harmony zenith", False),
    "on the row itself": (("2023-02-01,Crew-5,Relocate,Crew Dragon,N2 Zenith,",), "Harmony zenith", False),
    "by where it undocks": (
        ("2023-02-01,Crew-5,Relocate,Crew Dragon,N2 Fwd,", "2023-05-01,Crew-5,Undock,Crew Dragon,N2 Zenith,"),
        "Harmony zenith",
        False,
    ),
    "the only port": (("2023-02-01,Crew-5,Relocate,Crew Dragon,N2 Fwd,",), "Harmony zenith", True),
    "none is free": (
        (
            "2023-02-01,Crew-5,Relocate,Crew Dragon,N2 Fwd,",
            "2023-01-20,SpX-26,dock,Cargo Dragon,N2 Zenith,",
            "2023-03-20,SpX-26,undock,Cargo Dragon,N2 Zenith,",
        ),
        None,
        False,
    ),
}


@pytest.mark.parametrize(("lines", "to_port", "is_deduced"), MOVES.values(), ids=MOVES)
def test_where_a_relocation_went(
    imported: Import, lines: tuple[str, ...], to_port: str | None, is_deduced: bool
) -> None:
    outcome = imported(rows(*(f"{line}," for line in DRAGON), *lines, head=f"{HEAD},to port"))
    (move,) = flight(outcome, "Crew-5").moves
    assert (move.from_port, move.to_port, move.is_deduced) == ("Harmony forward", to_port, is_deduced)
    assert len(outcome.made.open_questions) == (to_port is None)
    assert not {k for k in found(outcome) if k[0] in ("port_occupancy", "port_compatibility", "flight_times")}


REFUSED = {
    "another port": (
        (*DRAGON, "2023-05-01,Crew-5,undock,Crew Dragon,N2 Zenith"),
        "undock names Harmony zenith",
        4,
    ),
    "no port": (("2023-01-02,Crew-5,dock,Crew Dragon,",), "no row says at which port", 2),
    "unknown port": (("2023-01-02,Crew-5,dock,Crew Dragon,N9",), "there is no port 'N9'", 2),
    "unknown type": (
        ("2023-01-02,Crew-5,dock,Crew Dragoon,N2 Fwd",),
        "there is no vehicle type 'Crew Dragoon'",
        2,
    ),
    "ambiguous": (("03/04/2023,Crew-5,dock,Crew Dragon,N2 Fwd",), "is ambiguous", 2),
    "two names": (
        ("2023-01-02,80P,dock,Progress,SM-Aft", "2023-01-03,Progress MS-19,undock,Progress,SM-Aft"),
        "Progress MS-19 and 80P are both Progress MS-19",
        3,
    ),
    "two dockings": ((*DRAGON, "2023-01-04,Crew-5,dock,Crew Dragon,N2 Fwd"), "a second dock", 4),
    "no type": (("2023-01-02,Crew-5,dock,,N2 Fwd",), "the vehicle type is missing", 2),
}


@pytest.mark.parametrize(("lines", "says", "row"), REFUSED.values(), ids=REFUSED)
def test_rows_that_cannot_be_taken(imported: Import, lines: tuple[str, ...], says: str, row: int) -> None:
    with pytest.raises(ManifestError) as refused:
        imported(rows(*lines))
    (line,) = [finding for finding in refused.value.findings if says in finding]
    assert f"manifest.csv, row {row}" in line


def test_flights_outside_the_horizon_are_left_out_by_name(imported: Import) -> None:
    outcome = imported(
        rows(
            *DRAGON,
            "2017-01-02,50P,dock,Progress,SM-Aft",
            "2017-03-02,50P,undock,Progress,SM-Aft",
            "2030-01-02,99P,dock,Progress,SM-Aft",
            "2023-04-01,NG-19,launch,Cygnus,N1 Nadir",
        )
    )
    whys = {left.name: (left.rows, left.why) for left in outcome.made.left_out}
    assert whys["50P"] == ((4, 5), "it left before the horizon begins (2018-03-21)")
    assert whys["Progress MS-38"][1] == "it arrives after the horizon ends (2026-11-22)"
    assert whys["NG-19"] == ((7,), "neither its docking nor its undocking is stated")
    assert [f.name for f in outcome.made.plan.flights] == ["Crew-5"]


WIDE = "flight,vehicle type,craft,pad,port,launch,dock,undock,landing,crew"
CREW5 = (
    "Crew-5,Crew Dragon,Endurance,LC-39A,N2 Fwd,2022-10-05T16:00:57Z,2022-10-06T21:01Z,2023-03-11T07:20Z,"
    "2023-03-12T02:02Z,Nicole Mann; Cassada; Wakata; {}"
)


def test_stated_crews_are_judged(imported: Import) -> None:
    """In iss-2022: with a cosmonaut Crew-5 keeps the agreement, with four of one side it does not."""
    good = imported(rows(CREW5.format("A. Kikina"), head=WIDE), scenario="iss-2022")
    bad = imported(rows(CREW5.format("Frank Rubio"), head=WIDE), scenario="iss-2022")
    key = ("integrated_seat", frozenset({"Crew-5", "Roscosmos"}))
    assert "Anna Kikina" in good.made.plan.flights[0].crew_up
    assert not any(
        rule in good.made.not_judged for rule in ("integrated_seat", "return_seat", "capsule", "pad")
    )
    assert key not in found(good)
    assert key in found(bad)


def test_one_silent_crew_and_no_rule_about_people_is_judged(imported: Import) -> None:
    outcome = imported(
        rows(
            CREW5.format("Anna Kikina"),
            "MS-22,Soyuz,,,MRM1,2022-09-21,2022-09-21,2023-03-28,2023-03-28,",
            head=WIDE,
        ),
        scenario="iss-2022",
    )
    assert outcome.made.not_judged["return_seat"] == "1 of the 2 flights with seats states a crew"
    assert {f.violation.rule for f in outcome.verdict.findings} <= TRAFFIC_RULES


def test_what_the_scenario_knows_is_taken_where_the_manifest_agrees(imported: Import) -> None:
    """MS-21 is docked in iss-2022: its launch keeps the scenario's seconds where the day is the same."""
    same = imported(
        rows("2022-03-18,67S,dock,Soyuz,NM", "2022-09-29,67S,undock,Soyuz,NM"), scenario="iss-2022"
    )
    other = imported(
        rows("2022-03-19,67S,dock,Soyuz,NM", "2022-09-29,67S,undock,Soyuz,NM"), scenario="iss-2022"
    )
    key = ("announced_flight", frozenset({"MS-21"}))
    kept = next(f for f in same.made.plan.flights if f.name == "MS-21")
    assert kept.launch_utc.iso() == "2022-03-18T15:55:18Z"
    assert key not in found(same)
    assert key in found(other)


@pytest.mark.parametrize(
    ("window", "verdict"),
    [
        ("2023-01-02T10:00Z, to_utc: 2023-01-02T11:00Z", "undecided"),  # an hour of the day it docks
        ("2023-01-01, to_utc: 2023-01-04", "found"),
        ("2023-01-03, to_utc: 2023-01-04", "nothing"),
    ],
)
def test_forbidden_hours(imported: Import, window: str, verdict: str) -> None:
    days = f"[{{from_utc: {window}, events: [dock], why: test}}]"
    outcome = imported(rows(*DRAGON), settings={"forbidden_days": days})
    key = ("forbidden_days", frozenset({"Crew-5"}))
    assert (key in found(outcome), key in undecided(outcome)) == (verdict == "found", verdict == "undecided")


def test_every_rule_is_about_traffic_or_about_people() -> None:
    """A new rule has to be sorted here: it is judged without crews, or only with them."""
    about_people = {
        "return_seat", "segment_operator", "operator_n1", "seat_n1", "integrated_seat", "seat_ledger",
        "crew_size", "consumables", "one_place", "ground_time", "availability", "crew_qualification",
        "training", "backup_crew", "career_dose",
    }  # fmt: skip
    assert not about_people & TRAFFIC_RULES
    assert {m.RULE.id for m in REGISTRY} <= about_people | TRAFFIC_RULES


@pytest.mark.parametrize("name", ["m.xls", "m.xlsm", "m.pdf", "m"])
def test_other_endings(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(UsageError, match=r"is a \.csv or \.xlsx file"):
        import_manifest(str(tmp_path / name), overrides={})


CELL = st.sampled_from(
    ["", "2023-01-02", "2023-01-02T05:00Z", "03/04/2023", "Crew-5", "80P", "launch", "dock", "undock",
     "landing", "relocate", "Crew Dragon", "Progress", "N2 Fwd", "SM-Aft", "NM", "TBD", "=1+1", "x" * 300,
     "2099-01-01"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(*[CELL] * 6), max_size=8), st.booleans())
def test_any_rows_are_judged_or_refused(
    tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str, ...]], is_long: bool
) -> None:
    head = ("date", "flight", "event", "vehicle type", "port", "to port")
    wide = ("flight", "vehicle type", "port", "launch", "dock", "undock")
    path = tmp_path_factory.mktemp("rows") / "m.csv"
    path.write_bytes(csv_bytes([head if is_long else wide, *cells]))
    try:
        outcome = import_manifest(str(path), overrides={})
    except InputError:
        return
    named = {row for f in outcome.made.flights for row in f.written.rows}
    named |= {row for left in outcome.made.left_out for row in left.rows}
    said = {i for i, row in enumerate(cells, start=2) if any(row)}
    assert named == said


ORDER = ("launch", "dock", "undock", "landing")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 40), min_size=4, max_size=4).map(sorted),
    st.lists(st.booleans(), min_size=4, max_size=4),
)
def test_what_can_be_in_order_is_in_order(
    tmp_path_factory: pytest.TempPathFactory, quarters: list[int], is_days: list[bool]
) -> None:
    """Events in order of time, some given to the day: the hours taken never turn the order around."""
    times = []
    for q, is_day in zip(quarters, is_days, strict=True):
        day, hour = 1 + q // 12, 2 * (q % 12) + 1
        times.append(f"2023-01-{day:02d}" if is_day else f"2023-01-{day:02d}T{hour:02d}:00Z")
    instants = [t for t in times if "T" in t]
    if len(set(instants)) < len(instants):
        return  # two events at one instant are out of order as given
    lines = [f"{t},Crew-5,{event},Crew Dragon,N2 Fwd" for t, event in zip(times, ORDER, strict=True)]
    path = tmp_path_factory.mktemp("order") / "m.csv"
    path.write_text(rows(*lines), encoding="utf-8")
    (f,) = import_manifest(str(path), overrides={}).made.plan.flights
    events = [at for at in (f.launch_utc, f.dock_utc, f.undock_utc, f.landing_utc) if at is not None]
    assert [at.date() for at in events] == [t[:10] for t in times]
    assert all(a < b for a, b in pairwise(events))
