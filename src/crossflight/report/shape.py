"""The shapes of a picture: what the page draws and lists, as plain JSON-able mappings.

Times inside a timeline are ISO texts in UTC (``Instant.iso``); times in tables are written for
people (``Instant.minute``).  `tone` is a word of the palette in ``ui/src/report.css``:
``p0``..``p3`` for partners and ``c0``..``c5`` for training centres in the scenario's order,
``visitor``, ``cargo``, ``ok``, ``warn``, ``bad``, ``worst``, ``note``, ``ghost`` (where a baseline has
something otherwise), ``shade`` and ``era``.
"""

from __future__ import annotations

from typing import Literal, TypedDict

Cell = str | int | float | None


class _BarRequired(TypedDict):
    start: str
    end: str
    label: str
    tone: str
    title: str
    data: list[list[str]]


class Bar(_BarRequired, total=False):
    """A stretch of a lane.

    `short` stands in for `label` where that does not fit; `row` counts from 0 inside the lane;
    `level` (0 to 1) is the height of a step; `limit` an instant marked behind the bar (the end
    of a craft's certified life); `is_open` says that it goes on past the end of the picture;
    `is_hatched` that it needs a second look (a moved seat, a contingency seat).
    """

    short: str
    row: int
    level: float
    limit: str
    is_open: bool
    is_hatched: bool


class Head(TypedDict):
    """A small heading over a block of rows (the flight over its crew)."""

    start: str
    end: str
    label: str


class CurveLine(TypedDict):
    """A level drawn across a curve (a limit, a reserve)."""

    value: float
    tone: str


class Curve(TypedDict):
    """A line over time: points are (hours since the picture's start, value); None is a gap."""

    unit: str
    low: float
    high: float
    lines: list[CurveLine]
    points: list[list[float | None]]


class _LaneRequired(TypedDict):
    label: str
    detail: str
    kind: Literal["bars", "steps", "state", "curve"]
    rows: int
    bars: list[Bar]


class Lane(_LaneRequired, total=False):
    """One lane.

    `level_line` (0 to 1) draws a dashed line across a step lane; `is_marked` shows whatever is
    not ``ok`` in the overview too.  `ticks` are instants, each the minutes (in base 36) since the one
    before it, the first since the picture's start; `ticks_title` says what they are.
    `is_continued` says that it goes on from the lane above it, under the same label.
    """

    heads: list[Head]
    level_line: float
    is_marked: bool
    curve: Curve
    ticks: str
    ticks_title: str
    is_continued: bool


class Group(TypedDict):
    """Lanes that fold away together; `table` is the id of their table twin."""

    id: str
    title: str
    table: str
    lanes: list[Lane]


class Shade(TypedDict):
    """A full-height stretch behind every lane."""

    start: str
    end: str
    tone: str


class Key(TypedDict):
    """One entry of a legend."""

    tone: str
    name: str


class TimelineKey(Key):
    """One entry of the timeline's legend; `of` is the heading that it stands under."""

    of: str


class Timeline(TypedDict):
    """Everything the drawing needs."""

    start: str
    end: str
    known: str
    legend: list[TimelineKey]
    groups: list[Group]
    shades: list[Shade]


class Column(TypedDict):
    """A column of a table; numbers are set to the right and sorted as numbers."""

    name: str
    kind: Literal["text", "number", "time"]


class Table(TypedDict):
    """The table twin of a picture, or a list of its own."""

    id: str
    title: str
    note: str
    columns: list[Column]
    rows: list[list[Cell]]
    is_open: bool


class Header(TypedDict):
    """What says which result this is; an empty text is left out of the page."""

    scenario_name: str
    scenario_title: str
    scenario_hash: str
    plan_hash: str
    version: str
    seed: str
    status: str
    gap: str
    known_utc: str
    from_utc: str
    to_utc: str
    overrides: list[list[str]]


class Figure(TypedDict):
    """One number worth saying first; `tone` is ok, warn, bad or note."""

    label: str
    value: str
    unit: str
    tone: str


class ChartRow(TypedDict):
    """One bar of the share chart; `share` from 0 to 1."""

    label: str
    share: float
    text: str


class Chart(TypedDict):
    """Uncovered share per era."""

    title: str
    rows: list[ChartRow]


class FlightSheet(TypedDict):
    """What is to be said of one flight; `state` is a word (planned, flown: docked), `tone` its colour.

    `facts` are of the plan, `flown` of the flight as flown.
    """

    ident: str
    name: str
    when: str
    title: str
    state: str
    tone: str
    facts: list[list[str]]
    flown: list[list[str]]
    figures: list[Figure]
    tables: list[Table]


class _PageRequired(TypedDict):
    ident: str
    title: str
    data: object
    tables: list[Table]


class Page(_PageRequired, total=False):
    """A page of its own: `data` is what its drawing reads, `tables` are its twins under it.

    `ident` is its address (``flights`` for ``report.html#flights``) and the name under which
    ``ui/src`` registers what draws it.  `sheets` are pieces of it that are read one at a time;
    `has_globe` says that it draws the Earth, for which the document carries a second script.
    """

    sheets: list[FlightSheet]
    has_globe: bool


class ManifestPerson(TypedDict):
    """Somebody with a seat; `is_first` marks the first named who is commander of the craft."""

    name: str
    agency: str
    tone: str
    is_first: bool


class ManifestFlight(TypedDict):
    """One crewed flight; `down` is empty where the same people come home."""

    name: str
    tone: str
    craft: str
    pad: str
    launch: str
    dock: str
    port: str
    moves: list[str]
    undock: str
    landing: str
    days: str
    up: list[ManifestPerson]
    down: list[ManifestPerson]
    backup: list[ManifestPerson]


class ManifestCargo(TypedDict):
    """One cargo visit."""

    name: str
    kind: str
    launch: str
    port: str
    undock: str


class Manifest(TypedDict):
    """What the sheet lists; `notes` are waivers and open violations in words."""

    crew: list[ManifestFlight]
    cargo: list[ManifestCargo]
    notes: list[str]


class _PictureRequired(TypedDict):
    schema: str
    kind: Literal["plan", "audit", "flight"]
    title: str
    header: Header
    figures: list[Figure]
    tables: list[Table]


class Picture(_PictureRequired, total=False):
    """A whole document; a single flight has no timeline."""

    timeline: Timeline
    chart: Chart
    pages: list[Page]
    manifest: Manifest
