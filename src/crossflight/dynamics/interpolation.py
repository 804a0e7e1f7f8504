"""States between the states of an ephemeris: Hermite's polynomial through positions and velocities."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.time_scales import TimesUs, elapsed_s, tai_us
from crossflight.errors import InputError
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

Array = NDArray[np.float64]

# Nodes of one polynomial: through w of them it has degree 2 w - 1.  With more than six nothing is won on
# the published ephemerides: what is left comes from the short waves of the gravity field.
N_NODES: Final = 6
# Steps of very different length do not share a polynomial: a publisher puts states every 2 s into a burn
# between others every 240 s, and what the burn does must not be continued over minutes.
_GAP_RATIO_MAX: Final = 8.0


def hermite(
    t_nodes_s: Array, r_nodes: Array, v_nodes: Array, t_s: Array, n_nodes: int
) -> tuple[Array, Array]:
    """Positions and velocities by polynomials through the nearest nodes.

    Parameters
    ----------
    t_nodes_s
        Shape (k,), increasing, at least two.
    r_nodes, v_nodes
        Shape (k, d): positions and their rates.
    t_s
        Shape (m,): where; outside the nodes the polynomial of the end is continued.
    n_nodes
        Nodes per polynomial, where there are so many.

    Returns
    -------
    Positions and rates, shape (m, d) each.
    """
    gaps = np.diff(t_nodes_s)
    interval = np.clip(np.searchsorted(t_nodes_s, t_s, "right") - 1, 0, len(gaps) - 1)
    position, rate = np.empty((len(t_s), r_nodes.shape[1])), np.empty((len(t_s), r_nodes.shape[1]))
    # One polynomial serves every instant between the same two nodes.
    for i in np.unique(interval):
        mine = interval == i
        nodes = _window(gaps, int(i), n_nodes)
        t = t_nodes_s[nodes]
        origin, scale = (t[0] + t[-1]) / 2, (t[-1] - t[0]) / 2
        z, c = _divided_differences((t - origin) / scale, r_nodes[nodes], v_nodes[nodes] * scale)
        position[mine], rate[mine] = _newton(z, c, (t_s[mine] - origin) / scale)
        rate[mine] /= scale
    return position, rate


def _window(gaps: Array, i: int, n_nodes: int) -> slice:
    """The nodes about interval `i`, as many on both sides as can be, over intervals of like length."""
    first = last = i
    while last - first + 2 < n_nodes:
        can_go_back = first > 0 and _is_alike(gaps[first - 1], gaps[i])
        can_go_on = last < len(gaps) - 1 and _is_alike(gaps[last + 1], gaps[i])
        if can_go_back and (not can_go_on or i - first <= last - i):
            first -= 1
        elif can_go_on:
            last += 1
        else:
            break
    return slice(first, last + 2)


def _is_alike(a: float, b: float) -> bool:
    return bool(a < b * _GAP_RATIO_MAX and b < a * _GAP_RATIO_MAX)


def _divided_differences(x: Array, r: Array, v: Array) -> tuple[Array, Array]:
    """Doubled nodes, and the coefficients of Newton's form of Hermite's polynomial (Stoer and Bulirsch)."""
    z = np.repeat(x, 2)
    column = np.repeat(r, 2, axis=0)
    n = len(z)
    coefficients = np.empty_like(column)
    coefficients[0] = column[0]
    for order in range(1, n):
        gap = z[order:] - z[: n - order]
        same = gap == 0.0
        difference = (column[1:] - column[:-1]) / np.where(same, 1.0, gap)[:, None]
        if order == 1:
            difference[same] = v
        column = difference
        coefficients[order] = column[0]
    return z, coefficients


def _newton(z: Array, coefficients: Array, x: Array) -> tuple[Array, Array]:
    """Value and derivative of Newton's form, by Horner."""
    value = np.broadcast_to(coefficients[-1], (len(x), coefficients.shape[1])).copy()
    slope = np.zeros_like(value)
    for node, c in zip(z[-2::-1], coefficients[-2::-1], strict=True):
        d = (x - node)[:, None]
        slope = slope * d + value
        value = value * d + c
    return value, slope


def states_at(arc: EphemerisArc, t_utc_us: TimesUs | int, n_nodes: int = N_NODES) -> tuple[Array, Array]:
    """States of an ephemeris at instants, in its own frame.

    Parameters
    ----------
    t_utc_us
        Shape (m,), in any order.
    n_nodes
        States per polynomial; an arc with fewer uses what it has.

    Returns
    -------
    Position (m) and velocity (m/s), shape (m, 3) each.

    Raises
    ------
    InputError
        For an instant outside the useable span of the arc.
    """
    t = np.atleast_1d(np.asarray(t_utc_us, np.int64))
    if len(arc.t_utc_us) < 2:
        raise InputError(f"{arc.object_name} has {len(arc.t_utc_us)} states: nothing lies between them")
    first = max(arc.useable_from_utc.us, arc.from_utc.us)
    last = min(arc.useable_to_utc.us, arc.to_utc.us)
    if t.size == 0:
        return np.empty((0, 3)), np.empty((0, 3))
    for at in (int(t.min()), int(t.max())):
        if not first <= at <= last:
            raise InputError(
                f"{Instant(at)} is outside the useable span {Instant(first)} to {Instant(last)} "
                f"of {arc.object_name}",
                hint="An ephemeris is interpolated and never continued; propagate from its last state.",
            )
    base = int(tai_us(arc.t_utc_us[:1])[0])
    nodes_s = (tai_us(arc.t_utc_us) - base) / 1e6
    return hermite(nodes_s, arc.r_m, arc.v_m_s, elapsed_s(arc.t_utc_us[:1], t), n_nodes)
