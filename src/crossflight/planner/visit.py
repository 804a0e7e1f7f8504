"""Variables: one Visit per flight that is, must be or may be at the station."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ortools.sat.python import cp_model

from crossflight.model import AnnouncedFlight, DockedFlight, Flight, Scenario, VehicleType
from crossflight.planner.grain import UNDOCK_HOUR, Clock, Grain
from crossflight.planner.pins import Pins

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
    are the relocations from there, in order.  `weather_wait` is by how many days the undocking
    could slip with the port and the life to spare.  `patterns` pairs a literal with
    seat counts per partner; `up` sums them; `stays` counts those who come home one craft later.
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

    @property
    def dock(self) -> cp_model.LinearExpr:
        """Docking day."""
        return self.launch + self.clock.dock_offset

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

    def docked(self, start: DockedFlight) -> Visit:
        """A craft docked when the scenario begins: only its undocking is open."""
        f = start.flight
        vehicle = self.types[f.vehicle_type]
        horizon = self.grain.n_days
        clock = Clock.of(vehicle, f.launch_utc)
        # Its real docking day, whatever the type's nominal ascent says.
        assert f.dock_utc is not None
        clock = Clock(clock.launch_hour, f.dock_utc.s_since(f.launch_utc) / 3600, vehicle.return_hours)
        clock = self.pins.clock(f.name, clock)
        launch = self.grain.day(f.launch_utc)
        low, high = max(0, launch + clock.dock_offset + 1), horizon
        if start.planned_undock_utc is not None and start.window_days is not None:
            planned, window = self.grain.day(start.planned_undock_utc), int(start.window_days)
            # A day that counts ends at 06:00: who leaves earlier leaves on the day before.
            low = max(low, planned - window - clock.undock_offset)
            high = min(horizon, planned + window - clock.undock_offset)
        elif vehicle.docked_days_max is not None:
            high = max(0, min(horizon, launch + clock.dock_offset + int(vehicle.docked_days_max)))
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
        clock = self.pins.clock(flight.name, Clock.of(vehicle, flight.launch_utc))
        day, window, horizon = self.grain.day(flight.launch_utc), int(flight.window_days), self.grain.n_days
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
        if flight.docked_days is not None:
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
        clock = self.pins.clock(name, Clock.of(vehicle))
        is_present = self.model.new_bool_var(f"{name}.present")
        # An absent flight is parked at the horizon: one representation, no symmetry.
        launch = self.model.new_int_var(max(0, min(earliest, horizon)), horizon, f"{name}.launch")
        self.model.add(launch + clock.dock_offset <= horizon - 1).only_enforce_if(is_present)
        self.model.add(launch == horizon).only_enforce_if(~is_present)
        kind = "rotation" if vehicle.is_crewed else "cargo"
        visit = self._flying(name, kind, "added", vehicle, clock, is_present, launch, earliest)
        visit.launch_from = max(0, min(earliest, horizon))
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
            max(0, min(horizon, earliest + clock.dock_offset + 1)), horizon, f"{name}.undock"
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
        launcher = next(x for x in self.scenario.launchers if x.name == visit.vehicle.launcher)
        visit.pad_of = self._one_of(visit, (pad,) if pad else launcher.pads, "pad")
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
            pattern.get(seat.partner, 0) >= seat.n_seats_min
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
