"""Rotation flights under an agreement carry the agreed number of the other side's people.

While an agreement is in force each crewed rotation flight of a vehicle type it lists, launched in
[from_utc, to_utc) of the agreement and not exempt, carries at least `n_seats_min` people of the
named partner up, and at most `n_seats_max` where that is given: Soyuz one NASA, Crew Dragon one
Roscosmos.  Visiting flights (Axiom) and uncrewed ones (Soyuz MS-23) are not covered.

Values: none (seats stand with the agreement).

Source: agreement of 14 July 2022, three flights each way (Interfax 2022-07-22: Crew Dragon
Crew-5, Crew-6 and a third); prolonged for 2025 and into 2027.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Agreement, Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="integrated_seat",
    title="integrated seats",
    statement="Each rotation flight under the agreement carries the agreed people of the other side.",
    source="Agreement on integrated flights, 2022-07-14 (Interfax 2022-07-22), prolonged into 2027",
)


def covered_flights(walk: Walk, agreement: Agreement) -> list[Flight]:
    """Rotation flights launched within the plan that the agreement covers, in order of launch."""
    types = {seat.vehicle_type for seat in agreement.seats}
    from_us = max(walk.begin_us, agreement.from_utc.us)
    to_us = min(walk.end_us, agreement.to_utc.us)
    return [
        f
        for f in walk.by_launch
        if f.kind == "rotation"
        and f.vehicle_type in types
        and from_us <= f.launch_utc.us < to_us
        and f.name not in agreement.exempt_flights
    ]


def check(walk: Walk) -> Iterator[Violation]:
    """Covered flights with too few or too many people of the partner."""
    for agreement in walk.scenario.agreements:
        for f in covered_flights(walk, agreement):
            for seat in agreement.seats:
                if seat.vehicle_type != f.vehicle_type:
                    continue
                n = sum(walk.partner_of(p) == seat.partner for p in dict.fromkeys(f.crew_up))
                if not seat.allows(n):
                    us = f.launch_utc.us
                    yield walk.violation(
                        RULE.id,
                        us,
                        us,
                        (f.name, seat.partner),
                        f"{f.name}: {n} of {seat.partner} aboard, {agreement.name} asks for {seat.asked}",
                    )
