"""Sets of terms: who may fly on what, and when; announced crews; cross-training; plans under them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tiny_station import announced, at, docked, settings, tiny, vehicle

from crossflight import planner
from crossflight.app.agreements import centre_owners, costs, crewed_traffic
from crossflight.errors import UsageError
from crossflight.model import (
    Agreement,
    Centre,
    Course,
    Flight,
    IntegratedSeat,
    Plan,
    Qualification,
    Scenario,
    TrainingSlot,
)
from crossflight.resilience import terms
from crossflight.resilience.terms import (
    cross_trained,
    no_other_launches,
    others,
    prolonged,
    todays,
    under,
    yearly,
)
from crossflight.rules import Walk, check, check_walk
from crossflight.scenario import read_scenario, text_of_scenario
from crossflight.scenario.digest import digest_of
from crossflight.scenario.read import read_scenario_text

MIXED = ({"A": 1, "B": 1}, {"A": 2})
X = vehicle("X", "A", crew_patterns=MIXED)
Y = vehicle("Y", "B", crew_patterns=({"B": 1, "A": 1}, {"B": 2}))
SWAP = Agreement("swap", at(-100), at(500), (IntegratedSeat("X", "B"), IntegratedSeat("Y", "A")))


def station(n_days: int = 20, **changes: object) -> Scenario:
    """Craft of either partner, people of both in each, each partner with a segment of its own."""
    return tiny(
        n_days,
        (X, Y),
        {"X": 6, "Y": 6},
        segments=("A", "B"),
        docked=(docked(X, -2, "port 1", ("A 1", "B 1")), docked(Y, -1, "port 2", ("B 2", "A 2"))),
        agreements=changes.pop("agreements", (SWAP,)),
        rules=settings(),
        ports=4,
        **changes,
    )


def flight(name: str, kind: str, day: float, *crew: str) -> Flight:
    return Flight(name, "rotation", kind, name, "pad", at(day), at(day + 0.5), "port 1", crew_up=crew)


def seats_open(s: Scenario, kind: str, day: float) -> int | None:
    """Most seats of the other partner on a type launched on a day; None without limit."""
    found = [
        seat
        for a in s.agreements
        if a.from_utc <= at(day) < a.to_utc
        for seat in a.seats
        if seat.vehicle_type == kind
    ]
    assert len(found) == 1
    return found[0].n_seats_max


def test_without_agreement_every_foreign_seat_is_closed() -> None:
    s = under(station(), ())
    assert all(a.from_utc == s.from_utc and a.to_utc == s.to_utc for a in s.agreements)
    assert {(x.vehicle_type, x.partner, x.n_seats_max) for a in s.agreements for x in a.seats} == {
        ("X", "B", 0),
        ("Y", "A", 0),
    }


def test_every_set_compares_by_the_same_rules_and_objective() -> None:
    severities = {"segment_operator": "hard", "operator_n1": "waivable", "seat_ledger": "hard"}
    s = replace(station(), rules=settings({**severities, "integrated_seat": "off"}))
    found = under(s, s.agreements)
    assert {i: found.rules[i].severity for i in (*severities, "integrated_seat")} == {
        "segment_operator": "soft",
        "operator_n1": "soft",
        "seat_ledger": "off",
        "integrated_seat": "hard",
    }
    told = {term: w for tier in found.objective for term, w in tier.terms.items()}
    assert "ledger_imbalance" not in told
    price = next(t for t in found.objective if "flight_price" in t.terms)
    assert price.terms["operator_n1_segment_days"] == s.rules["operator_n1"].price_per_day
    assert told["unattended_segment_days"] == 10
    uncounted = under(replace(s, objective=(price,)), s.agreements)
    assert uncounted.rules["segment_operator"].severity == "hard"


def test_seats_are_closed_where_an_agreement_ends() -> None:
    s = under(station(), (replace(SWAP, to_utc=at(8)),))
    assert seats_open(s, "X", 7) is None
    assert seats_open(s, "X", 8) == 0


def test_announced_people_lose_seats_that_are_closed_and_only_those() -> None:
    crew = ("A 3", "B 3")
    s = station(announced=(announced(X, "early", 4, 1, crew=crew), announced(X, "late", 10, 1, crew=crew)))
    found = under(s, (replace(SWAP, to_utc=at(8)),))
    assert [a.crew for a in found.announced] == [crew, ("A 3",)]


def test_swaps_of_one_a_year_are_the_first_of_each_year() -> None:
    s = station(700)
    days = (10, 200, 375, 590)
    plan = Plan("tiny", "", tuple(flight(f"X-{d}", "X", d) for d in days))
    s = replace(s, vehicle_types=(replace(X, launch_interval_days_min=150), Y))
    found = under(s, yearly(replace(s, agreements=(replace(SWAP, to_utc=at(900)),)), plan, s.from_utc))
    assert [seats_open(found, "X", d) for d in days] == [None, 0, None, 0]
    spans = [a.to_utc.days_since(a.from_utc) for a in found.agreements if a.seats[0].n_seats_min]
    assert max(spans) <= 150  # room for one launch
    bound = under(s, yearly(replace(s, agreements=(replace(SWAP, to_utc=at(900)),)), plan, at(100)))
    # The first flight of the year is before: it is that year's, and no other.
    assert [seats_open(bound, "X", d) for d in days] == [0, 0, None, 0]


def test_prolonged_ends_with_its_year() -> None:
    s = replace(station(), agreements=(replace(SWAP, to_utc=at(-300)),))
    ((first,), (second,)) = (prolonged(s, year, at(-500)) for year in (2028, 2030))
    assert first.to_utc.date() == "2029-01-01"
    assert second.to_utc.date() == "2031-01-01"
    ((late,),) = (prolonged(station(), 2028, at(5)),)  # in force now: crews of the next days stay
    assert late.to_utc == at(5)


def test_terms_that_come_to_the_same_are_told() -> None:
    s = station()
    found = {t.name: t.same_as for t in others(s, Plan("tiny", "", ()), lead_days=0.0)}
    # 2030 reaches past the horizon; 2028 is over before it begins; nobody has swapped; A and B are no ISS.
    assert found == {
        "none": "",
        "one-swap-a-year": "no swaps",
        "to-2028": "no swaps",
        "to-2030": "today's terms",
    }
    late = others(s, Plan("tiny", "", ()))  # nothing binds within these three weeks
    assert next(t.same_as for t in late if t.name == "none") == "today's terms"


def test_without_an_agreement_there_is_nothing_to_compare() -> None:
    with pytest.raises(UsageError, match="tiny has no agreement about seats"):
        todays(station(agreements=()))


COURSES = (
    Course("basic", "hall B", 3, partners=("B",)),
    Course("segment A", "hall A", 5, segments=("A",)),
    Course("craft X", "hall A", 2, vehicle_types=("X",)),
    Course("craft Y", "hall B", 2, vehicle_types=("Y",)),
)


def schooled() -> Scenario:
    return station(centres=(Centre("hall A"), Centre("hall B")), courses=COURSES)


def test_cross_training_asks_for_one_course_and_gives_the_segment() -> None:
    s = schooled()
    today = Plan("tiny", "", (flight("Y-2", "Y", 2, "B 5", "A 5"),))
    found = cross_trained(s, today, "B", "A", at(6))
    people = {p.name: p for p in found.people}
    course = "A operator for B"
    asked = {c.name for c in found.courses_for(people["B 7"], "Y")}
    assert asked == {"basic", "craft Y", course}
    assert {c.name for c in found.courses_for(people["A 7"], "X")} == {"segment A", "craft X"}
    # All 330 h where no part has been taken, 3.3 h a day.
    assert next(c for c in found.courses if c.name == course).duration_days == 100
    assert Qualification("A") in people["B 7"].qualifications
    for excused in ("B 1", "B 2", "B 5"):  # docked, docked, in the last weeks before launch
        operates = [q for q in people[excused].qualifications if q.segment == "A"]
        assert [q.is_current(at(19)) for q in operates] == [False], excused
        assert [t.courses for t in people[excused].trained] == [(course,)]
    assert seats_open(found, "Y", 5) is None
    assert seats_open(found, "Y", 7) == 0


def test_cosmonauts_who_have_a_third_need_two_thirds() -> None:
    s = read_scenario("iss-2026")
    found = cross_trained(s, Plan(s.name, "", ()), terms.PARTNER, terms.SEGMENT, s.from_utc)
    course = found.courses[-1]
    assert (course.duration_days, course.centre) == (67, "Houston")
    assert course.prerequisites == ("US segment for cosmonauts",)


@pytest.mark.parametrize("name", ["iss-2022", "iss-2026"])
def test_each_set_is_a_scenario_that_reads_back(name: str) -> None:
    s = read_scenario(name)
    for t in (todays(s), *others(s, Plan(s.name, "", ()))):
        text = text_of_scenario(t.scenario)
        assert read_scenario_text(text).digest == digest_of(t.scenario), t.name


def test_centres_belong_to_whom_they_train_for() -> None:
    assert centre_owners(schooled()) == {"hall A": "A", "hall B": "B"}
    owners = centre_owners(read_scenario("iss-2026"))
    assert owners.pop("Star City") == "Roscosmos"
    assert set(owners.values()) == {"USOS"}
    assert len(owners) == 5


def test_seats_and_months_are_counted_by_partner() -> None:
    s = schooled()
    flights = (
        flight("X-2", "X", 2, "A 3", "B 3"),
        flight("Y-2", "Y", 3, "B 4", "A 4"),
        flight("Y-3", "Y", 9, "B 5"),
    )
    slots = (
        TrainingSlot("B 3", "craft X", at(0), at(0).plus_days(365.25 / 12), "X-2"),
        TrainingSlot("B 4", "craft Y", at(0), at(0).plus_days(365.25 / 6), "Y-2"),
    )
    found = costs(s, Walk(s, Plan("tiny", "", flights, training=slots)), flights)
    assert (found["A"].n_given, found["A"].n_taken) == (1, 1)
    assert (found["B"].n_given, found["B"].n_taken) == (1, 1)
    assert (found["B"].months_own, found["B"].months_others) == (2, 1)
    assert (found["A"].months_own, found["A"].months_others) == (0, 0)


def test_the_same_traffic_is_seated_by_the_terms() -> None:
    s = replace(station(), rules=settings(price_per_day=20))  # another flight pays where it covers days
    first, second = todays(s), others(s, Plan("tiny", "", ()), lead_days=0.0)[0]
    today = planner.plan(first.scenario, time_limit_s=10, workers=1)
    assert today.plan is not None
    held = no_other_launches(second.scenario, today.plan)
    kept = crewed_traffic(s, today.plan)
    free = planner.plan(second.scenario, time_limit_s=10, workers=1, pins=kept).plan
    assert free is not None
    assert len(free.flights) > len(today.plan.flights)
    other = planner.plan(held, time_limit_s=10, workers=1, pins=kept)
    assert other.plan is not None
    assert not [v for v in check(held, other.plan) if v.is_failure]
    for f, g in zip(today.plan.flights, other.plan.flights, strict=True):
        assert (f.name, f.launch_utc, f.undock_utc, f.craft, f.port) == (
            g.name,
            g.launch_utc,
            g.undock_utc,
            g.craft,
            g.port,
        )
    new = [f for f in other.plan.flights if f.launch_utc > s.from_utc]
    assert new
    assert all(len({p[0] for p in f.crew_up}) == 1 for f in new)
    # The plan of today's terms is none of the others'.
    broken = {v.rule for v in check_walk(Walk(second.scenario, today.plan)) if v.is_failure}
    assert "integrated_seat" in broken
