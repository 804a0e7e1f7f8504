"""At every instant each segment has enough people aboard who can operate it.

While anybody is aboard, every segment of the station (ISS: USOS and RS) has at least its
`n_operators_min` current operators aboard (one each on the ISS).  Operators are people with level
operator or specialist in the segment, in date; visitors and people seated in visiting flights
never count.  An operator whose own craft has become unusable still operates.  A crew that rides
along while its craft changes ports counts as aboard.

Values: none (the number stands with the segment).

Source: agreement on integrated flights as described by Roscosmos, 14 July 2022: at least one
operator for each segment at all times.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Segment, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="segment_operator",
    title="operators aboard",
    statement="Each segment has its operators aboard at all times while the station is crewed.",
    source="Roscosmos on the integrated-flights agreement, 2022-07-14",
)


def operators_aboard(walk: Walk, index: int, segment: str) -> set[str]:
    """The current operators of a segment aboard in state `index`."""
    return set().union(*walk.operators[index][segment].values())


def unattended(walk: Walk, segment: Segment) -> list[int | None]:
    """Per state: how many operators are aboard where they are too few, else None."""
    counts = (len(operators_aboard(walk, i, segment.name)) for i in range(len(walk.states)))
    return [n if n < segment.n_operators_min else None for n in counts]


def check(walk: Walk) -> Iterator[Violation]:
    """Stretches in which somebody is aboard and a segment has too few operators."""
    for segment in walk.scenario.station.segments:
        found = [
            n if state.aboard else None
            for n, state in zip(unattended(walk, segment), walk.states, strict=True)
        ]
        for from_us, to_us, counts in walk.runs(found):
            yield walk.violation(
                RULE.id,
                from_us,
                to_us,
                (segment.name,),
                f"{segment.name}: {min(counts)} operators aboard for {(to_us - from_us) / DAY_US:.1f} d, "
                f"at least {segment.n_operators_min} needed",
            )
