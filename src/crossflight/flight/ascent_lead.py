"""The lead that leaves most propellant: when to lift off before the pad is in the target's plane.

Flown leads are facts of the record (`ascent.ASCENTS`, measured by ``crossflight validate``); what is computed
here rests on the launcher's data alone and is put beside them.  Nothing is fitted to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize_scalar

from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import UsageError
from crossflight.flight.ascent import ASCENTS
from crossflight.flight.ascent_flight import (
    Solution,
    best_azimuth_rad,
    best_kick_rad,
    direct_azimuth_rad,
    mean_plane_gcrf,
    task,
)
from crossflight.flight.craft import Craft
from crossflight.flight.launchers import Insertion, Launcher
from crossflight.flight.plane import Place, passes, refuse_out_of_reach
from crossflight.times import DAY_S, Instant

_LONGEST_S: Final = 900.0
_TOLERANCE_S: Final = 0.5
_CURVE_STEP_S: Final = 60.0
_CURVE_REACH: Final = 3
_HALF_DAY_US: Final = DAY_S * 500_000


@dataclass(frozen=True, slots=True)
class Lead:
    """The lead of most propellant.

    Attributes
    ----------
    inplane_utc
        When the pad is in the target's mean plane, northbound.
    lead_s, margin_kg
        Lift-off before that, and the propellant it leaves.
    flown_lead_s
        The flown lead at phase zero; NaN where none is known.
    curve
        Pairs of lead and margin about the best.
    """

    launcher: str
    inplane_utc: Instant
    lead_s: float
    margin_kg: float
    flown_lead_s: float
    curve: tuple[tuple[float, float], ...]

    @property
    def discrepancy_s(self) -> float:
        """Computed less flown."""
        return self.lead_s - self.flown_lead_s


def inplane_utc(orbit: MeanOrbit, pad: Place, near_utc: Instant) -> Instant:
    """The instant nearest to another at which a pad is in the mean plane, northbound.

    Raises
    ------
    UsageError
        If the plane never passes over the pad.
    """
    refuse_out_of_reach(orbit, pad)
    from_utc, to_utc = Instant(near_utc.us - _HALF_DAY_US), Instant(near_utc.us + _HALF_DAY_US)
    found = passes(orbit, pad, from_utc, to_utc, is_northbound=True)
    if found.size == 0:
        raise UsageError(f"{pad.name} is not in the plane within half a day of {near_utc.iso()}")
    return Instant(int(found[np.argmin(np.abs(found - near_utc.us))]))


def flown_lead_s(launcher: str) -> float:
    """The flown lead of a launcher at phase zero (Soyuz-FG: the 2.1a's); NaN if none is known."""
    name = "soyuz-2.1a" if launcher == "soyuz-fg" else launcher
    for ascent in ASCENTS:
        if ascent.name == name and ascent.n_flown:
            return ascent.lead_s
    return float("nan")


def least_propellant_lead(
    launcher: Launcher,
    pad: Place,
    orbit: MeanOrbit,
    near_utc: Instant,
    craft: Craft,
    *,
    node_offset_rad: float = 0.0,
    insertion: Insertion | None = None,
) -> Lead:
    """The lift-off, against the in-plane instant nearest to one, that leaves most propellant.

    At every lead the first stage's azimuth is solved anew; the kick, which hardly depends on the lead, is
    solved at the beginning and the end.

    Raises
    ------
    UsageError
        If the plane never passes over the pad, or no lead up to 900 s reaches the orbit.
    """
    plane_utc = inplane_utc(orbit, pad, near_utc)
    normal = mean_plane_gcrf(orbit, plane_utc, node_offset_rad)

    def solved(lead_s: float, kick_rad: float | None) -> Solution:
        asked = task(launcher, pad, plane_utc.plus_s(-lead_s), normal, craft.mass_kg, insertion)
        azimuth = direct_azimuth_rad(asked)
        kick = best_kick_rad(asked, azimuth) if kick_rad is None else kick_rad
        azimuth = best_azimuth_rad(asked, kick, azimuth)
        return Solution(kick, azimuth, asked.path(kick, azimuth))

    kick = solved(0.25 * _LONGEST_S, None).kick_rad
    found = minimize_scalar(
        lambda lead: -solved(float(lead), kick).path.margin_kg,
        bounds=(0.0, _LONGEST_S),
        method="bounded",
        options={"xatol": _TOLERANCE_S},
    )
    best_s = float(found.x)
    best = solved(best_s, None).path
    if not best.is_in_orbit:
        raise UsageError(
            f"{launcher.name} from {pad.name} reaches the orbit at no lift-off; at the best, "
            f"{best_s:.0f} s before the pad is in the plane, {best.lacking_m_s:.0f} m/s are missing",
            hint="take a lighter craft",
        )
    leads = [best_s + k * _CURVE_STEP_S for k in range(-_CURVE_REACH, _CURVE_REACH + 1)]
    curve = tuple((lead, solved(lead, kick).path.margin_kg) for lead in leads)
    return Lead(launcher.name, plane_utc, best_s, best.margin_kg, flown_lead_s(launcher.name), curve)
