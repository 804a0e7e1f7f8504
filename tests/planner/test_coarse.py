"""The coarse crew traffic model: whatever the whole model can say, it can say too, and no dearer."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from itertools import count, pairwise

import pytest
from ortools.sat.python import cp_model

from crossflight.planner.conflict import crew_traffic
from crossflight.planner.cover import n_at_once, overlap, presence
from crossflight.planner.crew import CrewStage
from crossflight.planner.objective import goals
from crossflight.planner.pins import Pins
from crossflight.planner.placing import days_kept
from crossflight.planner.solve import Budget, Search, evaluate, run
from crossflight.planner.traffic import Traffic
from crossflight.scenario.synthetic import synthetic


def some_solution(traffic: Traffic, seed: int) -> list[int]:
    """A solution of the model that leans to random early or late days; empty if none was found soon."""
    rng = random.Random(seed)
    lean = sum(rng.randint(-5, 5) * (v.launch + v.undock) for v in traffic.visits)
    traffic.model.minimize(lean)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = 0.3
    solver.solve(traffic.model)
    return list(solver.response_proto.solution)


@pytest.mark.parametrize("seed", range(6))
def test_every_solution_is_one_of_the_coarse_model_and_no_dearer(seed: int) -> None:
    scenario = synthetic(1, 1 + seed % 3, seed)
    whole = crew_traffic(scenario, Pins(scenario))
    coarse = crew_traffic(scenario, Pins(scenario), is_coarse=True, has_ports=False)
    n_found = 0
    for lean in range(3):
        values = some_solution(whole, 10 * seed + lean)
        if not values:
            continue
        n_found += 1
        same = days_kept(coarse, whole, values)
        for mine, goal in zip(goals(coarse), goals(whole), strict=True):
            same.add(mine.expression <= evaluate(goal.expression, values))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(same) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    assert n_found


@pytest.mark.parametrize("seed", range(4))
def test_presence_and_craft_at_once_are_what_days_say(seed: int) -> None:
    scenario = synthetic(1.5, 2, seed)
    traffic = crew_traffic(scenario, Pins(scenario))
    values = some_solution(traffic, seed)
    assert values
    for name, line in traffic.lines.items():
        days = [
            range(max(0, evaluate(v.count_from, values)), evaluate(v.undock, values))
            for v in line
            if evaluate(v.is_present, values)
        ]
        there = {day for stay in days for day in stay}
        assert evaluate(presence(traffic, name), values) == len(there)
        assert max(sum(day in stay for stay in days) for day in there) <= n_at_once(traffic, line)


def test_an_interrupt_before_a_search_is_an_answer() -> None:
    model = cp_model.CpModel()
    model.new_bool_var("x")
    budget = Budget(10.0, 1, 1, time.monotonic(), is_interrupted=True)
    [(_, solver)] = run([Search(model, 1, 1.0)], budget, lambda *_: None)
    assert list(solver.response_proto.solution) in ([], [0], [1])


@pytest.mark.parametrize("n_nominal", [1, 2, 4])
def test_a_handover_of_more_people_than_the_nominal_crew_misses_nobody(n_nominal: int) -> None:
    base = synthetic(1, 1, 0)
    station = replace(base.station, n_crew_nominal={"USOS": n_nominal})
    scenario = replace(base, station=station)
    for is_coarse in (False, True):
        traffic = crew_traffic(scenario, Pins(scenario), is_coarse=is_coarse, has_ports=not is_coarse)
        [line] = traffic.lines.values()
        for a, b in pairwise(line):
            traffic.model.add(overlap(traffic, a, b) >= 5).only_enforce_if(b.is_present)
        traffic.model.minimize(sum(traffic.terms["crew_shortfall_days"]))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(traffic.model) == cp_model.OPTIMAL
        assert solver.objective_value == 0


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_calls", [2, 3, 4, 6, 10])
def test_an_interrupt_at_any_stage_of_the_crew_traffic_leaves_a_plan(seed: int, n_calls: int) -> None:
    scenario = synthetic(1.5, 2, seed)
    budget = Budget(20.0, 1, 1, time.monotonic())
    told = count(1)

    def progress(*_: object) -> None:
        budget.is_interrupted |= next(told) == n_calls

    _, outcome = CrewStage(scenario, Pins(scenario), budget, progress, 20.0).result()
    assert outcome.has_plan
    assert all(t.bound <= t.value for t in outcome.tiers)
