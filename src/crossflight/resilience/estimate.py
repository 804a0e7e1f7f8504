"""What samples say: means with intervals, the mean of the worst, paired differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_Z95: Final = 1.959963984540054
_TAIL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of a number per sample.

    Attributes
    ----------
    ci95
        Of the mean: normal, from the samples' own spread.
    cvar95
        Mean of the worst twentieth.
    range95
        The middle 95 % of the samples: where one outcome is expected.
    none_share
        Share of samples with none at all.
    """

    n: int
    mean: float
    ci95: tuple[float, float]
    cvar95: float
    range95: tuple[float, float]
    none_share: float


def estimate(values: Array) -> Estimate:
    """The estimate of values (n,), n at least 1."""
    mean, half = _mean(values)
    low, high = np.quantile(values, (_TAIL / 2, 1 - _TAIL / 2))
    return Estimate(
        len(values),
        mean,
        (mean - half, mean + half),
        cvar95(values),
        (float(low), float(high)),
        float(np.mean(values == 0)),
    )


def difference(values: Array, others: Array) -> tuple[float, tuple[float, float]]:
    """Mean of the paired differences of the same samples, and its 95 % interval."""
    mean, half = _mean(values - others)
    return mean, (mean - half, mean + half)


def cvar95(values: Array) -> float:
    """Mean of the worst 5 %; a sample that lies across the edge counts in part."""
    worst = np.sort(values)[::-1]
    n_tail = _TAIL * len(worst)
    n_whole = math.floor(n_tail + 1e-9)
    part = max(n_tail - n_whole, 0.0) if n_whole < len(worst) else 0.0
    total = float(worst[:n_whole].sum()) + (part * float(worst[n_whole]) if part > 0 else 0.0)
    return total / n_tail


def _mean(values: Array) -> tuple[float, float]:
    n = len(values)
    spread = float(np.std(values, ddof=1)) if n > 1 else math.inf
    return float(np.mean(values)), _Z95 * spread / math.sqrt(n)
