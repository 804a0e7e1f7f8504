"""What the report draws of a flown flight: paths, marks, places, the approach, contacts, the spread."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.app.flight_track import (
    LOCAL_M,
    flat,
    frozen_axes,
    short_local,
    short_orbit,
    sun_unit,
)
from crossflight.flight.docking import limits_of
from crossflight.flight.keep_out import (
    CORRIDOR_FOOT_M,
    CORRIDOR_HALF_ANGLE_RAD,
    ELLIPSOID_M,
    SPHERE_M,
)
from crossflight.flight.plane import Place
from crossflight.flight.proximity_result import RecordedPath
from crossflight.flight.samples import CHUNK, has_arrived
from crossflight.flight.zones import PADS, ZONES
from crossflight.report.flight_shape import (
    ContactDots,
    Drawing,
    Inset,
    LocalPath,
    Mark,
    PathArc,
    Spot,
    Spread,
)
from crossflight.report.names import flight_name, spoken
from crossflight.times import Instant

Array = NDArray[np.float64]
Kind = Literal["event", "burn", "contact", "landing"]

_KINDS: Final[dict[str, Kind]] = {"contact": "contact", "landing": "landing"}
# Rows as short as the tolerance of flight_track allows: 0.1 s, 0.1 km, 0.1 m/s.
_ORBIT_DIGITS: Final = (1, 2, 2, 2, 4, 4, 4)
_LOCAL_DIGITS: Final = (1, 1, 1, 1)
_STATION_STEP_S: Final = 20.0
_BEFORE_S: Final = 600.0
_N_SAMPLED_MAX: Final = 30
_N_DOTS_MAX: Final = 1000
# The inset shows two kilometres; a little more, so that paths come in from outside.
_INSET_M: Final = 2600.0


def drawing(o: FlightOutcome) -> Drawing:
    """All of it; see :mod:`crossflight.report.flight_shape`."""
    liftoff = o.ascent.liftoff_utc
    axes = frozen_axes(liftoff)
    arcs = _arcs(o, axes)
    to_s = max(a["rows"][-7] for a in arcs)
    docked = _docked_s(o)
    if docked:
        to_s = max(to_s, docked[1])
    return {
        "liftoff_utc": liftoff.iso(),
        "from_s": -_BEFORE_S,
        "to_s": to_s,
        "docked_s": docked,
        "craft": flight_name(o.vehicle, o.flight.name if o.flight else ""),
        "station": _station_name(o.elements.object_name),
        "arcs": arcs,
        "station_rows": _station(o, axes, to_s),
        "sun": [sun_unit(axes, liftoff.plus_s(t)) for t in (-_BEFORE_S, to_s)],
        "marks": _marks(o),
        "spots": _spots(o),
        "inset": _inset(o),
        "contacts": _contacts(o),
        "spread": _spread(o),
    }


def _rows(axes: Array, liftoff: Instant, t_us: NDArray[np.int64], states_gcrf: Array) -> Array:
    """Rows (n, 7) of seconds, kilometres and kilometres a second in the frozen axes."""
    t_s = (t_us - liftoff.us) / 1e6
    return np.column_stack((t_s, states_gcrf[:, :3] @ axes.T / 1e3, states_gcrf[:, 3:] @ axes.T / 1e3))


def _station_name(catalogued: str) -> str:
    """ISS of "ISS (ZARYA)": catalogues add the module in brackets."""
    return catalogued.partition(" (")[0] or catalogued


def _arcs(o: FlightOutcome, axes: Array) -> list[PathArc]:
    liftoff = o.ascent.liftoff_utc
    return [
        {
            "phase": p.phase.name,
            "rows": flat(short_orbit(_rows(axes, liftoff, a.t_utc_us, a.states_gcrf)), _ORBIT_DIGITS),
        }
        for p in o.phases
        for a in p.exit.arcs
    ]


def _docked_s(o: FlightOutcome) -> list[float]:
    """From contact to undocking; to nowhere for a craft that stays: an hour is shown."""
    liftoff, contact = o.ascent.liftoff_utc, o.contact
    if o.outcome != "docked" or contact is None:
        return []
    stay = next((p for p in o.phases if p.phase.name == "docked"), None)
    begin_s = contact.utc.s_since(liftoff)
    end_s = begin_s + 3600.0 if stay is None else stay.exit.state.utc.s_since(liftoff)
    return [round(begin_s, 1), round(end_s, 1)]


def _station(o: FlightOutcome, axes: Array, to_s: float) -> list[float]:
    liftoff = o.ascent.liftoff_utc
    first = max(liftoff.us - int(_BEFORE_S * 1e6), o.track.from_utc.us)
    last = min(liftoff.us + int(to_s * 1e6), o.track.to_utc.us)
    t_us = np.append(np.arange(first, last, int(_STATION_STEP_S * 1e6)), last).astype(np.int64)
    return flat(short_orbit(_rows(axes, liftoff, t_us, o.track.states(t_us))), _ORBIT_DIGITS)


def _marks(o: FlightOutcome) -> list[Mark]:
    liftoff = o.ascent.liftoff_utc
    found = []
    for e in o.events:
        kind = _KINDS.get(e.name, "event")
        found.append(_mark(kind, e.name, e.note, o.light(e.utc), e.utc.s_since(liftoff)))
    for b in (b for b in o.burns if b.is_made):
        note = f"{b.dv_m_s:.2f} m/s in {b.duration_s:.0f} s"
        found.append(_mark("burn", b.name, note, o.light(b.utc), b.utc.s_since(liftoff)))
    return sorted(found, key=lambda m: m["t"])


def _mark(kind: Kind, name: str, note: str, light: str, t_s: float) -> Mark:
    return {"kind": kind, "name": name, "note": note, "light": light, "t": round(t_s, 1)}


def _spots(o: FlightOutcome) -> list[Spot]:
    """Every pad and zone known; the flight's own are told apart."""
    home = "" if o.home is None else o.home.zone
    found = [_spot("pad", o.pad)]
    found += [_spot("site", p) for p in PADS.values() if p.name != o.pad.name]
    found += [_spot("home" if z.name == home else "zone", z) for z in ZONES.values()]
    down = o.touchdown
    if down is not None:
        lat, lon = round(down.latitude_deg, 3), round(down.longitude_deg, 3)
        found.append({"kind": "landing", "name": "landing", "lat": lat, "lon": lon})
    return found


def _spot(kind: Literal["pad", "site", "zone", "home"], place: Place) -> Spot:
    return {
        "kind": kind,
        "name": spoken(place.name),
        "lat": _degrees(place.latitude_rad),
        "lon": _degrees(place.longitude_rad),
    }


def _degrees(angle_rad: float) -> float:
    return round(math.degrees(angle_rad), 3)


def _inset(o: FlightOutcome) -> Inset | None:
    near, begin = o.approach, o.approach_from
    if near is None or begin is None or not near.paths:
        return None
    begin_s = begin.s_since(o.ascent.liftoff_utc)
    stages = [
        _mark("event", s.event, "", "", begin_s + float(t))
        for s, t in zip(near.approach.stages, near.stage_t_s[:, 0], strict=True)
        if s.event and np.isfinite(t)
    ]
    return {
        "port": spoken(o.port.name),
        "port_m": list(o.port.position_m),
        "axis": list(o.port.axis),
        "ellipsoid_m": list(ELLIPSOID_M),
        "sphere_m": SPHERE_M,
        "corridor_deg": round(math.degrees(CORRIDOR_HALF_ANGLE_RAD), 3),
        "corridor_foot_m": CORRIDOR_FOOT_M,
        "flown": _local(near.paths[0], begin_s, LOCAL_M / 2),
        "sampled": [_local(p, begin_s, LOCAL_M * 2, _INSET_M) for p in _sampled_paths(o)],
        "stages": stages,
    }


def _local(path: RecordedPath, begin_s: float, tolerance_m: float, within_m: float = math.inf) -> LocalPath:
    rows = np.column_stack((begin_s + path.t_s, path.states_lvlh[:, :3]))
    rows = rows[np.concatenate(([True], np.diff(rows[:, 0]) > 0))]
    inside = np.flatnonzero(np.linalg.norm(rows[:, 1:], axis=1) < within_m)
    if len(inside):
        rows = rows[max(inside[0] - 1, 0) :]
    return {"sample": path.sample, "rows": flat(short_local(rows, tolerance_m), _LOCAL_DIGITS)}


def _sampled_paths(o: FlightOutcome) -> Iterable[RecordedPath]:
    """Of the first samples of the run, flown again with their paths; its chunk whole, as there."""
    flight = o.sampled
    if flight is None or o.samples is None:
        return ()
    far = flight.far(np.arange(CHUNK))
    arrived = np.flatnonzero(has_arrived(far)[: o.samples.n])[:_N_SAMPLED_MAX]
    return flight.near(far.only(arrived), arrived, is_recorded=True).paths if len(arrived) else ()


def _contacts(o: FlightOutcome) -> ContactDots | None:
    """Those of the samples, or the flight's own."""
    if o.samples is not None:
        s = o.samples
        met = np.flatnonzero(np.isfinite(s.closing_m_s))[:_N_DOTS_MAX]
        columns = (s.contact_y_m, s.contact_z_m, s.closing_m_s, s.lateral_m_s, s.is_within_limits)
        rows = np.column_stack([c[met] for c in columns]).astype(np.float64)
    elif o.approach is not None and o.contact is not None:
        c = o.approach.contacts
        rows = np.array([[c.y_m[0], c.z_m[0], c.closing_m_s[0], c.lateral_m_s[0], float(c.is_within[0])]])
    else:
        return None
    if not len(rows):
        return None
    rows[:, :2] *= 100
    box = limits_of(o.craft.docking)
    return {
        "limits": box.name,
        "closing_from_m_s": _stated(box.closing_from_m_s),
        "closing_to_m_s": _stated(box.closing_to_m_s),
        "lateral_m_s": _stated(box.lateral_m_s),
        "lateral_cm": _stated(box.lateral_m * 100),
        "is_sampled": o.samples is not None,
        "rows": flat(rows, (2, 2, 4, 4, 0)),
    }


def _stated(limit: float) -> float | None:
    return round(limit, 6) if math.isfinite(limit) else None


def _spread(o: FlightOutcome) -> Spread | None:
    s = o.samples
    if s is None or not s.is_docked.any():
        return None
    docked = np.flatnonzero(s.is_docked)
    median_us = int(np.median(s.contact_utc_us[docked]))
    shown = docked[:_N_DOTS_MAX]
    return {
        "n": s.n,
        "n_docked": len(docked),
        "median_utc": Instant(median_us).iso()[:19] + "Z",
        "late_s": [round(float(x), 2) for x in (s.contact_utc_us[shown] - median_us) / 1e6],
        "dv_m_s": [round(float(x), 2) for x in s.dv_m_s[shown]],
    }
