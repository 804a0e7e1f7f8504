"""Landing opportunities against flown landings and against their own conditions."""

from __future__ import annotations

import math

import pytest
from orbits import station

from crossflight.errors import UsageError
from crossflight.flight.descent import DESCENTS, descent_named, descent_of
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.plane import stand
from crossflight.flight.zones import GROUPS, ZONES, zones
from crossflight.times import Instant

KAZAKHSTAN = ZONES["kazakhstan"]
SOYUZ = descent_of("soyuz-ms")
MS21 = Instant.of(2022, 9, 29, 10, 57, 12)


def test_ms21_lands_when_its_station_says() -> None:
    orbit = station(2022, 9, 26)
    found = landing_opportunities(
        orbit, KAZAKHSTAN, SOYUZ, "soyuz-ms", MS21.plus_days(-0.5), MS21.plus_days(0.5)
    )
    assert len(found) == 1
    one = found[0]
    assert abs(one.landing_utc.s_since(MS21)) < 60
    assert abs(one.undock_utc.s_since(Instant.of(2022, 9, 29, 7, 34, 20))) < 120
    assert one.undock_utc < one.deorbit_utc < one.landing_utc
    assert one.is_daylight


def test_every_soyuz_landing_has_its_lead_and_its_place_near_the_plane() -> None:
    orbit = station(2022, 9, 26)
    start = Instant.of(2022, 9, 26)
    found = landing_opportunities(orbit, KAZAKHSTAN, SOYUZ, "soyuz-ms", start, start.plus_days(20))
    assert found
    for x in found:
        at = stand(orbit, KAZAKHSTAN, x.landing_utc.us)
        assert math.degrees(float(at.lead[0])) == pytest.approx(math.degrees(SOYUZ.lead_rad or 0), abs=0.01)
        assert -3.0 < math.degrees(float(at.across[0])) < -0.3
        assert x.probability == 1


def test_far_ahead_every_day_has_a_landing_with_a_small_chance() -> None:
    start = Instant.of(2023, 6, 1)
    found = landing_opportunities(station(), KAZAKHSTAN, SOYUZ, "soyuz-ms", start, start.plus_days(10))
    assert 10 <= len(found) <= 11
    assert all(0.05 < x.probability < 0.5 and x.sigma_s > 120 for x in found)


def test_a_dragon_zone_has_two_landings_a_day_whatever_the_phase() -> None:
    start = Instant.of(2023, 6, 1)
    dragon = descent_of("crew-dragon")
    for zone in zones("florida"):
        found = landing_opportunities(station(), zone, dragon, "crew-dragon", start, start.plus_days(10))
        assert 19 <= len(found) <= 22
        assert all(x.undock_utc < x.deorbit_utc < x.landing_utc for x in found)


def test_crew_1_comes_down_off_panama_city() -> None:
    real = Instant.of(2021, 5, 2, 6, 56, 33)
    found = landing_opportunities(
        station(2021, 4, 28), ZONES["panama-city"], descent_of("crew-dragon"), "crew-dragon",
        real.plus_days(-0.2), real.plus_days(0.2),
    )  # fmt: skip
    assert min(abs(x.landing_utc.s_since(real)) for x in found) < 600


def test_names_of_descents_and_zones_are_known_or_refused() -> None:
    assert {descent_named(d.name) for d in DESCENTS} == set(DESCENTS)
    for group in GROUPS:
        assert all(z in ZONES.values() for z in zones(group))
    with pytest.raises(UsageError, match="the return of vehicle"):
        descent_of("progress-ms")
