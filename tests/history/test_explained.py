"""Everything the checker reports about what was flown is explained, and nothing else is."""

from collections import Counter
from dataclasses import replace

import pytest

from crossflight.history import explain, explanations, flown_plan, flown_scenario
from crossflight.model import Scenario, Violation
from crossflight.rules import REGISTRY, check


@pytest.fixture(scope="module")
def violations(flown_library: Scenario) -> tuple[Violation, ...]:
    scenario = flown_scenario(flown_library)
    return check(scenario, flown_plan(scenario))


def test_every_violation_has_exactly_one_explanation(violations: tuple[Violation, ...]) -> None:
    matched, _ = explain(violations, explanations())
    assert [(v, len(rows)) for v, rows in matched if len(rows) != 1] == []


def test_every_explanation_explains_something(violations: tuple[Violation, ...]) -> None:
    _, unused = explain(violations, explanations())
    assert unused == ()


def test_explanations_name_rules() -> None:
    ids = {module.RULE.id for module in REGISTRY}
    assert {row.rule for row in explanations()} <= ids


def test_a_new_violation_would_be_noticed(flown_library: Scenario) -> None:
    scenario = flown_scenario(flown_library)
    plan = flown_plan(scenario)
    # Rubio's liner never went to Endurance: its episode is gone, and his later move makes no sense.
    moved = [m for m in plan.seat_moves if m.person != "Francisco Rubio" or m.to_flight != "Crew-5"]
    found = check(scenario, replace(plan, seat_moves=tuple(moved)))
    matched, unused = explain(found, explanations())
    assert unused
    assert any(not rows for _, rows in matched)


def test_rules_that_are_off_are_few_and_known(flown_library: Scenario) -> None:
    off = Counter(s.severity for s in flown_library.rules.values())["off"]
    assert off <= 2
