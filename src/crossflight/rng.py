"""Random numbers: one stream per (seed, sample, purpose), whoever draws them and in whatever order.

The key of a stream is a hash of the three, its generator is counter-based (Philox, Salmon and others 2011).
A sample therefore sees the same numbers whatever the number of workers, the chunk it is flown in, and what
other samples and purposes have drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import numpy as np
from numpy.typing import NDArray

_N_BLOCK: Final = 256


def stream(seed: int, sample: int, purpose: str) -> np.random.Generator:
    """The stream of one sample for one purpose."""
    digest = sha256(f"{seed}\0{sample}\0{purpose}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def normals(
    seed: int, samples: Sequence[int] | NDArray[np.int64], purpose: str, n_each: int
) -> NDArray[np.float64]:
    """Standard normal numbers of shape (n_each, n): the first of each sample's stream."""
    out = np.empty((len(samples), n_each))
    for row, sample in zip(out, samples, strict=True):
        stream(seed, int(sample), purpose).standard_normal(out=row)
    return np.ascontiguousarray(out.T)


class NormalSeries:
    """Standard normal numbers in time: each call gives the next row of every sample.

    Parameters
    ----------
    n_each
        Numbers that a sample takes in a step.
    """

    def __init__(
        self, seed: int, samples: Sequence[int] | NDArray[np.int64], purpose: str, n_each: int
    ) -> None:
        self._streams = [stream(seed, int(sample), purpose) for sample in samples]
        self._n_each = n_each
        self._drawn = np.empty((len(self._streams), _N_BLOCK * n_each))
        self._block = np.empty((_N_BLOCK, n_each, len(self._streams)))
        self._next = _N_BLOCK

    def step(self) -> NDArray[np.float64]:
        """The next numbers, shape (n_each, n); to be used before the next call."""
        if self._next == _N_BLOCK:
            for row, one in zip(self._drawn, self._streams, strict=True):
                one.standard_normal(out=row)
            shaped = self._drawn.reshape(len(self._streams), _N_BLOCK, self._n_each)
            self._block[:] = shaped.transpose(1, 2, 0)
            self._next = 0
        self._next += 1
        numbers: NDArray[np.float64] = self._block[self._next - 1]
        return numbers
