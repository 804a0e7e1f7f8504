"""What is explained: a scenario's text to be read with other values, and plans of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from crossflight import planner
from crossflight.app.check import STDIN, read_from
from crossflight.app.explain_outcome import WayOut
from crossflight.app.opportunities import opportunities_of
from crossflight.app.plan import PlanOutcome, judged
from crossflight.errors import UsageError
from crossflight.model import Flight, Opportunities, Pin, Plan, Scenario
from crossflight.planner.explain_ways import Asked
from crossflight.rules import Walk
from crossflight.rules.measures import TERMS
from crossflight.scenario import library_names, read_scenario_text, read_text
from crossflight.scenario.text_file import scenario_text
from crossflight.times import Instant

# What a plan costs: waivers, flights, less the worth of the crew they bring.
PRICED: Final = ("waiver_price", "flight_price", "crew_shortfall_days")

_PLAN_SCHEMA: Final = "schema: crossflight.plan/"
# A plan says its schema at the top.
_N_HEAD: Final = 10_000

Progress = Callable[[str, str, float | None, float | None], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How each plan is looked for."""

    time_limit_s: float
    workers: int
    seed: int


@dataclass(frozen=True)
class Source:
    """A scenario's text; `plan` is the one asked about.

    What the orbit allows is computed when it is needed, and once: no change that is tried touches it.
    """

    text: str
    file: str
    overrides: Mapping[str, str]
    plan: Plan | None = None
    _skies: dict[Instant, Opportunities | None] = field(default_factory=dict)

    def scenario(self, settings: Mapping[str, str] | None = None) -> Scenario:
        """The scenario with some values more, and nothing said of its orbit."""
        return read_scenario_text(self.text, self.file, {**self.overrides, **(settings or {})})

    def sky(self, end: Instant) -> Opportunities | None:
        """What the orbit allows from the beginning until `end`, perhaps longer."""
        known = next((at for at in self._skies if at >= end), None)
        if known is None:
            scenario = self.scenario()
            known, self._skies[end] = end, opportunities_of(scenario, scenario.from_utc, end)
        return self._skies[known]

    def whole(self, settings: Mapping[str, str] | None = None) -> Scenario:
        """The scenario with some values more, and what its orbit allows."""
        scenario = self.scenario(settings)
        return replace(scenario, opportunities=self.sky(scenario.to_utc))


def source_of(name: str, scenario_name: str | None, overrides: Mapping[str, str]) -> Source:
    """The scenario or plan of a name.

    Raises
    ------
    InputError
        If a file is wrong.
    UsageError
        If options do not fit what is named.
    """
    if name in library_names():
        text, file = scenario_text(name)
    else:
        text, file = read_text(name)
    if _PLAN_SCHEMA not in text[:_N_HEAD].replace('"', ""):
        if scenario_name is not None:
            raise UsageError(
                "--scenario names the scenario of a plan; this is a scenario", hint="leave it out"
            )
        return Source(text, file, overrides)
    if overrides:
        raise UsageError(
            "--set is for scenarios; a plan has the values it was made with", hint="leave --set out"
        )
    if name == STDIN == scenario_name:
        raise UsageError("plan and scenario cannot both come from standard input")
    _, plan = read_from(text, file, name, scenario_name)
    beside = Path(name).parent / "scenario.yaml"
    where = scenario_name or (str(beside) if name != STDIN and beside.exists() else plan.scenario_name)
    return Source(*scenario_text(where), plan.overrides, plan)


def settings_of(wish: Asked | None, scenario: Scenario) -> dict[str, str]:
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


def tried(
    source: Source,
    settings: Mapping[str, str],
    wish: Asked | None,
    limits: Limits,
    progress: Progress,
    pins: tuple[Pin, ...] = (),
) -> PlanOutcome:
    """A plan of the scenario with some values changed, if there is one; the checker accepts it."""
    scenario = source.whole(settings)
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
    outcome = PlanOutcome(
        scenario, result.status, result.message, result.wall_s, result.plan, stages=result.stages
    )
    return outcome if result.plan is None else judged(outcome)


def price_of(outcome: PlanOutcome) -> float | None:
    """What the plan that was found costs; None where there is none."""
    return None if outcome.plan is None else plan_price(outcome.scenario, outcome.plan)


def plan_price(scenario: Scenario, plan: Plan) -> float:
    """What a plan costs by the scenario's own weights, in its price unit."""
    walk = Walk(scenario, plan)
    weights = [(t, w) for tier in scenario.objective for t, w in tier.terms.items() if t in PRICED]
    return round(sum(weight * TERMS[term](walk) for term, weight in weights), 3)


def ranked(made: Sequence[WayOut]) -> tuple[WayOut, ...]:
    """What has a plan first, then the cheapest plan."""
    return tuple(sorted(made, key=lambda w: (w.plan_price is None, w.plan_price or 0.0, w.price or 0.0)))
