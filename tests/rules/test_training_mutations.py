"""Every single mutation of a plan whose crews train without a day or a place to spare is caught."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_edits import flight, set_flight
from trained_station import BACKUP, COURSES, PLAN, SCENARIO, set_slot, without

from crossflight.model import Plan, Trained
from crossflight.rules import check


def failures(plan: Plan) -> set[str]:
    return {v.rule for v in check(SCENARIO, plan) if v.is_failure}


def mutations():
    for i, slot in enumerate(PLAN.training):
        name = f"{slot.person} in {slot.course} for {slot.flight}"
        yield f"{name} left out", without(PLAN, i)
        yield f"{name} a minute short", set_slot(PLAN, i, to_utc=slot.to_utc.plus_s(-60))
        yield f"{name} begins later", set_slot(PLAN, i, from_utc=slot.from_utc.plus_s(60))
        yield f"{name} ends later", set_slot(PLAN, i, to_utc=slot.to_utc.plus_s(60))
        yield f"{name} years before", set_slot(PLAN, i, from_utc=slot.from_utc.plus_days(-900))
        yield f"{name} inside out", set_slot(PLAN, i, from_utc=slot.to_utc, to_utc=slot.from_utc)
        for course in COURSES:
            if course.name != slot.course:
                yield f"{name} as {course.name}", set_slot(PLAN, i, course=course.name)
        for f in PLAN.flights:
            if f.name != slot.flight and slot.person not in f.backup:
                yield f"{name} as for {f.name}", set_slot(PLAN, i, flight=f.name)
        for other in {s.person for s in PLAN.training if s.flight != slot.flight} - set(BACKUP):
            yield f"{name} given to {other}", set_slot(PLAN, i, person=other)
    for f in PLAN.flights:
        for b in f.backup:
            yield (
                f"{f.name} without backup {b}",
                set_flight(PLAN, f.name, backup=tuple(x for x in f.backup if x != b)),
            )
            yield (
                f"{f.name} untrained backup for {b}",
                set_flight(
                    PLAN,
                    f.name,
                    backup=tuple(flight(PLAN, "Crew-5").crew_up[3] if x == b else x for x in f.backup),
                ),
            )
        if f.backup and f.launch_utc > SCENARIO.from_utc:
            yield (
                f"{f.name} crew and backup exchanged",
                set_flight(PLAN, f.name, backup=f.crew_up, crew_up=f.backup, crew_down=f.backup),
            )


MUTATIONS = list(mutations())
# Both are trained for the same seats on the same day; nothing is wrong with the exchange.
LEGAL = {f"Soyuz {i} crew and backup exchanged" for i in (3, 5)}


def test_there_are_thousands_of_mutations_without_repetition() -> None:
    assert len({name for name, _ in MUTATIONS}) == len(MUTATIONS) > 2000


@pytest.mark.parametrize("part", range(4))
def test_every_single_mutation_is_caught(part: int) -> None:
    slipped = [name for name, plan in MUTATIONS[part::4] if not failures(plan) and name not in LEGAL]
    assert slipped == []


def test_the_unspoilt_plan_and_legal_mutations_are_accepted() -> None:
    assert check(SCENARIO, PLAN) == ()


def test_figures_are_said() -> None:
    i = next(i for i, s in enumerate(PLAN.training) if (s.course, s.flight) == ("Dragon", "Crew-3"))
    slot = PLAN.training[i]
    late = set_slot(PLAN, i, from_utc=slot.from_utc.plus_days(3), to_utc=slot.to_utc.plus_days(3))
    said = " / ".join(v.message for v in check(SCENARIO, late))
    assert "ends 3.0 d too late for Crew-3" in said
    assert f"{slot.person} finishes Dragon (20 d, Hawthorne) 3.0 d too late" in said
    missing = " / ".join(v.message for v in check(SCENARIO, without(PLAN, i)))
    assert f"Crew-3 crew: {slot.person} has not finished Dragon (20 d, Hawthorne)" in missing
    short = set_slot(PLAN, i, from_utc=slot.from_utc.plus_days(1.5))
    assert "18.5 d long, needs 20 d: 1.5 d short" in " / ".join(v.message for v in check(SCENARIO, short))


def test_somebody_in_a_course_already_cannot_be_elsewhere() -> None:
    person = next(s.person for s in PLAN.training if s.flight == "Soyuz 2" and s.course == "station")
    until = PLAN.training[0].to_utc
    people = tuple(
        replace(p, trained=(Trained(("Soyuz",), until),)) if p.name == person else p for p in SCENARIO.people
    )
    found = check(replace(SCENARIO, people=people), PLAN)
    assert any("since before the plan begins" in v.message for v in found if v.rule == "training")
