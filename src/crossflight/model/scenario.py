"""A scenario: everything known on its knowledge date, and what is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from crossflight.model.agreement import Agreement
from crossflight.model.flight import Flight, SeatMove
from crossflight.model.opportunity import Opportunities
from crossflight.model.people import Partner, Person
from crossflight.model.station import Station
from crossflight.model.training import Centre, Course
from crossflight.model.vehicles import Craft, Launcher, Pad, Site, VehicleType
from crossflight.times import Instant

Severity = Literal["hard", "waivable", "soft", "off"]


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """How hard a rule is in this scenario, and its values.

    `price_per_day` is what a waiver of one day costs in tier "waivers"; `values` holds the
    rule's own parameters under the names its docstring lists.
    """

    severity: Severity
    price_per_day: float = 1.0
    values: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of the lexicographic objective: terms (see rules.measures) and their weights."""

    name: str
    terms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Commodity:
    """Something people use up; `stock_kg` at the scenario's beginning, use per person-day and day."""

    name: str
    stock_kg: float
    per_person_day_kg: float
    per_day_kg: float = 0.0
    reserve_days: float = 0.0


@dataclass(frozen=True, slots=True)
class AnnouncedFlight:
    """A flight that somebody has announced.

    `launch_utc` is the announced instant (or the planning date taken for a vague one);
    `window_days` how far the planner may move it either way (0: not at all); `docked_days` a
    fixed stay for visiting flights; `crew` the announced names, empty seats are the planner's.
    """

    name: str
    kind: Literal["rotation", "visiting", "cargo"]
    vehicle_type: str
    launch_utc: Instant
    window_days: float = 0.0
    craft: str | None = None
    pad: str | None = None
    port: str | None = None
    docked_days: float | None = None
    crew: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DockedFlight:
    """A flight already docked when the scenario begins.

    `flight` is as flown so far.  `planned_undock_utc` is what was announced for its return;
    the planner may move it by `window_days` either way (None: freely, within the rules).
    """

    flight: Flight
    planned_undock_utc: Instant | None = None
    window_days: float | None = None


@dataclass(frozen=True, slots=True)
class ForbiddenDays:
    """Days [from_utc, to_utc) on which an event of a vehicle type must not happen.

    `events` is any of launch, dock, undock, landing; `vehicle_types` empty means all.
    """

    from_utc: Instant
    to_utc: Instant
    events: tuple[Literal["launch", "dock", "undock", "landing"], ...]
    why: str
    vehicle_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a value of a scenario comes from; `path` is its place in the file."""

    path: str
    source: str = ""
    published_utc: Instant | None = None
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is known on `known_utc`, for planning [from_utc, to_utc).

    `opportunities` are computed from `station.elements`, never read from a file; None where there are
    no elements or nobody has computed them.
    """

    name: str
    title: str
    known_utc: Instant
    from_utc: Instant
    to_utc: Instant
    station: Station
    partners: tuple[Partner, ...]
    sites: tuple[Site, ...]
    pads: tuple[Pad, ...]
    launchers: tuple[Launcher, ...]
    vehicle_types: tuple[VehicleType, ...]
    rules: Mapping[str, RuleSetting]
    objective: tuple[Tier, ...] = ()
    craft: tuple[Craft, ...] = ()
    people: tuple[Person, ...] = ()
    centres: tuple[Centre, ...] = ()
    courses: tuple[Course, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    commodities: tuple[Commodity, ...] = ()
    docked: tuple[DockedFlight, ...] = ()
    seat_moves: tuple[SeatMove, ...] = ()
    announced: tuple[AnnouncedFlight, ...] = ()
    forbidden_days: tuple[ForbiddenDays, ...] = ()
    life_left_days: float = 0.0
    price_unit: str = "points"
    digest: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    opportunities: Opportunities | None = None

    def partner_of_agency(self, agency: str) -> str | None:
        """The partner an agency flies under, or None for visitors' own organisations."""
        return next((p.name for p in self.partners if agency in p.agencies), None)

    def courses_for(
        self, person: Person, vehicle_type: str, *, is_commander: bool = False
    ) -> tuple[Course, ...]:
        """The courses a seat of `person` on a rotation flight asks for, without their prerequisites."""
        partner = self.partner_of_agency(person.agency)
        operates = {q.segment for q in person.qualifications if q.is_operator}
        return tuple(
            c
            for c in self.courses
            if (not c.partners or partner in c.partners)
            and (not c.vehicle_types or vehicle_type in c.vehicle_types)
            and (not c.segments or not operates.isdisjoint(c.segments))
            and (not c.is_eva or person.is_eva)
            and (not c.is_commander or is_commander)
        )

    def with_prerequisites(self, courses: tuple[str, ...]) -> tuple[str, ...]:
        """The named courses and everything they build on: whoever has finished them has all of it."""
        by_name = {c.name: c for c in self.courses}
        found: dict[str, None] = {}
        open_names = list(courses)
        while open_names:
            name = open_names.pop()
            if name not in found:
                found[name] = None
                open_names += by_name[name].prerequisites if name in by_name else ()
        return tuple(found)
