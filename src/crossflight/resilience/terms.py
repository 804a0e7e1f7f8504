"""Other terms of the agreements about seats: the same scenario under each of them.

Every set of terms is a scenario of its own.  What no agreement in force lists is closed: outside their
dates, and under terms without swaps, no partner's people fly up on another's craft.  People announced for
a seat that is closed lose it; the seat is the planner's.  Who is docked stays, and so do crews in the last
half-year before their launch: other terms bind from then on.

So that the sets compare, some things are the same in all of them.  Operator N-1 is soft: no day needs a
waiver, and a segment's uncovered day costs, in the tier of the flights' price, what a waiver for it would
have.  (In a tier before the price, cover is bought at any price under terms that can never have all of
it.)  Unattended days are soft where a tier of the objective counts them: today's traffic with other crews
may have some.  Seats exchanged bind (rule integrated_seat).  Their balance (rule seat_ledger and its term)
is left out, for it is part of what is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from crossflight.errors import UsageError
from crossflight.model import (
    Agreement,
    AnnouncedFlight,
    Course,
    ForbiddenDays,
    IntegratedSeat,
    Person,
    Plan,
    Qualification,
    RuleSetting,
    Scenario,
    Tier,
    Trained,
)
from crossflight.model.scenario import Severity
from crossflight.times import Instant

# Of the International Space Station: whose people are cross-trained, and for which segment.
PARTNER: Final = "Roscosmos"
SEGMENT: Final = "USOS"
YEARS: Final = (2028, 2030)
# Other terms bind launches from so long after the beginning: no other crew is trained sooner. [assumed]
LEAD_DAYS: Final = 180.0

# US systems are 330 h of the training for a flight (rules.md), 3.3 h a day as for all courses of the
# library.  "US segment for cosmonauts" is a third of them; who has it needs the rest.
_SYSTEMS_H: Final = 330.0
_H_PER_DAY: Final = 3.3
_FIRST_PART: Final = "US segment for cosmonauts"
# Places, currency as for the astronauts' course, and a refresher of half its length. [assumed]
_N_PLACES: Final = 6
_CURRENT_DAYS: Final = 730.0
_REFRESHER_DAYS: Final = 10.0

Span = tuple[Instant, Instant]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """A set of terms.

    Attributes
    ----------
    name, title
        For files, and for people.
    scenario
        The one asked about, under these terms.
    same_as
        Title of the set they come to within the horizon; empty where they are a set of their own.
    """

    name: str
    title: str
    scenario: Scenario
    same_as: str = ""


def todays(scenario: Scenario) -> Terms:
    """The agreements as they are.

    Raises
    ------
    UsageError
        If the scenario has no agreement about seats.
    """
    if not any(agreement.seats for agreement in scenario.agreements):
        raise UsageError(
            f"{scenario.name} has no agreement about seats, so there are no terms to compare",
            hint="take a scenario with agreements: iss-2022 or iss-2026",
        )
    return Terms("today", "today's terms", under(scenario, scenario.agreements))


def others(scenario: Scenario, today: Plan, lead_days: float = LEAD_DAYS) -> tuple[Terms, ...]:
    """The other sets of terms, beside the plan under today's.

    Cross-training is there where partner and segment are.
    """
    binding = scenario.from_utc.plus_days(lead_days).floor_day()
    before = _until(scenario.agreements, binding)
    single = (*before, *yearly(scenario, today, binding))
    has_both = PARTNER in {p.name for p in scenario.partners} and SEGMENT in {
        s.name for s in scenario.station.segments
    }
    made: list[tuple[str, str, Callable[[], Scenario]]] = [
        ("none", "no swaps", partial(under, scenario, before)),
        ("one-swap-a-year", "one swap a year", partial(under, scenario, single)),
    ]
    if has_both:
        made.append(
            (
                "cross-training",
                "cross-training, no swaps",
                partial(cross_trained, scenario, today, PARTNER, SEGMENT, binding),
            )
        )
    made += [
        (f"to-{year}", f"prolonged to {year}", partial(under, scenario, prolonged(scenario, year, binding)))
        for year in YEARS
    ]
    found = [todays(scenario)]
    for name, title, make in made:
        terms = Terms(name, title, make())
        same = next((t.title for t in found if _is_same(t.scenario, terms.scenario)), "")
        found.append(replace(terms, same_as=same))
    return tuple(found[1:])


def _is_same(a: Scenario, b: Scenario) -> bool:
    return (a.agreements, a.people, a.announced) == (b.agreements, b.people, b.announced)


def under(scenario: Scenario, agreements: Iterable[Agreement]) -> Scenario:
    """The scenario under these agreements and no others."""
    kept = tuple(a for a in (_within(scenario, a) for a in agreements) if a is not None)
    scenario = replace(scenario, agreements=(*kept, *_closed(scenario, kept)))
    return replace(
        scenario,
        announced=tuple(_allowed(scenario, a) for a in scenario.announced),
        rules=_rules(scenario),
        objective=_objective(scenario),
    )


def no_other_launches(scenario: Scenario, today: Plan) -> Scenario:
    """Crewed types launch on the days on which they do in a plan, and on no others."""
    found = []
    for kind in scenario.vehicle_types:
        if not kind.is_crewed:
            continue
        days = sorted({f.launch_utc.floor_day() for f in today.flights if f.vehicle_type == kind.name})
        taken = [(day, day.plus_days(1)) for day in days]
        for begin, end in _between(scenario.from_utc.floor_day(), scenario.to_utc.plus_days(1), taken):
            found.append(ForbiddenDays(begin, end, ("launch",), "the traffic is today's", (kind.name,)))
    return replace(scenario, forbidden_days=(*scenario.forbidden_days, *found))


def prolonged(scenario: Scenario, year: int, binding: Instant) -> tuple[Agreement, ...]:
    """The agreements, those that end last now ending with a year, but not before `binding`."""
    last = max(a.to_utc for a in scenario.agreements)
    end = max(Instant.of(year + 1, 1, 1), min(last, binding))
    return tuple(replace(a, to_utc=end) if a.to_utc == last else a for a in scenario.agreements)


def _until(agreements: Iterable[Agreement], end: Instant) -> tuple[Agreement, ...]:
    return tuple(replace(a, to_utc=min(a.to_utc, end)) for a in agreements)


def yearly(scenario: Scenario, today: Plan, binding: Instant) -> tuple[Agreement, ...]:
    """Each seat of the agreements on one flight a year at most; those launched before `binding` are left out.

    That flight is the first of its type in a calendar year under today's terms, or whichever is launched
    within half a launch interval of its day: there is room for one.
    """
    types = {t.name: t for t in scenario.vehicle_types}
    found = []
    for a in scenario.agreements:
        for seat in a.seats:
            launches = sorted(
                f.launch_utc
                for f in today.flights
                if f.kind == "rotation"
                and f.vehicle_type == seat.vehicle_type
                and scenario.from_utc <= f.launch_utc < scenario.to_utc
                and a.from_utc <= f.launch_utc < a.to_utc
                and f.name not in a.exempt_flights
            )
            half_days = types[seat.vehicle_type].launch_interval_days_min / 2
            first = {at.date()[:4]: at for at in reversed(launches)}
            for year, at in sorted(first.items()):
                if at < binding:
                    continue
                begin = at.plus_days(0.5 - half_days).floor_day()
                end = max(begin.plus_days(2 * half_days).floor_day(), at.floor_day().plus_days(1))
                begin, end = max(begin, a.from_utc, binding), min(end, a.to_utc)
                name = f"{a.name}, {seat.vehicle_type} {year}"
                found.append(replace(a, name=name, from_utc=begin, to_utc=end, seats=(seat,)))
    return tuple(found)


def cross_trained(scenario: Scenario, today: Plan, partner: str, segment: str, binding: Instant) -> Scenario:
    """No swaps; instead a partner's people learn to operate another segment.

    A course is added that each of their rotation seats asks for, and with it they are operators of the
    segment.  Who is docked, announced by name, or in a crew or backup crew of a flight launched before
    `binding` under today's terms has no time for it: they count as having taken it, and operate nothing more.
    """
    without = under(scenario, _until(scenario.agreements, binding))
    course = _course(scenario, partner, segment)
    excused = {p for d in scenario.docked for p in d.flight.crew_up}
    excused |= {p for a in without.announced for p in a.crew}
    excused |= {
        p
        for f in today.flights
        if f.kind == "rotation" and f.launch_utc < binding
        for p in (*f.crew_up, *f.backup)
    }
    # Who operates a segment is asked for all its courses; these people are asked for the one.
    beside = tuple(p.name for p in scenario.partners if p.name != partner)
    courses = [
        replace(c, partners=tuple(p for p in c.partners or beside if p != partner))
        if segment in c.segments and partner in (c.partners or (partner,))
        else c
        for c in scenario.courses
        if segment not in c.segments or c.partners != (partner,)
    ]

    def trained(person: Person) -> Person:
        is_theirs = scenario.partner_of_agency(person.agency) == partner
        if not is_theirs or person.is_visitor or any(q.segment == segment for q in person.qualifications):
            return person
        # The planner counts seats of a partner, whoever fills them: even these need the qualification.
        is_excused = person.name in excused
        operator = Qualification(segment, from_utc=scenario.to_utc if is_excused else None)
        taken = (Trained((course.name,), scenario.from_utc),) if is_excused and courses else ()
        return replace(
            person,
            qualifications=(*person.qualifications, operator),
            trained=(*person.trained, *taken),
        )

    return replace(
        without,
        courses=(*courses, course) if courses else (),
        people=tuple(map(trained, scenario.people)),
    )


def _course(scenario: Scenario, partner: str, segment: str) -> Course:
    """What a partner's people still need to operate a segment."""
    has_first = any(c.name == _FIRST_PART for c in scenario.courses)
    hours = _SYSTEMS_H * (2 / 3 if has_first else 1.0)
    there = [c.centre for c in scenario.courses if segment in c.segments] + [c.name for c in scenario.centres]
    return Course(
        name=f"{segment} operator for {partner}",
        centre=there[0] if there else "",
        duration_days=float(round(hours / _H_PER_DAY)),
        n_places=_N_PLACES,
        prerequisites=(_FIRST_PART,) if has_first else (),
        partners=(partner,),
        current_days=_CURRENT_DAYS,
        refresher_days=_REFRESHER_DAYS,
    )


def _within(scenario: Scenario, agreement: Agreement) -> Agreement | None:
    """The part of an agreement within the horizon."""
    begin, end = max(agreement.from_utc, scenario.from_utc), min(agreement.to_utc, scenario.to_utc)
    return replace(agreement, from_utc=begin, to_utc=end) if begin < end else None


def _closed(scenario: Scenario, agreements: Sequence[Agreement]) -> tuple[Agreement, ...]:
    """Agreements of no seats: for every type another partner could fly on, while no agreement lists them."""
    by_spans: dict[tuple[Span, ...], list[Pair]] = {}
    for pair in _foreign(scenario):
        is_open = sorted((a.from_utc, a.to_utc) for a in agreements if pair in _pairs(a))
        spans = tuple(_between(scenario.from_utc, scenario.to_utc, is_open))
        by_spans.setdefault(spans, []).append(pair)
    found: list[Agreement] = []
    for spans, pairs in by_spans.items():
        seats = tuple(IntegratedSeat(kind, partner, 0, 0) for kind, partner in pairs)
        for begin, end in spans:
            found.append(Agreement(f"no seats {len(found) + 1}", begin, end, seats))
    return tuple(found)


def _pairs(agreement: Agreement) -> set[Pair]:
    return {(seat.vehicle_type, seat.partner) for seat in agreement.seats}


def _foreign(scenario: Scenario) -> list[Pair]:
    """Crewed types with the partners that have a seat on them beside the provider."""
    return [
        (t.name, p.name)
        for t in scenario.vehicle_types
        for p in scenario.partners
        if p.name != t.provider and any(pattern.get(p.name, 0) for pattern in t.crew_patterns)
    ]


def _between(begin: Instant, end: Instant, spans: Iterable[Span]) -> list[Span]:
    """What sorted spans leave of [begin, end)."""
    left = []
    for a, b in spans:
        if begin < a:
            left.append((begin, a))
        begin = max(begin, b)
    if begin < end:
        left.append((begin, end))
    return left


def _allowed(scenario: Scenario, flight: AnnouncedFlight) -> AnnouncedFlight:
    """An announced flight without people for whom it has no seats."""
    if flight.kind != "rotation":
        return flight
    left = {
        seat.partner: seat.n_seats_max
        for a in scenario.agreements
        if a.from_utc <= flight.launch_utc < a.to_utc and flight.name not in a.exempt_flights
        for seat in a.seats
        if seat.vehicle_type == flight.vehicle_type and seat.n_seats_max is not None
    }
    agencies = {p.name: p.agency for p in scenario.people}
    crew = []
    for name in flight.crew:
        partner = scenario.partner_of_agency(agencies[name]) if name in agencies else None
        if partner in left:
            if not left[partner]:
                continue
            left[partner] -= 1
        crew.append(name)
    return replace(flight, crew=tuple(crew))


def _rules(scenario: Scenario) -> dict[str, RuleSetting]:
    severities: dict[str, Severity] = {
        "operator_n1": "soft",
        "integrated_seat": "hard",
        "seat_ledger": "off",
    }
    if any("unattended_segment_days" in tier.terms for tier in scenario.objective):
        severities["segment_operator"] = "soft"
    return {n: replace(r, severity=severities.get(n, r.severity)) for n, r in scenario.rules.items()}


def _objective(scenario: Scenario) -> tuple[Tier, ...]:
    """The tiers without the balance of seats, and with uncovered days priced where flights are."""
    cover, price = "operator_n1_segment_days", "flight_price"
    has_price = any(price in tier.terms for tier in scenario.objective)
    moved = {"ledger_imbalance", cover} if has_price else {"ledger_imbalance"}
    tiers = []
    for tier in scenario.objective:
        terms = {term: w for term, w in tier.terms.items() if term not in moved}
        if price in terms:
            terms[cover] = terms[price] * scenario.rules["operator_n1"].price_per_day
        if terms:
            tiers.append(replace(tier, terms=terms))
    return tuple(tiers)
