"""For every rule: ways to break it, and the checker names that rule and no other."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from example_station import T0, day, iss_like
from hypothesis import given, settings
from hypothesis import strategies as st
from opportune_station import DIRECT, opportune, planned, with_landings, with_launches
from plan_edits import (
    Case,
    Edit,
    add_flight,
    add_person,
    drop_flights,
    flight,
    set_agreement,
    set_announced,
    set_commodity,
    set_craft,
    set_flight,
    set_pad,
    set_person,
    set_port,
    set_severity,
    set_station,
    set_type,
    set_undock,
    set_values,
    shift_flight,
    swap_person,
)
from trained_station import BACKUP, index_of, set_course, set_slot, trained, without

from crossflight.model import (
    AnnouncedFlight,
    Closure,
    Craft,
    Eva,
    Flight,
    ForbiddenDays,
    IntegratedSeat,
    LandingOpportunity,
    LaunchOpportunity,
    Plan,
    Qualification,
    Reboost,
    Relocation,
    Scenario,
    SeatMove,
    Trained,
    TrainingSlot,
)
from crossflight.rules import REGISTRY, check

SCENARIO, PLAN = iss_like()

# Normally soft: breaking another rule may well cost handover days or spare seats.
SOFT = ("seat_n1", "handover", "seat_ledger")

BREAKS: dict[str, list[Edit]] = {}


def breaks(rule: str):
    def register(edit: Edit) -> Edit:
        BREAKS.setdefault(rule, []).append(edit)
        return edit

    return register


@breaks("flight_times")
def lands_before_undocking(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-3", "Visit 1", "Progress 2"]))
    return s, set_flight(p, f.name, landing_utc=f.undock_utc.plus_days(-r.uniform(0, 5)))


@breaks("flight_times")
def long_ascent(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, "Cygnus 1")
    return s, set_flight(p, f.name, launch_utc=f.dock_utc.plus_days(-r.uniform(5.01, 20)))


@breaks("flight_times")
def long_return(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Visit 1", "Visit 2"]))
    return s, set_flight(p, f.name, landing_utc=f.undock_utc.plus_days(r.uniform(3.01, 20)))


@breaks("flight_times")
def relocation_backwards(s: Scenario, p: Plan, r: Random) -> Case:
    at = day(r.uniform(80, 95))
    return s, set_flight(
        p, "Soyuz 2", relocations=(Relocation(at, at.plus_days(-r.uniform(0, 5)), "Rassvet", "Poisk"),)
    )


@breaks("flight_times")
def port_of_a_flight_that_never_docked(s: Scenario, p: Plan, r: Random) -> Case:
    s = replace(s, craft=(*s.craft, Craft("Lost", "Progress")))
    at = day(r.uniform(75, 95))
    return s, add_flight(
        p, Flight("Lost", "cargo", "Progress", "Lost", "Site 31", at, None, "Poisk", (), None, at)
    )


@breaks("flight_times")
def flight_twice(s: Scenario, p: Plan, r: Random) -> Case:
    return s, add_flight(p, r.choice(p.flights))


@breaks("flight_times")
def never_lands(s: Scenario, p: Plan, r: Random) -> Case:
    return s, set_flight(p, r.choice(["Visit 1", "Soyuz 3", "Crew-2"]), landing_utc=None)


@breaks("flight_times")
def undocks_after_the_end(s: Scenario, p: Plan, r: Random) -> Case:
    at = s.to_utc.plus_days(r.uniform(0.01, 20))
    name = r.choice(["Soyuz 5", "Crew-5"])
    return s, set_flight(p, name, undock_utc=at, landing_utc=at.plus_days(0.5))


@breaks("announced_flight")
def announced_out_of_window(s: Scenario, p: Plan, r: Random) -> Case:
    a = r.choice(s.announced)
    days = r.choice([-1, 1]) * r.uniform(11.01, 60)
    return set_announced(s, a.name, launch_utc=a.launch_utc.plus_days(days)), p


@breaks("announced_flight")
def launched_out_of_window(s: Scenario, p: Plan, r: Random) -> Case:
    return s, shift_flight(p, "Visit 1", r.uniform(15.2, 25))


@breaks("announced_flight")
def announced_but_absent(s: Scenario, p: Plan, r: Random) -> Case:
    new = AnnouncedFlight("Visit 9", "visiting", "Dragon", day(r.uniform(0, 700)), 30)
    return replace(s, announced=(*s.announced, new)), p


@breaks("announced_flight")
def announced_otherwise(s: Scenario, p: Plan, r: Random) -> Case:
    changes = r.choice(
        [
            {"crew": (flight(p, "Soyuz 5").crew_up[1],)},
            {"craft": "Grace"},
            {"pad": "SLC-40"},
            {"port": "Forward"},
            {"kind": "cargo"},
            {"docked_days": 17.0},
        ]
    )
    return set_announced(s, "Visit 1", **changes), p


@breaks("announced_flight")
def undocks_out_of_window(s: Scenario, p: Plan, r: Random) -> Case:
    docked = tuple(
        replace(d, planned_undock_utc=d.planned_undock_utc.plus_days(r.choice([-1, 1]) * r.uniform(11, 40)))
        for d in s.docked
    )
    return replace(s, docked=docked), p


@breaks("announced_flight")
def past_rewritten(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, "Soyuz 1")
    return s, r.choice(
        [
            set_flight(p, f.name, launch_utc=f.launch_utc.plus_days(r.uniform(-0.1, 0.1))),
            set_flight(p, f.name, dock_utc=f.dock_utc.plus_days(r.uniform(0.01, 0.5))),
            set_flight(p, f.name, port="Poisk"),
        ]
    )


@breaks("announced_flight")
def past_move_not_made(s: Scenario, p: Plan, r: Random) -> Case:
    return replace(s, seat_moves=s.seat_moves[: r.randrange(2)]), p


@breaks("return_seat")
def left_out_of_crew_down(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.crew_down])
    left = r.choice(f.crew_down)
    return s, set_flight(p, f.name, crew_down=tuple(x for x in f.crew_down if x != left))


@breaks("return_seat")
def in_two_crews_down(s: Scenario, p: Plan, r: Random) -> Case:
    name, other = r.choice([("Soyuz 2", "Crew-2"), ("Visit 1", "Crew-1"), ("Crew-2", "Soyuz 3")])
    return s, set_flight(p, name, crew_down=(*flight(p, name).crew_down, flight(p, other).crew_down[1]))


@breaks("return_seat")
def move_that_cannot_be_made(s: Scenario, p: Plan, r: Random) -> Case:
    crew = flight(p, "Soyuz 2").crew_up
    move = r.choice(
        [
            SeatMove(day(r.uniform(70, 150)), r.choice(crew), "Soyuz 2", "Soyuz 3"),
            SeatMove(day(r.uniform(70, 150)), r.choice(crew), "Soyuz 2", "Soyuz 77"),
            SeatMove(day(r.uniform(70, 150)), r.choice(crew), "Crew-1", "Soyuz 2"),
            SeatMove(day(r.uniform(1, 50)), r.choice(crew), "Soyuz 2", "Crew-1"),
            SeatMove(day(r.uniform(720, 800)), r.choice(crew), "Soyuz 2", "Crew-1"),
        ]
    )
    return s, replace(p, seat_moves=(*p.seat_moves, move))


@breaks("return_seat")
def seats_too_few(s: Scenario, p: Plan, r: Random) -> Case:
    return set_type(s, r.choice(["Dragon", "Soyuz"]), n_seats_nominal=r.choice([0, 1, 2])), p


@breaks("return_seat")
def fourth_in_soyuz(s: Scenario, p: Plan, r: Random) -> Case:
    s = add_person(s, "Fourth", r.choice(["NASA", "Roscosmos"]), "USOS", "RS")
    f = flight(p, r.choice(["Soyuz 3", "Soyuz 5"]))
    return s, set_flight(p, f.name, crew_up=(*f.crew_up, "Fourth"), crew_down=(*f.crew_down, "Fourth"))


@breaks("return_seat")
def contingency_seat_that_is_not_there(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Soyuz 5"]))
    move = SeatMove(
        f.dock_utc.plus_days(r.uniform(0.1, 50)), r.choice(f.crew_up), f.name, f.name, "contingency"
    )
    return s, replace(p, seat_moves=(*p.seat_moves, move))


@breaks("return_seat")
def craft_lost_as_lifeboat(s: Scenario, p: Plan, r: Random) -> Case:
    return set_craft(s, "Resilience", unusable_from_utc=day(r.uniform(101.1, 110))), p


@breaks("segment_operator")
def segment_without_operators(s: Scenario, p: Plan, r: Random) -> Case:
    s = set_values(s, "operator_n1", binds_from_docking_of="Crew-5")
    segment = r.choice(["RS", "USOS"])
    from_utc = day(r.uniform(5, 600))
    quals = (
        Qualification(segment, to_utc=from_utc),
        Qualification(segment, from_utc=from_utc.plus_days(r.uniform(0.01, 5))),
    )
    people = tuple(
        replace(x, qualifications=quals) if x.qualifications and x.qualifications[0].segment == segment else x
        for x in s.people
    )
    return replace(s, people=people), p


@breaks("operator_n1")
def qualification_lapses(s: Scenario, p: Plan, r: Random) -> Case:
    # Alone with one Soyuz, and for longer than the 7 d in which two Soyuz are docked.
    f = flight(p, r.choice(["Crew-2", "Crew-3"]))
    from_utc = f.dock_utc.plus_days(r.uniform(7, 150))
    until = from_utc.plus_days(r.uniform(8, 20))
    quals = (Qualification("RS", to_utc=from_utc), Qualification("RS", from_utc=until))
    return set_person(s, f.crew_up[3], qualifications=quals), p


@breaks("operator_n1")
def liner_moved_to_the_other_craft(s: Scenario, p: Plan, r: Random) -> Case:
    person = flight(p, "Soyuz 2").crew_up[2]
    from_utc = day(r.uniform(68, 140))
    return s, replace(
        p,
        seat_moves=(
            *p.seat_moves,
            SeatMove(from_utc, person, "Soyuz 2", "Crew-1", "contingency"),
            SeatMove(from_utc.plus_days(r.uniform(0.01, 9)), person, "Crew-1", "Soyuz 2"),
        ),
    )


@breaks("seat_n1")
def fewer_seatless_wanted(s: Scenario, p: Plan, r: Random) -> Case:
    return set_values(s, "seat_n1", n_without_nominal_max=r.randrange(4)), p


@breaks("seat_n1")
def fifth_seat_in_one_craft(s: Scenario, p: Plan, r: Random) -> Case:
    person = flight(p, "Soyuz 2").crew_up[1]
    from_utc = day(r.uniform(61, 140))
    return s, replace(
        p,
        seat_moves=(
            *p.seat_moves,
            SeatMove(from_utc, person, "Soyuz 2", "Crew-1", "contingency"),
            SeatMove(from_utc.plus_days(r.uniform(0.01, 9)), person, "Crew-1", "Soyuz 2"),
        ),
    )


@breaks("integrated_seat")
def more_seats_agreed(s: Scenario, p: Plan, r: Random) -> Case:
    seats = r.choice([IntegratedSeat("Dragon", "RS", 2), IntegratedSeat("Soyuz", "USOS", 2)])
    return set_agreement(s, seats=(IntegratedSeat("Dragon", "RS"), IntegratedSeat("Soyuz", "USOS"), seats)), p


@breaks("integrated_seat")
def fewer_seats_agreed(s: Scenario, p: Plan, r: Random) -> Case:
    seats = r.choice([IntegratedSeat("Dragon", "RS", 0, 0), IntegratedSeat("Soyuz", "USOS", 0, 0)])
    return set_agreement(s, seats=(seats,)), p


@breaks("integrated_seat")
def partner_left_behind(s: Scenario, p: Plan, r: Random) -> Case:
    # Cross-trained, so that operators stay where they are needed.
    name, agency = r.choice([("Crew-3", "NASA"), ("Crew-5", "ESA"), ("Soyuz 2", "Roscosmos")])
    s = add_person(s, "Cross-trained", agency, "USOS", "RS")
    old = flight(p, name).crew_up[-1]
    return s, swap_person(p, old, "Cross-trained", name)


@breaks("seat_ledger")
def second_seat_given(s: Scenario, p: Plan, r: Random) -> Case:
    s = add_person(s, "Second", r.choice(["NASA", "ESA"]), "USOS")
    name = r.choice(["Soyuz 2", "Soyuz 3", "Soyuz 5"])
    return s, swap_person(p, flight(p, name).crew_up[1], "Second", name)


@breaks("seat_ledger")
def no_bound(s: Scenario, p: Plan, r: Random) -> Case:
    return set_agreement(s, ledger_bound=0), p


@breaks("on_orbit_life")
def certified_for_less(s: Scenario, p: Plan, r: Random) -> Case:
    return set_type(s, r.choice(["Soyuz", "Dragon"]), on_orbit_life_days=r.uniform(165, 187.3)), p


@breaks("on_orbit_life")
def stays_too_long(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Soyuz 3", "Soyuz 4"]))
    return s, set_undock(p, f.name, f.launch_utc.plus_days(r.uniform(199.9, 209)))


@breaks("life_left")
def more_life_wanted(s: Scenario, p: Plan, r: Random) -> Case:
    return replace(s, life_left_days=r.uniform(80.01, 300)), p


@breaks("capsule")
def capsule_still_up(s: Scenario, p: Plan, r: Random) -> Case:
    k = r.randrange(1, 5)
    return s, set_flight(p, f"Crew-{k + 1}", craft=flight(p, f"Crew-{k}").craft)


@breaks("capsule")
def capsule_not_turned_around(s: Scenario, p: Plan, r: Random) -> Case:
    return set_type(s, "Dragon", turnaround_days=r.uniform(353, 500)), p


@breaks("capsule")
def capsule_not_there(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.launch_utc > s.from_utc])
    return s, set_flight(
        p, f.name, craft=r.choice(["No such craft", "Progress 1" if f.kind != "cargo" else "Freedom"])
    )


@breaks("capsule")
def capsule_not_ready(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.launch_utc > s.from_utc])
    return set_craft(s, f.craft, ready_utc=f.launch_utc.plus_days(r.uniform(0.001, 100))), p


@breaks("capsule")
def capsule_worn_out(s: Scenario, p: Plan, r: Random) -> Case:
    return set_craft(s, r.choice(["Grace", "Endurance", "Resilience"]), n_flights_allowed=r.randrange(2)), p


@breaks("capsule")
def flown_once_already(s: Scenario, p: Plan, r: Random) -> Case:
    if r.random() < 0.5:
        return set_craft(s, r.choice(["Soyuz 2", "Progress 3", "Cygnus 1"]), n_flights_used=1), p
    return s, set_flight(p, f"Progress {r.randrange(2, 6)}", craft="Progress 1")


@breaks("handover")
def leaves_early(s: Scenario, p: Plan, r: Random) -> Case:
    old, new = r.choice([("Soyuz 1", "Soyuz 2"), ("Crew-1", "Crew-2"), ("Soyuz 4", "Soyuz 5")])
    return s, set_undock(p, old, flight(p, new).dock_utc.plus_days(r.uniform(0.01, 4.99)))


@breaks("handover")
def longer_handover_wanted(s: Scenario, p: Plan, r: Random) -> Case:
    return set_values(s, "handover", overlap_days_min=r.uniform(6.01, 30)), p


@breaks("crew_size")
def smaller_station(s: Scenario, p: Plan, r: Random) -> Case:
    return set_station(s, n_crew_max=r.randrange(11)), p


@breaks("crew_size")
def visit_during_a_long_handover(s: Scenario, p: Plan, r: Random) -> Case:
    s = set_type(s, "Soyuz", on_orbit_life_days=300)
    return s, set_undock(p, "Soyuz 3", day(r.uniform(461.1, 480)))


@breaks("port_compatibility")
def cargo_at_the_wrong_port(s: Scenario, p: Plan, r: Random) -> Case:
    name = f"Progress {r.randrange(1, 6)}"
    return s, set_flight(p, name, port=r.choice(["Pirs", "Nowhere"]))


@breaks("port_compatibility")
def ports_of_a_type(s: Scenario, p: Plan, r: Random) -> Case:
    kind = r.choice(["Soyuz", "Dragon"])
    changes = r.choice([{"ports": ("Zvezda aft",)}, {"system": "androgynous"}])
    return set_type(s, kind, **changes), p


@breaks("port_compatibility")
def relocation_from_elsewhere(s: Scenario, p: Plan, r: Random) -> Case:
    at = day(106.1)
    move = r.choice(
        [
            Relocation(at, day(106.2), "Prichal", "Poisk"),
            Relocation(at, day(106.2), "Rassvet", "Nowhere"),
        ]
    )
    return s, set_flight(p, "Soyuz 2", relocations=(move,))


@breaks("port_compatibility")
def port_out_of_service(s: Scenario, p: Plan, r: Random) -> Case:
    changes = r.choice([{"to_utc": day(r.uniform(1, 690))}, {"from_utc": day(r.uniform(120, 690))}])
    return set_port(s, r.choice(["Forward", "Zenith", "Prichal"]), **changes), p


@breaks("port_occupancy")
def no_gap_between_cargo_craft(s: Scenario, p: Plan, r: Random) -> Case:
    k = r.randrange(2, 5)
    arrival = flight(p, f"Progress {k + 1}").dock_utc
    return s, set_undock(p, f"Progress {k}", arrival.plus_days(r.uniform(-0.49, 20)))


@breaks("port_occupancy")
def cargo_where_a_crew_is(s: Scenario, p: Plan, r: Random) -> Case:
    # Progress 4 docks on day 290 while Soyuz 3 is at Prichal, Progress 1 on day 20 with Soyuz 1.
    return s, set_flight(p, r.choice(["Progress 1", "Progress 4"]), port="Prichal")


@breaks("port_closure")
def port_closed(s: Scenario, p: Plan, r: Random) -> Case:
    from_utc = day(r.uniform(111, 140))
    closures = (Closure(from_utc, from_utc.plus_days(r.uniform(0.01, 30)), "repair"),)
    return set_port(s, r.choice(["Forward", "Poisk", "Zvezda aft"]), closures=closures), p


@breaks("port_closure")
def spacewalk_beside_a_craft(s: Scenario, p: Plan, r: Random) -> Case:
    from_utc = day(r.uniform(202, 220))
    eva = Eva("EVA 2", from_utc, from_utc.plus_days(0.3), ("Poisk",))
    return set_station(s, evas=(*s.station.evas, eva)), p


@breaks("port_closure")
def not_relocated_for_the_spacewalk(s: Scenario, p: Plan, r: Random) -> Case:
    at = day(r.uniform(117, 148))
    late = Relocation(at, at.plus_days(0.1), "Rassvet", "Poisk")
    return s, set_flight(p, "Soyuz 2", relocations=r.choice([(), (late,)]))


@breaks("docking_spacing")
def cargo_right_after_another(s: Scenario, p: Plan, r: Random) -> Case:
    target = flight(p, r.choice(["Soyuz 2", "Progress 1", "Progress 2", "Visit 1"]))
    dock = target.dock_utc.plus_days(r.uniform(-1.99, 1.99))
    return s, shift_flight(p, "Cygnus 1", dock.days_since(flight(p, "Cygnus 1").dock_utc))


@breaks("docking_spacing")
def relocated_right_before_a_docking(s: Scenario, p: Plan, r: Random) -> Case:
    at = flight(p, r.choice(["Visit 1", "Progress 2"])).dock_utc.plus_days(-r.uniform(0.1, 1.9))
    return s, set_flight(p, "Soyuz 2", relocations=(Relocation(at, at.plus_days(0.03), "Rassvet", "Poisk"),))


@breaks("eva_day")
def traffic_beside_a_spacewalk(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Cygnus 1", "Crew-2", "Progress 3", "Soyuz 3"]))
    moves = [m.undock_utc for m in flight(p, "Soyuz 2").relocations]
    at = r.choice([f.dock_utc, f.undock_utc, *moves]).plus_days(r.uniform(-0.79, 0.49))
    return set_station(s, evas=(*s.station.evas, Eva("EVA 2", at, at.plus_days(0.3)))), p


@breaks("eva_day")
def relocated_on_the_day_itself(s: Scenario, p: Plan, r: Random) -> Case:
    # Still before the spacewalk, so the port is free in time.
    at = day(115.3 - r.uniform(0.1, 0.49))
    return s, set_flight(p, "Soyuz 2", relocations=(Relocation(at, at.plus_days(0.03), "Rassvet", "Poisk"),))


@breaks("return_weather")
def no_life_to_wait_with(s: Scenario, p: Plan, r: Random) -> Case:
    kind, days = r.choice([("Soyuz", r.randrange(13, 60)), ("Dragon", r.randrange(23, 60))])
    return set_type(s, kind, return_weather_days=days), p


@breaks("return_weather")
def port_wanted_by_the_next(s: Scenario, p: Plan, r: Random) -> Case:
    # The next Progress docks at the same port five days after; half a day of them is the gap.
    return set_type(s, "Progress", return_weather_days=r.randrange(5, 20)), p


@breaks("return_weather")
def port_closed_soon_after(s: Scenario, p: Plan, r: Random) -> Case:
    wait = r.randrange(2, 10)
    begin = flight(p, "Visit 1").undock_utc.plus_days(r.uniform(0.01, wait - 0.01))
    s = set_port(s, "Zenith", closures=(Closure(begin, begin.plus_days(1), "inspection"),))
    return set_type(s, "Dragon", return_weather_days=wait), p


@breaks("docking_spacing")
def longer_spacing_wanted(s: Scenario, p: Plan, r: Random) -> Case:
    return set_values(s, "docking_spacing", days_min=r.uniform(19.3, 30)), p


@breaks("pad")
def pad_out(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.launch_utc > s.from_utc])
    outage = Closure(
        f.launch_utc.plus_days(-r.uniform(0, 50)), f.launch_utc.plus_days(r.uniform(0.1, 9)), "fire"
    )
    return set_pad(s, f.pad, outages=(outage,)), p


@breaks("pad")
def pad_not_turned_around(s: Scenario, p: Plan, r: Random) -> Case:
    return set_pad(s, r.choice(["Site 31", "LC-39A"]), turnaround_days=r.uniform(51, 100)), p


@breaks("pad")
def launched_too_soon_after(s: Scenario, p: Plan, r: Random) -> Case:
    p = set_flight(p, "Cygnus 1", pad="LC-39A")
    return s, shift_flight(p, "Cygnus 1", 60 + r.uniform(1.1, 2.1))


@breaks("pad")
def wrong_pad(s: Scenario, p: Plan, r: Random) -> Case:
    name = r.choice(["Progress 1", "Progress 3", "Soyuz 4"])
    return s, set_flight(p, name, pad=r.choice(["SLC-40", "No such pad"]))


@breaks("forbidden_days")
def event_on_a_forbidden_day(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.launch_utc > s.from_utc and f.landing_utc])
    event = r.choice(["launch", "dock", "undock", "landing"])
    at = getattr(f, f"{event}_utc")
    days = ForbiddenDays(
        at.plus_days(-r.uniform(0, 5)),
        at.plus_days(r.uniform(0.01, 5)),
        (event, *r.sample(["launch", "dock", "undock", "landing"], r.randrange(3))),
        "beta angle",
        r.choice([(), (f.vehicle_type,)]),
    )
    return replace(s, forbidden_days=(days,)), p


@breaks("consumables")
def less_in_stock(s: Scenario, p: Plan, r: Random) -> Case:
    changes = r.choice(
        [
            {"stock_kg": r.uniform(0, 900)},
            {"reserve_days": r.uniform(190, 300)},
            {"per_person_day_kg": r.uniform(6, 10), "reserve_days": 0.0},
        ]
    )
    return set_commodity(s, **changes), p


@breaks("consumables")
def cargo_left_out(s: Scenario, p: Plan, r: Random) -> Case:
    names = [f.name for f in p.flights if f.kind == "cargo"]
    kept = r.sample(names, r.randrange(3))
    return s, drop_flights(p, *(n for n in names if n not in kept))


@breaks("one_place")
def on_two_flights(s: Scenario, p: Plan, r: Random) -> Case:
    old = r.choice(flight(p, "Visit 1").crew_up[1:])
    new = r.choice(flight(p, r.choice(["Soyuz 2", "Crew-1"])).crew_up[2:])
    return s, swap_person(p, old, new, "Visit 1")


@breaks("one_place")
def nobody_known(s: Scenario, p: Plan, r: Random) -> Case:
    name = r.choice(["Visit 1", "Visit 2"])
    return s, swap_person(p, r.choice(flight(p, name).crew_up[1:]), "Nobody", name)


@breaks("one_place")
def twice_in_a_crew(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.crew_down])
    return s, set_flight(p, f.name, crew_down=(*f.crew_down, r.choice(f.crew_down)))


@breaks("one_place")
def down_without_being_aboard(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 1", "Visit 1", "Crew-2"]))
    late = r.choice(flight(p, r.choice(["Soyuz 5", "Crew-5"])).crew_up)
    return s, set_flight(p, f.name, crew_down=(*f.crew_down, late))


@breaks("ground_time")
def landed_recently(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-2", "Visit 1"]))
    at = min(s.from_utc, f.launch_utc.plus_days(-r.uniform(1, 539.9)))
    return set_person(s, r.choice(f.crew_up), landed_utc=at), p


@breaks("ground_time")
def up_again_too_soon(s: Scenario, p: Plan, r: Random) -> Case:
    if r.random() < 0.5:
        return s, swap_person(p, flight(p, "Soyuz 5").crew_up[1], flight(p, "Soyuz 1").crew_up[1], "Soyuz 5")
    old, new = flight(p, "Crew-5").crew_up[2], flight(p, "Crew-1").crew_up[2]
    return s, swap_person(p, old, new, "Crew-5")


@breaks("availability")
def not_available(s: Scenario, p: Plan, r: Random) -> Case:
    f = r.choice([f for f in p.flights if f.crew_up and f.launch_utc > s.from_utc and f.landing_utc])
    from_utc = f.launch_utc.plus_days(r.uniform(-100, 5))
    away = Closure(from_utc, f.launch_utc.plus_days(r.uniform(5.1, 300)), "training")
    return set_person(s, r.choice(f.crew_up), unavailable=(away,)), p


@breaks("crew_qualification")
def no_commander(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Crew-2", "Visit 1", "Soyuz 5"]))
    return set_person(s, f.crew_up[0], commander_of=()), p


@breaks("crew_qualification")
def commander_stays_behind(s: Scenario, p: Plan, r: Random) -> Case:
    # The commanders of both crews are exchanged with cosmonauts who command nothing.
    a, b = "Soyuz 2", "Soyuz 3"
    x, y = flight(p, a).crew_up[0], flight(p, b).crew_up[1]
    at = day(r.uniform(240.3, 247))
    down_a = tuple(y if n == x else n for n in flight(p, a).crew_down)
    down_b = tuple(x if n == y else n for n in flight(p, b).crew_down)
    p = set_flight(set_flight(p, a, crew_down=down_a), b, crew_down=down_b)
    moves = (SeatMove(at, x, a, b), SeatMove(at, y, b, a))
    return s, replace(p, seat_moves=(*p.seat_moves, *moves))


@breaks("crew_qualification")
def only_a_user(s: Scenario, p: Plan, r: Random) -> Case:
    person = flight(p, r.choice(["Soyuz 2", "Soyuz 3", "Soyuz 5"])).crew_up[1]
    quals = r.choice([(), (Qualification("RS", "user"),), (Qualification("RS", to_utc=day(1)),)])
    return set_person(s, person, qualifications=quals), p


@breaks("crew_qualification")
def uncrewed_with_a_crew(s: Scenario, p: Plan, r: Random) -> Case:
    return s, set_flight(p, "Visit 2", kind="uncrewed")


@breaks("career_dose")
def dose_before(s: Scenario, p: Plan, r: Random) -> Case:
    f = flight(p, r.choice(["Soyuz 2", "Soyuz 5", "Crew-3", "Crew-1"]))
    return set_person(s, r.choice(f.crew_up), dose_msv=r.uniform(599, 700)), p


@breaks("career_dose")
def harsher_rate(s: Scenario, p: Plan, r: Random) -> Case:
    return set_values(s, "career_dose", msv_per_day=r.uniform(1.8, 5)), p


@breaks("training")
def no_place_in_a_course(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    return s, without(p, r.randrange(len(p.training)))


@breaks("training")
def too_short_a_place(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    i = r.randrange(len(p.training))
    return s, set_slot(p, i, from_utc=p.training[i].from_utc.plus_days(r.uniform(0.01, 4.9)))


@breaks("training")
def finished_too_late(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    i = index_of(p, r.choice(["Soyuz", "Soyuz command"]), r.choice(["Soyuz 3", "Soyuz 4"]))
    days, slot = r.uniform(0.01, 13), p.training[i]
    return s, set_slot(p, i, from_utc=slot.from_utc.plus_days(days), to_utc=slot.to_utc.plus_days(days))


@breaks("training")
def before_the_prerequisite(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    i = index_of(p, "station", r.choice(["Crew-3", "Soyuz 4"]))
    days, slot = r.uniform(0.01, 4), p.training[i]
    return s, set_slot(p, i, from_utc=slot.from_utc.plus_days(days), to_utc=slot.to_utc.plus_days(days))


@breaks("training")
def somebody_elses_place(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    i = r.randrange(len(p.training))
    other = r.choice([x for x in p.training if x.flight != p.training[i].flight])
    what = r.choice([{"person": other.person}, {"flight": other.flight}])
    if p.training[i].person in BACKUP or other.person in BACKUP:
        what = {"flight": "Visit 1"}
    return s, set_slot(p, i, **what)


@breaks("training")
def no_such_place(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    what = r.choice([{"person": "Stranger"}, {"course": "No such course"}, {"flight": "No such flight"}])
    return s, set_slot(p, r.randrange(len(p.training)), **what)


@breaks("training")
def fewer_places(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    name, n = r.choice([("station", 4), ("Soyuz", 4), ("Dragon", 3)])
    return set_course(s, name, n_places=n), p


@breaks("training")
def a_place_taken_since_before(s: Scenario, p: Plan, r: Random) -> Case:
    # Five newcomers are in the station course for Soyuz 2 from day 11 on.
    s, p = trained(s, p)
    record = Trained(("station",), day(r.uniform(11.1, 15)))
    return add_person(s, "Pupil", "NASA", "USOS", trained=(record,)), p


@breaks("training")
def lapsed(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    if r.random() < 0.5:  # from the refresher of a backup crew to the next
        return set_course(s, "station", current_days=r.uniform(40, 200)), p
    return set_course(s, "Soyuz command", current_days=r.uniform(0, 13.9)), p


@breaks("training")
def two_courses_at_once(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    i = index_of(p, "Dragon", "Crew-3", 1)
    slot = p.training[i]
    begin = slot.from_utc.plus_days(r.uniform(-9, 9))
    extra = TrainingSlot(slot.person, "Soyuz", begin, begin.plus_days(20), "Crew-3")
    return s, replace(p, training=(*p.training, extra))


@breaks("training")
def in_a_course_while_elsewhere(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    slot = r.choice(p.training)
    if r.random() < 0.5:
        at = slot.from_utc.plus_days(r.uniform(-1, 4))
        return set_person(s, slot.person, unavailable=(Closure(at, at.plus_days(1.1), "leave"),)), p
    first = [x for x in p.training if x.flight == "Soyuz 2" and x.course == "station"]
    s = set_values(s, "training", days_after_landing=r.uniform(611.1, 640))
    return set_person(s, r.choice(first).person, landed_utc=day(-600)), p


@breaks("training")
def one_backup_at_two_launch_sites(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    s = set_values(s, "training", days_before_launch=14)
    p = set_flight(p, "Crew-3", backup=(BACKUP[2],))
    f = flight(p, "Crew-3")
    base = f.launch_utc.plus_days(-14 - r.uniform(20, 60))
    p = replace(
        p, training=(*p.training, TrainingSlot(BACKUP[2], "Dragon", base, base.plus_days(20), "Crew-3"))
    )
    at = f.launch_utc.plus_days(-r.uniform(0.1, 13))
    return set_person(s, BACKUP[2], unavailable=(Closure(at, at.plus_days(0.1), "leave"),)), p


@breaks("backup_crew")
def a_backup_less(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    name, out = r.choice(["Soyuz 3", "Soyuz 4", "Soyuz 5"]), r.choice(BACKUP)
    kept = tuple(x for x in p.training if (x.person, x.flight) != (out, name))
    return s, replace(set_flight(p, name, backup=tuple(b for b in BACKUP if b != out)), training=kept)


@breaks("backup_crew")
def backups_of_no_use(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    if r.random() < 0.5:
        return set_person(s, BACKUP[1], qualifications=(Qualification("RS", "user"),)), p
    s = set_course(s, "Soyuz command", is_commander=False)
    s = set_course(s, "Soyuz command", vehicle_types=("Dragon",), partners=("nobody",))
    return set_person(s, BACKUP[0], commander_of=()), p


@breaks("backup_crew")
def the_crew_as_its_own_backup(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = trained(s, p)
    s = set_values(s, "training", days_before_launch=0)
    s = set_severity(s, "off", "training")
    name = r.choice(["Soyuz 3", "Soyuz 5"])
    crew = flight(p, name).crew_up
    other = flight(p, "Crew-2" if name == "Soyuz 3" else "Crew-4").crew_up[0]
    return s, set_flight(p, name, backup=r.choice([crew, (*BACKUP, other), (*BACKUP, BACKUP[0])]))


@breaks("launch_opportunity")
def off_the_plane(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    f = r.choice(planned(s, p))
    off_s = r.choice([-1, 1]) * r.uniform(90.1, 3600)
    # Announced hours are kept, and warned of.
    s = replace(s, announced=tuple(replace(a, launch_utc=a.launch_utc.plus_days(0.3)) for a in s.announced))
    return s, set_flight(p, f.name, launch_utc=f.launch_utc.plus_s(off_s))


@breaks("launch_opportunity")
def no_pass_that_day(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    f = r.choice([f for f in planned(s, p) if f.name not in {a.name for a in s.announced}])
    key = (f.vehicle_type, f.pad)
    kept = [o for o in s.opportunities.launches[key] if abs(o.liftoff_utc.days_since(f.launch_utc)) > 1.1]
    launches = {**s.opportunities.launches, key: tuple(kept)}
    return replace(s, opportunities=replace(s.opportunities, launches=launches)), p


@breaks("launch_opportunity")
def phase_does_not_allow_it(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    s = set_values(s, "launch_opportunity", phase_days_max=r.uniform(20.01, 59))

    def closed(o: LaunchOpportunity) -> LaunchOpportunity:
        opened = r.choice([None, Reboost(T0, 0.8, 130.0, 1.4)])
        profiles = tuple(replace(x, is_feasible=x.name == "fast", reboost=opened) for x in o.profiles)
        return replace(o, profiles=profiles)

    def closed_at_first(o: LaunchOpportunity) -> LaunchOpportunity:
        return closed(o) if o.liftoff_utc.days_since(T0) < 21 else o

    return with_launches(s, closed_at_first), p


@breaks("landing_opportunity")
def lands_elsewhen(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    f = r.choice([f for f in p.flights if f.vehicle_type in DIRECT and f.landing_utc is not None])
    return s, set_flight(
        p, f.name, landing_utc=f.landing_utc.plus_s(r.choice([-1, 1]) * r.uniform(90.1, 3600))
    )


@breaks("landing_opportunity")
def burn_before_undocking(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    hours = r.uniform(24, 60)

    def early(o: LandingOpportunity) -> LandingOpportunity:
        return replace(o, deorbit_utc=o.landing_utc.plus_s(-3600 * hours))

    return with_landings(s, early), p


@breaks("landing_opportunity")
def no_landing_that_day(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    f = r.choice([f for f in p.flights if f.vehicle_type in DIRECT and f.landing_utc is not None])
    found = s.opportunities.landings[f.vehicle_type]
    kept = tuple(o for o in found if abs(o.landing_utc.days_since(f.landing_utc)) > 1.1)
    landings = {**s.opportunities.landings, f.vehicle_type: kept}
    return replace(s, opportunities=replace(s.opportunities, landings=landings)), p


@breaks("solar_beta")
def sun_too_high(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    value = r.choice(["launch_beta_deg_max", "dock_beta_deg_max"])
    return set_values(s, "solar_beta", **{value: r.uniform(0, 15)}), p


@breaks("solar_beta")
def sun_too_high_on_one_day(s: Scenario, p: Plan, r: Random) -> Case:
    s, p = opportune(s, p)
    f, sign = r.choice(planned(s, p)), r.choice([-1, 1])

    def high(o: LaunchOpportunity) -> LaunchOpportunity:
        near = abs(o.liftoff_utc.days_since(f.launch_utc)) < 0.5
        return replace(o, beta_deg=sign * r.uniform(60.1, 75)) if near else o

    return set_values(with_launches(s, high), "solar_beta", launch_beta_deg_max=60.0), p


def test_every_rule_has_a_generator_of_violations():
    assert set(BREAKS) == {module.RULE.id for module in REGISTRY}


CASES = [pytest.param(rule, edit, id=f"{rule}-{edit.__name__}") for rule, e in BREAKS.items() for edit in e]


@pytest.mark.parametrize(("rule", "edit"), CASES)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_the_checker_names_exactly_the_broken_rule(rule: str, edit: Edit, seed: int):
    scenario = set_severity(SCENARIO, "soft", *(x for x in SOFT if x != rule))
    scenario, plan = edit(scenario, PLAN, Random(seed))
    failures = [v for v in check(scenario, plan) if v.is_failure]
    assert {v.rule for v in failures} == {rule}, [v.message for v in failures]
    for v in failures:
        assert v.message
        assert v.subjects
        assert v.from_utc <= v.to_utc
