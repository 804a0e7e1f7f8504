"""``crossflight explain``: the conflict with its numbers, ways out that plan accepts, and what it refuses."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from running import Ran, Run

from crossflight import planner
from crossflight.model import StageResult

# The craft announced for Crew-2 is ready after the last day of its window.
LATE = ("--set", "craft.Brisa.ready_utc=2030-04-20")
QUICK = ("--time-limit", "5")
KEYS = [
    "schema", "scenario", "status", "message", "conflict", "first_day", "is_minimal", "ways_out",
    "price_unit", "notes", "wall_s",
]  # fmt: skip


@pytest.fixture(scope="module")
def late(planned: Path) -> Ran:
    """What is said of a craft that comes too late; asked once."""
    from contextlib import redirect_stderr, redirect_stdout

    from crossflight.cli import main

    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = main(["explain", str(planned / "scenario.yaml"), *LATE, *QUICK, "--json"])
    return Ran(status, out.getvalue(), err.getvalue())


def test_conflict_has_the_two_dates_and_the_days_between(late: Ran) -> None:
    assert late.status == 1
    found = late.json
    assert list(found) == KEYS
    assert found["schema"] == "crossflight.explain/1"
    assert found["status"] == "conflict"
    assert found["is_minimal"] is True
    # Crew-2 may be launched until 2030-04-04; the day after it has become impossible.
    assert found["first_day"] == "2030-04-05"
    assert {(m["rule"], *m["subjects"]) for m in found["conflict"]} == {
        ("announced_flight", "Crew-2"), ("capsule", "Brisa"),
    }  # fmt: skip
    ready = next(m["numbers"] for m in found["conflict"] if m["rule"] == "capsule")
    assert ready["day"] == 109
    assert ready["utc"] == "2030-04-20T00:00:00Z"
    # Ready on 2030-04-04 it could be launched in the window.
    assert (ready["short"], ready["unit"]) == (16, "d")
    assert found["message"].startswith("16 d short: Crew-2: ")


def test_every_way_out_is_planned_as_it_is_written(
    late: Ran, planned: Path, tmp_path: Path, run: Run
) -> None:
    ways = late.json["ways_out"]
    assert ways
    assert [w["plan_price"] for w in ways] == sorted(w["plan_price"] for w in ways)
    for k, way in enumerate(ways):
        assert way["plan_status"] in ("optimal", "feasible")
        settings = {p: v for p, _, v in (text.partition("=") for text in LATE[1::2])} | way["set"]
        sets = [x for path, value in settings.items() for x in ("--set", f"{path}={value}")]
        out = tmp_path / str(k)
        ran = run("plan", planned / "scenario.yaml", "--out", out, *QUICK, *sets)
        assert ran.status == 0, (way["change"], ran.err)
        assert run("check", out / "plan.yaml").status == 0


def test_text_says_the_same(planned: Path, run: Run) -> None:
    ran = run("explain", planned / "scenario.yaml", *LATE, *QUICK)
    assert ran.status == 1
    assert "small-station has no plan: 16 d short: " in ran.out
    assert "first day: 2030-04-05 (day 94)" in ran.out
    assert "ready on 2030-04-20" in ran.out
    assert "Ways out" in ran.out
    assert "  --set 'craft.Brisa.ready_utc=2030-04-04T00:00:00Z'" in ran.out
    assert "explained in" in ran.err


def test_a_date_that_cannot_be(planned: Path, run: Run) -> None:
    ran = run("explain", planned / "scenario.yaml", "--want", "Crew-2:2030-01-10", *QUICK, "--json")
    assert ran.status == 1
    wanted = next(m for m in ran.json["conflict"] if m["rule"] == "wanted")
    # Its craft is ready on 2030-02-01.
    assert wanted["subjects"] == ["Crew-2"]
    assert wanted["numbers"]["short"] == 22
    instead = [w for w in ran.json["ways_out"] if w["change"].startswith("launch Crew-2 on ")]
    assert instead
    assert all(w["plan_status"] in ("optimal", "feasible") for w in instead)


def test_a_date_that_can_be_costs_what_it_costs(planned: Path, run: Run) -> None:
    ran = run("explain", planned / "scenario.yaml", "--want", "Crew-2:2030-03-28", *QUICK, "--json")
    assert ran.status == 0
    assert ran.json["status"] == "possible"
    assert ran.json["conflict"] == []
    [way] = ran.json["ways_out"]
    assert way["change"] == "launch Crew-2 on 2030-03-28"
    assert way["set"] == {"announced.Crew-2.launch_utc": "2030-03-28", "announced.Crew-2.window_days": "0"}


def test_an_accepted_plan_needs_no_explanation(planned: Path, run: Run) -> None:
    ran = run("explain", planned / "plan.yaml")
    assert ran.status == 0
    assert "the checker accepts the plan" in ran.out


def test_a_refused_plan_is_explained_by_its_violations(folder: Path, run: Run) -> None:
    plan = folder / "plan.yaml"
    text = plan.read_text()
    at = text.index("name: Crew-2")
    dock = text.index("port: ", at)
    end = text.index("\n", dock)
    other = "aft" if "fore" in text[dock:end] else "fore"
    plan.write_text(text[:dock] + f"port: {other}" + text[end:])
    before = run("check", plan, "--json").json["violations"]
    failures = [v for v in before if v["severity"] in ("hard", "waivable")]
    ran = run("explain", plan, *QUICK, "--json")
    assert ran.status == (1 if failures else 0)
    assert [m["rule"] for m in ran.json["conflict"]] == [v["rule"] for v in failures]


def test_a_plan_that_breaks_a_hard_rule_is_planned_anew(folder: Path, run: Run) -> None:
    plan = folder / "plan.yaml"
    text = plan.read_text()
    # Crew-2 is in Brisa by its announcement.
    assert text.count("craft: Brisa") == 1
    plan.write_text(text.replace("craft: Brisa", "craft: Celo"))
    ran = run("explain", plan, *QUICK, "--json")
    assert ran.status == 1
    assert ran.json["status"] == "refused"
    assert "Crew-2" in {s for m in ran.json["conflict"] for s in m["subjects"]}
    assert ran.json["ways_out"]
    assert all(w["plan_status"] in ("optimal", "feasible") for w in ran.json["ways_out"])


@pytest.mark.parametrize(
    ("want", "said", "hint"),
    [
        ("Krew-2:2030-03-01", "there is no announced flight 'Krew-2'", "did you mean 'Crew-2'?"),
        ("Crew-22:2030-03-01", "Crew-22 is not reached before 2031-01-01", "earlier flight of the line"),
        ("Crew-2:2035-01-01", "2035-01-01 is outside small-station, 2030-01-01 to 2031-01-01", ""),
        ("Crew-2:2029-12-31", "2029-12-31 is outside small-station", ""),
        ("Crew-2:soon", "--want", "FLIGHT:DATE"),
        ("Crew-2:2030-02-30", "--want", "FLIGHT:DATE"),
        ("Crew-1:2030-03-01", "Crew-1 was launched on 2029-10-01", ""),
        ("Crew-5:2030-05-01", "Crew-5 cannot be launched on 2030-05-01", "earlier flight of the line"),
        (":::", "there is no announced flight", ""),
        ("", "there is no announced flight", ""),
    ],
)
def test_wishes_that_mean_nothing(planned: Path, run: Run, want: str, said: str, hint: str) -> None:
    ran = run("explain", planned / "scenario.yaml", "--want", want)
    assert ran.status == 2
    assert said in ran.err
    assert hint in ran.err


def test_options_that_do_not_fit(planned: Path, run: Run) -> None:
    scenario, plan = planned / "scenario.yaml", planned / "plan.yaml"
    assert run("explain", plan, "--set", "station.n_crew_max=3").status == 2
    assert run("explain", scenario, "--scenario", scenario).status == 2
    assert run("explain", planned / "none.yaml").status == 3


def test_garbage_is_bad_input(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "garbage.yaml").write_text("schema: crossflight.plan/1\nflights: [[[")
    assert run("explain", tmp_path / "garbage.yaml").status == 3
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\x00\xff not a scenario")))
    ran = run("explain", "-", "--json")
    assert ran.status == 3
    assert ran.json["schema"] == "crossflight.error/1"


def nothing_found(stage: str, status: str) -> Any:
    def plan(*_: Any, **__: Any) -> planner.PlannerResult:
        return planner.PlannerResult(
            None, "unknown", (), (StageResult(stage, status, 1.0),), 1.0, f"the {stage} stage found none"
        )

    return plan


def test_a_limit_blames_nobody(planned: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planner, "plan", nothing_found("training", "unknown"))
    ran = run("explain", planned / "scenario.yaml", *QUICK, "--json")
    assert ran.status == 4
    assert ran.json["status"] == "unknown"
    assert ran.json["conflict"] == []
    assert "no plan was found within 5 s" in ran.json["message"]


def test_people_who_cannot_fly_are_not_proven(
    planned: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, none = planner.plan, nothing_found("people", "infeasible")

    def plan(scenario: Any, **options: Any) -> planner.PlannerResult:
        found = real if scenario.rules["ground_time"].severity == "soft" else none
        result: planner.PlannerResult = found(scenario, **options)
        return replace(result)

    monkeypatch.setattr(planner, "plan", plan)
    ran = run("explain", planned / "scenario.yaml", *QUICK, "--json")
    assert ran.status == 1
    assert ran.json["status"] == "unproven"
    assert ran.json["is_minimal"] is False
    assert [m["rule"] for m in ran.json["conflict"]] == ["ground_time"]
    assert "not proven" in ran.json["message"]
