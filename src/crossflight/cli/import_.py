"""``crossflight import``: a manifest as a plan, with the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK, EXIT_VIOLATIONS

if TYPE_CHECKING:
    from crossflight.app.import_ import ImportOutcome
    from crossflight.app.manifest_verdict import Finding


def command(
    manifest: Annotated[
        str, typer.Argument(metavar="FILE", help="A manifest: .csv or .xlsx, or - for CSV from stdin.")
    ],
    scenario: Annotated[
        str, typer.Option(metavar="SCENARIO", help="Whose names and rules hold: a file or a library name.")
    ] = "iss-flown",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for plan.yaml, report.html, scenario.yaml.")
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which sheet of a workbook; else the one called flights."),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Another value for the scenario; may be repeated."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> int:
    """Read a manifest into a plan and judge it; exit 0 if it is acceptable, 1 if not."""
    from crossflight.app.import_ import import_document, import_manifest
    from crossflight.cli.plan import parse_settings
    from crossflight.cli.terminal import emit_json

    outcome = import_manifest(manifest, scenario, out, sheet=sheet, overrides=parse_settings(settings or []))
    if is_json:
        emit_json(import_document(outcome))
    else:
        _show(outcome)
    return EXIT_OK if outcome.verdict.is_ok else EXIT_VIOLATIONS


def _show(outcome: ImportOutcome) -> None:
    from crossflight.app.import_ import question
    from crossflight.cli.terminal import out

    made, verdict = outcome.made, outcome.verdict
    failures = [f for f in verdict.findings if f.violation.is_failure]
    soft = [f for f in verdict.findings if not f.violation.is_failure]
    span = f"{made.scenario.from_utc.date()} to {made.scenario.to_utc.date()}"
    if failures:
        out(f"{len(failures)} violation{'s' * (len(failures) > 1)} of {made.scenario.name}, {span}")
    else:
        out(f"OK: nothing in the manifest breaks the rules of {made.scenario.name}, {span}")
    if any(s.precision != "instant" for f in made.flights for s in f.times.values()):
        out("Findings hold whatever the hours; the figures in them are at the hours of the plan file.")
    _show_findings(failures)
    for title, findings in (
        ("Reported, but no failure:", soft),
        ("Cannot be told from the dates alone; at the worst:", verdict.undecided),
    ):
        if findings:
            out()
            out(title)
            _show_findings(findings)
    _show_moves(outcome)
    if made.not_judged:
        out()
        out("Not judged:")
        whys = dict.fromkeys(made.not_judged.values())
        for why in whys:
            out(f"  {', '.join(r for r, w in made.not_judged.items() if w == why)}: {why}")
    if made.open_questions or made.left_out:
        out()
        out("Not in the plan as the manifest has it:")
    for move, flight, free in made.open_questions:
        day = move.undock.nominal.date()
        out(f"  {flight.name} relocates on {day} (row {move.row}): {question(free)}")
    for left in made.left_out:
        out(f"  {left.name} ({_rows(left.rows)}): {left.why}")
    _show_taken(outcome)
    for place in outcome.files:
        out(f"wrote {place}")


def _show_findings(findings: Sequence[Finding]) -> None:
    from crossflight.cli.terminal import out

    for rule in dict.fromkeys(f.violation.rule for f in findings):
        out(f"{rule}:")
        for f in findings:
            v = f.violation
            if v.rule == rule:
                span = f"{v.from_utc.date()} to {v.to_utc.date()}"
                out(f"  {span}  {v.severity}  {v.message}  [{_rows(f.rows)}]")


def _show_moves(outcome: ImportOutcome) -> None:
    from crossflight.cli.terminal import out

    moves = [(m, f) for f in outcome.made.flights for m in f.moves if m.to_port is not None]
    if moves:
        out()
        out("Relocations:")
    for move, flight in sorted(moves, key=lambda pair: pair[0].undock.nominal.us):
        how = "; deduced: the only port that fits and is free" if move.is_deduced else ""
        day = move.undock.nominal.date()
        out(f"  {day}  {flight.name}  {move.from_port} > {move.to_port}  [row {move.row}{how}]")


def _show_taken(outcome: ImportOutcome) -> None:
    """What was taken for what the manifest does not say."""
    from crossflight.cli.terminal import out

    manifest, flights = outcome.manifest, outcome.made.flights
    precise = Counter(s.precision for f in flights for s in f.times.values())
    n_before = sum(f.is_there_before for f in flights)
    n_kinds = sum(not f.is_kind_stated for f in flights)
    renamed = [f"{f.written.name.text} = {f.name}" for f in flights if f.written.name.text != f.name]
    unstated: dict[str, list[str]] = {}
    for f in flights:
        for kind, s in f.times.items():
            if s.precision == "not stated" and not (f.is_there_before and kind in ("launch", "dock")):
                unstated.setdefault(kind, []).append(f.name)
    out()
    out(f"Read {len(manifest.flights)} flights from {manifest.table.file} ({manifest.layout} layout); taken:")
    out(f"  times: {precise['instant']} to the minute or better, {precise['day']} to the day, "
        f"{precise['not stated']} not stated (bounded by what is)")  # fmt: skip
    for kind, names in unstated.items():
        out(f"  {kind} not stated: {', '.join(names)}")
    if n_before:
        there = ", ".join(f.name for f in flights if f.is_there_before)
        out(f"  there before {outcome.made.scenario.from_utc.date()}, since when is not stated: {there}")
    if n_kinds:
        out(f"  {n_kinds} flights are of the kind that goes with their vehicle type")
    if renamed:
        out(f"  names: {', '.join(renamed)}")
    for again, first in manifest.repeated:
        out(f"  row {again} says what row {first} says")
    if manifest.passed_over:
        out(f"  columns passed over: {', '.join(manifest.passed_over)}")
    if manifest.table.n_formulas:
        out(f"  {manifest.table.n_formulas} cells are formulas; what they last came to was read")


def _rows(rows: Sequence[int]) -> str:
    if not rows:
        return "no row"
    return f"row{'s' * (len(rows) > 1)} {', '.join(str(row) for row in rows)}"
