"""What a docking system can take at first contact, and the verdict on a contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError
from crossflight.flight.keep_out import norm
from crossflight.flight.ports import DockingPort
from crossflight.model.trajectory import Contact
from crossflight.times import Instant

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


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
    "apas-75": ContactLimits(
        "apas-75", 0.05, 0.30, 0.10, 0.30, 7.0, 7.0, 1.0,
        "androgynous docking unit of Apollo-Soyuz; all [assumed], general knowledge",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contacts:
    """First contacts of n samples; NaN where there was none.

    `y_m` and `z_m` are the offsets across the port's axis, as `across_axes` has them; `angle_deg` is the
    pitch/yaw vector.
    """

    t_s: Array
    closing_m_s: Array
    lateral_m_s: Array
    y_m: Array
    z_m: Array
    angle_deg: Array
    roll_deg: Array
    rate_deg_s: Array
    limits: ContactLimits

    @property
    def lateral_m(self) -> Array:
        """Offset from the axis."""
        return np.hypot(self.y_m, self.z_m)

    @property
    def is_within(self) -> Mask:
        """Whether each lies inside the box."""
        box = self.limits
        inside: Mask = (
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


def across_axes(port: DockingPort) -> tuple[Array, Array]:
    """The unit vectors (3,) y and z across a port's axis, LVLH; with the axis they are right-handed."""
    y = np.roll(np.asarray(port.axis), 1)
    return y, np.cross(np.asarray(port.axis), y)


def nose_swing(port: DockingPort, nose_m: float, angles: Array) -> Array:
    """How far (3, n) pitch and yaw, the first two of (3, n) angles or rates, carry the nose off its place."""
    y, z = across_axes(port)
    swing: Array = nose_m * (angles[0] * y[:, None] + angles[1] * z[:, None])
    return swing


def first_contact(
    port: DockingPort, nose_m: float, before: Array, after: Array, attitude_rad: Array, rates_rad_s: Array
) -> tuple[Mask, Array, tuple[Array, ...]]:
    """Whether noses pass the docking plane between two states (6, n), and how.

    Returns
    -------
    Whether each does (n,); after which share of the step (k,) of those k that do; and their closing speed,
    lateral speed, lateral offsets y and z, angle, roll and rate in the units of `Contacts`.
    """
    axis, place = np.asarray(port.axis)[:, None], np.asarray(port.position_m)[:, None]
    ahead = (axis * (before[:3] - place)).sum(axis=0) - nose_m
    behind = (axis * (after[:3] - place)).sum(axis=0) - nose_m
    met: Mask = behind <= 0.0
    share = np.clip(ahead[met] / np.maximum(ahead[met] - behind[met], 1e-12), 0.0, 1.0)
    at = before[:, met] + share * (after[:, met] - before[:, met])
    attitude, rates = attitude_rad[:, met], rates_rad_s[:, met]
    rel = at[:3] - place
    off = rel + nose_swing(port, nose_m, attitude)
    y, z = across_axes(port)
    closing = -(axis * at[3:]).sum(axis=0)
    across = at[3:] + closing * axis + nose_swing(port, nose_m, rates)
    found = (
        closing,
        norm(across),
        off[0] * y[0] + off[1] * y[1] + off[2] * y[2],
        off[0] * z[0] + off[1] * z[1] + off[2] * z[2],
        np.degrees(np.hypot(attitude[0], attitude[1])),
        np.degrees(attitude[2]),
        np.degrees(norm(rates)),
    )
    return met, share, found


def failed_checks(
    box: ContactLimits, closing: Array, across: Array, off: Array, attitude_rad: Array, rates_rad_s: Array
) -> dict[str, Mask]:
    """What the last look before contact finds outside the box; the gravest last."""
    attitude, rate = np.degrees(attitude_rad), np.degrees(norm(rates_rad_s))
    askew = np.hypot(attitude[0], attitude[1]) > box.angle_deg
    askew |= (np.abs(attitude[2]) > box.roll_deg) | (rate > box.rate_deg_s)
    return {
        "attitude out of bounds at the last check": askew,
        "closing speed out of bounds at the last check": (closing < box.closing_from_m_s)
        | (closing > box.closing_to_m_s),
        "moving across the axis at the last check": across > box.lateral_m_s,
        "off the axis at the last check": norm(off) > box.lateral_m,
    }
