"""One craft at a port at a time, with a gap between departure and next arrival.

The next craft docks at least `gap_hours_min` after the last one undocked; relocations count as
departures and arrivals.  A craft that comes back to the port it has just left needs no gap.

Values:

- `gap_hours_min`: hours from departure to next arrival at the same port.

Source: geometry for the occupancy; the gap is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, HOUR_US, PortSpan, Walk

RULE = Rule(
    id="port_occupancy",
    title="one craft to a port",
    statement="One craft at a port at a time, and some hours between departure and next arrival.",
    source="Geometry; the gap is an assumption",
    values=("gap_hours_min",),
)


def check(walk: Walk) -> Iterator[Violation]:
    """Overlaps and short gaps at each port."""
    gap_hours = walk.number(RULE.id, "gap_hours_min")
    gap_us = round(gap_hours * HOUR_US)
    last: dict[str, PortSpan] = {}
    for span in sorted(walk.port_spans, key=lambda s: (s.from_us, s.to_us)):
        before = last.get(span.port)
        if before is None or span.to_us > before.to_us:
            last[span.port] = span
        if before is None or before.flight == span.flight:
            continue
        subjects = (before.flight, span.flight, span.port)
        from_us, to_us = max(span.from_us, walk.begin_us), min(before.to_us, span.to_us)
        if span.from_us < before.to_us:
            if from_us < to_us:
                yield walk.violation(
                    RULE.id,
                    from_us,
                    to_us,
                    subjects,
                    f"{before.flight} and {span.flight} both at {span.port} for "
                    f"{(to_us - from_us) / DAY_US:.2f} d",
                )
        elif span.from_us - before.to_us < gap_us and span.from_us >= walk.begin_us:
            hours = (span.from_us - before.to_us) / HOUR_US
            yield walk.violation(
                RULE.id,
                before.to_us,
                span.from_us,
                subjects,
                f"{span.port}: {span.flight} arrives {hours:.1f} h after {before.flight} leaves, "
                f"limit {gap_hours:g} h: {gap_hours - hours:.1f} h short",
            )
