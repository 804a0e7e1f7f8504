"""Every name in a scenario or plan must be the name of something."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from crossflight.errors import InputError, ReferenceInputError, SchemaError
from crossflight.model import Flight, Plan, Scenario, SeatMove
from crossflight.rules import REGISTRY
from crossflight.rules.measures import TERMS
from crossflight.scenario.decode import Path
from crossflight.scenario.near import near_hint
from crossflight.scenario.paths import located
from crossflight.scenario.yaml_tree import Node, shown

RULES: Final = {module.RULE.id: module.RULE for module in REGISTRY}


def problem(
    root: Node,
    path: Path,
    message: str,
    hint: str = "",
    kind: type[InputError] = SchemaError,
    *,
    is_key: bool = False,
) -> InputError:
    """An error at the value (or key) that stands at `path` of a tree."""
    return located(root, path, is_key=is_key).error(kind, message, hint)


def check_scenario_references(scenario: Scenario, root: Node) -> None:
    """Refuse duplicate names and names of nothing.

    Raises
    ------
    SchemaError
        For a name that stands twice, and for a rule that is missing.
    ReferenceInputError
        For a name that is not there.
    """
    names = _Names(root)
    s = scenario
    segments = names.unique("segment", ("station", "segments"), [x.name for x in s.station.segments])
    ports = names.unique("port", ("station", "ports"), [x.name for x in s.station.ports])
    names.unique("EVA", ("station", "evas"), [x.name for x in s.station.evas])
    partners = names.unique("partner", ("partners",), [x.name for x in s.partners])
    sites = names.unique("site", ("sites",), [x.name for x in s.sites])
    pads = names.unique("pad", ("pads",), [x.name for x in s.pads])
    launchers = names.unique("launcher", ("launchers",), [x.name for x in s.launchers])
    types = names.unique("vehicle type", ("vehicle_types",), [x.name for x in s.vehicle_types])
    craft = names.unique("craft", ("craft",), [x.name for x in s.craft])
    people = names.unique("person", ("people",), [x.name for x in s.people])
    centres = names.unique("centre", ("centres",), [x.name for x in s.centres])
    courses = names.unique("course", ("courses",), [x.name for x in s.courses])
    commodities = names.unique("commodity", ("commodities",), [x.name for x in s.commodities])
    names.unique("agreement", ("agreements",), [x.name for x in s.agreements])
    names.unique("tier", ("objective",), [x.name for x in s.objective])
    names.unique("flight", ("docked",), [x.flight.name for x in s.docked])
    docked = {x.flight.name for x in s.docked}
    for i, flight in enumerate(s.announced):
        if flight.name in docked:
            raise problem(root, ("announced", i, "name"), f"flight {shown(flight.name)} is docked already")
    announced = names.unique("flight", ("announced",), [x.name for x in s.announced])
    flights = docked | announced

    station: Path = ("station",)
    for i, port in enumerate(s.station.ports):
        names.one("segment", (*station, "ports", i, "segment"), port.segment, segments)
    for i, eva in enumerate(s.station.evas):
        names.each("port", (*station, "evas", i, "free_ports"), eva.free_ports, ports)
    names.keys("partner", (*station, "n_crew_nominal"), s.station.n_crew_nominal, partners)
    agencies: dict[str, str] = {}
    for i, partner in enumerate(s.partners):
        for k, agency in enumerate(partner.agencies):
            if agency in agencies:
                at: Path = ("partners", i, "agencies", k)
                raise problem(root, at, f"agency {shown(agency)} is under {shown(agencies[agency])} already")
            agencies[agency] = partner.name
    for i, pad in enumerate(s.pads):
        names.one("site", ("pads", i, "site"), pad.site, sites)
    for i, launcher in enumerate(s.launchers):
        names.each("pad", ("launchers", i, "pads"), launcher.pads, pads)
    for i, kind in enumerate(s.vehicle_types):
        at = ("vehicle_types", i)
        names.one("partner", (*at, "provider"), kind.provider, partners)
        names.one("launcher", (*at, "launcher"), kind.launcher, launchers)
        names.each("port", (*at, "ports"), kind.ports, ports)
        names.keys("commodity", (*at, "upmass_kg"), kind.upmass_kg, commodities)
        for k, pattern in enumerate(kind.crew_patterns):
            names.keys("partner", (*at, "crew_patterns", k), pattern, partners)
    for i, one in enumerate(s.craft):
        names.one("vehicle type", ("craft", i, "vehicle_type"), one.vehicle_type, types)
    for i, person in enumerate(s.people):
        at = ("people", i)
        if not person.is_visitor:
            names.one("agency", (*at, "agency"), person.agency, agencies)
        names.each("vehicle type", (*at, "commander_of"), person.commander_of, types)
        for k, qualification in enumerate(person.qualifications):
            names.one("segment", (*at, "qualifications", k, "segment"), qualification.segment, segments)
        for k, record in enumerate(person.trained):
            names.each("course", (*at, "trained", k, "courses"), record.courses, courses)
    for i, course in enumerate(s.courses):
        at = ("courses", i)
        names.one("centre", (*at, "centre"), course.centre, centres)
        names.each("course", (*at, "prerequisites"), course.prerequisites, courses)
        names.each("partner", (*at, "partners"), course.partners, partners)
        names.each("vehicle type", (*at, "vehicle_types"), course.vehicle_types, types)
        names.each("segment", (*at, "segments"), course.segments, segments)
    for i, agreement in enumerate(s.agreements):
        at = ("agreements", i)
        for k, seat in enumerate(agreement.seats):
            names.one("vehicle type", (*at, "seats", k, "vehicle_type"), seat.vehicle_type, types)
            names.one("partner", (*at, "seats", k, "partner"), seat.partner, partners)
        if announced:  # the flown record and manifests bring their own
            names.each("flight", (*at, "exempt_flights"), agreement.exempt_flights, flights)
    names.flights(((("docked", i, "flight"), there.flight) for i, there in enumerate(s.docked)), s)
    for i, coming in enumerate(s.announced):
        at = ("announced", i)
        names.one("vehicle type", (*at, "vehicle_type"), coming.vehicle_type, types)
        names.one("craft", (*at, "craft"), coming.craft, craft)
        names.one("pad", (*at, "pad"), coming.pad, pads)
        names.one("port", (*at, "port"), coming.port, ports)
        names.each("person", (*at, "crew"), coming.crew, people)
    names.seat_moves(s.seat_moves, people, flights)
    for i, days in enumerate(s.forbidden_days):
        names.each("vehicle type", ("forbidden_days", i, "vehicle_types"), days.vehicle_types, types)
    _rules(names, s, flights if announced else set())
    for i, tier in enumerate(s.objective):
        names.keys("term", ("objective", i, "terms"), tier.terms, TERMS)


def check_plan_references(plan: Plan, scenario: Scenario, root: Node) -> None:
    """Refuse duplicate flights and names that the scenario has not.

    Raises
    ------
    SchemaError
        For a flight that stands twice.
    ReferenceInputError
        For a name that is not there.
    """
    names = _Names(root)
    flights = names.unique("flight", ("flights",), [f.name for f in plan.flights])
    names.flights(((("flights", i), flight) for i, flight in enumerate(plan.flights)), scenario)
    names.seat_moves(plan.seat_moves, {p.name for p in scenario.people}, flights)
    for i, waiver in enumerate(plan.waivers):
        names.one("rule", ("waivers", i, "rule"), waiver.rule, RULES)
    people, courses = {p.name for p in scenario.people}, {c.name for c in scenario.courses}
    for i, slot in enumerate(plan.training):
        names.one("person", ("training", i, "person"), slot.person, people)
        names.one("course", ("training", i, "course"), slot.course, courses)
        names.one("flight", ("training", i, "flight"), slot.flight, flights)


def _rules(names: _Names, s: Scenario, flights: Collection[str]) -> None:
    names.keys("rule", ("rules",), s.rules, RULES)
    for rule in RULES:
        if rule not in s.rules:
            message = f"rule {rule!r} is missing"
            hint = f"add `{rule}: {{severity: hard}}`, or off; every rule is named"
            raise problem(names.root, ("rules",), message, hint)
    for rule, setting in s.rules.items():
        at: Path = ("rules", rule, "values")
        names.keys("value", at, setting.values, RULES[rule].values)
        for name, value in setting.values.items():
            if name == "binds_from_docking_of":
                if not isinstance(value, str):
                    raise problem(names.root, (*at, name), "the name of a flight should stand here")
                if value and flights:
                    names.one("flight", (*at, name), value, flights)
            elif isinstance(value, str):
                raise problem(names.root, (*at, name), f"a number should stand here, not {shown(value)}")


class _Names:
    """Looks names up and raises at their place in the tree."""

    def __init__(self, root: Node) -> None:
        self.root = root

    def unique(self, what: str, path: Path, found: Sequence[str]) -> set[str]:
        """The names of a list; each stands once."""
        seen = set(found)
        if len(seen) < len(found):
            first: dict[str, int] = {}
            for i, name in enumerate(found):
                if first.setdefault(name, i) != i:
                    line = located(self.root, (*path, first[name])).line
                    message = f"{what} {shown(name)} stands twice"
                    hint = f"the first is on line {line}; give each its own name"
                    in_flight = ("flight",) if path == ("docked",) else ()
                    raise problem(self.root, (*path, i, *in_flight, "name"), message, hint)
        return seen

    def one(self, what: str, path: Path, name: str | None, known: Collection[str]) -> None:
        """`name` is None or known."""
        if name is not None and name not in known:
            raise problem(self.root, path, *_unknown(what, name, known), ReferenceInputError)

    def each(self, what: str, path: Path, found: Iterable[str], known: Collection[str]) -> None:
        """All of `found` are known, and none stands twice."""
        seen = set()
        for i, name in enumerate(found):
            self.one(what, (*path, i), name, known)
            if name in seen:
                raise problem(self.root, (*path, i), f"{what} {shown(name)} stands twice in this list")
            seen.add(name)

    def keys(self, what: str, path: Path, found: Iterable[str], known: Collection[str]) -> None:
        """All keys of a mapping are known."""
        for name in found:
            if name not in known:
                message, hint = _unknown(what, name, known)
                raise problem(self.root, (*path, name), message, hint, ReferenceInputError, is_key=True)

    def flights(self, found: Iterable[tuple[Path, Flight]], s: Scenario) -> None:
        """Everything that flights name is in the scenario."""
        types = {t.name for t in s.vehicle_types}
        craft = {c.name for c in s.craft}
        pads = {p.name for p in s.pads}
        ports = {p.name for p in s.station.ports}
        people = {p.name for p in s.people}
        for path, flight in found:
            self.one("vehicle type", (*path, "vehicle_type"), flight.vehicle_type, types)
            self.one("craft", (*path, "craft"), flight.craft, craft)
            self.one("pad", (*path, "pad"), flight.pad, pads)
            self.one("port", (*path, "port"), flight.port, ports)
            for i, move in enumerate(flight.relocations):
                self.one("port", (*path, "relocations", i, "from_port"), move.from_port, ports)
                self.one("port", (*path, "relocations", i, "to_port"), move.to_port, ports)
            self.each("person", (*path, "crew_up"), flight.crew_up, people)
            self.each("person", (*path, "crew_down"), flight.crew_down, people)
            self.each("person", (*path, "backup"), flight.backup, people)

    def seat_moves(
        self, moves: Iterable[SeatMove], people: Collection[str], flights: Collection[str]
    ) -> None:
        """Everything seat moves name is there."""
        for i, move in enumerate(moves):
            self.one("person", ("seat_moves", i, "person"), move.person, people)
            self.one("flight", ("seat_moves", i, "from_flight"), move.from_flight, flights)
            self.one("flight", ("seat_moves", i, "to_flight"), move.to_flight, flights)


def _unknown(what: str, name: str, known: Collection[str]) -> tuple[str, str]:
    return f"there is no {what} {shown(name)} here", near_hint(name, known)
