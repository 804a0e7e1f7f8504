"""Finite burns: the rocket equation, and against an integration of the thrust itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from crossflight.dynamics import forces
from crossflight.dynamics.compiled import right_hand_side
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.surroundings import Surroundings
from crossflight.dynamics.time_scales import tai_us
from crossflight.errors import UsageError
from crossflight.flight.craft import craft_of
from crossflight.flight.finite_burn import (
    GRAVITY_M_S2,
    burn_path,
    engine_for,
    flown_burn,
    rtn_axes_of,
    thrust,
)
from crossflight.times import Instant

MODEL = ForceModel(4, 4, sun=False, moon=False, drag=False)
IGNITION = Instant.of(2022, 9, 21, 14, 30)
STATE = np.array([6_578_000.0, 0.0, 0.0, 20.0, 4830.0, 6100.0])


@given(st.floats(0.0, 300.0), st.floats(2000.0, 20_000.0))
def test_impulses_add_up_to_the_burn_and_propellant_to_the_rocket_equation(dv: float, mass: float) -> None:
    engine = craft_of("soyuz-ms").main
    burn = thrust(engine, dv, mass)
    assert burn.sizes_m_s.sum() == pytest.approx(dv, abs=1e-9)
    exhaust = engine.specific_impulse_s * GRAVITY_M_S2
    assert exhaust * np.log(mass / (mass - burn.propellant_kg)) == pytest.approx(dv, abs=1e-9)
    assert burn.duration_s * engine.thrust_n == pytest.approx(burn.propellant_kg * exhaust)
    assert np.all(np.diff(burn.offsets_s) > 0)


def test_a_burn_of_seven_minutes_is_the_integral_of_its_thrust() -> None:
    craft = craft_of("crew-dragon")
    mass, dv = craft.mass_kg, 55.0
    burn = thrust(craft.main, dv, mass)
    assert 300 < burn.duration_s < 500
    direction = np.array([0.1, 0.99, -0.1]) / np.linalg.norm([0.1, 0.99, -0.1])
    end_us, found = flown_burn(MODEL, 0.0, IGNITION.us, STATE[None], direction, burn)
    assert end_us == IGNITION.us + round(burn.duration_s * 1e6)

    around = Surroundings(IGNITION.us - 10**9, IGNITION.us + 10**9)
    rhs = right_hand_side(MODEL)
    begin_s = (int(tai_us(IGNITION.us)[0]) - around.base_tai_us) / 1e6
    flow = craft.main.thrust_n / (craft.main.specific_impulse_s * GRAVITY_M_S2)

    def slope(t: float, y: np.ndarray) -> np.ndarray:
        parameters = around.parameters(np.array([begin_s + t]))[0][: rhs.nparams]
        pull = rhs(y, pars=parameters)
        push = craft.main.thrust_n / (mass - flow * t) * (direction @ np.vstack(rtn_axes_of(y[None])))
        return np.concatenate([y[3:], pull + push])

    t_us, path = burn_path(MODEL, 0.0, IGNITION.us, STATE, direction, burn)
    told_s = (t_us - IGNITION.us) / 1e6
    span = (0.0, max(burn.duration_s, told_s[-1]))
    along = solve_ivp(slope, span, STATE, method="DOP853", t_eval=told_s, rtol=1e-12, atol=1e-6).y.T
    assert path[-1] == pytest.approx(found[0], abs=1e-6)
    assert np.diff(told_s).max() <= 20.0
    assert np.linalg.norm(path[:, :3] - along[:, :3], axis=1).max() < 0.5
    exact = along[-1]
    assert rhs.nparams <= forces.BALLISTIC  # without drag no ballistic factor is read
    assert found[0, :3] == pytest.approx(exact[:3], abs=0.5)
    assert found[0, 3:] == pytest.approx(exact[3:], abs=2e-3)


def test_many_states_burn_as_each_alone() -> None:
    burn = thrust(craft_of("soyuz-ms").main, 20.0, 7000.0)
    states = STATE + np.array([[0, 0, 0, 0, 0, 0], [100, 50, 20, 0.1, 0.2, 0.3]])
    directions = np.array([[0.0, 1.0, 0.0], [0.0, 0.6, 0.8]])
    _, together = flown_burn(MODEL, 0.0, IGNITION.us, states, directions, burn)
    for state, direction, y in zip(states, directions, together, strict=True):
        assert flown_burn(MODEL, 0.0, IGNITION.us, state[None], direction, burn)[1][0] == pytest.approx(y)


def test_small_burns_are_the_thrusters() -> None:
    craft = craft_of("soyuz-ms")
    assert engine_for(craft, 20.0) is craft.main
    assert engine_for(craft, 2.0) is craft.thrusters


@pytest.mark.parametrize(("dv", "mass"), [(-1.0, 7000.0), (float("nan"), 7000.0), (1.0, 0.0), (1.0, np.inf)])
def test_what_is_no_burn_is_refused(dv: float, mass: float) -> None:
    with pytest.raises(UsageError, match="is none"):
        thrust(craft_of("soyuz-ms").main, dv, mass)
