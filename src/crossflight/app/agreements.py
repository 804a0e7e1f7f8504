"""Use case: what agreements about seats cost each partner, and what they buy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight import planner
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.near_flights import with_opportunities
from crossflight.app.plan import PlanOutcome, judged, signed
from crossflight.errors import LimitError, UsageError
from crossflight.model import Fact, Flight, Pin, Plan, Scenario
from crossflight.report.agreement_plots import Shown, cost_against_cover
from crossflight.resilience.campaign import N_MAX, Campaign, Samples, sample
from crossflight.resilience.endurance import Endurance, endurances
from crossflight.resilience.estimate import Estimate, difference, estimate
from crossflight.resilience.rates import rates
from crossflight.resilience.terms import Terms, no_other_launches, others, todays
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.rules import Walk
from crossflight.rules.measures import TERMS
from crossflight.rules.operator_n1 import uncovered
from crossflight.rules.segment_operator import unattended
from crossflight.scenario import plan_text, text_of_scenario
from crossflight.scenario.digest import digest_of
from crossflight.scenario.read import read_scenario_text
from crossflight.scenario.text_file import scenario_text

SCHEMA: Final = "crossflight.agreements/1"
# What of a crewed flight is kept where the traffic stays as it is.
_PINNED: Final = ("launch_utc", "undock_utc", "craft", "pad", "port")
_MONTH_DAYS: Final = 365.25 / 12
_MEASURED: Final = ("flight_price", "crew_shortfall_days", "handover_shortfall_days", "seat_n1_person_days")

Json = dict[str, object]
Array = NDArray[np.float64]
Progress = Callable[[str, str, float | None, float | None], None]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one partner gives and takes.

    Attributes
    ----------
    n_given, n_taken
        Seats up on rotation flights launched within the plan: of others' people on its craft, of its
        people on others'.
    months_own, months_others
        Training of its people, crews and backup crews, in its own centres and in others'.
    """

    n_given: int
    n_taken: int
    months_own: float
    months_others: float


@dataclass(frozen=True)
class Variant:
    """A plan under some terms.

    Attributes
    ----------
    is_same_traffic
        Crewed flights keep the days, craft, pads and ports of the plan under today's terms.
    outcome
        Without a plan where none was found; then the rest is empty.
    n_flights
        Crewed flights launched within the plan, by type.
    costs
        By partner.
    uncovered, unattended
        Days by segment.
    measures
        Terms of the objective, of the plan's exact instants.
    """

    terms: Terms
    is_same_traffic: bool
    outcome: PlanOutcome
    n_flights: Mapping[str, int]
    costs: Mapping[str, Cost]
    uncovered: Mapping[str, float]
    unattended: Mapping[str, float]
    measures: Mapping[str, float]
    endurances: tuple[Endurance, ...] = ()
    samples: Samples | None = None

    @property
    def name(self) -> str:
        """Of its folder."""
        return f"{self.terms.name}-same-traffic" if self.is_same_traffic else self.terms.name

    @property
    def traffic(self) -> str:
        """In words."""
        return "today's" if self.is_same_traffic else "planned anew"

    @property
    def months(self) -> float:
        """Training of everybody in others' centres; at home it says more of who flies than of terms."""
        return sum(c.months_others for c in self.costs.values())


@dataclass(frozen=True)
class AgreementsOutcome:
    """All of it; the plan under today's terms comes first, `left_out` are terms that come to others."""

    scenario: Scenario
    variants: tuple[Variant, ...]
    left_out: tuple[Terms, ...]
    seed: int
    n_samples: int
    files: tuple[Path, ...] = ()

    def less_today(self, variant: Variant) -> tuple[float, tuple[float, float]] | None:
        """Unattended days less those under today's terms, sample by sample: mean and 95 % interval."""
        today = self.variants[0].samples
        if variant.samples is None or today is None:
            return None
        return difference(variant.samples.unattended_any, today.unattended_any)


def agreements(
    scenario_name: str,
    *,
    overrides: Mapping[str, str],
    time_limit_s: float,
    workers: int,
    seed: int,
    n_samples: int,
    out: Path | None = None,
    progress: Progress = lambda *_: None,
    say: Callable[[str], None] = lambda _: None,
) -> AgreementsOutcome:
    """Plan a scenario under each set of terms, anew and with today's traffic, and sample all plans.

    Parameters
    ----------
    time_limit_s
        Wall seconds for each plan.
    workers
        Threads of the solver, processes of the samples.
    seed
        Of the solver and of everything drawn.
    out
        Where plans, agreements.json and a plot are written.
    say
        Told of each plan as it is made.

    Raises
    ------
    InputError
        If the scenario is wrong.
    UsageError
        If it has no agreement about seats, a number is out of range, or `out` cannot be written.
    LimitError
        If there is no plan under today's terms.
    PlanRefusedError
        If the checker refuses a plan.
    KeyboardInterrupt
        If a search was interrupted: nothing is written.
    """
    if not 1 <= n_samples <= N_MAX:
        raise UsageError(f"{n_samples} samples are asked for; 1 to {N_MAX} can be had")
    source, file = scenario_text(scenario_name)
    scenario = read_scenario_text(source, file, overrides)
    first = todays(scenario)
    if out is not None:
        refuse_unwritable(out)
    opportunities = with_opportunities(scenario).opportunities

    def variant(terms: Terms, kept: tuple[Pin, ...] = ()) -> Variant:
        stated = replace(
            terms.scenario,
            title=f"{scenario.title}: {terms.title}",
            overrides={},
            facts=(Fact("", is_assumed=True),),
        )
        stated = replace(stated, digest=digest_of(stated), opportunities=opportunities)
        found = measured(scenario, terms, _planned(stated, kept, time_limit_s, workers, seed, progress), kept)
        o = found.outcome
        say(
            f"{terms.title}, traffic {found.traffic}: {o.status}, gap {o.gap:.1%}, {o.wall_s:.0f} s "
            f"{o.message}".rstrip()
        )
        return found

    today = variant(first)
    plan = today.outcome.plan
    if plan is None:
        raise LimitError(
            f"{scenario.name}: no plan under today's terms ({today.outcome.status}): {today.outcome.message}",
            hint="try crossflight plan, or a longer --time-limit",
        )
    kept = crewed_traffic(scenario, plan)
    variants, left_out = [today], []
    for terms in others(scenario, plan):
        if terms.same_as:
            left_out.append(terms)
            continue
        same = variant(replace(terms, scenario=no_other_launches(terms.scenario, plan)), kept)
        variants += [_better(variant(terms), same), same]
    sampled = _sampled(scenario, variants, seed, n_samples, workers)
    outcome = AgreementsOutcome(scenario, tuple(sampled), tuple(left_out), seed, n_samples)
    return outcome if out is None else replace(outcome, files=_written(outcome, out))


def crewed_traffic(scenario: Scenario, plan: Plan) -> tuple[Pin, ...]:
    """Pins of the crewed flights of a plan: everything but who flies.  Cargo stays the planner's."""
    crewed = {t.name for t in scenario.vehicle_types if t.is_crewed}
    docked = {d.flight.name for d in scenario.docked}

    def pinned(f: Flight) -> Iterable[Pin]:
        fields = ("undock_utc",) if f.name in docked else _PINNED
        return (Pin(f, what) for what in fields if getattr(f, what) is not None)

    return tuple(pin for f in plan.flights if f.vehicle_type in crewed for pin in pinned(f))


def _planned(
    scenario: Scenario,
    kept: tuple[Pin, ...],
    time_limit_s: float,
    workers: int,
    seed: int,
    progress: Progress,
) -> PlanOutcome:
    result = planner.plan(
        scenario, time_limit_s=time_limit_s, workers=workers, seed=seed, pins=kept, progress=progress
    )
    if result.is_interrupted:
        raise KeyboardInterrupt
    outcome = PlanOutcome(
        scenario,
        result.status,
        result.message,
        result.wall_s,
        objective=result.objective,
        stages=result.stages,
    )
    if result.plan is None:
        return outcome
    return judged(replace(outcome, plan=signed(result.plan, outcome, seed)))


def _better(anew: Variant, same: Variant) -> Variant:
    """The plan made anew, or today's traffic re-seated where the search has found nothing as good."""
    a, b = ([t.value for t in v.outcome.objective] for v in (anew, same))
    if same.outcome.plan is None or (anew.outcome.plan is not None and a <= b):
        return anew
    note = "in the time given nothing better than today's traffic was found"
    bounds = anew.outcome.objective or same.outcome.objective
    objective = tuple(
        # A bound of the first tiers holds for every traffic; after a worse value it is none.
        replace(t, bound=min(t.value, bounds[i].bound) if a[:i] == b[:i] else -math.inf)
        for i, t in enumerate(same.outcome.objective)
    )
    return replace(
        same,
        is_same_traffic=False,
        outcome=replace(same.outcome, status="feasible", message=note, objective=objective),
    )


def measured(base: Scenario, terms: Terms, outcome: PlanOutcome, kept: tuple[Pin, ...] = ()) -> Variant:
    """What a plan costs and covers; `base` says whose centres are whose."""
    if outcome.plan is None:
        return Variant(terms, bool(kept), outcome, {}, {}, {}, {}, {})
    scenario, plan = outcome.scenario, outcome.plan
    walk = Walk(scenario, plan)
    launched = [
        f for f in walk.by_launch if walk.in_horizon(f.launch_utc.us) and walk.types[f.vehicle_type].is_crewed
    ]
    n_flights = {t: sum(f.vehicle_type == t for f in launched) for t in {f.vehicle_type for f in launched}}
    segments = scenario.station.segments
    return Variant(
        terms,
        bool(kept),
        outcome,
        dict(sorted(n_flights.items())),
        costs(base, walk, [f for f in launched if f.kind == "rotation"]),
        {
            s.name: sum(
                x.days for x, lost in zip(walk.states, uncovered(walk, s), strict=True) if lost is not None
            )
            for s in segments
        },
        {
            s.name: sum(
                x.days for x, n in zip(walk.states, unattended(walk, s), strict=True) if n is not None
            )
            for s in segments
        },
        {name: float(TERMS[name](walk)) for name in _MEASURED},
    )


def costs(base: Scenario, walk: Walk, rotations: Iterable[Flight]) -> dict[str, Cost]:
    """Seats and training months by partner."""
    partners = [p.name for p in base.partners]
    given, taken = dict.fromkeys(partners, 0), dict.fromkeys(partners, 0)
    for f in rotations:
        provider = walk.types[f.vehicle_type].provider
        for person in f.crew_up:
            partner = walk.partner_of(person)
            if partner is not None and partner != provider and provider in given:
                given[provider] += 1
                taken[partner] += 1
    owners = centre_owners(base)
    at = {c.name: owners.get(c.centre) for c in walk.scenario.courses}
    own, abroad = dict.fromkeys(partners, 0.0), dict.fromkeys(partners, 0.0)
    for slot in walk.plan.training:
        partner = walk.partner_of(slot.person)
        if partner is not None:
            where = own if at[slot.course] in (partner, None) else abroad
            where[partner] += slot.to_utc.days_since(slot.from_utc) / _MONTH_DAYS
    return {p: Cost(given[p], taken[p], own[p], abroad[p]) for p in partners}


def centre_owners(scenario: Scenario) -> dict[str, str]:
    """The partner of each training centre: whose vehicles, segment or basic courses most courses are for."""
    providers = {t.name: t.provider for t in scenario.vehicle_types}
    operators: dict[str, set[str]] = {}
    for person in scenario.people:
        partner = scenario.partner_of_agency(person.agency)
        for q in person.qualifications:
            if partner is not None and q.is_operator:
                operators.setdefault(q.segment, set()).add(partner)
    votes: dict[str, list[str]] = {}
    for c in scenario.courses:
        whose = {providers[t] for t in c.vehicle_types if t in providers}
        whose = whose or set().union(*(operators.get(s, set()) for s in c.segments))
        if not whose and not c.prerequisites:
            whose = set(c.partners)
        if len(whose) == 1:
            votes.setdefault(c.centre, []).extend(whose)
    return {centre: max(sorted(set(found)), key=found.count) for centre, found in votes.items()}


def _sampled(
    scenario: Scenario, variants: list[Variant], seed: int, n_samples: int, workers: int
) -> list[Variant]:
    """The variants with their endurance, and with samples of all under the same luck."""
    from_day = max(0.0, scenario.known_utc.days_since(scenario.from_utc))
    traffics: dict[int, Traffic] = {
        i: traffic_of(v.outcome.scenario, v.outcome.plan)
        for i, v in enumerate(variants)
        if v.outcome.plan is not None
    }
    campaign = Campaign(tuple(traffics.values()), rates(), seed)
    sampled = sample(campaign, n_samples, workers=workers)
    by_variant = dict(zip(traffics, sampled.plans, strict=True))
    return [
        replace(v, endurances=endurances(traffics[i], from_day), samples=by_variant[i])
        if i in traffics
        else v
        for i, v in enumerate(variants)
    ]


def _written(outcome: AgreementsOutcome, out: Path) -> tuple[Path, ...]:
    import json

    files: tuple[Path, ...] = ()
    for v in outcome.variants:
        if v.outcome.plan is not None:
            texts = {
                "scenario.yaml": text_of_scenario(v.outcome.scenario),
                "plan.yaml": plan_text(v.outcome.plan),
            }
            files += write_files(out / v.name, texts)
    found = json.dumps(document(outcome), indent=2, allow_nan=False) + "\n"
    plot = cost_against_cover(
        f"{outcome.scenario.name}: what agreements about seats cost, and what they cover",
        [shown for v in outcome.variants if (shown := _shown(v)) is not None],
    )
    return files + write_files(out, {"agreements.json": found, "agreements.svg": plot})


def _shown(v: Variant) -> Shown | None:
    if v.samples is None:
        return None
    e = estimate(v.samples.unattended_any)
    return Shown(
        v.terms.title,
        v.is_same_traffic,
        v.months,
        sum(v.uncovered.values()),
        e.mean,
        e.ci95,
    )


def document(o: AgreementsOutcome) -> Json:
    """``crossflight.agreements/1``: days and months to 3 decimals; null for what is not within the plan."""
    return {
        "schema": SCHEMA,
        "scenario": {"name": o.scenario.name, "hash": o.scenario.digest},
        "seed": o.seed,
        "samples": o.n_samples,
        "variants": [_variant(o, v) for v in o.variants],
        "left_out": [{"terms": t.name, "title": t.title, "same_as": t.same_as} for t in o.left_out],
    }


def _variant(o: AgreementsOutcome, v: Variant) -> Json:
    has_plan = v.outcome.plan is not None
    less = o.less_today(v)
    return {
        "terms": v.terms.name,
        "title": v.terms.title,
        "traffic": "today" if v.is_same_traffic else "planned",
        "status": v.outcome.status,
        "message": v.outcome.message or None,
        "objective": [
            {"tier": t.tier, "value": _round(t.value), "bound": _round(t.bound)} for t in v.outcome.objective
        ],
        "disagreements": [
            {"tier": d.tier, "solved": _round(d.solved), "measured": _round(d.measured)}
            for d in v.outcome.disagreements
        ],
        "flights": dict(v.n_flights),
        "measures": {name: _round(x) for name, x in v.measures.items()},
        "partners": {
            name: {
                "seats_given": c.n_given,
                "seats_taken": c.n_taken,
                "training_months": {
                    "own_centres": _round(c.months_own),
                    "others_centres": _round(c.months_others),
                },
            }
            for name, c in v.costs.items()
        },
        "segments": {
            name: {
                "operator_n1_days": _round(days),
                "unattended_days": _round(v.unattended[name]),
                "expected_unattended_days": None
                if v.samples is None
                else _estimate(estimate(v.samples.unattended[:, i])),
            }
            for i, (name, days) in enumerate(v.uncovered.items())
        },
        "endurance_days": {
            x.provider: {
                "from_known": _round(float(x.days[0])),
                "min": _round(float(x.days.min())),
                "median": _round(float(np.median(x.days))),
            }
            for x in v.endurances
        },
        "expected_unattended_days": None
        if v.samples is None
        else _estimate(estimate(v.samples.unattended_any)),
        "less_today": None
        if less is None
        else {"mean": _round(less[0]), "ci95": [_round(x) for x in less[1]]},
        "folder": v.name if has_plan else None,
    }


def _estimate(e: Estimate) -> Json:
    return {"mean": _round(e.mean), "ci95": [_round(x) for x in e.ci95], "cvar95": _round(e.cvar95)}


def _round(value: float) -> float | None:
    return round(value, 3) + 0.0 if np.isfinite(value) else None
