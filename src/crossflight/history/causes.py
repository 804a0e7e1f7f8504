"""Why an uncovered or unattended stretch began and ended, read off the walk in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from crossflight.model import SeatMove
from crossflight.rules import Walk, operator_n1, segment_operator
from crossflight.rules.walk import DAY_US


def uncovered_cause(walk: Walk, from_us: int, to_us: int) -> str:
    """What began a stretch without operator N-1, which craft alone covered what, and what ended it."""
    groups: dict[tuple[tuple[str, ...], int], list[str]] = {}
    for segment in walk.scenario.station.segments:
        found = operator_n1.uncovered(walk, segment)
        names: dict[str, None] = {}
        alone_us = 0
        for i, state in enumerate(walk.states):
            if found[i] is not None and from_us <= state.from_us < to_us:
                names.update(dict.fromkeys(_covering(walk, i, segment.name) or ("no craft",)))
                alone_us += min(state.to_us, to_us) - state.from_us
        if alone_us:
            groups.setdefault((tuple(names), alone_us), []).append(segment.name)
    clauses = []
    for (craft, alone_us), segments in sorted(groups.items(), key=lambda g: -g[0][1]):
        part = "" if alone_us == to_us - from_us else f"for {alone_us / DAY_US:.1f} d of it "
        clauses.append(
            f"{part}only {', then '.join(craft)} seated operators of the {' and the '.join(segments)}"
        )
    return _sentence(walk, from_us, to_us, "; ".join(clauses))


def unattended_cause(walk: Walk, from_us: int, to_us: int) -> str:
    """What began a stretch in which a segment had too few operators, and what ended it."""
    names = [
        segment.name
        for segment in walk.scenario.station.segments
        for n, state in zip(segment_operator.unattended(walk, segment), walk.states, strict=True)
        if n is not None and from_us <= state.from_us < to_us
    ]
    return _sentence(
        walk, from_us, to_us, f"too few operators of the {_and(dict.fromkeys(names))} were aboard"
    )


def _covering(walk: Walk, index: int, segment: str) -> list[str]:
    """Docked usable craft in which an operator of the segment has a seat."""
    unusable = walk.states[index].unusable
    return [name for name in walk.operators[index][segment] if name not in unusable]


def _sentence(walk: Walk, from_us: int, to_us: int, what: str) -> str:
    began = _and(events_at(walk, from_us)) if from_us > walk.begin_us else "the audit begins"
    ended = _and(events_at(walk, to_us)) if to_us < walk.end_us else "the record ends"
    return f"Began when {began}: {what}. Ended when {ended}."


def events_at(walk: Walk, us: int) -> list[str]:
    """What happened at an instant, as short clauses."""
    found = []
    for name, (dock_us, _) in walk.visits.items():
        f = walk.flights[name]
        if dock_us == us:
            found.append(f"{name} docked")
        if f.undock_utc is not None and f.undock_utc.us == us:
            found.append(f"{name} undocked")
        craft = walk.craft.get(f.craft)
        if craft is not None and craft.unusable_from_utc is not None and craft.unusable_from_utc.us == us:
            found.append(f"{name} became unusable")
    found += _moves([m for m in walk.plan.seat_moves if m.utc.us == us])
    aboard = {s.person for s in walk.stays if s.dock_us is not None and s.dock_us <= us}
    for person in sorted(aboard):
        for q in walk.people[person].qualifications:
            if q.from_utc is not None and q.from_utc.us == us:
                found.append(f"{person} began to count as operator of the {q.segment}")
            elif q.to_utc is not None and q.to_utc.us == us:
                found.append(f"{person} ceased to count as operator of the {q.segment}")
    return found or ["the seats changed"]


def _moves(moves: Sequence[SeatMove]) -> list[str]:
    routes: dict[tuple[str, str], list[str]] = {}
    for m in moves:
        routes.setdefault((m.from_flight, m.to_flight), []).append(m.person)
    return [
        f"the {'seat' if len(people) == 1 else 'seats'} of {_and(people)} moved from {a} to {b}"
        for (a, b), people in routes.items()
    ]


def _and(words: Iterable[str]) -> str:
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} and {listed[-1]}"
