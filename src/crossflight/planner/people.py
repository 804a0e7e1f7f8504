"""The people stage: who sits in the seats that the crew traffic has counted, and who backs them up.

Named people come before unnamed ones, and somebody who has not yet flown in the plan before
somebody who has; announced crews are as announced.  A seat is offered to people who can be trained
for it in time; when all courses together do not fit, the training stage says whose do not
(:mod:`crossflight.planner.training`) and the seats are given again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from crossflight.model import Person, Scenario, TrainingSlot
from crossflight.planner.readiness import Readiness
from crossflight.planner.solve import Goal
from crossflight.planner.visit import Lit
from crossflight.times import Instant

_UNNAMED_COST = 6
_AGAIN_COST = 4
_UNNAMED_BACKUP_COST = 2
# A backup crew usually flies next but one: its training is then not lost.
_FLIES_SOON_WORTH = 1
_N_SOON = 2
_NO_BACKUP_COST = 40
_BINDING = ("hard", "waivable")

# Somebody's seats: (flight, whether as backup).
Duties = frozenset[tuple[str, bool]]


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
    """Names per flight: who goes up, who stays for the next craft, who backs up and who commands.

    `commands` are those with the commander's courses (person, flight, whether as backup); `training`
    the places in courses, of the training stage.
    """

    up: dict[str, tuple[str, ...]] = field(default_factory=dict)
    staying: dict[str, tuple[str, ...]] = field(default_factory=dict)
    backup: dict[str, tuple[str, ...]] = field(default_factory=dict)
    commands: set[tuple[str, str, bool]] = field(default_factory=set)
    training: tuple[TrainingSlot, ...] = ()

    def duties(self) -> dict[str, Duties]:
        """Everybody's seats."""
        found: dict[str, set[tuple[str, bool]]] = {}
        for flight, names in self.up.items():
            for name in names:
                found.setdefault(name, set()).add((flight, False))
        for flight, names in self.backup.items():
            for name in names:
                found.setdefault(name, set()).add((flight, True))
        return {name: frozenset(mine) for name, mine in found.items()}


@dataclass(frozen=True, slots=True)
class Untrainable:
    """People who cannot be trained together for their seats launched up to `until_utc`.

    What is launched later does not matter: no course for an earlier seat depends on it.
    """

    duties: dict[str, Duties]
    commands: frozenset[tuple[str, str, bool]]
    until_utc: Instant


@dataclass(frozen=True, slots=True)
class _Seat:
    """A seat somebody may get, in days: `site` is when the crew has to be at the launch site."""

    flight: CrewFlight
    is_backup: bool
    taken: Lit
    site: float
    launch: float
    landing: float

    @classmethod
    def of(cls, ready: Readiness, f: CrewFlight, taken: Lit, *, is_backup: bool) -> _Seat:
        """The seat of a flight."""
        launch = ready.day(f.launch_utc)
        return cls(f, is_backup, taken, launch - ready.before_days, launch, ready.day(f.latest_landing_utc))


class People:
    """The assignment model.

    Parameters
    ----------
    conflicts
        Whose seats cannot be trained for together.
    near
        Crews to begin the search from.
    """

    def __init__(
        self,
        scenario: Scenario,
        flights: Iterable[CrewFlight],
        conflicts: Iterable[Untrainable] = (),
        near: Crews | None = None,
    ) -> None:
        self.scenario = scenario
        self.flights = sorted(flights, key=lambda f: f.launch_utc)
        self.ready = Readiness(scenario)
        self.model = cp_model.CpModel()
        self.aboard: dict[tuple[str, str], Lit] = {}
        self.staying: dict[tuple[str, str], Lit] = {}
        self.backup: dict[tuple[str, str], Lit] = {}
        self.commands: dict[tuple[str, str, bool], Lit] = {}
        self._conflicts = tuple(conflicts)
        self._near = near
        self._given = {p for p, _ in self.ready.given} | set(self.ready.docked)
        self._types = {t.name: t for t in scenario.vehicle_types}
        self._by_name = {p.name: p for p in scenario.people}
        self._flight = {f.name: f for f in self.flights}

    def build(self) -> Goal:
        """Add everything; returns what to minimise."""
        missing: list[Lit] = []
        for f in self.flights:
            self._seats(f)
            missing += self._backup_seats(f)
        for f in self.flights:
            self._commanders(f)
        again = [x for person in self.scenario.people for x in self._one_at_a_time(person)]
        self._dose()
        self._places()
        for conflict in self._conflicts:
            self._not_together(conflict)
        if self._near is not None:
            for found, seated in ((self.aboard, self._near.up), (self.backup, self._near.backup)):
                for (name, flight), x in found.items():
                    if name not in self._flight[flight].names:  # those are constants
                        self.model.add_hint(x, name in seated.get(flight, ()))
        unnamed = [
            x for (p, f), x in self.aboard.items() if self._by_name[p].is_unnamed and not self._known(p, f)
        ]
        spare = [x for (p, _), x in self.backup.items() if self._by_name[p].is_unnamed]
        cost = (
            _UNNAMED_COST * sum(unnamed)
            + _AGAIN_COST * sum(again)
            + _UNNAMED_BACKUP_COST * sum(spare)
            + _NO_BACKUP_COST * sum(missing)
            + _FLIES_SOON_WORTH * sum(self._flies_not_soon())
        )
        return Goal("people", cost, 1)

    def crews(self, values: list[int]) -> Crews:
        """Read the assignment out of a solution."""

        def is_true(x: Lit) -> bool:
            return bool(values[x.index]) if isinstance(x, cp_model.IntVar) else bool(x)

        crews = Crews()
        order = [p.name for p in self.scenario.people]
        for f in self.flights:

            def commanders_first(name: str, kind: str = f.vehicle_type) -> bool:
                return kind not in self._by_name[name].commander_of

            names = [n for n in order if (n, f.name) in self.aboard and is_true(self.aboard[n, f.name])]
            rest = [n for n in names if n not in f.names]
            crews.up[f.name] = (*f.names, *sorted(rest, key=commanders_first))
            crews.staying[f.name] = tuple(
                n
                for n in crews.up[f.name]
                if (n, f.name) in self.staying and is_true(self.staying[n, f.name])
            )
            backup = [n for n in order if (n, f.name) in self.backup and is_true(self.backup[n, f.name])]
            if backup:
                crews.backup[f.name] = tuple(sorted(backup, key=commanders_first))
        crews.commands = {key for key, x in self.commands.items() if is_true(x)}
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

    def _backup_seats(self, f: CrewFlight) -> list[Lit]:
        """As many people of each partner on the ground; returns what is missing where that is allowed."""
        rule = self.scenario.rules["backup_crew"]
        if rule.severity == "off" or f.is_docked_at_start or not self._types[f.vehicle_type].has_backup_crew:
            return []
        missing: list[Lit] = []
        for partner, n in f.up.items():
            seats = []
            for person in self.scenario.people:
                if (
                    self.scenario.partner_of_agency(person.agency) != partner
                    or person.is_visitor
                    or person.name in f.names
                    or not self._may_back_up(person, f)
                ):
                    continue
                x = self.model.new_bool_var(f"{person.name}@{f.name}.backup")
                self.backup[person.name, f.name] = x
                seats.append(x)
                if (person.name, f.name) in self.aboard:
                    self.model.add_at_most_one([x, self.aboard[person.name, f.name]])
            if rule.severity in _BINDING:
                self.model.add(sum(seats) == n)
                continue
            none = [self.model.new_bool_var(f"{f.name}.{partner}.no_backup{i}") for i in range(n)]
            missing += none
            self.model.add(sum(seats) + sum(none) == n)
        return missing

    def _may_back_up(self, person: Person, f: CrewFlight) -> bool:
        site = f.launch_utc.plus_days(-self.ready.before_days)
        if any(a.from_utc < f.launch_utc and site < a.to_utc for a in person.unavailable):
            return False
        if self.scenario.station.segments and not any(
            q.is_operator and q.is_current(f.launch_utc) for q in person.qualifications
        ):
            return False
        return self._is_ready(person, f)

    def _is_ready(self, person: Person, f: CrewFlight, *, is_commander: bool = False) -> bool:
        if any(person.name in g.names and g.launch_utc < f.launch_utc for g in self.flights):
            return True  # counts as trained for that one: the training stage knows for what else
        launch = self.ready.day(f.launch_utc)
        earliest = self.ready.earliest_launch_day(person, f.vehicle_type, is_commander=is_commander)
        return earliest <= launch + 1e-6

    def _may_fly(self, person: Person, f: CrewFlight) -> bool:
        if not self._is_ready(person, f):
            return False
        for away in person.unavailable:
            if away.from_utc < f.latest_landing_utc and f.launch_utc < away.to_utc:
                return False
        if person.landed_utc is not None and f.launch_utc < person.landed_utc.plus_days(
            self.ready.ground_days
        ):
            return False
        if not self.scenario.station.segments:
            return True
        return any(
            q.is_operator
            and q.is_current(f.launch_utc)
            and (q.to_utc is None or f.latest_landing_utc <= q.to_utc)
            for q in person.qualifications
        )

    def _commanders(self, f: CrewFlight) -> None:
        """One commander goes up, one goes home in every craft, one is in the backup crew."""
        commands = [p.name for p in self.scenario.people if f.vehicle_type in p.commander_of]
        if self.scenario.rules["crew_qualification"].severity in _BINDING:
            up = [self.aboard[n, f.name] for n in commands if (n, f.name) in self.aboard]
            if not f.is_docked_at_start and not f.is_crew_complete:
                self.model.add(sum(up) >= 1)
            home = [*up]
            leaving = [self.staying[n, f.name] for n in commands if (n, f.name) in self.staying]
            before = next((g.name for g in self.flights if g.successor == f.name), None)
            joining = [self.staying[n, before] for n in commands if before and (n, before) in self.staying]
            if leaving or joining:
                self.model.add(sum(home) - sum(leaving) + sum(joining) >= 1)
        if f.is_docked_at_start:
            return
        seats = [(n, self.backup[n, f.name]) for n in commands if (n, f.name) in self.backup]
        has_backup = any(flight == f.name for _, flight in self.backup)
        if has_backup and self.scenario.rules["backup_crew"].severity in _BINDING:
            self.model.add(sum(x for _, x in seats) >= 1)
        lead = [c for c in self.scenario.courses if c.is_commander and self.ready.binds]
        if not any(not c.vehicle_types or f.vehicle_type in c.vehicle_types for c in lead):
            return
        if not f.is_crew_complete and not set(commands) & set(f.names):
            crew = [(n, self.aboard[n, f.name]) for n in commands if (n, f.name) in self.aboard]
            self._trained_commander(f, crew, is_backup=False)
        if has_backup:
            self._trained_commander(f, seats, is_backup=True)

    def _trained_commander(self, f: CrewFlight, seats: list[tuple[str, Lit]], *, is_backup: bool) -> None:
        """Of the commanders in these seats, if there is one, one takes the commander's courses."""
        leads = []
        for name, x in seats:
            if self._is_ready(self._by_name[name], f, is_commander=True):
                y = self.model.new_bool_var(f"{name}@{f.name}.commands")
                self.model.add_implication(y, x)
                self.commands[name, f.name, is_backup] = y
                leads.append(y)
        self.model.add_at_most_one(leads)
        for _, x in seats:
            self.model.add_bool_or(leads).only_enforce_if(x)

    def _one_at_a_time(self, person: Person) -> list[Lit]:
        """No two seats too close for one person; returns how many further flights there are."""
        mine = [f for f in self.flights if (person.name, f.name) in self.aboard]
        seats = [_Seat.of(self.ready, f, self.aboard[person.name, f.name], is_backup=False) for f in mine]
        seats += [
            _Seat.of(self.ready, f, self.backup[person.name, f.name], is_backup=True)
            for f in self.flights
            if (person.name, f.name) in self.backup
        ]
        seats.sort(key=lambda s: s.launch)
        barred: list[list[bool]] = []  # of each seat, which earlier ones exclude it
        for k, b in enumerate(seats):
            barred.append([a.flight is not b.flight and self._is_too_soon(person, a, b) for a in seats[:k]])
            # As few cliques as cover these pairs: one clause says what many pairs would.
            left = [i for i in reversed(range(k)) if barred[k][i]]
            while left:
                clique: list[int] = []
                for i in left:
                    if all(barred[j][i] for j in clique):
                        clique.append(i)
                self.model.add_at_most_one([b.taken, *(seats[i].taken for i in clique)])
                left = [i for i in left if i not in clique]
        if len(mine) < 2:
            return []
        further = self.model.new_int_var(0, len(mine) - 1, f"{person.name}.again")
        self.model.add(sum(self.aboard[person.name, f.name] for f in mine) <= 1 + further)
        return [further]

    def _is_too_soon(self, person: Person, a: _Seat, b: _Seat) -> bool:
        """Whether nobody can have seat `b` after seat `a`, launched before it."""
        ready = self.ready
        free = a.launch if a.is_backup else a.landing + ready.after_days
        if a.is_backup or b.is_backup:
            if b.site < free:
                return True
        elif b.launch < a.landing + ready.ground_days:
            return True
        if not ready.binds or person.name in self._given:
            return False
        before, after = a.flight.vehicle_type, b.flight.vehicle_type
        slack = a.site - ready.free_from[person.name]
        age = b.launch - (a.site if a.is_backup else a.landing)
        return not ready.fits_between(person, before, after, slack, b.site - free, age)

    def _flies_not_soon(self) -> list[Lit]:
        """A literal per backup seat of somebody who flies none of the next two flights of the type."""
        found = []
        for (name, flight), x in self.backup.items():
            f = self._flight[flight]
            line = [
                g for g in self.flights if g.vehicle_type == f.vehicle_type and g.launch_utc > f.launch_utc
            ]
            soon = [self.aboard[name, g.name] for g in line[:_N_SOON] if (name, g.name) in self.aboard]
            y = self.model.new_bool_var(f"{name}@{flight}.not_soon")
            self.model.add(y + sum(soon) >= 1).only_enforce_if(x)
            found.append(y)
        return found

    def _places(self) -> None:
        """Of those who have yet to take a course, no more have a seat than its places can have trained."""
        for course in self.ready.courses.values():
            if course.n_places is None:
                continue
            seats: dict[str, list[tuple[CrewFlight, Lit]]] = {}
            for found in (self.aboard, self.backup):
                for (name, flight), x in found.items():
                    f = self._flight[flight]
                    if name in self._given or name in f.names:
                        continue
                    if self.ready.has_to_take(self._by_name[name], f.vehicle_type, course):
                        seats.setdefault(name, []).append((f, x))
            # A literal per person: has a seat by this launch.  Once it is counted, later seats get
            # another, which it implies.
            by_launch: dict[str, Lit] = {}
            for f in self.flights:
                n_trained = self.ready.n_trained_by(course, self.ready.day(f.launch_utc))
                if n_trained >= len(seats):
                    break
                for name, mine in seats.items():
                    for x in [x for g, x in mine if g is f]:
                        if name not in by_launch:
                            by_launch[name] = self.model.new_bool_var(f"{name}.{course.name}.{f.name}")
                        self.model.add_implication(x, by_launch[name])
                if len(by_launch) > n_trained:
                    self.model.add(sum(by_launch.values()) <= n_trained)
                    counted, by_launch = by_launch, {}
                    for name, y in counted.items():
                        by_launch[name] = self.model.new_bool_var(f"{name}.{course.name}.after.{f.name}")
                        self.model.add_implication(y, by_launch[name])

    def _not_together(self, conflict: Untrainable) -> None:
        """At least one of these people has other seats, or commands other crews."""
        other = []
        for name, duties in conflict.duties.items():
            for found, is_backup in ((self.aboard, False), (self.backup, True)):
                for (person, flight), x in found.items():
                    if person == name and self._flight[flight].launch_utc <= conflict.until_utc:
                        other.append(~x if (flight, is_backup) in duties else x)
            for key, x in self.commands.items():
                if key[0] == name and self._flight[key[1]].launch_utc <= conflict.until_utc:
                    other.append(~x if key in conflict.commands else x)
        self.model.add_bool_or(other)

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
