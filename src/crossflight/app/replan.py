"""Repair a plan after disruptions: read it, say what keeping it as it is would mean, propose another.

The scenario as it then is, the plan and the report go into one folder; a plan that the checker refuses is
never written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crossflight import __version__
from crossflight.app.check import read
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.near_flights import with_opportunities
from crossflight.app.picture import picture, plan_hash
from crossflight.app.stability import stability_of
from crossflight.errors import PlanRefusedError, UsageError
from crossflight.model import (
    Change,
    Coverage,
    Difference,
    Plan,
    Provenance,
    Scenario,
    SeatMove,
    TierResult,
    Violation,
    difference,
)
from crossflight.model.disruption import Disruption
from crossflight.planner.solve import silent
from crossflight.report.html import render
from crossflight.report.tables import do_nothing_table
from crossflight.resilience.disrupted import Disrupted, as_it_stands, disrupted, subjects
from crossflight.resilience.repair import Repaired, repair
from crossflight.rules import Walk, check_walk, coverage_walk
from crossflight.rules.measures import TERMS
from crossflight.scenario import plan_text, read_scenario_text, text_of_scenario
from crossflight.scenario.disruption_file import check_disruptions, read_disruptions
from crossflight.times import Instant

SCHEMA: Final = "crossflight.replan/1"
_N_FAILURES_SHOWN: Final = 20

Json = dict[str, object]
Progress = Callable[[str, str, float | None, float | None], None]


@dataclass(frozen=True, slots=True)
class Judged:
    """A plan, what the checker says of it and what it is worth."""

    plan: Plan
    violations: tuple[Violation, ...]
    coverage: Coverage
    measures: dict[str, float]

    @property
    def failures(self) -> tuple[Violation, ...]:
        """Violations that make it unacceptable."""
        return tuple(v for v in self.violations if v.is_failure)


@dataclass(frozen=True)
class ReplanOutcome:
    """What came of it; `proposed` is None where no plan was found, `scenario_text` then empty."""

    found: Disrupted
    repaired: Repaired
    do_nothing: Judged
    proposed: Judged | None
    change: Difference
    files: tuple[Path, ...] = ()
    scenario_text: str = ""

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is."""
        return self.repaired.scenario


def replan(
    plan_name: str,
    asked: Sequence[str],
    out: Path,
    *,
    as_of: str | None = None,
    scenario_name: str | None = None,
    time_limit_s: float,
    seed: int,
    progress: Progress,
) -> ReplanOutcome:
    """Repair a plan and write scenario.yaml, plan.yaml and report.html into `out`.

    Parameters
    ----------
    asked
        Disruptions: lines or files, see `scenario.disruption_file`.
    as_of
        The day of knowledge; the latest date of the disruptions where none is given.

    Raises
    ------
    InputError
        If a file or a disruption is wrong.
    UsageError
        If there is no disruption, one cannot be, or `out` cannot be written.
    PlanRefusedError
        If the checker refuses what was written and read again.
    """
    if not asked:
        raise UsageError(
            "no disruption is given", hint="for example --disruption slip:Crew-9:2024-08-24:days=30"
        )
    told = read_disruptions(asked)
    scenario, plan = read(plan_name, scenario_name)
    known = check_disruptions(told, subjects(scenario, plan), scenario)
    at = _as_of(as_of, known, scenario)
    refuse_unwritable(out)
    outcome = replanned(
        scenario,
        plan,
        known,
        at,
        time_limit_s=time_limit_s,
        seed=seed,
        progress=progress,
    )
    if outcome.proposed is None:
        return outcome
    return replace(outcome, files=write_files(out, _texts(outcome, outcome.scenario_text)))


def replanned(
    scenario: Scenario,
    plan: Plan,
    known: Sequence[Disruption],
    at: Instant,
    *,
    time_limit_s: float,
    seed: int,
    progress: Progress = silent,
) -> ReplanOutcome:
    """`replan` without files: the disruptions known on a day, and the plan repaired.

    Raises
    ------
    UsageError
        If a disruption cannot be.
    PlanRefusedError
        If the checker refuses what was written and read again.
    """
    found = disrupted(scenario, plan, known, at)
    opportunities = with_opportunities(found.scenario).opportunities
    found = replace(
        found,
        scenario=replace(found.scenario, opportunities=opportunities),
        before=replace(found.before, opportunities=opportunities),
    )
    repaired = repair(
        found,
        seed=seed,
        time_limit_s=time_limit_s,
        progress=progress,
    )
    do_nothing = judged(found.scenario, as_it_stands(found))
    if repaired.plan is None:
        return ReplanOutcome(found, repaired, do_nothing, None, Difference(()))
    text = text_of_scenario(_titled(repaired.scenario, found))
    again = replace(read_scenario_text(text, "scenario.yaml"), opportunities=opportunities)
    proposed = judged(again, _signed(repaired, again, seed))
    if proposed.failures:
        raise PlanRefusedError(
            f"the checker refuses the repaired plan: {proposed.failures[0].message}",
            hint="nothing was written; please report it with the plan and the disruptions",
            findings=tuple(f"{v.rule}: {v.message}" for v in proposed.failures),
        )
    return ReplanOutcome(
        found,
        replace(repaired, scenario=again),
        do_nothing,
        proposed,
        difference(_whole(found), proposed.plan),
        scenario_text=text,
    )


def _as_of(text: str | None, known: Sequence[Disruption], scenario: Scenario) -> Instant:
    if text is None:
        return max(d.at_utc for d in known)
    try:
        at = Instant.parse(text)
    except ValueError:
        raise UsageError(f"--as-of {text} is not a UTC time", hint="write 2022-12-16") from None
    if not scenario.from_utc <= at < scenario.to_utc:
        raise UsageError(
            f"--as-of {at.date()} is outside the plan",
            hint=f"it runs from {scenario.from_utc.date()} to {scenario.to_utc.date()}",
        )
    return at


def _titled(scenario: Scenario, found: Disrupted) -> Scenario:
    what = "; ".join(map(str, found.disruptions))
    return replace(scenario, title=f"{scenario.title}, as of {found.as_of.date()}: {what}"[:200])


def _signed(repaired: Repaired, scenario: Scenario, seed: int) -> Plan:
    assert repaired.plan is not None
    tiers = tuple(TierResult(t.name, t.value, t.bound) for t in repaired.tiers)
    provenance = Provenance(
        version=__version__,
        seed=seed,
        status="optimal" if repaired.status == "optimal" else "feasible",
        gap=max((t.gap for t in tiers), default=0.0),
        objective=tiers,
    )
    return replace(
        repaired.plan, scenario_name=scenario.name, scenario_digest=scenario.digest, provenance=provenance
    )


def judged(scenario: Scenario, plan: Plan) -> Judged:
    """The checker's word on a plan, and its measures."""
    walk = Walk(scenario, plan)
    measures = {name: float(term(walk)) for name, term in TERMS.items()}
    return Judged(plan, check_walk(walk), coverage_walk(walk), measures)


def not_flown(outcome: ReplanOutcome) -> list[str]:
    """Flights that cannot fly on the day the plan has them, or were lost."""
    flown = {f.name for f in outcome.do_nothing.plan.flights}
    return [f.name for f in _whole(outcome.found).flights if f.name not in flown]


def _whole(found: Disrupted) -> Plan:
    """The plan before, with the flights that were lost: what the field's words compare with."""
    flights = sorted((*found.plan.flights, *found.lost), key=lambda f: (f.launch_utc, f.name))
    return replace(found.plan, flights=tuple(flights))


def _texts(outcome: ReplanOutcome, scenario_text: str) -> dict[str, str]:
    assert outcome.proposed is not None
    text = plan_text(outcome.proposed.plan)
    stability = stability_of(outcome.scenario, outcome.proposed.plan, outcome.proposed.coverage)
    drawn = picture(
        outcome.scenario,
        outcome.proposed.plan,
        outcome.proposed.violations,
        outcome.proposed.coverage,
        plan_digest=plan_hash(text),
        beside=[do_nothing_table(compared(outcome))],
        baseline=_whole(outcome.found),
        baseline_name="the plan before",
        pages=[stability] if stability else [],
    )
    return {"scenario.yaml": scenario_text, "plan.yaml": text, "report.html": render(drawn)}


# -- what is said of it -------------------------------------------------------------------------


def actions(outcome: ReplanOutcome) -> Iterator[Json]:
    """What is to be done, in the words of the field: ``kind``, ``subject``, ``from``, ``to``."""
    lost = {f.name for f in outcome.found.lost}
    for change in outcome.change.changes:
        kind = "lost" if change.flight in lost else change.what.replace(" ", "-")
        yield {
            "kind": kind,
            "subject": change.flight,
            "from": _told(change.before),
            "to": _told(change.after),
            "text": _said(change, lost),
        }
    before = set(outcome.found.plan.seat_moves)
    after = set(outcome.proposed.plan.seat_moves) if outcome.proposed else set[SeatMove]()
    for move in sorted(after - before, key=lambda m: (m.utc, m.person)):
        yield {
            "kind": "seat-move",
            "subject": move.person,
            "from": move.from_flight,
            "to": move.to_flight,
            "text": f"{move.kind} seat of {move.person} to {move.to_flight} on {move.utc.date()}",
        }


def _said(change: Change, lost: set[str]) -> str:
    return f"{change.flight}: lost" if change.flight in lost else f"{change.flight}: {change}"


def _told(value: object) -> object:
    if isinstance(value, Instant):
        return value.iso()
    return list(value) if isinstance(value, tuple) else value


def compared(outcome: ReplanOutcome) -> list[tuple[str, str, str]]:
    """Lines (what, do nothing, proposed)."""
    nothing, proposed = outcome.do_nothing, outcome.proposed
    rows = [("checker", _verdict(nothing), _verdict(proposed))]
    n_given_up = str(len(outcome.repaired.dropped)) if proposed else "-"
    rows.append(("flights that do not fly", str(len(not_flown(outcome))), n_given_up))
    worth = _worth(nothing)
    better = _worth(proposed) if proposed else {}
    rows += [
        (name, f"{value:.1f}", f"{better[name]:.1f}" if name in better else "-")
        for name, value in worth.items()
    ]
    return rows


def _worth(j: Judged) -> dict[str, float]:
    return {
        "days a segment is unattended": j.coverage.unattended_days,
        "days without operator N-1": j.coverage.operator_n1_uncovered_days,
        "person-days without seat N-1": j.measures["seat_n1_person_days"],
        "price of waivers": j.measures["waiver_price"],
        "person-days of crew missing": j.measures["crew_shortfall_days"],
    }


def _verdict(j: Judged | None) -> str:
    if j is None:
        return "no plan"
    n = len(j.failures)
    return "accepted" if n == 0 else f"{n} violation{'s' if n > 1 else ''}, first {j.failures[0].rule}"


def document(o: ReplanOutcome) -> Json:
    """``crossflight.replan/1``; ``proposed`` is null where there is no plan."""
    return {
        "schema": SCHEMA,
        "scenario": {"name": o.scenario.name, "hash": o.scenario.digest},
        "as_of": o.found.as_of.iso(),
        "disruptions": [
            {
                "kind": d.kind,
                "subject": d.subject,
                "at_utc": d.at_utc.iso(),
                "until_utc": None if d.until_utc is None else d.until_utc.iso(),
                "days": d.days or None,
                "n_seats": d.n_seats or None,
                "why": d.why,
                "source": d.source,
            }
            for d in o.found.disruptions
        ],
        "status": o.repaired.status,
        "message": o.repaired.message,
        "do_nothing": {**_judged_document(o.do_nothing), "not_flown": not_flown(o)},
        "proposed": None if o.proposed is None else _judged_document(o.proposed),
        "actions": list(actions(o)),
        "ways": list(o.repaired.ways),
        "dropped": list(o.repaired.dropped),
        "stages": [
            {
                "name": t.name,
                "value": round(t.value, 6),
                "bound": round(t.bound, 6),
                "status": next((s.status for s in o.repaired.stages if s.name == t.name), "unknown"),
                "wall_s": next((s.wall_s for s in o.repaired.stages if s.name == t.name), 0.0),
            }
            for t in o.repaired.tiers
        ],
        "wall_s": round(o.repaired.wall_s, 3),
    }


def _judged_document(j: Judged) -> Json:
    failures = j.failures
    return {
        "ok": not failures,
        "unattended_days": round(j.coverage.unattended_days, 3),
        "operator_n1_days": round(j.coverage.operator_n1_uncovered_days, 3),
        "measures": {k: round(v, 3) for k, v in j.measures.items()},
        "n_violations": len(failures),
        "violations": [
            {
                "rule": v.rule,
                "from_utc": v.from_utc.iso(),
                "to_utc": v.to_utc.iso(),
                "subjects": list(v.subjects),
                "message": v.message,
            }
            for v in failures[:_N_FAILURES_SHOWN]
        ],
        "waivers": [
            {
                "rule": w.rule,
                "from_utc": w.from_utc.iso(),
                "to_utc": w.to_utc.iso(),
                "subjects": list(w.subjects),
                "price": w.price,
            }
            for w in j.plan.waivers
        ],
    }
