"""Every single mutation of a good plan is caught, flight by flight, and nonsense never raises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from example_station import commercial, iss_like
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_edits import drop_flights, set_craft, set_flight

from crossflight.model import Flight, Plan, Relocation, Scenario, SeatMove, Waiver
from crossflight.rules import REGISTRY, Walk, check, coverage
from crossflight.rules.measures import TERMS
from crossflight.times import Instant

SCENARIO, PLAN = iss_like()
CREWED = [f for f in PLAN.flights if f.crew_up]
LEAVING = [f for f in CREWED if f.undock_utc is not None]


def failures(scenario: Scenario, plan: Plan) -> set[str]:
    return {v.rule for v in check(scenario, plan) if v.is_failure}


def mutations():
    """(name, mutated plan) for every flight and every way to spoil it."""
    for f in PLAN.flights:
        for field, value in (
            ("craft", "No such craft"),
            ("vehicle_type", "No such type"),
            ("port", "No such port"),
            ("port", None),
            ("dock_utc", f.launch_utc),
            ("dock_utc", f.launch_utc.plus_days(6)),
            ("launch_utc", SCENARIO.to_utc),
        ):
            yield f"{f.name} {field} {value}", set_flight(PLAN, f.name, **{field: value})
        if f.launch_utc > SCENARIO.from_utc:
            yield f"{f.name} pad", set_flight(PLAN, f.name, pad="No such pad")
        yield f"{f.name} twice", replace(PLAN, flights=(*PLAN.flights, f))
        if f.undock_utc is not None:
            yield f"{f.name} undocks early", set_flight(PLAN, f.name, undock_utc=f.dock_utc)
            yield f"{f.name} never leaves", set_flight(PLAN, f.name, undock_utc=None, landing_utc=None)
    for f in PLAN.flights:
        for i, move in enumerate(f.relocations):
            name = f"{f.name} move {i}"
            yield f"{name} left out", set_flight(PLAN, f.name, relocations=())
            for what, changed in (
                ("to where it was", replace(move, to_port=move.from_port)),
                ("to an occupied port", replace(move, to_port="Zvezda aft")),
                ("from elsewhere", replace(move, from_port="Prichal")),
                ("before docking", replace(move, undock_utc=f.dock_utc, dock_utc=f.dock_utc)),
                ("after undocking", replace(move, undock_utc=f.undock_utc, dock_utc=f.landing_utc)),
                ("backwards", replace(move, undock_utc=move.dock_utc, dock_utc=move.undock_utc)),
            ):
                yield f"{name} {what}", set_flight(PLAN, f.name, relocations=(changed,))
            for eva in SCENARIO.station.evas:
                late = replace(move, undock_utc=eva.from_utc, dock_utc=eva.to_utc)
                yield f"{name} during {eva.name}", set_flight(PLAN, f.name, relocations=(late,))
            others = (g.dock_utc for g in PLAN.flights if abs(g.dock_utc.days_since(move.dock_utc)) < 6)
            for k, dock in enumerate(others):
                near = replace(move, undock_utc=dock.plus_days(-0.1), dock_utc=dock)
                yield f"{name} at docking {k}", set_flight(PLAN, f.name, relocations=(near,))
    for f in CREWED:
        yield f"{f.name} dropped", drop_flights(PLAN, f.name)
        yield f"{f.name} never docks", set_flight(PLAN, f.name, dock_utc=None, port=None, undock_utc=None)
        yield f"{f.name} empty", set_flight(PLAN, f.name, crew_up=())
        yield f"{f.name} nobody down", set_flight(PLAN, f.name, crew_down=())
        for person in f.crew_up:
            fewer = tuple(p for p in f.crew_up if p != person)
            yield f"{f.name} without {person}", set_flight(PLAN, f.name, crew_up=fewer)
            yield f"{f.name} stranger for {person}", set_flight(PLAN, f.name, crew_up=(*fewer, "Stranger"))
        for person in f.crew_down:
            fewer = tuple(p for p in f.crew_down if p != person)
            yield f"{f.name} leaves {person}", set_flight(PLAN, f.name, crew_down=fewer)
        others = [g for g in CREWED if g is not f]
        for g in others:
            crew = (*f.crew_up[:-1], g.crew_up[-1])
            yield f"{f.name} takes {crew[-1]}", set_flight(PLAN, f.name, crew_up=crew)
    for f in LEAVING:
        yield f"{f.name} lands first", set_flight(PLAN, f.name, landing_utc=f.undock_utc)
        yield f"{f.name} never lands", set_flight(PLAN, f.name, landing_utc=None)
        yield f"{f.name} lands late", set_flight(PLAN, f.name, landing_utc=f.undock_utc.plus_days(3.1))
    for i, move in enumerate(PLAN.seat_moves):
        left = (*PLAN.seat_moves[:i], *PLAN.seat_moves[i + 1 :])
        yield f"move {i} left out", replace(PLAN, seat_moves=left)
        for field, value in (
            ("person", "Stranger"),
            ("from_flight", "Visit 1"),
            ("to_flight", "No such flight"),
            ("utc", SCENARIO.to_utc),
        ):
            changed = replace(move, **{field: value})
            yield f"move {i} {field}", replace(PLAN, seat_moves=(*left, changed))


# A visit nobody announced may be left out, and the last cargo craft may stay.
LEGAL = {"Visit 2 dropped", "Progress 7 never leaves", "Cygnus 4 never leaves"}
MUTATIONS = [(name, plan) for name, plan in mutations() if name not in LEGAL]


def test_there_are_hundreds_of_mutations_without_repetition():
    assert len({name for name, _ in MUTATIONS}) == len(MUTATIONS) > 500


@pytest.mark.parametrize("part", range(8))
def test_every_single_mutation_is_caught(part: int):
    slipped = [name for name, plan in MUTATIONS[part::8] if not failures(SCENARIO, plan)]
    assert slipped == []


def test_the_unspoilt_plan_and_legal_mutations_are_accepted():
    assert failures(SCENARIO, PLAN) == set()
    spared = [plan for name, plan in mutations() if name in LEGAL]
    assert len(spared) == len(LEGAL)
    assert [failures(SCENARIO, plan) for plan in spared] == [set()] * len(LEGAL)


# -- nonsense -------------------------------------------------------------------------------

NAMES = ["Soyuz 1", "Soyuz 2", "Crew-1", "Crew-2", "Visit 1", "Progress 1", "Strange flight"]
PEOPLE = [*PLAN.flights[0].crew_up, *PLAN.flights[1].crew_up, "Nobody", ""]
PORTS = ["Rassvet", "Poisk", "Forward", "Zenith", "Nowhere"]
instants = st.integers(-200, 900).map(lambda d: SCENARIO.from_utc.plus_days(d / 1))
people = st.lists(st.sampled_from(PEOPLE), max_size=6).map(tuple)
relocations = st.lists(
    st.builds(Relocation, instants, instants, st.sampled_from(PORTS), st.sampled_from(PORTS)), max_size=3
).map(tuple)
flights = st.builds(
    Flight,
    name=st.sampled_from(NAMES),
    kind=st.sampled_from(["rotation", "visiting", "uncrewed", "cargo"]),
    vehicle_type=st.sampled_from(["Soyuz", "Dragon", "Progress", "Saucer"]),
    craft=st.sampled_from(["Soyuz 1", "Grace", "Endurance", "Progress 1", "Balloon"]),
    pad=st.sampled_from(["Site 31", "LC-39A", "Meadow"]),
    launch_utc=instants,
    dock_utc=st.none() | instants,
    port=st.none() | st.sampled_from(PORTS),
    relocations=relocations,
    undock_utc=st.none() | instants,
    landing_utc=st.none() | instants,
    crew_up=people,
    crew_down=people,
)
moves = st.builds(
    SeatMove,
    instants,
    st.sampled_from(PEOPLE),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES),
    st.sampled_from(["nominal", "contingency"]),
)
waivers = st.builds(
    Waiver, st.sampled_from([m.RULE.id for m in REGISTRY] + ["no_such_rule"]), instants, instants
)


def assert_walks(scenario: Scenario, plan: Plan) -> None:
    walk = Walk(scenario, plan)
    for v in check(scenario, plan):
        assert v.from_utc <= v.to_utc
        assert v.message
    found = coverage(scenario, plan)
    horizon = scenario.to_utc.days_since(scenario.from_utc)
    assert sum(s.days for s in walk.states) == pytest.approx(horizon)
    for span in (*found.unattended, *found.operator_n1_uncovered, *found.seat_n1):
        assert scenario.from_utc <= span.from_utc < span.to_utc <= scenario.to_utc
    for term in TERMS.values():
        assert term(walk) >= 0


@given(
    st.lists(flights, max_size=8).map(tuple),
    st.lists(moves, max_size=6).map(tuple),
    st.lists(waivers, max_size=3).map(tuple),
)
@settings(max_examples=120, deadline=None)
def test_nonsense_plans_never_raise(
    some: tuple[Flight, ...], seat_moves: tuple[SeatMove, ...], paper: tuple[Waiver, ...]
):
    for scenario in (SCENARIO, commercial()[0]):
        assert_walks(scenario, Plan("nonsense", "", some, seat_moves, paper))
    assert failures(SCENARIO, Plan("nonsense", "", some, seat_moves))


@given(st.lists(flights, max_size=3), st.lists(moves, max_size=3))
@settings(max_examples=40, deadline=None)
def test_nonsense_beside_a_good_plan_never_raises(some: list[Flight], seat_moves: list[SeatMove]):
    scenario = set_craft(SCENARIO, "Grace", unusable_from_utc=Instant.of(2030, 6, 1))
    plan = replace(PLAN, flights=(*some, *PLAN.flights), seat_moves=(*PLAN.seat_moves, *seat_moves))
    assert_walks(scenario, plan)


def test_an_empty_plan_is_unattended_and_fails():
    found = coverage(SCENARIO, Plan("empty", "", ()))
    horizon = SCENARIO.to_utc.days_since(SCENARIO.from_utc)
    assert found.unattended_days == found.operator_n1_uncovered_days == pytest.approx(horizon)
    assert failures(SCENARIO, Plan("empty", "", ())) >= {"announced_flight", "operator_n1"}
