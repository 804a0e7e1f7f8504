"""Lexicographic solving: one tier after the other, each with its value and its proven bound."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from crossflight.planner.visit import Expr

Progress = Callable[[str, str, float | None, float | None], None]


@dataclass
class Budget:
    """How long solving may take, and whether somebody wants it to stop.

    Limits are deterministic (CP-SAT's own clock), so the same version, seed and workers give the
    same plan whatever the machine is doing; the wall clock only backs them up.
    """

    wall_s: float
    workers: int
    seed: int
    started: float
    is_interrupted: bool = False

    @property
    def left_s(self) -> float:
        """Wall seconds left."""
        return self.wall_s - (time.monotonic() - self.started)


@dataclass(frozen=True, slots=True)
class Goal:
    """One tier: its name, the expression to minimise and how many units of it make 1."""

    name: str
    expression: Expr
    scale: int


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """A tier as solved, in the scenario's units; `is_optimal` is CP-SAT's own proof."""

    name: str
    value: float
    bound: float
    is_optimal: bool


@dataclass
class Outcome:
    """A solved model: the status, the solver that holds the best solution, the tiers."""

    status: str
    solver: cp_model.CpSolver | None
    values: list[int]
    tiers: list[TierOutcome]

    @property
    def has_plan(self) -> bool:
        """Whether there is a solution."""
        return bool(self.values)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells the incumbent and lets an interrupt stop the search."""

    def __init__(self, tell: Callable[[float, float], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Pass the new incumbent on."""
        self._tell(self.objective_value, self.best_objective_bound)


def run(
    model: cp_model.CpModel, budget: Budget, limit_s: float, tell: Callable[[float, float], None]
) -> tuple[int, cp_model.CpSolver]:
    """Solve once; Ctrl-C stops the search and keeps what was found."""
    solver = cp_model.CpSolver()
    p = solver.parameters
    p.num_workers = budget.workers
    p.random_seed = budget.seed
    p.interleave_search = budget.workers > 1
    p.max_deterministic_time = max(0.01, limit_s)
    p.max_time_in_seconds = max(0.05, budget.left_s)
    p.catch_sigint_signal = False
    watch = _Watch(tell)
    done: list[int] = []
    # CP-SAT holds its thread until it ends, so Ctrl-C would wait: the search gets a thread of its own.
    thread = threading.Thread(target=lambda: done.append(int(solver.solve(model, watch))), daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(0.1)
        except KeyboardInterrupt:
            if budget.is_interrupted:
                raise
            budget.is_interrupted = True
            solver.stop_search()
    return (done[0] if done else int(cp_model.UNKNOWN)), solver


def lexicographic(
    model: cp_model.CpModel,
    goals: list[Goal],
    budget: Budget,
    stage: str,
    progress: Progress,
    share: Mapping[str, float],
) -> Outcome:
    """Minimise the goals in order, holding each at its best value before the next.

    `share` gives each tier's deterministic limit in seconds.  A tier that ends without proof is held at its
    incumbent; its own gap says so, and later tiers are optimal only given that value.
    """
    if flaw := model.validate():
        raise AssertionError(f"stage {stage} built a model CP-SAT refuses: {flaw[:500]}")
    outcome = Outcome("unknown", None, [], [])
    for goal in goals:
        if outcome.has_plan and (budget.is_interrupted or budget.left_s < 0.05):
            outcome.tiers.append(_unsolved(goal, outcome))
            continue
        progress(stage, goal.name, None, None)
        model.minimize(goal.expression)
        if outcome.values:
            model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
            for i, value in enumerate(outcome.values):
                model.add_hint(model.get_int_var_from_proto_index(i), value)
        status, solver = run(
            model,
            budget,
            share[goal.name],
            _teller(progress, stage, goal),
        )
        if status == cp_model.INFEASIBLE and not outcome.has_plan:
            return Outcome("infeasible", solver, [], [])
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            if not outcome.has_plan:
                return outcome
            outcome.tiers.append(_unsolved(goal, outcome))
            continue
        outcome.solver = solver
        outcome.values = list(solver.response_proto.solution)
        value = round(solver.objective_value)
        bound = value if status == cp_model.OPTIMAL else math.ceil(solver.best_objective_bound - 1e-6)
        tier = TierOutcome(goal.name, value / goal.scale, bound / goal.scale, status == cp_model.OPTIMAL)
        outcome.tiers.append(tier)
        progress(stage, goal.name, tier.value, tier.bound)
        model.add(goal.expression <= value)
    proven = all(t.is_optimal for t in outcome.tiers)
    outcome.status = "optimal" if proven else "feasible"
    return outcome


def _teller(progress: Progress, stage: str, goal: Goal) -> Callable[[float, float], None]:
    return lambda value, bound: progress(stage, goal.name, value / goal.scale, bound / goal.scale)


def _unsolved(goal: Goal, outcome: Outcome) -> TierOutcome:
    assert outcome.solver is not None
    value = outcome.solver.value(goal.expression) / goal.scale
    return TierOutcome(goal.name, value, min(0.0, value), is_optimal=False)
