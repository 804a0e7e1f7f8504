"""``crossflight slip``: what each day means by which a flight is late."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossflight.errors import EXIT_OK

_NUMBERS = ("days", "handover d", "life left d", "N-1 d", "unattended d", "relieved waits d")


def command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan.yaml, or - for stdin.")],
    flight: Annotated[str, typer.Argument(metavar="FLIGHT", help="The flight that slips.")],
    days: Annotated[
        str, typer.Option(metavar="FIRST..LAST", help="Days after the planned launch date.")
    ] = "0..14",
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The scenario's file; else scenario.yaml beside the plan, else the library's of that name.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the table as JSON and CSV, and the plan of each day."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> int:
    """Say day by day what a plan comes to if a flight slips; exit 0 whatever that is."""
    from crossflight.app import slip
    from crossflight.cli.terminal import emit_json, safe, say, table
    from crossflight.cli.terminal import out as line

    outcome = slip.slip(plan, flight, days, scenario_name=scenario, out=out)
    if is_json:
        emit_json(slip.document(outcome))
    else:
        relieved = outcome.relieved
        relieves = "" if relieved is None else f"; it relieves {safe(relieved.name)}"
        title = f"{safe(flight)}, planned for {outcome.flight.launch_utc.minute()}{relieves}"
        rows = list(slip.lines(outcome))
        # A flight that relieves nobody has nothing to say of handovers.
        said = [k for k in range(len(slip.COLUMNS)) if any(row[k] not in ("", "-") for row in rows)]
        columns = [slip.COLUMNS[k] for k in said]
        table(title, columns, ([row[k] for k in said] for row in rows), right=_NUMBERS)
        for sentence in slip.summary(outcome):
            line(sentence)
    if outcome.files:
        say(f"wrote {len(outcome.files)} files into {outcome.files[0].parent}")
    return EXIT_OK
