"""The shapes of the stability page: what its pictures draw, as plain JSON-able mappings.

Instants are ISO texts in UTC, `tone` is a word of the palette (:mod:`crossflight.report.shape`).  Whatever
can be pointed at is a :class:`Mark`: its title and facts are what the details show.
"""

from __future__ import annotations

from typing import TypedDict

from crossflight.report.shape import Key


class Mark(TypedDict):
    """Something drawn that has details."""

    tone: str
    title: str
    data: list[list[str]]


class Block(Mark):
    """A stretch of an era or of the plan, and the share (0 to 1) of it that is uncovered."""

    start: str
    end: str
    name: str
    share: float
    text: str


class EraRow(TypedDict):
    """Blocks over a common axis, and the uncovered stretches [start, end) themselves."""

    label: str
    blocks: list[Block]
    spans: list[list[str]]


class EraDrawing(TypedDict):
    """Eras of the record over the plan."""

    start: str
    end: str
    rows: list[EraRow]


class TermsRow(Mark):
    """One plan under some terms.

    `uncovered` is by segment in the order of the drawing; `expected` is mean, low and high.
    """

    name: str
    is_same_traffic: bool
    uncovered: list[float]
    expected: list[float]
    months: float


class TermsDrawing(TypedDict):
    """Plans under several terms, today's first."""

    segments: list[Key]
    rows: list[TermsRow]


class Slope(Mark):
    """A stretch of starts over which the days left fall evenly from `days` to `days_end`.

    Both are null where the station lasts past the plan.
    """

    start: str
    end: str
    days: float | None
    days_end: float | None


class ProviderRow(TypedDict):
    """One provider whose launches end."""

    provider: str
    tone: str
    text: str
    slopes: list[Slope]


class EnduranceDrawing(TypedDict):
    """Days that the station lasts, over the day from which a provider launches no more."""

    start: str
    end: str
    legend: list[Key]
    rows: list[ProviderRow]


class KindRow(TypedDict):
    """All disruptions of a kind, the worst first."""

    kind: str
    items: list[Mark]


class SinglesDrawing(TypedDict):
    """Every single disruption by kind and by what it leads to."""

    legend: list[Key]
    rows: list[KindRow]


class SlipRow(Mark):
    """How many days a flight can slip; `is_open` where nothing was found to end it."""

    flight: str
    days: int
    is_open: bool


class SlipDrawing(TypedDict):
    """Slip margins, flight by flight."""

    most: int
    rows: list[SlipRow]


class Panel(TypedDict):
    """One picture of the page: what it says, how to read it, and the ids of its table twins."""

    id: str
    title: str
    note: str
    tables: list[str]


class Drawings(TypedDict, total=False):
    """What is drawn into the panels, by their ids."""

    eras: EraDrawing
    terms: TermsDrawing
    endurance: EnduranceDrawing
    singles: SinglesDrawing
    slips: SlipDrawing


class Stability(TypedDict):
    """What the page's drawing reads."""

    panels: list[Panel]
    drawings: Drawings
