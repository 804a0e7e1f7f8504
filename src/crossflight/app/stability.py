"""What the stability page of a report tells: everything that is known of a plan in about two seconds.

The audit of the flown record, single disruptions, groundings and slips are computed anew for each report.
Plans under other agreements take minutes; they come from the file that ``crossflight agreements`` wrote.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from crossflight.app.audit import SCENARIO, audit
from crossflight.errors import UsageError
from crossflight.model import Coverage, Plan, Scenario
from crossflight.report.shape import Page
from crossflight.report.stability import stability
from crossflight.report.stability_findings import Fall, Findings, Margin, Provider, TermsPlan, Trial
from crossflight.resilience.endurance import Endurance, endurances
from crossflight.resilience.margin import slip_margins
from crossflight.resilience.singles import OUT_DAYS, SLIP_DAYS, STAND_DOWN_DAYS, singles
from crossflight.resilience.traffic import traffic_of
from crossflight.scenario import read_scenario

_KINDS: Final = {
    "slip": f"flight {SLIP_DAYS:g} days late",
    "launch-abort": f"launch aborted, {STAND_DOWN_DAYS:g} days of stand-down",
    "fleet-grounded": f"type grounded for {OUT_DAYS:g} days",
    "pad-out": f"pad out for {OUT_DAYS:g} days",
    "port-closed": f"port closed for {OUT_DAYS:g} days",
    "craft-unusable": "craft unusable for return",
    "early-return": "craft and crew home early",
    "person-unavailable": "person does not fly",
}


def stability_of(
    scenario: Scenario, plan: Plan, coverage: Coverage, terms: Sequence[TermsPlan] = ()
) -> Page | None:
    """The stability page of a plan; None for a plan without a crewed flight.

    Parameters
    ----------
    coverage
        Of the plan.
    terms
        Plans of the scenario under other agreements (:mod:`crossflight.app.agreements_file`).
    """
    try:
        traffic = traffic_of(scenario, plan)
    except UsageError:  # says that nobody flies
        return None
    record = read_scenario(SCENARIO)
    flown = audit(scenario=record) if _segments(record) == _segments(scenario) else None
    known_day = max(0.0, scenario.known_utc.days_since(scenario.from_utc))
    providers = {t.name: t.provider for t in scenario.vehicle_types}
    types = {f.name: f.vehicle_type for f in plan.flights}
    return stability(
        scenario,
        Findings(
            coverage,
            flown.eras if flown else (),
            flown.episodes if flown else (),
            terms,
            [_provider(scenario, x) for x in endurances(traffic, known_day)],
            list(_trials(scenario, plan)),
            [
                Margin(m.flight, providers[types[m.flight]], m.days, m.rule, m.message)
                for m in slip_margins(scenario, plan)
            ],
        ),
    )


def _segments(scenario: Scenario) -> set[str]:
    return {s.name for s in scenario.station.segments}


def _trials(scenario: Scenario, plan: Plan) -> Iterator[Trial]:
    for s in singles(scenario, plan):
        yield Trial(
            _KINDS[s.disruption.kind],
            s.disruption.subject,
            str(s.disruption),
            s.unattended_days,
            s.uncovered_days,
            s.n_seatless,
            s.seatless_person_days,
            s.n_lost,
            s.n_forced,
        )


def _provider(scenario: Scenario, x: Endurance) -> Provider:
    days = x.days
    falls = tuple(_falls(scenario, x))
    return Provider(x.provider, falls, float(days[0]), float(days.min()), float(np.median(days)))


def _falls(scenario: Scenario, x: Endurance) -> Iterator[Fall]:
    """Stretches of starts that come to the same end: there each day later is a day less."""
    days, ends = x.days, [x.ends(i) for i in range(len(x.start))]
    first = 0
    for i in range(1, len(days) + 1):
        if i < len(days) and ends[i] == ends[i - 1] and _is_next(float(days[i - 1]), float(days[i])):
            continue
        from_utc = scenario.from_utc.plus_days(float(x.start[first]))
        to_utc = scenario.from_utc.plus_days(float(x.start[i - 1]) + 1)
        yield Fall(from_utc, to_utc, float(days[first]), float(days[i - 1]), ends[first])
        first = i


def _is_next(before: float, after: float) -> bool:
    if not (math.isfinite(before) and math.isfinite(after)):
        return math.isfinite(before) == math.isfinite(after)
    return abs(after - max(before - 1, 0.0)) < 1e-6
