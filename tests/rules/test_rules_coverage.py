"""Coverage and measures against brute force: random traffic sampled hour by hour from its definition."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import pytest
from example_station import DRAGON, SOYUZ, T0, commercial, iss_like, rule_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.model import (
    Agreement,
    AnnouncedFlight,
    Craft,
    Flight,
    IntegratedSeat,
    Partner,
    Person,
    Plan,
    Port,
    Qualification,
    Relocation,
    Scenario,
    SeatMove,
    Segment,
    Station,
    Waiver,
)
from crossflight.rules import Walk, check, coverage
from crossflight.rules.measures import TERMS
from crossflight.times import Instant

N_HOURS = 240


def hour(n: float) -> Instant:
    return T0.plus_s(3600 * n)


@dataclass(frozen=True)
class Moment:
    """Everything at one instant, worked out anew from the plan."""

    docked: dict[str, Flight]
    seats: dict[str, tuple[str, str]]  # person to (flight, kind)
    scenario: Scenario
    at: Instant

    def usable(self, name: str) -> bool:
        craft = next(c for c in self.scenario.craft if c.name == self.docked[name].craft)
        return craft.unusable_from_utc is None or self.at < craft.unusable_from_utc

    def kind_of(self, name: str):
        return next(t for t in self.scenario.vehicle_types if t.name == self.docked[name].vehicle_type)

    def person(self, name: str) -> Person:
        return next(p for p in self.scenario.people if p.name == name)

    def counts(self, name: str) -> bool:
        return not self.person(name).is_visitor and self.docked[self.seats[name][0]].kind != "visiting"

    def operators(self, segment: str) -> set[str]:
        return {
            p
            for p in self.seats
            if self.counts(p)
            and any(
                q.segment == segment and q.level != "user" and q.is_current(self.at)
                for q in self.person(p).qualifications
            )
        }

    def is_unattended(self, segment: Segment) -> bool:
        return len(self.operators(segment.name)) < segment.n_operators_min

    def survives_any_loss(self, segment: Segment) -> bool:
        """The definition: whichever docked craft goes with its crew, enough operators remain."""
        seated = {p for p in self.operators(segment.name) if self.usable(self.seats[p][0])}
        losses = [set(), *({p for p in self.seats if self.seats[p][0] == name} for name in self.docked)]
        return all(len(seated - lost) >= segment.n_operators_min for lost in losses)

    def n_covering(self, segment: str) -> int:
        return len({self.seats[p][0] for p in self.operators(segment) if self.usable(self.seats[p][0])})

    def seat_n1(self) -> tuple[int, int]:
        """People seated one by one after each loss; the worst."""
        worst = (len(self.seats),) * 2 if not any(map(self.usable, self.docked)) else (0, 0)
        for lost in filter(self.usable, self.docked):
            left = [n for n in self.docked if n != lost and self.usable(n)]
            nominal = [self.kind_of(n).suit for n in left for _ in range(self.kind_of(n).n_seats_nominal)]
            n_any = sum(self.kind_of(n).n_seats_nominal + self.kind_of(n).n_seats_contingency for n in left)
            without = 0
            for name, _ in self.seats.values():
                suit = self.kind_of(name).suit
                if suit in nominal:
                    nominal.remove(suit)
                else:
                    without += 1
            worst = max(worst, (without, max(0, len(self.seats) - n_any)))
        return worst

    def shortfall(self) -> int:
        total = 0
        for partner, n in self.scenario.station.n_crew_nominal.items():
            here = [p for p in self.seats if self.counts(p)]
            here = [p for p in here if self.scenario.partner_of_agency(self.person(p).agency) == partner]
            total += max(0, n - len(here))
        return total


def moment(scenario: Scenario, plan: Plan, at: Instant) -> Moment:
    docked = {
        f.name: f
        for f in plan.flights
        if f.dock_utc is not None and f.dock_utc <= at and (f.undock_utc is None or at < f.undock_utc)
    }
    seats = {}
    for f in plan.flights:
        for person in f.crew_up:
            name, kind = f.name, "nominal"
            if f.dock_utc is None or f.dock_utc > at:
                continue
            for move in sorted(plan.seat_moves, key=lambda m: m.utc):
                if move.person == person and move.utc <= at:
                    name, kind = move.to_flight, move.kind
            if name in docked:
                seats[person] = (name, kind)
    return Moment(docked, seats, scenario, at)


def random_traffic(seed: int) -> tuple[Scenario, Plan]:
    """A few flights on whole hours, with seat moves that can be made."""
    r = Random(seed)
    segments = (Segment("RS", r.choice([1, 1, 1, 2])), Segment("USOS", r.choice([0, 1, 1])))
    people: list[Person] = []
    flights: list[Flight] = []
    craft = []
    for k in range(r.randrange(1, 6)):
        kind = r.choice([SOYUZ, DRAGON])
        crew = []
        for _ in range(r.randrange(kind.n_seats_nominal + 1)):
            quals = tuple(
                Qualification(
                    segment,
                    r.choice(["user", "operator", "specialist"]),
                    r.choice([None, hour(r.randrange(N_HOURS))]),
                    r.choice([None, None, hour(r.randrange(N_HOURS))]),
                )
                for segment in r.sample(["RS", "USOS"], r.randrange(3))
            )
            agency = r.choice(["Roscosmos", "NASA", "ESA", "Axiom Space"])
            people.append(Person(f"P{len(people)}", agency, quals, is_visitor=r.random() < 0.15))
            crew.append(people[-1].name)
        dock = r.randrange(-20, N_HOURS - 1)
        undock = r.choice([None, r.randrange(dock + 1, N_HOURS + 1)])
        if undock is not None and undock <= 0:
            undock = None
        lost = r.choice([None, None, hour(r.randrange(N_HOURS))])
        craft.append(Craft(f"Craft {k}", kind.name, unusable_from_utc=lost))
        flights.append(
            Flight(
                f"F{k}",
                r.choice(["rotation", "rotation", "visiting"]),
                kind.name,
                f"Craft {k}",
                "Pad",
                hour(dock - 6),
                hour(dock),
                f"Port {k}",
                undock_utc=None if undock is None else hour(undock),
                crew_up=tuple(crew),
            )
        )
    scenario = Scenario(
        name="tiny",
        title="",
        known_utc=T0,
        from_utc=T0,
        to_utc=hour(N_HOURS),
        station=Station(
            "Tiny",
            tuple(Port(f"Port {k}", "nadir", "any") for k in range(6)),
            7,
            {"RS": r.randrange(4), "USOS": r.randrange(4)},
            segments,
        ),
        partners=(Partner("RS", ("Roscosmos",)), Partner("USOS", ("NASA", "ESA"))),
        sites=(),
        pads=(),
        launchers=(),
        vehicle_types=(SOYUZ, DRAGON),
        rules=rule_settings(),
        craft=tuple(craft),
        people=tuple(people),
    )
    plan = Plan("tiny", "", tuple(flights))
    for at in sorted(r.sample(range(N_HOURS), r.randrange(4))):
        now = moment(scenario, plan, hour(at))
        if now.seats:
            person = r.choice(sorted(now.seats))
            to = r.choice(sorted(now.docked))
            move = SeatMove(hour(at), person, now.seats[person][0], to, r.choice(["nominal", "contingency"]))
            plan = replace(plan, seat_moves=(*plan.seat_moves, move))
    return scenario, plan


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_coverage_and_measures_agree_with_hourly_sampling(seed: int):
    scenario, plan = random_traffic(seed)
    walk = Walk(scenario, plan)
    found = coverage(scenario, plan)
    unattended = uncovered = segment_unattended = segment_uncovered = seatless = short = 0
    for n in range(N_HOURS):
        at = hour(n)
        now = moment(scenario, plan, at)
        state = next(s for s in walk.states if s.from_utc <= at < s.to_utc)
        assert set(state.docked) == set(now.docked)
        assert state.aboard == set(now.seats)
        assert {p: name for name, seated in state.seated.items() for p in seated} == {
            p: name for p, (name, _) in now.seats.items()
        }
        assert state.contingency == {(p, f) for p, (f, kind) in now.seats.items() if kind != "nominal"}
        assert state.unusable == {name for name in now.docked if not now.usable(name)}
        empty = [s.name for s in scenario.station.segments if now.is_unattended(s)]
        bare = [s.name for s in scenario.station.segments if not now.survives_any_loss(s)]
        for segment in scenario.station.segments:
            if segment.n_operators_min == 1:
                # The cross-flight rule: some operator remains iff at least two craft cover.
                assert (segment.name not in bare) == (now.n_covering(segment.name) >= 2)
        for spans, names in ((found.unattended, empty), (found.operator_n1_uncovered, bare)):
            here = [s for s in spans if s.from_utc <= at < s.to_utc]
            assert len(here) == bool(names)
            assert not names or set(names) <= set(here[0].subjects)
        span = next(s for s in found.seat_n1 if s.from_utc <= at < s.to_utc)
        assert (span.n_without_nominal, span.n_without_any) == now.seat_n1()
        unattended += bool(empty)
        uncovered += bool(bare)
        segment_unattended += len(empty)
        segment_uncovered += len(bare)
        seatless += now.seat_n1()[0]
        short += now.shortfall()
    hours = {
        "unattended_segment_days": segment_unattended,
        "operator_n1_segment_days": segment_uncovered,
        "seat_n1_person_days": seatless,
        "crew_shortfall_days": short,
    }
    for name, n in hours.items():
        assert TERMS[name](walk) == pytest.approx(n / 24), name
    assert found.unattended_days == pytest.approx(unattended / 24)
    assert found.operator_n1_uncovered_days == pytest.approx(uncovered / 24)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_violations_of_operators_and_seats_agree_with_hourly_sampling(seed: int):
    scenario, plan = random_traffic(seed)
    violations = check(scenario, plan)

    def broken(rule: str, at: Instant, subject: str = "") -> bool:
        return any(
            v.rule == rule and v.from_utc <= at < v.to_utc and (not subject or subject in v.subjects)
            for v in violations
        )

    for n in range(N_HOURS):
        at = hour(n)
        now = moment(scenario, plan, at)
        for segment in scenario.station.segments:
            is_empty = bool(now.seats) and now.is_unattended(segment)
            assert broken("segment_operator", at, segment.name) == is_empty
            assert broken("operator_n1", at, segment.name) == (not now.survives_any_loss(segment))
        assert broken("crew_size", at) == (len(now.seats) > 7)
        for name in now.docked:
            kinds = [kind for f, kind in now.seats.values() if f == name]
            is_full = (
                kinds.count("nominal") > now.kind_of(name).n_seats_nominal
                or kinds.count("contingency") > now.kind_of(name).n_seats_contingency
                or (bool(kinds) and not now.usable(name))
            )
            assert broken("return_seat", at, name) == is_full


def test_adjacent_states_make_one_span():
    scenario, plan = random_traffic(3)
    for spans in (coverage(scenario, plan).unattended, coverage(scenario, plan).operator_n1_uncovered):
        assert all(a.to_utc < b.from_utc for a, b in pairwise(spans))


def test_a_station_without_segments_is_always_covered():
    scenario, plan = commercial()
    found = coverage(scenario, plan)
    assert found.unattended == found.operator_n1_uncovered == ()
    assert found.seat_n1[0].craft == "Hull 1"
    assert found.seat_n1[0].n_without_nominal == found.seat_n1[0].n_without_any == 3
    assert TERMS["operator_n1_segment_days"](Walk(scenario, plan)) == 0


def test_moved_liner_costs_operator_cover_and_names_the_craft():
    # December 2022 to March 2023: a liner moved to the other craft repairs a seat, not the cover.
    scenario, plan = iss_like()
    crew = next(f for f in plan.flights if f.name == "Soyuz 2").crew_up
    moves = (
        SeatMove(T0.plus_days(70), crew[2], "Soyuz 2", "Crew-1", "contingency"),
        SeatMove(T0.plus_days(114), crew[2], "Crew-1", "Soyuz 2"),
    )
    span = coverage(scenario, replace(plan, seat_moves=(*plan.seat_moves, *moves))).operator_n1_uncovered[0]
    assert span.days == pytest.approx(44)
    assert span.subjects == ("USOS", "Crew-1")


def test_losing_the_bigger_crew_is_worse_and_contingency_seats_help():
    scenario, plan = iss_like()
    found = coverage(scenario, plan).seat_n1
    # Crew-1's four have no suit for a Soyuz, and Soyuz 1 has no free seat either.
    assert (found[0].craft, found[0].n_without_nominal, found[0].n_without_any) == ("Grace", 4, 4)
    # Both Soyuz docked: losing the Crew Dragon is still the worst.
    assert max(s.n_without_any for s in found) == 4


def test_terms_of_the_flights():
    scenario, plan = iss_like()
    terms = {name: f(Walk(scenario, plan)) for name, f in TERMS.items()}
    assert terms["days_moved"] == 0
    assert terms["n_relocations"] == 1
    # Two Soyuz, three Crew Dragon (one visit), seven Progress, four Cygnus were not announced.
    new = [
        f for f in plan.flights if f.launch_utc >= T0 and f.name not in {a.name for a in scenario.announced}
    ]
    prices = {"Soyuz": 80, "Dragon": 220, "Progress": 60, "Cygnus": 100}
    assert terms["flight_price"] == sum(prices[f.vehicle_type] for f in new)
    assert terms["handover_shortfall_days"] == 0
    assert terms["ledger_imbalance"] == 0
    assert terms["waiver_price"] == 0


def test_terms_of_a_plan_with_flaws():
    scenario, plan = iss_like()
    announced = tuple(replace(a, launch_utc=a.launch_utc.plus_days(1.01)) for a in scenario.announced)
    announced += (AnnouncedFlight("Absent", "cargo", "Progress", T0),)
    agreement = Agreement("A", T0, T0.plus_days(400), (IntegratedSeat("Soyuz", "USOS"),))
    scenario = replace(scenario, announced=announced, agreements=(agreement,))
    flights = []
    for f in plan.flights:
        if f.name == "Soyuz 1":
            f = replace(f, undock_utc=T0.plus_days(60.25 + 1.5))
        if f.name == "Crew-1":
            f = replace(f, undock_utc=T0.plus_days(151 - 4))
        flights.append(f)
    waivers = (Waiver("handover", T0, T0, price=2.5), Waiver("pad", T0, T0, price=4))
    walk = Walk(scenario, replace(plan, flights=tuple(flights), waivers=waivers))
    assert TERMS["days_moved"](walk) == 3
    assert TERMS["handover_shortfall_days"](walk) == pytest.approx(3.5 + 9)
    assert TERMS["waiver_price"](walk) == 6.5
    # Soyuz 2 and 3 each give a seat: +2 for one partner, -2 for the other.
    assert TERMS["ledger_imbalance"](walk) == 4


def test_a_relocating_craft_stays_docked_and_is_named():
    scenario, plan = iss_like()
    at = T0.plus_days(106.15)
    state = next(s for s in Walk(scenario, plan).states if s.from_utc <= at < s.to_utc)
    assert state.relocating == {"Soyuz 2"}
    assert "Soyuz 2" in state.docked
    spans = [s for s in Walk(scenario, plan).port_spans if s.flight == "Soyuz 2"]
    assert [(s.port, s.from_utc, s.to_utc) for s in spans] == [
        ("Rassvet", T0.plus_days(60.25), T0.plus_days(106.1)),
        ("Poisk", T0.plus_days(106.2), T0.plus_days(247.25)),
    ]
    assert (
        Relocation(spans[0].to_utc, spans[1].from_utc, "Rassvet", "Poisk")
        in next(f for f in plan.flights if f.name == "Soyuz 2").relocations
    )
