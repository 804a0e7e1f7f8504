"""Why pins cannot be kept: the fewest of them that no plan keeps, and the rules that say so.

CP-SAT's own cores can be incomplete (or-tools issues 4109 and 5141), so none is believed: every
set of pins is built and solved anew, and the one that is shown has been proven impossible itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ortools.sat.python import cp_model

from crossflight.model import Pin, Scenario
from crossflight.planner.constraints import BUILD
from crossflight.planner.people import CrewFlight, People
from crossflight.planner.pins import Pins, hold, widened
from crossflight.planner.solve import Budget, Goal, search
from crossflight.planner.traffic import Traffic

T = TypeVar("T")

_TRY_S = 1.5  # CP-SAT's deterministic seconds for one set of pins
_BINDING = ("hard", "waivable")
# Rules that pins meet beside those with a constraint module of their own.
_ALSO = (
    "operator_n1", "port_closure", "port_compatibility", "ground_time", "training", "crew_qualification",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conflict:
    """Pins that cannot be kept together.

    `is_minimal`: without any one of them the others could be kept.  `rules` are those without
    which (one at a time) all of them could be.  `is_proven`: whatever the traffic; else only with
    the crew traffic that was found.
    """

    pins: tuple[Pin, ...]
    is_minimal: bool
    rules: tuple[str, ...] = ()
    is_proven: bool = True


def crew_traffic(
    scenario: Scenario, pins: Pins, *, is_coarse: bool = False, has_ports: bool = True
) -> Traffic:
    """The crew traffic model with every rule and the pins.

    Coarse, cover is only bounded by sums; without ports there is only room for craft.
    """
    traffic = Traffic(scenario, pins, is_coarse=is_coarse, has_ports=has_ports)
    for add in BUILD:
        add(traffic)
    hold(traffic)
    return traffic


def conflict(scenario: Scenario, pins: Sequence[Pin], budget: Budget) -> Conflict | None:
    """The fewest of `pins` that no crew traffic keeps; None if nothing can be said of them.

    Parameters
    ----------
    scenario
        The scenario, in which all `pins` together are impossible.
    budget
        Wall seconds; a set whose solve ends without an answer counts as possible.
    """

    def status(of: Scenario, kept: Sequence[Pin]) -> int:
        return _status(of, kept, budget)

    if status(scenario, ()) == cp_model.INFEASIBLE:
        return None
    unsure: list[bool] = []

    def is_impossible(kept: Sequence[Pin]) -> bool:
        found = status(scenario, kept)
        unsure.append(found == cp_model.UNKNOWN)
        return found == cp_model.INFEASIBLE

    core = shrunk(tuple(pins), is_impossible)
    rules = [
        rule
        for rule in dict.fromkeys((*(add.__module__.rsplit(".", 1)[1] for add in BUILD), *_ALSO))
        if scenario.rules[rule].severity in _BINDING
        and status(_without(scenario, rule), core) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    ]
    return Conflict(core, not any(unsure), tuple(rules))


def people_conflict(
    scenario: Scenario, flights: Sequence[CrewFlight], pins: Pins, budget: Budget
) -> Conflict | None:
    """The fewest pinned people whom no crews of decided flights have; None if they are not to blame."""
    places = [(f.name, name) for f in flights for name in f.pinned]
    unsure: list[bool] = []

    def is_impossible(some: Sequence[tuple[str, str]]) -> bool:
        kept = [replace(f, pinned=tuple(n for n in f.pinned if (f.name, n) in some)) for f in flights]
        people = People(scenario, kept)
        people.build()
        status = _solved(people.model, budget)
        unsure.append(status == cp_model.UNKNOWN)
        return status == cp_model.INFEASIBLE

    if not places or is_impossible(()) or not is_impossible(places):
        return None
    blamed = {(pins.names.get(f, f), name) for f, name in shrunk(tuple(places), is_impossible)}
    named = [p for p in pins.pins if (p.flight.name, p.what) in blamed]
    whole = [
        p
        for p in pins.pins
        if p.what == "crew_up" and {(p.flight.name, n) for n in p.flight.crew_up} & blamed
    ]
    return Conflict((*named, *whole), not any(unsure), is_proven=False)


def cargo_conflict(
    model_of: Callable[[Pins], cp_model.CpModel], scenario: Scenario, pins: Pins, budget: Budget
) -> Conflict | None:
    """The fewest pinned ports and cargo flights that cargo cannot keep beside decided crew traffic.

    Parameters
    ----------
    model_of
        The cargo model with some of the pins; days and crews of crewed flights are decided in it.
    """
    crewed = {t.name for t in scenario.vehicle_types if t.is_crewed}
    in_question = tuple(p for p in pins.pins if p.what == "port" or p.flight.vehicle_type not in crewed)
    decided = tuple(p for p in pins.pins if p not in in_question)
    unsure: list[bool] = []

    def is_impossible(some: Sequence[Pin]) -> bool:
        status = _solved(model_of(Pins(scenario, (*decided, *some))), budget)
        unsure.append(status == cp_model.UNKNOWN)
        return status == cp_model.INFEASIBLE

    if not in_question or is_impossible(()) or not is_impossible(in_question):
        return None
    return Conflict(shrunk(in_question, is_impossible), not any(unsure), is_proven=False)


def shrunk(pins: tuple[T, ...], is_impossible: Callable[[Sequence[T]], bool]) -> tuple[T, ...]:
    """A part of `pins` that is impossible and, as far as `is_impossible` can tell, minimal.

    Halves are left out first (one conflict among many pins is found in a logarithm of tries), then
    single pins.
    """
    size = len(pins)
    while size > 1:
        size = (size + 1) // 2
        begin = 0
        while begin < len(pins):
            rest = pins[:begin] + pins[begin + size :]
            if rest and is_impossible(rest):
                pins = rest
            else:
                begin += size
        size = min(size, len(pins))
    return pins


def _without(scenario: Scenario, rule: str) -> Scenario:
    setting = replace(scenario.rules[rule], severity="off")
    return replace(scenario, rules={**scenario.rules, rule: setting})


def _status(scenario: Scenario, kept: Sequence[Pin], budget: Budget) -> int:
    """Whether a crew traffic keeps `kept`, as CP-SAT says it."""
    if budget.left_s <= 0 or budget.is_interrupted:
        return int(cp_model.UNKNOWN)
    opened = widened(scenario, kept)
    model = crew_traffic(opened, Pins(opened, kept)).model
    return _solved(model, budget)


def _solved(model: cp_model.CpModel, budget: Budget) -> int:
    """Whether a model has a solution at all."""
    return search(model, Goal("pins", 0, 1), budget, "pins", lambda *_: None, _TRY_S)[0]
