"""Sidereal time, places and the Sun against ERFA and against hand arithmetic."""

from __future__ import annotations

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.dynamics import earth, sun
from crossflight.times import Instant

latitudes = st.floats(-1.57, 1.57)
longitudes = st.floats(-3.14, 3.14)
instants = st.integers(Instant.of(1960, 1, 1).us, Instant.of(2045, 1, 1).us)


@given(latitudes, longitudes, st.floats(-1000.0, 2_000_000.0))
def test_a_place_comes_back_from_its_position(latitude: float, longitude: float, height_m: float) -> None:
    lat, lon, height = earth.geodetic(earth.place_itrf_m(latitude, longitude, height_m)[None, :])
    assert lat[0] == pytest.approx(latitude, abs=1e-9)
    assert np.cos(lon[0] - longitude) == pytest.approx(1.0, abs=1e-12)
    assert height[0] == pytest.approx(height_m, abs=1e-3)


@given(latitudes, longitudes, st.floats(-1000.0, 2_000_000.0))
def test_places_are_those_of_erfa(latitude: float, longitude: float, height_m: float) -> None:
    theirs = erfa.gd2gc(1, longitude, latitude, height_m)
    assert earth.place_itrf_m(latitude, longitude, height_m) == pytest.approx(theirs, abs=1e-6)


@given(instants)
def test_turning_there_and_back_changes_nothing(us: int) -> None:
    r = np.array([[7e6, -1e6, 2e6]])
    at = np.array([us])
    back = earth.itrf_from_teme(earth.teme_from_itrf(r, at), at)
    assert back == pytest.approx(r, abs=1e-6)


@given(instants)
def test_the_sun_is_within_a_hundredth_of_a_degree_of_erfas(us: int) -> None:
    day, fraction = earth.julian_date(us)
    heliocentric, _ = erfa.epv00(day, fraction)  # TDB and UTC differ by a minute: 0.0007 degrees
    direction = -heliocentric["p"] / np.linalg.norm(heliocentric["p"])
    of_date = erfa.pnm06a(day, fraction) @ direction
    # Of date: true equator and equinox; the mean equinox is 0.005 degrees away at most.
    angle = np.degrees(np.arccos(np.clip(of_date @ sun.sun_direction(us), -1, 1)))
    assert angle < 0.02


def test_at_the_march_equinox_the_sun_stands_over_the_equator() -> None:
    at = Instant.of(2022, 3, 20, 15, 33).us
    assert np.degrees(np.arcsin(sun.sun_direction(at)[2])) == pytest.approx(0.0, abs=0.01)


def test_beta_of_an_equatorial_orbit_is_the_suns_declination() -> None:
    at = np.array([Instant.of(2022, 6, 21, 9, 14).us])
    beta = np.degrees(sun.beta_rad(sun.plane_normal(0.0, np.zeros(1)), at))
    assert beta[0] == pytest.approx(23.44, abs=0.01)


def test_noon_is_lit_and_midnight_is_in_shadow() -> None:
    at = np.array([Instant.of(2022, 9, 21).us])
    towards = sun.sun_direction(at) * 6.8e6
    assert sun.is_sunlit(towards, at).all()
    assert not sun.is_sunlit(-towards, at).any()
