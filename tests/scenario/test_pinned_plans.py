"""Pins in plan files: what may be pinned, and where the reader points when something may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from input_errors import Refused, assert_placed

from crossflight.errors import InputError, PlanMismatchError, ReferenceInputError, SchemaError
from crossflight.model import PINNED_FIELDS, Flight, Plan, Scenario, pins
from crossflight.scenario import (
    TEMPLATE,
    plan_text,
    read_pinned_plan_text,
    read_plan_text,
    read_scenario_text,
)

ADDED = "Crew-3"


def pinned(plan: Plan, name: str, *what: str, **changes: object) -> Plan:
    """The plan with pins on one flight; a name that is not there becomes a copy of the last flight."""
    flights = {f.name: f for f in plan.flights}
    base: Flight = flights.get(name, replace(plan.flights[-1], name=name))
    flights[name] = replace(base, pinned=what, **changes)  # type: ignore[arg-type]  # fields by name
    return replace(plan, flights=tuple(flights.values()))


def test_pins_are_read_as_written(small: Scenario, small_plan: Plan) -> None:
    plan = pinned(small_plan, "Crew-2", "launch_utc", "port", "Ivo Hale")
    again = read_plan_text(plan_text(plan), small)
    assert again == plan
    shown = ["Crew-2 launch_utc 2030-03-25T00:00:00Z", "Crew-2 port fore", "Crew-2 crew_up Ivo Hale"]
    assert [str(p) for p in pins(again)] == shown


def test_pins_may_come_from_a_plan_made_with_other_values(small: Scenario, small_plan: Plan) -> None:
    other = read_scenario_text(TEMPLATE, "-", {"station.n_crew_max": "9"})
    text = plan_text(pinned(small_plan, "Crew-2", "port"))
    assert [p.what for p in pins(read_pinned_plan_text(text, other))] == ["port"]


def test_pins_of_another_scenario_are_refused(small: Scenario, small_plan: Plan, refused: Refused) -> None:
    text = plan_text(replace(pinned(small_plan, "Crew-2", "port"), scenario_name="elsewhere"))
    refused(PlanMismatchError, "elsewhere", read_pinned_plan_text, text, small)


def test_a_plan_without_pins_is_refused(small: Scenario, small_plan: Plan, refused: Refused) -> None:
    refused(SchemaError, "pinned: [launch_utc]", read_pinned_plan_text, plan_text(small_plan), small)


@pytest.mark.parametrize(
    ("what", "kind", "says"),
    [
        (("undock_utc",), SchemaError, "has no value"),
        (("port", "port"), SchemaError, "stands twice"),
        (("dock_utc",), SchemaError, "pin launch_utc"),
        (("landing_utc",), SchemaError, "pin undock_utc"),
        (("crew_down",), SchemaError, "crew_up"),
        (("name",), SchemaError, "cannot be pinned"),
        (("pinned",), SchemaError, "cannot be pinned"),
        (("launch_ut",), ReferenceInputError, "did you mean 'launch_utc'?"),
        (("Ivo Hall",), ReferenceInputError, "did you mean 'Ivo Hale'?"),
        (("Ana Ribeiro",), ReferenceInputError, "not in its crew_up"),
        (("",), SchemaError, "an empty name"),
        (("a\tb",), SchemaError, "tab"),
        (("x" * 201,), SchemaError, "201 characters"),
    ],
    ids=lambda x: str(x)[:20],
)
def test_pins_of_nothing_are_refused_at_their_place(
    small: Scenario,
    small_plan: Plan,
    refused: Refused,
    what: tuple[str, ...],
    kind: type[InputError],
    says: str,
) -> None:
    text = plan_text(pinned(small_plan, "Crew-2", *what))
    error = refused(kind, says, read_plan_text, text, small)
    lines = text.splitlines()
    assert lines[error.line - 1].lstrip().startswith("- ")
    assert lines.index("    pinned:") < error.line - 1 < lines.index("seat_moves:")


@pytest.mark.parametrize("what", ["launch_utc", "craft", "pad", "port", "crew_up", "Ana Ribeiro"])
def test_what_has_flown_cannot_be_pinned(
    small: Scenario, small_plan: Plan, refused: Refused, what: str
) -> None:
    text = plan_text(pinned(small_plan, "Crew-1", what))
    refused(SchemaError, "only undock_utc can be pinned", read_plan_text, text, small)


def test_the_return_of_a_docked_flight_can_be_pinned(small: Scenario, small_plan: Plan) -> None:
    plan = pinned(small_plan, "Crew-1", "undock_utc")
    assert read_plan_text(plan_text(plan), small) == plan


def test_dates_outside_the_horizon_cannot_be_pinned(
    small: Scenario, small_plan: Plan, refused: Refused
) -> None:
    for at in (small.from_utc.plus_s(-1), small.to_utc):
        text = plan_text(pinned(small_plan, "Crew-2", "launch_utc", launch_utc=at))
        refused(SchemaError, "outside the horizon", read_plan_text, text, small)
    early = plan_text(pinned(small_plan, "Crew-2", "undock_utc", undock_utc=small.from_utc))
    refused(SchemaError, "before its launch", read_plan_text, early, small)


def test_a_flight_nobody_would_add_cannot_be_pinned(
    small: Scenario, small_plan: Plan, refused: Refused
) -> None:
    plan = pinned(small_plan, "Crew-2bis", "port")
    refused(ReferenceInputError, "they are called", read_plan_text, plan_text(plan), small)
    ok = pinned(small_plan, ADDED, "port")
    assert read_plan_text(plan_text(ok), small) == ok


def test_flights_of_two_types_called_alike_cannot_be_pinned(small_plan: Plan, refused: Refused) -> None:
    scenario = read_scenario_text(TEMPLATE, "-", {"vehicle_types.freighter.flight_name": "Crew-{n}"})
    plan = replace(pinned(small_plan, ADDED, "port"), scenario_digest=scenario.digest)
    refused(SchemaError, "called alike", read_plan_text, plan_text(plan), scenario)


def test_pins_do_not_belong_in_a_scenario(refused: Refused) -> None:
    text = TEMPLATE.replace("  - flight:\n", "  - flight:\n      pinned: [port]\n", 1)
    assert text != TEMPLATE
    refused(SchemaError, "belong in a plan", read_scenario_text, text, "s.yaml")


@settings(max_examples=150, deadline=None)
@given(
    what=st.lists(
        st.sampled_from([*PINNED_FIELDS, "Ivo Hale", "Ruth Okafor", "Ana Ribeiro", "dock_utc"])
        | st.text(max_size=12),
        min_size=1,
        max_size=4,
    )
)
def test_any_list_is_read_back_or_refused_at_a_place(
    small: Scenario, small_plan: Plan, what: list[str]
) -> None:
    plan = pinned(small_plan, "Crew-2", *what)
    try:
        text = plan_text(plan)
        again = read_pinned_plan_text(text, small)
    except InputError as e:
        assert_placed(e)
        return
    assert again == plan
    can = {*PINNED_FIELDS, "Ivo Hale", "Ruth Okafor"} - {"undock_utc"}
    assert set(what) <= can
    assert len(set(what)) == len(what)
    assert [p.value is not None for p in pins(again)]
