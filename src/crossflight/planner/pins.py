"""Pins: what of an earlier plan this one has to keep.

A docked or announced flight is met by its name; an added one by its place: "Crew-9" is the k-th
added flight of its type, and pinned it is in the plan.  Pinned hours become the hours of the
visit's clock, so pinned instants are kept to the second.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import TYPE_CHECKING, Any

from crossflight.model import AnnouncedFlight, Flight, Person, Pin, Scenario
from crossflight.planner.grain import UNDOCK_HOUR, Clock, Grain, hour_of
from crossflight.planner.readiness import Readiness
from crossflight.times import Instant

if TYPE_CHECKING:
    from crossflight.planner.traffic import Traffic
    from crossflight.planner.visit import Lit, Visit

_N_ADDED_MAX = 1_000


def added_name(type_name: str, number: int | str) -> str:
    """The working name of an added flight; its control characters keep it apart from any scenario's name."""
    return f"\x1f{type_name}\x1f {number}"


def visit_name(scenario: Scenario, flight: Flight) -> str:
    """The visit that a flight of a plan is: by its name, or by its place among the added ones."""
    known = {d.flight.name for d in scenario.docked} | {a.name for a in scenario.announced}
    if flight.name in known:
        return flight.name
    vehicle = next(t for t in scenario.vehicle_types if t.name == flight.vehicle_type)
    names = list(islice(vehicle.flight_names(known), _N_ADDED_MAX))
    return added_name(vehicle.name, 1 + names.index(flight.name))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is pinned of one flight; `people` go up in it, and nobody else if `is_whole_crew`."""

    launch_utc: Instant | None = None
    undock_utc: Instant | None = None
    craft: str | None = None
    pad: str | None = None
    port: str | None = None
    people: tuple[str, ...] = ()
    is_whole_crew: bool = False


NOTHING = Kept()


class Pins:
    """The pins of one scenario; `names` gives pinned added flights their names, the rest is by visit."""

    def __init__(self, scenario: Scenario, pins: Sequence[Pin] = ()) -> None:
        self.pins = tuple(pins)
        self.names: dict[str, str] = {}
        self._grain = Grain.of(scenario)
        self.by_visit: dict[str, Kept] = {}
        self.flights: dict[str, Flight] = {}
        for name, flight in {p.flight.name: p.flight for p in pins}.items():
            visit = visit_name(scenario, flight)
            if visit != name:
                self.names[visit] = name
            self.flights[visit] = flight
            self.by_visit[visit] = _kept([p for p in pins if p.flight.name == name])

    def of(self, visit: str) -> Kept:
        """What is pinned of a visit."""
        return self.by_visit.get(visit, NOTHING)

    def has(self, visit: str) -> bool:
        """Whether anything of a visit is pinned."""
        return visit in self.by_visit

    def launch_day(self, visit: str) -> int | None:
        """The pinned launch day, if there is one."""
        at = self.of(visit).launch_utc
        return None if at is None else self._grain.day(at)

    def undock_day(self, visit: str) -> int | None:
        """The pinned undocking day: the last one whose 06:00 is not after the undocking."""
        at = self.of(visit).undock_utc
        return None if at is None else self._grain.undock_day(at)

    def clock(self, visit: str, clock: Clock) -> Clock:
        """A clock of fixed hours with the pinned ones."""
        kept = self.of(visit)
        launch, undock = clock.launch.first, clock.undock.first
        if kept.launch_utc is not None:
            launch = hour_of(kept.launch_utc)
        if kept.undock_utc is not None:
            undock = UNDOCK_HOUR + hour_of(kept.undock_utc.plus_s(-UNDOCK_HOUR * 3600))
        ascent_hours = clock.dock.first - clock.launch.first
        return_hours = clock.landing.first - clock.undock.first
        return Clock.fixed(launch, ascent_hours, undock, return_hours)

    @property
    def craft(self) -> set[str]:
        """Every pinned craft."""
        return {kept.craft for kept in self.by_visit.values() if kept.craft is not None}

    def n_craft_added(self, vehicle_type: str) -> int:
        """How many added flights of a type have their craft pinned."""
        mark = added_name(vehicle_type, "")
        return sum(kept.craft is not None for name, kept in self.by_visit.items() if name.startswith(mark))

    def n_added(self, vehicle_type: str) -> int:
        """How many flights of a type have to be added for the last pinned one to be there."""
        mark = added_name(vehicle_type, "")
        return max((int(n.removeprefix(mark)) for n in self.by_visit if n.startswith(mark)), default=0)


def _kept(pins: Sequence[Pin]) -> Kept:
    """What the pins of one flight ask for together."""
    fields: dict[str, Any] = {p.what: p.value for p in pins if not p.is_person}
    crew = fields.pop("crew_up", ())
    people = dict.fromkeys((*crew, *(p.what for p in pins if p.is_person)))
    return Kept(**fields, people=tuple(people), is_whole_crew=bool(crew))


def widened(scenario: Scenario, pins: Sequence[Pin]) -> Scenario:
    """The scenario with announcements opened for pins, where keeping announcements is no rule."""
    if scenario.rules["announced_flight"].severity in ("hard", "waivable"):
        return scenario
    kept, grain = Pins(scenario, pins), Grain.of(scenario)

    def opened(a: AnnouncedFlight) -> AnnouncedFlight:
        pinned, day = kept.of(a.name), kept.launch_day(a.name)
        away = 0 if day is None else abs(day - grain.day(a.launch_utc))
        return replace(
            a,
            window_days=max(a.window_days, float(away)),
            craft=pinned.craft or a.craft,
            pad=pinned.pad or a.pad,
            port=pinned.port or a.port,
            docked_days=None if pinned.undock_utc else a.docked_days,
        )

    docked = tuple(
        replace(d, window_days=None) if kept.of(d.flight.name).undock_utc else d for d in scenario.docked
    )
    return replace(scenario, announced=tuple(map(opened, scenario.announced)), docked=docked)


def hold(traffic: Traffic, *, is_crew_decided: bool = False) -> None:
    """Add the pins to a traffic model; one that it cannot say makes the model infeasible.

    With the crew traffic decided only ports of its flights are still open.
    """
    model, pins = traffic.model, traffic.pins
    visits = {v.name: v for v in traffic.visits}
    for name, count in traffic.n_cargo_added.items():
        model.add(count >= pins.n_added(name))
    for name, kept in pins.by_visit.items():
        v = visits.get(name)
        if v is None:
            is_later = not is_crew_decided and not traffic.types[pins.flights[name].vehicle_type].is_crewed
            model.add_bool_and([traffic.true if is_later else traffic.false])
        elif is_crew_decided and v.vehicle.is_crewed:
            _choose(traffic, v.port_of, kept.port)
        else:
            _hold(traffic, v, kept)
    _one_flight(traffic)
    if not is_crew_decided:
        _one_place(traffic)


def _choose(traffic: Traffic, choice: dict[str, Lit], wanted: str | None) -> None:
    """Hold a choice, where this model has one."""
    if wanted is not None and choice:
        traffic.model.add_bool_and([choice.get(wanted, traffic.false)])


def _one_flight(traffic: Traffic) -> None:
    """An expendable craft that is pinned flies once."""
    by_craft: dict[str, list[Visit]] = {}
    for v in traffic.visits:
        craft = v.known.craft if v.known else traffic.craft_named(v)
        if craft is not None and not v.vehicle.is_reusable:
            by_craft.setdefault(craft, []).append(v)
    worn = {
        c.name
        for c in traffic.scenario.craft
        if c.n_flights_allowed is not None and c.n_flights_used >= c.n_flights_allowed
    }
    for craft in traffic.pins.craft & set(by_craft):
        if len(by_craft[craft]) > 1 or craft in worn:
            traffic.model.add_bool_and([traffic.false])


def _hold(traffic: Traffic, v: Visit, kept: Kept) -> None:
    model, pins = traffic.model, traffic.pins
    model.add(v.is_present == 1)
    launch, undock = pins.launch_day(v.name), pins.undock_day(v.name)
    if launch is not None:
        model.add(v.launch == launch)
    if undock is not None:
        model.add(v.undock == undock)
        model.add_bool_and([~v.is_open])
    _choose(traffic, v.craft_of, kept.craft)
    _choose(traffic, v.pad_of, kept.pad)
    _choose(traffic, v.port_of, kept.port)
    if v.kind == "visiting":
        crew = v.announced.crew if v.announced else ()
        if not set(kept.people) <= set(crew) or (kept.is_whole_crew and set(kept.people) != set(crew)):
            model.add_bool_and([traffic.false])
    elif kept.people:
        _crew(traffic, v, kept)


def _crew(traffic: Traffic, v: Visit, kept: Kept) -> None:
    """Seats for the pinned people, at times at which each of them can fly."""
    model = traffic.model
    announced = v.announced.crew if v.announced else ()
    aboard = traffic.count_by_partner(tuple(dict.fromkeys((*announced, *kept.people))))
    for partner in (p.name for p in traffic.scenario.partners):
        seats, wanted = v.up.get(partner, 0), aboard.get(partner, 0)
        most = wanted if kept.is_whole_crew else v.n_up_max.get(partner, 0)
        if isinstance(seats, int):
            model.add_bool_and([traffic.true if wanted == 0 else traffic.false])
        else:
            model.add_linear_constraint(seats, wanted, most)
    commanders = [n for n in kept.people if v.vehicle.name in traffic.people[n].commander_of]
    if kept.is_whole_crew and not commanders and traffic.binds("crew_qualification"):
        model.add_bool_and([traffic.false])
    ready = Readiness(traffic.scenario)
    for name in kept.people:
        if traffic.partner_of(name) is None:
            model.add_bool_and([traffic.false])
        _when_free(traffic, v, traffic.people[name])
        if not any(name in _known_crew(w) for w in traffic.visits):  # who has a seat is trained for it
            earliest = ready.earliest_launch_day(traffic.people[name], v.vehicle.name)
            if math.isfinite(earliest):
                model.add(v.launch >= math.ceil(earliest - v.clock.launch.first / 24 - 1e-6))
            else:
                model.add_bool_and([traffic.false])


def _when_free(traffic: Traffic, v: Visit, person: Person) -> None:
    """The flight lies wholly in one of the stretches in which the person can fly."""
    ways: list[Lit] = []
    for i, (begin, end) in enumerate(_free(traffic, person)):
        x = traffic.model.new_bool_var(f"{v.name}.{person.name}.free{i}")
        grain, clock = traffic.grain, v.clock
        traffic.model.add(
            v.launch >= math.ceil(begin.days_since(grain.day0) - clock.launch.first / 24 - 1e-9)
        ).only_enforce_if(x)
        latest = math.floor(end.days_since(grain.day0) - clock.landing.last / 24 + 1e-9)
        if end < traffic.scenario.to_utc:
            traffic.model.add(v.undock <= latest).only_enforce_if(x)
        ways.append(x)
    traffic.model.add_bool_or(ways or [traffic.false])


def _free(traffic: Traffic, person: Person) -> Iterator[tuple[Instant, Instant]]:
    """Stretches in which somebody is there, rested, and operates a segment."""
    s = traffic.scenario
    begin, end = s.from_utc, s.to_utc
    if person.landed_utc is not None and traffic.binds("ground_time"):
        begin = max(begin, person.landed_utc.plus_days(traffic.value("ground_time", "days_min", 0.0)))
    spans = [(begin, end)]
    if s.station.segments:
        operates = [q for q in person.qualifications if q.is_operator]
        spans = [(max(begin, q.from_utc or begin), min(end, q.to_utc or end)) for q in operates]
    for a in person.unavailable:
        cut = [((b, min(e, a.from_utc)), (max(b, a.to_utc), e)) for b, e in spans]
        spans = [span for pair in cut for span in pair]
    return ((b, e) for b, e in spans if b < e)


def _known_crew(v: Visit) -> tuple[str, ...]:
    """Who is aboard already, or announced."""
    return v.known.crew_down if v.known else v.announced.crew if v.announced else ()


def _one_place(traffic: Traffic) -> None:
    """Nobody pinned is in two flights at once, or flies again before resting."""
    rest = traffic.value("ground_time", "days_min", 0.0) if traffic.binds("ground_time") else 0.0
    aboard: dict[str, list[Visit]] = {}
    for v in traffic.visits:
        for name in dict.fromkeys((*_known_crew(v), *traffic.pins.of(v.name).people)):
            aboard.setdefault(name, []).append(v)
    for name, flights in aboard.items():
        for a, b in combinations(flights, 2):
            if name not in (*traffic.pins.of(a.name).people, *traffic.pins.of(b.name).people):
                continue
            first = traffic.model.new_bool_var(f"{name}.{a.name}.before.{b.name}")
            for before, after, x in ((a, b, first), (b, a, ~first)):
                landing = before.clock.landing.last
                apart = math.ceil(rest + (landing - after.clock.launch.first) / 24 - 1e-9)
                traffic.model.add(after.launch >= before.undock + apart).only_enforce_if(x)
                traffic.model.add_implication(x, ~before.is_open)
