"""A flight as a typed sequence of phases, each handing a state to the next.

A phase says what moves the craft, what steers it and by which exits it can end; flown from an entry state it
gives its exit: the event found as a root, the state there, burns and arcs.  An exit may be an abort: it
either ends the flight or names the phase to be flown next, after which the sequence goes on as planned.
Every hand-over is checked: arcs begin at the entry and end at the exit, mass never grows, all is finite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import CrossflightError
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn
from crossflight.times import Instant

Array = NDArray[np.float64]

# What a hand-over may be off: interpolation and the linear geometry of the last seconds before contact.
_HANDOVER_M: Final = 1.0
_HANDOVER_M_S: Final = 0.05
_N_PHASES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Arc:
    """A piece of path: instants (n,), growing, and GCRF states (n, 6), n at least 2."""

    name: str
    t_utc_us: NDArray[np.int64]
    states_gcrf: Array

    def state_at(self, utc: Instant) -> Array | None:
        """The state (6,) at an instant within the arc, by Hermite's cubic; None outside it."""
        t = self.t_utc_us
        if not t[0] <= utc.us <= t[-1]:
            return None
        k = int(np.clip(np.searchsorted(t, utc.us, "right") - 1, 0, len(t) - 2))
        h = (t[k + 1] - t[k]) / 1e6
        w = (utc.us - t[k]) / 1e6 / h
        (r0, v0), (r1, v1) = (np.split(self.states_gcrf[j], 2) for j in (k, k + 1))
        r = (1 + 2 * w) * (1 - w) ** 2 * r0 + w * (1 - w) ** 2 * h * v0
        r = r + w**2 * (3 - 2 * w) * r1 + w**2 * (w - 1) * h * v1
        found: Array = np.concatenate((r, v0 + w * (v1 - v0)))
        return found


@dataclass(frozen=True, slots=True)
class PhaseExit:
    """How a phase ended.

    Attributes
    ----------
    name
        The exit event, one of the phase's `exits`.
    state
        There.
    then
        The phase that is flown next, before the rest of the sequence: after an abort, or where only the exit
        knows what follows.
    is_last
        Whether the flight ends here, come what was planned.
    """

    name: str
    state: CraftState
    events: tuple[FlightEvent, ...] = ()
    burns: tuple[FlownBurn, ...] = ()
    arcs: tuple[Arc, ...] = ()
    then: FlightPhase | None = None
    is_last: bool = False


class FlightPhase(Protocol):
    """A phase of a flight."""

    @property
    def name(self) -> str:
        """A word of the field: ascent, rendezvous, approach, docked, return."""

    @property
    def dynamics(self) -> str:
        """What moves the craft."""

    @property
    def guidance(self) -> str:
        """What steers it."""

    @property
    def exits(self) -> tuple[str, ...]:
        """The ways it can end, the planned one first."""

    def fly(self, entry: CraftState) -> PhaseExit:
        """Fly it from an entry state to an exit."""


@dataclass(frozen=True, slots=True)
class FlownPhase:
    """A phase with its entry and its exit."""

    phase: FlightPhase
    entry: CraftState
    exit: PhaseExit

    @property
    def is_planned(self) -> bool:
        """Whether it ended as planned, not by an abort."""
        return self.exit.name == self.phase.exits[0]


def fly_phases(phases: Sequence[FlightPhase], entry: CraftState) -> tuple[FlownPhase, ...]:
    """Fly phases one after the other, aborts as their exits say.

    Raises
    ------
    CrossflightError
        If a phase does not take over what the one before it left, or never comes to an end.
    """
    left, flown = list(phases), list[FlownPhase]()
    while left:
        phase = left.pop(0)
        if len(flown) == _N_PHASES_MAX:
            raise CrossflightError(f"after {_N_PHASES_MAX} phases the flight has not ended")
        done = FlownPhase(phase, entry, phase.fly(entry))
        require_handover(done)
        flown.append(done)
        entry = done.exit.state
        if done.exit.is_last:
            break
        if done.exit.then is not None:
            left.insert(0, done.exit.then)
    return tuple(flown)


def require_handover(flown: FlownPhase) -> None:
    """Check what a phase took over and what it leaves.

    Raises
    ------
    CrossflightError
        With the numbers, if it jumps, gains mass, runs backwards, ends in an unknown way or is not finite.
    """
    name, entry, end = flown.phase.name, flown.entry, flown.exit
    if end.name not in flown.phase.exits:
        raise CrossflightError(f"the {name} ends by {end.name!r}, which is none of its exits")
    for state in (entry, end.state):
        if not np.isfinite([*state.r_gcrf_m, *state.v_gcrf_m_s, state.mass_kg]).all():
            raise CrossflightError(f"the {name} has a state at {state.utc} that is not finite")
    if end.state.utc < entry.utc:
        raise CrossflightError(f"the {name} ends at {end.state.utc}, before its begin at {entry.utc}")
    if end.state.mass_kg > entry.mass_kg + 1e-6:
        raise CrossflightError(
            f"the {name} begins with {entry.mass_kg:.3f} kg and ends with {end.state.mass_kg:.3f} kg"
        )
    for arc in end.arcs:
        if len(arc.t_utc_us) < 2 or not (np.diff(arc.t_utc_us) > 0).all():
            raise CrossflightError(f"the arc {arc.name} of the {name} does not run forward in time")
        if not np.isfinite(arc.states_gcrf).all():
            raise CrossflightError(f"the arc {arc.name} of the {name} is not finite")
    if end.arcs:
        first, last = end.arcs[0], end.arcs[-1]
        _require_same(f"entry of the {name}", entry, int(first.t_utc_us[0]), first.states_gcrf[0])
        _require_same(f"exit of the {name}", end.state, int(last.t_utc_us[-1]), last.states_gcrf[-1])


def _require_same(where: str, state: CraftState, t_us: int, arc_state: Array) -> None:
    off_m = float(np.linalg.norm(arc_state[:3] - state.r_gcrf_m))
    off_m_s = float(np.linalg.norm(arc_state[3:] - state.v_gcrf_m_s))
    if t_us != state.utc.us or off_m > _HANDOVER_M or off_m_s > _HANDOVER_M_S:
        raise CrossflightError(
            f"at the {where} the path jumps by {(t_us - state.utc.us) / 1e6:g} s, {off_m:.3f} m and "
            f"{off_m_s:.4f} m/s"
        )
