"""Import a manifest: read its table, look its names up, make a plan of it and judge that."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from crossflight.app.document import Json, violation_document
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.manifest_flights import Named, Stated, named_flights
from crossflight.app.manifest_plan import Beside, Made, make_plan
from crossflight.app.manifest_sheets import SideSheets
from crossflight.app.manifest_verdict import Finding, Verdict, judge
from crossflight.app.picture import picture, plan_hash
from crossflight.errors import InputError, ManifestError, UsageError
from crossflight.formats.csv_table import read_csv
from crossflight.formats.manifest import Manifest, Problem, read_manifest
from crossflight.formats.table import N_BYTES_MAX, Table, folded
from crossflight.formats.xlsx_table import read_side_sheets, read_xlsx
from crossflight.model import Flight, Scenario
from crossflight.report.html import render
from crossflight.rules import Walk, coverage_walk
from crossflight.scenario import plan_text, read_plan_text, read_scenario_text
from crossflight.scenario.text_file import scenario_text

SCHEMA: Final = "crossflight.import/1"
# Its horizon, ports and vehicle types cover the manifests of 2018 to 2026.
SCENARIO: Final = "iss-flown"
_STDIN: Final = "-"
_N_SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What came of a manifest; `plan_flights` are those of the plan by name."""

    manifest: Manifest
    made: Made
    verdict: Verdict
    files: tuple[Path, ...] = ()
    plan_flights: Mapping[str, Flight] = field(default_factory=dict)


def import_manifest(
    manifest_name: str,
    scenario_name: str = SCENARIO,
    out: Path | None = None,
    *,
    sheet: str | None = None,
    overrides: Mapping[str, str],
) -> ImportOutcome:
    """Read a manifest, judge it, and write plan.yaml, report.html and scenario.yaml into `out`.

    Parameters
    ----------
    manifest_name
        A .csv or .xlsx file, or ``-`` for CSV from standard input.
    scenario_name
        A file, or the name of a scenario of the library: whose names and rules hold.
    sheet
        Which sheet of a workbook.
    overrides
        Values set instead of the scenario's, path to text.

    Raises
    ------
    InputError
        If the file cannot be read, or rows of it cannot be taken (`ManifestError` lists them).
    UsageError
        If `out` cannot be written, or the options do not go together.
    """
    if manifest_name == _STDIN == scenario_name:
        raise UsageError("manifest and scenario cannot both come from standard input")
    if out is not None:
        refuse_unwritable(out)
    source, file = scenario_text(scenario_name)
    scenario = read_scenario_text(source, file, overrides)
    data, name = _content(manifest_name, sheet)
    manifest = read_manifest(_table(data, name, sheet))
    flights, problems = named_flights(manifest, scenario)
    if problems:
        raise _refusal(manifest.table, problems)
    if not flights:
        raise InputError("the manifest has no flight in it", file=manifest.table.file)
    is_ours = _is_workbook(name) and manifest.table.sheet == "flights"
    beside = _beside(data, name, scenario, flights) if is_ours else Beside()
    made = make_plan(source, file, scenario, flights, overrides, beside)
    text = plan_text(made.plan)
    read_plan_text(text, made.scenario)  # what is written can be read
    verdict = judge(made)
    files: tuple[Path, ...] = ()
    if out is not None:
        violations = tuple(f.violation for f in verdict.findings)
        shown = made.scenario
        if made.are_crews_unknown:  # then nothing is known of the segments either
            shown = replace(shown, station=replace(shown.station, segments=()))
        coverage = coverage_walk(Walk(shown, made.plan))
        drawn = picture(
            shown,
            made.plan,
            violations,
            coverage,
            title=f"Manifest {Path(manifest.table.file).name}"[:200],
            plan_digest=plan_hash(text),
        )
        files = write_files(out, {"scenario.yaml": source, "plan.yaml": text, "report.html": render(drawn)})
    return ImportOutcome(manifest, made, verdict, files, {f.name: f for f in made.plan.flights})


def read_table(name: str, sheet: str | None = None) -> Table:
    """The table of a file by its ending; standard input is CSV.

    Raises
    ------
    InputError
        If it cannot be read.
    UsageError
        If the ending is of no table, or a sheet is asked of a CSV file.
    """
    data, shown = _content(name, sheet)
    return _table(data, shown, sheet)


def _content(name: str, sheet: str | None) -> tuple[bytes, str]:
    """The bytes of a manifest, and what errors call it."""
    ending = ".csv" if name == _STDIN else Path(name).suffix.casefold()
    if ending not in (".csv", ".txt", ".tsv", ".xlsx"):
        hint = "save the workbook as .xlsx" if ending in (".xls", ".xlsm", ".xlsb", ".ods") else ""
        raise UsageError(f"{name}: a manifest is a .csv or .xlsx file", hint=hint)
    if sheet is not None and ending != ".xlsx":
        raise UsageError("--sheet goes with an .xlsx file")
    try:
        if name == _STDIN:
            return sys.stdin.buffer.read(N_BYTES_MAX + 1), "standard input"
        with open(name, "rb") as stream:
            return stream.read(N_BYTES_MAX + 1), name
    except OSError as e:
        raise InputError(f"{name!r} cannot be read: {e.strerror}", file=name) from None


def _is_workbook(name: str) -> bool:
    return Path(name).suffix.casefold() == ".xlsx"


def _table(data: bytes, name: str, sheet: str | None) -> Table:
    return read_xlsx(data, name, sheet) if _is_workbook(name) else read_csv(data, name)


def _beside(data: bytes, name: str, scenario: Scenario, flights: Sequence[Named]) -> Beside:
    """Seat moves, training and waivers, where the workbook has the sheets that export writes."""
    names = {folded(f.written.name.text): f.name for f in flights} | {f.name: f.name for f in flights}
    read = SideSheets(scenario, names)
    found: dict[str, tuple[object, ...]] = {}
    tables = read_side_sheets(data, name, ("seat moves", "training", "waivers"))
    for title, table in tables.items():
        take = {"seat moves": read.seat_moves, "training": read.training, "waivers": read.waivers}[title]
        found[title] = take(table)
        if read.problems:
            raise _refusal(table, read.problems)
    return Beside(**{title.replace(" ", "_"): rows for title, rows in found.items()})  # type: ignore[arg-type]  # each by its own sheet


def _refusal(table: Table, problems: list[Problem]) -> ManifestError:
    listed = sorted(problems, key=lambda p: (p.row, p.column or 0))
    lines = [
        f"{table.place(p.row, p.column)}: {p.message}" + (f" ({p.hint})" if p.hint else "") for p in listed
    ]
    more = len(lines) - _N_SHOWN_MAX
    if more > 0:
        lines = [*lines[:_N_SHOWN_MAX], f"and {more} more"]
    n = len(listed)
    return ManifestError(
        f"{n} {'cell' if n == 1 else 'cells'} of the manifest cannot be taken; the first: {lines[0]}",
        hint="nothing was written; correct the cells, or name another --scenario, and import again",
        file=table.file,
        findings=tuple(lines),
    )


def import_document(outcome: ImportOutcome) -> Json:
    """``crossflight.import/1``."""
    made, verdict = outcome.made, outcome.verdict
    return {
        "schema": SCHEMA,
        "ok": verdict.is_ok,
        "scenario": {"name": made.scenario.name, "hash": made.scenario.digest},
        "from_utc": made.scenario.from_utc.iso(),
        "to_utc": made.scenario.to_utc.iso(),
        "layout": outcome.manifest.layout,
        "flights": [_flight(f, outcome.plan_flights[f.name]) for f in made.flights],
        "findings": [finding_document(f) for f in verdict.findings],
        "undecided": [finding_document(f) for f in verdict.undecided],
        "not_judged": [{"rule": rule, "why": why} for rule, why in made.not_judged.items()],
        "questions": [
            {"flight": flight.name, "row": move.row, "free_ports": list(free), "what": question(free)}
            for move, flight, free in made.open_questions
        ],
        "left_out": [{"flight": x.name, "rows": list(x.rows), "why": x.why} for x in made.left_out],
        "repeated_rows": [{"row": again, "first": first} for again, first in outcome.manifest.repeated],
        "columns_passed_over": list(outcome.manifest.passed_over),
        "n_formulas": outcome.manifest.table.n_formulas,
        "files": [str(place) for place in outcome.files],
    }


def finding_document(finding: Finding) -> Json:
    """A violation with the rows it is about."""
    return {**violation_document(finding.violation), "rows": list(finding.rows)}


def question(free: tuple[str, ...]) -> str:
    """Why it cannot be told where a relocation went."""
    if free:
        why = f"no row says to which port; {', '.join(free)} fit and are free"
    else:
        why = "no row says to which port, and no port that fits is free for the rest of its stay"
    return f"{why}. In the plan it stays where it was"


def _flight(named: Named, flight: Flight) -> Json:
    return {
        "name": flight.name,
        "written": named.written.name.text,
        "rows": sorted(set(named.written.rows)),
        "vehicle_type": flight.vehicle_type,
        "kind": flight.kind,
        "is_kind_stated": named.is_kind_stated,
        "port": flight.port,
        "was_there_before": named.is_there_before,
        "times": {kind: _stated(s) for kind, s in named.times.items()},
        "relocations": [
            {
                "utc": m.undock.nominal.iso(),
                "precision": m.undock.precision,
                "row": m.row,
                "from": m.from_port,
                "to": m.to_port,
                "is_deduced": m.is_deduced,
            }
            for m in named.moves
        ],
        "crew_up": None if named.crew_up is None else list(named.crew_up),
    }


def _stated(stated: Stated) -> Json:
    return {"utc": stated.nominal.iso(), "precision": stated.precision, "row": stated.row}
