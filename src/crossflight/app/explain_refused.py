"""Why the checker refuses a plan, and how it could be accepted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from crossflight.app.explain_outcome import ExplainOutcome, Member, WayOut
from crossflight.app.explain_source import Limits, Progress, Source, plan_price, price_of, ranked, tried
from crossflight.app.near_flights import with_opportunities_near
from crossflight.model import Pin, Plan, Scenario, Violation, Waiver
from crossflight.rules import check


def refused(
    source: Source, limits: Limits, found: Callable[[ExplainOutcome], None], progress: Progress
) -> ExplainOutcome | None:
    """What the checker says of a plan, and how it could be accepted; None where it accepts it."""
    began = time.monotonic()
    plan = source.plan
    assert plan is not None
    scenario = with_opportunities_near(source.scenario(), plan)
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
        kept = tried(source, {}, None, limits, progress, pins)
        if kept.plan is not None:
            made.append(WayOut(words, None, kept.status, price_of(kept)))
    return replace(outcome, ways=ranked(made), ways_wall_s=time.monotonic() - again)


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
    return WayOut(said, price, "feasible", plan_price(scenario, waived))


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
