"""Plan a scenario: read it, solve it, let the checker judge, write the folder."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crossflight import __version__, planner
from crossflight.app.alternatives import compared, folder_of, table_of
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.near_flights import with_opportunities
from crossflight.app.notebook import judged_card
from crossflight.app.picture import picture, plan_hash
from crossflight.app.stability import stability_of
from crossflight.errors import PlanRefusedError
from crossflight.model import (
    Coverage,
    Pin,
    Plan,
    Provenance,
    Scenario,
    StageResult,
    TierResult,
    Violation,
    pins,
)
from crossflight.report.html import render
from crossflight.report.shape import Table
from crossflight.report.tables import alternative_table
from crossflight.rules import Walk, check_walk, coverage_walk
from crossflight.rules.measures import TERMS
from crossflight.scenario import plan_text, read_pinned_plan_text, read_scenario_text, read_text
from crossflight.scenario.text_file import scenario_text

Progress = Callable[[str, str, float | None, float | None], None]

# The solver counts in its own grid (whole days, scaled integers); what the checker's measures
# find may differ by rounding, not by more.
_AGREES_REL: Final = 0.001
_AGREES_ABS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A tier whose value the planner and the checker's measures compute differently."""

    tier: str
    solved: float
    measured: float


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What planning a scenario came to.

    `status` is optimal, feasible, infeasible or unknown; `plan` and `coverage` are None without a
    plan.  `violations` holds what the checker says of an accepted plan (waived and soft only).
    `files` are the written ones: plan.yaml, report.html, scenario.yaml.  `pins` are those kept;
    `conflict` says which of them no plan keeps; `notes` are for the person who asked.
    `alternatives` are further plans, each accepted by the checker; `alternatives_message` says why
    there are fewer than `wanted`.
    """

    scenario: Scenario
    status: str
    message: str
    wall_s: float
    plan: Plan | None = None
    objective: tuple[TierResult, ...] = ()
    stages: tuple[StageResult, ...] = ()
    violations: tuple[Violation, ...] = ()
    coverage: Coverage | None = None
    disagreements: tuple[Disagreement, ...] = ()
    files: tuple[Path, ...] = ()
    is_interrupted: bool = False
    pins: tuple[Pin, ...] = ()
    notes: tuple[str, ...] = ()
    conflict: planner.Conflict | None = None
    alternatives: tuple[PlanOutcome, ...] = ()
    wanted: planner.Wanted | None = None
    alternatives_message: str = ""
    alternatives_wall_s: float = 0.0

    @property
    def gap(self) -> float:
        """Largest relative gap of any tier."""
        return max((t.gap for t in self.objective), default=0.0)

    def _repr_html_(self) -> str | None:
        """A card for notebooks; None, so that the text stands, where there is no plan."""
        if self.plan is None:
            return None
        return judged_card(self.scenario, self.plan, self.coverage, self.violations)


def _silent(stage: str, tier: str, incumbent: float | None, bound: float | None) -> None:
    pass


def plan(
    scenario_name: str,
    out: Path,
    *,
    overrides: Mapping[str, str],
    time_limit_s: float,
    workers: int,
    seed: int,
    keep: str | None = None,
    wanted: planner.Wanted | None = None,
    progress: Progress = _silent,
) -> PlanOutcome:
    """Plan a scenario and write plan.yaml, report.html and scenario.yaml into `out`.

    Nothing is written unless there is a plan that the checker accepts.

    Parameters
    ----------
    scenario_name
        A file, or the name of a scenario of the library.
    overrides
        Values set instead of the scenario's, path to text; recorded in the plan.
    time_limit_s
        Wall seconds for solving.
    workers, seed
        The solver's; the same values give the same plan on the same version.
    keep
        A plan (``-``: standard input) of the same scenario, perhaps with other values: what it has
        pinned is kept, and nothing else of it.
    wanted
        How many plans, the best among them; further ones go to alternative-2 and so on in `out`.
    progress
        Called with stage, tier, incumbent and bound (None where there is none yet).

    Raises
    ------
    InputError
        If the scenario is wrong.
    UsageError
        If `out` cannot be written.
    PlanRefusedError
        If the checker refuses what the planner made, or a pin is not kept in it.
    """
    source, file = scenario_text(scenario_name)
    scenario = read_scenario_text(source, file, overrides)
    kept, notes, baseline = _kept(keep, scenario)
    refuse_unwritable(out)
    scenario = with_opportunities(scenario)
    result = planner.plan(
        scenario,
        time_limit_s=time_limit_s,
        workers=workers,
        seed=seed,
        pins=kept,
        wanted=wanted,
        progress=progress,
    )
    outcome = PlanOutcome(
        scenario=scenario,
        status=result.status,
        message=result.message,
        wall_s=result.wall_s,
        objective=result.objective,
        stages=result.stages,
        is_interrupted=result.is_interrupted,
        pins=kept,
        notes=notes,
        conflict=result.conflict,
    )
    if result.plan is None:
        return outcome
    outcome = judged(replace(outcome, plan=signed(_pinned(result.plan, kept), outcome, seed)))
    if result.alternatives is not None:
        outcome = _with_alternatives(outcome, result.alternatives, kept, seed)
    files = _written(outcome, out, source, baseline)
    return replace(outcome, files=files, notes=(*outcome.notes, *_left_over(out, files)))


def _left_over(out: Path, files: tuple[Path, ...]) -> list[str]:
    """A note for each alternative that an earlier run has left in the folder."""
    written = {file.parent for file in files}
    found = sorted(p for p in out.glob("alternative-*") if p.is_dir() and p not in written)
    return [f"{place} is of an earlier run" for place in found]


def _with_alternatives(
    outcome: PlanOutcome, found: planner.Alternatives, kept: tuple[Pin, ...], seed: int
) -> PlanOutcome:
    """The outcome with its alternatives, each judged as the best is."""
    judged_ones = []
    for one in found.found:
        other = replace(outcome, status="feasible", objective=one.objective, notes=())
        judged_ones.append(judged(replace(other, plan=signed(_pinned(one.plan, kept), other, seed))))
    best = [t.value for t in outcome.objective]
    better = [
        f"{folder_of(k)} is better than the best plan found within the time limit"
        for k, other in enumerate(judged_ones, start=2)
        if [t.value for t in other.objective] < best
    ]
    return replace(
        outcome,
        notes=(*outcome.notes, *better),
        alternatives=tuple(judged_ones),
        wanted=found.wanted,
        alternatives_message=found.message,
        alternatives_wall_s=found.wall_s,
    )


def _written(outcome: PlanOutcome, out: Path, source: str, baseline: Plan | None = None) -> tuple[Path, ...]:
    """Write the plan and its alternatives with their reports; a plan is drawn over its baseline."""
    best = outcome.plan
    assert best is not None
    beside = [alternative_table(*table_of(compared(outcome)))] if outcome.alternatives else []
    files = write_files(out, _texts(outcome, source, beside, baseline=baseline))
    for k, other in enumerate(outcome.alternatives, start=2):
        assert other.plan is not None
        files += write_files(out / folder_of(k), _texts(other, source, beside, k, best))
    return files


def _texts(
    outcome: PlanOutcome,
    source: str,
    beside: list[Table],
    number: int = 1,
    baseline: Plan | None = None,
) -> dict[str, str]:
    """What one folder holds, file name to content."""
    assert outcome.plan is not None
    assert outcome.coverage is not None
    text = plan_text(outcome.plan)
    stability = stability_of(outcome.scenario, outcome.plan, outcome.coverage)
    drawn = picture(
        outcome.scenario,
        outcome.plan,
        outcome.violations,
        outcome.coverage,
        tiers=outcome.objective,
        title=f"{outcome.scenario.title}: alternative {number}" if number > 1 else None,
        plan_digest=plan_hash(text),
        beside=beside,
        pages=[stability] if stability else [],
        baseline=baseline,
        baseline_name="the best plan" if number > 1 else "the plan it keeps to",
    )
    return {"scenario.yaml": source, "plan.yaml": text, "report.html": render(drawn)}


def _kept(keep: str | None, scenario: Scenario) -> tuple[tuple[Pin, ...], tuple[str, ...], Plan | None]:
    """The pins of a plan, what somebody should know who keeps them, and the plan."""
    if keep is None:
        return (), (), None
    text, file = read_text(keep)
    plan = read_pinned_plan_text(text, scenario, file)
    notes: tuple[str, ...] = ()
    if plan.scenario_digest != scenario.digest:
        made = ", ".join(f"--set {path}={value}" for path, value in plan.overrides.items())
        notes = (f"{file} was made with other values of {scenario.name}" + (f" ({made})" if made else ""),)
    return tuple(pins(plan)), notes, plan


def _pinned(plan: Plan, kept: tuple[Pin, ...]) -> Plan:
    """The plan with the pins it was made to keep, so that it can be planned again.

    Raises
    ------
    PlanRefusedError
        If one of them is not kept.
    """
    flights = {f.name: f for f in plan.flights}
    lost = tuple(str(pin) for pin in kept if not pin.is_kept_by(flights.get(pin.flight.name)))
    if lost:
        raise PlanRefusedError(
            f"the planner has not kept {len(lost)} of {len(kept)} pins, first {lost[0]}",
            hint="nothing was written; please report it with the scenario, the pinned plan and the seed",
            findings=lost,
        )
    pinned: dict[str, tuple[str, ...]] = {}
    for pin in kept:
        pinned[pin.flight.name] = (*pinned.get(pin.flight.name, ()), pin.what)
    return replace(plan, flights=tuple(replace(f, pinned=pinned.get(f.name, f.pinned)) for f in plan.flights))


def signed(plan: Plan, outcome: PlanOutcome, seed: int) -> Plan:
    """The plan with how it came to be.

    The times of the stages stay out: with the same seed the text is the same to the byte.
    """
    assert outcome.status in ("optimal", "feasible")
    provenance = Provenance(
        version=__version__,
        seed=seed,
        status="optimal" if outcome.status == "optimal" else "feasible",
        gap=outcome.gap,
        objective=outcome.objective,
    )
    return replace(plan, provenance=provenance)


def judged(outcome: PlanOutcome) -> PlanOutcome:
    """The outcome with the checker's word on its plan.

    Raises
    ------
    PlanRefusedError
        If the checker refuses it.
    """
    assert outcome.plan is not None
    walk = Walk(outcome.scenario, outcome.plan)
    violations = check_walk(walk)
    failures = tuple(v for v in violations if v.is_failure)
    if failures:
        raise PlanRefusedError(
            f"the checker refuses the planner's own plan of {outcome.scenario.name}: "
            f"{len(failures)} violations, first {failures[0].rule}",
            hint="nothing was written; please report it with the scenario and the seed",
            findings=tuple(f"{v.from_utc.minute()} {v.rule}: {v.message}" for v in failures),
        )
    return replace(
        outcome,
        violations=violations,
        coverage=coverage_walk(walk),
        disagreements=disagreements(walk, outcome.objective),
    )


def disagreements(walk: Walk, objective: tuple[TierResult, ...]) -> tuple[Disagreement, ...]:
    """Tiers whose solved value is not what `rules.measures` finds in the plan."""
    solved = {t.tier: t.value for t in objective}
    found = []
    for tier in walk.scenario.objective:
        measured = sum(weight * TERMS[term](walk) for term, weight in tier.terms.items())
        value = solved.get(tier.name)
        if value is not None and not math.isclose(value, measured, rel_tol=_AGREES_REL, abs_tol=_AGREES_ABS):
            found.append(Disagreement(tier.name, value, measured))
    return tuple(found)
