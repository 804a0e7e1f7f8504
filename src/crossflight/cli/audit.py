"""``crossflight audit``: judge the flown record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.audit import AuditResult
    from crossflight.history.compare import Comparison

_BAR_WIDTH = 30


def command(
    assumption: Annotated[
        str | None,
        typer.Option(
            help="Who counts as an operator: nationality, nationality-without-newcomers or cross-trained. "
            "Without it the eras are shown under each, the episodes under nationality."
        ),
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="PLAN", help="Lay this plan.yaml beside what was flown.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for report.html, the drawing of the record.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the audit as JSON.")] = False,
) -> int:
    """Walk the flown record, 2018 to 2026, with the flight rules."""
    from crossflight.app import audit as auditing
    from crossflight.app.folder import refuse_unwritable, write_files
    from crossflight.cli.terminal import emit_json
    from crossflight.history import ASSUMPTIONS, NATIONALITY
    from crossflight.history.compare import comparison_json
    from crossflight.report.html import render
    from crossflight.scenario import read_scenario

    if out is not None:
        refuse_unwritable(out)
    flown = read_scenario(auditing.SCENARIO)
    result = auditing.audit(assumption or NATIONALITY.name, scenario=flown)
    comparison = None
    if against is not None:
        from crossflight.app.check import read

        planned, plan = read(against, None)
        comparison = auditing.against(plan, planned, scenario=flown)
    files: tuple[Path, ...] = ()
    if out is not None:
        files = write_files(out, {"report.html": render(auditing.audit_picture(result, scenario=flown))})
    if is_json:
        document: dict[str, object] = {**auditing.audit_json(result)}
        if comparison is not None:
            document["against"] = comparison_json(comparison)
        emit_json(document)
        return EXIT_OK
    others = [] if assumption else [a.name for a in ASSUMPTIONS if a.name != result.assumption.name]
    _show_eras([result, *(auditing.audit(name, scenario=flown) for name in others)])
    _show_episodes(result)
    if comparison is not None:
        _show_comparison(comparison, has_crews=any(f.crew_up for f in plan.flights))
    _show_files(files)
    return EXIT_OK


def _show_eras(results: list[AuditResult]) -> None:
    from crossflight.cli.terminal import out, table

    for result in results:
        table(
            f"Assumption {result.assumption.name}",
            ("era", "from", "to", "days", "operator N-1 uncovered", "", "unattended"),
            [
                (
                    e.name,
                    e.from_utc.date(),
                    e.to_utc.date(),
                    f"{e.days:.0f}",
                    f"{e.operator_n1_uncovered_share:.1%}",
                    "#" * round(_BAR_WIDTH * e.operator_n1_uncovered_share),
                    f"{e.unattended_share:.1%}",
                )
                for e in result.eras
            ],
            right=("days", "operator N-1 uncovered", "unattended"),
        )
        out(result.assumption.statement)
        out()


def _show_episodes(result: AuditResult) -> None:
    from crossflight.cli.terminal import out, table

    table(
        f"Episodes under {result.assumption.name}",
        ("from", "to", "days", "what", "cause"),
        [
            (
                e.from_utc.date(),
                e.to_utc.date(),
                f"{e.days:.1f}",
                "unattended" if e.metric == "unattended" else "operator N-1",
                " ".join(text for text in (e.cause, e.note, e.uncertainty) if text),
            )
            for e in result.episodes
        ],
        right=("days",),
    )
    for s in result.sensitivities:
        shares = ", ".join(f"{share:.1%}" for share in s.operator_n1_uncovered_shares)
        out(f"If {s.what}: {shares}")


def _show_comparison(comparison: Comparison, *, has_crews: bool) -> None:
    from crossflight.cli.terminal import out, table
    from crossflight.history.compare import comparison_table

    columns, rows = comparison_table(comparison)
    table(
        f"The plan beside the record, {comparison.from_utc.date()} to {comparison.to_utc.date()}",
        columns,
        rows,
    )
    planned = (("planned", comparison.planned),) if has_crews else ()
    for name, side in (*planned, ("flown", comparison.flown)):
        out(
            f"{name}: unattended {side.unattended_days:.1f} d, "
            f"operator N-1 uncovered {side.operator_n1_uncovered_days:.1f} d"
        )


def _show_files(files: tuple[Path, ...]) -> None:
    from crossflight.cli.terminal import out

    for place in files:
        out(f"wrote {place}")
    if not files:
        out("A chart of it all: crossflight audit --out DIR writes DIR/report.html")
