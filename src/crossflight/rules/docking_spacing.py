"""Some days lie between any two dockings.

First dockings of all craft count, cargo included; relocations do not.

Values:

- `days_min`: days between two dockings.

Source: the shortest flown spacing of crewed flights is 2.13 d (measured, 2018 to 2026); the limit
of 2 d is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="docking_spacing",
    statement="At least some days lie between any two dockings.",
    source="Shortest flown 2.13 d; the limit is an assumption",
    values=("days_min",),
)


def check(walk: Walk) -> Iterator[Violation]:
    """Dockings too close to the one before."""
    n_min = walk.number(RULE.id, "days_min")
    for (first, (first_us, _)), (second, (second_us, _)) in pairwise(walk.visits.items()):
        days = (second_us - first_us) / DAY_US
        if days < n_min and second_us >= walk.begin_us:
            yield walk.violation(
                RULE.id,
                first_us,
                second_us,
                (first, second),
                f"{second} docks {days:.2f} d after {first}, limit {n_min:g} d: {n_min - days:.2f} d short",
            )
