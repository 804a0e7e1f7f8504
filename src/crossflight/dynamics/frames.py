"""Frames: GCRF, EME2000, ITRF and TEME, positions and velocities, n states at n instants, both ways.

- ``GCRF``: the axes of the ICRS; every integration runs in it.
- ``EME2000``: mean equator and equinox of J2000; turned from the GCRF by the frame bias (IERS
  Conventions 2010, 5.4.4), 23 milliarcseconds or 0.8 m at the station.
- ``ITRF``: IAU 2006/2000A by the celestial intermediate origin, with polar motion and pole offsets.
- ``TEME``: of date, as SGP4 means it (Vallado, Crawford, Hujsak, Kelso 2006): turned from the ITRF by
  polar motion and the Greenwich mean sidereal time of 1982.  The equation of the equinoxes does not enter,
  so its kinematic terms of 1994 make no difference here.

Velocities change by the Earth's rotation alone: the turning of the pole, 50 micrometres a second at the
station, is left out as in the Conventions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import erfa
import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.tables import orientation_table
from crossflight.dynamics.time_scales import (
    TimesUs,
    instants_us,
    require_orientation,
    tai_minus_utc_s,
    tai_us,
    tt_jd,
    ut1_jd,
)
from crossflight.errors import InputError

Array = NDArray[np.float64]

FRAMES: Final = ("GCRF", "EME2000", "ITRF", "TEME")
# IERS Conventions 2010, table 1.2; per second of UT1.
EARTH_RATE_RAD_S: Final = 7.292_115_146_706_979e-5
_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class EarthOrientation:
    """Earth orientation at n instants: shape (n,) each.

    Attributes
    ----------
    ut1_utc_s
        UT1-UTC.
    xp_rad, yp_rad
        Polar motion.
    dx_rad, dy_rad
        Offsets of the celestial pole from IAU 2006/2000A.
    excess_day_s
        Length of day beyond 86 400 s.
    """

    ut1_utc_s: Array
    xp_rad: Array
    yp_rad: Array
    dx_rad: Array
    dy_rad: Array
    excess_day_s: Array

    @property
    def rate_rad_s(self) -> Array:
        """Angular rate of the Earth about its axis per SI second, shape (n,)."""
        return EARTH_RATE_RAD_S * (1.0 - self.excess_day_s / _DAY_S)


def earth_orientation(t_utc_us: TimesUs | int) -> EarthOrientation:
    """Earth orientation from the shipped table, linear between its days, held past its last.

    Raises
    ------
    InputError
        Before the table begins in 1973.
    """
    table = orientation_table()
    require_orientation(t_utc_us, table.t_utc_us)
    t = tai_us(t_utc_us).astype(np.float64)
    nodes = tai_us(table.t_utc_us).astype(np.float64)
    i = np.clip(np.searchsorted(nodes, t, "right") - 1, 0, len(nodes) - 2)
    span = nodes[i + 1] - nodes[i]
    w = np.clip((t - nodes[i]) / span, 0.0, 1.0)  # 1 past the last date: held

    def at(values: Array) -> Array:
        interpolated: Array = values[i] + w * (values[i + 1] - values[i])
        return interpolated

    slope = (table.ut1_minus_tai_s[i + 1] - table.ut1_minus_tai_s[i]) / (span / 1e6)
    return EarthOrientation(
        ut1_utc_s=at(table.ut1_minus_tai_s) + tai_minus_utc_s(t_utc_us),
        xp_rad=at(table.xp_rad),
        yp_rad=at(table.yp_rad),
        dx_rad=at(table.dx_rad),
        dy_rad=at(table.dy_rad),
        excess_day_s=np.where(t <= nodes[-1], -slope * _DAY_S, 0.0),
    )


def terrestrial_rotation(
    tt: tuple[Array, Array],
    ut1: tuple[Array, Array],
    pole: tuple[Array, Array, Array],
    orientation: EarthOrientation,
) -> Array:
    """The rotations from GCRF to ITRF, shape (n, 3, 3).

    Parameters
    ----------
    tt, ut1
        Two-part Julian dates.
    pole
        X, Y and s of IAU 2006/2000A in radians, without the offsets of `orientation`.
    """
    x, y, s = pole
    intermediate = erfa.c2ixys(x + orientation.dx_rad, y + orientation.dy_rad, s)
    polar_motion = erfa.pom00(orientation.xp_rad, orientation.yp_rad, erfa.sp00(*tt))
    rotation: Array = erfa.c2tcio(intermediate, erfa.era00(*ut1), polar_motion)
    return rotation


def celestial_to_terrestrial(t_utc_us: TimesUs | int, orientation: EarthOrientation) -> Array:
    """The rotations from GCRF to ITRF at UTC labels, shape (n, 3, 3)."""
    tt = tt_jd(t_utc_us)
    return terrestrial_rotation(tt, ut1_jd(t_utc_us, orientation.ut1_utc_s), erfa.xys06a(*tt), orientation)


def teme_to_pseudo_earth_fixed(t_utc_us: TimesUs | int, orientation: EarthOrientation) -> Array:
    """The rotations from TEME to the Earth-fixed frame before polar motion, shape (n, 3, 3)."""
    angle_rad = erfa.gmst82(*ut1_jd(t_utc_us, orientation.ut1_utc_s))
    rotation: Array = erfa.rz(angle_rad, np.broadcast_to(np.eye(3), (len(angle_rad), 3, 3)))
    return rotation


def frame_bias() -> Array:
    """The rotation from GCRF to EME2000, shape (3, 3)."""
    bias: Array = erfa.bp06(2_451_545.0, 0.0)[0]
    return bias


def transform(
    from_frame: str,
    to_frame: str,
    t_utc_us: TimesUs | int,
    r_m: Array,
    v_m_s: Array,
    orientation: EarthOrientation | None = None,
) -> tuple[Array, Array]:
    """States of one frame in another.

    Parameters
    ----------
    from_frame, to_frame
        Names from `FRAMES`.
    t_utc_us
        Shape (n,), int64.
    r_m, v_m_s
        Shape (n, 3): position and velocity relative to `from_frame`.
    orientation
        Earth orientation at the instants; from the shipped table where it is not given.

    Returns
    -------
    Position and velocity in `to_frame`, shape (n, 3) each.

    Raises
    ------
    InputError
        For a frame that is not known, shapes that do not fit, or instants outside the tables.
    """
    for name in (from_frame, to_frame):
        if name not in FRAMES:
            raise InputError(f"the frame {name!r} is not known", hint=f"Known are {', '.join(FRAMES)}.")
    t = instants_us(t_utc_us)
    r, v = np.atleast_2d(np.asarray(r_m, np.float64)), np.atleast_2d(np.asarray(v_m_s, np.float64))
    if r.shape != (len(t), 3) or v.shape != r.shape:
        raise InputError(f"{len(t)} instants do not fit positions {r.shape} and velocities {v.shape}")
    if from_frame == to_frame:
        return r.copy(), v.copy()
    inertial = ("GCRF", "EME2000")
    if from_frame in inertial and to_frame in inertial:
        bias = frame_bias() if to_frame == "EME2000" else frame_bias().T
        return r @ bias.T, v @ bias.T
    eop = earth_orientation(t) if orientation is None else orientation
    return _from_itrf(to_frame, t, *_to_itrf(from_frame, t, r, v, eop), eop)


def _to_itrf(frame: str, t: TimesUs, r: Array, v: Array, eop: EarthOrientation) -> tuple[Array, Array]:
    if frame == "ITRF":
        return r, v
    if frame == "EME2000":
        bias = frame_bias()
        r, v, frame = r @ bias, v @ bias, "GCRF"
    turn, polar = _rotations(frame, t, eop)
    r_turning = _apply(turn, r)
    v_turning = _apply(turn, v) - _rate_cross(eop, r_turning)
    return _apply(polar, r_turning), _apply(polar, v_turning)


def _from_itrf(frame: str, t: TimesUs, r: Array, v: Array, eop: EarthOrientation) -> tuple[Array, Array]:
    if frame == "ITRF":
        return r, v
    turn, polar = _rotations("GCRF" if frame == "EME2000" else frame, t, eop)
    r_turning, v_turning = _apply_transposed(polar, r), _apply_transposed(polar, v)
    r = _apply_transposed(turn, r_turning)
    v = _apply_transposed(turn, v_turning + _rate_cross(eop, r_turning))
    if frame == "EME2000":
        bias = frame_bias()
        return r @ bias.T, v @ bias.T
    return r, v


def _rotations(frame: str, t: TimesUs, eop: EarthOrientation) -> tuple[Array, Array]:
    """From `frame` to the frame that turns about the pole, and from there to ITRF."""
    if frame == "TEME":
        # The terrestrial origin (s', 50 microarcseconds a century) is no part of the 1982 frame.
        polar = erfa.pom00(eop.xp_rad, eop.yp_rad, 0.0)
        return teme_to_pseudo_earth_fixed(t, eop), polar
    tt = tt_jd(t)
    polar = erfa.pom00(eop.xp_rad, eop.yp_rad, erfa.sp00(*tt))
    whole = celestial_to_terrestrial(t, eop)
    return np.swapaxes(polar, -1, -2) @ whole, polar


def _apply(rotation: Array, vectors: Array) -> Array:
    turned: Array = np.einsum("nij,nj->ni", rotation, vectors)
    return turned


def _apply_transposed(rotation: Array, vectors: Array) -> Array:
    turned: Array = np.einsum("nji,nj->ni", rotation, vectors)
    return turned


def _rate_cross(eop: EarthOrientation, r: Array) -> Array:
    """Earth rate about the third axis, cross `r`."""
    crossed = np.zeros_like(r)
    crossed[:, 0] = -eop.rate_rad_s * r[:, 1]
    crossed[:, 1] = eop.rate_rad_s * r[:, 0]
    return crossed
