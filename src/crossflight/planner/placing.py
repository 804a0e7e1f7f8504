"""A solution of a relaxed crew traffic model, looked for in a finer one.

A coarse model has neither ports nor watches, the next only room instead of ports: all are
relaxations, so what they prove is a bound for the whole model, and their days are nearly always good
there too.  The days are kept, or kept near, and what the finer model knows beside is found for them.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ortools.sat.python import cp_model

from crossflight.model import Scenario
from crossflight.planner.solve import (
    Budget,
    Goal,
    Outcome,
    Progress,
    TierOutcome,
    least_of,
    lexicographic,
)
from crossflight.planner.traffic import Traffic

# What finer models count for themselves: ports, waits for weather, gaps in cover, cargo.
_FOUND_ANEW = (".weather_wait", ".latest", ".missing", ".waived", ".count")
_FOUND_ANEW_TOO = (".port.", ".docked_by.", ".until.", ".since.", ".lived")
_DAYS = (".launch", ".undock")
# Holes and overlaps of lines have to come together: within 12 or 30 days they did not over ten years.
_NEAR_DAYS = 75
_PLACING_S = 5.0
_LIMIT_S = 1.25  # CP-SAT's deterministic seconds for each tier


def may_relocate(scenario: Scenario) -> bool:
    """Whether any craft that the planner plans with may change ports."""
    return any(v.n_relocations_max > 0 for v in scenario.vehicle_types)


def days_kept(traffic: Traffic, room: Traffic, values: Sequence[int], near: int = 0) -> cp_model.CpModel:
    """The model of `traffic` kept to a solution of `room`, a relaxation of it.

    Everything but what finer models count for themselves; or the same flights, with their days
    no more than `near` days away.
    """
    model = traffic.model.clone()
    # A solution from before `room` looked more closely has the variables of then, which come first.
    decided = dict(zip(_names(room), values, strict=False))
    for i, key in enumerate(_names(traffic)):
        if key not in decided or _is_found_anew(key[0]):
            continue
        x, value = model.get_int_var_from_proto_index(i), decided[key]
        if not near or key[0].endswith(".present"):
            model.add(x == value)
        elif key[0].endswith(_DAYS):
            model.add_linear_constraint(x, value - near, value + near)
    return model


def unbroken(traffic: Traffic) -> cp_model.CpModel:
    """The model of `traffic` with the next craft of each line there before the last one leaves."""
    model = traffic.model.clone()
    for line in traffic.lines.values():
        for a, b in pairwise(line):
            if b.origin != "docked":
                model.add(b.count_from <= a.undock).only_enforce_if(b.is_present)
        model.add(sum(v.is_open for v in line) >= 1)
    return model


def placed_near(
    traffic: Traffic,
    room: Traffic,
    values: Sequence[int],
    goals: list[Goal],
    budget: Budget,
    progress: Progress,
) -> Outcome:
    """The best of `traffic` with the days of one solution of `room`, even after Ctrl-C."""
    interrupted, budget.is_interrupted = budget.is_interrupted, False
    wall_s, budget.wall_s = budget.wall_s, time.monotonic() - budget.started + _PLACING_S
    placed = lexicographic(days_kept(traffic, room, values), goals, budget, "crew", progress, _LIMIT_S)
    budget.wall_s = wall_s
    budget.is_interrupted |= interrupted
    return placed


def as_good_near(
    traffic: Traffic,
    room: Traffic,
    found: Outcome,
    goals: list[Goal],
    budget: Budget,
    progress: Progress,
    limit_s: float,
) -> Outcome:
    """The best plan of `traffic` with the flights of one of `room`, near its days, if there is one.

    Its tiers are as good but for the last, or but for the last two.
    """
    near = days_kept(traffic, room, found.values, _NEAR_DAYS)
    best = Outcome("unknown", [], [])
    for n_held in (len(goals) - 1, len(goals) - 2):
        model = near.clone()
        for goal, tier in zip(goals[:n_held], found.tiers, strict=False):
            model.add(goal.expression <= round(tier.value * goal.scale))
        best = lexicographic(
            model, goals, budget, "crew", progress, limit_s, known=found.tiers, is_hinted=False
        )
        if best.has_plan or budget.is_interrupted:
            break
    return best


def _names(traffic: Traffic) -> list[tuple[str, int]]:
    """The name of each variable, and which of that name it is: both models name them in the same order."""
    seen: Counter[str] = Counter()
    names = []
    for variable in traffic.model.proto.variables:
        names.append((variable.name, seen[variable.name]))
        seen[variable.name] += 1
    return names


def _is_found_anew(name: str) -> bool:
    return not name or name.endswith(_FOUND_ANEW) or any(part in name for part in _FOUND_ANEW_TOO)


def with_bounds(found: Outcome, room: Outcome, traffic: Traffic, goals: list[Goal]) -> Outcome:
    """`found` with the bounds of the relaxation, as far down as the values are no worse.

    Its own count for nothing: those of a model with the days kept are none.  Below, a tier is at
    least what the domains of its variables make it.
    """
    tiers = []
    is_same = True
    for goal, tier, relaxed in zip(goals, found.tiers, room.tiers, strict=True):
        bound = least_of(traffic.model, goal.expression) / goal.scale
        if is_same:
            bound = max(bound, relaxed.bound)
        is_same = is_same and tier.value <= relaxed.value
        bound = min(bound, tier.value)
        tiers.append(TierOutcome(tier.name, tier.value, bound, tier.value == bound))
    status = "optimal" if all(t.is_optimal for t in tiers) else "feasible"
    return Outcome(status, found.values, tiers)
