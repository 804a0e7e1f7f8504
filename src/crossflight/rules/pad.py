"""A launch pad is there, takes the launcher, is in order and has been made ready again.

The pad exists and is one of those the launcher of the vehicle type can use.  Two launches from
one pad are at least its `turnaround_days` apart, whatever is launched.  Nothing launches during
an outage of the pad.

Values: none (they stand with the pads and launchers).

Source: Soyuz and Progress share Baikonur 31/6, damaged 2025-11-27 and back by 2026-03-22
(115 d); turnaround days are assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="pad",
    title="pad and its turnaround",
    statement="Launches use a pad that fits the launcher, is in order and has been turned around.",
    source="Baikonur 31/6 out 2025-11-27 to 2026-03-22; turnaround days are assumptions",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Launches their pad cannot support."""
    last: dict[str, Flight] = {}
    for f in walk.by_launch:
        us = f.launch_utc.us
        before = last.get(f.pad)
        last[f.pad] = f
        if not walk.in_horizon(us):
            continue
        kind = walk.types.get(f.vehicle_type)
        pad = walk.pads.get(f.pad)
        if pad is None:
            yield walk.violation(RULE.id, us, us, (f.name,), f"{f.name}: pad {f.pad} does not exist")
            continue
        launcher = None if kind is None else walk.launchers.get(kind.launcher)
        if launcher is not None and f.pad not in launcher.pads:
            message = f"{f.name}: {launcher.name} cannot launch from {f.pad}"
            yield walk.violation(RULE.id, us, us, (f.name, f.pad), message)
        for outage in pad.outages:
            if outage.from_utc.us <= us < outage.to_utc.us:
                yield walk.violation(
                    RULE.id,
                    us,
                    outage.to_utc.us,
                    (f.name, f.pad),
                    f"{f.name}: launches {f.launch_utc.minute()}, {f.pad} is out until "
                    f"{outage.to_utc.minute()}: {outage.why}",
                )
        if before is not None:
            days = f.launch_utc.days_since(before.launch_utc)
            if days < pad.turnaround_days:
                yield walk.violation(
                    RULE.id,
                    before.launch_utc.us,
                    us,
                    (before.name, f.name, f.pad),
                    f"{f.pad}: {days:.1f} d from launch of {before.name} to {f.name}, limit "
                    f"{pad.turnaround_days:g} d: {pad.turnaround_days - days:.1f} d short",
                )
