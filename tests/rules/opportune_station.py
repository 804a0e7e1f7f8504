"""The ISS-like station with computed opportunities: its plan's launches and landings are among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from example_station import T0, iss_like
from plan_edits import Case, set_type

from crossflight.model import (
    Flight,
    LandingOpportunity,
    LaunchOpportunity,
    Opportunities,
    Plan,
    RendezvousProfile,
    Scenario,
)
from crossflight.times import Instant

PASS_DAYS = 0.9833
SIGMA_S = 30.0
PROFILE = "slow"
DIRECT = ("Soyuz", "Dragon", "Progress")
Launch = Callable[[LaunchOpportunity], LaunchOpportunity]
Landing = Callable[[LandingOpportunity], LandingOpportunity]


def beta_deg(at: Instant) -> float:
    """A beta that moves by 4 deg a day between -20 and 20."""
    phase = (at.days_since(T0) / 20) % 1
    return 80 * abs(phase - 0.5) - 20


def launch(f: Flight, at: Instant, dock: Instant) -> LaunchOpportunity:
    """A lift-off at `at` with two profiles, the planned one docking at `dock`."""
    profiles = (
        RendezvousProfile("fast", False, 0.0, at.plus_s(3.2 * 3600), 400.0),
        RendezvousProfile(PROFILE, True, 1.0, dock, 400.0),
    )
    return LaunchOpportunity(
        f.pad,
        f.vehicle_type,
        at,
        SIGMA_S,
        at.plus_s(200),
        100.0,
        1.0,
        True,
        profiles,
        beta_deg(at),
        62.0,
        True,
    )


def landing(f: Flight, undock: Instant, at: Instant) -> LandingOpportunity:
    """A landing at `at` after an undocking."""
    return LandingOpportunity(
        "steppe", f.vehicle_type, undock, at.plus_s(-3000), at, 47.0, 69.0, True, beta_deg(at), SIGMA_S
    )


def opportune(s: Scenario, p: Plan) -> Case:
    """Passes 23.6 h apart through every launch of the plan, and landings likewise."""
    launches: dict[tuple[str, str], list[LaunchOpportunity]] = {}
    landings: dict[str, list[LandingOpportunity]] = {}
    for f in p.flights:
        if f.vehicle_type not in DIRECT:
            continue
        for k in range(-3, 4):
            days = k * PASS_DAYS
            here = launches.setdefault((f.vehicle_type, f.pad), [])
            here.append(launch(f, f.launch_utc.plus_days(days), f.dock_utc.plus_days(days)))
            if f.landing_utc is not None:
                down = landing(f, f.undock_utc.plus_days(days), f.landing_utc.plus_days(days))
                landings.setdefault(f.vehicle_type, []).append(down)
    found = Opportunities(
        "made up",
        s.from_utc,
        {k: tuple(sorted(v, key=lambda o: o.liftoff_utc)) for k, v in launches.items()},
        {k: tuple(sorted(v, key=lambda o: o.landing_utc)) for k, v in landings.items()},
    )
    for name in DIRECT:
        s = set_type(s, name, ascent="rocket", profile=PROFILE, descent="capsule", landing_zones=("steppe",))
    return replace(s, opportunities=found), p


def opportune_station(n_half_years: int = 4) -> Case:
    """The whole station."""
    return opportune(*iss_like(n_half_years))


def with_launches(s: Scenario, change: Launch) -> Scenario:
    """Every computed lift-off changed."""
    found = s.opportunities
    assert found is not None
    launches = {k: tuple(change(o) for o in v) for k, v in found.launches.items()}
    return replace(s, opportunities=replace(found, launches=launches))


def with_landings(s: Scenario, change: Landing) -> Scenario:
    """Every computed landing changed."""
    found = s.opportunities
    assert found is not None
    landings = {k: tuple(change(o) for o in v) for k, v in found.landings.items()}
    return replace(s, opportunities=replace(found, landings=landings))


def planned(s: Scenario, p: Plan) -> list[Flight]:
    """Flights that the rules about opportunities judge by their launch."""
    there = {d.flight.name for d in s.docked}
    return [f for f in p.flights if f.vehicle_type in DIRECT and f.name not in there]
