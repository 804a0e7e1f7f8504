"""Frames against published examples, astropy, and themselves turned back."""

import json
from pathlib import Path

import erfa
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.dynamics.frames import (
    EARTH_RATE_RAD_S,
    FRAMES,
    EarthOrientation,
    earth_orientation,
    frame_bias,
    transform,
)
from crossflight.dynamics.tables import ARCSEC_RAD, orientation_table
from crossflight.errors import InputError
from crossflight.times import Instant

GOLDEN = json.loads((Path(__file__).parent / "fixtures" / "astropy_frames.json").read_text("utf-8"))


def given_orientation(
    ut1_utc_s: float, xp: float, yp: float, dx: float = 0.0, dy: float = 0.0, lod_s: float = 0.0
) -> EarthOrientation:
    return EarthOrientation(*(np.array([x]) for x in (ut1_utc_s, xp, yp, dx, dy, lod_s)))


# Vallado 2013, examples 3-14 and 3-15 (and AIAA 2006-6753, appendix C): one instant, one state.
VALLADO_UTC = Instant.parse("2004-04-06T07:51:28.386009Z")
VALLADO_EOP = given_orientation(
    -0.4399619,
    -0.140682 * ARCSEC_RAD,
    0.333309 * ARCSEC_RAD,
    -0.000205 * ARCSEC_RAD,
    -0.000136 * ARCSEC_RAD,
    0.0015563,
)
VALLADO_ITRF = (
    np.array([[-1033.4793830, 7901.2952754, 6380.3565958]]) * 1e3,
    np.array([[-3.225636520, -2.872451450, 5.531924446]]) * 1e3,
)


@pytest.mark.parametrize(
    ("frame", "r_km", "v_km_s"),
    [
        ("GCRF", [5102.5089530, 6123.0113955, 6378.1369371], [-4.743220161, 0.790536492, 5.533755724]),
        ("TEME", [5094.1801621, 6127.6446595, 6380.3445327], [-4.746131487, 0.785818041, 5.531931288]),
    ],
)
def test_published_example_of_vallado(frame: str, r_km: list[float], v_km_s: list[float]) -> None:
    # The printed example rounds its Julian date to doubles of 40 microseconds: 1.5 cm along the rotation.
    r, v = transform("ITRF", frame, VALLADO_UTC.us, *VALLADO_ITRF, VALLADO_EOP)
    assert np.abs(r - np.array(r_km) * 1e3).max() < 0.015
    assert np.abs(v - np.array(v_km_s) * 1e3).max() < 2e-5
    back = transform(frame, "ITRF", VALLADO_UTC.us, r, v, VALLADO_EOP)
    assert np.abs(back[0] - VALLADO_ITRF[0]).max() < 1e-8


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["utc"])
@pytest.mark.parametrize("frame", ["ITRF", "TEME"])
def test_astropy_agrees_to_a_tenth_of_a_millimetre(case: dict[str, object], frame: str) -> None:
    eop = given_orientation(case["ut1_utc_s"], case["xp_rad"], case["yp_rad"])
    state = np.array([case["gcrf_m_m_s"]])
    expected = np.array([case[f"{frame.lower()}_m_m_s"]])
    r, v = transform("GCRF", frame, Instant.parse(case["utc"]).us, state[:, :3], state[:, 3:], eop)
    assert np.abs(r - expected[:, :3]).max() < 1e-4
    assert np.abs(v - expected[:, 3:]).max() < 1e-4


def test_the_bias_of_the_frame_is_that_of_the_conventions() -> None:
    # IERS Conventions 2010, 5.4.4: 16.617 and 6.819 mas of the pole, 14.6 mas of the equinox.
    bias = frame_bias()
    assert bias[0, 2] == pytest.approx(16.6170e-3 * ARCSEC_RAD, abs=1e-12)
    assert bias[1, 2] == pytest.approx(6.8192e-3 * ARCSEC_RAD, abs=1e-12)
    assert bias[0, 1] == pytest.approx(-14.6e-3 * ARCSEC_RAD, abs=1e-12)
    assert np.abs(bias @ bias.T - np.eye(3)).max() < 1e-15


STATES = st.lists(st.floats(-1, 1), min_size=6, max_size=6).filter(lambda s: np.linalg.norm(s[:3]) > 0.1)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(Instant.of(1973, 1, 3).us, Instant.of(2040, 1, 1).us), min_size=1, max_size=4),
    STATES,
    st.sampled_from(FRAMES),
    st.sampled_from(FRAMES),
)
def test_there_and_back_is_nowhere(times: list[int], state: list[float], a: str, b: str) -> None:
    t = np.array(times, np.int64)
    r = np.tile(np.array(state[:3]) * 7e6, (len(t), 1))
    v = np.tile(np.array(state[3:]) * 8e3, (len(t), 1))
    r1, v1 = transform(a, b, t, r, v)
    assert np.allclose(np.linalg.norm(r1, axis=1), np.linalg.norm(r, axis=1), rtol=1e-14)
    r2, v2 = transform(b, a, t, r1, v1)
    assert np.abs(r2 - r).max() < 2e-8
    assert np.abs(v2 - v).max() < 1e-10


@pytest.mark.parametrize("frame", ["ITRF", "TEME", "EME2000"])
def test_velocity_is_the_change_of_position(frame: str) -> None:
    t = Instant.of(2022, 3, 1, 5, 6, 7).us
    r, v = np.array([[6.5e6, -1.2e6, 1.5e6]]), np.array([[1e3, 5e3, 5.4e3]])
    after, _ = transform("GCRF", frame, t + 1_000_000, r + v, v)
    before, _ = transform("GCRF", frame, t - 1_000_000, r - v, v)
    _, v_frame = transform("GCRF", frame, t, r, v)
    # The turning of the pole is left out of the velocity: 7.7e-12 rad/s x 6.8e6 m.
    assert np.abs((after - before) / 2 - v_frame).max() < 7e-5


def test_a_point_on_the_ground_moves_with_the_earth() -> None:
    t = Instant.of(2024, 6, 1).us
    _, v = transform("ITRF", "GCRF", t, [[6_378_137.0, 0, 0]], [[0, 0, 0]])
    assert np.linalg.norm(v) == pytest.approx(6_378_137.0 * EARTH_RATE_RAD_S, rel=1e-6)


def test_orientation_is_the_tables_at_its_days_and_between_them() -> None:
    table = orientation_table()
    i = 15_000
    eop = earth_orientation(table.t_utc_us[i : i + 2])
    assert np.array_equal(eop.xp_rad, table.xp_rad[i : i + 2])
    half = earth_orientation(int(table.t_utc_us[i]) + 43_200_000_000)
    assert half.yp_rad[0] == pytest.approx(table.yp_rad[i : i + 2].mean())
    assert abs(eop.excess_day_s[0]) < 0.005
    held = earth_orientation(int(table.t_utc_us[-1]) + 86_400_000_000 * 300)
    assert held.xp_rad[0] == table.xp_rad[-1]
    assert held.excess_day_s[0] == 0.0


def test_what_does_not_fit_is_refused() -> None:
    r = np.ones((2, 3))
    with pytest.raises(InputError, match="'J2000' is not known"):
        transform("J2000", "GCRF", np.array([0, 1]), r, r)
    t = Instant.of(2020, 1, 1).us
    with pytest.raises(InputError, match="1 instants do not fit"):
        transform("GCRF", "ITRF", t, r, r)
    with pytest.raises(InputError, match="outside 1972"):
        transform("GCRF", "ITRF", 0, r[:1], r[:1])


def test_sidereal_time_is_erfas() -> None:
    t = Instant.of(2023, 1, 2, 3, 4, 5).us
    eop = given_orientation(0.1, 0.0, 0.0)
    r, _ = transform("TEME", "ITRF", t, [[7e6, 0, 0]], [[0, 0, 0]], eop)
    angle = -np.arctan2(r[0, 1], r[0, 0]) % (2 * np.pi)
    assert angle == pytest.approx(erfa.gmst82(2_459_946.5, (3 * 3600 + 4 * 60 + 5.1) / 86_400), abs=1e-12)
