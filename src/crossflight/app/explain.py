"""Why is there no such plan?  The rules in conflict, the first day, and ways out that have been planned."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from crossflight.app.explain_outcome import ExplainOutcome, Member, WayOut
from crossflight.app.explain_refused import refused
from crossflight.app.explain_source import (
    Limits,
    Progress,
    Source,
    plan_price,
    price_of,
    ranked,
    settings_of,
    source_of,
    tried,
)
from crossflight.app.plan import PlanOutcome
from crossflight.errors import InputError, UsageError
from crossflight.model import Scenario, difference
from crossflight.planner.explain import Trials, core
from crossflight.planner.explain_conditions import SKY_RULES, WANTED
from crossflight.planner.explain_ease import Condition
from crossflight.planner.explain_ways import Asked, Way, asked, flight_names, shortfalls, ways
from crossflight.planner.solve import Budget
from crossflight.scenario.near import near_hint
from crossflight.times import Instant

_N_WAYS: Final = 3
_N_TRIED: Final = 6
# Conditions that still make a sentence.
_N_SAID: Final = 3
_CORE_S: Final = 60.0
# Rules of the later stages: with the crew traffic decided, one of them may leave cargo or people no way.
_LATER: Final = {
    "cargo": ("consumables", "port_closure", "docking_spacing", "pad", "eva_day"),
    "people": ("training", "backup_crew", "ground_time", "availability", "crew_qualification", "career_dose"),
}  # fmt: skip


def explain(
    name: str,
    *,
    want: str | None = None,
    scenario_name: str | None = None,
    overrides: Mapping[str, str] | None = None,
    limits: Limits,
    found: Callable[[ExplainOutcome], None] = lambda _: None,
    progress: Progress = lambda *_: None,
) -> ExplainOutcome:
    """Why a scenario has no plan, a plan is refused, or a flight cannot have a date.

    Parameters
    ----------
    name
        A scenario (file or library name) or a plan.
    want
        ``FLIGHT:DATE``, or a flight alone: then on any day.
    scenario_name, overrides
        The scenario of a plan, as for `check`; ``--set`` values of a scenario.
    found
        Called with the conflict as soon as it is known; ways out take longer.
    progress
        Called with stage, tier, incumbent and bound while ways out are planned.

    Raises
    ------
    InputError
        If a file is wrong.
    UsageError
        For a flight that is none, or a date outside the scenario.
    """
    source = source_of(name, scenario_name, overrides or {})
    if want is None and source.plan is not None:
        verdict = refused(source, limits, found, progress)
        if verdict is not None:
            return verdict
    scenario = source.scenario()
    wish = None if want is None else _wish(scenario, want)
    began = time.monotonic()
    budget = Budget(_CORE_S, limits.workers, limits.seed, began)
    trials = _trials(source, scenario, wish, budget)
    conflict = core(trials)
    if conflict is None:
        return _not_proven(source, scenario, wish, limits, found, progress)
    short = shortfalls(trials, conflict)
    outcome = ExplainOutcome(
        scenario,
        "conflict",
        _said(scenario, short),
        tuple(_member(c, n) for c, n in short.items()),
        conflict.first_utc,
        conflict.is_minimal,
        wall_s=time.monotonic() - began,
    )
    found(outcome)
    again = time.monotonic()
    trials.budget.wall_s += _CORE_S
    made = _planned_ways(source, trials, wish, short, limits, progress)
    return replace(outcome, ways=made, ways_wall_s=time.monotonic() - again)


# -- what is asked ------------------------------------------------------------------------------


def _wish(scenario: Scenario, want: str) -> Asked:
    """A flight and a date, ``FLIGHT:DATE``; names may hold colons."""
    names = flight_names(scenario)
    name, colon, date = want.rpartition(":")
    if not colon or want in names:
        name, date = want, ""
    day = None
    if date:
        try:
            at = Instant.parse(date)
        except ValueError as e:
            raise UsageError(f"--want {e}", hint="FLIGHT:DATE, for example Crew-6:2023-02-20") from None
        if not scenario.from_utc.floor_day() <= at < scenario.to_utc:
            raise UsageError(
                f"--want {at.date()} is outside {scenario.name}, "
                f"{scenario.from_utc.date()} to {scenario.to_utc.date()}"
            )
        day = int(at.floor_day().days_since(scenario.from_utc.floor_day()))
    for d in scenario.docked:
        if d.flight.name == name:
            raise UsageError(
                f"{name} was launched on {d.flight.launch_utc.date()}: no other date can be wanted"
            )
    found = asked(scenario, name, day)
    if found is None:
        raise UsageError(
            f"there is no announced flight {name!r} in {scenario.name}, and no line has flights of that name",
            hint=near_hint(name, names),
        )
    return found


# -- the conflict -------------------------------------------------------------------------------


def _trials(source: Source, scenario: Scenario, wish: Asked | None, budget: Budget) -> Trials:
    """What is tried; a flight whose place in its line comes later than the day that is wanted is refused."""
    if wish is None:
        return Trials(scenario, budget, sky=source.sky)
    trials = Trials(wish.opened(scenario), budget, (wish.condition(scenario),), source.sky)
    if wish.announced is None:
        traffic = trials.model({c: 0 for c in trials.all if c.rule not in SKY_RULES}, is_coarse=True)
        visit = next((v for v in traffic.visits if v.name == wish.visit), None)
        interval = (
            f"{wish.vehicle.name} is launched every {wish.vehicle.launch_interval_days_min:g} d at most"
        )
        if visit is None:
            raise UsageError(
                f"{wish.flight} is not reached before {scenario.to_utc.date()}: {interval}",
                hint="want an earlier flight of the line, or more craft",
            )
        if wish.day is not None and visit.launch_from > wish.day:
            first = scenario.from_utc.floor_day().plus_days(visit.launch_from)
            wanted_utc = scenario.from_utc.floor_day().plus_days(wish.day)
            raise UsageError(
                f"{wish.flight} cannot be launched on {wanted_utc.date()}, {visit.launch_from - wish.day} d "
                f"before its place in the line, {first.date()} at the earliest: {interval}",
                hint="want an earlier flight of the line on that day",
            )
    return trials


def _said(scenario: Scenario, short: Mapping[Condition, int | None]) -> str:
    """The conflict in a sentence, with its days and by how many it falls short."""
    if len(short) > _N_SAID:
        return f"these {len(short)} conditions exclude one another"
    begin = scenario.from_utc.floor_day()
    parts = []
    for c in short:
        day = "" if c.at_utc is None else f" (day {c.at_utc.days_since(begin):.0f})"
        parts.append(f"{', '.join(c.subjects)}: {c.fact}{day}")
    days = [n for c, n in short.items() if n is not None and c.ease is not None and c.ease.unit == "d"]
    said = f"{min(days)} d short" if days else "impossible"
    return f"{said}: {'; '.join(parts)}"


def _member(c: Condition, n: int | None) -> Member:
    unit = c.ease.unit if c.ease is not None else ""
    return Member(c.rule, c.subjects, c.fact, c.at_utc, n, unit)


def _not_proven(
    source: Source,
    scenario: Scenario,
    wish: Asked | None,
    limits: Limits,
    found: Callable[[ExplainOutcome], None],
    progress: Progress,
) -> ExplainOutcome:
    """Crew traffic there may be: plan, and where cargo or people stand in the way leave out their rules."""
    began = time.monotonic()
    best = tried(source, settings_of(wish, scenario), wish, limits, progress)
    if best.plan is not None:
        return replace(
            _possible(source, scenario, wish, best, limits, progress), wall_s=time.monotonic() - began
        )
    blamed = []
    stage = best.stages[-1] if best.stages else None
    # Only what has been shown to be impossible says something about a rule; a limit does not.
    is_shown = stage is not None and (stage.name == "cargo" or stage.status == "infeasible")
    for rule in _LATER.get(stage.name, ()) if stage is not None and is_shown else ():
        if scenario.rules[rule].severity in ("hard", "waivable"):
            settings = {**settings_of(wish, scenario), f"rules.{rule}.severity": "soft"}
            without = tried(source, settings, wish, limits, progress)
            if without.plan is not None:
                who = ("cargo",) if stage is not None and stage.name == "cargo" else ("the crews",)
                fact = f"there is a plan if it may be broken ({without.status})"
                way = WayOut(f"let {rule} be broken", None, without.status, price_of(without), settings)
                blamed.append((Member(rule, who, fact), way))
    message = f"{best.message}; it is not proven that other crew traffic would not do"
    if not blamed:
        message = (
            f"no plan was found within {limits.time_limit_s:g} s, and nothing is proven to stand in the way"
            f" ({best.message})"
        )
    outcome = ExplainOutcome(
        scenario,
        "unproven" if blamed else "unknown",
        message,
        tuple(m for m, _ in blamed),
        is_minimal=False,
        ways=tuple(w for _, w in blamed)[:_N_WAYS],
        wall_s=time.monotonic() - began,
    )
    found(outcome)
    return outcome


def _possible(
    source: Source,
    scenario: Scenario,
    wish: Asked | None,
    best: PlanOutcome,
    limits: Limits,
    progress: Progress,
) -> ExplainOutcome:
    """There is a plan: what it costs beside the one without the wish, and what moves."""
    if wish is None:
        return ExplainOutcome(scenario, "possible", f"{scenario.name} has a plan ({best.status})")
    before = source.plan
    if before is None:
        before = tried(source, {}, None, limits, progress).plan
    assert best.plan is not None
    price, notes = price_of(best), tuple[str, ...]()
    if before is not None:
        price = (price or 0.0) - (plan_price(scenario, before))
        moved = difference(before, best.plan).moved(1.0)
        notes = tuple(f"moves {c.flight}: {c}" for c in moved)
    when = "" if wish.day is None else f" on {scenario.from_utc.floor_day().plus_days(wish.day).date()}"
    way = WayOut(
        f"launch {wish.flight}{when}", price, best.status, price_of(best), settings_of(wish, scenario)
    )
    return ExplainOutcome(
        scenario, "possible", f"{wish.flight} can be launched{when}", ways=(way,), notes=notes
    )


# -- ways out -----------------------------------------------------------------------------------


def _planned_ways(
    source: Source,
    trials: Trials,
    wish: Asked | None,
    short: Mapping[Condition, int | None],
    limits: Limits,
    progress: Progress,
) -> tuple[WayOut, ...]:
    """Ways that planning has confirmed; those that it has not, only if there are too few."""
    made = list[WayOut]()
    for k, way in enumerate(ways(trials, short)):
        if k == _N_TRIED or sum(w.plan_price is not None for w in made) == _N_WAYS:
            break
        one = _planned_way(source, trials, wish, way, limits, progress)
        if one is not None and one.settings not in [w.settings for w in made]:
            made.append(one)
    return ranked(made)[:_N_WAYS]


def _planned_way(
    source: Source, trials: Trials, wish: Asked | None, way: Way, limits: Limits, progress: Progress
) -> WayOut | None:
    words = way.said
    for condition, n in way.changes:
        if condition.rule == WANTED and wish is not None and wish.day is not None:
            wish = wish.moved(trials, n)
            assert wish.day is not None
            at = trials.scenario.from_utc.floor_day().plus_days(wish.day)
            words = "; ".join([f"launch {wish.flight} on {at.date()} instead", *_rest(way)])
    settings = {**way.settings, **settings_of(wish, trials.scenario)}
    try:
        best = tried(source, settings, wish, limits, progress)
    except InputError:
        return None  # the scenario cannot say it
    if best.plan is not None:
        changed = {s for c, _ in way.changes if c.rule == "announced_flight" for s in c.subjects}
        flown = {f.name: f for f in best.plan.flights if f.name in changed}
        announced = {a.name for a in trials.scenario.announced}
        dates = [f"{n} is launched on {f.launch_utc.date()}" for n, f in flown.items() if n in announced]
        dates += [
            f"{n} leaves on {f.undock_utc.date()}"
            for n, f in flown.items()
            if n not in announced and f.undock_utc is not None
        ]
        words += f" ({', '.join(dates)})" if dates else ""
    return WayOut(words, way.price, best.status, None if best.plan is None else price_of(best), settings)


def _rest(way: Way) -> list[str]:
    return [c.ease.said(n) for c, n in way.changes if c.ease is not None and c.rule != WANTED]
