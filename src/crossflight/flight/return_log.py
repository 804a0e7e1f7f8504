"""What is kept of a way home while it is flown: events, burns and the path, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.deorbit import Descending
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReturnArc:
    """A piece of the way home, in the order of time: velocity jumps only from one piece to the next."""

    name: str
    states: tuple[CraftState, ...]


class ReturnLog:
    """Events, burns and states by seconds of one flow.

    Parameters
    ----------
    flow
        Whose seconds they are.
    """

    def __init__(self, flow: Descending) -> None:
        self._flow = flow
        self._events: list[tuple[float, str, str]] = []
        self._burns: list[FlownBurn] = []
        self._arcs: list[tuple[str, list[tuple[float, Floats, float]]]] = []

    @property
    def events(self) -> tuple[FlightEvent, ...]:
        """In the order of time."""
        found = sorted(self._events, key=lambda e: e[0])
        return tuple(FlightEvent(name, self._flow.instant(t), note) for t, name, note in found)

    @property
    def burns(self) -> tuple[FlownBurn, ...]:
        """As they were flown."""
        return tuple(self._burns)

    @property
    def arcs(self) -> tuple[ReturnArc, ...]:
        """As they were flown; states in the GCRF."""
        return tuple(
            ReturnArc(name, tuple(CraftState(self._flow.instant(t), y[:3], y[3:], m) for t, y, m in states))
            for name, states in self._arcs
        )

    def happens(self, at_s: float, name: str, note: str = "") -> None:
        """An event."""
        self._events.append((at_s, name, note))

    def burnt(
        self, name: str, at_s: float, dv_m_s: float, duration_s: float, propellant_kg: float,
        rtn_m_s: tuple[float, float, float],
    ) -> None:  # fmt: skip
        """A burn from an ignition on."""
        at = self._flow.instant(at_s)
        self._burns.append(FlownBurn(name, at, dv_m_s, duration_s, propellant_kg, rtn_m_s))

    def begin(self, name: str, at_s: float, y: Floats, mass_kg: float) -> None:
        """A new arc, from a state (6,) on."""
        self._arcs.append((name, []))
        self.keep(at_s, y, mass_kg)

    def keep(self, at_s: float, y: Floats, mass_kg: float) -> None:
        """A state (6,) of the arc under way."""
        self._arcs[-1][1].append((at_s, np.array(y), mass_kg))
