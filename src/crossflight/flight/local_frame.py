"""The station's local frame: from two states in the GCRF to a relative state and back, exactly.

LVLH: x along V-bar (ahead, across the radius), y against the orbit's normal, z along R-bar (down).  The frame
turns with the target's own angular rate, h / r^2 about the normal of its osculating orbit; that its plane
precesses (1e-6 rad/s, 2 mm/s at 2 km) is left out, on both ways alike.

Curvilinear coordinates are x along the arc, z as difference of radius: in them the equations of
Clohessy and Wiltshire hold far better (at 7.5 km the chord lies 4 m off the arc), and within 500 m they are
the Cartesian ones to 2 cm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.errors import UsageError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Target:
    """The orbit of the station as its visitors need it.

    Attributes
    ----------
    radius_m, rate_rad_s
        Distance from the Earth's centre and mean motion.
    eccentricity, true_anomaly_rad
        Of the osculating orbit when the approach begins; eccentricity 0 is a circle.
    density_kg_m3
        Of the air there.
    ballistic_m2_kg
        Drag area times coefficient by mass.
    """

    radius_m: float
    rate_rad_s: float
    eccentricity: float = 0.0
    true_anomaly_rad: float = 0.0
    # NRLMSISE-00 at 415 km, moderate Sun (F10.7 = 130): 2 to 5e-12 over an orbit.
    density_kg_m3: float = 3.5e-12
    # The station's own ephemeris messages: area 1980 m2, coefficient 3.0, mass 459 692 kg (April 2022).
    ballistic_m2_kg: float = 0.0129

    def __post_init__(self) -> None:
        """Refuse what is no orbit about the Earth.

        Raises
        ------
        UsageError
            With the value.
        """
        if not 6.4e6 < self.radius_m < 1e8 or not 0.0 < self.rate_rad_s < 2e-3:
            raise UsageError(
                f"a target {self.radius_m / 1000:.0f} km from the Earth's centre at "
                f"{self.rate_rad_s:.3g} rad/s is on no orbit about it"
            )

    @property
    def period_s(self) -> float:
        """One revolution."""
        return 2.0 * np.pi / self.rate_rad_s

    @property
    def axis_m(self) -> float:
        """Semi-major axis of the mean motion."""
        return float((MU_M3_S2 / self.rate_rad_s**2) ** (1 / 3))

    def drag_difference_m_s2(self, ballistic_m2_kg: float) -> float:
        """Acceleration along V-bar of a craft against the station: the station is braked more."""
        speed = self.rate_rad_s * self.radius_m
        return 0.5 * self.density_kg_m3 * speed**2 * (self.ballistic_m2_kg - ballistic_m2_kg)

    @classmethod
    def circular(cls, altitude_m: float = 418_000.0) -> Target:
        """A circular orbit at `altitude_m` above the equator's radius."""
        radius = 6_378_137.0 + altitude_m
        return cls(radius, float(np.sqrt(MU_M3_S2 / radius**3)))

    @classmethod
    def of_state(cls, state_gcrf: Array, *, density_kg_m3: float = 3.5e-12) -> Target:
        """From the station's state (6,), GCRF m and m/s: its osculating orbit.

        Raises
        ------
        UsageError
            If it is not finite or bound to the Earth.
        """
        y = np.asarray(state_gcrf, np.float64)
        if y.shape != (6,) or not np.isfinite(y).all():
            raise UsageError(f"a target's state of shape {y.shape} is not six finite numbers")
        r, v = y[:3], y[3:]
        radius = float(np.linalg.norm(r))
        axis = 1.0 / (2.0 / radius - float(v @ v) / MU_M3_S2)
        if not axis > 0:
            raise UsageError(f"a target with speed {np.linalg.norm(v):.0f} m/s is not bound to the Earth")
        e = np.cross(v, np.cross(r, v)) / MU_M3_S2 - r / radius
        h = np.cross(r, v)
        anomaly = np.arctan2(float(np.cross(e, r) @ h) / np.linalg.norm(h), float(e @ r))
        return cls(
            axis,
            float(np.sqrt(MU_M3_S2 / axis**3)),
            float(np.linalg.norm(e)),
            float(anomaly),
            density_kg_m3=density_kg_m3,
        )


def axes_gcrf(states_gcrf: Array) -> Array:
    """The rows V-bar, -H-bar, R-bar of LVLH in the GCRF: (n, 3, 3) of states (n, 6)."""
    r, v = states_gcrf[:, :3], states_gcrf[:, 3:]
    down = -r / np.linalg.norm(r, axis=1, keepdims=True)
    across = -np.cross(r, v)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    return np.stack([np.cross(across, down), across, down], axis=1)


def _rates(states_gcrf: Array) -> Array:
    """Angular rate of LVLH, its own axes: (n, 3)."""
    r, v = states_gcrf[:, :3], states_gcrf[:, 3:]
    rate = np.linalg.norm(np.cross(r, v), axis=1) / np.sum(r**2, axis=1)
    return np.stack([np.zeros_like(rate), -rate, np.zeros_like(rate)], axis=1)


def lvlh_from_gcrf(target_gcrf: Array, craft_gcrf: Array) -> Array:
    """Relative states (n, 6), LVLH of the target, m and m/s as seen in the turning frame.

    Parameters
    ----------
    target_gcrf, craft_gcrf
        States (n, 6) or (6,), at the same instants; one target may serve all craft.

    Raises
    ------
    UsageError
        For states that are not finite or do not fit.
    """
    target, craft = _pair(target_gcrf, craft_gcrf)
    axes, rates = axes_gcrf(target), _rates(target)
    r = np.einsum("nij,nj->ni", axes, craft[:, :3] - target[:, :3])
    v = np.einsum("nij,nj->ni", axes, craft[:, 3:] - target[:, 3:]) - np.cross(rates, r)
    return np.concatenate([r, v], axis=1)


def gcrf_from_lvlh(target_gcrf: Array, relative_lvlh: Array) -> Array:
    """The craft's states (n, 6), GCRF, from relative states (n, 6): the inverse of `lvlh_from_gcrf`."""
    target, relative = _pair(target_gcrf, relative_lvlh)
    axes, rates = axes_gcrf(target), _rates(target)
    r, v = relative[:, :3], relative[:, 3:] + np.cross(rates, relative[:, :3])
    turned = [np.einsum("nji,nj->ni", axes, u) for u in (r, v)]
    craft: Array = target + np.concatenate(turned, axis=1)
    return craft


def _pair(target: Array, other: Array) -> tuple[Array, Array]:
    a, b = np.atleast_2d(np.asarray(target, np.float64)), np.atleast_2d(np.asarray(other, np.float64))
    if a.shape[1:] != (6,) or b.shape[1:] != (6,) or (len(a) != len(b) and len(a) != 1):
        raise UsageError(f"states of shapes {a.shape} and {b.shape} are not of one target and its visitors")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise UsageError("a relative state is made of finite states only")
    return np.broadcast_to(a, b.shape), b


def curvilinear_from_lvlh(radius_m: float, states_lvlh: Array) -> Array:
    """Relative states (n, 6) along the arc: lengths at the target's radius, and the radius' difference."""
    x, y, z, vx, vy, vz = states_lvlh.T
    up, rate_up = radius_m - z, -vz
    flat2 = up**2 + x**2
    distance = np.sqrt(flat2 + y**2)
    rate = (up * rate_up + x * vx + y * vy) / distance
    out = np.empty_like(states_lvlh)
    out[:, 0] = radius_m * np.arctan2(x, up)
    out[:, 1] = radius_m * np.arcsin(y / distance)
    out[:, 2] = radius_m - distance
    out[:, 3] = radius_m * (up * vx - x * rate_up) / flat2
    out[:, 4] = radius_m * (vy - y * rate / distance) / np.sqrt(flat2)
    out[:, 5] = -rate
    return out


def lvlh_from_curvilinear(radius_m: float, states: Array) -> Array:
    """The inverse of `curvilinear_from_lvlh`."""
    a, b = states[:, 0] / radius_m, states[:, 1] / radius_m
    a_rate, b_rate = states[:, 3] / radius_m, states[:, 4] / radius_m
    distance, rate = radius_m - states[:, 2], -states[:, 5]
    flat, flat_rate = distance * np.cos(b), rate * np.cos(b) - distance * np.sin(b) * b_rate
    out = np.empty_like(states)
    out[:, 0] = flat * np.sin(a)
    out[:, 1] = distance * np.sin(b)
    out[:, 2] = radius_m - flat * np.cos(a)
    out[:, 3] = flat_rate * np.sin(a) + flat * np.cos(a) * a_rate
    out[:, 4] = rate * np.sin(b) + distance * np.cos(b) * b_rate
    out[:, 5] = -(flat_rate * np.cos(a) - flat * np.sin(a) * a_rate)
    return out


def rtn_from_lvlh(v_lvlh: Array) -> Array:
    """Radial, along-track, cross-track (n, 3) of vectors (n, 3) in LVLH: what `Burn` and `FlownBurn` want."""
    return np.stack([-v_lvlh[..., 2], v_lvlh[..., 0], -v_lvlh[..., 1]], axis=-1)
