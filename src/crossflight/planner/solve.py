"""Lexicographic solving: one tier after the other, each with its value and its proven bound."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from crossflight.planner.visit import Expr

Progress = Callable[[str, str, float | None, float | None], None]


def silent(_stage: str, _tier: str, _incumbent: float | None, _bound: float | None) -> None:
    """Progress that nobody asked for."""


# Interleaved search takes turns, so a searcher that proves nothing costs all the others time.  On
# these models full linear relaxations with symmetry, and branching on reduced costs, close the
# bounds; the other workers improve solutions.
_PROVERS = ("max_lp_sym", "reduced_costs")
_BATCH = 2
# Cases are proven by single workers, so many at the same time; how many changes no result.
_AT_ONCE = 2
_IMPROVE_SHARE = 0.1
_UNHINTED_SHARE = 0.5
_CASE_SHARE = 0.2
_ROUNDS = 5
_MANY = 100_000


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


def least_of(model: cp_model.CpModel, expression: Expr) -> int:
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


@contextmanager
def one_interrupt(budget: Budget) -> Iterator[None]:
    """Let the first Ctrl-C end the search, also while a model is built; the second ends everything."""

    def note(_number: int, _frame: object) -> None:
        if budget.is_interrupted:
            raise KeyboardInterrupt
        budget.is_interrupted = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells the incumbent and lets an interrupt stop the search."""

    def __init__(self, tell: Callable[[float, float], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        """Pass the new incumbent on."""
        self._tell(self.objective_value, self.best_objective_bound)


@dataclass(frozen=True, slots=True)
class Search:
    """One search: the model and how to go about it; one worker proves, several improve.

    `is_improving` takes CP-SAT's own mix, with the neighbourhoods that the proving workers lack.
    `is_from_below` asks one worker whether the least value that is left can be had, then the next, with
    little presolve and no relaxation: repairs end near the least, and are proven ten times sooner so.
    """

    model: cp_model.CpModel
    n_workers: int
    limit_s: float
    is_improving: bool = False
    is_from_below: bool = False


def run(
    searches: Sequence[Search], budget: Budget, tell: Callable[[float, float], None], n_at_once: int = 1
) -> list[tuple[int, cp_model.CpSolver]]:
    """Solve each model once, some at the same time; Ctrl-C stops all and keeps what was found.

    The searches know nothing of one another, so what they find does not depend on their speed.
    """
    found = [(int(cp_model.UNKNOWN), _solver(s, budget)) for s in searches]
    waiting = iter(range(len(searches)))
    lock, ended = threading.Lock(), threading.Semaphore(0)

    def work() -> None:
        try:
            while True:
                with lock:
                    i = next(waiting, None)
                if i is None:
                    return
                solver = found[i][1]
                # Interrupted, it still answers, at once and with nothing.
                left_s = 0.0 if budget.is_interrupted else max(0.05, budget.left_s)
                solver.parameters.max_time_in_seconds = left_s
                found[i] = (int(solver.solve(searches[i].model, _Watch(tell))), solver)
        finally:
            ended.release()

    # CP-SAT holds its thread until it ends, so Ctrl-C would wait: searches get threads of their own.
    n_threads = min(n_at_once, len(searches))
    for _ in range(n_threads):
        threading.Thread(target=work, daemon=True).start()
    while n_threads:
        try:
            if ended.acquire(timeout=0.1):
                n_threads -= 1
            if budget.is_interrupted:
                for _, solver in found:
                    solver.stop_search()
        except KeyboardInterrupt:
            if budget.is_interrupted:
                raise
            budget.is_interrupted = True
    return found


def _solver(search: Search, budget: Budget) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    p = solver.parameters
    p.num_workers = search.n_workers
    p.random_seed = budget.seed
    p.max_deterministic_time = max(0.01, search.limit_s)
    p.catch_sigint_signal = False
    if search.is_from_below:
        p.linearization_level = 0
        p.cp_model_probing_level = 0
        p.max_presolve_iterations = 1
        p.symmetry_level = 0
        p.use_objective_lb_search = True
    elif search.n_workers == 1:
        p.linearization_level = 2
    else:
        p.interleave_search = True
    if search.n_workers > 1 and not search.is_improving:
        p.subsolvers.extend(_PROVERS)
        p.interleave_batch_size = _BATCH
    return solver


def search(
    model: cp_model.CpModel,
    goal: Goal,
    budget: Budget,
    stage: str,
    progress: Progress,
    limit_s: float,
    hint: Sequence[int] = (),
    workers: int | None = None,
    *,
    is_from_below: bool = False,
) -> tuple[int, cp_model.CpSolver]:
    """Minimise one goal, beginning from `hint` (one value per variable) where there is one.

    `is_from_below` takes one worker, see `Search`.
    """
    model.minimize(goal.expression)
    if hint:
        model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
    for i, value in enumerate(hint):
        model.add_hint(model.get_int_var_from_proto_index(i), value)
    n_workers = 1 if is_from_below else workers or budget.workers
    one = Search(model, n_workers, limit_s, is_from_below=is_from_below)
    return run([one], budget, _teller(progress, stage, goal))[0]


def lexicographic(
    model: cp_model.CpModel,
    goals: list[Goal],
    budget: Budget,
    stage: str,
    progress: Progress,
    limit_s: float,
    start: Sequence[int] = (),
    counts: Sequence[Expr] = (),
    known: Sequence[TierOutcome] = (),
    *,
    is_hinted: bool = True,
    is_from_below: bool = False,
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
    counts
        Numbers of flights; what a short search leaves open is proven case by case of them.
    known
        The tiers of a relaxation; a bound of it counts while the tiers before are no worse here.
    is_hinted
        Whether a search begins from the best solution.  Where the relaxation is tight, as in coarse
        models, it is faster from nothing.
    is_from_below
        How each search goes about it, see `Search`.
    """
    if flaw := model.validate():
        raise AssertionError(f"stage {stage} built a model CP-SAT refuses: {flaw[:500]}")
    values, tiers = list(start), list[TierOutcome]()
    relaxed = list(known)
    for goal in goals:
        least = least_of(model, goal.expression) if goal.least is None else goal.least
        if relaxed:
            least = max(least, math.ceil(relaxed[0].bound * goal.scale - 1e-6))
        value = evaluate(goal.expression, values) if values else None
        bound, is_optimal = least, value == least
        if value is None and budget.is_interrupted:
            return Outcome("unknown", [], [])
        if value is None or not (is_optimal or budget.is_interrupted or budget.left_s < 0.05):
            progress(stage, goal.name, None if value is None else value / goal.scale, least / goal.scale)
            share = _IMPROVE_SHARE if is_hinted else _UNHINTED_SHARE
            first_s = limit_s if value is None or not counts else limit_s * share
            hint = values if is_hinted else ()
            workers = budget.workers if is_hinted else 1
            status, solver = search(
                model,
                goal,
                budget,
                stage,
                progress,
                first_s,
                hint,
                workers,
                is_from_below=is_from_below,
            )
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                found = round(solver.objective_value)
                is_optimal = status == cp_model.OPTIMAL
                if value is None or found < value:
                    value, values = found, list(solver.response_proto.solution)
            elif value is None:
                return Outcome("infeasible" if status == cp_model.INFEASIBLE else "unknown", [], [])
            if status == cp_model.FEASIBLE:  # a search that found nothing leaves no bound behind
                bound = max(least, math.ceil(solver.best_objective_bound - 1e-6))
            tell = _teller(progress, stage, goal)
            for _ in range(_ROUNDS if counts and not is_optimal else 0):
                before = value
                bound, value, values = _by_cases(
                    model, goal, budget, tell, limit_s * _CASE_SHARE, counts, values, bound
                )
                is_optimal = bound == value
                if is_optimal or value == before or budget.is_interrupted or budget.left_s < 0.05:
                    break
            if is_optimal:
                bound = value
        assert value is not None
        assert bound <= value, f"tier {goal.name}: bound {bound} above value {value}"
        model.add(goal.expression <= value)
        tiers.append(TierOutcome(goal.name, value / goal.scale, bound / goal.scale, is_optimal))
        relaxed = relaxed[1:] if relaxed and tiers[-1].value <= relaxed[0].value else []
        progress(stage, goal.name, value / goal.scale, bound / goal.scale)
    return Outcome("optimal" if all(t.is_optimal for t in tiers) else "feasible", values, tiers)


def _by_cases(
    model: cp_model.CpModel,
    goal: Goal,
    budget: Budget,
    tell: Callable[[float, float], None],
    limit_s: float,
    counts: Sequence[Expr],
    values: list[int],
    bound: int,
) -> tuple[int, int, list[int]]:
    """Prove a value, or better it: as many flights as now, or more or fewer of the first kind, ...

    How many flights there are decides how days can be covered, and the relaxation knows it only
    once the number is known.  The cases exclude one another and are searched on their own.
    """
    value = evaluate(goal.expression, values)
    searches = []
    for case in _cases(counts, values):
        one = model.clone()
        for count, lowest, highest in case:
            one.add_linear_constraint(count, lowest, highest)
        one.add(goal.expression <= value - 1)
        one.minimize(goal.expression)
        one.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
        searches.append(Search(one, 1, limit_s))
    least = value
    for status, solver in run(searches, budget, tell, n_at_once=_AT_ONCE):
        if status == cp_model.INFEASIBLE:
            continue
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            least = min(least, math.ceil(solver.best_objective_bound - 1e-6))
            if round(solver.objective_value) < value:
                value, values = round(solver.objective_value), list(solver.response_proto.solution)
        else:
            least = bound
    return max(bound, min(least, value)), value, values


def _cases(counts: Sequence[Expr], values: list[int]) -> Iterator[list[tuple[Expr, int, int]]]:
    """Boxes of counts that exclude one another: (count, lowest, highest)."""
    same: list[tuple[Expr, int, int]] = []
    for count in counts:
        n = evaluate(count, values)
        if n > 0:
            yield [*same, (count, 0, n - 1)]
        yield [*same, (count, n + 1, _MANY)]
        same.append((count, n, n))
    yield same


def _teller(progress: Progress, stage: str, goal: Goal) -> Callable[[float, float], None]:
    return lambda value, bound: progress(stage, goal.name, value / goal.scale, bound / goal.scale)
