"""No more people aboard than the station can support.

Values: none (`n_crew_max` stands with the station).

Source: 7 is nominal for the ISS; 12 were aboard in September 2024.  The cap is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="crew_size",
    title="people aboard at most",
    statement="At most the station's largest crew is aboard.",
    source="12 flown on the ISS (2024-09-11); the cap is an assumption",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Stretches with too many aboard."""
    n_max = walk.scenario.station.n_crew_max
    found = [len(s.aboard) if len(s.aboard) > n_max else None for s in walk.states]
    for from_us, to_us, counts in walk.runs(found):
        n = max(counts)
        yield walk.violation(
            RULE.id,
            from_us,
            to_us,
            (walk.scenario.station.name,),
            f"{n} people aboard {walk.scenario.station.name} for {(to_us - from_us) / DAY_US:.1f} d, "
            f"limit {n_max}: {n - n_max} over",
        )
