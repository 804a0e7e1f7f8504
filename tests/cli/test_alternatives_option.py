"""``crossflight plan --alternatives``: several plans, their folders and the table of what differs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from running import Run

from crossflight import planner
from crossflight.app.alternatives import MEASURES
from crossflight.errors import UsageError

ROW_KEYS = ["plan", "objective", *MEASURES]


@pytest.fixture(scope="module")
def three(planned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan and what was found beside it."""
    from crossflight.cli import main

    out = tmp_path_factory.mktemp("three")
    arguments = ["--alternatives", "3", "--alternatives-within", "30%", "--time-limit", "20"]
    assert main(["plan", str(planned / "scenario.yaml"), "--out", str(out), *arguments]) == 0
    return out


def test_every_plan_has_a_folder_that_check_accepts(run: Run, three: Path) -> None:
    folders = [three, *sorted(p for p in three.iterdir() if p.is_dir())]
    assert [p.name for p in folders[1:]] == ["alternative-2", "alternative-3"]
    for folder in folders:
        assert sorted(p.name for p in folder.iterdir() if p.is_file()) == [
            "plan.yaml", "report.html", "scenario.yaml",
        ]  # fmt: skip
        assert run("check", folder / "plan.yaml").status == 0
        report = (folder / "report.html").read_text(encoding="utf-8")
        assert "Alternatives" in report
        assert (f": {folder.name.replace('-', ' ')}" in report) == (folder is not three)
        assert ("What differs from the best plan" in report) == (folder is not three)


def test_alternatives_differ(run: Run, three: Path) -> None:
    for folder in ("alternative-2", "alternative-3"):
        ran = run("diff", three / "plan.yaml", three / folder / "plan.yaml", "--json")
        moved = [c for c in ran.json["changes"] if c["what"] == "launch" and abs(c["days"]) > 7]
        others = [c for c in ran.json["changes"] if c["what"] in ("added", "dropped", "crew up")]
        assert moved or others


def test_the_table_and_its_json_twin(run: Run, planned: Path, tmp_path: Path) -> None:
    options = ["--alternatives", 2, "--alternatives-within", "400", "--time-limit", 20]
    ran = run("plan", planned / "scenario.yaml", "--out", tmp_path / "a", *options, "--json")
    assert ran.status == 0, ran.err
    found = ran.json["alternatives"]
    assert list(found) == ["wanted", "within", "message", "plans"]
    assert (found["wanted"], found["within"], found["message"]) == (2, "400", "")
    assert [r["plan"] for r in found["plans"]] == ["plan.yaml", "alternative-2/plan.yaml"]
    for row in found["plans"]:
        assert list(row) == ROW_KEYS
    best, other = found["plans"]
    assert best["launches_moved"] == best["days_moved"] == best["people_instead"] == 0
    assert other["days_moved"] > 0
    tiers = [t["tier"] for t in best["objective"]]
    price = next(i for i, name in enumerate(tiers) if "price" in name)
    assert other["objective"][price]["value"] <= best["objective"][price]["value"] + 400
    shown = run("plan", planned / "scenario.yaml", "--out", tmp_path / "b", *options)
    for label in (*MEASURES.values(), "alternative 2"):
        assert label in shown.out
    assert "2 of 2 plans within 400 of the best" in shown.err


def test_without_being_asked_there_is_one_plan(run: Run, planned: Path, tmp_path: Path) -> None:
    ran = run("plan", planned / "scenario.yaml", "--out", tmp_path, "--time-limit", 20, "--json")
    assert ran.json["alternatives"] is None
    assert not [p for p in tmp_path.iterdir() if p.is_dir()]


def test_what_an_earlier_run_left_is_noted(run: Run, planned: Path, tmp_path: Path) -> None:
    (tmp_path / "alternative-2").mkdir()
    ran = run("plan", planned / "scenario.yaml", "--out", tmp_path, "--time-limit", 20)
    assert ran.status == 0
    assert "alternative-2 is of an earlier run" in ran.err


def test_fewer_than_wanted_are_explained(run: Run, planned: Path, tmp_path: Path) -> None:
    options = ["--alternatives", 3, "--alternatives-within", "0", "--set", "announced=[]"]
    ran = run("plan", planned / "scenario.yaml", "--out", tmp_path, "--time-limit", 20, *options, "--json")
    assert ran.status == 0, ran.err
    found = ran.json["alternatives"]
    assert len(found["plans"]) == 3 or found["message"]


@pytest.mark.parametrize(
    "within", ["", "much", "-3%", "3%%", "nan", "1e9", "3 points", "\x1b[31m3%", "9" * 400]
)
def test_a_tolerance_that_is_none_is_usage(run: Run, planned: Path, tmp_path: Path, within: str) -> None:
    ran = run(
        "plan", planned / "scenario.yaml", "--out", tmp_path / "p", "--alternatives", 2,
        f"--alternatives-within={within}",
    )  # fmt: skip
    assert ran.status == 2
    assert "per cent nor points" in ran.err
    assert "\x1b" not in ran.err
    assert len(ran.err) < 400
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("n", [0, 11, -1])
def test_an_impossible_number_is_usage(run: Run, planned: Path, tmp_path: Path, n: int) -> None:
    assert run("plan", planned / "scenario.yaml", "--out", tmp_path, "--alternatives", n).status == 2


def test_an_alternative_better_than_an_unproven_best_is_noted(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planner.plan

    def unlucky(scenario: object, **options: object) -> planner.PlannerResult:
        result = solve(scenario, **options)  # type: ignore[arg-type]  # passed on as they come
        worse = tuple(replace(t, value=t.value + 5_000) for t in result.objective)
        return replace(result, status="feasible", objective=worse)

    monkeypatch.setattr(planner, "plan", unlucky)
    options = ["--alternatives", 2, "--alternatives-within", "30%", "--time-limit", 20]
    ran = run("plan", planned / "scenario.yaml", "--out", tmp_path / "p", *options)
    assert ran.status == 0
    assert "alternative-2 is better than the best plan found" in ran.err


def test_an_alternative_that_the_checker_refuses_is_a_bug_and_nothing_is_written(
    run: Run, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = planner.plan

    def spoiled(scenario: object, **options: object) -> planner.PlannerResult:
        result = solve(scenario, **options)  # type: ignore[arg-type]  # passed on as they come
        assert result.alternatives is not None
        first = result.alternatives.found[0]
        wrong = replace(first, plan=replace(first.plan, flights=first.plan.flights[1:]))
        result.alternatives.found[0] = wrong
        return result

    monkeypatch.setattr(planner, "plan", spoiled)
    options = ["--alternatives", 2, "--alternatives-within", "30%", "--time-limit", 20]
    ran = run("plan", planned / "scenario.yaml", "--out", tmp_path / "p", *options)
    assert ran.status == 70
    assert not (tmp_path / "p").exists()


def test_tolerances_are_read_as_meant() -> None:
    from crossflight.app.alternatives import wanted

    assert wanted(3, " 2.5 % ").within == planner.Tolerance(2.5, True)
    assert wanted(3, "120").within == planner.Tolerance(120, False)
    with pytest.raises(UsageError):
        wanted(3, "a lot")


def test_the_same_command_writes_the_same_plans(run: Run, planned: Path, three: Path, tmp_path: Path) -> None:
    options = ["--alternatives", 3, "--alternatives-within", "30%", "--time-limit", 20]
    assert run("plan", planned / "scenario.yaml", "--out", tmp_path, *options).status == 0
    for name in ("plan.yaml", "alternative-2/plan.yaml", "alternative-3/plan.yaml"):
        assert (tmp_path / name).read_bytes() == (three / name).read_bytes()
