"""A craft docks only where it fits, while the port is there.

The port exists, has the docking or berthing system of the vehicle type, is among the ports the
type may use (all with its system where none are named), and is in service over the whole stay
([from_utc, to_utc) of the port).  A relocation starts from the port the craft is at.

Values: none (they stand with the ports and the vehicle types).

Source: ISS docking: Rassvet nadir, Poisk zenith, Prichal nadir, Zvezda aft; Harmony forward and
zenith; earlier Nauka nadir and Pirs nadir.  Berthing: Harmony nadir, Unity nadir.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="port_compatibility",
    title="fitting port",
    statement="A craft docks at a port that has its system, takes its type and is in service.",
    source="ISS ports and the craft that used them, 2018 to 2026",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Ports that do not fit the craft, or are not there."""
    for name, (dock_us, _) in walk.visits.items():
        f = walk.flights[name]
        for us, what in _fit(walk, f, dock_us):
            yield walk.violation(RULE.id, us, us, (name,), f"{name}: {what}")
    for span in walk.port_spans:
        port = walk.ports.get(span.port)
        if port is None:
            continue
        from_us, to_us = max(span.from_us, walk.begin_us), min(span.to_us, walk.end_us)
        if port.from_utc is not None and from_us < min(port.from_utc.us, to_us):
            yield walk.violation(
                RULE.id,
                from_us,
                min(port.from_utc.us, to_us),
                (span.flight, span.port),
                f"{span.flight}: at {span.port} before it is in service on {port.from_utc.minute()}",
            )
        if port.to_utc is not None and max(port.to_utc.us, from_us) < to_us:
            yield walk.violation(
                RULE.id,
                max(port.to_utc.us, from_us),
                to_us,
                (span.flight, span.port),
                f"{span.flight}: at {span.port} after it left service on {port.to_utc.minute()}",
            )


def _fit(walk: Walk, f: Flight, dock_us: int) -> Iterator[tuple[int, str]]:
    kind = walk.types.get(f.vehicle_type)
    used = [] if f.port is None else [(dock_us, f.port)]
    at_port = f.port
    for r in f.relocations:
        if at_port is not None and r.from_port != at_port:
            yield r.undock_utc.us, f"relocation starts at {r.from_port}, but the craft is at {at_port}"
        used.append((r.dock_utc.us, r.to_port))
        at_port = r.to_port
    for us, name in used:
        port = walk.ports.get(name)
        if port is None:
            yield us, f"port {name} does not exist"
        elif kind is not None and port.system != kind.system:
            yield us, f"{kind.name} has {kind.system}, port {name} has {port.system}"
        elif kind is not None and kind.ports and name not in kind.ports:
            yield us, f"{kind.name} cannot use port {name}"
