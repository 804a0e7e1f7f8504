"""No craft at a port while it is closed, or while a spacewalk needs it free.

Values: none (closures stand with the ports, free ports with the spacewalks).

Source: station practice: Poisk must be free for a Russian spacewalk (Soyuz MS-17 was relocated
for that in March 2021).
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="port_closure",
    title="closed ports",
    statement="No craft is at a closed port, nor at a port that a spacewalk needs free.",
    source="Station practice (Soyuz MS-17 relocated from Rassvet for a spacewalk, 2021-03-19)",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Craft at ports that are closed to them."""
    spans = closed(walk)
    for span in walk.port_spans:
        for closed_from_us, closed_to_us, what in spans.get(span.port, ()):
            from_us = max(span.from_us, closed_from_us, walk.begin_us)
            to_us = min(span.to_us, closed_to_us, walk.end_us)
            if from_us < to_us:
                yield walk.violation(
                    RULE.id,
                    from_us,
                    to_us,
                    (span.flight, span.port),
                    f"{span.flight}: at {span.port}, {what}, for {(to_us - from_us) / 3.6e9:.1f} h",
                )


def closed(walk: Walk) -> dict[str, list[tuple[int, int, str]]]:
    """Per port: [from, to) in which nobody may be there, and why."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for port in walk.scenario.station.ports:
        for c in port.closures:
            found.setdefault(port.name, []).append((c.from_utc.us, c.to_utc.us, f"closed: {c.why}"))
    for eva in walk.scenario.station.evas:
        for name in eva.free_ports:
            what = f"to be free for {eva.name}"
            found.setdefault(name, []).append((eva.from_utc.us, eva.to_utc.us, what))
    return found
