"""Relative motion: frames, transition matrices, targeting; against two bodies and the full model."""

import os
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orbits import elements_before
from scipy.integrate import solve_ivp

from crossflight.dynamics.frames import transform
from crossflight.dynamics.mean_orbit import satellite
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.errors import UsageError
from crossflight.flight.local_frame import (
    Target,
    curvilinear_from_lvlh,
    gcrf_from_lvlh,
    lvlh_from_curvilinear,
    lvlh_from_gcrf,
    rtn_from_lvlh,
)
from crossflight.flight.relative_motion import (
    aimed_velocity,
    cw_acceleration,
    cw_drag_response,
    cw_transition,
    propagated,
    ya_transition,
)
from crossflight.flight.safety import full_model_relative
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

TARGET = Target.circular()
N = TARGET.rate_rad_s


@pytest.fixture(scope="module", autouse=True)
def compiled_models_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        if "CROSSFLIGHT_CACHE" not in os.environ:
            patched.setenv("CROSSFLIGHT_CACHE", str(tmp_path_factory.mktemp("compiled") / "crossflight"))
        yield


@cache
def station() -> tuple[Instant, np.ndarray]:
    elements: ElementSet = elements_before(2022, 9, 21)
    _, r, v = satellite(elements).sgp4_tsince(0.0)
    r_m, v_m_s = transform("TEME", "GCRF", elements.epoch_utc.us, np.array([r]) * 1000, np.array([v]) * 1000)
    return elements.epoch_utc, np.concatenate([r_m[0], v_m_s[0]])


def kepler(state: np.ndarray, dt_s: float) -> np.ndarray:
    def rate(_: float, y: np.ndarray) -> np.ndarray:
        return np.concatenate([y[3:], -MU_M3_S2 * y[:3] / np.linalg.norm(y[:3]) ** 3])

    return solve_ivp(rate, (0, dt_s), state, rtol=1e-13, atol=1e-9, method="DOP853").y[:, -1]


def elliptic(e: float, anomaly: float) -> np.ndarray:
    axis = 6.8e6 / (1 - e)
    p = axis * (1 - e**2)
    r = p / (1 + e * np.cos(anomaly))
    tilt = np.array([[1, 0], [0, np.cos(0.9)], [0, np.sin(0.9)]])
    place = tilt @ (r * np.array([np.cos(anomaly), np.sin(anomaly)]))
    speed = tilt @ (np.sqrt(MU_M3_S2 / p) * np.array([-np.sin(anomaly), e + np.cos(anomaly)]))
    return np.concatenate([place, speed])


components = st.tuples(*[st.floats(-1, 1) for _ in range(6)]).map(np.array)


@given(components, st.floats(0, 0.3), st.floats(-3, 3))
def test_states_go_into_the_local_frame_and_back(unit: np.ndarray, e: float, anomaly: float) -> None:
    relative = unit * [9000, 3000, 4000, 12, 4, 8]
    target = elliptic(e, anomaly)
    back = lvlh_from_gcrf(target, gcrf_from_lvlh(target, relative))[0]
    assert np.allclose(back, relative, atol=1e-7, rtol=0)
    radius = float(np.linalg.norm(target[:3]))
    curved = curvilinear_from_lvlh(radius, relative[None])
    assert np.allclose(lvlh_from_curvilinear(radius, curved)[0], relative, atol=1e-6, rtol=0)


def test_axes_are_ahead_against_the_normal_and_down() -> None:
    target = elliptic(0.0, 0.4)
    ahead = kepler(target, 1.0)
    assert lvlh_from_gcrf(target, ahead)[0, 0] == pytest.approx(7656, abs=5)
    lower = target.copy()
    lower[:3] *= 1 - 500 / np.linalg.norm(target[:3])
    assert np.allclose(lvlh_from_gcrf(target, lower)[0, :3], [0, 0, 500], atol=1e-6)
    north = target.copy()
    normal = np.cross(target[:3], target[3:])
    north[:3] += 30 * normal / np.linalg.norm(normal)
    assert np.allclose(lvlh_from_gcrf(target, north)[0, :3], [0, -30, 0], atol=1e-6)
    assert rtn_from_lvlh(np.array([1.0, 2.0, 3.0])).tolist() == [-3, 1, -2]


def test_the_frames_rate_is_the_orbits_own() -> None:
    # A craft at rest in the frame of an eccentric target: its velocity carries h / r^2 at that place.
    target = elliptic(0.2, 1.1)
    craft = gcrf_from_lvlh(target, np.array([0, 0, 1000.0, 0, 0, 0]))[0]
    h = np.linalg.norm(np.cross(target[:3], target[3:]))
    rate = h / np.linalg.norm(target[:3]) ** 2
    assert np.linalg.norm(craft[3:] - target[3:]) == pytest.approx(1000 * rate, rel=1e-12)


def test_velocities_of_curvilinear_states_are_the_rates_of_their_places() -> None:
    rng = np.random.default_rng(3)
    states = rng.normal(size=(6, 6)) * [5000, 3000, 2000, 5, 5, 5]
    h = 1e-3
    ahead, behind = states.copy(), states.copy()
    ahead[:, :3] += h * states[:, 3:]
    behind[:, :3] -= h * states[:, 3:]
    rate = (curvilinear_from_lvlh(6.8e6, ahead) - curvilinear_from_lvlh(6.8e6, behind))[:, :3] / (2 * h)
    assert np.allclose(rate, curvilinear_from_lvlh(6.8e6, states)[:, 3:], atol=1e-5)


@pytest.mark.parametrize(
    ("e", "anomaly", "dt_s"), [(0.0, 0.3, 2000), (7e-4, 1.0, 2700), (0.1, 2.0, 4000), (0.3, -2.0, 9000)]
)
def test_yamanaka_ankersen_is_two_body_motion_nearby(e: float, anomaly: float, dt_s: float) -> None:
    target = elliptic(e, anomaly)
    relative = np.array([1.0, 2.0, -1.5, 0.001, -0.002, 0.0015])
    craft = gcrf_from_lvlh(target, relative)[0]
    end = lvlh_from_gcrf(kepler(target, dt_s), kepler(craft, dt_s))[0]
    found = Target.of_state(target)
    assert found.eccentricity == pytest.approx(e, abs=1e-12)
    phi = ya_transition(found.axis_m, e, found.true_anomaly_rad, dt_s, MU_M3_S2)
    assert np.abs(phi @ relative - end)[:3].max() < 1e-3
    assert np.abs(phi @ relative - end)[3:].max() < 1e-6
    clohessy = cw_transition(found.rate_rad_s, dt_s) @ relative
    assert (np.abs(clohessy - end)[:3].max() < 1e-3) == (e == 0.0)


def test_matrices_compose_and_agree_on_a_circle() -> None:
    whole, half = cw_transition(N, 3000), cw_transition(N, 1500)
    assert np.allclose(half @ half, whole, rtol=0, atol=1e-6)
    assert np.allclose(ya_transition(TARGET.axis_m, 0.0, 0.7, 3000, MU_M3_S2), whole, rtol=1e-8, atol=1e-8)
    states = np.random.default_rng(1).normal(size=(6, 5))
    assert np.allclose(propagated(whole, states), whole @ states, atol=1e-9)


def test_the_drag_response_and_acceleration_solve_the_equation() -> None:
    def rate(_: float, y: np.ndarray) -> np.ndarray:
        pull = cw_acceleration(N, y[:3, None], y[3:, None])[:, 0]
        return np.concatenate([y[3:], pull + np.array([1e-6, 0, 0])])

    start = np.array([100.0, 50, -20, 0.1, 0.2, -0.3])
    end = solve_ivp(rate, (0, 4000), start, rtol=1e-12, atol=1e-12).y[:, -1]
    ours = cw_transition(N, 4000) @ start + 1e-6 * cw_drag_response(N, 4000)
    assert np.allclose(ours, end, atol=1e-6)


def test_a_craft_that_is_braked_less_falls_behind_after_all() -> None:
    # The paradox of drag: pushed ahead, it rises and is overtaken.
    assert TARGET.drag_difference_m_s2(0.005) > 0
    assert cw_drag_response(N, TARGET.period_s)[0] < 0


@settings(max_examples=50)
@given(components, components, st.floats(0.05, 0.9))
def test_two_impulses_arrive(a: np.ndarray, b: np.ndarray, revolutions: float) -> None:
    phi = cw_transition(N, revolutions * TARGET.period_s)
    place, aim, now = 1000 * a[:3, None], 1000 * b[:3], b[3:, None]
    velocity = aimed_velocity(phi, place, aim, now)
    end = propagated(phi, np.vstack([place, velocity]))[:3, 0]
    across_has_say = abs(np.sin(2 * np.pi * revolutions)) > 0.3
    kept = [0, 1, 2] if across_has_say else [0, 2]
    assert np.allclose(end[kept], aim[kept], atol=1e-5)
    if not across_has_say:
        assert velocity[1, 0] == now[1, 0]


@pytest.mark.parametrize("dt_s", [0.0, TARGET.period_s, 2 * TARGET.period_s])
def test_no_time_and_whole_revolutions_cannot_be_aimed_over(dt_s: float) -> None:
    with pytest.raises(UsageError, match="cannot be aimed"):
        aimed_velocity(cw_transition(N, dt_s), np.zeros((3, 1)), np.ones(3), np.zeros((3, 1)))


@pytest.mark.parametrize(
    ("relative", "dt_s", "off_m"),
    [
        ((-1800, 100, 900, 2.5, 0, -1.2), 600, 4.0),
        ((0, 0, 400, 0.4, 0, -0.1), 1390, 6.0),
        ((220, 0, 0, -0.2, 0, 0), 1000, 1.0),
    ],
)
def test_a_hop_in_the_linear_model_is_within_metres_of_the_full_model(
    relative: tuple[float, ...], dt_s: float, off_m: float
) -> None:
    at, state = station()
    target = Target.of_state(state)
    begin = np.array([relative], float)
    end = full_model_relative(
        state,
        begin[0],
        at,
        np.array([dt_s]),
        station_ballistic_m2_kg=target.ballistic_m2_kg,
        craft_ballistic_m2_kg=0.005,
    )[0]
    phi = ya_transition(target.axis_m, target.eccentricity, target.true_anomaly_rad, dt_s, MU_M3_S2)
    drag = cw_drag_response(target.rate_rad_s, dt_s) * target.drag_difference_m_s2(0.005)
    ours = phi @ curvilinear_from_lvlh(target.radius_m, begin)[0] + drag
    ours = lvlh_from_curvilinear(target.radius_m, ours[None])[0]
    moved = np.linalg.norm(end[:3] - begin[0, :3])
    assert np.linalg.norm(ours[:3] - end[:3]) < off_m < 0.03 * moved


@pytest.mark.parametrize(
    "make",
    [
        lambda: Target(1e6, 1e-3),
        lambda: Target.of_state(np.full(6, np.nan)),
        lambda: Target.of_state(np.array([7e6, 0, 0, 0, 2e4, 0])),
        lambda: lvlh_from_gcrf(np.zeros(5), np.zeros(6)),
        lambda: gcrf_from_lvlh(elliptic(0, 0), np.full(6, np.inf)),
        lambda: ya_transition(7e6, 1.2, 0, 10, MU_M3_S2),
    ],
)
def test_what_is_no_orbit_is_refused(make: object) -> None:
    with pytest.raises(UsageError):
        make()  # type: ignore[operator]
