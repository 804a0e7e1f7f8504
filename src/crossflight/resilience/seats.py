"""Who fills the seats that a repair has opened, and what everybody's seats then are.

The planner of a repair says who keeps a seat.  Here the others are chosen, one seat after the other: first
the backup crew of the flight, then whoever has no flight ahead, people with names before slots.  Each is
believed only if the checker finds nothing that it did not find before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crossflight.model import Flight, Person, Plan, Scenario, SeatMove, TrainingSlot
from crossflight.planner.earliest import Search
from crossflight.rules import REGISTRY, Walk, backup_crew, training
from crossflight.times import Instant

_ABOUT_PEOPLE: Final = frozenset(
    {
        "one_place", "ground_time", "availability", "crew_qualification", "training", "backup_crew",
        "career_dose", "integrated_seat",
    }
)  # fmt: skip
_N_TRIED_MAX: Final = 12
# How many people are taken off later flights at most.
_N_TAKEN_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Filled:
    """A plan with its seats filled.

    `missing` are the seats (flight, partner) for which nobody can be ready, and the first launch at which
    somebody could (None: never).
    """

    plan: Plan
    missing: tuple[tuple[str, str, Instant | None], ...] = ()


def filled(scenario: Scenario, plan: Plan, n_open: Mapping[str, Mapping[str, int]]) -> Filled:
    """Fill seats, the commander's first, and then backup crews that have lost somebody.

    Where nobody without a flight can be had, somebody is taken off a later flight, whose seat is then open.
    If that cannot be filled, it is the first seat that is missing: taking somebody has not helped.
    """
    missing: list[tuple[str, str, Instant | None]] = []
    asked = [
        (f.name, partner)
        for f in plan.flights
        for partner, n in n_open.get(f.name, {}).items()
        for _ in range(n)
    ]
    taken_for: dict[str, str] = {}
    while asked:
        flight, partner = _first(scenario, plan, asked)
        asked.remove((flight, partner))
        is_last = (flight, partner) not in asked and not any(f == flight for f, _ in asked)
        found = _with_one_more(scenario, plan, flight, partner, is_backup=False, is_last=is_last)
        if found is None and len(taken_for) < _N_TAKEN_MAX:
            taken = _taken_off(scenario, plan, flight, partner, is_last=is_last)
            if taken is not None:
                found, left = taken
                asked.append((left, partner))
                taken_for.setdefault(left, flight)
        if found is None:
            while flight in taken_for:
                flight = taken_for.pop(flight)
            missing.append((flight, partner, _spare_from(scenario, plan, flight, partner, leads=is_last)))
        else:
            plan = found
    return Filled(_backups(scenario, plan), tuple(missing))


def _leads(scenario: Scenario, plan: Plan, name: str) -> bool:
    """Whether somebody in a crew commands its craft."""
    flight = next(f for f in plan.flights if f.name == name)
    return any(flight.vehicle_type in p.commander_of for p in scenario.people if p.name in flight.crew_up)


def _first(scenario: Scenario, plan: Plan, asked: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The seat to fill first: in a crew without a commander, of the partner with most who could be one."""
    flight, _ = asked[0]
    partners = [p for f, p in asked if f == flight]
    if _leads(scenario, plan, flight):
        return flight, partners[0]
    kind = next(f for f in plan.flights if f.name == flight).vehicle_type

    def n_commanders(partner: str) -> int:
        return sum(
            kind in p.commander_of and scenario.partner_of_agency(p.agency) == partner
            for p in scenario.people
        )

    return flight, max(partners, key=n_commanders)


def _taken_off(
    scenario: Scenario, plan: Plan, name: str, partner: str, *, is_last: bool
) -> tuple[Plan, str] | None:
    """The plan with somebody of a later flight in the seat, and that flight."""
    flight = next(f for f in plan.flights if f.name == name)
    for g in reversed(plan.flights):
        if g.launch_utc <= flight.launch_utc or g.kind != "rotation":
            continue
        for n in reversed(g.crew_up):
            person = next((p for p in scenario.people if p.name == n), None)
            if person is None or scenario.partner_of_agency(person.agency) != partner:
                continue
            without = _without(scenario, plan, g.name, n)
            found = _with_one_more(
                scenario, without, name, partner, is_backup=False, is_last=is_last, only=person
            )
            if found is not None:
                return found, g.name
    return None


def _with_one_more(
    scenario: Scenario,
    plan: Plan,
    name: str,
    partner: str,
    *,
    is_backup: bool,
    is_last: bool = False,
    only: Person | None = None,
) -> Plan | None:
    """The plan with somebody of a partner in a seat, or in the backup crew, of a flight.

    The last to come commands if nobody else does.
    """
    plan = with_crews_home(scenario, plan)
    known = _findings(scenario, plan)
    flight = next(f for f in plan.flights if f.name == name)
    aboard = [p for n in flight.crew_up for p in scenario.people if p.name == n]
    backup = [p for n in flight.backup for p in scenario.people if p.name == n]
    others = backup if is_backup else aboard
    leads = any(flight.vehicle_type in p.commander_of for p in others)
    candidates = [only] if only else list(_candidates(scenario, plan, flight, partner, is_backup=is_backup))
    if not leads and is_last:
        candidates = [p for p in candidates if flight.vehicle_type in p.commander_of]
    elif not leads:
        candidates.sort(key=lambda p: flight.vehicle_type not in p.commander_of)
    for person in candidates[:_N_TRIED_MAX]:
        tried = _seated(scenario, plan, flight, person, is_backup=is_backup, is_commander=not leads)
        if tried is None:
            continue
        after = with_crews_home(scenario, tried)
        if not _findings(scenario, after) - known - _own(name):
            return after
    return None


def _spare_from(scenario: Scenario, plan: Plan, name: str, partner: str, *, leads: bool) -> Instant | None:
    """The first launch after the present one at which somebody could be ready for a seat.

    `leads`: to command the craft, if nobody in the crew does.
    """
    flight = next(f for f in plan.flights if f.name == name)
    later = flight.launch_utc.floor_day().plus_days(1)
    leads = leads and not _leads(scenario, plan, name)
    kind = flight.vehicle_type
    found = [
        at
        for person in _candidates(scenario, plan, flight, partner, is_backup=False)
        if not leads or kind in person.commander_of
        if (at := Search(scenario, plan, person).earliest(kind, later, is_commander=leads).launch_utc)
        if at < scenario.to_utc
    ]
    return min(found, default=None)


def _own(flight: str) -> set[tuple[str, str]]:
    """What the checker may say of a crew that is not complete yet."""
    return {(rule, flight) for rule in ("backup_crew", "integrated_seat", "crew_qualification")}


def _candidates(
    scenario: Scenario, plan: Plan, flight: Flight, partner: str, *, is_backup: bool
) -> Iterator[Person]:
    busy: dict[str, int] = {}
    for f in plan.flights:
        for n in (*f.crew_up, *f.crew_down, *f.backup):
            if f.landing_utc is None or f.landing_utc > scenario.from_utc:
                busy[n] = busy.get(n, 0) + 1
    people = [
        p
        for p in scenario.people
        if not p.is_visitor
        and scenario.partner_of_agency(p.agency) == partner
        and p.name not in flight.crew_up
        and (not is_backup or p.name not in flight.backup)
    ]
    order = {p.name: i for i, p in enumerate(people)}
    people.sort(
        key=lambda p: (
            p.name not in flight.backup,
            busy.get(p.name, 0),
            p.is_unnamed,
            order[p.name],
        )
    )
    yield from people


def _seated(
    scenario: Scenario, plan: Plan, flight: Flight, person: Person, *, is_backup: bool, is_commander: bool
) -> Plan | None:
    """The plan with a person in a flight and in the courses that it takes; None if they end too late."""
    out = _without(scenario, plan, flight.name, person.name)
    launch = flight.launch_utc
    slots: tuple[TrainingSlot, ...] = ()
    if person.name in flight.backup and not is_backup:
        slots = tuple(x for x in plan.training if (x.person, x.flight) == (person.name, flight.name))
    else:
        commands = is_commander and flight.vehicle_type in person.commander_of
        found = Search(scenario, out, person).earliest(
            flight.vehicle_type, launch.floor_day(), is_commander=commands
        )
        if found.launch_utc is None or found.launch_utc > launch:
            return None
        slots = tuple(
            TrainingSlot(person.name, step.course.name, step.from_utc, step.to_utc, flight.name)
            for step in found.steps
        )
    seated = next(f for f in out.flights if f.name == flight.name)
    if is_backup:
        seated = replace(seated, backup=(*seated.backup, person.name))
    else:
        seated = replace(seated, crew_up=_in_order(scenario, seated, person))
    return replace(_with(out, seated), training=(*out.training, *slots))


def _in_order(scenario: Scenario, flight: Flight, person: Person) -> tuple[str, ...]:
    """The crew with somebody more; who commands stands first if nobody did."""
    by_name = {p.name: p for p in scenario.people}
    leads = any(n in by_name and flight.vehicle_type in by_name[n].commander_of for n in flight.crew_up)
    if not leads and flight.vehicle_type in person.commander_of:
        return (person.name, *flight.crew_up)
    return (*flight.crew_up, person.name)


def _without(scenario: Scenario, plan: Plan, flight: str, person: str) -> Plan:
    """The plan without somebody's seat or duty in a flight, and without the courses for it."""
    f = next(f for f in plan.flights if f.name == flight)
    left = replace(
        f,
        crew_up=tuple(n for n in f.crew_up if n != person),
        backup=tuple(n for n in f.backup if n != person),
    )
    out = _with(plan, left)
    return replace(out, training=training_for(scenario, out.flights, plan.training))


def training_for(
    scenario: Scenario, flights: Sequence[Flight], slots: Sequence[TrainingSlot]
) -> tuple[TrainingSlot, ...]:
    """The places in courses that are still for something: a person's seat, or the next one after it."""
    before = float(scenario.rules["training"].values.get("days_before_launch", 0.0))
    duties: dict[str, list[Flight]] = {}
    for f in sorted(flights, key=lambda f: f.launch_utc):
        for n in (*f.crew_up, *f.backup):
            duties.setdefault(n, []).append(f)
    kept = []
    for slot in slots:
        mine = duties.get(slot.person, [])
        of = next((f for f in mine if f.name == slot.flight), None) or next(
            (f for f in mine if f.launch_utc >= slot.to_utc.plus_days(before)), None
        )
        if of is not None:
            kept.append(replace(slot, flight=of.name))
    return tuple(kept)


def _with(plan: Plan, flight: Flight) -> Plan:
    return replace(plan, flights=tuple(flight if f.name == flight.name else f for f in plan.flights))


def _backups(scenario: Scenario, plan: Plan) -> Plan:
    """Backup crews completed, where they can be, and free of people who cannot be in them."""
    if scenario.rules["backup_crew"].severity == "off":
        return plan
    plan = with_crews_home(scenario, plan)
    kinds = {t.name: t for t in scenario.vehicle_types}
    docked = {d.flight.name for d in scenario.docked}
    for name in [f.name for f in plan.flights]:
        f = next(x for x in plan.flights if x.name == name)
        if f.name in docked or not f.crew_up or not kinds[f.vehicle_type].has_backup_crew:
            continue
        for n in _barred_from_backup(scenario, plan, f):
            plan = _without(scenario, plan, name, n)
        for partner in (p.name for p in scenario.partners):
            f = next(x for x in plan.flights if x.name == name)
            wanted = _count(scenario, f.crew_up, partner) - _count(scenario, f.backup, partner)
            for _ in range(wanted):
                found = _with_one_more(scenario, plan, name, partner, is_backup=True)
                plan = found or plan
    return plan


def _barred_from_backup(scenario: Scenario, plan: Plan, flight: Flight) -> list[str]:
    """Who of a backup crew is in its crew, away or busy elsewhere by what the checker says."""
    found = [n for n in flight.backup if n in flight.crew_up]
    if not flight.backup:
        return found
    walk = Walk(scenario, plan)
    for module in (backup_crew, training):
        for v in module.check(walk):
            for n in flight.backup:
                is_own = flight.name in v.subjects or flight.name in v.message
                if n in v.subjects and is_own and n not in found:
                    found.append(n)
    return found


def _count(scenario: Scenario, names: Sequence[str], partner: str) -> int:
    agencies = {p.name: p.agency for p in scenario.people}
    return sum(n in agencies and scenario.partner_of_agency(agencies[n]) == partner for n in names)


def _findings(scenario: Scenario, plan: Plan) -> set[tuple[str, str]]:
    """What the rules about people say: the rule and each subject of it."""
    walk = Walk(scenario, plan)
    return {
        (module.RULE.id, subject)
        for module in REGISTRY
        if module.RULE.id in _ABOUT_PEOPLE and walk.severity(module.RULE.id) in ("hard", "waivable")
        for v in module.check(walk)
        for subject in v.subjects
    }


def with_crews_home(scenario: Scenario, plan: Plan) -> Plan:
    """The plan with each crew down as the seats have it."""
    walk = Walk(scenario, plan)
    flights = []
    for f in plan.flights:
        seated = walk.seated_down.get(f.name, ()) if f.name in walk.visits else f.crew_up
        flights.append(f if set(seated) == set(f.crew_down) else replace(f, crew_down=tuple(seated)))
    return replace(plan, flights=tuple(flights))


def moves_of(
    scenario: Scenario, before: Plan, flights: Sequence[Flight], as_of: Instant, stranded: Sequence[SeatMove]
) -> tuple[SeatMove, ...]:
    """The seat moves of a plan whose flights have been moved: made, planned, and of who had none left."""
    there = {f.name: f for f in flights}
    moves = list(stranded)
    elsewhere = {m.person for m in stranded}
    for m in before.seat_moves:
        a, b = there.get(m.from_flight), there.get(m.to_flight)
        if a is None or b is None or m.person in elsewhere:
            continue
        if m.utc < scenario.from_utc:
            moves.append(m)
            continue
        docked = max(b.dock_utc or m.utc, as_of)
        leaves = a.undock_utc
        at = m.utc
        if at < docked or (leaves is not None and at > leaves):
            at = docked if leaves is None else max(docked, leaves.plus_days(-0.5))
        if leaves is None or at <= leaves:
            moves.append(replace(m, utc=at))
    return tuple(sorted(moves, key=lambda m: (m.utc, m.person)))
