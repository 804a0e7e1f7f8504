"""Ways of repairing a plan: the flights there are, one more, seats elsewhere, a craft for those without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crossflight.model import Flight, SeatMove, VehicleType
from crossflight.model.flight import SeatKind
from crossflight.planner.replan import Task
from crossflight.resilience.disrupted import Disrupted

_NEW: Final = "{type} replacement {n}"


@dataclass(frozen=True)
class Way:
    """One way: the flights, who has no seat until somebody comes, and seat moves made at once.

    `joins` names people who move on into seats that a flight has left empty for them.  A way with a flight
    added is tried only while seats and operators are fewer than they were.
    """

    said: str
    tasks: tuple[Task, ...]
    n_seatless: int = 0
    moves: tuple[SeatMove, ...] = ()
    is_added: bool = False
    joins: tuple[tuple[str, tuple[str, ...]], ...] = ()


def ways(d: Disrupted) -> Iterator[Way]:
    """The ways to try."""
    if d.stranded:
        yield from _rescues(d)
        return
    docked = {x.flight.name: x.flight for x in d.scenario.docked}
    n_waiting = sum(len(docked[t.takes_over].crew_down) for t in d.tasks if t.takes_over in docked)
    yield Way("the flights there are", d.tasks, n_waiting)
    for kind in d.scenario.vehicle_types:
        if kind.is_crewed and kind.plan_line and _has_craft(d, kind):
            yield Way(f"one more flight of {kind.name}", _with_new(d, kind.name), is_added=True)


def _has_craft(d: Disrupted, kind: VehicleType) -> bool:
    """Whether a craft of a type is there for one more flight."""
    named = {t.flight.craft for t in d.tasks}
    return any(
        c.vehicle_type == kind.name
        and (kind.is_reusable or c.name not in named)
        and (c.n_flights_allowed is None or c.n_flights_used < c.n_flights_allowed)
        and c.unusable_from_utc is None
        for c in d.scenario.craft
    )


def _with_new(
    d: Disrupted, vehicle_type: str, takes_over: str = "", hosts: tuple[str, ...] = ()
) -> tuple[Task, ...]:
    """The flights and one more of a type, the next that is launched of its line."""
    kind = next(t for t in d.scenario.vehicle_types if t.name == vehicle_type)
    earliest = d.as_of.plus_days(kind.launch_lead_days)
    template = next((t.flight for t in d.tasks if t.flight.vehicle_type == vehicle_type), None)
    taken = {t.flight.name for t in d.tasks} | {f.name for f in d.lost}
    names = (_NEW.format(type=vehicle_type, n=n) for n in range(1, 100))
    flight = Flight(
        next(n for n in names if n not in taken),
        "rotation",
        vehicle_type,
        "",
        template.pad
        if template
        else next(x for x in d.scenario.launchers if x.name == kind.launcher).pads[0],
        earliest,
    )
    new = Task(flight, earliest, is_new=True, takes_over=takes_over, hosts=hosts)
    docked = {x.flight.name for x in d.scenario.docked}
    place = next(
        (
            i
            for i, t in enumerate(d.tasks)
            if t.flight.vehicle_type == vehicle_type
            and t.flight.name not in docked
            and t.flight.launch_utc > earliest
        ),
        len(d.tasks),
    )
    return (*d.tasks[:place], new, *d.tasks[place:])


def _rescues(d: Disrupted) -> Iterator[Way]:
    """Where a craft brings nobody home: seats free elsewhere, and a craft that comes for the others."""
    for name, people in d.stranded.items():
        moves, left = _free_seats(d, name, people)
        if not left:
            yield Way("seats that are free in other craft", d.tasks, 0, moves)
            yield from _with_seats_empty(d, name, people, moves)
        kind = next(t.flight.vehicle_type for t in d.tasks if t.flight.name == name)
        craft = next(t for t in d.scenario.vehicle_types if t.name == kind)
        if not craft.is_autonomous:
            continue
        # Craft with free seats may have to leave before another comes: then nobody waits for it in them.
        yield from _fetched(d, name, craft, moves, len(left))
        if moves:
            yield from _fetched(d, name, craft, (), len(people))


def _fetched(
    d: Disrupted, name: str, craft: VehicleType, moves: tuple[SeatMove, ...], n_seatless: int
) -> Iterator[Way]:
    """Another craft of the type comes empty: the next of the line, or a further one."""
    hosts = tuple(dict.fromkeys(m.to_flight for m in moves))
    until = f", seats in {', '.join(hosts)} until then" if hosts else ""
    docked = {x.flight.name for x in d.scenario.docked}
    heir = next(
        (
            t
            for t in d.tasks
            if t.flight.vehicle_type == craft.name
            and t.flight.name not in docked
            and t.flight.kind == "rotation"
        ),
        None,
    )
    if heir is not None:
        earliest = min(heir.earliest_utc, d.as_of.plus_days(craft.launch_lead_days))
        sent = replace(heir, takes_over=name, hosts=hosts, earliest_utc=earliest)
        yield Way(
            f"{heir.flight.name} goes up empty and takes over the crew of {name}{until}",
            tuple(sent if t is heir else t for t in d.tasks),
            n_seatless,
            moves,
        )
    if craft.plan_line and _has_craft(d, craft):
        yield Way(
            f"a further {craft.name} goes up empty and takes over the crew of {name}{until}",
            _with_new(d, craft.name, name, hosts),
            n_seatless,
            moves,
        )


def _with_seats_empty(
    d: Disrupted, name: str, people: Sequence[str], moves: tuple[SeatMove, ...]
) -> Iterator[Way]:
    """The next crew of each line leaves seats empty for people who have others until it comes."""
    docked = {x.flight.name for x in d.scenario.docked}
    lines: set[str] = set()
    for task in d.tasks:
        f = task.flight
        if f.name in docked or f.kind != "rotation" or f.vehicle_type in lines:
            continue
        lines.add(f.vehicle_type)
        n_empty = task.n_empty_seats + len(people)
        if n_empty < len(f.crew_up):
            hosts = tuple(dict.fromkeys(m.to_flight for m in moves))
            waiting = replace(task, n_empty_seats=n_empty, joining=tuple(people), hosts=hosts)
            tasks = tuple(waiting if t is task else t for t in d.tasks)
            said = f"{f.name} leaves {len(people)} seats empty for the crew of {name}"
            yield Way(said, tasks, 0, moves, joins=((f.name, tuple(people)),))


def _free_seats(
    d: Disrupted, flight: str, people: Sequence[str]
) -> tuple[tuple[SeatMove, ...], tuple[str, ...]]:
    """Seats free in the other craft that are docked now, given in order; and who has none."""
    types = {t.name: t for t in d.scenario.vehicle_types}
    moves: list[SeatMove] = []
    left = list(people)
    spoilt = {c.name for c in d.scenario.craft if c.unusable_from_utc is not None}
    for there in d.scenario.docked:
        f = there.flight
        kind = types[f.vehicle_type]
        if f.name == flight or f.craft in spoilt or not kind.is_crewed or f.kind != "rotation":
            continue
        free = kind.n_seats_nominal - len(f.crew_down)
        seats: list[SeatKind] = ["nominal"] * max(0, free)
        seats += ["contingency"] * kind.n_seats_contingency
        given = list(zip(seats, reversed(left), strict=False))
        # Who commands the craft stands first in its crew and stays with it longest.
        moves += [SeatMove(d.as_of, person, flight, f.name, seat) for seat, person in given]
        left = left[: len(left) - len(given)]
    return tuple(moves), tuple(left)
