"""Between a landing and the next launch a person has time on the ground.

At least `days_min` from landing to next launch of the same person; a landing before the scenario
(`landed_utc` of the person) counts.  A flight that never docked does not count as flown: the crew
of the Soyuz MS-10 abort flew again after 154 days.

Values:

- `days_min`: days from landing to next launch.

Source: the shortest flown is 633 d apart from the MS-10 abort (measured, 2018 to 2026); the limit
(540 to 730 d) is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="ground_time",
    title="time on the ground",
    statement="A person has some days on the ground between landing and next launch.",
    source="Shortest flown 633 d; the limit is an assumption",
    values=("days_min",),
)


def check(walk: Walk) -> Iterator[Violation]:
    """Launches too soon after a landing."""
    n_min = walk.number(RULE.id, "days_min")
    landed: dict[str, int] = {
        p.name: p.landed_utc.us for p in walk.scenario.people if p.landed_utc is not None
    }
    for stay in walk.stays:
        last_us = landed.get(stay.person)
        # A launch before the landing is for rule one_place to say.
        if last_us is not None and last_us <= stay.launch_us and walk.in_horizon(stay.launch_us):
            days = (stay.launch_us - last_us) / DAY_US
            if days < n_min:
                yield walk.violation(
                    RULE.id,
                    last_us,
                    stay.launch_us,
                    (stay.person, stay.up_flight),
                    f"{stay.person}: {days:.1f} d from landing to launch of {stay.up_flight}, limit "
                    f"{n_min:g} d: {n_min - days:.1f} d short",
                )
        if stay.dock_us is not None and stay.landing_us is not None:
            landed[stay.person] = stay.landing_us
