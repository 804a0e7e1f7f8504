"""``crossflight diff``: what one plan has otherwise than another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.diff import DiffOutcome


def command(
    before: Annotated[str, typer.Argument(metavar="PLAN_A", help="A plan.yaml, or - for stdin.")],
    after: Annotated[str, typer.Argument(metavar="PLAN_B", help="Another plan.yaml of the same scenario.")],
    is_json: Annotated[bool, typer.Option("--json", help="Print the differences as JSON.")] = False,
) -> int:
    """Say flight by flight what plan B has otherwise than plan A."""
    from crossflight.app.diff import diff
    from crossflight.app.document import diff_document
    from crossflight.cli.terminal import emit_json

    outcome = diff(before, after)
    if is_json:
        emit_json(diff_document(outcome.before, outcome.after, outcome.difference))
    else:
        _show(outcome)
    return EXIT_OK


def _show(outcome: DiffOutcome) -> None:
    from crossflight.cli.terminal import out, say, table

    if outcome.before.scenario_digest != outcome.after.scenario_digest:
        say("note: the two plans were made with different values of the scenario")
    found = outcome.difference
    if not found:
        out("The flights of the two plans are the same.")
        return
    for is_cargo, title in ((False, "Crewed flights that differ"), (True, "Cargo flights that differ")):
        if rows := list(found.by_flight(is_cargo=is_cargo)):
            table(title, ("flight", "what the second plan has otherwise"), rows)
    out(f"Launches of crewed flights moved by {found.days_moved:.1f} d in all")
