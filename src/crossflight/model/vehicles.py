"""Vehicle types, named craft, launchers, pads and sites."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from crossflight.model.station import Closure
from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Site:
    """A launch site; geodetic latitude and east longitude in degrees (edge unit, WGS 84)."""

    name: str
    latitude_deg: float
    longitude_deg: float


@dataclass(frozen=True, slots=True)
class Pad:
    """A launch pad: the shortest time between two launches, and when it is out."""

    name: str
    site: str
    turnaround_days: float
    outages: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class Launcher:
    """A launch vehicle type and the pads it can use."""

    name: str
    pads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VehicleType:
    """A type of visiting vehicle.

    Attributes
    ----------
    provider
        The partner that flies it.
    system
        Docking or berthing mechanism; must equal the port's.
    ports
        Ports it may use; empty means every port with its system.
    n_seats_nominal, n_seats_contingency
        Seats; both zero for cargo craft.
    suit
        Pressure-suit family; suits are not interchangeable between makers.
    is_autonomous
        Can fly without crew.
    is_reusable
        Craft fly again after `turnaround_days` (landing to launch).
    on_orbit_life_days, life_waiver_days
        Certified life lift-off to landing, and how much a waiver can add.
    ascent_hours, return_hours
        Lift-off to docking and undocking to landing, as planned; where opportunities are computed, what
        they do not say.
    ascent
        Name of its ascent model (soyuz-2.1a, falcon-9-droneship, falcon-9-rtls, atlas-5-n22): it then
        launches when a pad is in the station's plane.  Without one it launches at a fixed hour.
    profile
        The rendezvous it is planned for, e.g. 2-orbit; without one it docks `ascent_hours` after lift-off.
    descent, landing_zones
        Name of its descent model (soyuz-ms, crew-dragon) and where it may land: it then comes home when a
        zone is under the station's track.  Without zones it undocks at a fixed hour.
    docked_days_min, docked_days_max
        Shortest and longest planned stay at the port.
    crew_patterns
        Seat counts per partner a planned rotation may carry up, e.g. ``{RS: 2, USOS: 1}``.
    has_backup_crew
        Every rotation flight has a backup crew, trained for its seats.
    n_long_stays_max
        How many of its crew may stay aboard and come home on the next craft of the type.
    n_relocations_max
        How often the planner may move it to another port in one visit, its crew aboard.
    return_weather_days
        Whole days by which weather may hold its return; a plan should survive such a wait.
    price
        Price of one flight in the scenario's price unit.
    upmass_kg
        Cargo delivered per commodity.
    launch_interval_days_min
        Shortest time between launches of this type.
    launch_lead_days, undock_lead_days
        How soon after something has happened one can be launched that was to go later, and a docked one
        leave; only repairs ask. [assumed] Soyuz MS-23 went up 44 days after it was decided to send it empty,
        its craft already at the launch site.
    plan_line
        The planner may add flights of this type beyond the announced ones.
    flight_name, flight_number
        How added flights are called: ``"Crew-{n}"`` counted from `flight_number`.
    """

    name: str
    provider: str
    launcher: str
    system: str
    ports: tuple[str, ...] = ()
    n_seats_nominal: int = 0
    n_seats_contingency: int = 0
    suit: str = ""
    is_autonomous: bool = False
    is_reusable: bool = False
    turnaround_days: float = 0.0
    on_orbit_life_days: float | None = None
    life_waiver_days: float = 0.0
    ascent_hours: float = 24.0
    return_hours: float = 6.0
    docked_days_min: float = 1.0
    docked_days_max: float | None = None
    crew_patterns: tuple[Mapping[str, int], ...] = ()
    n_long_stays_max: int = 0
    has_backup_crew: bool = False
    n_relocations_max: int = 0
    return_weather_days: int = 0
    price: float = 0.0
    upmass_kg: Mapping[str, float] = field(default_factory=dict)
    launch_interval_days_min: float = 1.0
    launch_lead_days: float = 30.0
    undock_lead_days: float = 1.0
    plan_line: bool = False
    flight_name: str = ""
    flight_number: int = 1
    ascent: str | None = None
    profile: str | None = None
    descent: str | None = None
    landing_zones: tuple[str, ...] = ()

    @property
    def is_crewed(self) -> bool:
        """Carries people."""
        return self.n_seats_nominal > 0

    def flight_names(self, taken: Collection[str]) -> Iterator[str]:
        """The names of added flights in launch order, without end; names in `taken` are passed over."""
        template = self.flight_name if "{n}" in self.flight_name else f"{self.flight_name or self.name} {{n}}"
        for n in count(self.flight_number):
            name = template.replace("{n}", str(n))
            if name not in taken:
                yield name


@dataclass(frozen=True, slots=True)
class Craft:
    """A serial-numbered vehicle (Endurance, Soyuz No. 751).

    `ready_utc` is the earliest launch; `unusable_from_utc` the instant from which it can no
    longer bring people home (it stays docked but its seats count for nothing).
    """

    name: str
    vehicle_type: str
    ready_utc: Instant | None = None
    n_flights_used: int = 0
    n_flights_allowed: int | None = None
    unusable_from_utc: Instant | None = None
