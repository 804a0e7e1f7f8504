"""``crossflight diff``: two plans compared in the words of the field."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from running import Run

from crossflight.model import Change, Flight, Plan, Relocation, difference
from crossflight.scenario import plan_text, read_plan, read_scenario
from crossflight.times import Instant

AT = Instant.parse("2030-03-25T12:00")
FLIGHT = Flight(
    "Crew-2", "rotation", "T", "Brisa", "pad-1", AT, AT.plus_days(1), "fore", undock_utc=AT.plus_days(100),
    crew_up=("A", "B"), crew_down=("A", "B"),
)  # fmt: skip


def said(**changes: object) -> str:
    before, after = Plan("s", "h", (FLIGHT,)), Plan("s", "h", (replace(FLIGHT, **changes),))  # type: ignore[arg-type]  # fields by name
    return "; ".join(words for _, words in difference(before, after).by_flight(is_cargo=False))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"launch_utc": AT.plus_days(12)}, "launch 12 d later (2030-04-06)"),
        ({"launch_utc": AT.plus_days(-0.25)}, "launch 6.0 h earlier (2030-03-25)"),
        ({"undock_utc": None}, "undocking none, it stays docked"),
        ({"port": "aft"}, "port aft instead of fore"),
        ({"craft": "Alba", "pad": "p"}, "craft Alba instead of Brisa; pad p instead of pad-1"),
        ({"crew_up": ("C", "A"), "crew_down": ("A", "C")}, "crew up: C for B"),
        ({"crew_up": ("B", "A")}, ""),
        ({"crew_down": ("A",)}, "crew down: nobody for B"),
        ({"pinned": ("port",)}, ""),
        (
            {"relocations": (Relocation(AT.plus_days(9), AT.plus_days(9), "fore", "aft"),)},
            "relocations aft on 2030-04-03 instead of none",
        ),
    ],
)
def test_each_change_has_its_words(changes: dict[str, object], words: str) -> None:
    assert said(**changes) == words


def test_flights_added_and_dropped() -> None:
    other = replace(FLIGHT, name="Crew-3", launch_utc=AT.plus_days(50))
    found = difference(Plan("s", "h", (FLIGHT,)), Plan("s", "h", (other,)))
    assert found.changes == (
        Change("Crew-2", False, "dropped", before=AT),
        Change("Crew-3", False, "added", after=AT.plus_days(50)),
    )
    assert found.days_moved == 0


def test_days_moved_are_those_of_crewed_launches() -> None:
    cargo = replace(FLIGHT, name="Cargo-1", kind="cargo")
    before = Plan("s", "h", (FLIGHT, cargo))
    after = Plan("s", "h", tuple(replace(f, launch_utc=AT.plus_days(-3)) for f in before.flights))
    found = difference(before, after)
    assert found.days_moved == 3
    assert [c.flight for c in found.moved(2.9)] == ["Crew-2"]
    assert found.moved(3.0) == ()


def test_it_is_read_both_ways(run: Run, folder: Path, tmp_path: Path) -> None:
    scenario = read_scenario(folder / "scenario.yaml")
    plan = read_plan(folder / "plan.yaml", scenario)
    last = plan.flights[-1]
    later = replace(last, launch_utc=last.launch_utc.plus_days(2))
    other = tmp_path / "other.yaml"
    other.write_text(plan_text(replace(plan, flights=(*plan.flights[:-1], later))), encoding="utf-8")
    for a, b, days in ((folder / "plan.yaml", other, 2.0), (other, folder / "plan.yaml", -2.0)):
        ran = run("diff", a, b, "--json")
        assert ran.status == 0
        assert ran.json["schema"] == "crossflight.diff/1"
        assert list(ran.json) == ["schema", "before", "after", "days_moved", "changes"]
        assert [(c["flight"], c["what"], c["days"]) for c in ran.json["changes"]] == [
            (last.name, "launch", days)
        ]
    shown = run("diff", folder / "plan.yaml", other)
    assert "launch 2 d later" in shown.out


def test_a_plan_is_the_same_as_itself(run: Run, planned: Path) -> None:
    ran = run("diff", planned / "plan.yaml", planned / "plan.yaml")
    assert ran.status == 0
    assert "are the same" in ran.out


def test_plans_of_two_scenarios_are_refused(run: Run, folder: Path, tmp_path: Path) -> None:
    text = (folder / "plan.yaml").read_text("utf-8").replace("name: small-station", "name: elsewhere", 1)
    (tmp_path / "b.yaml").write_text(text, encoding="utf-8")
    ran = run("diff", folder / "plan.yaml", tmp_path / "b.yaml", "--json")
    assert ran.status == 3
    assert ran.json["error"]["code"] == "plan-mismatch"


def test_two_plans_from_one_standard_input_are_refused(run: Run) -> None:
    assert run("diff", "-", "-").status == 2


def test_a_name_cannot_steer_the_terminal(run: Run, folder: Path, tmp_path: Path) -> None:
    text = (folder / "plan.yaml").read_text("utf-8")
    name = "<b>\u200fevil</b>"
    plan = tmp_path / "b.yaml"
    plan.write_text(text.replace("    port: fore\n", f'    port: "{name}"\n', 1), encoding="utf-8")
    ran = run("diff", folder / "plan.yaml", plan)
    assert ran.status == 0
    assert "\u200f" not in ran.out
