"""A section of the Validation chapter: a table of figures and what they are held against."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Section:
    """Figures with their rows in words; `figures` holds the same as numbers for tests and JSON."""

    name: str
    title: str
    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: dict[str, float] = field(default_factory=dict)


def rms(values: ArrayLike) -> float:
    """Root mean square; NaN of nothing."""
    array = np.asarray(values, dtype=np.float64)
    return float(np.sqrt(np.mean(array**2))) if array.size else float("nan")


def median_size(values: ArrayLike) -> float:
    """Median of the absolute values; NaN of nothing."""
    array = np.abs(np.asarray(values, dtype=np.float64))
    return float(np.median(array)) if array.size else float("nan")
