"""Launch opportunities: every northbound pass of a pad through the target's plane, and what it allows."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics import nodes, sun
from crossflight.dynamics.earth import RATE_RAD_S
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.flight.ascent import Ascent, Profile
from crossflight.flight.plane import (
    Micros,
    Place,
    passes,
    plane_rate_rad_s,
    refuse_out_of_reach,
    stand,
    zenith,
)
from crossflight.flight.reboost import reboost_for
from crossflight.model.opportunity import LaunchOpportunity, Reboost, RendezvousProfile
from crossflight.times import Instant

Floats = NDArray[np.float64]

# Past this the phase says nothing a planner may lean on; reached after four weeks.
PHASE_UNKNOWN_RAD: Final = math.radians(40)
# How long before a lift-off the station makes the burn that sets the phase; the earlier the smaller.
_REBOOST_DAYS: Final = 14.0
_EARLIEST_REBOOST_DAYS: Final = 1.0
# So far inside the window of a profile a reboost brings the phase.
_INSIDE_DEG: Final = 4.0
_N_FIXED_POINT: Final = 5
_N_GRID: Final = 360
# A pad moves along the orbit too, as the Earth turns: cos(inclination) of its rate.
_PAD_RATE_RAD_S: Final = 4.5e-5
# Below this a phase is what the orbit says, whatever is usually flown.
_SURE_RAD: Final = math.radians(5)
_N_SIGMA_SURE: Final = 3.0
_NARROW_RAD: Final = math.radians(0.7)  # the grid below has steps of a degree
_UNUSUAL: Final = 0.02  # the share of phases nobody has flown [assumed]
_ONE_SIGMA: Final = 0.15866  # the normal distribution below minus one sigma


def launch_opportunities(
    orbit: MeanOrbit,
    pad: Place,
    ascent: Ascent,
    vehicle: str,
    from_utc: Instant,
    to_utc: Instant,
    reboost_utc: Instant | None = None,
) -> tuple[LaunchOpportunity, ...]:
    """Every lift-off in [from, to), in order of time.

    Parameters
    ----------
    reboost_utc
        When the burn may be that opens a profile the phase closes; two weeks before the lift-off, or as early
        as the elements allow, where it is not given.

    Raises
    ------
    UsageError
        If the plane never passes over the pad.
    """
    refuse_out_of_reach(orbit, pad)
    inplane_us = passes(
        orbit, pad, from_utc.plus_s(-abs(ascent.lead_s) - 600), to_utc.plus_s(abs(ascent.lead_s) + 600),
        is_northbound=True,
    )  # fmt: skip
    if inplane_us.size == 0:
        return ()
    liftoff_us, phase = _liftoffs(orbit, pad, ascent, inplane_us)
    is_wanted = (liftoff_us >= from_utc.us) & (liftoff_us < to_utc.us)
    phase_sigma = orbit.phase_sigma_at(liftoff_us)
    slope_s = phase_slope_s(orbit, ascent)
    turn = phase_turn_rad(orbit, ascent)
    _, left_sigma = _expected_phase(ascent, turn, phase, phase_sigma)
    sigma_s = np.sqrt(
        ascent.lead_sigma_s**2
        + (orbit.node_sigma_at(liftoff_us) / plane_rate_rad_s(orbit)) ** 2
        + (slope_s * left_sigma) ** 2
    )
    beta = sun.beta_rad(orbit.normal_at(liftoff_us), liftoff_us)
    is_day = sun.elevation_rad(zenith(pad, liftoff_us), liftoff_us) > sun.SUNRISE_RAD
    azimuth = math.degrees(launch_azimuth_rad(orbit, pad, ascent))
    found = []
    for k in np.flatnonzero(is_wanted):
        liftoff = Instant(int(liftoff_us[k]))
        sigma_deg = math.degrees(float(phase_sigma[k]))
        is_known = bool(phase_sigma[k] < PHASE_UNKNOWN_RAD)
        phase_deg = math.degrees(float(phase[k]))
        found.append(
            LaunchOpportunity(
                pad=pad.name,
                vehicle=vehicle,
                liftoff_utc=liftoff,
                sigma_s=float(sigma_s[k]),
                inplane_utc=Instant(int(inplane_us[k])),
                phase_deg=phase_deg,
                phase_sigma_deg=sigma_deg,
                is_phase_known=is_known,
                profiles=tuple(
                    _profile(
                        orbit,
                        ascent,
                        p,
                        liftoff,
                        float(sigma_s[k]),
                        phase_deg,
                        sigma_deg,
                        is_known,
                        reboost_utc,
                    )
                    for p in ascent.profiles
                ),
                beta_deg=math.degrees(float(beta[k])),
                azimuth_deg=azimuth,
                is_daylight_launch=bool(is_day[k]),
            )
        )
    return tuple(found)


def opportunity_at(
    orbit: MeanOrbit, pad: Place, ascent: Ascent, computed: LaunchOpportunity, liftoff: Instant
) -> LaunchOpportunity:
    """A lift-off near a computed one: the phase then, and what that allows."""
    at_us = np.array([computed.liftoff_utc.us, liftoff.us])
    lead = stand(orbit, pad, at_us).lead
    moved_deg = math.degrees(float((lead[1] - lead[0] + np.pi) % (2 * np.pi) - np.pi))
    phase_deg = computed.phase_deg + moved_deg
    if phase_deg < ascent.phase_from_deg:
        phase_deg += 360.0
    elif phase_deg >= ascent.phase_from_deg + math.degrees(phase_turn_rad(orbit, ascent)):
        phase_deg -= 360.0
    beta = sun.beta_rad(orbit.normal_at(at_us), at_us)
    is_day = sun.elevation_rad(zenith(pad, at_us), at_us) > sun.SUNRISE_RAD
    return replace(
        computed,
        liftoff_utc=liftoff,
        phase_deg=phase_deg,
        profiles=tuple(
            _profile(
                orbit, ascent, p, liftoff, computed.sigma_s, phase_deg, computed.phase_sigma_deg,
                computed.is_phase_known, None,
            )
            for p in ascent.profiles
        ),
        beta_deg=math.degrees(float(beta[1])),
        is_daylight_launch=bool(is_day[1]),
    )  # fmt: skip


@lru_cache(maxsize=256)
def phase_slope_s(orbit: MeanOrbit, ascent: Ascent) -> float:
    """By how many seconds a radian of phase delays the lift-off: the node drift of the catch-up.

    The craft gains its phase between its insertion orbit and the station's; the drift per angle gained
    changes by 3 % in between, so the orbit half way stands for all of them.
    """
    half_way_m = (ascent.insertion_axis_m + orbit.axis_m) / 2
    drift = nodes.node_drift_per_phase(half_way_m, orbit.axis_m, orbit.inclination_rad)
    return drift / plane_rate_rad_s(orbit)


def launch_azimuth_rad(orbit: MeanOrbit, pad: Place, ascent: Ascent) -> float:
    """Northbound azimuth of the ascent relative to the rotating Earth."""
    speed_m_s = ascent.insertion_axis_m * nodes.mean_motion_rad_s(ascent.insertion_axis_m)
    cos_lat = math.cos(pad.geocentric_latitude_rad)
    east = math.cos(orbit.inclination_rad) / cos_lat
    north = math.sqrt(max(0.0, 1 - east**2))
    ground_m_s = float(np.hypot(pad.itrf_m[0], pad.itrf_m[1])) * RATE_RAD_S
    return math.atan2(speed_m_s * east - ground_m_s, speed_m_s * north) % (2 * math.pi)


@lru_cache(maxsize=256)
def phase_turn_rad(orbit: MeanOrbit, ascent: Ascent) -> float:
    """By how much two phases differ that are one turn of catching up apart: a little over a whole turn.

    One more turn delays the lift-off by three minutes, in which the station moves on by eleven degrees.
    """
    moved = (orbit.latitude_argument_rate_rad_s - _PAD_RATE_RAD_S) * phase_slope_s(orbit, ascent)
    return 2 * math.pi / (1 - moved)


def _liftoffs(orbit: MeanOrbit, pad: Place, ascent: Ascent, inplane_us: Micros) -> tuple[Micros, Floats]:
    """Lift-offs (n,) and the phases (n,) then, counted from the ascent's lowest, radians.

    Phase and lift-off depend on each other; of the solutions, a turn apart, the one with the least phase to
    catch up is taken.
    """
    slope_s = phase_slope_s(orbit, ascent)
    lowest, turn = math.radians(ascent.phase_from_deg), phase_turn_rad(orbit, ascent)
    early_us = inplane_us - round(ascent.lead_s * 1e6)

    def liftoff_us(phase: Floats) -> Micros:
        return early_us + np.rint(slope_s * phase * 1e6).astype(np.int64)

    phase = stand(orbit, pad, early_us).lead * (turn / (2 * np.pi))
    phase = (phase - lowest) % turn + lowest
    for _ in range(_N_FIXED_POINT):
        # The lead is known but for whole turns: the one nearest to the phase so far is meant.
        lead = stand(orbit, pad, liftoff_us(phase)).lead
        lead += 2 * np.pi * np.rint((phase - lead) / (2 * np.pi))
        phase = phase + (lead - phase) * (turn / (2 * np.pi))
    phase = (phase - lowest) % turn + lowest
    expected, _ = _expected_phase(ascent, turn, phase, orbit.phase_sigma_at(inplane_us))
    return liftoff_us(expected), phase


def _expected_phase(ascent: Ascent, turn: float, phase: Floats, phase_sigma: Floats) -> tuple[Floats, Floats]:
    """Median and half width (16 to 84 %) of the phase (n,), radians: by the orbit and by usage.

    Where the orbit says nothing, the usual phases of the ascent are all there is; a sure phase stands
    whatever is usual.
    """
    lowest = math.radians(ascent.phase_from_deg)
    grid = lowest + (np.arange(_N_GRID) + 0.5) * turn / _N_GRID
    usual = np.full(grid.size, _UNUSUAL / grid.size)
    for share, low, high in ascent.phase_shares:
        inside = (grid >= math.radians(low)) & (grid < math.radians(high))
        usual += share * inside / max(1, int(np.count_nonzero(inside)))
    # Near the lowest phase a little less is a whole turn more: there usage decides which is meant.
    to_wrap = np.minimum(phase - lowest, lowest + turn - phase)
    sure = (phase_sigma < _SURE_RAD) & (to_wrap > _N_SIGMA_SURE * phase_sigma)
    width = np.maximum(phase_sigma, _NARROW_RAD)[:, None]
    miss = (grid - phase[:, None] + turn / 2) % turn - turn / 2
    # Past half a turn of sigma the likelihood is flat; one turn either way is enough.
    turns = np.array([-turn, 0.0, turn])
    likely = np.sum(np.exp(-0.5 * ((miss[..., None] + turns) / width[..., None]) ** 2), axis=-1)
    mass = np.cumsum(likely * usual, axis=1)

    def quantile(share: float) -> Floats:
        return np.asarray(grid[np.argmax(mass >= share * mass[:, -1:], axis=1)], dtype=np.float64)

    # Fast and slow profiles lie far apart: a mean between them would fit neither.
    half_width = (quantile(1 - _ONE_SIGMA) - quantile(_ONE_SIGMA)) / 2
    return np.where(sure, phase, quantile(0.5)), np.where(sure, phase_sigma, half_width)


def _profile(
    orbit: MeanOrbit,
    ascent: Ascent,
    profile: Profile,
    liftoff: Instant,
    sigma_s: float,
    phase_deg: float,
    phase_sigma_deg: float,
    is_known: bool,
    reboost_utc: Instant | None,
) -> RendezvousProfile:
    dock = liftoff.plus_s(profile.ascent_hours * 3600)
    is_inside = profile.phase_from_deg <= phase_deg <= profile.phase_to_deg
    is_lit = None
    if is_known:
        is_lit = bool(sun.is_sunlit(orbit.position_at(np.array([dock.us])), np.array([dock.us]))[0])
    reboost = None
    if not is_inside or not is_known:
        known_deg = phase_deg if is_known else None
        reboost = opening_reboost(orbit, ascent, profile, liftoff, known_deg, reboost_utc)
    return RendezvousProfile(
        name=profile.name,
        is_feasible=is_inside or not is_known,
        probability=_mass(
            profile.phase_from_deg,
            profile.phase_to_deg,
            phase_deg,
            phase_sigma_deg,
            math.degrees(phase_turn_rad(orbit, ascent)),
        ),
        dock_utc=dock,
        dock_sigma_s=math.hypot(profile.ascent_sigma_hours * 3600, sigma_s),
        is_daylight_dock=is_lit,
        reboost=reboost,
    )


def opening_reboost(
    orbit: MeanOrbit,
    ascent: Ascent,
    profile: Profile,
    liftoff: Instant,
    phase_deg: float | None,
    reboost_utc: Instant | None = None,
) -> Reboost | None:
    """The smallest burn that brings the phase into a profile's window; None if too late or not needed.

    Where the phase is not known (None): the median size of that burn over all phases outside the window.
    """
    earliest = Instant(orbit.epoch_us).plus_days(_EARLIEST_REBOOST_DAYS)
    burn_utc = reboost_utc or max(liftoff.plus_days(-_REBOOST_DAYS), earliest)
    if liftoff.days_since(burn_utc) < _EARLIEST_REBOOST_DAYS:
        return None
    low, high = profile.phase_from_deg, profile.phase_to_deg
    middle = (low + high) / 2 if high - low < 2 * _INSIDE_DEG else None
    edges = (middle,) if middle is not None else (low + _INSIDE_DEG, high - _INSIDE_DEG)
    turn_deg = math.degrees(phase_turn_rad(orbit, ascent))
    if phase_deg is None:
        # Phases outside the window are evenly spread: the middle one is half way to the farthest.
        closed_deg = turn_deg - (high - low)
        if closed_deg < _INSIDE_DEG:
            return None
        typical = reboost_for(orbit, -math.radians(closed_deg / 4 + _INSIDE_DEG), burn_utc, liftoff)
        return replace(typical, is_typical=True)
    shifts = [edge + turn * turn_deg - phase_deg for edge in edges for turn in (-1, 0, 1)]
    return reboost_for(orbit, math.radians(min(shifts, key=abs)), burn_utc, liftoff)


def _mass(low_deg: float, high_deg: float, mean_deg: float, sigma_deg: float, turn_deg: float) -> float:
    """Probability that an angle known to `sigma_deg` lies in [low, high], whole turns being the same."""
    if sigma_deg > turn_deg:
        return min(1.0, (high_deg - low_deg) / turn_deg)
    n_turns = math.ceil(4 * sigma_deg / turn_deg) + 1
    total = 0.0
    for turn in range(-n_turns, n_turns + 1):
        shift = turn * turn_deg - mean_deg
        total += _normal((high_deg + shift) / sigma_deg) - _normal((low_deg + shift) / sigma_deg)
    return min(1.0, total)


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2))
