"""A thousand flights at once: errors of insertion, navigation, burns and air, from insertion to contact.

Each sample flies the full force model; between burns all fly together.  Guidance answers what it sees with
gains made once for the plan, which is linear re-targeting of all burns still to come; the approach is
closed-loop in the linear relative model.  Each sample has a stream of its own for each purpose, so that
neither the number of samples nor the order they are flown in changes any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.propagation import propagate
from crossflight.errors import UsageError
from crossflight.flight.craft import Craft
from crossflight.flight.local_frame import Target
from crossflight.flight.ports import DockingPort
from crossflight.flight.proximity import fly_proximity
from crossflight.flight.proximity_errors import errors_of
from crossflight.flight.rendezvous import RendezvousPlan
from crossflight.flight.rendezvous_gains import gains
from crossflight.flight.target_track import TargetTrack
from crossflight.flight.transfer import perigee_height_m
from crossflight.rng import normals
from crossflight.times import Instant

Array = NDArray[np.float64]

N_MAX: Final = 20_000
SCALE_MAX: Final = 20.0
_FARTHEST_M: Final = 45_000.0


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
        Multiplies all.
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
class FlownSamples:
    """Samples (n,) as flown.

    Attributes
    ----------
    is_docked, contact_utc_us
        Whether it docked, and when (0 where it did not).
    dv_m_s
        From insertion to contact or retreat.
    arrival_miss_m
        Off the planned arrival.
    min_perigee_m
        Lowest osculating perigee after insertion and each burn.
    is_keep_out_violated
        Whether it was in the keep-out sphere outside its corridor.
    """

    is_docked: NDArray[np.bool_]
    contact_utc_us: NDArray[np.int64]
    dv_m_s: Array
    arrival_miss_m: Array
    min_perigee_m: Array
    is_keep_out_violated: NDArray[np.bool_]

    @property
    def n(self) -> int:
        """How many."""
        return len(self.is_docked)

    def docking_at(self, share: float) -> Instant | None:
        """By when that share of the docked had docked; None where none did."""
        times = np.sort(self.contact_utc_us[self.is_docked])
        if not len(times):
            return None
        return Instant(int(times[min(len(times) - 1, int(share * len(times)))]))


def fly_samples(
    plan: RendezvousPlan,
    track: TargetTrack,
    port: DockingPort,
    craft: Craft,
    n: int,
    seed: int,
    *,
    n_loaded: int = 0,
    errors: FlightErrors | None = None,
) -> FlownSamples:
    """Fly `n` samples of a plan from insertion to contact.

    Raises
    ------
    UsageError
        If `n` or the scale of the errors is out of range.
    """
    used = FlightErrors() if errors is None else errors
    if not 1 <= n <= N_MAX:
        raise UsageError(f"{n} samples are asked for; 1 to {N_MAX} are flown")
    if not 0 <= used.scale <= SCALE_MAX:
        raise UsageError(f"an error scale of {used.scale:g} is not between 0 and {SCALE_MAX:g}")
    numbers = np.arange(n)
    problem, transfer = plan.problem, plan.transfer
    answer = gains(problem, transfer)
    axes = _axes(problem.start_gcrf)
    off = normals(seed, numbers, "insertion", 6).T * used.scale
    states = problem.start_gcrf + np.hstack(
        (off[:, :3] * used.insertion_m @ axes, off[:, 3:] * used.insertion_m_s @ axes)
    )
    air = 1 + used.scale * used.drag_share * normals(seed, numbers, "air", 1)[0]
    ballistic = problem.ballistic_m2_kg * np.maximum(air, 0.0)
    perigee = perigee_height_m(states)
    dv = np.zeros(n)
    at_us = problem.start_us
    for k, slot in enumerate(problem.slots):
        states = _coasted(plan, at_us, states, slot.at_us, ballistic)
        at_us = slot.at_us
        wanted = np.tile(transfer.dv_gcrf_m_s[k], (n, 1))
        if k >= n_loaded:
            noise = normals(seed, numbers, f"navigation {k}", 6).T * used.scale
            seen = states + noise * np.repeat([used.navigation_m, used.navigation_m_s], 3)
            wanted = wanted + (seen - transfer.before_gcrf[k]) @ answer[k][:3].T
        made = _executed(wanted, normals(seed, numbers, f"burn {k}", 4).T * used.scale, used)
        states = np.hstack((states[:, :3], states[:, 3:] + made))
        dv += np.linalg.norm(made, axis=1)
        perigee = np.minimum(perigee, perigee_height_m(states))
    states = _coasted(plan, at_us, states, problem.end.at_us, ballistic)
    station = track.states(problem.end.at_us)[0]
    relative = np.asarray(track.lvlh(np.full(n, problem.end.at_us), states))
    miss = np.linalg.norm(relative[:, :3] - np.array(problem.end.lvlh[:3]), axis=1)
    # Who comes this far off has to be planned anew; the approach does not take it.
    is_near = np.linalg.norm(relative[:, :3], axis=1) < _FARTHEST_M
    near = fly_proximity(
        np.where(is_near[:, None], relative, np.array(problem.end.lvlh)),
        Target.of_state(station),
        port,
        craft,
        seed=seed,
        samples=numbers,
        errors=errors_of(craft.docking, used.scale),
        mass_kg=plan.arrival.mass_kg,
        recorded=(),
        is_judged=False,
    )
    is_docked = near.is_docked & is_near
    contact = np.where(is_docked, near.end_t_s, 0.0)
    return FlownSamples(
        is_docked=is_docked,
        contact_utc_us=np.where(is_docked, problem.end.at_us + np.rint(contact * 1e6).astype(np.int64), 0),
        dv_m_s=dv + near.dv_m_s,
        arrival_miss_m=miss,
        min_perigee_m=perigee,
        is_keep_out_violated=near.is_keep_out_violated,
    )


def _coasted(plan: RendezvousPlan, at_us: int, states: Array, to_us: int, ballistic: Array) -> Array:
    if to_us == at_us:
        return states
    flown: Array = propagate(plan.problem.model, at_us, states, to_us, ballistic_m2_kg=ballistic)[:, 0]
    return flown


def _executed(wanted: Array, noise: Array, errors: FlightErrors) -> Array:
    """Burns (n, 3) as engines make them: a share too large or small, and a little askew."""
    size = np.linalg.norm(wanted, axis=1)[:, None]
    askew = noise[:, 1:] * errors.burn_angle_rad * size
    made: Array = wanted * (1 + errors.burn_share * noise[:, :1]) + askew
    return made


def _axes(state: Array) -> Array:
    """Radial, along-track and cross-track unit vectors as rows."""
    radial = state[:3] / np.linalg.norm(state[:3])
    cross = np.cross(state[:3], state[3:])
    cross /= np.linalg.norm(cross)
    return np.stack((radial, np.cross(cross, radial), cross))
