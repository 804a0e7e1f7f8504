"""Disruptions as people write them, and what is said where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossflight.errors import InputError
from crossflight.model import Flight, Plan
from crossflight.model.disruption import KINDS, Disruption
from crossflight.resilience.disrupted import subjects
from crossflight.scenario import read_scenario
from crossflight.scenario.disruption_file import check_disruptions, read_disruptions
from crossflight.times import Instant

FILE = """schema: crossflight.disruptions/1
disruptions:
  - kind: slip
    subject: Crew-9
    at_utc: 2024-08-24
    days: 30
    source: somebody said so
  - {kind: pad-out, subject: baikonur-31, at_utc: 2023-11-27, until_utc: 2024-03-22, why: a platform fell}
"""


def at(text: str) -> Instant:
    return Instant.parse(text)


def one(text: str) -> Disruption:
    (told,) = read_disruptions([text])
    return told.disruption


def test_a_line_says_what_happened() -> None:
    assert one("slip:Crew-9:2024-08-24:days=30") == Disruption("slip", "Crew-9", at("2024-08-24"), days=30)
    assert one("empty-seats:Crew-9:2024-08-24T12:30:seats=2").at_utc == at("2024-08-24T12:30")
    late = one("capsule-late:C213: the new one:2024-12-17T08:15:30Z:until=2025-02-11T06:00")
    assert (late.subject, late.until_utc) == ("C213: the new one", at("2025-02-11T06:00"))
    assert one("craft-unusable:Soyuz No. 751:2022-12-15").until_utc is None


def test_a_file_is_a_list_and_comes_in_order_of_time(tmp_path: Path) -> None:
    file = tmp_path / "found.yaml"
    file.write_text(FILE, encoding="utf-8")
    told = read_disruptions([str(file), "craft-unusable:Soyuz No. 751:2022-12-15"])
    assert [t.disruption.kind for t in told] == ["craft-unusable", "pad-out", "slip"]
    assert told[1].disruption.until_utc == at("2024-03-22")
    assert told[2].disruption.source == "somebody said so"


WRONG = [
    ("slp:Crew-9:2024-08-24:days=30", 1, "no disruption 'slp'", "slip"),
    ("slip:Crew-9", 6, "not SUBJECT:DATE", "for example"),
    ("slip::2024-08-24:days=30", 6, "a subject is missing", "as slip"),
    ("slip:Crew-9:2024-13-24:days=30", 13, "not a UTC time", "2022-12-16"),
    ("slip:Crew-9:2024-08-24:dais=30", 24, "not KEY=VALUE", "days"),
    ("slip:Crew-9:2024-08-24:days=many", 29, "not a number of days", ""),
    ("slip:Crew-9:2024-08-24:days=-3", 29, "not a number of days", ""),
    ("slip:Crew-9:2024-08-24:days=3:days=4", 31, "given twice", ""),
    ("slip:Crew-9:2024-08-24", 1, "needs days", "add"),
    ("slip:Crew-9:2024-08-24:days=3:seats=1", 31, "has no n_seats", "it has days"),
    ("empty-seats:Crew-9:2024-08-24:seats=1.5", 37, "not a whole number", ""),
    ("pad-out:baikonur-31:2024-08-24:until=2024-08-01", 32, "not after 2024-08-24", ""),
    ("craft-unusable:Soyuz No. 751:2022-12-15:until=2023-01-01", 41, "no until_utc", "nothing else"),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), WRONG)
def test_a_wrong_line_is_pointed_at(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(InputError) as e:
        read_disruptions([text])
    assert message in e.value.message
    assert (e.value.line, e.value.column) == (1, column)
    assert hint in e.value.hint
    assert e.value.excerpt == text


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        ("kind: slip\n", "kind: slipp\n", 3, "one of"),
        ("    days: 30\n", "", 3, "needs days"),
        ("    days: 30\n", "    days: soon\n", 6, "a number should stand here"),
        ("    subject: Crew-9\n", "", 3, "'subject' is missing"),
        ("    days: 30\n", "    hours: 30\n", 6, "unknown key 'hours'"),
        (
            "schema: crossflight.disruptions/1",
            "schema: crossflight.plan/1",
            1,
            "not crossflight.disruptions/1",
        ),
        ("2024-03-22", "2022-03-22", 8, "not after 2023-11-27"),
    ],
)
def test_a_wrong_file_is_pointed_at(tmp_path: Path, before: str, after: str, line: int, message: str) -> None:
    file = tmp_path / "found.yaml"
    assert before in FILE
    file.write_text(FILE.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as e:
        read_disruptions([str(file)])
    assert message in e.value.message
    assert (e.value.file, e.value.line) == (str(file), line)


def test_an_empty_list_and_half_a_file(tmp_path: Path) -> None:
    file = tmp_path / "found.yaml"
    file.write_text("schema: crossflight.disruptions/1\ndisruptions: []\n", encoding="utf-8")
    with pytest.raises(InputError, match="no disruption stands"):
        read_disruptions([str(file)])
    file.write_text(FILE[: FILE.index("at_utc") + 9], encoding="utf-8")
    with pytest.raises(InputError) as e:
        read_disruptions([str(file)])
    assert e.value.line == 5


def test_subjects_and_dates_are_those_of_the_plan() -> None:
    scenario = read_scenario("iss-2022")
    flown = Flight("MS-23", "rotation", "soyuz-ms", "Soyuz No. 753", "baikonur-31", at("2023-03-15"))
    names = subjects(scenario, Plan("iss-2022", "", (flown,)))
    known = read_disruptions(["slip:MS-23:2023-01-11:days=20"])
    assert check_disruptions(known, names, scenario) == (known[0].disruption,)
    with pytest.raises(InputError) as e:
        check_disruptions(read_disruptions(["craft-unusable:Soyus No. 751:2022-12-15"]), names, scenario)
    assert "no craft 'Soyus No. 751'" in e.value.message
    assert "Soyuz No. 751" in e.value.hint
    assert e.value.column == 16
    with pytest.raises(InputError) as e:
        check_disruptions(read_disruptions(["slip:MS-23:2021-01-11:days=20"]), names, scenario)
    assert "outside the plan" in e.value.message
    assert "2022-07-15" in e.value.hint
    # People call a craft by its flight, and each other by half a name.
    (by_flight,) = check_disruptions(
        read_disruptions(["capsule-late:MS-23:2023-01-11:until=2023-04-01"]), names, scenario
    )
    assert by_flight.subject == "Soyuz No. 753"
    with pytest.raises(InputError) as e:
        check_disruptions(read_disruptions(["person-unavailable:Rubio:2023-01-11"]), names, scenario)
    assert e.value.hint == "did you mean 'Francisco Rubio'?"


def test_every_kind_can_be_written() -> None:
    more = {"slip": ":days=3", "capsule-late": ":until=2025-01-01", "empty-seats": ":seats=1"}
    for kind in KINDS:
        assert one(f"{kind}:X:2024-08-24{more.get(kind, '')}").kind == kind
