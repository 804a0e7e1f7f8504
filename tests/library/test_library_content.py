"""What the scenarios that ship must hold, and that they can be planned at all."""

from pathlib import Path

import pytest
from shipped_scenarios import ALL, REPLAYS, shipped

import crossflight
from crossflight.app.near_flights import with_opportunities
from crossflight.history.record import flown_record
from crossflight.model import Plan, Scenario
from crossflight.planner import plan
from crossflight.rules import REGISTRY, check
from crossflight.rules.measures import TERMS
from crossflight.scenario import read_scenario

# Rules that the craft docked at the start must already keep.
AT_THE_START = {
    "flight_times",
    "return_seat",
    "segment_operator",
    "capsule",
    "crew_size",
    "port_compatibility",
    "port_occupancy",
    "one_place",
    "ground_time",
    "availability",
    "crew_qualification",
}


def test_the_library_is_these(names: tuple[str, ...]) -> None:
    assert sorted(names) == sorted(ALL)


def test_the_name_is_the_file_name(names: tuple[str, ...]) -> None:
    assert [read_scenario(n).name for n in names] == list(names)


def test_the_digest_repeats(scenario: Scenario) -> None:
    assert read_scenario(scenario.name).digest == scenario.digest


def test_every_rule_has_its_setting_and_no_other_has(scenario: Scenario) -> None:
    assert set(scenario.rules) == {rule.RULE.id for rule in REGISTRY}


def test_the_objective_uses_terms_that_exist(scenario: Scenario) -> None:
    assert {t for tier in scenario.objective for t in tier.terms} <= set(TERMS)


def test_crew_can_operate_the_segment_of_their_side(planned: Scenario) -> None:
    segments = {s.name for s in planned.station.segments}
    side = {"USOS": "USOS", "Roscosmos": "RS"}
    for person in planned.people:
        partner = planned.partner_of_agency(person.agency)
        if person.is_visitor:
            assert not person.qualifications
        elif segments:
            assert partner is not None
            assert {q.segment for q in person.qualifications if q.is_operator} == {side[partner]}


def test_each_planned_crewed_type_has_commanders_for_every_flight(planned: Scenario) -> None:
    days = planned.to_utc.days_since(planned.from_utc)
    rest = float(planned.rules["ground_time"].values["days_min"])
    for vehicle in planned.vehicle_types:
        if vehicle.plan_line and vehicle.is_crewed:
            assert vehicle.on_orbit_life_days is not None
            n_flights = days / (vehicle.on_orbit_life_days - 10)
            n_each = 1 + days // (vehicle.on_orbit_life_days + rest)
            crew = [p for p in planned.people if vehicle.name in p.commander_of and not p.is_visitor]
            assert len(crew) * n_each >= n_flights


def test_the_fleet_can_carry_what_is_used(planned: Scenario) -> None:
    days = planned.to_utc.days_since(planned.from_utc)
    types = {v.name: v for v in planned.vehicle_types}
    there = {d.flight.craft for d in planned.docked}
    for c in planned.commodities:
        n_crew = sum(planned.station.n_crew_nominal.values())
        use = n_crew * c.per_person_day_kg + c.per_day_kg
        left = 0.0
        for craft in planned.craft:
            if craft.name not in there and craft.n_flights_allowed is not None:
                n_left = craft.n_flights_allowed - craft.n_flights_used
                left += n_left * types[craft.vehicle_type].upmass_kg.get(c.name, 0.0)
        # A tenth more than nominal: handovers and visitors.
        assert c.stock_kg + left >= 1.1 * use * days + c.reserve_days * use
        assert c.stock_kg >= c.reserve_days * use


def test_the_craft_there_at_the_start_keep_the_rules(planned: Scenario) -> None:
    plan = Plan(planned.name, planned.digest, tuple(d.flight for d in planned.docked))
    broken = {v.rule for v in check(planned, plan) if v.is_failure}
    assert not broken & AT_THE_START
    assert ("announced_flight" in broken) == bool(planned.announced)


def test_reusable_craft_have_flights_left_for_the_horizon(planned: Scenario) -> None:
    days = planned.to_utc.days_since(planned.from_utc)
    for vehicle in planned.vehicle_types:
        if vehicle.plan_line and vehicle.is_crewed:
            left = sum(
                c.n_flights_allowed - c.n_flights_used
                for c in planned.craft
                if c.vehicle_type == vehicle.name and c.n_flights_allowed is not None
            )
            fixed = [a for a in planned.announced if a.vehicle_type == vehicle.name and a.kind == "visiting"]
            assert vehicle.on_orbit_life_days is not None
            assert left >= days / (vehicle.on_orbit_life_days - 10) - 1 + len(fixed)


def test_iss_2022_is_the_station_of_that_day(iss_2022: Scenario) -> None:
    docked = {d.flight.name: d.flight for d in iss_2022.docked}
    assert docked["MS-21"].port == "Prichal nadir"
    assert docked["MS-21"].crew_up == ("Oleg Artemyev", "Denis Matveev", "Sergey Korsakov")
    assert docked["Crew-4"].craft == "Freedom"
    assert docked["Crew-4"].port == "Harmony zenith"
    assert {docked["Progress MS-19"].port, docked["Progress MS-20"].port} == {"Poisk zenith", "Zvezda aft"}
    coming = {a.name: a for a in iss_2022.announced}
    assert coming["MS-22"].launch_utc.date() == "2022-09-21"
    assert coming["MS-22"].window_days == 0
    assert coming["MS-22"].crew == ("Sergey Prokopyev", "Dmitry Petelin", "Francisco Rubio")
    assert coming["Crew-5"].craft == "Endurance"
    assert coming["Crew-5"].crew == ("Nicole Mann", "Josh Cassada", "Koichi Wakata", "Anna Kikina")
    assert "Loral O'Hara" in coming["MS-23"].crew
    assert coming["CRS-25"].launch_utc.minute() == "2022-07-15 00:44"
    assert iss_2022.rules["operator_n1"].values["binds_from_docking_of"] == "Crew-5"


def test_iss_2022_agrees_with_the_record_on_what_is_docked(iss_2022: Scenario) -> None:
    record = flown_record()
    for there in iss_2022.docked:
        was = record.flight(there.flight.name)
        assert (there.flight.launch_utc, there.flight.dock_utc) == (was.launch_utc, was.dock_utc)
        assert (there.flight.port, there.flight.craft) == (was.port, was.craft)


@pytest.mark.parametrize("name", REPLAYS)
def test_what_is_docked_in_a_replay_is_in_the_record(name: str) -> None:
    """Instants, craft and ports as flown; seats too, where nobody has moved to another craft since."""
    scenario, record = shipped(name), flown_record()
    flown = {f.name: f for f in record.flights}
    assert {d.flight.name for d in scenario.docked} <= set(flown)
    for there in scenario.docked:
        was = flown[there.flight.name]
        assert there.flight.launch_utc == was.launch_utc
        assert there.flight.craft == was.craft
        assert was.undock_utc is None or was.undock_utc > scenario.from_utc
        assert (there.flight.dock_utc, there.flight.port) == (was.dock_utc, was.port)
        before = [r for r in was.relocations if r.undock_utc < scenario.from_utc]
        assert list(there.flight.relocations) == before
        assert set(there.flight.crew_up) in (set(was.crew_up), set(was.crew_down), STRANDED)


STRANDED = {"Oleg Kononenko", "Nikolai Chub", "Tracy Caldwell Dyson"}


@pytest.mark.parametrize("name", ["replay-ms-10", "replay-starliner", "replay-crew-11"])
def test_a_replay_has_a_plan_of_the_day_before(name: str) -> None:
    """One of each time; the others are planned by the page of replays."""
    scenario = with_opportunities(shipped(name))
    found = plan(scenario, time_limit_s=60, workers=2, seed=1)
    assert found.plan is not None, found.message
    assert [v for v in check(scenario, found.plan) if v.is_failure] == []


def test_iss_2026_is_the_station_of_that_day(iss_2026: Scenario) -> None:
    docked = {d.flight.name: d for d in iss_2026.docked}
    assert docked["MS-29"].flight.port == "Prichal nadir"
    assert docked["MS-29"].flight.crew_up == ("Pyotr Dubrov", "Anna Kikina", "Anil Menon")
    planned = docked["MS-29"].planned_undock_utc
    assert planned is not None
    assert planned.date() == "2027-04-01"
    crew_13 = docked["Crew-13"]
    assert crew_13.flight.craft == "Grace"
    assert crew_13.planned_undock_utc is not None
    assert crew_13.window_days is not None
    assert crew_13.planned_undock_utc.plus_days(-crew_13.window_days).date() == "2027-03-01"
    assert iss_2026.to_utc.date() == "2031-01-01"
    assert iss_2026.rules["operator_n1"].values["binds_from_docking_of"] == ""


def test_objective_tiers_stand_in_the_order_of_the_issue(iss_2022: Scenario, iss_2026: Scenario) -> None:
    wanted = [
        {"waiver_price"},
        {"unattended_segment_days", "operator_n1_segment_days"},
        {"days_moved"},
        {"flight_price", "crew_shortfall_days"},
        {
            "handover_shortfall_days",
            "seat_n1_person_days",
            "n_relocations",
            "return_weather_shortfall_days",
            "ledger_imbalance",
        },
    ]
    for s in (iss_2022, iss_2026):
        assert [set(tier.terms) for tier in s.objective] == wanted


def test_the_record_uses_only_what_iss_flown_knows(iss_flown: Scenario) -> None:
    types = {v.name for v in iss_flown.vehicle_types}
    pads = {p.name for p in iss_flown.pads}
    ports = {p.name for p in iss_flown.station.ports}
    crewed = {v.name for v in iss_flown.vehicle_types if v.is_crewed}
    craft = {c.name for c in iss_flown.craft}
    for f in flown_record().flights:
        assert f.vehicle_type in types
        assert f.pad in pads
        assert {p for p in (f.port, *(r.to_port for r in f.relocations)) if p} <= ports
        if f.vehicle_type in crewed:
            assert f.craft in craft


def test_the_commercial_station_is_nothing_like_the_iss(commercial: Scenario, iss_2022: Scenario) -> None:
    assert not commercial.station.segments
    assert not commercial.agreements
    assert len(commercial.partners) == 1
    assert len({v.provider for v in commercial.vehicle_types}) == 1
    assert not {p.name for p in commercial.station.ports} & {p.name for p in iss_2022.station.ports}


@pytest.mark.parametrize("room", ["model", "rules", "planner"])
def test_no_code_below_the_scenario_knows_a_port_of_the_iss(room: str, iss_2022: Scenario) -> None:
    words = [p.name for p in iss_2022.station.ports] + [p.name for p in iss_2022.partners if p.name != "USOS"]
    for module in (Path(crossflight.__file__).parent / room).rglob("*.py"):
        code = "\n".join(
            line
            for line in module.read_text(encoding="utf-8").splitlines()
            if '"' in line and '"""' not in line
        )
        assert [w for w in words if f'"{w}"' in code] == [], module.name
