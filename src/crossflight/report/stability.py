"""The stability page: what a plan withstands, beside how the station was flown and other terms.

Gathers the numbers of the audit, of single disruptions, of groundings, of slips and of other agreements into
pictures with a sentence each.  The numbers come from above; this module words and orders them.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from crossflight.model import Scenario, Span
from crossflight.report import stability_tables as tables
from crossflight.report.lanes import partner_tone
from crossflight.report.shape import Key, Page, Table
from crossflight.report.stability_findings import (
    LEVELS,
    Fall,
    Findings,
    Margin,
    Provider,
    TermsPlan,
    Trial,
)
from crossflight.report.stability_shape import (
    Block,
    Drawings,
    EnduranceDrawing,
    EraDrawing,
    EraRow,
    KindRow,
    Mark,
    Panel,
    ProviderRow,
    SinglesDrawing,
    SlipDrawing,
    SlipRow,
    Slope,
    Stability,
    TermsDrawing,
    TermsRow,
)
from crossflight.rules import rule_title
from crossflight.times import Instant


def stability(scenario: Scenario, found: Findings) -> Page:
    """The page."""
    panels: list[tuple[Panel, list[Table]]] = []
    drawings: Drawings = {}
    if scenario.station.segments:
        panels.append(_era_panel(found))
        drawings["eras"] = _era_drawing(scenario, found)
    if found.terms:
        panels.append(_terms_panel(found.terms))
        drawings["terms"] = _terms_drawing(scenario, found.terms)
    if found.trials:
        panels.append(_singles_panel(scenario, found.trials))
        drawings["singles"] = _singles_drawing(found.trials)
    if found.providers:
        panels.append(_endurance_panel(found.providers))
        drawings["endurance"] = _endurance_drawing(scenario, found.providers)
    if found.margins:
        panels.append(_slip_panel(found.margins))
        drawings["slips"] = _slip_drawing(scenario, found.margins)
    data: Stability = {"panels": [panel for panel, _ in panels], "drawings": drawings}
    twins = [table for _, some in panels for table in some]
    return {"ident": "stability", "title": _headline(scenario, found), "data": data, "tables": twins}


def _panel(ident: str, title: str, note: str, twins: list[Table]) -> tuple[Panel, list[Table]]:
    return {"id": ident, "title": title, "note": note, "tables": [t["id"] for t in twins]}, twins


def share(scenario: Scenario, spans: Sequence[Span]) -> float:
    """Share (0 to 1) of the scenario's horizon that the spans take."""
    from_us, to_us = scenario.from_utc.us, scenario.to_utc.us
    us = sum(max(0, min(s.to_utc.us, to_us) - max(s.from_utc.us, from_us)) for s in spans)
    return us / (to_us - from_us)


def segment_tone(scenario: Scenario, segment: str) -> str:
    """The colour word of a segment: that of the partner whose people most often operate it."""
    found = Counter(
        partner
        for person in scenario.people
        if any(q.segment == segment and q.is_operator for q in person.qualifications)
        and (partner := scenario.partner_of_agency(person.agency)) is not None
    )
    return partner_tone(scenario, max(found, key=lambda p: (found[p], p), default=None))


def _days(days: float) -> str:
    return f"{days:,.0f} d" if math.isfinite(days) else "past the plan"


def _leave(n: int) -> str:
    return "leave" if n > 1 else "leaves"


def _headline(scenario: Scenario, found: Findings) -> str:
    """The argument in one sentence."""
    planned = share(scenario, found.coverage.operator_n1_uncovered)
    if not scenario.station.segments:
        n_bad = sum(t.n_seatless > 0 for t in found.trials)
        some = f"{n_bad or 'None'} of {len(found.trials)} single disruptions"
        return f"{some} {_leave(n_bad)} somebody without a usable seat."
    if not found.eras:
        days = scenario.to_utc.days_since(scenario.from_utc)
        return f"The loss of one craft would leave a segment alone on {planned:.1%} of {days:,.0f} days."
    flown = [f"on {e.operator_n1_uncovered_share:.1%} of days with {e.name}" for e in found.eras]
    return (
        f"The loss of one craft would have left a segment of the station alone {', '.join(flown[:-1])} "
        f"and {flown[-1]}; in this plan on {planned:.1%}."
    )


def _era_panel(found: Findings) -> tuple[Panel, list[Table]]:
    planned = found.coverage.operator_n1_uncovered_days
    title = f"This plan leaves a segment one loss from being alone for {planned:,.1f} days"
    if found.eras:
        title = "As flown, and as planned: one craft from being alone"
    note = (
        "Operator N-1: whichever craft is lost with its crew, every segment keeps somebody who can operate "
        "it. Height: share of an era's days on which that did not hold; the strip below: those days."
    )
    made = [tables.planned_stretches(found.coverage)]
    if found.eras:
        made = [tables.flown_table(found.eras), tables.flown_stretches(found.episodes), *made]
    return _panel("eras", title, note, made)


def _era_drawing(scenario: Scenario, found: Findings) -> EraDrawing:
    rows: list[EraRow] = []
    if found.eras:
        flown = [[e.from_utc.iso(), e.to_utc.iso()] for e in found.episodes if e.metric == "operator_n1"]
        blocks = [
            _block(e.name, e.from_utc, e.to_utc, e.operator_n1_uncovered_share, e.unattended_share)
            for e in found.eras
        ]
        rows.append({"label": "as flown", "blocks": blocks, "spans": flown})
    spans = found.coverage.operator_n1_uncovered
    planned = _block(
        "this plan",
        scenario.from_utc,
        scenario.to_utc,
        share(scenario, spans),
        share(scenario, found.coverage.unattended),
    )
    rows.append(
        {
            "label": "as planned",
            "blocks": [planned],
            "spans": [[s.from_utc.iso(), s.to_utc.iso()] for s in spans],
        }
    )
    every = [b for r in rows for b in r["blocks"]]
    return {"start": min(b["start"] for b in every), "end": max(b["end"] for b in every), "rows": rows}


def _block(name: str, from_utc: Instant, to_utc: Instant, uncovered: float, unattended: float) -> Block:
    return {
        "tone": "bad" if uncovered else "ok",
        "title": name,
        "data": [
            ["from", from_utc.minute()],
            ["to", to_utc.minute()],
            ["days", f"{to_utc.days_since(from_utc):,.0f}"],
            ["operator N-1 uncovered", f"{uncovered:.1%}"],
            ["a segment unattended", f"{unattended:.1%}"],
        ],
        "start": from_utc.iso(),
        "end": to_utc.iso(),
        "name": name,
        "share": uncovered,
        "text": f"{uncovered:.1%}",
    }


def _terms_panel(terms: Sequence[TermsPlan]) -> tuple[Panel, list[Table]]:
    today = terms[0]
    bare = next((t for t in terms if t.name == "none" and t.is_same_traffic), None)
    if bare is None:
        title = f"{len({t.name for t in terms})} sets of terms about seats"
    else:
        left, before = sum(bare.uncovered.values()), sum(today.uncovered.values())
        title = (
            "Without swaps the same craft on the same days would leave operator N-1 uncovered on "
            f"{left:,.0f} segment-days, not {before:,.0f}"
        )
        if bare.less_today:
            title += f"; {bare.less_today.mean:,.0f} more days with a segment unattended are to be expected"
    note = (
        "The scenario under other agreements, all planned by rules that differ a little from this plan's. "
        "Expected: mean of samples with its 95 % interval, nobody planning anew when something breaks."
    )
    made = [tables.buys_table(terms), tables.costs_table(terms)]
    return _panel("terms", title, note, made)


def _terms_drawing(scenario: Scenario, terms: Sequence[TermsPlan]) -> TermsDrawing:
    segments = [s.name for s in scenario.station.segments]
    return {
        "segments": [Key(tone=segment_tone(scenario, s), name=s) for s in segments],
        "rows": [_terms_row(t, segments) for t in terms],
    }


def _terms_row(t: TermsPlan, segments: Sequence[str]) -> TermsRow:
    e = t.expected
    return {
        "tone": "note",
        "title": f"{t.title}, traffic {t.traffic}",
        "data": [
            ["status", t.status],
            *([f"N-1 uncovered {s}", f"{t.uncovered.get(s, 0.0):,.1f} d"] for s in segments),
            *([["expected unattended", f"{e.mean:.1f} d ({e.low:.1f} to {e.high:.1f})"]] if e else []),
            *([f"{p.partner}: seats given, taken", f"{p.n_given}, {p.n_taken}"] for p in t.prices),
            ["training in others' centres", f"{sum(p.months for p in t.prices):.0f} months"],
        ],
        "name": t.title,
        "is_same_traffic": t.is_same_traffic,
        "uncovered": [round(t.uncovered.get(s, 0.0), 3) for s in segments],
        "expected": [round(x, 3) for x in (e.mean, e.low, e.high)] if e else [],
        "months": round(sum(p.months for p in t.prices), 3),
    }


def _singles_panel(scenario: Scenario, trials: Sequence[Trial]) -> tuple[Panel, list[Table]]:
    n = Counter(t.level["tone"] for t in trials)
    title = f"One thing goes wrong, {len(trials)} times over"
    if scenario.station.segments:
        title = (
            f"One thing goes wrong: {n['worst'] or 'none'} of {len(trials)} disruptions {_leave(n['worst'])} "
            f"a segment unattended, {n['bad'] or 'none'} {_leave(n['bad'])} somebody without a usable seat"
        )
    note = (
        "Each square is one disruption on the worst of its days, by the worst it leads to, flown by a fixed "
        "policy: nobody plans anew. How long each lasts is assumed."
    )
    return _panel("singles", title, note, [tables.singles_table(trials)])


def _singles_drawing(trials: Sequence[Trial]) -> SinglesDrawing:
    by_kind: dict[str, list[Trial]] = {}
    for t in trials:
        by_kind.setdefault(t.kind, []).append(t)
    order = [level["tone"] for level in LEVELS]

    def weight(rows: Sequence[Trial]) -> tuple[int, ...]:
        n = Counter(t.level["tone"] for t in rows)
        return tuple(-n[tone] for tone in order)

    rows: list[KindRow] = [
        {"kind": kind, "items": [_trial(t) for t in sorted(some, key=lambda t: order.index(t.level["tone"]))]}
        for kind, some in sorted(by_kind.items(), key=lambda item: (weight(item[1]), item[0]))
    ]
    used = {t.level["tone"] for t in trials}
    return {"legend": [level for level in LEVELS if level["tone"] in used], "rows": rows}


def _trial(t: Trial) -> Mark:
    return {
        "tone": t.level["tone"],
        "title": t.what,
        "data": [
            ["a segment unattended", f"{t.unattended_days:+,.1f} d"],
            ["operator N-1 uncovered", f"{t.uncovered_days:+,.1f} d"],
            ["without a usable seat", f"{t.n_seatless} people, {t.seatless_person_days:,.0f} person-days"],
            ["flights lost", str(t.n_lost)],
            ["leave unrelieved", str(t.n_forced)],
        ],
    }


def _endurance_panel(providers: Sequence[Provider]) -> tuple[Panel, list[Table]]:
    said = [f"{p.name} {_days(p.median)}, at worst {_days(p.least)}" for p in providers]
    title = f"How long the station lasts in the median without launches of {'; of '.join(said)}"
    note = (
        "For each day of the plan: a provider launches no more from then on, everything else flies as "
        "planned. How many days until a craft has to leave unrelieved, somebody has no usable seat, or a "
        "segment is unattended. Not drawn where none of them comes before the plan ends."
    )
    twins = [tables.endurance_table(providers), tables.falls_table(providers)]
    return _panel("endurance", title, note, twins)


def _endurance_drawing(scenario: Scenario, providers: Sequence[Provider]) -> EnduranceDrawing:
    rows: list[ProviderRow] = []
    for p in providers:
        tone = partner_tone(scenario, p.name)
        slopes = [_slope(p, f, tone) for f in p.falls]
        text = f"median {_days(p.median)}, at worst {_days(p.least)}"
        rows.append({"provider": p.name, "tone": tone, "text": text, "slopes": slopes})
    every = [f for p in providers for f in p.falls]
    return {
        "start": min((f.from_utc for f in every), default=scenario.from_utc).iso(),
        "end": max((f.to_utc for f in every), default=scenario.to_utc).iso(),
        "legend": [],
        "rows": rows,
    }


def _slope(p: Provider, f: Fall, tone: str) -> Slope:
    is_known = math.isfinite(f.days)
    span = f"{_days(f.days)}, falling to {_days(f.days_end)}" if is_known else _days(f.days)
    return {
        "tone": tone,
        "title": f"No launches of {p.name} from {f.from_utc.date()} to {f.to_utc.date()} on",
        "data": [["lasts", span], ["ends when", f.ends]],
        "start": f.from_utc.iso(),
        "end": f.to_utc.iso(),
        "days": round(f.days, 2) if is_known else None,
        "days_end": round(f.days_end, 2) if is_known else None,
    }


def _slip_panel(margins: Sequence[Margin]) -> tuple[Panel, list[Table]]:
    days = sorted(m.days for m in margins)
    n_none = days.count(0)
    title = f"Alone, a crewed flight can slip {days[0]} to {days[-1]} days before a rule is broken"
    title += f"; {n_none} of {len(days)} cannot slip by a day" if n_none else ""
    note = (
        "Whole days of slip, everything else fixed, until the checker refuses the plan; the rule named is "
        "the one that the next day breaks. Announced windows and the orbit's own days are not asked."
    )
    return _panel("slips", title, note, [tables.slip_table(margins)])


def _slip_drawing(scenario: Scenario, margins: Sequence[Margin]) -> SlipDrawing:
    rows: list[SlipRow] = [
        {
            "tone": partner_tone(scenario, m.provider),
            "title": f"{m.flight} can slip {m.days} days",
            "data": [
                ["then breaks", rule_title(m.rule) or "nothing yet"],
                *([["", m.message]] if m.message else []),
            ],
            "flight": m.flight,
            "days": m.days,
            "is_open": not m.rule,
        }
        for m in margins
    ]
    return {"most": max(m.days for m in margins), "rows": rows}
