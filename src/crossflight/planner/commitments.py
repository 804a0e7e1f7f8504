"""What somebody does already, and which places in courses others have taken: planned or known."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from crossflight.model import AnnouncedFlight, Flight, Person, Plan, Scenario
from crossflight.planner.readiness import Readiness

_EPS_DAYS = 1e-6


@dataclass(frozen=True, slots=True)
class Busy:
    """Days [begin, end) taken; `bars_launch_site` if the person cannot be there either."""

    begin: int
    end: int
    why: str
    bars_launch_site: bool = False


@dataclass(frozen=True, slots=True)
class Flown:
    """A flight of the person: launch and landing in days."""

    name: str
    vehicle_type: str
    launch: float
    landing: float


class Commitments:
    """The flights, courses and absences of one person.

    Parameters
    ----------
    plan
        What everybody does already; without it only the docked and announced flights.

    Attributes
    ----------
    flown
        The person's flights in order of launch.
    finished, renewed
        Course to the days on which it is finished, and to the landings that renew it.
    """

    def __init__(self, scenario: Scenario, plan: Plan | None, person: Person, ready: Readiness) -> None:
        self.scenario = scenario
        self.plan = plan
        self.person = person
        self.ready = ready
        self.flown = sorted(self._flown(), key=lambda f: f.launch)
        self.finished: dict[str, list[float]] = {}
        for record in person.trained:
            for name in scenario.with_prerequisites(record.courses):
                self.finished.setdefault(name, []).append(self.ready.day(record.finished_utc))
        for slot in plan.training if plan else ():
            if slot.person == person.name:
                self.finished.setdefault(slot.course, []).append(self.ready.day(slot.to_utc))
        self.renewed: dict[str, list[float]] = {}
        for f in self.flown:
            commands = f.vehicle_type in person.commander_of
            for c in self.ready.courses_for(person, f.vehicle_type, is_commander=commands):
                self.finished.setdefault(c.name, []).append(f.launch - self.ready.before_days)
                self.renewed.setdefault(c.name, []).append(f.landing)

    def _flown(self) -> Iterator[Flown]:
        """The person's flights: of the plan, or docked and announced ones with the landing to expect."""
        name, ready = self.person.name, self.ready
        if self.plan is not None:
            for f in self.plan.flights:
                if name in f.crew_up:
                    home = [
                        g.landing_utc
                        for g in self.plan.flights
                        if name in g.crew_down and g.landing_utc is not None and g.landing_utc > f.launch_utc
                    ]
                    end = min(home, default=self.scenario.to_utc)
                    yield Flown(f.name, f.vehicle_type, ready.day(f.launch_utc), ready.day(end))
            return
        for d in self.scenario.docked:
            if name in d.flight.crew_up:
                launch = ready.day(d.flight.launch_utc)
                landing = launch + self._stay_days(d.flight)
                if d.planned_undock_utc is not None:
                    hours = self.ready.types[d.flight.vehicle_type].return_hours
                    landing = ready.day(d.planned_undock_utc.plus_s(hours * 3600))
                yield Flown(d.flight.name, d.flight.vehicle_type, launch, landing)
        for a in self.scenario.announced:
            if name in a.crew:
                launch = ready.day(a.launch_utc)
                stay = a.docked_days if a.docked_days is not None else self._stay_days(a)
                yield Flown(a.name, a.vehicle_type, launch, launch + stay)

    def _stay_days(self, flight: Flight | AnnouncedFlight) -> float:
        """A certified life, or the shortest stay: what to expect where nobody has said."""
        kind = self.ready.types[flight.vehicle_type]
        return kind.on_orbit_life_days or kind.docked_days_min

    @cached_property
    def busy(self) -> list[Busy]:
        """Days on which the person cannot be in a course."""
        ready, name = self.ready, self.person.name
        spans: list[tuple[float, float, str, bool]] = []
        for f in self.flown:
            end = f.landing + ready.after_days
            spans.append((f.launch - ready.before_days, end, f"flies on {f.name}, with recovery", False))
        spans += [
            (ready.day(a.from_utc), ready.day(a.to_utc), f"not available ({a.why})", False)
            for a in self.person.unavailable
        ]
        if self.person.landed_utc is not None:
            landed = ready.day(self.person.landed_utc)
            spans.append((landed, landed + ready.after_days, "recovers from the last flight", False))
        for record in self.person.trained:
            end = ready.day(record.finished_utc)
            spans.append((float(ready.begin_day), end, f"in {', '.join(record.courses)}", True))
        for slot in self.plan.training if self.plan else ():
            if slot.person == name:
                why = f"in {slot.course} for {slot.flight}"
                spans.append((ready.day(slot.from_utc), ready.day(slot.to_utc), why, True))
        for flight in self.plan.flights if self.plan else ():
            if name in flight.backup:
                launch = ready.day(flight.launch_utc)
                spans.append(
                    (launch - ready.before_days, launch, f"in the backup crew of {flight.name}", True)
                )
        found = [
            Busy(math.floor(a + _EPS_DAYS), math.ceil(b - _EPS_DAYS), why, bars)
            for a, b, why, bars in spans
            if a < b
        ]
        return sorted((b for b in found if b.end > ready.begin_day), key=lambda b: (b.begin, b.end))

    @cached_property
    def taken(self) -> dict[str, list[Busy]]:
        """Places of other people: course to (from, to, who)."""
        found: dict[str, list[Busy]] = {}
        for slot in self.plan.training if self.plan else ():
            if slot.person != self.person.name:
                begin, end = self.ready.day(slot.from_utc), self.ready.day(slot.to_utc)
                span = Busy(math.floor(begin + _EPS_DAYS), math.ceil(end - _EPS_DAYS), slot.person)
                found.setdefault(slot.course, []).append(span)
        for other in self.scenario.people:
            for record in other.trained:
                end = math.ceil(self.ready.day(record.finished_utc) - _EPS_DAYS)
                if other.name != self.person.name and end > self.ready.begin_day:
                    for course in record.courses:
                        span = Busy(self.ready.begin_day, end, other.name)
                        found.setdefault(course, []).append(span)
        return found
