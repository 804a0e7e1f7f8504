"""What may be pinned in a plan: decisions of the planner that have a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from itertools import islice
from typing import Final

from crossflight.errors import InputError, ReferenceInputError
from crossflight.model import PINNED_FIELDS, Flight, Plan, Scenario
from crossflight.scenario.decode import Path
from crossflight.scenario.near import near_hint
from crossflight.scenario.references import problem
from crossflight.scenario.yaml_tree import Node, shown

_N_NAMES_SEEN: Final = 1_000
_N_NAMES_SHOWN: Final = 3
_FOLLOWS: Final = {
    "dock_utc": "pin launch_utc: the docking follows by the type's ascent",
    "landing_utc": "pin undock_utc: the landing follows by the type's return",
    "crew_down": "pin people of crew_up; who comes home with whom follows",
}
_FLIGHT_KEYS: Final = frozenset(f.name for f in fields(Flight))


def check_pins(plan: Plan, scenario: Scenario, root: Node) -> None:
    """Refuse pins of facts, of things without a value and of flights that planning cannot make.

    Raises
    ------
    ReferenceInputError
        At the pin that names nothing.
    SchemaError
        At any other pin that cannot be kept whatever the rest of the plan.
    """
    docked = {d.flight.name for d in scenario.docked}
    for i, flight in enumerate(plan.flights):
        for k, what in enumerate(flight.pinned):
            at: Path = ("flights", i, "pinned", k)
            if what in flight.pinned[:k]:
                raise problem(root, at, f"{shown(what)} stands twice in this list")
            if flight.name in docked and what in (*PINNED_FIELDS, *flight.crew_up) and what != "undock_utc":
                message = f"{what} of {shown(flight.name)} is a fact: it is docked when the scenario begins"
                raise problem(root, at, message, "of a docked flight only undock_utc can be pinned")
            _refuse_unpinnable(root, at, flight, what, scenario)
        if flight.pinned and flight.name not in docked:
            _refuse_unknown_flight(root, ("flights", i, "name"), flight, scenario)


def _refuse_unpinnable(root: Node, at: Path, flight: Flight, what: str, s: Scenario) -> None:
    if what in PINNED_FIELDS:
        value = getattr(flight, what)
        if not value:
            message = f"{what} of {shown(flight.name)} is pinned and has no value"
            raise problem(root, at, message, "write the value, or take the pin away")
        if what.endswith("_utc") and not s.from_utc <= value < s.to_utc:
            message = f"{what} {value} of {shown(flight.name)} is pinned outside the horizon"
            hint = f"the scenario runs from {s.from_utc} to {s.to_utc}"
            raise problem(root, (*at[:2], what), message, hint)
        if what == "undock_utc" and not flight.launch_utc < value:
            message = f"{shown(flight.name)} undocks on {value}, before its launch on {flight.launch_utc}"
            raise problem(root, (*at[:2], what), message)
    elif what not in flight.crew_up:
        raise _unknown(root, at, flight, what, s)


def _unknown(root: Node, at: Path, flight: Flight, what: str, s: Scenario) -> InputError:
    known: Sequence[str] = (*PINNED_FIELDS, *flight.crew_up)
    if what in _FLIGHT_KEYS:
        hint = _FOLLOWS.get(what) or f"what can be pinned: {', '.join(PINNED_FIELDS)} and people of crew_up"
        return problem(root, at, f"{what} cannot be pinned", hint)
    if any(p.name == what for p in s.people):
        message = f"{shown(what)} is pinned to {shown(flight.name)} and not in its crew_up"
        return problem(root, at, message, "write the name into crew_up too", ReferenceInputError)
    message = f"there is nothing called {shown(what)} to pin in {shown(flight.name)}"
    return problem(root, at, message, near_hint(what, known), ReferenceInputError)


def _refuse_unknown_flight(root: Node, at: Path, flight: Flight, s: Scenario) -> None:
    """A pinned flight is announced, or one that the planner would add under that name."""
    if flight.name in {a.name for a in s.announced}:
        return
    kind = next(t for t in s.vehicle_types if t.name == flight.vehicle_type)
    if not kind.plan_line:
        message = f"{shown(flight.name)} is pinned; it is not announced and no {shown(kind.name)} is added"
        raise problem(root, at, message, "see plan_line of the vehicle type", ReferenceInputError)
    namesakes = [t.name for t in s.vehicle_types if t.plan_line and t.flight_name == kind.flight_name != ""]
    if len(namesakes) > 1:
        message = (
            f"{shown(flight.name)} is pinned, and flights of {' and '.join(namesakes[:3])} are called alike"
        )
        raise problem(root, at, message, "give each vehicle type a flight_name of its own")
    taken = {d.flight.name for d in s.docked} | {a.name for a in s.announced}
    names = list(islice(kind.flight_names(taken), _N_NAMES_SEEN))
    if flight.name not in names:
        message = f"{shown(flight.name)} is pinned, and added flights of {shown(kind.name)} are not called so"
        hint = f"they are called {', '.join(names[:_N_NAMES_SHOWN])} and so on"
        raise problem(root, at, message, hint, ReferenceInputError)
