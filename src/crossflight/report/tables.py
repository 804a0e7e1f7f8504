"""The table twins: every number of the drawing, and the lists that are not drawn."""

from __future__ import annotations

from collections.abc import Sequence

from crossflight.model import Coverage, Difference, Plan, Scenario, TierResult, Violation
from crossflight.report.lanes import port_stays
from crossflight.report.names import spoken
from crossflight.report.seats import landing, seats
from crossflight.report.shape import Cell, Column, Table
from crossflight.report.strips import Episode, Era, cover_steps, crew_steps
from crossflight.report.table import columns as _columns
from crossflight.report.table import table as _table
from crossflight.rules import Walk, rule_title
from crossflight.times import Instant


def _at(instant: Instant | None) -> Cell:
    return instant.minute() if instant is not None else None


def _days(start: Instant, end: Instant) -> float:
    return round(end.days_since(start), 2)


def tier_table(tiers: Sequence[TierResult]) -> Table:
    """The objective: value, proven bound, gap, tier by tier."""
    rows: list[list[Cell]] = [
        [
            i,
            t.tier,
            round(t.value, 3),
            round(t.bound, 3),
            f"{t.gap:.2%}",
            "proven" if t.gap <= 1e-9 else "open",
        ]
        for i, t in enumerate(tiers, start=1)
    ]
    note = "A tier counts only where the tiers above it are equal. Bounds are proven; less is better."
    columns = _columns("Order#", "Tier", "Value#", "Bound#", "Gap#", "State")
    return _table("tiers", "Objective tiers", columns, rows, note=note if rows else "", is_open=True)


def alternative_table(columns: Sequence[str], lines: Sequence[Sequence[Cell]]) -> Table:
    """The best plan beside its alternatives: a column a plan, a line a tier or measure."""
    kinds: list[Column] = [{"name": columns[0] or "What", "kind": "text"}]
    kinds += [{"name": name, "kind": "number"} for name in columns[1:]]
    note = "What is moved, more, fewer or otherwise is so against the best plan."
    return _table("alternatives", "Alternatives", kinds, [list(x) for x in lines], note=note, is_open=True)


def do_nothing_table(lines: Sequence[tuple[str, str, str]]) -> Table:
    """A repaired plan beside the plan kept as it is."""
    rows: list[list[Cell]] = [list(line) for line in lines]
    columns = _columns("Measure", "Do nothing", "Proposed")
    return _table("do-nothing", "What keeping the plan as it is would mean", columns, rows, is_open=True)


def difference_table(found: Difference, baseline: str) -> Table:
    """Flight by flight, what this plan has otherwise than a baseline (`baseline`: its name in words)."""
    rows: list[list[Cell]] = [
        [name, kind, words]
        for kind, is_cargo in (("crew", False), ("cargo", True))
        for name, words in found.by_flight(is_cargo=is_cargo)
    ]
    columns = _columns("Flight", "Kind", f"Otherwise than {baseline}")
    return _table("difference", f"What differs from {baseline}", columns, rows, is_open=True)


def violation_table(violations: Sequence[Violation]) -> Table:
    """Every finding of the checker, failures first in its own order."""
    rows: list[list[Cell]] = [
        [
            rule_title(v.rule),
            v.severity,
            _at(v.from_utc),
            _at(v.to_utc),
            ", ".join(v.subjects),
            v.message,
            v.rule,
        ]
        for v in violations
    ]
    columns = _columns("Rule", "Severity", "From@", "To@", "Subjects", "Message", "Key")
    note = "Hard and waivable ones make a plan fail; waived and soft ones do not." if rows else ""
    return _table("violations", "Violations", columns, rows, note=note, is_open=True)


def waiver_table(plan: Plan) -> Table:
    """Dated, priced permissions."""
    rows: list[list[Cell]] = [
        [
            rule_title(w.rule),
            _at(w.from_utc),
            _at(w.to_utc),
            ", ".join(w.subjects) or "any",
            w.price,
            w.reason,
            w.rule,
        ]
        for w in plan.waivers
    ]
    columns = _columns("Rule", "From@", "To@", "Subjects", "Price#", "Reason", "Key")
    return _table("waivers", "Waivers", columns, rows, is_open=True)


def flight_table(scenario: Scenario, plan: Plan) -> Table:
    """Crewed flights, and uncrewed ones of crewed types."""
    has_pins = any(f.pinned for f in plan.flights)
    rows: list[list[Cell]] = [
        [
            f.name,
            f.kind,
            f.craft,
            spoken(f.pad),
            _at(f.launch_utc),
            _at(f.dock_utc),
            f.port,
            "; ".join(f"{r.to_port} {r.dock_utc.date()}" for r in f.relocations),
            _at(f.undock_utc),
            _at(f.landing_utc),
            _days(f.launch_utc, landing(f, scenario.to_utc)),
            ", ".join(f.crew_up),
            ", ".join(f.crew_down),
            ", ".join(f.backup),
            *([", ".join(f.pinned) or None] if has_pins else []),
        ]
        for f in plan.flights
        if f.kind != "cargo"
    ]
    columns = _columns(
        "Flight", "Kind", "Craft", "Pad", "Launch@", "Dock@", "Port", "Relocations", "Undock@", "Landing@",
        "Days#", "Up", "Down", "Backup", *(["Pinned"] if has_pins else []),
    )  # fmt: skip
    return _table("flights", "Crew flights", columns, rows, is_open=True)


def cargo_table(plan: Plan) -> Table:
    """Cargo visits."""
    rows: list[list[Cell]] = [
        [
            f.name,
            spoken(f.vehicle_type),
            spoken(f.pad),
            _at(f.launch_utc),
            _at(f.dock_utc),
            f.port,
            _at(f.undock_utc),
        ]
        for f in plan.flights
        if f.kind == "cargo"
    ]
    columns = _columns("Flight", "Type", "Pad", "Launch@", "Dock@", "Port", "Undock@")
    return _table("cargo", "Cargo visits", columns, rows)


def chance_table(lines: Sequence[Sequence[str]]) -> Table:
    """How sure the computed launches and landings are."""
    columns = _columns(
        "Flight", "Lift-off", "Sigma, s", "Beta, deg", "Profile", "Likely", "Reboost that opens it",
        "Landing", "Sigma of landing, s", "Landing likely",
    )  # fmt: skip
    note = "Sigmas grow with the age of the elements; far ahead phase is unknown: days have a probability."
    rows: list[list[Cell]] = [[*line] for line in lines]
    return _table("opportunities", "Launch and landing opportunities", columns, rows, note=note)


def port_table(scenario: Scenario, plan: Plan) -> Table:
    """The port lanes: who was where; closures and EVAs are in the calendar."""
    order = {p.name: i for i, p in enumerate(scenario.station.ports)}
    stays = [
        (order.get(port, len(order)), start, port, f, end)
        for f in plan.flights
        for port, start, end in port_stays(f, scenario.to_utc)
    ]
    rows: list[list[Cell]] = [
        [port, f.name, spoken(f.vehicle_type), _at(start), _at(end), _days(start, end)]
        for _, start, port, f, end in sorted(stays, key=lambda s: (s[0], s[1]))
    ]
    return _table("ports", "Port stays", _columns("Port", "Flight", "Type", "From@", "To@", "Days#"), rows)


def people_table(walk: Walk) -> Table:
    """The people lanes: every seat anybody had."""
    rows: list[list[Cell]] = []
    for s in seats(walk):
        person = walk.people.get(s.person)
        side = "visitor" if person and person.is_visitor else walk.partner_of(s.person)
        length = _days(s.from_utc, s.to_utc)
        agency = person.agency if person else None
        rows.append([s.person, agency, side, s.up, s.flight, s.kind, _at(s.from_utc), _at(s.to_utc), length])
    columns = _columns("Person", "Agency", "Partner", "Up on", "Seat in", "Seat", "From@", "To@", "Days#")
    return _table("people", "People and seats", columns, rows)


def pad_table(scenario: Scenario, plan: Plan) -> Table:
    """The pad lanes: launches and the days since the one before."""
    rows: list[list[Cell]] = []
    before: dict[str, Instant] = {}
    for f in sorted(plan.flights, key=lambda f: f.launch_utc):
        last = before.get(f.pad)
        rows.append([f.pad, f.name, _at(f.launch_utc), _days(last, f.launch_utc) if last else None])
        before[f.pad] = f.launch_utc
    order = {p.name: i for i, p in enumerate(scenario.pads)}
    rows.sort(key=lambda r: order.get(str(r[0]), len(order)))
    rows = [[spoken(str(r[0])), *r[1:]] for r in rows]
    columns = _columns("Pad", "Flight", "Launch@", "Days since the last#")
    return _table("pads", "Launches by pad", columns, rows)


def crew_table(walk: Walk) -> Table:
    """The crew strips."""
    rows: list[list[Cell]] = [
        [partner, _at(start), _at(end), _days(start, end), len(names), ", ".join(names)]
        for partner, steps in crew_steps(walk)
        for start, end, names in steps
    ]
    return _table(
        "crew", "Crew aboard", _columns("Partner", "From@", "To@", "Days#", "Aboard#", "People"), rows
    )


def covering_table(walk: Walk) -> Table:
    """The cover strips: which docked craft could run each segment."""
    rows: list[list[Cell]] = [
        [segment, _at(start), _at(end), _days(start, end), len(craft), ", ".join(craft)]
        for segment, steps in cover_steps(walk)
        for start, end, craft in steps
    ]
    columns = _columns("Segment", "From@", "To@", "Days#", "Covering craft#", "Craft")
    return _table("covering", "Craft that cover each segment", columns, rows)


def cover_table(coverage: Coverage) -> Table:
    """The operator N-1 strip: stretches without cover."""
    rows: list[list[Cell]] = [
        [kind, _at(s.from_utc), _at(s.to_utc), _days(s.from_utc, s.to_utc), ", ".join(s.subjects)]
        for kind, spans in (
            ("unattended", coverage.unattended),
            ("uncovered", coverage.operator_n1_uncovered),
        )
        for s in spans
    ]
    note = "Uncovered: the loss of one craft with its crew would leave a segment without an operator."
    columns = _columns("State", "From@", "To@", "Days#", "Because of")
    return _table("operator-n1", "Operator N-1: stretches without cover", columns, rows, note=note)


def seat_table(coverage: Coverage) -> Table:
    """The seat N-1 strip."""
    rows: list[list[Cell]] = [
        [
            _at(s.from_utc),
            _at(s.to_utc),
            _days(s.from_utc, s.to_utc),
            s.craft,
            s.n_without_nominal,
            s.n_without_any,
        ]
        for s in coverage.seat_n1
    ]
    note = "One craft becomes unusable and its crew stays: how many people have no seat then."
    columns = _columns("From@", "To@", "Days#", "Worst craft", "Without a nominal seat#", "Without any seat#")
    return _table("seat-n1", "Seat N-1: the worst craft to lose", columns, rows, note=note)


def calendar_table(scenario: Scenario) -> Table:
    """Everything shaded: forbidden days, closures, EVAs, pad outages."""
    rows: list[list[Cell]] = [
        ["forbidden", _at(f.from_utc), _at(f.to_utc),
         ", ".join(map(spoken, f.vehicle_types)) or "every vehicle", f"no {', '.join(f.events)}: {f.why}"]
        for f in scenario.forbidden_days
    ]  # fmt: skip
    rows += [
        ["port closed", _at(c.from_utc), _at(c.to_utc), p.name, c.why]
        for p in scenario.station.ports
        for c in p.closures
    ]
    rows += [
        ["EVA", _at(e.from_utc), _at(e.to_utc), ", ".join(e.free_ports), e.name]
        for e in scenario.station.evas
    ]
    rows += [
        ["pad out", _at(c.from_utc), _at(c.to_utc), spoken(p.name), c.why]
        for p in scenario.pads
        for c in p.outages
    ]
    columns = _columns("What", "From@", "To@", "Where", "Why")
    return _table("calendar", "Forbidden days, closures, EVAs, outages", columns, rows)


def era_table(eras: Sequence[Era]) -> Table:
    """The eras of the audit."""
    rows: list[list[Cell]] = [
        [e.name, _at(e.from_utc), _at(e.to_utc), _days(e.from_utc, e.to_utc),
         f"{e.operator_n1_uncovered_share:.1%}", f"{e.unattended_share:.1%}"]
        for e in eras
    ]  # fmt: skip
    columns = _columns("Era", "From@", "To@", "Days#", "Operator N-1 uncovered#", "Unattended#")
    return _table("eras", "Eras", columns, rows, is_open=True)


def episode_table(episodes: Sequence[Episode]) -> Table:
    """The stretches without cover, with their causes."""
    rows: list[list[Cell]] = [
        [
            {"operator_n1": "uncovered"}.get(e.metric, e.metric),
            _at(e.from_utc),
            _at(e.to_utc),
            _days(e.from_utc, e.to_utc),
            e.cause,
            " ".join(text for text in (e.note, e.uncertainty) if text) or None,
        ]
        for e in episodes
    ]
    columns = _columns("State", "From@", "To@", "Days#", "Cause", "Behind it, and what is not certain")
    return _table("episodes", "Episodes", columns, rows, is_open=True)
