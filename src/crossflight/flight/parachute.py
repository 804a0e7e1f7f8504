"""Under the parachutes: a drogue that slows, a main parachute that lets down.

The drogue phase is flown like the entry itself, with the parachute's drag; under the main parachute the
capsule falls at its terminal speed, which grows with the thinness of the air, and drifts with the wind.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """The way down of n capsules, arrays (n,): seconds are from the opening of the drogue."""

    main_s: Floats
    touchdown_s: Floats
    latitude_rad: Floats
    longitude_rad: Floats


def terminal_speed_m_s(speed_m_s: float, at_kg_m3: float, density: Floats) -> Floats:
    """Terminal speed in air of a density, of a parachute that falls at `speed_m_s` in another."""
    return np.asarray(speed_m_s * np.sqrt(at_kg_m3 / density), np.float64)


def main_descent_s(
    chutes: Parachutes, from_height_m: float, ground_height_m: float, density_factor: Floats
) -> Floats:
    """Seconds (n,) from a height to the ground under the main parachute."""
    n = max(2, int(np.ceil((from_height_m - ground_height_m) / _STEP_M)) + 1)
    heights = np.linspace(ground_height_m, from_height_m, n)
    speed = terminal_speed_m_s(chutes.main_m_s, _SEA_LEVEL_KG_M3, density_kg_m3(heights))
    return np.asarray(np.trapezoid(1 / speed, heights) * np.sqrt(density_factor), np.float64)


def descend(
    states_itrf: Floats,
    chutes: Parachutes,
    shape: EntryShape,
    ground_height_m: float = 0.0,
) -> ChuteDescent:
    """From the opening of the drogue, states (n, 6) in the ITRF, to the ground.

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
        states_itrf, under, lambda _t, y, _air: np.zeros(len(y)), chutes.main_height_m, step_s=_DROGUE_STEP_S
    )
    if flown.is_skipped.any():
        raise InputError("under the drogue the capsule does not come down to the main parachute's opening")
    latitude, longitude, _ = geodetic(flown.state[:, :3])
    hang_s = main_descent_s(
        chutes, chutes.main_height_m, ground_height_m, np.broadcast_to(shape.density_factor, (n,))
    )
    east_m, north_m = shape.wind_m_s[0] * hang_s, shape.wind_m_s[1] * hang_s
    latitude = latitude + north_m / RADIUS_M
    longitude = longitude + east_m / (RADIUS_M * np.cos(latitude))
    longitude = (longitude + np.pi) % (2 * np.pi) - np.pi
    return ChuteDescent(flown.t_s, flown.t_s + hang_s, latitude, longitude)


def unit_itrf(latitude_rad: Floats, longitude_rad: Floats) -> Floats:
    """Geocentric unit vectors (n, 3) of places at geodetic latitudes and longitudes (n,)."""
    r = np.stack([place_itrf_m(float(a), float(b)) for a, b in zip(latitude_rad, longitude_rad, strict=True)])
    return np.asarray(r / np.linalg.norm(r, axis=1, keepdims=True), np.float64)
