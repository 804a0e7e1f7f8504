"""Partners and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from crossflight.model.station import Closure
from crossflight.model.training import Trained
from crossflight.times import Instant

OperatorLevel = Literal["user", "operator", "specialist"]


@dataclass(frozen=True, slots=True)
class Partner:
    """A side of the programme: the agencies that fly under it."""

    name: str
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Qualification:
    """What a person may do in a segment, while it is current: [from_utc, to_utc)."""

    segment: str
    level: OperatorLevel = "operator"
    from_utc: Instant | None = None
    to_utc: Instant | None = None

    def is_current(self, at: Instant) -> bool:
        """Whether it is in date at `at`."""
        return (self.from_utc is None or self.from_utc <= at) and (self.to_utc is None or at < self.to_utc)

    @property
    def is_operator(self) -> bool:
        """Operators and specialists can run the segment; users cannot."""
        return self.level != "user"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can have a seat; `is_unnamed` people stand for a slot ("NASA pilot 3").

    `landed_utc` is the last landing before the scenario begins; `dose_msv` the career dose then;
    `trained` the courses finished, or begun, by then.
    """

    name: str
    agency: str
    qualifications: tuple[Qualification, ...] = ()
    commander_of: tuple[str, ...] = ()
    is_eva: bool = False
    is_visitor: bool = False
    is_unnamed: bool = False
    unavailable: tuple[Closure, ...] = ()
    landed_utc: Instant | None = None
    dose_msv: float = 0.0
    trained: tuple[Trained, ...] = ()
