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
from itertools import islice

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
from crossflight.planner.cargo import Cargo, Demand, Frozen, counts_by_price, critical_days
from crossflight.planner.conflict import (
    Conflict,
    cargo_conflict,
    conflict,
    crew_traffic,
    people_conflict,
)
from crossflight.planner.constraints.consumables import look_closely
from crossflight.planner.objective import PORT_TERMS, blend_weights, goals, port_goals
from crossflight.planner.pencil import neighbourhoods
from crossflight.planner.people import Crews
from crossflight.planner.pins import Pins, widened
from crossflight.planner.placing import as_good_near, may_relocate, placed_near, unbroken, with_bounds
from crossflight.planner.seating import crews_of
from crossflight.planner.solve import (
    Budget,
    Goal,
    Outcome,
    Progress,
    Search,
    TierOutcome,
    evaluate,
    lexicographic,
    run,
    search,
)
from crossflight.planner.traffic import Traffic

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
_PENCIL_S_PER_YEAR = 0.4
# How often the crew traffic is found again because cargo would need more flights than it counted.
_SHARPENED_MAX = 3
_CARGO_S = 4.0
_CARGO_TRIES = 24
_CARGO_NEAR_S = 0.5
# Shares of the windows of cargo flights near which they are looked for, and how many days near.
_CARGO_NEAR = ((0.5, 30), (0.3, 45), (0.15, 60), None)
# Ports and relocations of a cargo schedule.
_PORTS_S = 3.0
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
        Alternative(best.plan, best.objective),
        planning.decided,
        planning.traffic,
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
        self.relaxed: Outcome | None = None
        self.close_days: list[int] = []
        self.decided: dict[str, int] = {}
        self.cargo_conflict: Conflict | None = None
        self.is_crew_proven = False
        self.may_relocate = may_relocate(self.scenario)

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
        cargo_outcome, cargo = self._cargo(crew)
        if cargo is None and has_other:
            # Cut short, the last traffic may leave cargo no room; the pencilled one seldom does.
            crew_outcome = self._as_pencilled(crew_outcome)
            crew = _solution(traffic, crew_outcome)
            self._begin_later_stages()
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
        """Coarse first; what it finds is looked for in the finer models, and its bounds hold there."""
        began = time.monotonic()
        room = crew_traffic(self.scenario, self.pins, is_coarse=True, has_ports=False)
        self.goals = goals(room)
        self.pencilled = self._pencil(room, self.goals)
        outcome = self._coarse(room)
        for has_ports in (False, True) if self.may_relocate else (True,):
            if not outcome.has_plan:
                break
            room, outcome = self._refined(room, outcome, has_ports=has_ports)
        self.is_crew_proven = outcome.status == "optimal"
        self._stage("crew", outcome, began)
        return room, outcome

    def _coarse(self, room: Traffic) -> Outcome:
        """The bounds of the coarse model, and the best of it with a craft of each line always there."""
        found = self._minimised(room, self.pencilled, (), is_hinted=False)
        for _ in range(_SHARPENED_MAX):
            if not found.has_plan or not self._sharpened(room, found.values):
                break
            start = self._counted_again(room, found.values)
            self.pencilled = self._counted_again(room, self.pencilled)
            if start and _values_of(self.goals, start) == [t.value for t in found.tiers]:
                found = replace(found, values=start)
                break
            found = self._minimised(room, start, found.tiers, is_hinted=False)
        if not found.has_plan:
            return found
        self.relaxed = found
        kept = self._minimised(room, [], found.tiers, is_hinted=False, model=unbroken(room))
        return with_bounds(kept, found, room, self.goals) if kept.has_plan else found

    def traffic(self, *, has_ports: bool = True) -> Traffic:
        """The crew traffic model anew, with the same days looked at closely."""
        traffic = crew_traffic(self.scenario, self.pins, has_ports=has_ports)
        for day in self.close_days:
            look_closely(traffic, day)
        return traffic

    def _minimised(
        self,
        traffic: Traffic,
        start: list[int],
        known: Sequence[TierOutcome],
        *,
        is_hinted: bool = True,
        model: cp_model.CpModel | None = None,
    ) -> Outcome:
        return lexicographic(
            traffic.model.clone() if model is None else model,
            self.goals,
            self.budget,
            "crew",
            self.progress,
            self.time_limit_s * _DETERMINISTIC_PER_WALL,
            start,
            traffic.n_flights(),
            known,
            is_hinted=is_hinted,
        )

    def _refined(self, room: Traffic, found: Outcome, *, has_ports: bool) -> tuple[Traffic, Outcome]:
        """The traffic found in a relaxation, in the finer model; what it lacks there is searched."""
        traffic = self.traffic(has_ports=has_ports)
        self.goals = goals(traffic)

        def placed(values: Sequence[int]) -> Outcome:
            return placed_near(traffic, room, values, self.goals, self.budget, self.progress)

        refined = placed(found.values)
        bounds = found.tiers
        if refined.has_plan:
            refined = with_bounds(refined, found, traffic, self.goals)
        if refined.status != "optimal" and self.relaxed is not None:
            limit_s = self.time_limit_s * _DETERMINISTIC_PER_WALL * 0.3
            near = as_good_near(traffic, room, self.relaxed, self.goals, self.budget, self.progress, limit_s)
            if near.has_plan:
                bounds = self.relaxed.tiers
                refined = with_bounds(near, self.relaxed, traffic, self.goals)
        if refined.status != "optimal":
            refined = self._minimised(traffic, refined.values or self._pencil(traffic, self.goals), bounds)
        self.relaxed = None
        if refined.has_plan and refined.status != "optimal" and self.pencilled:
            self.pencilled = placed(self.pencilled).values
        return traffic, refined

    def _as_pencilled(self, found: Outcome) -> Outcome:
        """The pencilled traffic with its own values, beside the bounds that the search has proven."""
        values = _values_of(self.goals, self.pencilled)
        tiers = [
            TierOutcome(tier.name, value, min(tier.bound, value), is_optimal=False)
            for tier, value in zip(found.tiers, values, strict=True)
        ]
        return Outcome("feasible", self.pencilled, tiers)

    def _pencil(self, traffic: Traffic, tiers: list[Goal]) -> list[int]:
        """A solution near the pencilled plan, good in all tiers at once; empty if there is none."""
        total = sum(w * g.expression for w, g in zip(blend_weights(tiers), tiers, strict=True))
        blend = Goal("a first plan", total, 1)
        self.progress("crew", blend.name, None, None)
        for near in neighbourhoods(traffic):
            _, solver = search(
                near, blend, self.budget, "crew", _silent, self._pencil_s(), workers=_PENCIL_WORKERS
            )
            if found := list(solver.response_proto.solution):
                return found
        return []

    def _sharpened(self, traffic: Traffic, values: list[int]) -> bool:
        """Let the model look closely at the days that decide the cargo of a solution; whether it did."""
        if not traffic.n_cargo_added:
            return False
        crew = assembling.Solution(traffic, values)
        nominal = sum(self.scenario.station.n_crew_nominal.values())
        usual = [float(nominal * day) for day in range(traffic.grain.n_days + 1)]
        demands, likely = self._demands(crew, assembling.person_days(crew)), self._demands(crew, usual)
        days = [d for d in critical_days(traffic, demands, likely) if d not in self.close_days]
        for day in days:
            look_closely(traffic, day)
        self.close_days += days
        return bool(days)

    def _counted_again(self, traffic: Traffic, values: list[int]) -> list[int]:
        """The same crew traffic with the fewest cargo flights, in a model that looks more closely."""
        if not values:
            return []
        cargo = {x.index for x in traffic.n_cargo_added.values() if isinstance(x, cp_model.IntVar)}
        cargo |= {x.index for docked in traffic.n_docked_by.values() for x in docked.values()}
        same = traffic.model.clone()
        for i, value in enumerate(values):
            if i not in cargo:
                same.add(same.get_int_var_from_proto_index(i) == value)
        same.minimize(sum(traffic.types[n].price * count for n, count in traffic.n_cargo_added.items()))
        [(_, solver)] = run([Search(same, 1, _PENCIL_S)], self.budget, lambda *_: None)
        return list(solver.response_proto.solution)

    def _demands(self, crew: assembling.Solution, person_days: list[float]) -> list[Demand]:
        commodities = self.scenario.commodities if crew.traffic.binds("consumables") else ()
        return [Demand(crew.traffic, c, person_days) for c in commodities]

    def _pencil_s(self) -> float:
        """Deterministic seconds for a first plan: longer horizons need longer."""
        return _PENCIL_S_PER_YEAR * self.scenario.to_utc.days_since(self.scenario.from_utc) / 365.25

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
        demands = self._demands(crew, assembling.person_days(crew))
        least = _cargo_counted(crew)
        bound, found = math.inf, None
        for price, counts in islice(counts_by_price(crew.traffic, demands, least), _CARGO_TRIES):
            self.progress("cargo", "cargo price", None, price)
            for near in _CARGO_NEAR:
                cargo = Cargo(self.scenario, frozen, counts, demands, self.pins, near)
                cargo.build()
                limit_s = _CARGO_S if near is None else _CARGO_NEAR_S
                [(status, solver)] = run([Search(cargo.model, 1, limit_s)], self.budget, lambda *_: None)
                if values := list(solver.response_proto.solution):
                    found = price, cargo, values
                if found or self.budget.is_interrupted or self.budget.left_s < limit_s:
                    break
            if status != cp_model.INFEASIBLE:
                bound = min(bound, price)
            if found or self.budget.is_interrupted or self.budget.left_s < _CARGO_S:
                break
        if found is None:

            def model_of(pins: Pins) -> cp_model.CpModel:
                cargo = Cargo(self.scenario, frozen, counts, demands, pins)
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
        if ports and self.is_crew_proven:
            # With the same crew days there is nothing better: it would have been a better crew traffic.
            ports[0] = replace(ports[0], least=crew.value(port_goals(crew.traffic)[0].expression))
        if not ports:
            return values
        limit_s = _PORTS_S * _DETERMINISTIC_PER_WALL
        model = cargo.model.clone()
        return lexicographic(model, ports, self.budget, "cargo", self.progress, limit_s, values).values

    def _people(self, crew: assembling.Solution) -> tuple[Crews | None, str]:
        """Fill the seats and the courses."""
        limit_s = _LATER_STAGE_S * _DETERMINISTIC_PER_WALL
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


def _values_of(goals: list[Goal], values: list[int]) -> list[float]:
    return [evaluate(g.expression, values) / g.scale for g in goals]


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
