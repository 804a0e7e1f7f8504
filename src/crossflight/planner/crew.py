"""The crew stage: crew traffic, from a coarse model to one with ports and watches.

The coarse model asks for room instead of ports and counts cover by sums; it is small, and what it
proves is a bound for the finer ones.  Its solution is then looked for in them: its days as they
are, days near them, and only if that is not as good, anywhere.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ortools.sat.python import cp_model

from crossflight.model import Scenario
from crossflight.planner import assemble as assembling
from crossflight.planner.cargo import Demand, critical_days
from crossflight.planner.conflict import crew_traffic
from crossflight.planner.constraints.consumables import look_closely
from crossflight.planner.objective import blend_weights, goals
from crossflight.planner.pencil import neighbourhoods
from crossflight.planner.pins import Pins
from crossflight.planner.placing import as_good_near, may_relocate, placed_near, unbroken, with_bounds
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
    silent,
)
from crossflight.planner.traffic import Traffic

# CP-SAT's deterministic second is several wall seconds here; the wall limit must not bind first.
DETERMINISTIC_PER_WALL = 0.25
_PENCIL_S_PER_YEAR = 0.4
_PENCIL_WORKERS = 2
_COUNT_S = 1.0
_NEAR_SHARE = 0.3
_BOUND_S = 4.0
_ANYWAY_S = 5.0
# How often the crew traffic is found again because cargo would need more flights than it counted.
_SHARPENED_MAX = 3


class CrewStage:
    """Finds the crew traffic of a scenario.

    Attributes
    ----------
    goals
        The tiers, in the model last built.
    others
        Other solutions of that model, the best first: where cargo finds no room beside the one found.
    is_proven
        Whether every tier is.
    """

    def __init__(
        self, scenario: Scenario, pins: Pins, budget: Budget, progress: Progress, time_limit_s: float
    ) -> None:
        self.scenario, self.pins, self.budget, self.progress = scenario, pins, budget, progress
        self.goals: list[Goal] = []
        self.others: list[list[int]] = []
        self.is_proven = False
        self.close_days: list[int] = []
        self.relaxed: Outcome | None = None
        self.known: list[TierOutcome] = []
        self._limit_s = time_limit_s * DETERMINISTIC_PER_WALL

    def result(self) -> tuple[Traffic, Outcome]:
        """Coarse first; what it finds is looked for in the finer models, and its bounds hold there."""
        room = crew_traffic(self.scenario, self.pins, is_coarse=True, has_ports=False)
        self.goals = goals(room)
        self.others = [values for values in (self._pencil(room, self.goals),) if values]
        outcome, coarse = self._coarse(room), room
        for has_ports in (False, True) if may_relocate(self.scenario) else (True,):
            if not outcome.has_plan:
                break
            room, outcome = self._refined(room, outcome, has_ports=has_ports)
        if outcome.has_plan and outcome.status != "optimal":
            outcome = self._bounded(coarse, outcome)
        self.is_proven = outcome.status == "optimal"
        return room, outcome

    def _coarse(self, room: Traffic) -> Outcome:
        """The bounds of the coarse model, and the best of it with a craft of each line always there."""
        found = self._minimised(room, self.others[0] if self.others else [], (), is_hinted=False)
        for _ in range(_SHARPENED_MAX):
            if not found.has_plan or self.budget.is_interrupted or not self._sharpened(room, found.values):
                break
            start = self._counted_again(room, found.values)
            if start and _values_of(self.goals, start) == _order(found):
                found = replace(found, values=start)
                break
            sharper = self._minimised(room, start, found.tiers, is_hinted=False)
            if not sharper.has_plan:
                break
            found = sharper
        if not found.has_plan:
            return found
        self.relaxed, self.known = found, found.tiers
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
            self._limit_s,
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
        if refined.has_plan:
            refined = with_bounds(refined, found, traffic, self.goals)
        self.others = [values for x in self.others if (values := placed(x).values)]
        bounds = found.tiers
        if refined.status != "optimal" and self.relaxed is not None:
            bounds = self.relaxed.tiers
            limit_s = self._limit_s * _NEAR_SHARE
            near = as_good_near(traffic, room, self.relaxed, self.goals, self.budget, self.progress, limit_s)
            if near.has_plan and (not refined.has_plan or _order(near) < _order(refined)):
                self.others = [refined.values, *self.others] if refined.has_plan else self.others
                refined = with_bounds(near, self.relaxed, traffic, self.goals)
        self.relaxed = None
        if refined.status != "optimal":
            self.others = [refined.values, *self.others] if refined.has_plan else self.others
            start = self.others[0] if self.others else self._pencilled_anyway(traffic)
            refined = self._minimised(traffic, start, bounds)
        return traffic, refined

    def _bounded(self, coarse: Traffic, found: Outcome) -> Outcome:
        """`found` with what the coarse model proves of its open tiers, those before held at their values.

        While those are no worse than in the coarse model, its bounds are there already.
        """
        self.budget.wall_s = max(self.budget.wall_s, time.monotonic() - self.budget.started + _BOUND_S)
        model, tiers, is_same = coarse.model.clone(), list[TierOutcome](), True
        for goal, tier, known in zip(goals(coarse), found.tiers, self.known, strict=True):
            bound = tier.bound
            if not is_same and bound < tier.value and not self.budget.is_interrupted:
                status, solver = search(model, goal, self.budget, "crew", silent, self._limit_s, workers=1)
                if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                    proven = math.ceil(solver.best_objective_bound - 1e-6) / goal.scale
                    bound = min(max(bound, proven), tier.value)
            model.add(goal.expression <= round(tier.value * goal.scale))
            is_same = is_same and tier.value <= known.value
            tiers.append(replace(tier, bound=bound, is_optimal=bound == tier.value))
            self.progress("crew", tier.name, tier.value, bound)
        return Outcome("optimal" if all(t.is_optimal for t in tiers) else "feasible", found.values, tiers)

    def simpler(self, traffic: Traffic, found: Outcome) -> Iterator[Outcome]:
        """Simpler traffic than what was found, with its own values, beside the bounds proven."""
        for values in self.others:
            tiers = [
                TierOutcome(tier.name, value, -math.inf, is_optimal=False)
                for tier, value in zip(found.tiers, _values_of(self.goals, values), strict=True)
            ]
            simple = with_bounds(Outcome("feasible", values, tiers), found, traffic, self.goals)
            yield replace(simple, status="feasible")

    def _pencilled_anyway(self, traffic: Traffic) -> list[int]:
        """The pencilled plan of the finer model, even after Ctrl-C."""
        interrupted, self.budget.is_interrupted = self.budget.is_interrupted, False
        wall_s = self.budget.wall_s
        self.budget.wall_s = max(wall_s, time.monotonic() - self.budget.started + _ANYWAY_S)
        found = self._pencil(traffic, self.goals)
        self.budget.wall_s = wall_s
        self.budget.is_interrupted |= interrupted
        return found

    def _pencil(self, traffic: Traffic, tiers: list[Goal]) -> list[int]:
        """A solution near the pencilled plan, good in all tiers at once; empty if there is none."""
        total = sum(w * g.expression for w, g in zip(blend_weights(tiers), tiers, strict=True))
        blend = Goal("a first plan", total, 1)
        self.progress("crew", blend.name, None, None)
        for near in neighbourhoods(traffic):
            if self.budget.is_interrupted:
                break
            _, solver = search(
                near, blend, self.budget, "crew", silent, self._pencil_s(), workers=_PENCIL_WORKERS
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
        demands, likely = demands_of(crew, assembling.person_days(crew)), demands_of(crew, usual)
        days = [d for d in critical_days(traffic, demands, likely) if d not in self.close_days]
        for day in days:
            look_closely(traffic, day)
        self.close_days += days
        return bool(days)

    def _counted_again(self, traffic: Traffic, values: list[int]) -> list[int]:
        """The same crew traffic with the fewest cargo flights, in a model that looks more closely."""
        cargo = {x.index for x in traffic.n_cargo_added.values() if isinstance(x, cp_model.IntVar)}
        cargo |= {x.index for docked in traffic.n_docked_by.values() for x in docked.values()}
        same = traffic.model.clone()
        for i, value in enumerate(values):
            if i not in cargo:
                same.add(same.get_int_var_from_proto_index(i) == value)
        same.minimize(sum(traffic.types[n].price * count for n, count in traffic.n_cargo_added.items()))
        [(_, solver)] = run([Search(same, 1, _COUNT_S)], self.budget, lambda *_: None)
        return list(solver.response_proto.solution)

    def _pencil_s(self) -> float:
        """Deterministic seconds for a first plan: longer horizons need longer."""
        return _PENCIL_S_PER_YEAR * self.scenario.to_utc.days_since(self.scenario.from_utc) / 365.25


def demands_of(crew: assembling.Solution, person_days: list[float]) -> list[Demand]:
    """What people and station use up, for each commodity that the scenario looks at."""
    commodities = crew.traffic.scenario.commodities if crew.traffic.binds("consumables") else ()
    return [Demand(crew.traffic, c, person_days) for c in commodities]


def _values_of(goals: list[Goal], values: list[int]) -> list[float]:
    return [evaluate(g.expression, values) / g.scale for g in goals]


def _order(outcome: Outcome) -> list[float]:
    return [t.value for t in outcome.tiers]
