"""Variables: one Visit per flight that is, must be or may be at the station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ortools.sat.python import cp_model

from crossflight.model import AnnouncedFlight, DockedFlight, Flight, Scenario, VehicleType
from crossflight.planner.grain import UNDOCK_HOUR, Clock, Grain
from crossflight.planner.pins import Pins
from crossflight.planner.timetable import Departures, Returns, Timetable, over
from crossflight.times import Instant

Origin = Literal["docked", "announced", "added"]
Lit = cp_model.IntVar
Expr = cp_model.LinearExpr | int


@dataclass(frozen=True, slots=True)
class Move:
    """A relocation that may be made: on which day, to which port (one literal each).

    `day` of one not made is the undocking day, so that there is one way to write it.
    """

    is_made: Lit
    day: cp_model.IntVar
    to_port: dict[str, Lit]


@dataclass
class Visit:
    """The decision variables of one flight; days are counted from the grain's day 0.

    `launch` (not before `launch_from`), `undock` and `days` (launch to undocking day) are linear;
    `is_present` and `is_open` (still docked at the horizon, where `undock` equals the horizon) are
    literals.
    `port_of`, `pad_of`, `craft_of` hold one literal per choice: the port is the first one, `moves`
    are the relocations from there, in order.  `departures` and `returns` hold the instants of each
    day where opportunities are computed; where they are None the hours of `clock` are fixed.
    `weather_wait` is by how many days the undocking could slip with the port and the life to spare.
    `patterns` pairs a literal with seat counts per partner; `up` sums them; `stays` counts those who
    come home one craft later.
    """

    name: str
    kind: str
    origin: Origin
    vehicle: VehicleType
    clock: Clock
    is_present: Lit
    launch: cp_model.LinearExpr
    undock: cp_model.LinearExpr
    days: cp_model.LinearExpr
    is_open: Lit
    launch_from: int = 0
    launch_announced: int | None = None
    is_movable: bool = False
    port_of: dict[str, Lit] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    pad_of: dict[str, Lit] = field(default_factory=dict)
    craft_of: dict[str, Lit] = field(default_factory=dict)
    patterns: list[tuple[Lit, Mapping[str, int]]] = field(default_factory=list)
    up: dict[str, Expr] = field(default_factory=dict)
    n_up_max: dict[str, int] = field(default_factory=dict)
    stays: dict[str, Expr] = field(default_factory=dict)
    n_visitors: int = 0
    known: Flight | None = None
    announced: AnnouncedFlight | None = None
    waived_life_days: Expr = 0
    weather_wait: cp_model.IntVar | None = None
    departures: Departures | None = None
    returns: Returns | None = None

    @property
    def dock(self) -> cp_model.LinearExpr:
        """Docking day; the latest it may be where the hours are open."""
        return self.launch + self.clock.dock_offset

    @property
    def dock_first(self) -> cp_model.LinearExpr:
        """The earliest docking day."""
        return self.launch + self.clock.dock_offset_first

    @property
    def count_from(self) -> cp_model.LinearExpr:
        """First planning day on which its crew counts."""
        return self.launch + self.clock.count_offset

    @property
    def n_aboard_max(self) -> int:
        """Most people it can bring."""
        return max((sum(p.values()) for _, p in self.patterns), default=0) + self.n_visitors


def constant(day: int) -> cp_model.LinearExpr:
    """A day that is not a decision."""
    return cp_model.LinearExpr.constant(day)


class Variables:
    """Builds visits in one CP-SAT model."""

    def __init__(self, scenario: Scenario, pins: Pins | None = None, *, has_ports: bool = True) -> None:
        self.scenario = scenario
        self.pins = pins or Pins(scenario)
        self.has_ports = has_ports
        self.grain = Grain.of(scenario)
        self.model = cp_model.CpModel()
        self.true: Lit = self.model.new_constant(1)
        self.false: Lit = self.model.new_constant(0)
        self.types = {v.name: v for v in scenario.vehicle_types}
        self.people = {p.name: p for p in scenario.people}
        self.timetable = Timetable(scenario)

    def pads(self, vehicle: VehicleType) -> tuple[str, ...]:
        """The pads that a type can be launched from."""
        return next(x for x in self.scenario.launchers if x.name == vehicle.launcher).pads

    def clock_of(self, vehicle: VehicleType) -> Clock:
        """The hours between which any flight of a type that the planner adds keeps itself."""
        everything = (0, self.grain.n_days)
        departures = self.timetable.departures(vehicle, self.pads(vehicle))
        returns = self.timetable.returns(vehicle)
        return over(self.grain, Clock.of(vehicle), departures, returns, everything, everything)

    def partner_of(self, person: str) -> str | None:
        """The partner a person counts for; None for visitors."""
        p = self.people.get(person)
        return None if p is None or p.is_visitor else self.scenario.partner_of_agency(p.agency)

    def count_by_partner(self, names: tuple[str, ...]) -> dict[str, int]:
        """How many of `names` count for each partner."""
        counts: dict[str, int] = {}
        for name in names:
            partner = self.partner_of(name)
            if partner is not None:
                counts[partner] = counts.get(partner, 0) + 1
        return counts

    def _days(
        self, name: str, launch: cp_model.LinearExpr, undock: cp_model.LinearExpr, longest: int
    ) -> cp_model.LinearExpr:
        days = self.model.new_int_var(0, longest, f"{name}.days")
        self.model.add(days == undock - launch)
        return days

    def docked(self, start: DockedFlight, planned: int = 0) -> Visit:
        """A craft docked when the scenario begins: only its undocking is open.

        It may stay to a day that was planned, however long its type is planned to stay.
        """
        f = start.flight
        vehicle = self.types[f.vehicle_type]
        horizon = self.grain.n_days
        # Its real docking day, whatever the type's nominal ascent says.
        assert f.dock_utc is not None
        ascent_hours = f.dock_utc.s_since(f.launch_utc) / 3600
        hour = Clock.of(vehicle, f.launch_utc).launch.first
        clock = Clock.fixed(hour, ascent_hours, UNDOCK_HOUR, vehicle.return_hours)
        clock = self.pins.clock(f.name, clock)
        launch = self.grain.day(f.launch_utc)
        returns = self.timetable.returns(vehicle, self.pins.of(f.name).undock_utc)
        low, high = max(0, launch + clock.dock_offset + 1), horizon
        if start.planned_undock_utc is not None and start.window_days is not None:
            planned, window = self.grain.day(start.planned_undock_utc), int(start.window_days)
            if returns is not None:
                returns = {
                    day: home
                    for day, home in returns.items()
                    if abs(self.grain.day(home.undock_utc) - planned) <= window
                }
                low, high = max(low, planned - window - 1), min(horizon, planned + window)
            else:
                # A day that counts ends at 06:00: who leaves earlier leaves on the day before.
                low = max(low, planned - window - clock.undock_offset)
                high = min(horizon, planned + window - clock.undock_offset)
        elif vehicle.docked_days_max is not None:
            longest = launch + clock.dock_offset + int(vehicle.docked_days_max)
            high = max(0, min(horizon, max(longest, planned)))
        clock = over(self.grain, clock, None, returns, (0, 0), (low, high))
        undock = self.model.new_int_var(low, high, f"{f.name}.undock")
        visit = Visit(
            name=f.name,
            kind=f.kind,
            origin="docked",
            vehicle=vehicle,
            clock=clock,
            is_present=self.true,
            launch=constant(launch),
            undock=undock,
            days=undock - launch,
            is_open=self._is_at_horizon(f.name, undock, high),
            known=f,
            returns=returns,
        )
        port = f.relocations[-1].to_port if f.relocations else f.port
        assert port is not None
        visit.port_of, visit.pad_of, visit.craft_of = {port: self.true}, {}, {f.craft: self.true}
        self._relocations(visit, len(f.relocations))
        seats = dict.fromkeys(f.crew_up, None)
        for move in self.scenario.seat_moves:
            if move.from_flight == f.name:
                seats.pop(move.person, None)
            if move.to_flight == f.name:
                seats[move.person] = None
        self._fixed_crew(visit, tuple(seats))
        return visit

    def announced(self, flight: AnnouncedFlight) -> Visit:
        """A flight that must be in the plan, within its window."""
        vehicle = self.types[flight.vehicle_type]
        day, window, horizon = self.grain.day(flight.launch_utc), int(flight.window_days), self.grain.n_days
        pads = (flight.pad,) if flight.pad else self.pads(vehicle)
        kept = self.pins.of(flight.name)
        departures = self.timetable.departures(vehicle, pads, flight, kept.launch_utc)
        returns = self.timetable.returns(vehicle, kept.undock_utc)
        clock = self.pins.clock(flight.name, Clock.of(vehicle, flight.launch_utc))
        clock = over(self.grain, clock, departures, returns, (day - window, day + window), (day, horizon))
        launch: cp_model.LinearExpr
        if window:
            launch = self.model.new_int_var(
                max(0, day - window), min(horizon - 1, day + window), f"{flight.name}.launch"
            )
        else:
            launch = constant(day)
        visit = self._flying(
            flight.name, flight.kind, "announced", vehicle, clock, self.true, launch, day - window
        )
        visit.launch_announced, visit.is_movable, visit.announced = day, window > 0, flight
        visit.launch_from = day - window
        visit.departures, visit.returns = departures, returns
        if flight.docked_days is not None and (departures is not None or returns is not None):
            self._fixed_stay(visit, flight.docked_days, range(day - window, day + window + 1), pads)
        elif flight.docked_days is not None:
            stay = max(1, round(flight.docked_days))
            self.model.add(visit.undock == visit.dock + stay).only_enforce_if(~visit.is_open)
            self.model.add(visit.dock + stay >= horizon).only_enforce_if(visit.is_open)
        else:
            self._usual_stay(visit)
        if flight.kind == "visiting":
            self._fixed_crew(visit, flight.crew)
        elif flight.kind == "rotation":
            self._rotation_crew(visit, self.count_by_partner(flight.crew))
        self._choices(visit, flight.port, flight.pad)
        return visit

    def added(self, name: str, vehicle: VehicleType, earliest: int) -> Visit:
        """A flight the planner may add."""
        horizon = self.grain.n_days
        kept = self.pins.of(name)
        departures = self.timetable.departures(vehicle, self.pads(vehicle), None, kept.launch_utc)
        returns = self.timetable.returns(vehicle, kept.undock_utc)
        clock = self.pins.clock(name, Clock.of(vehicle))
        days = (max(0, min(earliest, horizon)), horizon)
        clock = over(self.grain, clock, departures, returns, days, days)
        is_present = self.model.new_bool_var(f"{name}.present")
        # An absent flight is parked at the horizon: one representation, no symmetry.
        launch = self.model.new_int_var(max(0, min(earliest, horizon)), horizon, f"{name}.launch")
        self.model.add(launch + clock.dock_offset <= horizon - 1).only_enforce_if(is_present)
        self.model.add(launch == horizon).only_enforce_if(~is_present)
        kind = "rotation" if vehicle.is_crewed else "cargo"
        visit = self._flying(name, kind, "added", vehicle, clock, is_present, launch, earliest)
        visit.launch_from = max(0, min(earliest, horizon))
        visit.departures, visit.returns = departures, returns
        self._usual_stay(visit)
        self.model.add(visit.undock == horizon).only_enforce_if(~is_present)
        self.model.add_implication(visit.is_open, is_present)
        if vehicle.is_crewed:
            self._rotation_crew(visit, {})
        self._choices(visit, None, None)
        return visit

    def _flying(
        self,
        name: str,
        kind: str,
        origin: Origin,
        vehicle: VehicleType,
        clock: Clock,
        is_present: Lit,
        launch: cp_model.LinearExpr,
        earliest: int,
    ) -> Visit:
        horizon = self.grain.n_days
        undock = self.model.new_int_var(
            max(0, min(horizon, earliest + clock.dock_offset_first + 1)), horizon, f"{name}.undock"
        )
        is_open = self._is_at_horizon(name, undock, horizon, is_present)
        return Visit(
            name=name,
            kind=kind,
            origin=origin,
            vehicle=vehicle,
            clock=clock,
            is_present=is_present,
            launch=launch,
            undock=undock,
            days=self._days(name, launch, undock, horizon),
            is_open=is_open,
        )

    def _fixed_stay(self, visit: Visit, days: float, launch_days: range, pads: tuple[str, ...]) -> None:
        """The days of launch and undocking between which lies the announced stay, within a day.

        For any of the pads: their lift-offs are seconds apart, or they are different days.
        """
        pairs: list[tuple[int, int]] = []
        horizon = self.grain.n_days
        for launch in launch_days:
            docks = [at for pad in pads if (at := self._dock_at(visit, pad, launch)) is not None]
            if not docks:
                continue
            first, last = min(docks), max(docks)
            begin = max(launch, self.grain.day(first.plus_days(days - 1.0)) - 1)
            for undock in range(begin, min(horizon, self.grain.day(last.plus_days(days + 1.0)) + 1)):
                away = self._undock_at(visit, undock)
                if away is None or self.grain.day(last) >= undock:
                    continue
                stays = (away.days_since(first), away.days_since(last))
                if all(abs(stay - days) <= 1.0 for stay in stays):
                    pairs.append((launch, undock))
            if first.plus_days(days + 1.0) >= self.scenario.to_utc:
                pairs.append((launch, horizon))
        if pairs:
            self.model.add_allowed_assignments([visit.launch, visit.undock], pairs)
        else:
            self.model.add_bool_or([self.false])

    def _dock_at(self, visit: Visit, pad: str, day: int) -> Instant | None:
        if visit.departures is None:
            return self.grain.instant(day, visit.clock.dock.first)
        found = visit.departures.get(pad, {}).get(day)
        return None if found is None else found.dock_utc

    def _undock_at(self, visit: Visit, day: int) -> Instant | None:
        if visit.returns is None:
            return self.grain.instant(day, visit.clock.undock.first)
        found = visit.returns.get(day)
        return None if found is None else found.undock_utc

    def _usual_stay(self, visit: Visit) -> None:
        """At least the type's shortest and at most its longest stay at the port."""
        vehicle = visit.vehicle
        shortest = max(1, int(vehicle.docked_days_min))
        self.model.add(visit.undock >= visit.dock + shortest).only_enforce_if(
            [visit.is_present, ~visit.is_open]
        )
        if vehicle.docked_days_max is not None:
            longest = visit.dock + int(vehicle.docked_days_max)
            self.model.add(visit.undock <= longest).only_enforce_if(visit.is_present)

    def _is_at_horizon(
        self, name: str, undock: cp_model.LinearExpr, latest: int, is_present: Lit | None = None
    ) -> Lit:
        horizon = self.grain.n_days
        if latest < horizon:
            return self.false
        is_open = self.model.new_bool_var(f"{name}.open")
        self.model.add(undock == horizon).only_enforce_if(is_open)
        enforce = [~is_open] if is_present is None else [~is_open, is_present]
        self.model.add(undock <= horizon - 1).only_enforce_if(enforce)
        return is_open

    def _choices(self, visit: Visit, port: str | None, pad: str | None) -> None:
        visit.pad_of = self._one_of(visit, (pad,) if pad else self.pads(visit.vehicle), "pad")
        visit.port_of = self._one_of(visit, (port,) if port else self._ports(visit.vehicle), "port")
        self._relocations(visit, 0)

    def _ports(self, vehicle: VehicleType) -> tuple[str, ...]:
        """The ports a type may use."""
        fitting = (p.name for p in self.scenario.station.ports if p.system == vehicle.system)
        return vehicle.ports or tuple(fitting)

    def reach(self, visit: Visit) -> frozenset[str]:
        """The ports at which a craft can be at all, relocated as often as it may."""
        moves = visit.vehicle.n_relocations_max
        if visit.known is not None:
            moves -= len(visit.known.relocations)
        return frozenset(visit.port_of) | frozenset(self._ports(visit.vehicle) if moves > 0 else ())

    def _relocations(self, visit: Visit, n_made: int) -> None:
        """Optional moves to other ports, each on a later day than the one before."""
        if not self.has_ports:
            return
        model, horizon = self.model, self.grain.n_days
        ports, at = self._ports(visit.vehicle), visit.port_of
        # A craft that moves before 06:00 of the first day has moved before the scenario begins.
        low = max(0, self.grain.first_day_from(self.scenario.from_utc.plus_s(-3600 * UNDOCK_HOUR)))
        earliest: Expr = visit.dock + 1
        last: Lit = visit.is_present
        for k in range(n_made, visit.vehicle.n_relocations_max):
            if set(ports) <= set(at) and len(at) == 1:
                return  # nowhere to go
            name = f"{visit.name}.move{k}"
            made = model.new_bool_var(name)
            day = model.new_int_var(0, horizon, f"{name}.day")
            model.add_implication(made, last)
            model.add(day == visit.undock).only_enforce_if(~made)
            model.add(day >= earliest).only_enforce_if(made)
            model.add(day >= low).only_enforce_if(made)
            model.add(day <= visit.undock - 1).only_enforce_if(made)
            to_port: dict[str, Lit] = {p: model.new_bool_var(f"{name}.to.{p}") for p in ports}
            model.add(sum(to_port.values()) == made)
            for p, x in to_port.items():
                if p in at:
                    model.add_at_most_one(x, at[p])
            visit.moves.append(Move(made, day, to_port))
            earliest, last, at = day + 1, made, to_port

    def _one_of(self, visit: Visit, names: tuple[str, ...], what: str) -> dict[str, Lit]:
        if len(names) == 1:
            return {names[0]: visit.is_present}
        choice: dict[str, Lit] = {n: self.model.new_bool_var(f"{visit.name}.{what}.{n}") for n in names}
        self.model.add(sum(choice.values()) == visit.is_present)
        return choice

    def _fixed_crew(self, visit: Visit, names: tuple[str, ...]) -> None:
        counts = self.count_by_partner(names) if visit.kind != "visiting" else {}
        visit.n_visitors = len(names) - sum(counts.values())
        self._patterns(visit, [counts])

    def _rotation_crew(self, visit: Visit, known: Mapping[str, int]) -> None:
        n_known = sum(known.values())
        fitting = [p for p in visit.vehicle.crew_patterns if all(p.get(k, 0) >= n for k, n in known.items())]
        fitting = [p for p in fitting if self._keeps_agreements(visit, p)] or fitting
        if n_known >= visit.vehicle.n_seats_nominal or not fitting:
            fitting = [known]
        self._patterns(visit, fitting)

    def _keeps_agreements(self, visit: Visit, pattern: Mapping[str, int]) -> bool:
        """False for a pattern that an agreement in force over the whole horizon forbids."""
        s = self.scenario
        if s.rules["integrated_seat"].severity not in ("hard", "waivable"):
            return True
        return all(
            seat.allows(pattern.get(seat.partner, 0))
            for a in s.agreements
            if a.from_utc <= s.from_utc and s.to_utc <= a.to_utc and visit.name not in a.exempt_flights
            for seat in a.seats
            if seat.vehicle_type == visit.vehicle.name
        )

    def _patterns(self, visit: Visit, patterns: list[Mapping[str, int]]) -> None:
        if len(patterns) == 1:
            visit.patterns = [(visit.is_present, patterns[0])]
        else:
            visit.patterns = [
                (self.model.new_bool_var(f"{visit.name}.pattern{i}"), p) for i, p in enumerate(patterns)
            ]
            self.model.add(sum(x for x, _ in visit.patterns) == visit.is_present)
        for partner in (p.name for p in self.scenario.partners):
            most = max((p.get(partner, 0) for p in patterns), default=0)
            if most:
                visit.n_up_max[partner] = most
                visit.up[partner] = sum(p.get(partner, 0) * x for x, p in visit.patterns)
