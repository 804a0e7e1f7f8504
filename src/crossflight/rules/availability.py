"""Nobody flies while they are not available.

A person's unavailable stretches do not overlap [launch, landing) of a flight of theirs.

Values: none (they stand with the people).

Source: inputs (training, health, leave).
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="availability",
    title="availability",
    statement="Nobody flies while they are not available.",
    source="Inputs of the scenario",
)


def check(walk: Walk) -> Iterator[Violation]:
    """People in flight while unavailable."""
    for stay in walk.stays:
        known = walk.people.get(stay.person)
        if known is None or not known.unavailable:
            continue
        landing_us = walk.end_us if stay.landing_us is None else stay.landing_us
        for away in known.unavailable:
            from_us = max(stay.launch_us, away.from_utc.us, walk.begin_us)
            to_us = min(landing_us, away.to_utc.us, walk.end_us)
            if from_us < to_us:
                yield walk.violation(
                    RULE.id,
                    from_us,
                    to_us,
                    (stay.person, stay.up_flight),
                    f"{stay.person}: on {stay.up_flight} for {(to_us - from_us) / DAY_US:.1f} d while not "
                    f"available ({away.why})",
                )
