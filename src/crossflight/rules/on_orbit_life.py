"""A craft lands within its certified life, counted from lift-off.

Lift-off to landing (or to the end of the plan for a craft still docked) is at most
`on_orbit_life_days` of the vehicle type.  A waiver can add at most `life_waiver_days`; beyond
that nothing can, and the violation is hard whatever the scenario says of the rule.

Values: none (lives stand with the vehicle type).

Source: Soyuz 200 to 215 d quoted; flown: MS-26 220, MS-28 241, MS-27 245 d; MS-29 planned 261.
Crew Dragon 210 d certified; flown 235 d by Crew-8 (weather), 237 by Crew-12.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="on_orbit_life",
    title="certified life",
    statement="Lift-off to landing is within the certified life of the craft.",
    source="Certified and flown lives of Soyuz and Crew Dragon; see the vehicle types",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Craft that outlive their certificate."""
    for f in walk.by_launch:
        kind = walk.types.get(f.vehicle_type)
        if kind is None or kind.on_orbit_life_days is None or f.name not in walk.visits:
            continue
        is_docked = f.undock_utc is None
        landed = f.landing_utc or f.undock_utc
        home_us = walk.end_us if landed is None else landed.us
        life_us = round(kind.on_orbit_life_days * DAY_US)
        over_us = home_us - f.launch_utc.us - life_us
        if over_us <= 0:
            continue
        message = (
            f"{f.name}: {(home_us - f.launch_utc.us) / DAY_US:.1f} d from lift-off to "
            f"{'the end of the plan' if is_docked else 'landing'}, limit {kind.on_orbit_life_days:g} d: "
            f"{over_us / DAY_US:.1f} d over"
        )
        is_beyond = over_us > kind.life_waiver_days * DAY_US
        if is_beyond:
            message += f"; a waiver can add {kind.life_waiver_days:g} d at most"
        yield walk.violation(
            RULE.id,
            f.launch_utc.us + life_us,
            home_us,
            (f.name,),
            message,
            "hard" if is_beyond else None,
        )
