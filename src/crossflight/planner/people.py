"""The people stage: who sits in the seats that the crew traffic has counted.

Named people come before unnamed ones, and somebody who has not yet flown in the plan before
somebody who has; announced crews are as announced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

from ortools.sat.python import cp_model

from crossflight.model import Person, Scenario
from crossflight.planner.solve import Goal
from crossflight.planner.visit import Lit
from crossflight.times import Instant

_UNNAMED_COST = 3
_AGAIN_COST = 2


@dataclass(frozen=True, slots=True)
class CrewFlight:
    """A crewed rotation with its times decided.

    `up` and `stays` count people per partner; `names` are known to be aboard, `pinned` must be;
    `landing_utc` is the horizon while docked there; `latest_landing_utc` is the landing of those
    who stay.
    """

    name: str
    vehicle_type: str
    launch_utc: Instant
    landing_utc: Instant
    latest_landing_utc: Instant
    up: dict[str, int]
    stays: dict[str, int]
    names: tuple[str, ...]
    successor: str | None
    is_docked_at_start: bool
    is_crew_complete: bool
    pinned: tuple[str, ...] = ()


@dataclass
class Crews:
    """Names per flight: who goes up, who stays for the next craft."""

    up: dict[str, tuple[str, ...]] = field(default_factory=dict)
    staying: dict[str, tuple[str, ...]] = field(default_factory=dict)


class People:
    """The assignment model."""

    def __init__(self, scenario: Scenario, flights: list[CrewFlight]) -> None:
        self.scenario = scenario
        self.flights = sorted(flights, key=lambda f: f.launch_utc)
        self.model = cp_model.CpModel()
        self.aboard: dict[tuple[str, str], Lit] = {}
        self.staying: dict[tuple[str, str], Lit] = {}
        self._by_name = {p.name: p for p in scenario.people}

    def build(self) -> Goal:
        """Add everything; returns what to minimise."""
        for f in self.flights:
            self._seats(f)
        for f in self.flights:
            self._commanders(f)
        again = [x for person in self.scenario.people for x in self._one_at_a_time(person)]
        self._dose()
        unnamed = [
            x for (p, f), x in self.aboard.items() if self._by_name[p].is_unnamed and not self._known(p, f)
        ]
        return Goal("people", _UNNAMED_COST * sum(unnamed) + _AGAIN_COST * sum(again), 1)

    def crews(self, values: list[int]) -> Crews:
        """Read the assignment out of a solution."""

        def is_true(x: Lit) -> bool:
            return bool(values[x.index]) if isinstance(x, cp_model.IntVar) else bool(x)

        crews = Crews()
        for f in self.flights:
            order = [p.name for p in self.scenario.people]
            names = [n for n in order if (n, f.name) in self.aboard and is_true(self.aboard[n, f.name])]
            rest = [n for n in names if n not in f.names]
            rest.sort(key=lambda n: f.vehicle_type not in self._by_name[n].commander_of)
            crews.up[f.name] = (*f.names, *rest)
            crews.staying[f.name] = tuple(
                n
                for n in crews.up[f.name]
                if (n, f.name) in self.staying and is_true(self.staying[n, f.name])
            )
        return crews

    def _known(self, person: str, flight: str) -> bool:
        return any(f.name == flight and person in f.names for f in self.flights)

    def _seats(self, f: CrewFlight) -> None:
        for partner, n in f.up.items():
            seats, stays = [], []
            for person in self.scenario.people:
                if self.scenario.partner_of_agency(person.agency) != partner or person.is_visitor:
                    continue
                if person.name in f.names:
                    x: Lit = self.model.new_constant(1)
                elif f.is_crew_complete or not self._may_fly(person, f):
                    continue
                else:
                    x = self.model.new_bool_var(f"{person.name}@{f.name}")
                self.aboard[person.name, f.name] = x
                seats.append(x)
                if f.stays.get(partner):
                    z = self.model.new_bool_var(f"{person.name}@{f.name}.stays")
                    self.model.add_implication(z, x)
                    self.staying[person.name, f.name] = z
                    stays.append(z)
            self.model.add(sum(seats) == n)
            if f.stays.get(partner):
                self.model.add(sum(stays) == f.stays[partner])
        for name in f.pinned:
            self.model.add_bool_and([self.aboard.get((name, f.name), self.model.new_constant(0))])

    def _may_fly(self, person: Person, f: CrewFlight) -> bool:
        for away in person.unavailable:
            if away.from_utc < f.latest_landing_utc and f.launch_utc < away.to_utc:
                return False
        if person.landed_utc is not None and f.launch_utc < person.landed_utc.plus_days(self._rest_days()):
            return False
        if not self.scenario.station.segments:
            return True
        return any(
            q.is_operator
            and q.is_current(f.launch_utc)
            and (q.to_utc is None or f.latest_landing_utc <= q.to_utc)
            for q in person.qualifications
        )

    def _rest_days(self) -> float:
        setting = self.scenario.rules["ground_time"]
        return float(setting.values.get("days_min", 0.0)) if setting.severity in ("hard", "waivable") else 0.0

    def _commanders(self, f: CrewFlight) -> None:
        """One commander goes up and one goes home in every craft."""
        if self.scenario.rules["crew_qualification"].severity not in ("hard", "waivable"):
            return
        commands = [p.name for p in self.scenario.people if f.vehicle_type in p.commander_of]
        up = [self.aboard[n, f.name] for n in commands if (n, f.name) in self.aboard]
        if not f.is_docked_at_start and not f.is_crew_complete:
            self.model.add(sum(up) >= 1)
        home = [*up]
        leaving = [self.staying[n, f.name] for n in commands if (n, f.name) in self.staying]
        before = next((g.name for g in self.flights if g.successor == f.name), None)
        joining = [self.staying[n, before] for n in commands if before and (n, before) in self.staying]
        if leaving or joining:
            self.model.add(sum(home) - sum(leaving) + sum(joining) >= 1)

    def _one_at_a_time(self, person: Person) -> list[Lit]:
        """No two flights too close for one person; returns a literal per further flight."""
        mine = [f for f in self.flights if (person.name, f.name) in self.aboard]
        for a, b in combinations(mine, 2):
            if b.launch_utc < a.latest_landing_utc.plus_days(self._rest_days()):
                self.model.add_at_most_one(
                    [self.aboard[person.name, a.name], self.aboard[person.name, b.name]]
                )
        if len(mine) < 2:
            return []
        further = []
        for i in range(1, len(mine)):
            x = self.model.new_bool_var(f"{person.name}.again{i}")
            further.append(x)
        self.model.add(sum(self.aboard[person.name, f.name] for f in mine) <= 1 + sum(further))
        return further

    def _dose(self) -> None:
        setting = self.scenario.rules["career_dose"]
        if setting.severity not in ("hard", "waivable"):
            return
        rate, most = float(setting.values.get("msv_per_day", 0.0)), float(setting.values.get("msv_max", 0.0))
        for person in self.scenario.people:
            doses = [
                (
                    round(rate * f.latest_landing_utc.days_since(f.launch_utc) * 1000),
                    self.aboard[person.name, f.name],
                )
                for f in self.flights
                if (person.name, f.name) in self.aboard
            ]
            if doses:
                self.model.add(sum(d * x for d, x in doses) <= max(0, round((most - person.dose_msv) * 1000)))
