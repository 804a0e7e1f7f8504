"""What a check returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crossflight.times import Instant

ViolationSeverity = Literal["hard", "waivable", "waived", "soft"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule broken over [from_utc, to_utc) by the named subjects.

    `severity` is the scenario's, or "waived" where a waiver of the plan covers it; only hard
    and waivable ones make a plan fail.
    """

    rule: str
    severity: ViolationSeverity
    from_utc: Instant
    to_utc: Instant
    subjects: tuple[str, ...]
    message: str

    @property
    def is_failure(self) -> bool:
        """Whether it makes the plan unacceptable."""
        return self.severity in ("hard", "waivable")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time [from_utc, to_utc) with the subjects that explain it."""

    from_utc: Instant
    to_utc: Instant
    subjects: tuple[str, ...] = ()

    @property
    def days(self) -> float:
        """Length in days."""
        return self.to_utc.days_since(self.from_utc)


@dataclass(frozen=True, slots=True)
class SeatN1Span:
    """Worst craft to lose over [from_utc, to_utc) and how many people that leaves without a seat."""

    from_utc: Instant
    to_utc: Instant
    craft: str
    n_without_nominal: int
    n_without_any: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well a plan withstands the loss of one craft."""

    unattended: tuple[Span, ...]
    operator_n1_uncovered: tuple[Span, ...]
    seat_n1: tuple[SeatN1Span, ...]

    @property
    def unattended_days(self) -> float:
        """Days with a segment without an operator aboard."""
        return sum(s.days for s in self.unattended)

    @property
    def operator_n1_uncovered_days(self) -> float:
        """Days on which the loss of one craft would leave a segment without an operator."""
        return sum(s.days for s in self.operator_n1_uncovered)
