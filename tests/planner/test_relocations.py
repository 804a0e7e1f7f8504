"""Relocations as decisions, spacewalk days and waits for weather, against every plan there is."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from enumeration import enumerate_plans, is_legal, measured
from tiny_station import TIERS, announced, at, docked, no_events, settings, tiny, vehicle

from crossflight.model import Closure, Eva, Plan, Port, Scenario, Tier
from crossflight.planner import PlannerResult, plan
from crossflight.planner.traffic import Traffic
from crossflight.rules import check
from crossflight.rules.measures import TERMS
from crossflight.rules.walk import Walk


def agree(scenario: Scenario) -> PlannerResult:
    """The planner and the enumeration say the same."""
    truth = enumerate_plans(scenario)
    for sample, values, _ in truth.valued:
        assert measured(scenario, sample) == pytest.approx(values)
    result = plan(scenario, time_limit_s=20, workers=1)
    if truth.optimum is None:
        assert (result.status, result.plan) == ("infeasible", None)
        return result
    assert result.plan is not None, f"{result.message}; best is {truth.optimum}"
    assert [v.message for v in check(scenario, result.plan) if v.is_failure] == []
    assert result.status == "optimal"
    assert measured(scenario, result.plan) == pytest.approx(truth.optimum)
    assert [t.bound for t in result.objective] == pytest.approx(truth.optimum)
    return result


def n_relocations(result: PlannerResult) -> int:
    assert result.plan is not None
    return sum(len(f.relocations) for f in result.plan.flights)


def only_by_relocating(n_relocations_max: int = 1, **changes: object) -> Scenario:
    """X-1 alone aboard at port 1, which a spacewalk needs free; its relief can only come after that."""
    x = vehicle(
        "X",
        "A",
        on_orbit_life_days=14,
        docked_days_min=4,
        n_relocations_max=n_relocations_max,
        launch_interval_days_min=4,
    )
    base = {
        "ports": 2,
        "segments": ("A",),
        "docked": (docked(x, -3, "port 1", ("A 1", "A 2")),),
        "evas": (Eva("walk", at(4, 10), at(4, 16), ("port 1",)),),
        "rules": settings({"segment_operator": "hard"}),
        "forbidden_days": no_events([0, 1, 2, 3, 4, 5], "launch", "X"),
    }
    return tiny(12, (x,), {"X": 3}, **{**base, **changes})  # type: ignore[arg-type]


def test_the_only_legal_plan_relocates() -> None:
    result = agree(only_by_relocating())
    assert result.plan is not None
    (moved,) = (f for f in result.plan.flights if f.relocations)
    (move,) = moved.relocations
    assert (moved.name, moved.port, move.from_port, move.to_port) == ("X-1", "port 1", "port 1", "port 2")
    assert move.dock_utc.s_since(move.undock_utc) == 40 * 60
    # Gone from port 1 before the spacewalk, and not on its day.
    assert move.undock_utc < at(4, 10).plus_days(-0.5)


def test_without_a_relocation_there_is_no_plan_at_all() -> None:
    agree(only_by_relocating(0))
    scenario = only_by_relocating(0)
    assert enumerate_plans(scenario).optimum is None


def test_a_relocation_keeps_clear_of_dockings_and_spacewalks() -> None:
    # A visitor docks on day 2; 40 minutes less than a day before it is too near.
    y = vehicle("Y", "B", docked_days_min=2, plan_line=False, crew_patterns=({"B": 1},), price=0)
    scenario = only_by_relocating(
        ports=3,
        announced=(announced(y, "Y-2", 1, 0),),
    )
    scenario = replace(
        scenario,
        vehicle_types=(*scenario.vehicle_types, y),
        launchers=(*scenario.launchers, replace(scenario.launchers[0], name=y.launcher, pads=("Y pad",))),
        pads=(*scenario.pads, replace(scenario.pads[0], name="Y pad")),
        craft=(*scenario.craft, replace(scenario.craft[0], name="Y hull 1", vehicle_type="Y")),
        rules=settings({"segment_operator": "hard"}, {"docking_spacing": {"days_min": 1}}),
    )
    result = agree(scenario)
    assert result.plan is not None
    (move,) = (r for f in result.plan.flights for r in f.relocations)
    dock = next(f.dock_utc for f in result.plan.flights if f.name == "Y-2")
    assert dock is not None
    assert abs(move.dock_utc.days_since(dock)) >= 1


def test_infeasible_ports_are_proven_and_not_guessed() -> None:
    # One port only: nowhere to go.
    agree(only_by_relocating(ports=1))


def movable(seed: int) -> Scenario:
    """A random tiny scenario in which ports close and craft may move."""
    rng = random.Random(f"movable {seed}")
    has_two = rng.random() < 0.4
    n_days = rng.randint(11, 13) if has_two else rng.randint(13, 17)
    x = vehicle(
        "X",
        "A",
        on_orbit_life_days=rng.randint(8, 12),
        docked_days_min=4,
        n_relocations_max=1,
        price=rng.choice([8, 20]),
        return_weather_days=rng.choice([0, 0, 1]),
    )
    types, hulls = [x], {"X": 3}
    at_start = [docked(x, -rng.randint(2, 4), "port 1", ("A 1", "A 2"))]
    if has_two:
        y = vehicle(
            "Y", "B", on_orbit_life_days=11, docked_days_min=4, n_relocations_max=rng.choice([0, 1]), price=12
        )
        types.append(y)
        hulls["Y"] = 2
        at_start.append(docked(y, -rng.randint(3, 5), "port 2", ("B 1", "B 2")))
    n_ports = 3 if has_two else 2
    ports = []
    for i in range(n_ports):
        first = rng.randint(2, n_days - 3)
        closures = (Closure(at(first), at(first + rng.randint(1, 2)), "test"),) if rng.random() < 0.6 else ()
        ports.append(Port(f"port {i + 1}", "nadir", "probe", closures=closures))
    walk = rng.randint(2, n_days - 2)
    evas = (Eva("walk", at(walk, 9), at(walk, 15), (rng.choice(ports).name,)),) if rng.random() < 0.6 else ()
    forbidden = ()
    for t in types:
        open_days = rng.sample(range(n_days), 4 if has_two else 6)
        forbidden += no_events([d for d in range(n_days) if d not in open_days], "launch", t.name)
        forbidden += no_events(sorted(rng.sample(range(n_days), n_days // 2)), "undock", t.name)
    return tiny(
        n_days,
        tuple(types),
        hulls,
        ports=tuple(ports),
        evas=evas,
        segments=("A",),
        docked=tuple(at_start),
        forbidden_days=forbidden,
        n_crew_nominal={"A": 2, "B": 2 if has_two else 0},
        rules=settings(
            {"segment_operator": rng.choice(["soft", "hard"])},
            {
                "docking_spacing": {"days_min": rng.choice([1, 2])},
                "eva_day": {"clear_hours": rng.choice([0, 20])},
            },
        ),
    )


@pytest.mark.parametrize("seed", range(24))
def test_random_instances_with_relocations_agree_with_enumeration(seed: int) -> None:
    agree(movable(seed))


def test_some_of_the_random_instances_relocate() -> None:
    moved = [n_relocations(r) for seed in range(24) if (r := plan(movable(seed), workers=1)).plan]
    assert sum(n > 0 for n in moved) >= 4


def test_room_without_ports_is_never_more_than_the_ports_allow() -> None:
    scenario = only_by_relocating()
    assert not any(v.moves for v in Traffic(scenario, has_ports=False).visits)
    assert all(v.moves for v in Traffic(scenario).visits if len(v.port_of) > 0)


# -- waits for weather ----------------------------------------------------------------------------

WEATHER = (*TIERS[:-1], Tier("comfort", {**TIERS[-1].terms, "return_weather_shortfall_days": 1}))


def weather(seed: int, severity: str) -> Scenario:
    rng = random.Random(f"weather {seed}")
    x = vehicle(
        "X",
        "A",
        on_orbit_life_days=rng.randint(8, 11),
        docked_days_min=4,
        return_weather_days=rng.randint(1, 3),
        life_waiver_days=rng.choice([0, 2]),
        n_relocations_max=rng.choice([0, 1]),
    )
    n_days = rng.randint(13, 18)
    open_days = rng.sample(range(n_days), 7)
    return tiny(
        n_days,
        (x,),
        {"X": 4},
        ports=2,
        docked=(docked(x, -rng.randint(2, 5), "port 1", ("A 1", "A 2")),),
        forbidden_days=no_events([d for d in range(n_days) if d not in open_days], "launch", "X"),
        rules=settings({"on_orbit_life": "waivable", "return_weather": severity}),
        objective=WEATHER,
    )


@pytest.mark.parametrize("severity", ["soft", "hard", "waivable", "off"])
@pytest.mark.parametrize("seed", range(6))
def test_the_days_short_of_weather_are_those_the_checker_counts(seed: int, severity: str) -> None:
    scenario = weather(seed, severity)
    result = plan(scenario, time_limit_s=20, workers=1)
    if result.plan is None:
        assert severity in ("hard", "waivable")
        return
    walk = Walk(scenario, result.plan)
    assert [v.message for v in check(scenario, result.plan) if v.is_failure] == []
    if severity != "off":
        assert measured(scenario, result.plan) == pytest.approx([t.value for t in result.objective])
    if severity in ("hard", "waivable"):
        assert TERMS["return_weather_shortfall_days"](walk) == 0


def test_weather_margin_is_taken_where_it_costs_nothing_else() -> None:
    """The same plans without the term leave returns without a wait."""

    def short(scenario: Scenario, found: Plan | None) -> float:
        assert found is not None
        return TERMS["return_weather_shortfall_days"](Walk(scenario, found))

    gained = 0.0
    for seed in range(6):
        scenario = weather(seed, "soft")
        blind = replace(scenario, objective=TIERS)
        with_term, without = (plan(s, time_limit_s=20, workers=1).plan for s in (scenario, blind))
        gained += short(scenario, without) - short(scenario, with_term)
    assert gained > 0


def test_a_hard_wait_agrees_with_enumeration() -> None:
    for seed in range(4):
        scenario = replace(weather(seed, "hard"), objective=TIERS)
        truth = enumerate_plans(scenario)
        assert truth.plan is None or is_legal(scenario, truth.plan)
        agree(scenario)
