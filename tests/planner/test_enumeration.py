"""Tiny instances: the planner against every plan there is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from enumeration import enumerate_plans, is_legal, measured
from tiny_station import agreement, announced, docked, no_events, settings, tiny, vehicle

from crossflight.model import Scenario
from crossflight.planner import plan
from crossflight.rules import check


def instance(seed: int) -> Scenario:
    """A random tiny scenario: one or two types, with or without segments, agreement, announcements."""
    rng = random.Random(seed)
    has_two = rng.random() < 0.65
    n_days = rng.randint(13, 17) if has_two else rng.randint(18, 24)
    patterns = rng.choice([({"A": 2},), ({"A": 2}, {"A": 1, "B": 1}), ({"A": 1}, {"A": 2})])
    x = vehicle(
        "X",
        "A",
        on_orbit_life_days=rng.randint(8, 11),
        docked_days_min=rng.randint(3, 5),
        docked_days_max=rng.choice([None, 8]),
        launch_interval_days_min=rng.randint(3, 5),
        life_waiver_days=rng.choice([0, 2]),
        crew_patterns=patterns,
        price=rng.choice([8, 20]),
    )
    types, hulls = [x], {"X": rng.choice([2, 3]) if has_two else 4}
    if has_two:
        y = vehicle(
            "Y",
            "B",
            on_orbit_life_days=rng.randint(8, 13),
            docked_days_min=4,
            is_reusable=rng.random() < 0.5,
            turnaround_days=rng.randint(1, 4),
            crew_patterns=rng.choice([({"B": 2},), ({"B": 1, "A": 1}, {"B": 2})]),
            price=rng.choice([12, 30]),
        )
        types.append(y)
        hulls["Y"] = 2
    severities = {"on_orbit_life": "waivable"}
    if rng.random() < 0.3:
        severities["segment_operator"] = "hard"
    if rng.random() < 0.15:
        severities["operator_n1"] = "hard"
    changes = {
        "ports": rng.choice([2, 3]),
        "segments": rng.choice([(), ("A",), ("A", "B")]) if has_two else rng.choice([(), ("A",)]),
        "n_crew_nominal": {"A": rng.choice([2, 3]), "B": rng.choice([0, 2])},
        "n_crew_max": rng.choice([4, 8]),
        "life_left_days": rng.choice([0, 1, 3]),
    }
    at_start = [docked(x, -rng.randint(1, 5), "port 1", ("A 1", "A 2"))]
    if has_two and rng.random() < 0.5:
        at_start.append(docked(y, -rng.randint(7, 9) + 2, "port 2", ("B 1", "B 2")))
    changes["docked"] = tuple(at_start)
    if rng.random() < 0.5:
        crew = ("A 3",) if rng.random() < 0.5 else ()
        changes["announced"] = (announced(x, "X-called", rng.randint(4, 6), rng.randint(0, 2), crew=crew),)
    if has_two and rng.random() < 0.4:
        changes["agreements"] = (agreement(("X", "B"), ("Y", "A")),)
        if len(patterns) == 1 or len(types[1].crew_patterns) == 1:
            severities["integrated_seat"] = "soft"
    # Few days: launches and undockings of a type on some days only.
    n_launch = 6 if has_two else 9
    forbidden = ()
    for t in types:
        called = {d for a in changes.get("announced", ()) for d in range(3, 9) if a.vehicle_type == t.name}
        open_days = set(rng.sample(range(n_days), n_launch)) | called
        forbidden += no_events([d for d in range(n_days) if d not in open_days], "launch", t.name)
        closed = rng.sample(range(n_days), n_days // 2)
        forbidden += no_events(sorted(closed), "undock", t.name)
    shared = rng.random() < 0.3
    scenario = tiny(
        n_days,
        tuple(types),
        hulls,
        rules=settings(severities, {"docking_spacing": {"days_min": rng.choice([1, 2])}}),
        forbidden_days=forbidden,
        **changes,
    )
    if shared and has_two:
        launchers = tuple(replace(m, pads=("X pad",)) for m in scenario.launchers)
        scenario = replace(
            scenario,
            launchers=launchers,
            docked=tuple(replace(d, flight=replace(d.flight, pad="X pad")) for d in scenario.docked),
        )
    return scenario


def agree(scenario: Scenario) -> bool:
    """The planner and the enumeration say the same; returns whether there is a plan."""
    truth = enumerate_plans(scenario)
    for sample, values, is_kept in truth.valued:
        assert measured(scenario, sample) == pytest.approx(values)
        if not is_kept:
            assert not is_legal(scenario, sample)
    result = plan(scenario, time_limit_s=20, workers=1)
    if truth.optimum is None:
        assert result.status == "infeasible"
        assert result.plan is None
        return False
    assert truth.plan is not None
    assert measured(scenario, truth.plan) == pytest.approx(truth.optimum)
    assert result.plan is not None, f"{result.message}; {truth.optimum} of {truth.n_plans} plans"
    assert [v for v in check(scenario, result.plan) if v.is_failure] == []
    assert measured(scenario, result.plan) == pytest.approx(truth.optimum)
    assert result.status == "optimal"
    for tier, best in zip(result.objective, truth.optimum, strict=True):
        assert tier.bound <= tier.value + 1e-9
        assert tier.bound == pytest.approx(best)
        assert tier.value == pytest.approx(best)
    return True


@pytest.mark.parametrize("seed", range(20))
def test_random_instances_agree_with_enumeration(seed: int) -> None:
    agree(instance(seed))
