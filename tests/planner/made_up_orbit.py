"""Opportunities of a made-up orbit: passes 23 h 36 min apart, landings that drift, a beta that swings.

The numbers are those of a station at 420 km and 51.6 deg in kind, not in detail; nothing is random, so
that a test can say what it expects.
"""

from __future__ import annotations

import math
from dataclasses import replace

from crossflight.model import (
    LandingOpportunity,
    LaunchOpportunity,
    Opportunities,
    Reboost,
    RendezvousProfile,
    Scenario,
)
from crossflight.times import Instant

PASS_S = 23 * 3600 + 36 * 60
LANDING_STEP_S = 92.7 * 60
BETA_DAYS = 60.0


def beta_deg(begin: Instant, at: Instant) -> float:
    """Between -75 and 75 deg, once around in 60 days."""
    return 75 * math.sin(2 * math.pi * at.days_since(begin) / BETA_DAYS)


def launches(
    s: Scenario, vehicle: str, pad: str, first_hour: float, *, ascent_hours: float
) -> tuple[LaunchOpportunity, ...]:
    """A lift-off at every pass; the fast profile every third one, a slow one always."""
    found = []
    begin = s.from_utc.floor_day()
    k = 0
    while (at := begin.plus_s(first_hour * 3600 + k * PASS_S)) < s.to_utc:
        days = at.days_since(s.known_utc)
        phase = (17.0 + 128.0 * k) % 360
        is_known, is_fast = days <= 28, k % 3 == 0
        opens = None if is_fast else Reboost(at.plus_days(-10), 0.6, 90.0, 1.1)
        profiles = (
            RendezvousProfile(
                "fast",
                is_fast or not is_known,
                float(is_fast) if is_known else 0.1,
                at.plus_s(ascent_hours * 3600),
                400.0,
                reboost=opens,
            ),
            RendezvousProfile("slow", True, 1.0, at.plus_s(ascent_hours * 3600 + 46 * 3600), 400.0),
        )
        found.append(
            LaunchOpportunity(
                pad,
                vehicle,
                at,
                5.0 + max(0.0, days),
                at.plus_s(200),
                phase,
                3.0 if is_known else 180.0,
                is_known,
                profiles,
                beta_deg(begin, at),
                62.0,
                is_daylight_launch=True,
            )
        )
        k += 1
    return tuple(found)


def landings(
    s: Scenario, vehicle: str, first_hour: float, *, return_hours: float, n_a_day: int = 2
) -> tuple[LandingOpportunity, ...]:
    """Some landings near each pass, an orbit apart; none on two days of nine."""
    found = []
    begin = s.from_utc.floor_day()
    k = 0
    while (first := begin.plus_s(first_hour * 3600 + k * PASS_S)) < s.to_utc.plus_days(1):
        for n in range(n_a_day if k % 9 < 7 else 0):
            at = first.plus_s(n * LANDING_STEP_S)
            known = at.days_since(s.known_utc) <= 28
            found.append(
                LandingOpportunity(
                    "steppe",
                    vehicle,
                    at.plus_s(-return_hours * 3600),
                    at.plus_s(-3200),
                    at,
                    47.3,
                    69.6,
                    is_daylight=n == 0,
                    beta_deg=beta_deg(begin, at),
                    sigma_s=60.0 if known else 1800.0,
                    probability=1.0 if known else 0.4,
                )
            )
        k += 1
    return tuple(sorted(found, key=lambda o: o.landing_utc))


def with_orbit(
    s: Scenario,
    *,
    hours: dict[str, float] | None = None,
    profile: str | None = None,
    n_a_day: int = 2,
    has_landings: bool = True,
) -> Scenario:
    """The scenario with opportunities for every crewed type.

    Parameters
    ----------
    hours
        Hour of the first pass over the pads of each launcher; types not named get 9.0.
    """
    hours = hours or {}
    up: dict[tuple[str, str], tuple[LaunchOpportunity, ...]] = {}
    down: dict[str, tuple[LandingOpportunity, ...]] = {}
    types = []
    for t in s.vehicle_types:
        if not t.is_crewed:
            types.append(t)
            continue
        types.append(
            replace(
                t,
                ascent="made-up",
                profile=profile,
                **({"descent": "made-up", "landing_zones": ("steppe",)} if has_landings else {}),
            )
        )
        first = hours.get(t.name, 9.0)
        for pad in next(x for x in s.launchers if x.name == t.launcher).pads:
            up[t.name, pad] = launches(s, t.name, pad, first, ascent_hours=t.ascent_hours)
        if has_landings:
            down[t.name] = landings(s, t.name, (first + 5) % 24, return_hours=t.return_hours, n_a_day=n_a_day)
    found = Opportunities("made up", s.from_utc, up, down)
    return replace(s, vehicle_types=tuple(types), opportunities=found)
