"""The lead of least propellant beside the flown one; aborts on the way up beside the one that was flown."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from orbits import station

from crossflight.dynamics.events import altitude_m
from crossflight.errors import UsageError
from crossflight.flight.ascent_abort import abort
from crossflight.flight.ascent_flight import AscentResult, fly_ascent, mean_plane_gcrf
from crossflight.flight.ascent_lead import flown_lead_s, inplane_utc, least_propellant_lead
from crossflight.flight.craft import craft_of
from crossflight.flight.flight_phases import Arc
from crossflight.flight.launchers import FALCON_9_DRONE_SHIP, FALCON_9_LAUNCH_SITE, SOYUZ_21A, SOYUZ_FG
from crossflight.flight.parachute import Parachutes
from crossflight.flight.return_profile import return_profile
from crossflight.flight.zones import PADS
from crossflight.times import Instant

MS10 = Instant.of(2018, 10, 11, 8, 40, 15)
MS22 = Instant.of(2022, 9, 21, 13, 54, 50)
# MS-11's descent timeline: drogue from 10.8 km, 7.2 m/s at the ground; main parachute at 8.5 km [assumed].
CHUTES = Parachutes(10_800.0, 8_500.0, 80.0, 7.2, "")
GROUND_M = 350.0
ZHEZKAZGAN_DEG = (47.78, 67.77)
KM_PER_DEG = 111.2


@cache
def ms10() -> AscentResult:
    orbit, pad = station(2018, 10, 10), PADS["baikonur-1"]
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, pad, MS10))
    return fly_ascent(SOYUZ_FG, pad, MS10, normal, craft_of("soyuz-ms"))


def down(at_s: float, **how):
    return abort(ms10(), at_s, craft_of("soyuz-ms"), CHUTES, ground_m=GROUND_M, **how)


@pytest.mark.parametrize(
    ("launcher", "pad", "vehicle", "far_s"),
    [
        (SOYUZ_21A, "baikonur-31", "soyuz-ms", 50.0),
        (FALCON_9_LAUNCH_SITE, "ksc-39a", "crew-dragon", 30.0),
    ],
    ids=lambda x: getattr(x, "name", None),
)
def test_the_least_propellant_lead_stands_beside_the_flown_one(launcher, pad, vehicle, far_s) -> None:
    """Nothing is tuned: Soyuz comes out 35 s early on a curve that costs 1 kg there, Falcon 9 within 7 s."""
    found = least_propellant_lead(launcher, PADS[pad], station(), MS22, craft_of(vehicle))
    assert found.flown_lead_s == flown_lead_s(launcher.name)
    assert abs(found.discrepancy_s) < far_s
    margins = [margin for _, margin in found.curve]
    assert int(np.argmax(margins)) == 3
    assert margins[3] == pytest.approx(found.margin_kg, abs=3.0)
    # A lead of nothing would waste propellant: the null model "lift off in the plane".
    assert margins[0] < margins[3]


def test_flown_leads_are_known_where_flights_are() -> None:
    assert flown_lead_s("soyuz-fg") == flown_lead_s("soyuz-2.1a") == 187.4
    assert np.isnan(flown_lead_s("saturn-ib"))


def test_a_pad_that_the_plane_never_passes_is_refused() -> None:
    with pytest.raises(UsageError, match="never under"):
        least_propellant_lead(SOYUZ_21A, PADS["vostochny-1s"], station(), MS22, craft_of("soyuz-ms"))


def test_ms10_comes_down_near_zhezkazgan() -> None:
    """Flown: abort at T+118 s or so, apogee 93 km, down 20 km east of Zhezkazgan after 19 min 41 s.

    Computed from T+123 s (the announced shut-down): 86 km, 41 km from there, 21 min 45 s; the escape motors
    and the parachutes' own timeline are not modelled.
    """
    flown_deg = (ZHEZKAZGAN_DEG[0], ZHEZKAZGAN_DEG[1] + 20 / (KM_PER_DEG * np.cos(np.radians(47.78))))
    found = down(123.0)
    north = (found.touchdown.latitude_deg - flown_deg[0]) * KM_PER_DEG
    east = (found.touchdown.longitude_deg - flown_deg[1]) * KM_PER_DEG * np.cos(np.radians(47.78))
    assert np.hypot(north, east) < 60.0
    assert found.apogee_m == pytest.approx(93_000.0, abs=12_000.0)
    assert found.touchdown.utc.s_since(MS10) == pytest.approx(1181.0, abs=150.0)
    assert found.peak_g == pytest.approx(6.7, abs=1.5)
    # The null model: it comes down under where it left the launcher, 350 km before the place.
    k = int(np.searchsorted(ms10().samples.t_s, 123.0))
    assert ms10().samples.downrange_m[k] < 100_000.0


def test_later_aborts_fall_farther_and_harder_until_near_orbit() -> None:
    places = [down(t) for t in (118.0, 165.0, 250.0, 350.0)]
    longitudes = [p.touchdown.longitude_deg for p in places]
    assert longitudes == sorted(longitudes)
    assert [p.peak_g for p in places] == sorted(p.peak_g for p in places)
    assert all(p.apogee_m >= p.height_m - 1 for p in places)
    assert all(p.abort_utc < p.main_chute_utc < p.touchdown.utc for p in places)


def test_lift_spares_the_crew() -> None:
    assert down(300.0, lift_share=0.8).peak_g < down(300.0).peak_g - 2


def test_aborts_that_are_none_are_refused_with_the_numbers() -> None:
    with pytest.raises(UsageError, match="not within the ascent"):
        down(900.0)
    with pytest.raises(UsageError, match="not within the ascent"):
        down(float("nan"))
    with pytest.raises(UsageError, match=r"below the 10\.8 km"):
        down(20.0)
    with pytest.raises(UsageError, match="nothing is known of the capsule"):
        abort(ms10(), 200.0, craft_of("starliner"), CHUTES)


@cache
def crew5() -> AscentResult:
    orbit, pad = station(), PADS["ksc-39a"]
    liftoff = inplane_utc(orbit, pad, MS22)
    normal = mean_plane_gcrf(orbit, liftoff)
    return fly_ascent(FALCON_9_DRONE_SHIP, pad, liftoff, normal, craft_of("crew-dragon"))


@pytest.mark.parametrize("at_s", [120.0, 150.0, 250.0, 400.0])
def test_a_dragon_comes_down_from_anywhere_below_orbit(at_s: float) -> None:
    """Its stack still climbs then: going up is no skipping out."""
    found = abort(crew5(), at_s, craft_of("crew-dragon"), return_profile("crew-dragon").parachutes)
    assert found.apogee_m > found.height_m
    assert found.touchdown.utc > found.main_chute_utc


def test_under_parachutes_the_path_is_told_often_enough_to_be_drawn() -> None:
    found = down(250.0)
    for states, every_s in ((found.fall, 6), (found.drogue, 2), (found.main, 16)):
        t_us = np.array([s.utc.us for s in states])
        assert np.diff(t_us).max() <= every_s * 1e6
        arc = Arc("", t_us, np.array([[*s.r_gcrf_m, *s.v_gcrf_m_s] for s in states]))
        between = (t_us[1:] + t_us[:-1]) // 2
        y = np.array([arc.state_at(Instant(int(t))) for t in between])
        heights = altitude_m(between, y[:, :3])
        assert heights.min() > GROUND_M
        ends = altitude_m(t_us, arc.states_gcrf[:, :3])
        # Hermite's cubic goes down where the capsule does.
        assert (heights[-20:] < ends[:-1][-20:]).all()
    assert found.fall[-1].utc == found.drogue[0].utc
    assert found.drogue[-1].utc == found.main[0].utc
    assert np.linalg.norm(found.drogue[-1].r_gcrf_m - found.main[0].r_gcrf_m) < 1.0
    assert found.main[-1].utc == found.touchdown.utc
    assert ends[-1] == pytest.approx(GROUND_M, abs=1.0)
