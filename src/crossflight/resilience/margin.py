"""How far each flight can slip alone before the checker refuses the plan, and the rule that ends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from crossflight.model import Flight, Plan, Scenario, Violation
from crossflight.rules import Walk, check_walk

DAYS_MAX: Final = 120
# A slip is what happens, not what the planner may choose: the window of an announced flight does not bound
# it.  Which hours the orbit offers on another day is not asked either; days are whole.
SET_ASIDE: Final = ("announced_flight", "launch_opportunity", "landing_opportunity", "solar_beta")

_Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SlipMargin:
    """A flight may slip by `days` whole days, and by every number of days below; one more breaks `rule`.

    `rule` is empty where nothing ended it by `DAYS_MAX` days.
    """

    flight: str
    days: int
    rule: str
    message: str


def slip_margins(scenario: Scenario, plan: Plan) -> Iterator[SlipMargin]:
    """Of every flight with a crew that is launched after the scenario begins, everything else fixed.

    Failures that the plan has as it is, by rule and subjects, are not held against a slip.
    """
    off = {r: replace(scenario.rules[r], severity="off") for r in SET_ASIDE if r in scenario.rules}
    scenario = replace(scenario, rules={**scenario.rules, **off}, opportunities=None)
    before = {_key(v) for v in _failures(scenario, plan)}
    for place, flight in enumerate(plan.flights):
        if flight.crew_up and scenario.from_utc <= flight.launch_utc < scenario.to_utc:
            yield _margin(scenario, plan, place, before)


def _margin(scenario: Scenario, plan: Plan, place: int, before: set[_Key]) -> SlipMargin:
    flights = list(plan.flights)
    planned = flights[place]
    for days in range(1, DAYS_MAX + 1):
        flights[place] = _slipped(planned, days)
        for violation in _failures(scenario, replace(plan, flights=tuple(flights))):
            if _key(violation) not in before:
                return SlipMargin(planned.name, days - 1, violation.rule, violation.message)
    return SlipMargin(planned.name, DAYS_MAX, "", "")


def _slipped(flight: Flight, days: int) -> Flight:
    dock_utc = None if flight.dock_utc is None else flight.dock_utc.plus_days(days)
    return replace(flight, launch_utc=flight.launch_utc.plus_days(days), dock_utc=dock_utc)


def _failures(scenario: Scenario, plan: Plan) -> list[Violation]:
    return [v for v in check_walk(Walk(scenario, plan)) if v.is_failure]


def _key(violation: Violation) -> _Key:
    return violation.rule, violation.subjects
