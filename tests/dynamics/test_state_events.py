"""Sub-point, beta and shadow of states, against erfa, simple geometry and the low-precision Sun."""

import erfa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.dynamics import sun as almanac
from crossflight.dynamics.bodies import AU_M, moon_gcrf_m, sun_gcrf_m
from crossflight.dynamics.events import (
    PENUMBRA,
    SUNLIT,
    UMBRA,
    altitude_m,
    beta_rad,
    is_in_cylinder,
    shadow,
    sub_point,
)
from crossflight.dynamics.frames import transform
from crossflight.times import Instant

T = Instant.of(2021, 8, 13, 13, 47, 16).us
INSTANTS = st.integers(Instant.of(1975, 1, 1).us, Instant.of(2030, 1, 1).us)


@settings(max_examples=40, deadline=None)
@given(INSTANTS, st.floats(-89.9, 89.9), st.floats(-179.9, 179.9), st.floats(-1000, 1_000_000))
def test_a_place_is_below_itself(us: int, lat_deg: float, lon_deg: float, height_m: float) -> None:
    r_itrf = erfa.gd2gc(1, np.radians(lon_deg), np.radians(lat_deg), height_m)
    r, _ = transform("ITRF", "GCRF", us, [r_itrf], [[0, 0, 0]])
    lat, lon, height = sub_point(us, r)
    assert np.degrees(lat[0]) == pytest.approx(lat_deg, abs=1e-9)
    assert np.degrees(lon[0]) == pytest.approx(lon_deg, abs=1e-7)
    assert height[0] == pytest.approx(height_m, abs=1e-4)
    assert altitude_m(us, r)[0] == height[0]


def test_the_sun_is_an_astronomical_unit_away_and_where_the_almanac_has_it() -> None:
    t = Instant.of(2021, 1, 1).us + np.arange(0, 365, 7, dtype=np.int64) * 86_400_000_000
    sun = sun_gcrf_m(t)
    distance = np.linalg.norm(sun, axis=1)
    assert 0.983 < distance.min() / AU_M < 0.9836
    assert 1.0164 < distance.max() / AU_M < 1.017
    # Of date against J2000: precession of 21 years is 0.3 deg.
    cosine = np.sum(sun / distance[:, None] * almanac.sun_direction(t), axis=1)
    assert np.degrees(np.arccos(cosine.min())) < 0.35


def test_the_moon_covers_the_sun_in_the_eclipse_of_2017() -> None:
    # Greatest eclipse 2017-08-21T18:25:32 UTC (NASA): Sun and Moon within a degree seen from the centre.
    t = Instant.of(2017, 8, 21, 18, 25, 32).us
    sun, moon = sun_gcrf_m(t)[0], moon_gcrf_m(t)[0]
    cosine = sun @ moon / np.linalg.norm(sun) / np.linalg.norm(moon)
    # Gamma of that eclipse is 0.4367 Earth radii: 0.43 deg at the Moon's distance.
    assert np.degrees(np.arccos(cosine)) == pytest.approx(0.43, abs=0.02)


def test_beta_is_the_suns_angle_above_the_plane() -> None:
    sun = sun_gcrf_m(T)[0]
    towards = sun / np.linalg.norm(sun)
    across = np.cross(towards, [0, 0, 1.0])
    across /= np.linalg.norm(across)
    up = np.cross(across, towards)
    assert beta_rad(T, towards * 7e6, across * 7.5e3)[0] == pytest.approx(0, abs=1e-12)
    assert np.degrees(beta_rad(T, up * 7e6, across * 7.5e3)[0]) == pytest.approx(90, abs=1e-4)
    assert np.degrees(beta_rad(T, across * 7e6, up * 7.5e3)[0]) == pytest.approx(-90, abs=1e-4)


def test_shadow_from_noon_to_midnight() -> None:
    sun = sun_gcrf_m(T)[0]
    towards = sun / np.linalg.norm(sun)
    aside = np.cross(towards, [0, 0, 1.0])
    aside /= np.linalg.norm(aside)
    angle = np.radians(np.linspace(0, 180, 20_001))
    r = 6.79e6 * (np.cos(angle)[:, None] * towards + np.sin(angle)[:, None] * aside)
    state = shadow(np.full(len(r), T), r)
    assert list(state[np.flatnonzero(np.diff(state, prepend=-1))]) == [SUNLIT, PENUMBRA, UMBRA]
    edge = 180 - np.degrees(np.arcsin(6_378_137 / 6.79e6))
    cylinder = is_in_cylinder(np.full(len(r), T), r)
    assert np.degrees(angle[cylinder][0]) == pytest.approx(edge, abs=0.02)
    # The penumbra is as wide as the Sun: half a degree about the cylinder's edge.
    assert np.degrees(angle[state == PENUMBRA][0]) == pytest.approx(edge - 0.264, abs=0.02)
    assert np.degrees(angle[state == UMBRA][0]) == pytest.approx(edge + 0.264, abs=0.02)


@settings(max_examples=40, deadline=None)
@given(INSTANTS, st.lists(st.floats(-1, 1), min_size=3, max_size=3).filter(lambda r: np.linalg.norm(r) > 0.1))
def test_umbra_is_inside_the_cylinder_and_the_cylinder_inside_the_penumbra(us: int, r: list[float]) -> None:
    position = np.array([r]) / np.linalg.norm(r) * 6.8e6
    state, cylinder = shadow(us, position)[0], is_in_cylinder(us, position)[0]
    assert not (state == UMBRA and not cylinder)
    assert not (cylinder and state == SUNLIT)
