"""A person is in one place at a time.

Nobody flies on two flights at once: a person launches only when on the ground and comes down only
when aboard.  Every name in a crew or a seat move is among the scenario's people, and stands once
in a crew.

Values: none.

Source: how people are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="one_place",
    title="one place at a time",
    statement="A person is in one place at a time: up from the ground, down from the station.",
    source="How people are",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Unknown names, names twice in a crew, people in two places."""
    yield from _names(walk)
    for f in walk.by_launch:
        is_visit = f.name in walk.visits
        aboard = walk.aboard_at_undock.get(f.name, frozenset()) if is_visit else frozenset(f.crew_up)
        us = walk.visits[f.name][1] if is_visit else f.launch_utc.us
        for person in dict.fromkeys(f.crew_down):
            if person in walk.people and person not in aboard:
                message = f"{person} comes down on {f.name} but is not aboard then"
                yield walk.violation(RULE.id, us, us, (person, f.name), message)
    stays: dict[str, list[tuple[int, int, str]]] = {}
    for stay in walk.stays:
        landing_us = walk.end_us if stay.landing_us is None else stay.landing_us
        stays.setdefault(stay.person, []).append((stay.launch_us, landing_us, stay.up_flight))
    for person, flown in stays.items():
        for (_, last_us, before), (launch_us, landing_us, after) in pairwise(sorted(flown)):
            if launch_us < last_us:
                yield walk.violation(
                    RULE.id,
                    launch_us,
                    max(launch_us, min(last_us, landing_us)),
                    (person, before, after),
                    f"{person} launches on {after} while still flying since {before}: "
                    f"{(last_us - launch_us) / DAY_US:.1f} d too early",
                )


def _names(walk: Walk) -> Iterator[Violation]:
    for f in walk.by_launch:
        us = f.launch_utc.us
        for crew, where in ((f.crew_up, "up"), (f.crew_down, "down")):
            for person in dict.fromkeys(crew):
                if person not in walk.people:
                    message = f"{person} in the crew {where} of {f.name} is not among the people"
                    yield walk.violation(RULE.id, us, us, (person, f.name), message)
                if crew.count(person) > 1:
                    message = f"{person} stands {crew.count(person)} times in the crew {where} of {f.name}"
                    yield walk.violation(RULE.id, us, us, (person, f.name), message)
    for move in walk.plan.seat_moves:
        if move.person not in walk.people:
            us = move.utc.us
            message = f"{move.person} in a seat move is not among the people"
            yield walk.violation(RULE.id, us, us, (move.person,), message)
