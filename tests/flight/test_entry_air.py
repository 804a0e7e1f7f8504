"""The standard atmosphere against its published values, and parachutes in it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.dynamics.earth import place_itrf_m
from crossflight.errors import InputError
from crossflight.flight.atmosphere_profile import density_kg_m3, standard_density_kg_m3
from crossflight.flight.entry import EntryShape
from crossflight.flight.parachute import Parachutes, descend, main_descent_s, terminal_speed_m_s, unit_itrf

SOYUZ = Parachutes(10_800.0, 8500.0, 80.0, 7.2, "")
# U.S. Standard Atmosphere 1976, table I: geometric height in m, density in kg/m3.
PUBLISHED = (
    (0.0, 1.2250), (1000.0, 1.1117), (5000.0, 7.3643e-1), (11_000.0, 3.6480e-1), (20_000.0, 8.8910e-2),
    (30_000.0, 1.8410e-2), (40_000.0, 3.9957e-3), (50_000.0, 1.0269e-3), (60_000.0, 3.0968e-4),
    (70_000.0, 8.2829e-5), (80_000.0, 1.8458e-5), (100_000.0, 5.604e-7), (120_000.0, 2.222e-8),
)  # fmt: skip


def shape(wind: tuple[float, float] = (0.0, 0.0), n: int = 1) -> EntryShape:
    return EntryShape(np.full(n, 1.7e-3), np.zeros(n), np.ones(n), 2.2, np.array(wind))


@pytest.mark.parametrize(("height", "density"), PUBLISHED)
def test_the_density_is_the_published_one(height: float, density: float) -> None:
    assert standard_density_kg_m3(np.array([height]))[0] == pytest.approx(density, rel=1e-4)
    assert density_kg_m3(np.array([height]))[0] == pytest.approx(density, rel=6e-4)


def test_layers_and_table_join_without_a_step() -> None:
    heights = np.array([11_019.0, 20_063.0, 47_350.0, 71_802.0, 86_000.0, 120_000.0])
    below, above = standard_density_kg_m3(heights - 0.5), standard_density_kg_m3(heights + 0.5)
    assert below / above == pytest.approx(np.ones(6), abs=4e-4)


@given(st.floats(-400, 490_000), st.floats(1, 5000))
def test_air_thins_upwards(height: float, more: float) -> None:
    low, high = density_kg_m3(np.array([height, height + more]))
    assert 0 < high < low


def test_outside_its_heights_the_density_stays_finite() -> None:
    assert np.isfinite(density_kg_m3(np.array([-1e7, 1e9]))).all()
    assert np.isfinite(standard_density_kg_m3(np.array([1e6]))).all()


def test_terminal_speed_balances_weight() -> None:
    speed = terminal_speed_m_s(7.2, 1.225, np.array([1.225, 1.225 / 4]))
    assert speed == pytest.approx([7.2, 14.4])


def test_the_main_parachute_takes_what_an_integral_of_its_speed_says() -> None:
    heights = np.linspace(350.0, 8500.0, 200_001)
    slowness = 1 / (7.2 * np.sqrt(1.225 / standard_density_kg_m3(heights)))
    expected = float(np.sum((slowness[1:] + slowness[:-1]) / 2 * np.diff(heights)))
    found = main_descent_s(SOYUZ, 8500.0, 350.0, np.array([1.0, 1.21]))
    assert found == pytest.approx([expected, 1.1 * expected], rel=1e-4)


def dropped(speed: float, down: float) -> np.ndarray:
    """A state over the equator at the drogue's height: eastward and downward speed."""
    r = place_itrf_m(0.0, 0.0, SOYUZ.drogue_height_m)
    return np.array([[*r, -down, speed, 0.0]])


def test_the_drogue_slows_within_its_height_and_the_way_down_is_in_order() -> None:
    found = descend(dropped(80.0, 200.0), SOYUZ, shape())
    # From 215 m/s to 80 m/s over 2300 m: more time than at 215, less than at 80.
    assert 2300 / 215 < found.main_s[0] < 2300 / 75
    assert found.touchdown_s[0] > found.main_s[0] + 800
    # East of where it opened, by less than a few kilometres.
    assert 0 < found.longitude_rad[0] < 2000 / 6.378e6


def test_wind_carries_the_capsule_off_while_it_hangs() -> None:
    still, windy = descend(dropped(0, 200), SOYUZ, shape()), descend(dropped(0, 200), SOYUZ, shape((10, -5)))
    hang = float(still.touchdown_s[0] - still.main_s[0])
    east = (windy.longitude_rad - still.longitude_rad)[0] * 6.378e6
    north = (windy.latitude_rad - still.latitude_rad)[0] * 6.357e6
    assert east == pytest.approx(10 * hang, rel=0.06)
    assert north == pytest.approx(-5 * hang, rel=0.06)


def test_parachutes_that_cannot_follow_each_other_are_refused() -> None:
    with pytest.raises(InputError, match="one above the other"):
        Parachutes(5000.0, 8000.0, 80.0, 7.0, "")
    with pytest.raises(InputError, match="do not fall"):
        Parachutes(9000.0, 8000.0, 6.0, 7.0, "")
    with pytest.raises(InputError, match="not below the main parachute"):
        descend(dropped(0, 200), SOYUZ, shape(), 9000.0)


def test_places_are_geocentric_unit_vectors() -> None:
    found = unit_itrf(np.radians([0.0, 45.0]), np.radians([90.0, 0.0]))
    assert found[0] == pytest.approx([0, 1, 0], abs=1e-12)
    # The ellipsoid bends geocentric latitudes by 0.192 degrees at most.
    assert np.degrees(np.arcsin(found[1, 2])) == pytest.approx(44.808, abs=1e-3)
