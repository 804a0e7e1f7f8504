"""Where a launcher leaves a craft, for flights whose ascent is not flown.

The craft is inserted at the perigee of its orbit, so far downrange of the pad, in a plane whose node lies
east of the target's by what it will drift west while it catches up (`ascent`: the same slope that moves
lift-offs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossflight.dynamics import nodes
from crossflight.dynamics.frames import transform
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import UsageError
from crossflight.flight.plane import Place, stand
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

_RADIUS_M: Final = 6_378_137.0
_J2: Final = -nodes.EVEN_ZONALS[2] * 5**0.5
_LOWEST_M: Final = 120_000.0


@dataclass(frozen=True, slots=True)
class Insertion:
    """An insertion orbit and how it is reached.

    Attributes
    ----------
    perigee_m, apogee_m
        Heights over the equator's radius; the craft is inserted at the perigee.
    ascent_s
        From lift-off.
    downrange_rad
        From the pad to the place of insertion, along the orbit, the Earth's turn included.
    phase_from_rad
        Where counting of phases begins (`ascent.Ascent.phase_from_deg`): decides the turns to catch up.
    inclination_offset_rad
        Against the target's mean inclination.
    """

    perigee_m: float
    apogee_m: float
    ascent_s: float
    downrange_rad: float
    phase_from_rad: float
    inclination_offset_rad: float = 0.0


# flight.md: 190-200 x 230-252 km, separation at 528 s.  Downrange as Falcon 9's [assumed].
SOYUZ_INSERTION: Final = Insertion(195_000.0, 241_000.0, 528.0, 0.24, np.radians(-6.0))
# flight.md: 191 x 215 km.  DM-1's telemetry: 1359 km over the turning ground at 538 s; the Earth's turn
# adds 1.6 degrees along the orbit.
DRAGON_INSERTION: Final = Insertion(191_000.0, 215_000.0, 530.0, 0.24, np.radians(-10.0))


def insertion_state(
    orbit: MeanOrbit, pad: Place, liftoff_utc: Instant, insertion: Insertion, mass_kg: float
) -> CraftState:
    """The state at insertion of a launch at `liftoff_utc`.

    Parameters
    ----------
    orbit
        The target's mean orbit.

    Raises
    ------
    UsageError
        If the insertion orbit is none.
    """
    if not _LOWEST_M <= insertion.perigee_m <= insertion.apogee_m:
        raise UsageError(
            f"{insertion.perigee_m / 1000:.0f} x {insertion.apogee_m / 1000:.0f} km is no insertion orbit",
            hint=f"the perigee is at least {_LOWEST_M / 1000:.0f} km and not above the apogee",
        )
    at = liftoff_utc.plus_s(insertion.ascent_s)
    of_pad = stand(orbit, pad, liftoff_utc.us)
    u = float(of_pad.latitude_argument[0]) + insertion.downrange_rad
    phase = phase_at_insertion_rad(orbit, pad, liftoff_utc, insertion)
    axis = _RADIUS_M + (insertion.perigee_m + insertion.apogee_m) / 2
    half_way = (axis + orbit.axis_m) / 2
    inclination = orbit.inclination_rad + insertion.inclination_offset_rad
    node = float(orbit.node_at(at.us)) + phase * nodes.node_drift_per_phase(
        half_way, orbit.axis_m, orbit.inclination_rad
    )
    # The mean plane is wanted: the osculating one wobbles about it (Brouwer, first order, circular).
    wobble = _J2 * (nodes.REFERENCE_RADIUS_M / axis) ** 2
    node += 0.75 * wobble * np.cos(inclination) * np.sin(2 * u)
    inclination += 0.375 * wobble * np.sin(2 * inclination) * np.cos(2 * u)
    cos_i, sin_i = np.cos(inclination), np.sin(inclination)
    to_node = np.array([np.cos(node), np.sin(node), 0.0])
    past_node = np.array([-np.sin(node) * cos_i, np.cos(node) * cos_i, sin_i])
    up = np.cos(u) * to_node + np.sin(u) * past_node
    ahead = -np.sin(u) * to_node + np.cos(u) * past_node
    radius = _RADIUS_M + insertion.perigee_m
    speed = np.sqrt(nodes.MU_M3_S2 * (2 / radius - 1 / axis))
    r, v = transform("TEME", "GCRF", at.us, (radius * up)[None], (speed * ahead)[None])
    return CraftState(at, r[0], v[0], mass_kg)


def phase_at_insertion_rad(orbit: MeanOrbit, pad: Place, liftoff_utc: Instant, insertion: Insertion) -> float:
    """By how much the target leads the craft along the orbit at insertion, turns to catch up counted."""
    lead = float(stand(orbit, pad, liftoff_utc.us).lead[0])
    lowest = insertion.phase_from_rad
    at_liftoff = (lead - lowest) % (2 * np.pi) + lowest
    return at_liftoff + orbit.latitude_argument_rate_rad_s * insertion.ascent_s - insertion.downrange_rad
