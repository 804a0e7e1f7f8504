"""The flown launches that opportunities are held against, with the elements known around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from crossflight.app.orbit_file import ARCHIVE, read_orbit_file
from crossflight.dynamics.mean_orbit import MeanOrbit, mean_orbit
from crossflight.flight.ascent import ASCENTS, Ascent, with_lead
from crossflight.flight.launch import phase_slope_s
from crossflight.flight.plane import passes, stand
from crossflight.flight.zones import PADS
from crossflight.history import flown_record
from crossflight.history.elements import booster_recoveries
from crossflight.history.record import FlownFlight
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

# Elements this near a launch give its in-plane instant to a few seconds.
NEAR_DAYS: Final = 3.0
_HALF_DAY_S: Final = 43_200.0
# Scatter of a lead measured once, and of one with too few flights to say: that of the Falcon 9 groups.
_SIGMA_USUAL_S: Final = 13.0
_SIGMA_MIN_S: Final = 4.0
_N_SIGMA_MIN: Final = 3
_FAST_HOURS: Final = 4.0
_SLOW_HOURS: Final = 40.0
_USAGE_WINDOWS: Final = {"2-orbit": (-6.0, 2.0), "4-orbit": (2.0, 26.0), "34-orbit": (26.0, 366.0)}
_VEHICLES: Final = ("soyuz-ms", "progress-ms", "crew-dragon", "starliner", "cargo-dragon")


@dataclass(frozen=True, slots=True)
class FlownLaunch:
    """A launch of the record: its ascent, and the lead measured with the nearest elements.

    `is_to_second` is false for a lift-off the record has only to the minute (its seconds are zero).
    """

    flight: FlownFlight
    ascent: Ascent
    elements: ElementSet
    age_days: float
    lead_s: float
    phase_deg: float

    @property
    def is_to_second(self) -> bool:
        """Whether the record gives the second."""
        return self.flight.launch_utc.us % 60_000_000 != 0

    @property
    def hours(self) -> float | None:
        """Lift-off to docking."""
        dock = self.flight.dock_utc
        return None if dock is None else dock.s_since(self.flight.launch_utc) / 3600


@cache
def archive() -> tuple[ElementSet, ...]:
    """The shipped element sets in order of epoch."""
    return read_orbit_file(ARCHIVE).elements


def orbit_of(elements: ElementSet) -> MeanOrbit:
    """The mean orbit with what was known at its epoch: older sets only."""
    return mean_orbit(elements, tuple(e for e in archive() if e.epoch_utc < elements.epoch_utc))


def flown_ascent(flight: FlownFlight) -> Ascent | None:
    """The ascent of a flight of the record; None where its recovery mode or its launcher is not known."""
    if flight.vehicle_type not in _VEHICLES or flight.pad not in PADS:
        return None
    fitting = [a for a in ASCENTS if flight.vehicle_type in a.vehicles]
    if len(fitting) == 1:
        return fitting[0]
    mode = booster_recoveries().get(flight.name)
    return next((a for a in fitting if a.recovery == mode), None)


def measured(flight: FlownFlight, ascent: Ascent, elements: ElementSet) -> FlownLaunch:
    """The lead and phase of a flown launch by one element set."""
    orbit, place, liftoff = orbit_of(elements), PADS[flight.pad], flight.launch_utc
    near = passes(orbit, place, liftoff.plus_s(-_HALF_DAY_S), liftoff.plus_s(_HALF_DAY_S), is_northbound=True)
    inplane = min((int(t) for t in near), key=lambda t: abs(t - liftoff.us))
    lowest = np.radians(ascent.phase_from_deg)
    phase = (float(stand(orbit, place, liftoff.us).lead[0]) - lowest) % (2 * np.pi) + lowest
    lead = (inplane - liftoff.us) / 1e6 + phase_slope_s(orbit, ascent) * phase
    age = liftoff.days_since(elements.epoch_utc)
    return FlownLaunch(flight, ascent, elements, age, lead, float(np.degrees(phase)))


@cache
def launches(*, is_foresight: bool = False) -> tuple[FlownLaunch, ...]:
    """Launches with elements within three days: the nearest, or the last dated before lift-off."""
    found = []
    for flight in flown_record().flights:
        ascent = flown_ascent(flight)
        if ascent is None:
            continue
        known = [e for e in archive() if not is_foresight or e.epoch_utc < flight.launch_utc]
        elements = min(known, key=lambda e: abs(e.epoch_utc.s_since(flight.launch_utc)), default=None)
        if elements is None or abs(flight.launch_utc.days_since(elements.epoch_utc)) > NEAR_DAYS:
            continue
        found.append(measured(flight, ascent, elements))
    return tuple(found)


def _shares_lead(one: Ascent, other: Ascent) -> bool:
    return (one.launcher, one.recovery) == (other.launcher, other.recovery)


def lead_of(group: Sequence[FlownLaunch], ascent: Ascent) -> tuple[float, float, int]:
    """Mean lead, its scatter and the number of launches to the second of one ascent."""
    leads = [x.lead_s for x in group if _shares_lead(x.ascent, ascent) and x.is_to_second]
    if not leads:
        return ascent.lead_s, ascent.lead_sigma_s, 0
    sigma = float(np.std(leads, ddof=1)) if len(leads) >= _N_SIGMA_MIN else _SIGMA_USUAL_S
    return float(np.mean(leads)), max(sigma, _SIGMA_MIN_S), len(leads)


def ascent_without(flight: FlownFlight, ascent: Ascent) -> Ascent:
    """The ascent as the other launches give it: for scoring `flight`."""
    return with_lead(ascent, *lead_of([x for x in launches() if x.flight.name != flight.name], ascent))


def usage(
    vehicle: str, before: Instant | None = None, since: Instant | None = None
) -> tuple[tuple[float, float, float], ...]:
    """What profiles Soyuz or Progress flew in a span: shares of phases, as `Ascent.phase_shares`.

    Counts with half a flight added to each profile (Jeffreys' prior): never flown is not never.
    """
    counts = dict.fromkeys(_USAGE_WINDOWS, 0.5)
    for flight in flown_record().flights:
        hours = None if flight.dock_utc is None else flight.dock_utc.s_since(flight.launch_utc) / 3600
        at = flight.launch_utc
        if flight.vehicle_type != vehicle or hours is None:
            continue
        if (before is not None and at >= before) or (since is not None and at < since):
            continue
        counts[profile_by_hours(hours)] += 1
    total = sum(counts.values())
    return tuple((counts[name] / total, *window) for name, window in _USAGE_WINDOWS.items())


def profile_by_hours(hours: float) -> str:
    """The Soyuz profile of a flight that took so long to its docking."""
    return "2-orbit" if hours < _FAST_HOURS else "34-orbit" if hours > _SLOW_HOURS else "4-orbit"


def nearest_liftoff(times: Sequence[Instant], real: Instant) -> Instant:
    """The predicted lift-off nearest to the real one."""
    return min(times, key=lambda t: abs(t.s_since(real)))
