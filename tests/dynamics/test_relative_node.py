"""Secular rates against SGP4's own and the law of the launch lead."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.api import WGS72, Satrec

from crossflight.dynamics import nodes, relative_node
from crossflight.dynamics.relative_node import relative_drift, secular_rates

ISS_AXIS_M = 6.7955e6
ISS_INCLINATION_RAD = np.radians(51.64)


@given(st.floats(0, 0.02), st.floats(15.0, 16.2), st.floats(10, 170))
def test_rates_are_those_of_sgp4(e: float, rev_day: float, inclination_deg: float) -> None:
    sat = Satrec()
    sat.sgp4init(
        WGS72, "i", 1, 26_000.0, 0.0, 0.0, 0.0, e, 0.1, np.radians(inclination_deg), 0.2,
        rev_day * 2 * np.pi / 1440, 0.3,
    )  # fmt: skip
    # Another gravity field: WGS 72 has J2 = 1.082616e-3 and mu = 398600.8 km3/s2.
    patched = pytest.MonkeyPatch()
    with patched.context() as p:
        p.setattr(relative_node, "J2", sat.j2)
        p.setattr(relative_node, "J4", sat.j4)
        p.setattr(relative_node, "MU_M3_S2", sat.mu * 1e9)
        p.setattr(relative_node, "REFERENCE_RADIUS_M", sat.radiusearthkm * 1e3)
        ours = secular_rates(sat.a * sat.radiusearthkm * 1e3, e, np.radians(inclination_deg))
    assert ours.node_rad_s * 60 == pytest.approx(sat.nodedot, rel=1e-7, abs=1e-15)
    assert ours.perigee_rad_s * 60 == pytest.approx(sat.argpdot, rel=1e-7, abs=1e-15)
    assert ours.latitude_argument_rad_s * 60 == pytest.approx(sat.mdot + sat.argpdot, rel=1e-7)


def test_the_stations_node_drifts_five_degrees_a_day() -> None:
    rates = secular_rates(ISS_AXIS_M, 0.0005, ISS_INCLINATION_RAD)
    assert np.degrees(rates.node_rad_s) * 86_400 == pytest.approx(-5.0, abs=0.05)
    circular = nodes.zonal_node_rate_rad_s(ISS_AXIS_M, ISS_INCLINATION_RAD, (2, 4))
    # The circular one is of first order: J2 squared is a thousandth.
    assert rates.node_rad_s == pytest.approx(circular, rel=2e-3)


def test_a_lower_orbit_loses_node_as_the_law_of_the_lead_says() -> None:
    # Per angle gained along the orbit, (7/3) node rate / mean motion (design: 0.497 s per degree of phase).
    node, along = relative_drift(
        (ISS_AXIS_M - 2e3, 0.0, ISS_INCLINATION_RAD), (ISS_AXIS_M, 0.0, ISS_INCLINATION_RAD)
    )
    assert node < 0 < along
    rates = secular_rates(ISS_AXIS_M, 0.0, ISS_INCLINATION_RAD)
    assert node / along == pytest.approx(7 / 3 * rates.node_rad_s / rates.latitude_argument_rad_s, rel=0.01)
    assert -node / along * 86_164 / 360 == pytest.approx(0.497, abs=0.03)
