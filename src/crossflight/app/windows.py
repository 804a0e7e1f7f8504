"""Use case: when can a craft be launched to the target, and what each lift-off allows."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from crossflight import __version__
from crossflight.app.orbit_file import (
    PlannedBurn,
    Target,
    instant_option,
    read_orbit_file,
    span,
    target_for,
)
from crossflight.app.stretches import over_stretches
from crossflight.errors import UsageError
from crossflight.flight.ascent import Ascent, Profile, ascent_of
from crossflight.flight.launch import launch_opportunities, opening_reboost
from crossflight.flight.plane import Place, passes
from crossflight.flight.zones import pad
from crossflight.formats.csv_table import csv_bytes
from crossflight.formats.ical import CalendarEvent, calendar_bytes
from crossflight.model.opportunity import LaunchOpportunity, Reboost, RendezvousProfile
from crossflight.times import Instant

SCHEMA: Final = "crossflight.windows/1"
_DAYS_USUAL: Final = 7.0
_DV_MAX_M_S: Final = 10.0  # a reboost of the station is 0.3 to 3 m/s
_TURN_DEG: Final = 372.0  # a turn of catching up, see flight.launch
_WANTED_DEG: Final = 0.5
_PASS_US: Final = 84_960_000_000  # 23 h 36 min
_NUMBER: Final = re.compile(r"[-+]?\d{1,3}(?:\.\d{1,6})?", re.ASCII)
_COORDINATES: Final = re.compile(r"([-+]?\d{1,2}(?:\.\d+)?),([-+]?\d{1,3}(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class WindowsOutcome:
    """Launch opportunities of one pad and one ascent."""

    target: Target
    pad: Place
    ascent: Ascent
    from_utc: Instant
    to_utc: Instant
    opportunities: tuple[LaunchOpportunity, ...]
    southbound_utc: tuple[Instant, ...] = ()
    wanted_phase_deg: float | None = None
    wanted: tuple[Reboost | None, ...] | None = None


def windows(
    elements: str,
    site: str,
    vehicle: str,
    recovery: str | None = None,
    from_text: str | None = None,
    to_text: str | None = None,
    days: float | None = None,
    burn_texts: Sequence[str] = (),
    reboost_text: str | None = None,
    wanted_phase_deg: float | None = None,
) -> WindowsOutcome:
    """Every lift-off of a span.

    Parameters
    ----------
    burn_texts
        Planned burns of the target, ``UTC=DELTA-V``.
    reboost_text
        When the reboost may be that opens a profile; else two weeks before the lift-off.
    wanted_phase_deg
        A phase to have at lift-off: the reboost for it is given with each one.

    Raises
    ------
    UsageError
        For a site, vehicle or span that does not exist.
    InputError
        For elements that cannot be read or used.
    """
    place, ascent = place_of(site), ascent_of(vehicle, recovery)
    lowest, highest = ascent.phase_from_deg, ascent.phase_from_deg + _TURN_DEG
    if wanted_phase_deg is not None and not lowest <= wanted_phase_deg <= highest:
        raise UsageError(
            f"--phase {wanted_phase_deg:g} is not between {lowest:g} and {highest:g} deg",
            hint="phases are counted over the whole catch-up; see docs/opportunities.md",
        )
    file = read_orbit_file(elements)
    start, end = span(file, from_text, to_text, days, _DAYS_USUAL)
    burns = tuple(_burn(text) for text in burn_texts)
    reboost_utc = None if reboost_text is None else instant_option("--reboost-on", reboost_text)
    target = target_for(file, start, end, burns)
    for what, at in (*(("--burn", b.at_utc) for b in burns), ("--reboost-on", reboost_utc)):
        if at is not None and not target.epoch_utc <= at < end:
            raise UsageError(
                f"{what} {at.iso()} is not between the epoch {target.epoch_utc.iso()} and {end.iso()}",
                hint="only burns that are still ahead move a phase",
            )
    pairs = tuple(
        over_stretches(
            file,
            start,
            end,
            lambda orbit, at, until: launch_opportunities(
                orbit, place, ascent, vehicle, at, until, reboost_utc
            ),
            lambda x: x.liftoff_utc,
            burns,
        )
    )
    southbound = passes(target.orbit, place, start, end, is_northbound=False)
    target = replace(target, warnings=(*target.warnings, *_unflown(ascent, place)))
    wanted = None
    if wanted_phase_deg is not None:
        window = Profile("", 0, 0.0, 0.0, wanted_phase_deg - _WANTED_DEG, wanted_phase_deg + _WANTED_DEG)
        wanted = tuple(
            opening_reboost(
                orbit, ascent, window, x.liftoff_utc, x.phase_deg if x.is_phase_known else None, reboost_utc
            )
            for x, orbit in pairs
        )
    return WindowsOutcome(
        target,
        place,
        ascent,
        start,
        end,
        tuple(x for x, _ in pairs),
        tuple(Instant(int(t)) for t in southbound),
        wanted_phase_deg,
        wanted,
    )


def _unflown(ascent: Ascent, place: Place) -> tuple[str, ...]:
    if place.name in ascent.pads or not ascent.pads:
        return ()
    return (f"{ascent.name} has flown from {', '.join(ascent.pads)} only, not from {place.name}",)


def _burn(text: str) -> PlannedBurn:
    when, sign, dv = text.partition("=")
    match = _NUMBER.fullmatch(dv)
    if not sign or match is None or abs(float(dv)) > _DV_MAX_M_S:
        raise UsageError(
            f"--burn {text!r} is not UTC=DELTA-V with up to {_DV_MAX_M_S:g} m/s",
            hint="write --burn 2022-09-18T10:00=0.8",
        )
    return PlannedBurn(instant_option("--burn", when), float(dv))


def place_of(site: str) -> Place:
    """A known pad, or a place given as ``LATITUDE,LONGITUDE`` in degrees.

    Raises
    ------
    UsageError
        If it is neither.
    """
    match = _COORDINATES.fullmatch(site.replace(" ", ""))
    if match is None:
        return pad(site)
    latitude, longitude = float(match.group(1)), float(match.group(2))
    if abs(latitude) > 90 or abs(longitude) > 360:
        raise UsageError(f"{site} is no place", hint="latitude -90 to 90, east longitude -180 to 360")
    return Place(site, math.radians(latitude), math.radians(longitude))


def document(outcome: WindowsOutcome) -> dict[str, object]:
    """The JSON document ``crossflight.windows/1``."""
    return {
        "schema": SCHEMA,
        "elements": {
            "epoch_utc": outcome.target.epoch_utc.iso(),
            "source": outcome.target.source,
            "warnings": list(outcome.target.warnings),
        },
        "site": {
            "name": outcome.pad.name,
            "latitude_deg": round(math.degrees(outcome.pad.latitude_rad), 4),
            "longitude_deg": round(math.degrees(outcome.pad.longitude_rad), 4),
        },
        "ascent": {
            "name": outcome.ascent.name,
            "lead_s": outcome.ascent.lead_s,
            "lead_sigma_s": outcome.ascent.lead_sigma_s,
            "n_flown": outcome.ascent.n_flown,
        },
        "from_utc": outcome.from_utc.iso(),
        "to_utc": outcome.to_utc.iso(),
        "opportunities": [opportunity_document(x) for x in outcome.opportunities],
        "wanted_phase": None
        if outcome.wanted is None
        else {
            "phase_deg": outcome.wanted_phase_deg,
            "reboosts": [None if r is None else reboost_document(r) for r in outcome.wanted],
        },
        "southbound_inplane_utc": [to_second(t) for t in outcome.southbound_utc],
    }


def opportunity_document(x: LaunchOpportunity) -> dict[str, object]:
    """One lift-off as JSON; instants to the second, as the sigma allows no more."""
    return {
        "liftoff_utc": to_second(x.liftoff_utc),
        "sigma_s": round(x.sigma_s, 1),
        "inplane_utc": to_second(x.inplane_utc),
        "phase_deg": round(x.phase_deg, 2),
        "phase_sigma_deg": round(min(x.phase_sigma_deg, 360.0), 2),
        "phase_known": x.is_phase_known,
        "profiles": [_profile_document(p) for p in x.profiles],
        "beta_deg": round(x.beta_deg, 2),
        "azimuth_deg": round(x.azimuth_deg, 2),
        "is_daylight_launch": x.is_daylight_launch,
    }


def _profile_document(p: RendezvousProfile) -> dict[str, object]:
    return {
        "name": p.name,
        "feasible": p.is_feasible,
        "probability": round(p.probability, 3),
        "dock_utc": to_second(p.dock_utc),
        "dock_sigma_s": round(p.dock_sigma_s),
        "is_daylight_dock": p.is_daylight_dock,
        "reboost": None if p.reboost is None else reboost_document(p.reboost),
    }


def reboost_document(r: Reboost) -> dict[str, object]:
    """A burn of the station as JSON."""
    return {
        "burn_utc": to_second(r.burn_utc),
        "dv_m_s": round(r.dv_m_s, 3),
        "propellant_kg": round(r.propellant_kg, 1),
        "altitude_km": round(r.altitude_km, 3),
        "is_typical": r.is_typical,
    }


def to_second(at: Instant) -> str:
    """An instant rounded to the second."""
    return Instant(round(at.us / 1e6) * 1_000_000).iso()


def csv_of(outcome: WindowsOutcome) -> bytes:
    """One row per lift-off and profile."""
    rows: list[tuple[str, ...]] = [
        (
            "liftoff_utc", "sigma_s", "inplane_utc", "phase_deg", "phase_known", "beta_deg", "azimuth_deg",
            "is_daylight_launch", "profile", "feasible", "probability", "dock_utc", "dock_sigma_s",
            "is_daylight_dock", "reboost_utc", "reboost_dv_m_s", "reboost_propellant_kg",
        )
    ]  # fmt: skip
    for x in outcome.opportunities:
        for p in x.profiles:
            burn = ("", "", "") if p.reboost is None else _burn_cells(p.reboost)
            rows.append((*_liftoff_cells(x), *_profile_cells(p), *burn))
    return csv_bytes(rows)


def _liftoff_cells(x: LaunchOpportunity) -> tuple[str, ...]:
    return (
        to_second(x.liftoff_utc),
        f"{x.sigma_s:.1f}",
        to_second(x.inplane_utc),
        f"{x.phase_deg:.2f}",
        _yes(x.is_phase_known),
        f"{x.beta_deg:.2f}",
        f"{x.azimuth_deg:.2f}",
        _yes(x.is_daylight_launch),
    )


def _profile_cells(p: RendezvousProfile) -> tuple[str, ...]:
    is_lit = "" if p.is_daylight_dock is None else _yes(p.is_daylight_dock)
    sigma, chance = f"{p.dock_sigma_s:.0f}", f"{p.probability:.3f}"
    return (p.name, _yes(p.is_feasible), chance, to_second(p.dock_utc), sigma, is_lit)


def _burn_cells(r: Reboost) -> tuple[str, ...]:
    return (to_second(r.burn_utc), f"{r.dv_m_s:.3f}", f"{r.propellant_kg:.1f}")


def ical_of(outcome: WindowsOutcome) -> bytes:
    """A calendar with one entry per lift-off; known by pad, vehicle and count of passes."""
    events = [
        CalendarEvent(
            flight=f"{outcome.pad.name} {outcome.ascent.name}",
            # Passes are 23 h 36 min apart: two may fall on one date, never on one count of them.
            key=f"launch {round(x.inplane_utc.us / _PASS_US)}",
            at_utc=Instant(round(x.liftoff_utc.us / 1e6) * 1_000_000),
            summary=f"{x.vehicle} from {x.pad}: {best_profile(x)}",
            location=x.pad,
            description=f"one sigma {x.sigma_s:.0f} s; in plane {to_second(x.inplane_utc)}; {phase_text(x)}; "
            f"beta {x.beta_deg:.0f} deg; {outcome.target.source}, epoch {outcome.target.epoch_utc.iso()}",
        )
        for x in outcome.opportunities
    ]
    name = f"windows {outcome.pad.name} {outcome.ascent.name}"
    title = f"Launch windows {outcome.pad.name}"
    return calendar_bytes(name, title, events, outcome.target.epoch_utc, __version__)


def best_profile(x: LaunchOpportunity) -> str:
    """The fastest profile the phase allows; what is known of it where the phase is not."""
    if not x.is_phase_known:
        return "phase unknown"
    return next((p.name for p in x.profiles if p.is_feasible), "no profile fits")


def phase_text(x: LaunchOpportunity) -> str:
    """The phase with its sigma, or that it is unknown."""
    if not x.is_phase_known:
        return "phase unknown"
    return f"phase {x.phase_deg:.1f} +- {x.phase_sigma_deg:.1f} deg"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
