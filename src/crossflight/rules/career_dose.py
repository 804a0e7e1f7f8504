"""Nobody's career dose passes the limit.

A person's dose at the scenario's beginning (`dose_msv`) plus days in flight since (lift-off to
landing) times the rate stays within the limit.

Values:

- `msv_per_day`: dose rate in flight, mSv a day.
- `msv_max`: career limit, mSv.

Source: 600 mSv for everybody (NASA, proposed 2022); 1000 mSv for CSA, ESA and Roscosmos.  The
rate is an input.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="career_dose",
    title="career dose",
    statement="Career dose stays within the limit.",
    source="600 mSv (NASA proposal, 2022), 1000 mSv (CSA, ESA, Roscosmos); the rate is an input",
    values=("msv_per_day", "msv_max"),
)

# Rounding of sums of doses; far below anything measured.
TOLERANCE_MSV = 1e-9


def check(walk: Walk) -> Iterator[Violation]:
    """People who pass the limit in flight."""
    rate = walk.number(RULE.id, "msv_per_day")
    limit = walk.number(RULE.id, "msv_max")
    dose: dict[str, float] = {}
    for stay in walk.stays:
        known = walk.people.get(stay.person)
        if known is None:
            continue
        before = dose.get(stay.person, known.dose_msv)
        from_us = max(stay.launch_us, walk.begin_us)
        to_us = max(from_us, min(walk.end_us, walk.end_us if stay.landing_us is None else stay.landing_us))
        after = dose[stay.person] = before + (to_us - from_us) / DAY_US * rate
        if after > limit + TOLERANCE_MSV and to_us > from_us:
            left_us = round((limit - before) / rate * DAY_US) if rate > 0 and before < limit else 0
            yield walk.violation(
                RULE.id,
                min(from_us + left_us, to_us),
                to_us,
                (stay.person, stay.up_flight),
                f"{stay.person}: {after:.0f} mSv after {stay.up_flight}, limit {limit:g} mSv: "
                f"{after - limit:.1f} mSv over",
            )
