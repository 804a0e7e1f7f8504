"""``crossflight ready``: the date, the chain of courses, and names that are none."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from running import Run

SEAT_KEYS = ["vehicle_type", "is_commander", "launch_utc", "limit", "courses", "counted"]
COURSE_KEYS = ["course", "centre", "is_refresher", "from_utc", "to_utc", "waits"]
COUNTED_KEYS = ["course", "centre", "since_utc", "until_utc"]


def test_a_chain_of_courses_and_the_date_it_leads_to(run: Run) -> None:
    ran = run("ready", "iss-2026", "Andre Douglas", "--vehicle", "crew-dragon")
    assert ran.status == 0
    assert "on crew-dragon: from 2028-02-23" in ran.out
    assert "Hawthorne" in ran.out
    assert "counts already: astronaut basic training, Russian language" in ran.out
    assert ran.err == ""


def test_json_of_the_same(run: Run) -> None:
    ran = run("ready", "iss-2026", "Douglas", "--json")
    assert ran.status == 0
    assert list(ran.json) == ["schema", "scenario", "person", "agency", "from_utc", "seats", "notes"]
    assert ran.json["schema"] == "crossflight.ready/1"
    assert ran.json["person"] == "Andre Douglas"
    assert [s["vehicle_type"] for s in ran.json["seats"]] == ["soyuz-ms", "crew-dragon"]
    for seat in ran.json["seats"]:
        assert list(seat) == SEAT_KEYS
        assert all(list(c) == COURSE_KEYS for c in seat["courses"])
        assert all(list(c) == COUNTED_KEYS for c in seat["counted"])
        ends = [c["to_utc"] for c in seat["courses"]]
        assert ends == sorted(ends)
        assert ends[-1] < seat["launch_utc"]


def test_a_commander_is_asked_about_twice_and_a_date_binds(run: Run) -> None:
    ran = run(
        "ready", "iss-2026", "Nicole Mann", "--vehicle", "crew-dragon", "--from", "2029-01-01", "--json"
    )
    assert [(s["is_commander"], s["launch_utc"][:10]) for s in ran.json["seats"]] == [
        (False, "2029-01-01"), (True, "2029-01-01"),
    ]  # fmt: skip


def test_what_is_set_counts(run: Run) -> None:
    far = run("ready", "iss-2026", "Douglas", "--vehicle", "crew-dragon", "--json")
    near = run(
        "ready", "iss-2026", "Douglas", "--vehicle", "crew-dragon", "--json",
        "--set", "courses.Dragon.duration_days=30",
    )  # fmt: skip
    assert near.json["seats"][0]["launch_utc"] < far.json["seats"][0]["launch_utc"]


def test_a_plan_is_kept(run: Run, planned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = planned / "plan.yaml"
    ran = run("ready", plan, "Mia Lund")
    assert ran.status == 0
    assert "in the plan flies on Crew-1" in ran.out
    assert "300 d on the ground after it" in ran.out
    text = plan.read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    piped = run("ready", "-", "Mia Lund", "--scenario", planned / "scenario.yaml")
    assert piped.out == ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Andrew Douglas",), "did you mean 'Andre Douglas'?"),
        (("Sergey",), "can be Sergey Teteryatnikov"),
        (("Ax-5 commander",), "is a visitor"),
        (("Douglas", "--vehicle", "crew-dragn"), "did you mean 'crew-dragon'?"),
        (("Douglas", "--vehicle", "progress-ms"), "no crewed vehicle type 'progress-ms'"),
        (("Douglas", "--from", "yesterday"), "'yesterday' is not a UTC time"),
        (("\x1b[31mDouglas",), "there is no person"),
    ],
)
def test_what_cannot_be_answered_is_usage(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ran = run("ready", "iss-2026", *arguments)
    assert ran.status == 2
    assert said in ran.err
    assert "\x1b" not in ran.err
    assert ran.out == ""


def test_nobody_to_be_ready_at_any_date_is_status_one(run: Run, tmp_path: Path) -> None:
    run("init", tmp_path / "new")
    path = tmp_path / "new" / "scenario.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "- {name: Jon Aster, agency: NSA, qualifications: [{segment: core}]}",
        "- {name: Jon Aster, agency: NSA, qualifications: [{segment: core, level: user}]}",
    )
    path.write_text(text, encoding="utf-8")
    ran = run("ready", path, "Jon Aster")
    assert ran.status == 1
    assert "at no date (operator of no segment then)" in ran.out
