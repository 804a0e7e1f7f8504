"""The audit: how the station was covered, era by era, as it was flown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypedDict

from crossflight.app.picture import picture
from crossflight.history import (
    Assumption,
    assumption_named,
    explain,
    explanations,
    flown_plan,
    flown_scenario,
)
from crossflight.history.causes import unattended_cause, uncovered_cause
from crossflight.history.compare import Comparison, compare
from crossflight.history.flown import RECORD_FROM, MoveDay
from crossflight.history.notes import episode_notes
from crossflight.model import Plan, Scenario, Span, Violation
from crossflight.report.shape import Picture
from crossflight.rules import Walk, check_walk, coverage_walk
from crossflight.scenario import read_scenario
from crossflight.times import Instant

SCHEMA: Final = "crossflight.audit/1"
SCENARIO: Final = "iss-flown"

Metric = Literal["operator_n1", "unattended"]

# From one docking to the next; the last ends where the expected measure ends (docs/flown-record.md).
CREW_DRAGON_UTC: Final = Instant.of(2020, 11, 17, 4, 1)  # Crew-1 docks
INTEGRATED_UTC: Final = Instant.of(2022, 10, 6, 21, 1)  # Crew-5 docks
AUDIT_TO: Final = Instant.of(2026, 10, 1)
_ERAS: Final = (
    ("Soyuz only", RECORD_FROM, CREW_DRAGON_UTC),
    ("Crew Dragon without cosmonauts", CREW_DRAGON_UTC, INTEGRATED_UTC),
    ("integrated crews", INTEGRATED_UTC, AUDIT_TO),
)
_SAME_S: Final = 60.0  # two walks agree on an instant when they differ by less


@dataclass(frozen=True, slots=True)
class Era:
    """A stretch of the record and what share of it lacked cover."""

    name: str
    from_utc: Instant
    to_utc: Instant
    operator_n1_uncovered_share: float
    unattended_share: float

    @property
    def days(self) -> float:
        """Length in days."""
        return self.to_utc.days_since(self.from_utc)


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch without cover.

    Attributes
    ----------
    cause
        What began it, what covered alone, what ended it: read off the walk.
    uncertainty
        How its dates depend on days that nobody has verified; empty where they do not.
    note, source
        What was behind it, and who says so; empty where the record holds no note.
    """

    from_utc: Instant
    to_utc: Instant
    metric: Metric
    cause: str
    uncertainty: str = ""
    note: str = ""
    source: str = ""

    @property
    def days(self) -> float:
        """Length in days."""
        return self.to_utc.days_since(self.from_utc)


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What another reading of the record would give: uncovered share per era."""

    what: str
    operator_n1_uncovered_shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AuditResult:
    """Everything the audit found under one assumption."""

    assumption: Assumption
    eras: tuple[Era, ...]
    episodes: tuple[Episode, ...]
    sensitivities: tuple[Sensitivity, ...]


class EraJson(TypedDict):
    """An era for scripts; days, shares 0 to 1."""

    name: str
    from_utc: str
    to_utc: str
    days: float
    operator_n1_uncovered_share: float
    unattended_share: float


class EpisodeJson(TypedDict):
    """An episode for scripts."""

    from_utc: str
    to_utc: str
    days: float
    metric: Metric
    cause: str
    uncertainty: str
    note: str
    source: str


class SensitivityJson(TypedDict):
    """A sensitivity for scripts; shares by name of the era."""

    what: str
    operator_n1_uncovered_share: dict[str, float]


class AuditJson(TypedDict):
    """``crossflight audit --json``."""

    schema: str
    assumption: str
    statement: str
    eras: list[EraJson]
    episodes: list[EpisodeJson]
    sensitivities: list[SensitivityJson]


def audit(assumption: str = "nationality", *, scenario: Scenario | None = None) -> AuditResult:
    """Walk the flown record and say how it was covered.

    Parameters
    ----------
    assumption
        Who counts as an operator: a name of :data:`crossflight.history.ASSUMPTIONS`.
    scenario
        Station, vehicle types and rules; the library's iss-flown where none is given.

    Raises
    ------
    UsageError
        If no assumption has that name.
    """
    chosen = assumption_named(assumption)
    scenario = scenario or read_scenario(SCENARIO)
    base = _walk(scenario, chosen)
    spans = _spans(base)
    moved: dict[MoveDay, dict[Metric, tuple[Span, ...]]] = {
        "earliest": _spans(_walk(scenario, chosen, move_day="earliest")),
        "latest": _spans(_walk(scenario, chosen, move_day="latest")),
    }
    eras = tuple(
        Era(
            name,
            from_utc,
            to_utc,
            _share(spans["operator_n1"], from_utc, to_utc),
            _share(spans["unattended"], from_utc, to_utc),
        )
        for name, from_utc, to_utc in _ERAS
    )
    episodes = [
        _episode(base, metric, span, {day: found[metric] for day, found in moved.items()})
        for metric in ("operator_n1", "unattended")
        for span in spans[metric]
    ]
    episodes.sort(key=lambda e: (e.from_utc.us, e.metric))
    return AuditResult(chosen, eras, tuple(episodes), _sensitivities(scenario, chosen, moved))


def audit_json(result: AuditResult) -> AuditJson:
    """The result as the contract for scripts has it; days to 4 decimals, shares to 6."""
    return {
        "schema": SCHEMA,
        "assumption": result.assumption.name,
        "statement": result.assumption.statement,
        "eras": [
            {
                "name": e.name,
                "from_utc": e.from_utc.iso(),
                "to_utc": e.to_utc.iso(),
                "days": round(e.days, 4),
                "operator_n1_uncovered_share": round(e.operator_n1_uncovered_share, 6),
                "unattended_share": round(e.unattended_share, 6),
            }
            for e in result.eras
        ],
        "episodes": [
            {
                "from_utc": e.from_utc.iso(),
                "to_utc": e.to_utc.iso(),
                "days": round(e.days, 4),
                "metric": e.metric,
                "cause": e.cause,
                "uncertainty": e.uncertainty,
                "note": e.note,
                "source": e.source,
            }
            for e in result.episodes
        ],
        "sensitivities": [
            {
                "what": s.what,
                "operator_n1_uncovered_share": {
                    era.name: round(share, 6)
                    for era, share in zip(result.eras, s.operator_n1_uncovered_shares, strict=True)
                },
            }
            for s in result.sensitivities
        ],
    }


def audit_picture(result: AuditResult, *, scenario: Scenario | None = None) -> Picture:
    """The drawing of the flown record, with the eras and episodes of `result`.

    Violations are what the checker reports about the record under the scenario's rules, each with
    its explanation.
    """
    scenario = scenario or read_scenario(SCENARIO)
    walk = _walk(scenario, result.assumption, counts_taxi=False)
    violations = explained_violations(walk)
    return picture(
        walk.scenario,
        walk.plan,
        [v for v, _ in violations],
        coverage_walk(_walk(scenario, result.assumption)),
        eras=result.eras,
        episodes=result.episodes,
        title=f"The flown record under the assumption {result.assumption.name}",
        explained=[v for v, is_explained in violations if is_explained],
    )


def explained_violations(walk: Walk) -> tuple[tuple[Violation, bool], ...]:
    """What the checker reports about the record, its explanation added, and whether there is one."""
    matched, _ = explain(check_walk(walk), explanations())
    return tuple(
        (replace(v, message=". ".join((v.message, *(row.explanation for row in rows)))), bool(rows))
        for v, rows in matched
    )


def against(plan: Plan, planned: Scenario, *, scenario: Scenario | None = None) -> Comparison:
    """Lay a plan (of scenario `planned`) beside what was flown over their common horizon."""
    return compare(plan, planned, scenario or read_scenario(SCENARIO))


def _walk(
    scenario: Scenario,
    assumption: Assumption,
    *,
    move_day: MoveDay = "used",
    counts_taxi: bool = True,
    unusable: Mapping[str, Instant] | None = None,
) -> Walk:
    flown = flown_scenario(scenario, assumption, unusable=unusable)
    return Walk(flown, flown_plan(flown, move_day=move_day, counts_taxi=counts_taxi))


def _spans(walk: Walk) -> dict[Metric, tuple[Span, ...]]:
    """Uncovered and unattended stretches that begin before the audit ends."""
    found = coverage_walk(walk)
    return {
        "operator_n1": _clipped(found.operator_n1_uncovered),
        "unattended": _clipped(found.unattended),
    }


def _clipped(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(
        replace(s, to_utc=min(s.to_utc, AUDIT_TO, key=lambda at: at.us))
        for s in spans
        if s.from_utc < AUDIT_TO
    )


def _share(spans: Sequence[Span], from_utc: Instant, to_utc: Instant) -> float:
    """Share of [from_utc, to_utc) that the spans take."""
    us = sum(max(0, min(s.to_utc.us, to_utc.us) - max(s.from_utc.us, from_utc.us)) for s in spans)
    return us / (to_utc.us - from_utc.us)


def _shares(spans: Sequence[Span]) -> tuple[float, ...]:
    return tuple(_share(spans, from_utc, to_utc) for _, from_utc, to_utc in _ERAS)


def _episode(walk: Walk, metric: Metric, span: Span, moved: Mapping[MoveDay, Sequence[Span]]) -> Episode:
    cause = uncovered_cause if metric == "operator_n1" else unattended_cause
    note = next((n for n in episode_notes() if span.from_utc <= n.utc < span.to_utc), None)
    return Episode(
        span.from_utc,
        span.to_utc,
        metric,
        cause(walk, span.from_utc.us, span.to_utc.us),
        " ".join(text for day, spans in moved.items() if (text := _moved_text(day, span, spans))),
        note.note if note and metric == "operator_n1" else "",
        note.source if note and metric == "operator_n1" else "",
    )


def _moved_text(day: MoveDay, span: Span, spans: Sequence[Span]) -> str:
    """How a stretch changes when unverified seat moves happened on another day they may have."""
    if any(_is_same(s.from_utc, span.from_utc) and _is_same(s.to_utc, span.to_utc) for s in spans):
        return ""
    parts = [s for s in spans if s.from_utc < span.to_utc and span.from_utc < s.to_utc]
    when = f"With seat moves of unverified day on their {day} day"
    if not parts:
        return f"{when} there is no such stretch."
    dates = " and ".join(f"{s.from_utc.date()} to {s.to_utc.date()} ({s.days:.1f} d)" for s in parts)
    return f"{when} it is {dates}."


def _is_same(a: Instant, b: Instant) -> bool:
    return abs(a.s_since(b)) < _SAME_S


def _sensitivities(
    scenario: Scenario, chosen: Assumption, moved: Mapping[MoveDay, Mapping[Metric, Sequence[Span]]]
) -> tuple[Sensitivity, ...]:
    leak = Instant.of(2022, 12, 15, 0, 45)  # disruptions.csv; the minute is unverified
    walks = (
        (
            "the commander of a taxi flight (Misurkin, MS-20) counts no more than its visitors",
            _walk(scenario, chosen, counts_taxi=False),
        ),
        (
            "MS-22 counts as lost from the leak of 2022-12-15 on, though kept for an emergency",
            _walk(scenario, chosen, unusable={"Soyuz No. 751": leak}),
        ),
    )
    return (
        *(Sensitivity(what, _shares(_spans(walk)["operator_n1"])) for what, walk in walks),
        *(
            Sensitivity(f"seat moves of unverified day on their {day} day", _shares(found["operator_n1"]))
            for day, found in moved.items()
        ),
    )
