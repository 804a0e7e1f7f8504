"""The planner against the HiGHS event model: two solvers, two models, one optimum."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_enumeration import busier, instance, with_cargo
from tiny_station import at, tiny, vehicle

from common_part import NotExpressibleError, common
from crossflight.model import Pad, Scenario, SeatMove
from crossflight.planner import plan
from crossflight.rules import check
from crossflight.scenario.synthetic import synthetic
from highs_event_model import EventModel, narrowed, prove


def agree(scenario: Scenario) -> None:
    """Both prove the same optimum, and the checker accepts the planner's plan."""
    events = EventModel(scenario).solve(20)
    planned = plan(scenario, time_limit_s=20, workers=1)
    assert events.status == "optimal"
    assert planned.plan is not None, planned.message
    assert [v.message for v in check(scenario, planned.plan) if v.is_failure] == []
    values = [t.value for t in planned.objective]
    assert [t.bound for t in planned.objective] <= [pytest.approx(v, abs=1e-3) for v in events.values]
    assert (planned.status, values) == ("optimal", pytest.approx(events.values, abs=1e-3))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("is_integrated", [False, True])
@pytest.mark.parametrize("n_providers", [2, 3])
def test_a_year_of_a_made_up_station(n_providers: int, is_integrated: bool, seed: int) -> None:
    agree(common(synthetic(1, n_providers, seed), is_integrated=is_integrated))


@pytest.mark.parametrize("seed", range(3))
def test_two_years_of_a_station_with_one_provider(seed: int) -> None:
    agree(common(synthetic(2, 1, seed), is_integrated=False))


@pytest.mark.parametrize(
    ("years", "n_providers", "is_integrated"), [(1, 2, True), (1, 3, False), (2, 1, False), (2, 2, False)]
)
def test_windows_from_a_first_plan_leave_the_optimum_in(
    years: float, n_providers: int, is_integrated: bool
) -> None:
    scenario = common(synthetic(years, n_providers, 4), is_integrated=is_integrated)
    plain = EventModel(scenario).solve(20)
    narrow = prove(scenario, 20, threads=1)
    assert plain.status == narrow.status == "optimal"
    assert narrow.values == pytest.approx(plain.values, abs=1e-3)
    # A tight cut-off leaves little; every flight that is sure has room for its days.
    windows = narrowed(scenario, scenario.objective[0], plain.values[0])
    assert any(w.is_sure for w in windows.values())
    for w in windows.values():
        assert not w.is_possible or (w.launch[0] <= w.launch[1] and w.undock[0] <= w.undock[1])
    within = EventModel(scenario, windows).solve(20)
    assert within.values == pytest.approx(plain.values, abs=1e-3)


def test_common_part_keeps_what_decides() -> None:
    made = synthetic(1, 2, 1)
    for is_integrated in (False, True):
        part = common(made, is_integrated=is_integrated)
        assert part.forbidden_days == made.forbidden_days
        assert part.pads == made.pads
        assert part.craft == made.craft
        assert part.station.ports == made.station.ports
        assert [a.name for a in part.announced] == [a.name for a in made.announced]
        assert bool(part.station.segments) == is_integrated
        for rule in ("pad", "docking_spacing", "port_occupancy", "capsule", "crew_size", "on_orbit_life"):
            assert part.rules[rule] == made.rules[rule]


def test_what_it_cannot_say_is_refused() -> None:
    x = vehicle("X", "A")
    plain = tiny(14, (x,), {"X": 3})
    EventModel(plain)
    pads = (*plain.pads, Pad("other", "site", 3))
    both = tuple(replace(m, pads=("X pad", "other")) for m in plain.launchers)
    refused = {
        "hours": replace(plain, vehicle_types=(replace(x, ascent_hours=20),)),
        "long stays": replace(plain, vehicle_types=(replace(x, n_long_stays_max=1),)),
        "cargo": with_cargo(0),
        "pads": replace(plain, pads=pads, launchers=both),
        "06:00": replace(plain, to_utc=at(14)),
        "seat moves": replace(plain, seat_moves=(SeatMove(at(1), "A 1", "X-1", "X-2"),)),
        "agreement": busier(102),
        "binds from a docking": busier(100),
    }
    for words, scenario in refused.items():
        with pytest.raises(NotExpressibleError, match=words):
            EventModel(scenario)


def test_it_says_when_there_is_no_plan() -> None:
    assert EventModel(instance(5)).solve(20).status == "infeasible"
