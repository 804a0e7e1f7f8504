"""Small edits of a scenario and plan, shared by the tests of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from crossflight.model import Flight, Person, Plan, Qualification, Scenario, VehicleType
from crossflight.times import Instant

Case = tuple[Scenario, Plan]
Edit = Callable[[Scenario, Plan, Random], Case]


def flight(plan: Plan, name: str) -> Flight:
    return next(f for f in plan.flights if f.name == name)


def set_flight(plan: Plan, name: str, **changes: Any) -> Plan:
    return replace(plan, flights=tuple(replace(f, **changes) if f.name == name else f for f in plan.flights))


def drop_flights(plan: Plan, *names: str) -> Plan:
    return replace(plan, flights=tuple(f for f in plan.flights if f.name not in names))


def add_flight(plan: Plan, new: Flight) -> Plan:
    return replace(plan, flights=(*plan.flights, new))


def shift_flight(plan: Plan, name: str, days: float) -> Plan:
    """All events of a flight without relocations, moved alike."""
    f = flight(plan, name)

    def moved(at: Instant | None) -> Instant | None:
        return None if at is None else at.plus_days(days)

    return set_flight(
        plan,
        name,
        launch_utc=f.launch_utc.plus_days(days),
        dock_utc=moved(f.dock_utc),
        undock_utc=moved(f.undock_utc),
        landing_utc=moved(f.landing_utc),
    )


def set_undock(plan: Plan, name: str, at: Instant) -> Plan:
    """Another undocking, the landing as long after it as before."""
    f = flight(plan, name)
    assert f.undock_utc is not None
    days = at.days_since(f.undock_utc)
    landing = None if f.landing_utc is None else f.landing_utc.plus_days(days)
    return set_flight(plan, name, undock_utc=at, landing_utc=landing)


def swap_person(plan: Plan, old: str, new: str, *flights: str) -> Plan:
    """`new` instead of `old` in the crews of the named flights."""

    def crew(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if p == old else p for p in names)

    return replace(
        plan,
        flights=tuple(
            replace(f, crew_up=crew(f.crew_up), crew_down=crew(f.crew_down)) if f.name in flights else f
            for f in plan.flights
        ),
    )


def set_person(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    return replace(
        scenario, people=tuple(replace(p, **changes) if p.name == name else p for p in scenario.people)
    )


def add_person(scenario: Scenario, name: str, agency: str, *segments: str, **changes: Any) -> Scenario:
    new = Person(name, agency, tuple(Qualification(s) for s in segments), **changes)
    return replace(scenario, people=(*scenario.people, new))


def set_type(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    types = tuple(replace(t, **changes) if t.name == name else t for t in scenario.vehicle_types)
    return replace(scenario, vehicle_types=types)


def vehicle_type(scenario: Scenario, name: str) -> VehicleType:
    return next(t for t in scenario.vehicle_types if t.name == name)


def set_craft(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    return replace(
        scenario, craft=tuple(replace(c, **changes) if c.name == name else c for c in scenario.craft)
    )


def set_station(scenario: Scenario, **changes: Any) -> Scenario:
    return replace(scenario, station=replace(scenario.station, **changes))


def set_port(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    ports = tuple(replace(p, **changes) if p.name == name else p for p in scenario.station.ports)
    return set_station(scenario, ports=ports)


def set_pad(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    return replace(
        scenario, pads=tuple(replace(p, **changes) if p.name == name else p for p in scenario.pads)
    )


def set_announced(scenario: Scenario, name: str, **changes: Any) -> Scenario:
    return replace(
        scenario,
        announced=tuple(replace(a, **changes) if a.name == name else a for a in scenario.announced),
    )


def set_agreement(scenario: Scenario, **changes: Any) -> Scenario:
    return replace(scenario, agreements=tuple(replace(a, **changes) for a in scenario.agreements))


def set_commodity(scenario: Scenario, **changes: Any) -> Scenario:
    return replace(scenario, commodities=tuple(replace(c, **changes) for c in scenario.commodities))


def set_severity(scenario: Scenario, severity: str, *rules: str) -> Scenario:
    settings = dict(scenario.rules)
    for rule in rules:
        settings[rule] = replace(settings[rule], severity=severity)  # type: ignore[arg-type] - from tests
    return replace(scenario, rules=settings)


def set_values(scenario: Scenario, rule: str, **values: float | str) -> Scenario:
    settings = dict(scenario.rules)
    settings[rule] = replace(settings[rule], values={**settings[rule].values, **values})
    return replace(scenario, rules=settings)
