"""A slip of a station worked out by hand, and one with an orbit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from one_line_station import EVERY, OVERLAP, day, station, with_rules

from crossflight.model import (
    LandingOpportunity,
    LaunchOpportunity,
    Opportunities,
    Plan,
    Reboost,
    RendezvousProfile,
    Scenario,
)
from crossflight.resilience.slip import SlipDay, relieved_by, slip_days
from crossflight.times import Instant


def flown_station() -> tuple[Scenario, Plan]:
    """Lift-off comes before docking and landing after undocking."""
    scenario, plan = station()
    flights = tuple(
        replace(
            f,
            launch_utc=f.launch_utc.plus_days(0.1),
            dock_utc=f.launch_utc.plus_days(0.2),
            landing_utc=f.undock_utc and f.undock_utc.plus_days(0.1),
        )
        for f in plan.flights
    )
    return scenario, replace(plan, flights=flights)


def slipped(scenario: Scenario, plan: Plan, name: str, *days: int) -> list[SlipDay]:
    flight = next(f for f in plan.flights if f.name == name)
    return list(slip_days(scenario, plan, flight, days))


def test_each_day_by_hand() -> None:
    """F1 docks on day 30.2, relieves F0 that leaves on 32, may stay until 62; F2 docks on 60.2."""
    scenario, plan = flown_station()
    scenario = with_rules(scenario, docking_spacing="hard", on_orbit_life="hard")
    f1 = next(f for f in plan.flights if f.name == "F1")
    relieved = relieved_by(scenario, plan, f1)
    assert relieved is not None
    assert relieved.name == "F0"
    rows = {r.days: r for r in slipped(scenario, plan, "F1", *range(-1, 31))}
    for n, row in rows.items():
        assert row.launch_utc == f1.launch_utc.plus_days(n)
        assert row.dock_utc is not None
        assert row.dock_utc.days_since(day(EVERY)) == pytest.approx(0.2 + n)
        assert row.alone is not None
        assert row.alone.handover_days == pytest.approx(OVERLAP - 0.2 - n)
        # F0 has been up since day -0.9 and is certified for 36 days.
        assert row.life_left_days == pytest.approx(36 - (30.2 + n + 0.9))
        assert row.is_announced is None
    assert rows[1].is_accepted
    # From day 32 on nobody is there until F1 comes; an empty station breaks no rule.
    late = rows[3].alone
    assert late is not None
    assert late.failures == ()
    assert late.unattended_days == pytest.approx(1.2)
    assert late.must_move("F1") == ()
    # F0 waits as long as it would have stayed beside F1: 1.8 days after the docking, and not past its life.
    waiting = rows[3].waiting
    assert waiting is not None
    assert rows[3].waits_days == pytest.approx(3)
    assert waiting.handover_days == pytest.approx(1.8)
    assert waiting.failures == ()
    assert waiting.unattended_days == 0
    assert rows[4].waiting is not None
    # It lands on day 36.1, 37 days after launch.
    assert [v.rule for v in rows[4].waiting.failures] == ["on_orbit_life"]
    assert rows[-1].waiting is None
    # Within a day of F2's docking.
    near = rows[30].alone
    assert near is not None
    assert "docking_spacing" in [v.rule for v in near.failures]
    assert "F2" in near.must_move("F1")


def test_what_the_plan_breaks_already_is_not_held_against_a_slip() -> None:
    scenario, plan = flown_station()
    (row,) = slipped(with_rules(scenario, handover="hard"), plan, "F1", 1)
    assert row.alone is not None
    assert row.alone.failures == ()


def test_days_outside_the_scenario_say_so() -> None:
    scenario, plan = flown_station()
    (row,) = slipped(scenario, plan, "F3", 60)
    assert (row.launch_utc, row.alone, row.why) == (None, None, "outside the scenario")


def with_orbit(scenario: Scenario) -> Scenario:
    """Lift-offs at noon; on day 31 phase allows the slow profile only, on day 32 none; landings at six."""

    def launch(n: int) -> LaunchOpportunity:
        up = day(n + 0.5)
        fast = n not in (31, 32)
        reboost = Reboost(day(n - 14), 0.5, 70.0, 0.9)
        profiles = (
            RendezvousProfile("quick", fast, float(fast), up.plus_days(0.1), 60.0, None, reboost),
            RendezvousProfile("slow", n != 32, 1.0, up.plus_days(2), 60.0),
        )
        return LaunchOpportunity("pad", "Ferry", up, 5.0, up, 100.0, 3.0, True, profiles, 0.0, 45.0, True)

    def landing(n: int) -> LandingOpportunity:
        at: Instant = day(n + 0.25)
        return LandingOpportunity(
            "zone", "Ferry", at, at.plus_days(0.1), at.plus_days(0.15), 0.0, 0.0, True, 0.0, 60.0
        )

    found = Opportunities(
        "made up",
        day(0),
        {("Ferry", "pad"): tuple(launch(n) for n in range(119))},
        {"Ferry": tuple(landing(n) for n in range(119))},
    )
    kind = replace(scenario.vehicle_types[0], profile="quick", ascent="x", descent="x")
    return replace(scenario, opportunities=found, vehicle_types=(kind,))


def test_phase_decides_the_profile_of_each_day() -> None:
    scenario, plan = flown_station()
    rows = {r.days: r for r in slipped(with_orbit(scenario), plan, "F1", 1, 2, 3)}
    assert rows[1].profile is not None
    assert rows[1].profile.name == "slow"
    assert rows[1].dock_utc == day(33.5)
    assert rows[2].launch_utc is None
    assert rows[2].alone is None
    assert "phase 100 +- 3 deg allows no rendezvous" in rows[2].why
    assert "would open quick" in rows[2].why
    assert rows[3].profile is not None
    assert rows[3].profile.name == "quick"
    # 33.6, and F0 waits 1.8 days from then to the first way home.
    assert rows[3].waiting is not None
    home = next(f for f in rows[3].waiting.plan.flights if f.name == "F0")
    assert home.undock_utc == day(36.25)
    assert home.landing_utc == day(36.4)


def test_a_visit_keeps_its_length_and_announced_windows_do_not_bind() -> None:
    scenario, plan = flown_station()
    flights = tuple(replace(f, kind="visiting") if f.name == "F2" else f for f in plan.flights)
    (row,) = slipped(with_orbit(scenario), replace(plan, flights=flights), "F2", 4)
    assert row.alone is not None
    moved = next(f for f in row.alone.plan.flights if f.name == "F2")
    # Planned from 60.2 to 92; it docks on 64.6, and 96.25 is nearest to 96.4.
    assert moved.dock_utc == day(64.6)
    assert moved.undock_utc == day(96.25)
