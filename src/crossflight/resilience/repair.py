"""A plan repaired after disruptions: the planner proposes, the checker decides.

Few ways of doing it are compared, each proven as far as it goes and judged stage by stage: the flights of the
plan; a further flight of a line, where safety asks for it; and where a craft can bring nobody home, another
craft that comes for its crew.  A proposal that the checker refuses is made again with what it found.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from crossflight.model import (
    Plan,
    Scenario,
    SeatMove,
    StageResult,
    Violation,
)
from crossflight.planner.replan import PEOPLE, WHOLE, Effort, Proposal, Ready, Stock, Task, floors, spares
from crossflight.planner.replan import repair as proposed
from crossflight.planner.solve import Budget, Progress, TierOutcome, one_interrupt, silent
from crossflight.resilience.disrupted import Disrupted
from crossflight.resilience.seats import filled, moves_of, training_for, with_crews_home
from crossflight.resilience.settled import settled, waived
from crossflight.resilience.ways import Way
from crossflight.resilience.ways import ways as ways_of
from crossflight.rules import Walk, check_walk
from crossflight.rules.walk import DAY_US
from crossflight.scenario.digest import digest_of
from crossflight.times import Instant

_SAFE: Final = 3
_NOT_FOUND: Final = "none was found within the limit"


@dataclass(frozen=True)
class Repaired:
    """The outcome.

    Attributes
    ----------
    scenario
        As things are, with announcements as the plan has them; None of the plan if there is none.
    status
        optimal: every stage proven; feasible, infeasible, unknown, refused.
    tiers, stages
        What the stages came to, and how they ended.
    ways
        The ways that were compared, in words, the one taken first.
    dropped
        Flights given up.
    message
        Why there is no plan.
    """

    scenario: Scenario
    status: str
    plan: Plan | None = None
    violations: tuple[Violation, ...] = ()
    tiers: tuple[TierOutcome, ...] = ()
    stages: tuple[StageResult, ...] = ()
    ways: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    message: str = ""
    wall_s: float = 0.0
    is_interrupted: bool = False


@dataclass
class _Cuts:
    """What the checker has found so far."""

    stocks: list[Stock] = field(default_factory=list)
    barred: dict[str, set[str]] = field(default_factory=dict)
    spare_from: dict[str, dict[str, Instant | None]] = field(default_factory=dict)
    spares: dict[tuple[str, str], Instant | None] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """All that has been found."""
        barred = sorted((k, sorted(v)) for k, v in self.barred.items())
        return repr((self.stocks, barred, self.spare_from))

    def knows(self, v: Violation) -> bool:
        """Whether the planner was told of a finding: supplies are counted only where they were short."""
        if v.rule != "consumables":
            return True
        return any(s.commodity in v.subjects and s.at_utc == v.to_utc for s in self.stocks)

    def of(self, task: Task) -> Task:
        """The task with it."""
        name, kind = task.flight.name, task.flight.vehicle_type
        spare = {partner: at for (of, partner), at in self.spares.items() if of == kind}
        return replace(
            task,
            barred=task.barred | self.barred.get(name, set()),
            spare_from={**spare, **self.spare_from.get(name, {})},
        )


def repair(
    d: Disrupted,
    *,
    seed: int = 1,
    time_limit_s: float = 60.0,
    effort: Effort = WHOLE,
    progress: Progress = silent,
) -> Repaired:
    """Repair a plan; see the module."""
    budget = Budget(time_limit_s, 1, seed, time.monotonic())
    with one_interrupt(budget):
        return _repaired(d, effort, budget, progress)


def _repaired(d: Disrupted, effort: Effort, budget: Budget, progress: Progress) -> Repaired:
    at_least = floors(d.before, d.undisturbed_tasks, budget, effort)
    spare = spares(d.scenario, [t.name for t in d.scenario.vehicle_types if t.is_crewed])
    best: _Tried | None = None
    stages: list[StageResult] = [StageResult("as planned", "optimal" if at_least else "unknown", 0.0)]
    ways: list[str] = []
    failed: list[_Tried] = []
    is_proven = True
    for way in ways_of(d):
        if way.is_added and (not effort.has_added or (best and not any(best.proposal.order[:_SAFE]))):
            continue
        found = _Attempt(d, way, at_least, budget, progress, best, spare, effort).result()
        ways.append(way.said)
        if found.plan is None:
            is_proven = is_proven and found.proposal.status in ("worse", "infeasible")
            failed.append(found)
            continue
        if best is None or _is_better(way, found.proposal, best.proposal):
            best = found
            ways.insert(0, ways.pop())
        if budget.is_interrupted or budget.left_s <= 0:
            is_proven = False
            break
    wall_s = time.monotonic() - budget.started
    if best is None:
        first = failed[0] if failed else None
        return Repaired(
            d.scenario,
            first.proposal.status if first else "unknown",
            stages=tuple(stages),
            ways=tuple(ways),
            violations=first.violations if first else (),
            message=first.message if first else "nothing was tried",
            wall_s=wall_s,
            is_interrupted=budget.is_interrupted,
        )
    return Repaired(
        best.scenario,
        best.proposal.status if is_proven else "feasible",
        best.plan,
        best.violations,
        best.proposal.tiers,
        (*stages, *best.proposal.stages),
        tuple(ways),
        best.proposal.dropped,
        wall_s=wall_s,
        is_interrupted=budget.is_interrupted,
    )


def _is_better(way: Way, found: Proposal, best: Proposal) -> bool:
    """Stage by stage; a flight more has to pay off in seats, in a segment attended or in cover."""
    n = _SAFE if way.is_added else None
    return found.order[:n] < best.order[:n]


# -- one way ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Tried:
    proposal: Proposal
    scenario: Scenario
    plan: Plan | None = None
    violations: tuple[Violation, ...] = ()
    message: str = ""


class _Attempt:
    """One way, made again with what the checker finds until it accepts."""

    def __init__(
        self,
        d: Disrupted,
        way: Way,
        at_least: dict[str, float],
        budget: Budget,
        progress: Progress,
        best: _Tried | None,
        spare: dict[tuple[str, str], Instant | None],
        effort: Effort,
    ) -> None:
        self.d, self.way, self.at_least, self.budget, self.progress = d, way, at_least, budget, progress
        self.best, self.effort = best, effort
        self.cuts = _Cuts(spares=spare)

    def result(self) -> _Tried:
        """The plan, or why there is none."""
        d = self.d
        found = _Tried(Proposal("unknown"), d.scenario)
        accepted: _Tried | None = None
        last: Proposal | None = None
        # A flight more is first judged by what it has to pay off in: often nobody can be had to fly it.
        effort = replace(self.effort, stages=self.effort.stages[:_SAFE]) if self.way.is_added else self.effort
        for _ in range(self.effort.n_rounds):
            proposal = proposed(
                d.scenario,
                [self.cuts.of(t) for t in self.way.tasks],
                at_least=self.at_least,
                ready=_ready(d),
                stocks=self.cuts.stocks,
                seatless=self.way.n_seatless,
                beats=self._to_beat(),
                relaxed=last,
                effort=effort,
                budget=self.budget,
                progress=self.progress,
            )
            state = self.cuts.state
            if not proposal.flights:
                if accepted and proposal.status != "worse":
                    return accepted
                said = {
                    "infeasible": "no plan keeps the rules that a repair must keep",
                    "worse": "another way is better",
                }.get(proposal.status, _NOT_FOUND)
                if self.budget.is_interrupted:
                    said = "interrupted before there was one that the checker accepts"
                return _Tried(proposal, d.scenario, message=said, violations=found.violations)
            last = proposal
            found = self._completed(proposal)
            failures = [v for v in found.violations if v.is_failure]
            self._learn(found, failures)
            is_short = effort is not self.effort
            if is_short and (self.cuts.state == state or not failures):
                effort = self.effort
                continue
            if not failures:
                # A seat for which nobody was found stays empty only if the planner knew.
                if self.cuts.state == state or self.budget.left_s <= 0:
                    return found
                accepted = replace(found, proposal=replace(found.proposal, status="feasible"))
                continue
            if self.cuts.state == state or self.budget.left_s <= 0:
                break
        if accepted:
            return accepted
        first = next((v for v in found.violations if v.is_failure), None)
        said = f"the checker refuses what was found: {first.rule}: {first.message}" if first else _NOT_FOUND
        refused = replace(found.proposal, status="refused" if first else "unknown")
        return replace(found, plan=None, proposal=refused, message=said)

    def _to_beat(self) -> tuple[float, ...]:
        """What it has to be less than; a flight more has to pay off in seats or in who runs the segments."""
        if self.best is None:
            return ()
        return self.best.proposal.order[: _SAFE if self.way.is_added else None]

    def _completed(self, proposal: Proposal) -> _Tried:
        d = self.d
        stranded = self._rescue_moves(proposal)
        plan = Plan(
            d.scenario.name,
            "",
            proposal.flights,
            moves_of(d.scenario, d.plan, proposal.flights, d.as_of, stranded),
            (),
            training_for(d.scenario, proposal.flights, d.plan.training),
        )
        scenario = settled(d, plan)
        crewed = filled(scenario, plan, proposal.n_open)
        for flight, partner, at in crewed.missing:
            known = self.cuts.spare_from.setdefault(flight, {})
            # Who could be ready by training alone and cannot all the same is not looked for again.
            known[partner] = None if partner in known else at
        plan = with_crews_home(scenario, crewed.plan)
        scenario = settled(d, plan)
        scenario = replace(scenario, digest=digest_of(scenario))
        plan = replace(plan, scenario_digest=scenario.digest)
        plan = waived(scenario, plan, d.plan.waivers, self.cuts.knows)
        return _Tried(_counted(d, proposal, plan), scenario, plan, check_walk(Walk(scenario, plan)))

    def _rescue_moves(self, proposal: Proposal) -> list[SeatMove]:
        """Seat moves made at once, and those into the craft that comes."""
        moves = list(self.way.moves)
        by_name = {f.name: f for f in proposal.flights}
        for task in self.way.tasks:
            heir = by_name.get(task.flight.name)
            if not task.takes_over or heir is None or heir.dock_utc is None:
                continue
            at = heir.dock_utc
            there = next(x.flight for x in self.d.scenario.docked if x.flight.name == task.takes_over)
            for person in there.crew_down:
                since = next((m.to_flight for m in self.way.moves if m.person == person), task.takes_over)
                moves.append(SeatMove(at, person, since, heir.name))
        for name, people in self.way.joins:
            heir = by_name.get(name)
            if heir is not None and heir.dock_utc is not None:
                moves += [
                    SeatMove(heir.dock_utc, m.person, m.to_flight, name)
                    for m in self.way.moves
                    if m.person in people
                ]
        return moves

    def _learn(self, found: _Tried, failures: Sequence[Violation]) -> None:
        """Take in what the checker found."""
        assert found.plan is not None
        walk = Walk(found.scenario, found.plan)
        planned = {f.name: f.crew_up for f in self.d.plan.flights}
        for v in failures:
            if v.rule == "consumables":
                self._short(walk, v)
                continue
            for f in found.plan.flights:
                if f.name not in v.subjects and f.name not in v.message:
                    continue
                for person in set(f.crew_up) & set(planned.get(f.name, ())) & set(v.subjects):
                    self.cuts.barred.setdefault(f.name, set()).add(person)

    def _short(self, walk: Walk, v: Violation) -> None:
        """Supplies have to last until the stretch in which they did not is over."""
        for commodity in walk.scenario.commodities:
            if commodity.name not in v.subjects:
                continue
            at = v.to_utc
            state = next((s for s in walk.states if s.from_us < at.us <= s.to_us), walk.states[-1])
            days = at.days_since(at.floor_day()) * len(state.aboard) + self._longer_days(walk, at)
            part = days * commodity.per_person_day_kg
            stock = Stock(commodity.name, at, part)
            if stock not in self.cuts.stocks:
                self.cuts.stocks.append(stock)

    def _longer_days(self, walk: Walk, at: Instant) -> float:
        """Person-days until an instant of who stays on in the seats of others: the planner counts craft."""
        if any(t.takes_over for t in self.way.tasks):
            return 0.0
        left = {
            m.person: walk.visits[m.from_flight][1] for m in self.way.moves if m.from_flight in walk.visits
        }
        return sum(
            max(0.0, (min(at.us, stay.undock_us or at.us) - left[stay.person]) / DAY_US)
            for stay in walk.stays
            if stay.person in left
        )


def _counted(d: Disrupted, proposal: Proposal, plan: Plan) -> Proposal:
    """The proposal with the people really moved: who fills a seat may have left another."""
    crews = {f.name: set(f.crew_up) for f in plan.flights}
    docked = {x.flight.name for x in d.scenario.docked}
    n_moved = sum(
        len(set(f.crew_up) - crews.get(f.name, set())) for f in d.plan.flights if f.name not in docked
    )
    tiers = tuple(
        replace(t, value=float(n_moved), is_optimal=False) if t.name == PEOPLE and n_moved > t.value else t
        for t in proposal.tiers
    )
    return proposal if tiers == proposal.tiers else replace(proposal, tiers=tiers, status="feasible")


def _ready(d: Disrupted) -> list[Ready]:
    """Who is trained for which seat by when: the courses end some days before the launch."""
    days = float(d.scenario.rules["training"].values.get("days_before_launch", 0.0))
    return [Ready(x.flight, x.person, x.to_utc.plus_days(days)) for x in d.plan.training]
