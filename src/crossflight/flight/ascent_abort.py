"""Aborts on the way up: where and when the capsule comes down if it leaves the launcher at an instant.

The capsule is taken off as it flies: what the escape motors add (tens of metres a second) is left out, and so
is a wind.  It falls through the air without lift, rolling, or with a share of its lift upwards, to its
parachutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.frames import transform
from crossflight.errors import UsageError
from crossflight.flight.ascent_flight import AscentResult
from crossflight.flight.craft import Craft
from crossflight.flight.entry import EntryShape, fly_entry, height_m
from crossflight.flight.parachute import Parachutes, descend
from crossflight.model.trajectory import CraftState, Touchdown
from crossflight.times import Instant

Floats = NDArray[np.float64]

# The shape's nose only scales a heating that nobody asks for here.
_NOSE_M: Final = 2.0
# Escape motors' scatter, winds and the parachutes' drift [assumed].
_ALONG_SIGMA_KM: Final = 15.0
_ACROSS_SIGMA_KM: Final = 10.0
# States kept: one in so many steps of the entry.
_EVERY: Final = 5


@dataclass(frozen=True, slots=True)
class AscentAbort:
    """An abort as flown.

    Attributes
    ----------
    abort_utc, height_m, air_speed_m_s
        Where the capsule leaves the launcher.
    apogee_m
        Greatest height above the ellipsoid afterwards.
    peak_g
        Greatest load.
    main_chute_utc
        Main parachute open.
    touchdown
        With sigmas [assumed].
    fall, drogue, main
        States of the capsule from the abort to the drogue's opening, from there to the main parachute's, and
        from there to the touchdown.
    """

    abort_utc: Instant
    height_m: float
    air_speed_m_s: float
    apogee_m: float
    peak_g: float
    main_chute_utc: Instant
    touchdown: Touchdown
    fall: tuple[CraftState, ...]
    drogue: tuple[CraftState, ...]
    main: tuple[CraftState, ...]


def abort(
    flown: AscentResult,
    at_s: float,
    craft: Craft,
    chutes: Parachutes,
    *,
    ground_m: float = 0.0,
    lift_share: float = 0.0,
) -> AscentAbort:
    """The way down from `at_s` after lift-off.

    Parameters
    ----------
    lift_share
        Part of the capsule's lift that is held upwards; 0 is a ballistic entry.

    Raises
    ------
    UsageError
        Outside the ascent, below the parachutes' height (that is the escape tower's, which is not flown
        here), for a craft without a capsule, or where the capsule would not come down within an hour.
    """
    body = craft.entry
    if body is None:
        raise UsageError(f"nothing is known of the capsule of {craft.name}")
    last_s = float(flown.samples.t_s[-1])
    if not 0 <= at_s <= last_s:
        raise UsageError(f"an abort {at_s:g} s after lift-off is not within the ascent of {last_s:.0f} s")
    utc = flown.liftoff_utc.plus_s(at_s)
    r, v = _state_at(flown, at_s)
    us = np.array([utc.us])
    r_itrf, v_itrf = transform("GCRF", "ITRF", us, r[None, :], v[None, :])
    state = np.concatenate([r_itrf, v_itrf], axis=1)
    height = float(height_m(r_itrf)[0])
    if height <= chutes.drogue_height_m:
        raise UsageError(
            f"at {at_s:g} s the launcher is {height / 1000:.1f} km high, below the "
            f"{chutes.drogue_height_m / 1000:g} km at which the parachutes open",
            hint="an abort there is the escape tower's, which is not flown",
        )
    shape = EntryShape(
        np.array([body.drag_coefficient * body.area_m2 / body.mass_kg]),
        np.array([body.lift_to_drag * lift_share]),
        np.array([1.0]),
        _NOSE_M,
        np.zeros(2),
    )
    entry = fly_entry(
        state, shape, lambda _t, y, _air: np.zeros(len(y)), chutes.drogue_height_m, is_recorded=True
    )
    if entry.is_skipped[0]:
        raise UsageError(
            f"from {at_s:g} s after lift-off the capsule does not come down within an hour",
            hint="that close to orbit it stays up, and returns from there",
        )
    down = descend(entry.state, chutes, shape, ground_m, is_recorded=True)
    assert down.drogue_path is not None
    assert down.main_path is not None
    fall_s = float(entry.t_s[0])
    apogee = max(float(height_m(y[:, :3])[0]) for _, y, _, _ in entry.samples)
    touchdown = Touchdown(
        utc.plus_s(fall_s).plus_s(float(down.touchdown_s[0])),
        float(np.degrees(down.latitude_rad[0])),
        float(np.degrees(down.longitude_rad[0])),
        _ALONG_SIGMA_KM,
        _ACROSS_SIGMA_KM,
    )
    kept = entry.samples[_EVERY::_EVERY]
    t_s = np.array([*(t for t, _, _, _ in kept), fall_s])
    y = np.vstack([*(y[0] for _, y, _, _ in kept), entry.state[0]])
    fall = _gcrf(utc, t_s, y, body.mass_kg)
    drogue, main = (
        _gcrf(utc.plus_s(fall_s), *path, body.mass_kg) for path in (down.drogue_path, down.main_path)
    )
    return AscentAbort(
        utc,
        height,
        float(np.linalg.norm(v_itrf[0])),
        apogee,
        float(entry.peak_g[0]),
        utc.plus_s(fall_s + float(down.main_s[0])),
        touchdown,
        (CraftState(utc, r, v, body.mass_kg), *fall),
        drogue,
        main,
    )


def _gcrf(from_utc: Instant, t_s: Floats, states_itrf: Floats, mass_kg: float) -> tuple[CraftState, ...]:
    at = [from_utc.plus_s(float(t)) for t in t_s]
    r, v = transform("ITRF", "GCRF", np.array([x.us for x in at]), states_itrf[:, :3], states_itrf[:, 3:])
    return tuple(CraftState(x, r[k], v[k], mass_kg) for k, x in enumerate(at))


def _state_at(flown: AscentResult, at_s: float) -> tuple[Floats, Floats]:
    """Position and velocity at an instant: between samples, Hermite's cubic of the positions."""
    s = flown.samples
    k = int(np.clip(np.searchsorted(s.t_s, at_s, "right") - 1, 0, len(s.t_s) - 2))
    h = float(s.t_s[k + 1] - s.t_s[k])
    if h <= 0:
        return s.r_gcrf_m[k], s.v_gcrf_m_s[k]
    w = (at_s - float(s.t_s[k])) / h
    r0, r1, v0, v1 = s.r_gcrf_m[k], s.r_gcrf_m[k + 1], s.v_gcrf_m_s[k], s.v_gcrf_m_s[k + 1]
    r = (
        (1 + 2 * w) * (1 - w) ** 2 * r0
        + w * (1 - w) ** 2 * h * v0
        + w**2 * (3 - 2 * w) * r1
        + w**2 * (w - 1) * h * v1
    )
    return np.asarray(r), np.asarray(v0 + w * (v1 - v0))
