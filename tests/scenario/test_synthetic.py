"""The generator of made-up stations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crossflight.model import Scenario
from crossflight.planner import plan
from crossflight.rules import REGISTRY, check
from crossflight.scenario import read_scenario, read_scenario_text, text_of_scenario
from crossflight.scenario.synthetic import synthetic
from crossflight.scenario.synthetic_training import with_training


def test_same_arguments_give_the_same_station() -> None:
    assert synthetic(1.5, 2, 7) == synthetic(1.5, 2, 7)


@pytest.mark.parametrize("n_providers", [1, 2, 3])
@pytest.mark.parametrize("years", [0.3, 2, 10])
def test_the_strict_reader_takes_its_text_for_the_same_station(years: float, n_providers: int) -> None:
    # The reader checks every name, range and interval, so this is the proof that it is valid.
    for seed in range(4):
        made = synthetic(years, n_providers, seed)
        if seed % 2:
            made = with_training(made, 60, seed)
        assert read_scenario_text(text_of_scenario(made)) == made


def test_text_of_a_shipped_scenario_says_the_same() -> None:
    shipped = read_scenario("iss-2026")
    written = read_scenario_text(text_of_scenario(shipped))
    assert written.digest == shipped.digest
    assert replace(written, facts=()) == replace(shipped, facts=())


def test_every_seed_is_another_station() -> None:
    made = [synthetic(2, 2, seed) for seed in range(20)]
    assert len({s.digest for s in made}) == 20
    for what in (
        lambda s: s.docked[0].flight.launch_utc,
        lambda s: s.docked[1].flight.port,
        lambda s: s.announced[0].launch_utc,
        lambda s: s.vehicle_types[0].price,
        lambda s: s.commodities[0].stock_kg,
        lambda s: s.forbidden_days[0].from_utc,
        lambda s: tuple(bool(p.outages) for p in s.pads),
        lambda s: s.station.evas[0].from_utc,
    ):
        assert len({what(s) for s in made}) > 1


@pytest.mark.parametrize("n_providers", [1, 2, 3])
def test_a_longer_horizon_continues_a_shorter_one(n_providers: int) -> None:
    short, long = synthetic(2, n_providers, 3), synthetic(10, n_providers, 3)
    assert short.docked == long.docked
    assert short.announced == long.announced
    assert short.vehicle_types == long.vehicle_types
    assert short.people == tuple(p for p in long.people if p in short.people)
    assert short.station.evas == long.station.evas[:2]
    assert short.forbidden_days == long.forbidden_days[: len(short.forbidden_days)]


def test_number_of_providers_is_the_number_of_partners_and_crew_lines() -> None:
    for n in (1, 2, 3):
        made = synthetic(2, n, 1)
        assert len(made.partners) == n
        assert sum(t.plan_line and t.is_crewed for t in made.vehicle_types) == n
        assert len(made.station.ports) == {1: 4, 2: 8, 3: 10}[n]
        assert len(made.station.segments) == (2 if n > 1 else 0)
    assert len(synthetic(2, 2, 1).vehicle_types) == 5


def test_everything_a_bench_needs_is_there() -> None:
    made = synthetic(10, 2, 5)
    assert set(made.rules) == {m.RULE.id for m in REGISTRY}
    assert 70 <= len(made.people) <= 100
    assert made.rules["docking_spacing"].values["days_min"] == 3
    assert any(p.outages for p in made.pads)
    assert [t.name for t in made.objective] == [t.name for t in read_scenario("iss-2022").objective]


def test_beta_cutouts_are_short_and_never_near_an_equinox() -> None:
    # Inclination 51.6 deg: beta passes 60 deg only with the Sun more than 8.4 deg off the equator.
    days = synthetic(10, 2, 1).forbidden_days
    assert 35 <= len(days) <= 60
    assert all(1 <= f.to_utc.days_since(f.from_utc) <= 12 for f in days)
    months = {f.from_utc.date()[5:7] for f in days}
    assert {"06", "12"} <= months <= {"01", "02", "04", "05", "06", "07", "08", "10", "11", "12"}


@pytest.mark.parametrize(
    ("years", "n_providers", "text"),
    [
        (0, 2, "years 0"),
        (31, 2, "years 31"),
        (float("nan"), 2, "years nan"),
        (1, 0, "n_providers 0"),
        (1, 4, "n_providers 4"),
    ],
)
def test_out_of_range_is_refused(years: float, n_providers: int, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        synthetic(years, n_providers, 1)


def planned(scenario: Scenario) -> None:
    result = plan(scenario, time_limit_s=4, workers=1)
    assert result.plan is not None, result.message
    assert [v.message for v in check(scenario, result.plan) if v.is_failure] == []


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n_providers", [1, 2, 3])
def test_short_stations_can_be_planned_and_the_checker_agrees(n_providers: int, seed: int) -> None:
    planned(synthetic(0.5, n_providers, seed))


def test_a_longer_station_can_be_planned() -> None:
    planned(synthetic(1.2, 2, 11))


def test_with_training_seats_ask_for_both_sides_courses() -> None:
    plain = synthetic(1.1, 2, 1)
    made = with_training(plain, 40, 1)
    assert sum(not p.is_visitor for p in made.people) == 40
    assert made.docked == plain.docked
    for person in made.people:
        if not person.is_visitor:
            kind = "soyuz" if person.agency == "RS" else "capsule"
            assert {c.centre for c in made.courses_for(person, kind)} == {"Steppe centre", "Coast centre"}
    planned(made)
