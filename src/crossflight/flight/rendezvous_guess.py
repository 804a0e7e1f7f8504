"""A first guess of the burns of a rendezvous: along the track, on mean circular orbits.

Each burn raises the mean axis, and the axis sets the rate along the orbit; height and place at the end are
two conditions on the burns.  The burns of the least total come from a linear programme, a few times over
because rates are not linear in the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics import nodes
from crossflight.flight.target_track import TargetTrack, turned_rad

Array = NDArray[np.float64]

_J2: Final = -nodes.EVEN_ZONALS[2] * 5**0.5
_N_ROUNDS: Final = 8
_SAMPLE_US: Final = 300_000_000
# Two counts of turns cost the same when the second merely waits longer in orbit: the shorter way is meant.
_SAME_M_S: Final = 5.0
# What height and place at the end may be off for the guess to count as one.
_AXIS_OFF_M: Final = 2000.0
_PLACE_OFF_RAD: Final = 0.02


def mean_axis_m(state_gcrf: Array) -> float:
    """Mean axis of a near-circular orbit from one state (6,): J2's short period taken off, to 1 km."""
    r, v = state_gcrf[:3], state_gcrf[3:]
    radius = float(np.linalg.norm(r))
    axis = 1.0 / (2.0 / radius - float(v @ v) / nodes.MU_M3_S2)
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal)
    sine2 = 1.0 - normal[2] ** 2
    # sin(i) sin(u) is the sine of the latitude.
    cos_2u = 1.0 - 2.0 * (r[2] / radius) ** 2 / max(sine2, 1e-9)
    return float(axis - 1.5 * _J2 * nodes.REFERENCE_RADIUS_M**2 / axis * sine2 * cos_2u)


def inclination_rad(state_gcrf: Array) -> float:
    """Inclination to the GCRF's equator."""
    normal = np.cross(state_gcrf[:3], state_gcrf[3:])
    return float(np.arccos(normal[2] / np.linalg.norm(normal)))


def phase_rad(track: TargetTrack, at_us: int, state_gcrf: Array) -> float:
    """By how much the target leads a state (6,) along the orbit, -pi to pi."""
    relative = track.lvlh(at_us, state_gcrf[None])[0]
    radius = float(np.linalg.norm(track.states(at_us)[0, :3]))
    return -float(np.arctan2(relative[0], radius - relative[2]))


class MeanFlight:
    """A craft and its target on mean circular orbits between two instants.

    Attributes
    ----------
    axis_m, target_axis_m
        Mean axes at the start.
    phase_rad
        By how much the target leads at the start, -pi to pi.
    target_turned_rad
        What the target turns through from start to end.
    """

    def __init__(self, track: TargetTrack, start_us: int, start_gcrf: Array, end_us: int) -> None:
        self.inclination_rad = inclination_rad(start_gcrf)
        self.start_us, self.end_us = start_us, end_us
        n = max(8, (end_us - start_us) // _SAMPLE_US + 2)
        t = np.linspace(start_us, end_us, n).astype(np.int64)
        target = track.states(t)
        self.axis_m = mean_axis_m(start_gcrf)
        self.target_axis_m = float(np.mean([mean_axis_m(y) for y in target]))
        self.phase_rad = phase_rad(track, start_us, start_gcrf)
        self.target_turned_rad = float(turned_rad(target)[-1])
        self._end_axis_m = float(np.mean([mean_axis_m(y) for y in target[-min(n, 19) :]]))

    def rate_rad_s(self, axis_m: float) -> float:
        """Rate along an orbit of this mean axis."""
        return nodes.latitude_argument_rate_rad_s(axis_m, self.inclination_rad)

    def end(self, at_us: Sequence[int], dv_m_s: Array) -> tuple[float, float]:
        """Axis against the target's, and angle turned through against the target's, at the end."""
        axis, turned, last_us = self.axis_m, 0.0, self.start_us
        for t_us, dv in zip(at_us, dv_m_s, strict=True):
            turned += self.rate_rad_s(axis) * (t_us - last_us) / 1e6
            axis += 2.0 * float(dv) / nodes.mean_motion_rad_s(axis)
            last_us = t_us
        turned += self.rate_rad_s(axis) * (self.end_us - last_us) / 1e6
        return axis - self._end_axis_m, turned - self.target_turned_rad


def along_track_burns(
    flight: MeanFlight, at_us: Sequence[int], *, axis_off_m: float = 0.0, turned_off_rad: float = 0.0
) -> tuple[Array, float, float]:
    """Burns (k,) along the track at instants, their total, and the phase they catch up.

    Parameters
    ----------
    axis_off_m, turned_off_rad
        Where the craft is wanted against the target at the end: above it, ahead of it.

    Returns
    -------
    The total is infinite where no burns were found.
    """
    best: tuple[Array, float, float] = (np.zeros(len(at_us)), np.inf, flight.phase_rad)
    for turn in (0, 1, -1):
        phase = flight.phase_rad + turn * 2 * np.pi
        dv = _burns(flight, at_us, axis_off_m, phase + turned_off_rad)
        if dv is None:
            continue
        total = float(np.abs(dv).sum())
        if total < best[1] - _SAME_M_S:
            best = (dv, total, phase)
    return best


def _burns(flight: MeanFlight, at_us: Sequence[int], axis_off_m: float, turned_rad: float) -> Array | None:
    from scipy.optimize import linprog

    k = len(at_us)
    dv = np.zeros(k)
    step = 1.0
    for _ in range(_N_ROUNDS):
        axis, turned = flight.end(at_us, dv)
        off = np.array([(axis - axis_off_m) / 1000.0, (turned - turned_rad) * 100.0])
        if abs(off[0]) < 0.05 and abs(off[1]) < 0.02:
            break
        by_burn = np.empty((2, k))
        for i in range(k):
            nudged = dv.copy()
            nudged[i] += step
            a, u = flight.end(at_us, nudged)
            by_burn[:, i] = (a - axis) / 1000.0 / step, (u - turned) * 100.0 / step
        used = dv != 0.0
        if used.sum() >= 2:
            # Many pairs of burns cost nearly the same: the first pair found is made exact.
            dv[used] -= np.linalg.lstsq(by_burn[:, used], off, rcond=None)[0]
            continue
        found = linprog(
            np.ones(2 * k), A_eq=np.hstack([by_burn, -by_burn]), b_eq=by_burn @ dv - off, method="highs"
        )
        if found.x is None:
            return None
        dv = found.x[:k] - found.x[k:]
        if np.abs(dv).max() > 500.0:
            return None
    axis, turned = flight.end(at_us, dv)
    is_there = abs(axis - axis_off_m) < _AXIS_OFF_M and abs(turned - turned_rad) < _PLACE_OFF_RAD
    return dv if is_there else None
