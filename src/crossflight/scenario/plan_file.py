"""Plan files to the model."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from crossflight.errors import PlanMismatchError
from crossflight.model import (
    PINNED_FIELDS,
    Flight,
    Plan,
    Provenance,
    Scenario,
    SeatMove,
    TrainingSlot,
    Waiver,
)
from crossflight.scenario.decode import Decoding, Path, decode
from crossflight.scenario.pins import check_pins
from crossflight.scenario.plan_text import PLAN_SCHEMA
from crossflight.scenario.read import document
from crossflight.scenario.references import check_plan_references, problem
from crossflight.scenario.text_file import STDIN_LABEL, read_text
from crossflight.scenario.yaml_tree import Node, parse_tree, shown
from crossflight.times import Instant

# A date this far from the horizon is a slip of the pen, not a flight.
MARGIN_DAYS: Final = 3 * 365.25


@dataclass(frozen=True, slots=True)
class ScenarioMark:
    """The scenario a plan was made for."""

    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan file as its keys stand."""

    scenario: ScenarioMark
    flights: tuple[Flight, ...]
    seat_moves: tuple[SeatMove, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    training: tuple[TrainingSlot, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)
    solve: Provenance | None = None


def read_plan(path: str | os.PathLike[str], scenario: Scenario) -> Plan:
    """The plan in a file (``-``: standard input), made for `scenario`.

    Raises
    ------
    PlanMismatchError
        If it was made for another scenario, or for this one with other values.
    InputError
        At the first other thing that is wrong, with file, line and column.
    """
    text, file = read_text(path)
    return read_plan_text(text, scenario, file)


def read_plan_text(text: str, scenario: Scenario, file: str = STDIN_LABEL) -> Plan:
    """A plan from its text; `file` is what errors call it.  See `read_plan`."""
    found, root = _document(text, file)
    _refuse_other(found, scenario, root)
    plan = _plan(found)
    check_plan_references(plan, scenario, root)
    _refuse_far(plan, scenario, root)
    check_pins(plan, scenario, root)
    return plan


def read_pinned_plan_text(text: str, scenario: Scenario, file: str = STDIN_LABEL) -> Plan:
    """A plan whose pins are to be kept in `scenario`; it may have been made with other values.

    Raises
    ------
    PlanMismatchError
        If it is a plan of a scenario of another name.
    InputError
        At the first name, date or pin that does not fit the scenario, and if nothing is pinned.
    """
    found, root = _document(text, file)
    _refuse_other_name(found, scenario, root)
    plan = _plan(found)
    check_plan_references(plan, scenario, root)
    _refuse_far(plan, scenario, root)
    check_pins(plan, scenario, root)
    if not any(flight.pinned for flight in plan.flights):
        hint = f"add `pinned: [launch_utc]` to a flight; {', '.join(PINNED_FIELDS)} and people can be pinned"
        raise problem(root, ("flights",), "nothing is pinned in this plan", hint)
    return plan


def read_unchecked_plan_text(text: str, file: str = STDIN_LABEL) -> Plan:
    """A plan before its scenario is known: names and dates are not compared with anything.

    For finding the scenario: its name, its digest and the overrides it was read with.
    """
    return _plan(_document(text, file)[0])


def _document(text: str, file: str) -> tuple[PlanDocument, Node]:
    root = document(parse_tree(text, file), PLAN_SCHEMA)
    return decode(PlanDocument, root, Decoding(has_provenance=False)), root


def _plan(found: PlanDocument) -> Plan:
    return Plan(
        scenario_name=found.scenario.name,
        scenario_digest=found.scenario.hash,
        flights=found.flights,
        seat_moves=found.seat_moves,
        waivers=found.waivers,
        training=found.training,
        overrides=found.overrides,
        provenance=found.solve,
    )


def _refuse_other_name(found: PlanDocument, scenario: Scenario, root: Node) -> None:
    mark = found.scenario
    if mark.name != scenario.name:
        message = f"a plan of scenario {shown(mark.name)}, not of {shown(scenario.name)}"
        hint = f"name its scenario with --scenario {mark.name}"
        raise problem(root, ("scenario", "name"), message, hint, PlanMismatchError)


def _refuse_other(found: PlanDocument, scenario: Scenario, root: Node) -> None:
    _refuse_other_name(found, scenario, root)
    mark = found.scenario
    if mark.hash != scenario.digest:
        message = (
            f"a plan of another {shown(mark.name)}: hash {mark.hash}, the scenario has {scenario.digest}"
        )
        hint = "plan again, or give the scenario file it was made from with --scenario"
        raise problem(root, ("scenario", "hash"), message, hint, PlanMismatchError)


def _refuse_far(plan: Plan, scenario: Scenario, root: Node) -> None:
    """Dates have to lie near the horizon, and waivers have to be the right way round."""
    earliest = scenario.from_utc.plus_days(-MARGIN_DAYS)
    latest = scenario.to_utc.plus_days(MARGIN_DAYS)
    for path, at in _instants(plan):
        if at is not None and not earliest <= at <= latest:
            message = f"{path[-1]} {at} is outside {earliest.date()} to {latest.date()}"
            hint = f"the scenario runs from {scenario.from_utc.date()} to {scenario.to_utc.date()}"
            raise problem(root, path, message, hint)
    for i, waiver in enumerate(plan.waivers):
        if not waiver.from_utc < waiver.to_utc:
            message = f"to_utc {waiver.to_utc} is not after from_utc {waiver.from_utc}"
            raise problem(root, ("waivers", i, "to_utc"), message, "intervals are [from, to)")
    for i, slot in enumerate(plan.training):
        if not slot.from_utc < slot.to_utc:
            message = f"to_utc {slot.to_utc} is not after from_utc {slot.from_utc}"
            raise problem(root, ("training", i, "to_utc"), message, "intervals are [from, to)")


def _instants(plan: Plan) -> Iterator[tuple[Path, Instant | None]]:
    for i, flight in enumerate(plan.flights):
        for name in ("launch_utc", "dock_utc", "undock_utc", "landing_utc"):
            yield ("flights", i, name), getattr(flight, name)
        for k, move in enumerate(flight.relocations):
            yield ("flights", i, "relocations", k, "undock_utc"), move.undock_utc
            yield ("flights", i, "relocations", k, "dock_utc"), move.dock_utc
    for i, seat_move in enumerate(plan.seat_moves):
        yield ("seat_moves", i, "utc"), seat_move.utc
    for i, waiver in enumerate(plan.waivers):
        yield ("waivers", i, "from_utc"), waiver.from_utc
        yield ("waivers", i, "to_utc"), waiver.to_utc
    for i, slot in enumerate(plan.training):
        yield ("training", i, "from_utc"), slot.from_utc
        yield ("training", i, "to_utc"), slot.to_utc
