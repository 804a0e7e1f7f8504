"""Alternatives beside the best plan: what is asked for, and the table of what differs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crossflight import planner
from crossflight.errors import UsageError
from crossflight.model import Plan, Scenario, TierResult, difference
from crossflight.planner.alternatives import MOVED_DAYS
from crossflight.rules import Walk, coverage_walk
from crossflight.rules.measures import TERMS

if TYPE_CHECKING:
    from crossflight.app.plan import PlanOutcome

_WITHIN: Final = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*(%?)", re.ASCII)

# Key in the JSON, and what tables call it.
MEASURES: Final = {
    "launches_moved": f"crewed launches moved by more than {MOVED_DAYS} d",
    "days_moved": "days moved, all crewed launches together",
    "flights_added": "crewed flights more",
    "flights_dropped": "crewed flights fewer",
    "crews_otherwise": "crewed flights with somebody else aboard",
    "people_instead": "people who fly instead",
    "ports_otherwise": "crewed flights at another port",
    "craft_otherwise": "crewed flights in another craft",
    "n_crewed": "crewed flights",
    "n_cargo": "cargo flights",
    "n_relocations": "relocations",
    "operator_n1_uncovered_days": "operator N-1 uncovered, days",
    "handover_shortfall_days": "handovers too short, days",
}


def wanted(n: int, within: str) -> planner.Wanted:
    """What is asked for: `n` plans in all; `within` is ``3%`` of the best or points of the price.

    Raises
    ------
    UsageError
        If `within` is neither.
    """
    found = _WITHIN.fullmatch(within.strip())
    if found is None:
        raise UsageError(
            f"--alternatives-within {within[:40]}: this is neither per cent nor points",
            hint="for example 3% of the best, or 120 for points of the price",
        )
    return planner.Wanted(n, planner.Tolerance(float(found.group(1)), bool(found.group(2))))


@dataclass(frozen=True, slots=True)
class Compared:
    """One plan of the table: its folder beside the best ("" for the best), tiers and measures."""

    folder: str
    objective: tuple[TierResult, ...]
    measures: dict[str, float]


def folder_of(number: int) -> str:
    """Where the plan of a number (from 2) is written, in the folder of the best."""
    return f"alternative-{number}"


def compared(outcome: PlanOutcome) -> tuple[Compared, ...]:
    """The best and its alternatives, measured by the checker's own rules."""
    assert outcome.plan is not None
    rows = [Compared("", outcome.objective, measures(outcome.scenario, outcome.plan, outcome.plan))]
    for k, other in enumerate(outcome.alternatives, start=2):
        assert other.plan is not None
        found = measures(outcome.scenario, outcome.plan, other.plan)
        rows.append(Compared(folder_of(k), other.objective, found))
    return tuple(rows)


def measures(scenario: Scenario, best: Plan, plan: Plan) -> dict[str, float]:
    """The `MEASURES` of a plan, where they compare against the best."""
    walk, differs = Walk(scenario, plan), difference(best, plan)
    crews = differs.of("crew up", is_cargo=False)
    joined = {name for c in crews if isinstance(c.after, tuple) for name in c.after}
    n_cargo = sum(f.kind == "cargo" for f in plan.flights)
    found = {
        "launches_moved": len(differs.moved(MOVED_DAYS)),
        "days_moved": differs.days_moved,
        "flights_added": len(differs.of("added", is_cargo=False)),
        "flights_dropped": len(differs.of("dropped", is_cargo=False)),
        "crews_otherwise": len(crews),
        "people_instead": len(joined - {name for f in best.flights for name in f.crew_up}),
        "ports_otherwise": len(differs.of("port", is_cargo=False)),
        "craft_otherwise": len(differs.of("craft", is_cargo=False)),
        "n_crewed": len(plan.flights) - n_cargo,
        "n_cargo": n_cargo,
        "n_relocations": sum(len(f.relocations) for f in plan.flights),
        "operator_n1_uncovered_days": coverage_walk(walk).operator_n1_uncovered_days,
        "handover_shortfall_days": TERMS["handover_shortfall_days"](walk),
    }
    assert list(found) == list(MEASURES)
    return {key: round(value, 3) for key, value in found.items()}


def table_of(rows: tuple[Compared, ...]) -> tuple[list[str], list[list[str | float]]]:
    """Columns (one a plan) and lines (one a tier, then one a measure) for people."""
    columns = ["", "the best", *(r.folder.replace("-", " ") for r in rows[1:])]
    lines: list[list[str | float]] = [
        [tier.tier, *(round(r.objective[i].value, 2) for r in rows)]
        for i, tier in enumerate(rows[0].objective)
    ]
    for key, label in MEASURES.items():
        lines.append([label, *(_whole(r.measures[key]) for r in rows)])
    return columns, lines


def _whole(value: float) -> float:
    return int(value) if math.isclose(value, round(value)) else round(value, 1)
