"""One factor fitted on hours of a published ephemeris, and the table of errors ahead."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crossflight.dynamics.ballistic import (
    STATION_MODEL,
    fit_ballistic,
    held_weather,
    local_components,
    propagate_fit,
)
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import transform
from crossflight.dynamics.hindcast import (
    FITTED,
    FITTED_WITH_VELOCITY,
    FLATTENING_ONLY,
    PUBLISHED,
    HindcastCase,
    ephemeris_hindcast,
    marked_events_us,
    quiet_begins,
)
from crossflight.dynamics.propagation import Burn, propagate_arc
from crossflight.dynamics.tables import weather_table
from crossflight.errors import InputError
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

STRETCH = np.load(Path(__file__).parent / "fixtures" / "station_2022003.npz")
HOUR_US = 3_600_000_000
SMALL = ForceModel(4, 0, sun=False, moon=False)


@pytest.fixture(scope="module")
def published() -> EphemerisArc:
    t = STRETCH["t_utc_us"]
    return EphemerisArc(
        "ISS", "1998-067A", "EME2000", t, STRETCH["r_m"], STRETCH["v_m_s"],
        Instant(int(t[0])), Instant(int(t[-1])),
    )  # fmt: skip


def made(ballistic: float, burns: tuple[Burn, ...] = (), hours: float = 12) -> EphemerisArc:
    """An ephemeris of a known factor."""
    begin = Instant.of(2022, 1, 4)
    t = begin.us + np.arange(0, round(hours * 3600), 240, dtype=np.int64) * 1_000_000
    state = np.array([6.795e6, 0.0, 0.0, 0.0, 7.66e3 * 0.62, 7.66e3 * 0.7846])
    return propagate_arc(
        SMALL, begin, state, t, object_name="ISS", object_id="", ballistic_m2_kg=ballistic, burns=burns,
        weather=held_weather(begin),
    )  # fmt: skip


def test_a_day_ahead_after_six_hours_of_fit(published: EphemerisArc) -> None:
    fit = fit_ballistic(published)
    assert 0.004 < fit.ballistic_m2_kg < 0.012
    assert fit.n_states == 91
    assert fit.along_rms_m < 3
    assert fit.cross_rms_m < 1
    t = STRETCH["t_utc_us"]
    judged = (t > t[0] + 28.5 * HOUR_US) & (t <= t[0] + 30 * HOUR_US)
    states = propagate_fit(fit, t[judged])
    truth = np.hstack(
        transform("EME2000", "GCRF", t[judged], STRETCH["r_m"][judged], STRETCH["v_m_s"][judged])
    )
    _, along, cross = np.sqrt(np.mean(local_components(truth, states[:, :3] - truth[:, :3]) ** 2, axis=0))
    assert along < 150
    assert cross < 1


def test_the_field_of_the_publisher_is_of_degree_36(published: EphemerisArc) -> None:
    """Any other truncation leaves metres across the track after six hours."""
    fits = {d: fit_ballistic(published, model=ForceModel(d, d)) for d in (20, 30, 36)}
    assert fits[36].cross_rms_m < 0.5
    assert fits[30].cross_rms_m > 2 * fits[36].cross_rms_m
    assert fits[20].cross_rms_m > 2


def test_the_hindcast_table_orders_the_models(published: EphemerisArc) -> None:
    rows = ephemeris_hindcast([HindcastCase("2022003", published, (), 0.0085)], hours_ahead=(3.0, 24.0))
    by_name = {(r.model, r.hours_ahead): r for r in rows if r.is_without_events}
    fitted, velocity = by_name[FITTED, 24.0], by_name[FITTED_WITH_VELOCITY, 24.0]
    stated, bare = by_name[PUBLISHED, 24.0], by_name[FLATTENING_ONLY, 24.0]
    assert fitted.n_arcs == 1
    assert by_name[FITTED, 3.0].n_arcs == 5
    assert velocity.along_rms_m < 150
    assert fitted.along_rms_m < 150 < stated.along_rms_m < bare.along_rms_m
    assert fitted.cross_rms_m < 1 < bare.cross_rms_m
    assert fitted.by_case == (("2022003", 1, fitted.along_rms_m, fitted.cross_rms_m),)


def test_a_case_without_drag_data_has_no_published_row(published: EphemerisArc) -> None:
    short = replace(published, t_utc_us=published.t_utc_us[:140])
    rows = ephemeris_hindcast([HindcastCase("x", short)], hours_ahead=(3.0,), models=(PUBLISHED,))
    assert rows == ()


def test_a_known_factor_is_found() -> None:
    for true in (0.0, 0.006, 0.03):
        fit = fit_ballistic(made(true), model=SMALL)
        assert fit.ballistic_m2_kg == pytest.approx(true, abs=2e-6)
        assert fit.along_rms_m < 0.05


def test_a_known_velocity_error_is_found_beside_the_factor() -> None:
    arc = made(0.008)
    off = arc.v_m_s.copy()
    off[0] += 0.02 * off[0] / np.linalg.norm(off[0])
    fit = fit_ballistic(replace(arc, v_m_s=off), model=SMALL, is_velocity_fitted=True)
    assert fit.dv_along_m_s == pytest.approx(-0.02, abs=1e-4)
    assert fit.ballistic_m2_kg == pytest.approx(0.008, abs=1e-5)


def test_burns_inside_the_fit_are_flown() -> None:
    burn = Burn(Instant.of(2022, 1, 4, 2), (0.0, 1.0, 0.0))
    arc = made(0.008, (burn,))
    assert fit_ballistic(arc, model=SMALL, burns=[burn]).ballistic_m2_kg == pytest.approx(0.008, abs=1e-5)
    assert abs(fit_ballistic(arc, model=SMALL).ballistic_m2_kg - 0.008) > 0.01
    fit = fit_ballistic(arc, model=SMALL, fit_hours=1)
    ahead = propagate_fit(fit, arc.t_utc_us[-1:], [burn])
    assert np.abs(ahead[0, :3] - arc.r_m[-1]).max() < 50


@pytest.mark.parametrize("hours", [0.0, -1.0, 0.5, float("nan")])
def test_too_few_states_are_refused(hours: float) -> None:
    with pytest.raises(InputError, match=r"too few|outside 0 to 240 h"):
        fit_ballistic(made(0.01, hours=2), model=SMALL, fit_hours=hours)


def test_a_fit_past_the_arc_or_without_drag_is_refused() -> None:
    arc = made(0.01, hours=2)
    with pytest.raises(InputError, match="too few"):
        fit_ballistic(arc, model=SMALL, from_utc=arc.to_utc.plus_s(1))
    with pytest.raises(InputError, match="without drag"):
        fit_ballistic(arc, model=ForceModel(2, 0, drag=False))


def test_arcs_are_disjoint_and_avoid_what_they_should(published: EphemerisArc) -> None:
    t = published.t_utc_us
    begins = list(quiet_begins(published, (), 9))
    assert begins == [0, 135, 270, 405, 540]
    event = int(t[200])
    begins = list(quiet_begins(published, [event], 9))
    assert begins[:2] == [0, 200]
    assert list(quiet_begins(published, [event], 9, 30 * 60_000_000))[1] == 208
    assert list(quiet_begins(published, (), 46)) == []


def test_events_show_as_uneven_steps(published: EphemerisArc) -> None:
    assert marked_events_us(published) == ()
    t = np.insert(published.t_utc_us, 100, published.t_utc_us[99] + 60_000_000)
    marked = replace(published, t_utc_us=t)
    assert marked_events_us(marked) == tuple(int(x) for x in t[99:102])
    assert marked_events_us(replace(published, t_utc_us=t[:1])) == ()


def test_weather_is_held_from_what_is_known() -> None:
    table = weather_table()
    at = Instant(int(table.t_utc_us[20_000]))
    weather = held_weather(at)
    assert weather.f107 == pytest.approx(table.f107[20_000 - 81 : 20_000].mean())
    years_on = held_weather(Instant.of(2030, 1, 1))
    assert years_on.ap == pytest.approx(table.ap[-81:].mean())
    assert STATION_MODEL.drag
