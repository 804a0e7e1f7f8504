"""Under the parachutes: a drogue that slows, a main parachute that lets down.

The drogue phase is flown like the entry itself, with the parachute's drag; under the main parachute the
capsule falls at its terminal speed, which grows with the thinness of the air, and drifts with the wind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import RADIUS_M, geodetic, place_itrf_m
from crossflight.errors import InputError
from crossflight.flight.atmosphere_profile import density_kg_m3
from crossflight.flight.entry import EntryShape, fly_entry
from crossflight.flight.us_standard_1976 import G0_M_S2

Floats = NDArray[np.float64]

_STEP_M: Final = 50.0
# Under the drogue drag changes within seconds.
_DROGUE_STEP_S: Final = 0.25
_SEA_LEVEL_KG_M3: Final = 1.225
# States kept: a second apart under the drogue, where the speed falls fast, then at most so many seconds.
_DROGUE_EVERY: Final = 4
_MAIN_EVERY_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Parachutes:
    """A drogue and a main parachute.

    Attributes
    ----------
    drogue_height_m, main_height_m
        Where each is open.
    drogue_m_s
        Terminal speed under the drogue at `main_height_m` in the standard atmosphere.
    main_m_s
        Terminal speed under the main parachute at sea level.
    """

    drogue_height_m: float
    main_height_m: float
    drogue_m_s: float
    main_m_s: float
    source: str

    def __post_init__(self) -> None:
        """Refuse parachutes that cannot follow each other.

        Raises
        ------
        InputError
            If heights or speeds are not positive and falling.
        """
        if not 0 < self.main_height_m < self.drogue_height_m < 50_000:
            raise InputError(
                f"a drogue at {self.drogue_height_m:g} m and a main parachute at {self.main_height_m:g} m "
                "are not one above the other, between 0 and 50 km"
            )
        if not 0 < self.main_m_s < self.drogue_m_s < 300:
            raise InputError(
                f"speeds of {self.drogue_m_s:g} m/s under the drogue and {self.main_m_s:g} m/s under the "
                "main parachute do not fall, or are not between 0 and 300 m/s"
            )


@dataclass(frozen=True, slots=True)
class ChuteDescent:
    """The way down of n capsules, arrays (n,): seconds are from the opening of the drogue.

    Attributes
    ----------
    main_s
        Main parachute open.
    drogue_path, main_path
        Where one capsule was to be recorded: seconds (m,) and ITRF states (m, 6) under each parachute, the
        first at its opening, the last at the end of its part.  When the main parachute opens the speed
        changes at once.
    """

    main_s: Floats
    touchdown_s: Floats
    latitude_rad: Floats
    longitude_rad: Floats
    drogue_path: tuple[Floats, Floats] | None = None
    main_path: tuple[Floats, Floats] | None = None


def terminal_speed_m_s(speed_m_s: float, at_kg_m3: float, density: Floats) -> Floats:
    """Terminal speed in air of a density, of a parachute that falls at `speed_m_s` in another."""
    return np.asarray(speed_m_s * np.sqrt(at_kg_m3 / density), np.float64)


def main_descent_s(
    chutes: Parachutes, from_height_m: float, ground_height_m: float, density_factor: Floats
) -> Floats:
    """Seconds (n,) from a height to the ground under the main parachute."""
    heights, slowness = _main_slowness(chutes, from_height_m, ground_height_m)
    return np.asarray(np.trapezoid(slowness, heights) * np.sqrt(density_factor), np.float64)


def _main_slowness(chutes: Parachutes, from_height_m: float, ground_height_m: float) -> tuple[Floats, Floats]:
    """Heights (k,) from the ground up, and seconds a metre there under the main parachute."""
    n = max(2, int(np.ceil((from_height_m - ground_height_m) / _STEP_M)) + 1)
    heights = np.linspace(ground_height_m, from_height_m, n)
    return heights, 1 / terminal_speed_m_s(chutes.main_m_s, _SEA_LEVEL_KG_M3, density_kg_m3(heights))


def descend(
    states_itrf: Floats,
    chutes: Parachutes,
    shape: EntryShape,
    ground_height_m: float = 0.0,
    *,
    is_recorded: bool = False,
) -> ChuteDescent:
    """From the opening of the drogue, states (n, 6) in the ITRF, to the ground.

    Parameters
    ----------
    is_recorded
        Whether to keep the path of the one capsule there is.

    Raises
    ------
    InputError
        If the ground lies above the opening of the main parachute.
    """
    if ground_height_m >= chutes.main_height_m:
        raise InputError(
            f"ground at {ground_height_m:g} m is not below the main parachute's opening at "
            f"{chutes.main_height_m:g} m"
        )
    n = len(states_itrf)
    # Terminal speed v: g = 1/2 rho v^2 (Cd A / m).
    at_main = float(density_kg_m3(np.array([chutes.main_height_m]))[0])
    drogue_m2_kg = 2 * G0_M_S2 / (at_main * chutes.drogue_m_s**2)
    under = EntryShape(
        shape.ballistic_m2_kg + drogue_m2_kg, np.zeros(n), shape.density_factor, shape.nose_radius_m,
        shape.wind_m_s,
    )  # fmt: skip
    flown = fly_entry(
        states_itrf, under, lambda _t, y, _air: np.zeros(len(y)), chutes.main_height_m,
        step_s=_DROGUE_STEP_S, is_recorded=is_recorded,
    )  # fmt: skip
    if flown.is_skipped.any():
        raise InputError("under the drogue the capsule does not come down to the main parachute's opening")
    latitude, longitude, _ = geodetic(flown.state[:, :3])
    thin = np.broadcast_to(shape.density_factor, (n,))
    hang_s = main_descent_s(chutes, chutes.main_height_m, ground_height_m, thin)
    end = _drifted(latitude, longitude, shape.wind_m_s, hang_s)
    down = ChuteDescent(flown.t_s, flown.t_s + hang_s, *end)
    if not is_recorded:
        return down
    kept = flown.samples[::_DROGUE_EVERY]
    drogue = (
        np.array([*(t for t, _, _, _ in kept), float(flown.t_s[0])]),
        np.vstack([*(y[0] for _, y, _, _ in kept), flown.state[0]]),
    )
    t, states = _hanging(chutes, ground_height_m, latitude, longitude, shape.wind_m_s, float(thin[0]))
    return replace(down, drogue_path=drogue, main_path=(float(flown.t_s[0]) + t, states))


def _drifted(
    latitude_rad: Floats, longitude_rad: Floats, wind_m_s: Floats, after_s: Floats
) -> tuple[Floats, Floats]:
    """Latitudes and longitudes (n,) of capsules that the wind has carried for some seconds (n,)."""
    latitude = latitude_rad + wind_m_s[1] * after_s / RADIUS_M
    longitude = longitude_rad + wind_m_s[0] * after_s / (RADIUS_M * np.cos(latitude))
    return latitude, (longitude + np.pi) % (2 * np.pi) - np.pi


def _hanging(
    chutes: Parachutes, ground_m: float, latitude: Floats, longitude: Floats, wind: Floats, thin: float
) -> tuple[Floats, Floats]:
    """Seconds (m,) and ITRF states (m, 6) of one capsule under its main parachute."""
    heights, slowness = _main_slowness(chutes, chutes.main_height_m, ground_m)
    slowness = slowness * np.sqrt(thin)
    pieces = 0.5 * (slowness[1:] + slowness[:-1]) * np.diff(heights)
    below_s = np.concatenate((np.zeros(1), np.cumsum(pieces)))  # from a height to the ground
    hang_s = float(below_s[-1])
    t = np.linspace(0.0, hang_s, max(2, int(np.ceil(hang_s / _MAIN_EVERY_S)) + 1))
    height = np.interp(hang_s - t, below_s, heights)
    speed = 1 / np.interp(height, heights, slowness)
    lat, lon = _drifted(latitude, longitude, wind, t)
    r = np.stack([place_itrf_m(*map(float, at)) for at in zip(lat, lon, height, strict=True)])
    east = np.stack((-np.sin(lon), np.cos(lon), np.zeros_like(lon)), axis=1)
    up = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=1)
    v = wind[0] * east + wind[1] * np.cross(up, east) - speed[:, None] * up
    return t, np.hstack((r, v))


def unit_itrf(latitude_rad: Floats, longitude_rad: Floats) -> Floats:
    """Geocentric unit vectors (n, 3) of places at geodetic latitudes and longitudes (n,)."""
    r = np.stack([place_itrf_m(float(a), float(b)) for a, b in zip(latitude_rad, longitude_rad, strict=True)])
    return np.asarray(r / np.linalg.norm(r, axis=1, keepdims=True), np.float64)
