"""A return can wait for weather without leaving life or taking the next craft's port.

Weather may hold a return by up to `return_weather_days` of the vehicle type.  For so many days after
its planned undocking a craft could still leave: its landing would be within its certified life (or
within what a waiver of rule on_orbit_life grants it), and until then no other craft arrives at its
port (with the gap of rule port_occupancy), nor is the port closed, out of service or wanted free for a
spacewalk.  Counted in whole days.

Values: none (the days stand with the vehicle type).

Source: flown waits.  Crew-1 3 d (2021), Crew-2 1 d, Axiom-1 6 d (2022, and Crew-4 had to wait for its
port), Axiom-3 4 d (2024), Crew-8 16 d (2024-10-07 to 10-23), Crew-10 1 d (2025); no Soyuz.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crossflight.model import Flight, Violation
from crossflight.rules import on_orbit_life, port_closure, port_compatibility, port_occupancy
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, HOUR_US, PortSpan, Walk

RULE = Rule(
    id="return_weather",
    title="wait for landing weather",
    statement="A return can wait for weather within the life of the craft and with its port to itself.",
    source="Flown waits of Crew Dragon, 2021 to 2025; see the vehicle types",
)


@dataclass(frozen=True, slots=True)
class Wait:
    """By how many whole days the undocking of a flight can slip, and what ends it."""

    flight: str
    undock_us: int
    n_days: int
    n_days_wanted: int
    end: str

    @property
    def n_days_short(self) -> int:
        """Days missing."""
        return self.n_days_wanted - self.n_days


def waits(walk: Walk) -> Iterator[Wait]:
    """Every return within the plan that weather may hold."""
    last = {span.flight: span for span in walk.port_spans}
    for f in walk.by_launch:
        kind = walk.types.get(f.vehicle_type)
        if kind is None or kind.return_weather_days <= 0 or f.undock_utc is None or f.name not in walk.visits:
            continue
        undock_us = f.undock_utc.us
        if not walk.in_horizon(undock_us):
            continue
        limits = [(undock_us + kind.return_weather_days * DAY_US, "")]
        if kind.on_orbit_life_days is not None and walk.severity(on_orbit_life.RULE.id) is not None:
            limits.append(_life(walk, f, kind.on_orbit_life_days))
        if f.name in last:
            limits += _wanted(walk, last[f.name])
        until_us, end = min(limits)
        n_days = max(0, (until_us - undock_us) // DAY_US)
        yield Wait(f.name, undock_us, n_days, kind.return_weather_days, end)


def check(walk: Walk) -> Iterator[Violation]:
    """Returns that could not wait long enough."""
    for wait in waits(walk):
        if wait.n_days_short > 0:
            yield walk.violation(
                RULE.id,
                wait.undock_us,
                wait.undock_us + wait.n_days_wanted * DAY_US,
                (wait.flight,),
                f"{wait.flight}: its return can wait {wait.n_days} d for weather, then {wait.end}; "
                f"{wait.n_days_wanted} d wanted: {wait.n_days_short} d short",
            )


def _life(walk: Walk, f: Flight, life_days: float) -> tuple[int, str]:
    """The last instant at which it can undock and land within its life, waived or not."""
    assert f.undock_utc is not None
    end_us = f.launch_utc.us + round(life_days * DAY_US)
    for waiver in walk.plan.waivers:
        if waiver.rule == on_orbit_life.RULE.id and (not waiver.subjects or f.name in waiver.subjects):
            # One that begins later than the life ends does not extend it.
            end_us = max(end_us, waiver.to_utc.us if waiver.from_utc.us <= end_us else end_us)
    return_us = (f.landing_utc or f.undock_utc).us - f.undock_utc.us
    return end_us - return_us, "its life ends"


def _wanted(walk: Walk, stay: PortSpan) -> Iterator[tuple[int, str]]:
    """When the port is wanted after a craft's last stay: by the next craft, a closure, a spacewalk."""
    gap_us = round(walk.number(port_occupancy.RULE.id, "gap_hours_min") * HOUR_US)
    for other in walk.port_spans:
        if other.port == stay.port and other.flight != stay.flight and other.from_us >= stay.to_us:
            yield other.from_us - gap_us, f"{other.flight} arrives at {stay.port}"
    if _binds(walk, port_closure.RULE.id):
        for from_us, _, what in port_closure.closed(walk).get(stay.port, ()):
            if from_us >= stay.to_us:
                yield from_us, f"{stay.port} is {what}"
    port = walk.ports.get(stay.port) if _binds(walk, port_compatibility.RULE.id) else None
    if port is not None and port.to_utc is not None and port.to_utc.us >= stay.to_us:
        yield port.to_utc.us, f"{stay.port} is out of service"


def _binds(walk: Walk, rule: str) -> bool:
    """Whether a plan must keep the rule."""
    return walk.severity(rule) in ("hard", "waivable")
