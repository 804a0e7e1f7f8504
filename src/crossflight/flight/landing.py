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
from crossflight.flight.plane import Micros, Place, passes, plane_rate_rad_s, stand, zenith
from crossflight.model.opportunity import LandingOpportunity
from crossflight.times import Instant

Floats = NDArray[np.float64]

_TURN: Final = 2 * math.pi
_N_FIXED_POINT: Final = 4


def landing_opportunities(
    orbit: MeanOrbit, zone: Place, descent: Descent, vehicle: str, from_utc: Instant, to_utc: Instant
) -> tuple[LandingOpportunity, ...]:
    """Every landing in [from, to), in order of time."""
    found: list[LandingOpportunity] = []
    for is_northbound in (True, False) if descent.is_southbound else (True,):
        inplane_us = passes(
            orbit, zone, from_utc.plus_s(-descent.after_plane_to_s), to_utc, is_northbound=is_northbound
        )
        for at_us in inplane_us:
            found += _of_pass(orbit, zone, descent, vehicle, int(at_us))
    found.sort(key=lambda x: x.landing_utc.us)
    return tuple(x for x in found if from_utc <= x.landing_utc < to_utc)


def _of_pass(
    orbit: MeanOrbit, zone: Place, descent: Descent, vehicle: str, inplane_us: int
) -> list[LandingOpportunity]:
    node_sigma_s = float(orbit.node_sigma_at(np.array([inplane_us]))[0]) / plane_rate_rad_s(orbit)
    sigma_s = math.hypot(descent.after_plane_sigma_s, node_sigma_s)
    middle_us = inplane_us + round(descent.after_plane_s * 1e6)
    if descent.lead_rad is None:
        return [_opportunity(orbit, zone, descent, vehicle, middle_us, sigma_s, 1.0)]
    phase_sigma = float(orbit.phase_sigma_at(np.array([inplane_us]))[0])
    if phase_sigma > PHASE_UNKNOWN_RAD:
        # Anywhere in the window, if the station happens to be there.
        width_s = descent.after_plane_to_s - descent.after_plane_from_s
        return [
            _opportunity(orbit, zone, descent, vehicle, middle_us, sigma_s, min(1.0, width_s / orbit.period_s))
        ]
    window_us = (
        inplane_us + round(descent.after_plane_from_s * 1e6),
        inplane_us + round(descent.after_plane_to_s * 1e6),
    )
    of_lead_s = math.hypot(phase_sigma, descent.lead_sigma_rad) / orbit.latitude_argument_rate_rad_s
    return [
        _opportunity(orbit, zone, descent, vehicle, int(t), of_lead_s, 1.0)
        for t in _when_lead_is(orbit, zone, descent.lead_rad, middle_us)
        if window_us[0] <= t <= window_us[1]
    ]


def _when_lead_is(orbit: MeanOrbit, zone: Place, lead_rad: float, near_us: int) -> Micros:
    """Instants around `near_us`, a revolution apart, at which the station leads `zone` by `lead_rad`."""
    rate = orbit.latitude_argument_rate_rad_s
    t_us = np.array([near_us], dtype=np.int64) + np.rint(
        np.array([-1.0, 0.0, 1.0]) * orbit.period_s * 1e6
    ).astype(np.int64)
    missing = (lead_rad - stand(orbit, zone, t_us).lead + np.pi) % _TURN - np.pi
    t_us = t_us + np.rint(missing / rate * 1e6).astype(np.int64)
    for _ in range(_N_FIXED_POINT):
        missing = (lead_rad - stand(orbit, zone, t_us).lead + np.pi) % _TURN - np.pi
        t_us = t_us + np.rint(missing / rate * 1e6).astype(np.int64)
    return np.unique(t_us)


def _opportunity(
    orbit: MeanOrbit, zone: Place, descent: Descent, vehicle: str, landing_us: int, sigma_s: float, chance: float
) -> LandingOpportunity:
    at = np.array([landing_us], dtype=np.int64)
    landing = Instant(landing_us)
    elevation = float(sun.elevation_rad(zenith(zone, at), at)[0])
    return LandingOpportunity(
        zone=zone.name,
        vehicle=vehicle,
        undock_utc=landing.plus_s(-_free_flight_s(orbit, zone, descent, landing_us)),
        deorbit_utc=landing.plus_s(-descent.deorbit_before_s),
        landing_utc=landing,
        latitude_deg=math.degrees(zone.latitude_rad),
        longitude_deg=math.degrees(zone.longitude_rad),
        is_daylight=elevation > float(sun.SUNRISE_RAD),
        beta_deg=math.degrees(float(sun.beta_rad(orbit.normal_at(at), at)[0])),
        sigma_s=sigma_s,
        probability=chance,
    )


def _free_flight_s(orbit: MeanOrbit, zone: Place, descent: Descent, landing_us: int) -> float:
    """From the latest undocking to touchdown: what the descent takes and what the craft must gain before.

    Where the phase is unknown, half a turn stands for the gain.
    """
    if descent.gain_rad_s == 0:
        return descent.undock_before_s
    at = np.array([landing_us], dtype=np.int64)
    if float(orbit.phase_sigma_at(at)[0]) > PHASE_UNKNOWN_RAD:
        gain = math.pi / 2
    else:
        gain = (descent.entry_lead_rad - float(stand(orbit, zone, at).lead[0])) % _TURN
    return descent.undock_before_s + gain / descent.gain_rad_s
