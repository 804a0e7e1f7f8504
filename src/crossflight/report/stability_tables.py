"""The table twins of the stability page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from crossflight.model import Coverage
from crossflight.report.shape import Cell, Table
from crossflight.report.stability_findings import Interval, Margin, Provider, TermsPlan, Trial
from crossflight.report.strips import Episode, Era
from crossflight.report.table import columns as columns_of
from crossflight.report.table import table
from crossflight.rules import rule_title

_PAST: Final = "past the plan"


def _days(days: float) -> Cell:
    return round(days, 2) + 0.0 if math.isfinite(days) else _PAST


def flown_table(eras: Sequence[Era]) -> Table:
    """The eras of the audit."""
    rows: list[list[Cell]] = [
        [
            e.name,
            e.from_utc.minute(),
            e.to_utc.minute(),
            _days(e.to_utc.days_since(e.from_utc)),
            f"{e.operator_n1_uncovered_share:.1%}",
            f"{e.unattended_share:.1%}",
        ]
        for e in eras
    ]
    columns = ("Era", "From@", "To@", "Days#", "Operator N-1 uncovered#", "Unattended#")
    return table(
        "flown-eras", "Eras as flown", columns_of(*columns), rows, note="crossflight audit computes them."
    )


def flown_stretches(episodes: Sequence[Episode]) -> Table:
    """The uncovered stretches of the record."""
    rows: list[list[Cell]] = [
        [e.from_utc.minute(), e.to_utc.minute(), _days(e.to_utc.days_since(e.from_utc)), e.cause, e.note]
        for e in episodes
        if e.metric == "operator_n1"
    ]
    columns = ("From@", "To@", "Days#", "Cause", "Behind it")
    return table("flown-stretches", "Uncovered stretches as flown", columns_of(*columns), rows)


def planned_stretches(coverage: Coverage) -> Table:
    """The uncovered stretches of the plan."""
    rows: list[list[Cell]] = [
        [s.from_utc.minute(), s.to_utc.minute(), _days(s.days), ", ".join(s.subjects)]
        for s in coverage.operator_n1_uncovered
    ]
    columns = ("From@", "To@", "Days#", "Because of")
    return table("planned-stretches", "Uncovered stretches of this plan", columns_of(*columns), rows)


def buys_table(terms: Sequence[TermsPlan]) -> Table:
    """What terms buy."""
    segments = list(dict.fromkeys(s for t in terms for s in t.uncovered))
    providers = list(dict.fromkeys(p for t in terms for p in t.endurance))
    rows: list[list[Cell]] = [
        [
            t.title,
            t.traffic,
            t.status,
            *(_days(t.uncovered[s]) if s in t.uncovered else None for s in segments),
            _days(sum(t.unattended.values())),
            *(_interval(t.expected)),
            *(_interval(t.less_today)),
            *(_days(t.endurance[p]) if p in t.endurance else None for p in providers),
        ]
        for t in terms
    ]
    columns = (
        "Terms",
        "Traffic",
        "Status",
        *(f"N-1 uncovered {s}, d#" for s in segments),
        "Unattended as planned, d#",
        "Expected unattended, d#",
        "95 % interval",
        "Less today's, d#",
        "95 % interval of that",
        *(f"Without {p}, median d#" for p in providers),
    )
    return table("terms-buy", "What agreements buy", columns_of(*columns), rows)


def _interval(found: Interval | None) -> tuple[Cell, Cell]:
    if found is None:
        return None, None
    return round(found.mean, 2) + 0.0, f"{found.low:.1f} to {found.high:.1f}"


def costs_table(terms: Sequence[TermsPlan]) -> Table:
    """What each partner gives and takes."""
    rows: list[list[Cell]] = [
        [t.title, t.traffic, p.partner, p.n_given, p.n_taken, round(p.months, 1)]
        for t in terms
        for p in t.prices
    ]
    columns = (
        "Terms",
        "Traffic",
        "Partner",
        "Seats given#",
        "Seats taken#",
        "Training in others' centres, months#",
    )
    note = "Seats up on rotation flights launched within the plan."
    return table("terms-cost", "What agreements cost", columns_of(*columns), rows, note=note)


def singles_table(trials: Sequence[Trial]) -> Table:
    """Every disruption, the worst first."""
    rows: list[list[Cell]] = [
        [
            t.what,
            t.kind,
            t.level["name"],
            _days(t.unattended_days),
            _days(t.uncovered_days),
            t.n_seatless,
            _days(t.seatless_person_days),
            t.n_lost,
            t.n_forced,
        ]
        for t in trials
    ]
    columns = (
        "Disruption", "Kind", "Worst", "Unattended, d#", "N-1 uncovered, d#", "People without a usable seat#",
        "Person-days of that#", "Flights lost#", "Leave unrelieved#",
    )  # fmt: skip
    note = "Days and people more than the plan itself has, the worst first."
    return table("singles", "Single disruptions", columns_of(*columns), rows, note=note)


def endurance_table(providers: Sequence[Provider]) -> Table:
    """Endurance in short."""
    rows: list[list[Cell]] = [
        [p.name, _days(p.from_known), _days(p.least), _days(p.median)] for p in providers
    ]
    columns = ("Without launches of", "From the knowledge date, d#", "At worst, d#", "Median, d#")
    return table("endurance", "Endurance", columns_of(*columns), rows)


def falls_table(providers: Sequence[Provider]) -> Table:
    """Endurance over the plan."""
    rows: list[list[Cell]] = [
        [p.name, f.from_utc.date(), f.to_utc.date(), _days(f.days), _days(f.days_end), f.ends]
        for p in providers
        for f in p.falls
    ]
    columns = ("Without launches of", "From@", "To@", "Days left at first#", "At last#", "Ends when")
    return table("endurance-days", "Endurance over the plan", columns_of(*columns), rows)


def slip_table(margins: Sequence[Margin]) -> Table:
    """Slip margins."""
    rows: list[list[Cell]] = [
        [m.flight, m.days, rule_title(m.rule) or "nothing yet", m.message, m.rule] for m in margins
    ]
    columns = ("Flight", "Can slip, d#", "Then breaks", "How", "Key")
    return table("slips", "Slip margins", columns_of(*columns), rows)
