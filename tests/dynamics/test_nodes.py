"""Secular drifts against the gravity field's own engine: numerical integration."""

from __future__ import annotations

import numpy as np
import pytest

from crossflight.dynamics import nodes
from crossflight.dynamics.ephemeris_orbit import node_rate_rad_s, satellite_of_axis
from crossflight.times import DAY_S, Instant

INCLINATION = np.radians(51.64)
AXIS_M = 6_378_137.0 + 417_000.0


def test_zonals_are_those_of_egm2008() -> None:
    import heyoka

    field = heyoka.model.get_egm2008_CS()
    for degree, value in nodes.EVEN_ZONALS.items():
        assert value == pytest.approx(_zonal(field, degree), rel=1e-9)


def _zonal(field: object, degree: int) -> float:
    """The C(l, 0) of heyoka's table, whatever its layout: pairs of C and S by degree and order."""
    table = np.asarray(field)
    rows = table.reshape(-1, 2)
    return float(rows[degree * (degree + 1) // 2 - _first_row(rows)][0])


def _first_row(rows: np.ndarray) -> int:
    """The table begins with degree 0, or with degree 2."""
    return 0 if abs(rows[0][0] - 1.0) < 1e-12 else 3


def test_j2_alone_gives_the_textbook_rate() -> None:
    j2 = -nodes.EVEN_ZONALS[2] * np.sqrt(5)
    n = nodes.mean_motion_rad_s(AXIS_M)
    textbook = -1.5 * n * j2 * (nodes.REFERENCE_RADIUS_M / AXIS_M) ** 2 * np.cos(INCLINATION)
    assert nodes.zonal_node_rate_rad_s(AXIS_M, INCLINATION, (2,)) == pytest.approx(textbook, rel=1e-12)


def test_near_the_station_the_drift_per_phase_is_seven_thirds_of_the_rates() -> None:
    drift = nodes.node_drift_per_phase(AXIS_M - 100.0, AXIS_M, INCLINATION)
    rate = nodes.zonal_node_rate_rad_s(AXIS_M, INCLINATION)
    expected = -7 / 3 * rate / nodes.mean_motion_rad_s(AXIS_M)
    assert drift == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(
    ("altitude_km", "degrees_a_revolution"), [(200, 18.0), (300, 9.5), (350, 5.4), (400, 1.4)]
)
def test_catch_up_per_revolution_is_as_measured_elsewhere(
    altitude_km: int, degrees_a_revolution: float
) -> None:
    lower = nodes.latitude_argument_rate_rad_s(6_378_137.0 + altitude_km * 1000, INCLINATION)
    gain = lower - nodes.latitude_argument_rate_rad_s(AXIS_M, INCLINATION)
    assert np.degrees(gain) * 92.9 * 60 == pytest.approx(degrees_a_revolution, abs=0.06)


def test_the_whole_node_rate_is_that_of_an_integration_in_the_field() -> None:
    """Ten days with zonals to degree 20, no Sun, Moon or drag: the node's drift to 1e-4 of itself."""
    from crossflight.dynamics.ephemeris_orbit import mean_orbit_of_states
    from crossflight.dynamics.forces import ForceModel
    from crossflight.dynamics.frames import transform
    from crossflight.dynamics.propagation import propagate

    start = Instant.of(2022, 9, 21)
    record = satellite_of_axis(AXIS_M, INCLINATION, start)
    _, r_km, v_km_s = record.sgp4_tsince(0.0)
    r, v = transform("TEME", "GCRF", np.array([start.us]), np.array([r_km]) * 1000, np.array([v_km_s]) * 1000)
    model = ForceModel(degree=20, order=0, sun=False, moon=False, drag=False)
    t_us = start.us + np.arange(0, 11 * 86_400, 240) * 1_000_000
    states = propagate(model, start.us, np.hstack((r, v)), t_us)[0]
    r_teme, v_teme = transform("GCRF", "TEME", t_us, states[:, :3], states[:, 3:])
    first, last = slice(0, 361), slice(-361, None)
    one = mean_orbit_of_states(t_us[first], r_teme[first], v_teme[first])
    two = mean_orbit_of_states(t_us[last], r_teme[last], v_teme[last])
    drift = (two.node_rad - one.node_rad + np.pi) % (2 * np.pi) - np.pi
    days = (two.epoch_us - one.epoch_us) / 86_400e6
    measured = drift / (days * DAY_S)
    # The theory has Moon and Sun in it; the equator of date turns by precession (0.0001 degrees a day).
    moon_and_sun = np.radians(-0.00338 - 0.00154) * np.cos(one.inclination_rad) / 15.5 / DAY_S
    theory = node_rate_rad_s(one.axis_m, one.inclination_rad, Instant(one.epoch_us)) - moon_and_sun
    assert np.degrees(measured - theory) * DAY_S == pytest.approx(0.0, abs=3e-4)
    without = record.nodedot / 60
    assert abs(np.degrees(measured - without)) * DAY_S > 0.0015  # what SGP4 leaves out is seen
