"""Judge a plan: find its scenario, read both, run every rule."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crossflight.app.near_flights import with_opportunities_near
from crossflight.app.notebook import judged_card
from crossflight.errors import InputError, UsageError
from crossflight.model import Coverage, Plan, Scenario, Violation
from crossflight.rules import Walk, check_walk, coverage_walk
from crossflight.scenario import (
    library_names,
    read_plan_text,
    read_scenario,
    read_text,
    read_unchecked_plan_text,
)

STDIN = "-"


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """The checker's word on a plan; `violations` holds waived and soft ones too."""

    scenario: Scenario
    plan: Plan
    violations: tuple[Violation, ...]
    coverage: Coverage

    @property
    def is_ok(self) -> bool:
        """Whether the plan is acceptable: no violation is hard or waivable."""
        return not any(v.is_failure for v in self.violations)

    def _repr_html_(self) -> str:
        """A card for notebooks."""
        return judged_card(self.scenario, self.plan, self.coverage, self.violations)


def check(plan_name: str, scenario_name: str | None = None) -> CheckOutcome:
    """Read a plan and its scenario and judge the plan.

    Parameters
    ----------
    plan_name
        A file, or ``-`` for standard input.
    scenario_name
        See `read`.

    Raises
    ------
    InputError
        If either file is wrong or they do not belong together.
    """
    return judge(*read(plan_name, scenario_name))


def judge(scenario: Scenario, plan: Plan) -> CheckOutcome:
    """Judge a plan that was read.

    Raises
    ------
    InputError
        If the elements of the scenario are wrong.
    """
    scenario = with_opportunities_near(scenario, plan)
    walk = Walk(scenario, plan)
    return CheckOutcome(scenario, plan, check_walk(walk), coverage_walk(walk))


def read(plan_name: str, scenario_name: str | None = None) -> tuple[Scenario, Plan]:
    """Read a plan and the scenario it was made for, with the plan's own ``--set`` values.

    Parameters
    ----------
    scenario_name
        The scenario's file or library name; without it scenario.yaml beside the plan, else the
        library's scenario that the plan names.

    Raises
    ------
    InputError
        If either file is wrong or they do not belong together.
    UsageError
        If both would be read from standard input.
    """
    if plan_name == STDIN == scenario_name:
        raise UsageError("plan and scenario cannot both come from standard input")
    text, file = read_text(plan_name)
    return read_from(text, file, plan_name, scenario_name)


def read_from(
    text: str, file: str, plan_name: str, scenario_name: str | None = None
) -> tuple[Scenario, Plan]:
    """`read` for a plan whose text is at hand."""
    unchecked = read_unchecked_plan_text(text, file)
    where = scenario_name or _scenario_of(plan_name, unchecked, file)
    scenario = read_scenario(where, unchecked.overrides)
    return scenario, read_plan_text(text, scenario, file)


def _scenario_of(plan_name: str, plan: Plan, file: str) -> str:
    beside = Path(plan_name).parent / "scenario.yaml"
    if plan_name != STDIN and beside.exists():
        return str(beside)
    if plan.scenario_name in library_names():
        return plan.scenario_name
    raise InputError(
        f"there is no scenario {plan.scenario_name!r} to judge this plan by",
        hint="put scenario.yaml beside the plan, or name it with --scenario",
        file=file,
    )
