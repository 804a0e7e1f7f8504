"""A scenario and its plan some time later: what has flown is a fact, what lies ahead is the plan.

The scenario begins on a later day.  Craft docked then are docked; who has landed has been in flight, with the
dose and the training that gives; cargo that came is in the stock; craft that have flown are used.  The rest
of the plan is a plan of it, and the rules say of that rest what they said of it before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from crossflight.model import (
    AnnouncedFlight,
    Commodity,
    Craft,
    DockedFlight,
    Flight,
    Person,
    Plan,
    Scenario,
    SeatMove,
    Trained,
    VehicleType,
)
from crossflight.rules import Walk
from crossflight.rules.consumables import delivered_kg
from crossflight.rules.walk import Stay
from crossflight.times import Instant

_N_NAMES_MAX: Final = 1_000


def begin_of(plan: Plan, as_of: Instant) -> Instant:
    """00:00 of the day, or of the launch or the undocking of a flight that is on its way up or home then."""
    up = [f.launch_utc for f in plan.flights if f.dock_utc is not None and f.launch_utc < as_of < f.dock_utc]
    home = [
        f.undock_utc
        for f in plan.flights
        if f.undock_utc is not None and f.landing_utc is not None and f.undock_utc < as_of < f.landing_utc
    ]
    return min([as_of, *up, *home]).floor_day()


def advanced(scenario: Scenario, plan: Plan, as_of: Instant) -> tuple[Scenario, Plan]:
    """The scenario that begins on the day of `as_of` and knows what is known then, and the rest of the plan.

    Before the scenario begins nothing changes but the knowledge date.  Flights announced and not yet launched
    are announced on the day on which the plan has them.  Opportunities stay as they have been computed.
    """
    begin = max(scenario.from_utc, begin_of(plan, as_of))
    later = replace(scenario, known_utc=max(as_of, scenario.known_utc), overrides={}, facts=())
    ahead = {f.name: f for f in plan.flights}
    announced = tuple(_as_planned(a, ahead.get(a.name)) for a in scenario.announced)
    if begin == scenario.from_utc:
        return replace(later, announced=announced), replace(plan, overrides={}, provenance=None)
    walk = Walk(scenario, plan)
    there = [f for f in walk.by_launch if f.launch_utc < begin and _is_docked(f, begin)]
    ahead = {f.name: f for f in walk.by_launch if f.launch_utc >= begin}
    names = {*ahead, *(f.name for f in there)}
    seated = _seated(walk, begin)
    up = {f.name: _crew_at_docking(walk, f, begin, names, seated) for f in there}
    moves = tuple(m for m in plan.seat_moves if m.from_flight in names and m.to_flight in names)
    made = tuple(m for m in moves if m.utc < begin)
    rules = dict(scenario.rules)
    first = str(rules["operator_n1"].values.get("binds_from_docking_of", ""))
    if first and first not in names:
        values = {**rules["operator_n1"].values, "binds_from_docking_of": ""}
        rules["operator_n1"] = replace(rules["operator_n1"], values=values)
    later = replace(
        later,
        from_utc=begin,
        rules=rules,
        station=replace(scenario.station, evas=tuple(e for e in scenario.station.evas if e.to_utc > begin)),
        vehicle_types=tuple(_numbered(t, walk, names) for t in scenario.vehicle_types),
        craft=tuple(_used(c, walk, begin) for c in scenario.craft),
        people=tuple(_older(p, walk, begin) for p in scenario.people),
        agreements=tuple(
            replace(a, exempt_flights=tuple(n for n in a.exempt_flights if n in names))
            for a in scenario.agreements
        ),
        commodities=tuple(replace(c, stock_kg=_stock_kg(walk, c, begin)) for c in scenario.commodities),
        docked=tuple(_there(f, up[f.name], seated.get(f.name, ()), begin) for f in there),
        seat_moves=made,
        announced=tuple(a for a in announced if a.name in ahead),
    )
    rest = [replace(f, crew_up=up[f.name], backup=(), pinned=()) for f in there] + list(ahead.values())
    return later, replace(
        plan,
        flights=tuple(rest),
        seat_moves=moves,
        waivers=tuple(w for w in plan.waivers if w.to_utc > begin),
        training=tuple(x for x in plan.training if x.from_utc >= begin and x.flight in ahead),
        overrides={},
        provenance=None,
    )


def _is_docked(f: Flight, at: Instant) -> bool:
    return f.dock_utc is not None and f.dock_utc <= at and (f.undock_utc is None or f.undock_utc > at)


def _as_planned(a: AnnouncedFlight, flight: Flight | None) -> AnnouncedFlight:
    return a if flight is None else replace(a, launch_utc=flight.launch_utc)


def _seated(walk: Walk, at: Instant) -> dict[str, tuple[str, ...]]:
    """Who has a seat in which flight at an instant."""
    for state in walk.states:
        if state.from_us <= at.us < state.to_us:
            return dict(state.seated)
    return {}


def _crew_at_docking(
    walk: Walk, f: Flight, at: Instant, names: set[str], seated: dict[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Who came up in it, and who has had a seat in it since their own craft left.

    People whose seat has gone from it to a craft that is there still are moved from it by a seat move.
    """
    still = {p for n in names for p in seated.get(n, ())}
    joined = [
        m.person
        for m in walk.plan.seat_moves
        if m.to_flight == f.name and m.utc < at and m.from_flight not in names and m.person in still
    ]
    gone = {
        m.person
        for m in walk.plan.seat_moves
        if m.from_flight == f.name and m.utc < at and m.to_flight not in names
    }
    return tuple(dict.fromkeys(p for p in (*f.crew_up, *joined) if p not in gone))


def _there(f: Flight, up: tuple[str, ...], seated: tuple[str, ...], at: Instant) -> DockedFlight:
    flown = replace(
        f,
        undock_utc=None,
        landing_utc=None,
        crew_up=up,
        crew_down=seated,
        backup=(),
        pinned=(),
        relocations=tuple(r for r in f.relocations if r.undock_utc < at),
    )
    return DockedFlight(flown)


def _numbered(kind: VehicleType, walk: Walk, names: set[str]) -> VehicleType:
    """The type with the number of its next new flight after those that have flown."""
    flown = {f.name for f in walk.by_launch if f.vehicle_type == kind.name and f.name not in names}
    last = 0
    for n, name in enumerate(islice(kind.flight_names(()), _N_NAMES_MAX), start=1):
        if name in flown:
            last = n
    return replace(kind, flight_number=kind.flight_number + last)


def _used(craft: Craft, walk: Walk, at: Instant) -> Craft:
    flown = [f for f in walk.by_launch if f.craft == craft.name and f.launch_utc < at]
    n_new = sum(f.launch_utc >= walk.scenario.from_utc for f in flown)
    ready = [craft.ready_utc] if craft.ready_utc is not None else []
    kind = walk.types[craft.vehicle_type]
    if kind.is_reusable:
        ready += [
            f.landing_utc.plus_days(kind.turnaround_days)
            for f in flown
            if f.landing_utc is not None and f.landing_utc <= at
        ]
    return replace(
        craft,
        ready_utc=max(ready, default=None),
        n_flights_used=craft.n_flights_used + n_new,
    )


def _older(person: Person, walk: Walk, at: Instant) -> Person:
    stays = [s for s in walk.stays if s.person == person.name and s.launch_us < at.us]
    rate = walk.number("career_dose", "msv_per_day")
    days = sum(_days_flown(walk, s, at) for s in stays)
    landed = [Instant(s.landing_us) for s in stays if s.landing_us is not None and s.landing_us <= at.us]
    landed = [x for x in landed if x >= walk.scenario.from_utc and _has_docked(stays, x)]
    return replace(
        person,
        landed_utc=max([*landed, *([person.landed_utc] if person.landed_utc else [])], default=None),
        dose_msv=person.dose_msv + rate * days,
        trained=(*person.trained, *_learnt(person, walk, stays, at)),
        unavailable=tuple(a for a in person.unavailable if a.to_utc > at),
        qualifications=person.qualifications,
    )


def _has_docked(stays: list[Stay], landing: Instant) -> bool:
    return any(s.landing_us == landing.us and s.dock_us is not None for s in stays)


def _days_flown(walk: Walk, stay: Stay, at: Instant) -> float:
    """Days in flight that count in the scenario so far; of who is aboard, none: their flight goes on."""
    if stay.landing_us is None or stay.landing_us > at.us:
        begin = walk.scenario.from_utc.us
        return max(0.0, (at.us - max(stay.launch_us, begin)) / 86_400e6)
    return max(0.0, (stay.landing_us - max(stay.launch_us, walk.scenario.from_utc.us)) / 86_400e6)


def _learnt(person: Person, walk: Walk, stays: list[Stay], at: Instant) -> Iterator[Trained]:
    """Courses finished and flights that needed them; a course still running ends when it was to."""
    done: dict[str, Instant] = {}
    running: list[Trained] = []
    for slot in walk.plan.training:
        if slot.person != person.name or slot.from_utc >= at:
            continue
        if slot.to_utc <= at:
            done[slot.course] = max(slot.to_utc, done.get(slot.course, slot.to_utc))
        else:
            running.append(Trained((slot.course,), slot.to_utc))
    before = walk.number("training", "days_before_launch")
    for stay in stays:
        flight = walk.flights[stay.up_flight]
        if flight.kind != "rotation" or stay.dock_us is None:
            continue
        ends = Instant(stay.launch_us).plus_days(-before)
        if stay.landing_us is not None and stay.landing_us <= at.us:
            ends = Instant(stay.landing_us)
        commands = flight.vehicle_type in person.commander_of
        for course in walk.scenario.courses_for(person, flight.vehicle_type, is_commander=commands):
            done[course.name] = max(ends, done.get(course.name, ends))
    by_end: dict[Instant, list[str]] = {}
    for course_name, end in done.items():
        by_end.setdefault(end, []).append(course_name)
    for end, courses in sorted(by_end.items()):
        yield Trained(tuple(courses), end)
    yield from running


def _stock_kg(walk: Walk, commodity: Commodity, at: Instant) -> float:
    """What is left at an instant."""
    delivered = delivered_kg(walk, commodity)
    stock = commodity.stock_kg + sum(kg for us, kg in delivered.items() if us < at.us)
    for state in walk.states:
        days = max(0, min(state.to_us, at.us) - state.from_us) / 86_400e6
        stock -= (len(state.aboard) * commodity.per_person_day_kg + commodity.per_day_kg) * days
    return max(0.0, stock)


def seat_moves_ahead(plan: Plan, at: Instant) -> tuple[SeatMove, ...]:
    """The seat moves a plan has from an instant on."""
    return tuple(m for m in plan.seat_moves if m.utc >= at)
