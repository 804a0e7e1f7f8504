"""Entries against an integration of another kind, a closed form, and what they may never do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from crossflight.dynamics.earth import RATE_RAD_S, geodetic, place_itrf_m
from crossflight.errors import InputError
from crossflight.flight.atmosphere_profile import standard_density_kg_m3
from crossflight.flight.entry import EntryShape, felt, fly_entry, height_m
from crossflight.flight.entry_corridor import entry_angle_rad, entry_corridor
from crossflight.flight.entry_guidance import SteeredEntry, entry_reference, level
from crossflight.flight.parachute import Parachutes, descend, unit_itrf
from crossflight.flight.return_targeting import misses

CHUTES = Parachutes(10_800.0, 8500.0, 80.0, 7.2, "")
BALLISTIC_M2_KG = 3.8 * 1.28 / 2900
LIFT = 0.26
BANK = float(np.radians(55.0))


def state(angle_deg: float, speed: float = 7600.0, azimuth_deg: float = 65.0, n: int = 1) -> np.ndarray:
    """Entry interface over 30 N: below the horizontal by an angle, ITRF."""
    latitude, azimuth, angle = np.radians([30.0, azimuth_deg, angle_deg])
    r = place_itrf_m(latitude, 0.3, 120_000.0)
    up = r / np.linalg.norm(r)
    east = np.array([-np.sin(0.3), np.cos(0.3), 0.0])
    ahead = np.sin(azimuth) * east + np.cos(azimuth) * np.cross(up, east)
    v = speed * (np.cos(angle) * ahead - np.sin(angle) * up)
    return np.tile(np.concatenate((r, v)), (n, 1))


def shape(lift: float = 0.0, density: float = 1.0) -> EntryShape:
    return EntryShape(np.array(BALLISTIC_M2_KG), np.array(lift), np.array(density), 2.2, np.zeros(2))


def in_inertial_space(start: np.ndarray, bank: float, lift: float, t_s: float) -> np.ndarray:
    """The same entry integrated in a frame that does not turn, to a tight tolerance; ITRF at the end."""
    mu, j2, radius, omega = 3.986004415e14, 1.0826355e-3, 6_378_137.0, np.array([0, 0, RATE_RAD_S])

    def slope(_t: float, y: np.ndarray) -> np.ndarray:
        r, v = y[:3], y[3:]
        size = np.linalg.norm(r)
        x2 = 5 * (r[2] / size) ** 2
        bulge = 1.5 * j2 * (radius / size) ** 2 * np.array([1 - x2, 1 - x2, 3 - x2])
        a = -mu / size**3 * r * (1 + bulge)
        w = v - np.cross(omega, r)
        speed = np.linalg.norm(w)
        height = geodetic(r[None])[2]  # turning about the axis leaves it alone
        drag = 0.5 * standard_density_kg_m3(height)[0] * speed**2 * BALLISTIC_M2_KG
        right = np.cross(w, r) / np.linalg.norm(np.cross(w, r))
        up = np.cross(right, w / speed)
        a = a - drag * w / speed + drag * lift * (np.cos(bank) * up + np.sin(bank) * right)
        return np.concatenate((v, a))

    y0 = np.concatenate((start[:3], start[3:] + np.cross(omega, start[:3])))
    y = solve_ivp(slope, (0, t_s), y0, method="DOP853", rtol=1e-10, atol=1e-5).y[:, -1]
    angle = RATE_RAD_S * t_s
    turn = np.array([[np.cos(angle), np.sin(angle), 0], [-np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    r = turn @ y[:3]
    return np.concatenate((r, turn @ y[3:] - np.cross(omega, r)))


@pytest.mark.parametrize(("lift", "bank"), [(0.0, 0.0), (0.26, 0.9)])
def test_an_entry_is_the_one_integrated_in_inertial_space(lift: float, bank: float) -> None:
    start = state(1.8)
    flown = fly_entry(start, shape(lift), lambda _t, y, _a: np.full(len(y), bank), 30_000.0)
    expected = in_inertial_space(start[0], bank, lift, float(flown.t_s[0]))
    assert np.linalg.norm(flown.state[0, :3] - expected[:3]) < 60.0
    assert np.linalg.norm(flown.state[0, 3:] - expected[3:]) < 1.0
    assert height_m(flown.state[:, :3])[0] == pytest.approx(30_000.0, abs=0.01)


def test_halving_the_step_changes_little() -> None:
    coarse = fly_entry(state(1.8), shape(0.15), level, 10_800.0)
    fine = fly_entry(state(1.8), shape(0.15), level, 10_800.0, step_s=0.5)
    assert np.linalg.norm(coarse.state[0, :3] - fine.state[0, :3]) < 20.0
    assert coarse.peak_g == pytest.approx(fine.peak_g, rel=2e-3)


def test_without_air_the_energy_of_the_turning_frame_stays() -> None:
    start = state(20.0)
    flown = fly_entry(start, shape(density=0.0), level, 10_000.0)

    def energy(y: np.ndarray) -> float:
        r, v = y[:3], y[3:]
        size = np.linalg.norm(r)
        mu, j2, radius = 3.986004415e14, 1.0826355e-3, 6_378_137.0
        potential = -mu / size * (1 - j2 * (radius / size) ** 2 * (1.5 * (r[2] / size) ** 2 - 0.5))
        return float(v @ v / 2 + potential - RATE_RAD_S**2 * (r[0] ** 2 + r[1] ** 2) / 2)

    assert energy(flown.state[0]) == pytest.approx(energy(start[0]), rel=1e-8)


def test_a_steep_ballistic_entry_peaks_as_allen_and_eggers_say() -> None:
    # Allen and Eggers 1958 (NACA TR 1381): speed squared times sine over 2 e H, in exponential air; the
    # standard's scale height where the load peaks is 6.6 to 7.6 km.
    flown = fly_entry(state(30.0), shape(), level, 10_800.0, step_s=0.2)
    least, most = (7600.0**2 * np.sin(np.radians(30)) / (2 * np.e * h) / 9.80665 for h in (7800.0, 6300.0))
    assert least < flown.peak_g[0] < most


def test_lift_makes_it_gentle_and_without_lift_it_is_eight_g() -> None:
    lifting = fly_entry(state(1.85), shape(LIFT * np.cos(BANK)), level, 10_800.0)
    ballistic = fly_entry(state(1.85), shape(), level, 10_800.0)
    assert 3.0 < lifting.peak_g[0] < 5.0
    assert 7.5 < ballistic.peak_g[0] < 9.5
    assert ballistic.peak_heat_w_m2 > lifting.peak_heat_w_m2
    assert lifting.heat_j_m2 > ballistic.heat_j_m2


@settings(max_examples=25, deadline=None)
@given(
    st.floats(0.0, 90.0), st.floats(200.0, 11_000.0), st.floats(0.0, 360.0), st.floats(0.0, 0.4),
    st.floats(-3.1, 3.1), st.floats(0.3, 3.0),
)  # fmt: skip
def test_an_entry_ends_at_its_height_or_is_said_to_have_skipped(
    angle: float, speed: float, azimuth: float, lift: float, bank: float, density: float
) -> None:
    start = state(angle, speed, azimuth)
    flown = fly_entry(
        start, shape(lift, density), lambda _t, y, _a: np.full(len(y), bank), 10_800.0, step_s=2.0
    )
    if flown.is_skipped[0]:
        assert np.isnan(flown.t_s[0])
    else:
        assert np.isfinite(flown.state).all()
        assert height_m(flown.state[:, :3])[0] == pytest.approx(10_800.0, abs=1.0)
    assert np.isfinite(flown.peak_g).all()


@given(st.floats(-1.57, 1.57), st.floats(0, 130_000))
def test_the_fast_height_is_the_geodetic_one(latitude: float, height: float) -> None:
    r = place_itrf_m(latitude, 1.0, height)[None]
    assert height_m(r)[0] == pytest.approx(geodetic(r)[2][0], abs=0.5)


def test_a_batch_flies_as_its_members_alone() -> None:
    angles = (1.7, 1.9, 2.3)
    together = fly_entry(np.concatenate([state(a) for a in angles]), shape(0.15), level, 10_800.0)
    for i, angle in enumerate(angles):
        alone = fly_entry(state(angle), shape(0.15), level, 10_800.0)
        assert together.t_s[i] == pytest.approx(alone.t_s[0], abs=1e-9)
        assert together.peak_g[i] == alone.peak_g[0]


def test_guidance_meets_a_place_the_reference_would_miss() -> None:
    start = state(1.85)
    reference = entry_reference(start[0], shape(), LIFT, BANK, CHUTES, 0.0)
    straight = fly_entry(start, shape(LIFT * np.cos(BANK)), level, CHUTES.drogue_height_m)
    at = descend(straight.state, CHUTES, shape(), 0.0)
    touched = unit_itrf(at.latitude_rad, at.longitude_rad)[0]
    left = np.cross(straight.state[0, :3], straight.state[0, 3:])
    left /= np.linalg.norm(left)
    ahead = np.cross(left, touched)
    for along_km, across_km, density in ((0, 0, 1.0), (120, 0, 1.0), (-120, 30, 1.0), (0, -40, 1.25)):
        goal = touched + (along_km * ahead + across_km * left) / 6378.137
        goal /= np.linalg.norm(goal)
        law = SteeredEntry(reference, goal[None], BANK)
        flown = fly_entry(start, shape(LIFT, density), law, CHUTES.drogue_height_m)
        landed = descend(flown.state, CHUTES, shape(), 0.0)
        along, across, _ = misses(flown.state, landed.latitude_rad, landed.longitude_rad, goal)
        assert np.hypot(along, across)[0] < 8000.0
        assert 1 <= flown.n_reversals[0] <= 6
        assert flown.peak_g[0] < 6.0


def test_the_corridor_holds_what_flies_and_refuses_the_rest_with_numbers() -> None:
    corridor = entry_corridor(state(1.8)[0], shape(), LIFT * np.cos(BANK), 8.0)
    assert corridor.angle_rad == pytest.approx(np.radians(1.8))
    assert corridor.angle_rad == entry_angle_rad(state(1.8)[0])
    corridor.require_inside()
    vertical = shape(LIFT * np.cos(BANK))
    inside = fly_entry(state(np.degrees(corridor.shallow_rad) + 0.05), vertical, level, 25_000.0)
    outside = fly_entry(state(np.degrees(corridor.shallow_rad) - 0.15), vertical, level, 25_000.0)
    assert not inside.is_skipped[0]
    assert outside.is_skipped[0]
    at_limit = fly_entry(state(np.degrees(corridor.steep_rad)), vertical, level, 25_000.0)
    assert at_limit.peak_g[0] == pytest.approx(8.0, abs=0.1)
    with pytest.raises(InputError, match=r"0\.40 deg .* too shallow: below .* skips out"):
        replace(corridor, angle_rad=np.radians(0.4)).require_inside()
    with pytest.raises(InputError, match=r"7\.00 deg .* too steep: beyond .* passes 8 g"):
        replace(corridor, angle_rad=np.radians(7.0)).require_inside()
    with pytest.raises(InputError, match=r"keeps within 5 g: the gentlest takes 7\.\d g"):
        entry_corridor(state(1.8)[0], shape(), 0.0, 5.0)


def test_states_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="not 1 finite"):
        fly_entry(np.full((1, 6), np.nan), shape(), level, 10_000.0)
    with pytest.raises(InputError, match=r"begins at 120\.0 km cannot end at 130 km"):
        fly_entry(state(1.8), shape(), level, 130_000.0)


def test_what_is_felt_follows_from_density_and_speed() -> None:
    air = felt(state(1.8), shape(0.3))
    density = standard_density_kg_m3(np.array([120_000.0]))[0]
    drag = 0.5 * density * 7600.0**2 * BALLISTIC_M2_KG
    assert air.drag_m_s2[0] == pytest.approx(drag, rel=1e-3)
    assert air.load_g[0] == pytest.approx(drag * np.hypot(1, 0.3) / 9.80665, rel=1e-3)
    assert air.climb_m_s[0] == pytest.approx(-7600 * np.sin(np.radians(1.8)), rel=1e-6)
