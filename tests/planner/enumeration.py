"""All plans of a tiny scenario, best first: an oracle that shares nothing with the planner.

Every flight gets every launch day and undocking day (or stays to the end), every seat pattern, every
port and every relocation there can be (one a visit); the checker says which plans are legal.  What
is fixed beforehand is what the planner documents: launch at 12:00, undocking at 06:00, the craft of a
type fly and come home in order, added flights follow the announced ones, expendable craft are taken
in the order they become ready.

Plans are valued by counting days (all dockings and undockings are at 06:00, as are the begin and the
end), sorted, and tried from the best on, until no plan left can be better than the best that the
checker has accepted, its relocations counted.  Day counts are compared with ``rules.measures`` by the
tests, so nothing here has to be believed.
Left out beforehand are only plans that break a rule about single flights or pairs of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

from crossflight.model import Craft, Flight, Plan, Relocation, Scenario, VehicleType, Waiver
from crossflight.rules import check
from crossflight.rules.measures import TERMS
from crossflight.rules.walk import Walk
from crossflight.times import Instant

Ints = npt.NDArray[np.int64]
# First port, and the relocations from there: day and port.
Berths = tuple[str, tuple[tuple[int, str], ...]]
MOVE_S = 40 * 60
_SHIFT = 24  # bit 24 of a day mask is day 0
_ONE = np.uint64(1)  # the first launch may be on day 0, the first docking on day 1


@dataclass(frozen=True)
class Choice:
    """One flight decided: days, seats; `undock` equals the horizon while it stays docked."""

    name: str
    vehicle: VehicleType
    origin: str
    launch: int
    undock: int
    crew: tuple[tuple[str, int], ...] = ()
    known: Flight | None = None
    names: tuple[str, ...] = ()
    craft: str = ""
    n_moved: int = 0
    n_waived: int = 0

    @property
    def dock(self) -> int:
        return self.launch + 1


@dataclass
class Table:
    """Many combinations of flights, one row each."""

    rows: list[tuple[Choice, ...]]
    dock_days: npt.NDArray[np.uint64]
    pad_days: dict[str, npt.NDArray[np.uint64]]
    seated: Ints  # row, partner, day
    covering: Ints  # row, partner, day: craft with somebody of the partner
    aboard: Ints  # row, day
    upmass: Ints  # row, day: kg that arrive
    terms: dict[str, Ints]
    given: Ints  # row, partner: seats given less seats taken


@dataclass
class Enumeration:
    """`optimum` per tier and its plan, or None where no plan is legal; `n_plans` plans were valued."""

    optimum: tuple[float, ...] | None
    plan: Plan | None
    n_plans: int
    valued: list[tuple[Plan, tuple[float, ...], bool]] = field(default_factory=list)


def measured(scenario: Scenario, plan: Plan) -> tuple[float, ...]:
    """Value of each tier by ``rules.measures``."""
    walk = Walk(scenario, plan)
    return tuple(sum(w * TERMS[t](walk) for t, w in tier.terms.items()) for tier in scenario.objective)


def is_legal(scenario: Scenario, plan: Plan) -> bool:
    """Whether the checker accepts the plan."""
    return not any(v.is_failure for v in check(scenario, plan))


class _Enumerator:
    def __init__(self, scenario: Scenario) -> None:
        self.s = scenario
        self.day0 = scenario.from_utc.floor_day()
        self.n_days = int(scenario.to_utc.days_since(scenario.from_utc))
        self.partners = [p.name for p in scenario.partners]
        self.agency = {p.name: p.agency for p in scenario.people}

    def instant(self, day: int, hour: float) -> Instant:
        return self.day0.plus_s(day * 86_400 + hour * 3600)

    def day(self, at: Instant) -> int:
        return math.floor(at.days_since(self.day0))

    def number(self, rule: str, name: str) -> float:
        return float(self.s.rules[rule].values.get(name, 0.0))

    def is_hard(self, rule: str) -> bool:
        return self.s.rules[rule].severity == "hard"

    # -- one flight -------------------------------------------------------------------------

    def is_forbidden(self, event: str, at: Instant, kind: VehicleType) -> bool:
        return any(
            event in f.events
            and f.from_utc <= at < f.to_utc
            and (not f.vehicle_types or kind.name in f.vehicle_types)
            for f in self.s.forbidden_days
        )

    def stays(self, kind: VehicleType, launch: int, is_docked: bool) -> Iterator[tuple[int, int]]:
        """(undocking day, days waived) for every stay within shortest, longest and life."""
        dock = launch + 1
        for undock in range(max(0, dock + 1), self.n_days + 1):
            is_open = undock == self.n_days
            if not is_docked and not is_open and undock < dock + max(1, kind.docked_days_min):
                continue
            if kind.docked_days_max is not None and undock > dock + kind.docked_days_max:
                continue
            away = self.instant(undock, 6)
            landing = away.plus_s(kind.return_hours * 3600)
            if not is_open and (
                self.is_forbidden("undock", away, kind) or self.is_forbidden("landing", landing, kind)
            ):
                continue
            n_waived = 0
            life = kind.on_orbit_life_days
            if life is not None:
                home = self.s.to_utc if is_open else landing
                age = home.days_since(self.instant(launch, 12))
                n_waived = max(0, math.ceil(age - life - 1e-9))
                if n_waived and (self.is_hard("on_orbit_life") or n_waived > kind.life_waiver_days):
                    continue
                if is_open and age > life - self.s.life_left_days:
                    continue
            yield undock, n_waived

    def is_launch_day(self, kind: VehicleType, launch: int) -> bool:
        pads = next(x for x in self.s.launchers if x.name == kind.launcher).pads
        up, dock = self.instant(launch, 12), self.instant(launch + 1, 6)
        return (
            launch >= 0
            and launch + 1 < self.n_days
            and not self.is_forbidden("launch", up, kind)
            and not self.is_forbidden("dock", dock, kind)
            and not any(o.from_utc <= up < o.to_utc for p in self.s.pads if p.name in pads for o in p.outages)
        )

    # -- one line of a vehicle type -----------------------------------------------------------

    def lines(self, kind: VehicleType) -> Iterator[tuple[Choice, ...]]:
        """Every sequence of flights of a type."""
        free = [c for c in self.s.craft if c.vehicle_type == kind.name]
        taken = {d.flight.craft for d in self.s.docked}
        free = sorted((c for c in free if kind.is_reusable or c.name not in taken), key=self.ready)
        fixed = [
            list(self.docked(kind, d.flight)) for d in self.s.docked if d.flight.vehicle_type == kind.name
        ]
        coming = sorted(
            (a for a in self.s.announced if a.vehicle_type == kind.name), key=lambda a: a.launch_utc
        )
        for a in coming:
            planned, choices = self.day(a.launch_utc), []
            for launch in range(planned - int(a.window_days), planned + int(a.window_days) + 1):
                if not self.is_launch_day(kind, launch):
                    continue
                for undock, n_waived in self.stays(kind, launch, is_docked=False):
                    choices += [
                        Choice(
                            a.name,
                            kind,
                            "announced",
                            launch,
                            undock,
                            crew,
                            None,
                            a.crew,
                            n_moved=abs(launch - planned),
                            n_waived=n_waived,
                        )
                        for crew in self.patterns(kind, a.crew)
                    ]
            fixed.append(choices)
        for begun in product(*fixed):
            if self.is_in_order(begun):
                yield from self.longer(kind, begun, free, len(coming))

    def ready(self, c: Craft) -> Instant:
        return c.ready_utc or self.s.from_utc

    def docked(self, kind: VehicleType, f: Flight) -> Iterator[Choice]:
        launch = self.day(f.launch_utc)
        counts = tuple(
            sorted({p: sum(self.agency[n] == p for n in f.crew_up) for p in self.partners}.items())
        )
        for undock, n_waived in self.stays(kind, launch, is_docked=True):
            yield Choice(
                f.name, kind, "docked", launch, undock, counts, f, f.crew_up, f.craft, n_waived=n_waived
            )

    def patterns(self, kind: VehicleType, names: tuple[str, ...]) -> list[tuple[tuple[str, int], ...]]:
        if not kind.is_crewed:
            return [()]
        known = {p: sum(self.agency[n] == p for n in names) for p in self.partners}
        return [
            tuple(sorted(p.items()))
            for p in kind.crew_patterns
            if all(p.get(k, 0) >= n for k, n in known.items())
        ]

    def is_in_order(self, line: tuple[Choice, ...]) -> bool:
        for a, b in pairwise(line):
            if b.launch <= a.launch:
                return False
            if b.origin == "added" and b.launch < a.launch + b.vehicle.launch_interval_days_min:
                return False
            if b.vehicle.is_crewed and not (b.undock > a.undock or b.undock == a.undock == self.n_days):
                return False
        return True

    def longer(
        self, kind: VehicleType, line: tuple[Choice, ...], free: list[Craft], n_announced: int
    ) -> Iterator[tuple[Choice, ...]]:
        with_craft = self.craft(kind, line, free)
        if with_craft is not None:
            yield with_craft
        elif not kind.is_reusable:
            return
        if not kind.plan_line:
            return
        first = line[-1].launch + int(kind.launch_interval_days_min) if line else 0
        n_added = sum(c.origin == "added" for c in line)
        if not kind.is_reusable and n_announced + n_added >= len(free):
            return
        for launch in range(max(0, first), self.n_days):
            if not self.is_launch_day(kind, launch):
                continue
            for undock, n_waived in self.stays(kind, launch, is_docked=False):
                for crew in self.patterns(kind, ()):
                    name = f"{kind.name} new {n_added + 1}"
                    new = Choice(name, kind, "added", launch, undock, crew, n_waived=n_waived)
                    if self.is_in_order((*line[-1:], new)):
                        yield from self.longer(kind, (*line, new), free, n_announced)

    def craft(
        self, kind: VehicleType, line: tuple[Choice, ...], free: list[Craft]
    ) -> tuple[Choice, ...] | None:
        """The line with its craft: expendable ones by readiness, reusable ones any way that works."""
        new = [c for c in line if c.origin != "docked"]
        known = [c for c in line if c.origin == "docked"]
        if not kind.is_reusable:
            if len(new) > len(free):
                return None
            chosen = [c.name for c in free[: len(new)]]
            ways: Iterator[tuple[str, ...]] = iter([tuple(chosen)])
        else:
            ways = product([c.name for c in free], repeat=len(new))
        for way in ways:
            decided = [*known, *(_with_craft(c, n) for c, n in zip(new, way, strict=True))]
            if self.flies(kind, decided):
                return tuple(decided)
        return None

    def flies(self, kind: VehicleType, line: list[Choice]) -> bool:
        for craft in self.s.craft:
            mine = [c for c in line if c.craft == craft.name]
            new = [c for c in mine if c.origin != "docked"]
            if craft.ready_utc is not None and any(self.instant(c.launch, 12) < craft.ready_utc for c in new):
                return False
            if not kind.is_reusable:
                continue
            if (
                craft.n_flights_allowed is not None
                and new
                and (craft.n_flights_used + len(new) > craft.n_flights_allowed)
            ):
                return False
            for a, b in pairwise(mine):
                if a.undock == self.n_days:
                    return False
                landing = self.instant(a.undock, 6).plus_s(kind.return_hours * 3600)
                if self.instant(b.launch, 12).days_since(landing) < kind.turnaround_days:
                    return False
        return True

    # -- all lines together -----------------------------------------------------------------

    def table(self, kind: VehicleType) -> Table:
        rows = list(self.lines(kind))
        n, n_partners, n_days = len(rows), len(self.partners), self.n_days
        pad = next(x for x in self.s.launchers if x.name == kind.launcher).pads[0]
        t = Table(
            rows,
            np.zeros(n, np.uint64),
            {p.name: np.zeros(n, np.uint64) for p in self.s.pads},
            np.zeros((n, n_partners, n_days), np.int64),
            np.zeros((n, n_partners, n_days), np.int64),
            np.zeros((n, n_days), np.int64),
            np.zeros((n, n_days), np.int64),
            {k: np.zeros(n, np.int64) for k in ("waived", "moved", "price", "handover")},
            np.zeros((n, n_partners), np.int64),
        )
        wanted = int(self.number("handover", "overlap_days_min"))
        for r, line in enumerate(rows):
            for c in line:
                t.dock_days[r] |= np.uint64(1 << (c.dock + _SHIFT))
                t.pad_days[pad][r] |= np.uint64(1 << (c.launch + _SHIFT))
                t.terms["waived"][r] += c.n_waived
                t.terms["moved"][r] += c.n_moved
                begin = max(0, c.dock)
                if c.origin == "added":
                    t.terms["price"][r] += int(kind.price)
                if c.origin != "docked":
                    t.upmass[r, begin] += int(sum(kind.upmass_kg.values()))
                for i, partner in enumerate(self.partners):
                    seats = dict(c.crew).get(partner, 0)
                    t.seated[r, i, begin : c.undock] += seats
                    t.covering[r, i, begin : c.undock] += seats > 0
                    t.aboard[r, begin : c.undock] += seats
                    if c.origin != "docked" and partner != kind.provider:
                        t.given[r, i] -= seats
                        t.given[r, self.partners.index(kind.provider)] += seats
            for a, b in pairwise(line):
                if kind.is_crewed and b.origin != "docked" and a.undock != n_days:
                    t.terms["handover"][r] += max(0, wanted - (a.undock - b.dock))
        return t

    def together(self, a: Table, b: Table) -> Table:
        """Every pair of rows whose dockings and launches are far enough apart."""
        spacing = math.ceil(self.number("docking_spacing", "days_min"))
        clash = _near(a.dock_days, b.dock_days, spacing)
        for pad in self.s.pads:
            clash |= _near(
                a.pad_days[pad.name] << _ONE, b.pad_days[pad.name] << _ONE, math.ceil(pad.turnaround_days)
            )
        clash |= (a.aboard[:, None, :] + b.aboard[None, :, :]).max(axis=2) > self.s.station.n_crew_max
        i, j = np.nonzero(~clash)
        return Table(
            [(*a.rows[x], *b.rows[y]) for x, y in zip(i, j, strict=True)],
            a.dock_days[i] | b.dock_days[j],
            {p: a.pad_days[p][i] | b.pad_days[p][j] for p in a.pad_days},
            a.seated[i] + b.seated[j],
            a.covering[i] + b.covering[j],
            a.aboard[i] + b.aboard[j],
            a.upmass[i] + b.upmass[j],
            {k: a.terms[k][i] + b.terms[k][j] for k in a.terms},
            a.given[i] + b.given[j],
        )

    def values(
        self, t: Table
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Tier values per row, which rows keep the rules on cover and stock, which are manned.

        Where rule segment_operator is hard the planner asks for more than the rule, an operator also
        while nobody at all is aboard: such rows are manned.
        """
        n = len(t.rows)
        unattended, uncovered = np.zeros(n, np.int64), np.zeros(n, np.int64)
        is_kept, is_manned = np.ones(n, bool), np.ones(n, bool)
        binding = str(self.s.rules["operator_n1"].values.get("binds_from_docking_of", ""))
        since = np.array([max((c.dock for c in row if c.name == binding), default=0) for row in t.rows])
        for segment in self.s.station.segments:
            covering = t.covering[:, self.partners.index(segment.name), :]
            unattended += (covering < 1).sum(axis=1)
            uncovered += (covering < 2).sum(axis=1)
            if self.is_hard("segment_operator"):
                is_kept &= ~((covering < 1) & (t.aboard > 0)).any(axis=1)
                is_manned &= ~(covering < 1).any(axis=1)
            if self.is_hard("operator_n1"):
                is_kept &= ~((covering < 2) & (np.arange(self.n_days) >= since[:, None])).any(axis=1)
        short = np.zeros(n, np.int64)
        for partner, n_nominal in self.s.station.n_crew_nominal.items():
            seated = t.seated[:, self.partners.index(partner), :]
            short += np.maximum(0, n_nominal - seated).sum(axis=1)
        if self.is_hard("seat_ledger") and self.s.agreements:
            is_kept &= ~t.given.any(axis=1)
        for c in self.s.commodities:
            use = c.per_day_kg + t.aboard * c.per_person_day_kg
            nominal = sum(self.s.station.n_crew_nominal.values()) * c.per_person_day_kg + c.per_day_kg
            stock = c.stock_kg + (t.upmass - use).cumsum(axis=1)
            is_kept &= (stock >= c.reserve_days * nominal - 1e-6).all(axis=1)
        terms = {
            "waiver_price": t.terms["waived"] * self.s.rules["on_orbit_life"].price_per_day,
            "unattended_segment_days": unattended,
            "operator_n1_segment_days": uncovered,
            "days_moved": t.terms["moved"],
            "flight_price": t.terms["price"],
            "crew_shortfall_days": short,
            "handover_shortfall_days": t.terms["handover"],
            "ledger_imbalance": np.abs(t.given).sum(axis=1) if self.s.agreements else np.zeros(n),
            "n_relocations": np.zeros(n),
        }
        columns = [
            sum((w * terms[k] for k, w in tier.terms.items()), np.zeros(n)) for tier in self.s.objective
        ]
        return np.column_stack(columns), is_kept, is_manned

    # -- a plan -------------------------------------------------------------------------------

    def ports(self, row: tuple[Choice, ...]) -> dict[str, Berths] | None:
        """A port for every flight, with the fewest relocations there can be, or None: no way at all."""
        most = sum(c.vehicle.n_relocations_max for c in row)
        ways = (self.ports_with(row, n) for n in range(most + 1))
        return next((way for way in ways if way is not None), None)

    def ports_with(self, row: tuple[Choice, ...], n_moves: int) -> dict[str, Berths] | None:
        """A port for every flight with so many relocations, or None."""
        gap_h = self.number("port_occupancy", "gap_hours_min")
        spacing = self.number("docking_spacing", "days_min")
        wait = self.is_hard("return_weather")
        closed = [(p.name, c.from_utc, c.to_utc) for p in self.s.station.ports for c in p.closures] + [
            (p, e.from_utc, e.to_utc) for e in self.s.station.evas for p in e.free_ports
        ]
        chosen: dict[str, list[tuple[str, Instant, Instant]]] = {}
        dockings = [self.instant(c.dock, 6) for c in row if c.dock >= 0]
        moved: list[Instant] = []

        def stays(c: Choice, berths: Berths) -> list[tuple[str, Instant, Instant]]:
            """Port, arrival and departure, the last one put off by the wait for weather."""
            days = [c.undock, *(d for d, _ in reversed(berths[1]))][::-1]
            ports = [berths[0], *(p for _, p in berths[1])]
            arrivals = [self.instant(c.dock, 6)] + [self.instant(d, 6).plus_s(MOVE_S) for d, _ in berths[1]]
            left = [self.instant(d, 6) for d in days]
            if c.undock == self.n_days:
                left[-1] = self.s.to_utc
            elif wait:
                left[-1] = left[-1].plus_days(c.vehicle.return_weather_days)
            return list(zip(ports, arrivals, left, strict=True))

        def fits(mine: list[tuple[str, Instant, Instant]]) -> bool:
            for port, dock, away in mine:
                if any(p == port and dock < to and away > since for p, since, to in closed):
                    return False
                for other in (x for taken in chosen.values() for x in taken if x[0] == port):
                    first, second = sorted(((dock, away), other[1:]))
                    if second[0].s_since(first[1]) < gap_h * 3600:
                        return False
            return True

        def may_move(day: int) -> bool:
            at = self.instant(day, 6).plus_s(MOVE_S)
            near = any(abs(at.days_since(x)) < spacing for x in (*dockings, *moved))
            return not near and not self.is_eva_day(self.instant(day, 6), at)

        def ways(c: Choice, n_left: int) -> Iterator[Berths]:
            ports = c.vehicle.ports or tuple(
                p.name for p in self.s.station.ports if p.system == c.vehicle.system
            )
            first = (c.known.port,) if c.known is not None and c.known.port else ports
            for port in first:
                yield port, ()
            if n_left and c.vehicle.n_relocations_max:
                for port in first:
                    for day in range(max(0, c.dock + 1), c.undock):
                        if may_move(day):
                            yield from ((port, ((day, to),)) for to in ports if to != port)

        found: dict[str, Berths] = {}

        def place(k: int, n_left: int) -> bool:
            if k == len(row):
                return n_left == 0
            c = row[k]
            for berths in ways(c, n_left):
                mine = stays(c, berths)
                if fits(mine):
                    chosen[c.name], found[c.name] = mine, berths
                    moved.extend(arrival for _, arrival, _ in mine[1:])
                    if place(k + 1, n_left - len(berths[1])):
                        return True
                    del chosen[c.name], moved[len(moved) - len(berths[1]) :]
            return False

        row = tuple(sorted(row, key=lambda c: c.origin != "docked"))
        return found if place(0, n_moves) else None

    def is_eva_day(self, from_utc: Instant, to_utc: Instant) -> bool:
        """Whether [from_utc, to_utc] touches a spacewalk or the hours around it."""
        if not self.is_hard("eva_day"):
            return False
        clear_s = 3600 * self.number("eva_day", "clear_hours")
        return any(
            from_utc < e.to_utc.plus_s(clear_s) and e.from_utc.plus_s(-clear_s) < to_utc
            for e in self.s.station.evas
        )

    def plan(self, row: tuple[Choice, ...], ports: dict[str, Berths]) -> Plan:
        """The row as a plan with people in its seats."""
        free = {p: [x.name for x in self.s.people if x.agency == p] for p in self.partners}
        for c in row:
            for n in c.names:
                free[self.agency[n]].remove(n)
        flights, waivers = [], []
        for c in sorted(row, key=lambda c: c.launch):
            crew = list(c.names)
            for partner, n in c.crew:
                while sum(self.agency[x] == partner for x in crew) < n:
                    crew.append(free[partner].pop(0))
            is_open = c.undock == self.n_days
            launch = self.instant(c.launch, 12)
            away = None if is_open else self.instant(c.undock, 6)
            flights.append(
                Flight(
                    c.name,
                    "rotation" if c.vehicle.is_crewed else "cargo",
                    c.vehicle.name,
                    c.craft,
                    next(x for x in self.s.launchers if x.name == c.vehicle.launcher).pads[0],
                    launch,
                    self.instant(c.dock, 6),
                    ports[c.name][0],
                    self.relocations(ports[c.name]),
                    away,
                    None if away is None else away.plus_s(c.vehicle.return_hours * 3600),
                    tuple(crew),
                    tuple(crew),
                )
            )
            if c.n_waived:
                over = launch.plus_days(c.vehicle.on_orbit_life_days or 0.0)
                price = c.n_waived * self.s.rules["on_orbit_life"].price_per_day
                waivers.append(
                    Waiver("on_orbit_life", over, over.plus_days(c.n_waived), (c.name,), price, "enumerated")
                )
        return Plan("tiny", self.s.digest, tuple(flights), (), tuple(waivers))

    def relocations(self, berths: Berths) -> tuple[Relocation, ...]:
        made, at = [], berths[0]
        for day, to in berths[1]:
            undock = self.instant(day, 6)
            made.append(Relocation(undock, undock.plus_s(MOVE_S), at, to))
            at = to
        return tuple(made)


def _with_craft(c: Choice, craft: str) -> Choice:
    return Choice(
        c.name,
        c.vehicle,
        c.origin,
        c.launch,
        c.undock,
        c.crew,
        c.known,
        c.names,
        craft,
        c.n_moved,
        c.n_waived,
    )


def _near(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64], days: int) -> npt.NDArray[np.bool_]:
    """Whether two day masks have days less than `days` apart, but for two days already past."""
    past = np.uint64((1 << (_SHIFT + 1)) - 1)

    def wide(mask: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
        result = mask.copy()
        for k in range(1, days):
            result |= (mask << np.uint64(k)) | (mask >> np.uint64(k))
        return result

    return np.asarray(
        ((wide(a & ~past)[:, None] & b[None, :]) | (wide(a & past)[:, None] & (b & ~past)[None, :])) != 0
    )


def n_moves(ports: dict[str, Berths]) -> int:
    """Relocations in all."""
    return sum(len(moves) for _, moves in ports.values())


def enumerate_plans(
    scenario: Scenario,
    n_samples: int = 20,
    seed: int = 0,
    is_wanted: Callable[[tuple[Choice, ...]], bool] = lambda row: True,
) -> Enumeration:
    """The best legal plan of a tiny scenario, among those whose flights `is_wanted` accepts.

    `valued` holds some plans drawn at random, with their values by counting and whether counting
    takes their cover and stock for legal, for comparison with the checker.
    """
    e = _Enumerator(scenario)
    tables = [e.table(kind) for kind in scenario.vehicle_types]
    whole = tables[0]
    for t in tables[1:]:
        whole = e.together(whole, t)
    values, is_kept, is_manned = e.values(whole)
    result = Enumeration(None, None, len(whole.rows))
    per_move = np.array([tier.terms.get("n_relocations", 0.0) for tier in scenario.objective])
    for r in np.lexsort(values.T[::-1]):
        # Ports never make a plan better: no later row can beat what is found.
        if result.optimum is not None and tuple(values[r]) >= result.optimum:
            break
        if not (is_kept[r] and is_manned[r] and is_wanted(whole.rows[r])):
            continue
        ports = e.ports(whole.rows[r])
        if ports is None:
            continue
        plan, value = e.plan(whole.rows[r], ports), values[r] + per_move * n_moves(ports)
        if is_legal(scenario, plan) and (result.optimum is None or tuple(value) < result.optimum):
            result.optimum, result.plan = tuple(float(x) for x in value), plan
    rng = np.random.default_rng(seed)
    for r in rng.permutation(len(whole.rows))[:n_samples]:
        ports = e.ports(whole.rows[r])
        if ports is not None:
            plan, value = e.plan(whole.rows[r], ports), values[r] + per_move * n_moves(ports)
            result.valued.append((plan, tuple(float(x) for x in value), bool(is_kept[r])))
    return result
