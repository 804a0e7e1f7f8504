"""Orbits that are no station's: refused with the value and the limit, or served as what they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from orbits import elements_before

from crossflight.dynamics.mean_orbit import mean_orbit
from crossflight.errors import CrossflightError, InputError
from crossflight.flight.ascent import ascent_of
from crossflight.flight.descent import descent_of
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.plane import Place
from crossflight.flight.zones import ZONES

ISS = elements_before(2022, 9, 20)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"eccentricity": 0.2}, "eccentricity of 0.2000"),
        ({"mean_motion_rev_day": 1.0027}, "km high"),
        ({"inclination_deg": 0.0}, "inclination of 0.00 deg"),
        ({"inclination_deg": 179.9}, "inclination of 179.90 deg"),
        ({"mean_motion_rev_day": 17.9}, "no orbit SGP4 can follow"),
    ],
)
def test_an_orbit_of_another_kind_is_refused(change: dict[str, float], says: str) -> None:
    with pytest.raises(InputError, match=says):
        mean_orbit(replace(ISS, **change))


@settings(max_examples=40, deadline=None)
@given(
    st.floats(1.0, 179.0), st.floats(12.6, 16.4), st.floats(0, 0.02), st.floats(0, 359), st.floats(-60, 60),
    st.sampled_from(["soyuz-ms", "crew-dragon", "starliner", "apollo-csm"]),
)  # fmt: skip
def test_any_low_circular_orbit_gives_finite_opportunities_or_an_error_of_ours(
    inclination: float, motion: float, eccentricity: float, node: float, latitude: float, vehicle: str
) -> None:
    elements = replace(
        ISS, inclination_deg=inclination, mean_motion_rev_day=motion, eccentricity=eccentricity, raan_deg=node
    )
    start = ISS.epoch_utc
    place = Place("somewhere", float(np.radians(latitude)), 0.3)
    try:
        orbit = mean_orbit(elements)
        launches = launch_opportunities(orbit, place, ascent_of(vehicle), vehicle, start, start.plus_days(40))
        landings = landing_opportunities(
            orbit, ZONES["pensacola"], descent_of("crew-dragon"), "crew-dragon", start, start.plus_days(3)
        )
    except CrossflightError:
        return
    assert len(launches) in range(38, 44)
    times = [x.liftoff_utc.us for x in launches]
    assert times == sorted(times)
    for x in launches:
        numbers = (x.sigma_s, x.phase_deg, x.beta_deg, x.azimuth_deg, *(p.probability for p in x.profiles))
        assert np.isfinite(numbers).all()
    assert all(np.isfinite(x.sigma_s) for x in landings)
