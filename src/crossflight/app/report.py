"""Use case: the report of a plan, with flights of it that were flown."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, cast

from crossflight.app.agreements_file import read_agreements
from crossflight.app.check import CheckOutcome, judge, read_from
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.near_flights import with_opportunities
from crossflight.app.picture import picture, plan_hash
from crossflight.app.stability import stability_of
from crossflight.errors import InputError, PlanMismatchError, SchemaError, UsageError
from crossflight.model import Flight, Plan
from crossflight.report.conform import misfit
from crossflight.report.flight_shape import SCHEMA as FLIGHT_SCHEMA
from crossflight.report.flight_shape import FlightView
from crossflight.report.html import render
from crossflight.scenario import read_text, read_unchecked_plan_text
from crossflight.times import Instant

SCHEMA: Final = "crossflight.report/1"
FLIGHT_FILE: Final = "flight.json"
# Twenty times what a flight with a thousand samples takes.
_BYTES_MAX: Final = 8_000_000
# The lift-off that elements give for a planned day may be another day's, where the phase asks for it.
_SAME_FLIGHT_DAYS: Final = 3.0


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """What was written: the file, the judged plan, and the flights of it that are shown as flown."""

    file: Path
    checked: CheckOutcome
    flown: tuple[str, ...]


def report(
    plan_name: str,
    scenario_name: str | None,
    flights: Sequence[Path],
    out: Path,
    baseline_name: str | None = None,
    agreements_name: str | None = None,
) -> ReportOutcome:
    """Judge a plan and write its report to `out`.

    Parameters
    ----------
    scenario_name
        As in `check.read`.
    flights
        Folders that ``crossflight fly --out`` has written.
    baseline_name
        A plan file of the same scenario, perhaps with other values: drawn as ghosts where it differs.
    agreements_name
        What ``crossflight agreements --out`` has written of the same scenario: a folder, or its file.

    Raises
    ------
    InputError
        If the plan, its scenario, the baseline, a flown flight or the agreements are wrong.
    UsageError
        If a flight is none of the plan's, two are the same, `out` cannot be written, or both plans would
        be read from standard input.
    """
    if out.is_dir() or not out.name:
        raise UsageError(f"{out} is a folder", hint="name a file with --out")
    refuse_unwritable(out.parent)
    if plan_name == "-" == baseline_name:
        raise UsageError("the two plans cannot both come from standard input")
    text, file = read_text(plan_name)
    checked = judge(*read_from(text, file, plan_name, scenario_name))
    flown = _by_name(checked.plan, [(place, read_flight(place)) for place in flights])
    baseline = None if baseline_name is None else _baseline(baseline_name, checked)
    terms = () if agreements_name is None else read_agreements(agreements_name, checked.scenario)
    stability = stability_of(checked.scenario, checked.plan, checked.coverage, terms)
    drawn = picture(
        with_opportunities(checked.scenario),
        checked.plan,
        checked.violations,
        checked.coverage,
        plan_digest=plan_hash(text),
        pages=[stability] if stability else [],
        flown=flown,
        baseline=baseline,
        baseline_name="the baseline",
    )
    (written,) = write_files(out.parent, {out.name: render(drawn)})
    return ReportOutcome(written, checked, tuple(flown))


def _baseline(name: str, checked: CheckOutcome) -> Plan:
    """The other plan without what was over before the scenario begins, unless the plan has it too."""
    plan, from_utc = checked.plan, checked.scenario.from_utc
    found = read_unchecked_plan_text(*read_text(name))
    if found.scenario_name != plan.scenario_name:
        raise PlanMismatchError(
            f"a plan of scenario {found.scenario_name!r}, the other is one of {plan.scenario_name!r}",
            hint="plans of one scenario can be compared",
            file=name,
        )
    there = {f.name for f in plan.flights}
    asked = [f for f in found.flights if f.name in there or not f.landing_utc or f.landing_utc >= from_utc]
    return replace(found, flights=tuple(asked))


def read_flight(folder: Path) -> FlightView:
    """Read what ``crossflight fly --out`` has written; a file of it is taken as well.

    Raises
    ------
    InputError
        If it is not there, or not of that shape.
    """
    path = folder / FLIGHT_FILE if folder.is_dir() else folder
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise InputError(f"it has more than {_BYTES_MAX} bytes", file=str(path))
        text = path.read_bytes().decode("utf-8")
    except OSError as e:
        raise InputError(
            f"it cannot be read: {e.strerror}",
            hint="name a folder that crossflight fly --out has written",
            file=str(path),
        ) from None
    except UnicodeDecodeError:
        raise InputError("it is not UTF-8", file=str(path)) from None
    try:
        value = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as e:
        raise InputError(f"it is not JSON: {str(e)[:80]}", file=str(path)) from None
    return _view(value, str(path))


def _refused(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _view(value: object, file: str) -> FlightView:
    """A value as a view, if it is one.

    Raises
    ------
    SchemaError
        That says where it is not.
    """
    hint = "fly the flight again with this version of crossflight"
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema != FLIGHT_SCHEMA:
        raise SchemaError(f"its schema is {str(schema)[:60]!r}, not {FLIGHT_SCHEMA!r}", hint=hint, file=file)
    wrong = misfit(value, FlightView)
    if wrong is None:
        view = cast("FlightView", value)
        wrong = _rows_wrong(view)
    if wrong is not None:
        raise SchemaError(wrong, hint=hint, file=file)
    return view


def _rows_wrong(view: FlightView) -> str | None:
    """What types cannot say: how long rows are, that time grows, that instants are instants."""
    drawn = view["drawing"]
    for t in (*view["planned"], *view["tables"]):
        if any(len(row) != len(t["columns"]) for row in t["rows"]):
            return f"the table {t['id'][:40]!r} has rows that are not {len(t['columns'])} cells long"
    paths = [("arcs", 7, a["rows"]) for a in drawn["arcs"]] + [("station_rows", 7, drawn["station_rows"])]
    inset = drawn["inset"]
    if inset is not None:
        paths += [("inset", 4, p["rows"]) for p in (inset["flown"], *inset["sampled"])]
        if any(len(inset[key]) != 3 for key in ("port_m", "axis", "ellipsoid_m")):
            return "drawing.inset has vectors that are not of three numbers"
    dots = drawn["contacts"]
    if dots is not None and len(dots["rows"]) % 5:
        return "drawing.contacts is not rows of 5 numbers"
    for name, width, rows in paths:
        times = rows[::width]
        if len(rows) % width or len(times) < 2 or any(b <= a for a, b in pairwise(times)):
            return f"drawing.{name} is not rows of {width} numbers with growing times"
    if [len(s) for s in drawn["sun"]] != [3, 3] or not drawn["arcs"]:
        return "drawing.sun is not two directions, or drawing.arcs is empty"
    if len(drawn["docked_s"]) not in (0, 2) or drawn["to_s"] <= drawn["from_s"]:
        return "drawing.docked_s or the span of the drawing makes no sense"
    try:
        for text in (view["liftoff_utc"], view["end_utc"], drawn["liftoff_utc"]):
            Instant.parse(text)
    except ValueError:
        return f"{text[:40]!r} is no instant"
    return None


def _by_name(plan: Plan, read: Sequence[tuple[Path, FlightView]]) -> dict[str, FlightView]:
    """The views by the name of their flight of the plan."""
    found: dict[str, FlightView] = {}
    for place, view in read:
        flight = _flight_of(plan, view)
        if flight is None:
            what = view["name"] or f"{view['vehicle_type']} on {view['liftoff_utc'][:10]}"
            raise UsageError(
                f"{place} flies {what!r}, which is no flight of the plan",
                hint="fly one of the plan: crossflight fly PLAN FLIGHT --elements FILE --out DIR",
            )
        if flight.name in found:
            raise UsageError(f"{place} flies {flight.name!r} a second time", hint="name each flight once")
        found[flight.name] = view
    return found


def _flight_of(plan: Plan, view: FlightView) -> Flight | None:
    if view["name"]:
        return next((f for f in plan.flights if f.name == view["name"]), None)
    liftoff = Instant.parse(view["liftoff_utc"])
    near = [f for f in plan.flights if f.vehicle_type == view["vehicle_type"]]
    best = min(near, key=lambda f: abs(f.launch_utc.s_since(liftoff)), default=None)
    is_same = best is not None and abs(best.launch_utc.days_since(liftoff)) <= _SAME_FLIGHT_DAYS
    return best if is_same else None
