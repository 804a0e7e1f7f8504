"""The deorbit burn and the fall to the entry interface: against propagator, rocket equation, two bodies."""

from __future__ import annotations

import numpy as np
import pytest

from crossflight.dynamics.events import altitude_m
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import transform
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.dynamics.propagation import propagate
from crossflight.errors import InputError
from crossflight.flight.craft import craft_of
from crossflight.flight.deorbit import (
    Descending,
    Thrust,
    burn_duration_s,
    dv_for_perigee_m_s,
    perigee_height_m,
    propellant_kg,
)
from crossflight.times import Instant

START = Instant.of(2022, 9, 29, 10)
MODEL = ForceModel()
DRAG = np.array([12 * 2.2 / 6680])
MAIN = craft_of("soyuz-ms").main
EMPTY_SPACE = ForceModel(0, 0, sun=False, moon=False, drag=False)


def orbit(height_m: float = 420e3) -> np.ndarray:
    """A circular orbit, (6, 1), GCRF."""
    axis = 6_378_137.0 + height_m
    speed, tilt = np.sqrt(MU_M3_S2 / axis), np.radians(51.64)
    return np.array([[axis, 0, 0, 0, speed * np.cos(tilt), speed * np.sin(tilt)]]).T


def flow(model: ForceModel = MODEL) -> Descending:
    return Descending(model, START.plus_s(-3600), START.plus_s(6 * 3600))


def test_free_flight_is_the_propagators() -> None:
    f = flow()
    found = f.march(orbit(), f.seconds(START), 3600.0, DRAG, 60.0)
    expected = propagate(
        MODEL, START.us, orbit().T, np.array([START.plus_s(3600).us]), ballistic_m2_kg=DRAG, step_s=60
    )[0, 0]
    assert np.abs(found[:3, 0] - expected[:3]).max() < 1e-3
    assert f.instant(f.seconds(START)) == START


def test_states_with_clocks_of_their_own_fly_as_alone() -> None:
    f = flow()
    clocks = np.array([0.0, 1800.0, 5400.0])
    together = f.step(
        np.repeat(orbit(), 3, axis=1), f.seconds(START) + clocks, np.array([20.0, 30, 40]), DRAG
    )
    for i, (clock, h) in enumerate(zip(clocks, (20.0, 30.0, 40.0), strict=True)):
        alone = f.step(orbit(), f.seconds(START) + float(clock), h, DRAG)
        assert np.abs(together[:, i] - alone[:, 0]).max() < 1e-6


def test_the_burn_changes_speed_as_the_rocket_equation_says() -> None:
    f = flow(EMPTY_SPACE)
    far = np.array([[4e8, 0, 0, 0, 3000.0, 0]]).T  # next to no gravity
    duration = float(burn_duration_s(MAIN, np.array(6680.0), np.array(128.0)))
    thrust = Thrust(MAIN, np.array(0.0), np.array(6680.0), np.array(1.0))
    after = f.march(far, 0.0, duration, DRAG, 30.0, thrust)
    assert 3000.0 - after[4, 0] == pytest.approx(128.0, abs=0.01)
    flow_kg_s = MAIN.thrust_n / (MAIN.specific_impulse_s * 9.80665)
    assert propellant_kg(MAIN, 6680.0, 128.0) == pytest.approx(flow_kg_s * duration, rel=1e-9)
    # Published for MS-11: 128 m/s in 4 min 41 s.
    assert duration == pytest.approx(281, rel=0.03)


def test_a_burn_for_a_perigee_reaches_it() -> None:
    f = flow(EMPTY_SPACE)
    eccentric = f.march(orbit() * np.array([[1, 1, 1, 1, 1.003, 1.003]]).T, 0.0, 1500.0, DRAG, 60.0)
    for wanted in (-50e3, 20e3, 100e3):
        after = eccentric.copy()
        along = eccentric[3:, 0] - eccentric[:3, 0] * (
            eccentric[3:, 0] @ eccentric[:3, 0] / (eccentric[:3, 0] @ eccentric[:3, 0])
        )
        after[3:, 0] -= dv_for_perigee_m_s(eccentric, wanted)[0] * along / np.linalg.norm(along)
        assert perigee_height_m(after)[0] == pytest.approx(wanted, abs=1.0)


def test_heights_are_passed_at_roots_each_state_in_its_own_time() -> None:
    f = flow()
    n = 5
    states = np.repeat(orbit(), n, axis=1)
    thrust = Thrust(MAIN, np.array(f.seconds(START)), np.array(6680.0), np.linspace(0.99, 1.01, n))
    states = f.march(states, f.seconds(START), 284.0, np.repeat(DRAG, n), 30.0, thrust)
    states, at = f.down_to(states, f.seconds(START) + 284.0, np.repeat(DRAG, n), 120_000.0)
    assert len(set(at.tolist())) == n
    assert (np.diff(at) < 0).all()  # who burns more is down sooner
    for i in range(n):
        height = altitude_m(f.instant(float(at[i])).us, states[:3, i][None])[0]
        assert height == pytest.approx(120_000.0, abs=0.5)
    # Later roots start from earlier ones, on clocks of their own.
    states, lower = f.down_to(states, at, np.repeat(DRAG, n), 110_000.0)
    assert (lower > at).all()


def test_the_turning_frame_is_the_one_of_the_frames() -> None:
    f = flow()
    found = f.to_itrf(orbit(), f.seconds(START))[0]
    r, v = transform("GCRF", "ITRF", np.array([START.us]), orbit()[:3].T, orbit()[3:].T)
    assert np.abs(found[:3] - r[0]).max() < 0.01
    assert np.abs(found[3:] - v[0]).max() < 1e-3
    assert np.abs(f.to_gcrf(found[None], f.seconds(START))[0] - orbit()[:, 0]).max() < 1e-6


def test_a_burn_too_small_is_refused_with_its_perigee() -> None:
    f = flow()
    with pytest.raises(InputError, match=r"still above 120 km.* perigee is at 4\d\d km"):
        f.down_to(orbit(), f.seconds(START), DRAG, 120_000.0)
