"""The guidance laws of the stages: from a navigated state to a commanded change of velocity.

All are vectorised over samples and know the navigated state only.  A hop aims with Clohessy and
Wiltshire's matrix (two impulses, re-aimed on the way); every other stage follows a velocity that
depends on the place, with pulses between which the craft drifts (glideslope guidance, Hablani and others
2002).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.approach import Close, FlyAround, Glide, Hold
from crossflight.flight.keep_out import along_and_off, norm
from crossflight.flight.ports import DockingPort
from crossflight.flight.relative_motion import cw_acceleration

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Time constant with which an offset from the path is taken out, and seconds between pulses [assumed].
_FOLLOW_S: Final = 60.0
_FOLLOW_NEAR_S: Final = 8.0
_FOLLOW_NEAR_M: Final = 100.0
PULSE_S: Final = {Close: 10.0, FlyAround: 10.0, Hold: 10.0, Glide: 4.0}
# Correcting an offset is never worth more speed than this.
_CORRECTION_MAX_M_S: Final = 0.5
# [assumed] How far off the usual arrival an approach is begun: along, across, down.  The hop from it is good
# over twice as much (errors off, port ahead: from 3.4 to 12 km behind at 2 to 3 km below).
HANDOVER_BOX_M: Final = (2000.0, 500.0, 500.0)
# Passing so far below or above, or drifting away on an orbit that is, a craft leaves the ellipsoid alone.
_CLEAR_M: Final = 1500.0
_AROUND_SPAN_RAD: Final = float(np.pi / 2)
_AROUND_END_S: Final = 15.0
_TINY: Final = 1e-9


def bounded(u: Array, length_max: float) -> Array:
    """Vectors (3, n) no longer than `length_max`."""
    length = norm(u)
    cut: Array = u * np.minimum(1.0, length_max / np.maximum(length, _TINY))
    return cut


def with_drift_cancelled(rate_rad_s: float, r: Array, v_wanted: Array, pulse_s: float) -> Array:
    """The velocity to set now for `v_wanted` to be the mean one until the next pulse."""
    wanted: Array = v_wanted - 0.5 * pulse_s * cw_acceleration(rate_rad_s, r, v_wanted)
    return wanted


def to_axis_velocity(left_m: Array, off: Array) -> Array:
    """What takes an offset (3, n) from the axis out: the nearer to the port, the faster."""
    share = np.clip(left_m / _FOLLOW_NEAR_M, 0.0, 1.0)
    follow_s = _FOLLOW_NEAR_S + (_FOLLOW_S - _FOLLOW_NEAR_S) * share
    return -bounded(off / follow_s, _CORRECTION_MAX_M_S)


def is_in_handover_box(nav: Array, usual: Array) -> Mask:
    """Whether craft (6, n) are near enough to the usual arrival (6,) to begin the approach."""
    along, across, down = np.abs(nav[:3] - usual[:3, None])
    a, b, c = HANDOVER_BOX_M
    inside: Mask = (along <= a) & (across <= b) & (down <= c)
    return inside


def wave_off_velocity(rate_rad_s: float, nav: Array) -> Array:
    """The velocity (3, n) that leaves the station alone without another burn.

    Well below or above it the craft passes on a co-elliptic orbit; elsewhere it takes to an orbit on which it
    drifts away: higher and back where it is behind, lower and ahead where it is ahead.
    """
    x, _, z = nav[:3]
    mean = np.where(np.abs(z) >= _CLEAR_M, z, np.where(x < 0.0, -_CLEAR_M, _CLEAR_M))
    # Clohessy and Wiltshire: the mean depth of the motion is 4 z - 2 v / n where it neither climbs nor sinks.
    velocity: Array = np.stack([0.5 * rate_rad_s * (4.0 * z - mean), nav[4], np.zeros_like(z)])
    return velocity


def close_velocity(stage: Close, nav: Array) -> tuple[Array, Mask]:
    """Velocity wanted (3, n) and whether the stage is over (n,)."""
    distance = norm(nav[:3])
    speed = np.minimum(distance / stage.tau_s, stage.speed_max_m_s)
    return -nav[:3] / distance * speed, distance <= stage.to_range_m


def fly_around_velocity(stage: FlyAround, nav: Array, rate_rad_s: float) -> tuple[Array, Mask]:
    """Along the great circle to the place where the stage ends."""
    end = np.asarray(stage.to_m)
    end_range = float(np.sqrt(end @ end))
    aim = (end / end_range)[:, None]
    distance = norm(nav[:3])
    up = nav[:3] / distance
    cosine = np.clip(up[0] * aim[0] + up[1] * aim[1] + up[2] * aim[2], -1.0, 1.0)
    tangent = aim - cosine * up
    sine = norm(tangent)
    # Opposite the end every way round is as long: in the orbit's plane then.
    in_plane = np.stack([-up[2], np.zeros_like(sine), up[0]])
    tangent = np.where(sine < 1e-3, in_plane / np.maximum(norm(in_plane), _TINY), tangent)
    tangent = tangent / np.maximum(norm(tangent), _TINY)
    left_rad = np.arctan2(sine, cosine)
    slope_m_rad = (stage.from_range_m - end_range) / _AROUND_SPAN_RAD
    wanted_range = end_range + slope_m_rad * np.minimum(left_rad, _AROUND_SPAN_RAD)
    rate = np.minimum(stage.rate_rad_s or rate_rad_s, left_rad / _AROUND_END_S)
    inward = np.where(left_rad < _AROUND_SPAN_RAD, slope_m_rad * rate, 0.0)
    radial = np.clip((wanted_range - distance) / _FOLLOW_S, -1.0, 1.0) - inward
    velocity = tangent * (rate * distance) + up * radial
    return velocity, left_rad * distance <= 0.02 * end_range


def hold_velocity(place: Array, nav: Array) -> Array:
    """Back to the place held (3,)."""
    return bounded((place[:, None] - nav[:3]) / _FOLLOW_S, _CORRECTION_MAX_M_S)


def glide_velocity(port: DockingPort, stage: Glide, nose_m: float, nav: Array) -> tuple[Array, Array, Array]:
    """Velocity wanted (3, n); distance left (n,) from the nose to the port; offset (3, n) from the axis."""
    along, off = along_and_off(port, nav[:3])
    left = along - nose_m
    speed = np.clip(left / stage.tau_s, stage.speed_min_m_s, stage.speed_max_m_s)
    velocity = -speed * np.asarray(port.axis)[:, None] + to_axis_velocity(left, off)
    return velocity, left, off


def retreat_velocity(port: DockingPort, speed_m_s: float, nav: Array) -> Array:
    """Out along the axis, offsets taken out as on the way in."""
    along, off = along_and_off(port, nav[:3])
    return speed_m_s * np.asarray(port.axis)[:, None] + to_axis_velocity(along, off)
