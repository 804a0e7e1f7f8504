"""Targets too low or too high for a craft are refused before anything is flown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from orbits import station

from crossflight.dynamics.earth import RADIUS_M
from crossflight.errors import UsageError
from crossflight.flight.ascent import ascent_of
from crossflight.flight.craft import craft_of
from crossflight.flight.return_profile import deorbit_kg
from crossflight.flight.target_height import raising_m_s, require_height


@pytest.mark.parametrize(
    ("vehicle", "height_km", "says"),
    [
        ("soyuz-ms", 230, "the target is 230 km high; soyuz-ms is inserted at 218 km"),
        ("soyuz-ms", 900, "takes 388 m/s, and soyuz-ms has 355 m/s"),
        ("crew-dragon", 1900, "and crew-dragon has 346 m/s"),
        ("apollo-csm", 170, "has to be 25 km lower"),
    ],
)
def test_a_target_out_of_reach_is_refused_with_the_numbers(vehicle: str, height_km: int, says: str) -> None:
    orbit = replace(station(), axis_m=RADIUS_M + 1000.0 * height_km)
    with pytest.raises(UsageError, match=says) as raised:
        require_height(orbit, ascent_of(vehicle), craft_of(vehicle))
    assert "can be flown to targets between" in str(raised.value.hint)


@pytest.mark.parametrize(
    ("vehicle", "height_km"),
    [("soyuz-ms", 340), ("soyuz-ms", 420), ("crew-dragon", 420), ("crew-dragon", 575), ("apollo-csm", 224)],
)
def test_what_was_flown_to_is_in_reach(vehicle: str, height_km: int) -> None:
    orbit = replace(station(), axis_m=RADIUS_M + 1000.0 * height_km)
    require_height(orbit, ascent_of(vehicle), craft_of(vehicle))


def test_raising_is_hohmanns() -> None:
    # Vallado 2013, example 6-1: from 191.34 to 35 781.35 km takes 2457.0 and 1478.2 m/s.
    assert raising_m_s(6_569_480.0, 42_159_490.0) == pytest.approx(2457.0 + 1478.2, abs=1.0)
    assert raising_m_s(7e6, 7e6) == 0.0


def test_a_deorbit_burn_is_the_profiles() -> None:
    axis_m = RADIUS_M + 420e3
    assert deorbit_kg(craft_of("soyuz-ms"), 6700.0, axis_m) == pytest.approx(283.0, abs=3.0)
    # Dragon's from 350 km took 82.7 m/s of its capsule alone as flown; from 420 km it is more.
    assert 250 < deorbit_kg(craft_of("crew-dragon"), 12_000.0, axis_m) < 450
    assert deorbit_kg(craft_of("apollo-csm"), 14_000.0, axis_m) == 0.0
