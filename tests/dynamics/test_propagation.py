"""Propagation against other engines, its own order and symmetry, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.app.validation.engines import golden
from crossflight.dynamics import dop853
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.propagation import Burn, propagate, propagate_arc
from crossflight.dynamics.surroundings import SpaceWeather, Surroundings
from crossflight.dynamics.tables import weather_table
from crossflight.errors import InputError
from crossflight.times import Instant

ZONAL = ForceModel(4, 0, sun=False, moon=False, drag=False)
FULL = ForceModel()
MODELS = {
    "4x0": ZONAL,
    "20x20": ForceModel(20, 20, sun=False, moon=False, drag=False),
    "20x20+sun+moon": ForceModel(20, 20, drag=False),
    "20x20+sun+moon+drag": FULL,
}
T0 = Instant.of(2022, 1, 4)
DAY_US = 86_400_000_000


STATES = np.array(golden("heyoka_taylor")["states_m_m_s"])


@pytest.mark.parametrize("engine", ["orekit_zonal", "satkit_zonal"])
def test_orekit_and_satkit_agree_to_two_millimetres_after_a_day(engine: str) -> None:
    other = golden(engine)
    assert np.array_equal(np.array(other["states_m_m_s"]), STATES)
    ours = propagate(ZONAL, T0.us, STATES, T0.us + DAY_US)[:, 0]
    off_m = np.linalg.norm(ours[:, :3] - np.array(other["after"]["4x0"])[:, :3], axis=1)
    assert off_m.max() < 0.002


@pytest.mark.parametrize("name", MODELS)
def test_the_taylor_reference_agrees_to_a_centimetre_after_a_day(name: str) -> None:
    reference = golden("heyoka_taylor")
    assert MODELS[name].text() == name
    ours = propagate(
        MODELS[name], T0.us, STATES, T0.us + DAY_US, ballistic_m2_kg=reference["ballistic_m2_kg"]
    )[:, 0]
    off_m = np.linalg.norm(ours[:, :3] - np.array(reference["after"][name])[:, :3], axis=1)
    assert off_m.max() < (0.001 if name == "4x0" else 0.01)


def test_the_reference_can_tell_drag_and_bodies_apart() -> None:
    after = {name: np.array(states) for name, states in golden("heyoka_taylor")["after"].items()}
    names = list(after)
    for a, b, metres in zip(names, names[1:], (500.0, 20.0, 1000.0), strict=False):
        assert np.linalg.norm(after[a][:, :3] - after[b][:, :3], axis=1).min() > metres


def test_the_method_meets_the_conditions_of_its_order() -> None:
    b, c = dop853.WEIGHTS, dop853.NODES
    for order in range(1, 9):
        assert b @ c ** (order - 1) == pytest.approx(1 / order, abs=1e-14)
    a = np.zeros((dop853.N_STAGES, dop853.N_STAGES))
    for i, row in enumerate(dop853.STAGES):
        a[i, : len(row)] = row
    assert np.abs(a.sum(axis=1) - c).max() < 1e-14
    assert b @ (a @ c**6) == pytest.approx(1 / 56, abs=1e-14)
    assert b @ (c * (a @ c**5)) == pytest.approx(1 / 48, abs=1e-14)


def test_the_error_falls_with_the_eighth_power_of_the_step() -> None:
    exact = propagate(ZONAL, T0.us, STATES[:2], T0.us + DAY_US // 8, step_s=30)
    off = [
        np.abs(propagate(ZONAL, T0.us, STATES[:2], T0.us + DAY_US // 8, step_s=h) - exact)[..., :3].max()
        for h in (300, 600)
    ]
    assert np.log2(off[1] / off[0]) > 7.5


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5), st.floats(-0.9, 0.9), st.floats(0.001, 0.02))
def test_there_and_back_in_time(i: int, days: float, ballistic: float) -> None:
    t = T0.us + round(days * DAY_US)
    there = propagate(FULL, T0.us, STATES[i], t, ballistic_m2_kg=ballistic)[:, 0]
    back = propagate(FULL, t, there, T0.us, ballistic_m2_kg=ballistic)[:, 0]
    assert np.abs(back - STATES[i])[0, :3].max() < 0.05


def test_close_instants_are_the_same_states_as_single_ones() -> None:
    t = T0.us + np.arange(-1800, 5400, 7, dtype=np.int64) * 1_000_000
    together = propagate(FULL, T0.us, STATES[:2], t, ballistic_m2_kg=0.01)
    for j in range(0, len(t), 97):
        alone = propagate(FULL, T0.us, STATES[:2], int(t[j]), ballistic_m2_kg=0.01)[:, 0]
        assert np.abs(together[:, j] - alone)[:, :3].max() < 0.005
        assert np.abs(together[:, j] - alone)[:, 3:].max() < 1e-4


def test_the_order_of_instants_does_not_matter() -> None:
    t = T0.us + np.array([7200, -3600, 0, 86_400, 7200], np.int64) * 1_000_000
    out = propagate(FULL, T0.us, STATES[:3], t)
    assert np.array_equal(out[:, 2], STATES[:3])
    assert np.array_equal(out[:, 0], out[:, 4])
    ordered = propagate(FULL, T0.us, STATES[:3], np.sort(t))
    assert np.abs(out[:, [1, 2, 0, 4, 3]] - ordered).max() < 1e-6


def test_a_state_does_not_depend_on_its_company() -> None:
    many = np.tile(STATES, (200, 1))  # more than one chunk
    factors = np.linspace(0.0, 0.02, len(many))
    together = propagate(FULL, T0.us, many, T0.us + 3600_000_000, ballistic_m2_kg=factors)[:, 0]
    for i in (0, 5, 1023, 1024, 1199):
        alone = propagate(FULL, T0.us, many[i], T0.us + 3600_000_000, ballistic_m2_kg=factors[i])[0, 0]
        assert np.abs(together[i] - alone).max() < 1e-6


def test_states_with_epochs_of_their_own() -> None:
    epochs = T0.us + np.array([0, 1000, 5000, 1000, 0, 7000], np.int64) * 1_000_000
    later = T0.us + np.array([7000, 20_000], np.int64) * 1_000_000
    together = propagate(FULL, epochs, STATES, later, ballistic_m2_kg=0.01)
    earlier = propagate(FULL, epochs, STATES, T0.us - 3_000_000_000, ballistic_m2_kg=0.01)
    for i, epoch in enumerate(epochs):
        alone = propagate(FULL, int(epoch), STATES[i], later, ballistic_m2_kg=0.01)[0]
        assert np.abs(together[i] - alone)[:, :3].max() < 0.01
        before = propagate(FULL, int(epoch), STATES[i], T0.us - 3_000_000_000, ballistic_m2_kg=0.01)[0]
        assert np.abs(earlier[i] - before)[:, :3].max() < 0.01
    with pytest.raises(InputError, match="begins before the last of the states' epochs"):
        propagate(FULL, epochs, STATES, T0.us + 6_000_000_000)


def test_a_burn_changes_velocity_and_is_undone_going_back() -> None:
    at = T0.plus_s(3000)
    burn = Burn(at, (0.3, 1.5, -2.0))
    times = np.array([at.us, at.us + 1, at.us + 5_000_000_000], np.int64)
    burnt = propagate(ZONAL, T0.us, STATES[:1], times, burns=[burn])[0]
    unburnt = propagate(ZONAL, T0.us, STATES[:1], times)[0]
    assert np.abs(burnt[0] - unburnt[0]).max() < 1e-6
    dv = burnt[1, 3:] - unburnt[1, 3:]
    assert np.linalg.norm(dv) == pytest.approx(np.linalg.norm(burn.dv_rtn_m_s), abs=1e-4)
    radial = unburnt[1, :3] / np.linalg.norm(unburnt[1, :3])
    assert dv @ radial == pytest.approx(0.3, abs=1e-4)
    assert dv @ unburnt[1, 3:] / np.linalg.norm(unburnt[1, 3:]) == pytest.approx(1.5, abs=1e-2)
    back = propagate(ZONAL, int(times[2]), burnt[2], T0.us, burns=[burn])[0, 0]
    assert np.abs(back - STATES[0])[:3].max() < 1e-3


def test_a_burn_along_the_track_raises_the_orbit() -> None:
    later = T0.us + 60_000_000
    states = propagate(ZONAL, T0.us, STATES[0], later, burns=[Burn(T0, (0.0, 1.0, 0.0))])[0, 0]
    plain = propagate(ZONAL, T0.us, STATES[0], later)[0, 0]

    def axis_m(state: np.ndarray) -> float:
        return 1 / (2 / np.linalg.norm(state[:3]) - state[3:] @ state[3:] / 3.986004415e14)

    # 2 a dv / v: 1.77 km per m/s at 420 km.
    assert axis_m(states) - axis_m(plain) == pytest.approx(1770, abs=20)


def test_more_drag_falls_further_ahead() -> None:
    after = propagate(
        FULL, T0.us, np.tile(STATES[0], (3, 1)), T0.us + DAY_US, ballistic_m2_kg=[0.0, 0.01, 0.01],
        density_factor=[1.0, 1.0, 2.0],
    )[:, 0]  # fmt: skip
    ahead = (after[:, :3] - after[0, :3]) @ after[0, 3:] / np.linalg.norm(after[0, 3:])
    assert 500 < ahead[1] < 20_000
    assert ahead[2] == pytest.approx(2 * ahead[1], rel=0.02)


def test_given_weather_replaces_the_tables() -> None:
    calm, stormy = SpaceWeather(70, 70, 4), SpaceWeather(200, 180, 80)
    fall = [
        propagate(FULL, T0.us, STATES[0], T0.us + DAY_US, ballistic_m2_kg=0.01, weather=w)[0, 0, :3]
        - propagate(FULL, T0.us, STATES[0], T0.us + DAY_US)[0, 0, :3]
        for w in (calm, stormy)
    ]
    assert np.linalg.norm(fall[1]) > 4 * np.linalg.norm(fall[0])


def test_weather_of_the_day_before_and_held_past_the_table() -> None:
    table = weather_table()
    i = 23_000
    at = Instant(int(table.t_utc_us[i]))
    rows = Surroundings(at.us, at.us).parameters(np.array([0.0]))
    day = Instant.of(int(at.date()[:4]), 1, 1)
    expected = [table.f107[i - 1], table.f107_mean[i], table.ap[i], at.days_since(day)]
    assert np.allclose(rows[0, 15:19], expected, atol=1e-9)
    past = Instant(int(table.t_utc_us[-1])).plus_days(100)
    held = Surroundings(past.us, past.us).parameters(np.array([0.0]))
    assert tuple(held[0, 15:18]) == table.hold()


def test_the_surroundings_are_those_of_the_frames_and_bodies() -> None:
    from crossflight.dynamics.bodies import moon_gcrf_m, sun_gcrf_m
    from crossflight.dynamics.frames import celestial_to_terrestrial, earth_orientation

    begin = Instant.parse("2016-12-31T20:13:07.25Z")  # a leap second lies inside
    t = begin.us + np.arange(0, 40, 3, dtype=np.int64) * 3_600_000_000
    around = Surroundings(begin.us, int(t[-1]))
    from crossflight.dynamics.time_scales import elapsed_s

    rows = around.parameters(elapsed_s(begin.us, t))
    rotation = celestial_to_terrestrial(t, earth_orientation(t)).reshape(-1, 9)
    assert np.abs(rows[:, :9] - rotation).max() * 7e6 < 1e-3
    assert np.abs(rows[:, 9:12] - sun_gcrf_m(t)).max() < 1.0
    assert np.abs(rows[:, 12:15] - moon_gcrf_m(t)).max() < 0.01


def test_an_arc_comes_out_as_an_ephemeris() -> None:
    t = T0.us + np.arange(0, 3600, 240, dtype=np.int64) * 1_000_000
    arc = propagate_arc(ZONAL, T0, STATES[0], t, object_name="ISS", object_id="1998-067A")
    assert arc.frame == "GCRF"
    assert arc.from_utc == T0
    assert np.array_equal(arc.r_m[0], STATES[0, :3])


@pytest.mark.parametrize(
    ("state", "factor", "message"),
    [
        ([7e6, 0, 0, 0, np.nan, 0], 0.01, "state 1 .* is not a finite number"),
        ([7e6, 0, 0, 0, 7.5e3, 0], np.inf, "state 1 .* is not a finite number"),
        ([7e6, 0, 0, 0, 5e3, 0], 0.01, "the orbit falls below 80 km before 2022-01-04T"),
        ([1e6, 0, 0, 0, 0, 0], 0.0, "state 1 is 1000 km from the Earth's centre"),
        ([7e6, 0, 0, 0, 7.5e3], 0.0, r"shape \(1, 5\)"),
        ([7e3, 0, 0, 0, 7.5, 0], 0.0, "state 1 is 7 km from"),
        ([0, 0, 0, 0, 0, 0], 0.0, "state 1 is 0 km from"),
    ],
)
def test_states_that_are_no_orbits_are_refused(state: list[float], factor: float, message: str) -> None:
    with pytest.raises(InputError, match=message):
        propagate(FULL, T0.us, [state], T0.us + DAY_US, ballistic_m2_kg=factor)


def test_a_decayed_orbit_among_many_is_named() -> None:
    states = STATES.copy()
    states[3, 3:] *= 0.9
    with pytest.raises(InputError, match="orbit 4 falls below"):
        propagate(ZONAL, T0.us, states, T0.us + DAY_US)


@pytest.mark.parametrize("t", [Instant.of(1972, 6, 1), Instant.of(2101, 1, 1), Instant(2**60)])
def test_instants_outside_the_tables_are_refused(t: Instant) -> None:
    with pytest.raises(InputError):
        propagate(FULL, t.us, STATES[0], t.us)
    with pytest.raises(InputError):
        propagate(FULL, T0.us, STATES[0], t.us)


def test_other_nonsense_is_refused() -> None:
    with pytest.raises(InputError, match="step of 0"):
        propagate(FULL, T0.us, STATES[0], T0.us, step_s=0)
    with pytest.raises(InputError, match="degree 20 and order 21"):
        ForceModel(20, 21)
    assert propagate(FULL, T0.us, STATES[:2], np.empty(0, np.int64)).shape == (2, 0, 6)
