"""``crossflight check``: verdicts, where the scenario comes from, and bad input."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest
from running import Ran, Run

VIOLATION_KEYS = ["rule", "severity", "from_utc", "to_utc", "subjects", "message"]


def text(folder: Path) -> str:
    return (folder / "plan.yaml").read_text(encoding="utf-8")


def edit(folder: Path, pattern: str, replacement: str) -> Path:
    """Replace the first match in plan.yaml, as a person would."""
    edited, n = re.subn(pattern, replacement, text(folder), count=1)
    assert n == 1, pattern
    (folder / "plan.yaml").write_text(edited, encoding="utf-8")
    return folder / "plan.yaml"


def refused(ran: Ran, status: int = 3) -> None:
    """One clear error that names a place, without a traceback."""
    assert ran.status == status, ran.err
    assert ran.err.count("error: ") == 1
    assert "Traceback" not in ran.err + ran.out


def feed(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode()), encoding="utf-8"))


def test_good_plan(run: Run, planned: Path) -> None:
    ran = run("check", planned / "plan.yaml")
    assert ran.status == 0
    assert ran.out.startswith("OK")
    assert ran.err == ""


def test_json_of_a_good_plan(run: Run, planned: Path) -> None:
    ran = run("check", planned / "plan.yaml", "--json")
    assert ran.status == 0
    assert list(ran.json) == ["schema", "ok", "violations"]
    assert ran.json["schema"] == "crossflight.check/1"
    assert ran.json["ok"] is True
    assert all(v["severity"] in ("soft", "waived") for v in ran.json["violations"])


def test_edited_plan_is_judged_as_edited(run: Run, folder: Path) -> None:
    plan = edit(folder, r"    port: fore\n", "    port: aft\n")
    ran = run("check", plan, "--json")
    assert ran.status == 1
    assert ran.json["ok"] is False
    assert all(list(v) == VIOLATION_KEYS for v in ran.json["violations"])
    assert {v["rule"] for v in ran.json["violations"] if v["severity"] == "hard"} & {
        "port_occupancy",
        "announced_flight",
    }
    people = run("check", plan)
    assert people.status == 1
    n = sum(v["severity"] in ("hard", "waivable") for v in ran.json["violations"])
    assert people.out.startswith(f"{n} violation")


def test_plan_from_standard_input(run: Run, planned: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, text(planned))
    assert run("check", "-", "--scenario", planned / "scenario.yaml").status == 0


def test_plan_and_scenario_both_from_standard_input(run: Run) -> None:
    refused(run("check", "-", "--scenario", "-"), status=2)


def test_no_scenario_to_be_found(run: Run, folder: Path) -> None:
    (folder / "scenario.yaml").unlink()
    ran = run("check", folder / "plan.yaml")
    refused(ran)
    assert "--scenario" in ran.err


def test_plan_of_another_scenario(run: Run, planned: Path) -> None:
    ran = run("check", planned / "plan.yaml", "--scenario", "iss-2022", "--json")
    assert ran.status == 3
    assert ran.json["error"]["code"] == "plan-mismatch"
    assert ran.json["error"]["line"]


def test_scenario_edited_after_planning(run: Run, folder: Path) -> None:
    scenario = folder / "scenario.yaml"
    edited, n = re.subn(r"n_crew_max: \S+", "n_crew_max: 5", scenario.read_text(encoding="utf-8"), count=1)
    assert n == 1
    scenario.write_text(edited, encoding="utf-8")
    ran = run("check", folder / "plan.yaml", "--json")
    assert ran.status == 3
    assert ran.json["error"]["code"] == "plan-mismatch"


def test_error_points_at_the_place(run: Run, folder: Path) -> None:
    plan = edit(folder, r"\n    kind: rotation\n", "\n    kimd: rotation\n")
    ran = run("check", plan)
    refused(ran)
    line = text(folder).splitlines().index("    kimd: rotation") + 1
    place, excerpt, caret, hint = ran.err.splitlines()
    assert place.startswith(f"{plan}:{line}:5: error: ")
    assert excerpt.endswith("|     kimd: rotation")
    assert caret.index("^") == excerpt.index("kimd")
    assert "kind" in hint
    error = run("check", plan, "--json").json
    assert list(error) == ["schema", "error"]
    assert error["schema"] == "crossflight.error/1"
    assert list(error["error"]) == ["code", "message", "hint", "file", "line", "column"]
    assert (error["error"]["file"], error["error"]["line"], error["error"]["column"]) == (str(plan), line, 5)


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"launch_utc: \S+", "launch_utc: NO"),
        (r"launch_utc: \S+", "launch_utc: 2022-02-30"),
        (r"launch_utc: \S+", "launch_utc: 1066-10-14"),
        (r"launch_utc: (\S+)", r"launch_utc: \1\n    launch_utc: \1"),
        (r"vehicle_type: \S+", "vehicle_type: balloon"),
        (r"vehicle_type: \S+", "vehicle_type: 12:30:45"),
        (r"kind: rotation", "kind: joyride"),
        (r"crew_up:", "crew_up: &a"),
        (r"    crew_up:\n", "    crew_up: nobody\n    crew_down:\n"),
        (r"schema: \S+", "schema: crossflight.plan/9"),
        (r"flights:", "fleghts:"),
    ],
)
def test_slips_of_the_pen(run: Run, folder: Path, pattern: str, replacement: str) -> None:
    plan = edit(folder, pattern, replacement)
    ran = run("check", plan)
    refused(ran)
    assert re.match(rf"{re.escape(str(plan))}:\d+:\d+: error: ", ran.err), ran.err


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- 1\n",
        "[" * 30_000,
        "{" * 30_000,
        "a: &a [x]\n" + "".join(f"{c}: &{c} [*a, *a]\n" for c in "bcdefgh"),
        "? " * 10_000,
        "schema: crossflight.plan/1\nscenario: !!python/object/apply:os.system [true]\n",
        "\x00\x01\x02",
        "schema: crossflight.plan/1\n" + "x" * 1_000_000 + ": 1\n",
    ],
    ids=["empty", "list", "brackets", "braces", "aliases", "keys", "tag", "control", "long key"],
)
def test_hostile_text(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "plan.yaml").write_text(content, encoding="utf-8")
    ran = run("check", tmp_path / "plan.yaml")
    refused(ran)
    assert len(ran.err) < 2_000
    assert all(c.isprintable() or c == "\n" for c in ran.err)


def test_hundred_megabytes_are_refused_unread(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    ran = run("check", path)
    refused(ran)
    assert "MB" in ran.err


@pytest.mark.parametrize("name", ["nowhere.yaml", "."])
def test_file_that_cannot_be_read(run: Run, tmp_path: Path, name: str) -> None:
    refused(run("check", tmp_path / name))


def test_endless_device(run: Run) -> None:
    refused(run("check", "/dev/zero"))


def test_names_cannot_steer_the_terminal(run: Run, folder: Path) -> None:
    name = "Crew \\e[2J\\u202e[bold]x"
    (folder / "plan.yaml").write_text(
        text(folder).replace("name: Crew-3", f'name: "{name}"'), encoding="utf-8"
    )
    ran = run("check", folder / "plan.yaml")
    assert ran.status in (0, 1, 3)
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err
