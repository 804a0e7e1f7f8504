"""Everybody aboard has a seat home in a docked, usable craft at every instant.

A person's seat is in the craft they came up in until a seat move.  No craft holds more people in
nominal seats than it has nominal seats, nor more in contingency seats than it has of those, and
nobody's seat is in a craft that has become unusable.  A seat in another craft needs a stated move
(the liner and the suit are carried or flown over; suits are not interchangeable between makers),
made while both craft are docked, by somebody who has the seat that is moved.  Who has a seat in a
craft when it undocks goes home in it: the crew down of a flight is those seated in it, and of a
flight still docked at the end of the plan those seated in it then.

Values: none (seats stand with the vehicle type).

Source: station practice.  Contingency seats have existed: a fifth on Endurance in January 2023,
two on the cargo pallet of Crew-8 in 2024.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="return_seat",
    title="seat home",
    statement="Everybody aboard has a seat in a docked, usable craft, and goes home in it.",
    source="Station practice; seat moves as flown in 2021, 2023 and 2024",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Overfull and unusable craft, moves that cannot be made, crews that differ from who is seated."""
    yield from _no_seat(walk)
    for move, why in walk.idle_moves:
        us = move.utc.us
        if us >= walk.begin_us:
            yield walk.violation(
                RULE.id,
                us,
                us,
                (move.person, move.from_flight, move.to_flight),
                f"{move.person}: seat move {move.from_flight} to {move.to_flight} on {move.utc.minute()} "
                f"cannot be made: {why}",
            )
    yield from _crew_down(walk)
    for f in walk.by_launch:
        kind = walk.types.get(f.vehicle_type)
        if f.name not in walk.visits and kind is not None and len(f.crew_up) > kind.n_seats_nominal:
            yield walk.violation(
                RULE.id,
                f.launch_utc.us,
                f.launch_utc.us,
                (f.name,),
                f"{f.name}: {len(f.crew_up)} people launch in {kind.n_seats_nominal} nominal seats",
            )


def _no_seat(walk: Walk) -> Iterator[Violation]:
    found: dict[tuple[str, str], dict[int, tuple[tuple[str, ...], str]]] = {}
    for i, state in enumerate(walk.states):
        for name, seated in state.seated.items():
            kind = walk.type_of(name)
            if not seated or kind is None:
                continue
            if name in state.unusable:
                what = f"{len(seated)} people seated in a craft that cannot bring them home"
                found.setdefault((name, "unusable"), {})[i] = (seated, what)
            n_contingency = sum((p, name) in state.contingency for p in seated)
            n_nominal = len(seated) - n_contingency
            if n_nominal > kind.n_seats_nominal:
                what = f"{n_nominal} people in {kind.n_seats_nominal} nominal seats"
                found.setdefault((name, "nominal"), {})[i] = (seated, what)
            if n_contingency > kind.n_seats_contingency:
                what = f"{n_contingency} people in {kind.n_seats_contingency} contingency seats"
                found.setdefault((name, "contingency"), {})[i] = (seated, what)
    for (name, _), here in found.items():
        for from_us, to_us, run in walk.runs([here.get(i) for i in range(len(walk.states))]):
            people = dict.fromkeys(p for seated, _ in run for p in seated)
            message = f"{name}: {run[0][1]} for {(to_us - from_us) / DAY_US:.1f} d"
            yield walk.violation(RULE.id, from_us, to_us, (name, *people), message)


def _crew_down(walk: Walk) -> Iterator[Violation]:
    for f in walk.by_launch:
        is_visit = f.name in walk.visits
        seated = walk.seated_down.get(f.name, ()) if is_visit else f.crew_up
        aboard = walk.aboard_at_undock.get(f.name, frozenset()) if is_visit else frozenset(f.crew_up)
        left = [p for p in dict.fromkeys(seated) if p not in f.crew_down]
        # Who is not even aboard is for rule one_place to say.
        extra = [p for p in dict.fromkeys(f.crew_down) if p not in seated and p in aboard]
        if not left and not extra:
            continue
        parts = []
        if left:
            parts.append(f"seated in it but not in its crew down: {', '.join(left)}")
        if extra:
            parts.append(f"in its crew down but seated elsewhere: {', '.join(extra)}")
        us = walk.visits[f.name][1] if is_visit else f.launch_utc.us
        yield walk.violation(RULE.id, us, us, (f.name, *left, *extra), f"{f.name}: {'; '.join(parts)}")
