"""``crossflight plan --keep``: what is pinned in a plan is kept, and said."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from running import Ran, Run

from crossflight import planner
from crossflight.model import pins
from crossflight.scenario import plan_text, read_plan, read_scenario


def pin(folder: Path, flight: str, what: str) -> Path:
    """Pin something of a flight in plan.yaml, as a person would."""
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    edited, n = re.subn(rf"(  - name: {flight}\n)", rf"\1    pinned: [{what}]\n", text)
    assert n == 1
    path.write_text(edited, encoding="utf-8")
    return path


def added(folder: Path) -> str:
    """A crewed flight the planner added."""
    scenario = read_scenario(folder / "scenario.yaml")
    known = {d.flight.name for d in scenario.docked} | {a.name for a in scenario.announced}
    plan = read_plan(folder / "plan.yaml", scenario)
    return next(f.name for f in plan.flights if f.kind == "rotation" and f.name not in known)


def again(run: Run, folder: Path, out: Path, *options: object) -> Ran:
    keep = folder / "plan.yaml"
    return run("plan", folder / "scenario.yaml", "--out", out, "--time-limit", 20, "--keep", keep, *options)


def test_pins_are_kept_said_and_carried_on(run: Run, folder: Path, tmp_path: Path) -> None:
    name = added(folder)
    scenario = read_scenario(folder / "scenario.yaml")
    before = read_plan(folder / "plan.yaml", scenario)
    flight = next(f for f in before.flights if f.name == name)
    moved = replace(
        flight, launch_utc=flight.launch_utc.plus_s(-86_400 + 3_723), pinned=("launch_utc", "port")
    )
    changed = replace(before, flights=tuple(moved if f.name == name else f for f in before.flights))
    (folder / "plan.yaml").write_text(plan_text(changed), encoding="utf-8")
    ran = again(run, folder, tmp_path / "p", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["conflict"] is None
    assert ran.json["pins"] == [
        {"flight": name, "what": "launch_utc", "value": moved.launch_utc.iso()},
        {"flight": name, "what": "port", "value": moved.port},
    ]
    after = read_plan(tmp_path / "p" / "plan.yaml", scenario)
    assert list(pins(after)) == [p for p in pins(after) if p.flight.name == name]
    kept = next(f for f in after.flights if f.name == name)
    assert (kept.launch_utc, kept.port, kept.pinned) == (moved.launch_utc, moved.port, moved.pinned)
    assert run("check", tmp_path / "p" / "plan.yaml").status == 0
    ran = again(run, tmp_path / "p", tmp_path / "q")
    assert ran.status == 0
    assert f"Kept: {name} port {moved.port}" in ran.out


def test_pins_in_conflict_are_named(run: Run, folder: Path, tmp_path: Path) -> None:
    name = added(folder)
    scenario = read_scenario(folder / "scenario.yaml")
    plan = read_plan(folder / "plan.yaml", scenario)
    flight = next(f for f in plan.flights if f.name == name)
    what = ("launch_utc", "port", "undock_utc")
    soon = replace(flight, undock_utc=flight.launch_utc.plus_days(1.5), pinned=what)
    changed = replace(plan, flights=tuple(soon if f.name == name else f for f in plan.flights))
    (folder / "plan.yaml").write_text(plan_text(changed), encoding="utf-8")
    ran = again(run, folder, tmp_path / "p", "--json")
    assert ran.status == 1, ran.err
    assert ran.json["conflict"]["minimal"] is True
    named = [p["what"] for p in ran.json["conflict"]["pins"]]
    assert named in (["undock_utc"], ["launch_utc", "undock_utc"])  # and never the port
    assert ran.json["conflict"]["proven"] is True
    assert f"{name} undock_utc {soon.undock_utc}" in ran.err
    assert "cannot be kept" in ran.err
    assert not (tmp_path / "p").exists()


def test_a_wrong_pin_is_pointed_at(run: Run, folder: Path, tmp_path: Path) -> None:
    path = pin(folder, added(folder), "prot")
    ran = again(run, folder, tmp_path / "p")
    assert ran.status == 3
    assert re.search(rf"{re.escape(str(path))}:\d+:14: error: there is nothing called 'prot'", ran.err)
    assert "did you mean 'port'?" in ran.err


def test_nothing_pinned_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    ran = again(run, folder, tmp_path / "p")
    assert ran.status == 3
    assert "nothing is pinned" in ran.err


def test_pins_come_from_standard_input(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = added(folder)
    text = pin(folder, name, "port").read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    ran = run(
        "plan", folder / "scenario.yaml", "--out", tmp_path / "p", "--time-limit", 20, "--keep", "-", "--json"
    )
    assert ran.status == 0
    assert [p["flight"] for p in ran.json["pins"]] == [name]


def test_a_plan_made_with_other_values_is_noted(run: Run, folder: Path, tmp_path: Path) -> None:
    pin(folder, added(folder), "port")
    ran = again(run, folder, tmp_path / "p", "--set", "station.n_crew_max=9")
    assert ran.status == 0
    assert "was made with other values" in ran.err


def test_a_pin_lost_on_the_way_is_a_bug_and_nothing_is_written(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(folder, added(folder), "launch_utc")
    path = folder / "plan.yaml"
    path.write_text(
        re.sub(
            r"(pinned: .*\n(?:.*\n)*?    launch_utc: \S+?):00Z", r"\1:07Z", path.read_text("utf-8"), count=1
        ),
        encoding="utf-8",
    )
    solve = planner.plan
    monkeypatch.setattr(planner, "plan", lambda s, **k: solve(s, **{**k, "pins": ()}))
    ran = again(run, folder, tmp_path / "p")
    assert ran.status == 70
    assert "has not kept 1 of 1 pins" in ran.err
    assert not (tmp_path / "p").exists()
