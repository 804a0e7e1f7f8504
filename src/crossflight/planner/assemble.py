"""From days to a plan: instants, names, craft, crews, seat moves, waivers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from crossflight.model import Flight, Plan, Relocation, SeatMove, Waiver
from crossflight.planner.constraints.crew_size import successor
from crossflight.planner.constraints.segment_operator import operating_partners
from crossflight.planner.grain import RELOCATION_HOURS, UNDOCK_HOUR
from crossflight.planner.people import CrewFlight, Crews
from crossflight.planner.solve import evaluate
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit
from crossflight.times import Instant


class Solution:
    """Values of one solved traffic model."""

    def __init__(self, traffic: Traffic, values: Sequence[int]) -> None:
        self.traffic = traffic
        self._values = values

    def value(self, expression: Expr) -> int:
        """The value of a linear expression."""
        return evaluate(expression, self._values)

    def chosen(self, choice: dict[str, Lit]) -> str | None:
        """The name whose literal is true."""
        return next((name for name, x in choice.items() if self.value(x)), None)

    def present(self) -> list[Visit]:
        """Visits that fly."""
        return [v for v in self.traffic.visits if self.value(v.is_present)]


def flight_names(traffic: Traffic, solutions: list[Solution]) -> dict[str, str]:
    """Flights the planner added, in launch order, under the names their type gives."""
    names = dict(traffic.pins.names)
    taken = {v.name for v in traffic.visits if v.origin != "added"} | set(names.values())
    for vehicle in traffic.scenario.vehicle_types:
        added = [
            (s.value(v.launch), v.name)
            for s in solutions
            for v in s.present()
            if v.vehicle.name == vehicle.name and v.origin == "added"
        ]
        free = vehicle.flight_names(taken)
        for _, key in sorted(set(added)):
            if key not in names:
                names[key] = next(free)
        taken |= set(names.values())
    return names


def instants(v: Visit, s: Solution) -> tuple[Instant, Instant, Instant | None, Instant | None]:
    """Launch, docking, undocking and landing of a visit; the last two None while docked."""
    grain = s.traffic.grain
    if v.known is not None:
        launch, dock = v.known.launch_utc, v.known.dock_utc
        assert dock is not None
    else:
        day, pad = s.value(v.launch), s.chosen(v.pad_of)
        table = None if v.departures is None or pad is None else v.departures.get(pad)
        if table is not None and day in table:
            launch, dock = table[day].launch_utc, table[day].dock_utc
        else:
            launch = grain.instant(day, v.clock.launch.first)
            dock = grain.instant(day, v.clock.dock.first)
    if s.value(v.is_open):
        return launch, dock, None, None
    day = s.value(v.undock)
    if v.returns is not None:
        return launch, dock, v.returns[day].undock_utc, v.returns[day].landing_utc
    return launch, dock, grain.instant(day, v.clock.undock.first), grain.instant(day, v.clock.landing.first)


def crew_flights(s: Solution) -> list[CrewFlight]:
    """The rotations of a solved crew traffic, for the people stage."""
    t = s.traffic
    end = t.scenario.to_utc
    landing = {v.name: instants(v, s)[3] or end for v in t.rotations() if s.value(v.is_present)}
    flights = []
    for v in t.rotations():
        if not s.value(v.is_present):
            continue
        after = successor(t, v)
        stays = {p: n for p, x in v.stays.items() if (n := s.value(x))}
        names: tuple[str, ...] = ()
        if v.known is not None:
            names = _seated_at_start(t, v)
        elif v.announced is not None:
            names = v.announced.crew
        up = {p: n for p, x in v.up.items() if (n := s.value(x))}
        flights.append(
            CrewFlight(
                name=v.name,
                vehicle_type=v.vehicle.name,
                launch_utc=instants(v, s)[0],
                landing_utc=landing[v.name],
                latest_landing_utc=landing[after.name] if after and stays else landing[v.name],
                up=up,
                stays=stays,
                names=names,
                successor=after.name if after and s.value(after.is_present) else None,
                is_docked_at_start=v.known is not None,
                is_crew_complete=v.known is not None or len(names) >= sum(up.values()),
                pinned=t.pins.of(v.name).people,
            )
        )
    return flights


def _seated_at_start(t: Traffic, v: Visit) -> tuple[str, ...]:
    assert v.known is not None
    seats = dict.fromkeys(v.known.crew_up)
    for move in t.scenario.seat_moves:
        if move.from_flight == v.name:
            seats.pop(move.person, None)
        if move.to_flight == v.name:
            seats[move.person] = None
    return tuple(seats)


def assemble(crew: Solution, cargo: Solution, crews: Crews) -> Plan:
    """The plan of the three stages."""
    scenario = crew.traffic.scenario
    names = flight_names(crew.traffic, [crew, cargo])
    flights, moves = [], list(scenario.seat_moves)
    staying = {f: crews.staying.get(f, ()) for f in crews.up}
    came_over: dict[str, tuple[str, ...]] = {}
    for v in crew.traffic.rotations():
        after = successor(crew.traffic, v)
        if after is not None and staying.get(v.name):
            came_over[after.name] = staying[v.name]
            undock, docked = instants(v, crew)[2], instants(after, crew)[1]
            assert undock is not None
            at = max(docked, undock.plus_days(-0.5))
            moves += [
                SeatMove(at, p, names.get(v.name, v.name), names.get(after.name, after.name))
                for p in staying[v.name]
            ]
    crewed = {v.name: v for v in crew.traffic.visits if v.vehicle.is_crewed}
    for v in cargo.present():
        # The cargo stage has swapped ports, the crew stage decided everything else of its flights.
        decided, own = (crewed[v.name], crew) if v.vehicle.is_crewed else (v, cargo)
        flight = _flight(decided, own, names, crews, staying, came_over)
        flights.append(at_ports(flight, v, cargo))
    flights.sort(key=lambda f: (f.launch_utc, f.name))
    moves.sort(key=lambda m: (m.utc, m.person))
    return Plan(
        scenario_name=scenario.name,
        scenario_digest=scenario.digest,
        flights=tuple(flights),
        seat_moves=tuple(moves),
        waivers=tuple(_waivers(crew, names)),
        training=tuple(replace(x, flight=names.get(x.flight, x.flight)) for x in crews.training),
        overrides=scenario.overrides,
    )


def _flight(
    v: Visit,
    own: Solution,
    names: dict[str, str],
    crews: Crews,
    staying: dict[str, tuple[str, ...]],
    came_over: dict[str, tuple[str, ...]],
) -> Flight:
    launch, dock, undock, landing = instants(v, own)
    if v.kind == "visiting":
        up = down = v.announced.crew if v.announced else v.known.crew_up if v.known else ()
    else:
        up = crews.up.get(v.name, ())
        down = tuple(n for n in up if n not in staying.get(v.name, ())) + came_over.get(v.name, ())
    if v.known is not None:
        return replace(v.known, undock_utc=undock, landing_utc=landing, crew_down=down)
    return Flight(
        name=names.get(v.name, v.name),
        kind=v.kind,  # type: ignore[arg-type]  # a visit's kind is one of FlightKind
        vehicle_type=v.vehicle.name,
        craft=own.chosen(v.craft_of) or v.name,
        pad=own.chosen(v.pad_of) or "",
        launch_utc=launch,
        dock_utc=dock,
        undock_utc=undock,
        landing_utc=landing,
        crew_up=up,
        crew_down=down,
        backup=crews.backup.get(v.name, ()),
    )


def at_ports(flight: Flight, v: Visit, s: Solution) -> Flight:
    """The flight at the port chosen for it, with its relocations from there."""
    at = s.chosen(v.port_of)
    port, relocations = flight.port or at, list(flight.relocations)
    for move in v.moves:
        to = s.chosen(move.to_port)
        if at is None or to is None:
            break
        undock = s.traffic.grain.instant(s.value(move.day), UNDOCK_HOUR)
        relocations.append(Relocation(undock, undock.plus_s(RELOCATION_HOURS * 3600), at, to))
        at = to
    return replace(flight, port=port, relocations=tuple(relocations))


def person_days(s: Solution) -> list[float]:
    """Person-days lived aboard from the beginning to 00:00 of each day, and to the horizon last.

    Where hours are open, people count from the earliest docking hour to the latest undocking hour there is,
    as the crew stage counts them: what is bought then does whatever the hours are.
    """
    n_days = s.traffic.grain.n_days
    lived = [0.0] * (n_days + 1)
    for v in s.present():
        n_up = sum(s.value(x) for x in v.up.values()) + v.n_visitors
        n_stay = sum(s.value(x) for x in v.stays.values())
        begin, end = _aboard(v, s)
        spans = [(max(0.0, begin), end, n_up)]
        after = successor(s.traffic, v)
        if n_stay and after is not None:
            spans.append((end, _aboard(after, s)[1], n_stay))
        for begin, until, n in spans:
            for day in range(n_days + 1):
                lived[day] += n * max(0.0, min(float(day), until) - begin)
    return lived


def _aboard(v: Visit, s: Solution) -> tuple[float, float]:
    """From and to which day its crew is counted to use things up."""
    _, dock, undock, _ = instants(v, s)
    day0 = s.traffic.grain.day0
    begin, end = dock.days_since(day0), float(s.traffic.grain.n_days)
    if v.departures is not None:
        begin = s.value(v.launch) + v.clock.dock.first / 24
    if undock is not None:
        end = undock.days_since(day0) if v.returns is None else s.value(v.undock) + v.clock.undock.last / 24
    return begin, min(end, float(s.traffic.grain.n_days))


def _waivers(s: Solution, names: dict[str, str]) -> list[Waiver]:
    t = s.traffic
    result = []
    for v in s.present():
        days = s.value(v.waived_life_days)
        if days:
            launch = instants(v, s)[0]
            over = launch.plus_days(v.vehicle.on_orbit_life_days or 0.0)
            price = t.setting("on_orbit_life").price_per_day * days
            name = names.get(v.name, v.name)
            result.append(
                Waiver(
                    "on_orbit_life",
                    over,
                    over.plus_days(days),
                    (name,),
                    price,
                    "planned beyond certified life",
                )
            )
    for segment, waived in t.waiver_days.get("operator_n1", []):
        if s.value(waived):
            result += _n1_waivers(s, segment)
    return result


def _n1_waivers(s: Solution, segment: str) -> list[Waiver]:
    """One waiver per stretch of days with fewer than two covering craft after the rule binds."""
    t, n_days = s.traffic, s.traffic.grain.n_days
    operators = operating_partners(t, segment)
    covering = [0] * n_days
    for v in t.rotations():
        if s.value(v.is_present) and any(s.value(x) for p, x in v.up.items() if p in operators):
            for day in range(max(0, s.value(v.count_from)), s.value(v.undock)):
                covering[day] += 1
    flight = str(t.setting("operator_n1").values.get("binds_from_docking_of", ""))
    first = next((max(0, s.value(v.count_from)) for v in t.visits if v.name == flight), 0)
    price = t.setting("operator_n1").price_per_day
    waivers: list[Waiver] = []
    day = first
    while day < n_days:
        end = day
        while end < n_days and covering[end] < 2:
            end += 1
        if end > day:
            missing = sum(2 - covering[d] for d in range(day, end))
            begin = t.grain.instant(day, 0.0)
            until = t.grain.instant(end + 1, 0.0)
            waivers.append(
                Waiver("operator_n1", begin, until, (segment,), price * missing, "one covering craft")
            )
        day = max(end, day + 1)
    return waivers
