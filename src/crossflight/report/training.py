"""Training as lanes and as a table: who is where in which course, crew by crew."""

from __future__ import annotations

from crossflight.model import Course, Flight, Scenario, TrainingSlot
from crossflight.report.lanes import bar, closure_bars, days, short_name, when
from crossflight.report.seats import seats
from crossflight.report.shape import Bar, Cell, Column, Lane, Table, TimelineKey
from crossflight.rules import Walk
from crossflight.times import Instant

N_CENTRE_TONES = 6  # the palette of ui/src/report.css
_COLUMNS: tuple[Column, ...] = (
    {"name": "Person", "kind": "text"},
    {"name": "Agency", "kind": "text"},
    {"name": "Course", "kind": "text"},
    {"name": "Centre", "kind": "text"},
    {"name": "From", "kind": "time"},
    {"name": "To", "kind": "time"},
    {"name": "Days", "kind": "number"},
    {"name": "For", "kind": "text"},
    {"name": "As", "kind": "text"},
)


def centre_tone(scenario: Scenario, centre: str) -> str:
    """The colour word of a centre."""
    names = [c.name for c in scenario.centres]
    return f"c{names.index(centre) % N_CENTRE_TONES}" if centre in names else "note"


def centre_keys(scenario: Scenario) -> list[TimelineKey]:
    """The legend's entries: centres that share a colour share an entry."""
    keys: dict[str, list[str]] = {}
    for centre in scenario.centres:
        keys.setdefault(centre_tone(scenario, centre.name), []).append(centre.name)
    return [{"tone": tone, "name": ", ".join(names), "of": "Training at"} for tone, names in keys.items()]


def training_lanes(walk: Walk) -> list[Lane]:
    """One lane per person who trains, crew after crew in order of launch, the backup crew behind it.

    Beside the courses a lane shows when the person flies and stands by at a launch site.
    """
    courses = {c.name: c for c in walk.scenario.courses}
    theirs: dict[str, list[TrainingSlot]] = {}
    for slot in walk.plan.training:
        theirs.setdefault(slot.person, []).append(slot)
    for person in walk.scenario.people:
        if any(t.finished_utc.us > walk.begin_us for t in person.trained):
            theirs.setdefault(person.name, [])
    lanes = []
    for name, flight, role in _by_crew(walk, theirs):
        bars = [_slot_bar(walk, courses.get(s.course), s) for s in theirs.get(name, [])]
        bars += _running_bars(walk, courses, name) + _duty_bars(walk, name)
        known = walk.people.get(name)
        if known is not None:
            bars = closure_bars(known.unavailable, name) + bars
        detail = f"{flight} {role}".strip()
        lanes.append(
            Lane(label=name, detail=detail, kind="bars", rows=1, bars=sorted(bars, key=lambda b: b["start"]))
        )
    return lanes


def _by_crew(walk: Walk, theirs: dict[str, list[TrainingSlot]]) -> list[tuple[str, str, str]]:
    """(person, flight, "" or "backup"), each under the first flight they train for."""
    found: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    for f in walk.by_launch:
        if not walk.in_horizon(f.launch_utc.us):
            continue
        for role, crew in (("", f.crew_up), ("backup", f.backup)):
            for name in crew:
                is_first = any(s.flight == f.name for s in theirs.get(name, ()))
                if is_first and name not in seen:
                    seen.add(name)
                    found.append((name, f.name, role))
    found += [(name, "", "") for name in theirs if name not in seen]
    return found


def _role(flight: Flight | None, person: str) -> str:
    if flight is None:
        return "not in the plan"
    return "crew" if person in flight.crew_up else "backup" if person in flight.backup else "not in its crew"


def _slot_bar(walk: Walk, course: Course | None, slot: TrainingSlot) -> Bar:
    flight = walk.flights.get(slot.flight)
    is_again = course is not None and slot.to_utc.days_since(slot.from_utc) < course.duration_days
    data = [
        ["Course", slot.course + (", refresher" if is_again else "")],
        ["Centre", course.centre if course else "not in the scenario"],
        ["From", when(slot.from_utc)],
        ["To", when(slot.to_utc)],
        ["Length", days(slot.from_utc, slot.to_utc)],
        ["For", f"{slot.flight}, {_role(flight, slot.person)}"],
    ]
    if flight is not None:
        data.append(["Before launch", days(slot.to_utc, flight.launch_utc)])
    if course is not None:
        at_once = sum(
            s.course == slot.course and s.from_utc < slot.to_utc and slot.from_utc < s.to_utc
            for s in walk.plan.training
        )
        places = "as many as come" if course.n_places is None else str(course.n_places)
        data.append(["Places", f"{places}; {at_once} meet in these days"])
        if course.current_days is not None:
            data.append(["Current", f"{course.current_days:g} d from its end, or from the landing"])
    tone = centre_tone(walk.scenario, course.centre) if course else "note"
    title = f"{slot.person}: {slot.course}" + (f", {course.centre}" if course else "")
    made = bar(slot.from_utc, slot.to_utc, slot.course, tone, title, data)
    made.pop("short", None)  # the last word of a course does not name it
    return made


def _running_bars(walk: Walk, courses: dict[str, Course], name: str) -> list[Bar]:
    """Courses begun before the plan: drawn from its beginning on."""
    person = walk.people.get(name)
    bars = []
    for record in person.trained if person else ():
        if record.finished_utc.us <= walk.begin_us:
            continue
        for course in record.courses:
            known = courses.get(course)
            begin = walk.scenario.from_utc
            data = [
                ["Course", f"{course}, begun before the plan"],
                ["Centre", known.centre if known else "not in the scenario"],
                ["To", when(record.finished_utc)],
            ]
            tone = centre_tone(walk.scenario, known.centre) if known else "note"
            made = bar(begin, record.finished_utc, course, tone, f"{name}: {course}", data)
            made["is_hatched"] = True
            bars.append(made)
    return bars


def _duty_bars(walk: Walk, name: str) -> list[Bar]:
    """When somebody flies, and stands by as backup at the launch site."""
    bars = []
    for seat in seats(walk):
        if seat.person == name:
            flight = walk.flights[seat.flight]
            data = [
                ["Seat", f"{seat.kind} in {flight.name}"],
                ["From", when(seat.from_utc)],
                ["To", when(seat.to_utc)],
            ]
            bars.append(bar(seat.from_utc, seat.to_utc, flight.name, "note", f"{name} aboard", data))
    before = walk.number("training", "days_before_launch")
    for f in walk.by_launch:
        if name in f.backup:
            begin = f.launch_utc.plus_days(-before)
            data = [["Backup of", f.name], ["From", when(begin)], ["Launch", when(f.launch_utc)]]
            title = f"{name}: backup crew of {f.name}"
            made = bar(begin, _after(begin, f.launch_utc), short_name(f.name), "cargo", title, data)
            made["is_hatched"] = True
            bars.append(made)
    return bars


def _after(begin: Instant, end: Instant) -> Instant:
    return max(end, begin.plus_days(0.1))


def training_table(walk: Walk) -> Table:
    """The training lanes: every place in a course."""
    centres = {c.name: c.centre for c in walk.scenario.courses}
    rows: list[list[Cell]] = []
    for slot in walk.plan.training:
        person = walk.people.get(slot.person)
        rows.append(
            [
                slot.person,
                person.agency if person else None,
                slot.course,
                centres.get(slot.course),
                slot.from_utc.minute(),
                slot.to_utc.minute(),
                round(slot.to_utc.days_since(slot.from_utc), 2),
                slot.flight,
                _role(walk.flights.get(slot.flight), slot.person),
            ]
        )
    return {
        "id": "training",
        "title": "Training",
        "note": "",
        "columns": list(_COLUMNS),
        "rows": rows,
        "is_open": False,
    }
