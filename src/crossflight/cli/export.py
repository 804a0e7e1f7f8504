"""``crossflight export``: a plan as a workbook, a manifest, a calendar."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossflight.errors import EXIT_OK


def command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan.yaml, or - for stdin.")],
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The scenario's file; else scenario.yaml beside the plan, else the library's of that name.",
        ),
    ] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="A workbook to write.")] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="A CSV manifest to write.")] = None,
    ical: Annotated[Path | None, typer.Option(metavar="FILE", help="A calendar to write.")] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Say what was written as JSON.")] = False,
) -> int:
    """Write a plan as a workbook, as a manifest that import reads back, as a calendar."""
    from crossflight.app.export import SCHEMA, export
    from crossflight.cli.terminal import emit_json, out, say

    outcome, files = export(plan, scenario, xlsx=xlsx, csv=csv, ical=ical)
    n_failed = sum(v.is_failure for v in outcome.violations)
    if is_json:
        emit_json({"schema": SCHEMA, "files": [str(place) for place in files], "n_violations": n_failed})
    else:
        for place in files:
            out(f"wrote {place}")
    if n_failed:
        n = f"{n_failed} violation{'s' * (n_failed > 1)}"
        say(f"note: the plan breaks rules ({n}); crossflight check lists them")
    beside = outcome.plan.seat_moves or outcome.plan.training or outcome.plan.waivers
    if csv is not None and beside:
        say("note: seat moves, training and waivers have no place in a CSV manifest")
    return EXIT_OK
