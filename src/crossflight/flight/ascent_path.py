"""One ascent flown through: three degrees of freedom, from lift-off to cut-off, for one kick and one azimuth.

The frame is that of the Earth's axes at lift-off, held still; the Earth, its air with it, turns in it.
Vertical rise, a kick that tilts the thrust towards the azimuth, then thrust along the velocity through the
air until the air is left and everything that is thrown away by the clock is gone; from there the guidance
of `ascent_guidance` flies to cut-off, which is the root of the orbit's energy.  One set of these weights
serves every launcher.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, log, sin, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from crossflight.dynamics.earth import FLATTENING, RADIUS_M, RATE_RAD_S
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.flight.ascent_guidance import (
    N_FIRST,
    Cutoff,
    Guidance,
    Segment,
    available_m_s,
    gravity_m_s2,
    segments,
)
from crossflight.flight.atmosphere import density_pressure_sound
from crossflight.flight.launchers import DRAG, Launcher
from crossflight.flight.plane import Place
from crossflight.flight.staging import Phase, liftoff_mass_kg, phases
from crossflight.flight.us_standard_1976 import SEA_PRESSURE_PA
from crossflight.model.trajectory import event_name

Floats = NDArray[np.float64]
State = list[float]
Vector = tuple[float, float, float]

# The weights of the ascent, the same for every launcher [assumed].
_RISE_S: Final = 10.0
_KICK_S: Final = 10.0
_GUIDED_BELOW_PA: Final = 500.0
_CYCLE_S: Final = 2.0
# Near the end the turning rate would chase metres; it is held, and the cut-off is found.
_HELD_BELOW_S: Final = 8.0
_STEP_S: Final = 1.0
_E2: Final = FLATTENING * (2 - FLATTENING)
_SUNK_M: Final = -100.0
_COARSE: Final = 1e-9
# Guidance ends within 1 m/s of the velocity asked for; what ends farther off has not got there.
_MISSED_M_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Passage:
    """Something on the way: seconds after lift-off and what it is."""

    name: str
    at_s: float
    note: str = ""


@dataclass(slots=True)
class Path:
    """An ascent flown through.

    Attributes
    ----------
    t_s, states
        Shapes (n,) and (n, 7): position, velocity (m, m/s; frame held at lift-off) and mass.
    felt_m_s2, pressure_pa, height_m, air_speed_m_s, propellant_kg
        Shape (n,): acceleration by all but gravity, dynamic pressure, height above the ellipsoid, speed
        relative to the ground, propellant left in what still flies.
    is_in_orbit, is_fallen
        Whether the orbit was reached; if not, whether it fell to the ground, and else `lacking_m_s` says how
        much velocity was missing.
    margin_kg
        Propellant beyond the residuals left in the last stage (negative: what would have been needed).
    needed_m_s, available_m_s
        Velocity to be gained when guidance began, and what the propellant then could give.
    """

    t_s: list[float] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    felt_m_s2: list[float] = field(default_factory=list)
    pressure_pa: list[float] = field(default_factory=list)
    height_m: list[float] = field(default_factory=list)
    air_speed_m_s: list[float] = field(default_factory=list)
    propellant_kg: list[float] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    is_in_orbit: bool = False
    is_fallen: bool = False
    margin_kg: float = 0.0
    lacking_m_s: float = 0.0
    needed_m_s: float = 0.0
    available_m_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Pad:
    """A pad in the frame held at lift-off: place, vertical, and the directions north and east, (3,) each."""

    r_m: Floats
    up: Floats
    north: Floats
    east: Floats

    @classmethod
    def of(cls, place: Place) -> Pad:
        """The pad at a place."""
        lat, lon = place.latitude_rad, place.longitude_rad
        return cls(
            place.itrf_m,
            np.array([cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)]),
            np.array([-sin(lat) * cos(lon), -sin(lat) * sin(lon), cos(lat)]),
            np.array([-sin(lon), cos(lon), 0.0]),
        )


def height_m(x: float, y: float, z: float) -> float:
    """Height above the ellipsoid along the radius: a metre from the geodetic one at 200 km."""
    flat2 = x * x + y * y
    r2 = flat2 + z * z
    return sqrt(r2) - RADIUS_M * sqrt((1 - _E2) / (1 - _E2 * flat2 / r2))


def drag_coefficient(mach: float) -> float:
    """Drag coefficient at a Mach number."""
    for (low, value), (high, above) in pairwise(DRAG):
        if mach < high:
            return value + (above - value) * (mach - low) / (high - low)
    return DRAG[-1][1]


@dataclass(slots=True)
class Flight:
    """The flight of one launcher; `flown` does it.

    Parameters
    ----------
    kick_rad, azimuth_rad
        How far thrust tilts after the rise, and towards where (Earth-relative).
    cutoff
        Where guidance goes; None: the atmospheric part only is flown, until guidance would begin.
    """

    launcher: Launcher
    craft_kg: float
    pad: Pad
    kick_rad: float
    azimuth_rad: float
    cutoff: Cutoff
    path: Path = field(default_factory=Path)
    _t: float = 0.0
    _state: State = field(default_factory=list)
    _phase: Phase | None = None
    _phase_end_kg: float = 0.0
    _guidance: Guidance | None = None
    _is_over: bool = False
    _gone: set[str] = field(default_factory=set)

    def flown(self) -> Path:
        """The path to cut-off, to where the propellant ends, or to the ground."""
        x, y, z = (float(c) for c in self.pad.r_m)
        self._state = [
            x,
            y,
            z,
            -RATE_RAD_S * y,
            RATE_RAD_S * x,
            0.0,
            liftoff_mass_kg(self.launcher, self.craft_kg),
        ]
        plan = phases(self.launcher)
        self._say("liftoff")
        for k, phase in enumerate(plan):
            self._fly_phase(phase, plan[k + 1 :])
            if self._is_over:
                return self.path
        left = self._guidance
        self._fall_short(plan[-1], 0.0 if left is None else float(np.linalg.norm(left.v_go_m_s)))
        return self.path

    def _missed_m_s(self) -> float:
        """How far the velocity at cut-off is from a level one in the plane over the same place."""
        assert self._guidance is not None
        r, v = np.array(self._state[:3]), np.array(self._state[3:6])
        normal = self._guidance.cutoff.normal_at(r)
        along = np.cross(normal, r)
        level = np.linalg.norm(v) * along / np.linalg.norm(along)
        off_plane_m = float(np.dot(normal, r))
        # What is off in place is made good at orbital rate.
        return float(np.linalg.norm(v - level)) + abs(off_plane_m) * float(
            np.linalg.norm(v) / np.linalg.norm(r)
        )

    def _fall_short(self, last: Phase, lacking_m_s: float) -> None:
        path = self.path
        path.lacking_m_s = lacking_m_s
        mass = self._state[6]
        path.margin_kg = -mass * (np.exp(path.lacking_m_s / last.exhaust_m_s) - 1)

    def _fly_phase(self, phase: Phase, later: tuple[Phase, ...]) -> None:
        if phase.coast_s > 0:
            self._phase = None
            self._until_s(self._t + phase.coast_s)
        if phase.ignites and self._t > 0:
            self._say(event_name(phase.stage, "ignition"))
        self._phase = phase
        self._phase_end_kg = self._state[6] - phase.burn_kg
        while not self._is_over and self._state[6] > self._phase_end_kg + _COARSE:
            self._throw_away()
            self._guide(phase, later)
            self._step(phase)
        if self._is_over or not phase.dropped:
            return
        if not later:
            self._say("propellant-used")
            return
        self._say(event_name(phase.stage, "cut-off"))
        self._phase = None
        if phase.drops_after_s > 0:
            self._until_s(self._t + phase.drops_after_s)
        self._state[6] -= phase.drops_kg
        self._say(event_name(phase.dropped, "separation"))

    # -- steps

    def _step(self, phase: Phase) -> None:
        """One step, shortened to the end of the phase, to what is thrown away next, or to cut-off."""
        h = _STEP_S - (self._t % _STEP_S) if self._t % _STEP_S > _COARSE else _STEP_S
        h = min(h, *(j.at_s - self._t for j in self.launcher.jettisons if j.at_s > self._t + _COARSE), h)
        if self._guidance is not None:
            h = min(h, max(self._guidance.to_go_s, 0.05))
        after = self._advanced(h)
        if after[6] < self._phase_end_kg:
            h = float(brentq(lambda s: self._advanced(s)[6] - self._phase_end_kg, 0.0, h, xtol=1e-9))
            after = self._advanced(h)
            after[6] = self._phase_end_kg
        if self._guidance is not None and self._energy(after) >= self._guidance.cutoff.energy_m2_s2:
            self._cut_off(h, phase)
            return
        if self._guidance is not None:
            self._count_gain(after, h)
        self._t += h
        self._state = after
        self._record()
        if self.path.height_m[-1] < _SUNK_M or self._t > 2000.0:
            self._is_over = True
            self.path.margin_kg = -1e6
            self.path.is_fallen = True

    def _cut_off(self, h: float, phase: Phase) -> None:
        assert self._guidance is not None
        energy = self._guidance.cutoff.energy_m2_s2
        root = float(brentq(lambda s: self._energy(self._advanced(s)) - energy, 0.0, h, xtol=1e-9))
        self._state = self._advanced(root)
        self._t += root
        self._record()
        self._is_over = True
        last = phases(self.launcher)[-1]
        floor_kg = self.craft_kg + self.launcher.fixed_kg + last.drops_kg
        self.path.margin_kg = self._state[6] - floor_kg
        missed_m_s = self._missed_m_s()
        if missed_m_s > _MISSED_M_S:
            # Enough energy in another plane or on another path is no insertion.
            left_m_s = last.exhaust_m_s * log(self._state[6] / floor_kg)
            self._fall_short(last, missed_m_s - min(left_m_s, 0.9 * missed_m_s))
            return
        self.path.is_in_orbit = True
        self._say(
            "cut-off", f"{phase.stage}, {self.path.margin_kg:.0f} kg of propellant beyond its residuals"
        )

    @staticmethod
    def _energy(s: State) -> float:
        r = sqrt(s[0] ** 2 + s[1] ** 2 + s[2] ** 2)
        return 0.5 * (s[3] ** 2 + s[4] ** 2 + s[5] ** 2) - MU_M3_S2 / r

    def _until_s(self, end_s: float) -> None:
        while self._t < end_s - _COARSE:
            h = min(_STEP_S, end_s - self._t)
            self._state = self._advanced(h)
            self._t += h
            self._record()

    def _advanced(self, h: float) -> State:
        """The state after `h` seconds, Runge-Kutta of fourth order."""
        t, s = self._t, self._state
        k1 = self._rate(t, s)
        k2 = self._rate(t + 0.5 * h, [a + 0.5 * h * b for a, b in zip(s, k1, strict=True)])
        k3 = self._rate(t + 0.5 * h, [a + 0.5 * h * b for a, b in zip(s, k2, strict=True)])
        k4 = self._rate(t + h, [a + h * b for a, b in zip(s, k3, strict=True)])
        return [a + h / 6 * (b + 2 * c + 2 * d + e) for a, b, c, d, e in zip(s, k1, k2, k3, k4, strict=True)]

    def _rate(self, t: float, s: State) -> State:
        push, drag, flow = self._forces(t, s)
        gx, gy, gz = gravity_m_s2(s[0], s[1], s[2])
        m = s[6]
        return [
            s[3],
            s[4],
            s[5],
            gx + (push[0] + drag[0]) / m,
            gy + (push[1] + drag[1]) / m,
            gz + (push[2] + drag[2]) / m,
            -flow,
        ]

    def _forces(self, t: float, s: State) -> tuple[Vector, Vector, float]:
        """Thrust and drag in N, and the flow in kg/s."""
        wx, wy, wz = s[3] + RATE_RAD_S * s[1], s[4] - RATE_RAD_S * s[0], s[5]
        density, pressure, sound = density_pressure_sound(height_m(s[0], s[1], s[2]))
        speed = sqrt(wx * wx + wy * wy + wz * wz)
        scale = -0.5 * density * speed * drag_coefficient(speed / sound) * self.launcher.area_m2
        drag = (scale * wx, scale * wy, scale * wz)
        phase = self._phase
        if phase is None:
            return (0.0, 0.0, 0.0), drag, 0.0
        exit_n = (phase.thrust_vacuum_n - phase.thrust_sea_n) * pressure / SEA_PRESSURE_PA
        level = 1.0
        if phase.transonic is not None and phase.transonic[0] <= speed / sound < phase.transonic[1]:
            level = phase.transonic[2]
        if phase.acceleration_limit_m_s2 is not None:
            level = min(level, (phase.acceleration_limit_m_s2 * s[6] + exit_n) / phase.thrust_vacuum_n)
        thrust = level * phase.thrust_vacuum_n - exit_n
        d = self._direction(t, (wx, wy, wz), speed)
        return (thrust * d[0], thrust * d[1], thrust * d[2]), drag, level * phase.flow_kg_s

    def _direction(self, t: float, w: Vector, speed: float) -> Vector:
        if self._guidance is not None:
            return self._guidance.direction(t)
        if t >= _RISE_S + _KICK_S:
            return (w[0] / speed, w[1] / speed, w[2] / speed)
        tilt = self.kick_rad * max(0.0, t - _RISE_S) / _KICK_S
        pad = self.pad
        turned = RATE_RAD_S * t
        flat = cos(self.azimuth_rad) * pad.north + sin(self.azimuth_rad) * pad.east
        x, y, z = (float(c) for c in cos(tilt) * pad.up + sin(tilt) * flat)
        return (x * cos(turned) - y * sin(turned), x * sin(turned) + y * cos(turned), z)

    # -- guidance and events

    def _throw_away(self) -> None:
        for jettison in self.launcher.jettisons:
            if jettison.name not in self._gone and self._t >= jettison.at_s - _COARSE:
                self._gone.add(jettison.name)
                self._state[6] -= jettison.mass_kg
                self._phase_end_kg -= jettison.mass_kg
                self._say(event_name(jettison.name, "jettison"))

    def _guide(self, phase: Phase, later: tuple[Phase, ...]) -> None:
        r, v = np.array(self._state[:3]), np.array(self._state[3:6])
        if self._guidance is None:
            if not self._may_begin():
                return
            self._guidance = Guidance.begun(self.cutoff, r, v)
            ahead = self._ahead(phase, later)
            for _ in range(N_FIRST):
                self._guidance.update(self._t, r, v, ahead)
            self.path.needed_m_s = float(np.linalg.norm(self._guidance.v_go_m_s))
            self.path.available_m_s = available_m_s(ahead)
            self._say("closed-loop-guidance")
        elif self._guidance.to_go_s > _HELD_BELOW_S and self._t % _CYCLE_S < _COARSE:
            self._guidance.update(self._t, r, v, self._ahead(phase, later))

    def _may_begin(self) -> bool:
        is_staged = any(p.name.endswith("separation") for p in self.path.passages)
        return (
            is_staged
            and len(self._gone) == len(self.launcher.jettisons)
            and self.path.pressure_pa[-1] < _GUIDED_BELOW_PA
        )

    def _ahead(self, phase: Phase, later: tuple[Phase, ...]) -> list[Segment]:
        mass = self._state[6]
        masses, burnable = [mass], [mass - self._phase_end_kg]
        mass = self._phase_end_kg - phase.drops_kg
        for p in later:
            masses.append(mass)
            burnable.append(p.burn_kg)
            mass -= p.burn_kg + p.drops_kg
        return segments((phase, *later), masses, burnable)

    def _count_gain(self, after: State, h: float) -> None:
        """Velocity that thrust and drag gave in a step: the change of it less gravity's."""
        assert self._guidance is not None
        before = self._state
        middle = [0.5 * (a + b) for a, b in zip(before[:3], after[:3], strict=True)]
        g = [gravity_m_s2(*p) for p in (before[:3], middle, after[:3])]
        fallen = [h / 6 * (a + 4 * b + c) for a, b, c in zip(*g, strict=True)]
        self._guidance.gained(np.array([after[3 + i] - before[3 + i] - fallen[i] for i in range(3)]))
        self._guidance.to_go_s -= h

    def _say(self, name: str, note: str = "") -> None:
        self.path.passages.append(Passage(name, self._t, note))
        if name == "liftoff":
            self._record()

    def _record(self) -> None:
        path, s = self.path, self._state
        push, drag, _ = self._forces(self._t, s)
        w = (s[3] + RATE_RAD_S * s[1], s[4] - RATE_RAD_S * s[0], s[5])
        height = height_m(s[0], s[1], s[2])
        path.t_s.append(self._t)
        path.states.append(s)
        path.felt_m_s2.append(sqrt(sum((a + b) ** 2 for a, b in zip(push, drag, strict=True))) / s[6])
        path.height_m.append(height)
        path.air_speed_m_s.append(sqrt(w[0] ** 2 + w[1] ** 2 + w[2] ** 2))
        path.pressure_pa.append(0.5 * density_pressure_sound(height)[0] * path.air_speed_m_s[-1] ** 2)
        phase = self._phase
        path.propellant_kg.append(0.0 if phase is None else s[6] - self._phase_end_kg + phase.kept_kg)
