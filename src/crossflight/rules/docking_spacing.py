"""Some days lie between any two dockings.

Dockings of all craft count, cargo included, and relocations count by their redocking: crew and
flight control prepare one approach at a time.

Values:

- `days_min`: days between two dockings.

Source: the shortest flown spacing of crewed flights is 2.13 d (measured, 2018 to 2026); the limit
of 2 d is an assumption.  Flown relocations keep it (shortest 2.10 d, Crew-9 before CRS-31 in 2024)
but for one: Soyuz MS-13 made room for MS-14, which had failed to dock, the day before (2019-08-26).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="docking_spacing",
    title="days between dockings",
    statement="At least some days lie between any two dockings, relocations included.",
    source="Shortest flown 2.13 d; the limit is an assumption",
    values=("days_min",),
)


def check(walk: Walk) -> Iterator[Violation]:
    """Dockings too close to the one before."""
    n_min = walk.number(RULE.id, "days_min")
    for (first_us, first), (second_us, second) in pairwise(_dockings(walk)):
        days = (second_us - first_us) / DAY_US
        if days < n_min and second_us >= walk.begin_us:
            yield walk.violation(
                RULE.id,
                first_us,
                second_us,
                dict.fromkeys((first, second)),
                f"{second} docks {days:.2f} d after {first}, limit {n_min:g} d: {n_min - days:.2f} d short",
            )


def _dockings(walk: Walk) -> list[tuple[int, str]]:
    """Every docking and redocking with its flight, by time."""
    dockings = [(dock_us, name) for name, (dock_us, _) in walk.visits.items()]
    dockings += [(r.dock_utc.us, name) for name in walk.visits for r in walk.flights[name].relocations]
    return sorted(dockings)
