"""``crossflight agreements``: what agreements about seats cost, and what they buy."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.agreements import AgreementsOutcome, Variant


def command(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A file or a library name.")],
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(metavar="S", min=1, max=86_400, help="Seconds for each of about nine plans.")
    ] = 60.0,
    workers: Annotated[
        int,
        typer.Option(metavar="N", min=1, max=256, help="Threads of the solver, processes of the samples."),
    ] = 2,
    seed: Annotated[int, typer.Option(metavar="N", min=0, max=2**31 - 1, help="Of everything.")] = 1,
    samples: Annotated[int, typer.Option(metavar="N", help="How often to live through each plan.")] = 10_000,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write every plan, agreements.json and agreements.svg into DIR."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> int:
    """Plan under other terms about seats: what each partner pays and what it gets, beside today's terms."""
    from crossflight.app.agreements import agreements, document
    from crossflight.cli.plan import parse_settings
    from crossflight.cli.terminal import ProgressLine, emit_json, say

    line = ProgressLine()

    def told(text: str) -> None:
        line.clear()
        say(text)

    try:
        outcome = agreements(
            scenario,
            overrides=parse_settings(sets or []),
            time_limit_s=time_limit,
            workers=workers,
            seed=seed,
            n_samples=samples,
            out=out,
            progress=line,
            say=told,
        )
    finally:
        line.clear()
    if is_json:
        emit_json(document(outcome))
    else:
        _show(outcome)
    for terms in outcome.left_out:
        say(f"left out: {terms.title} comes to the same as {terms.same_as}")
    for path in outcome.files:
        say(f"wrote {path}")
    return EXIT_OK


def _show(o: AgreementsOutcome) -> None:
    from crossflight.cli.terminal import out, table
    from crossflight.resilience.estimate import estimate

    found = [v for v in o.variants if v.samples is not None]
    segments = list(found[0].uncovered)
    providers = sorted({x.provider for v in found for x in v.endurances})
    columns = ["terms", "traffic", *(f"N-1 uncovered {s}, d" for s in segments), "unattended d"]
    columns += ["expected", "less today's", "95 % interval", *(f"without {p}, d" for p in providers)]
    rows: list[list[object]] = []
    for v in found:
        assert v.samples is not None
        less = o.less_today(v)
        assert less is not None
        mean, (low, high) = less
        is_first = v is o.variants[0]
        rows.append(
            [
                v.terms.title,
                v.traffic,
                *(f"{v.uncovered[s]:.1f}" for s in segments),
                f"{sum(v.unattended.values()):.1f}",
                f"{estimate(v.samples.unattended_any).mean:.1f}",
                "" if is_first else f"{mean:+.1f}",
                "" if is_first else f"{low:+.1f} to {high:+.1f}",
                *(_endurance(v, p) for p in providers),
            ]
        )
    table("What it buys", columns, rows, right=columns[2:])
    columns = ["terms", "traffic", "added flights", "crew short, person-d", "partner"]
    columns += ["seats given", "taken", "training months, own centres", "others'"]
    rows = []
    for v in found:
        for i, (partner, c) in enumerate(v.costs.items()):
            head = [
                v.terms.title,
                v.traffic,
                f"{v.measures['flight_price']:,.0f}",
                f"{v.measures['crew_shortfall_days']:,.0f}",
            ]
            rows.append(
                [
                    *(head if i == 0 else [""] * len(head)),
                    partner,
                    c.n_given,
                    c.n_taken,
                    f"{c.months_own:.0f}",
                    f"{c.months_others:.0f}",
                ]
            )
    table(f"What it costs ({o.scenario.price_unit})", columns, rows, right=(*columns[2:4], *columns[5:]))
    out(f"expected: days with a segment unattended, {o.n_samples} samples, same luck, nobody planning anew")
    out("without: days that the station lasts without that partner's launches, median over the plan")
    for v in o.variants:
        if v.samples is None:
            out(f"{v.terms.title}, traffic {v.traffic}: no plan ({v.outcome.status}): {v.outcome.message}")


def _endurance(v: Variant, provider: str) -> str:
    days = next((x.days for x in v.endurances if x.provider == provider), ())
    if not len(days):
        return "no launches"
    middle = median(days)
    return f"{middle:.0f}" if isfinite(middle) else "past the plan"
