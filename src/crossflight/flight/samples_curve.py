"""Success of a whole flight against the size of its errors, and where it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from crossflight.flight.samples import SampledFlight, fly_samples

SCALES: Final = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
# Where fewer than this share dock a flight counts as broken.
BROKEN_SHARE: Final = 0.9


@dataclass(frozen=True, slots=True)
class SuccessPoint:
    """What came of `n` samples with every error `scale` times its usual size.

    Attributes
    ----------
    docked, keep_out_violations
        How many.
    dv_p99_m_s
        Of all, from insertion to contact or retreat.
    """

    scale: float
    n: int
    docked: int
    keep_out_violations: int
    dv_p99_m_s: float

    @property
    def share(self) -> float:
        """Of those that dock."""
        return self.docked / self.n


def success_curve(
    flight: SampledFlight, n: int, *, scales: Sequence[float] = SCALES, workers: int = 1
) -> tuple[SuccessPoint, ...]:
    """Fly the same `n` samples at every scale.

    Raises
    ------
    UsageError
        If `n`, `workers` or a scale is out of range.
    """
    points = []
    for scale in scales:
        errors = replace(flight.errors, scale=scale)
        scaled = SampledFlight.of(
            flight.plan, flight.track, flight.port, flight.craft, flight.seed,
            n_loaded=flight.n_loaded, errors=errors,
        )  # fmt: skip
        found = fly_samples(scaled, n, workers=workers)
        points.append(
            SuccessPoint(
                scale,
                n,
                int(np.count_nonzero(found.is_docked)),
                int(np.count_nonzero(found.is_keep_out_violated)),
                float(np.percentile(found.dv_m_s, 99)),
            )
        )
    return tuple(points)


def breaking_scale(points: Sequence[SuccessPoint], share: float = BROKEN_SHARE) -> float | None:
    """The scale, between two points, from which fewer than `share` dock; None where it is not reached."""
    for before, after in zip([None, *points], points, strict=False):
        if after.share < share:
            if before is None:
                return after.scale
            part = (before.share - share) / (before.share - after.share)
            return before.scale + part * (after.scale - before.scale)
    return None
