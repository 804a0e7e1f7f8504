"""``crossflight slip``: the contract for scripts, what people see, what is refused."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from running import Run
from yaml import safe_load


def first_crew(folder: Path) -> str:
    """A crewed flight that is launched within the plan."""
    plan = safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))
    scenario = safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    docked = {d["flight"]["name"] for d in scenario.get("docked", [])}
    return str(next(f["name"] for f in plan["flights"] if f.get("crew_up") and f["name"] not in docked))


def test_document_has_the_shape_of_the_contract(run: Run, folder: Path) -> None:
    name = first_crew(folder)
    ran = run("slip", folder / "plan.yaml", name, "--days", "0..3", "--json")
    assert ran.status == 0
    found = ran.json
    assert found["schema"] == "crossflight.slip/1"
    assert found["flight"] == name
    assert [d["days"] for d in found["days"]] == [0, 1, 2, 3]
    first = found["days"][0]
    assert first["launch_utc"] == found["planned"]["launch_utc"]
    assert first["dock_utc"] == found["planned"]["dock_utc"]
    assert first["alone"]["ok"]
    assert first["alone"]["violations"] == []
    assert first["alone"]["unattended_days"] == found["as_planned"]["unattended_days"]
    for d in found["days"]:
        assert d["has_opportunity"] == (d["launch_utc"] is not None) == (d["alone"] is not None)
        assert d["launch_utc"] is None or d["launch_utc"][:10] == d["date"]


def test_people_see_a_table_and_sentences(run: Run, folder: Path) -> None:
    name = first_crew(folder)
    ran = run("slip", folder / "plan.yaml", name, "--days=-2..40")
    assert ran.status == 0
    for said in (f"{name}, planned for", "lift-off UTC", "docking UTC", "verdict", "holds", "+40"):
        assert said in ran.out, said
    assert f"{name}: with nothing else moved the plan holds" in ran.out or "holds on no day" in ran.out


def test_the_plans_of_the_days_can_be_checked(run: Run, folder: Path, tmp_path: Path) -> None:
    name = first_crew(folder)
    out = tmp_path / "slips"
    ran = run("slip", folder / "plan.yaml", name, "--days", "1..2", "--out", out, "--json")
    assert ran.status == 0
    assert json.loads((out / "slip.json").read_text(encoding="utf-8")) == ran.json
    with (out / "slip.csv").open(encoding="utf-8", newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["date", *(d["date"] for d in ran.json["days"])]
    plan = safe_load((out / "plan+001.yaml").read_text(encoding="utf-8"))
    moved = next(f for f in plan["flights"] if f["name"] == name)
    assert str(moved["launch_utc"])[:10] == ran.json["days"][0]["date"]
    assert run("check", out / "plan+001.yaml", "--json").status in (0, 1)


@pytest.mark.parametrize("days", ["0..", "..3", "a..b", "5..2", "0..500", "-90..0", "1.5", "", "0..14..20"])
def test_days_that_are_none(run: Run, folder: Path, days: str) -> None:
    ran = run("slip", folder / "plan.yaml", first_crew(folder), f"--days={days}")
    assert ran.status == 2
    assert "--days" in ran.err
    assert "0..14" in ran.err


def test_what_is_refused(run: Run, folder: Path) -> None:
    name = first_crew(folder)
    unknown = run("slip", folder / "plan.yaml", name + "x")
    assert unknown.status == 2
    assert name in unknown.err
    scenario = safe_load((folder / "scenario.yaml").read_text(encoding="utf-8"))
    for d in scenario.get("docked", []):
        gone = run("slip", folder / "plan.yaml", d["flight"]["name"])
        assert gone.status == 2
        assert "cannot slip" in gone.err
    assert run("slip", folder / "nowhere.yaml", name).status == 3
    assert run("slip", "-", name, "--scenario", "-").status == 2
    (folder / "file").write_text("", encoding="utf-8")
    assert run("slip", folder / "plan.yaml", name, "--out", folder / "file").status == 2


def test_a_plan_of_another_scenario(run: Run, folder: Path) -> None:
    ran = run("slip", folder / "plan.yaml", first_crew(folder), "--scenario", "commercial", "--json")
    assert ran.status == 3
    assert ran.json["error"]["code"] == "plan-mismatch"
