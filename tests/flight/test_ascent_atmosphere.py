"""The air of ascents against the published standard, and against the room's other reading of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.flight.atmosphere import SEA_DENSITY_KG_M3, air
from crossflight.flight.atmosphere_profile import standard_density_kg_m3
from crossflight.flight.us_standard_1976 import SEA_PRESSURE_PA

# U.S. Standard Atmosphere 1976, table I: height in m, density in kg/m3, pressure in Pa, sound in m/s.
PUBLISHED = (
    (0, 1.2250, 101325.0, 340.294),
    (5000, 0.73643, 54048.0, 320.545),
    (10000, 0.41351, 26500.0, 299.532),
    (20000, 0.088910, 5529.3, 295.069),
    (30000, 0.018410, 1197.0, 301.709),
    (50000, 1.0269e-3, 79.779, 329.799),
    (80000, 1.8458e-5, 1.0524, 282.538),
)


@pytest.mark.parametrize(("height", "density", "pressure", "sound"), PUBLISHED)
def test_published_values_are_met_to_their_digits(height, density, pressure, sound) -> None:
    found = air(float(height))
    assert found.density_kg_m3 == pytest.approx(density, rel=3e-4)
    assert found.pressure_pa == pytest.approx(pressure, rel=3e-4)
    assert found.sound_m_s == pytest.approx(sound, rel=1e-4)


@given(st.floats(-400.0, 199_000.0))
def test_air_thins_upwards_and_agrees_with_the_profile_of_entries(height: float) -> None:
    found = air(height)
    higher = air(height + 50.0)
    assert 0 < higher.density_kg_m3 <= found.density_kg_m3 <= SEA_DENSITY_KG_M3 * 1.0001
    assert 0 < higher.pressure_pa <= found.pressure_pa <= SEA_PRESSURE_PA
    if height > 0:
        assert found.density_kg_m3 == pytest.approx(
            float(standard_density_kg_m3(np.array([height]))[0]), rel=2e-3
        )


def test_there_is_none_above_the_table() -> None:
    assert air(200_000.0).density_kg_m3 == 0.0
    assert air(1e7).pressure_pa == 0.0
