"""Samples worth a look: those that did not dock, and those at the end of what did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossflight.flight.samples import FlownSamples

_N_EACH: Final = 3


@dataclass(frozen=True, slots=True)
class WorstSample:
    """A sample, by its number, and why it is worth a look: the quantity, with its unit, and its value."""

    sample: int
    why: str
    value: float


def worst_samples(flown: FlownSamples, n_each: int = _N_EACH) -> tuple[WorstSample, ...]:
    """Up to `n_each` samples that did not dock, most off at arrival first, and of each kind of extreme."""
    found: list[WorstSample] = []
    missed = np.flatnonzero(~flown.is_docked)
    farthest = missed[np.argsort(-flown.arrival_miss_m[missed], kind="stable")][:n_each]
    found += [_of(flown, k, "not docked, arrival_miss_m", flown.arrival_miss_m[k]) for k in farthest]
    docked = np.flatnonzero(flown.is_docked)
    lateral = np.hypot(flown.contact_y_m, flown.contact_z_m)
    for why, values in (
        ("dv_m_s", flown.dv_m_s),
        ("arrival_miss_m", flown.arrival_miss_m),
        ("contact_lateral_m", lateral),
    ):
        most = docked[np.argsort(-values[docked], kind="stable")][:n_each]
        found += [_of(flown, k, why, values[k]) for k in most]
    return tuple(found)


def _of(flown: FlownSamples, k: np.intp, why: str, value: float) -> WorstSample:
    return WorstSample(int(flown.sample[k]), why, float(value))
