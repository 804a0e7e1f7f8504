"""Craft still docked when the plan ends have life left.

A craft docked at the end of the plan has at least the scenario's `life_left_days` of its certified
life (lift-off to landing) left then, so that the plan does not end in a corner.

Values: none (`life_left_days` stands in the scenario).

Source: assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="life_left",
    title="life left at the end",
    statement="Craft docked at the end of the plan have the stated days of certified life left.",
    source="Assumption",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Craft docked at the end that are too old."""
    wanted = walk.scenario.life_left_days
    for name in walk.visits:
        f = walk.flights[name]
        kind = walk.types.get(f.vehicle_type)
        if f.undock_utc is not None or kind is None or kind.on_orbit_life_days is None:
            continue
        left = kind.on_orbit_life_days - walk.scenario.to_utc.days_since(f.launch_utc)
        if left < wanted:
            yield walk.violation(
                RULE.id,
                walk.end_us,
                walk.end_us,
                (name,),
                f"{name}: {left:.1f} d of life left at the end of the plan, {wanted:g} d wanted: "
                f"{wanted - left:.1f} d short",
            )
