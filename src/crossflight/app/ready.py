"""From when can somebody fly?  The earliest launch per vehicle type, and the courses that lead to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crossflight.app.check import STDIN, read_from
from crossflight.errors import UsageError
from crossflight.model import Course, Person, Plan, Scenario, VehicleType
from crossflight.planner.earliest import Earliest, Search
from crossflight.scenario import library_names, read_scenario, read_scenario_text, read_text
from crossflight.scenario.near import near_hint
from crossflight.times import Instant

_PLAN_SCHEMA: Final = re.compile(r"^schema:\s*[\"']?crossflight\.plan/", re.MULTILINE)
_N_NAMED_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class ReadyOutcome:
    """The answer for one person: a seat per vehicle type, as crew and as commander.

    `plan` is None where only the scenario was asked; `notes` are what to know about the answer.
    """

    scenario: Scenario
    plan: Plan | None
    person: Person
    from_utc: Instant
    seats: tuple[Earliest, ...]
    notes: tuple[str, ...]

    @property
    def can_fly(self) -> bool:
        """Whether there is any seat and date."""
        return any(s.launch_utc is not None for s in self.seats)


def ready(
    name: str,
    person: str,
    *,
    vehicle: str | None = None,
    from_date: str | None = None,
    scenario_name: str | None = None,
    overrides: Mapping[str, str] | None = None,
) -> ReadyOutcome:
    """From when the person can fly.

    Parameters
    ----------
    name
        A scenario (file or library name), or a plan: then what everybody does in it is kept.
    person
        The name, or a part of it that only one has.
    vehicle
        Only this vehicle type.
    from_date
        Not before this date; the scenario's beginning where none is given.
    scenario_name
        The scenario of a plan, as for `check`.
    overrides
        ``--set`` values of a scenario.

    Raises
    ------
    InputError
        If a file is wrong.
    UsageError
        For a person, vehicle type or date that is none, and for visitors.
    """
    scenario, plan = _read(name, scenario_name, overrides or {})
    found = _person(scenario, person)
    if found.is_visitor:
        raise UsageError(
            f"{found.name} is a visitor: who flies visitors trains them, and no course here is theirs"
        )
    since = _date(from_date) if from_date is not None else scenario.from_utc
    search = Search(scenario, plan, found)
    seats = []
    for kind in _types(scenario, found, vehicle):
        seats.append(search.earliest(kind.name, since))
        if kind.name in found.commander_of:
            seats.append(search.earliest(kind.name, since, is_commander=True))
    return ReadyOutcome(
        scenario,
        plan,
        found,
        max(since, scenario.from_utc),
        tuple(seats),
        tuple(_notes(scenario, plan, found)),
    )


def gives(course: Course) -> str:
    """Who a course is for, in the words of the field."""
    parts = [f"a seat on {', '.join(course.vehicle_types)}"] if course.vehicle_types else []
    if course.is_commander:
        parts = [f"command of {', '.join(course.vehicle_types) or 'any craft'}"]
    if course.segments:
        parts.append(f"operator of {', '.join(course.segments)}")
    if course.is_eva:
        parts.append("spacewalks")
    if course.partners:
        parts.append(f"crews of {', '.join(course.partners)}")
    return "; ".join(parts) or "every crew"


def _read(name: str, scenario_name: str | None, overrides: Mapping[str, str]) -> tuple[Scenario, Plan | None]:
    if name in library_names():
        return read_scenario(name, overrides), None
    text, file = read_text(name)
    if _PLAN_SCHEMA.search(text[:10_000]):
        if overrides:
            raise UsageError(
                "--set is for scenarios; a plan has the values it was made with", hint="leave --set out"
            )
        if name == STDIN == scenario_name:
            raise UsageError("plan and scenario cannot both come from standard input")
        return read_from(text, file, name, scenario_name)
    return read_scenario_text(text, file, overrides), None


def _person(scenario: Scenario, name: str) -> Person:
    people = {p.name: p for p in scenario.people}
    if name in people:
        return people[name]
    folded = name.casefold().strip()
    like = [p for p in scenario.people if folded and folded in p.name.casefold()]
    if len(like) == 1:
        return like[0]
    if like:
        shown = ", ".join(p.name for p in like[:_N_NAMED_MAX])
        more = f" and {len(like) - _N_NAMED_MAX} more" if len(like) > _N_NAMED_MAX else ""
        raise UsageError(f"{name!r} can be {shown}{more}", hint="give the whole name")
    raise UsageError(f"there is no person {name!r} in {scenario.name}", hint=near_hint(name, people))


def _types(scenario: Scenario, person: Person, vehicle: str | None) -> list[VehicleType]:
    crewed = {t.name: t for t in scenario.vehicle_types if t.is_crewed}
    if vehicle is not None:
        if vehicle not in crewed:
            raise UsageError(
                f"there is no crewed vehicle type {vehicle!r} in {scenario.name}",
                hint=near_hint(vehicle, crewed),
            )
        return [crewed[vehicle]]
    partner = scenario.partner_of_agency(person.agency)
    return [t for t in crewed.values() if any(p.get(partner or "", 0) for p in t.crew_patterns)]


def _date(text: str) -> Instant:
    try:
        return Instant.parse(text)
    except ValueError as e:
        raise UsageError(f"--from {e}") from None


def _notes(scenario: Scenario, plan: Plan | None, person: Person) -> list[str]:
    notes = []
    if scenario.rules["training"].severity not in ("hard", "waivable") or not scenario.courses:
        notes.append("no training binds in this scenario: only time on the ground and availability count")
    if plan is None:
        notes += [
            f"aboard since {d.flight.name}; its landing is the planned one, else its life's end"
            for d in scenario.docked
            if person.name in d.flight.crew_up
        ]
        notes += [
            f"announced for {a.name} on {a.launch_utc.date()}: this is about another flight"
            for a in scenario.announced
            if person.name in a.crew
        ]
    else:
        flights = [f.name for f in plan.flights if person.name in f.crew_up]
        backup = [f.name for f in plan.flights if person.name in f.backup]
        if flights:
            notes.append(f"in the plan flies on {', '.join(flights)}: this is about another flight")
        if backup:
            notes.append(f"in the plan backs up {', '.join(backup)}")
    return notes
