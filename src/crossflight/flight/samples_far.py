"""Many samples of one plan from insertion to arrival, each with its own errors, in the full force model.

Between burns all fly together.  Before each burn guidance answers the state it sees with gains made once for
the plan, which is linear re-targeting of all burns still to come.  The deviation is counted along the arc
and the answer made in the craft's own axes: after eighteen hours a craft may be a hundred kilometres
from its place in the plan, and straight lines are kilometres off then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.dynamics.propagation import propagate
from crossflight.flight.apsides import perigee_height_m
from crossflight.flight.local_frame import (
    axes_gcrf,
    curvilinear_from_lvlh,
    gcrf_from_lvlh,
    lvlh_from_gcrf,
)
from crossflight.flight.rendezvous import RendezvousPlan
from crossflight.flight.rendezvous_gains import Gain
from crossflight.flight.target_track import TargetTrack
from crossflight.flight.transfer import rtn_axes
from crossflight.rng import normals

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
# The burns (n, 3) to be made at slot k, GCRF, of the states seen (n, 6) before it.
Guidance = Callable[[int, Array], Array]

# [assumed] An orbit with a lower perigee does not last a revolution.
LOST_PERIGEE_M: Final = 120_000.0
# Perigees are looked at as often: a revolution's drag does not take an orbit from there to the ground.
_LOOK_US: Final = 5_400_000_000
_PARKED_RADIUS_M: Final = 6_780_000.0


@dataclass(frozen=True, slots=True)
class FlightErrors:
    """One-sigma errors before the approach, each per axis; all [assumed].

    Attributes
    ----------
    insertion_m, insertion_m_s
        Of the state at insertion: radial, along-track, cross-track.
    navigation_m, navigation_m_s
        Of the state seen before each burn, each axis.
    burn_share, burn_angle_rad
        Of a burn's size and direction.
    drag_share
        Of the craft's ballistic coefficient times the density.
    scale
        Multiplies all, and those of the approach.
    """

    insertion_m: tuple[float, float, float] = (1500.0, 3000.0, 800.0)
    insertion_m_s: tuple[float, float, float] = (2.0, 1.0, 1.5)
    navigation_m: float = 15.0
    navigation_m_s: float = 0.015
    burn_share: float = 0.003
    burn_angle_rad: float = 0.003
    drag_share: float = 0.2
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class FarFlight:
    """n samples at arrival, and how they came there; the first axis of every array is the sample.

    Attributes
    ----------
    insertion_rtn
        Errors of the state at insertion (n, 6): radial, along-track, cross-track, m and m/s.
    air_factor
        On the planned ballistic coefficient (n,).
    start_gcrf, end_gcrf
        States (n, 6) at insertion and at arrival.
    before_gcrf, made_gcrf
        States (n, k, 6) before the burns and the changes of velocity (n, k, 3) the engines made.
    arrival_lvlh
        State at arrival (n, 6), LVLH of the station.
    miss_m
        Off the planned arrival; of a craft that was lost, from where it was.
    is_lost
        Whether it came down: its perigee fell below 120 km.
    lost_us
        When that was found (0 for all others); `end_gcrf` is its state then.
    """

    insertion_rtn: Array
    air_factor: Array
    start_gcrf: Array
    before_gcrf: Array
    made_gcrf: Array
    end_gcrf: Array
    arrival_lvlh: Array
    miss_m: Array
    dv_m_s: Array
    min_perigee_m: Array
    is_lost: Mask
    lost_us: NDArray[np.int64]

    def only(self, rows: NDArray[np.intp]) -> FarFlight:
        """Some of them."""
        return FarFlight(*(getattr(self, f.name)[rows] for f in fields(self)))


def fly_far(
    plan: RendezvousPlan,
    track: TargetTrack,
    seed: int,
    numbers: NDArray[np.int64],
    errors: FlightErrors,
    guidance: Guidance,
) -> FarFlight:
    """Fly samples from insertion to arrival."""
    problem, n = plan.problem, len(numbers)
    scale = errors.scale
    spread = np.array([*errors.insertion_m, *errors.insertion_m_s])
    off = normals(seed, numbers, "insertion", 6).T * scale * spread
    axes = rtn_axes(problem.start_gcrf)
    states = start = problem.start_gcrf + np.hstack((off[:, :3] @ axes, off[:, 3:] @ axes))
    air = np.maximum(1 + scale * errors.drag_share * normals(seed, numbers, "air", 1)[0], 0.0)
    flock = _Flock(plan, states, problem.ballistic_m2_kg * air)
    before = np.empty((n, len(problem.slots), 6))
    made = np.zeros((n, len(problem.slots), 3))
    for k, slot in enumerate(problem.slots):
        states = before[:, k] = flock.coasted(slot.at_us)
        noise = normals(seed, numbers, f"navigation {k}", 6).T * scale
        seen = states + noise * np.repeat([errors.navigation_m, errors.navigation_m_s], 3)
        # Nobody steers the lost.
        seen = np.where(flock.is_lost[:, None], plan.transfer.before_gcrf[k], seen)
        wanted = guidance(k, seen)
        drawn = normals(seed, numbers, f"burn {k}", 4).T * scale
        made[:, k] = np.where(flock.is_lost[:, None], 0.0, _executed(wanted, drawn, errors))
        flock.burn(made[:, k])
    end = flock.coasted(problem.end.at_us)
    relative = np.asarray(track.lvlh(np.full(n, problem.end.at_us), end))
    dv = np.zeros(n)
    for k in range(len(problem.slots)):
        dv += np.linalg.norm(made[:, k], axis=1)
    return FarFlight(
        insertion_rtn=off,
        air_factor=air,
        start_gcrf=start,
        before_gcrf=before,
        made_gcrf=made,
        end_gcrf=end,
        arrival_lvlh=relative,
        miss_m=np.linalg.norm(relative[:, :3] - np.array(problem.end.lvlh[:3]), axis=1),
        dv_m_s=dv,
        min_perigee_m=flock.min_perigee_m,
        is_lost=flock.is_lost,
        lost_us=flock.lost_us,
    )


def by_gains(plan: RendezvousPlan, answer: tuple[Gain, ...], n_loaded: int) -> Guidance:
    """Guidance with the gains of `rendezvous_gains`; `n_loaded` burns are made as planned."""
    transfer = plan.transfer

    def guidance(k: int, seen: Array) -> Array:
        planned = transfer.before_gcrf[k]
        wanted = np.broadcast_to(transfer.dv_gcrf_m_s[k], (len(seen), 3))
        if k >= n_loaded:
            relative = lvlh_from_gcrf(planned, seen)
            along = curvilinear_from_lvlh(float(np.linalg.norm(planned[:3])), relative)
            wanted = answer[k].burns(gcrf_from_lvlh(planned, along) - planned)[:, 0]
        local = wanted @ axes_gcrf(planned[None])[0].T
        turned: Array = np.einsum("nji,nj->ni", axes_gcrf(seen), local)
        return turned

    return guidance


class _Flock:
    """The samples on their way; those that are lost are parked on a harmless orbit."""

    def __init__(self, plan: RendezvousPlan, states: Array, ballistic: Array) -> None:
        self._model, self._at_us = plan.problem.model, plan.problem.start_us
        self._states, self._ballistic = states.copy(), ballistic
        self._left = states.copy()
        self.is_lost = np.zeros(len(states), np.bool_)
        self.lost_us = np.zeros(len(states), np.int64)
        self.min_perigee_m = self._perigee_m()

    def coasted(self, to_us: int) -> Array:
        """The states at an instant; of the lost those they were lost in."""
        n_parts = -(-(to_us - self._at_us) // _LOOK_US)
        for left in range(n_parts, 0, -1):
            next_us = self._at_us + (to_us - self._at_us) // left
            flown = propagate(
                self._model, self._at_us, self._states, next_us, ballistic_m2_kg=self._ballistic
            )
            self._states, self._at_us = flown[:, 0], next_us
            self._perigee_m()
        return np.where(self.is_lost[:, None], self._left, self._states)

    def burn(self, dv_gcrf_m_s: Array) -> None:
        """Change velocities (n, 3)."""
        self._states[:, 3:] += dv_gcrf_m_s
        lower = np.minimum(self.min_perigee_m, self._perigee_m())
        self.min_perigee_m = np.where(self.is_lost, self.min_perigee_m, lower)

    def _perigee_m(self) -> Array:
        """Of the osculating orbits; who falls below the limit is lost."""
        perigee = perigee_height_m(self._states)
        fresh = ~self.is_lost & (perigee < LOST_PERIGEE_M)
        self._left[fresh], self.lost_us[fresh] = self._states[fresh], self._at_us
        self._states[fresh] = _parked(self._states[fresh])
        self.is_lost = self.is_lost | fresh
        return perigee


def _parked(states: Array) -> Array:
    """Circular orbits high above the same places."""
    axes = axes_gcrf(states)
    speed = np.sqrt(MU_M3_S2 / _PARKED_RADIUS_M)
    return np.hstack((-_PARKED_RADIUS_M * axes[:, 2], speed * axes[:, 0]))


def _executed(wanted: Array, noise: Array, errors: FlightErrors) -> Array:
    """Burns (n, 3) as engines make them: a share too large or small, and a little askew."""
    size = np.linalg.norm(wanted, axis=1)[:, None]
    askew = noise[:, 1:] * errors.burn_angle_rad * size
    made: Array = wanted * (1 + errors.burn_share * noise[:, :1]) + askew
    return made
