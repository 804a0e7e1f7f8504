"""A crew can fly its craft, and a rotation crew can run the station.

Every crewed launch and every crewed landing has somebody aboard who is qualified as commander of
the vehicle type.  Rotation crew members (not visitors) hold level operator or specialist in some
segment at some time of their stay, if the station has segments.  Flights of kind uncrewed and
cargo carry nobody up.

Values: none (qualifications stand with the people).

Source: training for an ISS flight takes about 18 months and 1800 h (US systems 330, Russian
systems and Soyuz 350); who holds which qualification is an input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crossflight.model import Person, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Stay, Walk

RULE = Rule(
    id="crew_qualification",
    title="crew qualification",
    statement="Every crew has a commander of its craft, and rotation crew can operate a segment.",
    source="Training templates for ISS crews; qualifications are inputs",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Crews without commander, rotation crew without qualification."""
    for f in walk.by_launch:
        us = f.launch_utc.us
        if walk.in_horizon(us) and f.crew_up:
            if f.kind in ("uncrewed", "cargo"):
                message = f"{f.name}: of kind {f.kind} but carries {len(f.crew_up)} people up"
                yield walk.violation(RULE.id, us, us, (f.name,), message)
            elif not _has_commander(walk, f.crew_up, f.vehicle_type):
                message = f"{f.name}: nobody in its crew up is commander of {f.vehicle_type}"
                yield walk.violation(RULE.id, us, us, (f.name,), message)
        crew_down = walk.seated_down.get(f.name, ())
        if f.undock_utc is None or not crew_down or not walk.in_horizon(f.undock_utc.us):
            continue
        if not _has_commander(walk, crew_down, f.vehicle_type):
            us = f.undock_utc.us
            message = f"{f.name}: nobody seated in it at undocking is commander of {f.vehicle_type}"
            yield walk.violation(RULE.id, us, us, (f.name,), message)
    if not walk.scenario.station.segments:
        return
    for stay in walk.stays:
        known = walk.people.get(stay.person)
        if known is None or known.is_visitor or not walk.in_horizon(stay.launch_us):
            continue
        if walk.flights[stay.up_flight].kind == "rotation" and not _is_operator(walk, known, stay):
            us = stay.launch_us
            message = f"{stay.person}: on {stay.up_flight} without level operator in any segment"
            yield walk.violation(RULE.id, us, us, (stay.person, stay.up_flight), message)


def _has_commander(walk: Walk, crew: Iterable[str], vehicle_type: str) -> bool:
    return any(vehicle_type in walk.people[p].commander_of for p in crew if p in walk.people)


def _is_operator(walk: Walk, person: Person, stay: Stay) -> bool:
    landing_us = walk.end_us if stay.landing_us is None else stay.landing_us
    return any(
        q.is_operator
        and (q.from_utc is None or q.from_utc.us < landing_us)
        and (q.to_utc is None or stay.launch_us < q.to_utc.us)
        for q in person.qualifications
    )
