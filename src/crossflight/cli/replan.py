"""``crossflight replan``: a plan repaired after disruptions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_INTERRUPTED, EXIT_LIMIT, EXIT_OK, EXIT_VIOLATIONS, UsageError

if TYPE_CHECKING:
    from crossflight.app.replan import ReplanOutcome

_TIME_LIMIT_S = 120.0
_SEED = 1


def command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan.yaml to repair, - for stdin.")],
    disruption: Annotated[
        list[str],
        typer.Option(
            metavar="FILE|TYPE:SUBJECT:DATE[:KEY=VALUE]",
            help="What has happened, as slip:Crew-9:2024-08-24:days=30; may be repeated.",
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for scenario.yaml, plan.yaml and report.html.")
    ],
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="The day of knowledge; else the latest date of the disruptions."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The plan's scenario; else scenario.yaml beside it, else the library's of that name.",
        ),
    ] = None,
    time_limit: Annotated[
        float, typer.Option(metavar="S", min=0.1, max=86_400.0, help="Seconds for solving.")
    ] = _TIME_LIMIT_S,
    seed: Annotated[
        int, typer.Option(metavar="N", min=0, max=2**31 - 1, help="Same seed, same plan.")
    ] = _SEED,
    is_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> int:
    """Repair a plan with as few people and flights moved as possible; exit 1 if there is no way."""
    from crossflight.app.replan import document, replan
    from crossflight.cli.terminal import ProgressLine, emit_json

    if not time_limit < float("inf"):
        raise UsageError("--time-limit must be a number of seconds")
    progress = ProgressLine()
    try:
        outcome = replan(
            plan,
            disruption,
            out,
            as_of=as_of,
            scenario_name=scenario,
            time_limit_s=time_limit,
            seed=seed,
            progress=progress,
        )
    finally:
        progress.clear()
    if is_json:
        emit_json(document(outcome))
    else:
        _show(outcome)
    return _close(outcome)


def _show(o: ReplanOutcome) -> None:
    from crossflight.app.replan import actions, compared
    from crossflight.cli.terminal import out, table

    for d in o.found.disruptions:
        out(f"{d}{': ' + d.why if d.why else ''}")
    columns = ("", "do nothing", "proposed")
    table(f"As of {o.found.as_of.date()}", columns, compared(o), right=columns[1:])
    if o.proposed is None:
        return
    table(
        f"Stages: {o.repaired.status}",
        ("stage", "value", "bound", "s"),
        [
            (
                t.name,
                f"{t.value:g}",
                f"{t.bound:g}",
                next((f"{s.wall_s:.2f}" for s in o.repaired.stages if s.name == t.name), "-"),
            )
            for t in o.repaired.tiers
        ],
        right=("value", "bound", "s"),
    )
    said = [str(a["text"]) for a in actions(o)]
    out("What is to be done:" if said else "Nothing has to be done.")
    for text in said:
        out(f"  {text}")
    for w in o.proposed.plan.waivers:
        out(
            f"Waiver: {w.rule} {w.from_utc.date()} to {w.to_utc.date()} "
            f"{', '.join(w.subjects)} (price {w.price:g}): {w.reason}"
        )
    for place in o.files:
        out(f"wrote {place}")


def _close(o: ReplanOutcome) -> int:
    from crossflight.cli.terminal import say

    r = o.repaired
    if o.proposed is None:
        say(f"no plan ({r.status}, {r.wall_s:.1f} s): {r.message}; nothing was written")
        if r.is_interrupted:
            return EXIT_INTERRUPTED
        return EXIT_VIOLATIONS if r.status == "infeasible" else EXIT_LIMIT
    ended = "interrupted; the best checked plan" if r.is_interrupted else "checked plan"
    say(f"{ended}: {r.status}, {r.wall_s:.1f} s; ways: {'; '.join(r.ways)}")
    return EXIT_INTERRUPTED if r.is_interrupted else EXIT_OK
