"""Conflicts of tiny stations against brute force: every plan there is, every set of conditions.

The oracle enumerates all plans of a scenario that asks for some conditions only and lets the checker judge
them; it knows no solver.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import combinations

import pytest
from enumeration import Choice, enumerate_plans
from tiny_station import at, docked, settings, tiny, vehicle

from crossflight.model import Closure, ForbiddenDays, Scenario
from crossflight.planner.explain import Core, Kept, Trials, core, core_alone, least
from crossflight.planner.explain_conditions import FAR_DAYS
from crossflight.planner.explain_ease import Condition
from crossflight.planner.explain_ways import shortfalls
from crossflight.planner.solve import Budget

END_RULES = ("life_left", "seat_ledger")
N_SUBSETS_OF = 6
SEEDS = range(24)


def broken(seed: int) -> Scenario:
    """A tiny station that somebody has to run at all times, with things broken at random."""
    rng = random.Random(f"broken {seed}")
    has_two = rng.random() < 0.2
    n_days = rng.randint(8, 9) if has_two else rng.randint(10, 12)
    life = rng.randint(5, 9)
    x = vehicle(
        "X",
        "A",
        on_orbit_life_days=life,
        life_waiver_days=rng.choice([0, 2]),
        docked_days_min=rng.randint(2, 4),
        docked_days_max=rng.choice([None, None, 5]),
        is_reusable=rng.random() < 0.4,
        turnaround_days=rng.randint(1, 6),
    )
    types, hulls = [x], {"X": rng.choice([1, 2, 3])}
    if has_two:
        types.append(vehicle("Y", "B", docked_days_min=4, crew_patterns=({"B": 1, "A": 1}, {"B": 2})))
        hulls["Y"] = 2
    scenario = tiny(
        n_days,
        tuple(types),
        hulls,
        ports=rng.choice([1, 2]),
        segments=("A",),
        n_crew_nominal={"A": 2},
        rules=settings({"segment_operator": "hard", "on_orbit_life": rng.choice(["waivable", "hard"])}),
        docked=(docked(x, -rng.randint(1, 4), "port 1", ("A 1", "A 2")),),
    )
    first = rng.randint(0, 4)
    span = (at(first), at(first + rng.randint(3, 8)))
    what = rng.choice(["pad", "port", "days", "hulls"])
    if what == "pad":
        pads = (replace(scenario.pads[0], outages=(Closure(*span, "test"),)), *scenario.pads[1:])
        scenario = replace(scenario, pads=pads)
    elif what == "port":
        last = scenario.station.ports[-1]
        ports = (*scenario.station.ports[:-1], replace(last, closures=(Closure(*span, "test"),)))
        scenario = replace(scenario, station=replace(scenario.station, ports=ports))
    elif what == "days":
        event = rng.choice(["launch", "dock"])
        scenario = replace(scenario, forbidden_days=(ForbiddenDays(*span, (event,), "test", ("X",)),))
    elif not x.is_reusable:
        late = tuple(
            c if c.name == "X hull 1" else replace(c, ready_utc=span[1])
            for c in scenario.craft
            if c.vehicle_type == "X"
        )
        others = tuple(c for c in scenario.craft if c.vehicle_type != "X")
        scenario = replace(scenario, craft=(*late, *others))
    return scenario


def trials_of(scenario: Scenario) -> Trials:
    return Trials(scenario, Budget(600.0, 1, 1, time.monotonic()))


def is_possible(trials: Trials, kept: Kept, n_days: int | None = None) -> bool:
    """Whether one of all plans keeps the conditions until the end, or until some day."""
    scenario = trials.changed(kept, trials.scenario.to_utc)
    if n_days is not None:
        rules = {r: replace(s, severity="off") if r in END_RULES else s for r, s in scenario.rules.items()}
        scenario = replace(scenario, to_utc=at(n_days, 6), rules=rules)
    if scenario.rules["life_left"].severity == "off":
        scenario = replace(scenario, life_left_days=-FAR_DAYS)  # the enumeration knows the number only
    lives = {
        c.subjects[0]: _waiver_days(trials.scenario, c) + n
        for c, n in kept.items()
        if c.rule == "on_orbit_life"
    }
    docked_names = {d.flight.name for d in scenario.docked}

    def is_within_life(row: tuple[Choice, ...]) -> bool:
        return all(
            choice.n_waived
            <= lives.get(
                choice.name if choice.name in docked_names else f"every {choice.vehicle.name} added", 10**6
            )
            for choice in row
        )

    return enumerate_plans(scenario, n_samples=0, is_wanted=is_within_life).optimum is not None


def _waiver_days(scenario: Scenario, c: Condition) -> int:
    if scenario.rules["on_orbit_life"].severity == "hard":
        return 0
    name = c.subjects[0].removeprefix("every ").removesuffix(" added")
    docked_types = {d.flight.name: d.flight.vehicle_type for d in scenario.docked}
    kind = docked_types.get(name, name)
    return int(next(t for t in scenario.vehicle_types if t.name == kind).life_waiver_days)


def unasked(conditions: Iterable[Condition]) -> dict[Condition, int]:
    return dict.fromkeys(conditions, 0)


@cache
def found_in(seed: int) -> tuple[Trials, Core | None]:
    trials = trials_of(broken(seed))
    return trials, core(trials)


@pytest.mark.parametrize("seed", SEEDS)
def test_core_is_impossible_and_minimal_by_enumeration(seed: int) -> None:
    trials, found = found_in(seed)
    if found is None:
        assert is_possible(trials, unasked(trials.all))
        return
    assert not is_possible(trials, unasked(trials.all))
    assert found.is_minimal
    assert not is_possible(trials, unasked(found.conditions), found.n_days)
    for left_out in found.conditions:
        rest = unasked(c for c in found.conditions if c is not left_out)
        assert is_possible(trials, rest, found.n_days), left_out.fact


@pytest.mark.parametrize("seed", SEEDS)
def test_first_day_is_the_first_by_enumeration(seed: int) -> None:
    trials, found = found_in(seed)
    if found is None or found.n_days is None:
        return
    assert found.first_utc == trials.grain.day0.plus_days(found.n_days - 1)
    everything = unasked(trials.all)
    assert not is_possible(trials, everything, found.n_days)
    if found.n_days > 2:
        assert is_possible(trials, everything, found.n_days - 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_shortfall_is_the_least_by_enumeration(seed: int) -> None:
    trials, found = found_in(seed)
    if found is None:
        return
    alone = core_alone(trials, found)
    for condition, n in shortfalls(trials, found).items():
        if condition.ease is None:
            assert n is None
        elif n is None:
            assert not is_possible(trials, {**alone, condition: condition.ease.most})
        elif condition.ease.unit == "d":
            assert is_possible(trials, {**alone, condition: n}), condition.fact
            assert not is_possible(trials, {**alone, condition: n - 1}), condition.fact


@pytest.mark.parametrize("seed", [1, 3, 5, 6, 12])
def test_core_is_one_of_all_minimal_sets(seed: int) -> None:
    """Of a handful of conditions every set is tried."""
    trials, whole = found_in(seed)
    if whole is None:
        return
    others = [c for c in trials.all if c not in whole.conditions]
    rng = random.Random(seed)
    n_more = max(0, N_SUBSETS_OF - len(whole.conditions))
    chosen = (*whole.conditions, *rng.sample(others, min(n_more, len(others))))
    found = core(trials, unasked(chosen))
    assert found is not None
    minimal: list[frozenset[Condition]] = []
    for size in range(len(chosen) + 1):
        for some in combinations(chosen, size):
            if any(m <= set(some) for m in minimal):
                continue
            if not is_possible(trials, unasked(some), found.n_days):
                minimal.append(frozenset(some))
    assert frozenset(found.conditions) in minimal


def test_least_is_none_where_nothing_helps() -> None:
    trials, found = found_in(1)
    assert found is not None
    [stubborn] = [c for c in found.conditions if c.rule == "segment_operator"]
    assert stubborn.ease is None
    assert least(trials, core_alone(trials, found), stubborn) is None
