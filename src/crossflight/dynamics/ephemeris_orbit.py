"""The mean orbit of an ephemeris: what is left of its states without the wobble within a revolution."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from sgp4.api import WGS72, Satrec

from crossflight.dynamics import nodes
from crossflight.dynamics.mean_orbit import MeanOrbit, refuse_other_orbits
from crossflight.errors import InputError
from crossflight.times import DAY_S, Instant

Floats = NDArray[np.float64]

# A day: long enough to part the secular motion from what goes once and twice a revolution and once a day.
STRETCH_S: Final = DAY_S
_SHORTEST_S: Final = 3 * 5560.0
_N_SECANT: Final = 4


def mean_orbit_of_states(
    t_utc_us: NDArray[np.int64], r_teme_m: Floats, v_teme_m_s: Floats, source: str = ""
) -> MeanOrbit:
    """The mean orbit of states (n,), (n, 3), (n, 3) over about a day; its epoch is their middle.

    Node, inclination and argument of latitude are fitted with a straight line (a parabola for the last)
    and terms of one and two cycles a revolution; the rates are the theory's for the fitted axis.

    Raises
    ------
    InputError
        If the states span less than three revolutions, or are of no near-circular orbit.
    """
    span_s = float(t_utc_us[-1] - t_utc_us[0]) / 1e6
    if span_s < _SHORTEST_S:
        raise InputError(
            f"the ephemeris gives {span_s / 3600:.1f} h of states; a mean orbit needs "
            f"{_SHORTEST_S / 3600:.1f} h",
            hint="give a longer ephemeris, or an element set",
            file=source,
        )
    epoch_us = int(t_utc_us[0] + t_utc_us[-1]) // 2
    s = (t_utc_us - epoch_us) / 1e6
    normal = np.cross(r_teme_m, v_teme_m_s)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    inclination = np.arccos(normal[:, 2])
    node = np.unwrap(np.arctan2(normal[:, 0], -normal[:, 1]))
    to_node = np.stack((np.cos(node), np.sin(node), np.zeros_like(node)), axis=-1)
    u = np.unwrap(
        np.arctan2(np.sum(np.cross(to_node, r_teme_m) * normal, axis=-1), np.sum(to_node * r_teme_m, axis=-1))
    )
    one = np.ones_like(s)
    wobble = (np.sin(u), np.cos(u), np.sin(2 * u), np.cos(2 * u))
    node_fit = _fit((one, s, *wobble), node)
    inclination_fit = _fit((one, *wobble), inclination)
    latitude_fit = _fit((one, s, s**2, *wobble), u)
    eccentricity = float(np.hypot(latitude_fit[3], latitude_fit[4])) / 2
    mean_inclination = float(inclination_fit[0])
    axis_m = _axis_m(float(latitude_fit[1]), mean_inclination)
    refuse_other_orbits(axis_m, eccentricity, mean_inclination, source)
    return MeanOrbit(
        epoch_us=epoch_us,
        axis_m=axis_m,
        eccentricity=eccentricity,
        inclination_rad=mean_inclination,
        node_rad=float(node_fit[0]),
        node_rate_rad_s=node_rate_rad_s(axis_m, mean_inclination, Instant(epoch_us)),
        latitude_argument_rad=float(latitude_fit[0]),
        latitude_argument_rate_rad_s=float(latitude_fit[1]),
        decay_rad_s2=2 * float(latitude_fit[2]),
    )


def node_rate_rad_s(axis_m: float, inclination_rad: float, epoch: Instant) -> float:
    """SGP4's node rate for a mean axis, and what SGP4 leaves out."""
    record = satellite_of_axis(axis_m, inclination_rad, epoch)
    return float(record.nodedot) / 60 + nodes.beyond_sgp4_node_rate_rad_s(axis_m, inclination_rad)


def satellite_of_axis(axis_m: float, inclination_rad: float, epoch: Instant) -> Satrec:
    """A circular SGP4 satellite whose (Brouwer) mean motion is that of `axis_m`."""
    wanted = nodes.mean_motion_rad_s(axis_m) * 60
    kozai = wanted
    for _ in range(_N_SECANT):
        record = Satrec()
        days = epoch.us / (DAY_S * 1e6) + 7305.0  # days since 1949-12-31
        record.sgp4init(WGS72, "i", 0, days, 0.0, 0.0, 0.0, 0.0, 0.0, inclination_rad, 0.0, kozai, 0.0)
        record.sgp4_tsince(0.0)
        kozai += wanted - record.nm
    return record


def _fit(columns: tuple[Floats, ...], values: Floats) -> Floats:
    design = np.stack(columns, axis=-1)
    # Columns of seconds and of sines differ by ten powers of ten: scaled, the fit is well behaved.
    scale = np.max(np.abs(design), axis=0)
    solution, *_ = np.linalg.lstsq(design / scale, values, rcond=None)
    return np.asarray(solution / scale)


def _axis_m(rate_rad_s: float, inclination_rad: float) -> float:
    """The axis whose argument of latitude has this rate."""
    axis_m = float((nodes.MU_M3_S2 / rate_rad_s**2) ** (1 / 3))
    for _ in range(_N_SECANT):
        missing = rate_rad_s - nodes.latitude_argument_rate_rad_s(axis_m, inclination_rad)
        axis_m -= missing * axis_m / (1.5 * rate_rad_s)
    return axis_m
