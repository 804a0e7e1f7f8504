"""Closed-loop guidance into an orbit: the linear tangent law of unified powered flight guidance.

Brand, Brown and Higgins 1974 (Space Shuttle GN&C equation document 24) and McHenry, Brand, Long,
Cockrell and Thibodeau 1979 (J. Astronaut. Sci. 27): thrust points along a vector that turns at a constant
rate; the velocity to be gained, the point of cut-off and the turning rate are corrected until the predicted
cut-off has the radius, the speed, the path angle and the plane asked for.  Steering out of the plane comes
with it.  Thrust is constant or, once the limit of acceleration is reached, falls with the mass.  Gravity of
the coming arc is integrated with J2 along a path without thrust that ends near where the real one does.

All vectors are of an inertial frame whose third axis is the Earth's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import acos, exp, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.nodes import EVEN_ZONALS, MU_M3_S2, REFERENCE_RADIUS_M
from crossflight.flight.launchers import Insertion
from crossflight.flight.staging import Phase

Floats = NDArray[np.float64]

_RADIUS_M: Final = 6_378_137.0
_GRAVITY_STEP_S: Final = 60.0
J2: Final = -EVEN_ZONALS[2] * sqrt(5)
_J2_FACTOR: Final = 1.5 * J2 * MU_M3_S2 * REFERENCE_RADIUS_M**2
# Passes until the first prediction has settled; after that one a cycle is enough.
N_FIRST: Final = 12


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Radius, speed and energy at cut-off at the perigee, and the mean plane's unit normal."""

    radius_m: float
    speed_m_s: float
    energy_m2_s2: float
    mean_normal: Floats

    @classmethod
    def of(cls, insertion: Insertion, mean_normal: Floats) -> Cutoff:
        """The cut-off of an insertion orbit."""
        perigee, apogee = _RADIUS_M + insertion.perigee_m, _RADIUS_M + insertion.apogee_m
        energy = -MU_M3_S2 / (perigee + apogee)
        return cls(perigee, sqrt(2 * (energy + MU_M3_S2 / perigee)), energy, mean_normal)

    def normal_at(self, r: Floats) -> Floats:
        """Normal of the osculating plane over `r`, whose mean plane is the one asked for.

        Short-period terms of J2 for a near-circular orbit (Kozai 1959): without them the mean node would be
        up to 0.03 degrees off, seven seconds of lift-off time.
        """
        mean = self.mean_normal
        cosine = float(mean[2])
        inclination = acos(max(-1.0, min(1.0, cosine)))
        to_node = np.array([-mean[1], mean[0], 0.0])
        size = float(np.hypot(mean[0], mean[1]))
        if size < 1e-6:
            return mean
        to_node /= size
        u = float(np.arctan2(np.dot(np.cross(mean, to_node), r), np.dot(to_node, r)))
        scale = J2 * (REFERENCE_RADIUS_M / self.radius_m) ** 2
        inclination += 3 / 8 * scale * 2 * cosine * size * np.cos(2 * u)
        node = float(np.arctan2(to_node[1], to_node[0])) + 3 / 4 * scale * cosine * np.sin(2 * u)
        return np.array(
            [np.sin(inclination) * np.sin(node), -np.sin(inclination) * np.cos(node), np.cos(inclination)]
        )


@dataclass(frozen=True, slots=True)
class Segment:
    """Burning ahead: constant thrust (`limit` None) or constant acceleration, for `burn_s` at most."""

    exhaust_m_s: float
    acceleration_m_s2: float
    burn_s: float
    is_limited: bool


def segments(
    phases: Sequence[Phase], masses_kg: Sequence[float], burnable_kg: Sequence[float]
) -> list[Segment]:
    """What burns ahead: of each phase its mass at the beginning and what it still has to burn."""
    found: list[Segment] = []
    for phase, mass, burn in zip(phases, masses_kg, burnable_kg, strict=True):
        limit = phase.acceleration_limit_m_s2
        free_kg = burn if limit is None else min(burn, max(0.0, mass - phase.thrust_vacuum_n / limit))
        if free_kg > 0:
            acceleration = phase.thrust_vacuum_n / mass
            found.append(Segment(phase.exhaust_m_s, acceleration, free_kg / phase.flow_kg_s, False))
        if limit is not None and burn > free_kg:
            lasting = phase.exhaust_m_s / limit * log((mass - free_kg) / (mass - burn))
            found.append(Segment(phase.exhaust_m_s, limit, lasting, True))
    return found


@dataclass(slots=True)
class Guidance:
    """The guidance of one flight; call `update` each cycle, `direction` between.

    Attributes
    ----------
    v_go_m_s
        Velocity still to be gained, (3,).
    to_go_s
        Time to cut-off; infinite where the propellant ahead cannot give that velocity.
    lacking_m_s
        By how much the propellant ahead falls short.
    """

    cutoff: Cutoff
    v_go_m_s: Floats
    r_aim_m: Floats
    r_gravity_m: Floats
    r_bias_m: Floats
    to_go_s: float = 0.0
    lacking_m_s: float = 0.0
    along: Floats | None = None
    turning: Floats | None = None
    turns_at_s: float = 0.0

    @classmethod
    def begun(cls, cutoff: Cutoff, r: Floats, v: Floats) -> Guidance:
        """Before the first cycle: the aim lies ahead in the plane by a fourteenth of a turn."""
        normal = cutoff.mean_normal
        flat = r - np.dot(r, normal) * normal
        flat = flat / np.linalg.norm(flat)
        ahead = 0.9 * flat + 0.436 * np.cross(normal, flat)
        aim = cutoff.radius_m * ahead / np.linalg.norm(ahead)
        speed = cutoff.speed_m_s * np.cross(normal, ahead / np.linalg.norm(ahead))
        gravity = -0.5 * MU_M3_S2 * r / np.linalg.norm(r) ** 3
        return cls(cutoff, speed - v, aim, gravity, np.zeros(3))

    def update(self, t_s: float, r: Floats, v: Floats, ahead: Sequence[Segment]) -> None:
        """One cycle at `t_s`: state (3,) each, and what burns from now on."""
        burn = _integrals(ahead, float(np.linalg.norm(self.v_go_m_s)))
        self.lacking_m_s = burn.lacking_m_s
        before, to_go = self.to_go_s, burn.to_go_s
        self.r_gravity_m = self.r_gravity_m * ((to_go / before) ** 2 if before > 0 else to_go**2)
        along = self.v_go_m_s / np.linalg.norm(self.v_go_m_s)
        normal = self.cutoff.normal_at(self.r_aim_m)
        r_go = self._distance_to_go(r, v, to_go, along, burn.s, normal)
        rate_scale = burn.q - burn.s * burn.j / burn.l
        turning = (r_go - burn.s * along) / rate_scale
        middle_s = burn.j / burn.l
        v_thrust, r_thrust = _thrust_effect(burn, along, turning, middle_s)
        v_bias = self.v_go_m_s - v_thrust
        self.r_bias_m = r_go - r_thrust
        # The path whose gravity stands for that of the real one (the document's constants).
        r1 = r - 0.1 * r_thrust - to_go / 30 * v_thrust
        v1 = v + 1.2 * r_thrust / to_go - 0.1 * v_thrust
        r2, v2 = coast(r1, v1, to_go)
        v_gravity = v2 - v1
        self.r_gravity_m = r2 - r1 - v1 * to_go
        end = r + v * to_go + self.r_gravity_m + r_thrust
        flat = end - np.dot(end, normal) * normal
        up = flat / np.linalg.norm(flat)
        self.r_aim_m = self.cutoff.radius_m * up
        v_aim = self.cutoff.speed_m_s * np.cross(normal, up)
        self.v_go_m_s = v_aim - v - v_gravity + v_bias
        self.to_go_s = to_go
        self.along, self.turning, self.turns_at_s = along, turning, t_s + middle_s

    def gained(self, dv_m_s: Floats) -> None:
        """What the engines have given since the last cycle, (3,)."""
        self.v_go_m_s = self.v_go_m_s - dv_m_s

    def direction(self, t_s: float) -> tuple[float, float, float]:
        """Unit vector of thrust at an instant."""
        assert self.along is not None
        assert self.turning is not None
        d = self.along + self.turning * (t_s - self.turns_at_s)
        size = sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2])
        return float(d[0] / size), float(d[1] / size), float(d[2] / size)

    def _distance_to_go(
        self, r: Floats, v: Floats, to_go: float, along: Floats, s: float, normal: Floats
    ) -> Floats:
        """What thrust has to add to the place of cut-off; downrange it is free, and chosen to go with `s`."""
        r_go = self.r_aim_m - (r + v * to_go + self.r_gravity_m)
        downrange = np.cross(normal, self.r_aim_m)
        downrange = downrange / np.linalg.norm(downrange)
        rest = r_go - np.dot(downrange, r_go) * downrange
        free = (s - np.dot(along, rest)) / np.dot(along, downrange)
        return np.asarray(rest + free * downrange + self.r_bias_m)


@dataclass(slots=True)
class _Burn:
    """Integrals of the acceleration ahead: of it, of it times time, twice of it, and so on."""

    l: float = 0.0  # noqa: E741 - the document's letters
    j: float = 0.0
    s: float = 0.0
    q: float = 0.0
    h: float = 0.0
    p: float = 0.0
    to_go_s: float = 0.0
    lacking_m_s: float = 0.0


def _integrals(ahead: Sequence[Segment], needed_m_s: float) -> _Burn:
    total = _Burn()
    left = needed_m_s
    for k, segment in enumerate(ahead):
        is_last = k == len(ahead) - 1
        l, burn_s = _gain(segment, left, is_last=is_last)  # noqa: E741 - the document's letters
        if burn_s <= 0:
            break
        _add(total, segment, l, burn_s)
        left -= l
        if left <= 0:
            break
    total.lacking_m_s = _lacking(ahead, needed_m_s)
    return total


def _gain(segment: Segment, left_m_s: float, *, is_last: bool) -> tuple[float, float]:
    """Velocity gained in a segment and its burning time; the last one is as long as it needs to be."""
    ve, a = segment.exhaust_m_s, segment.acceleration_m_s2
    whole = a * segment.burn_s if segment.is_limited else ve * -log(1 - segment.burn_s * a / ve)
    gain = left_m_s if is_last or whole > left_m_s else whole
    burn_s = gain / a if segment.is_limited else ve / a * (1 - exp(-gain / ve))
    return gain, burn_s


def _lacking(ahead: Sequence[Segment], needed_m_s: float) -> float:
    return max(0.0, needed_m_s - available_m_s(ahead))


def available_m_s(ahead: Sequence[Segment]) -> float:
    """Velocity that the propellant ahead can give."""
    return sum(_gain(segment, float("inf"), is_last=False)[0] for segment in ahead)


def _add(total: _Burn, segment: Segment, l: float, burn_s: float) -> None:  # noqa: E741 - the document's letters
    before_s = total.to_go_s
    after_s = before_s + burn_s
    if segment.is_limited:
        j = 0.5 * l * burn_s
        s = j
        q = s * (burn_s / 3 + before_s)
        p = s / 6 * (after_s**2 + 2 * after_s * before_s + 3 * before_s**2)
    else:
        ve = segment.exhaust_m_s
        used_s = ve / segment.acceleration_m_s2
        j = used_s * l - ve * burn_s
        s = burn_s * l - j
        q = s * (used_s + before_s) - 0.5 * ve * burn_s**2
        p = q * (used_s + before_s) - 0.5 * ve * burn_s**2 * (burn_s / 3 + before_s)
    j += l * before_s
    s += total.l * burn_s
    q += total.j * burn_s
    p += total.h * burn_s
    total.l += l
    total.j += j
    total.s += s
    total.q += q
    total.p += p
    total.h = total.j * after_s - total.q
    total.to_go_s = after_s


def _thrust_effect(burn: _Burn, along: Floats, turning: Floats, middle_s: float) -> tuple[Floats, Floats]:
    """Velocity and distance that the turning thrust adds, to second order in the angle it turns through."""
    rate = float(np.linalg.norm(turning))
    if rate == 0.0:
        return burn.l * along, burn.s * along
    begin = along - turning * middle_s
    cosine = float(np.dot(begin, along)) / float(np.linalg.norm(begin))
    phi = acos(max(-1.0, min(1.0, cosine)))
    phi_rate = -phi * burn.l / burn.j
    sideways = turning / rate
    v = (burn.l - 0.5 * burn.l * phi**2 - burn.j * phi * phi_rate - 0.5 * burn.h * phi_rate**2) * along
    v = v - (burn.l * phi + burn.j * phi_rate) * sideways
    r = (burn.s - 0.5 * burn.s * phi**2 - burn.q * phi * phi_rate - 0.5 * burn.p * phi_rate**2) * along
    r = r - (burn.s * phi + burn.q * phi_rate) * sideways
    return v, r


def coast(r: Floats, v: Floats, span_s: float) -> tuple[Floats, Floats]:
    """A state (3,) each carried over a span without thrust, on or back: gravity with J2, Runge-Kutta."""
    n = int(abs(span_s) / _GRAVITY_STEP_S) + 1
    h = span_s / n
    x = [float(c) for c in (*r, *v)]
    for _ in range(n):
        k1 = _fall(x)
        k2 = _fall([a + 0.5 * h * b for a, b in zip(x, k1, strict=True)])
        k3 = _fall([a + 0.5 * h * b for a, b in zip(x, k2, strict=True)])
        k4 = _fall([a + h * b for a, b in zip(x, k3, strict=True)])
        x = [a + h / 6 * (b + 2 * c + 2 * d + e) for a, b, c, d, e in zip(x, k1, k2, k3, k4, strict=True)]
    return np.array(x[:3]), np.array(x[3:])


def _fall(x: Sequence[float]) -> list[float]:
    return [x[3], x[4], x[5], *gravity_m_s2(x[0], x[1], x[2])]


def gravity_m_s2(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Gravity with J2 at a place of a frame whose third axis is the Earth's."""
    r2 = x * x + y * y + z * z
    r = sqrt(r2)
    central = MU_M3_S2 / (r2 * r)
    flat = _J2_FACTOR / (r2 * r2 * r)
    up = 5 * z * z / r2
    level = -central - flat * (1 - up)
    return level * x, level * y, (-central - flat * (3 - up)) * z
