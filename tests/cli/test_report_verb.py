"""``crossflight report``: a plan's report anew, with flights that were flown."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from running import Run

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))  # the flight that is flown there
from flown_flight import flown_view
from found_stability import agreements_document


def crewed(folder: Path, run: Run) -> str:
    """A flight of the plan that carries people."""
    lines = (folder / "plan.yaml").read_text("utf-8").splitlines()
    at = next(k for k, line in enumerate(lines) if "kind: rotation" in line)
    return lines[at - 1].split("name: ")[1].strip()


def flown(place: Path, name: str) -> Path:
    place.mkdir()
    (place / "flight.json").write_text(json.dumps(flown_view(name=name)), encoding="utf-8")
    return place


def test_a_plan_is_reported_with_a_flown_flight(run: Run, folder: Path, tmp_path: Path) -> None:
    name = crewed(folder, run)
    out = tmp_path / "new" / "report.html"
    ran = run("report", folder / "plan.yaml", "--flight", flown(tmp_path / "f", name), "--out", out, "--json")
    assert ran.status == 0
    assert ran.json == {"schema": "crossflight.report/1", "file": str(out), "ok": True, "flown": [name]}
    page = out.read_text("utf-8")
    assert 'id="globe-script"' in page
    assert "flown: docked" in page
    assert 'id="page-timeline"' in page
    assert 'id="page-stability"' in page


def test_without_flights_it_is_the_report_of_the_plan(run: Run, folder: Path, tmp_path: Path) -> None:
    ran = run("report", folder / "plan.yaml", "--out", tmp_path / "r.html")
    assert ran.status == 0
    assert 'id="globe-script"' not in (tmp_path / "r.html").read_text("utf-8")


def test_another_plan_of_the_scenario_stands_behind_it(run: Run, folder: Path, tmp_path: Path) -> None:
    name = crewed(folder, run)
    text = (folder / "plan.yaml").read_text("utf-8")
    before = tmp_path / "before.yaml"
    port = text.split(f"name: {name}\n")[1].split("port: ")[1].split("\n")[0]
    before.write_text(text.replace(f"port: {port}\n", "port: elsewhere\n"), encoding="utf-8")
    out = tmp_path / "r.html"
    assert run("report", folder / "plan.yaml", "--baseline", before, "--out", out).status == 0
    page = out.read_text("utf-8")
    assert '"tone":"ghost"' in page
    assert f"port {port} instead of elsewhere" in page


def test_what_was_over_before_the_scenario_begins_is_not_told_as_dropped(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before.yaml"
    text = (folder / "plan.yaml").read_text("utf-8")
    past = (
        "  - name: {}\n    kind: rotation\n    vehicle_type: soyuz-ms\n    craft: Old\n    pad: baikonur-31\n"
        '    launch_utc: "{}"\n    dock_utc: "{}"\n    port: rassvet\n'
        '    undock_utc: "{}"\n    landing_utc: "{}"\n'
    )
    dates = ("-01-01T00:00:00Z", "-01-01T06:00:00Z", "-03-01T00:00:00Z", "-03-01T04:00:00Z")
    added = [
        past.format(name, *(year + d for d in dates)) for name, year in (("Old 1", "2001"), ("New 1", "2099"))
    ]
    before.write_text(text.replace("flights:\n", "flights:\n" + "".join(added), 1), encoding="utf-8")
    out = tmp_path / "r.html"
    assert run("report", folder / "plan.yaml", "--baseline", before, "--out", out).status == 0
    page = out.read_text("utf-8")
    assert "New 1" in page
    assert "Old 1" not in page


def test_a_baseline_of_another_scenario_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    text = (folder / "plan.yaml").read_text("utf-8")
    name = text.split("  name: ")[1].split("\n")[0]
    other.write_text(text.replace(f"  name: {name}\n", "  name: mir\n", 1), encoding="utf-8")
    ran = run("report", folder / "plan.yaml", "--baseline", other, "--out", tmp_path / "r.html")
    assert ran.status == 3
    assert "a plan of scenario 'mir'" in ran.err
    assert not (tmp_path / "r.html").exists()


def digest_of(folder: Path) -> str:
    lines = (folder / "plan.yaml").read_text("utf-8").splitlines()
    return next(line for line in lines if "hash:" in line).split('"')[1]


def test_plans_under_other_terms_stand_on_the_stability_page(run: Run, folder: Path, tmp_path: Path) -> None:
    found = agreements_document(digest_of(folder))
    (tmp_path / "agreements.json").write_text(json.dumps(found), encoding="utf-8")
    out = tmp_path / "r.html"
    ran = run("report", folder / "plan.yaml", "--agreements", tmp_path, "--out", out)
    assert ran.status == 0
    assert 'id="table-terms-buy"' in out.read_text("utf-8")


def test_agreements_of_another_scenario_are_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    found = agreements_document("cd" * 8)
    (tmp_path / "agreements.json").write_text(json.dumps(found), encoding="utf-8")
    ran = run("report", folder / "plan.yaml", "--agreements", tmp_path, "--out", tmp_path / "r.html")
    assert ran.status == 3
    assert "hash cdcdcdcdcdcdcdcd" in ran.err
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    ("case", "status", "said"),
    [
        ("other", 2, "is no flight of the plan"),
        ("twice", 2, "a second time"),
        ("nothing", 3, "cannot be read"),
        ("folder", 2, "is a folder"),
    ],
)
def test_what_cannot_be_reported_is_refused_and_nothing_written(
    run: Run, folder: Path, tmp_path: Path, case: str, status: int, said: str
) -> None:
    name = crewed(folder, run)
    one = flown(tmp_path / "one", "Nobody's" if case == "other" else name)
    flights = {
        "other": [one],
        "twice": [one, flown(tmp_path / "two", name)],
        "nothing": [tmp_path / "none"],
        "folder": [one],
    }[case]
    out = tmp_path if case == "folder" else tmp_path / "r.html"
    options = [x for place in flights for x in ("--flight", place)]
    ran = run("report", folder / "plan.yaml", *options, "--out", out)
    assert ran.status == status
    assert said in ran.err
    assert not (tmp_path / "r.html").exists()
