"""The station's orbit far ahead: its node and its place along the orbit, each with a sigma.

Months ahead nothing but the mean altitude matters: the node drifts at a rate the altitude sets, the
place along the orbit at one that drag and reboosts change.  Three things are known about a station that
is kept: its decay is made good within a week or two; its altitude comes back to the mean of the last
half year; how far both have been wrong before.  All of it was measured on pairs of genuine ISS
elements sets, never on a launch (design-notes/station_ahead.py), and ``crossflight validate`` holds it
against the launches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sgp4.api import WGS72, Satrec

from crossflight.dynamics import nodes
from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.sun import plane_normal
from crossflight.dynamics.time_scales import julian_date
from crossflight.errors import InputError
from crossflight.model.orbit import ElementSet
from crossflight.times import DAY_S

Floats = NDArray[np.float64]

# Measured: a decay is made good with this time constant, the altitude comes back to its mean of half a
# year with that one.
_DECAY_DAYS: Final = 7.0
_RETURN_DAYS: Final = 60.0
_HISTORY_DAYS: Final = 180.0
_BIN_DAYS: Final = 10.0
# Measured: 68 % of the errors of the node and of the argument of latitude lie within these.
_NODE_SIGMA_AT_30_DAYS_RAD: Final = np.radians(0.071)
_NODE_SIGMA_POWER: Final = 1.17
# Without half a year of elements the mean altitude is today's, and the node less sure.
_NO_HISTORY_FACTOR: Final = 1.4
_NODE_SIGMA_FLOOR_RAD: Final = np.radians(0.004)
_PHASE_SIGMA_AT_7_DAYS_RAD: Final = np.radians(2.4)
_PHASE_SIGMA_FLOOR_RAD: Final = np.radians(0.05)
# Where the mean theory here serves [assumed]: near-circular, low, with a node.
ECCENTRICITY_MAX: Final = 0.02
ALTITUDE_MAX_M: Final = 2_000_000.0
INCLINATION_MIN_RAD: Final = np.radians(1.0)
_MINUTES_PER_DAY: Final = 1440.0


@dataclass(frozen=True, slots=True)
class AltitudeChange:
    """A burn of the station: from `at_us` on the mean axis is `axis_change_m` larger."""

    at_us: int
    axis_change_m: float


@dataclass(frozen=True, slots=True)
class MeanOrbit:
    """A near-circular orbit by its mean motion; angles in the equatorial frame of date (TEME).

    Attributes
    ----------
    epoch_us
        Instant of the values, as ``Instant.us``.
    node_rad, latitude_argument_rad
        Right ascension of the node and mean argument of latitude at the epoch; the rates go with the axis
        at the epoch.
    decay_rad_s2
        Rate of the mean motion at the epoch.
    settled_axis_m
        Where the axis is expected to settle; None: nothing is known of it but the axis itself.
    is_kept
        Whether somebody keeps the altitude (a station); else it decays as at the epoch.
    burns
        Planned burns.
    known_us
        Since when it is foresight, if not since the epoch: sigmas grow from there.
    """

    epoch_us: int
    axis_m: float
    eccentricity: float
    inclination_rad: float
    node_rad: float
    node_rate_rad_s: float
    latitude_argument_rad: float
    latitude_argument_rate_rad_s: float
    decay_rad_s2: float = 0.0
    settled_axis_m: float | None = None
    is_kept: bool = True
    burns: tuple[AltitudeChange, ...] = ()
    known_us: int | None = None

    @property
    def period_s(self) -> float:
        """Nodal period at the epoch."""
        return 2 * np.pi / self.latitude_argument_rate_rad_s

    @property
    def mean_axis_m(self) -> float:
        """The axis expected in the long run."""
        return self.axis_m if self.settled_axis_m is None else self.settled_axis_m

    def with_burns(self, burns: Sequence[AltitudeChange]) -> MeanOrbit:
        """The same orbit with these planned burns added."""
        return replace(self, burns=(*self.burns, *burns))

    def node_at(self, t_utc_us: ArrayLike) -> Floats:
        """Mean right ascension of the node, radians (not wrapped), at instants (n,)."""
        s = self._seconds(t_utc_us)
        per_m_s = -3.5 * self.node_rate_rad_s / self.axis_m
        return self.node_rad + self.node_rate_rad_s * s + per_m_s * self._metre_seconds(t_utc_us, s)

    def latitude_argument_at(self, t_utc_us: ArrayLike) -> Floats:
        """Mean argument of latitude, radians (not wrapped), at instants (n,)."""
        s = self._seconds(t_utc_us)
        rate = self.latitude_argument_rate_rad_s
        per_m_s = -1.5 * rate / self.axis_m
        drag = self.decay_rad_s2 * self._decay_s2(s)
        return self.latitude_argument_rad + rate * s + drag + per_m_s * self._metre_seconds(t_utc_us, s)

    def normal_at(self, t_utc_us: ArrayLike) -> Floats:
        """Unit normals (n, 3) of the mean orbit plane, TEME."""
        return plane_normal(self.inclination_rad, self.node_at(t_utc_us))

    def position_at(self, t_utc_us: ArrayLike) -> Floats:
        """Positions (n, 3) on the mean circular orbit, TEME metres: good to 10 km, enough for light."""
        node, u = self.node_at(t_utc_us), self.latitude_argument_at(t_utc_us)
        cos_i, sin_i = np.cos(self.inclination_rad), np.sin(self.inclination_rad)
        unit = (
            np.cos(node) * np.cos(u) - np.sin(node) * np.sin(u) * cos_i,
            np.sin(node) * np.cos(u) + np.cos(node) * np.sin(u) * cos_i,
            np.sin(u) * sin_i,
        )
        return self.axis_m * np.stack(unit, axis=-1)

    def node_sigma_at(self, t_utc_us: ArrayLike) -> Floats:
        """One sigma of the node, radians."""
        days = self._age_days(t_utc_us)
        grown = _NODE_SIGMA_AT_30_DAYS_RAD * (days / 30) ** _NODE_SIGMA_POWER
        if self.settled_axis_m is None:
            grown = grown * _NO_HISTORY_FACTOR
        return np.asarray(np.hypot(_NODE_SIGMA_FLOOR_RAD, grown))

    def phase_sigma_at(self, t_utc_us: ArrayLike) -> Floats:
        """One sigma of the argument of latitude, radians; grows past a whole turn, when nothing is known."""
        days = self._age_days(t_utc_us)
        return np.asarray(np.hypot(_PHASE_SIGMA_FLOOR_RAD, _PHASE_SIGMA_AT_7_DAYS_RAD * (days / 7) ** 2))

    def _age_days(self, t_utc_us: ArrayLike) -> Floats:
        """How far instants (n,) are from what is known."""
        since_us = self.epoch_us if self.known_us is None else self.known_us
        return np.abs(np.asarray(t_utc_us, dtype=np.int64) - since_us) / (DAY_S * 1e6)

    def _seconds(self, t_utc_us: ArrayLike) -> Floats:
        return (np.asarray(t_utc_us, dtype=np.int64) - self.epoch_us) / 1e6

    def _decay_s2(self, s: Floats) -> Floats:
        """Twice integrated decay; the decay itself fades as it is made good."""
        if not self.is_kept:
            return 0.5 * s**2
        tau = _DECAY_DAYS * DAY_S
        x = np.maximum(s, 0.0) / tau
        return np.where(s > 0, tau**2 * (x - 1 + np.exp(-x)), 0.5 * s**2)

    def _metre_seconds(self, t_utc_us: ArrayLike, s: Floats) -> Floats:
        """Integral of the expected change of the axis since the epoch, m s."""
        total = np.zeros_like(s)
        if self.settled_axis_m is not None:
            tau = _RETURN_DAYS * DAY_S
            ahead = np.maximum(s, 0.0)
            total += (self.settled_axis_m - self.axis_m) * (ahead - tau * (1 - np.exp(-ahead / tau)))
        t_us = np.asarray(t_utc_us, dtype=np.int64)
        for burn in self.burns:
            total += burn.axis_change_m * np.maximum(t_us - burn.at_us, 0) / 1e6
        return total


def satellite(elements: ElementSet) -> Satrec:
    """The SGP4 satellite of an element set.

    Raises
    ------
    InputError
        If SGP4 cannot take the elements: an orbit below the ground, one that has decayed.
    """
    record = Satrec()
    day, fraction = julian_date(elements.epoch_utc.us)
    per_minute = 2 * np.pi / _MINUTES_PER_DAY
    record.sgp4init(
        WGS72,
        "i",
        elements.norad_id,
        float(day + fraction) - 2_433_281.5,
        elements.bstar_per_er,
        elements.mean_motion_dot_rev_day2 * per_minute / _MINUTES_PER_DAY,
        elements.mean_motion_ddot_rev_day3 * per_minute / _MINUTES_PER_DAY**2,
        elements.eccentricity,
        np.radians(elements.arg_perigee_deg),
        np.radians(elements.inclination_deg),
        np.radians(elements.mean_anomaly_deg),
        elements.mean_motion_rev_day * per_minute,
        np.radians(elements.raan_deg),
    )
    error, _, _ = record.sgp4_tsince(0.0)
    if error:
        raise InputError(
            f"the elements of {elements.epoch_utc.iso()} are of no orbit SGP4 can follow (its error {error})",
            hint="a decayed or doctored set; use a genuine one of the station",
            file=elements.source,
        )
    return record


def mean_orbit(
    elements: ElementSet, history: Sequence[ElementSet] = (), *, is_kept: bool = True
) -> MeanOrbit:
    """The mean orbit of an element set.

    Parameters
    ----------
    history
        Older sets of the same object (later ones are left out): their mean altitude of the last half
        year is where the station's is expected to settle.

    Raises
    ------
    InputError
        If the orbit is none SGP4 can follow, or not a near-circular low one.
    """
    record = satellite(elements)
    axis_m = _axis_m(record)
    refuse_other_orbits(axis_m, float(record.ecco), float(record.inclo), elements.source)
    inclination = float(record.inclo)
    rate = (record.mdot + record.argpdot) / 60
    now = record.nm
    record.sgp4_tsince(_MINUTES_PER_DAY)
    decay = (record.nm - now) / 60 / DAY_S
    node_rate = record.nodedot / 60 + nodes.beyond_sgp4_node_rate_rad_s(axis_m, inclination)
    return MeanOrbit(
        epoch_us=elements.epoch_utc.us,
        axis_m=axis_m,
        eccentricity=float(record.ecco),
        inclination_rad=inclination,
        node_rad=float(record.nodeo),
        node_rate_rad_s=node_rate,
        latitude_argument_rad=float(record.mo + record.argpo),
        latitude_argument_rate_rad_s=rate,
        decay_rad_s2=decay,
        settled_axis_m=_settled_axis_m(elements, axis_m, history) if is_kept else None,
        is_kept=is_kept,
    )


def refuse_other_orbits(axis_m: float, eccentricity: float, inclination_rad: float, source: str) -> None:
    """Refuse orbits that are not near-circular and low: the mean theory here is for those.

    Raises
    ------
    InputError
        With the value and its limit.
    """
    hint = "launch and landing opportunities are of stations; `crossflight orbit` follows any orbit"
    if not eccentricity <= ECCENTRICITY_MAX:
        raise InputError(
            f"the orbit has an eccentricity of {eccentricity:.4f}; the limit is {ECCENTRICITY_MAX}",
            hint=hint,
            file=source,
        )
    altitude_km, limit_km = (axis_m - RADIUS_M) / 1000, ALTITUDE_MAX_M / 1000
    if not altitude_km <= limit_km:
        raise InputError(
            f"the orbit is {altitude_km:.0f} km high; the limit is {limit_km:.0f} km", hint=hint, file=source
        )
    if not INCLINATION_MIN_RAD <= inclination_rad <= np.pi - INCLINATION_MIN_RAD:
        raise InputError(
            f"the orbit has an inclination of {np.degrees(inclination_rad):.2f} deg and hardly a node; "
            f"the limit is {np.degrees(INCLINATION_MIN_RAD):.0f} deg from the equator",
            hint=hint,
            file=source,
        )


def _axis_m(record: Satrec) -> float:
    """Brouwer mean axis, in metres of EGM2008's gravity."""
    n_rad_s = record.nm / 60
    return float((nodes.MU_M3_S2 / n_rad_s**2) ** (1 / 3))


def _settled_axis_m(elements: ElementSet, axis_m: float, history: Sequence[ElementSet]) -> float | None:
    """Mean axis of the last half year, ten days at a time so that dense days count no more than others."""
    earliest = elements.epoch_utc.plus_days(-_HISTORY_DAYS)
    bins: dict[int, list[float]] = {0: [axis_m]}
    for older in history:
        if earliest <= older.epoch_utc < elements.epoch_utc and older.norad_id == elements.norad_id:
            age = int(elements.epoch_utc.days_since(older.epoch_utc) // _BIN_DAYS)
            bins.setdefault(age, []).append(_axis_m(satellite(older)))
    if len(bins) == 1:
        return None
    return float(np.mean([np.mean(values) for values in bins.values()]))
