"""A flight as CZML: what Cesium and its kin draw.  Text only; nothing in it is executed or fetched.

Descriptions are HTML in CZML, so every name is escaped there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np

from crossflight.errors import SchemaError
from crossflight.model.orbit import EphemerisArc
from crossflight.model.trajectory import FlightEvent
from crossflight.times import Instant

_DECIMALS_M: Final = 2
_DECIMALS_M_S: Final = 5
# No burn lasts so long, and no stay at a station is so short.
_BREAK_US: Final = 1_800_000_000


@dataclass(frozen=True, slots=True)
class CzmlTrack:
    """One craft: its arcs in an Earth-fixed frame (``ITRF``), its colour as red, green, blue."""

    name: str
    arcs: tuple[EphemerisArc, ...]
    colour: tuple[int, int, int]


def czml_text(
    title: str,
    tracks: Sequence[CzmlTrack],
    events: Sequence[FlightEvent] = (),
    places: Mapping[str, tuple[float, float]] | None = None,
) -> str:
    """The document: a packet per craft, per place (latitude, longitude in degrees), and the events.

    Raises
    ------
    SchemaError
        If there is no track, or an arc is not in the ITRF or not finite.
    """
    if not tracks or not any(t.arcs for t in tracks):
        raise SchemaError("a CZML document needs a track")
    for track in tracks:
        for arc in track.arcs:
            if arc.frame != "ITRF" or not np.isfinite([arc.r_m, arc.v_m_s]).all():
                raise SchemaError(f"{track.name}: arcs have to be finite and in the ITRF, not {arc.frame}")
    first = min(arc.from_utc for t in tracks for arc in t.arcs)
    last = max(arc.to_utc for t in tracks for arc in t.arcs)
    span = f"{first.iso()}/{last.iso()}"
    packets: list[dict[str, object]] = [
        {
            "id": "document",
            "name": title,
            "version": "1.0",
            "clock": {"interval": span, "currentTime": first.iso(), "multiplier": 60},
        }
    ]
    listed = "".join(
        f"<li>{e.utc.iso()} {escape(e.name)}{': ' + escape(e.note) if e.note else ''}</li>" for e in events
    )
    for k, track in enumerate(tracks):
        packets.append(_track(k, track, first, f"<ul>{listed}</ul>" if k == 0 else ""))
    for name, (latitude, longitude) in (places or {}).items():
        packets.append(
            {
                "id": f"place {name}",
                "name": name,
                "position": {"cartographicDegrees": [longitude, latitude, 0]},
                "point": {"pixelSize": 6},
                "label": {"text": name, "horizontalOrigin": "LEFT"},
            }
        )
    return json.dumps(packets, allow_nan=False)


def _track(k: int, track: CzmlTrack, first: Instant, description: str) -> dict[str, object]:
    """A craft; Hermite's cubic between neighbours, so that a burn bends the path only where it is."""
    stretches = [
        {
            "interval": f"{arcs[0].from_utc.iso()}/{arcs[-1].to_utc.iso()}",
            "referenceFrame": "FIXED",
            "epoch": first.iso(),
            "interpolationAlgorithm": "HERMITE",
            "interpolationDegree": 3,
            "cartesianVelocity": _samples(arcs, first),
        }
        for arcs in _stretches(track.arcs)
    ]
    return {
        "id": f"craft {k}",
        "name": track.name,
        "description": description,
        "availability": [stretch["interval"] for stretch in stretches],
        "position": stretches,
        "point": {"pixelSize": 8, "color": {"rgba": [*track.colour, 255]}},
        "path": {"width": 1, "leadTime": 0, "trailTime": 5560, "material": {
            "solidColor": {"color": {"rgba": [*track.colour, 160]}}}},
        "label": {"text": track.name, "horizontalOrigin": "LEFT"},
    }  # fmt: skip


def _stretches(arcs: Sequence[EphemerisArc]) -> list[list[EphemerisArc]]:
    """Arcs in the order of time, those together that only a burn parts."""
    found: list[list[EphemerisArc]] = []
    for arc in arcs:
        if found and arc.from_utc.us - found[-1][-1].to_utc.us <= _BREAK_US:
            found[-1].append(arc)
        else:
            found.append([arc])
    return found


def _samples(arcs: Sequence[EphemerisArc], first: Instant) -> list[float]:
    """Seconds, position, velocity, over and over; an instant two arcs share is there once."""
    t_us, k = np.unique(np.concatenate([a.t_utc_us for a in arcs]), return_index=True)
    r, v = np.vstack([a.r_m for a in arcs])[k], np.vstack([a.v_m_s for a in arcs])[k]
    columns = ((t_us - first.us)[:, None] / 1e6, r.round(_DECIMALS_M), v.round(_DECIMALS_M_S))
    samples: list[float] = np.hstack(columns).ravel().tolist()
    return samples
