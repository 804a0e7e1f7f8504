"""The planner: crew traffic, cargo, people; the only room that knows a solver.

:func:`plan` decides days with CP-SAT in three stages and returns a plan with the value and the
proven bound of every tier.  It shares no code with the checker: what it returns is believed only
when ``rules.check`` has accepted it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

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
from crossflight.planner.cargo import Cargo, Frozen, counts_by_price
from crossflight.planner.conflict import (
    Conflict,
    cargo_conflict,
    conflict,
    people_conflict,
)
from crossflight.planner.crew import DETERMINISTIC_PER_WALL, CrewStage, demands_of
from crossflight.planner.objective import PORT_TERMS, port_goals
from crossflight.planner.people import Crews
from crossflight.planner.pins import Pins, widened
from crossflight.planner.seating import crews_of
from crossflight.planner.solve import (
    Budget,
    Outcome,
    Progress,
    Search,
    TierOutcome,
    lexicographic,
    one_interrupt,
    run,
    silent,
)
from crossflight.planner.traffic import Traffic

__all__ = ["Alternative", "Alternatives", "Conflict", "PlannerResult", "Tolerance", "Wanted", "plan"]

_LIMIT_S = 60.0
_LATER_STAGE_S = 20.0
# The deterministic limits end an alternative long before, unless the machine is busy.
_ALTERNATIVE_S = 120.0
_CREW_SHARE = 0.8
# Rules for which the planner weighs a waiver; any other waivable rule it keeps.
_WAIVED_BY_PLANNER = ("on_orbit_life", "operator_n1")
_PENCIL_S = 1.0
_CARGO_S = 4.0
_CARGO_TRIES = 24
_CARGO_NEAR_S = 0.5
# For a cheaper schedule than one that is there already.
_CARGO_CHEAPER_S = 1.0
# Shares of the windows of cargo flights near which they are looked for, and how many days near.
_CARGO_NEAR = ((0.5, 30), (0.3, 45), (0.15, 60))
# Which numbers of flights, by price, are tried for a schedule at all.
_CARGO_STEPS = (0, 1, 3, 6, 12, 23)
# Ports and relocations of a cargo schedule.
_PORTS_S = 3.0


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


def plan(
    scenario: Scenario,
    *,
    time_limit_s: float = _LIMIT_S,
    workers: int = 5,
    seed: int = 1,
    pins: Sequence[Pin] = (),
    wanted: Wanted | None = None,
    progress: Progress = silent,
) -> PlannerResult:
    """Plan the whole horizon of `scenario`.

    Parameters
    ----------
    scenario
        What is known and wanted.
    time_limit_s
        Wall seconds; the deterministic limits are set from it.  Bounds of open tiers get up to 4 s,
        cargo and people (for each crew traffic that they are tried with) up to 20 s
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
    with one_interrupt(budget):
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
        Alternative(best.plan, best.objective),
        planning.decided,
        planning.crew.traffic,
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
        self.decided: dict[str, int] = {}
        self.cargo_conflict: Conflict | None = None
        self.crew = CrewStage(self.scenario, self.pins, budget, progress, self.time_limit_s)

    def result(self) -> PlannerResult:
        if beyond := _beyond(self.scenario):
            return PlannerResult(None, "unknown", (), (), self._wall_s(), beyond)
        began = time.monotonic()
        traffic, crew_outcome = self.crew.result()
        self._stage("crew", crew_outcome, began)
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
        none = None
        # The best traffic may leave cargo no room or ask for people there are not; a simpler one seldom does.
        for outcome in chain((crew_outcome,), self.crew.simpler(traffic, crew_outcome)):
            done = self._with_cargo_and_people(traffic, outcome)
            if done.plan is not None:
                return replace(done, is_interrupted=interrupted or self.budget.is_interrupted)
            none = none or done
            if done.conflict is not None or self._begin_later_stages():
                break
        assert none is not None
        return replace(none, stages=tuple(self.stages), wall_s=self._wall_s())

    def _with_cargo_and_people(self, traffic: Traffic, crew_outcome: Outcome) -> PlannerResult:
        crew = _solution(traffic, crew_outcome)
        cargo_outcome, cargo = self._cargo(crew)
        if cargo is None:
            none = self._none(
                _only_crew_tried(cargo_outcome.status), "the cargo stage, with the crew traffic decided"
            )
            return replace(none, conflict=self.cargo_conflict)
        crews, people_status = self._people(crew)
        if crews is None:
            none = self._none(
                _only_crew_tried(people_status), f"the {self.stages[-1].name} stage, with the traffic decided"
            )
            why = people_conflict(self.scenario, assembling.crew_flights(crew), self.pins, self.budget)
            return replace(none, conflict=why)
        variables = traffic.model.proto.variables
        self.decided = {v.name: x for v, x in zip(variables, crew_outcome.values, strict=True)}
        found = assembling.assemble(crew, cargo, crews)
        tiers = self._tiers(crew, crew_outcome.tiers, cargo)
        is_proven = crew_outcome.status == "optimal" and all(t.value - t.bound < 1e-6 for t in tiers)
        status = "optimal" if is_proven else "feasible"
        return PlannerResult(found, status, tiers, tuple(self.stages), self._wall_s(), "")

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

    def _cargo(self, crew: assembling.Solution) -> tuple[Outcome, assembling.Solution | None]:
        began = time.monotonic()
        frozen = {}
        for v in crew.present():
            if v.known is None or v.vehicle.is_crewed:
                frozen[v.name] = Frozen(
                    crew.value(v.launch),
                    crew.value(v.undock),
                    crew.chosen(v.pad_of),
                    crew.value(v.waived_life_days),
                    sum(crew.value(move.is_made) for move in v.moves),
                )
        demands = demands_of(crew, assembling.person_days(crew))
        tried = list(islice(counts_by_price(crew.traffic, demands, _cargo_counted(crew)), _CARGO_TRIES))
        open_prices = [price for price, _ in tried]
        found: tuple[float, Cargo, list[int]] | None = None
        first = len(tried)

        def scheduled(i: int, near: tuple[float, int] | None) -> tuple[float, Cargo, list[int]] | None:
            price, counts = tried[i]
            cargo = Cargo(self.scenario, frozen, counts, demands, self.pins, near)
            cargo.build()
            limit_s = _CARGO_NEAR_S if near else _CARGO_CHEAPER_S if found else _CARGO_S
            [(status, solver)] = run([Search(cargo.model, 1, limit_s)], self.budget, lambda *_: None)
            if near is None and status == cp_model.INFEASIBLE:
                open_prices[i] = math.inf
            values = list(solver.response_proto.solution)
            return (price, cargo, values) if values else None

        # First a schedule at all, dearer in growing steps; then a cheaper one, with more time for each.
        quick = [(i, near) for i in _CARGO_STEPS if i < len(tried) for near in _CARGO_NEAR]
        slow = [(i, None) for i in range(len(tried))]
        for i, near in (*quick, *slow):
            if i >= first:
                continue
            if self.budget.is_interrupted or (found and self.budget.left_s < _LATER_STAGE_S / 2):
                break
            self.progress("cargo", "cargo price", None, tried[i][0])
            if better := scheduled(i, near):
                found, first = better, i
        bound = min(open_prices[: first + 1], default=math.inf)
        if found is None:

            def model_of(pins: Pins) -> cp_model.CpModel:
                cargo = Cargo(self.scenario, frozen, tried[-1][1] if tried else {}, demands, pins)
                cargo.build()
                return cargo.model

            self.cargo_conflict = cargo_conflict(model_of, self.scenario, self.pins, self.budget)
            outcome = Outcome("unknown", [], [])
            self._stage("cargo", outcome, began)
            return outcome, None
        price, cargo, values = found
        values = self._best_ports(crew, cargo, values)
        [(_, solver)] = run(
            [Search(cargo.only_undockings(values), 1, _PENCIL_S)], self.budget, lambda *_: None
        )
        values = list(solver.response_proto.solution) or values
        tier = TierOutcome("cargo price", price, min(bound, price), is_optimal=bound >= price)
        outcome = Outcome("optimal" if tier.is_optimal else "feasible", values, [tier])
        self.progress("cargo", tier.name, tier.value, tier.bound)
        self._stage("cargo", outcome, began)
        return outcome, _solution(cargo, outcome)

    def _best_ports(self, crew: assembling.Solution, cargo: Cargo, values: list[int]) -> list[int]:
        """A cargo schedule made better in what ports decide: relocations, waits for weather."""
        ports = port_goals(cargo)
        if ports and self.crew.is_proven:
            # With the same crew days there is nothing better: it would have been a better crew traffic.
            ports[0] = replace(ports[0], least=crew.value(port_goals(crew.traffic)[0].expression))
        if not ports:
            return values
        limit_s = _PORTS_S * DETERMINISTIC_PER_WALL
        model = cargo.model.clone()
        return lexicographic(model, ports, self.budget, "cargo", self.progress, limit_s, values).values

    def _people(self, crew: assembling.Solution) -> tuple[Crews | None, str]:
        """Fill the seats and the courses."""
        limit_s = _LATER_STAGE_S * DETERMINISTIC_PER_WALL
        flights = assembling.crew_flights(crew)
        crews, stages = crews_of(self.scenario, flights, self.budget, self.progress, limit_s)
        self.stages += stages
        return crews, stages[-1].status

    def _tiers(
        self, crew: assembling.Solution, tiers: list[TierOutcome], cargo: assembling.Solution
    ) -> tuple[TierResult, ...]:
        """The tiers with what cargo really costs instead of its aggregate."""
        counted = _cargo_counted(crew)
        paid = sum(
            v.vehicle.price for v in cargo.present() if v.origin == "added" and not v.vehicle.is_crewed
        )
        results = []
        for tier, outcome in zip(self.scenario.objective, tiers, strict=True):
            more = tier.terms.get("flight_price", 0.0) * (paid - counted)
            for term in PORT_TERMS:
                weight = tier.terms.get(term, 0.0)
                more += weight * (_total(cargo, term) - _total(crew, term)) if weight else 0.0
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


def _cargo_counted(crew: assembling.Solution) -> float:
    """What the crew stage has counted for cargo flights."""
    return sum(crew.traffic.types[n].price * crew.value(x) for n, x in crew.traffic.n_cargo_added.items())


def _total(s: assembling.Solution, term: str) -> int:
    return sum(s.value(part) for part in s.traffic.terms.get(term, []))


def _only_crew_tried(status: str) -> str:
    """A later stage without a solution says nothing about other crew traffic."""
    return "unknown" if status == "infeasible" else status
