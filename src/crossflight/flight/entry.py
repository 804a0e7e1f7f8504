"""Entry: any number of capsules fly at once from the entry interface down to their parachutes.

Three degrees of freedom in the frame that turns with the Earth: gravity with J2, the turning frame's own
terms, drag and lift in an atmosphere that turns too, wind on top of it.  Runge-Kutta of fourth order with one
step for all; instants at which a height is passed are roots.  What steers is a law that is called once a step
and answers with bank angles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import FLATTENING, RADIUS_M, RATE_RAD_S
from crossflight.dynamics.nodes import EVEN_ZONALS, MU_M3_S2
from crossflight.errors import InputError
from crossflight.flight.atmosphere_profile import density_kg_m3
from crossflight.flight.us_standard_1976 import G0_M_S2

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP_S: Final = 1.0
_J2: Final = float(-EVEN_ZONALS[2] * np.sqrt(5))
INTERFACE_HEIGHT_M: Final = 120_000.0
# The real craft turns some 10 to 20 degrees a second [assumed].
BANK_RATE_RAD_S: Final = np.radians(15.0)
# Sutton and Graves 1971 (NASA TR R-376): stagnation-point heating of a sphere in air, kg^0.5 / m.
_SUTTON_GRAVES: Final = 1.7415e-4
# An entry that has come down and climbs this much again has skipped out.
_SKIP_CLIMB_M: Final = 40_000.0
_LONGEST_S: Final = 3600.0
_N_ROOT: Final = 6


@dataclass(frozen=True, slots=True)
class EntryShape:
    """How air acts on n capsules: arrays (n,), or one number for all.

    Attributes
    ----------
    ballistic_m2_kg
        Drag coefficient times area by mass.
    lift_to_drag
        0 flies a ballistic entry.
    density_factor
        On the standard atmosphere.
    nose_radius_m
        Of the heat shield.
    wind_m_s
        East and north, the same at all heights; shape (2,) or (2, n).
    """

    ballistic_m2_kg: Floats
    lift_to_drag: Floats
    density_factor: Floats
    nose_radius_m: float
    wind_m_s: Floats

    def part(self, which: Flags, n: int) -> EntryShape:
        """Those of the capsules (n,) that a mask chooses."""

        def chosen(values: Floats) -> Floats:
            return np.asarray(np.broadcast_to(values, (n,))[which], np.float64)

        wind = np.stack([chosen(self.wind_m_s[0]), chosen(self.wind_m_s[1])])
        return EntryShape(
            chosen(self.ballistic_m2_kg), chosen(self.lift_to_drag), chosen(self.density_factor),
            self.nose_radius_m, wind,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AirState:
    """What a capsule feels, arrays (n,): height, speed and climb relative to the air, drag and total load."""

    height_m: Floats
    speed_m_s: Floats
    climb_m_s: Floats
    drag_m_s2: Floats
    load_g: Floats
    heat_w_m2: Floats


# Called with the seconds since the start, states (n, 6) and what is felt; answers bank angles (n,).
BankLaw = Callable[[float, Floats, AirState], Floats]


@dataclass(slots=True)
class EntryFlown:
    """Where n entries ended and what they met on the way.

    Attributes
    ----------
    t_s
        Seconds from the start to the height that ended each (n,); NaN for those that skipped out.
    state
        Shape (n, 6), ITRF, there.
    peak_g, peak_g_s, peak_heat_w_m2, heat_j_m2
        Greatest load, when it was, greatest heating and total heat (n,).
    n_reversals
        How often the bank changed its side (n,).
    is_skipped
        Climbed out of the air again, or never came down.
    samples
        Where recording was asked for: (t, states (n, 6), load (n,), bank (n,)) of each step.
    """

    t_s: Floats
    state: Floats
    peak_g: Floats
    peak_g_s: Floats
    peak_heat_w_m2: Floats
    heat_j_m2: Floats
    n_reversals: NDArray[np.int64]
    is_skipped: Flags
    samples: list[tuple[float, Floats, Floats, Floats]] = field(default_factory=list)


def height_m(r_itrf_m: Floats) -> Floats:
    """Height above the ellipsoid of positions (n, 3), within a metre up to 130 km.

    To second order in the flattening, and fast: it is asked for four times a step.
    """
    radius = np.sqrt(np.einsum("ni,ni->n", r_itrf_m, r_itrf_m))
    sine2 = (r_itrf_m[:, 2] / radius) ** 2
    surface = RADIUS_M * (1 - FLATTENING * sine2 * (1 + 1.5 * FLATTENING * (1 - sine2)))
    # The vertical leaves the radius by f sin(2 latitude): the height is that much shorter.
    lean2 = 4 * FLATTENING**2 * sine2 * (1 - sine2)
    return np.asarray((radius - surface) * (1 - lean2 * 0.5), np.float64)


def _cross(a: Floats, b: Floats) -> Floats:
    out = np.empty_like(a)
    out[:, 0] = a[:, 1] * b[:, 2] - a[:, 2] * b[:, 1]
    out[:, 1] = a[:, 2] * b[:, 0] - a[:, 0] * b[:, 2]
    out[:, 2] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return out


def _gravity(r: Floats, radius: Floats) -> Floats:
    """Gravity with J2 and the centrifugal term, (n, 3)."""
    z2 = 5 * (r[:, 2] / radius) ** 2
    pull = -MU_M3_S2 / radius**3
    bulge = 1.5 * _J2 * (RADIUS_M / radius) ** 2
    out = np.empty_like(r)
    flat = pull * (1 + bulge * (1 - z2)) + RATE_RAD_S**2
    out[:, 0] = flat * r[:, 0]
    out[:, 1] = flat * r[:, 1]
    out[:, 2] = pull * (1 + bulge * (3 - z2)) * r[:, 2]
    return out


def _air_velocity(r: Floats, v: Floats, wind: Floats) -> Floats:
    """Velocity relative to the air, (n, 3)."""
    if not np.any(wind):
        return v
    flat = np.hypot(r[:, 0], r[:, 1])
    east = np.stack([-r[:, 1] / flat, r[:, 0] / flat, np.zeros_like(flat)], axis=-1)
    up = r / np.linalg.norm(r, axis=1, keepdims=True)
    north = _cross(up, east)
    east_m_s, north_m_s = np.reshape(wind[0], (-1, 1)), np.reshape(wind[1], (-1, 1))
    return np.asarray(v - east_m_s * east - north_m_s * north, np.float64)


def _slope(y: Floats, bank: Floats, shape: EntryShape) -> Floats:
    r, v = y[:, :3], y[:, 3:]
    radius = np.sqrt(np.einsum("ni,ni->n", r, r))
    w = _air_velocity(r, v, shape.wind_m_s)
    speed = np.sqrt(np.einsum("ni,ni->n", w, w))
    density = density_kg_m3(height_m(r)) * shape.density_factor
    drag_by_speed = 0.5 * density * speed * shape.ballistic_m2_kg
    out = np.empty_like(y)
    out[:, :3] = v
    a = _gravity(r, radius)
    a[:, 0] += 2 * RATE_RAD_S * v[:, 1]
    a[:, 1] -= 2 * RATE_RAD_S * v[:, 0]
    a -= drag_by_speed[:, None] * w
    if np.any(shape.lift_to_drag):
        right = _cross(w, r)
        right /= np.sqrt(np.einsum("ni,ni->n", right, right))[:, None]
        up = _cross(right, w)  # as long as the speed
        lift = drag_by_speed * shape.lift_to_drag
        a += (lift * np.cos(bank))[:, None] * up + (lift * np.sin(bank) * speed)[:, None] * right
    out[:, 3:] = a
    return out


def _step(y: Floats, h_s: Floats | float, bank: Floats, shape: EntryShape) -> Floats:
    """One Runge-Kutta step of states (n, 6); `h_s` one for all, or (n, 1)."""
    k1 = _slope(y, bank, shape)
    k2 = _slope(y + 0.5 * h_s * k1, bank, shape)
    k3 = _slope(y + 0.5 * h_s * k2, bank, shape)
    k4 = _slope(y + h_s * k3, bank, shape)
    return np.asarray(y + h_s / 6 * (k1 + 2 * k2 + 2 * k3 + k4), np.float64)


def felt(y: Floats, shape: EntryShape) -> AirState:
    """What capsules in states (n, 6), ITRF, feel."""
    r = y[:, :3]
    radius = np.sqrt(np.einsum("ni,ni->n", r, r))
    w = _air_velocity(r, y[:, 3:], shape.wind_m_s)
    speed = np.sqrt(np.einsum("ni,ni->n", w, w))
    height = height_m(r)
    density = density_kg_m3(height) * shape.density_factor
    drag = 0.5 * density * speed**2 * shape.ballistic_m2_kg
    load = drag * np.sqrt(1 + shape.lift_to_drag**2) / G0_M_S2
    heat = _SUTTON_GRAVES * np.sqrt(density / shape.nose_radius_m) * speed**3
    climb = np.einsum("ni,ni->n", r, w) / radius
    return AirState(height, speed, climb, drag, load, heat)


def fly_entry(
    states_itrf: Floats,
    shape: EntryShape,
    law: BankLaw,
    end_height_m: float,
    *,
    step_s: float = STEP_S,
    bank_rate_rad_s: float = float(BANK_RATE_RAD_S),
    is_recorded: bool = False,
) -> EntryFlown:
    """Fly n capsules until each has come down to a height.

    Parameters
    ----------
    states_itrf
        Shape (n, 6): position and velocity relative to the turning Earth, m and m/s.
    law
        Asked once a step; the bank follows it at `bank_rate_rad_s`, and starts where the law wants it.
    is_recorded
        Whether to keep every step.

    Raises
    ------
    InputError
        For states that are not finite or begin below `end_height_m`.
    """
    y = np.array(np.atleast_2d(states_itrf), np.float64)
    n = len(y)
    if y.shape != (n, 6) or not np.isfinite(y).all():
        raise InputError(f"states of shape {y.shape} are not {n} finite positions and velocities")
    lowest = float(height_m(y[:, :3]).min())
    if lowest <= end_height_m:
        raise InputError(
            f"an entry that begins at {lowest / 1000:.1f} km cannot end at {end_height_m / 1000:g} km"
        )
    nan = np.full(n, np.nan)
    flown = EntryFlown(
        nan.copy(), np.full((n, 6), np.nan), np.zeros(n), nan.copy(), np.zeros(n), np.zeros(n),
        np.zeros(n, np.int64), np.zeros(n, np.bool_),
    )  # fmt: skip
    open_ = np.ones(n, np.bool_)
    bank = np.broadcast_to(law(0.0, y, felt(y, shape)), (n,)).astype(np.float64)
    # Lowest since it first came down: who is thrown up (an abort on the way up) has not come down yet.
    low_m, last_m, has_fallen = np.full(n, np.inf), height_m(y[:, :3]), np.zeros(n, np.bool_)
    t = 0.0
    while open_.any() and t < _LONGEST_S:
        air = felt(y, shape)
        _note(flown, open_, t, air, step_s)
        wanted = law(t, y, air)
        before = np.sign(bank)
        bank = bank + np.clip(wanted - bank, -bank_rate_rad_s * step_s, bank_rate_rad_s * step_s)
        flown.n_reversals += open_ & (np.sign(bank) * before < 0)
        if is_recorded:
            flown.samples.append((t, y.copy(), air.load_g.copy(), bank.copy()))
        ahead = _step(y, step_s, bank, shape)
        height = height_m(ahead[:, :3])
        has_fallen |= height < last_m
        low_m = np.where(has_fallen, np.minimum(low_m, height), low_m)
        last_m = height
        down = open_ & (height <= end_height_m)
        if down.any():
            _end(flown, down, t, y, height, bank, shape, end_height_m, step_s)
        out = open_ & (height > low_m + _SKIP_CLIMB_M)
        flown.is_skipped |= out
        open_ &= ~(down | out)
        # Those that are done stay where they are: nothing may overflow below the ground.
        y = np.where(open_[:, None], ahead, y)
        t += step_s
    flown.is_skipped |= open_
    return flown


def _note(flown: EntryFlown, open_: Flags, t: float, air: AirState, step_s: float) -> None:
    more = open_ & (air.load_g > flown.peak_g)
    flown.peak_g[more] = air.load_g[more]
    flown.peak_g_s[more] = t
    heat = np.where(open_, air.heat_w_m2, 0.0)
    flown.peak_heat_w_m2 = np.maximum(flown.peak_heat_w_m2, heat)
    flown.heat_j_m2 += heat * step_s


def _end(
    flown: EntryFlown, down: Flags, t: float, y: Floats, height: Floats, bank: Floats, shape: EntryShape,
    end_height_m: float, step_s: float,
) -> None:  # fmt: skip
    """The root: steps of a length of their own from before the height was passed, by the secant rule."""
    n = len(y)
    start, some, its_bank = y[down], shape.part(down, n), bank[down]
    above = height_m(start[:, :3]) - end_height_m
    h0, f0 = np.zeros(len(start)), above
    h1, f1 = np.full(len(start), step_s), height[down] - end_height_m
    state = start
    for _ in range(_N_ROOT):
        slope = np.where(np.abs(f1 - f0) > 1e-12, f1 - f0, -1.0)
        h2 = np.clip(h1 - f1 * (h1 - h0) / slope, 0.0, step_s)
        state = _step(start, h2[:, None], its_bank, some)
        h0, f0, h1 = h1, f1, h2
        f1 = height_m(state[:, :3]) - end_height_m
    flown.t_s[down] = t + h1
    flown.state[down] = state
