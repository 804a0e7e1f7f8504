"""``crossflight agreements``: tables, JSON, files that the other verbs read, and what it refuses."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from xml.etree import ElementTree

import pytest
from running import Run

# The template's station for longer, with crews of one side too and people enough for them.
LONGER = {
    "to_utc": "2031-08-01",
    "vehicle_types.shuttlecraft.crew_patterns": "[{North: 3, South: 1}, {North: 4}]",
} | {
    f"people.+North {i}": "{agency: NSA, commander_of: [shuttlecraft], qualifications: [{segment: core}]}"
    for i in range(4)
}
CHEAP = ("--time-limit", 5, "--samples", 600, *(x for p, v in LONGER.items() for x in ("--set", f"{p}={v}")))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the template's station gives, with its agreement; made once."""
    from crossflight.cli import main

    folder = tmp_path_factory.mktemp("agreements")
    assert main(["init", str(folder)]) == 0
    arguments = ["agreements", str(folder / "scenario.yaml"), "--out", str(folder / "out"), *map(str, CHEAP)]
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        assert main(arguments) == 0
    (folder / "said.txt").write_text(out.getvalue() + err.getvalue())
    return folder


def document(written: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((written / "out" / "agreements.json").read_text())
    return found


def test_document_has_the_shape_of_the_contract(written: Path) -> None:
    found = document(written)
    assert found["schema"] == "crossflight.agreements/1"
    assert found["samples"] == 600
    variants = found["variants"]
    assert isinstance(variants, list)
    assert [(v["terms"], v["traffic"]) for v in variants] == [
        ("today", "planned"),
        ("none", "planned"),
        ("none", "today"),
        ("one-swap-a-year", "planned"),
        ("one-swap-a-year", "today"),
        ("to-2030", "planned"),
        ("to-2030", "today"),
    ]
    for v in variants:
        assert v["folder"] is not None, v["message"]
        assert set(v["partners"]) == {"North", "South"}
        for s in v["segments"].values():
            assert s["operator_n1_days"] >= 0
        low, high = v["less_today"]["ci95"]
        assert low <= v["less_today"]["mean"] <= high
    assert variants[0]["less_today"] == {"mean": 0.0, "ci95": [0.0, 0.0]}


def test_terms_decide_who_flies_and_what_it_costs(written: Path) -> None:
    variants = document(written)["variants"]
    assert isinstance(variants, list)
    given = {(v["terms"], v["traffic"]): v["partners"]["North"]["seats_given"] for v in variants}
    # Crew-2 is launched within the lead under any terms, Crew-3 later in the same year, Crew-4 in the next.
    assert given["today", "planned"] == 3
    assert given["none", "today"] == 1
    assert given["one-swap-a-year", "today"] == 2
    assert given["to-2030", "today"] == 2
    for v in variants:
        assert v["partners"]["South"]["seats_taken"] == v["partners"]["North"]["seats_given"]


def test_every_plan_stands_with_its_scenario(run: Run, written: Path) -> None:
    variants = document(written)["variants"]
    assert isinstance(variants, list)
    for v in variants:
        plan = written / "out" / v["folder"] / "plan.yaml"
        ran = run("check", plan, "--json")
        assert ran.status == 0, (v["folder"], ran.err)
        if v["folder"] not in ("today", "none"):
            continue
        ran = run("stress", plan, "--samples", 600, "--seed", 1, "--json")
        assert ran.json["n1"]["operator"]["days"] == v["segments"]["core"]["operator_n1_days"]
        # The same luck as in the comparison.
        assert ran.json["expected_unattended_days"] == v["expected_unattended_days"]


def test_the_same_traffic_has_the_same_crewed_flights(written: Path) -> None:
    from crossflight.scenario import read_plan, read_scenario

    def traffic(folder: str) -> list[tuple[object, ...]]:
        here = written / "out" / folder
        plan = read_plan(here / "plan.yaml", read_scenario(here / "scenario.yaml"))
        return [
            (f.name, f.launch_utc, f.undock_utc, f.craft, f.port) for f in plan.flights if f.kind != "cargo"
        ]

    assert traffic("none-same-traffic") == traffic("today")


def test_plot_is_drawn_and_names_every_plan(written: Path) -> None:
    ElementTree.parse(written / "out" / "agreements.svg")


def test_people_see_two_tables_and_what_is_left_out(written: Path) -> None:
    shown = (written / "said.txt").read_text()
    for said in (
        "What it buys",
        "What it costs",
        "today's terms",
        "one swap a year",
        "less today's",
        "left out: prolonged to 2028 comes to the same as no swaps",
    ):
        assert said in shown, said


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("commercial",), 2, "commercial has no agreement about seats"),
        (("iss-2026", "--samples", 0), 2, "0 samples are asked for"),
        (("nowhere.yaml",), 3, "nowhere.yaml"),
        (("iss-2026", "--set", "agreements"), 2, "this is not PATH=VALUE"),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, arguments: tuple[object, ...], status: int, said: str) -> None:
    ran = run("agreements", *arguments, "--json")
    assert ran.status == status
    assert said in ran.json["error"]["message"]


def test_it_is_not_written_over_a_file(run: Run, written: Path) -> None:
    ran = run("agreements", written / "scenario.yaml", "--out", written / "scenario.yaml", "--json")
    assert ran.status == 2
    assert "not a folder" in ran.json["error"]["message"]
