"""A small flight as the report shows flown ones, and the names nobody should have."""

from __future__ import annotations

import math

from drawn_plan import CLOSING, FORMULA, MARKUP, RIGHT_TO_LEFT

from crossflight.report.flight_shape import SCHEMA, Drawing, FlightView, Mark
from crossflight.report.table import columns, table
from crossflight.times import Instant

MU_KM3_S2 = 398_600.4418
LIFTOFF = "2030-03-01T10:00:00Z"
INSERTION_S, ARRIVAL_S, CONTACT_S, UNDOCK_S, LANDING_S = 500.0, 18_000.0, 21_600.0, 108_000.0, 114_000.0


def ring(from_s: float, to_s: float, axis_km: float, step_s: float = 300.0) -> list[float]:
    """Rows of a circular orbit of 51.6 degrees that begins over the equator at lift-off."""
    rate = math.sqrt(MU_KM3_S2 / axis_km**3)
    ci, si = math.cos(math.radians(51.6)), math.sin(math.radians(51.6))
    n = max(2, round((to_s - from_s) / step_s) + 1)
    rows: list[float] = []
    for k in range(n):
        t = from_s + (to_s - from_s) * k / (n - 1)
        c, s = math.cos(rate * t), math.sin(rate * t)
        rows += [t, axis_km * c, axis_km * s * ci, axis_km * s * si]
        rows += [-axis_km * rate * s, axis_km * rate * c * ci, axis_km * rate * c * si]
    return rows


def mark(kind: str, name: str, t: float, note: str = "") -> Mark:
    return {"kind": kind, "name": name, "note": note, "light": "sun", "t": t}  # type: ignore[typeddict-item] # a text of the four, from this file


def flown_drawing(*, hostile: bool = False) -> Drawing:
    craft = MARKUP if hostile else "Heron"
    up = [0.0, 6378.2, 0.0, 0.0, 0.0, 0.3, 0.3, *ring(INSERTION_S, INSERTION_S + 300, 6600.0)[:7]]
    approach = [ARRIVAL_S, 1500.0, 80.0, 900.0, 20_000.0, 400.0, 10.0, 30.0, CONTACT_S, 18.0, 0.0, 1.0]
    sampled = [x if k % 4 in (0, 2) else x * 1.1 for k, x in enumerate(approach)]
    return {
        "liftoff_utc": LIFTOFF,
        "from_s": -600.0,
        "to_s": LANDING_S,
        "docked_s": [CONTACT_S, UNDOCK_S],
        "craft": craft,
        "station": RIGHT_TO_LEFT if hostile else "Outpost",
        "arcs": [
            {"phase": "ascent", "rows": up},
            {"phase": "rendezvous", "rows": ring(INSERTION_S, ARRIVAL_S, 6600.0)},
            {"phase": CLOSING if hostile else "approach", "rows": ring(ARRIVAL_S, CONTACT_S, 6790.0)},
            {"phase": "return", "rows": ring(UNDOCK_S, LANDING_S, 6700.0)},
        ],
        "station_rows": ring(-600.0, LANDING_S, 6790.0),
        "sun": [[1.0, 0.0, 0.0], [0.99, 0.02, 0.0]],
        "marks": [
            mark("event", "liftoff", 0.0),
            mark("event", FORMULA if hostile else "insertion", INSERTION_S, MARKUP if hostile else "330 km"),
            mark("burn", CLOSING if hostile else "burn 1", 3000.0, "37.84 m/s in 90 s"),
            mark("contact", "contact", CONTACT_S),
            mark("event", "undocking", UNDOCK_S),
            mark("landing", "landing", LANDING_S),
        ],
        "spots": [
            {"kind": "pad", "name": MARKUP if hostile else "Pad 1", "lat": 28.6, "lon": -80.6},
            {"kind": "home", "name": FORMULA if hostile else "steppe", "lat": 47.3, "lon": 69.6},
            {"kind": "landing", "name": "landing", "lat": 47.4, "lon": 69.5},
        ],
        "inset": {
            "port": RIGHT_TO_LEFT if hostile else "fore",
            "port_m": [17.7, 0.0, 1.3],
            "axis": [1.0, 0.0, 0.0],
            "ellipsoid_m": [2000.0, 1000.0, 1000.0],
            "sphere_m": 200.0,
            "corridor_deg": 10.0,
            "corridor_foot_m": 1.0,
            "flown": {"sample": 0, "rows": approach},
            "sampled": [{"sample": 0, "rows": sampled}],
            "stages": [mark("event", CLOSING if hostile else "fly-around", 20_000.0)],
        },
        "contacts": {
            "limits": MARKUP if hostile else "idss",
            "closing_from_m_s": 0.05,
            "closing_to_m_s": 0.10,
            "lateral_m_s": 0.04,
            "lateral_cm": 10.0,
            "is_sampled": True,
            "rows": [1.0, 2.0, 0.07, 0.01, 1, -3.0, 1.0, 0.08, 0.02, 1, 12.0, 1.0, 0.08, 0.02, 0],
        },
        "spread": {
            "n": 4,
            "n_docked": 3,
            "median_utc": "2030-03-01T16:00:00Z",
            "late_s": [-12.0, 0.0, 31.0],
            "dv_m_s": [120.1, 121.9, 118.0],
        },
    }


def flown_view(*, hostile: bool = False, name: str = "Heron 7") -> FlightView:
    liftoff = Instant.parse(LIFTOFF)
    why = MARKUP if hostile else "330 km"
    rows = [["2030-03-01 10:08:20", "0/00:08:20", FORMULA if hostile else "insertion", "sun", why]]
    named = columns("UTC@", "Mission time@", "Event", "Light", "Note")
    return {
        "schema": SCHEMA,
        "name": name,
        "vehicle_type": "Heron",
        "route": CLOSING if hostile else "from Pad 1, to fore: docked after 6 h 00 min",
        "outcome": "docked",
        "liftoff_utc": LIFTOFF,
        "end_utc": liftoff.plus_s(LANDING_S).iso(),
        "version": "0.1.0",
        "seed": 3,
        "facts": [["Elements", RIGHT_TO_LEFT if hostile else "a file"], ["Seed", "3"]],
        "figures": [{"label": "outcome", "value": "docked", "unit": "", "tone": "ok"}],
        "planned": [],
        "tables": [table("events", "Events", named, [list(r) for r in rows])],
        "drawing": flown_drawing(hostile=hostile),
    }
