"""Training for made-up stations: centres, courses, who has finished what, backup crews."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from crossflight.model import Centre, Course, Person, RuleSetting, Scenario, Trained
from crossflight.scenario.digest import digest_of

__all__ = ["with_training"]

_CENTRES: Final = {"RS": "Steppe centre", "USOS": "Coast centre", "Annex": "Annex centre"}
_VALUES: Final = {"days_before_launch": 14.0, "days_after_landing": 45.0}
# Where there is no segment or partner to train for, one centre does everything.
_COMMON: Final = "Coast centre"


def with_training(scenario: Scenario, n_people: int, seed: int) -> Scenario:
    """A made-up station whose crews have to be trained, with `n_people` people besides visitors.

    Courses and lengths are those of ``library/iss-2022.yaml``: each partner's own segment and
    spacewalks at its own centre, every crewed craft at its provider's, the other side's segment
    for a month.  One person in three has yet to take everything but the basics; the others
    finished some time in the two years before.  Craft that are not reusable have backup crews.
    """
    draw = Random(f"training {seed} {n_people}")  # noqa: S311  # a made-up station is no secret
    crew = [p for p in scenario.people if not p.is_visitor]
    crew = _resized(scenario, crew, n_people)
    courses = tuple(_courses(scenario))
    asking = replace(scenario, courses=courses)
    people = [_with_record(p, asking, draw) for p in crew]
    rules = dict(scenario.rules)
    rules["training"] = RuleSetting("hard", values=_VALUES)
    made = replace(
        scenario,
        name=f"{scenario.name}-{n_people}-trained",
        people=(*people, *(p for p in scenario.people if p.is_visitor)),
        centres=tuple(Centre(c) for c in dict.fromkeys(course.centre for course in courses)),
        courses=courses,
        rules=rules,
        vehicle_types=tuple(
            replace(t, has_backup_crew=t.is_crewed and not t.is_reusable) for t in scenario.vehicle_types
        ),
    )
    return replace(made, digest=digest_of(made))


def _resized(scenario: Scenario, crew: list[Person], n_people: int) -> list[Person]:
    """More people like those there are, partner by partner in turn; or only the first of each."""
    named = {p for d in scenario.docked for p in d.flight.crew_up} | {
        p for a in scenario.announced for p in a.crew
    }
    seats = {
        p.name: max((x.get(p.name, 0) for t in scenario.vehicle_types for x in t.crew_patterns), default=0)
        for p in scenario.partners
    }
    kept = [p for p in crew if p.name in named]
    spare = {
        partner.name: [p for p in crew if p.name not in named and p.agency in partner.agencies]
        for partner in scenario.partners
    }
    turn = [name for name, n in seats.items() for _ in range(n)]
    i = 0
    while len(kept) < n_people:
        waiting = spare[turn[i % len(turn)]]
        i += 1
        if waiting:
            kept.append(waiting.pop(0))
        else:
            like = [p for p in crew if p.agency == turn[(i - 1) % len(turn)]]
            pattern = like[i % 2 if len(like) > 1 else 0]
            kept.append(
                replace(
                    pattern,
                    name=f"{pattern.agency} recruit {i}",
                    is_unnamed=True,
                    landed_utc=None,
                    dose_msv=0.0,
                )
            )
    return kept


def _courses(scenario: Scenario) -> list[Course]:
    courses = []
    partners = [p.name for p in scenario.partners]
    segments = [s.name for s in scenario.station.segments]
    for partner in partners:
        home = _CENTRES.get(partner, _COMMON)
        courses.append(Course(f"{partner} language", home, 91.0, 12, partners=(partner,)))
    for segment in segments:
        home = _CENTRES.get(segment, _COMMON)
        whole = Course(segment, home, 190.0, 12, segments=(segment,), current_days=730.0, refresher_days=20.0)
        others = tuple(p for p in partners if p != segment)
        courses.append(whole)
        courses.append(
            Course(
                f"{segment} spacewalk",
                home,
                90.0,
                8,
                (segment,),
                segments=(segment,),
                is_eva=True,
                current_days=730.0,
                refresher_days=15.0,
            )
        )
        courses.append(Course(f"{segment} for guests", home, 35.0, 8, partners=others))
    for kind in scenario.vehicle_types:
        if kind.is_crewed:
            home = _CENTRES.get(kind.provider, _COMMON)
            craft = Course(
                kind.name, home, 66.0, 9, vehicle_types=(kind.name,), current_days=540.0, refresher_days=25.0
            )
            courses.append(craft)
            courses.append(
                Course(
                    f"{kind.name} commander",
                    home,
                    60.0,
                    4,
                    (kind.name,),
                    vehicle_types=(kind.name,),
                    is_commander=True,
                )
            )
    return courses


def _with_record(person: Person, scenario: Scenario, draw: Random) -> Person:
    """What somebody finished: all that any seat can ask, or the language only."""
    ago = draw.uniform(30, 720)
    is_new = draw.random() < 1 / 3
    partner = scenario.partner_of_agency(person.agency)
    if is_new:
        names = tuple(
            c.name for c in scenario.courses if c.partners == (partner,) and c.name.endswith("language")
        )
    else:
        names = tuple(
            dict.fromkeys(
                course.name
                for kind in scenario.vehicle_types
                if kind.is_crewed
                for course in scenario.courses_for(
                    person, kind.name, is_commander=kind.name in person.commander_of
                )
            )
        )
    return replace(person, trained=(Trained(names, scenario.from_utc.plus_days(-ago).floor_day()),))
