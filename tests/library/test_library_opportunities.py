"""What the library's scenarios say of the orbit: foresight only, and instants near what was flown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from shipped_scenarios import REPLAYS

from crossflight.app.chances import COLUMNS, chances
from crossflight.app.document import chance_document
from crossflight.app.near_flights import with_opportunities, with_opportunities_near
from crossflight.errors import InputError
from crossflight.model import Flight, Opportunities, Plan, Scenario
from crossflight.report.tables import chance_table
from crossflight.rules import check
from crossflight.scenario import read_scenario
from crossflight.times import Instant


@pytest.fixture(scope="module")
def station() -> Scenario:
    return with_opportunities(read_scenario("iss-2022"))


def computed(s: Scenario) -> Opportunities:
    assert s.opportunities is not None
    return s.opportunities


@pytest.mark.parametrize("name", ["iss-2022", "iss-2026", *REPLAYS])
def test_the_elements_were_known(name: str) -> None:
    s = read_scenario(name)
    assert s.station.elements is not None
    near = with_opportunities_near(s, Plan(name, s.digest, ()))
    assert computed(near).epoch_utc <= s.known_utc


@pytest.mark.parametrize("name", ["iss-flown", "commercial"])
def test_without_elements_nothing_is_computed(name: str) -> None:
    s = read_scenario(name)
    assert with_opportunities(s) is s
    assert with_opportunities_near(s, Plan(name, s.digest, ())) is s


def test_elements_of_later_are_refused() -> None:
    s = replace(read_scenario("iss-2022"), known_utc=Instant.of(2022, 6, 1))
    with pytest.raises(InputError, match="after the knowledge date"):
        with_opportunities(s)


def test_every_day_has_a_lift_off_for_every_type_with_an_ascent(station: Scenario) -> None:
    n_days = int(station.to_utc.days_since(station.from_utc))
    types = {t.name for t in station.vehicle_types if t.ascent is not None}
    assert {t for t, _ in computed(station).launches} == types
    for some in computed(station).launches.values():
        days = {o.liftoff_utc.floor_day() for o in some}
        assert len(days) == n_days
        assert [o.sigma_s for o in some[:: n_days // 4]] == sorted(o.sigma_s for o in some[:: n_days // 4])


# Flown after the knowledge date, so nothing of them is in the scenario.  MS-22 was announced for the day.
FLOWN = {
    ("soyuz-ms", "baikonur-31", "2022-09-21T13:54:50"): 180.0,
    ("crew-dragon", "ksc-39a", "2022-10-05T16:00:57"): 300.0,
    ("cargo-dragon", "ksc-39a", "2022-07-15T00:44:22"): 60.0,
}


@pytest.mark.parametrize("flown", FLOWN, ids=lambda f: f[2][:10])
def test_lift_offs_are_near_what_was_flown(station: Scenario, flown: tuple[str, str, str]) -> None:
    kind, pad, at = flown
    real = Instant.parse(at)
    near = min(computed(station).launches[kind, pad], key=lambda o: abs(o.liftoff_utc.us - real.us))
    assert abs(near.liftoff_utc.s_since(real)) <= min(FLOWN[flown], 3 * near.sigma_s)


def flight(name: str, kind: str, pad: str, launch: str, landing: str) -> Flight:
    up, down = Instant.parse(launch), Instant.parse(landing)
    return Flight(
        name, "rotation", kind, name, pad, up, up.plus_days(1), "Harmony zenith", (), down.plus_days(-1), down
    )


def test_near_the_flights_the_same_is_computed_as_over_the_horizon(station: Scenario) -> None:
    flights = (
        flight("a", "soyuz-ms", "baikonur-31", "2023-02-03T10:00", "2023-08-01T10:00"),
        flight("b", "crew-dragon", "ksc-39a", "2024-05-07T10:00", "2024-11-01T10:00"),
        flight("c", "cygnus", "wallops-0a", "2025-05-07T10:00", "2025-11-01T10:00"),
        flight("d", "no such type", "nowhere", "2025-05-07T10:00", "2025-11-01T10:00"),
    )
    plan = Plan(station.name, station.digest, flights)
    near = with_opportunities_near(replace(station, opportunities=None), plan)
    whole = computed(station)
    for key, some in computed(near).launches.items():
        assert set(some) <= set(whole.launches[key])
    for kind, found in computed(near).landings.items():
        assert {o.landing_utc for o in found} <= {o.landing_utc for o in whole.landings[kind]}

    def said(s: Scenario) -> list[tuple[object, ...]]:
        # Beta is found between fewer samples: its tenths may differ.
        found = check(s, plan)
        return [(v.rule, v.severity, v.from_utc, v.subjects) for v in found] + [
            v.message for v in found if v.rule != "solar_beta"
        ]

    assert said(near) == said(station)
    assert sum(len(x) for x in computed(near).launches.values()) < 60


def test_chances_of_a_plan_say_how_sure_its_flights_are(station: Scenario) -> None:
    launch = computed(station).launches["soyuz-ms", "baikonur-31"][400]
    landing = computed(station).landings["soyuz-ms"][600]
    planned = replace(
        flight("MS-99", "soyuz-ms", "baikonur-31", "2023-02-03", "2023-08-01"),
        launch_utc=launch.liftoff_utc,
        dock_utc=launch.profiles[0].dock_utc,
        undock_utc=landing.undock_utc,
        landing_utc=landing.landing_utc,
    )
    [chance] = chances(station, Plan(station.name, station.digest, (planned,)))
    assert (chance.launch, chance.landing) == (launch, landing)
    assert chance.profile == launch.profiles[0]
    assert chance.line[0] == "MS-99"
    assert chance.line[4] == "2-orbit"
    assert "m/s" in chance.line[6]
    assert list(chances(replace(station, opportunities=None), Plan("x", "", (planned,)))) == []


def test_chances_as_documents_and_as_a_table(station: Scenario) -> None:
    launch = computed(station).launches["soyuz-ms", "baikonur-31"][400]
    planned = replace(
        flight("MS-99", "soyuz-ms", "baikonur-31", "2023-02-03", "2023-08-01"),
        launch_utc=launch.liftoff_utc,
        dock_utc=launch.profiles[0].dock_utc,
        undock_utc=None,
        landing_utc=None,
    )
    found = list(chances(station, Plan(station.name, station.digest, (planned,))))
    [document] = [chance_document(c) for c in found]
    assert list(document) == ["flight", "launch", "landing"]
    assert document["landing"] is None
    up = document["launch"]
    assert isinstance(up, dict)
    assert (up["profile"], up["phase_known"]) == ("2-orbit", False)
    assert 0 < up["probability"] < 0.5
    assert set(up["reboost"]) == {"burn_utc", "dv_m_s", "propellant_kg", "altitude_km", "is_typical"}
    assert up["reboost"]["is_typical"]
    json.dumps(document, allow_nan=False)
    shown = chance_table([c.line for c in found])
    assert len(shown["columns"]) == len(shown["rows"][0]) == len(COLUMNS)
