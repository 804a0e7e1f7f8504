"""A day on which a craft has undocked and not landed: its crew is in flight, and nothing of it is lost."""

from __future__ import annotations

import pytest

from crossflight.model import Flight, Plan
from crossflight.resilience.advanced import begin_of
from crossflight.times import Instant


@pytest.mark.parametrize(
    ("as_of", "begin"),
    [
        ("2030-03-02", "2030-03-01"),  # on its way home since the evening before
        ("2030-03-02T01:00", "2030-03-01"),
        ("2030-03-02T05:00", "2030-03-02"),  # landed
        ("2030-03-01T12:00", "2030-03-01"),  # docked
        ("2029-09-02", "2029-09-01"),  # on its way up
    ],
)
def test_the_scenario_begins_before_a_craft_left_that_has_not_landed(as_of: str, begin: str) -> None:
    at = Instant.parse
    flight = Flight(
        "X-1", "rotation", "X", "X 1", "pad", at("2029-09-01T12:00"), at("2029-09-02T06:00"), "port", (),
        at("2030-03-01T20:00"), at("2030-03-02T03:00"),
    )  # fmt: skip
    assert begin_of(Plan("tiny", "", (flight,)), at(as_of)) == at(begin)
