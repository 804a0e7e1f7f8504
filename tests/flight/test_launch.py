"""Launch opportunities: MS-22 first, then what must hold for any."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orbits import station

from crossflight.errors import UsageError
from crossflight.flight.ascent import ASCENTS, ascent_named, ascent_of
from crossflight.flight.launch import _mass, launch_azimuth_rad, launch_opportunities, phase_slope_s
from crossflight.flight.plane import Place, stand
from crossflight.flight.reboost import burn
from crossflight.flight.zones import PADS, pad, zones
from crossflight.times import Instant

MS22 = Instant.of(2022, 9, 21, 13, 54, 50)
SOYUZ = ascent_of("soyuz-ms")


def around(
    at: Instant, days: float = 1.0, where: str = "baikonur-31", vehicle: str = "soyuz-ms", recovery=None
):
    return launch_opportunities(
        station(), PADS[where], ascent_of(vehicle, recovery), vehicle, at.plus_days(-days), at.plus_days(days)
    )


def test_ms22_is_foreseen_a_week_ahead() -> None:
    found = min(around(MS22), key=lambda x: abs(x.liftoff_utc.s_since(MS22)))
    assert abs(found.liftoff_utc.s_since(MS22)) < 3 * found.sigma_s
    assert found.sigma_s < 10
    assert found.is_phase_known
    assert [p.name for p in found.profiles if p.is_feasible] == ["2-orbit"]
    docked = Instant.of(2022, 9, 21, 17, 6, 33)
    assert abs(found.profiles[0].dock_utc.s_since(docked)) < 2 * found.profiles[0].dock_sigma_s
    assert not found.is_daylight_launch  # 18:54 local, an hour after sunset


def test_a_scrub_turns_three_hours_into_two_days() -> None:
    after = [x for x in around(MS22, 1.5) if x.liftoff_utc > MS22.plus_s(3600)]
    assert [p.name for p in after[0].profiles if p.is_feasible] == ["34-orbit"]


def test_there_is_one_opportunity_every_23_hours_36_minutes() -> None:
    found = around(MS22, 15.0)
    gaps = np.diff([x.liftoff_utc.us for x in found]) / 3.6e9
    assert len(found) in (30, 31)
    assert np.all(np.abs(gaps - 23.6) < 0.1)


def test_the_span_is_kept_to_the_second() -> None:
    one = around(MS22)[0].liftoff_utc
    ascent, where = SOYUZ, PADS["baikonur-31"]
    from_here = launch_opportunities(station(), where, ascent, "soyuz-ms", one, one.plus_days(1))
    to_here = launch_opportunities(station(), where, ascent, "soyuz-ms", one.plus_days(-0.5), one)
    assert from_here[0].liftoff_utc == one
    assert one not in [x.liftoff_utc for x in to_here]


def test_lift_off_obeys_the_law_where_the_phase_is_sure() -> None:
    orbit = station()
    for x in around(MS22, 4.0):
        if x.phase_sigma_deg < 5:
            lead = SOYUZ.lead_s - phase_slope_s(orbit, SOYUZ) * math.radians(x.phase_deg)
            assert x.inplane_utc.s_since(x.liftoff_utc) == pytest.approx(lead, abs=0.3)
            at = stand(orbit, PADS["baikonur-31"], x.liftoff_utc.us)
            assert math.cos(float(at.lead[0]) - math.radians(x.phase_deg)) == pytest.approx(1.0, abs=1e-7)


def test_sigma_grows_with_the_age_of_the_elements_and_the_phase_is_lost() -> None:
    found = around(MS22.plus_days(60), 60.0)
    sigmas = [x.sigma_s for x in found]
    assert sigmas[0] < sigmas[40] < sigmas[-1]
    assert found[0].is_phase_known
    assert not found[-1].is_phase_known
    assert all(p.is_feasible for x in found if not x.is_phase_known for p in x.profiles)
    assert all(0 <= p.probability <= 1 for x in found for p in x.profiles)


def test_a_year_ahead_the_profiles_are_as_likely_as_their_windows_are_wide() -> None:
    far = around(MS22.plus_days(365), 1.0)[0]
    for p, profile in zip(far.profiles, SOYUZ.profiles, strict=True):
        width = profile.phase_to_deg - profile.phase_from_deg
        assert p.probability == pytest.approx(width / 372, abs=0.02)


def test_the_reboost_that_is_offered_opens_the_profile() -> None:
    orbit = station()
    for x in around(MS22.plus_days(6), 1.2):
        fast = x.profiles[0]
        if fast.is_feasible or fast.reboost is None:
            continue
        moved = orbit.with_burns([burn(orbit, fast.reboost.burn_utc, fast.reboost.dv_m_s)])
        again = launch_opportunities(
            moved,
            PADS["baikonur-31"],
            SOYUZ,
            "soyuz-ms",
            x.liftoff_utc.plus_s(-1800),
            x.liftoff_utc.plus_s(1800),
        )
        assert again[0].profiles[0].is_feasible, (x.phase_deg, again[0].phase_deg, fast.reboost)


def test_azimuths_are_those_of_the_launch_sites() -> None:
    # flight.md has 62.2 and 42.8: its 62.2 takes the geodetic latitude for the geocentric one.
    orbit = station()
    assert math.degrees(launch_azimuth_rad(orbit, PADS["baikonur-31"], SOYUZ)) == pytest.approx(61.9, abs=0.3)
    dragon = ascent_of("crew-dragon")
    assert math.degrees(launch_azimuth_rad(orbit, PADS["ksc-39a"], dragon)) == pytest.approx(42.8, abs=0.3)


def test_crew_5_is_foreseen_with_its_droneship() -> None:
    real = Instant.of(2022, 10, 5, 16, 0, 57)
    found = around(real, 0.5, "ksc-39a", "crew-dragon", "droneship")
    best = min(found, key=lambda x: abs(x.liftoff_utc.s_since(real)))
    assert abs(best.liftoff_utc.s_since(real)) < 3 * best.sigma_s


def test_a_pad_beyond_the_inclination_is_refused() -> None:
    plesetsk = Place("Plesetsk", math.radians(62.93), math.radians(40.58))
    with pytest.raises(UsageError, match=r"62\.93"):
        launch_opportunities(station(), plesetsk, SOYUZ, "soyuz-ms", MS22, MS22.plus_days(1))


@pytest.mark.parametrize(
    "call", [lambda: pad("baikonur-32"), lambda: zones("kazakstan"), lambda: ascent_of("soyuz")]
)
def test_unknown_names_are_refused_with_the_known_ones(call) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert caught.value.hint


def test_recovery_chooses_the_ascent() -> None:
    assert ascent_of("crew-dragon", "droneship").name == "falcon-9-droneship"
    assert ascent_of("crew-dragon").name == "falcon-9-rtls"
    with pytest.raises(UsageError, match="no recovery"):
        ascent_of("soyuz-ms", "droneship")
    assert {ascent_named(a.name) for a in ASCENTS} == set(ASCENTS)


@settings(max_examples=60, deadline=None)
@given(st.floats(-20, 340), st.floats(0.5, 700))
def test_windows_that_cover_the_circle_have_all_the_probability(mean: float, sigma: float) -> None:
    edges = [-6.0, 3.0, 77.0, 366.0]
    total = sum(_mass(low, high, mean, sigma, 372.0) for low, high in itertools.pairwise(edges))
    assert total == pytest.approx(1.0, abs=0.01)
