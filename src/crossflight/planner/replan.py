"""A plan repaired: as safe as it was where that is possible, with few people and few flights moved.

The stages are solved one after the other, each proven before the next: person-days without a seat, days
with a segment unattended, days without operator N-1, person-days of seat N-1, waivers, people moved, crew
missing, flights moved, days moved, price, and last craft, pads and ports changed and relocations.  In the
first five and for the crew what the plan already had before anything happened counts for nothing: a repair
is not asked to make a plan better than it was, so it stays near it.  The search begins from the plan itself.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from ortools.sat.python import cp_model

from crossflight.model import Flight, Scenario, StageResult
from crossflight.planner.assemble import Solution, at_ports, instants
from crossflight.planner.readiness import Readiness
from crossflight.planner.replan_model import RepairModel
from crossflight.planner.replan_task import Stock, Task
from crossflight.planner.solve import (
    Budget,
    Goal,
    Outcome,
    Progress,
    TierOutcome,
    least_of,
    lexicographic,
    search,
    silent,
)
from crossflight.planner.visit import Expr, Visit
from crossflight.times import Instant

__all__ = [
    "QUICK",
    "SAFETY",
    "STAGES",
    "WHOLE",
    "Effort",
    "Proposal",
    "Ready",
    "Stock",
    "Task",
    "floors",
    "repair",
    "spares",
]

SEATS: Final = "person-days without a seat"
SAFETY: Final = (
    "days a segment is unattended",
    "days without operator N-1",
    "person-days without seat N-1",
    "waivers",
)
PEOPLE, FLIGHTS, DAYS, PRICE = "people moved", "flights moved", "days moved", "price"
CREW: Final = "person-days of crew missing"
PLACES: Final = "craft, pads, ports changed"
STAGES: Final = (SEATS, *SAFETY, PEOPLE, CREW, FLIGHTS, DAYS, PRICE, PLACES)
_CENT: Final = 100
_FIXED_S: Final = 1.0
_TURN_S: Final = 0.4


@dataclass(frozen=True, slots=True)
class Effort:
    """How far a repair goes.

    Attributes
    ----------
    stages
        Those that are minimised; the others take what the last of these leaves.
    stage_s, near_s
        CP-SAT's deterministic seconds for one stage, and for a first solution near the plan.
    n_rounds
        How often a proposal is made at most, each time with what the checker found in the last.
    has_added
        Whether a further flight is looked for that the plan does not have.
    """

    stages: tuple[str, ...] = STAGES
    stage_s: float = 6.0
    near_s: float = 3.0
    n_rounds: int = 8
    has_added: bool = True


WHOLE: Final = Effort()
# For samples: cover, and little moved.
QUICK: Final = Effort((SEATS, *SAFETY[:2], PEOPLE, FLIGHTS, DAYS), 0.12, 0.5, n_rounds=3, has_added=False)


@dataclass(frozen=True, slots=True)
class Ready:
    """Somebody is trained for a seat in a flight by then."""

    flight: str
    person: str
    at_utc: Instant


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a repair makes of a plan's flights.

    Attributes
    ----------
    status
        optimal where every stage is proven; feasible, infeasible, unknown.
    flights
        Those that fly; `crew_up` has who keeps the seat.
    n_open
        By flight and partner, seats that somebody else has to fill.
    dropped
        Flights given up.
    tiers, stages
        Name, value and proven bound of each stage; how it ended and its wall seconds.
    values
        The solution, by name of the variable.
    """

    status: str
    flights: tuple[Flight, ...] = ()
    n_open: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    tiers: tuple[TierOutcome, ...] = ()
    stages: tuple[StageResult, ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)
    is_interrupted: bool = False

    @property
    def order(self) -> tuple[float, ...]:
        """Smaller is better, stage by stage."""
        return tuple(round(t.value, 6) for t in self.tiers)


def spares(scenario: Scenario, vehicle_types: Sequence[str]) -> dict[tuple[str, str], Instant | None]:
    """By vehicle type and partner: before which launch nobody else can be trained for a seat.

    None where nobody ever can.  Courses may take longer; a seat found to have nobody says so later.
    """
    ready = Readiness(scenario)
    found: dict[tuple[str, str], Instant | None] = {}
    for kind in vehicle_types:
        for partner in scenario.partners:
            days = [
                ready.earliest_launch_day(p, kind)
                for p in scenario.people
                if not p.is_visitor and scenario.partner_of_agency(p.agency) == partner.name
            ]
            first = min(days, default=math.inf)
            at = ready.grain.day0.plus_days(first) if math.isfinite(first) else None
            found[kind, partner.name] = at
    return found


def floors(
    scenario: Scenario, tasks: Sequence[Task], budget: Budget, effort: Effort = WHOLE
) -> dict[str, float]:
    """What the stages of safety that `effort` asks for are in a plan as it stands; empty where none is found.

    The model counts in days, and may have no room for two flights that are hours apart: then they are those
    of the plan nearest to it.
    """
    model = RepairModel(scenario, tasks)
    model.build()
    near = _nearness(model)
    wanted = (x for x in (*_safety(model), _crew(model)) if x[0] in effort.stages)
    safety = [Goal(n, e, s) for n, e, s in wanted]
    as_it_is = model.model.clone()
    for goal in near:
        as_it_is.add(goal.expression == 0)
    found = lexicographic(as_it_is, safety, budget, "as planned", silent, _FIXED_S, is_from_below=True)
    if not found.has_plan:
        found = lexicographic(
            model.model, [*near, *safety], budget, "as planned", silent, _FIXED_S, is_from_below=True
        )
    # The first that are found may be how near the plan is.
    tiers = found.tiers[len(found.tiers) - len(safety) :]
    return {t.name: t.value for t in tiers} if found.has_plan else {}


def _nearness(model: RepairModel) -> list[Goal]:
    """How far a plan is from the one there is: people, flights and days moved."""
    kept = list(model.kept.values())
    people: Expr = sum(1 - x for k in kept for x in k.keeps.values())
    days: Expr = sum(d for k in kept for d in k.days_moved)
    return [Goal(PEOPLE, people, 1), Goal(FLIGHTS, sum(k.is_touched for k in kept), 1), Goal(DAYS, days, 1)]


def repair(
    scenario: Scenario,
    tasks: Sequence[Task],
    *,
    at_least: Mapping[str, float],
    ready: Sequence[Ready] = (),
    stocks: Sequence[Stock] = (),
    seatless: int = 0,
    beats: Sequence[float] = (),
    relaxed: Proposal | None = None,
    effort: Effort = WHOLE,
    budget: Budget,
    progress: Progress = silent,
) -> Proposal:
    """Repair a plan's flights.

    Parameters
    ----------
    scenario
        As things are now.
    tasks
        Every flight of the plan, in order of launch, and those that may be added.
    at_least
        What counts for nothing in the stages of safety: `floors` of the plan before.
    ready
        When people are trained for the seats they have.
    stocks
        Instants until which supplies have to last, as a check has found them short.
    seatless
        How many people have no seat until a flight that takes over has docked.
    beats
        Values of the first stages of another proposal: only one that is less at the first where they differ
        is wanted.  The status is worse where it is proven that there is none.
    relaxed
        The proposal of a model that has only a part of these constraints: where the search begins, and what
        the stages come to at least while those before come to no more.
    """
    began = time.monotonic()
    model = RepairModel(scenario, tasks)
    model.build(stocks)
    for r in ready:
        model.ready_by(r.flight, r.person, r.at_utc)
    goals = _goals(model, at_least, seatless)
    touched, people = goals[STAGES.index(FLIGHTS)], goals[STAGES.index(PEOPLE)]
    goals = [g for g in goals if g.name in effort.stages]
    if beats:
        _beat(model, goals, beats)
    near = Goal("a plan near the one there is", touched.expression + 3 * people.expression, 1)
    if relaxed is not None:
        _hint(model, relaxed.values)
    status, solver = search(model.model, near, budget, "replan", progress, effort.near_s, is_from_below=True)
    start = list(solver.response_proto.solution)
    if not start:
        said = "unknown" if status != cp_model.INFEASIBLE else "worse" if beats else "infeasible"
        return Proposal(said, is_interrupted=budget.is_interrupted)
    model.model.clear_objective()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
    stages: list[StageResult] = [StageResult("near", "feasible", round(time.monotonic() - began, 3))]
    outcome = Outcome("optimal", start, [])
    known = list(relaxed.tiers) if relaxed is not None else []
    for goal in goals:
        at = time.monotonic()
        if known:
            model.model.add(goal.expression >= round(known[0].bound * goal.scale))
        one = _least(model, goal, outcome.values, effort.stage_s, budget, progress)
        known = known[1:] if known and one.tiers[0].value <= known[0].value else []
        outcome.values = one.values
        outcome.tiers += one.tiers
        stages.append(StageResult(goal.name, one.status, round(time.monotonic() - at, 3)))
        if one.status != "optimal":
            outcome.status = "feasible"
    return _proposal(model, outcome, stages, is_interrupted=budget.is_interrupted)


def _least(
    model: RepairModel, goal: Goal, values: list[int], limit_s: float, budget: Budget, progress: Progress
) -> Outcome:
    """The least of one stage: from below and with relaxations in turn, longer each time.

    From below most stages are proven at once; sums of many need relaxations, and a search that has gone
    astray a new beginning from the best so far.
    """
    found = Outcome("unknown", values, [])
    turn_s, is_from_below = _TURN_S, True
    while True:
        one_s = min(turn_s, limit_s)
        found = lexicographic(
            model.model,
            [goal],
            budget,
            "replan",
            progress,
            one_s,
            found.values,
            known=found.tiers,
            is_from_below=is_from_below,
        )
        limit_s, turn_s, is_from_below = limit_s - one_s, 2 * turn_s, not is_from_below
        if found.status == "optimal" or limit_s <= 0 or budget.is_interrupted:
            return found


def _hint(model: RepairModel, values: Mapping[str, int]) -> None:
    """Begin the search from a solution of a model with other variables beside these."""
    model.model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
    for i, variable in enumerate(model.model.proto.variables):
        if variable.name in values:
            model.model.add_hint(model.model.get_int_var_from_proto_index(i), values[variable.name])


def _beat(model: RepairModel, goals: Sequence[Goal], values: Sequence[float]) -> None:
    """Less than these values at the first goal where it differs from them."""
    cases = []
    for k, (goal, value) in enumerate(zip(goals, values, strict=False)):
        most = round(value * goal.scale)
        if least_of(model.model, goal.expression) < most:
            less = model.model.new_bool_var(f"less.{goal.name}")
            model.model.add(goal.expression <= most - 1).only_enforce_if(less)
            for before, held in zip(goals[:k], values, strict=False):
                model.model.add(before.expression <= round(held * before.scale)).only_enforce_if(less)
            cases.append(less)
    model.model.add_bool_or(cases)


def _safety(model: RepairModel) -> list[tuple[str, Expr, int]]:
    """The stages of safety: name, expression, units that make 1."""
    terms = model.terms
    waivers: Expr = 0
    for rule, waived in model.waiver_days.items():
        price = round(model.setting(rule).price_per_day * _CENT)
        waivers += price * sum(days for _, days in waived)
    return [
        (SAFETY[0], sum(terms.get("unattended_segment_days", [])), 1),
        (SAFETY[1], sum(terms.get("operator_n1_segment_days", [])), 1),
        (SAFETY[2], sum(terms.get("seat_n1_person_days", [])), 1),
        (SAFETY[3], waivers, _CENT),
    ]


def _crew(model: RepairModel) -> tuple[str, Expr, int]:
    """Person-days between a crew's leaving and the docking of its relief, and in seats left empty.

    Line by line, so that it is a sum of gaps: what other lines have aboard makes up for nothing.
    """
    missing: Expr = 0
    for line in model.lines.values():
        for a, b in pairwise(line):
            gap = model.model.new_int_var(0, 2 * model.grain.n_days + 20_000, f"{b.name}.relief")
            model.model.add(gap >= b.count_from - a.undock)
            missing += model.n_crew(b) * gap
        for v in line:
            kept = model.kept[v.name]
            n_seats = model.n_crew(v) - len(kept.task.joining)
            for x, pattern in v.patterns if v.origin != "docked" else ():
                missing += max(0, n_seats - sum(pattern.values())) * max(1, kept.undock - kept.launch) * x
    return CREW, missing, 1


def _goals(model: RepairModel, at_least: Mapping[str, float], seatless: int) -> list[Goal]:
    heirs = [k.visit.count_from for k in model.kept.values() if k.task.takes_over]
    without: Expr = seatless * (sum(heirs) if heirs else model.grain.n_days)
    goals = [_over(model, SEATS, without, 0, 1)]
    goals += [
        _over(model, name, expression, round(at_least.get(name, 0.0) * unit), unit)
        for name, expression, unit in _safety(model)
    ]
    kept = list(model.kept.values())
    price: Expr = sum(
        round(k.visit.vehicle.price * _CENT) * k.visit.is_present for k in kept if k.visit.origin != "docked"
    )
    before = sum(
        round(k.visit.vehicle.price * _CENT) for k in kept if k.visit.origin != "docked" and not k.task.is_new
    )
    people, *moved = _nearness(model)
    name, missing, unit = _crew(model)
    goals += [people, _over(model, name, missing, round(at_least.get(name, 0.0)), unit), *moved]
    goals.append(Goal(PRICE, price - before, _CENT))
    places: Expr = sum(1 - x for k in kept for x in k.as_planned)
    moves = sum(move.is_made for k in kept for move in k.visit.moves)
    goals.append(Goal(PLACES, places + 2 * moves, 1))
    return goals


def _over(model: RepairModel, name: str, expression: Expr, least: int, unit: int) -> Goal:
    """By how much an expression is over a value; less than that counts for nothing."""
    if isinstance(expression, int):
        return Goal(name, max(0, expression - least), unit)
    over = model.model.new_int_var(0, 10**9, f"over.{name}")
    model.model.add(over >= expression - least)
    return Goal(name, over, unit)


def _proposal(
    model: RepairModel, outcome: Outcome, stages: Sequence[StageResult], *, is_interrupted: bool
) -> Proposal:
    s = Solution(model, outcome.values)
    flights: list[Flight] = []
    n_open: dict[str, dict[str, int]] = {}
    dropped: list[str] = []
    for name, kept in model.kept.items():
        v = kept.visit
        if not s.value(v.is_present):
            if not kept.task.is_new:
                dropped.append(name)
            continue
        flight = _flown(kept.task, v, s)
        flights.append(flight)
        if v.origin == "docked" or flight.kind == "visiting" or not v.vehicle.is_crewed:
            continue
        if kept.task.takes_over:
            flights[-1] = replace(flight, kind="uncrewed", crew_up=(), backup=())
            continue
        staying = tuple(n for n in kept.task.flight.crew_up if s.value(kept.keeps[n])) if kept.keeps else ()
        flights[-1] = replace(flight, crew_up=staying)
        aboard = model.count_by_partner(staying)
        lacking = {p: n for p, x in v.up.items() if (n := s.value(x) - aboard.get(p, 0)) > 0}
        if lacking:
            n_open[name] = lacking
    flights.sort(key=lambda f: (f.launch_utc, f.name))
    return Proposal(
        outcome.status,
        tuple(flights),
        n_open,
        tuple(dropped),
        tuple(outcome.tiers),
        tuple(stages),
        {x.name: n for x, n in zip(model.model.proto.variables, outcome.values, strict=True) if x.name},
        is_interrupted=is_interrupted,
    )


def _flown(task: Task, v: Visit, s: Solution) -> Flight:
    """The flight with its instants, craft, pad and ports; as it was planned where nothing of it moved."""
    f, grain = task.flight, s.traffic.grain
    launch, dock, undock, landing = instants(v, s)
    moved = f
    if v.origin != "docked":
        same_day = not task.is_new and s.value(v.launch) == grain.day(f.launch_utc)
        if not same_day or f.dock_utc is None:
            moved = replace(moved, launch_utc=launch, dock_utc=dock)
        moved = replace(
            moved,
            craft=s.chosen(v.craft_of) or f.craft,
            pad=s.chosen(v.pad_of) or f.pad,
            port=s.chosen(v.port_of) or f.port,
        )
    if s.value(v.is_open):
        moved = replace(moved, undock_utc=None, landing_utc=None)
    elif f.undock_utc is None or s.value(v.undock) != grain.undock_day(f.undock_utc):
        moved = replace(moved, undock_utc=undock, landing_utc=landing)
    past = tuple(
        r for r in f.relocations if v.origin == "docked" and r.undock_utc < s.traffic.scenario.from_utc
    )
    again = at_ports(replace(moved, relocations=past), v, s)
    if len(again.relocations) == len(f.relocations) and all(
        grain.day(a.undock_utc) == grain.day(b.undock_utc) and a.to_port == b.to_port
        for a, b in zip(again.relocations, f.relocations, strict=True)
    ):
        again = replace(again, relocations=f.relocations)
    return again
