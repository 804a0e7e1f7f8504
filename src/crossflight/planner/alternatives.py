"""Plans nearly as good as the best that differ in what planners care about.

Two plans differ by the flights launched more than a week apart, the flights that only one of them
has, and the flights that carry another number of people of some partner; where they are equal in
that, by ports, and then by capsules.  Each further plan is the one that differs most from whichever
earlier plan it resembles most; with that held, it is made as good as it can be.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from crossflight.model import Flight, Plan, Scenario, Tier, TierResult
from crossflight.planner.objective import goals
from crossflight.planner.pins import added_name
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
from crossflight.planner.visit import Expr, Lit, Visit

# A flight counts as moved from here on: planners plan in weeks, and a day or two is a slip.
MOVED_DAYS = 7
_PORT, _CRAFT = 2, 1  # weights below every date, crew and flight
_SAFETY = frozenset({"waiver_price", "unattended_segment_days", "operator_n1_segment_days"})
_PRICE = "flight_price"
_N_TRIES = 3
_DIFFER_S, _POLISH_S = 2.5, 0.8  # CP-SAT's deterministic seconds


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much worse than the best: per cent of a tier's own value, or points of the price."""

    amount: float
    is_percent: bool

    def __str__(self) -> str:
        return f"{self.amount:g} %" if self.is_percent else f"{self.amount:g}"

    def of(self, tier: Tier, value: float) -> float:
        """What a tier may be worse."""
        if self.is_percent:
            return abs(value) * self.amount / 100
        return self.amount if _PRICE in tier.terms else 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """`n` plans in all, the best among them."""

    n: int
    within: Tolerance


@dataclass(frozen=True, slots=True)
class Alternative:
    """A further plan with its tiers; the bounds are those of the best."""

    plan: Plan
    objective: tuple[TierResult, ...]


@dataclass
class Alternatives:
    """What was found beside the best; `message` says why there are fewer than wanted."""

    wanted: Wanted
    found: list[Alternative] = field(default_factory=list)
    message: str = ""
    is_interrupted: bool = False
    wall_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Completed:
    """What the later stages made of a crew traffic; `plan` is None where they found no way."""

    plan: Plan | None
    objective: tuple[TierResult, ...]
    is_interrupted: bool
    message: str = ""


Complete = Callable[[Traffic, Outcome], Completed]


def limits(scenario: Scenario, best: Sequence[TierResult], within: Tolerance) -> list[float]:
    """The most that each tier may be: as the best down to waivers and cover, then within tolerance.

    Tiers below the price follow from the rest and have no limit.
    """
    tiers = scenario.objective
    safe = max((i for i, t in enumerate(tiers) if _SAFETY & set(t.terms)), default=-1)
    priced = max((i for i, t in enumerate(tiers) if _PRICE in t.terms), default=len(tiers))
    found = []
    for i, (tier, result) in enumerate(zip(tiers, best, strict=True)):
        room = 0.0 if i <= safe else within.of(tier, result.value) if i <= priced else math.inf
        found.append(result.value + room)
    return found


def alternatives(
    scenario: Scenario,
    best: Alternative,
    start: Mapping[str, int],
    traffic_of: Callable[[], Traffic],
    wanted: Wanted,
    budget: Callable[[], Budget],
    complete: Complete,
    progress: Progress,
) -> Alternatives:
    """Search for `wanted.n` - 1 plans beside the best.

    Parameters
    ----------
    scenario
        What the best was planned for.
    start
        The best's crew traffic: variable to value.
    traffic_of
        Builds the crew traffic model anew, as sharp as the best was found with and with its pins.
    budget
        A fresh budget for one further plan.
    complete
        Turns a crew traffic into a whole plan.
    """
    result, began = Alternatives(wanted), time.monotonic()
    most = limits(scenario, best.objective, wanted.within)
    earlier = [best.plan]
    for k in range(2, wanted.n + 1):
        attempt = _Attempt(
            scenario, traffic_of, best.objective, earlier, start, budget(), progress, f"alternative {k}"
        )
        found, why = None, ""
        try:
            found, why = attempt.result(most, complete)
        except KeyboardInterrupt:  # while a model was built: what is there already is kept
            attempt.budget.is_interrupted = True
        if found is not None:
            result.found.append(found)
            earlier.append(found.plan)
        if attempt.budget.is_interrupted:
            result.is_interrupted, why = True, "interrupted"
        if why:
            result.message = why
            break
    result.wall_s = time.monotonic() - began
    return result


@dataclass(frozen=True, slots=True)
class _Flown:
    """One crewed flight of a plan in the model's grain."""

    launch: int
    counts: dict[str, int]
    port: str | None
    craft: str | None


_Shape = dict[str, _Flown]


class _Attempt:
    """The search for one further plan."""

    def __init__(
        self,
        scenario: Scenario,
        traffic_of: Callable[[], Traffic],
        best: Sequence[TierResult],
        earlier: Sequence[Plan],
        start: Mapping[str, int],
        budget: Budget,
        progress: Progress,
        stage: str,
    ) -> None:
        self.scenario, self.traffic_of, self.best, self.earlier = scenario, traffic_of, best, earlier
        self.start = start
        self.budget, self.progress, self.stage = budget, progress, stage
        self.failed: list[_Shape] = []

    def result(self, most: Sequence[float], complete: Complete) -> tuple[Alternative | None, str]:
        """The plan, or why there is none."""
        why = failure = ""
        for _ in range(_N_TRIES):
            traffic, outcome, why = self._crew(self._nearer(most))
            if outcome is None:
                break
            done = complete(traffic, outcome)
            self.budget.is_interrupted |= done.is_interrupted
            over = [t.value - m for t, m in zip(done.objective, most, strict=True)] if done.plan else []
            if done.plan is not None and max(over) <= 1e-6:
                return Alternative(done.plan, done.objective), ""
            failure = done.message or f"cargo took it {max(over):g} beyond the tolerance"
            self.failed.append(_shape_of_outcome(traffic, outcome))
            if self.budget.is_interrupted:
                break
        if self.failed:
            why = f"crew traffic that differs was found, and no plan could be made of it: {failure}"
        return None, why

    def _nearer(self, most: Sequence[float]) -> list[float]:
        """Half the room after each traffic that cargo or people could not follow."""
        part = 0.5 ** len(self.failed)
        return [b.value + (m - b.value) * part for b, m in zip(self.best, most, strict=True)]

    def _crew(self, most: Sequence[float]) -> tuple[Traffic, Outcome | None, str]:
        traffic = self.traffic_of()
        tiers = goals(traffic)
        for goal, limit in zip(tiers, most, strict=True):
            if math.isfinite(limit):
                traffic.model.add(goal.expression <= math.floor(limit * goal.scale + 1e-6))
        n_variables = len(traffic.model.proto.variables)
        least, big = self._resemblance(traffic)
        for shape in self.failed:
            traffic.model.add(sum(_Parts.of(traffic, shape).dates) >= 1)
        goal = Goal("what differs", -least, 1)
        # The best itself, which differs in nothing.
        for i, variable in enumerate(traffic.model.proto.variables):
            near = 0 if i >= n_variables else self.start.get(variable.name)
            if near is not None and variable.name:
                traffic.model.add_hint(traffic.model.get_int_var_from_proto_index(i), near)
        status, solver = search(traffic.model, goal, self.budget, self.stage, self.progress, _DIFFER_S)
        values = list(solver.response_proto.solution)
        if not values or evaluate(least, values) < big:
            is_proven = status in (cp_model.INFEASIBLE, cp_model.OPTIMAL)
            return traffic, None, "there are no more, proven" if is_proven else "the limit was reached"
        traffic.model.add(least >= evaluate(least, values))
        polish = tiers[_first_open(self.scenario) :]
        traffic.model.clear_objective()  # type: ignore[no-untyped-call]  # OR-Tools leaves it untyped
        better = lexicographic(
            traffic.model, polish, self.budget, self.stage, self.progress, _POLISH_S, values
        )
        values = better.values
        found = []
        for goal, best in zip(tiers, self.best, strict=True):
            value = evaluate(goal.expression, values) / goal.scale
            found.append(TierOutcome(goal.name, value, min(best.bound, value), is_optimal=False))
        return traffic, Outcome("feasible", values, found), ""

    def _resemblance(self, traffic: Traffic) -> tuple[cp_model.IntVar, int]:
        """How much the plan differs from the earlier plan most like it, and what one date counts."""
        parts = [_Parts.of(traffic, _shape_of_plan(traffic, plan)) for plan in self.earlier]
        big = 1 + max((_PORT * len(p.ports) + _CRAFT * len(p.craft) for p in parts), default=0)
        largest = max(big * (len(p.dates) + 1) for p in parts)
        least = traffic.model.new_int_var(0, largest, "differs")
        for p in parts:
            traffic.model.add(least <= big * sum(p.dates) + _PORT * sum(p.ports) + _CRAFT * sum(p.craft))
        return least, big


def _first_open(scenario: Scenario) -> int:
    """The first tier after those held at the best's value."""
    return 1 + max((i for i, t in enumerate(scenario.objective) if _SAFETY & set(t.terms)), default=-1)


@dataclass
class _Parts:
    """What can be 1 only where a traffic differs from one plan.

    `dates` are flights moved, added, dropped or crewed otherwise; then ports, then capsules.
    """

    dates: list[Expr] = field(default_factory=list)
    ports: list[Expr] = field(default_factory=list)
    craft: list[Expr] = field(default_factory=list)

    @classmethod
    def of(cls, traffic: Traffic, shape: _Shape) -> _Parts:
        """Against one plan."""
        parts = cls()
        for v in _crewed(traffic):
            flown = shape.get(v.name)
            if flown is None:
                parts.dates.append(v.is_present)
            else:
                parts._add(traffic, v, flown)
        return parts

    def _add(self, traffic: Traffic, v: Visit, flown: _Flown) -> None:
        model = traffic.model
        if v.origin == "added":
            self.dates.append(1 - v.is_present)
        if v.origin == "added" or v.is_movable:
            earlier, later = (self._new(traffic, v, what) for what in ("earlier", "later"))
            model.add(v.launch <= flown.launch - MOVED_DAYS - 1).only_enforce_if(earlier)
            model.add(v.launch >= flown.launch + MOVED_DAYS + 1).only_enforce_if(later)
            self.dates += [earlier, later]
        same: list[Expr] = [x for x, p in v.patterns if _counts(p) == flown.counts]
        self._otherwise(traffic, v, "crew", same, self.dates, len(v.patterns))
        port = [x for name, x in v.port_of.items() if name == flown.port]
        self._otherwise(traffic, v, "port", port, self.ports, len(v.port_of))
        if v.vehicle.is_reusable:
            craft = [x for name, x in v.craft_of.items() if name == flown.craft]
            self._otherwise(traffic, v, "craft", craft, self.craft, len(v.craft_of))

    def _otherwise(
        self, traffic: Traffic, v: Visit, what: str, same: Sequence[Expr], into: list[Expr], n_choices: int
    ) -> None:
        """A literal for a flight that both have, with another choice."""
        if n_choices > 1:
            differs = self._new(traffic, v, what)
            traffic.model.add(sum(same) == 0).only_enforce_if(differs)
            into.append(differs)

    @staticmethod
    def _new(traffic: Traffic, v: Visit, what: str) -> Lit:
        x = traffic.model.new_bool_var(f"{v.name}.differs.{what}")
        traffic.model.add_implication(x, v.is_present)
        return x


def _crewed(traffic: Traffic) -> Iterator[Visit]:
    """Crewed flights that are not there yet when the scenario begins."""
    return (v for v in traffic.visits if v.origin != "docked" and v.vehicle.is_crewed)


def _counts(pattern: Mapping[str, int]) -> dict[str, int]:
    return {partner: n for partner, n in pattern.items() if n}


def _shape_of_plan(traffic: Traffic, plan: Plan) -> _Shape:
    known = {v.name for v in traffic.visits if v.origin != "added"}
    flights: dict[str, Flight] = {}
    n_added: dict[str, int] = {}
    for f in sorted(plan.flights, key=lambda f: f.launch_utc):
        name = f.name
        if name not in known:
            n_added[f.vehicle_type] = n_added.get(f.vehicle_type, 0) + 1
            name = added_name(f.vehicle_type, n_added[f.vehicle_type])
        flights[name] = f
    return {
        v.name: _Flown(traffic.grain.day(f.launch_utc), traffic.count_by_partner(f.crew_up), f.port, f.craft)
        for v in _crewed(traffic)
        if v.name in flights
        for f in (flights[v.name],)
    }


def _shape_of_outcome(traffic: Traffic, outcome: Outcome) -> _Shape:
    def chosen(choice: dict[str, Lit]) -> str | None:
        return next((name for name, x in choice.items() if evaluate(x, outcome.values)), None)

    return {
        v.name: _Flown(
            evaluate(v.launch, outcome.values),
            next((_counts(p) for x, p in v.patterns if evaluate(x, outcome.values)), {}),
            chosen(v.port_of),
            chosen(v.craft_of),
        )
        for v in _crewed(traffic)
        if evaluate(v.is_present, outcome.values)
    }
