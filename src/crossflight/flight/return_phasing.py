"""Waiting for the zone: a craft that leaves the station for a lower orbit until its zone is in its plane.

Simplified: two equal burns half a turn apart lower the orbit; what they cost follows from how much the craft
must gain on the station to come down when the zone passes through its plane.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.errors import InputError
from crossflight.flight.deorbit import COAST_STEP_S
from crossflight.flight.return_targeting import Aim, Coast, Homeward

Floats = NDArray[np.float64]

# [assumed] far enough from the station for large burns.
_BURN_AFTER_S: Final = 3600.0
_NEAR_M: Final = 1000.0
_N_SECANT: Final = 10
# Two landings one after the other on one pass of the zone lie this near its plane.
_PASS_M: Final = 2_000_000.0


@dataclass(frozen=True, slots=True)
class PhasingBurn:
    """One of the two burns: seconds, size, the mass before it and the state (6, 1) after it."""

    ignition_s: float
    dv_m_s: float
    mass_kg: float
    after: Floats


@dataclass(frozen=True, slots=True)
class Phasing:
    """The orbit the craft waits in, its burns, and the landing it leads to."""

    coast: Coast
    burns: tuple[PhasingBurn, PhasingBurn]
    aim: Aim


class _Waiting:
    """The coast after two burns of a total size."""

    def __init__(self, home: Homeward, y: Floats, from_s: float, mass_kg: float, to_s: float) -> None:
        self._home, self._y, self._from_s, self._mass_kg, self._to_s = home, y, from_s, mass_kg, to_s

    def _after(self, y: Floats, dv_m_s: float) -> Floats:
        """A state (6, 1) after a retrograde, horizontal change of velocity."""
        r, v = y[:3, 0], y[3:, 0]
        ahead = v - r * (r @ v) / (r @ r)
        out = y.copy()
        out[3:, 0] -= dv_m_s * ahead / np.linalg.norm(ahead)
        return out

    def coast(self, dv_m_s: float) -> tuple[Coast, tuple[PhasingBurn, PhasingBurn]]:
        """Free flight after burns of `dv_m_s` together; negative raises the orbit."""
        home, craft = self._home, self._home.craft
        flow, mass = home.flow, self._mass_kg
        exhaust = craft.main.specific_impulse_s * 9.80665

        def ballistic(mass_kg: float) -> float:
            return craft.drag_area_m2 * craft.drag_coefficient / mass_kg

        y = flow.march(self._y, self._from_s, _BURN_AFTER_S, np.array([ballistic(mass)]), COAST_STEP_S)
        y = self._after(y, dv_m_s / 2)
        first = PhasingBurn(self._from_s + _BURN_AFTER_S, dv_m_s / 2, mass, y)
        mass *= float(np.exp(-abs(dv_m_s) / 2 / exhaust))
        axis = 1 / (2 / np.linalg.norm(y[:3]) - float(y[3:, 0] @ y[3:, 0]) / MU_M3_S2)
        half_s = float(np.pi * np.sqrt(axis**3 / MU_M3_S2))
        y = flow.march(y, first.ignition_s, half_s, np.array([ballistic(mass)]), COAST_STEP_S)
        y = self._after(y, dv_m_s / 2)
        second = PhasingBurn(first.ignition_s + half_s, dv_m_s / 2, mass, y)
        mass *= float(np.exp(-abs(dv_m_s) / 2 / exhaust))
        return home.coast(y, second.ignition_s, self._to_s, mass, ballistic(mass)), (first, second)


def phasing(
    home: Homeward, y: Floats, from_s: float, mass_kg: float, undock_s: float, landing_s: float | None
) -> Phasing:
    """The lower orbit from which the zone is met on its first possible pass, or on the pass of a landing.

    Parameters
    ----------
    y
        State (6, 1) at `from_s`, off the station.
    landing_s
        Near which the craft is to land (within half a revolution); None: as soon as it can.

    Raises
    ------
    InputError
        If no pass can be met with what phasing may cost.
    """
    profile = home.profile
    to_s = undock_s + profile.longest_s
    if landing_s is not None:
        to_s = landing_s + 7200.0
    waiting = _Waiting(home, y, from_s, mass_kg, to_s)
    coast, _ = waiting.coast(0.0)
    first_s = max(undock_s + profile.wait_s - 7200.0, float(coast.t_s[0]))
    found = home.every_revolution(coast, first_s, to_s)
    passes = _passes(home, coast, found, undock_s + profile.wait_s, landing_s)
    affordable = [p for p in passes if p[0] <= profile.phasing_dv_m_s]
    if not affordable:
        what = f"; the cheapest of {len(passes)} takes {min(passes)[0]:.0f} m/s" if passes else ""
        raise InputError(
            f"no pass of {home.zone.name} can be met within {(to_s - undock_s) / 3600:.0f} h of undocking "
            f"for {profile.phasing_dv_m_s:.0f} m/s of phasing{what}",
            hint="Undock earlier, or land on a later day.",
        )
    dv, ignition_s, per_dv_s = affordable[0]
    return _met(home, waiting, dv, ignition_s, per_dv_s)


def _passes(
    home: Homeward, coast: Coast, found: Aim, earliest_s: float, landing_s: float | None
) -> list[tuple[float, float, float]]:
    """What each pass costs: phasing burns, ignition, and by how much it moves per m/s; in order of time."""
    speed = float(np.linalg.norm(coast.states[0, 3:]))
    period = home.period_s(coast)
    touchdown, across = found.touchdown_s, found.across_m
    result = []
    for i in range(len(touchdown) - 1):
        a, b = across[i], across[i + 1]
        is_pass = (
            not (found.is_skipped[i] or found.is_skipped[i + 1])
            and found.is_northbound[i] == found.is_northbound[i + 1]
            and (home.profile.is_southbound or found.is_northbound[i])
            and a * b <= 0
            and max(abs(a), abs(b)) < _PASS_M
            and abs(touchdown[i + 1] - touchdown[i] - period) < period / 2
        )
        if not is_pass:
            continue
        part = a / (a - b) if a != b else 0.0
        met_s = touchdown[i] + part * (touchdown[i + 1] - touchdown[i])
        if met_s < earliest_s or (landing_s is not None and abs(met_s - landing_s) > period / 2):
            continue
        gain_s = touchdown[i + 1] - met_s
        ignition = float(found.descent.ignition_s[i + 1])
        # A lower orbit turns faster: three parts of a second per second and part of the speed.
        per_dv_s = 3 * (ignition - coast.t_s[0]) / speed
        result.append((float(gain_s / per_dv_s), ignition - gain_s, float(per_dv_s)))
    return result


def _met(home: Homeward, waiting: _Waiting, dv: float, ignition_s: float, per_dv_s: float) -> Phasing:
    """The secant on the size of the burns until the zone is abreast and in the plane."""
    coast, burns = waiting.coast(dv)
    aim = home.polished(coast, ignition_s)
    other, step = dv, 0.5
    across, before = float(aim.across_m[0]), 0.0
    for i in range(_N_SECANT):
        if abs(across) < _NEAR_M:
            return Phasing(coast, burns, aim)
        step = 0.5 if i == 0 else -across * (dv - other) / (across - before)
        other, before = dv, across
        dv += float(np.clip(step, -10.0, 10.0))
        coast, burns = waiting.coast(dv)
        aim = home.polished(coast, float(aim.descent.ignition_s[0]) - (dv - other) * per_dv_s)
        across = float(aim.across_m[0])
    raise InputError(
        f"phasing burns of {dv:.1f} m/s still leave {home.zone.name} {across / 1000:.1f} km beside the track",
        hint="Choose another landing opportunity.",
    )
