"""``crossflight explain``: why there is no such plan, and what would have to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_LIMIT, EXIT_OK, EXIT_VIOLATIONS

if TYPE_CHECKING:
    from crossflight.app.explain_outcome import ExplainOutcome, Member

_TIME_LIMIT_S = 20.0
_WORKERS = 5
_SEED = 1


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|PLAN", help="A scenario (file or library name) or a plan.yaml, - for stdin."
        ),
    ],
    want: Annotated[
        str | None,
        typer.Option(
            metavar="FLIGHT:DATE",
            help="A launch that is wanted, as Crew-6:2023-02-20; FLIGHT alone: any day.",
        ),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A plan's scenario; else scenario.yaml beside it, else the library's of that name.",
        ),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(metavar="S", min=0.1, max=86_400.0, help="Seconds for the plan of each way out."),
    ] = _TIME_LIMIT_S,
    workers: Annotated[
        int, typer.Option(metavar="N", min=1, max=256, help="Threads of the solver.")
    ] = _WORKERS,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, max=2**31 - 1, help="Same seed and workers, same answer.")
    ] = _SEED,
    is_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """Say which rules are in conflict, from what day on, and ways out; exit 1 if there is a conflict."""
    from crossflight.app.explain import explain
    from crossflight.app.explain_outcome import explain_document
    from crossflight.app.explain_source import Limits
    from crossflight.cli.plan import parse_settings
    from crossflight.cli.terminal import ProgressLine, emit_json

    progress = ProgressLine()
    try:
        outcome = explain(
            name,
            want=want,
            scenario_name=scenario,
            overrides=parse_settings(sets or []),
            limits=Limits(time_limit, workers, seed),
            found=(lambda _: None) if is_json else _show_conflict,
            progress=progress,
        )
    finally:
        progress.clear()
    if is_json:
        emit_json(explain_document(outcome))
    else:
        _show_ways(outcome)
    if outcome.status == "unknown":
        return EXIT_LIMIT
    return EXIT_OK if outcome.is_possible else EXIT_VIOLATIONS


def _show_conflict(outcome: ExplainOutcome) -> None:
    """The conflict, before ways out are looked for."""
    from crossflight.cli.terminal import out, say, table

    what = {"conflict": "has no plan", "unknown": "nothing is proven", "unproven": "no plan was found"}
    out(f"{outcome.scenario.name} {what.get(outcome.status, 'is refused')}: {outcome.message}")
    if outcome.first_utc is not None:
        day = outcome.first_utc.days_since(outcome.scenario.from_utc.floor_day())
        out(f"first day: {outcome.first_utc.date()} (day {day:.0f})")
    if outcome.conflict:
        rows = [
            (m.rule, ", ".join(m.subjects), m.fact, _day(outcome, m), _short(m)) for m in outcome.conflict
        ]
        table("", ("rule", "of", "asks", "day", "short by"), rows, right=("day", "short by"))
    if not outcome.is_minimal and outcome.status == "conflict":
        out("time ran out: perhaps not all of them are to blame")
    say(f"explained in {outcome.wall_s:.1f} s")


def _day(outcome: ExplainOutcome, m: Member) -> str:
    if m.at_utc is None:
        return ""
    return f"{m.at_utc.days_since(outcome.scenario.from_utc.floor_day()):.0f}"


def _short(m: Member) -> str:
    return "" if m.short is None else f"{m.short:g} {m.unit}"


def _show_ways(outcome: ExplainOutcome) -> None:
    from crossflight.cli.terminal import out, say, table

    if outcome.is_possible:
        out(outcome.message)
    if outcome.ways:
        unit = outcome.scenario.price_unit
        rows = [
            (
                w.change,
                "-" if w.price is None else f"{w.price:,.1f}",
                w.plan_status,
                "-" if w.plan_price is None else f"{w.plan_price:,.1f}",
            )
            for w in outcome.ways
        ]
        title = "What it takes" if outcome.is_possible else "Ways out"
        columns = ("change", f"price, {unit}", "plan", f"its price, {unit}")
        table(title, columns, rows, right=(columns[1], columns[3]))
        for w in outcome.ways:
            if w.settings:
                out(f"{w.change}:")
                for path, value in w.settings.items():
                    out(f"  --set '{path}={value}'")
    elif not outcome.is_possible:
        out("no way out was found")
    for note in outcome.notes:
        out(note)
    if outcome.ways_wall_s:
        say(f"ways out planned in {outcome.ways_wall_s:.1f} s")
