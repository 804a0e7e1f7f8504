"""How well landing opportunities meet flown landings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np

from crossflight.app.validation.flown_launches import archive, orbit_of
from crossflight.app.validation.section import Section, median_size
from crossflight.flight.descent import Descent, descent_of
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.plane import passes, stand
from crossflight.flight.zones import ZONES
from crossflight.history import flown_record
from crossflight.history.elements import landing_zones
from crossflight.history.record import FlownFlight
from crossflight.model.opportunity import LandingOpportunity
from crossflight.model.orbit import ElementSet

# The bound asked for, for Soyuz; Dragon follows the plane alone, which older elements still give.
SOYUZ_NEAR_DAYS: Final = 4.0
_SOYUZ_FIT_DAYS: Final = 13.0
_FORESIGHT_DAYS: Final = 13.0
_DRAGON_NEAR_DAYS: Final = 60.0
# Undocking to touchdown of a Soyuz: the constant that needs no orbit at all.
_NULL_SOYUZ_S: Final = 12_160.0
_HALF_DAY: Final = 0.5


@dataclass(frozen=True, slots=True)
class FlownLanding:
    """A landing of the record with the nearest elements; lead and time after the plane as measured."""

    flight: FlownFlight
    zone: str
    elements: ElementSet
    age_days: float
    lead_rad: float
    after_plane_s: float


@cache
def landings(vehicle: str, near_days: float, *, is_foresight: bool = False) -> tuple[FlownLanding, ...]:
    """Landings with elements within `near_days`, dated before where foresight is asked, of known zones."""
    found = []
    for flight in flown_record().flights:
        zone = "kazakhstan" if vehicle == "soyuz-ms" else landing_zones().get(flight.name)
        landing = flight.landing_utc
        if flight.vehicle_type != vehicle or landing is None or flight.dock_utc is None or zone is None:
            continue
        known = [e for e in archive() if not is_foresight or e.epoch_utc < (flight.undock_utc or landing)]
        elements = min(known, key=lambda e: abs(e.epoch_utc.s_since(landing)))
        age = landing.days_since(elements.epoch_utc)
        if abs(age) > near_days:
            continue
        orbit, place = orbit_of(elements), ZONES[zone]
        lead = float(stand(orbit, place, landing.us).lead[0])
        near = [
            int(t)
            for is_northbound in (True, False)
            for t in passes(
                orbit, place, landing.plus_days(-_HALF_DAY), landing.plus_days(_HALF_DAY),
                is_northbound=is_northbound,
            )
        ]  # fmt: skip
        after = min((landing.us - t for t in near), key=abs) / 1e6
        found.append(FlownLanding(flight, zone, elements, age, lead, after))
    return tuple(found)


def _without(descent: Descent, flown: FlownLanding, others: Sequence[FlownLanding]) -> Descent:
    """The descent as the other landings give it."""
    left = [x for x in others if x.flight.name != flown.flight.name]
    if descent.lead_rad is not None:
        return replace(descent, lead_rad=float(np.mean([x.lead_rad for x in left])))
    return replace(descent, after_plane_s=float(np.mean([x.after_plane_s for x in left])))


def _of_day(flown: FlownLanding, descent: Descent) -> tuple[LandingOpportunity, ...]:
    landing = flown.flight.landing_utc
    assert landing is not None
    return landing_opportunities(
        orbit_of(flown.elements), ZONES[flown.zone], descent, flown.flight.vehicle_type,
        landing.plus_days(-_HALF_DAY), landing.plus_days(_HALF_DAY),
    )  # fmt: skip


def _errors(
    flown: Sequence[FlownLanding], descent: Descent, others: Sequence[FlownLanding], plane_only_s: float
) -> list[tuple[FlownLanding, float, int, float]]:
    """Per landing: error of the nearest opportunity (minutes), how many that day, the null model's error."""
    result = []
    for x in flown:
        landing, undock = x.flight.landing_utc, x.flight.undock_utc
        assert landing is not None
        found = _of_day(x, _without(descent, x, others))
        error = min((o.landing_utc.s_since(landing) / 60 for o in found), key=abs, default=float("nan"))
        null_s = _NULL_SOYUZ_S - landing.s_since(undock) if undock and plane_only_s == 0 else -x.after_plane_s
        result.append((x, error, len(found), null_s / 60))
    return result


def soyuz_section(*, is_foresight: bool = False) -> Section:
    """Soyuz: the station's lead decides."""
    near_days = _FORESIGHT_DAYS if is_foresight else SOYUZ_NEAR_DAYS
    flown = landings("soyuz-ms", near_days, is_foresight=is_foresight)
    others = landings("soyuz-ms", _SOYUZ_FIT_DAYS)
    scored = _errors(flown, descent_of("soyuz-ms"), others, 0.0)
    rows = [
        (x.flight.name, f"{x.age_days:.1f}", f"{error:+.2f}", str(n), f"{null:+.2f}")
        for x, error, n, null in scored
    ]
    worst = max(abs(error) for _, error, _, _ in scored)
    what = "dated before undocking" if is_foresight else "on either side"
    return Section(
        "landing-soyuz-foresight" if is_foresight else "landing-soyuz",
        f"Soyuz landings, elements within {near_days:.0f} days, {what}",
        "Each is predicted with the mean lead of the landings that have elements within "
        f"{_SOYUZ_FIT_DAYS:.0f} days, without itself. Negative ages are of elements from after the landing. "
        "Null model: the real undocking + 3 h 22 min 40 s, which must be told the undocking; the "
        "opportunity is told the day.",
        ("flight", "elements' age d", "error min", "opportunities that day", "null error min"),
        tuple(rows),
        {"n": len(scored), "worst_min": worst, "most_a_day": max(n for _, _, n, _ in scored)},
    )


def dragon_section() -> Section:
    """Dragon: the plane decides."""
    flown = landings("crew-dragon", _DRAGON_NEAR_DAYS)
    scored = _errors(flown, descent_of("crew-dragon"), flown, 1.0)
    rows = [
        (x.flight.name, x.zone, f"{x.age_days:.0f}", f"{error:+.1f}", str(n), f"{null:+.1f}")
        for x, error, n, null in scored
    ]
    errors = [error for _, error, _, _ in scored]
    nulls = [null for _, _, _, null in scored]
    return Section(
        "landing-dragon",
        "Dragon splashdowns in known zones",
        "Elements on either side of the landing (negative ages: from after it): the plane is what counts. "
        f"Each is predicted with the time after the plane of the other {len(flown) - 1}. Median "
        f"{median_size(errors):.1f} min. Null model: at the moment the zone is in the plane (median "
        f"{median_size(nulls):.1f} min).",
        ("flight", "zone", "elements' age d", "error min", "opportunities that day", "null error min"),
        tuple(rows),
        {
            "n": len(scored), "worst_min": max(map(abs, errors)), "median_min": median_size(errors),
            "null_median_min": median_size(nulls),
        },
    )  # fmt: skip
