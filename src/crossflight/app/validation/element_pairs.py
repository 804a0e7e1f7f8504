"""How wrong the station's node and place were, seen from older element sets: where the sigmas come from."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.validation.flown_launches import archive, orbit_of
from crossflight.app.validation.section import Section

Floats = NDArray[np.float64]

# Days ahead, and by how much the distance of two sets may differ from it.
_NODE_DAYS: Final = ((30.0, 3.0), (60.0, 5.0), (90.0, 8.0), (180.0, 15.0), (365.0, 20.0))
_PHASE_DAYS: Final = ((1.0, 0.3), (3.0, 0.5), (7.0, 1.0), (14.0, 2.0), (21.0, 2.0), (30.0, 3.0))
_ONE_SIGMA: Final = 0.6827
_BIN_DAYS: Final = 10.0


@cache
def _errors() -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:
    """Of all pairs: ten-day bin of the older set, days between, errors of node and phase, sigmas; radians."""
    t_us = np.array([e.epoch_utc.us for e in archive()], dtype=np.int64)
    orbits = [orbit_of(e) for e in archive()]
    node = np.array([o.node_rad for o in orbits])
    place = np.array([o.latitude_argument_rad for o in orbits])
    parts: list[tuple[Floats, ...]] = []
    for i, orbit in enumerate(orbits):
        later = np.flatnonzero((t_us > t_us[i]) & (t_us < t_us[i] + round(400 * 86_400e6)))
        at = t_us[later]
        parts.append(
            (
                np.full(later.size, np.floor(t_us[i] / 86_400e6 / _BIN_DAYS)),
                (at - t_us[i]) / 86_400e6,
                _wrapped(node[later] - orbit.node_at(at)),
                _wrapped(place[later] - orbit.latitude_argument_at(at)),
                orbit.node_sigma_at(at),
                orbit.phase_sigma_at(at),
            )
        )
    bins, days, node_error, phase_error, node_sigma, phase_sigma = (
        np.concatenate([p[k] for p in parts]) for k in range(6)
    )
    return bins, days, node_error, phase_error, node_sigma, phase_sigma


def element_pair_section() -> Section:
    """68 % of the errors on pairs of sets against the sigma that is claimed."""
    bins, days, node_error, phase_error, node_sigma, phase_sigma = _errors()
    minutes = 1440 / (2 * np.pi * 366 / 365)
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for what, table, error, sigma, unit in (
        ("node, min of launch time", _NODE_DAYS, node_error * minutes, node_sigma * minutes, "node"),
        ("phase, deg", _PHASE_DAYS, np.degrees(phase_error), np.degrees(phase_sigma), "phase"),
    ):
        for ahead, tolerance in table:
            inside = np.abs(days - ahead) <= tolerance
            if not inside.any():
                continue
            weight = _weights(bins[inside])
            size = np.abs(error[inside])
            claimed = float(np.average(sigma[inside], weights=weight))
            share = float(np.average(size <= sigma[inside], weights=weight))
            measured = _quantile(size, weight, _ONE_SIGMA)
            n_bins = len(np.unique(bins[inside]))
            rows.append(
                (what, f"{ahead:g}", str(int(np.count_nonzero(inside))), str(n_bins),
                 f"{_quantile(size, weight, 0.5):.2f}", f"{measured:.2f}", f"{claimed:.2f}", f"{share:.0%}")
            )  # fmt: skip
            figures[f"{unit}_{ahead:g}_measured"] = measured
            figures[f"{unit}_{ahead:g}_claimed"] = claimed
    return Section(
        "element-pairs",
        "The station ahead, on pairs of element sets",
        "Every archived set is carried on to every later one; pairs from the same ten days count as one, "
        "as most sets are of 2024 and 2025. This is what the sigmas were set by, so it says how they were "
        "made and no more; the launches above were never looked at for them.",
        ("what", "days", "pairs", "ten-day bins", "median", "68 % within", "sigma claimed", "inside"),
        tuple(rows),
        figures,
    )


def _wrapped(angle: Floats) -> Floats:
    return (angle + np.pi) % (2 * np.pi) - np.pi


def _weights(bins: Floats) -> Floats:
    """One over the number of pairs of the same bin."""
    _, where, counts = np.unique(bins, return_inverse=True, return_counts=True)
    return 1 / counts[where]


def _quantile(values: Floats, weight: Floats, share: float) -> float:
    order = np.argsort(values)
    mass = np.cumsum(weight[order])
    return float(values[order][int(np.searchsorted(mass, share * mass[-1]))])
