"""Gains: how the burns still to come answer a deviation, without solving anew.

For thousands of samples of one plan a linear answer is enough: from the plan's transition matrices, the
change of all remaining burns that meets the aims and is least, each burn by its own size.
"""

from __future__ import annotations

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

# A burn smaller than this answers as if it were so large.
_SMALL_M_S: Final = 1.0
_METRES_A_M_S: Final = 1000.0  # a metre of miss counts as a millimetre a second


def gains(problem: Problem, transfer: Transfer) -> tuple[Array, ...]:
    """For each slot k the matrix (3 (n - k), 6) that turns a deviation into changes of the burns from k on.

    The deviation is that of the state before burn k from the plan, GCRF, m and m/s; the burns are in the
    GCRF, m/s, one after another.
    """
    path = Path(transfer.dv_gcrf_m_s, transfer.before_gcrf, transfer.after_gcrf, transfer.end_gcrf)
    matrices = transition_matrices(problem, path)
    misses = aim_misses(problem, path)
    rows, _ = linear_aims(problem, matrices, misses)
    n = len(problem.slots)
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
        by_state = np.vstack(answers)
        scale = np.concatenate([_scale(len(m)) for m, _ in misses])
        weight = np.repeat(np.linalg.norm(transfer.dv_gcrf_m_s[k:], axis=1) + _SMALL_M_S, 3)
        by_burns = rows[:, 3 * k :] * weight * scale[:, None]
        answer: Array = -weight[:, None] * np.linalg.lstsq(by_burns, by_state * scale[:, None], rcond=1e-6)[0]
        found.append(answer)
    return tuple(found)


def _scale(n: int) -> Array:
    return np.where(np.arange(n) < n // 2, 1.0 / _METRES_A_M_S, 1.0)
