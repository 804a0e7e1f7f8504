"""Crews from decided traffic: seats are given, courses found, and seats given again if that fails."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from ortools.sat.python import cp_model

from crossflight.model import Scenario, StageResult
from crossflight.planner.people import CrewFlight, Crews, People, Untrainable
from crossflight.planner.solve import Budget, Goal, Outcome, Progress, Search, TierOutcome, evaluate, run
from crossflight.planner.training import Training

# A better choice of people is sought so long; a first one longer.
_SEATS_S = 1.0
# How often seats are given again because their courses do not fit together.
_N_ROUNDS_MAX = 20


def crews_of(
    scenario: Scenario,
    flights: Sequence[CrewFlight],
    budget: Budget,
    progress: Progress,
    limit_s: float,
) -> tuple[Crews | None, list[StageResult]]:
    """Fill the seats of decided flights, then the courses; who cannot be trained together is told apart.

    Parameters
    ----------
    limit_s
        Deterministic seconds for filling the seats once.

    Returns
    -------
    The crews, or None where the last of the stages has found none.  The people stage is
    infeasible only if no crews can be trained, whatever seats they take.
    """
    conflicts: list[Untrainable] = []
    crews: Crews | None = None
    people_s = training_s = 0.0
    while True:
        began = time.monotonic()
        people = People(scenario, flights, conflicts, crews)
        goal = people.build()
        outcome = _seated(people, goal, budget, progress, limit_s)
        people_s += time.monotonic() - began
        stages = [StageResult("people", outcome.status, round(people_s, 3))]
        if not outcome.has_plan:
            return None, stages
        crews = people.crews(outcome.values)
        if not people.ready.binds:
            return crews, stages
        began = time.monotonic()
        progress("training", "places in courses", None, None)
        schedule = Training(scenario, flights, crews).schedule(budget)
        training_s += time.monotonic() - began
        found = schedule.status in ("optimal", "feasible")
        if found or schedule.status == "unknown" or len(conflicts) == _N_ROUNDS_MAX:
            status = schedule.status if schedule.status != "infeasible" else "unknown"
            stages.append(StageResult("training", status, round(training_s, 3)))
            return (replace(crews, training=schedule.slots) if found else None), stages
        assert schedule.conflict is not None
        conflicts.append(schedule.conflict)


def _seated(people: People, goal: Goal, budget: Budget, progress: Progress, limit_s: float) -> Outcome:
    """Give the seats: first to anybody who may have them, then better for a short time.

    Without an objective one worker finds the first solution many times sooner than with one.
    """
    progress("people", goal.name, None, None)
    ((status, solver),) = run([Search(people.model, 1, limit_s)], budget, lambda _value, _bound: None)
    values = list(solver.response_proto.solution)
    if not values:
        return Outcome("infeasible" if status == cp_model.INFEASIBLE else "unknown", [], [])
    people.model.minimize(goal.expression)
    people.model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
    for i, value in enumerate(values):
        people.model.add_hint(people.model.get_int_var_from_proto_index(i), value)

    def tell(value: float, bound: float) -> None:
        progress("people", goal.name, value, bound)

    better = Search(people.model, budget.workers, min(_SEATS_S, limit_s), is_improving=True)
    ((status, solver),) = run([better], budget, tell)
    values = list(solver.response_proto.solution) or values
    is_optimal = status == cp_model.OPTIMAL
    value = evaluate(goal.expression, values)
    return Outcome(
        "optimal" if is_optimal else "feasible", values, [TierOutcome(goal.name, value, 0, is_optimal)]
    )
