"""A landing happens when the station's track has passed over a landing zone.

For vehicle types with a `descent` and `landing_zones` in a scenario with `station.elements`.  A craft lands
where the track leads it: landing times of a day are few and sharp (a degree of phase is 15 s), and a
day may have none.  A planned landing is at a computed one: within three of its sigma, at least a
minute; and the craft has undocked before the deorbit burn.  Far ahead the phase is unknown: then many
landings are possible, each with its probability, and none is forbidden for being improbable.

What has landed by the knowledge date is not judged.

Values: none.

Source: eleven Soyuz landings in Kazakhstan, at which the station led the landing place by 56 to 61 deg, and
13 Dragon splashdowns five to nine minutes after their zone was in the station's plane.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from crossflight.model import Flight, LandingOpportunity, Scenario, Violation
from crossflight.rules.launch_opportunity import tolerance_s
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk
from crossflight.times import DAY_S

RULE = Rule(
    id="landing_opportunity",
    title="landing opportunity",
    statement="A landing is at a computed one, when the station's track has passed over a zone.",
    source="Landings in Kazakhstan as flown; leads and planes measured on them",
)

_NEAR_S = DAY_S


def landing_of(scenario: Scenario, flight: Flight) -> LandingOpportunity | None:
    """The computed landing nearest to a flight's, None if there is none within a day."""
    if scenario.opportunities is None or flight.landing_utc is None:
        return None
    found = scenario.opportunities.landings.get(flight.vehicle_type, ())
    at_us = flight.landing_utc.us
    i = bisect_left(found, at_us, key=lambda o: o.landing_utc.us)
    near = min(found[max(0, i - 1) : i + 1], key=lambda o: abs(o.landing_utc.us - at_us), default=None)
    return near if near is not None and abs(near.landing_utc.s_since(flight.landing_utc)) <= _NEAR_S else None


def check(walk: Walk) -> Iterator[Violation]:
    """Landings away from the computed ones."""
    s = walk.scenario
    if s.opportunities is None:
        return
    for f in walk.by_launch:
        landing = f.landing_utc
        if (
            landing is None
            or f.undock_utc is None
            or f.vehicle_type not in s.opportunities.landings
            or landing < s.known_utc
            or not walk.in_horizon(landing.us)
        ):
            continue
        near = landing_of(s, f)
        if near is None:
            message = f"{f.name}: no landing is computed near {landing.minute()}"
            yield walk.violation(RULE.id, landing.us, landing.us, (f.name,), message)
            continue
        off_s, limit_s = abs(landing.s_since(near.landing_utc)), tolerance_s(near.sigma_s)
        if off_s > limit_s:
            message = (
                f"{f.name}: landing {landing.iso()} is {off_s:.0f} s from the computed "
                f"{near.landing_utc.iso()} in {near.zone}, limit {limit_s:.0f} s"
            )
            yield walk.violation(RULE.id, landing.us, landing.us, (f.name,), message)
        elif f.undock_utc.s_since(near.deorbit_utc) > limit_s:
            message = (
                f"{f.name}: undocks {f.undock_utc.iso()}, after the deorbit burn at {near.deorbit_utc.iso()}"
            )
            yield walk.violation(RULE.id, f.undock_utc.us, landing.us, (f.name,), message)
