"""Export a plan: as a workbook, as a CSV manifest that import reads back, as a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from crossflight import __version__
from crossflight.app.check import CheckOutcome, check
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.manifest_plan import stated_only
from crossflight.app.manifest_sheets import SEAT_MOVE_HEADER, TRAINING_HEADER, WAIVER_HEADER
from crossflight.app.picture import plan_hash
from crossflight.errors import UsageError
from crossflight.formats.csv_table import csv_bytes
from crossflight.formats.ical import CalendarEvent, calendar_bytes
from crossflight.formats.manifest import escaped
from crossflight.formats.xlsx_table import Sheet, Value, xlsx_bytes
from crossflight.model import Flight, Plan, Scenario
from crossflight.scenario import plan_text
from crossflight.times import Instant

SCHEMA: Final = "crossflight.export/1"
# The wide layout of formats.manifest, which reads every one of these headers.
FLIGHT_HEADER: Final = (
    "flight", "kind", "vehicle type", "craft", "pad", "launch (UTC)", "dock (UTC)", "port", "relocations",
    "undock (UTC)", "landing (UTC)", "crew up", "crew down", "backup",
)  # fmt: skip


def export(
    plan_name: str,
    scenario_name: str | None = None,
    *,
    xlsx: Path | None = None,
    csv: Path | None = None,
    ical: Path | None = None,
) -> tuple[CheckOutcome, tuple[Path, ...]]:
    """Read and judge a plan and write the files asked for.

    Raises
    ------
    InputError
        If the plan or its scenario is wrong.
    UsageError
        If no file is asked for, two are the same, or one cannot be written.
    """
    places = [place for place in (xlsx, csv, ical) if place is not None]
    if not places:
        raise UsageError("nothing to export to", hint="give --xlsx FILE, --csv FILE or --ical FILE")
    for place in places:
        if place.is_dir() or not place.name:
            raise UsageError(f"{place} is a folder", hint="name a file")
        refuse_unwritable(place.parent)
    if len({place.resolve() for place in places}) < len(places):
        raise UsageError("two of the files are the same", hint="give each its own name")
    outcome = check(plan_name, scenario_name)
    scenario, plan = outcome.scenario, outcome.plan
    made: list[tuple[Path, bytes]] = []
    if xlsx is not None:
        made.append((xlsx, xlsx_bytes(sheets(outcome), scenario.known_utc)))
    if csv is not None:
        made.append((csv, csv_bytes(csv_rows(scenario, plan))))
    if ical is not None:
        made.append((ical, calendar(scenario, plan)))
    written = [write_files(place.parent, {place.name: content})[0] for place, content in made]
    return outcome, tuple(written)


def csv_rows(scenario: Scenario, plan: Plan) -> Iterator[tuple[str, ...]]:
    """The plan's flights in the wide layout, a header first."""
    yield FLIGHT_HEADER
    for row in _flight_rows(scenario, plan):
        yield tuple(cell.iso() if isinstance(cell, Instant) else str(cell or "") for cell in row)


def sheets(outcome: CheckOutcome) -> list[Sheet]:
    """The workbook: flights first, which import reads back; a sheet for everything else there is."""
    scenario, plan = outcome.scenario, outcome.plan
    agencies = {p.name: p.agency for p in scenario.people}
    courses = {c.name: c.centre for c in scenario.courses}
    optional = [
        Sheet(
            "crews",
            ("flight", "role", "person", "agency"),
            tuple(
                (f.name, role, person, agencies.get(person))
                for f in plan.flights
                for role, crew in (("up", f.crew_up), ("down", f.crew_down), ("backup", f.backup))
                for person in crew
            ),
        ),
        Sheet(
            "seat moves",
            SEAT_MOVE_HEADER,
            tuple((m.utc, m.person, m.from_flight, m.to_flight, m.kind) for m in plan.seat_moves),
        ),
        Sheet(
            "training",
            TRAINING_HEADER,
            tuple(
                (t.person, t.course, courses.get(t.course), t.from_utc, t.to_utc, t.flight)
                for t in plan.training
            ),
        ),
        Sheet(
            "waivers",
            WAIVER_HEADER,
            tuple(
                (w.rule, w.from_utc, w.to_utc, "; ".join(escaped(s) for s in w.subjects), w.price, w.reason)
                for w in plan.waivers
            ),
        ),
    ]
    verdict = tuple(
        (v.severity, v.rule, v.from_utc, v.to_utc, "; ".join(v.subjects), v.message)
        for v in outcome.violations
    )
    return [
        Sheet("flights", FLIGHT_HEADER, tuple(_flight_rows(scenario, plan))),
        Sheet("events", ("time (UTC)", "flight", "event", "vehicle type", "port", "to port"), _events(plan)),
        *(sheet for sheet in optional if sheet.rows),
        Sheet("verdict", ("severity", "rule", "from (UTC)", "to (UTC)", "subjects", "what"), verdict),
        Sheet("plan", ("what", "value"), _about(outcome)),
    ]


def calendar(scenario: Scenario, plan: Plan) -> bytes:
    """The events of the plan's flights, in order of time."""
    events = sorted(
        (event for f in plan.flights for event in _calendar_events(f)), key=lambda e: (e.at_utc.us, e.flight)
    )
    title = f"{scenario.title}: flights"
    return calendar_bytes(scenario.name, title, events, scenario.known_utc, __version__)


def _flight_rows(scenario: Scenario, plan: Plan) -> Iterator[tuple[Value, ...]]:
    crewed = {t.name for t in scenario.vehicle_types if t.is_crewed}
    # A plan that nobody asked who is aboard (an imported one, say) does not say that nobody is.
    are_known = scenario.rules["return_seat"].severity != "off"
    for f in plan.flights:
        is_known = f.vehicle_type in crewed and (are_known or f.kind == "uncrewed" or bool(f.crew_up))
        craft, pad, has_arrival = stated_only(f, plan)
        yield (
            f.name,
            f.kind,
            f.vehicle_type,
            craft,
            pad,
            f.launch_utc if has_arrival else None,
            f.dock_utc if has_arrival else None,
            f.port,
            "; ".join(
                f"{r.undock_utc.iso()}/{r.dock_utc.iso()} {escaped(r.from_port)} > {escaped(r.to_port)}"
                for r in f.relocations
            ),
            f.undock_utc,
            f.landing_utc,
            _crew(f.crew_up, is_known),
            _crew(f.crew_down, is_known),
            _crew(f.backup, False),
        )


def _crew(names: tuple[str, ...], is_known: bool) -> str:
    return "; ".join(escaped(name) for name in names) or ("none" if is_known else "")


def _events(plan: Plan) -> tuple[tuple[Value, ...], ...]:
    rows: list[tuple[Instant, tuple[Value, ...]]] = []
    for f in plan.flights:
        port = f.relocations[-1].to_port if f.relocations else f.port
        for event, at, where in (
            ("launch", f.launch_utc, None),
            ("dock", f.dock_utc, f.port),
            ("undock", f.undock_utc, port),
            ("landing", f.landing_utc, None),
        ):
            if at is not None:
                rows.append((at, (at, f.name, event, f.vehicle_type, where, None)))
        rows += [
            (r.undock_utc, (r.undock_utc, f.name, "relocate", f.vehicle_type, r.from_port, r.to_port))
            for r in f.relocations
        ]
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0].us))


def _about(outcome: CheckOutcome) -> tuple[tuple[Value, ...], ...]:
    scenario, plan = outcome.scenario, outcome.plan
    n_failed = sum(v.is_failure for v in outcome.violations)
    return (
        ("scenario", scenario.name),
        ("title", scenario.title),
        ("scenario hash", scenario.digest),
        ("plan hash", plan_hash(plan_text(plan))),
        ("known (UTC)", scenario.known_utc),
        ("from (UTC)", scenario.from_utc),
        ("to (UTC)", scenario.to_utc),
        ("violations", n_failed),
        ("crossflight", __version__),
        *((f"--set {path}", value) for path, value in plan.overrides.items()),
    )


def _calendar_events(f: Flight) -> Iterator[CalendarEvent]:
    crews = [("crew up", f.crew_up), ("crew down", f.crew_down)]
    lines = [f"craft: {f.craft}", f"vehicle type: {f.vehicle_type}", f"pad: {f.pad}"]
    text = "\n".join([*lines, *(f"{what}: {', '.join(crew)}" for what, crew in crews if crew)])
    last = f.relocations[-1].to_port if f.relocations else f.port or ""
    yield CalendarEvent(f.name, "launch", f.launch_utc, f"{f.name} launches", None, f.pad, text)
    if f.dock_utc is not None:
        port = f.port or ""
        yield CalendarEvent(f.name, "dock", f.dock_utc, f"{f.name} docks at {port}", None, port, text)
    for n, r in enumerate(f.relocations, start=1):
        summary = f"{f.name} relocates to {r.to_port}"
        yield CalendarEvent(
            f.name,
            f"relocation {n}",
            r.undock_utc,
            summary,
            r.dock_utc,
            f"{r.from_port} to {r.to_port}",
            text,
        )
    if f.undock_utc is not None:
        summary = f"{f.name} undocks from {last}"
        yield CalendarEvent(f.name, "undock", f.undock_utc, summary, None, last, text)
    if f.landing_utc is not None:
        yield CalendarEvent(f.name, "landing", f.landing_utc, f"{f.name} lands", None, "", text)
