"""The guidance alone: gravity, planes with their wobble, and what burns ahead."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.dynamics.nodes import MU_M3_S2, zonal_node_rate_rad_s
from crossflight.flight.ascent_guidance import J2, Cutoff, available_m_s, coast, gravity_m_s2, segments
from crossflight.flight.launchers import Insertion
from crossflight.flight.staging import Phase

ORBIT = Insertion(200_000.0, 240_000.0, "")
RADIUS_M = 6_378_136.3


def normal_of(inclination: float, node: float) -> np.ndarray:
    return np.array(
        [np.sin(inclination) * np.sin(node), -np.sin(inclination) * np.cos(node), np.cos(inclination)]
    )


def test_gravity_is_the_slope_of_its_potential() -> None:
    def potential(p: np.ndarray) -> float:
        r = float(np.linalg.norm(p))
        return MU_M3_S2 / r * (1 - J2 * (RADIUS_M / r) ** 2 * (1.5 * (p[2] / r) ** 2 - 0.5))

    place = np.array([4.1e6, -3.2e6, 4.3e6])
    slope = [(potential(place + 10 * e) - potential(place - 10 * e)) / 20 for e in np.eye(3)]
    assert gravity_m_s2(*place) == pytest.approx(slope, abs=1e-6)


def test_a_coast_keeps_energy_and_returns_backwards() -> None:
    r, v = np.array([6.58e6, 0.0, 0.0]), np.array([0.0, 4.8e3, 6.1e3])
    r2, v2 = coast(r, v, 400.0)
    r0, v0 = coast(r2, v2, -400.0)
    assert np.linalg.norm(r0 - r) < 20.0
    assert np.linalg.norm(v0 - v) < 0.05

    def energy(r: np.ndarray, v: np.ndarray) -> float:
        d = float(np.linalg.norm(r))
        return 0.5 * float(v @ v) - MU_M3_S2 / d * (
            1 - J2 * (RADIUS_M / d) ** 2 * (1.5 * (r[2] / d) ** 2 - 0.5)
        )

    assert energy(r2, v2) == pytest.approx(energy(r, v), rel=1e-7)


@pytest.mark.parametrize("u_deg", [10.0, 55.0, 100.0, 170.0, 230.0, 300.0])
def test_the_plane_aimed_at_wobbles_about_the_mean_plane_asked_for(u_deg: float) -> None:
    """A whole revolution from the osculating plane at `u` has the mean plane that was asked for."""
    inclination, node = np.radians(51.64), 0.7
    mean = normal_of(inclination, node)
    cutoff = Cutoff.of(Insertion(220_000.0, 220_000.0, ""), mean)
    to_node, u = np.array([np.cos(node), np.sin(node), 0.0]), np.radians(u_deg)
    up = np.cos(u) * to_node + np.sin(u) * np.cross(mean, to_node)
    normal = cutoff.normal_at(cutoff.radius_m * up)
    flat = up - (up @ normal) * normal
    flat /= np.linalg.norm(flat)
    r, v = cutoff.radius_m * flat, cutoff.speed_m_s * np.cross(normal, flat)
    step, rate = 44.3, zonal_node_rate_rad_s(cutoff.radius_m, inclination, (2,))
    inclinations, nodes = [], []
    for k in range(120):
        momentum = np.cross(r, v)
        inclinations.append(np.arccos(momentum[2] / np.linalg.norm(momentum)))
        nodes.append(np.arctan2(momentum[0], -momentum[1]) - rate * step * k)
        r, v = coast(r, v, step)
    assert np.degrees(np.mean(inclinations) - inclination) == pytest.approx(0.0, abs=0.0015)
    assert np.degrees(np.mean(nodes) - node) == pytest.approx(0.0, abs=0.002)
    # Without the wobble it would be as far off as this.
    assert np.ptp(np.degrees(nodes)) > 0.04


PHASE = Phase("any", 900_000.0, 900_000.0, 260.0, 100_000.0, acceleration_limit_m_s2=35.0)


@given(st.floats(25_000.0, 130_000.0), st.floats(0.01, 0.95))
def test_what_burns_ahead_gives_the_rocket_equation_with_and_without_a_limit(mass, share) -> None:
    burn = mass * share
    ahead = segments((PHASE,), (mass,), (burn,))
    assert available_m_s(ahead) == pytest.approx(PHASE.exhaust_m_s * -np.log(1 - share), rel=1e-9)
    assert all(s.burn_s > 0 for s in ahead)
    if any(s.is_limited for s in ahead):
        assert all(s.acceleration_m_s2 == 35.0 for s in ahead if s.is_limited)
    else:
        assert PHASE.thrust_vacuum_n / (mass - burn) <= 35.0 * (1 + 1e-9)
