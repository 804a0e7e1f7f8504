"""Whichever single docked craft is lost with the people seated in it, every segment keeps an operator.

A docked, usable craft *covers* a segment if at least one current operator of the segment has the
return seat in it.  Losing a craft leaves the operators seated elsewhere, so some operator remains
whichever craft is lost if and only if at least two docked craft cover the segment.  Where a
segment needs more than one operator, the sum of operators over the covering craft minus the most
in one of them must be at least `n_operators_min`; for one operator the two say the same.

Visitors and people seated in visiting flights never count.  A craft changing ports counts as
docked and its crew as aboard, as in the measured shares below.

Values:

- `binds_from_docking_of`: the flight whose docking makes the rule bind, or empty: it binds from
  the scenario's beginning.  (In 2022 that is Crew-5's docking: on the day the agreement was signed
  all cosmonauts sat in Soyuz MS-21 and all USOS crew in Freedom.)  Until then uncovered days are
  reported as coverage, not as violations.  If the plan has no such flight, or it never docks, the
  rule binds from the beginning.

Source: purpose of the integrated-flights agreement of July 2022 (Roscosmos, 2022-07-14).
Measured on the flown record, operators by nationality: uncovered 49.5 % of the days with Soyuz
only, 92.8 % with Crew Dragon without cosmonauts, 5.2 % with integrated crews.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Segment, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="operator_n1",
    title="operator N-1",
    statement="Every segment keeps an operator whichever single docked craft is lost with its crew.",
    source="Purpose of the integrated-flights agreement (Roscosmos, 2022-07-14)",
    values=("binds_from_docking_of",),
)


def critical_craft(walk: Walk, index: int, segment: Segment) -> tuple[str, ...] | None:
    """Flights whose loss in state `index` leaves too few operators; None if none does.

    Empty where there are too few to begin with and nothing is left to lose.
    """
    if segment.n_operators_min <= 0:
        return None
    unusable = walk.states[index].unusable
    covering = {
        name: len(people)
        for name, people in walk.operators[index][segment.name].items()
        if name not in unusable
    }
    n_all = sum(covering.values())
    if covering and n_all - max(covering.values()) >= segment.n_operators_min:
        return None
    return tuple(name for name, n in covering.items() if n_all - n < segment.n_operators_min)


def uncovered(walk: Walk, segment: Segment) -> list[tuple[str, ...] | None]:
    """Per state: `critical_craft`."""
    return [critical_craft(walk, i, segment) for i in range(len(walk.states))]


def binding_us(walk: Walk) -> int:
    """From when the rule binds, microseconds UTC."""
    visit = walk.visits.get(walk.text(RULE.id, "binds_from_docking_of"))
    return walk.begin_us if visit is None else max(walk.begin_us, visit[0])


def check(walk: Walk) -> Iterator[Violation]:
    """Uncovered stretches of each segment once the rule binds."""
    since_us = binding_us(walk)
    for segment in walk.scenario.station.segments:
        found = [
            lost if state.from_us >= since_us else None
            for lost, state in zip(uncovered(walk, segment), walk.states, strict=True)
        ]
        for from_us, to_us, lost in walk.runs(found):
            craft = tuple(dict.fromkeys(name for names in lost for name in names))
            yield walk.violation(
                RULE.id,
                from_us,
                to_us,
                (segment.name, *craft),
                f"{segment.name}: {_loss(segment, craft)} for {(to_us - from_us) / DAY_US:.1f} d; "
                "two docked craft must each seat an operator",
            )


def _loss(segment: Segment, craft: tuple[str, ...]) -> str:
    left = (
        "no operator" if segment.n_operators_min == 1 else f"fewer than {segment.n_operators_min} operators"
    )
    return f"losing {' or '.join(craft)} would leave {left}" if craft else f"{left} with a usable seat"
