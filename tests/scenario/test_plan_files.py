"""Plans as text: what is written is read back exactly, and slips of an editor are pointed at."""

from dataclasses import replace
from pathlib import Path
from string import printable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from input_errors import Refused, assert_placed

from crossflight.errors import (
    InputError,
    PlanMismatchError,
    ReferenceInputError,
    SchemaError,
    SyntaxInputError,
)
from crossflight.model import (
    Flight,
    Plan,
    Provenance,
    Relocation,
    Scenario,
    SeatMove,
    StageResult,
    TierResult,
    TrainingSlot,
    Waiver,
)
from crossflight.scenario import (
    TEMPLATE,
    plan_text,
    read_plan,
    read_plan_text,
    read_scenario_text,
    read_unchecked_plan_text,
)
from crossflight.scenario.bounds import INSTANT_MAX, INSTANT_MIN
from crossflight.scenario.yaml_tree import CONTROL
from crossflight.times import Instant

NASTY = st.sampled_from(
    [
        "NO",
        "yes",
        "~",
        "null",
        "12:30",
        "2030-01-01",
        "1e5",
        "- x",
        "a: b",
        "#x",
        "a #b",
        "'",
        '"',
        "\\",
        "{x}",
        "[",
        "*a",
    ]
)


def is_readable(text: str) -> bool:
    return not CONTROL.search(text)


characters = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(printable.split()[0])
names = (
    (st.text(characters, min_size=1, max_size=12) | NASTY)
    .map(str.strip)
    .filter(lambda s: s and is_readable(s))
)
prose = (st.text(characters | st.just("\n"), max_size=20) | NASTY).filter(is_readable)
instants = st.integers(INSTANT_MIN.us, INSTANT_MAX.us).map(Instant)
numbers = st.floats(0, 1e11)
crews = st.lists(names, max_size=3).map(tuple)
plans = st.builds(
    Plan,
    names,
    names,
    st.lists(
        st.builds(
            Flight,
            names,
            st.sampled_from(["rotation", "visiting", "uncrewed", "cargo"]),
            names,
            names,
            names,
            instants,
            st.none() | instants,
            st.none() | names,
            st.lists(st.builds(Relocation, instants, instants, names, names), max_size=2).map(tuple),
            st.none() | instants,
            st.none() | instants,
            crews,
            crews,
            crews,
            crews,
        ),
        max_size=3,
    ).map(tuple),
    st.lists(
        st.builds(SeatMove, instants, names, names, names, st.sampled_from(["nominal", "contingency"])),
        max_size=2,
    ).map(tuple),
    st.lists(st.builds(Waiver, names, instants, instants, crews, numbers, prose), max_size=2).map(tuple),
    st.lists(st.builds(TrainingSlot, names, names, instants, instants, names), max_size=2).map(tuple),
    st.dictionaries(names, prose, max_size=2),
    st.none()
    | st.builds(
        Provenance,
        names,
        st.integers(0, 2**63 - 1),
        st.sampled_from(["optimal", "feasible", "infeasible", "unknown", "flown", "edited"]),
        numbers,
        st.lists(
            st.builds(TierResult, names, st.floats(-1e14, 1e14), st.floats(-1e14, 1e14)), max_size=2
        ).map(tuple),
        st.lists(st.builds(StageResult, names, names, numbers), max_size=2).map(tuple),
    ),
)


@settings(max_examples=200, deadline=None)
@given(plan=plans)
def test_what_is_written_is_read_back(plan: Plan) -> None:
    text = plan_text(plan)
    again = read_unchecked_plan_text(text)
    assert again == plan
    assert plan_text(again) == text


def test_a_plan_of_the_scenario_comes_back(small: Scenario, small_plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(plan_text(small_plan), encoding="utf-8")
    assert read_plan(path, small) == small_plan


def test_the_text_is_for_people(small_plan: Plan) -> None:
    assert plan_text(small_plan) == TEXT.format(hash=small_plan.scenario_digest)


TEXT = """\
schema: crossflight.plan/1
scenario:
  name: small-station
  hash: "{hash}"
solve:
  version: "0.1.0"
  seed: 3
  status: feasible
  gap: 0.1
  objective:
    - tier: waivers
      value: -1.5
      bound: 1e-17
  stages:
    - name: crew
      status: optimal
      wall_s: 0.25

flights:
  - name: Crew-1
    kind: rotation
    vehicle_type: shuttlecraft
    craft: Alba
    pad: pad-1
    launch_utc: 2029-10-01T12:00:00Z
    dock_utc: 2029-10-02T12:00:00Z
    port: fore
    relocations:
      - undock_utc: 2030-02-01T12:00:00Z
        dock_utc: 2030-02-01T12:40:30.25Z
        from_port: fore
        to_port: aft
    undock_utc: 2030-04-05T00:00:00Z
    landing_utc: 2030-04-05T12:00:00Z
    crew_up:
      - Ana Ribeiro
      - Jon Aster
      - Mia Lund
      - Tomas Vega
    crew_down:
      - Ana Ribeiro
      - Jon Aster
      - Mia Lund
      - Tomas Vega

  - name: Crew-2
    kind: rotation
    vehicle_type: shuttlecraft
    craft: Brisa
    pad: pad-1
    launch_utc: 2030-03-25T00:00:00Z
    dock_utc: 2030-03-26T00:00:00Z
    port: fore
    crew_up:
      - Ruth Okafor
      - Ivo Hale
    backup:
      - North pilot 1
      - Sara Quint

seat_moves:
  - utc: 2030-03-30T00:00:00Z
    person: Mia Lund
    from_flight: Crew-1
    to_flight: Crew-2
    kind: contingency

waivers:
  - rule: on_orbit_life
    from_utc: 2030-04-01T00:00:00Z
    to_utc: 2030-04-10T00:00:00Z
    subjects:
      - Crew-1
    price: 5.5
    reason: "weather: bad"

training:
  - person: Sara Quint
    course: shuttlecraft
    from_utc: 2030-02-01T00:00:00Z
    to_utc: 2030-02-21T00:00:00Z
    flight: Crew-2
"""


def test_a_plan_of_nothing_comes_back(small: Scenario) -> None:
    plan = Plan(small.name, small.digest, ())
    assert "flights: []" in plan_text(plan)
    assert read_plan_text(plan_text(plan), small) == plan


def test_a_plan_records_its_overrides() -> None:
    overrides = {"vehicle_types.shuttlecraft.on_orbit_life_days": "215", "title": "'a: b'"}
    scenario = read_scenario_text(TEMPLATE, "-", overrides)
    text = plan_text(Plan(scenario.name, scenario.digest, (), overrides=scenario.overrides))
    found = read_unchecked_plan_text(text)
    assert found.overrides == overrides
    assert read_plan_text(text, read_scenario_text(TEMPLATE, "-", found.overrides)) == found


def test_a_number_that_is_none_is_not_written(small_plan: Plan) -> None:
    assert small_plan.provenance is not None
    plan = replace(small_plan, provenance=replace(small_plan.provenance, gap=float("inf")))
    with pytest.raises(ValueError, match="inf"):
        plan_text(plan)


SLIPS: dict[str, tuple[str, str, type[InputError], str, str]] = {
    "another scenario": (
        "small-station",
        "large-station",
        PlanMismatchError,
        "--scenario large-station",
        "large",
    ),
    "other values": ('hash: "', 'hash: "0', PlanMismatchError, "plan again", '"0'),
    "a bare hash": ('hash: "{hash}"', "hash: 1234567890123456", SchemaError, "put it in quotes", "1234"),
    "no hash": ('  hash: "{hash}"\n', "", SchemaError, "key 'hash' of", "name: small"),
    "unknown key": ("    craft: Brisa", "    crafts: Brisa", SchemaError, "did you mean 'craft'?", "crafts"),
    "provenance": (
        "    craft: Brisa",
        "    source: x\n    craft: Brisa",
        SchemaError,
        "unknown key 'source'",
        "source",
    ),
    "wrapped": ("craft: Brisa", "craft: {value: Brisa}", SchemaError, "not a mapping", "{value"),
    "craft": ("craft: Brisa", "craft: Brise", ReferenceInputError, "did you mean 'Brisa'?", "Brise"),
    "type": ("type: shuttlecraft", "type: shuttle", ReferenceInputError, "'shuttlecraft'?", "shuttle"),
    "pad": ("pad: pad-1", "pad: pad-2", ReferenceInputError, "did you mean 'pad-1'?", "pad-2"),
    "port": ("port: fore\n    crew", "port: four\n    crew", ReferenceInputError, "'fore'?", "four"),
    "relocation port": ("to_port: aft", "to_port: aff", ReferenceInputError, "'aft'?", "aff"),
    "person": ("- Ivo Hale", "- Ivo Halle", ReferenceInputError, "'Ivo Hale'?", "Ivo Halle"),
    "person twice": ("- Ivo Hale", "- Ruth Okafor", SchemaError, "stands twice in this list", "Ruth"),
    "moved person": ("person: Mia Lund", "person: Mia", ReferenceInputError, "no person 'Mia'", "Mia"),
    "moved from": ("from_flight: Crew-1", "from_flight: Crew-9", ReferenceInputError, "no flight", "Crew-9"),
    "moved to": ("to_flight: Crew-2", "to_flight: Crew-9", ReferenceInputError, "no flight", "Crew-9"),
    "rule": (
        "rule: on_orbit_life",
        "rule: on_orbit_live",
        ReferenceInputError,
        "'on_orbit_life'?",
        "on_orbit_live",
    ),
    "flight twice": ("name: Crew-2", "name: Crew-1", SchemaError, "flight 'Crew-1' stands twice", "Crew-1"),
    "far launch": ("2030-03-25T", "2062-03-25T", SchemaError, "is outside", "2062"),
    "far landing": ("2030-04-05T12", "1999-04-05T12", SchemaError, "is outside", "1999"),
    "far relocation": ("2030-02-01T12:00", "2130-02-01T12:00", SchemaError, "is outside", "2130"),
    "far seat move": ("utc: 2030-03-30", "utc: 2020-03-30", SchemaError, "is outside", "2020"),
    "backup": ("- North pilot 1", "- North pilt 1", ReferenceInputError, "'North pilot 1'?", "North pilt"),
    "backup twice": ("- North pilot 1", "- Sara Quint", SchemaError, "twice in this list", "Sara Quint"),
    "trained person": ("person: Sara Quint", "person: Sara", ReferenceInputError, "no person 'Sara'", "Sara"),
    "course": ("course: shuttlecraft", "course: shuttle", ReferenceInputError, "'shuttlecraft'?", "shuttle"),
    "trained flight": ("flight: Crew-2\n", "flight: Crew-9\n", ReferenceInputError, "no flight", "Crew-9"),
    "training backwards": ("2030-02-21", "2030-01-21", SchemaError, "is not after", "2030-01-21"),
    "far training": ("2030-02-21", "2090-02-21", SchemaError, "is outside", "2090"),
    "waiver backwards": ("2030-04-10", "2030-03-10", SchemaError, "is not after", "2030-03-10"),
    "no such day": ("2030-03-25T", "2030-02-31T", SchemaError, "not a UTC time", "2030-02-31"),
    "kind": ("kind: rotation", "kind: rotations", SchemaError, "did you mean 'rotation'?", "rotations"),
    "flights of one": (
        "flights:\n",
        "flights: Crew-1\nwaiver:\n",
        SchemaError,
        "a list should stand here",
        "Crew-1",
    ),
    "key twice": (
        "    craft: Brisa",
        "    pad: pad-1\n    craft: Brisa",
        SyntaxInputError,
        "stands twice",
        "pad",
    ),
}


@pytest.mark.parametrize(("old", "new", "kind", "says", "at"), SLIPS.values(), ids=SLIPS)
def test_a_slip_of_the_editor_is_refused_where_it_stands(
    small: Scenario, refused: Refused, old: str, new: str, kind: type[InputError], says: str, at: str
) -> None:
    old, whole = old.format(hash=small.digest), TEXT.format(hash=small.digest)
    assert old in whole
    text = whole.replace(old, new, 1)
    error = refused(kind, says, read_plan_text, text, small, "plan.yaml")
    assert error.file == "plan.yaml"
    if kind is not SyntaxInputError:
        assert text.splitlines()[error.line - 1][error.column - 1 :].startswith(at)


def test_a_rule_may_break_but_the_plan_is_read(small: Scenario) -> None:
    """Order of events, seats and ports are for the rules to judge: an edited plan is checked as edited."""
    text = TEXT.format(hash=small.digest).replace("2030-04-05T12", "2030-03-05T12")
    plan = read_plan_text(text.replace("- Tomas Vega", "- Tomas Vega\n      - Sara Quint"), small)
    assert len(plan.flights[0].crew_up) == 5


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_mutated_plans_raise_input_errors_only(data: st.DataObject, small: Scenario) -> None:
    text = TEXT.format(hash=small.digest)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        n_cut = data.draw(st.sampled_from([0, 1, 2, 30]))
        text = text[:at] + data.draw(st.text(max_size=3) | NASTY) + text[at + n_cut :]
    try:
        plan = read_plan_text(text, small)
    except InputError as error:
        assert_placed(error)
    else:
        assert read_plan_text(plan_text(plan), small) == plan
