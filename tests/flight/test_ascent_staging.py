"""Launchers as data, and their phases: mass is neither made nor lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crossflight.errors import UsageError
from crossflight.flight.launchers import (
    FALCON_9_DRONE_SHIP,
    FALCON_9_LAUNCH_SITE,
    LAUNCHERS,
    SATURN_IB,
    SOYUZ_21A,
    launcher_named,
)
from crossflight.flight.staging import liftoff_mass_kg, phases


@pytest.mark.parametrize("launcher", LAUNCHERS, ids=lambda x: x.name)
def test_what_burns_and_what_drops_is_all_there_was(launcher) -> None:
    plan = phases(launcher)
    gone = sum(p.burn_kg + p.drops_kg for p in plan) + sum(j.mass_kg for j in launcher.jettisons)
    assert liftoff_mass_kg(launcher, 7000.0) - gone == pytest.approx(7000.0 + launcher.fixed_kg)
    assert all(p.burn_kg > 0 and p.flow_kg_s > 0 for p in plan)
    assert plan[-1].dropped == launcher.stages[-1].name


@pytest.mark.parametrize("launcher", LAUNCHERS, ids=lambda x: x.name)
def test_every_launcher_leaves_its_pad_and_says_where_its_numbers_come_from(launcher) -> None:
    first = phases(launcher)[0]
    weight_n = 9.80665 * liftoff_mass_kg(launcher, 12_000.0)
    assert 1.15 < first.thrust_sea_n / weight_n < 1.8
    stages = (*launcher.stages, *((launcher.strap_ons,) if launcher.strap_ons else ()))
    assert all(s.source for s in stages)
    assert all(j.source for j in launcher.jettisons)
    assert launcher.insertion.source


def test_falcons_differ_in_the_propellant_that_brings_the_booster_home_and_in_nothing_else() -> None:
    ship, site = FALCON_9_DRONE_SHIP, FALCON_9_LAUNCH_SITE
    first = replace(site.stages[0], kept_kg=ship.stages[0].kept_kg)
    assert replace(site, name=ship.name, stages=(first, site.stages[1])) == ship
    assert site.stages[0].kept_kg > ship.stages[0].kept_kg


def test_strap_ons_burn_beside_the_core_for_their_time_and_the_core_for_the_rest_of_its_own() -> None:
    together, core, third = phases(SOYUZ_21A)
    assert together.burn_kg / together.flow_kg_s == pytest.approx(118.0)
    assert core.burn_kg / core.flow_kg_s == pytest.approx(286.0 - 118.0)
    assert not core.ignites
    assert third.ignites


def test_a_change_of_thrust_is_a_phase_that_drops_nothing() -> None:
    _, high, low = phases(SATURN_IB)
    assert high.dropped == ""
    assert high.drops_kg == 0
    assert high.burn_kg / high.flow_kg_s == pytest.approx(325.0)
    assert low.thrust_vacuum_n < high.thrust_vacuum_n
    assert low.exhaust_m_s == pytest.approx(high.exhaust_m_s)


def test_an_unknown_launcher_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="proton") as caught:
        launcher_named("proton")
    assert "soyuz-2.1a" in caught.value.hint
    assert launcher_named("saturn-ib") is SATURN_IB
