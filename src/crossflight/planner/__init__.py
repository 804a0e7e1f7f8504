"""The planner: crew traffic, cargo, people; the only room that knows a solver.

:func:`plan` decides days with CP-SAT in three stages and returns a plan with the value and the
proven bound of every tier.  It shares no code with the checker: what it returns is believed only
when ``rules.check`` has accepted it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from crossflight.model import Pin, Plan, Scenario, StageResult, TierResult
from crossflight.planner import assemble as assembling
from crossflight.planner.alternatives import (
    Alternative,
    Alternatives,
    Completed,
    Tolerance,
    Wanted,
    alternatives,
)
from crossflight.planner.cargo import Cargo, Frozen
from crossflight.planner.conflict import Conflict, conflict, crew_traffic, people_conflict
from crossflight.planner.objective import blend_weights, goals
from crossflight.planner.pencil import neighbourhood
from crossflight.planner.people import Crews
from crossflight.planner.pins import Pins, widened
from crossflight.planner.solve import (
    Budget,
    Goal,
    Outcome,
    Progress,
    TierOutcome,
    evaluate,
    lexicographic,
    search,
)
from crossflight.planner.traffic import Traffic
from crossflight.planner.training import crews_of

__all__ = ["Alternative", "Alternatives", "Conflict", "PlannerResult", "Tolerance", "Wanted", "plan"]

_LIMIT_S = 60.0
_LATER_STAGE_S = 20.0
# The deterministic limits end an alternative long before, unless the machine is busy.
_ALTERNATIVE_S = 120.0
_CREW_SHARE = 0.9
# Rules for which the planner weighs a waiver; any other waivable rule it keeps.
_WAIVED_BY_PLANNER = ("on_orbit_life", "operator_n1")
# CP-SAT's deterministic second is several wall seconds here; the wall limit must not bind first.
_DETERMINISTIC_PER_WALL = 0.25
_PENCIL_S = 1.0
_CARGO_S = 8.0
_PENCIL_WORKERS = 2


@dataclass(frozen=True, slots=True)
class PlannerResult:
    """What the planner found.

    `status` is optimal only when every tier is proven; `message` says in a sentence why there is
    no plan, or why it is not proven.
    """

    plan: Plan | None
    status: str
    objective: tuple[TierResult, ...]
    stages: tuple[StageResult, ...]
    wall_s: float
    message: str
    is_interrupted: bool = False
    conflict: Conflict | None = None
    alternatives: Alternatives | None = None

    @property
    def gap(self) -> float:
        """Largest relative gap of any tier."""
        return max((t.gap for t in self.objective), default=0.0)


def _silent(stage: str, tier: str, incumbent: float | None, bound: float | None) -> None:
    pass


def plan(
    scenario: Scenario,
    *,
    time_limit_s: float = _LIMIT_S,
    workers: int = 5,
    seed: int = 1,
    pins: Sequence[Pin] = (),
    wanted: Wanted | None = None,
    progress: Progress = _silent,
) -> PlannerResult:
    """Plan the whole horizon of `scenario`.

    Parameters
    ----------
    scenario
        What is known and wanted.
    time_limit_s
        Wall seconds; the deterministic limits are set from it.  Cargo and people get up to 20 s
        more, so that there is a whole plan to show.
    workers, seed
        CP-SAT's search; the same values give the same plan on the same version.
    pins
        What of an earlier plan to keep.
    wanted
        How many plans, the best among them; each further one may take a few times as long
        as the later stages.
    progress
        Called with stage, tier, incumbent and bound.
    """
    budget = Budget(time_limit_s, workers, seed, time.monotonic())
    planning = _Planning(scenario, budget, progress, pins)
    best = planning.result()
    if wanted is None or best.plan is None or best.is_interrupted:
        return best

    def budget_of(wall_s: float) -> Budget:
        return Budget(wall_s, workers, seed, time.monotonic())

    def complete(traffic: Traffic, outcome: Outcome) -> Completed:
        done = _Planning(scenario, budget_of(_ALTERNATIVE_S), progress, pins).completed(traffic, outcome)
        return Completed(done.plan, done.objective, done.is_interrupted, done.message)

    also = alternatives(
        planning.scenario,
        planning.pins,
        Alternative(best.plan, best.objective),
        planning.crew_values,
        wanted,
        lambda: budget_of(_ALTERNATIVE_S),
        complete,
        progress,
    )
    return replace(best, alternatives=also, is_interrupted=also.is_interrupted)


class _Planning:
    def __init__(
        self, scenario: Scenario, budget: Budget, progress: Progress, pins: Sequence[Pin] = ()
    ) -> None:
        self.scenario = widened(scenario, pins)
        self.pins = Pins(scenario, pins)
        self.time_limit_s = budget.wall_s
        self.budget = budget
        budget.wall_s *= _CREW_SHARE
        self.progress = progress
        self.stages: list[StageResult] = []
        self.goals: list[Goal] = []
        self.pencilled: list[int] = []
        self.crew_values: list[int] = []

    def result(self) -> PlannerResult:
        if beyond := _beyond(self.scenario):
            return PlannerResult(None, "unknown", (), (), self._wall_s(), beyond)
        traffic, crew_outcome = self._crew()
        if not crew_outcome.has_plan:
            none = self._none(crew_outcome.status, "the crew traffic")
            if crew_outcome.status == "infeasible" and self.pins.pins:
                self._begin_later_stages()
                why = conflict(self.scenario, self.pins.pins, self.budget)
                return replace(none, conflict=why, wall_s=self._wall_s())
            return none
        return self.completed(traffic, crew_outcome)

    def completed(self, traffic: Traffic, crew_outcome: Outcome) -> PlannerResult:
        """The plan of a crew traffic: the later stages decide the rest."""
        interrupted = self._begin_later_stages()
        crew = _solution(traffic, crew_outcome)
        has_other = crew_outcome.status != "optimal" and bool(self.pencilled)
        cargo_outcome, cargo = self._cargo(crew, is_thorough=not has_other)
        if cargo is None and has_other:
            # Cut short, the last traffic may leave cargo no room; the pencilled one seldom does.
            crew_outcome = self._as_pencilled(crew_outcome)
            crew = _solution(traffic, crew_outcome)
            self._begin_later_stages()
            cargo_outcome, cargo = self._cargo(crew, is_thorough=True)
        if cargo is None:
            return self._none(
                _only_crew_tried(cargo_outcome.status), "the cargo stage, with the crew traffic decided"
            )
        crews, people_status = self._people(crew)
        if crews is None:
            none = self._none(
                _only_crew_tried(people_status), f"the {self.stages[-1].name} stage, with the traffic decided"
            )
            why = people_conflict(self.scenario, assembling.crew_flights(crew), self.pins, self.budget)
            return replace(none, conflict=why)
        self.crew_values = crew_outcome.values
        found = assembling.assemble(crew, cargo, crews)
        tiers = self._tiers(crew, crew_outcome.tiers, cargo)
        is_proven = crew_outcome.status == "optimal" and all(t.value - t.bound < 1e-6 for t in tiers)
        status = "optimal" if is_proven else "feasible"
        return PlannerResult(
            found,
            status,
            tiers,
            tuple(self.stages),
            self._wall_s(),
            "",
            interrupted or self.budget.is_interrupted,
        )

    def _begin_later_stages(self) -> bool:
        """Give the later stages time, even after Ctrl-C, so that there is a whole plan to show."""
        interrupted, self.budget.is_interrupted = self.budget.is_interrupted, False
        self.budget.wall_s = max(self.time_limit_s, self._wall_s() + _LATER_STAGE_S)
        return interrupted

    def _wall_s(self) -> float:
        return time.monotonic() - self.budget.started

    def _none(self, status: str, where: str) -> PlannerResult:
        hardened = [
            rule
            for rule, setting in self.scenario.rules.items()
            if setting.severity == "waivable" and rule not in _WAIVED_BY_PLANNER
        ]
        if status == "infeasible" and hardened:
            # Built as hard, so without a waiver there is no solution; with one there may be.
            status, where = "unknown", f"{where}, keeping {', '.join(hardened)} without a waiver,"
        if self.pins.pins:
            where += ", with the pins kept,"
        said = "has no solution" if status == "infeasible" else "found none within its limits"
        return PlannerResult(
            None,
            status,
            (),
            tuple(self.stages),
            self._wall_s(),
            f"{where} {said}",
            self.budget.is_interrupted,
        )

    def _stage(self, name: str, outcome: Outcome, began: float) -> None:
        self.stages.append(StageResult(name, outcome.status, round(time.monotonic() - began, 3)))

    def _crew(self) -> tuple[Traffic, Outcome]:
        began = time.monotonic()
        traffic = crew_traffic(self.scenario, self.pins)
        tiers = goals(traffic)

        self.goals, self.pencilled = tiers, self._pencil(traffic, tiers)
        outcome = lexicographic(
            traffic.model,
            tiers,
            self.budget,
            "crew",
            self.progress,
            self.time_limit_s * _DETERMINISTIC_PER_WALL,
            self.pencilled,
        )
        self._stage("crew", outcome, began)
        return traffic, outcome

    def _as_pencilled(self, found: Outcome) -> Outcome:
        """The pencilled traffic with its own values, beside the bounds that the search has proven."""
        tiers = []
        for goal, tier in zip(self.goals, found.tiers, strict=True):
            value = evaluate(goal.expression, self.pencilled) / goal.scale
            tiers.append(TierOutcome(tier.name, value, min(tier.bound, value), is_optimal=False))
        return Outcome("feasible", self.pencilled, tiers)

    def _pencil(self, traffic: Traffic, tiers: list[Goal]) -> list[int]:
        """A solution near the pencilled plan, good in all tiers at once; empty if there is none."""
        total = sum(w * g.expression for w, g in zip(blend_weights(tiers), tiers, strict=True))
        blend = Goal("a first plan", total, 1)
        self.progress("crew", blend.name, None, None)
        _, solver = search(
            neighbourhood(traffic), blend, self.budget, "crew", _silent, _PENCIL_S, workers=_PENCIL_WORKERS
        )
        return list(solver.response_proto.solution)

    def _cargo(
        self, crew: assembling.Solution, *, is_thorough: bool
    ) -> tuple[Outcome, assembling.Solution | None]:
        began = time.monotonic()
        frozen = {}
        for v in crew.present():
            if v.known is None:
                frozen[v.name] = Frozen(crew.value(v.launch), crew.value(v.undock), crew.chosen(v.pad_of))
            elif v.vehicle.is_crewed:
                launch = crew.traffic.grain.day(v.known.launch_utc)
                frozen[v.name] = Frozen(launch, crew.value(v.undock), None)
        counts = {n: crew.value(x) for n, x in crew.traffic.n_cargo_added.items()}
        cargo = Cargo(self.scenario, frozen, assembling.person_days(crew), counts, self.pins)
        goal = cargo.build()
        start: list[int] = []
        for near in cargo.neighbourhoods():
            _, solver = search(near, goal, self.budget, "cargo", _silent, _CARGO_S, workers=1)
            if start := list(solver.response_proto.solution):
                break
        if not start and not is_thorough:
            return Outcome("unknown", [], []), None
        outcome = self._later(cargo.model, [goal], "cargo", start)
        self._stage("cargo", outcome, began)
        if outcome.has_plan:
            _, solver = search(
                cargo.only_undockings(outcome.values),
                cargo.stays(),
                self.budget,
                "cargo",
                _silent,
                _PENCIL_S,
                workers=1,
            )
            outcome.values = list(solver.response_proto.solution) or outcome.values
        return outcome, (_solution(cargo, outcome) if outcome.has_plan else None)

    def _people(self, crew: assembling.Solution) -> tuple[Crews | None, str]:
        """Fill the seats and the courses."""
        limit_s = _LATER_STAGE_S * _DETERMINISTIC_PER_WALL
        flights = assembling.crew_flights(crew)
        crews, stages = crews_of(self.scenario, flights, self.budget, self.progress, limit_s)
        self.stages += stages
        return crews, stages[-1].status

    def _later(self, model: cp_model.CpModel, goals: list[Goal], name: str, start: list[int]) -> Outcome:
        """Solve a later stage."""
        limit_s = _LATER_STAGE_S * _DETERMINISTIC_PER_WALL
        return lexicographic(model, goals, self.budget, name, self.progress, limit_s, start)

    def _tiers(
        self, crew: assembling.Solution, tiers: list[TierOutcome], cargo: assembling.Solution
    ) -> tuple[TierResult, ...]:
        """The tiers with what cargo really costs instead of its aggregate."""
        counted = sum(
            crew.traffic.types[n].price * crew.value(x) for n, x in crew.traffic.n_cargo_added.items()
        )
        paid = sum(
            v.vehicle.price for v in cargo.present() if v.origin == "added" and not v.vehicle.is_crewed
        )
        results = []
        for tier, outcome in zip(self.scenario.objective, tiers, strict=True):
            more = tier.terms.get("flight_price", 0.0) * (paid - counted)
            results.append(TierResult(outcome.name, outcome.value + more, outcome.bound))
        return tuple(results)


def _beyond(scenario: Scenario) -> str:
    """What of the scenario the planner cannot plan with, in a sentence; empty if nothing."""
    for segment in scenario.station.segments:
        if segment.n_operators_min > 1:
            return (
                f"the planner counts one operator a segment; {segment.name} needs {segment.n_operators_min}"
            )
    docked = {d.flight.craft: d.flight.name for d in scenario.docked if d.flight.crew_up}
    for craft in scenario.craft:
        if craft.unusable_from_utc is not None and craft.name in docked:
            return f"the planner cannot yet move the crew of {docked[craft.name]} out of an unusable craft"
    return ""


def _solution(traffic: Traffic, outcome: Outcome) -> assembling.Solution:
    return assembling.Solution(traffic, outcome.values)


def _only_crew_tried(status: str) -> str:
    """A later stage without a solution says nothing about other crew traffic."""
    return "unknown" if status == "infeasible" else status
