"""Ascents flown: into the plane and the orbit asked for, physics on the way, figures beside null models."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orbits import station

from crossflight.errors import UsageError
from crossflight.flight.ascent_flight import AscentResult, fly_ascent, mean_plane_gcrf, task
from crossflight.flight.ascent_lead import inplane_utc
from crossflight.flight.craft import craft_of
from crossflight.flight.launchers import (
    FALCON_9_DRONE_SHIP,
    FALCON_9_LAUNCH_SITE,
    SATURN_IB,
    SOYUZ_21A,
    Launcher,
)
from crossflight.flight.zones import PADS
from crossflight.times import Instant

MS22 = Instant.of(2022, 9, 21, 13, 54, 50)
DM1 = Instant.of(2019, 3, 2, 7, 49, 3)
TELEMETRY = Path(__file__).parent / "fixtures" / "falcon9_dm1_telemetry.csv"
# NASA and Wikipedia, from SpaceX: Demo-1 weighed 12 055 kg.
DRAGON_DM1 = replace(craft_of("crew-dragon"), mass_kg=12_055.0)


@cache
def soyuz() -> AscentResult:
    orbit = station()
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, PADS["baikonur-31"], MS22))
    return fly_ascent(SOYUZ_21A, PADS["baikonur-31"], MS22, normal, craft_of("soyuz-ms"))


@cache
def dm1() -> AscentResult:
    orbit = station(2019, 3, 1)
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, PADS["ksc-39a"], DM1))
    return fly_ascent(FALCON_9_DRONE_SHIP, PADS["ksc-39a"], DM1, normal, DRAGON_DM1)


def telemetry() -> dict[str, np.ndarray]:
    with TELEMETRY.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


@pytest.mark.parametrize("flown", [soyuz, dm1])
def test_the_orbit_and_the_plane_asked_for_are_reached(flown) -> None:
    result = flown()
    aim = SOYUZ_21A.insertion if flown is soyuz else FALCON_9_DRONE_SHIP.insertion
    assert result.orbit.perigee_m == pytest.approx(aim.perigee_m, abs=1000.0)
    assert result.orbit.apogee_m == pytest.approx(aim.apogee_m, abs=1000.0)
    assert np.degrees(result.plane_error_rad) < 0.001
    # The osculating inclination lies about the station's mean one by the wobble of J2.
    assert np.degrees(result.orbit.inclination_rad) == pytest.approx(51.64, abs=0.03)
    assert result.margin_kg > 0
    assert result.margin_m_s > 0


@pytest.mark.parametrize("flown", [soyuz, dm1])
def test_nothing_unphysical_on_the_way(flown) -> None:
    result, s = flown(), flown().samples
    assert np.all(np.diff(s.t_s) > 0)
    assert np.all(np.diff(s.mass_kg) <= 0)
    assert np.all(np.isfinite(s.r_gcrf_m))
    assert np.all(np.isfinite(s.felt_m_s2))
    assert np.all(np.diff(s.downrange_m) >= -1.0)
    assert s.height_m.min() > -1.0
    # Gravity and felt acceleration are all there is: the path's own second difference says no other.
    assert np.max(np.linalg.norm(np.diff(s.v_gcrf_m_s, axis=0), axis=1) / np.diff(s.t_s)) < 55.0
    assert result.insertion.mass_kg in (craft_of("soyuz-ms").mass_kg, DRAGON_DM1.mass_kg)
    names = [e.name for e in result.events]
    assert names[0] == "liftoff"
    assert names[-2:] == ["cut-off", "separation"]
    assert [e.utc.us for e in result.events] == sorted(e.utc.us for e in result.events)


def test_no_crew_feels_more_than_the_engines_may_give() -> None:
    s, g = dm1().samples, 9.80665
    staging = dm1().met_s("first-stage-cut-off")
    assert s.felt_m_s2[s.t_s <= staging].max() < 3.01 * g
    assert s.felt_m_s2.max() < 4.01 * g


def test_soyuz_events_stand_where_the_timelines_have_them() -> None:
    """The figure to reach: insertion 528 +- 10 s; the null model, "until the propellant ends", says 533 s."""
    result = soyuz()
    assert result.met_s("strap-ons-separation") == pytest.approx(118.0, abs=0.01)
    assert result.met_s("core-separation") == pytest.approx(286.0, abs=0.01)
    assert result.met_s("separation") == pytest.approx(528.0, abs=10.0)
    assert 0 < result.margin_kg < 1000


def test_dm1_against_its_telemetry_and_the_null_model() -> None:
    """Measured, not reached: see the figures in the assertions.

    The last sample (538 s, 7336 m/s) is no orbit yet: 170 m/s more are, and the engine still gives 3.4 g
    there.  The stage data leave the cut-off 12 s before the 527 s of the notes and 24 s before the 8:59 of
    the published timeline; the flown path is steeper than the one of least propellant.
    """
    result, flown = dm1(), telemetry()
    t = flown["time_s"]
    height_km = np.interp(t, result.samples.t_s, result.samples.height_m) / 1000
    worst_km = float(np.max(np.abs(height_km - flown["altitude_km"])))
    line_km = np.interp(t, [0.0, t[-1]], [0.0, flown["altitude_km"][-1]])
    null_km = float(np.max(np.abs(line_km - flown["altitude_km"])))
    assert worst_km < 45.0 < null_km
    assert height_km[-1] == pytest.approx(flown["altitude_km"][-1], abs=3.0)
    # The published timeline has 2:35; the booster's reserve was set with that in view, so it tests little.
    assert result.met_s("first-stage-cut-off") == pytest.approx(155.0, abs=3.0)
    assert 505 < result.met_s("cut-off") < 540
    assert result.samples.air_speed_m_s[-1] == pytest.approx(7336.0, rel=0.025)


def test_the_last_sample_of_the_telemetry_is_below_every_orbit() -> None:
    """Why 7336 m/s cannot be scored to 1 %: with the Earth's turn that is no orbital speed at 197 km."""
    flown = telemetry()
    result = dm1()
    inertial = float(np.linalg.norm(result.cutoff.v_gcrf_m_s))
    turn = inertial - float(result.samples.air_speed_m_s[-1])
    r = float(np.linalg.norm(result.cutoff.r_gcrf_m))
    speed = flown["speed_m_s"][-1] + turn
    axis = 1 / (2 / r - speed**2 / 3.986004415e14)
    assert 2 * axis - r - 6_378_137.0 < -100_000.0
    assert flown["acceleration_m_s2"][-1] > 30.0


@settings(deadline=None, max_examples=12)
@given(offset_deg=st.floats(-0.7, 0.7), wait_s=st.floats(-120.0, 120.0))
def test_guidance_steers_into_planes_east_and_west_of_the_best(offset_deg, wait_s) -> None:
    best, orbit = dm1(), station(2019, 3, 1)
    normal = mean_plane_gcrf(orbit, DM1, float(np.radians(offset_deg)))
    asked = task(FALCON_9_DRONE_SHIP, PADS["ksc-39a"], DM1.plus_s(wait_s), normal, DRAGON_DM1.mass_kg)
    path = asked.path(best.kick_rad, best.azimuth_rad)
    assert path.is_in_orbit
    assert path.margin_kg < best.margin_kg + 30.0
    r, v = np.array(path.states[-1][:3]), np.array(path.states[-1][3:6])
    reached = np.cross(r, v) / np.linalg.norm(np.cross(r, v))
    assert np.degrees(np.arccos(min(1.0, reached @ asked.cutoff.normal_at(r)))) < 0.002
    assert np.linalg.norm(r) == pytest.approx(asked.cutoff.radius_m, abs=1000.0)


def test_a_node_offset_moves_the_plane_by_itself() -> None:
    orbit = station()
    here, there = mean_plane_gcrf(orbit, MS22), mean_plane_gcrf(orbit, MS22, 0.01)
    sine = np.sin(orbit.inclination_rad)
    assert np.linalg.norm(there - here) == pytest.approx(0.01 * sine, rel=1e-4)
    assert there[2] == pytest.approx(here[2], abs=2e-5)


def test_the_booster_that_flies_home_costs_propellant() -> None:
    orbit = station(2019, 3, 1)
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, PADS["ksc-39a"], DM1))
    home = fly_ascent(FALCON_9_LAUNCH_SITE, PADS["ksc-39a"], DM1, normal, DRAGON_DM1)
    assert 0 < home.margin_kg < dm1().margin_kg
    assert home.met_s("first-stage-cut-off") < dm1().met_s("first-stage-cut-off") - 10


def test_saturn_reaches_its_orbit_with_apollo() -> None:
    """Insertion at 595 s of SP-4012 is not met: rounded data, all engines to the end, loads [assumed]."""
    orbit = station(2019, 3, 1)
    plane = inplane_utc(orbit, PADS["ksc-39b"], DM1)
    normal = mean_plane_gcrf(orbit, plane)
    flown = fly_ascent(SATURN_IB, PADS["ksc-39b"], plane.plus_s(-300), normal, craft_of("apollo-csm"))
    assert flown.met_s("cut-off") == pytest.approx(595.0, abs=25.0)
    assert flown.orbit.perigee_m == pytest.approx(150_000.0, abs=1500.0)


def refused(launcher: Launcher, pad: str, craft, lead_s: float) -> UsageError:
    orbit = station()
    plane = inplane_utc(orbit, PADS[pad], MS22)
    with pytest.raises(UsageError) as caught:
        fly_ascent(launcher, PADS[pad], plane.plus_s(-lead_s), mean_plane_gcrf(orbit, plane), craft)
    return caught.value


def test_a_lift_off_too_far_from_the_plane_is_refused_with_angle_and_velocities() -> None:
    error = refused(SOYUZ_21A, "baikonur-31", craft_of("soyuz-ms"), 2400.0)
    assert "deg off the plane" in error.message
    assert "m/s are needed" in error.message
    assert "m/s too few" in error.message
    assert "in the plane" in error.hint


def test_energy_in_another_plane_is_no_insertion() -> None:
    """A light craft has energy to spare, and still cannot turn its plane by ten degrees."""
    light = replace(craft_of("crew-dragon"), mass_kg=2000.0)
    error = refused(FALCON_9_DRONE_SHIP, "ksc-39a", light, 3600.0 * 1.2)
    assert "deg off the plane" in error.message
    assert "inf" not in error.message
    assert "nan" not in error.message


def test_a_quarter_of_the_step_changes_nothing_that_matters(monkeypatch) -> None:
    best = dm1()
    orbit = station(2019, 3, 1)
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, PADS["ksc-39a"], DM1))
    asked = task(FALCON_9_DRONE_SHIP, PADS["ksc-39a"], DM1, normal, DRAGON_DM1.mass_kg)
    monkeypatch.setattr("crossflight.flight.ascent_path._STEP_S", 0.25)
    fine = asked.path(best.kick_rad, best.azimuth_rad)
    assert fine.t_s[-1] == pytest.approx(best.samples.t_s[-1], abs=0.1)
    assert fine.margin_kg == pytest.approx(best.margin_kg, abs=15.0)
    assert fine.height_m[-1] == pytest.approx(best.samples.height_m[-1], abs=100.0)


def test_too_heavy_a_craft_is_refused() -> None:
    error = refused(SOYUZ_21A, "baikonur-31", replace(craft_of("soyuz-ms"), mass_kg=9500.0), 187.0)
    assert "m/s too few" in error.message


@pytest.mark.parametrize("bad", [np.zeros(3), np.array([0.0, 0.0, np.nan]), np.array([1.0, 0.0])])
def test_a_normal_that_is_none_is_refused(bad) -> None:
    with pytest.raises(UsageError, match="unit vector"):
        fly_ascent(SOYUZ_21A, PADS["baikonur-31"], MS22, bad, craft_of("soyuz-ms"))


@pytest.mark.parametrize("mass", [0.0, -5.0, float("nan"), 1e9])
def test_a_craft_without_a_mass_is_refused(mass) -> None:
    with pytest.raises(UsageError, match="between 0 and"):
        task(SOYUZ_21A, PADS["baikonur-31"], MS22, np.array([0.0, 0.0, 1.0]), mass)


def test_the_same_ascent_twice_is_the_same_to_the_bit() -> None:
    orbit = station()
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, PADS["baikonur-31"], MS22))
    result = fly_ascent(SOYUZ_21A, PADS["baikonur-31"], MS22, normal, craft_of("soyuz-ms"))
    assert result.insertion.r_gcrf_m.tobytes() == soyuz().insertion.r_gcrf_m.tobytes()
