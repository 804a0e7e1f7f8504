"""How well lift-offs are foreseen months and a year ahead, and how honest the sigma is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from crossflight.app.validation.flown_launches import (
    archive,
    ascent_without,
    flown_ascent,
    orbit_of,
    usage,
)
from crossflight.app.validation.lift_offs import NULL_LEAD_S
from crossflight.app.validation.section import Section, median_size
from crossflight.dynamics.ephemeris_orbit import node_rate_rad_s
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.flight.ascent import Ascent
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.plane import passes
from crossflight.flight.zones import PADS
from crossflight.history import flown_record
from crossflight.history.record import FlownFlight
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

# Days ahead, and how far from it the age of the elements may be.
HORIZONS: Final = ((30, 10.0), (90, 15.0), (180, 20.0), (365, 30.0))
# The null model knows nothing of the altitude: the station is at 415 km, always.
_NULL_AXIS_M: Final = 6_378_137.0 + 415_000.0
_CREWED: Final = ("rotation", "visiting", "taxi")


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A launch foreseen from an older element set; errors and sigma in minutes."""

    flight: str
    age_days: float
    error_min: float
    sigma_min: float
    inplane_error_min: float
    null_error_min: float


def foreseen(days: int, tolerance: float, *, is_crewed_only: bool = True) -> tuple[Foreseen, ...]:
    """Launches with elements about `days` old: the set whose age is nearest to that."""
    result = []
    for flight in flown_record().flights:
        if is_crewed_only and flight.kind not in _CREWED:
            continue
        ascent = flown_ascent(flight)
        elements = _aged(flight, days, tolerance)
        if ascent is not None and elements is not None:
            result.append(_foreseen(flight, ascent, elements))
    return tuple(result)


def _aged(flight: FlownFlight, days: int, tolerance: float) -> ElementSet | None:
    ages = [(abs(flight.launch_utc.days_since(e.epoch_utc) - days), i) for i, e in enumerate(archive())]
    miss, index = min(ages)
    return archive()[index] if miss <= tolerance else None


def _foreseen(flight: FlownFlight, ascent: Ascent, elements: ElementSet) -> Foreseen:
    orbit, pad, real = orbit_of(elements), PADS[flight.pad], flight.launch_utc
    from_utc, to_utc = real.plus_days(-0.5), real.plus_days(0.5)
    ours = ascent_without(flight, ascent)
    if ascent.launcher == "soyuz-2.1a":
        # What was usual then: flights before the elements' day only.
        ours = replace(ours, phase_shares=usage(flight.vehicle_type, elements.epoch_utc))
    found = launch_opportunities(orbit, pad, ours, flight.vehicle_type, from_utc, to_utc)
    best = min(found, key=lambda o: abs(o.liftoff_utc.s_since(real)))
    null_pass = _nearest(passes(_null_orbit(orbit), pad, from_utc, to_utc, is_northbound=True), real)
    null_s = (null_pass - real.us) / 1e6 - NULL_LEAD_S
    near = min(archive(), key=lambda e: abs(e.epoch_utc.s_since(real)))
    inplane_min = float("nan")
    if abs(near.epoch_utc.days_since(real)) <= 10:
        true_pass = _nearest(passes(orbit_of(near), pad, from_utc, to_utc, is_northbound=True), real)
        inplane_min = (best.inplane_utc.us - true_pass) / 60e6
    return Foreseen(
        flight.name,
        real.days_since(elements.epoch_utc),
        best.liftoff_utc.s_since(real) / 60,
        best.sigma_s / 60,
        inplane_min,
        null_s / 60,
    )


def _nearest(passes_us: Iterable[int], real: Instant) -> int:
    return min((int(t) for t in passes_us), key=lambda t: abs(t - real.us))


def _null_orbit(orbit: MeanOrbit) -> MeanOrbit:
    rate = node_rate_rad_s(_NULL_AXIS_M, orbit.inclination_rad, Instant(orbit.epoch_us))
    return MeanOrbit(
        orbit.epoch_us, _NULL_AXIS_M, 0.0, orbit.inclination_rad, orbit.node_rad, rate,
        orbit.latitude_argument_rad, orbit.latitude_argument_rate_rad_s,
    )  # fmt: skip


def ahead_section(*, is_crewed_only: bool = True) -> Section:
    """Errors by horizon, beside a station of fixed altitude."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for days, tolerance in HORIZONS:
        items = foreseen(days, tolerance, is_crewed_only=is_crewed_only)
        errors = np.array([x.error_min for x in items])
        sigmas = np.array([x.sigma_min for x in items])
        inplane = np.array([x.inplane_error_min for x in items])
        inplane = inplane[np.isfinite(inplane)]
        inside = float(np.mean(np.abs(errors) <= sigmas))
        within = float(np.mean(np.abs(errors) <= 10))
        null = median_size([x.null_error_min for x in items])
        rows.append(
            (
                str(days), f"{np.mean([x.age_days for x in items]):.0f}", str(len(items)),
                f"{median_size(errors):.2f}", f"{np.max(np.abs(errors)):.1f}",
                f"{within:.0%}", f"{inside:.0%}", f"{np.mean(sigmas):.2f}", f"{median_size(inplane):.2f}",
                str(inplane.size), f"{null:.2f}",
            )
        )  # fmt: skip
        figures |= {
            f"median_{days}_min": median_size(errors), f"inside_{days}": inside, f"within_10_{days}": within,
            f"null_{days}_min": null, f"n_{days}": len(items), f"inplane_{days}_min": median_size(inplane),
            f"sigma_{days}_min": float(np.mean(sigmas)),
        }  # fmt: skip
    return Section(
        "ahead" if is_crewed_only else "ahead-with-cargo",
        f"Lift-off foreseen, {'flights with a crew' if is_crewed_only else 'cargo too'}",
        "From the element set whose age is nearest to the horizon, with older sets only, and with the "
        "profiles Soyuz and Progress had flown by then as what is usual. The sigma was measured on pairs of "
        "element sets of the same archive, not on lift-offs. 'In plane' leaves the lead out, and with it the "
        "unknown phase (half a second of lift-off each degree); it needs elements within ten days of the "
        "launch to compare with. Null model: a station always at 415 km, launches 200 s before the plane.",
        ("days", "mean age", "n", "median min", "worst", "within 10 min", "inside 1 sigma", "mean sigma",
         "in plane", "n", "null median"),
        tuple(rows),
        figures,
    )  # fmt: skip
