"""For every rule: edits up to its very limit, which leave the whole checker silent."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from example_station import commercial, day, iss_like
from hypothesis import given, settings
from hypothesis import strategies as st
from opportune_station import DIRECT, opportune, planned, with_landings, with_launches
from plan_edits import (
    Case,
    Edit,
    add_flight,
    add_person,
    flight,
    set_agreement,
    set_announced,
    set_commodity,
    set_craft,
    set_flight,
    set_pad,
    set_person,
    set_port,
    set_station,
    set_type,
    set_undock,
    set_values,
    shift_flight,
    swap_person,
)
from trained_station import BACKUP, index_of, set_course, set_slot, trained

from crossflight.model import (
    AnnouncedFlight,
    Closure,
    Craft,
    Eva,
    Flight,
    ForbiddenDays,
    IntegratedSeat,
    LaunchOpportunity,
    Plan,
    Qualification,
    Relocation,
    Scenario,
    SeatMove,
    Trained,
)
from crossflight.rules import REGISTRY, check

SCENARIO, PLAN = iss_like()
LEGAL: dict[str, list[Edit]] = {}


def legal(rule: str):
    def register(edit: Edit) -> Edit:
        LEGAL.setdefault(rule, []).append(edit)
        return edit

    return register


@legal("flight_times")
def slow_ascent_and_return(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, "Cygnus 1")
    p = set_flight(p, f.name, launch_utc=f.dock_utc.plus_days(-r.choice([5, r.uniform(0.01, 5)])))
    f = flight(p, "Visit 1")
    return s, set_flight(p, f.name, landing_utc=f.undock_utc.plus_days(r.choice([3, r.uniform(0.01, 3)])))


@legal("flight_times")
def cargo_lost_on_the_way(s: Scenario, p: Plan, r: Random) -> Case:
    s = replace(s, craft=(*s.craft, Craft("Lost", "Progress")))
    return s, add_flight(p, Flight("Lost", "cargo", "Progress", "Lost", "Site 31", day(r.uniform(75, 95))))


@legal("flight_times")
def launch_aborted(s: Scenario, p: Plan, r: Random) -> Case:
    s = replace(s, craft=(*s.craft, Craft("Aborted", "Soyuz")))
    crew = ("Unlucky 1", "Unlucky 2")
    s = add_person(s, crew[0], "Roscosmos", "RS", commander_of=("Soyuz",))
    s = add_person(s, crew[1], "NASA", "USOS")
    # The ledger counts seats flown; exempt, as nobody got anywhere.
    s = set_agreement(s, exempt_flights=("Aborted",))
    at = day(r.uniform(75, 95))
    lost = Flight(
        "Aborted", "rotation", "Soyuz", "Aborted", "Site 31", at, None, None, (), None,
        at.plus_days(0.0137), crew, crew,
    )  # fmt: skip
    return s, add_flight(p, lost)


@legal("announced_flight")
def announced_within_window(s: Scenario, p: Plan, r: Random) -> Case:
    a = r.choice(s.announced)
    return set_announced(s, a.name, launch_utc=a.launch_utc.plus_days(r.uniform(-9.9, 10.9))), p


@legal("announced_flight")
def exactly_as_announced(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice(
        [f for f in p.flights if f.name not in {a.name for a in s.announced} and f.launch_utc > s.from_utc]
    )
    a = AnnouncedFlight(
        f.name, f.kind, f.vehicle_type, f.launch_utc, 0, f.craft, f.pad, f.port, None, f.crew_up
    )
    return replace(s, announced=(*s.announced, a)), p


@legal("announced_flight")
def docked_flight_undocks_freely(s: Scenario, p: Plan, r: Random) -> Case:
    docked = tuple(
        replace(d, planned_undock_utc=r.choice([None, day(r.uniform(0, 700))]), window_days=None)
        for d in s.docked
    )
    return replace(s, docked=docked), p


@legal("return_seat")
def nominal_to_contingency_and_back(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Crew-2", "Crew-3"]))
    at = f.dock_utc.plus_days(r.uniform(1, 100))
    person = r.choice(f.crew_up)
    moves = (
        SeatMove(at, person, f.name, f.name, "contingency"),
        SeatMove(at.plus_days(r.uniform(0.1, 50)), person, f.name, f.name),
    )
    return s, replace(p, seat_moves=(*p.seat_moves, *moves))


@legal("return_seat")
def swap_between_craft(s: Scenario, p: Plan, r: Random) -> Case:
    # Two of one partner exchange their seats and go home in the other's craft.
    a, b = "Soyuz 2", "Crew-2"
    x, y = flight(p, a).crew_up[2], flight(p, b).crew_up[2]
    at = day(r.uniform(151, 247.25))
    p = replace(p, seat_moves=(*p.seat_moves, SeatMove(at, x, a, b), SeatMove(at, y, b, a)))
    p = set_flight(p, a, crew_down=tuple(y if n == x else n for n in flight(p, a).crew_down))
    return s, set_flight(p, b, crew_down=tuple(x if n == y else n for n in flight(p, b).crew_down))


@legal("segment_operator")
def operators_until_the_last_minute(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-3", "Soyuz 4"]))
    for person in f.crew_up:
        known = next(x for x in s.people if x.name == person)
        q = replace(
            known.qualifications[0], from_utc=f.dock_utc, to_utc=f.undock_utc.plus_days(r.uniform(0, 9))
        )
        s = set_person(s, person, qualifications=(q,))
    return s, p


@legal("operator_n1")
def one_of_two_operators_lapses(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Crew-2", "Crew-3", "Crew-5"]))
    until = f.dock_utc.plus_days(r.uniform(0, 100))
    return set_person(s, r.choice(f.crew_up[:3]), qualifications=(Qualification("USOS", to_utc=until),)), p


@legal("operator_n1")
def not_binding_yet(s: Scenario, p: Plan, r: Random) -> Case:
    # The cosmonaut of Crew-1 is a user, so Soyuz 1 alone covers RS until Crew-2 docks.
    s = set_person(s, flight(p, "Crew-1").crew_up[3], qualifications=(Qualification("RS", "user"),))
    return set_values(s, "operator_n1", binds_from_docking_of=r.choice(["Crew-2", "Soyuz 3"])), p


@legal("seat_n1")
def more_seatless_accepted(s: Scenario, p: Plan, r: Random) -> Case:
    return set_values(s, "seat_n1", n_without_nominal_max=r.randrange(4, 9)), p


@legal("integrated_seat")
def exempt_flight(s: Scenario, p: Plan, r: Random) -> Case:
    seats = (IntegratedSeat("Dragon", "RS", 1), IntegratedSeat("Soyuz", "USOS", r.randrange(2, 4)))
    exempt = tuple(f.name for f in p.flights if f.vehicle_type == "Soyuz")
    dragons = [f.name for f in p.flights if f.vehicle_type == "Dragon" and f.kind == "rotation"]
    return set_agreement(s, seats=seats, exempt_flights=(*exempt, *dragons)), p


@legal("integrated_seat")
def after_the_agreement(s: Scenario, p: Plan, r: Random) -> Case:
    s = set_agreement(s, to_utc=day(r.uniform(150.1, 240)))
    s = add_person(s, "Cross-trained", "Roscosmos", "USOS", "RS")
    return s, swap_person(p, flight(p, "Soyuz 5").crew_up[2], "Cross-trained", "Soyuz 5")


@legal("seat_ledger")
def wider_bound(s: Scenario, p: Plan, r: Random) -> Case:
    # Two seats given on one Soyuz and two on the next Crew Dragon end at 0 again.
    s = set_agreement(add_person(s, "Second U", "ESA", "USOS"), ledger_bound=r.randrange(2, 5))
    s = add_person(s, "Second R", "Roscosmos", "RS")
    p = swap_person(p, flight(p, "Soyuz 3").crew_up[1], "Second U", "Soyuz 3")
    return s, swap_person(p, flight(p, "Crew-3").crew_up[2], "Second R", "Crew-3")


@legal("on_orbit_life")
def to_the_last_day(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Soyuz 3", "Soyuz 4"]))
    return s, set_undock(p, f.name, f.launch_utc.plus_days(200 - 0.15 - r.choice([1e-9, r.uniform(0, 12)])))


@legal("life_left")
def life_left_to_the_day(s: Scenario, p: Plan, r: Random) -> Case:
    return replace(s, life_left_days=r.choice([80, r.uniform(0, 80)])), p


@legal("capsule")
def capsule_just_ready(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-2", "Visit 1", "Progress 3"]))
    return set_craft(s, f.craft, ready_utc=f.launch_utc.plus_days(-r.choice([0, r.uniform(0, 100)]))), p


@legal("capsule")
def capsule_turned_around(s: Scenario, p: Plan, r: Random) -> Case:
    s = set_type(s, "Dragon", turnaround_days=r.uniform(0, 348))
    return set_craft(s, "Endurance", n_flights_used=r.randrange(13), n_flights_allowed=15), p


@legal("handover")
def exactly_the_overlap(s: Scenario, p: Plan, r: Random) -> Case:
    old, new = r.choice([("Soyuz 1", "Soyuz 2"), ("Crew-1", "Crew-2"), ("Soyuz 4", "Soyuz 5")])
    return s, set_undock(p, old, flight(p, new).dock_utc.plus_days(r.choice([5, r.uniform(5, 9)])))


@legal("crew_size")
def full_station(s: Scenario, p: Plan, r: Random) -> Case:
    return set_station(s, n_crew_max=r.randrange(11, 15)), p


@legal("port_compatibility")
def other_free_port(s: Scenario, p: Plan, r: Random) -> Case:
    if r.random() < 0.5:
        return s, set_flight(p, "Progress 4", port="Poisk")
    s = set_port(s, "Zenith", from_utc=day(r.uniform(-9, 101)), to_utc=day(r.uniform(697, 800)))
    return set_type(s, "Dragon", ports=("Zenith", "Forward")), p


@legal("port_occupancy")
def exactly_the_gap(s: Scenario, p: Plan, r: Random) -> Case:
    k = r.randrange(1, 5)
    arrival = flight(p, f"Progress {k + 1}").dock_utc
    return s, set_undock(p, f"Progress {k}", arrival.plus_days(-r.choice([0.5, r.uniform(0.5, 30)])))


@legal("port_occupancy")
def back_to_the_same_port(s: Scenario, p: Plan, r: Random) -> Case:
    at = day(r.uniform(155, 197))
    f = flight(p, "Soyuz 2")
    test_flight = Relocation(at, at.plus_days(0.05), "Poisk", "Poisk")
    return s, set_flight(p, f.name, relocations=(*f.relocations, test_flight))


@legal("port_closure")
def closed_while_free(s: Scenario, p: Plan, r: Random) -> Case:
    gap = flight(p, "Progress 1").undock_utc, flight(p, "Progress 2").dock_utc
    return set_port(s, "Zvezda aft", closures=(Closure(*gap, "repair"),)), p


@legal("docking_spacing")
def exactly_the_spacing(s: Scenario, p: Plan, r: Random) -> Case:
    target = flight(p, r.choice(["Soyuz 2", "Progress 1"]))
    dock = target.dock_utc.plus_days(r.choice([-2, 2]) * r.choice([1, r.uniform(1, 3)]))
    return s, shift_flight(p, "Cygnus 1", dock.days_since(flight(p, "Cygnus 1").dock_utc))


@legal("docking_spacing")
def relocated_exactly_the_spacing_before(s: Scenario, p: Plan, r: Random) -> Case:
    dock = flight(p, "Progress 2").dock_utc.plus_days(-r.choice([2, r.uniform(2, 7)]))
    move = Relocation(dock.plus_days(-0.03), dock, "Rassvet", "Poisk")
    return s, set_flight(p, "Soyuz 2", relocations=(move,))


@legal("eva_day")
def exactly_the_hours_clear(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Cygnus 1", "Crew-3", "Progress 3"]))
    hours = r.choice([12, r.uniform(12, 20)])
    begin = r.choice([f.dock_utc.plus_s(3600 * hours), f.dock_utc.plus_s(-3600 * hours).plus_days(-0.3)])
    return set_station(s, evas=(*s.station.evas, Eva("EVA 2", begin, begin.plus_days(0.3)))), p


@legal("return_weather")
def waits_as_long_as_life_and_ports_allow(s: Scenario, p: Plan, r: Random) -> Case:
    kind, most = r.choice([("Soyuz", 12), ("Dragon", 22), ("Progress", 4), ("Cygnus", 60)])
    return set_type(s, kind, return_weather_days=r.choice([most, r.randrange(most + 1)])), p


@legal("pad")
def pad_back_in_time(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-3", "Cygnus 1"]))
    s = set_pad(s, f.pad, outages=(Closure(f.launch_utc.plus_days(-9), f.launch_utc, "repair"),))
    return set_pad(s, "LC-39A", turnaround_days=r.choice([50, r.uniform(0, 50)])), p


@legal("forbidden_days")
def other_days_events_and_types(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-3"]))
    at = f.launch_utc
    days = (
        ForbiddenDays(at.plus_days(-2), at, ("launch",), "before"),
        ForbiddenDays(at, at.plus_days(0.001), ("dock", "landing"), "other event"),
        ForbiddenDays(at, at.plus_days(0.1), ("launch",), "other type", ("Cygnus",)),
    )
    return replace(s, forbidden_days=days), p


@legal("consumables")
def just_enough(s: Scenario, p: Plan, r: Random) -> Case:
    # 20.25 d of 15 kg until the first cargo, and 45 d of reserve.
    return set_commodity(s, stock_kg=r.choice([65.25 * 15, r.uniform(980, 5000)])), p


@legal("one_place")
def up_again(s: Scenario, p: Plan, r: Random) -> Case:
    s = set_values(s, "ground_time", days_min=0)
    old, new = flight(p, "Soyuz 4").crew_up[1], flight(p, r.choice(["Soyuz 1", "Soyuz 2"])).crew_up[1]
    return s, swap_person(p, old, new, "Soyuz 4")


@legal("ground_time")
def long_on_the_ground(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-2", "Visit 1"]))
    at = f.launch_utc.plus_days(-r.choice([540, r.uniform(540, 3000)]))
    return set_person(s, r.choice(f.crew_up), landed_utc=at), p


@legal("availability")
def away_between_flights(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.crew_up and f.crew_up == f.crew_down and f.landing_utc])
    away = (Closure(day(-900), f.launch_utc, "training"), Closure(f.landing_utc, day(2000), "leave"))
    return set_person(s, r.choice(f.crew_up), unavailable=away), p


@legal("crew_qualification")
def another_commander(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-2", "Visit 1", "Crew-5"]))
    s = set_person(s, f.crew_up[0], commander_of=())
    return set_person(s, f.crew_up[1], commander_of=(f.vehicle_type,)), p


@legal("crew_qualification")
def specialist(s: Scenario, p: Plan, r: Random) -> Case:
    person = flight(p, r.choice(["Soyuz 2", "Soyuz 5"])).crew_up[1]
    quals = (Qualification("RS", r.choice(["operator", "specialist"])), Qualification("USOS", "user"))
    return set_person(s, person, qualifications=quals), p


@legal("career_dose")
def dose_to_the_limit(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Soyuz 5", "Crew-3"]))
    landing = f.landing_utc or s.to_utc
    left = 600 - 0.5 * landing.days_since(f.launch_utc)
    return set_person(s, f.crew_up[1], dose_msv=r.choice([left, r.uniform(0, left)])), p


@legal("training")
def earlier_places(s: Scenario, p: Plan, r: Random) -> Case:
    # The first course of a first crew can come earlier, back to the plan's first day.
    s, p = trained(s, p)
    i = index_of(p, "station", r.choice(["Crew-3", "Soyuz 4"]))
    slot = p.training[i]
    days = r.uniform(0, slot.from_utc.days_since(s.from_utc))
    days = r.choice([0.0, days, slot.from_utc.days_since(s.from_utc)])
    s = set_course(s, "station", n_places=r.choice([7, None]))
    return s, set_slot(p, i, from_utc=slot.from_utc.plus_days(-days), to_utc=slot.to_utc.plus_days(-days))


@legal("training")
def finished_before(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    person = r.choice([x.person for x in p.training if x.flight in ("Crew-3", "Crew-4", "Soyuz 4")])
    names = {"station", "Dragon", "Soyuz command"}
    s = set_person(s, person, trained=(Trained(tuple(names), day(-r.uniform(0, 900))),))
    kept = tuple(x for x in p.training if x.person != person or x.course not in names)
    return s, replace(p, training=kept) if person not in BACKUP else (p)


@legal("training")
def current_to_the_day(s: Scenario, p: Plan, r: Random) -> Case:
    # Backup crews refresh 14 d before the launch; crews finish 14 or 24 d before theirs.
    s, p = trained(s, p)
    return set_course(s, "Soyuz", current_days=r.choice([24, r.uniform(24, 400)])), p


@legal("training")
def away_between_courses(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    slots = [x for x in p.training if x.person == BACKUP[0]]
    end = max(x.to_utc for x in slots if x.flight == "Soyuz 2")
    launch = flight(p, "Soyuz 2").launch_utc
    assert launch.days_since(end) == 14
    again = min(x.from_utc for x in slots if x.flight == "Soyuz 3")
    return set_person(s, BACKUP[0], unavailable=(Closure(launch, again, "leave"),)), p


@legal("backup_crew")
def more_backups(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    record = (Trained(("station", "Soyuz", "Soyuz command"), day(r.uniform(500, 585))),)
    s = set_course(s, "Soyuz", current_days=None)
    s = set_course(s, "Soyuz", n_places=None)
    s = set_course(s, "station", n_places=None)
    s = set_course(s, "Soyuz command", n_places=None)
    s = add_person(s, "Backup more", "Roscosmos", "RS", trained=record)
    kept = [x for x in p.training if x.person not in BACKUP or x.flight == "Soyuz 2"]
    p = replace(p, training=tuple(kept))
    return s, set_flight(p, "Soyuz 5", backup=(*BACKUP, "Backup more"))


@legal("launch_opportunity")
def nearly_in_plane(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    sigma_s = r.choice([5.0, 30.0, 300.0])
    f = r.choice(planned(s, p))
    off_s = r.choice([-1, 1]) * r.uniform(0, max(59.9, 2.99 * sigma_s))
    s = with_launches(s, lambda o: replace(o, sigma_s=sigma_s))
    return s, set_flight(p, f.name, launch_utc=f.launch_utc.plus_s(off_s))


@legal("launch_opportunity")
def phase_far_ahead(s: Scenario, p: Plan, r: Random) -> Case:
    # The first launch is on day 20.
    s, p = opportune(s, p)
    s = set_values(s, "launch_opportunity", phase_days_max=r.uniform(0, 19.9))
    known = r.random() < 0.5

    def closed(o: LaunchOpportunity) -> LaunchOpportunity:
        profiles = tuple(replace(x, is_feasible=False, probability=0.1) for x in o.profiles)
        return replace(o, profiles=profiles, is_phase_known=known)

    return with_launches(s, closed), p


@legal("launch_opportunity")
def another_type_or_pad(s: Scenario, p: Plan, r: Random) -> Case:
    # Nothing is computed for Cygnus, nor for its pad.
    s, p = opportune(s, p)
    f = flight(p, "Cygnus 1")
    return s, set_flight(p, f.name, launch_utc=f.launch_utc.plus_days(-r.uniform(0, 2)))


@legal("landing_opportunity")
def nearly_in_time(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    sigma_s = r.choice([5.0, 30.0, 300.0])
    f = r.choice([f for f in p.flights if f.vehicle_type in DIRECT and f.landing_utc is not None])
    off_s = r.choice([-1, 1]) * r.uniform(0, max(59.9, 2.99 * sigma_s))
    s = with_landings(s, lambda o: replace(o, sigma_s=sigma_s))
    return s, set_flight(p, f.name, landing_utc=f.landing_utc.plus_s(off_s))


@legal("landing_opportunity")
def improbable_landing(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    return with_landings(s, lambda o: replace(o, probability=r.uniform(0.001, 1))), p


@legal("solar_beta")
def sun_low_enough(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    values = r.choice(
        [
            {"launch_beta_deg_max": r.uniform(20, 90)},
            {"dock_beta_deg_max": r.uniform(20, 90)},
            {"launch_beta_deg_max": 20.0, "dock_beta_deg_max": 20.0},
            {},
        ]
    )
    return set_values(s, "solar_beta", **values), p


def test_every_rule_has_a_generator_of_legal_edits():
    assert set(LEGAL) == {module.RULE.id for module in REGISTRY}


CASES = [pytest.param(edit, id=f"{rule}-{edit.__name__}") for rule, edits in LEGAL.items() for edit in edits]


@pytest.mark.parametrize("edit", CASES)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_legal_edits_leave_the_checker_silent(edit: Edit, seed: int):
    scenario, plan = edit(SCENARIO, PLAN, Random(seed))
    assert [v.message for v in check(scenario, plan)] == []


@pytest.mark.parametrize("n_half_years", [1, 2, 3, 7, 10])
def test_a_legal_plan_of_any_length_is_accepted(n_half_years: int):
    assert check(*iss_like(n_half_years)) == ()


def test_a_station_without_segments_is_accepted():
    assert check(*commercial()) == ()


@given(st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_flights_and_people_does_not_matter(random: Random):
    flights, people = list(PLAN.flights), list(SCENARIO.people)
    random.shuffle(flights)
    random.shuffle(people)
    assert check(replace(SCENARIO, people=tuple(people)), replace(PLAN, flights=tuple(flights))) == ()
