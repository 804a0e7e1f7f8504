"""The ISS-like station with courses, a place in them for everybody, and backup crews for Soyuz."""

from __future__ import annotations

from dataclasses import replace

from example_station import iss_like
from plan_edits import Case, set_flight, set_type, set_values

from crossflight.model import Centre, Course, Person, Plan, Qualification, Scenario, TrainingSlot

BEFORE_DAYS, AFTER_DAYS = 14.0, 30.0
BACKUP = ("Backup commander", "Backup engineer", "Backup astronaut")

CENTRES = (Centre("Star City"), Centre("Houston"), Centre("Hawthorne"))
# As many places as are taken at once.
COURSES = (
    Course("station", "Houston", 15, n_places=5),
    Course(
        "Soyuz",
        "Star City",
        20,
        5,
        ("station",),
        vehicle_types=("Soyuz",),
        current_days=100,
        refresher_days=5,
    ),
    Course("Dragon", "Hawthorne", 20, 4, ("station",), vehicle_types=("Dragon",)),
    Course("Soyuz command", "Star City", 10, 1, ("Soyuz",), vehicle_types=("Soyuz",), is_commander=True),
)
LENGTH = {c.name: c.duration_days for c in COURSES}


def _people() -> tuple[Person, ...]:
    return (
        Person(BACKUP[0], "Roscosmos", (Qualification("RS"),), ("Soyuz",)),
        Person(BACKUP[1], "Roscosmos", (Qualification("RS"),)),
        Person(BACKUP[2], "NASA", (Qualification("USOS"),)),
    )


def _first(person: str, flight: str, plan: Plan, names: tuple[str, ...]) -> list[TrainingSlot]:
    """Whole courses one after the other, the last ending on the last possible day."""
    due = next(f for f in plan.flights if f.name == flight).launch_utc.plus_days(-BEFORE_DAYS)
    slots = []
    for name in reversed(names):
        begin = due.plus_days(-LENGTH[name])
        slots.append(TrainingSlot(person, name, begin, due, flight))
        due = begin
    return slots[::-1]


def trained(scenario: Scenario, plan: Plan) -> Case:
    """The scenario with courses and the plan with the places its crews need, no day to spare."""
    scenario = replace(scenario, centres=CENTRES, courses=COURSES, people=(*scenario.people, *_people()))
    scenario = set_type(scenario, "Soyuz", has_backup_crew=True)
    scenario = set_values(scenario, "training", days_before_launch=BEFORE_DAYS, days_after_landing=AFTER_DAYS)
    given = {p for a in scenario.announced for p in a.crew}
    slots: list[TrainingSlot] = []
    is_again = False
    for f in sorted(plan.flights, key=lambda f: f.launch_utc):
        if f.kind != "rotation" or f.launch_utc < scenario.from_utc:
            continue
        for i, person in enumerate(f.crew_up):
            if person not in given:
                lead = ("Soyuz command",) if i == 0 and f.vehicle_type == "Soyuz" else ()
                slots += _first(person, f.name, plan, ("station", f.vehicle_type, *lead))
        if f.vehicle_type != "Soyuz":
            continue
        plan = set_flight(plan, f.name, backup=BACKUP)
        due = f.launch_utc.plus_days(-BEFORE_DAYS)
        for i, person in enumerate(BACKUP):
            if is_again:
                slots.append(TrainingSlot(person, "Soyuz", due.plus_days(-5), due, f.name))
            else:
                lead = ("Soyuz command",) if i == 0 else ()
                slots += _first(person, f.name, plan, ("station", "Soyuz", *lead))
        is_again = True
    return scenario, replace(plan, training=tuple(slots))


SCENARIO, PLAN = trained(*iss_like())


def without(plan: Plan, index: int) -> Plan:
    """The plan with one place less."""
    return replace(plan, training=(*plan.training[:index], *plan.training[index + 1 :]))


def set_slot(plan: Plan, index: int, **changes: object) -> Plan:
    """The plan with one place changed."""
    slot = replace(plan.training[index], **changes)
    return replace(plan, training=(*plan.training[:index], slot, *plan.training[index + 1 :]))


def set_course(scenario: Scenario, name: str, **changes: object) -> Scenario:
    """The scenario with one course changed."""
    courses = tuple(replace(c, **changes) if c.name == name else c for c in scenario.courses)
    return replace(scenario, courses=courses)


def index_of(plan: Plan, course: str, flight: str, n: int = 0) -> int:
    """The n-th place in a course for a flight."""
    found = [i for i, s in enumerate(plan.training) if (s.course, s.flight) == (course, flight)]
    return found[n]
