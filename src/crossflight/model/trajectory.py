"""A flight as flown: states, events, burns, contact, landing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossflight.times import Instant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class CraftState:
    """A craft at an instant: position and velocity of shape (3,) in the GCRF, and mass."""

    utc: Instant
    r_gcrf_m: NDArray[np.float64]
    v_gcrf_m_s: NDArray[np.float64]
    mass_kg: float


@dataclass(frozen=True, slots=True)
class FlightEvent:
    """Something that happened: its name is a word of the field (liftoff, insertion, contact, landing)."""

    name: str
    utc: Instant
    note: str = ""


@dataclass(frozen=True, slots=True)
class FlownBurn:
    """A burn as flown.

    `utc` is ignition, `dv_rtn_m_s` the change of velocity it made: radial, along-track, cross-track of the
    craft's own orbit at ignition.
    """

    name: str
    utc: Instant
    dv_m_s: float
    duration_s: float
    propellant_kg: float
    dv_rtn_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)


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
