"""``crossflight import`` and ``crossflight export`` as commands."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from running import Run

MANIFEST = """date,flight,event,vehicle type,port
2023-01-01,Crew-5,launch,Crew Dragon,N2 Fwd
2023-01-02,Crew-5,dock,Crew Dragon,N2 Fwd
2023-05-02,Crew-5,undock,Crew Dragon,N2 Fwd
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    (tmp_path / "m.csv").write_text(MANIFEST, encoding="utf-8")
    return tmp_path / "m.csv"


def test_an_import_writes_an_ordinary_plan(run: Run, manifest: Path, tmp_path: Path) -> None:
    ran = run("import", manifest, "--out", tmp_path / "plan")
    assert ran.status == 0, ran.err
    assert ran.out.startswith(
        "OK: nothing in the manifest breaks the rules of iss-flown, 2023-01-01 to 2023-05-03"
    )
    assert sorted(p.name for p in (tmp_path / "plan").iterdir()) == [
        "plan.yaml",
        "report.html",
        "scenario.yaml",
    ]
    checked = run("check", tmp_path / "plan" / "plan.yaml")
    assert checked.status == 0
    assert "unattended" not in checked.out
    against = run("audit", "--against", tmp_path / "plan" / "plan.yaml")
    assert against.status == 0
    assert "planned: unattended" not in against.out
    assert "flown: unattended" in against.out


def test_without_a_folder_nothing_is_written(run: Run, manifest: Path) -> None:
    before = sorted(manifest.parent.iterdir())
    assert run("import", manifest).status == 0
    assert sorted(manifest.parent.iterdir()) == before


def test_json_of_an_import(run: Run, manifest: Path) -> None:
    ran = run("import", manifest, "--json")
    assert (ran.status, ran.json["schema"], ran.json["ok"], ran.json["layout"]) == (
        0,
        "crossflight.import/1",
        True,
        "long",
    )
    (flight,) = ran.json["flights"]
    assert flight["times"]["dock"] == {"utc": "2023-01-02T18:00:00Z", "precision": "day", "row": 3}
    assert flight["crew_up"] is None


def test_violations_give_status_1(run: Run, manifest: Path) -> None:
    manifest.write_text(MANIFEST + "2023-03-02,Ax-2,dock,PAM - SpaceX,N2 Fwd\n", encoding="utf-8")
    ran = run("import", manifest)
    assert ran.status == 1
    assert ran.out.startswith("1 violation of iss-flown")
    assert "Crew-5 and Ax-2 both at Harmony forward" in ran.out
    assert "[rows 2, 3, 4, 5]" in ran.out
    assert run("import", manifest, "--json").status == 1


def test_rows_that_cannot_be_taken_are_listed_with_status_3(run: Run, manifest: Path, tmp_path: Path) -> None:
    text = MANIFEST.replace("2023-01-02", "03/04/2023").replace(
        "2023-05-02,Crew-5,undock", "2023-05-02,Crew-5,undok"
    )
    manifest.write_text(text, encoding="utf-8")
    ran = run("import", manifest, "--out", tmp_path / "plan")
    assert ran.status == 3
    assert "m.csv, row 3, column 1: '03/04/2023' is ambiguous" in ran.err
    assert "m.csv, row 4, column 3: 'undok' is not an event (did you mean 'undock'?)" in ran.err
    assert not (tmp_path / "plan").exists()
    as_json = run("import", manifest, "--json")
    assert as_json.json["error"]["code"] == "manifest"
    assert list(as_json.json["error"]) == ["code", "message", "hint", "file", "line", "column"]


def test_import_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(MANIFEST.encode()), encoding="utf-8"))
    assert run("import", "-").status == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["nowhere.csv"], 3),
        (["-", "--scenario", "-"], 2),
        (["nowhere.doc"], 2),
        (["nowhere.csv", "--sheet", "flights"], 2),
        (["nowhere.xlsx"], 3),
    ],
)
def test_wrong_arguments(run: Run, arguments: list[str], status: int) -> None:
    ran = run("import", *arguments)
    assert ran.status == status
    assert ran.err.count("error: ") == 1


def test_settings_hold_for_the_import(run: Run, manifest: Path, tmp_path: Path) -> None:
    life = "vehicle_types.crew-dragon.on_orbit_life_days=100"
    ran = run("import", manifest, "--set", life, "--out", tmp_path / "plan", "--json")
    assert [f["rule"] for f in ran.json["findings"]] == ["on_orbit_life"]
    assert run("check", tmp_path / "plan" / "plan.yaml").status == 1


def test_names_cannot_steer_the_terminal(run: Run, manifest: Path) -> None:
    manifest.write_text(MANIFEST.replace("N2 Fwd", "N2\x1b[2JFwd\u202e"), encoding="utf-8")
    ran = run("import", manifest)
    assert ran.status == 3
    assert "\x1b" not in ran.out + ran.err
    assert "\u202e" not in ran.out + ran.err


def test_export_writes_what_is_asked_for(run: Run, planned: Path, tmp_path: Path) -> None:
    plan = planned / "plan.yaml"
    ran = run(
        "export",
        plan,
        "--xlsx",
        tmp_path / "x" / "a.xlsx",
        "--csv",
        tmp_path / "a.csv",
        "--ical",
        tmp_path / "a.ics",
    )
    assert ran.status == 0, ran.err
    assert ran.out.splitlines() == [
        f"wrote {tmp_path / 'x' / 'a.xlsx'}",
        f"wrote {tmp_path / 'a.csv'}",
        f"wrote {tmp_path / 'a.ics'}",
    ]
    for name in ("a.csv", "x/a.xlsx"):
        back = run("import", tmp_path / name, "--scenario", planned / "scenario.yaml", "--json")
        assert back.status == 0, back.out
        # CSV has no place for training.
        not_judged = [x["rule"] for x in back.json["not_judged"]]
        assert not_judged == (["training"] if name == "a.csv" else [])
        assert not back.json["undecided"]
    as_json = run("export", plan, "--csv", tmp_path / "b.csv", "--json")
    assert as_json.json == {
        "schema": "crossflight.export/1",
        "files": [str(tmp_path / "b.csv")],
        "n_violations": 0,
    }
    assert (tmp_path / "b.csv").read_bytes() == (tmp_path / "a.csv").read_bytes()


def test_a_workbook_takes_waivers_along(run: Run, folder: Path, tmp_path: Path) -> None:
    plan = folder / "plan.yaml"
    span = "from_utc: 2030-02-01, to_utc: 2030-03-01"
    waiver = f"  - {{rule: on_orbit_life, {span}, subjects: [Crew-1], reason: '=1'}}"
    plan.write_text(f"{plan.read_text(encoding='utf-8')}waivers:\n{waiver}\n", encoding="utf-8")
    ran = run("export", plan, "--xlsx", tmp_path / "a.xlsx", "--csv", tmp_path / "a.csv")
    assert "no place in a CSV manifest" in ran.err
    back = run("import", tmp_path / "a.xlsx", "--scenario", folder / "scenario.yaml", "--out", tmp_path / "b")
    assert back.status == 0, back.err
    assert run("diff", plan, tmp_path / "b" / "plan.yaml").out.startswith(
        "The flights of the two plans are the same"
    )
    text = (tmp_path / "b" / "plan.yaml").read_text(encoding="utf-8")
    assert 'reason: "=1"' in text
    assert "rule: on_orbit_life" in text


def test_export_of_nothing(run: Run, planned: Path) -> None:
    ran = run("export", planned / "plan.yaml")
    assert ran.status == 2
    assert "--xlsx" in ran.err
