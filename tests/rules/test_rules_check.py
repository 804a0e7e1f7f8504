"""What the checker does with what the rules find: severities, waivers, order, the horizon."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

import pytest
from example_station import T0, day
from plan_edits import (
    Case,
    flight,
    set_announced,
    set_commodity,
    set_flight,
    set_person,
    set_severity,
    set_type,
    set_undock,
    set_values,
)

import crossflight.rules
from crossflight.model import Qualification, SeatMove, Waiver
from crossflight.rules import REGISTRY, Walk, check, rule_title

IDS = [
    "flight_times", "announced_flight", "return_seat", "segment_operator", "operator_n1", "seat_n1",
    "integrated_seat", "seat_ledger", "on_orbit_life", "life_left", "return_weather", "capsule",
    "handover", "crew_size", "port_compatibility", "port_occupancy", "port_closure", "docking_spacing",
    "eva_day", "pad", "forbidden_days", "launch_opportunity", "landing_opportunity",
    "solar_beta", "consumables", "one_place", "ground_time", "availability",
    "crew_qualification", "training", "backup_crew", "career_dose",
]  # fmt: skip


def test_the_registry_is_the_list_of_rules_in_order():
    assert [module.RULE.id for module in REGISTRY] == IDS
    modules = {m.name for m in pkgutil.iter_modules(crossflight.rules.__path__)}
    assert modules - set(IDS) == {"measures", "rule", "walk"}


@pytest.mark.parametrize("rule", IDS)
def test_every_rule_says_what_it_is_and_where_it_comes_from(rule: str):
    module = importlib.import_module(f"crossflight.rules.{rule}")
    assert module.RULE.statement.endswith(".")
    assert module.RULE.source
    assert "\nSource: " in module.__doc__
    for value in module.RULE.values:
        assert f"- `{value}`: " in module.__doc__


@pytest.fixture
def overdue(iss: Case) -> Case:
    """Soyuz 3 lands 10 days after its certified life ends."""
    scenario, plan = iss
    f = flight(plan, "Soyuz 3")
    plan = set_undock(plan, "Soyuz 3", f.launch_utc.plus_days(210 - 0.15))
    return set_severity(scenario, "waivable", "on_orbit_life"), plan


def test_a_message_carries_numbers_units_and_the_limit(overdue: Case):
    (v,) = check(*overdue)
    assert v.message == "Soyuz 3: 210.0 d from lift-off to landing, limit 200 d: 10.0 d over"
    assert v.subjects == ("Soyuz 3",)
    assert v.from_utc == flight(overdue[1], "Soyuz 3").launch_utc.plus_days(200)
    assert v.to_utc == flight(overdue[1], "Soyuz 3").landing_utc
    assert (v.severity, v.is_failure) == ("waivable", True)


def waiver(v, **changes) -> Waiver:
    return replace(Waiver(v.rule, v.from_utc, v.to_utc, v.subjects, 10.0, "weather"), **changes)


def test_a_waiver_covers_its_rule_subjects_and_dates(overdue: Case):
    scenario, plan = overdue
    (v,) = check(scenario, plan)
    for paper in (waiver(v), waiver(v, subjects=()), waiver(v, subjects=("Soyuz 3", "Soyuz 4"))):
        (waived,) = check(scenario, replace(plan, waivers=(paper,)))
        assert waived == replace(v, severity="waived")
        assert not waived.is_failure
    for paper in (
        waiver(v, rule="handover"),
        waiver(v, subjects=("Soyuz 4",)),
        waiver(v, from_utc=v.from_utc.plus_s(1)),
        waiver(v, to_utc=v.to_utc.plus_s(-1)),
    ):
        assert check(scenario, replace(plan, waivers=(paper,))) == (v,)


def test_a_waiver_covers_only_what_the_scenario_calls_waivable(overdue: Case):
    scenario, plan = overdue
    (v,) = check(scenario, plan)
    papers = (waiver(v),)
    for severity, expected in (("hard", ["hard"]), ("soft", ["soft"]), ("off", [])):
        found = check(set_severity(scenario, severity, "on_orbit_life"), replace(plan, waivers=papers))
        assert [v.severity for v in found] == expected


def test_a_waiver_uses_the_reserve_down_to_where_the_crew_would_leave(iss: Case):
    scenario, plan = iss
    for stock_kg, found_is in ((60.0 * 15, "waivable"), (50.0 * 15, "hard")):
        # 20.25 d of 15 kg until the first cargo: 39.75 and 29.75 d are left of a reserve of 45 d.
        short = set_commodity(scenario, stock_kg=stock_kg)
        used = set_values(set_severity(short, "waivable", "consumables"), "consumables", leave_days=30)
        (v,) = (v for v in check(used, plan) if v.rule == "consumables")
        assert v.severity == found_is
        allowed = check(used, replace(plan, waivers=(waiver(v),)))
        assert [x.is_failure for x in allowed if x.rule == "consumables"] == [found_is == "hard"]
        none_given = set_severity(short, "waivable", "consumables")
        assert [x.severity for x in check(none_given, plan) if x.rule == "consumables"] == ["hard"]


@pytest.mark.parametrize("severity", ["hard", "waivable", "soft"])
def test_beyond_what_a_waiver_can_add_is_hard(overdue: Case, severity: str):
    scenario, plan = overdue
    scenario = set_type(set_severity(scenario, severity, "on_orbit_life"), "Soyuz", life_waiver_days=9.9)
    (v,) = check(scenario, plan)
    (kept,) = check(scenario, replace(plan, waivers=(waiver(v),)))
    assert v.severity == kept.severity == "hard"
    assert v.message.endswith("a waiver can add 9.9 d at most")


def test_a_rule_that_is_off_is_not_run(iss: Case):
    scenario, plan = iss
    settings = {i: replace(s, severity="off", values={}) for i, s in scenario.rules.items()}
    broken = set_flight(plan, "Soyuz 2", craft="No such craft")
    assert check(replace(scenario, rules=settings), broken) == ()


def test_violations_come_by_time_then_in_the_order_of_the_rules(iss: Case):
    scenario, plan = iss
    f = flight(plan, "Soyuz 4")
    plan = set_flight(plan, "Soyuz 4", craft="No such craft", pad="No such pad")
    plan = set_flight(plan, "Soyuz 2", crew_down=())
    found = check(scenario, plan)
    assert [v.rule for v in found] == ["return_seat", "capsule", "pad"]
    assert found[1].from_utc == found[2].from_utc == f.launch_utc


def test_only_the_horizon_counts(iss: Case):
    scenario, plan = iss
    # Before the beginning Crew-1's cosmonaut was no operator: that is the past.
    person = flight(plan, "Crew-1").crew_up[3]
    assert check(set_person(scenario, person, qualifications=(Qualification("RS", from_utc=T0),)), plan) == ()
    late = Qualification("RS", from_utc=T0.plus_days(1))
    (v,) = check(set_person(scenario, person, qualifications=(late,)), plan)
    assert (v.rule, v.from_utc, v.to_utc) == ("operator_n1", T0, T0.plus_days(1))


def test_operator_n1_binds_from_a_docking(iss: Case):
    scenario, plan = iss
    person = flight(plan, "Crew-1").crew_up[3]
    scenario = set_person(scenario, person, qualifications=(Qualification("RS", "user"),))
    scenario = set_severity(scenario, "off", "crew_qualification")
    both = check(scenario, plan)
    assert [(v.from_utc, v.to_utc, v.subjects) for v in both] == [
        (T0, flight(plan, "Soyuz 2").dock_utc, ("RS", "Soyuz 1")),
        (flight(plan, "Soyuz 1").undock_utc, flight(plan, "Crew-2").dock_utc, ("RS", "Soyuz 2")),
    ]
    later = set_values(scenario, "operator_n1", binds_from_docking_of="Soyuz 2")
    assert check(later, plan) == both[1:]
    assert check(set_values(scenario, "operator_n1", binds_from_docking_of="Crew-2"), plan) == ()
    absent = set_values(scenario, "operator_n1", binds_from_docking_of="Never flown")
    assert check(absent, plan) == both


def test_windows_count_whole_days(iss: Case):
    scenario, plan = iss
    at = flight(plan, "Soyuz 2").launch_utc
    for n_days, is_kept in ((10.99, True), (11.0, False), (-10.0, True), (-10.01, False)):
        moved = set_announced(scenario, "Soyuz 2", launch_utc=at.plus_days(n_days))
        assert (check(moved, plan) == ()) == is_kept


def test_flights_before_the_start_count_for_pairs_of_flights(iss: Case):
    scenario, plan = iss
    late = set_values(scenario, "handover", overlap_days_min=6.5)
    assert [v.subjects[0] for v in check(late, plan)] == ["Crew-1", "Crew-2", "Crew-3", "Crew-4"]
    long = set_type(scenario, "Dragon", turnaround_days=400)
    assert {v.rule for v in check(long, plan)} == {"capsule"}


def test_a_stay_remembers_up_and_down_flight(iss: Case):
    scenario, plan = iss
    stays = {s.person: s for s in Walk(scenario, plan).stays}
    mover = flight(plan, "Soyuz 3").crew_up[2]
    assert (stays[mover].up_flight, stays[mover].down_flight) == ("Soyuz 3", "Soyuz 4")
    last = flight(plan, "Soyuz 5").crew_up[0]
    assert (stays[last].down_flight, stays[last].landing_us) == (None, None)
    spans = [s for s in Walk(scenario, plan).seat_spans if s.person == mover]
    assert [(s.flight, s.from_utc, s.to_utc) for s in spans] == [
        ("Soyuz 3", day(240.25), day(423)),
        ("Soyuz 4", day(423), day(607.25)),
    ]


def test_a_move_at_the_instant_of_docking_or_undocking_can_be_made(iss: Case):
    # Wilmore and Williams moved when their craft left; the order at one instant is dock, move, undock.
    scenario, plan = iss
    a, b = "Soyuz 2", "Crew-2"
    x, y = flight(plan, a).crew_up[2], flight(plan, b).crew_up[2]
    for at in (flight(plan, b).dock_utc, flight(plan, a).undock_utc):
        moves = (*plan.seat_moves, SeatMove(at, x, a, b), SeatMove(at, y, b, a))
        swapped = replace(plan, seat_moves=moves)
        for name, old, new in ((a, x, y), (b, y, x)):
            down = tuple(new if n == old else n for n in flight(plan, name).crew_down)
            swapped = set_flight(swapped, name, crew_down=down)
        assert check(scenario, swapped) == ()


def test_seat_ledger_is_measured_from_launch_to_launch(iss: Case):
    scenario, plan = iss
    agreement = replace(scenario.agreements[0], ledger_bound=0)
    found = check(replace(scenario, agreements=(agreement,)), plan)
    assert {v.rule for v in found} == {"seat_ledger"}
    assert {(v.from_utc, v.to_utc) for v in found} == {
        (day(60 + 180 * k), day(150 + 180 * k)) for k in range(4)
    }


def test_every_rule_has_a_title_of_its_own_in_words() -> None:
    titles = [module.RULE.title for module in REGISTRY]
    assert len(set(titles)) == len(titles)
    assert [t for t in titles if not t or "_" in t or len(t) > 30] == []
    assert rule_title("docking_spacing") == "days between dockings"
    assert rule_title("no_such_rule") == "no_such_rule"
