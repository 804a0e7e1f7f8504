"""Landing opportunities: when a craft can leave so that it comes down in its zone."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics import sun
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.flight.descent import Descent
from crossflight.flight.launch import PHASE_UNKNOWN_RAD
from crossflight.flight.plane import (
    Micros,
    Place,
    passes,
    plane_rate_rad_s,
    refuse_out_of_reach,
    stand,
    zenith,
)
from crossflight.model.opportunity import LandingOpportunity
from crossflight.times import Instant

Floats = NDArray[np.float64]

_TURN: Final = 2 * math.pi
_N_FIXED_POINT: Final = 4


def landing_opportunities(
    orbit: MeanOrbit, zone: Place, descent: Descent, vehicle: str, from_utc: Instant, to_utc: Instant
) -> tuple[LandingOpportunity, ...]:
    """Every landing in [from, to), in order of time.

    Raises
    ------
    UsageError
        If the orbit never passes over the zone.
    """
    refuse_out_of_reach(orbit, zone)
    begin = from_utc.plus_s(-descent.after_plane_to_s)
    inplane_us = np.concatenate(
        [
            passes(orbit, zone, begin, to_utc, is_northbound=is_northbound)
            for is_northbound in ((True, False) if descent.is_southbound else (True,))
        ]
    )
    landing_us, sigma_s, chance = _landings(orbit, zone, descent, inplane_us)
    order = np.argsort(landing_us)
    order = order[(landing_us[order] >= from_utc.us) & (landing_us[order] < to_utc.us)]
    return _opportunities(orbit, zone, descent, vehicle, landing_us[order], sigma_s[order], chance[order])


def _landings(
    orbit: MeanOrbit, zone: Place, descent: Descent, inplane_us: Micros
) -> tuple[Micros, Floats, Floats]:
    """Touchdowns (m,), their sigma in seconds and probability, of passes (n,)."""
    node_sigma_s = orbit.node_sigma_at(inplane_us) / plane_rate_rad_s(orbit)
    middle_us = inplane_us + round(descent.after_plane_s * 1e6)
    by_plane_s = np.hypot(descent.after_plane_sigma_s, node_sigma_s)
    if descent.lead_rad is None:
        return middle_us, by_plane_s, np.ones_like(by_plane_s)
    phase_sigma = orbit.phase_sigma_at(inplane_us)
    is_known = phase_sigma <= PHASE_UNKNOWN_RAD
    # Where the phase is not known: anywhere in the window, if the station happens to be there.
    width_s = descent.after_plane_to_s - descent.after_plane_from_s
    chance = np.full(inplane_us.size, min(1.0, width_s / orbit.period_s))
    by_lead_s = np.hypot(phase_sigma, descent.lead_sigma_rad) / orbit.latitude_argument_rate_rad_s
    found_us, found_s = [middle_us[~is_known]], [by_plane_s[~is_known]]
    found_chance = [chance[~is_known]]
    for revolution in (-1, 0, 1):
        t_us = _when_lead_is(orbit, zone, descent.lead_rad, middle_us[is_known], revolution)
        after_s = (t_us - inplane_us[is_known]) / 1e6
        inside = (after_s >= descent.after_plane_from_s) & (after_s <= descent.after_plane_to_s)
        found_us.append(t_us[inside])
        found_s.append(by_lead_s[is_known][inside])
        found_chance.append(np.ones(int(np.count_nonzero(inside))))
    return np.concatenate(found_us), np.concatenate(found_s), np.concatenate(found_chance)


def _when_lead_is(orbit: MeanOrbit, zone: Place, lead_rad: float, near_us: Micros, revolution: int) -> Micros:
    """Instants (n,), some revolutions from `near_us`, at which the station leads `zone` by `lead_rad`."""
    rate = orbit.latitude_argument_rate_rad_s
    t_us = near_us + round(revolution * orbit.period_s * 1e6)
    for _ in range(_N_FIXED_POINT):
        missing = (lead_rad - stand(orbit, zone, t_us).lead + np.pi) % _TURN - np.pi
        t_us = t_us + np.rint(missing / rate * 1e6).astype(np.int64)
    return t_us


def _opportunities(
    orbit: MeanOrbit,
    zone: Place,
    descent: Descent,
    vehicle: str,
    at_us: Micros,
    sigma_s: Floats,
    chance: Floats,
) -> tuple[LandingOpportunity, ...]:
    is_day = sun.elevation_rad(zenith(zone, at_us), at_us) > sun.SUNRISE_RAD
    beta_deg = np.degrees(sun.beta_rad(orbit.normal_at(at_us), at_us))
    free_s = _free_flight_s(orbit, zone, descent, at_us)
    latitude_deg, longitude_deg = math.degrees(zone.latitude_rad), math.degrees(zone.longitude_rad)
    return tuple(
        LandingOpportunity(
            zone=zone.name,
            vehicle=vehicle,
            undock_utc=Instant(us - round(free * 1e6)),
            deorbit_utc=Instant(us - round(descent.deorbit_before_s * 1e6)),
            landing_utc=Instant(us),
            latitude_deg=latitude_deg,
            longitude_deg=longitude_deg,
            is_daylight=lit,
            beta_deg=beta,
            sigma_s=sigma,
            probability=probability,
        )
        for us, free, lit, beta, sigma, probability in zip(
            at_us.tolist(), free_s.tolist(), is_day.tolist(), beta_deg.tolist(), sigma_s.tolist(),
            chance.tolist(), strict=True,
        )
    )  # fmt: skip


def _free_flight_s(orbit: MeanOrbit, zone: Place, descent: Descent, at_us: Micros) -> Floats:
    """From the latest undocking to touchdown (n,): what descent and catching up take.

    Where the phase is unknown, a quarter turn stands for the gain.
    """
    if descent.gain_rad_s == 0:
        return np.full(at_us.size, descent.undock_before_s)
    gain = (descent.entry_lead_rad - stand(orbit, zone, at_us).lead) % _TURN
    gain = np.where(orbit.phase_sigma_at(at_us) > PHASE_UNKNOWN_RAD, math.pi / 2, gain)
    return descent.undock_before_s + gain / descent.gain_rad_s
