"""Why is there no such plan?  The rules in conflict, the first day, and ways out that have been planned."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crossflight import planner
from crossflight.app.check import STDIN, read_from
from crossflight.app.explain_outcome import ExplainOutcome, Member, WayOut
from crossflight.app.near_flights import with_opportunities, with_opportunities_near
from crossflight.app.plan import PlanOutcome, judged
from crossflight.errors import InputError, UsageError
from crossflight.model import Flight, Pin, Plan, Scenario, Violation, Waiver, difference
from crossflight.planner.explain import Trials, core
from crossflight.planner.explain_conditions import WANTED, Condition
from crossflight.planner.explain_ways import Asked, Way, asked, flight_names, shortfalls, ways
from crossflight.planner.solve import Budget
from crossflight.rules import Walk, check
from crossflight.rules.measures import TERMS
from crossflight.scenario import library_names, read_scenario_text, read_text
from crossflight.scenario.near import near_hint
from crossflight.scenario.text_file import scenario_text
from crossflight.times import Instant

# What a plan costs: waivers, flights, less the worth of the crew they bring.
PRICED: Final = ("waiver_price", "flight_price", "crew_shortfall_days")

_PLAN_SCHEMA: Final = "schema: crossflight.plan/"
_N_WAYS: Final = 3
_N_TRIED: Final = 6
_CORE_S: Final = 60.0
# Rules of the later stages: with the crew traffic decided, one of them may leave cargo or people no way.
_LATER: Final = {
    "cargo": ("consumables", "port_closure", "docking_spacing", "pad", "eva_day"),
    "people": ("training", "backup_crew", "ground_time", "availability", "crew_qualification", "career_dose"),
}  # fmt: skip

Progress = Callable[[str, str, float | None, float | None], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How each plan is looked for."""

    time_limit_s: float
    workers: int
    seed: int


@dataclass(frozen=True)
class _Source:
    """A scenario's text, to be read with other values; `plan` is the one asked about."""

    text: str
    file: str
    overrides: Mapping[str, str]
    plan: Plan | None = None

    def scenario(self, settings: Mapping[str, str] | None = None) -> Scenario:
        """The scenario with some values more, and what its orbit allows."""
        return with_opportunities(
            read_scenario_text(self.text, self.file, {**self.overrides, **(settings or {})})
        )


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
    source = _source(name, scenario_name, overrides or {})
    if want is None and source.plan is not None:
        refused = _refused(source, limits, found, progress)
        if refused is not None:
            return refused
    scenario = source.scenario()
    wish = None if want is None else _wish(scenario, want)
    began = time.monotonic()
    budget = Budget(_CORE_S, limits.workers, limits.seed, began)
    trials = Trials(scenario, budget, (wish.condition(scenario),) if wish else ())
    conflict = core(trials)
    if conflict is None:
        return _not_proven(source, scenario, wish, limits, found, progress)
    short = shortfalls(trials, conflict)
    outcome = ExplainOutcome(
        scenario,
        "conflict",
        "these rules cannot all be kept" if len(short) > 1 else "this rule cannot be kept",
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


def _source(name: str, scenario_name: str | None, overrides: Mapping[str, str]) -> _Source:
    if name in library_names():
        return _Source(*scenario_text(name), overrides)
    text, file = read_text(name)
    if _PLAN_SCHEMA not in text[:10_000].replace('"', ""):
        if scenario_name is not None:
            raise UsageError(
                "--scenario names the scenario of a plan; this is a scenario", hint="leave it out"
            )
        return _Source(text, file, overrides)
    if overrides:
        raise UsageError(
            "--set is for scenarios; a plan has the values it was made with", hint="leave --set out"
        )
    if name == STDIN == scenario_name:
        raise UsageError("plan and scenario cannot both come from standard input")
    _, plan = read_from(text, file, name, scenario_name)
    beside = Path(name).parent / "scenario.yaml"
    where = scenario_name or (str(beside) if name != STDIN and beside.exists() else plan.scenario_name)
    return _Source(*scenario_text(where), plan.overrides, plan)


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


def _settings_of(wish: Asked | None, scenario: Scenario) -> dict[str, str]:
    """The announcement as wanted."""
    if wish is None or wish.announced is None or wish.day is None:
        return {}
    at = scenario.from_utc.floor_day().plus_days(wish.day)
    said = wish.announced.launch_utc
    settings = {} if said.floor_day() == at else {f"announced.{wish.flight}.launch_utc": at.date()}
    return {**settings, f"announced.{wish.flight}.window_days": "0"}


def _pins_of(wish: Asked | None, scenario: Scenario) -> tuple[Pin, ...] | None:
    """The pin of a flight that is to be added; None where its day has no lift-off."""
    if wish is None or wish.announced is not None:
        return ()
    launch = scenario.from_utc if wish.day is None else wish.launch_utc(scenario)
    if launch is None:
        return None
    kind = wish.vehicle
    flight = Flight(wish.flight, "rotation", kind.name, "", "", launch, crew_up=())
    # Of a flight wanted on any day it is enough that it is there.
    return (Pin(flight, "crew_up" if wish.day is None else "launch_utc"),)


# -- the conflict -------------------------------------------------------------------------------


def _member(c: Condition, n: int | None) -> Member:
    unit = c.ease.unit if c.ease is not None else ""
    return Member(c.rule, c.subjects, c.fact, c.at_utc, n, unit)


def _not_proven(
    source: _Source,
    scenario: Scenario,
    wish: Asked | None,
    limits: Limits,
    found: Callable[[ExplainOutcome], None],
    progress: Progress,
) -> ExplainOutcome:
    """Crew traffic there may be: plan, and where cargo or people stand in the way leave out their rules."""
    began = time.monotonic()
    best = _tried(source, _settings_of(wish, scenario), wish, limits, progress)
    if best.plan is not None:
        return replace(
            _possible(source, scenario, wish, best, limits, progress), wall_s=time.monotonic() - began
        )
    stage = "cargo" if "cargo" in best.message else "people"
    who = ("cargo",) if stage == "cargo" else ("the crews",)
    blamed = []
    for rule in _LATER[stage]:
        if scenario.rules[rule].severity in ("hard", "waivable"):
            settings = {**_settings_of(wish, scenario), f"rules.{rule}.severity": "soft"}
            without = _tried(source, settings, wish, limits, progress)
            if without.plan is not None:
                fact = f"taken as a wish there is a plan ({without.status})"
                way = WayOut(f"take {rule} as a wish", None, without.status, _price(without), settings)
                blamed.append((Member(rule, who, fact), way))
    outcome = ExplainOutcome(
        scenario,
        "unproven" if blamed else "unknown",
        f"{best.message}; it is not proven that other crew traffic would not do",
        tuple(m for m, _ in blamed),
        is_minimal=False,
        ways=tuple(w for _, w in blamed)[:_N_WAYS],
        wall_s=time.monotonic() - began,
    )
    found(outcome)
    return outcome


def _possible(
    source: _Source,
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
        before = _tried(source, {}, None, limits, progress).plan
    assert best.plan is not None
    price, notes = _price(best), tuple[str, ...]()
    if before is not None:
        price = (price or 0.0) - (_plan_price(scenario, before) or 0.0)
        moved = difference(before, best.plan).moved(1.0)
        notes = tuple(f"moves {c.flight}: {c}" for c in moved)
    when = "" if wish.day is None else f" on {scenario.from_utc.floor_day().plus_days(wish.day).date()}"
    way = WayOut(
        f"launch {wish.flight}{when}", price, best.status, _price(best), _settings_of(wish, scenario)
    )
    return ExplainOutcome(
        scenario, "possible", f"{wish.flight} can be launched{when}", ways=(way,), notes=notes
    )


# -- a plan that is refused -----------------------------------------------------------------------


def _refused(
    source: _Source, limits: Limits, found: Callable[[ExplainOutcome], None], progress: Progress
) -> ExplainOutcome | None:
    """What the checker says of a plan, and how it could be accepted; None where it accepts it."""
    began = time.monotonic()
    plan = source.plan
    assert plan is not None
    plain = read_scenario_text(source.text, source.file, source.overrides)
    scenario = with_opportunities_near(plain, plan)
    failures = [v for v in check(scenario, plan) if v.is_failure]
    if not failures:
        return ExplainOutcome(scenario, "possible", "the checker accepts the plan")
    outcome = ExplainOutcome(
        scenario,
        "refused",
        f"the checker refuses the plan: {len(failures)} violation{'s' * (len(failures) > 1)}",
        tuple(
            Member(v.rule, v.subjects, v.message, v.from_utc, round(v.to_utc.days_since(v.from_utc), 3), "d")
            for v in failures
        ),
        min(v.from_utc for v in failures),
        wall_s=time.monotonic() - began,
    )
    found(outcome)
    again = time.monotonic()
    made = [w for w in (_waived(scenario, plan, failures),) if w is not None]
    for words, pins in _kept_of(plan, failures):
        kept = _tried(source, {}, None, limits, progress, pins)
        if kept.plan is not None:
            made.append(WayOut(words, None, kept.status, _price(kept)))
    return replace(outcome, ways=_ranked(made), ways_wall_s=time.monotonic() - again)


def _waived(scenario: Scenario, plan: Plan, failures: Sequence[Violation]) -> WayOut | None:
    """Waivers for everything, where every violation can be waived and the checker then accepts the plan."""
    if any(v.severity != "waivable" for v in failures):
        return None
    waivers = [
        Waiver(
            v.rule,
            v.from_utc,
            v.to_utc,
            v.subjects,
            v.to_utc.days_since(v.from_utc) * scenario.rules[v.rule].price_per_day,
            "explained",
        )
        for v in failures
    ]
    waived = replace(plan, waivers=(*plan.waivers, *waivers))
    if any(v.is_failure for v in check(scenario, waived)):
        return None
    said = "; ".join(
        f"waive {w.rule} for {', '.join(w.subjects)} from {w.from_utc.minute()} to {w.to_utc.minute()}"
        for w in waivers
    )
    price = sum(w.price for w in waivers)
    return WayOut(said, price, "feasible", _plan_price(scenario, waived))


def _kept_of(plan: Plan, failures: Sequence[Violation]) -> Iterator[tuple[str, tuple[Pin, ...]]]:
    """What of the plan to keep: every flight that no violation names, then nothing."""
    blamed = {s for v in failures for s in v.subjects}
    free = [f for f in plan.flights if f.name not in blamed]
    dates = ("launch_utc", "undock_utc")
    pins = tuple(Pin(f, what) for f in free for what in dates if getattr(f, what) is not None)
    again = [f.name for f in plan.flights if f.name in blamed]
    if pins and again:
        yield f"plan {', '.join(again)} anew, with the dates of all others kept", pins
    yield "plan everything anew", ()


# -- ways out -----------------------------------------------------------------------------------


def _planned_ways(
    source: _Source,
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
        if one is not None:
            made.append(one)
    return _ranked(made)[:_N_WAYS]


def _planned_way(
    source: _Source, trials: Trials, wish: Asked | None, way: Way, limits: Limits, progress: Progress
) -> WayOut | None:
    words = way.said
    for condition, n in way.changes:
        if condition.rule == WANTED and wish is not None and wish.day is not None:
            wish = wish.moved(trials, n)
            assert wish.day is not None
            at = trials.scenario.from_utc.floor_day().plus_days(wish.day)
            words = "; ".join([f"launch {wish.flight} on {at.date()} instead", *_rest(way)])
    settings = {**way.settings, **_settings_of(wish, trials.scenario)}
    try:
        best = _tried(source, settings, wish, limits, progress)
    except InputError:
        return None  # the scenario cannot say it
    return WayOut(words, way.price, best.status, None if best.plan is None else _price(best), settings)


def _rest(way: Way) -> list[str]:
    return [c.ease.said(n) for c, n in way.changes if c.ease is not None and c.rule != WANTED]


def _tried(
    source: _Source,
    settings: Mapping[str, str],
    wish: Asked | None,
    limits: Limits,
    progress: Progress,
    pins: tuple[Pin, ...] = (),
) -> PlanOutcome:
    """A plan of the scenario with some values changed, if there is one; the checker accepts it."""
    scenario = source.scenario(settings)
    own = _pins_of(wish, scenario)
    if own is None:
        return PlanOutcome(scenario, "infeasible", "there is no lift-off on that day", 0.0)
    result = planner.plan(
        scenario,
        time_limit_s=limits.time_limit_s,
        workers=limits.workers,
        seed=limits.seed,
        pins=(*pins, *own),
        progress=progress,
    )
    if result.is_interrupted:
        raise KeyboardInterrupt
    outcome = PlanOutcome(scenario, result.status, result.message, result.wall_s, result.plan)
    return outcome if result.plan is None else judged(outcome)


def _price(outcome: PlanOutcome) -> float | None:
    return None if outcome.plan is None else _plan_price(outcome.scenario, outcome.plan)


def _plan_price(scenario: Scenario, plan: Plan) -> float:
    walk = Walk(scenario, plan)
    weights = [(t, w) for tier in scenario.objective for t, w in tier.terms.items() if t in PRICED]
    return round(sum(weight * TERMS[term](walk) for term, weight in weights), 3)


def _ranked(made: Sequence[WayOut]) -> tuple[WayOut, ...]:
    """What has a plan first, then the cheapest plan."""
    return tuple(sorted(made, key=lambda w: (w.plan_price is None, w.plan_price or 0.0, w.price or 0.0)))
