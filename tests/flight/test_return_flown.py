"""Returns against the flown record, each beside its null model; and what returns may never do."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from crossflight.app.validation.flown_landings import FlownLanding, landings
from crossflight.dynamics.events import altitude_m, sub_point
from crossflight.dynamics.frames import transform
from crossflight.dynamics.mean_orbit import satellite
from crossflight.dynamics.time_scales import julian_date
from crossflight.errors import InputError, UsageError
from crossflight.flight.craft import craft_of
from crossflight.flight.flight_phases import Arc
from crossflight.flight.parachute import unit_itrf
from crossflight.flight.plane import Place
from crossflight.flight.return_flight import ReturnResult, fly_return
from crossflight.flight.return_profile import return_profile
from crossflight.flight.return_scatter import ReturnErrors, ReturnScatter
from crossflight.flight.zones import ZONES
from crossflight.model.orbit import ElementSet
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

SOYUZ, DRAGON = craft_of("soyuz-ms"), craft_of("crew-dragon")
KAZAKHSTAN = ZONES["kazakhstan"]
# Where they came down, of the record's notes; MS-18's is the centre of the others [assumed].
PLACES = {
    "MS-17": (47.3256, 69.6597), "MS-18": (47.35, 69.60),
    "MS-21": (47.3833, 69.65), "MS-25": (47.35, 69.6333),
}  # fmt: skip
NULL_S = 12_160.0


def station_at(elements: ElementSet, at: Instant) -> CraftState:
    day, fraction = julian_date(at.us)
    error, r, v = satellite(elements).sgp4(float(day), float(fraction))
    assert not error
    r_m, v_m_s = transform("TEME", "GCRF", np.array([at.us]), 1e3 * np.array([r]), 1e3 * np.array([v]))
    return CraftState(at, r_m[0], v_m_s[0], 420e3)


@cache
def flown(name: str) -> FlownLanding:
    return next(
        x for x in (*landings("soyuz-ms", 13.0), *landings("crew-dragon", 10.0)) if x.flight.name == name
    )


@cache
def station(name: str) -> CraftState:
    one = flown(name)
    assert one.flight.undock_utc is not None
    return station_at(one.elements, one.flight.undock_utc)


@cache
def returned(name: str, mode: str = "lifting", aimed_as: str = "") -> ReturnResult:
    return fly_return(station(name), SOYUZ, KAZAKHSTAN, mode=mode, aimed_as=aimed_as or None, n_samples=0)


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    one, other = unit_itrf(np.radians([a[0], b[0]]), np.radians([a[1], b[1]]))
    return float(6378.0 * np.linalg.norm(one - other))


def test_there_are_four_soyuz_landings_with_near_elements() -> None:
    assert {x.flight.name for x in landings("soyuz-ms", 4.0)} == set(PLACES)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_a_soyuz_lands_when_and_where_it_did(name: str) -> None:
    result, flight = returned(name), flown(name).flight
    assert flight.landing_utc is not None
    assert flight.undock_utc is not None
    error_s = result.touchdown.utc.s_since(flight.landing_utc)
    null_s = NULL_S - flight.landing_utc.s_since(flight.undock_utc)
    at = (result.touchdown.latitude_deg, result.touchdown.longitude_deg)
    miss_km, null_km = km_between(at, PLACES[name]), km_between((47.35, 69.6), PLACES[name])
    print(f"{name} {error_s:+.0f} s (null {null_s:+.0f} s) {miss_km:.1f} km (null {null_km:.1f} km)")
    assert abs(error_s) < 180
    assert miss_km < 60


@pytest.mark.parametrize("name", ["MS-08", "MS-19"])
def test_a_soyuz_that_took_longer_home_comes_out_where_the_null_model_fails(name: str) -> None:
    # Elements 5 and 10 days off: the station's phase decides, and these two undocked earlier than usual.
    flight = flown(name).flight
    assert flight.landing_utc is not None
    assert flight.undock_utc is not None
    assert abs(returned(name).touchdown.utc.s_since(flight.landing_utc)) < 180
    assert abs(NULL_S - flight.landing_utc.s_since(flight.undock_utc)) > 1200


@pytest.mark.parametrize("name", sorted(PLACES))
def test_what_nobody_gave_comes_out_as_published(name: str) -> None:
    # Descent timelines: burn about 54 min before landing, 4 min 41 s long, interface half an hour after
    # ignition, parachutes a quarter of an hour before landing, 4 to 5 g; undocking to burn about 2 h 29 min.
    result = returned(name)
    down, ignition = result.touchdown.utc, result.event("deorbit-ignition").utc
    assert down.s_since(ignition) / 60 == pytest.approx(54, abs=3)
    assert result.undocking_to_deorbit_s / 60 == pytest.approx(149, abs=5)
    assert result.event("100-km").utc.s_since(ignition) / 60 == pytest.approx(30.3, abs=2)
    assert down.s_since(result.event("drogue-parachute").utc) / 60 == pytest.approx(14.5, abs=2)
    assert 3.5 < result.peak_g < 5.0
    assert result.burns[-1].duration_s == pytest.approx(281, abs=10)


def test_events_are_those_of_a_return_in_their_order() -> None:
    result = returned("MS-21")
    assert [e.name for e in result.events] == [
        "undocking", "separation-burn", "deorbit-ignition", "deorbit-cut-off", "module-separation",
        "entry-interface", "100-km", "peak-load", "drogue-parachute", "main-parachute", "landing",
    ]  # fmt: skip
    times = [e.utc.us for e in result.events]
    assert times == sorted(times)
    assert result.events[-1].utc == result.touchdown.utc
    with pytest.raises(UsageError, match="no event 'splash'"):
        result.event("splash")


def test_samples_hang_together_and_end_on_the_ground() -> None:
    result = returned("MS-21")
    t = np.array([s.utc.us for s in result.samples])
    assert (np.diff(t) >= 0).all()
    masses = [s.mass_kg for s in result.samples]
    assert all(later <= earlier for earlier, later in pairwise(masses))
    r = np.array([s.r_gcrf_m for s in result.samples])
    assert np.isfinite(r).all()
    # Between two samples nothing is farther than it can have flown.
    moved = np.linalg.norm(np.diff(r, axis=0), axis=1)
    assert (moved <= 8000.0 * np.diff(t) / 1e6 + 1.0).all()
    _require_told_densely(result)
    latitude, longitude, height = sub_point(t[-1:], r[-1:])
    assert np.degrees(latitude)[0] == pytest.approx(result.touchdown.latitude_deg, abs=1e-3)
    assert np.degrees(longitude)[0] == pytest.approx(result.touchdown.longitude_deg, abs=1e-3)
    assert height[0] == pytest.approx(350.0, abs=5.0)
    interface = result.event("entry-interface").utc.us
    heights = altitude_m(t, r)
    assert np.interp(interface, t, heights) == pytest.approx(120_000.0, abs=100.0)


def _require_told_densely(result: ReturnResult) -> None:
    """Arcs share their ends, and Hermite's cubic between states stays above the ground."""
    for before, after in pairwise(result.arcs):
        assert before.states[-1].utc == after.states[0].utc
        assert np.linalg.norm(before.states[-1].r_gcrf_m - after.states[0].r_gcrf_m) < 1.0
    for one in result.arcs:
        t_us = np.array([s.utc.us for s in one.states])
        assert np.diff(t_us).min() > 0
        assert np.diff(t_us).max() <= 30.1e6
        arc = Arc(one.name, t_us, np.array([[*s.r_gcrf_m, *s.v_gcrf_m_s] for s in one.states]))
        between = (t_us[1:] + t_us[:-1]) // 2
        told = np.array([arc.state_at(Instant(int(t))) for t in between])
        assert altitude_m(between, told[:, :3]).min() > 0.0
    assert [a.name for a in result.arcs][-3:] == [
        "after the deorbit burn", "drogue parachute", "main parachute",
    ]  # fmt: skip
    assert result.arcs[-1].states[-1].utc == result.touchdown.utc


def test_a_ballistic_entry_is_hard_and_cannot_steer() -> None:
    result = returned("MS-21", "ballistic")
    assert 7.5 < result.peak_g < 9.5
    assert abs(result.miss_along_m) < 100
    assert result.n_reversals == 0
    assert abs(result.miss_across_m) > 10_000


def test_who_is_aimed_to_lift_and_does_not_lands_far_short() -> None:
    # Soyuz TMA-1 and TMA-11 came down 460 and 420 km short in this way.
    result = returned("MS-21", "ballistic", "lifting")
    assert -650_000 < result.miss_along_m < -300_000


@pytest.mark.parametrize("factor", [0.75, 1.3])
def test_guidance_makes_good_for_air_it_does_not_know(factor: float) -> None:
    result = fly_return(station("MS-21"), SOYUZ, KAZAKHSTAN, density_factor=factor, n_samples=0)
    assert abs(result.miss_along_m) < 3000


def test_an_opportunitys_landing_is_the_one_that_is_flown() -> None:
    at = flown("MS-21").flight.landing_utc
    assert at is not None
    result = fly_return(station("MS-21"), SOYUZ, KAZAKHSTAN, landing_utc=at.plus_s(600), n_samples=0)
    assert result.touchdown.utc.s_since(returned("MS-21").touchdown.utc) == pytest.approx(0, abs=2)


def test_a_dragon_waits_in_an_orbit_of_its_own_for_its_zone() -> None:
    one = flown("Crew-8")
    assert one.flight.landing_utc is not None
    result = fly_return(
        station("Crew-8"), DRAGON, ZONES[one.zone], landing_utc=one.flight.landing_utc, n_samples=0
    )
    assert abs(result.touchdown.utc.s_since(one.flight.landing_utc)) < 300
    assert result.miss_m < 5000
    _require_told_densely(result)
    assert [a.name for a in result.arcs][:4] == [
        "after undocking", "after the departure burn", "after phasing burn 1", "after phasing burn 2",
    ]  # fmt: skip
    names = [e.name for e in result.events]
    assert names.index("trunk-jettison") < names.index("deorbit-ignition") < names.index("entry-interface")
    first, second = (b for b in result.burns if b.name.startswith("phasing"))
    assert first.dv_m_s == pytest.approx(second.dv_m_s)
    assert sum(b.propellant_kg for b in result.burns) == pytest.approx(result.propellant_kg)
    assert 3 < result.peak_g < 6


@cache
def scattered(n: int, errors: ReturnErrors, seed: int) -> ReturnScatter:
    found = fly_return(station("MS-21"), SOYUZ, KAZAKHSTAN, n_samples=n, errors=errors, seed=seed).scatter
    assert found is not None
    return found


def test_a_sample_hangs_on_its_seed_and_number_alone() -> None:
    few, many = scattered(16, ReturnErrors(), 1), scattered(40, ReturnErrors(), 1)
    assert np.abs(few.along_m - many.along_m[:16]).max() < 1e-3
    assert not np.allclose(scattered(16, ReturnErrors(), 2).along_m, few.along_m, atol=10.0)


def test_scatter_comes_from_the_errors() -> None:
    none = scattered(8, ReturnErrors(0, 0, 0, 0, 0, 0, 0, 0), 1)
    assert np.abs([none.along_m, none.across_m]).max() < 30.0
    assert np.abs(none.time_s).max() < 0.1
    usual = scattered(40, ReturnErrors(), 1)
    windy = scattered(40, replace(ReturnErrors(), wind_m_s=20.0), 1)
    assert windy.along_sigma_m > 2 * usual.along_sigma_m
    assert 1000 < usual.along_sigma_m < 15_000
    assert 1000 < usual.across_sigma_m < 15_000


PROFILE = return_profile("soyuz-ms")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"deorbit_dv_m_s": 60.0}, "still above 140 km.* perigee"),
        ({"deorbit_dv_m_s": 92.0}, r"too shallow: below 0\.\d\d deg the craft skips out"),
        ({"deorbit_dv_m_s": 300.0}, "kg of propellant, of which"),
        ({"reach_m": 5000.0}, "passes within 5 km of kazakhstan; the nearest passes 31 km"),
    ],
)
def test_what_cannot_be_flown_is_refused_with_numbers(changed: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        fly_return(
            station("MS-21"),
            SOYUZ,
            KAZAKHSTAN,
            profile=replace(PROFILE, **changed),
            n_samples=0,  # type: ignore[arg-type]  # numbers
        )


def test_a_ballistic_entry_too_steep_is_refused() -> None:
    steep = replace(PROFILE, deorbit_dv_m_s=170.0, ballistic_limit_g=9.0)
    with pytest.raises(InputError, match=r"too steep: beyond 2\.\d\d deg the load passes 9 g"):
        fly_return(station("MS-21"), SOYUZ, KAZAKHSTAN, mode="ballistic", profile=steep, n_samples=0)


def test_a_zone_the_plane_never_reaches_is_refused() -> None:
    with pytest.raises(InputError, match="of the pole; the nearest passes"):
        fly_return(station("MS-21"), SOYUZ, Place("the pole", 1.5, 0.0), n_samples=0)


def test_arguments_without_sense_are_refused() -> None:
    here = station("MS-21")
    nan = replace(here, r_gcrf_m=np.full(3, np.nan))
    cases: list[tuple[CraftState, dict[str, object], str]] = [
        (nan, {}, "not finite"),
        (replace(here, r_gcrf_m=here.r_gcrf_m / 1000), {}, "not in a low orbit"),
        (here, {"density_factor": 0.0}, "density factor of 0"),
        (here, {"wind_m_s": (300.0, 0.0)}, "wind of 300"),
        (here, {"mass_kg": 100.0}, "100 kg at undocking"),
        (here, {"undock_utc": here.utc.plus_s(-60)}, "not within a week after"),
        (here, {"landing_utc": here.utc}, "not an hour to four days"),
        (here, {"n_samples": 3}, "3 samples say nothing"),
    ]
    for state, arguments, message in cases:
        with pytest.raises(InputError, match=message):
            fly_return(state, SOYUZ, KAZAKHSTAN, **{"n_samples": 0, **arguments})  # type: ignore[arg-type]  # by name
    with pytest.raises(UsageError, match="no mode of entry 'gliding'"):
        fly_return(here, SOYUZ, KAZAKHSTAN, mode="gliding")
    with pytest.raises(UsageError, match="nothing is known of how it comes down"):
        fly_return(here, craft_of("starliner"), KAZAKHSTAN)
    with pytest.raises(UsageError, match="no way home for vehicle 'apollo-csm'"):
        return_profile("apollo-csm")
    with pytest.raises(InputError, match="sigma of -1"):
        ReturnErrors(burn=-1)
