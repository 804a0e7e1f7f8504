"""A named craft flies when it is ready, as often as it may, and not twice at once.

The craft of a flight exists and is of the flight's vehicle type.  It launches no earlier than its
`ready_utc`.  A reusable craft launches at least `turnaround_days` of its type after its last
landing and flies at most `n_flights_allowed` times; a craft that is not reusable flies once.
`n_flights_used` counts launches before the scenario begins.

Values: none (they stand with the craft and the vehicle type).

Source: Dragon capsules were certified for 5 flights at first, Endeavour flew a sixth in 2025 and
15 are sought; the shortest flown turnaround is 150 d (measured, Crew Dragon 2020 to 2026).
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Craft, Flight, VehicleType, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="capsule",
    title="ready craft",
    statement="A named craft flies when it is ready, after its turnaround and as often as allowed.",
    source="Crew Dragon certification (5 flights, later more); shortest flown turnaround 150 d",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Unknown craft, early launches, flights too many."""
    flights: dict[str, list[Flight]] = {}
    for f in walk.by_launch:
        us = f.launch_utc.us
        craft = walk.craft.get(f.craft)
        if f.vehicle_type not in walk.types:
            yield walk.violation(
                RULE.id, us, us, (f.name,), f"{f.name}: vehicle type {f.vehicle_type} does not exist"
            )
        elif craft is None:
            yield walk.violation(RULE.id, us, us, (f.name,), f"{f.name}: craft {f.craft} does not exist")
        elif craft.vehicle_type != f.vehicle_type:
            yield walk.violation(
                RULE.id,
                us,
                us,
                (f.name, f.craft),
                f"{f.name}: {f.craft} is a {craft.vehicle_type}, not a {f.vehicle_type}",
            )
        else:
            flights.setdefault(f.craft, []).append(f)
    for name, flown in flights.items():
        craft = walk.craft[name]
        yield from _flights(walk, craft, walk.types[craft.vehicle_type], flown)


def _flights(walk: Walk, craft: Craft, kind: VehicleType, flown: list[Flight]) -> Iterator[Violation]:
    n_new = 0
    for i, f in enumerate(flown):
        us = f.launch_utc.us
        if us < walk.begin_us:
            continue
        n_new += 1
        n_all = max(craft.n_flights_used + n_new, i + 1)
        n_max = craft.n_flights_allowed if kind.is_reusable else 1
        if n_max is not None and n_all > n_max:
            yield walk.violation(
                RULE.id,
                us,
                us,
                (f.name, craft.name),
                f"{f.name}: flight {n_all} of {craft.name}, limit {n_max}",
            )
        if craft.ready_utc is not None and us < craft.ready_utc.us:
            days = craft.ready_utc.days_since(f.launch_utc)
            yield walk.violation(
                RULE.id,
                us,
                craft.ready_utc.us,
                (f.name, craft.name),
                f"{f.name}: launches {f.launch_utc.date()}, {craft.name} is ready "
                f"{craft.ready_utc.date()}: {days:.1f} d early",
            )
        if kind.is_reusable and i > 0:
            yield from _turnaround(walk, craft, kind, flown[i - 1], f)


def _turnaround(walk: Walk, craft: Craft, kind: VehicleType, last: Flight, f: Flight) -> Iterator[Violation]:
    landed = last.landing_utc or last.undock_utc
    subjects = (last.name, f.name, craft.name)
    us = f.launch_utc.us
    if landed is None:
        yield walk.violation(RULE.id, us, us, subjects, f"{f.name}: {craft.name} is still flying {last.name}")
        return
    days = f.launch_utc.days_since(landed)
    if days < kind.turnaround_days:
        yield walk.violation(
            RULE.id,
            min(us, landed.us),
            max(us, landed.us),
            subjects,
            f"{craft.name}: {days:.1f} d from landing of {last.name} to launch of {f.name}, "
            f"limit {kind.turnaround_days:g} d: {kind.turnaround_days - days:.1f} d short",
        )
