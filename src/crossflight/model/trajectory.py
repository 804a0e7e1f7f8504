"""A flight as flown: states, events, burns, contact, landing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crossflight.errors import CrossflightError
from crossflight.times import Instant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_EVENT: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class CraftState:
    """A craft at an instant: position and velocity of shape (3,) in the GCRF, and mass."""

    utc: Instant
    r_gcrf_m: NDArray[np.float64]
    v_gcrf_m_s: NDArray[np.float64]
    mass_kg: float


@dataclass(frozen=True, slots=True)
class FlightEvent:
    """Something that happened: its name is a word of the field (liftoff, insertion, contact, landing).

    Names are lower case, their words joined by hyphens: a program can look for them.
    """

    name: str
    utc: Instant
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a name of another style.

        Raises
        ------
        CrossflightError
            If it has blanks or capitals.
        """
        if _EVENT.fullmatch(self.name) is None:
            raise CrossflightError(f"an event's name {self.name!r} is not lower case joined by hyphens")


def event_name(*words: str) -> str:
    """The name of an event, of words that may have blanks and capitals."""
    return "-".join("-".join(word.lower().split()) for word in words)


@dataclass(frozen=True, slots=True)
class FlownBurn:
    """A burn as flown.

    `utc` is ignition, `dv_rtn_m_s` the change of velocity it made: radial, along-track, cross-track of the
    craft's own orbit at ignition.  A burn that was not made has zeros, and `note` says why.
    """

    name: str
    utc: Instant
    dv_m_s: float
    duration_s: float
    propellant_kg: float
    dv_rtn_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    note: str = ""

    @property
    def is_made(self) -> bool:
        """Whether the engines fired."""
        return self.dv_m_s > 0.0


@dataclass(frozen=True, slots=True)
class Contact:
    """First contact with a port, in the port's frame, and whether the docking system can take it."""

    utc: Instant
    closing_m_s: float
    lateral_m_s: float
    lateral_m: float
    angle_deg: float
    roll_deg: float
    rate_deg_s: float
    is_within_limits: bool
    limits: str


@dataclass(frozen=True, slots=True)
class Touchdown:
    """Where and when a craft came down, and its scatter (one sigma along and across the track)."""

    utc: Instant
    latitude_deg: float
    longitude_deg: float
    along_sigma_km: float
    across_sigma_km: float
