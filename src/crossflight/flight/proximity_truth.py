"""How the craft really moves: the linear model for thousands of samples, the full force model for a few.

`LinearTruth` is Yamanaka and Ankersen's motion about the station's osculating orbit in curvilinear
coordinates, with differential drag and, as an error, what that leaves out.  `FullTruth` propagates station
and craft each in the full force model: 1.2 ms a step of two seconds, 1.4 ms for 64 samples.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.dynamics.propagation import propagate
from crossflight.flight.keep_out import norm
from crossflight.flight.local_frame import (
    Target,
    curvilinear_from_lvlh,
    gcrf_from_lvlh,
    lvlh_from_curvilinear,
    lvlh_from_gcrf,
)
from crossflight.flight.proximity_errors import Misfortune
from crossflight.flight.relative_motion import cw_drag_response, cw_transition, propagated, ya_transition
from crossflight.times import Instant

Array = NDArray[np.float64]

_CIRCULAR: Final = 1e-6


class Truth(Protocol):
    """Moves all samples by one cycle; curvilinear states (6, n)."""

    def step(self, states: Array, cycle: int) -> Array:
        """The states one cycle later."""


class LinearTruth:
    """Relative motion about an elliptic orbit, drag, and the gravity that is left out."""

    def __init__(
        self, target: Target, ballistic_m2_kg: float, misfortune: Misfortune, cycle_s: float
    ) -> None:
        self._target, self._cycle_s = target, cycle_s
        self._cw = cw_transition(target.rate_rad_s, cycle_s)
        strength = target.drag_difference_m_s2(ballistic_m2_kg)
        self._drag = cw_drag_response(target.rate_rad_s, cycle_s)[:, None] * (strength * misfortune.density)
        self._gravity_per_s2 = misfortune.gravity_per_s2
        e, f = target.eccentricity, target.true_anomaly_rad
        self._mean_anomaly0 = float(f - 2.0 * e * np.sin(f) + 0.75 * e**2 * np.sin(2.0 * f))

    def step(self, states: Array, cycle: int) -> Array:
        """The states one cycle later."""
        pull = self._gravity_per_s2 * norm(states[:3])
        after: Array = propagated(self._transition(cycle), states) + self._drag
        after[:3] += 0.5 * self._cycle_s**2 * pull
        after[3:] += self._cycle_s * pull
        return after

    def _transition(self, cycle: int) -> Array:
        target, e = self._target, self._target.eccentricity
        if e < _CIRCULAR:
            return self._cw
        # Second order in eccentricity: a thousandth of it is a microradian.
        mean = self._mean_anomaly0 + target.rate_rad_s * cycle * self._cycle_s
        anomaly = mean + 2.0 * e * np.sin(mean) + 1.25 * e**2 * np.sin(2.0 * mean)
        return ya_transition(target.axis_m, e, float(anomaly), self._cycle_s, MU_M3_S2)


@dataclass(frozen=True, slots=True)
class FullModel:
    """The station's state (6,), GCRF, when the approach begins, and the forces on it and its visitors."""

    begin_utc: Instant
    station_gcrf: Array
    model: ForceModel = field(default_factory=ForceModel)


class FullTruth:
    """Station and craft each in the full force model; air and gravity are what they are."""

    def __init__(
        self, full: FullModel, target: Target, ballistic_m2_kg: float, cycle_s: float, n_cycles: int
    ) -> None:
        self._model, self._ballistic_m2_kg = full.model, ballistic_m2_kg
        self._radius_m = target.radius_m
        self._t_us = full.begin_utc.us + np.arange(n_cycles + 1) * round(cycle_s * 1e6)
        self._station = propagate(
            full.model,
            full.begin_utc.us,
            full.station_gcrf,
            self._t_us,
            ballistic_m2_kg=target.ballistic_m2_kg,
        )[0]

    def step(self, states: Array, cycle: int) -> Array:
        """The states one cycle later."""
        relative = lvlh_from_curvilinear(self._radius_m, states.T)
        craft = gcrf_from_lvlh(self._station[cycle], relative)
        later = propagate(
            self._model,
            int(self._t_us[cycle]),
            craft,
            int(self._t_us[cycle + 1]),
            ballistic_m2_kg=self._ballistic_m2_kg,
        )[:, 0]
        relative = lvlh_from_gcrf(self._station[cycle + 1], later)
        return np.ascontiguousarray(curvilinear_from_lvlh(self._radius_m, relative).T)
