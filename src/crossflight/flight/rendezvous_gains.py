"""Gains: how the burns still to come answer a deviation, without planning anew.

For thousands of samples of one plan a linear model is enough, made once from the plan's transition matrices:
how the aims answer the state before a burn and every burn from there on.  Of all burns that meet the aims
those of least total size are wanted, as by the cone programme of `transfer`; they are found by least squares
weighted anew a few times with the sizes found before (Weiszfeld 1937), thousands at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.transfer import (
    Path,
    Problem,
    Transfer,
    aim_misses,
    linear_aims,
    transition_matrices,
)

Array = NDArray[np.float64]

# A burn smaller than this is weighted as if it were so large.
_SMALL_M_S: Final = 0.2
_METRES_A_M_S: Final = 1000.0  # a metre of miss counts as a millimetre a second
_N_ROUNDS: Final = 8
# What the last burns cannot reach is left: of the largest answer of an aim to the burns, squared.
_OUT_OF_REACH: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Gain:
    """How burns from one on answer the state before it.

    Attributes
    ----------
    planned_m_s, prices
        Burns (k, 3), GCRF, and how dearly each one's size counts (k,).
    by_burns, by_state
        Derivatives (m, 3 k) and (m, 6) of the aims, each in a scale of its own.
    """

    planned_m_s: Array
    prices: Array
    by_burns: Array
    by_state: Array

    def burns(self, deviations: Array) -> Array:
        """Burns (n, k, 3), GCRF, for deviations (n, 6) of the state before the first: m and m/s."""
        n, k = len(deviations), len(self.planned_m_s)
        wanted = self.by_burns @ self.planned_m_s.ravel() - deviations @ self.by_state.T
        found = np.broadcast_to(self.planned_m_s, (n, k, 3))
        for _ in range(_N_ROUNDS):
            weight = np.repeat((np.linalg.norm(found, axis=2) + _SMALL_M_S) / self.prices, 3, axis=1)
            weighted = self.by_burns * weight[:, None]
            normal = weighted @ self.by_burns.T
            largest = np.trace(normal, axis1=1, axis2=2)
            normal += (_OUT_OF_REACH * largest)[:, None, None] * np.eye(len(self.by_burns))
            found = (np.linalg.solve(normal, wanted[:, :, None]).transpose(0, 2, 1) @ weighted).reshape(
                n, k, 3
            )
        return found


def gains(problem: Problem, transfer: Transfer) -> tuple[Gain, ...]:
    """The gain of each slot."""
    path = Path(transfer.dv_gcrf_m_s, transfer.before_gcrf, transfer.after_gcrf, transfer.end_gcrf)
    matrices = transition_matrices(problem, path)
    misses = aim_misses(problem, path)
    rows, _ = linear_aims(problem, matrices, misses)
    n = len(problem.slots)
    prices = np.array([slot.price for slot in problem.slots])
    scale = np.concatenate([_scale(len(m)) for m, _ in misses])[:, None]
    measured_after = [n, *[w.slot for w in problem.ways]]
    found = []
    for k in range(n):
        # How the misses answer the state before burn k; those already measured do not.
        answers = []
        for (_, slope), j in zip(misses, measured_after, strict=True):
            carried = np.zeros((6, 6)) if j < k else np.eye(6)
            for m in matrices[k:j]:
                carried = m @ carried
            answers.append(slope @ carried)
        by_state = np.vstack(answers) * scale
        found.append(Gain(transfer.dv_gcrf_m_s[k:], prices[k:], rows[:, 3 * k :] * scale, by_state))
    return tuple(found)


def _scale(n: int) -> Array:
    return np.where(np.arange(n) < n // 2, 1.0 / _METRES_A_M_S, 1.0)
