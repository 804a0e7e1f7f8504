"""Burns as engines make them: minutes of constant thrust in a direction that turns with the orbit.

A burn is flown as short impulses at the middles of equal stretches, each as large as the thrust makes it
by the rocket equation, the turning of its direction allowed for.  At 20 s a stretch half a metre and two
millimetres a second are left after seven minutes (a test integrates the thrust).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.forces import ForceModel
from crossflight.errors import UsageError
from crossflight.flight.craft import Craft, Engine
from crossflight.flight.target_track import flown

Array = NDArray[np.float64]

GRAVITY_M_S2: Final = 9.80665
_STRETCH_S: Final = 20.0
# Smaller burns are the thrusters' [assumed].
_MAIN_FROM_M_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Thrust:
    """A burn of constant thrust.

    Attributes
    ----------
    duration_s, propellant_kg
        By the rocket equation.
    offsets_s, sizes_m_s
        Shape (m,): impulses after ignition that stand for the thrust.
    """

    duration_s: float
    propellant_kg: float
    offsets_s: Array
    sizes_m_s: Array


def engine_for(craft: Craft, dv_m_s: float) -> Engine:
    """The engine that makes a burn of this size."""
    return craft.main if dv_m_s >= _MAIN_FROM_M_S else craft.thrusters


def rtn_axes_of(states_gcrf: Array) -> tuple[Array, Array, Array]:
    """Radial, along-track and cross-track (n, 3) each, GCRF, of states (n, 6)."""
    r, v = states_gcrf[:, :3], states_gcrf[:, 3:]
    radial = r / np.linalg.norm(r, axis=1, keepdims=True)
    cross = np.cross(r, v)
    cross /= np.linalg.norm(cross, axis=1, keepdims=True)
    return radial, np.cross(cross, radial), cross


def thrust(engine: Engine, dv_m_s: float, mass_kg: float) -> Thrust:
    """How an engine makes a change of velocity.

    Raises
    ------
    UsageError
        If mass or size are not positive and finite.
    """
    if not (np.isfinite(dv_m_s) and dv_m_s >= 0.0 and np.isfinite(mass_kg) and mass_kg > 0.0):
        raise UsageError(f"a burn of {dv_m_s} m/s by a craft of {mass_kg} kg is none")
    exhaust_m_s = engine.specific_impulse_s * GRAVITY_M_S2
    used_kg = mass_kg * -float(np.expm1(-dv_m_s / exhaust_m_s))
    duration_s = used_kg * exhaust_m_s / engine.thrust_n
    n = max(1, int(np.ceil(duration_s / _STRETCH_S)))
    masses = mass_kg - used_kg * np.arange(n + 1) / n
    return Thrust(
        duration_s,
        used_kg,
        duration_s * (np.arange(n) + 0.5) / n,
        exhaust_m_s * np.log(masses[:-1] / masses[1:]),
    )


def flown_burn(
    model: ForceModel,
    ballistic_m2_kg: float,
    ignition_us: int,
    states_gcrf: Array,
    direction_rtn: Array,
    burn: Thrust,
) -> tuple[int, Array]:
    """The end of a burn and the states (n, 6) there, from states at ignition.

    Parameters
    ----------
    direction_rtn
        Shape (3,) or (n, 3): of the thrust, radial, along-track, cross-track; it turns with the orbit, so
        that a long burn loses next to nothing.  A length other than one scales the thrust.
    """
    y = np.atleast_2d(states_gcrf)
    *_, (at_us, y) = _pushed(model, ballistic_m2_kg, ignition_us, y, direction_rtn, burn)
    end_us = ignition_us + round(burn.duration_s * 1e6)
    return end_us, flown(model, ballistic_m2_kg, at_us, y, end_us)


def burn_path(
    model: ForceModel,
    ballistic_m2_kg: float,
    ignition_us: int,
    state_gcrf: Array,
    direction_rtn: Array,
    burn: Thrust,
) -> tuple[NDArray[np.int64], Array]:
    """Instants (m,) and states (m, 6) of one burn, from ignition to its end, at most 20 s apart."""
    t_us, states = [ignition_us], [np.asarray(state_gcrf, np.float64)]
    n = len(burn.sizes_m_s)
    found = _pushed(model, ballistic_m2_kg, ignition_us, states[0][None], direction_rtn, burn)
    for k, (at_us, y) in enumerate(found, 1):
        t_us.append(ignition_us + round(burn.duration_s * k / n * 1e6))
        states.append(flown(model, ballistic_m2_kg, at_us, y, t_us[-1])[0])
    return np.array(t_us), np.array(states)


def _pushed(
    model: ForceModel,
    ballistic_m2_kg: float,
    ignition_us: int,
    y: Array,
    direction_rtn: Array,
    burn: Thrust,
) -> Iterator[tuple[int, Array]]:
    """Instants in the middle of each stretch of a burn, and the states (n, 6) after its impulse there."""
    at_us = ignition_us
    stretch_s = burn.duration_s / len(burn.sizes_m_s)
    for offset_s, size in zip(burn.offsets_s, burn.sizes_m_s, strict=True):
        to_us = ignition_us + round(float(offset_s) * 1e6)
        y = flown(model, ballistic_m2_kg, at_us, y, to_us)
        radial, along, cross = rtn_axes_of(y)
        x = np.broadcast_to(direction_rtn, (len(y), 3))
        # The direction turns within the stretch: a little is lost, and what is pushed early one way and late
        # the other moves the craft aside.  Both are of second order; an impulse in the middle has neither.
        turned = (
            stretch_s
            * (np.linalg.norm(np.cross(y[:, :3], y[:, 3:]), axis=1) / np.sum(y[:, :3] ** 2, axis=1))[:, None]
        )
        in_plane = (1.0 - turned**2 / 24.0) * (x[:, :1] * radial + x[:, 1:2] * along)
        y[:, 3:] += size * (in_plane + x[:, 2:] * cross)
        y[:, :3] += size * stretch_s * turned / 12.0 * (x[:, 1:2] * radial - x[:, :1] * along)
        at_us = to_us
        yield at_us, y
