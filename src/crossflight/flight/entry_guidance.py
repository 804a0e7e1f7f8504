"""Range control of a lifting entry by the bank angle, on gains computed beforehand.

As Apollo's final phase did it (Morth 1966, MIT R-532): a reference entry is stored by speed, and with it how
the range still to come changes with drag, climb and lift; in flight one line predicts the range from what is
felt, and the lift is changed by what is missing.  The bank's side brings the craft across to its place and
changes when the place lies too far on the other side.  The same law flies one entry or a thousand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import RADIUS_M
from crossflight.errors import InputError
from crossflight.flight.entry import AirState, EntryShape, felt, fly_entry
from crossflight.flight.parachute import Parachutes, descend, unit_itrf
from crossflight.flight.us_standard_1976 import G0_M_S2

Floats = NDArray[np.float64]

# Morth 1966: an over-controlled gain uses up errors early, while there is authority.
_OVERCONTROL: Final = 4.0
_N_NODES: Final = 48
# Guidance begins with drag one can measure, and ends where lift no longer moves the landing.
_DRAG_FROM_M_S2: Final = 0.05 * G0_M_S2
_SPEED_TO_M_S: Final = 450.0
_HIGHER_M: Final = 300.0
_CLIMB_M_S: Final = 8.0
_LIFT: Final = 0.02
_BANK_LEAST_RAD: Final = np.radians(10.0)
_BANK_MOST_RAD: Final = np.radians(150.0)
# Across the track: the side changes beyond this distance, which shrinks with the square of the speed
# [assumed]; a nominal entry then reverses two to four times.
_ACROSS_M: Final = 45_000.0
_ACROSS_LEAST_M: Final = 3000.0
_ORBITAL_M_S: Final = 7600.0


@dataclass(frozen=True, slots=True)
class EntryReference:
    """A reference entry by speed, arrays (k,) that rise with speed.

    Attributes
    ----------
    range_m
        From there to the touchdown.
    by_drag_s2, by_climb_s, by_lift_m
        Change of that range per change of drag, of climb, of vertical lift to drag.
    lift_to_drag, vertical
        Of the craft, and the vertical part of it that the reference flies.
    """

    speed_m_s: Floats
    range_m: Floats
    drag_m_s2: Floats
    climb_m_s: Floats
    by_drag_s2: Floats
    by_climb_s: Floats
    by_lift_m: Floats
    lift_to_drag: float
    vertical: float


def straight(shape: EntryShape, vertical: float) -> EntryShape:
    """The shape of an entry that flies a vertical lift to drag without going to a side."""
    return replace(shape, lift_to_drag=np.asarray(vertical, np.float64))


def level(_t_s: float, states: Floats, _air: AirState) -> Floats:
    """The bank law of a straight entry: none."""
    return np.zeros(len(states))


def entry_reference(
    state_itrf: Floats,
    shape: EntryShape,
    lift_to_drag: float,
    bank_rad: float,
    chutes: Parachutes,
    ground_m: float,
) -> EntryReference:
    """The reference of one entry from a state (6,), ITRF.

    Raises
    ------
    InputError
        If it skips out: then no guidance can be built on it.
    """
    vertical = lift_to_drag * float(np.cos(bank_rad))
    even = straight(shape, vertical)
    flown = fly_entry(state_itrf, even, level, chutes.drogue_height_m, is_recorded=True)
    if flown.is_skipped[0]:
        raise InputError("the reference entry skips out of the air", hint="See the entry corridor.")
    end = flown.state[0, :3]
    touchdown = descend(flown.state, chutes, even, ground_m)
    goal = unit_itrf(touchdown.latitude_rad, touchdown.longitude_rad)[0]
    drift = _angle(end / np.linalg.norm(end), goal)
    states = np.array([y[0] for _, y, _, _ in flown.samples])
    air = felt(states, even)
    usable = np.flatnonzero((air.drag_m_s2 > _DRAG_FROM_M_S2) & (air.speed_m_s > 0.5 * _SPEED_TO_M_S))
    # Even in speed, which falls from the first usable state on.
    speeds = np.linspace(air.speed_m_s[usable[0]], air.speed_m_s[usable[-1]], _N_NODES)
    at = np.unique(usable[np.searchsorted(-air.speed_m_s[usable], -speeds).clip(0, len(usable) - 1)])
    nodes, n = states[at], len(at)
    higher, climbing = nodes.copy(), nodes.copy()
    up = nodes[:, :3] / np.linalg.norm(nodes[:, :3], axis=1, keepdims=True)
    higher[:, :3] += _HIGHER_M * up
    climbing[:, 3:] = _climbing(nodes, up)
    batch = np.concatenate((higher, climbing, nodes))
    lift = np.concatenate((np.full(2 * n, vertical), np.full(n, vertical + _LIFT)))
    other = fly_entry(batch, replace(even, lift_to_drag=lift), level, chutes.drogue_height_m)
    if other.is_skipped.any():
        raise InputError("an entry beside the reference skips out of the air", hint="See the entry corridor.")
    ends = other.state[:, :3] / np.linalg.norm(other.state[:, :3], axis=1, keepdims=True)
    starts = batch[:, :3] / np.linalg.norm(batch[:, :3], axis=1, keepdims=True)
    ranges = RADIUS_M * (_angle(starts, ends) + drift)
    own = RADIUS_M * _angle(up, goal)
    drag_change = felt(higher, even).drag_m_s2 - air.drag_m_s2[at]
    order = np.argsort(air.speed_m_s[at])
    return EntryReference(
        air.speed_m_s[at][order],
        own[order],
        air.drag_m_s2[at][order],
        air.climb_m_s[at][order],
        ((ranges[:n] - own) / drag_change)[order],
        ((ranges[n : 2 * n] - own) / (felt(climbing, even).climb_m_s - air.climb_m_s[at]))[order],
        np.maximum((ranges[2 * n :] - own) / _LIFT, 1.0)[order],
        lift_to_drag,
        vertical,
    )


def _climbing(nodes: Floats, up: Floats) -> Floats:
    """Velocities with more climb at the same speed."""
    v = nodes[:, 3:]
    speed = np.linalg.norm(v, axis=1, keepdims=True)
    more = v + _CLIMB_M_S * up
    return np.asarray(more * (speed / np.linalg.norm(more, axis=1, keepdims=True)), np.float64)


def _angle(a: Floats, b: Floats) -> Floats:
    """Angles between unit vectors (..., 3), good for small ones too."""
    return np.asarray(2 * np.arcsin(np.clip(np.linalg.norm(a - b, axis=-1) / 2, 0.0, 1.0)), np.float64)


class SteeredEntry:
    """The bank law of n guided entries.

    Parameters
    ----------
    reference
        Of the nominal entry.
    goals
        Where each believes its landing place to be, unit vectors (n, 3), ITRF.
    bank_rad
        Held until guidance begins.
    """

    def __init__(self, reference: EntryReference, goals: Floats, bank_rad: float) -> None:
        self._reference = reference
        self._goals = goals
        self._first_bank_rad = bank_rad
        self._side = np.zeros(len(goals))
        self._size = np.full(len(goals), bank_rad)

    def __call__(self, _t_s: float, states: Floats, air: AirState) -> Floats:
        """Bank angles (n,): positive to the right."""
        ref, v = self._reference, air.speed_m_s
        r = states[:, :3] / np.linalg.norm(states[:, :3], axis=1, keepdims=True)
        left = np.cross(r, states[:, 3:])
        left /= np.linalg.norm(left, axis=1, keepdims=True)
        across_m = -RADIUS_M * np.arcsin(np.clip(np.sum(left * self._goals, axis=1), -1, 1))
        limit_m = _ACROSS_LEAST_M + _ACROSS_M * (v / _ORBITAL_M_S) ** 2
        is_first = self._side == 0
        wrong = (np.abs(across_m) > limit_m) & (across_m * self._side < 0)
        self._side = np.where(is_first | wrong, np.where(across_m >= 0, 1.0, -1.0), self._side)
        to_go_m = RADIUS_M * _angle(r, self._goals)
        predicted_m = (
            np.interp(v, ref.speed_m_s, ref.range_m)
            + np.interp(v, ref.speed_m_s, ref.by_drag_s2)
            * (air.drag_m_s2 - np.interp(v, ref.speed_m_s, ref.drag_m_s2))
            + np.interp(v, ref.speed_m_s, ref.by_climb_s)
            * (air.climb_m_s - np.interp(v, ref.speed_m_s, ref.climb_m_s))
        )
        gain = _OVERCONTROL / np.interp(v, ref.speed_m_s, ref.by_lift_m)
        vertical = ref.vertical + gain * (to_go_m - predicted_m)
        cosine = np.clip(vertical / ref.lift_to_drag, np.cos(_BANK_MOST_RAD), np.cos(_BANK_LEAST_RAD))
        steers = (air.drag_m_s2 > _DRAG_FROM_M_S2) & (v > _SPEED_TO_M_S)
        self._size = np.where(steers, np.arccos(cosine), self._size)
        return np.asarray(self._side * self._size, np.float64)
