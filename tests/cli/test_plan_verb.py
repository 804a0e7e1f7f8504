"""``crossflight plan``: what it writes, what it prints, how it fails."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
from running import Run

from crossflight import planner
from crossflight.model import Flight, Plan, Scenario, StageResult
from crossflight.planner import PlannerResult

FLIGHT_KEYS = [
    "name", "vehicle_type", "craft", "site", "pad", "launch_utc", "dock_utc", "port", "relocations",
    "undock_utc", "landing_utc", "crew_up", "crew_down", "backup",
]  # fmt: skip
PLAN_KEYS = [
    "schema", "scenario", "status", "gap", "wall_s", "objective", "stages", "flights", "cargo",
    "opportunities",
    "training", "coverage", "waivers", "violations", "pins", "conflict", "alternatives",
]  # fmt: skip


def scenario_of(folder: Path) -> Path:
    return folder / "scenario.yaml"


def answer(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Let the planner answer what a test wants instead of solving."""
    nothing = PlannerResult(None, "unknown", (), (StageResult("crew", "unknown", 0.1),), 0.2, "said")
    monkeypatch.setattr(planner, "plan", lambda scenario, **_: replace(nothing, **changes))  # type: ignore[arg-type]  # fields by name


def test_writes_the_folder_and_nothing_else(planned: Path) -> None:
    assert sorted(p.name for p in planned.iterdir()) == ["plan.yaml", "report.html", "scenario.yaml"]
    assert "<html" in (planned / "report.html").read_text(encoding="utf-8")


def test_json_has_the_promised_shape(run: Run, planned: Path, tmp_path: Path) -> None:
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p", "--time-limit", 20, "--json")
    assert ran.status == 0
    found = ran.json
    assert list(found) == PLAN_KEYS
    assert found["schema"] == "crossflight.plan/1"
    assert set(found["scenario"]) == {"name", "hash"}
    assert found["status"] in ("optimal", "feasible")
    assert found["gap"] == max(
        abs(t["value"] - t["bound"]) / max(1.0, abs(t["value"])) for t in found["objective"]
    )
    assert all(list(t) == ["tier", "value", "bound"] for t in found["objective"])
    assert all(list(s) == ["name", "status", "wall_s"] for s in found["stages"])
    assert found["flights"]
    assert all(list(f) == FLIGHT_KEYS for f in found["flights"])
    assert all(f["site"] for f in found["flights"])
    assert all(
        list(c) == ["person", "agency"] and c["agency"] for f in found["flights"] for c in f["crew_up"]
    )
    cargo_keys = ["name", "vehicle_type", "dock_utc", "undock_utc", "port"]
    assert found["cargo"]
    assert all(list(c) == cargo_keys for c in found["cargo"])
    assert list(found["coverage"]) == ["unattended_days", "operator_n1_uncovered_days", "seat_n1"]
    seat_keys = ["from_utc", "to_utc", "craft", "without_nominal", "without_any"]
    assert all(list(s) == seat_keys for s in found["coverage"]["seat_n1"])
    assert found["violations"] == []


def test_same_seed_gives_the_same_text(run: Run, planned: Path, tmp_path: Path) -> None:
    assert run("plan", scenario_of(planned), "--out", tmp_path, "--time-limit", 20).status == 0
    again, first = (hashlib.sha256((d / "plan.yaml").read_bytes()).hexdigest() for d in (tmp_path, planned))
    assert again == first


def test_people_read_flights_tiers_and_files(run: Run, planned: Path, tmp_path: Path) -> None:
    ran = run("plan", scenario_of(planned), "--out", tmp_path, "--time-limit", 20)
    plan = json.loads(run("plan", scenario_of(planned), "--out", tmp_path, "--json").out)
    for flight in plan["flights"]:
        assert flight["name"] in ran.out
    for tier in plan["objective"]:
        assert tier["tier"] in ran.out
    assert f"wrote {tmp_path / 'report.html'}" in ran.out
    assert "largest gap" in ran.err
    assert "\x1b" not in ran.out + ran.err


def test_set_is_recorded_and_judged(run: Run, planned: Path, tmp_path: Path) -> None:
    ran = run(
        "plan", scenario_of(planned), "--out", tmp_path, "--time-limit", 20, "--set", "station.n_crew_max=9"
    )
    assert ran.status == 0
    assert "station.n_crew_max" in (tmp_path / "plan.yaml").read_text(encoding="utf-8")
    assert run("check", tmp_path / "plan.yaml").status == 0


@pytest.mark.parametrize(
    "setting", ["station.n_crew_max", "=3", " =3"], ids=["no equals", "no path", "blank path"]
)
def test_set_without_path_or_value_is_usage(run: Run, planned: Path, tmp_path: Path, setting: str) -> None:
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p", "--set", setting)
    assert ran.status == 2
    assert "PATH=VALUE" in ran.err
    assert not (tmp_path / "p").exists()


def test_set_twice_is_usage(run: Run, planned: Path, tmp_path: Path) -> None:
    twice = ["--set", "station.n_crew_max=9", "--set", "station.n_crew_max=8"]
    assert run("plan", scenario_of(planned), "--out", tmp_path / "p", *twice).status == 2


def test_set_of_an_unknown_path_is_bad_input(run: Run, planned: Path, tmp_path: Path) -> None:
    ran = run(
        "plan", scenario_of(planned), "--out", tmp_path / "p", "--set", "station.n_crew_macks=9", "--json"
    )
    assert ran.status == 3
    assert ran.json["error"]["hint"]
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize(
    "arguments", [["--workers", "0"], ["--seed", "-1"], ["--time-limit", "nan"], ["--time-limit", "-1"]]
)
def test_impossible_options_are_usage(run: Run, planned: Path, tmp_path: Path, arguments: list[str]) -> None:
    assert run("plan", scenario_of(planned), "--out", tmp_path / "p", *arguments).status == 2
    assert not (tmp_path / "p").exists()


def test_out_is_a_file(run: Run, planned: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        ran = run("plan", scenario_of(planned), "--out", out)
        assert ran.status == 2
        assert "not a folder" in ran.err
    assert (tmp_path / "file").read_text() == "mine"


def test_unknown_scenario_suggests_the_near_one(run: Run, tmp_path: Path) -> None:
    ran = run("plan", "iss2022", "--out", tmp_path / "p", "--json")
    assert ran.status == 3
    assert "iss-2022" in ran.json["error"]["hint"]
    assert not (tmp_path / "p").exists()


def test_infeasible_is_said_and_nothing_written(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, status="infeasible", message="the crew traffic has no solution")
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p", "--json")
    assert ran.status == 1
    assert ran.json["status"] == "infeasible"
    assert list(ran.json) == PLAN_KEYS
    assert ran.json["gap"] is None
    assert "the crew traffic has no solution" in ran.err
    assert not (tmp_path / "p").exists()


def test_limit_without_a_plan(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch)
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p")
    assert ran.status == 4
    assert "no plan was found" in ran.err
    assert not (tmp_path / "p").exists()


def test_interrupted_without_a_plan(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, is_interrupted=True)
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p")
    assert ran.status == 130
    assert "nothing was written" in ran.err


def test_interrupted_with_a_plan_writes_it(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planner.plan
    monkeypatch.setattr(planner, "plan", lambda s, **k: replace(solve(s, **k), is_interrupted=True))
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p", "--time-limit", 20)
    assert ran.status == 130
    assert "interrupted; the best checked plan" in ran.err
    assert run("check", tmp_path / "p" / "plan.yaml").status == 0


def test_interrupted_before_solving(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> PlannerResult:
        raise KeyboardInterrupt

    monkeypatch.setattr(planner, "plan", interrupted)
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p", "--json")
    assert ran.status == 130
    assert ran.json["error"]["code"] == "interrupted"


def test_plan_that_the_checker_refuses_is_a_bug_and_never_written(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planner.plan

    def crooked(scenario: Scenario, **k: object) -> PlannerResult:
        result = solve(scenario, time_limit_s=20.0)
        assert result.plan is not None
        first, *rest = result.plan.flights
        assert isinstance(first, Flight)
        late = replace(first, undock_utc=scenario.to_utc.plus_days(-1), landing_utc=scenario.to_utc)
        plan: Plan = replace(result.plan, flights=(late, *rest))
        return replace(result, plan=plan)

    monkeypatch.setattr(planner, "plan", crooked)
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p", "--json")
    assert ran.status == 70
    assert ran.json["error"]["code"] == "plan-refused"
    assert "Traceback" not in ran.err
    assert not (tmp_path / "p").exists()


def test_solver_and_measures_that_disagree_are_reported(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planner.plan

    def wrong(scenario: Scenario, **k: object) -> PlannerResult:
        result = solve(scenario, time_limit_s=20.0)
        first, *rest = result.objective
        return replace(result, objective=(replace(first, value=first.value + 7), *rest))

    monkeypatch.setattr(planner, "plan", wrong)
    ran = run("plan", scenario_of(planned), "--out", tmp_path, "--json")
    tier = ran.json["objective"][0]
    assert f"tier {tier['tier']}: the solver counts {tier['value']:g}" in ran.err


def test_failed_write_leaves_the_old_files(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {p.name: p.read_bytes() for p in folder.iterdir()}

    def full(*_: object, **__: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("crossflight.app.folder.tempfile.mkstemp", full)
    ran = run("plan", scenario_of(folder), "--out", folder, "--time-limit", 20)
    assert ran.status == 2
    assert "No space left" in ran.err
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_bug_is_one_line(run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> PlannerResult:
        raise ZeroDivisionError("a \x1b[31mdivision")

    monkeypatch.setattr(planner, "plan", broken)
    ran = run("plan", scenario_of(planned), "--out", tmp_path / "p")
    assert ran.status == 70
    assert "this is a bug: ZeroDivisionError" in ran.err
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err
    monkeypatch.setenv("CROSSFLIGHT_TRACEBACK", "1")
    assert "Traceback" in run("plan", scenario_of(planned), "--out", tmp_path / "p").err
