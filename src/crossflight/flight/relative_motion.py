"""Motion of a craft about another: Clohessy-Wiltshire, Yamanaka-Ankersen, drag, two-impulse targeting.

The local frame is LVLH: x along V-bar (ahead), y against the orbit's normal, z along R-bar (down).
Components come first, (6, n): a sum over samples never happens, so a sample's result does not depend
on which others are flown with it.

Sources: Clohessy and Wiltshire 1960 in the axes of Fehse 2003, eq. 3.22 ff.; Yamanaka and Ankersen 2002.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError

Array = NDArray[np.float64]

# Nothing is aimed over durations whose in-plane matrix is worse conditioned than this.
_CONDITION_MAX: Final = 1e5
# Least sine of the angle travelled for which a velocity across the plane is aimed.
_ACROSS_MIN: Final = 0.3
_N_KEPLER: Final = 12


def cw_transition(rate_rad_s: float, dt_s: float) -> Array:
    """Clohessy-Wiltshire state-transition matrix (6, 6) over `dt_s`, target on a circular orbit."""
    n, t = rate_rad_s, dt_s
    s, c = np.sin(n * t), np.cos(n * t)
    phi = np.zeros((6, 6))
    phi[0] = (1.0, 0.0, 6.0 * (n * t - s), 4.0 * s / n - 3.0 * t, 0.0, 2.0 * (1.0 - c) / n)
    phi[1] = (0.0, c, 0.0, 0.0, s / n, 0.0)
    phi[2] = (0.0, 0.0, 4.0 - 3.0 * c, 2.0 * (c - 1.0) / n, 0.0, s / n)
    phi[3] = (0.0, 0.0, 6.0 * n * (1.0 - c), 4.0 * c - 3.0, 0.0, 2.0 * s)
    phi[4] = (0.0, -n * s, 0.0, 0.0, c, 0.0)
    phi[5] = (0.0, 0.0, 3.0 * n * s, -2.0 * s, 0.0, c)
    return phi


def cw_drag_response(rate_rad_s: float, dt_s: float) -> Array:
    """State (6,) after `dt_s` of a unit acceleration (1 m/s2) along V-bar, from rest at the origin."""
    n, t = rate_rad_s, dt_s
    s, c = np.sin(n * t), np.cos(n * t)
    return np.array(
        [
            4.0 * (1.0 - c) / n**2 - 1.5 * t**2,
            0.0,
            2.0 * (s - n * t) / n**2,
            4.0 * s / n - 3.0 * t,
            0.0,
            2.0 * (c - 1.0) / n,
        ]
    )


def cw_acceleration(rate_rad_s: float, r_lvlh_m: Array, v_lvlh_m_s: Array) -> Array:
    """What the rotating frame adds to a craft's acceleration: (3, n) of positions and velocities (3, n)."""
    n = rate_rad_s
    return np.stack(
        [
            2.0 * n * v_lvlh_m_s[2],
            -(n**2) * r_lvlh_m[1],
            3.0 * n**2 * r_lvlh_m[2] - 2.0 * n * v_lvlh_m_s[0],
        ]
    )


def propagated(phi: Array, states: Array) -> Array:
    """States (6, n) after the transition `phi`, each component summed in one fixed order."""
    out = np.empty_like(states)
    for i in range(6):
        columns = np.flatnonzero(phi[i])
        total = phi[i, columns[0]] * states[columns[0]]
        for j in columns[1:]:
            total += phi[i, j] * states[j]
        out[i] = total
    return out


def aimed_velocity(phi: Array, from_m: Array, to_m: Array, now_m_s: Array) -> Array:
    """The velocity (3, n) to leave places (3, n) with, to be at `to_m` (3,) or (3, n) when `phi` is over.

    Near half a revolution no velocity has a say in where the craft crosses the target's plane: there the
    velocity across, of `now_m_s` (3, n), is kept.

    Raises
    ------
    UsageError
        If the transition's duration cannot be aimed over: none at all, or whole revolutions.
    """
    plane = phi[np.ix_([0, 2], [3, 5])]
    if not np.isfinite(plane).all() or not plane.any() or np.linalg.cond(plane) > _CONDITION_MAX:
        raise UsageError(
            "a transfer of no time, or of whole revolutions, cannot be aimed",
            hint="choose a duration between a minute and nine tenths of a revolution",
        )
    inverse = np.linalg.inv(plane)
    to = np.asarray(to_m, np.float64)
    to = to[:, None] if to.ndim == 1 else to
    miss = [to[i] - (phi[i, 0] * from_m[0] + phi[i, 1] * from_m[1] + phi[i, 2] * from_m[2]) for i in range(3)]
    # Across the plane the motion is a swing: y' = -n y sin, y = v sin / n.
    rate = np.sqrt(np.abs(phi[4, 1] / phi[1, 4])) if phi[1, 4] else 0.0
    has_say = np.abs(phi[1, 4]) * rate > _ACROSS_MIN
    across = miss[1] / phi[1, 4] if has_say else np.broadcast_to(now_m_s[1], from_m[1].shape)
    return np.stack(
        [
            inverse[0, 0] * miss[0] + inverse[0, 1] * miss[2],
            across,
            inverse[1, 0] * miss[0] + inverse[1, 1] * miss[2],
        ]
    )


def ya_transition(
    axis_m: float, eccentricity: float, true_anomaly_rad: float, dt_s: float, mu_m3_s2: float
) -> Array:
    """Yamanaka-Ankersen state-transition matrix (6, 6) over `dt_s`, target on an elliptic orbit.

    Parameters
    ----------
    axis_m, eccentricity, true_anomaly_rad
        Of the target's orbit at the beginning.

    Raises
    ------
    UsageError
        For an orbit that is no ellipse.
    """
    e = eccentricity
    if not 0.0 <= e < 1.0 or not axis_m > 0.0:
        raise UsageError(f"an orbit with axis {axis_m:.0f} m and eccentricity {e:g} is no ellipse")
    p = axis_m * (1.0 - e**2)
    k2 = np.sqrt(mu_m3_s2 / p**3)  # h / p^2
    anomaly = _later_anomaly(axis_m, e, true_anomaly_rad, dt_s, mu_m3_s2)
    begin, end = _scaling(e, true_anomaly_rad, k2), _scaling(e, anomaly, k2)
    turn = anomaly - true_anomaly_rad
    middle = np.zeros((6, 6))
    plane = np.ix_([0, 2, 3, 5], [0, 2, 3, 5])
    middle[plane] = _in_plane(e, anomaly, k2 * dt_s) @ _in_plane_inverse(e, true_anomaly_rad)
    across = np.ix_([1, 4], [1, 4])
    middle[across] = ((np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn)))
    result: Array = np.linalg.inv(end) @ middle @ begin
    return result


def _scaling(e: float, anomaly: float, k2: float) -> Array:
    """From (r, v) to the transformed variables of the paper, eq. 86 and 87."""
    rho = 1.0 + e * np.cos(anomaly)
    scaled = np.zeros((6, 6))
    scaled[:3, :3] = rho * np.eye(3)
    scaled[3:, :3] = -e * np.sin(anomaly) * np.eye(3)
    scaled[3:, 3:] = np.eye(3) / (k2 * rho)
    return scaled


def _in_plane_inverse(e: float, anomaly: float) -> Array:
    rho = 1.0 + e * np.cos(anomaly)
    s, c = rho * np.sin(anomaly), rho * np.cos(anomaly)
    rows = (
        (1.0 - e**2, 3.0 * e * s * (1 / rho + 1 / rho**2), -e * s * (1 + 1 / rho), -e * c + 2.0),
        (0.0, -3.0 * s * (1 / rho + e**2 / rho**2), s * (1 + 1 / rho), c - 2.0 * e),
        (0.0, -3.0 * (c / rho + e), c * (1 + 1 / rho) + e, -s),
        (0.0, 3.0 * rho + e**2 - 1.0, -(rho**2), e * s),
    )
    result: Array = np.array(rows) / (1.0 - e**2)
    return result


def _in_plane(e: float, anomaly: float, elapsed: float) -> Array:
    rho = 1.0 + e * np.cos(anomaly)
    s, c = rho * np.sin(anomaly), rho * np.cos(anomaly)
    s_rate = np.cos(anomaly) + e * np.cos(2.0 * anomaly)
    c_rate = -(np.sin(anomaly) + e * np.sin(2.0 * anomaly))
    return np.array(
        (
            (1.0, -c * (1 + 1 / rho), s * (1 + 1 / rho), 3.0 * rho**2 * elapsed),
            (0.0, s, c, 2.0 - 3.0 * e * s * elapsed),
            (0.0, 2.0 * s, 2.0 * c - e, 3.0 * (1.0 - 2.0 * e * s * elapsed)),
            (0.0, s_rate, c_rate, -3.0 * e * (s_rate * elapsed + s / rho**2)),
        )
    )


def _later_anomaly(axis_m: float, e: float, anomaly: float, dt_s: float, mu_m3_s2: float) -> float:
    """True anomaly `dt_s` later, not wrapped."""
    eccentric = anomaly - 2.0 * np.arctan2(
        e * np.sin(anomaly), 1.0 + np.sqrt(1.0 - e**2) + e * np.cos(anomaly)
    )
    mean = eccentric - e * np.sin(eccentric) + np.sqrt(mu_m3_s2 / axis_m**3) * dt_s
    later = mean
    for _ in range(_N_KEPLER):
        later -= (later - e * np.sin(later) - mean) / (1.0 - e * np.cos(later))
    beta = e / (1.0 + np.sqrt(1.0 - e**2))
    return float(later + 2.0 * np.arctan2(beta * np.sin(later), 1.0 - beta * np.cos(later)))
