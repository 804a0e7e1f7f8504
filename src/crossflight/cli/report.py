"""``crossflight report``: the report of a plan, with flown flights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossflight.errors import EXIT_OK


def command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan.yaml, or - for stdin.")],
    flight: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="What fly --out has written; may be given again."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="PLAN", help="Another plan of the scenario, drawn as ghosts where it differs."),
    ] = None,
    agreements: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="What agreements --out has written of the same scenario."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The scenario's file; else scenario.yaml beside the plan, else the library's of that name.",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")] = Path("report.html"),
    is_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> int:
    """Write the report of a plan anew, with the flights of it that were flown; the plan is judged for it."""
    from crossflight.app.report import SCHEMA, report
    from crossflight.cli.terminal import emit_json, say

    outcome = report(plan, scenario, flight or (), out, baseline, agreements)
    say(f"wrote {outcome.file}")
    if is_json:
        emit_json(
            {
                "schema": SCHEMA,
                "file": str(outcome.file),
                "ok": outcome.checked.is_ok,
                "flown": list(outcome.flown),
            }
        )
    return EXIT_OK
