"""Hermite between the states of an ephemeris: exact for polynomials, good on the station, refused outside."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.interpolation import N_NODES, hermite, states_at
from crossflight.dynamics.propagation import propagate
from crossflight.errors import InputError
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

STRETCH = np.load(Path(__file__).parent / "fixtures" / "station_2022003.npz")


def arc(every: int = 1) -> EphemerisArc:
    t = STRETCH["t_utc_us"][::every]
    return EphemerisArc(
        "ISS", "1998-067A", "EME2000", t, STRETCH["r_m"][::every], STRETCH["v_m_s"][::every],
        Instant(int(t[0])), Instant(int(t[-1])),
    )  # fmt: skip


def test_every_second_published_state_comes_back_to_a_metre() -> None:
    """Eight minutes between states; what is left comes from the short waves of the gravity field."""
    left_out = STRETCH["t_utc_us"][1:-1:2]
    r, v = states_at(arc(2), left_out)
    off = np.linalg.norm(r - STRETCH["r_m"][1:-1:2], axis=1)[4:-4]
    assert np.sqrt(np.mean(off**2)) < 0.45
    assert off.max() < 1.5
    assert np.linalg.norm(v - STRETCH["v_m_s"][1:-1:2], axis=1)[4:-4].max() < 0.01
    low, _ = states_at(arc(2), left_out, n_nodes=3)
    assert np.linalg.norm(low - STRETCH["r_m"][1:-1:2], axis=1)[4:-4].max() > 10  # the degree matters


def test_four_minutes_between_states_leave_centimetres() -> None:
    """Against a propagation with the field the publisher uses."""
    model = ForceModel(36, 36)
    t = STRETCH["t_utc_us"][0] + np.arange(0, 120 * 120, 60, dtype=np.int64) * 1_000_000
    state = np.r_[STRETCH["r_m"][0], STRETCH["v_m_s"][0]]
    truth = propagate(model, int(t[0]), state, t)[0]
    nodes = truth[::4]
    seconds = (t - t[0]) / 1e6
    r, v = hermite(seconds[::4], nodes[:, :3], nodes[:, 3:], seconds, N_NODES)
    inside = slice(12, -12)
    assert np.linalg.norm(r - truth[:, :3], axis=1)[inside].max() < 0.1
    assert np.linalg.norm(v - truth[:, 3:], axis=1)[inside].max() < 1e-3


def test_states_of_the_ephemeris_are_kept() -> None:
    r, v = states_at(arc(), STRETCH["t_utc_us"][:50])
    assert np.abs(r - STRETCH["r_m"][:50]).max() < 1e-6
    assert np.abs(v - STRETCH["v_m_s"][:50]).max() < 1e-8


@given(
    st.lists(st.floats(-5, 5), min_size=8, max_size=8),
    st.lists(st.floats(0.5, 3), min_size=3, max_size=9),
    st.floats(0, 1),
)
def test_a_polynomial_of_the_degree_is_met(coefficients: list[float], gaps: list[float], at: float) -> None:
    t = np.concatenate([[0.0], np.cumsum(gaps)]) + 100.0
    p = np.polynomial.Polynomial(coefficients)
    nodes, slopes = p(t - 100.0)[:, None], p.deriv()(t - 100.0)[:, None]
    x = np.array([t[0] + at * (t[-1] - t[0])])
    r, v = hermite(t, nodes, slopes, x, 4)
    scale = max(1.0, np.abs(nodes).max(), np.abs(slopes).max())
    assert abs(r[0, 0] - p(x[0] - 100.0)) < 1e-7 * scale
    assert abs(v[0, 0] - p.deriv()(x[0] - 100.0)) < 1e-6 * scale


def test_close_states_in_a_burn_do_not_spoil_their_neighbours() -> None:
    """Every 2 s in a burn among every 240 s: minutes are not continued from seconds."""
    t = np.concatenate([np.arange(0, 2400, 240), 2400 + np.arange(0, 60, 2), np.arange(2640, 6000, 240)])
    omega = 2 * np.pi / 5570
    start, end = 2400.0, 2458.0

    def position(x: np.ndarray) -> np.ndarray:
        burnt = np.clip(x, start, end) - start
        along = 0.5 * 3e-3 * burnt**2 + np.maximum(x - end, 0) * 3e-3 * (end - start)
        return np.stack([6.8e6 * np.cos(omega * x), 6.8e6 * np.sin(omega * x) + along], axis=1)

    def rate(x: np.ndarray) -> np.ndarray:
        dv = 3e-3 * (np.clip(x, start, end) - start)
        return np.stack([-6.8e6 * omega * np.sin(omega * x), 6.8e6 * omega * np.cos(omega * x) + dv], axis=1)

    x = np.arange(0.0, 5900.0, 7.0)
    r, _ = hermite(t.astype(float), position(t), rate(t), x, N_NODES)
    assert np.abs(r - position(x)).max() < 0.2


def test_instants_outside_the_useable_span_are_refused() -> None:
    whole = arc()
    useable = replace(whole, useable_from_utc=whole.from_utc.plus_s(600))
    states_at(useable, whole.from_utc.plus_s(600).us)
    for at in (whole.from_utc.plus_s(599), whole.to_utc.plus_s(1)):
        with pytest.raises(InputError, match="outside the useable span"):
            states_at(useable, at.us)
    single = EphemerisArc(
        "ISS", "", "GCRF", whole.t_utc_us[:1], whole.r_m[:1], whole.v_m_s[:1], whole.from_utc, whole.from_utc
    )
    with pytest.raises(InputError, match="has 1 states"):
        states_at(single, whole.from_utc.us)
    assert states_at(whole, np.empty(0, np.int64))[0].shape == (0, 3)
