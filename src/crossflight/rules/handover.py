"""The old crew stays until the new one has settled in: a direct handover of some days.

Of two rotation flights of one vehicle type that dock one after the other, the old craft undocks at
least `overlap_days_min` after the new one docks.  A negative overlap is a gap (indirect
handover).  A craft still docked at the end of the plan hands over later.

Values:

- `overlap_days_min`: days from the docking of the new craft to the undocking of the old.

Source: 5 days wanted.  Measured overlaps of Crew Dragon: 8, -4, 8, 8, 8, 7, 6, 24, 2, 6, -31 d:
3 of 11 fell short, so the rule is normally soft.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="handover",
    title="handover",
    statement="The old craft of a rotation leaves some days after the new one has docked.",
    source="5 d wanted for Crew Dragon; 3 of 11 flown handovers fell short",
    values=("overlap_days_min",),
)


def handovers(walk: Walk) -> list[tuple[Flight, Flight, float]]:
    """(old, new, days of overlap) for consecutive rotation flights of a type, new docking in the plan.

    Pairs whose old craft is still docked at the end of the plan are left out.
    """
    last: dict[str, Flight] = {}
    pairs = []
    for name, (dock_us, _) in walk.visits.items():
        new = walk.flights[name]
        if new.kind != "rotation":
            continue
        old = last.get(new.vehicle_type)
        last[new.vehicle_type] = new
        if old is not None and old.undock_utc is not None and dock_us >= walk.begin_us:
            pairs.append((old, new, (old.undock_utc.us - dock_us) / DAY_US))
    return pairs


def check(walk: Walk) -> Iterator[Violation]:
    """Handovers that are too short."""
    n_min = walk.number(RULE.id, "overlap_days_min")
    for old, new, days in handovers(walk):
        if days < n_min:
            assert old.undock_utc is not None
            yield walk.violation(
                RULE.id,
                old.undock_utc.us,
                walk.visits[new.name][0] + round(n_min * DAY_US),
                (old.name, new.name),
                f"{old.name} to {new.name}: {days:.1f} d of overlap, {n_min:g} d wanted: "
                f"{n_min - days:.1f} d short",
            )
