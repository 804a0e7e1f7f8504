"""Why there is no crew traffic: the fewest conditions that exclude one another, and how far each must yield.

Every set of conditions is built and solved anew: CP-SAT's own cores can be incomplete (or-tools issues
4109 and 5141), so none is asked for.  What is shown as impossible has been proven so by itself, and it has a
solution without any one of its members, unless a search ended without an answer (`Core.is_minimal`).

First the day is found by which it has become impossible.  The conditions are then looked for in the
scenario cut off there, which is a small part of the whole one and asks for nothing more.  What the
station's orbit allows is seldom to blame and takes long to compute: a conflict without it is looked for
first, and then confirmed on the days until then.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ortools.sat.python import cp_model

from crossflight.model import AnnouncedFlight, DockedFlight, Opportunities, Scenario
from crossflight.planner.conflict import shrunk
from crossflight.planner.constraints import BUILD
from crossflight.planner.explain_conditions import FAR_DAYS, SKY_RULES, VEHICLE_TYPE, WANTED, conditions
from crossflight.planner.explain_ease import Condition
from crossflight.planner.explain_places import Steps, with_values
from crossflight.planner.grain import Grain
from crossflight.planner.readiness import capacity_by_day
from crossflight.planner.solve import Budget, Goal, search, silent
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Visit
from crossflight.times import Instant

# CP-SAT's deterministic seconds for one set of conditions: by one worker, then by several.
_QUICK_S = 0.5
_TRY_S = 4.0
_WATCH_RULES = ("segment_operator", "operator_n1")
# Rules that ask something of the end of the horizon, which is none where a scenario is cut off.
_END_RULES = ("life_left", "seat_ledger")

# Condition to how much of it is eased; what is not in it is not asked for.
Kept = Mapping[Condition, int]
# What the orbit allows until an instant.
Sky = Callable[[Instant], Opportunities | None]


@dataclass(frozen=True, slots=True)
class Core:
    """Conditions that no crew traffic keeps together.

    `first_utc`: the day by whose end they exclude one another; None where they do only at the end of the
    horizon.  `is_minimal`: without any one of them the others can be kept until then, which is after
    `n_days`.
    """

    conditions: tuple[Condition, ...]
    first_utc: Instant | None
    is_minimal: bool
    n_days: int | None = None


class Trials:
    """Whether there is crew traffic that keeps some conditions of a scenario and asks for nothing else.

    Parameters
    ----------
    asked
        Conditions beside those of the scenario: a date that somebody wants.
    sky
        What the orbit allows until an instant, called when it is needed; by default what the scenario has.
    """

    def __init__(
        self,
        scenario: Scenario,
        budget: Budget,
        asked: Sequence[Condition] = (),
        sky: Sky | None = None,
    ) -> None:
        self.scenario, self.budget = scenario, budget
        self._sky = sky or (lambda _: scenario.opportunities)
        self.all = (*conditions(scenario), *asked)
        self.grain = Grain.of(scenario)
        self._seats: dict[object, list[int]] = {}

    def asking(self, asked: Sequence[Condition]) -> Trials:
        """Trials of the same scenario with something else asked for."""
        return Trials(self.scenario, self.budget, asked, self._sky)

    def status(self, kept: Kept, until: int | None = None) -> int:
        """What CP-SAT says of some conditions, perhaps of the scenario cut off after so many days."""
        if any(c.rule in _WATCH_RULES for c in kept):
            # Sums of cover are a relaxation: what they exclude is excluded.
            status = self._solved(self.model(kept, until, is_coarse=True))
            if status == cp_model.INFEASIBLE:
                return status
            return self._solved(self.model(kept, until))
        return self._solved(self.model(kept, until, is_coarse=True))

    def is_impossible(self, kept: Kept, until: int | None = None) -> bool:
        """Whether it is proven that nothing keeps them; no answer is no proof."""
        return self.status(kept, until) == cp_model.INFEASIBLE

    def is_possible(self, kept: Kept) -> bool:
        """Whether some crew traffic keeps them over the whole horizon."""
        return self.status(kept) in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    def model(self, kept: Kept, until: int | None = None, *, is_coarse: bool = False) -> Traffic:
        """The crew traffic model of some conditions."""
        end = self.scenario.to_utc if until is None else self.grain.instant(until, self.grain.end_hours)
        scenario = self.changed(kept, end)
        if until is None:
            traffic = Traffic(scenario, is_coarse=is_coarse)
        else:
            traffic = _CutTraffic(_cut(scenario, end), is_coarse=is_coarse)
        traffic.seats_by_day = partial(self._seats_by_day, kept, scenario, traffic.grain.n_days)
        rules = {c.rule for c in kept}
        for add in BUILD:
            # Crews are limited by who there is even where no rule about them binds.
            if not add.__module__.endswith(".crew_qualification") or "crew_qualification" in rules:
                add(traffic)
        for condition, n in kept.items():
            if condition.held is not None:
                condition.held(traffic, n)
        return traffic

    def changed(self, kept: Kept, end: Instant) -> Scenario:
        """The scenario, until `end`, that asks for some conditions only; wishes forbid nothing."""
        scenario = _life_opened(self.scenario)
        for c in self.all:
            if c not in kept:
                scenario = with_values(scenario, c.lifted)
        for c, n in kept.items():
            if n and c.ease is not None and c.held is None:
                scenario = c.ease.changed(scenario, n)
        rules = {c.rule for c in kept}
        gone = {c.rule for c in self.all} - rules - {VEHICLE_TYPE, WANTED, "on_orbit_life"}
        gone |= {r for r, s in self.scenario.rules.items() if s.severity == "soft" and r != "on_orbit_life"}
        station = scenario.station
        if "consumables" not in rules:  # its reserve is for a nominal crew
            station = replace(station, n_crew_nominal={})
        return replace(
            scenario,
            rules={r: replace(s, severity="off") if r in gone else s for r, s in scenario.rules.items()},
            station=station,
            opportunities=self._sky(end) if rules & SKY_RULES else None,
        )

    def _seats_by_day(self, kept: Kept, scenario: Scenario, n_days: int, **whose: str) -> list[int]:
        """How many seats there can be people for; what holds in the whole scenario holds until any day."""
        key = (tuple(kept.items()), *whose.items())
        if key not in self._seats:
            self._seats[key] = capacity_by_day(scenario, **whose)
        return self._seats[key][:n_days]

    def last_day_of(self, n_days: int | None) -> int | None:
        """A day by which whoever is launched after so many days has to be home; None where there is none."""
        lives = [t.on_orbit_life_days or 0.0 for t in self.scenario.vehicle_types if t.is_crewed]
        if n_days is None or n_days + max(lives, default=0.0) >= self.grain.n_days:
            return None
        return n_days + math.ceil(max(lives, default=0.0))

    def _solved(self, traffic: Traffic) -> int:
        if self.budget.left_s <= 0 or self.budget.is_interrupted:
            return int(cp_model.UNKNOWN)
        status = _quickly(traffic.model, self.budget)
        if status != cp_model.UNKNOWN:
            return status
        return search(traffic.model, Goal("possible", 0, 1), self.budget, "explain", silent, _TRY_S)[0]


def _quickly(model: cp_model.CpModel, budget: Budget) -> int:
    """Whether a model has a solution, by one worker that does without what pays off only in long searches.

    Of 90 sets of conditions of iss-2022 it answered all, half of them within 0.02 s; with relaxations and
    probing some took 5 to 18 s.
    """
    solver = cp_model.CpSolver()
    p = solver.parameters
    p.num_workers, p.random_seed, p.catch_sigint_signal = 1, budget.seed, False
    p.linearization_level = p.cp_model_probing_level = p.symmetry_level = 0
    p.max_deterministic_time, p.max_time_in_seconds = _QUICK_S, max(0.05, budget.left_s)
    return int(solver.solve(model))


def core(trials: Trials, kept: Kept | None = None) -> Core | None:
    """The fewest conditions that exclude one another; None where nothing is proven to be impossible.

    Parameters
    ----------
    kept
        The conditions asked for, and by how much each is eased; without it all of them as they are.
    """
    kept = dict.fromkeys(trials.all, 0) if kept is None else kept
    plain = {c: n for c, n in kept.items() if c.rule not in SKY_RULES}
    if len(plain) < len(kept):
        found = _core(trials, plain)
        if found is not None and trials.is_impossible(kept, found.n_days):
            return found
    return _core(trials, kept)


def _core(trials: Trials, kept: Kept) -> Core | None:
    if not trials.is_impossible(kept):
        return None
    until = _first(trials, kept)
    unsure: list[bool] = []

    def is_impossible(some: Iterable[Condition]) -> bool:
        status = trials.status({c: kept[c] for c in some}, until)
        unsure.append(status == cp_model.UNKNOWN)
        return status == cp_model.INFEASIBLE

    # Whole rules first, then what each of them asks: fewer sets to try.
    by_rule: dict[str, list[Condition]] = {}
    for c in kept:
        by_rule.setdefault(c.rule, []).append(c)
    groups = shrunk(tuple(by_rule.values()), lambda some: is_impossible(c for group in some for c in group))
    found = tuple(c for group in groups for c in group)
    found = () if is_impossible(()) else shrunk(found, is_impossible)
    first_utc = None if until is None else trials.grain.day0.plus_days(until - 1)
    return Core(found, first_utc, not any(unsure), until)


def least(trials: Trials, kept: Kept, condition: Condition, near: int | None = None) -> int | None:
    """By how much a condition has to be eased at least, the others kept to the end; None if no number does.

    One less is proven too few, or has no answer.  Too few is seen soon after the conflict, in a scenario
    cut off at `near` days, so the whole one is seldom solved more than once.
    """
    if condition.ease is None or condition.ease.most <= kept[condition]:
        return None
    most = condition.ease.most
    last = trials.last_day_of(near)
    if last is not None and trials.is_impossible({**kept, condition: most}, last):
        return None

    def is_enough_at_first(n: int) -> bool:
        return not trials.is_impossible({**kept, condition: n}, last)

    def is_enough(n: int) -> bool:
        return trials.is_possible({**kept, condition: n})

    low = kept[condition]
    if last is not None:
        low = _lowest(is_enough_at_first, low, most) - 1
        if is_enough(low + 1):
            return low + 1
        low += 1
    if low >= most or not is_enough(most):
        return None
    return _lowest(is_enough, low, most)


def _lowest(is_enough: Callable[[int], bool], low: int, high: int) -> int:
    """The least number after `low` that is enough, as `high` is: growing steps up, then halves."""
    step = 1
    while low + step < high and not is_enough(low + step):
        low, step = low + step, 4 * step
    high = min(high, low + step)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


def core_alone(trials: Trials, found: Core) -> dict[Condition, int]:
    """The conditions of a core and the vehicles as they are, as `least` asks for them."""
    types = {c: 0 for c in trials.all if c.rule == VEHICLE_TYPE}
    return types | dict.fromkeys(found.conditions, 0)


def _first(trials: Trials, kept: Kept) -> int | None:
    """After how many days, cut off there, the scenario has become impossible; None if only as a whole."""
    low, high = 0, trials.grain.n_days
    if high < 1 or not trials.is_impossible(kept, high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if trials.is_impossible(kept, middle) else (middle, high)
    return high


def _life_opened(scenario: Scenario) -> Scenario:
    """The scenario with life waived without end: each flight's own limit is then held in the model."""
    if scenario.rules["on_orbit_life"].severity == "off":
        return scenario
    values: dict[Steps, Any] = {("rules", "on_orbit_life", "severity"): "waivable"}
    for t in scenario.vehicle_types:
        values["vehicle_types", t.name, "life_waiver_days"] = FAR_DAYS
    return with_values(scenario, values)


class _CutTraffic(Traffic):
    """Crew traffic of a scenario cut off: an announced flight that may come after the end need not come."""

    def announced(self, flight: AnnouncedFlight) -> Visit:
        """The flight as announced, or as one that may be left out, which parks it at the end."""
        if _is_before(flight, self.scenario):
            return super().announced(flight)
        day, vehicle = self.grain.day(flight.launch_utc), self.types[flight.vehicle_type]
        visit = self.added(flight.name, vehicle, day - int(flight.window_days))
        to_end = abs(self.grain.n_days - day)
        visit.origin, visit.launch_announced, visit.is_movable = "announced", day, True
        visit.announced = replace(flight, window_days=max(flight.window_days, to_end))
        return visit

    def _order(self, line: list[Visit]) -> None:
        """Whoever may be left out is ordered with the flights that are added after it only."""
        open_ = [v for v in line if v.origin == "announced" and v.is_present is not self.true]
        super()._order([v for v in line if v not in open_])
        for v in open_:
            for w in (w for w in line if w.origin == "added"):
                interval = max(1, int(w.vehicle.launch_interval_days_min))
                self.model.add_implication(w.is_present, v.is_present)
                self.model.add(w.launch >= v.launch + interval).only_enforce_if(w.is_present)


def _is_before(flight: AnnouncedFlight, scenario: Scenario) -> bool:
    """Whether the flight docks before the end, whichever of its days it is launched on."""
    kind = next(t for t in scenario.vehicle_types if t.name == flight.vehicle_type)
    latest = flight.launch_utc.floor_day().plus_days(flight.window_days + 1 + kind.ascent_hours / 24)
    return latest <= scenario.to_utc


def _stays_until(d: DockedFlight, end: Instant) -> DockedFlight:
    """A docked flight that has to leave within a window: at the end it may still wait for it."""
    planned, window = d.planned_undock_utc, d.window_days
    if planned is None or window is None or planned.plus_days(1 + window) < end:
        return d
    days = end.days_since(planned.plus_days(-window))
    return replace(d, planned_undock_utc=end, window_days=max(0.0, math.ceil(days)))


def _cut(scenario: Scenario, end: Instant) -> Scenario:
    """The scenario with an earlier end: what a plan of the whole does until then keeps it."""
    cut = replace(scenario, to_utc=end)
    docked = tuple(_stays_until(d, end) for d in scenario.docked)
    later = {a.name: a for a in scenario.announced if not _is_before(a, cut)}
    off = set(_END_RULES)
    if scenario.rules["operator_n1"].values.get("binds_from_docking_of") in later:
        off.add("operator_n1")
    # Visitors that come later are not needed, and cargo that may have come is in store.
    gone = {a.name for a in later.values() if a.kind != "rotation"}
    types = {t.name: t for t in scenario.vehicle_types}
    commodities = tuple(
        replace(
            c,
            stock_kg=c.stock_kg
            + sum(types[a.vehicle_type].upmass_kg.get(c.name, 0.0) for a in later.values()),
        )
        for c in scenario.commodities
    )
    return replace(
        cut,
        docked=docked,
        announced=tuple(a for a in scenario.announced if a.name not in gone),
        commodities=commodities,
        rules={r: replace(s, severity="off") if r in off else s for r, s in scenario.rules.items()},
    )
