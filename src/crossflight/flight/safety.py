"""Trajectory safety: what becomes of a craft whose engines stay silent, and whether an abort always helps.

The rules are those of design/flight.md: before approach initiation free drift is safe for 24 h; inside the
ellipsoid for a few orbits; near the keep-out sphere an active abort is verified from every state.  Where
one rule ends and the next begins is [assumed]: at the end of the last hop (Dragon's waypoint 0), because no
fly-around to V-bar at any rate, and no stay there, drifts clear of the sphere for three orbits (measured);
Soyuz comes straight and is covered by the abort from the beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.propagation import propagate
from crossflight.flight.approach import Hop
from crossflight.flight.craft import Craft
from crossflight.flight.keep_out import SPHERE_M, is_in_corridor, is_in_ellipsoid, norm
from crossflight.flight.local_frame import (
    Target,
    curvilinear_from_lvlh,
    gcrf_from_lvlh,
    lvlh_from_gcrf,
)
from crossflight.flight.ports import DockingPort
from crossflight.flight.proximity_result import DOCKED, ProximityResult, Verdict
from crossflight.flight.relative_motion import cw_drag_response, cw_transition, propagated
from crossflight.flight.target_track import TargetTrack
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

DAY_S: Final = 86_400.0
# "A few orbits" [assumed].
N_ORBITS_SAFE: Final = 3
_STEP_S: Final = 20.0
_COAST_STEP_S: Final = 30.0  # at most 100 m of relative motion
# [assumed] What an abort has to clear: truss and arrays reach 55 m from the centre of mass.
HULL_M: Final = 60.0
# Velocities to set on an abort, in m/s along (port axis, V-bar, R-bar); the first that is safe is flown.
_ABORTS_M_S: Final = (
    (0.5, 0.0, 0.0),
    (1.0, 0.0, 0.0),
    (2.0, 0.0, 0.0),
    (1.0, 0.5, 0.0),
    (1.0, -0.5, 0.0),
    (1.0, 0.0, 0.5),
    (1.0, 0.0, -0.5),
    (2.0, 1.0, 1.0),
    (2.0, -1.0, 1.0),
    (2.0, 1.0, -1.0),
    (2.0, -1.0, -1.0),
)


def drift_closest_m(states_lvlh: Array, target: Target, drag_m_s2: float, duration_s: float) -> Array:
    """Least distance (n,) from the station of craft (6, n) that do nothing for `duration_s`."""
    closest = norm(states_lvlh[:3])
    for y in _drift(states_lvlh, target, drag_m_s2, duration_s):
        closest = np.minimum(closest, norm(y[:3]))
    return closest


def drift_enters_ellipsoid(states_lvlh: Array, target: Target, drag_m_s2: float, duration_s: float) -> Mask:
    """Whether craft (6, n) that do nothing come into the approach ellipsoid."""
    entered = is_in_ellipsoid(states_lvlh[:3])
    for y in _drift(states_lvlh, target, drag_m_s2, duration_s):
        entered |= is_in_ellipsoid(y[:3])
    return entered


def _drift(states_lvlh: Array, target: Target, drag_m_s2: float, duration_s: float) -> list[Array]:
    """States every 20 s, curvilinear."""
    phi = cw_transition(target.rate_rad_s, _STEP_S)
    drag = (cw_drag_response(target.rate_rad_s, _STEP_S) * drag_m_s2)[:, None]
    y = np.ascontiguousarray(curvilinear_from_lvlh(target.radius_m, states_lvlh.T).T)
    out = []
    for _ in range(int(duration_s / _STEP_S)):
        y = propagated(phi, y) + drag
        out.append(y)
    return out


def aborts(
    states_lvlh: Array, port: DockingPort, target: Target, drag_m_s2: float, acceleration_m_s2: float
) -> tuple[Mask, Array]:
    """Whether an active abort keeps each craft (6, n) clear, and its delta-v (n,).

    The abort sets a velocity away from the station.  It is safe if braking ends before the hull, if the
    craft never comes nearer to the station than the hull (or than it is) and, once out of the keep-out
    sphere, stays out for `N_ORBITS_SAFE` revolutions.
    """
    n = states_lvlh.shape[1]
    is_safe, dv = np.zeros(n, np.bool_), np.full(n, np.inf)
    axis = np.asarray(port.axis)
    distance = norm(states_lvlh[:3])
    # Inside the hull's radius, on the axis, it may come a twentieth nearer while it brakes.
    floor = np.minimum(0.95 * distance, HULL_M)
    duration_s = N_ORBITS_SAFE * target.period_s
    for along, ahead, down in _ABORTS_M_S:
        todo = np.flatnonzero(~is_safe)
        if not len(todo):
            break
        y = states_lvlh[:, todo].copy()
        # Off the corridor, away from the station is away from where the craft is, not from the port.
        away = np.where(is_in_corridor(port, y[:3]), axis[:, None], y[:3] / distance[todo])
        wanted = along * away + np.array([ahead, 0.0, down])[:, None]
        change = norm(wanted - y[3:])
        took_s = change / acceleration_m_s2
        # Braking takes a stretch on the course it has; then the craft turns back along its burn.
        stretch = y[3:] * (0.5 * norm(y[3:]) / acceleration_m_s2)
        closest, is_back = _closest_on_stretch(y[:3], stretch), np.zeros(len(todo), np.bool_)
        y[:3] += 0.5 * took_s * (y[3:] + wanted)
        y[3:] = wanted
        closest = np.minimum(closest, norm(y[:3]))
        was_out = closest > SPHERE_M
        for state in _drift(y, target, drag_m_s2, duration_s):
            now = norm(state[:3])
            closest = np.minimum(closest, now)
            is_back |= was_out & (now < SPHERE_M)
            was_out |= now > SPHERE_M
        good = (closest >= floor[todo]) & ~is_back & was_out
        is_safe[todo[good]] = True
        dv[todo[good]] = change[good]
    return is_safe, dv


def _closest_on_stretch(begin: Array, stretch: Array) -> Array:
    """Least distance (n,) from the origin of the lines from `begin` along `stretch`, both (3, n)."""
    squared = (stretch**2).sum(axis=0)
    share = np.clip(-(begin * stretch).sum(axis=0) / np.maximum(squared, 1e-12), 0.0, 1.0)
    return norm(begin + share * stretch)


def verdicts(
    result: ProximityResult, target: Target, craft: Craft, mass_kg: float, arrival_lvlh: Array
) -> tuple[Verdict, ...]:
    """The rules of trajectory safety on a flown approach, as far as it came to them."""
    drag = target.drag_difference_m_s2(craft.drag_area_m2 * craft.drag_coefficient / mass_kg)
    acceleration = craft.thrusters.thrust_n / mass_kg
    found: list[Verdict] = []
    stages = result.approach.stages
    is_passive = result.approach.is_passively_safe
    n_hops = sum(isinstance(stage, Hop) for stage in stages)
    if is_passive:
        entered = drift_enters_ellipsoid(arrival_lvlh, target, drag, DAY_S)
        found.append(
            Verdict(
                "drift-before-approach",
                not entered.any(),
                f"{int(entered.sum())} of {len(entered)} arrivals would drift into the ellipsoid within 24 h",
            )
        )
        early = result.snapshots_stage < n_hops
        states = result.snapshots_lvlh[:, early]
        if states.size:
            closest = drift_closest_m(states, target, drag, N_ORBITS_SAFE * target.period_s)
            found.append(
                Verdict(
                    "drift-in-ellipsoid",
                    bool((closest > SPHERE_M).all()),
                    f"least distance {closest.min():.0f} m in {N_ORBITS_SAFE} orbits of free drift from "
                    f"{closest.size} states before the fly-around; {int((closest <= SPHERE_M).sum())} come "
                    f"inside {SPHERE_M:.0f} m",
                )
            )
    late = result.snapshots_stage >= (n_hops if is_passive else 0)
    states = result.snapshots_lvlh[:, late]
    if states.size:
        is_safe, dv = aborts(states, result.port, target, drag, acceleration)
        takes = f"; it takes at most {dv[is_safe].max():.2f} m/s" if is_safe.any() else ""
        found.append(
            Verdict(
                "active-abort",
                bool(is_safe.all()),
                f"{int((~is_safe).sum())} of {is_safe.size} states without a safe abort{takes}",
            )
        )
    n_inside = int(result.is_keep_out_violated.sum())
    near_m = result.closest_m.min()
    least = f"; least distance outside it {near_m:.0f} m" if np.isfinite(near_m) else ""
    found.append(
        Verdict(
            "keep-out-sphere",
            n_inside == 0,
            f"{n_inside} of {len(result.samples)} inside {SPHERE_M:.0f} m outside the corridor{least}",
        )
    )
    has_met = ~np.isnan(result.contacts.t_s)
    if has_met.any():
        n_outside = int((has_met & ~result.contacts.is_within).sum())
        found.append(
            Verdict(
                "contact-box",
                n_outside == 0,
                f"{int((result.outcome == DOCKED).sum())} of {len(result.samples)} docked within the "
                f"{result.contacts.limits.name} limits, {n_outside} met outside them",
            )
        )
    return tuple(found)


def drift_after_burns(states: Sequence[CraftState], track: TargetTrack, craft: Craft) -> Verdict:
    """Whether a craft that falls silent after any of these states stays out of the ellipsoid for 24 h.

    Station and craft each in the full force model; the track has to reach a day past the last state.
    """
    closest, n_entered = np.inf, 0
    for state in states:
        t_us = state.utc.us + np.arange(1, int(DAY_S / _COAST_STEP_S) + 1) * round(_COAST_STEP_S * 1e6)
        y = propagate(
            track.model, state.utc.us, np.concatenate([state.r_gcrf_m, state.v_gcrf_m_s]), t_us,
            ballistic_m2_kg=craft.drag_area_m2 * craft.drag_coefficient / state.mass_kg,
        )[0]  # fmt: skip
        away = track.lvlh(t_us, y)[:, :3].T
        closest = min(closest, float(norm(away).min()))
        n_entered += bool(is_in_ellipsoid(away).any())
    return Verdict(
        "drift-after-burns",
        n_entered == 0,
        f"after {n_entered} of {len(states)} burns a silent craft would drift into the ellipsoid in 24 h; "
        f"least distance {closest / 1000:.1f} km",
    )


def full_model_relative(
    station_gcrf: Array,
    relative_lvlh: Array,
    at_utc: Instant,
    after_s: Array,
    *,
    station_ballistic_m2_kg: float,
    craft_ballistic_m2_kg: float,
    model: ForceModel | None = None,
) -> Array:
    """Relative states (m, 6), LVLH, at `after_s` (m,): station and craft each in the full force model.

    Parameters
    ----------
    station_gcrf
        The station's state (6,), GCRF.
    relative_lvlh
        The craft's relative state (6,) at `at_utc`.
    """
    both = np.vstack([station_gcrf, gcrf_from_lvlh(station_gcrf, relative_lvlh)])
    t = at_utc.us + np.rint(np.asarray(after_s) * 1e6).astype(np.int64)
    out = propagate(
        model or ForceModel(),
        at_utc.us,
        both,
        t,
        ballistic_m2_kg=np.array([station_ballistic_m2_kg, craft_ballistic_m2_kg]),
    )
    return lvlh_from_gcrf(out[0], out[1])
