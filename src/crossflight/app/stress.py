"""Use case: say how much a plan withstands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.check import read
from crossflight.chunks import Kept
from crossflight.errors import UsageError
from crossflight.model import Coverage, Plan, Scenario, Span
from crossflight.resilience.campaign import CHUNK, SENSITIVITIES, Campaign, Sampled, sample
from crossflight.resilience.endurance import Endurance, endurances
from crossflight.resilience.estimate import Estimate, difference, estimate
from crossflight.resilience.living import CHUNK as CHUNK_LIVED
from crossflight.resilience.living import LivedSamples, Living, live_through
from crossflight.resilience.margin import SlipMargin, slip_margins
from crossflight.resilience.rates import RATES, Rates, rates
from crossflight.resilience.singles import Single, singles
from crossflight.resilience.traffic import traffic_of
from crossflight.rules import Walk, coverage_walk
from crossflight.times import Instant

SCHEMA: Final = "crossflight.stress/1"

Json = dict[str, object]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class StressOutcome:
    """What a plan withstands; `sampled` holds the other plan's samples second where there is one."""

    scenario: Scenario
    plan: Plan
    seed: int
    coverage: Coverage
    endurances: tuple[Endurance, ...]
    margins: tuple[SlipMargin, ...]
    singles: tuple[Single, ...]
    rates: Rates
    sampled: Sampled
    lived: LivedSamples | None = None

    @property
    def unattended(self) -> Estimate:
        """Days with a segment unattended."""
        return estimate(self.sampled.plans[0].unattended_any)


def stress(
    plan_name: str,
    n: int,
    seed: int = 0,
    workers: int = 1,
    *,
    compare_name: str | None = None,
    has_sensitivity: bool = False,
    n_replanned: int = 0,
    folder: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
    on_progress: Callable[[int, int], None] | None = None,
) -> StressOutcome:
    """Read a plan and try it: one loss at a time, groundings, slips, and `n` samples of its whole horizon.

    Parameters
    ----------
    plan_name, compare_name
        Files, or ``-`` for standard input; both plans have the same luck.
    has_sensitivity
        Sample under changed rates too.
    n_replanned
        Of the samples, how many are lived through with planning anew too.
    folder
        Where finished chunks of samples are kept until all are there.
    say
        Is told what lies in `folder` and is not taken.

    Raises
    ------
    InputError
        If a file is wrong.
    UsageError
        If a number is out of range, a plan has no crew, or the two plans have other horizons.
    """
    scenario, plan = read(plan_name)
    traffics = [traffic_of(scenario, plan)]
    if compare_name is not None:
        other_scenario, other = read(compare_name)
        _refuse_other_horizon(scenario, other_scenario, compare_name)
        traffics.append(traffic_of(other_scenario, other))
    found = rates()
    campaign = Campaign(tuple(traffics), found, seed, SENSITIVITIES if has_sensitivity else ())
    if folder is not None:
        for note in Kept(folder, campaign.key()).untrusted(-(-n // CHUNK)):
            say(note)
    sampled = sample(campaign, n, workers=workers, folder=folder, on_progress=on_progress)
    lived = None
    if n_replanned:
        living = Living.of(scenario, plan, found, seed)
        place = None if folder is None else folder / "replanned"
        if place is not None:
            for note in Kept(place, living.key()).untrusted(-(-n_replanned // CHUNK_LIVED)):
                say(note)
        lived = live_through(living, n_replanned, workers=workers, folder=place, on_progress=on_progress)
    return StressOutcome(
        scenario,
        plan,
        seed,
        coverage_walk(Walk(scenario, plan)),
        endurances(traffics[0], max(0.0, scenario.known_utc.days_since(scenario.from_utc))),
        tuple(slip_margins(scenario, plan)),
        singles(scenario, plan),
        found,
        sampled,
        lived,
    )


def _refuse_other_horizon(scenario: Scenario, other: Scenario, name: str) -> None:
    if (scenario.from_utc, scenario.to_utc) != (other.from_utc, other.to_utc):
        raise UsageError(
            f"{name} is a plan from {other.from_utc.date()} to {other.to_utc.date()}, not "
            f"{scenario.from_utc.date()} to {scenario.to_utc.date()}: the days cannot be compared",
            hint="compare plans of one horizon",
        )


def document(o: StressOutcome) -> Json:
    """``crossflight.stress/1``: days to 3 decimals; null for what does not come within the plan."""
    first = o.sampled.plans[0]
    e = o.unattended
    return {
        "schema": SCHEMA,
        "scenario": {"name": o.scenario.name, "hash": o.scenario.digest},
        "horizon_days": _round(o.scenario.to_utc.days_since(o.scenario.from_utc)),
        "seed": o.seed,
        "samples": e.n,
        "n1": _n1(o.coverage),
        "endurance_days": {x.provider: _endurance(x) for x in o.endurances},
        "slip_margin_days": {
            m.flight: {"days": m.days, "rule": m.rule or None, "message": m.message} for m in o.margins
        },
        "expected_unattended_days": _estimate(e),
        "unattended": {
            "range95": [_round(x) for x in e.range95],
            "share_without": _round(e.none_share),
            "by_segment": {
                s.name: _round(float(first.unattended[:, i].mean()))
                for i, s in enumerate(o.scenario.station.segments)
            },
        },
        "operator_n1_days": _estimate(estimate(first.uncovered)),
        "seat_n1_person_days": _estimate(estimate(first.seat_person_days)),
        "seatless_person_days": _estimate(estimate(first.stranded_person_days)),
        "events_per_sample": {
            "flights_lost": _round(float(first.n_lost.mean())),
            "craft_unusable": _round(float(first.n_unusable.mean())),
            "early_returns": _round(float(first.n_early.mean())),
            "forced_departures": _round(float(first.n_forced.mean())),
        },
        "compare": _compared(o.sampled) if len(o.sampled.plans) > 1 else None,
        "replanned": _replanned(o.lived),
        "sensitivity": [
            {"change": name, **_estimate(estimate(days)), "difference": _paired(days, first.unattended_any)}
            for name, days in o.sampled.changed.items()
        ],
        "rates": [
            {
                "rate": name,
                "per": x.unit,
                "prior": round(x.prior, 5),
                "n_events": x.n_events,
                "exposure": _round(x.exposure),
                "posterior": round(x.mean, 5),
            }
            for name, x in ((name, getattr(o.rates, name)) for name in RATES)
        ],
        "singles": [_single(s) for s in o.singles],
    }


def _n1(coverage: Coverage) -> Json:
    spans = coverage.operator_n1_uncovered
    return {
        "operator": {
            "days": _round(coverage.operator_n1_uncovered_days),
            "stretches": [
                {
                    "from_utc": s.from_utc.iso(),
                    "to_utc": s.to_utc.iso(),
                    "days": _round(s.days),
                    "subjects": list(s.subjects),
                }
                for s in spans
            ],
            "dates": list(dict.fromkeys(day for s in spans for day in _dates(s))),
        },
        "seat": [
            {
                "from_utc": s.from_utc.iso(),
                "to_utc": s.to_utc.iso(),
                "craft": s.craft,
                "n_without_nominal": s.n_without_nominal,
                "n_without_any": s.n_without_any,
            }
            for s in coverage.seat_n1
        ],
    }


def _dates(span: Span) -> list[str]:
    """The UTC days that a stretch touches."""
    found = []
    day: Instant = span.from_utc.floor_day()
    while day < span.to_utc:
        found.append(day.date())
        day = day.plus_days(1)
    return found


def _endurance(x: Endurance) -> Json:
    return {
        "from_known": _round(float(x.days[0])),
        "ends": x.ends(0),
        "min": _round(float(x.days.min())),
        "median": _round(float(np.median(x.days))),
        "unattended": _times(x.unattended),
        "seatless": _times(x.seatless),
        "life": _times(x.life),
    }


def _times(days: Array) -> Json:
    return {
        "from_known": _round(float(days[0])),
        "min": _round(float(days.min())),
        "median": _round(float(np.median(days))),
    }


def _estimate(e: Estimate) -> Json:
    return {
        "mean": _round(e.mean),
        "ci95": [_round(x) for x in e.ci95],
        "cvar95": _round(e.cvar95),
    }


def _compared(sampled: Sampled) -> Json:
    """The other plan, and this plan less the other, sample by sample."""
    this, other = sampled.plans
    return {
        "expected_unattended_days": _estimate(estimate(other.unattended_any)),
        "operator_n1_days": _estimate(estimate(other.uncovered)),
        "seat_n1_person_days": _estimate(estimate(other.seat_person_days)),
        "difference": {
            "unattended_days": _paired(this.unattended_any, other.unattended_any),
            "operator_n1_days": _paired(this.uncovered, other.uncovered),
            "seat_n1_person_days": _paired(this.seat_person_days, other.seat_person_days),
        },
    }


def _replanned(lived: LivedSamples | None) -> Json | None:
    """Planning anew, and less the fixed policy under the same luck, sample by sample."""
    if lived is None:
        return None
    return {
        "samples": len(lived.fixed),
        "expected_unattended_days": _estimate(estimate(lived.unattended_any)),
        "fixed_policy": _estimate(estimate(lived.fixed)),
        "difference": _paired(lived.unattended_any, lived.fixed),
        "samples_asked": int((lived.n_asked > 0).sum()),
        "plans": {
            "asked": int(lived.n_asked.sum()),
            "taken": int(lived.n_taken.sum()),
            "none_found": int(lived.n_none.sum()),
            "refused_by_checker": int(lived.n_refused.sum()),
            "no_better": int(lived.n_no_better.sum()),
        },
    }


def _paired(values: Array, others: Array) -> Json:
    mean, ci95 = difference(values, others)
    return {"mean": _round(mean), "ci95": [_round(x) for x in ci95]}


def _single(s: Single) -> Json:
    d = s.disruption
    return {
        "kind": d.kind,
        "subject": d.subject,
        "at_utc": d.at_utc.iso(),
        "until_utc": None if d.until_utc is None else d.until_utc.iso(),
        "slip_days": d.days or None,
        "unattended_days": _round(s.unattended_days),
        "operator_n1_days": _round(s.uncovered_days),
        "n_seatless": s.n_seatless,
        "seatless_person_days": _round(s.seatless_person_days),
        "flights_lost": s.n_lost,
        "forced_departures": s.n_forced,
    }


def _round(value: float) -> float | None:
    return round(value, 3) + 0.0 if np.isfinite(value) else None
