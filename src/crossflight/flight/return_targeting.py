"""When to burn so that the landing place is met: ignitions flown down to the ground, many at once.

For the search the craft enters with the vertical part of its lift only, straight ahead: where it comes down
is then a smooth function of the ignition, and what lies beside the track is what the flight must cross.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import RADIUS_M, RATE_RAD_S
from crossflight.errors import InputError
from crossflight.flight.craft import Craft, EntryBody
from crossflight.flight.deorbit import (
    BURN_STEP_S,
    Descending,
    Thrust,
    burn_duration_s,
    dv_for_perigee_m_s,
)
from crossflight.flight.entry import INTERFACE_HEIGHT_M, STEP_S, EntryShape, fly_entry
from crossflight.flight.entry_corridor import entry_corridor
from crossflight.flight.entry_guidance import level, straight
from crossflight.flight.parachute import descend, unit_itrf
from crossflight.flight.plane import Place
from crossflight.flight.return_profile import ReturnProfile

Floats = NDArray[np.float64]

GRID_S: Final = 120.0
_N_SEARCH: Final = 3
_COARSE_STEP_S: Final = 2.0
_N_POLISH: Final = 8
_NEAR_M: Final = 20.0


@dataclass(frozen=True, slots=True)
class Coast:
    """Free flight before the burn: instants (k,) and states (k, 6) of an even grid, the mass meanwhile."""

    t_s: Floats
    states: Floats
    mass_kg: float
    ballistic_m2_kg: float


@dataclass(frozen=True, slots=True)
class Descent:
    """n ways down from an ignition to the entry interface: arrays (n,), states (6, n) in the GCRF."""

    ignition_s: Floats
    dv_m_s: Floats
    duration_s: Floats
    mass_kg: float
    burnt: Floats
    modules_s: Floats
    modules: Floats
    interface_s: Floats
    interface: Floats


@dataclass(frozen=True, slots=True)
class Aim:
    """Where n straight entries came down: arrays (n,).

    `along_m` is how far the place lies ahead of the touchdown, `across_m` how far to the left of the
    track; `is_skipped` marks entries that left the air again, whose other values mean nothing.
    """

    descent: Descent
    touchdown_s: Floats
    along_m: Floats
    across_m: Floats
    is_northbound: NDArray[np.bool_]
    is_skipped: NDArray[np.bool_]


class Homeward:
    """What all tries of one return have in common.

    Parameters
    ----------
    lift_to_drag
        Vertical part flown straight ahead.
    """

    def __init__(
        self, flow: Descending, craft: Craft, body: EntryBody, profile: ReturnProfile, zone: Place,
        lift_to_drag: float, ground_m: float,
    ) -> None:  # fmt: skip
        self.flow = flow
        self.craft = craft
        self.body = body
        self.profile = profile
        self.zone = zone
        self.ground_m = ground_m
        self.shape = EntryShape(
            np.asarray(body.drag_coefficient * body.area_m2 / body.mass_kg), np.asarray(0.0), np.asarray(1.0),
            nose_radius_m(body), np.zeros(2),
        )  # fmt: skip
        self.straight = straight(self.shape, lift_to_drag)
        self.goal = unit_itrf(np.array([zone.latitude_rad]), np.array([zone.longitude_rad]))[0]

    def coast(self, y: Floats, from_s: float, to_s: float, mass_kg: float, ballistic: float) -> Coast:
        """Free flight of one state (6, 1) on the grid."""
        n = max(1, int(np.ceil((to_s - from_s) / GRID_S)))
        rows, factor = [y[:, 0]], np.array([ballistic])
        for j in range(n):
            y = self.flow.step(y, from_s + j * GRID_S, GRID_S, factor)
            rows.append(y[:, 0])
        return Coast(from_s + GRID_S * np.arange(n + 1, dtype=np.float64), np.array(rows), mass_kg, ballistic)

    def state_at(self, coast: Coast, t_s: Floats) -> Floats:
        """States (6, n) of the coast at instants (n,) after its start."""
        i = np.clip(((t_s - coast.t_s[0]) // GRID_S).astype(np.int64), 0, len(coast.t_s) - 1)
        factor = np.full(len(t_s), coast.ballistic_m2_kg)
        return self.flow.step(coast.states[i].T, coast.t_s[i], t_s - coast.t_s[i], factor)

    def mass_at_burn_kg(self, coast: Coast, dv_m_s: float) -> float:
        """Mass at ignition: the whole craft, or what is left of it without its trunk."""
        if self.profile.module_height_m is not None:
            return coast.mass_kg
        exhaust = self.craft.main.specific_impulse_s * 9.80665
        return float(self.body.mass_kg * np.exp(dv_m_s / exhaust))

    def descend(self, coast: Coast, ignition_s: Floats) -> Descent:
        """Burn and fall to the entry interface, from ignitions (n,)."""
        y = self.state_at(coast, ignition_s)
        if self.profile.deorbit_dv_m_s is not None:
            dv = np.full(len(ignition_s), self.profile.deorbit_dv_m_s)
        else:
            assert self.profile.deorbit_perigee_m is not None
            dv = dv_for_perigee_m_s(y, self.profile.deorbit_perigee_m)
        mass_kg = self.mass_at_burn_kg(coast, float(dv.mean()))
        duration = burn_duration_s(self.craft.main, np.asarray(mass_kg), dv)
        whole = coast.ballistic_m2_kg * coast.mass_kg / mass_kg
        thrust = Thrust(self.craft.main, ignition_s, np.asarray(mass_kg), np.asarray(1.0))
        # One state and one clock is the cheap way, and what a polished solution is flown with.
        is_one = len(ignition_s) == 1
        begin: Floats | float = float(ignition_s[0]) if is_one else ignition_s
        length: Floats | float = float(duration[0]) if is_one else duration
        factor = np.full(len(ignition_s), whole)
        burnt = self.flow.march(y, begin, length, factor, BURN_STEP_S, thrust)
        modules, modules_s = burnt, ignition_s + duration
        if self.profile.module_height_m is not None:
            modules, modules_s = self.flow.down_to(
                burnt, begin + length, factor, self.profile.module_height_m
            )
        capsule = np.full(len(ignition_s), float(self.shape.ballistic_m2_kg))
        interface, interface_s = self.flow.down_to(modules, modules_s, capsule, INTERFACE_HEIGHT_M)
        return Descent(ignition_s, dv, duration, mass_kg, burnt, modules_s, modules, interface_s, interface)

    def aim(self, coast: Coast, ignition_s: Floats, step_s: float = STEP_S) -> Aim:
        """Ignitions (n,) flown to the ground."""
        descent = self.descend(coast, ignition_s)
        states = self.flow.to_itrf(descent.interface, descent.interface_s)
        height_m = self.profile.parachutes.drogue_height_m
        flown = fly_entry(states, self.straight, level, height_m, step_s=step_s)
        skipped = flown.is_skipped
        if skipped.all():
            nan = np.full(len(ignition_s), np.nan)
            return Aim(descent, nan, nan, nan, ~skipped, skipped)
        ends = np.where(skipped[:, None], flown.state[np.argmin(skipped)], flown.state)
        landed = descend(ends, self.profile.parachutes, self.straight, self.ground_m)
        along, across, north = misses(ends, landed.latitude_rad, landed.longitude_rad, self.goal)
        along, across = np.where(skipped, np.nan, along), np.where(skipped, np.nan, across)
        return Aim(
            descent, descent.interface_s + flown.t_s + landed.touchdown_s, along, across, north > 0, skipped
        )

    def ground_rate_m_s(self, coast: Coast) -> float:
        """How fast the place below the craft moves over the turning Earth."""
        r, v = coast.states[0, :3], coast.states[0, 3:]
        normal = np.cross(r, v)
        rate = float(np.linalg.norm(normal) / (r @ r)) - RATE_RAD_S * normal[2] / float(
            np.linalg.norm(normal)
        )
        return float(RADIUS_M * rate)

    def period_s(self, coast: Coast) -> float:
        """How long the craft needs around the turning Earth, about."""
        return 2 * np.pi * RADIUS_M / self.ground_rate_m_s(coast)

    def every_revolution(self, coast: Coast, from_s: float, to_s: float) -> Aim:
        """One ignition a revolution, each so that the touchdown is abreast of the place, to a kilometre."""
        rate = self.ground_rate_m_s(coast)
        period = self.period_s(coast)
        ignition = np.arange(from_s + period / 2, max(to_s, from_s + period), period)
        latest = coast.t_s[-1] - 1.0
        aim = self.aim(coast, ignition, _COARSE_STEP_S)
        for _ in range(_N_SEARCH):
            shift = np.where(np.isfinite(aim.along_m), aim.along_m, 0.0) / rate
            ignition = np.clip(ignition + shift, coast.t_s[0], latest)
            aim = self.aim(coast, ignition, _COARSE_STEP_S)
        return aim

    def polished(self, coast: Coast, ignition_s: float) -> Aim:
        """The ignition near one that meets the place along track to 20 m.

        Raises
        ------
        InputError
            If none is found, or the entry skips out.
        """
        rate = self.ground_rate_m_s(coast)
        aim = self.aim(coast, np.array([ignition_s]))
        for _ in range(_N_POLISH):
            if aim.is_skipped[0]:
                self._refuse_skip(aim)
            along = float(aim.along_m[0])
            if abs(along) < _NEAR_M:
                return aim
            later_s = along / rate
            ignition_s += later_s
            aim = self.aim(coast, np.array([ignition_s]))
            # The secant's rate, where it is one: near the edge of skipping out, range changes on its own.
            found = (along - float(aim.along_m[0])) / later_s
            if 0.5 < found / rate < 2.0:
                rate = found
        raise InputError(
            f"no ignition brings the craft down abreast of {self.zone.name}: "
            f"{aim.along_m[0] / 1000:.1f} km are missing after {_N_POLISH} corrections"
        )

    def _refuse_skip(self, aim: Aim) -> None:
        """Say by how much an entry is too shallow."""
        state = self.flow.to_itrf(aim.descent.interface, aim.descent.interface_s)[0]
        vertical, limit_g = float(self.straight.lift_to_drag), self.profile.load_limit_g
        entry_corridor(state, self.shape, vertical, limit_g).require_inside()
        raise InputError(
            f"the entry after a deorbit burn of {aim.descent.dv_m_s[0]:.1f} m/s skips out of the air",
            hint="A greater burn, or less lift, brings it down.",
        )


def nose_radius_m(body: EntryBody) -> float:
    """Radius of the heat shield: the diameter of the capsule [assumed]; Soyuz has 2.2 m of both."""
    return float(2 * np.sqrt(body.area_m2 / np.pi))


def misses(
    states_itrf: Floats, latitude_rad: Floats, longitude_rad: Floats, goal: Floats
) -> tuple[Floats, Floats, Floats]:
    """How far a place lies ahead and to the left of touchdowns (n,), metres, and how northward they flew.

    Parameters
    ----------
    states_itrf
        Shape (n, 6): at the end of the entry, which say where ahead is.
    goal
        The place, unit vector (3,) or (n, 3).
    """
    r = unit_itrf(latitude_rad, longitude_rad)
    left = np.cross(states_itrf[:, :3], states_itrf[:, 3:])
    left -= r * np.sum(left * r, axis=1, keepdims=True)
    left /= np.linalg.norm(left, axis=1, keepdims=True)
    ahead = np.cross(left, r)
    along = RADIUS_M * np.arctan2(np.sum(ahead * goal, axis=1), np.sum(r * goal, axis=1))
    across = RADIUS_M * np.arcsin(np.clip(np.sum(left * goal, axis=1), -1, 1))
    return np.asarray(along), np.asarray(across), ahead[:, 2]
