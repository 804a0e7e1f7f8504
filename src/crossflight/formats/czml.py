"""A flight as CZML: what Cesium and its kin draw.  Text only; nothing in it is executed or fetched.

Descriptions are HTML in CZML, so every name is escaped there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from crossflight.errors import SchemaError
from crossflight.model.orbit import EphemerisArc
from crossflight.model.trajectory import FlightEvent
from crossflight.times import Instant

_DECIMALS_M = 2


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
            if arc.frame != "ITRF" or not np.isfinite(arc.r_m).all():
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
        packets.append(_track(k, track, span, first, f"<ul>{listed}</ul>" if k == 0 else ""))
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


def _track(k: int, track: CzmlTrack, span: str, first: Instant, description: str) -> dict[str, object]:
    samples: list[float] = []
    for arc in track.arcs:
        seconds = (arc.t_utc_us - first.us) / 1e6
        for t, r in zip(seconds.tolist(), arc.r_m.tolist(), strict=True):
            samples += [round(t, 3), *(round(x, _DECIMALS_M) for x in r)]
    return {
        "id": f"craft {k}",
        "name": track.name,
        "description": description,
        "availability": span,
        "position": {
            "referenceFrame": "FIXED",
            "epoch": first.iso(),
            "interpolationAlgorithm": "LAGRANGE",
            "interpolationDegree": 5,
            "cartesian": samples,
        },
        "point": {"pixelSize": 8, "color": {"rgba": [*track.colour, 255]}},
        "path": {"width": 1, "leadTime": 0, "trailTime": 5560, "material": {
            "solidColor": {"color": {"rgba": [*track.colour, 160]}}}},
        "label": {"text": track.name, "horizontalOrigin": "LEFT"},
    }  # fmt: skip
