"""Disruptions: dated facts that break a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from crossflight.times import Instant

DisruptionKind = Literal[
    "launch-abort",
    "slip",
    "fleet-grounded",
    "pad-out",
    "craft-unusable",
    "early-return",
    "port-closed",
    "person-unavailable",
    "capsule-late",
    "agreement-left",
    "empty-seats",
]
KINDS: Final[tuple[str, ...]] = get_args(DisruptionKind)

# What the subject of each kind is.
SUBJECT_OF: Final[dict[str, str]] = {
    "launch-abort": "flight",
    "slip": "flight",
    "fleet-grounded": "vehicle type",
    "pad-out": "pad",
    "craft-unusable": "craft",
    "early-return": "flight",
    "port-closed": "port",
    "person-unavailable": "person",
    "capsule-late": "craft",
    "agreement-left": "agreement",
    "empty-seats": "flight",
}


@dataclass(frozen=True, slots=True)
class Disruption:
    """One fact, true from `at_utc`.

    Attributes
    ----------
    subject
        A name of what `SUBJECT_OF` says: a flight of the plan, a craft, a person.
    until_utc
        When it ends (groundings, outages, closures, absence), or when a late capsule is ready; None for good.
    days
        By how much a flight slips.
    n_seats
        How many seats a flight leaves empty on its way up.
    why, source
        For people; a source where it really happened.
    """

    kind: DisruptionKind
    subject: str
    at_utc: Instant
    until_utc: Instant | None = None
    days: float = 0.0
    n_seats: int = 0
    why: str = ""
    source: str = ""

    def __str__(self) -> str:
        until = f" until {self.until_utc.date()}" if self.until_utc else ""
        by = f" by {self.days:g} d" if self.days else ""
        seats = f", {self.n_seats} seat{'s' if self.n_seats > 1 else ''} empty" if self.n_seats else ""
        return f"{self.kind.replace('-', ' ')} {self.subject} {self.at_utc.date()}{until}{by}{seats}"
