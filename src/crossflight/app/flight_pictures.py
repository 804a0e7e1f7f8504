"""What the plots of a flight show, gathered from the flight."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.dynamics.events import UMBRA, shadow, sub_point
from crossflight.flight.docking import ContactLimits, limits_of
from crossflight.flight.flight_phases import Arc
from crossflight.flight.keep_out import CORRIDOR_HALF_ANGLE_RAD, ELLIPSOID_M, SPHERE_M
from crossflight.flight.proximity_result import ProximityResult
from crossflight.report.approach_plots import (
    ApproachPicture,
    ContactBox,
    ContactPoints,
    approach,
    contacts,
    samples,
)
from crossflight.report.flight_plots import Catch, Place, Track, altitude_and_range, ground_track
from crossflight.times import Instant

Array = NDArray[np.float64]

_STEP_S: Final = 20.0


def pictures(o: FlightOutcome) -> dict[str, bytes]:
    """SVG files by name."""
    found = {"ground-track.svg": _ground(o)}
    if o.rendezvous:
        found["altitude-range.svg"] = _catch(o)
    if o.approach is not None and o.approach.paths:
        found["approach.svg"] = _approach(o, o.approach)
    points = _contacts(o)
    if len(points.y_m):
        found["contact.svg"] = contacts(_contact_title(o, points), points, _box(limits_of(o.craft.docking)))
    if o.samples is not None and o.samples.is_docked.any():
        docked_us = o.samples.contact_utc_us[o.samples.is_docked]
        late_s = (docked_us - np.median(docked_us)) / 1e6
        low, high = np.percentile(late_s, (5, 95))
        title = (
            f"{int(o.samples.is_docked.sum())} of {o.samples.n} samples dock, "
            f"90 % of them within {high - low:.0f} s of one another"
        )
        found["samples.svg"] = samples(title, late_s, o.samples.dv_m_s[o.samples.is_docked])
    return found


def _hours(o: FlightOutcome, utc: Instant) -> float:
    return utc.s_since(o.ascent.liftoff_utc) / 3600


def _span(hours: float) -> str:
    minutes = round(hours * 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes < 2880 else f"{hours / 24:.1f} days"


def _ground(o: FlightOutcome) -> bytes:
    tracks = []
    for phase in o.phases:
        if not phase.exit.arcs:
            continue
        path = _whole(phase.exit.arcs)
        t_us = _steps(int(path.t_utc_us[0]), int(path.t_utc_us[-1]))
        states = np.array([path.state_at(Instant(int(t))) for t in t_us])
        latitude, longitude, _ = sub_point(t_us, states[:, :3])
        kind = phase.phase.name if phase.phase.name in ("ascent", "return") else "orbit"
        tracks.append(Track(kind, np.degrees(longitude), np.degrees(latitude)))
    places = [Place("pad", o.pad.name, *_lon_lat(o.pad.longitude_rad, o.pad.latitude_rad))]
    for burn in (b for b in o.burns if b.is_made):
        state = next((y for y in (a.state_at(burn.utc) for a in o.arcs) if y is not None), None)
        if state is not None:
            latitude, longitude, _ = sub_point(burn.utc.us, state[None, :3])
            places.append(Place("burn", burn.name, *_lon_lat(longitude[0], latitude[0])))
    contact = o.contact
    if contact is not None:
        y = o.track.states(contact.utc.us)[0]
        latitude, longitude, _ = sub_point(contact.utc.us, y[None, :3])
        places.append(Place("contact", "contact", *_lon_lat(longitude[0], latitude[0])))
    down = o.touchdown
    if down is not None:
        name = "landing" if o.home is None else f"landing, {o.home.zone}"
        places.append(Place("landing", name, down.longitude_deg, down.latitude_deg))
    if contact is not None:
        what = f"docks at {o.port.name} after {_span(_hours(o, contact.utc))}"
    else:
        what = f"ends by {o.phases[-1].exit.name.replace('-', ' ')}"
    return ground_track(f"{o.craft.name} from {o.pad.name} {what}", tracks, places)


def _whole(arcs: Sequence[Arc]) -> Arc:
    """One arc of many; where they leave out a burn it goes on by Hermite's cubic, a kilometre off at most."""
    t_us, k = np.unique(np.concatenate([a.t_utc_us for a in arcs]), return_index=True)
    return Arc("", t_us, np.vstack([a.states_gcrf for a in arcs])[k])


def _lon_lat(longitude_rad: float, latitude_rad: float) -> tuple[float, float]:
    return float(np.degrees(longitude_rad)), float(np.degrees(latitude_rad))


def _steps(from_us: int, to_us: int) -> NDArray[np.int64]:
    n = max(2, int((to_us - from_us) / (_STEP_S * 1e6)) + 1)
    return np.linspace(from_us, to_us, n).astype(np.int64)


def _catch(o: FlightOutcome) -> bytes:
    """From insertion to contact or wherever it ends."""
    path = _whole([a for p in o.phases if p.phase.name in ("rendezvous", "approach") for a in p.exit.arcs])
    t_us, states = path.t_utc_us, path.states_gcrf
    station = o.track.states(t_us)
    away_km = np.linalg.norm(states[:, :3] - station[:, :3], axis=1) / 1000
    catch = Catch(
        (t_us - o.ascent.liftoff_utc.us) / 3.6e9,
        sub_point(t_us, states[:, :3])[2] / 1000,
        sub_point(t_us, station[:, :3])[2] / 1000,
        away_km,
        shadow(t_us, states[:, :3]) == UMBRA,
    )
    near = np.flatnonzero(away_km > 100.0)
    left = catch.hours[-1] - catch.hours[near[-1]] if len(near) else 0.0
    low, high = catch.altitude_km[[0, -1]]
    title = f"From {low:.0f} to {high:.0f} km; the last 100 km take {_span(left)}"
    burns = [(_hours(o, b.utc), b.name) for b in o.burns if b.is_made and b.utc.us <= t_us[-1]]
    return altitude_and_range(title, catch, burns)


def _approach(o: FlightOutcome, near: ProximityResult) -> bytes:
    path = near.paths[0]
    begins = near.stage_t_s[:, 0]
    marks = []
    for stage, t in zip(near.approach.stages, begins, strict=True):
        if stage.event and np.isfinite(t):
            k = int(np.clip(np.searchsorted(path.t_s, t), 0, len(path.t_s) - 1))
            x, y, z = (float(c) for c in path.states_lvlh[k, :3])
            marks.append((stage.event.replace("-", " "), (x, y, z)))
    contact = o.contact
    end = f"contact at {contact.closing_m_s:.2f} m/s" if contact else o.phases[-1].exit.name.replace("-", " ")
    title = f"{o.craft.name} to {o.port.name}: {end}, {_span(float(near.end_t_s[0]) / 3600)} after arrival"
    picture = ApproachPicture(
        path.states_lvlh[:, :3],
        marks,
        o.port.position_m,
        o.port.axis,
        ELLIPSOID_M,
        SPHERE_M,
        CORRIDOR_HALF_ANGLE_RAD,
    )
    return approach(title, picture)


def _contacts(o: FlightOutcome) -> ContactPoints:
    """Those of the samples, or the flight's own."""
    if o.samples is not None:
        s = o.samples
        met = np.isfinite(s.closing_m_s)
        return ContactPoints(
            s.contact_y_m[met],
            s.contact_z_m[met],
            s.closing_m_s[met],
            s.lateral_m_s[met],
            s.is_within_limits[met],
        )
    if o.approach is None or o.contact is None:
        nothing = np.zeros(0)
        return ContactPoints(nothing, nothing, nothing, nothing, np.zeros(0, np.bool_))
    c = o.approach.contacts
    return ContactPoints(c.y_m[:1], c.z_m[:1], c.closing_m_s[:1], c.lateral_m_s[:1], c.is_within[:1])


def _contact_title(o: FlightOutcome, points: ContactPoints) -> str:
    limits = limits_of(o.craft.docking).name
    if len(points.y_m) == 1:
        where = "within" if points.is_within[0] else "outside"
        return f"{o.craft.name} meets {o.port.name} {where} the {limits} limits"
    return f"{int(points.is_within.sum())} of {len(points.y_m)} contacts lie within the {limits} limits"


def _box(limits: ContactLimits) -> ContactBox:
    return ContactBox(
        limits.name, limits.closing_from_m_s, limits.closing_to_m_s, limits.lateral_m_s, limits.lateral_m
    )
