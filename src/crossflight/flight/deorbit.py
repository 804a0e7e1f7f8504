"""Powered and free flight of many states from the deorbit burn to the entry interface.

The full force model of `dynamics` with the thrust of a finite burn on top.  States may stand at instants of
their own (sixteen revolutions tried at once) or share one (a thousand samples of one burn); heights are
passed at roots, each state in a step of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics import dop853, forces
from crossflight.dynamics.compiled import right_hand_side
from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import EARTH_RATE_RAD_S
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.dynamics.surroundings import Surroundings
from crossflight.dynamics.time_scales import tai_us, utc_us
from crossflight.errors import InputError
from crossflight.flight.craft import Engine
from crossflight.flight.entry import height_m
from crossflight.flight.us_standard_1976 import G0_M_S2
from crossflight.times import Instant

Floats = NDArray[np.float64]

COAST_STEP_S: Final = 60.0
BURN_STEP_S: Final = 30.0
# Coming down, steps this short: the air thickens tenfold in 20 km, a quarter of a minute each.
_LOW_STEP_S: Final = 20.0
_LOW_HEIGHT_M: Final = 250_000.0
_LONGEST_S: Final = 7200.0
_N_ROOT: Final = 8


def burn_duration_s(engine: Engine, mass_kg: Floats, dv_m_s: Floats) -> Floats:
    """How long an engine burns for a change of velocity, by the rocket equation."""
    exhaust = engine.specific_impulse_s * G0_M_S2
    return np.asarray(mass_kg * exhaust / engine.thrust_n * -np.expm1(-dv_m_s / exhaust), np.float64)


def propellant_kg(engine: Engine, mass_kg: float, dv_m_s: float) -> float:
    """What a change of velocity costs."""
    return float(mass_kg * -np.expm1(-dv_m_s / (engine.specific_impulse_s * G0_M_S2)))


def dv_for_perigee_m_s(y: Floats, perigee_m: float) -> Floats:
    """Retrograde change of velocity (n,) that puts the perigee of states (6, n) at a height over the equator.

    Two bodies and an impulse: what the finite burn leaves is a kilometre or two.
    """
    r, v = y[:3], y[3:]
    radius = np.sqrt(np.sum(r * r, axis=0))
    up = np.sum(r * v, axis=0) / radius
    along = np.sqrt(np.maximum(np.sum(v * v, axis=0) - up * up, 0.0))
    low = RADIUS_M + perigee_m
    # Energy and angular momentum are the same at perigee: along^2 (r^2/q^2 - 1) = 2 mu (1/q - 1/r) + up^2.
    wanted = np.sqrt((2 * MU_M3_S2 * (1 / low - 1 / radius) + up * up) / (radius**2 / low**2 - 1))
    return np.asarray(np.maximum(along - wanted, 0.0), np.float64)


def perigee_height_m(y: Floats) -> Floats:
    """Osculating perigee above the equator's radius of states (6, n); NaN for open orbits."""
    r, v = y[:3], y[3:]
    radius = np.sqrt(np.sum(r * r, axis=0))
    energy = np.sum(v * v, axis=0) / 2 - MU_M3_S2 / radius
    momentum2 = np.sum(np.cross(r, v, axis=0) ** 2, axis=0)
    axis = -MU_M3_S2 / (2 * energy)
    eccentricity = np.sqrt(np.maximum(1 + 2 * energy * momentum2 / MU_M3_S2**2, 0.0))
    return np.asarray(np.where(energy < 0, axis * (1 - eccentricity), np.nan) - RADIUS_M, np.float64)


@dataclass(frozen=True, slots=True)
class Thrust:
    """A burn under way: arrays (n,) or one number for all; `factor` scales thrust and flow alike.

    The thrust points against the flight, horizontally, and turns with the orbit.
    """

    engine: Engine
    ignition_s: Floats
    mass_kg: Floats
    factor: Floats


class Descending:
    """The flow of states (6, n) with epochs in TAI seconds since `base_utc`.

    Parameters
    ----------
    from_utc, to_utc
        The span in which it will be asked.
    """

    def __init__(self, model: ForceModel, from_utc: Instant, to_utc: Instant) -> None:
        self._rhs = right_hand_side(model)
        self._around = Surroundings(from_utc.us, to_utc.us)

    def seconds(self, at: Instant) -> float:
        """TAI seconds since the base of an instant."""
        return float((int(tai_us(at.us)[0]) - self._around.base_tai_us) / 1e6)

    def instant(self, t_s: float) -> Instant:
        """The instant of TAI seconds since the base."""
        return Instant(int(utc_us(self._around.base_tai_us + round(t_s * 1e6))[0]))

    def step(
        self,
        y: Floats,
        t_s: Floats | float,
        h_s: Floats | float,
        ballistic: Floats,
        thrust: Thrust | None = None,
    ) -> Floats:
        """One step of states (6, n) from `t_s` by `h_s`, each one number for all or (n,)."""
        y = np.ascontiguousarray(y)
        n = y.shape[1]
        is_shared = np.ndim(t_s) == 0 and np.ndim(h_s) == 0
        h = np.asarray(h_s) if is_shared else np.broadcast_to(np.asarray(h_s, np.float64), (n,))
        at = np.asarray(t_s) + np.multiply.outer(dop853.NODES, h)  # (12,) or (12, n)
        rows = self._around.parameters(at.ravel())
        rows = rows.reshape(dop853.N_STAGES, 1 if is_shared else n, -1)
        pars = np.empty((forces.N_PARAMETERS, n))
        pars[forces.BALLISTIC] = ballistic
        used = pars[: self._rhs.nparams]

        def slope(i: int, state: Floats, into: Floats) -> None:
            pars[: forces.BALLISTIC] = rows[i].T[: forces.BALLISTIC]
            into[:3] = state[3:]
            self._rhs(state, pars=used, outputs=into[3:])
            if thrust is not None:
                into[3:] += _push(state, np.asarray(at[i]), thrust)

        k, scratch = np.empty((dop853.N_STAGES, 6, n)), np.empty((6, n))
        return dop853.step(slope, y, h, k, scratch)

    def march(
        self, y: Floats, t_s: Floats | float, duration_s: Floats | float, ballistic: Floats, longest_s: float,
        thrust: Thrust | None = None,
    ) -> Floats:  # fmt: skip
        """States a duration later, in equal steps no longer than `longest_s`."""
        n_steps = max(1, int(np.ceil(np.max(np.abs(duration_s)) / longest_s - 1e-9)))
        h = np.asarray(duration_s) / n_steps
        for j in range(n_steps):
            y = self.step(y, t_s + j * h, h, ballistic, thrust)
        return y

    def height_m(self, y: Floats, t_s: Floats | float) -> Floats:
        """Height above the ellipsoid of states (6, n)."""
        return height_m(self.to_itrf(y, t_s)[:, :3])

    def to_itrf(self, y: Floats, t_s: Floats | float) -> Floats:
        """States (6, n) as (n, 6) of the frame that turns with the Earth."""
        n = y.shape[1]
        at = np.broadcast_to(np.asarray(t_s, np.float64), (n,))
        turn = self._around.parameters(at)[:, forces.ROTATION].reshape(n, 3, 3)
        r = np.einsum("nij,jn->ni", turn, y[:3])
        v = np.einsum("nij,jn->ni", turn, y[3:])
        v[:, 0] += EARTH_RATE_RAD_S * r[:, 1]
        v[:, 1] -= EARTH_RATE_RAD_S * r[:, 0]
        return np.concatenate((r, v), axis=1)

    def to_gcrf(self, y_itrf: Floats, t_s: Floats | float) -> Floats:
        """States (n, 6) of the turning frame as (n, 6) of the GCRF."""
        n = len(y_itrf)
        at = np.broadcast_to(np.asarray(t_s, np.float64), (n,))
        turn = self._around.parameters(at)[:, forces.ROTATION].reshape(n, 3, 3)
        r, v = y_itrf[:, :3], y_itrf[:, 3:].copy()
        v[:, 0] -= EARTH_RATE_RAD_S * r[:, 1]
        v[:, 1] += EARTH_RATE_RAD_S * r[:, 0]
        return np.concatenate((np.einsum("nji,nj->ni", turn, r), np.einsum("nji,nj->ni", turn, v)), axis=1)

    def down_to(
        self, y: Floats, t_s: Floats | float, ballistic: Floats, wanted_m: float
    ) -> tuple[Floats, Floats]:
        """States (6, n) at a height above the ellipsoid, and when (n,): each a root.

        Raises
        ------
        InputError
            If one never comes down to it: the orbit stays above.
        """
        # `below`: who would have passed within the step; those wait where they are for the root.
        n = y.shape[1]
        t = np.array(np.broadcast_to(np.asarray(t_s, np.float64), (n,)))
        is_shared = np.ndim(t_s) == 0
        height = self.height_m(y, t)
        waits = height <= wanted_m
        begin = t.copy()
        step_s = np.full(n, COAST_STEP_S)
        while not waits.all():
            low = float(height[~waits].min()) < wanted_m + _LOW_HEIGHT_M - 100_000.0
            h = _LOW_STEP_S if low else COAST_STEP_S
            # While nobody has arrived all share one clock, and what depends on time is computed once.
            clock: Floats | float = float(t[0]) if is_shared and not waits.any() else t
            ahead = self.step(y, clock, h, ballistic)
            high = self.height_m(ahead, t + h)
            arrives = ~waits & ~(high > wanted_m)
            step_s[arrives] = h
            moves = ~waits & ~arrives
            y = np.where(moves, ahead, y)
            height = np.where(moves, high, height)
            t = np.where(moves, t + h, t)
            waits |= arrives
            if float((t - begin).max()) > _LONGEST_S:
                self._refuse_high(y, t, waits, wanted_m)
        return self._root(y, t, height, step_s, ballistic, wanted_m)

    def _root(
        self, y: Floats, t: Floats, height: Floats, step_s: Floats, ballistic: Floats, wanted_m: float
    ) -> tuple[Floats, Floats]:
        h0, f0 = np.zeros_like(t), height - wanted_m
        itrf = self.to_itrf(y, t)
        climb = np.einsum("ni,ni->n", itrf[:, :3], itrf[:, 3:]) / np.linalg.norm(itrf[:, :3], axis=1)
        h1 = np.clip(-f0 / np.where(climb < -1.0, climb, -100.0), 0.0, 1.5 * step_s)
        state = y
        for _ in range(_N_ROOT):
            state = self.step(y, t, h1, ballistic)
            f1 = self.height_m(state, t + h1) - wanted_m
            if np.abs(f1).max() < 1e-3:
                break
            rise = f1 - f0
            h2 = h1 - f1 * (h1 - h0) / np.where(np.abs(rise) > 1e-9, rise, -1.0)
            h0, f0, h1 = h1, f1, h2
        return state, t + h1

    def _refuse_high(self, y: Floats, t: Floats, waits: NDArray[np.bool_], wanted_m: float) -> None:
        first = int(np.argmin(waits))
        perigee = float(perigee_height_m(y[:, first : first + 1])[0]) / 1000
        raise InputError(
            f"two hours after the deorbit burn the craft is still above {wanted_m / 1000:.0f} km, at "
            f"{self.instant(float(t[first]))}; its perigee is at {perigee:.0f} km",
            hint="The deorbit burn is too small: a perigee below about 60 km is needed.",
        )


def _push(state: Floats, t_s: Floats, thrust: Thrust) -> Floats:
    """Acceleration (3, n) of a retrograde, horizontal thrust."""
    r, v = state[:3], state[3:]
    flow = thrust.factor * thrust.engine.thrust_n / (thrust.engine.specific_impulse_s * G0_M_S2)
    mass = thrust.mass_kg - flow * (t_s - thrust.ignition_s)
    along = v - r * (np.sum(r * v, axis=0) / np.sum(r * r, axis=0))
    along = along / np.sqrt(np.sum(along * along, axis=0))
    return np.asarray(-(thrust.factor * thrust.engine.thrust_n / mass) * along, np.float64)
