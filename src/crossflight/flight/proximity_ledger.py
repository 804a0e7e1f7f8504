"""What each sample of an approach has paid, and when it began each stage, in its first try and its second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.approach import Approach, Close
from crossflight.flight.craft import Craft
from crossflight.flight.proximity_result import RETREAT, SECOND, StageBurn

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

N_TRIES: Final = 2
_G0: Final = 9.80665


@dataclass(slots=True)
class _Impulse:
    """Hop impulses of some samples: (3, k) of those at `index` (k,)."""

    name: str
    t_s: float
    index: Indices
    dv: Array


class Ledger:
    """Rows are the stages of the first try and its retreat, then those of the second.

    Attributes
    ----------
    n_try
        Shape (n,): which try each sample flies, from 0.
    began_t_s
        Shape (2 (k + 1), n): when each row began; NaN where it never did.
    """

    def __init__(self, approach: Approach, craft: Craft, mass_kg: float, n: int) -> None:
        self._approach, self._craft, self._mass_kg = approach, craft, mass_kg
        self._n_a_try = len(approach.stages) + 1
        n_rows = N_TRIES * self._n_a_try
        self.n_try = np.zeros(n, np.int64)
        self.began_t_s = np.full((n_rows, n), np.nan)
        self.began_t_s[0] = 0.0
        self._dv = np.zeros((n_rows, n))
        self._dv_vector = np.zeros((n_rows, 3, n))
        self._n_pulses = np.zeros((n_rows, n), np.int64)
        self._impulses: list[_Impulse] = []

    def begin(self, stage: Indices | int, index: Indices, t_s: float) -> None:
        """Samples begin a stage; the one after the last is the retreat."""
        self.began_t_s[self._rows(stage, index), index] = t_s

    def pulse(self, stage: int, index: Indices, flown: Array) -> None:
        """Changes of velocity (3, k): each axis has its own thrusters, so that the sum over axes is paid."""
        rows = self._rows(stage, index)
        paid = np.abs(flown[0]) + np.abs(flown[1]) + np.abs(flown[2])
        self._dv[rows, index] += paid
        self._dv_vector[rows, :, index] += flown.T
        self._n_pulses[rows, index] += paid > 0.0

    def impulse(self, stage: int, name: str, t_s: float, index: Indices, flown: Array) -> None:
        """Impulses (3, k) of a hop: each stands alone."""
        self._dv[self._rows(stage, index), index] += np.sqrt(flown[0] ** 2 + flown[1] ** 2 + flown[2] ** 2)
        self._impulses.append(_Impulse(name, t_s, index, flown))

    def dv_m_s(self, from_stage: int = 0) -> Array:
        """What each has paid (n,) from a stage of its first try on."""
        total: Array = self._dv[from_stage].copy()
        for row in self._dv[from_stage + 1 :]:
            total += row
        return total

    def burnt_kg(self, dv_m_s: Array, mass_kg: Array | float | None = None) -> Array:
        """Propellant for changes of velocity, from a mass; from that at arrival where it is not given."""
        mass = self._mass_kg if mass_kg is None else mass_kg
        burnt: Array = -mass * np.expm1(-dv_m_s / (_G0 * self._craft.thrusters.specific_impulse_s))
        return burnt

    def of_try(self, number: int) -> Array:
        """When the stages and the retreat of a try began (k + 1, n)."""
        begins: Array = self.began_t_s[number * self._n_a_try : (number + 1) * self._n_a_try]
        return begins

    def burns(self, i: int) -> tuple[StageBurn, ...]:
        """Those of one sample, in the order of time."""
        thrusters, main = self._craft.thrusters.thrust_n, self._craft.main.thrust_n
        found: list[tuple[str, float, float, Array, int, float]] = []
        for impulse in self._impulses:
            for column in np.flatnonzero(impulse.index == i):
                dv = impulse.dv[:, column]
                found.append((impulse.name, impulse.t_s, float(np.sqrt(dv @ dv)), dv, 1, thrusters))
        stages = self._approach.stages
        names = [*(stage.name for stage in stages), RETREAT]
        for row in np.flatnonzero(self._n_pulses[:, i]):
            number, k = divmod(int(row), self._n_a_try)
            is_main = k < len(stages) and isinstance(stages[k], Close)
            found.append(
                (
                    names[k] if number == 0 else SECOND + names[k],
                    float(self.began_t_s[row, i]), float(self._dv[row, i]), self._dv_vector[row, :, i],
                    int(self._n_pulses[row, i]), main if is_main else thrusters,
                )
            )  # fmt: skip
        burns, mass = [], self._mass_kg
        for name, t_s, size, dv, n_pulses, thrust_n in sorted(found, key=lambda b: b[1]):
            burnt = float(self.burnt_kg(np.array(size), mass))
            vector = (float(dv[0]), float(dv[1]), float(dv[2]))
            burns.append(StageBurn(name, t_s, size, vector, size * mass / thrust_n, n_pulses, burnt))
            mass -= burnt
        return tuple(burns)

    def _rows(self, stage: Indices | int, index: Indices) -> Indices:
        rows: Indices = stage + self.n_try[index] * self._n_a_try
        return rows
