"""Use case: when a craft can come home to a zone."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from crossflight.app.orbit_file import Target, read_orbit_file, span, target_for
from crossflight.app.stretches import over_stretches
from crossflight.app.windows import to_second
from crossflight.flight.descent import Descent, descent_of
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.plane import Place
from crossflight.flight.zones import zones
from crossflight.model.opportunity import LandingOpportunity
from crossflight.times import Instant

SCHEMA: Final = "crossflight.landings/1"
_DAYS_USUAL: Final = 7.0


@dataclass(frozen=True, slots=True)
class LandingsOutcome:
    """Landing opportunities of one vehicle in one zone or group of zones."""

    target: Target
    zones: tuple[Place, ...]
    descent: Descent
    from_utc: Instant
    to_utc: Instant
    opportunities: tuple[LandingOpportunity, ...]


def landings(
    elements: str,
    zone: str,
    vehicle: str,
    from_text: str | None = None,
    to_text: str | None = None,
    days: float | None = None,
) -> LandingsOutcome:
    """Every landing of a span, over all zones of a group.

    Raises
    ------
    UsageError
        For a zone, vehicle or span that does not exist.
    InputError
        For elements that cannot be read or used.
    """
    places, descent = zones(zone), descent_of(vehicle)
    file = read_orbit_file(elements)
    start, end = span(file, from_text, to_text, days, _DAYS_USUAL)
    target = target_for(file, start, end)
    unflown = [z.name for z in places if z.name not in descent.zones]
    if unflown:
        flown = f"{descent.name} has landed in {', '.join(descent.zones)} only, not in {', '.join(unflown)}"
        target = replace(target, warnings=(*target.warnings, flown))
    found = [
        x
        for place in places
        for x, _ in over_stretches(
            file,
            start,
            end,
            lambda orbit, at, until, zone=place: landing_opportunities(  # type: ignore[misc]  # bound now
                orbit, zone, descent, vehicle, at, until
            ),
            lambda x: x.landing_utc,
        )
    ]
    found.sort(key=lambda x: (x.landing_utc.us, x.zone))
    return LandingsOutcome(target, places, descent, start, end, tuple(found))


def document(outcome: LandingsOutcome) -> dict[str, object]:
    """The JSON document ``crossflight.landings/1``."""
    d = outcome.descent
    return {
        "schema": SCHEMA,
        "elements": {
            "epoch_utc": outcome.target.epoch_utc.iso(),
            "source": outcome.target.source,
            "warnings": list(outcome.target.warnings),
        },
        "zones": [
            {
                "name": z.name,
                "latitude_deg": round(math.degrees(z.latitude_rad), 4),
                "longitude_deg": round(math.degrees(z.longitude_rad), 4),
            }
            for z in outcome.zones
        ],
        "descent": {"name": d.name, "n_flown": d.n_flown, "source": d.source},
        "from_utc": outcome.from_utc.iso(),
        "to_utc": outcome.to_utc.iso(),
        "opportunities": [opportunity_document(x) for x in outcome.opportunities],
    }


def opportunity_document(x: LandingOpportunity) -> dict[str, object]:
    """One landing as JSON."""
    return {
        "zone": x.zone,
        "undock_utc": to_second(x.undock_utc),
        "deorbit_utc": to_second(x.deorbit_utc),
        "landing_utc": to_second(x.landing_utc),
        "lat_deg": round(x.latitude_deg, 4),
        "lon_deg": round(x.longitude_deg, 4),
        "is_daylight": x.is_daylight,
        "beta_deg": round(x.beta_deg, 2),
        "sigma_s": round(x.sigma_s, 1),
        "probability": round(x.probability, 3),
    }
