"""Paths made short: as few rows as a picture needs, and how far off the picture may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.bodies import sun_gcrf_m
from crossflight.dynamics.frames import celestial_to_terrestrial, earth_orientation
from crossflight.times import Instant

Array = NDArray[np.float64]

# Of a globe of 12 742 km on 500 pixels a pixel is 25 km; the issue asks for 1 km, rounding included.
GLOBE_KM: Final = 0.8
# Half a metre on an inset of 2 km; twice that for the cloud of sampled ones.
LOCAL_M: Final = 0.5
_STEP_FACTOR: Final = 2


def frozen_axes(at_utc: Instant) -> Array:
    """The rotation (3, 3) from the GCRF to the axes of the ITRF at an instant, which then stand still."""
    rotation: Array = celestial_to_terrestrial(at_utc.us, earth_orientation(at_utc.us))[0]
    return rotation


def sun_unit(axes: Array, at_utc: Instant) -> list[float]:
    """The direction to the Sun in such axes."""
    sun = axes @ sun_gcrf_m(at_utc.us)[0]
    return [round(float(x), 5) for x in sun / np.linalg.norm(sun)]


def hermite(t: Array, rows: Array) -> Array:
    """Positions (n, 3) at times within rows (m, 7) of t, r, v, by Hermite's cubic."""
    k = np.clip(np.searchsorted(rows[:, 0], t, "right") - 1, 0, len(rows) - 2)
    a, b = rows[k], rows[k + 1]
    h = (b[:, 0] - a[:, 0])[:, None]
    w = (t[:, None] - a[:, :1]) / h
    r = (1 + 2 * w) * (1 - w) ** 2 * a[:, 1:4] + w * (1 - w) ** 2 * h * a[:, 4:]
    found: Array = r + w**2 * (3 - 2 * w) * b[:, 1:4] + w**2 * (w - 1) * h * b[:, 4:]
    return found


def short_orbit(rows: Array, tolerance_km: float = GLOBE_KM) -> Array:
    """The fewest rows (t, r, v; kilometres) found whose cubic stays within a tolerance of all the others.

    From each row the farthest next one is taken that keeps all between it near enough.
    """

    def is_near(i: int, j: int) -> bool:
        between = rows[i + 1 : j]
        if not len(between):
            return True
        off = hermite(between[:, 0], rows[[i, j]]) - between[:, 1:4]
        return bool((np.linalg.norm(off, axis=1) <= tolerance_km).all())

    return rows[_farthest(len(rows), is_near)]


def short_local(rows: Array, tolerance_m: float = LOCAL_M) -> Array:
    """The fewest rows (t, x, y, z) found whose straight lines stay within a tolerance of all the others."""

    def is_near(i: int, j: int) -> bool:
        a, b, between = rows[i], rows[j], rows[i + 1 : j]
        w = ((between[:, 0] - a[0]) / (b[0] - a[0]))[:, None]
        off = a[1:] + w * (b[1:] - a[1:]) - between[:, 1:]
        return bool((np.linalg.norm(off, axis=1) <= tolerance_m).all())

    return rows[_farthest(len(rows), is_near)]


def _farthest(n: int, is_near: Callable[[int, int], bool]) -> list[int]:
    """Indices from 0 to n - 1, each as far from the one before as `is_near` allows; doubled, then halved."""
    kept = [0]
    while kept[-1] < n - 1:
        i = kept[-1]
        good, step = i + 1, _STEP_FACTOR
        while i + step < n and is_near(i, i + step):
            good, step = i + step, step * _STEP_FACTOR
        bad = min(i + step, n)
        while bad - good > 1:
            middle = (good + bad) // 2
            if is_near(i, middle):
                good = middle
            else:
                bad = middle
        kept.append(good)
    return kept


def flat(rows: Array, digits: tuple[int, ...]) -> list[float]:
    """Rows one after the other, each column rounded to its digits; whole numbers without a point."""
    found: list[float] = []
    for row in rows.tolist():
        for x, n in zip(row, digits, strict=True):
            value = round(x, n)
            found.append(int(value) if value == int(value) else value)
    return found
