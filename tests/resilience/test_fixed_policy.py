"""What the fixed policy makes of a plan, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from one_line_station import EVERY, LIFE, N_DAYS, OVERLAP, station, traffic

from crossflight.resilience.cover import Cover, cover_of
from crossflight.resilience.policy import Flown, Troubles, fly
from crossflight.resilience.traffic import Traffic


def flown(t: Traffic, **changes: dict[int, float]) -> tuple[Flown, Cover]:
    """One sample in which fields of the troubles have values at flights."""
    none = Troubles.none(1, t.n)
    made = {}
    for name, values in changes.items():
        made[name] = getattr(none, name).copy()
        for k, value in values.items():
            made[name][0, k] = value
    found = fly(t, replace(none, **made))
    return found, cover_of(t, found)


def test_nothing_wrong_is_the_plan() -> None:
    t = traffic()
    f, c = flown(t)
    assert f.dock[0].tolist() == [-1, 30, 60, 90]
    assert f.undock[0].tolist() == [32, 62, 92, 120]
    assert c.unattended_any[0] == 0
    # One craft alone but for two days of handover: losing it leaves nobody.
    assert c.uncovered[0] == N_DAYS - 3 * OVERLAP


@pytest.mark.parametrize(("slip", "leaves"), [(0, 32), (1, 33), (5, 37), (7, 39), (8, 39), (20, 39)])
def test_a_craft_waits_for_its_successor_as_long_as_its_life(slip: int, leaves: int) -> None:
    """F0 was launched on day -1 and may stay 40 days; two days of handover are kept."""
    f, c = flown(traffic(), slip_days={1: slip})
    assert f.undock[0, 0] == leaves
    assert f.dock[0, 1] == EVERY + slip
    gap = max(0, EVERY + slip - leaves)
    assert c.unattended_any[0] == gap
    assert f.is_forced[0, 0] == (gap > 0)


def test_a_late_craft_still_waits_for_the_next() -> None:
    f, _ = flown(traffic(), slip_days={1: 20})
    assert f.undock[0, 1] == 2 * EVERY + OVERLAP


def test_crews_of_a_line_keep_their_order() -> None:
    f, _ = flown(traffic(), slip_days={1: 50})
    assert f.launch[0].tolist() == [-1, 80, 81, 90]


def test_a_lost_flight_stands_the_launcher_down_and_is_not_flown_again() -> None:
    f, c = flown(traffic(), is_lost={1: True}, stand_down_days={1: 45})
    assert f.is_lost[0].tolist() == [False, True, False, False]
    assert f.launch[0, 2] == EVERY + 45
    # F0 leaves on day 39, F2 comes on day 75.
    assert c.unattended_any[0] == 36


def test_a_lost_flight_without_a_stand_down_leaves_the_next_its_day() -> None:
    _, c = flown(traffic(), is_lost={1: True})
    assert c.unattended_any[0] == 60 - 39


def test_an_early_return_leaves_nobody_until_the_next() -> None:
    f, c = flown(traffic(), return_after={1: 20.0})
    assert f.undock[0, 1] == 50
    assert f.is_early[0, 1]
    assert c.unattended_any[0] == 10


def test_the_crew_of_an_unusable_craft_stays_and_the_next_comes_for_it_without_a_crew() -> None:
    f, c = flown(traffic(), unusable_after={1: 10.0})
    assert f.unusable[0, 1] == 40
    assert f.heir[0, 1] == 2
    assert f.is_up[0].tolist() == [True, True, False, True]
    assert c.unattended_any[0] == 0
    # Two people from day 40 to day 60, when F2 docks.
    assert c.stranded_person_days[0] == 2 * 20
    assert c.n_stranded_max[0] == 2
    assert c.first_stranded[0] == 40


def test_a_craft_of_a_kind_that_needs_its_crew_takes_nobody_over() -> None:
    t = replace(traffic(), is_autonomous=(False,) * 4)
    f, c = flown(t, unusable_after={1: 10.0})
    assert f.heir[0, 1] == -1
    assert f.is_up[0].all()
    assert c.stranded_person_days[0] == 2 * (N_DAYS - 40)


def test_who_has_become_unusable_does_not_come_home_early() -> None:
    f, _ = flown(traffic(), unusable_after={1: 10.0}, return_after={1: 15.0})
    assert not f.is_early.any()
    f, _ = flown(traffic(), unusable_after={1: 15.0}, return_after={1: 10.0})
    assert f.is_early[0, 1]
    assert np.isinf(f.unusable[0, 1])


@pytest.mark.parametrize("what", ["fleets", "pads", "ports"])
def test_an_outage_holds_what_would_be_launched_or_dock_in_it(what: str) -> None:
    t = traffic()
    name = {"fleets": "Rocket", "pads": "pad", "ports": t.ports[1]}[what]
    window = (np.array([[29.0]]), np.array([[10.0]]))
    f = fly(t, replace(Troubles.none(1, t.n), **{what: {name: window}}))
    assert f.launch[0].tolist() == [-1, 39, 60, 90]


def test_one_of_two_pads_is_enough() -> None:
    t = replace(traffic(), pads=(("pad", "other"),) * 4)
    window = (np.array([[29.0]]), np.array([[10.0]]))
    f = fly(t, replace(Troubles.none(1, t.n), pads={"pad": window}))
    assert f.launch[0, 1] == EVERY


def test_outages_that_follow_one_another_are_waited_out_together() -> None:
    t = traffic()
    fleet = (np.array([[29.0]]), np.array([[10.0]]))
    pad = (np.array([[38.0]]), np.array([[10.0]]))
    again = (np.array([[47.0]]), np.array([[10.0]]))
    f = fly(
        t,
        replace(
            Troubles.none(1, t.n), fleets={"Rocket": fleet}, pads={"pad": pad}, ports={t.ports[1]: again}
        ),
    )
    assert f.launch[0, 1] == 57


def test_what_has_been_launched_is_a_fact() -> None:
    f, _ = flown(traffic(), slip_days={0: 9}, is_lost={0: True})
    assert f.dock[0, 0] == -1
    assert not f.is_lost.any()


def test_a_planned_stay_past_the_life_is_a_waiver_that_somebody_has() -> None:
    scenario, plan = station()
    long = replace(scenario.vehicle_types[0], on_orbit_life_days=10.0)
    from crossflight.resilience.traffic import traffic_of

    t = traffic_of(replace(scenario, vehicle_types=(long,)), plan)
    f, _ = flown(t)
    assert f.undock[0].tolist() == [32, 62, 92, 120]
    assert LIFE > 14
