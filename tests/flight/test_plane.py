"""Passes of a place through the plane, against a search by brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orbits import elements_before, station

from crossflight.dynamics.earth import teme_from_itrf
from crossflight.dynamics.mean_orbit import satellite
from crossflight.dynamics.time_scales import julian_date
from crossflight.flight.plane import Place, passes, stand
from crossflight.flight.zones import PADS
from crossflight.times import Instant

START = Instant.of(2022, 9, 21)


def brute_force(place: Place, start: Instant, days: float, *, is_northbound: bool) -> list[float]:
    """Sign changes of the place's height over the plane, second by second."""
    orbit = station()
    t_us = start.us + np.arange(0, round(days * 86_400)) * 1_000_000
    at = stand(orbit, place, t_us)
    going_north = np.cos(at.latitude_argument) > 0
    crossing = np.flatnonzero(
        (np.sign(at.across[:-1]) != np.sign(at.across[1:])) & (going_north[:-1] == is_northbound)
    )
    return [float(t_us[k]) for k in crossing]


@settings(max_examples=15, deadline=None)
@given(st.floats(-51.0, 51.0), st.floats(-180.0, 180.0), st.booleans())
def test_passes_are_all_there_and_at_the_right_second(lat: float, lon: float, is_northbound: bool) -> None:
    place = Place("somewhere", float(np.radians(lat)), float(np.radians(lon)))
    found = passes(station(), place, START, START.plus_days(2), is_northbound=is_northbound)
    expected = brute_force(place, START, 2, is_northbound=is_northbound)
    # A pass within a second of the edge may be on either side of it.
    inner = [t for t in expected if START.us + 2e6 < t < START.us + 2 * 86_400e6 - 2e6]
    assert [t for t in inner if not np.any(np.abs(found - t) <= 1.5e6)] == []
    assert abs(len(found) - len(expected)) <= 1


def test_a_place_too_far_north_is_never_in_the_plane() -> None:
    place = Place("Plesetsk", float(np.radians(62.9)), float(np.radians(40.6)))
    assert passes(station(), place, START, START.plus_days(3), is_northbound=True).size == 0


def test_in_plane_is_where_sgp4_has_the_plane_but_for_its_wobble() -> None:
    """SGP4's osculating plane wobbles by 0.03 degrees: the pad is within it when the mean plane passes."""
    pad, elements = PADS["baikonur-31"], elements_before(2022, 9, 20)
    t_us = passes(station(), pad, START, START.plus_days(1), is_northbound=True)
    record = satellite(elements)
    for at in t_us:
        span = at + np.arange(-2800, 2800, 60) * 1_000_000  # one revolution
        _, r, v = record.sgp4_array(*julian_date(span))
        normal = np.cross(r, v)
        normal /= np.linalg.norm(normal, axis=1)[:, None]
        up = teme_from_itrf(pad.itrf_m / np.linalg.norm(pad.itrf_m), np.array([at]))[0]
        across = np.degrees(np.arcsin(normal @ up))
        assert np.mean(across) == pytest.approx(0.0, abs=0.012)
        assert np.max(np.abs(across)) < 0.08  # it drifts by 0.3 degrees a revolution on top


def test_the_pads_are_where_the_map_has_them() -> None:
    assert np.degrees(PADS["ksc-39a"].longitude_rad) == pytest.approx(-80.604, abs=0.001)
    assert np.degrees(PADS["baikonur-1"].latitude_rad) == pytest.approx(45.920, abs=0.001)
