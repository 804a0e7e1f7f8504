"""What differs between two plan files."""

from __future__ import annotations

from dataclasses import dataclass

from crossflight.errors import PlanMismatchError, UsageError
from crossflight.model import Difference, Plan, difference
from crossflight.scenario import read_text, read_unchecked_plan_text


@dataclass(frozen=True, slots=True)
class DiffOutcome:
    """Two plans and what the second has otherwise."""

    before: Plan
    after: Plan
    difference: Difference


def diff(before_name: str, after_name: str) -> DiffOutcome:
    """Read two plans of one scenario, perhaps with other values, and compare them.

    Raises
    ------
    InputError
        If a file is wrong, or they are plans of different scenarios.
    UsageError
        If both would be read from standard input.
    """
    if before_name == "-" == after_name:
        raise UsageError("the two plans cannot both come from standard input")
    before, after = (read_unchecked_plan_text(*read_text(name)) for name in (before_name, after_name))
    if before.scenario_name != after.scenario_name:
        raise PlanMismatchError(
            f"a plan of scenario {after.scenario_name!r}, the other is one of {before.scenario_name!r}",
            hint="plans of one scenario can be compared",
            file=after_name,
        )
    return DiffOutcome(before, after, difference(before, after))
