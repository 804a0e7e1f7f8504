"""Samples whose remaining burns are planned anew before each burn, beside the same samples flown by gains.

Thousands of samples are flown with gains made once for the plan.  This shows on a few what that costs:
same errors, same force model, and the cone programme of the rendezvous solved before every burn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.rendezvous_flight import retargeted
from crossflight.flight.samples import CHUNK, SampledFlight
from crossflight.flight.samples_far import Guidance
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Retargeted:
    """The first k samples to arrival, by gains and by planning anew: delta-v and miss (k,) of each."""

    dv_by_gains_m_s: Array
    dv_anew_m_s: Array
    miss_by_gains_m: Array
    miss_anew_m: Array

    @property
    def dv_excess_m_s(self) -> Array:
        """What gains cost more (k,)."""
        return self.dv_by_gains_m_s - self.dv_anew_m_s

    @property
    def miss_excess_m(self) -> Array:
        """By how much gains arrive farther off (k,)."""
        return self.miss_by_gains_m - self.miss_anew_m


def retargeted_samples(flight: SampledFlight, k: int) -> Retargeted:
    """Fly the first `k` samples both ways."""
    gained = flight.far(np.arange(CHUNK)).only(np.arange(k))
    anew = flight.far(np.arange(k), _planned_anew(flight, k))
    return Retargeted(gained.dv_m_s, anew.dv_m_s, gained.miss_m, anew.miss_m)


def _planned_anew(flight: SampledFlight, n: int) -> Guidance:
    """Guidance that solves for the burns still to come, each sample from its last answer."""
    problem, planned = flight.plan.problem, flight.plan.transfer.dv_gcrf_m_s
    left, by_gains = np.tile(planned, (n, 1, 1)), flight.by_gains()

    def guidance(k: int, seen: Array) -> Array:
        if k < flight.n_loaded:
            return by_gains(k, seen)
        at = Instant(problem.slots[k].at_us)
        for i, y in enumerate(seen):
            state = CraftState(at, y[:3], y[3:], flight.plan.start.mass_kg)
            left[i, k:] = retargeted(problem, k, state, left[i, k:])
        return left[:, k].copy()

    return guidance
