"""What a docking system can take at first contact, and the verdict on a contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError
from crossflight.model.trajectory import Contact
from crossflight.times import Instant

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ContactLimits:
    """The contact box of a docking system; a limit that nobody states is infinite."""

    name: str
    closing_from_m_s: float
    closing_to_m_s: float
    lateral_m_s: float
    lateral_m: float
    angle_deg: float
    roll_deg: float
    rate_deg_s: float
    source: str


LIMITS: Final[dict[str, ContactLimits]] = {
    "idss": ContactLimits(
        "idss", 0.05, 0.10, 0.04, 0.10, 4.0, 4.0, 0.20,
        "IDSS interface definition, revision E, table 3.3.1.1-2",
    ),
    "probe-drogue": ContactLimits(
        "probe-drogue", 0.10, 0.35, 0.10, 0.34, 7.0, 15.0, 1.0,
        "closing and lateral offset as design/flight.md; lateral speed, angles and rates [assumed]",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contacts:
    """First contacts of n samples; NaN where there was none.  `angle_deg` is the pitch/yaw vector."""

    t_s: Array
    closing_m_s: Array
    lateral_m_s: Array
    lateral_m: Array
    angle_deg: Array
    roll_deg: Array
    rate_deg_s: Array
    limits: ContactLimits

    @property
    def is_within(self) -> NDArray[np.bool_]:
        """Whether each lies inside the box."""
        box = self.limits
        inside: NDArray[np.bool_] = (
            (self.closing_m_s >= box.closing_from_m_s)
            & (self.closing_m_s <= box.closing_to_m_s)
            & (self.lateral_m_s <= box.lateral_m_s)
            & (self.lateral_m <= box.lateral_m)
            & (self.angle_deg <= box.angle_deg)
            & (np.abs(self.roll_deg) <= box.roll_deg)
            & (self.rate_deg_s <= box.rate_deg_s)
        )
        return inside

    def contact(self, sample: int, begin_utc: Instant) -> Contact | None:
        """The contact of one sample, or None where there was none."""
        if np.isnan(self.t_s[sample]):
            return None
        return Contact(
            begin_utc.plus_s(float(self.t_s[sample])),
            float(self.closing_m_s[sample]),
            float(self.lateral_m_s[sample]),
            float(self.lateral_m[sample]),
            float(self.angle_deg[sample]),
            float(self.roll_deg[sample]),
            float(self.rate_deg_s[sample]),
            bool(self.is_within[sample]),
            self.limits.name,
        )


def limits_of(docking: str) -> ContactLimits:
    """The box of a docking system.

    Raises
    ------
    UsageError
        If none is known.
    """
    if docking not in LIMITS:
        raise UsageError(
            f"no contact limits are known for a {docking} docking system", hint=f"known: {', '.join(LIMITS)}"
        )
    return LIMITS[docking]
