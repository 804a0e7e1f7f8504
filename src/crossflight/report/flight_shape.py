"""The shape of a flown flight as the report draws it: plain JSON-able mappings, and their schema.

``crossflight fly --out DIR`` writes one as DIR/flight.json, and ``crossflight report --flight DIR`` reads it.
Times inside a drawing are seconds since lift-off.  Paths about the Earth are kilometres and kilometres a
second in a frame that does not turn: the axes of the ITRF as they stand at lift-off.  The Earth turns in it
about z, so one angle leads to the ground; that its pole moves meanwhile is metres in a week.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from crossflight.report.shape import Figure, Table

SCHEMA = "crossflight.flight-view/1"


class PathArc(TypedDict):
    """A piece of path without a jump: flat rows of t, x, y, z, vx, vy, vz; between them Hermite's cubic."""

    phase: str
    rows: list[float]


class Mark(TypedDict):
    """Something that happened, and where: kind is event, burn, contact or landing."""

    kind: Literal["event", "burn", "contact", "landing"]
    name: str
    note: str
    light: str
    t: float


class Spot(TypedDict):
    """A place on the ground, degrees north and east.

    The flight's own pad, other launch sites, landing zones, the one flown home to, the touchdown.
    """

    kind: Literal["pad", "site", "zone", "home", "landing"]
    name: str
    lat: float
    lon: float


class LocalPath(TypedDict):
    """A path in the station's local frame: flat rows of t, x, y, z in seconds since lift-off and metres."""

    sample: int
    rows: list[float]


class Inset(TypedDict):
    """The last kilometres in LVLH: x ahead, y against the orbit's normal, z down; metres."""

    port: str
    port_m: list[float]
    axis: list[float]
    ellipsoid_m: list[float]
    sphere_m: float
    corridor_deg: float
    corridor_foot_m: float
    flown: LocalPath
    sampled: list[LocalPath]
    stages: list[Mark]


class ContactDots(TypedDict):
    """Contacts on the box: flat rows of y, z (cm), closing, lateral (m/s), 1 where within all limits.

    A limit that nobody states is null.
    """

    limits: str
    closing_from_m_s: float | None
    closing_to_m_s: float | None
    lateral_m_s: float | None
    lateral_cm: float | None
    is_sampled: bool
    rows: list[float]


class Spread(TypedDict):
    """Of the samples that dock: seconds after the median docking, and delta-v."""

    n: int
    n_docked: int
    median_utc: str
    late_s: list[float]
    dv_m_s: list[float]


class Drawing(TypedDict):
    """All that the globe, the inset and the plots of a flight read; `sun` are unit vectors at both ends."""

    liftoff_utc: str
    from_s: float
    to_s: float
    docked_s: list[float]
    craft: str
    station: str
    arcs: list[PathArc]
    station_rows: list[float]
    sun: list[list[float]]
    marks: list[Mark]
    spots: list[Spot]
    inset: Inset | None
    contacts: ContactDots | None
    spread: Spread | None


class FlightView(TypedDict):
    """A flown flight.

    `name` is that of the plan's flight it was flown for, or empty; `route` goes on from the name: from where
    to where, and how it ended; `planned` are tables that come from the plan, which a report of the plan makes
    anew.
    """

    schema: str
    name: str
    vehicle_type: str
    route: str
    outcome: str
    liftoff_utc: str
    end_utc: str
    version: str
    seed: int
    facts: list[list[str]]
    figures: list[Figure]
    planned: list[Table]
    tables: list[Table]
    drawing: Drawing
