"""What `crossflight agreements` has written, read for the report; what is not of that shape is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from drawn_plan import drawn
from found_stability import Document, agreements_document, agreements_variant

from crossflight.app.agreements_file import read_agreements
from crossflight.errors import InputError, PlanMismatchError, SchemaError


@pytest.fixture
def write(tmp_path: Path) -> Callable[[object], str]:
    def act(value: object) -> str:
        place = tmp_path / "agreements.json"
        place.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return str(place)

    return act


def test_plans_under_terms_are_read(write: Callable[[object], str]) -> None:
    path = write(agreements_document("ab" * 32))
    today, none = read_agreements(path, drawn().scenario)
    assert (today.name, none.name) == ("today", "none")
    assert (today.is_same_traffic, none.is_same_traffic) == (False, True)
    assert none.uncovered == {"West": 12.5}
    assert none.endurance == {"West": math.inf}
    assert none.expected is not None
    assert (none.expected.mean, none.expected.low, none.expected.high) == (4.5, 4.0, 5.0)
    assert (none.prices[0].n_given, none.prices[0].months) == (3, 2.5)
    assert read_agreements(str(Path(path).parent), drawn().scenario) == (today, none)


def test_terms_without_a_plan_are_left_out(write: Callable[[object], str]) -> None:
    made = agreements_document("ab" * 32)
    made["variants"][1] |= {"folder": None, "segments": {}, "partners": {}, "expected_unattended_days": None}
    assert len(read_agreements(write(made), drawn().scenario)) == 1


def test_agreements_of_another_scenario_are_refused(write: Callable[[object], str]) -> None:
    made = agreements_document("ab" * 32)
    made["scenario"]["hash"] = "cd" * 32
    with pytest.raises(PlanMismatchError, match="bird-rock, hash cdcdcdcdcdcdcdcd"):
        read_agreements(write(made), drawn().scenario)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda d: d.update(schema="crossflight.plan/1"), "schema is 'crossflight.plan/1'"),
        (lambda d: d.pop("variants"), "variants is missing"),
        (lambda d: d.update(variants=[]), "it has 0 plans"),
        (lambda d: d.update(variants=[agreements_variant("today")] * 41), "it has 41 plans"),
        (lambda d: d["variants"].pop(0), "no plan under today's terms"),
        (lambda d: d["variants"][0].update(title=7), r"variants\[0\].title is not a text"),
        (lambda d: d["variants"][0].update(title="x" * 201), r"variants\[0\].title is not a text"),
        (
            lambda d: d["variants"][0]["segments"]["West"].update(operator_n1_days=True),
            r"variants\[0\].segments.West.operator_n1_days is not a number",
        ),
        (
            lambda d: d["variants"][0]["segments"]["West"].update(operator_n1_days=math.nan),
            "is not a finite number",
        ),
        (
            lambda d: d["variants"][0]["less_today"].update(ci95=[1.0]),
            r"less_today.ci95 is not a list of 2",
        ),
        (lambda d: d["variants"][0].update(partners=[]), r"variants\[0\].partners is not a mapping"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(
    write: Callable[[object], str], spoil: Callable[[Document], object], said: str
) -> None:
    made = agreements_document("ab" * 32)
    spoil(made)
    with pytest.raises(InputError, match=said) as caught:
        read_agreements(write(made), drawn().scenario)
    assert caught.value.file.endswith("agreements.json")
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "[" * 50_000, "{]", "[1, 2]"])
def test_what_is_no_such_document_is_refused(write: Callable[[object], str], text: str) -> None:
    with pytest.raises(SchemaError):
        read_agreements(write(text), drawn().scenario)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_agreements(str(tmp_path / "nothing.json"), drawn().scenario)
