"""What no single value shows: intervals the wrong way round, dates outside, impossible seats."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Final, Protocol

from crossflight.errors import SchemaError
from crossflight.model import AnnouncedFlight, DockedFlight, Person, Scenario, VehicleType
from crossflight.scenario.decode import FoundFact, Path
from crossflight.scenario.paths import dotted
from crossflight.scenario.references import problem
from crossflight.scenario.yaml_tree import Node, shown
from crossflight.times import Instant

# A craft that flies three times as long as planned is no longer on its way.
_ASCENTS_MAX: Final = 3.0


class _Interval(Protocol):
    @property
    def from_utc(self) -> Instant | None: ...

    @property
    def to_utc(self) -> Instant | None: ...


def check_coherence(scenario: Scenario, root: Node) -> None:
    """Refuse a scenario that contradicts itself.

    Raises
    ------
    SchemaError
        At the value to correct.
    """
    s = scenario
    _ordered(root, (), s)
    _all_ordered(root, ("station", "evas"), s.station.evas)
    _all_ordered(root, ("station", "ports"), s.station.ports)
    _all_ordered(root, ("agreements",), s.agreements)
    for i, agreement in enumerate(s.agreements):
        for k, seat in enumerate(agreement.seats):
            if seat.n_seats_max is not None and seat.n_seats_max < seat.n_seats_min:
                message = f"at most {seat.n_seats_max} seats are fewer than at least {seat.n_seats_min}"
                raise problem(root, ("agreements", i, "seats", k, "n_seats_max"), message, "raise it")
    _all_ordered(root, ("forbidden_days",), s.forbidden_days)
    for i, port in enumerate(s.station.ports):
        _all_ordered(root, ("station", "ports", i, "closures"), port.closures)
    for i, pad in enumerate(s.pads):
        _all_ordered(root, ("pads", i, "outages"), pad.outages)
    for i, person in enumerate(s.people):
        _all_ordered(root, ("people", i, "unavailable"), person.unavailable)
        _all_ordered(root, ("people", i, "qualifications"), person.qualifications)
        if person.landed_utc is not None and person.landed_utc > s.from_utc:
            message = f"{shown(person.name)} landed on {person.landed_utc.date()}, after from_utc"
            raise problem(root, ("people", i, "landed_utc"), message, _HORIZON.format(s=s))
        _running_course(root, ("people", i), person, s)
    _courses(root, s)
    systems = {p.name: p.system for p in s.station.ports}
    types = {t.name: t for t in s.vehicle_types}
    for i, kind in enumerate(s.vehicle_types):
        _vehicle_type(root, ("vehicle_types", i), kind, systems)
    kinds = {c.name: c.vehicle_type for c in s.craft}
    for i, there in enumerate(s.docked):
        _docked(root, ("docked", i), there, s, types[there.flight.vehicle_type])
        _craft_type(root, ("docked", i, "flight"), there.flight.craft, there.flight.vehicle_type, kinds)
    for i, coming in enumerate(s.announced):
        _announced(root, ("announced", i), coming, s, types[coming.vehicle_type])
        _craft_type(root, ("announced", i), coming.craft, coming.vehicle_type, kinds)
    for i, move in enumerate(s.seat_moves):
        if not move.utc < s.to_utc:
            message = f"a seat move on {move.utc.date()} is outside the horizon"
            raise problem(root, ("seat_moves", i, "utc"), message, _HORIZON.format(s=s))


_HORIZON: Final = "the scenario runs from {s.from_utc} to {s.to_utc} and was known on {s.known_utc}"


def check_facts(scenario: Scenario, root: Node, facts: Iterable[FoundFact]) -> None:
    """Refuse what was published after the scenario's knowledge date.

    Raises
    ------
    SchemaError
        At the date of publication.
    """
    for found in facts:
        published = found.fact.published_utc
        if published is not None and published > scenario.known_utc:
            what = dotted(root, found.path) or "the scenario"
            message = (
                f"{what} was published on {published.date()}, after known_utc {scenario.known_utc.date()}"
            )
            assert found.published is not None
            hint = "use what was known then, or mark it `assumed: true` without a date"
            raise found.published.error(SchemaError, message, hint)


def _ordered(root: Node, path: Path, of: _Interval) -> None:
    if of.from_utc is not None and of.to_utc is not None and not of.from_utc < of.to_utc:
        message = f"to_utc {of.to_utc} is not after from_utc {of.from_utc}"
        raise problem(root, (*path, "to_utc"), message, "intervals are [from, to)")


def _all_ordered(root: Node, path: Path, intervals: Iterable[_Interval]) -> None:
    for i, interval in enumerate(intervals):
        _ordered(root, (*path, i), interval)


def _running_course(root: Node, path: Path, person: Person, s: Scenario) -> None:
    """A course not yet finished is one; somebody is in one place."""
    running = [(i, t) for i, t in enumerate(person.trained) if t.finished_utc > s.from_utc]
    if sum(len(t.courses) for _, t in running) > 1:
        message = f"{shown(person.name)} is in two courses when the scenario begins"
        hint = f"one course at most ends after {s.from_utc.date()}"
        raise problem(root, (*path, "trained", running[-1][0], "finished_utc"), message, hint)
    for i, record in running:
        ends = f"{shown(person.name)} is in a course until {record.finished_utc.date()}"
        at: Path = (*path, "trained", i, "finished_utc")
        if any(person.name in d.flight.crew_up for d in s.docked):
            raise problem(root, at, f"{ends}, but aboard when the scenario begins")
        days = float(s.rules["training"].values.get("days_before_launch", 0.0))
        for coming in s.announced:
            due = coming.launch_utc.plus_days(-coming.window_days - days)
            if person.name in coming.crew and record.finished_utc > due:
                hint = f"crews are at the launch site {days:g} d before, and its launch may move"
                raise problem(root, at, f"{ends}, too late for {shown(coming.name)}", hint)
        if record.finished_utc > s.to_utc:
            message = f"finished_utc {record.finished_utc.date()} is after the horizon"
            raise problem(root, at, message, _HORIZON.format(s=s))


def _courses(root: Node, s: Scenario) -> None:
    """Prerequisites never lead back to a course, and a refresher is no longer than the course."""
    try:
        TopologicalSorter({c.name: c.prerequisites for c in s.courses}).prepare()
    except CycleError as e:
        circle = e.args[1]
        i = next(i for i, c in enumerate(s.courses) if c.name == circle[0])
        message = f"the prerequisites of {shown(circle[0])} lead back to it"
        hint = f"through {', '.join(shown(name) for name in circle[1:4])}"
        raise problem(root, ("courses", i, "prerequisites"), message, hint) from None
    for i, course in enumerate(s.courses):
        at: Path = ("courses", i)
        if course.n_places == 0:
            raise problem(
                root, (*at, "n_places"), "a course without places", "leave n_places out for no limit"
            )
        if course.refresher_days is not None and course.refresher_days > course.duration_days:
            longest = f"the course's {course.duration_days:g} d"
            message = f"refresher_days {course.refresher_days:g} d is more than {longest}"
            raise problem(root, (*at, "refresher_days"), message)


def _vehicle_type(root: Node, path: Path, kind: VehicleType, systems: dict[str, str]) -> None:
    for k, pattern in enumerate(kind.crew_patterns):
        n = sum(pattern.values())
        if n > kind.n_seats_nominal:
            message = f"a crew of {n} does not fit the {kind.n_seats_nominal} seats of {shown(kind.name)}"
            raise problem(root, (*path, "crew_patterns", k), message, "see n_seats_nominal")
        if n == 0:
            raise problem(root, (*path, "crew_patterns", k), "a crew of nobody")
    if kind.docked_days_max is not None and kind.docked_days_max < kind.docked_days_min:
        message = (
            f"docked_days_max {kind.docked_days_max:g} d is below docked_days_min {kind.docked_days_min:g} d"
        )
        raise problem(root, (*path, "docked_days_max"), message)
    if kind.profile is not None and kind.ascent is None:
        message = f"{shown(kind.name)} has a profile but no ascent"
        raise problem(root, (*path, "profile"), message, "add `ascent:`, the name of its ascent model")
    if kind.landing_zones and kind.descent is None:
        message = f"{shown(kind.name)} has landing_zones but no descent"
        raise problem(
            root, (*path, "landing_zones"), message, "add `descent:`, the name of its descent model"
        )
    if kind.descent is not None and not kind.landing_zones:
        message = f"{shown(kind.name)} has a descent but no landing_zones"
        raise problem(root, (*path, "descent"), message, "add `landing_zones: [...]`, where it may land")
    for k, zone in enumerate(kind.landing_zones):
        if zone in kind.landing_zones[:k]:
            message = f"landing zone {shown(zone)} stands twice in this list"
            raise problem(root, (*path, "landing_zones", k), message)
    for k, port in enumerate(kind.ports):
        if systems[port] != kind.system:
            message = (
                f"port {shown(port)} has {shown(systems[port])}, {shown(kind.name)} has {shown(kind.system)}"
            )
            raise problem(root, (*path, "ports", k), message, "a craft docks at ports of its own system")
    if not kind.ports and kind.system not in systems.values():
        raise problem(root, (*path, "system"), f"no port has the system {shown(kind.system)}")


def _craft_type(root: Node, path: Path, craft: str | None, wanted: str, kinds: dict[str, str]) -> None:
    if craft is not None and kinds[craft] != wanted:
        message = f"craft {shown(craft)} is a {shown(kinds[craft])}, not a {shown(wanted)}"
        raise problem(root, (*path, "craft"), message)


def _docked(root: Node, path: Path, there: DockedFlight, s: Scenario, kind: VehicleType) -> None:
    flight, at = there.flight, (*path, "flight")
    hint = _HORIZON.format(s=s)
    if flight.dock_utc is None or flight.port is None:
        raise problem(root, at, f"{shown(flight.name)} is docked: give dock_utc and port")
    if flight.pinned:
        message = f"{shown(flight.name)} is pinned in a scenario"
        raise problem(root, (*at, "pinned"), message, "pins belong in a plan, see plan --keep")
    if not flight.launch_utc < flight.dock_utc:
        raise problem(root, (*at, "dock_utc"), f"{shown(flight.name)} docked before its launch")
    if flight.dock_utc > s.from_utc:
        message = f"{shown(flight.name)} docked on {flight.dock_utc}, after the scenario begins"
        raise problem(root, (*at, "dock_utc"), message, hint)
    if flight.undock_utc is not None and flight.undock_utc < s.from_utc:
        message = f"{shown(flight.name)} left on {flight.undock_utc}, before the scenario begins"
        raise problem(root, (*at, "undock_utc"), message, hint)
    if there.planned_undock_utc is not None and there.planned_undock_utc < s.from_utc:
        message = f"the return of {shown(flight.name)} is planned before the scenario begins"
        raise problem(root, (*path, "planned_undock_utc"), message, hint)
    for crew in ("crew_up", "crew_down"):
        n = len(getattr(flight, crew))
        _seats(root, (*at, crew), n, kind, kind.n_seats_nominal + kind.n_seats_contingency)


def _announced(root: Node, path: Path, coming: AnnouncedFlight, s: Scenario, kind: VehicleType) -> None:
    # One launched and not yet docked on the knowledge date is announced, not docked.
    latest = coming.launch_utc.plus_days(_ASCENTS_MAX * kind.ascent_hours / 24)
    if latest < s.known_utc or latest < s.from_utc or not coming.launch_utc < s.to_utc:
        message = f"the launch of {shown(coming.name)} on {coming.launch_utc.date()} is outside the horizon"
        raise problem(root, (*path, "launch_utc"), message, _HORIZON.format(s=s))
    _seats(root, (*path, "crew"), len(coming.crew), kind, kind.n_seats_nominal)


def _seats(root: Node, path: Path, n: int, kind: VehicleType, n_seats: int) -> None:
    if n > n_seats:
        message = f"{n} people do not fit the {n_seats} seats of {shown(kind.name)}"
        raise problem(root, path, message, "see n_seats_nominal and n_seats_contingency")
