"""When a place on the turning Earth passes through a drifting orbit plane, and how the craft stands then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossflight.dynamics.earth import RATE_RAD_S, place_itrf_m, sidereal_time_rad, teme_from_itrf
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import UsageError
from crossflight.times import DAY_S, Instant

Floats = NDArray[np.float64]
Micros = NDArray[np.int64]

_N_NEWTON: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the ground: geodetic latitude and east longitude, radians."""

    name: str
    latitude_rad: float
    longitude_rad: float

    @property
    def itrf_m(self) -> Floats:
        """Its position (3,), ITRF metres."""
        return place_itrf_m(self.latitude_rad, self.longitude_rad)

    @property
    def geocentric_latitude_rad(self) -> float:
        """Its geocentric latitude: the one that lies in a plane through the Earth's centre."""
        r = self.itrf_m
        return float(np.arcsin(r[2] / np.linalg.norm(r)))


def plane_rate_rad_s(orbit: MeanOrbit) -> float:
    """How fast the ground turns against the orbit plane."""
    return RATE_RAD_S - orbit.node_rate_rad_s


def refuse_out_of_reach(orbit: MeanOrbit, place: Place) -> None:
    """Refuse a place the plane never passes over.

    Raises
    ------
    UsageError
        With both angles.
    """
    latitude, inclination = abs(place.geocentric_latitude_rad), orbit.inclination_rad
    if latitude >= min(inclination, np.pi - inclination):
        raise UsageError(
            f"{place.name} at {np.degrees(place.latitude_rad):.2f} deg latitude is never under an orbit of "
            f"{np.degrees(inclination):.2f} deg inclination",
            hint="choose a place nearer the equator",
        )


def passes(
    orbit: MeanOrbit, place: Place, from_utc: Instant, to_utc: Instant, *, is_northbound: bool
) -> Micros:
    """Instants (n,) in [from, to) at which `place` is in the plane on the northbound or southbound arc.

    Empty where the orbit does not reach the place's latitude.
    """
    # tan(latitude) / tan(inclination) is the sine of the longitude past the node.
    sine = np.tan(place.geocentric_latitude_rad) / np.tan(orbit.inclination_rad)
    if abs(sine) >= 1:
        return np.zeros(0, dtype=np.int64)
    past_node = float(np.arcsin(sine))
    if not is_northbound:
        past_node = np.pi - past_node
    rate = plane_rate_rad_s(orbit)
    period_us = 2 * np.pi / rate * 1e6
    n = int((to_utc.us - from_utc.us) / period_us) + 3
    first = _angle_to_pass(orbit, place, np.array([from_utc.us]), past_node)[0] % (2 * np.pi) / rate * 1e6
    t_us = np.rint(from_utc.us + first + period_us * np.arange(-1, n)).astype(np.int64)
    for _ in range(_N_NEWTON):
        angle = (_angle_to_pass(orbit, place, t_us, past_node) + np.pi) % (2 * np.pi) - np.pi
        t_us = t_us + np.rint(angle / rate * 1e6).astype(np.int64)
    t_us = np.unique(t_us)
    # Newton may bring two guesses to one pass; a microsecond apart they are the same.
    if t_us.size:
        t_us = t_us[np.concatenate(([True], np.diff(t_us) > DAY_S // 2 * 1_000_000))]
    return t_us[(t_us >= from_utc.us) & (t_us < to_utc.us)]


def _angle_to_pass(orbit: MeanOrbit, place: Place, t_us: Micros, past_node: float) -> Floats:
    """By what angle the ground has still to turn until the place is in the plane."""
    return np.asarray(
        orbit.node_at(t_us) + past_node - sidereal_time_rad(t_us) - place.longitude_rad, dtype=np.float64
    )


@dataclass(frozen=True, slots=True)
class Stand:
    """How a place stands to an orbit at instants (n,): all angles in radians.

    `lead` is by how much the craft leads the place along the orbit (-pi to pi), `across` the place's
    angle above the plane (positive towards its normal), `latitude_argument` that of the place.
    """

    lead: Floats
    across: Floats
    latitude_argument: Floats


def stand(orbit: MeanOrbit, place: Place, t_utc_us: ArrayLike) -> Stand:
    """How `place` stands to the mean orbit at instants (n,)."""
    t_us = np.atleast_1d(np.asarray(t_utc_us, dtype=np.int64))
    up = teme_from_itrf(place.itrf_m / np.linalg.norm(place.itrf_m), t_us)
    normal, node = orbit.normal_at(t_us), orbit.node_at(t_us)
    across = np.sum(normal * up, axis=-1)
    to_node = np.stack((np.cos(node), np.sin(node), np.zeros_like(node)), axis=-1)
    of_place = np.arctan2(np.sum(np.cross(to_node, up) * normal, axis=-1), np.sum(to_node * up, axis=-1))
    lead = (orbit.latitude_argument_at(t_us) - of_place + np.pi) % (2 * np.pi) - np.pi
    return Stand(lead, np.asarray(np.arcsin(np.clip(across, -1, 1))), of_place)


def zenith(place: Place, t_utc_us: ArrayLike) -> Floats:
    """Unit verticals (n, 3) of a place, TEME: for the Sun's elevation."""
    flat = np.cos(place.latitude_rad)
    vertical = np.array(
        [flat * np.cos(place.longitude_rad), flat * np.sin(place.longitude_rad), np.sin(place.latitude_rad)]
    )
    return teme_from_itrf(vertical, np.atleast_1d(np.asarray(t_utc_us, dtype=np.int64)))
