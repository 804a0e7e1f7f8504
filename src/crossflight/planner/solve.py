"""Lexicographic solving: one tier after the other, each with its value and its proven bound."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from crossflight.planner.visit import Expr

Progress = Callable[[str, str, float | None, float | None], None]


# Interleaved search takes turns, so a searcher that proves nothing costs all the others time.  On
# these models full linear relaxations with symmetry, and branching on reduced costs, close the
# bounds; the other workers improve solutions.
_PROVERS = ("max_lp_sym", "reduced_costs")
_BATCH = 2


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
    """One tier: its name, the expression to minimise and how many units of it make 1.

    `least` is a bound known beforehand.
    """

    name: str
    expression: Expr
    scale: int
    least: int | None = None


@dataclass(frozen=True, slots=True)
class TierOutcome:
    """A tier as solved, in the scenario's units; `is_optimal` is CP-SAT's own proof."""

    name: str
    value: float
    bound: float
    is_optimal: bool


@dataclass
class Outcome:
    """A solved model: the status, the best solution (one value per variable), the tiers."""

    status: str
    values: list[int]
    tiers: list[TierOutcome]

    @property
    def has_plan(self) -> bool:
        """Whether there is a solution."""
        return bool(self.values)


def evaluate(expression: Expr, values: Sequence[int]) -> int:
    """The value of a linear expression in a solution."""
    if isinstance(expression, int):
        return expression
    flat = cp_model.FlatIntExpr(expression)
    return int(sum(c * _value(v, values) for v, c in zip(flat.vars, flat.coeffs, strict=True)) + flat.offset)


def _value(variable: cp_model.IntVar, values: Sequence[int]) -> int:
    index = variable.index
    return values[index] if index >= 0 else 1 - values[-index - 1]


def _least(model: cp_model.CpModel, expression: Expr) -> int:
    """What the expression is at least, by the domains of its variables alone."""
    if isinstance(expression, int):
        return expression
    flat = cp_model.FlatIntExpr(expression)
    total = int(flat.offset)
    for variable, c in zip(flat.vars, flat.coeffs, strict=True):
        # As a list: OR-Tools' own sequence answers 0 to a negative index.
        domain = list(model.proto.variables[variable.index].domain)
        total += int(c) * (domain[0] if c > 0 else domain[-1])
    return total


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells the incumbent and lets an interrupt stop the search."""

    def __init__(self, tell: Callable[[float, float], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Pass the new incumbent on."""
        self._tell(self.objective_value, self.best_objective_bound)


def run(
    model: cp_model.CpModel,
    budget: Budget,
    limit_s: float,
    tell: Callable[[float, float], None],
    workers: int | None = None,
) -> tuple[int, cp_model.CpSolver]:
    """Solve once; Ctrl-C stops the search and keeps what was found."""
    solver = cp_model.CpSolver()
    p = solver.parameters
    p.num_workers = workers or budget.workers
    p.random_seed = budget.seed
    p.interleave_search = p.num_workers > 1
    if p.interleave_search:
        p.subsolvers.extend(_PROVERS)
        p.interleave_batch_size = _BATCH
    p.max_deterministic_time = max(0.01, limit_s)
    p.max_time_in_seconds = max(0.05, budget.left_s)
    p.catch_sigint_signal = False
    watch = _Watch(tell)
    status = [int(cp_model.UNKNOWN)]
    ended = threading.Event()

    def work() -> None:
        try:
            status[0] = int(solver.solve(model, watch))
        finally:
            ended.set()

    # CP-SAT holds its thread until it ends, so Ctrl-C would wait: the search gets a thread of its own.
    threading.Thread(target=work, daemon=True).start()
    while not ended.is_set():
        try:
            ended.wait(0.1)
            if budget.is_interrupted:
                solver.stop_search()
        except KeyboardInterrupt:
            if budget.is_interrupted:
                raise
            budget.is_interrupted = True
    return status[0], solver


def search(
    model: cp_model.CpModel,
    goal: Goal,
    budget: Budget,
    stage: str,
    progress: Progress,
    limit_s: float,
    hint: Sequence[int] = (),
    workers: int | None = None,
) -> tuple[int, cp_model.CpSolver]:
    """Minimise one goal, beginning from `hint` (one value per variable) where there is one."""
    model.minimize(goal.expression)
    if hint:
        model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
    for i, value in enumerate(hint):
        model.add_hint(model.get_int_var_from_proto_index(i), value)
    return run(model, budget, limit_s, _teller(progress, stage, goal), workers)


def lexicographic(
    model: cp_model.CpModel,
    goals: list[Goal],
    budget: Budget,
    stage: str,
    progress: Progress,
    limit_s: float,
    start: Sequence[int] = (),
) -> Outcome:
    """Minimise the goals in order, holding each at its best value before the next.

    Parameters
    ----------
    model, goals
        The model and its tiers; constraints that hold solved tiers are added to the model.
    limit_s
        Deterministic seconds for each tier.  A tier that ends without proof is held at its
        incumbent: its own gap says so, and later tiers are optimal only given that value.
    start
        A solution to begin from.
    """
    if flaw := model.validate():
        raise AssertionError(f"stage {stage} built a model CP-SAT refuses: {flaw[:500]}")
    values, tiers = list(start), list[TierOutcome]()
    for goal in goals:
        least = _least(model, goal.expression) if goal.least is None else goal.least
        value = evaluate(goal.expression, values) if values else None
        bound, is_optimal = least, value == least
        if value is None and budget.is_interrupted:
            return Outcome("unknown", [], [])
        if value is None or not (is_optimal or budget.is_interrupted or budget.left_s < 0.05):
            progress(stage, goal.name, None if value is None else value / goal.scale, least / goal.scale)
            status, solver = search(model, goal, budget, stage, progress, limit_s, values)
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                found = round(solver.objective_value)
                is_optimal = status == cp_model.OPTIMAL
                if value is None or found < value:
                    value, values = found, list(solver.response_proto.solution)
            elif value is None:
                return Outcome("infeasible" if status == cp_model.INFEASIBLE else "unknown", [], [])
            if is_optimal:
                bound = value
            elif status == cp_model.FEASIBLE:  # a search that found nothing leaves no bound behind
                bound = max(least, math.ceil(solver.best_objective_bound - 1e-6))
        assert value is not None
        assert bound <= value, f"tier {goal.name}: bound {bound} above value {value}"
        model.add(goal.expression <= value)
        tiers.append(TierOutcome(goal.name, value / goal.scale, bound / goal.scale, is_optimal))
        progress(stage, goal.name, value / goal.scale, bound / goal.scale)
    return Outcome("optimal" if all(t.is_optimal for t in tiers) else "feasible", values, tiers)


def _teller(progress: Progress, stage: str, goal: Goal) -> Callable[[float, float], None]:
    return lambda value, bound: progress(stage, goal.name, value / goal.scale, bound / goal.scale)
