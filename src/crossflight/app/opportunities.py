"""What a scenario's station orbit allows: every lift-off and every landing over its horizon."""

from __future__ import annotations

from functools import lru_cache
from math import radians

from crossflight.app.orbit_file import OrbitFile, refuse_far, target_for
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import InputError, ReferenceInputError, UsageError
from crossflight.flight.ascent import ascent_named
from crossflight.flight.descent import descent_named
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.plane import Place
from crossflight.flight.zones import PADS, zones
from crossflight.formats.tle import read_tle
from crossflight.model import Opportunities, Scenario, StationElements
from crossflight.times import Instant

# Landings follow undockings by up to two days (Ax-3 flew free for 47 h).
_DAYS_AFTER = 3.0


def opportunities_of(
    scenario: Scenario, from_utc: Instant | None = None, to_utc: Instant | None = None
) -> Opportunities | None:
    """Lift-offs and landings between two instants, by default over the horizon; None without an orbit.

    Raises
    ------
    InputError
        If the element set cannot be used, was not yet known on the knowledge date, or a vehicle type names an
        ascent, a descent or a zone that does not exist.
    """
    given = scenario.station.elements
    if given is None:
        return None
    file = _elements(given, scenario.name)
    epoch = file.last_utc
    if epoch > scenario.known_utc:
        raise InputError(
            f"station.elements are of {epoch.iso()}, after the knowledge date {scenario.known_utc.date()}",
            hint="give the last set published before it",
            file=scenario.name,
        )
    start, end = from_utc or scenario.from_utc, to_utc or scenario.to_utc
    orbit = _orbit(file, start, end)
    launches = {}
    landings = {}
    try:
        for vehicle in scenario.vehicle_types:
            if vehicle.ascent:
                for pad in next(x.pads for x in scenario.launchers if x.name == vehicle.launcher):
                    launches[vehicle.name, pad] = launch_opportunities(
                        orbit, _pad(scenario, pad), ascent_named(vehicle.ascent), vehicle.name, start, end
                    )
            if vehicle.descent and vehicle.landing_zones:
                descent = descent_named(vehicle.descent)
                found = [
                    x
                    for name in vehicle.landing_zones
                    for zone in zones(name)
                    for x in landing_opportunities(
                        orbit, zone, descent, vehicle.name, start, end.plus_days(_DAYS_AFTER)
                    )
                ]
                landings[vehicle.name] = tuple(sorted(found, key=lambda x: (x.landing_utc.us, x.zone)))
    except UsageError as e:
        raise ReferenceInputError(f"{vehicle.name}: {e.message}", hint=e.hint, file=scenario.name) from None
    return Opportunities(f"element set of {epoch.iso()}", epoch, launches, landings)


@lru_cache(maxsize=8)
def _elements(given: StationElements, name: str) -> OrbitFile:
    sets = read_tle(f"{given.line1}\n{given.line2}\n", f"{name}: station.elements")
    return OrbitFile(name, sets, None)


@lru_cache(maxsize=8)
def _orbit_of(file: OrbitFile) -> MeanOrbit:
    return target_for(file, file.last_utc, file.last_utc).orbit


def _orbit(file: OrbitFile, start: Instant, end: Instant) -> MeanOrbit:
    """The orbit of the one set there is; a span years from it is refused."""
    refuse_far(file.last_utc, start, file.label)
    refuse_far(file.last_utc, end, file.label)
    return _orbit_of(file)


def _pad(scenario: Scenario, name: str) -> Place:
    """The pad's own coordinates where we know them, else those of its site."""
    if name in PADS:
        return PADS[name]
    site_name = next(p.site for p in scenario.pads if p.name == name)
    site = next(s for s in scenario.sites if s.name == site_name)
    return Place(name, radians(site.latitude_deg), radians(site.longitude_deg))
