"""What the stability page tells: numbers found elsewhere, in the report's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from crossflight.model import Coverage
from crossflight.report.shape import Key
from crossflight.report.strips import Episode, Era
from crossflight.times import Instant

# What a disruption leads to, the worst first; a disruption counts by its worst.
WORST: Final = Key(tone="worst", name="a segment is unattended")
SEATS: Final = Key(tone="bad", name="somebody has no usable seat")
ALONE: Final = Key(tone="warn", name="one more loss would leave a segment alone")
NOTHING: Final = Key(tone="ok", name="none of these")
LEVELS: Final = (WORST, SEATS, ALONE, NOTHING)
_LEAST_DAYS: Final = 0.05  # fewer days than are shown


@dataclass(frozen=True, slots=True)
class Trial:
    """A single disruption and what it adds to the plan; `kind` in words, `what` with its date."""

    kind: str
    subject: str
    what: str
    unattended_days: float
    uncovered_days: float
    n_seatless: int
    seatless_person_days: float
    n_lost: int
    n_forced: int

    @property
    def level(self) -> Key:
        """Its worst consequence."""
        if self.unattended_days >= _LEAST_DAYS:
            return WORST
        if self.n_seatless > 0:
            return SEATS
        return ALONE if self.uncovered_days >= _LEAST_DAYS else NOTHING


@dataclass(frozen=True, slots=True)
class Fall:
    """Starts over which the station lasts ever fewer days: `days` at the first, `days_end` at the last.

    Infinite past the plan; `ends` says what comes first.
    """

    from_utc: Instant
    to_utc: Instant
    days: float
    days_end: float
    ends: str


@dataclass(frozen=True, slots=True)
class Provider:
    """How long the station lasts without a provider's launches: over the days of the plan, and in short."""

    name: str
    falls: tuple[Fall, ...]
    from_known: float
    least: float
    median: float


@dataclass(frozen=True, slots=True)
class Margin:
    """By how many days a flight can slip alone, and the rule that one more breaks; empty where none did."""

    flight: str
    provider: str
    days: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Price:
    """What a partner gives and takes under some terms: seats, and months of training abroad."""

    partner: str
    n_given: int
    n_taken: int
    months: float


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean and the 95 % interval of it."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TermsPlan:
    """A plan under some terms.

    Attributes
    ----------
    name, title
        `today` comes first among them.
    uncovered, unattended
        Days by segment.
    expected, less_today
        Unattended days in samples, and those less today's; None where there were none.
    endurance
        Median days without each provider's launches; infinite past the plan.
    """

    name: str
    title: str
    is_same_traffic: bool
    status: str
    uncovered: Mapping[str, float]
    unattended: Mapping[str, float]
    expected: Interval | None
    less_today: Interval | None
    prices: tuple[Price, ...]
    endurance: Mapping[str, float]

    @property
    def traffic(self) -> str:
        """In words."""
        return "today's" if self.is_same_traffic else "planned anew"


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the page tells of a plan; `eras` are empty where the record is of another station."""

    coverage: Coverage
    eras: Sequence[Era]
    episodes: Sequence[Episode]
    terms: Sequence[TermsPlan]
    providers: Sequence[Provider]
    trials: Sequence[Trial]
    margins: Sequence[Margin]
