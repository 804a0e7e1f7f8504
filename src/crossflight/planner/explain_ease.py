"""A condition of a scenario and how it yields: values at places of the scenario, one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from crossflight.model import Scenario
from crossflight.planner.explain_places import Steps, Values, settings, shown, value_at, with_values
from crossflight.planner.traffic import Traffic
from crossflight.times import Instant


def always(values: Values) -> Callable[[int], Values]:
    """The same values by whatever number a condition is eased."""

    def same(_n: int) -> Values:
        return values

    return same


@dataclass(frozen=True, slots=True)
class Ease:
    """How a condition yields by n, from 1 to `most`, of `unit`.

    `values` are what then stands in the scenario.  `words` says the change, with {n} and, for the first of
    the values, {left}.  `price_each` is the price of each n by the scenario; None: it gives no price.
    """

    most: int
    unit: str
    words: str
    values: Callable[[int], Values]
    price_each: float | None = None

    def changed(self, scenario: Scenario, n: int) -> Scenario:
        """The scenario that asks for n less."""
        return with_values(scenario, self.values(n))

    def settings(self, n: int) -> dict[str, str]:
        """The change as ``--set`` takes it, path to text."""
        return settings(self.values(n))

    def said(self, n: int) -> str:
        """The change in words."""
        left = next(iter(self.values(n).values()), n)
        return self.words.format(n=n, left=shown(left))


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """What `rule` asks of `subjects`, said in `fact`.

    `lifted` are values with which the scenario no longer asks for it; `held` adds to a model what no
    value says, eased by a number.  `at_utc` is the day that it is about, if there is one.
    """

    rule: str
    subjects: tuple[str, ...]
    fact: str
    lifted: Values = field(default_factory=dict)
    held: Callable[[Traffic, int], None] | None = None
    ease: Ease | None = None
    at_utc: Instant | None = None


def less(
    scenario: Scenario, steps: Steps, words: str, unit: str = "d", least: float = 0.0, **more: Any
) -> Ease:
    """A number of the scenario made smaller, one by one."""
    value = float(value_at(scenario, steps))
    most = max(1, math.ceil(value - least))
    return Ease(most, unit, words, lambda n: {steps: max(least, value - n)}, **more)


def more(scenario: Scenario, steps: Steps, most: int, words: str, unit: str = "d", **more: Any) -> Ease:
    """A number of the scenario made larger, one by one."""
    value = value_at(scenario, steps) or 0
    return Ease(most, unit, words, lambda n: {steps: value + n}, **more)


def sooner(scenario: Scenario, steps: Steps, most: int, words: str) -> Ease:
    """A date of the scenario made earlier, day by day."""
    value: Instant = value_at(scenario, steps)
    return Ease(max(1, most), "d", words, lambda n: {steps: value.plus_days(-n)})


def otherwise(rule: str, severity: str, words: str) -> Ease:
    """A rule made softer."""
    return Ease(1, "rule", words, always({("rules", rule, "severity"): severity}))
