"""A scenario and a plan after disruptions: what the world is now, and what is left of each flight.

The scenario begins on the day of knowledge (`advanced`).  Each disruption becomes the fact that it is: an
outage, a closure, a craft that brings nobody home, a capsule that is ready later.  Nothing that has been
launched is changed, and the lead times of the vehicle types freeze more: no launch is brought forward to
sooner than its `launch_lead_days` from now.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from crossflight.errors import UsageError
from crossflight.model import (
    Agreement,
    Closure,
    Craft,
    Flight,
    ForbiddenDays,
    Pad,
    Person,
    Plan,
    Port,
    Scenario,
)
from crossflight.model.disruption import Disruption
from crossflight.planner.replan import Task
from crossflight.resilience.advanced import advanced
from crossflight.resilience.seats import training_for
from crossflight.times import Instant

# A return brought forward or a date announced: within a day, for the hour at which a zone is reached.
_RETURN_WINDOW_DAYS: Final = 1.0
_BINDING: Final = ("hard", "waivable")


@dataclass(frozen=True)
class Disrupted:
    """What there is to repair.

    Attributes
    ----------
    before
        The scenario on the day of knowledge, had nothing happened.
    scenario
        As it is.
    plan
        The rest of the plan, unchanged but without flights that were lost.
    tasks
        Every flight of it, in order of launch.
    lost
        Flights whose launch was aborted.
    stranded
        By flight: people whose seat is in a craft that cannot bring them home.
    """

    before: Scenario
    scenario: Scenario
    plan: Plan
    tasks: tuple[Task, ...]
    as_of: Instant
    disruptions: tuple[Disruption, ...]
    lost: tuple[Flight, ...] = ()
    stranded: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def undisturbed_tasks(self) -> tuple[Task, ...]:
        """The flights as they were planned, those docked first; those lost too that would still be there."""
        begin, docked = self.before.from_utc, {x.flight.name for x in self.before.docked}
        lost = [f for f in self.lost if f.undock_utc is None or f.undock_utc > begin]
        order = sorted((*self.plan.flights, *lost), key=lambda f: (f.launch_utc, f.name))
        flights = sorted(order, key=lambda f: f.name not in docked)
        return tuple(Task(f, self.before.from_utc) for f in flights)


def disrupted(scenario: Scenario, plan: Plan, disruptions: Iterable[Disruption], as_of: Instant) -> Disrupted:
    """What is left of a plan.

    Raises
    ------
    UsageError
        If a disruption cannot be: somebody aboard is unavailable, a flight in orbit slips.
    """
    known = tuple(disruptions)
    flown, lost, slipped = _as_flown(scenario, plan, known, as_of)
    before, rest = advanced(scenario, flown, as_of)
    found = _Facts(before, rest, as_of, lost, slipped)
    for d in known:
        found.add(d)
    return found.result(known)


def _as_flown(
    scenario: Scenario, plan: Plan, known: Sequence[Disruption], as_of: Instant
) -> tuple[Plan, dict[str, Flight], set[str]]:
    """The plan as it was flown until the day of knowledge, flights lost and flights slipped by then."""
    flights = {f.name: f for f in plan.flights}
    there = {d.flight.name for d in scenario.docked}
    lost: dict[str, Flight] = {}
    slipped: set[str] = set()
    for d in known:
        f = flights.get(d.subject)
        if f is None or d.at_utc >= as_of:
            continue
        if d.kind == "launch-abort" and f.launch_utc < as_of and f.name not in there:
            lost[f.name] = flights.pop(f.name)
        elif d.kind == "slip" and f.launch_utc < as_of and f.name not in there:
            later = replace(f, launch_utc=f.launch_utc.plus_days(d.days), dock_utc=_after(f.dock_utc, d.days))
            if f.kind == "visiting":
                later = replace(
                    later, undock_utc=_after(f.undock_utc, d.days), landing_utc=_after(f.landing_utc, d.days)
                )
            flights[f.name] = later
            slipped.add(f.name)
        elif d.kind == "early-return" and f.dock_utc is not None and f.dock_utc < d.at_utc:
            flights[f.name] = _home(scenario, f, d.at_utc)
    names = set(flights)
    flown = replace(
        plan,
        flights=tuple(sorted(flights.values(), key=lambda f: (f.launch_utc, f.name))),
        seat_moves=tuple(m for m in plan.seat_moves if {m.from_flight, m.to_flight} <= names),
        training=training_for(scenario, tuple(flights.values()), plan.training),
    )
    return flown, lost, slipped


def _after(at: Instant | None, days: float) -> Instant | None:
    return None if at is None else at.plus_days(days)


class _Facts:
    """Facts put into a scenario one after the other."""

    def __init__(
        self, scenario: Scenario, plan: Plan, as_of: Instant, lost: dict[str, Flight], slipped: set[str]
    ) -> None:
        self.lost_before, self.slipped = lost, slipped
        self.before, self.scenario, self.plan, self.as_of = scenario, scenario, plan, as_of
        self.flights = {f.name: f for f in plan.flights}
        self.docked = {d.flight.name for d in scenario.docked}
        self.lost: list[Flight] = []
        self.stranded: dict[str, tuple[str, ...]] = {}
        self.earliest: dict[str, Instant] = {}
        self.leaves: dict[str, Instant] = {}
        self.n_empty: dict[str, int] = {}

    def add(self, d: Disruption) -> None:
        """Take one disruption in."""
        getattr(self, f"_{d.kind.replace('-', '_')}")(d)

    def result(self, known: tuple[Disruption, ...]) -> Disrupted:
        """The scenario as it is, and the flights."""
        kinds = {t.name: t for t in self.scenario.vehicle_types}
        tasks = []
        for f in sorted(self.flights.values(), key=lambda f: (f.launch_utc, f.name)):
            kind = kinds[f.vehicle_type]
            if f.name in self.docked:
                earliest = self.as_of.plus_days(kind.undock_lead_days)
                tasks.append(Task(f, earliest, undock_utc=self.leaves.get(f.name)))
                continue
            lead = self.as_of.plus_days(kind.launch_lead_days)
            earliest = self.earliest.get(f.name, min(lead, f.launch_utc))
            n_empty, fetches = self.n_empty.get(f.name, 0), self._fetches(f)
            tasks.append(Task(f, earliest, n_empty_seats=n_empty, takes_over=fetches))
        gone = {f.name for f in self.lost}
        left = replace(
            self.plan,
            flights=tuple(self.flights.values()),
            seat_moves=tuple(m for m in self.plan.seat_moves if not gone & {m.from_flight, m.to_flight}),
            training=tuple(x for x in self.plan.training if x.flight not in gone),
        )
        return Disrupted(
            self.before,
            self.scenario,
            left,
            tuple(tasks),
            self.as_of,
            known,
            tuple(self.lost),
            self.stranded,
        )

    def _fetches(self, f: Flight) -> str:
        """The docked flight whose crew waits for a flight that goes up empty, from an earlier repair."""
        if f.kind != "uncrewed":
            return ""
        unusable = {c.name for c in self.scenario.craft if c.unusable_from_utc is not None}
        waiting = {d.flight.name for d in self.scenario.docked if d.flight.craft in unusable}
        moves = (m for m in self.plan.seat_moves if m.to_flight == f.name and m.utc >= self.as_of)
        return next((m.from_flight for m in moves if m.from_flight in waiting), "")

    # -- one kind each ----------------------------------------------------------------------

    def _launch_abort(self, d: Disruption) -> None:
        flight = self.lost_before.get(d.subject) or self._ahead(d)
        self.lost.append(flight)
        self.flights.pop(flight.name, None)
        announced = tuple(a for a in self.scenario.announced if a.name != flight.name)
        agreements = tuple(
            replace(a, exempt_flights=tuple(n for n in a.exempt_flights if n != flight.name))
            for a in self.scenario.agreements
        )
        rules = dict(self.scenario.rules)
        n1 = rules["operator_n1"]
        if n1.values.get("binds_from_docking_of") == flight.name:
            rules["operator_n1"] = replace(n1, values={**n1.values, "binds_from_docking_of": ""})
        self.scenario = replace(self.scenario, announced=announced, agreements=agreements, rules=rules)
        self._craft(flight.craft, _spent)
        if d.until_utc is not None:
            self._no_launches(flight.vehicle_type, d)

    def _slip(self, d: Disruption) -> None:
        is_flown = d.subject in self.slipped
        if is_flown and (d.subject in self.docked or d.subject not in self.flights):
            return
        flight = self._ahead(d)
        # Lift-offs come earlier day by day.
        to = flight.launch_utc.plus_days(0.0 if is_flown else d.days).floor_day()
        self.earliest[flight.name] = max(to, self.earliest.get(flight.name, to))
        announced = tuple(
            replace(a, launch_utc=to) if a.name == flight.name and to < self.scenario.to_utc else a
            for a in self.scenario.announced
        )
        self.scenario = replace(self.scenario, announced=announced)

    def _fleet_grounded(self, d: Disruption) -> None:
        self._no_launches(d.subject, d)

    def _no_launches(self, vehicle_type: str, d: Disruption) -> None:
        """Whoever flies on the launcher of a type is grounded with it."""
        launcher = next(t.launcher for t in self.scenario.vehicle_types if t.name == vehicle_type)
        types = tuple(t.name for t in self.scenario.vehicle_types if t.launcher == launcher)
        days = ForbiddenDays(*self._span(d), ("launch",), d.why or str(d), types)
        self.scenario = replace(self.scenario, forbidden_days=(*self.scenario.forbidden_days, days))
        self._bind("forbidden_days")

    def _pad_out(self, d: Disruption) -> None:
        def out(pad: Pad) -> Pad:
            return replace(pad, outages=(*pad.outages, Closure(*self._span(d), d.why or str(d))))

        pads = tuple(out(p) if p.name == d.subject else p for p in self.scenario.pads)
        self.scenario = replace(self.scenario, pads=pads)
        self._bind("pad")

    def _craft_unusable(self, d: Disruption) -> None:
        at = max(d.at_utc, self.scenario.from_utc)
        for there in self.scenario.docked:
            if there.flight.craft == d.subject and there.flight.crew_down:
                self.stranded[there.flight.name] = there.flight.crew_down
        self._craft(d.subject, lambda c: replace(_worn_out(c), unusable_from_utc=at))

    def _early_return(self, d: Disruption) -> None:
        if d.at_utc < self.as_of and d.subject not in self.docked:
            return  # it has come home
        if d.subject not in self.docked:
            raise UsageError(
                f"{d.subject} is not docked on {self.as_of.date()}, so it cannot return early",
                hint="a flight that has not been launched can slip, or its launch can be aborted",
            )
        at = max(d.at_utc, self.as_of)
        self.leaves[d.subject] = at
        docked = tuple(
            replace(x, planned_undock_utc=at, window_days=_RETURN_WINDOW_DAYS)
            if x.flight.name == d.subject
            else x
            for x in self.scenario.docked
        )
        self.scenario = replace(self.scenario, docked=docked)

    def _port_closed(self, d: Disruption) -> None:
        from_utc, to_utc = self._span(d)
        for f in self.flights.values():
            leaves = f.undock_utc or self.scenario.to_utc
            if f.name in self.docked and f.relocations == () and f.port == d.subject and leaves > from_utc:
                from_utc = leaves  # who is there stays until it leaves; nobody comes after it
        if from_utc >= to_utc:
            return

        def closed(port: Port) -> Port:
            closure = Closure(from_utc, to_utc, d.why or str(d))
            return replace(port, closures=(*port.closures, closure))

        station = self.scenario.station
        ports = tuple(closed(p) if p.name == d.subject else p for p in station.ports)
        self.scenario = replace(self.scenario, station=replace(station, ports=ports))
        self._bind("port_closure")

    def _person_unavailable(self, d: Disruption) -> None:
        from_utc, to_utc = self._span(d)
        for there in self.scenario.docked:
            if d.subject in there.flight.crew_down:
                raise UsageError(
                    f"{d.subject} is aboard on {self.as_of.date()}, with a seat in {there.flight.name}",
                    hint=f"early-return:{there.flight.name}:{self.as_of.date()} brings the craft home",
                )

        def away(person: Person) -> Person:
            closure = Closure(from_utc, to_utc, d.why or str(d))
            return replace(person, unavailable=(*person.unavailable, closure))

        people = tuple(away(p) if p.name == d.subject else p for p in self.scenario.people)
        self.scenario = replace(self.scenario, people=people)
        self._bind("availability")

    def _capsule_late(self, d: Disruption) -> None:
        assert d.until_utc is not None
        until = d.until_utc
        self._craft(d.subject, lambda c: replace(c, ready_utc=max(until, c.ready_utc or until)))
        self._bind("capsule")

    def _agreement_left(self, d: Disruption) -> None:
        def left(a: Agreement) -> Agreement | None:
            if a.name != d.subject:
                return a
            return replace(a, to_utc=min(a.to_utc, d.at_utc)) if a.from_utc < d.at_utc else None

        kept = tuple(b for a in self.scenario.agreements if (b := left(a)) is not None)
        self.scenario = replace(self.scenario, agreements=kept)

    def _empty_seats(self, d: Disruption) -> None:
        flight = self._ahead(d)
        if flight.kind != "rotation":
            carries = "visitors, whose seats are their own" if flight.crew_up else "nobody"
            raise UsageError(
                f"empty-seats: {flight.name} carries {carries}",
                hint="seats stay empty in flights that relieve a crew; launch-abort takes a flight away",
            )
        if d.n_seats >= len(flight.crew_up):
            raise UsageError(
                f"empty-seats: {flight.name} carries {len(flight.crew_up)} people, and {d.n_seats} of their "
                "seats are to stay empty",
                hint="somebody has to fly it; launch-abort takes a flight away",
            )
        self.n_empty[flight.name] = d.n_seats

    # -- what they have in common -----------------------------------------------------------

    def _ahead(self, d: Disruption) -> Flight:
        flight = self.flights.get(d.subject)
        if flight is None or d.subject in self.docked:
            where = "is in orbit or has flown" if flight is not None else "is not ahead"
            raise UsageError(
                f"{d.kind}: {d.subject} {where} on {self.as_of.date()}",
                hint="give --as-of the day on which it is known",
            )
        return flight

    def _span(self, d: Disruption) -> tuple[Instant, Instant]:
        """When it holds; for good is to the end of the scenario and beyond."""
        end = self.scenario.to_utc.plus_days(365.0)
        until = end if d.until_utc is None else d.until_utc
        return d.at_utc, max(until, d.at_utc.plus_days(1e-5))

    def _craft(self, name: str, change: Any) -> None:
        craft = tuple(change(c) if c.name == name else c for c in self.scenario.craft)
        self.scenario = replace(self.scenario, craft=craft)

    def _bind(self, rule: str) -> None:
        """A fact holds, whatever the scenario made of the rule before."""
        setting = self.scenario.rules[rule]
        if setting.severity not in _BINDING:
            rules = {**self.scenario.rules, rule: replace(setting, severity="hard")}
            self.scenario = replace(self.scenario, rules=rules)


def _spent(craft: Craft) -> Craft:
    """A craft that was lost on its way up."""
    return _worn_out(replace(craft, n_flights_used=craft.n_flights_used + 1))


def _worn_out(craft: Craft) -> Craft:
    """A craft that flies no more."""
    return replace(craft, n_flights_allowed=craft.n_flights_used)


def as_it_stands(d: Disrupted) -> Plan:
    """The plan kept as it is: what cannot fly as planned does not fly, what slips flies on its new day.

    Craft docked stay as long as was planned; who was to come home in a flight that does not fly has nothing
    to come home in.
    """
    kept: list[Flight] = []
    docked = {x.flight.name for x in d.scenario.docked}
    for task in d.tasks:
        f = task.flight
        if task.undock_utc is not None:
            f = _home(d.scenario, f, task.undock_utc)
        elif f.name not in docked:
            if task.earliest_utc > f.launch_utc:
                f = _slipped(d.scenario, f, task.earliest_utc)
            if not _may_launch(d.scenario, f):
                continue
            f = replace(f, crew_up=f.crew_up[: len(f.crew_up) - task.n_empty_seats])
        kept.append(f)
    names = {f.name for f in kept}
    return replace(
        d.plan,
        scenario_digest=d.scenario.digest,
        flights=tuple(sorted(kept, key=lambda f: (f.launch_utc, f.name))),
        seat_moves=tuple(m for m in d.plan.seat_moves if {m.from_flight, m.to_flight} <= names),
        training=tuple(x for x in d.plan.training if x.flight in names),
    )


def _home(s: Scenario, f: Flight, at: Instant) -> Flight:
    """The flight home from an instant on, by the first way there is."""
    ways = s.opportunities.landings.get(f.vehicle_type, ()) if s.opportunities else ()
    way = next((o for o in ways if o.undock_utc >= at), None)
    if way is not None:
        return replace(f, undock_utc=_second(way.undock_utc), landing_utc=_second(way.landing_utc))
    hours = next(t.return_hours for t in s.vehicle_types if t.name == f.vehicle_type)
    return replace(f, undock_utc=at, landing_utc=at.plus_s(3600 * hours))


def _slipped(s: Scenario, f: Flight, earliest: Instant) -> Flight:
    """The flight on the first lift-off from a day on; it docks as long after it as was planned.

    Who was to relieve others comes home as was planned, visitors as much later.
    """
    found = s.opportunities.launches.get((f.vehicle_type, f.pad), ()) if s.opportunities else ()
    days = math.ceil(earliest.days_since(f.launch_utc.floor_day()))
    at = next(
        (_second(o.liftoff_utc) for o in found if o.liftoff_utc >= earliest), f.launch_utc.plus_days(days)
    )
    by = at.days_since(f.launch_utc)
    later = replace(f, launch_utc=at, dock_utc=_after(f.dock_utc, by))
    if f.kind == "visiting" and f.undock_utc is not None:  # visitors stay as long as was planned
        return _home(s, later, f.undock_utc.plus_days(by))
    return later


def _second(at: Instant) -> Instant:
    """The whole second before, as plans have it."""
    return Instant(at.us - at.us % 1_000_000)


def _may_launch(s: Scenario, f: Flight) -> bool:
    """Whether nothing on the ground keeps it from its launch, or its port from its docking."""
    dock = f.dock_utc or f.launch_utc
    craft = next((c for c in s.craft if c.name == f.craft), None)
    pad = next((p for p in s.pads if p.name == f.pad), None)
    port = next((p for p in s.station.ports if p.name == f.port), None)
    return (
        dock < s.to_utc
        and (f.undock_utc is None or dock < f.undock_utc)
        and not any(
            "launch" in x.events
            and x.from_utc <= f.launch_utc < x.to_utc
            and (not x.vehicle_types or f.vehicle_type in x.vehicle_types)
            for x in s.forbidden_days
        )
        and (pad is None or not any(o.from_utc <= f.launch_utc < o.to_utc for o in pad.outages))
        and (port is None or not any(c.from_utc <= dock < c.to_utc for c in port.closures))
        and (
            craft is None
            or (
                (craft.ready_utc is None or craft.ready_utc <= f.launch_utc)
                and craft.unusable_from_utc is None
            )
        )
    )


def subjects(scenario: Scenario, plan: Plan) -> dict[str, Mapping[str, str]]:
    """By what `SUBJECT_OF` says: every name a disruption may have, and whose it is.

    Craft may be called by the flight they fly, as people do.
    """

    def own(names: Iterable[str]) -> dict[str, str]:
        return {name: name for name in names}

    flown = {f.name: f.craft for f in plan.flights if f.craft}
    return {
        "flight": own(f.name for f in plan.flights),
        "vehicle type": own(t.name for t in scenario.vehicle_types),
        "pad": own(p.name for p in scenario.pads),
        "craft": flown | own(c.name for c in scenario.craft),
        "port": own(p.name for p in scenario.station.ports),
        "person": own(p.name for p in scenario.people),
        "agreement": own(a.name for a in scenario.agreements),
    }
