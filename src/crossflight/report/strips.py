"""Strips: crew aboard per partner, operator N-1, seat N-1, findings, waivers, calendar and eras."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Protocol

from crossflight.model import Coverage, Plan, Scenario, Span, Violation
from crossflight.report.lanes import bar, days, first_free, partner_tone, when
from crossflight.report.names import spoken
from crossflight.report.shape import Bar, Lane, Shade
from crossflight.rules import Walk, rule_title
from crossflight.times import Instant


class Era(Protocol):
    """A stretch of the flown record, as the audit sums it up."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def from_utc(self) -> Instant:
        """Its first instant."""

    @property
    def to_utc(self) -> Instant:
        """Its end, not included."""

    @property
    def operator_n1_uncovered_share(self) -> float:
        """Share of its time (0 to 1) without operator N-1."""

    @property
    def unattended_share(self) -> float:
        """Share of its time (0 to 1) with a segment unattended."""


class Episode(Protocol):
    """A stretch without cover, and why."""

    @property
    def from_utc(self) -> Instant:
        """Its first instant."""

    @property
    def to_utc(self) -> Instant:
        """Its end, not included."""

    @property
    def metric(self) -> str:
        """``operator_n1`` or ``unattended``."""

    @property
    def cause(self) -> str:
        """Why, as read off the record."""

    @property
    def note(self) -> str:
        """What was behind it; may be empty."""

    @property
    def uncertainty(self) -> str:
        """How its dates depend on unverified days; may be empty."""


Steps = list[tuple[Instant, Instant, tuple[str, ...]]]


def _steps(walk: Walk, found: Sequence[tuple[str, ...]]) -> Steps:
    """Stretches over which the names found per state stay the same."""
    steps: Steps = []
    for state, names in zip(walk.states, found, strict=True):
        if steps and steps[-1][2] == names:
            steps[-1] = (steps[-1][0], state.to_utc, names)
        else:
            steps.append((state.from_utc, state.to_utc, names))
    return steps


def crew_steps(walk: Walk) -> list[tuple[str, Steps]]:
    """Per partner (and visitors, if any): stretches of constant crew with the names aboard."""

    def side(name: str) -> str:
        person = walk.people.get(name)
        is_visitor = person is not None and person.is_visitor
        return "Visitors" if is_visitor else walk.partner_of(name) or "Visitors"

    found = []
    for partner in [*(p.name for p in walk.scenario.partners), "Visitors"]:
        names = [tuple(sorted(n for n in s.aboard if side(n) == partner)) for s in walk.states]
        if partner != "Visitors" or any(names):
            found.append((partner, _steps(walk, names)))
    return found


def cover_steps(walk: Walk) -> list[tuple[str, Steps]]:
    """Per segment: stretches over which the same docked, usable craft seat an operator of it."""
    return [
        (
            segment.name,
            _steps(
                walk,
                [
                    tuple(sorted(set(here[segment.name]) - state.unusable))
                    for state, here in zip(walk.states, walk.operators, strict=True)
                ],
            ),
        )
        for segment in walk.scenario.station.segments
    ]


def cover_lanes(walk: Walk) -> list[Lane]:
    """How many craft cover each segment: two or more is safe, one is not, none leaves it alone."""
    lanes = []
    for segment, steps in cover_steps(walk):
        bars = []
        for start, end, craft in steps:
            n = len(craft)
            tone = "ok" if n > 1 else "warn" if n == 1 else "bad"
            data = [
                ["Covering craft", str(n)],
                ["Craft", ", ".join(craft) or "none"],
                ["From", when(start)],
                ["To", when(end)],
                ["Length", days(start, end)],
            ]
            title = f"{segment}: {n} craft seat{'s' if n == 1 else ''} an operator of it"
            made = bar(start, end, ", ".join(craft) if n == 1 else str(n), tone, title, data)
            made["short"] = str(n)
            bars.append(made)
        lane: Lane = {
            "label": f"{segment} cover",
            "detail": "craft",
            "kind": "state",
            "rows": 1,
            "bars": bars,
        }
        lanes.append(lane)
    return lanes


def crew_lanes(walk: Walk) -> list[Lane]:
    """Crew aboard per partner as steps; the dashed line is the nominal crew."""
    scenario = walk.scenario
    per_partner = crew_steps(walk)
    nominal = scenario.station.n_crew_nominal
    top = max([1, *(len(n) for _, steps in per_partner for _, _, n in steps), *nominal.values()])
    lanes = []
    for partner, steps in per_partner:
        wanted = nominal.get(partner)
        tone = partner_tone(scenario, partner)
        bars = []
        for start, end, names in steps:
            data = [
                ["Aboard", str(len(names))],
                ["From", when(start)],
                ["To", when(end)],
                ["Length", days(start, end)],
                *([["Nominal", str(wanted)]] if wanted is not None else []),
                *([["People", ", ".join(names)]] if names else []),
            ]
            label = str(len(names)) if names or wanted is not None else ""
            made = bar(start, end, label, tone, f"{partner}: {len(names)} aboard", data)
            made["level"] = len(names) / top
            bars.append(made)
        lane: Lane = {
            "label": partner,
            "detail": f"nominal {wanted}" if wanted is not None else "",
            "kind": "steps",
            "rows": 1,
            "bars": bars,
        }
        if wanted is not None:
            lane["level_line"] = wanted / top
        lanes.append(lane)
    return lanes


def _between(
    spans: Iterable[tuple[Instant, Instant]], start: Instant, end: Instant
) -> list[tuple[Instant, Instant]]:
    """What [start, end) leaves over."""
    left, at = [], start
    for a, b in sorted(spans):
        if a > at:
            left.append((at, min(a, end)))
        at = max(at, b)
    return [*left, (at, end)] if at < end else left


def operator_lane(scenario: Scenario, coverage: Coverage) -> Lane:
    """Whether every segment keeps an operator whichever craft leaves."""

    def made(span: Span, tone: str, label: str, title: str) -> Bar:
        data = [
            ["From", when(span.from_utc)],
            ["To", when(span.to_utc)],
            ["Length", days(span.from_utc, span.to_utc)],
            *([["Because of", ", ".join(span.subjects)]] if span.subjects else []),
        ]
        found = bar(span.from_utc, span.to_utc, label, tone, title, data)
        if tone != "ok":
            found["short"] = f"{span.days:.0f} d"
        return found

    bad = [*coverage.operator_n1_uncovered, *coverage.unattended]
    rest = _between([(s.from_utc, s.to_utc) for s in bad], scenario.from_utc, scenario.to_utc)
    bars = [made(Span(a, b), "ok", "covered", "Operator N-1: covered") for a, b in rest]
    bars += [
        made(
            s,
            "bad",
            f"{s.days:.1f} d uncovered",
            "Operator N-1: the loss of one craft leaves a segment alone",
        )
        for s in coverage.operator_n1_uncovered
    ]
    bars += [
        made(s, "worst", f"{s.days:.1f} d unattended", "A segment without an operator")
        for s in coverage.unattended
    ]
    bars.sort(key=lambda b: b["start"])
    return {
        "label": "Operator N-1",
        "detail": "",
        "kind": "state",
        "rows": 1,
        "bars": bars,
        "is_marked": True,
    }


def seat_lane(coverage: Coverage) -> Lane:
    """How many people the worst loss of a craft leaves without a nominal seat, as steps.

    With full crews that is rarely nobody, so it never takes the colour of an alarm.
    """
    top = max([1, *(s.n_without_nominal for s in coverage.seat_n1)])
    bars = []
    for span in coverage.seat_n1:
        n, n_any = span.n_without_nominal, span.n_without_any
        data = [
            ["Worst craft", span.craft or "\N{EN DASH}"],
            ["Without a nominal seat", str(n)],
            ["Without any seat", str(n_any)],
            ["From", when(span.from_utc)],
            ["To", when(span.to_utc)],
            ["Length", days(span.from_utc, span.to_utc)],
        ]
        title = f"Seat N-1: {n} without a nominal seat, {n_any} without any"
        label = f"{n}, {n_any} without any" if n_any else str(n)
        made = bar(span.from_utc, span.to_utc, label, "note" if n else "ok", title, data)
        made["level"] = n / top
        made["short"] = str(n)
        bars.append(made)
    return {"label": "Seat N-1", "detail": "without a seat", "kind": "steps", "rows": 1, "bars": bars}


def finding_lanes(
    plan: Plan, violations: Sequence[Violation], explained: Container[Violation] = ()
) -> list[Lane]:
    """Violations that fail the plan, and waivers with what they cover.

    What is `explained` (in the flown record) alarms nobody.
    """
    broken = []
    ends: list[Instant] = []
    for v in violations:
        if not v.is_failure:
            continue
        row = first_free(ends, v.from_utc)
        ends[row] = v.to_utc.plus_days(20)  # room for a label of an instant's violation
        broken.append(
            bar(
                v.from_utc,
                v.to_utc,
                rule_title(v.rule),
                "note" if v in explained else "bad",
                f"Violation of {rule_title(v.rule)}",
                [
                    ["Severity", v.severity],
                    ["From", when(v.from_utc)],
                    ["To", when(v.to_utc)],
                    ["Subjects", ", ".join(v.subjects)],
                    ["Says", v.message],
                ],
                row,
            )
        )
    waived = []
    free: list[Instant] = []
    for w in sorted(plan.waivers, key=lambda w: w.from_utc):
        row = first_free(free, w.from_utc)
        free[row] = w.to_utc
        waived.append(
            bar(
                w.from_utc,
                w.to_utc,
                rule_title(w.rule),
                "warn",
                f"Waiver of {rule_title(w.rule)}",
                [
                    ["From", when(w.from_utc)],
                    ["To", when(w.to_utc)],
                    ["Subjects", ", ".join(w.subjects) or "any"],
                    ["Price", f"{w.price:g}"],
                    ["Reason", w.reason or "\N{EN DASH}"],
                ],
                row,
            )
        )
    made: list[Lane] = []
    if broken:
        is_all = all(b["tone"] == "note" for b in broken)
        detail = "explained" if is_all else ""
        lane: Lane = {
            "label": "Violations",
            "detail": detail,
            "kind": "bars",
            "rows": len(ends),
            "bars": broken,
            "is_marked": not is_all,
        }
        made.append(lane)
    if waived:
        made.append({"label": "Waivers", "detail": "", "kind": "bars", "rows": len(free), "bars": waived})
    return made


def calendar_lanes(scenario: Scenario) -> list[Lane]:
    """Forbidden days and EVAs."""
    lanes: list[Lane] = []
    if scenario.forbidden_days:
        bars = []
        for f in scenario.forbidden_days:
            which = ", ".join(map(spoken, f.vehicle_types)) or "every vehicle"
            data = [
                ["From", when(f.from_utc)],
                ["To", when(f.to_utc)],
                ["No", ", ".join(f.events)],
                ["Holds for", which],
                ["Why", f.why],
            ]
            bars.append(bar(f.from_utc, f.to_utc, f.why, "shade", f"Forbidden: {f.why}", data))
        lanes.append({"label": "Forbidden days", "detail": "", "kind": "bars", "rows": 1, "bars": bars})
    if scenario.station.evas:
        bars = [
            bar(e.from_utc, e.to_utc, e.name, "note", e.name,
                [["From", when(e.from_utc)], ["To", when(e.to_utc)],
                 ["Ports kept free", ", ".join(e.free_ports) or "none"]])
            for e in scenario.station.evas
        ]  # fmt: skip
        lanes.append({"label": "EVAs", "detail": "", "kind": "bars", "rows": 1, "bars": bars})
    return lanes


def shades(scenario: Scenario) -> list[Shade]:
    """Full-height stretches: days on which something is forbidden."""
    return [
        {"start": f.from_utc.iso(), "end": f.to_utc.iso(), "tone": "shade"} for f in scenario.forbidden_days
    ]


def era_lane(eras: Sequence[Era]) -> Lane:
    """The eras of the audit as bands."""
    bars = []
    for era in eras:
        data = [
            ["From", when(era.from_utc)],
            ["To", when(era.to_utc)],
            ["Length", days(era.from_utc, era.to_utc)],
            ["Operator N-1 uncovered", f"{era.operator_n1_uncovered_share:.1%}"],
            ["Unattended", f"{era.unattended_share:.1%}"],
        ]
        label = f"{era.name}: {era.operator_n1_uncovered_share:.1%} uncovered"
        made = bar(era.from_utc, era.to_utc, label, "era", era.name, data)
        made["short"] = f"{era.operator_n1_uncovered_share:.1%}"
        bars.append(made)
    return {"label": "Eras", "detail": "share uncovered", "kind": "state", "rows": 1, "bars": bars}
