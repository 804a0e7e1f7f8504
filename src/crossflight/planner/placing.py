"""Ports for crew traffic that was decided with room only.

Where craft may relocate, choosing ports and relocations beside days slows every proof, and seldom
matters: with relocations a craft finds a place wherever there is room.  So the crew stage first
asks for room, which is a relaxation: what it proves is a bound whatever the ports.  Then its days
are kept and ports and relocations found for them.  If that costs nothing the proof holds; if not,
the whole model is solved with ports.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence

from ortools.sat.python import cp_model

from crossflight.model import Scenario
from crossflight.planner.solve import Budget, Goal, Outcome, Progress, TierOutcome, lexicographic
from crossflight.planner.traffic import Traffic

_PLACING_S = 5.0
_LIMIT_S = 1.25  # CP-SAT's deterministic seconds for each tier


def may_relocate(scenario: Scenario) -> bool:
    """Whether any craft that the planner plans with may change ports."""
    return any(v.n_relocations_max > 0 for v in scenario.vehicle_types)


def days_kept(traffic: Traffic, room: Traffic, values: Sequence[int]) -> cp_model.CpModel:
    """The model of `traffic` with everything as in a solution of `room` but ports and what hangs on them."""
    model = traffic.model.clone()
    decided = dict(zip(_names(room), values, strict=True))
    for i, key in enumerate(_names(traffic)):
        if key in decided and not _is_about_ports(key[0]):
            model.add(model.get_int_var_from_proto_index(i) == decided[key])
    return model


def placed_near(
    traffic: Traffic,
    room: Traffic,
    values: Sequence[int],
    goals: list[Goal],
    budget: Budget,
    progress: Progress,
) -> Outcome:
    """The best ports and relocations for one solution of `room`, even after Ctrl-C."""
    interrupted, budget.is_interrupted = budget.is_interrupted, False
    wall_s, budget.wall_s = budget.wall_s, time.monotonic() - budget.started + _PLACING_S
    placed = lexicographic(days_kept(traffic, room, values), goals, budget, "crew", progress, _LIMIT_S)
    budget.wall_s = wall_s
    budget.is_interrupted |= interrupted
    return placed


def _names(traffic: Traffic) -> list[tuple[str, int]]:
    """The name of each variable, and which of that name it is: both models name them in the same order."""
    seen: Counter[str] = Counter()
    names = []
    for variable in traffic.model.proto.variables:
        names.append((variable.name, seen[variable.name]))
        seen[variable.name] += 1
    return names


def _is_about_ports(name: str) -> bool:
    return not name or ".port." in name or name.endswith((".weather_wait", ".latest"))


def with_bounds(found: Outcome, room: Outcome, *, is_proven: bool) -> Outcome:
    """`found` with the bounds that were proven with room only, as far down as the values are the same.

    Its own bounds count only if `is_proven`: those of a model with the days kept are none.
    """
    tiers = []
    is_same = True
    for tier, relaxed in zip(found.tiers, room.tiers, strict=True):
        bounds = [tier.bound] if is_proven else []
        if is_same:
            bounds.append(min(relaxed.bound, tier.value))
        bound = max(bounds)
        is_same = is_same and tier.value == relaxed.value
        tiers.append(TierOutcome(tier.name, tier.value, bound, tier.value == bound))
    status = "optimal" if all(t.is_optimal for t in tiers) else "feasible"
    return Outcome(status, found.values, tiers)
