"""The flight rules, one module each, and the checker that runs them over a plan.

``check`` judges a plan, ``coverage`` says how well it withstands the loss of one craft,
:mod:`crossflight.rules.measures` has the terms of the objective.  Nothing here knows a solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from crossflight.model import Coverage, Plan, Scenario, SeatN1Span, Span, Violation, Waiver
from crossflight.rules import (
    announced_flight,
    availability,
    backup_crew,
    capsule,
    career_dose,
    consumables,
    crew_qualification,
    crew_size,
    docking_spacing,
    eva_day,
    flight_times,
    forbidden_days,
    ground_time,
    handover,
    integrated_seat,
    landing_opportunity,
    launch_opportunity,
    life_left,
    on_orbit_life,
    one_place,
    operator_n1,
    pad,
    port_closure,
    port_compatibility,
    port_occupancy,
    return_seat,
    return_weather,
    seat_ledger,
    seat_n1,
    segment_operator,
    solar_beta,
    training,
)
from crossflight.rules.rule import Rule, RuleModule
from crossflight.rules.walk import Walk
from crossflight.times import Instant

__all__ = [
    "REGISTRY",
    "Rule",
    "RuleModule",
    "Walk",
    "check",
    "check_walk",
    "coverage",
    "coverage_walk",
    "rule_title",
]

T = TypeVar("T")

REGISTRY: tuple[RuleModule, ...] = (
    flight_times,
    announced_flight,
    return_seat,
    segment_operator,
    operator_n1,
    seat_n1,
    integrated_seat,
    seat_ledger,
    on_orbit_life,
    life_left,
    return_weather,
    capsule,
    handover,
    crew_size,
    port_compatibility,
    port_occupancy,
    port_closure,
    docking_spacing,
    eva_day,
    pad,
    forbidden_days,
    launch_opportunity,
    landing_opportunity,
    solar_beta,
    consumables,
    one_place,
    ground_time,
    availability,
    crew_qualification,
    training,
    backup_crew,
    career_dose,
)

_TITLES: Mapping[str, str] = {module.RULE.id: module.RULE.title for module in REGISTRY}


def rule_title(rule_id: str) -> str:
    """What people call a rule: ``docking_spacing`` is days between dockings; no rule is what it is."""
    return _TITLES.get(rule_id, rule_id)


def check(scenario: Scenario, plan: Plan) -> tuple[Violation, ...]:
    """Every violation of the plan, by time and then in the order of `REGISTRY`.

    Rules with severity off are not run.  A waivable violation that a waiver of the plan covers
    comes back with severity "waived".
    """
    return check_walk(Walk(scenario, plan))


def check_walk(walk: Walk) -> tuple[Violation, ...]:
    """`check` for a plan already walked."""
    waivers: dict[str, list[Waiver]] = {}
    for waiver in walk.plan.waivers:
        waivers.setdefault(waiver.rule, []).append(waiver)
    found = []
    for order, module in enumerate(REGISTRY):
        if walk.severity(module.RULE.id) is None:
            continue
        for violation in module.check(walk):
            if violation.severity == "waivable" and any(
                _covers(waiver, violation) for waiver in waivers.get(violation.rule, ())
            ):
                violation = replace(violation, severity="waived")
            found.append((violation.from_utc.us, order, violation.to_utc.us, violation))
    found.sort(key=lambda f: f[:3])
    return tuple(f[3] for f in found)


def _covers(waiver: Waiver, violation: Violation) -> bool:
    """Same rule, a subject in common (or none named), and the whole violation within its dates."""
    return (
        waiver.rule == violation.rule
        and (not waiver.subjects or not set(waiver.subjects).isdisjoint(violation.subjects))
        and waiver.from_utc <= violation.from_utc
        and violation.to_utc <= waiver.to_utc
    )


def coverage(scenario: Scenario, plan: Plan) -> Coverage:
    """How well the plan withstands the loss of one craft over [from_utc, to_utc).

    Unattended and uncovered stretches are unions over segments, merged while anything is
    uncovered; their subjects are the segments and the flights whose loss uncovers them.
    """
    return coverage_walk(Walk(scenario, plan))


def coverage_walk(walk: Walk) -> Coverage:
    """`coverage` for a plan already walked."""
    segments = walk.scenario.station.segments
    unattended: list[tuple[str, ...] | None] = [None] * len(walk.states)
    uncovered: list[tuple[str, ...] | None] = [None] * len(walk.states)
    for segment in segments:
        for i, n in enumerate(segment_operator.unattended(walk, segment)):
            if n is not None:
                unattended[i] = (*(unattended[i] or ()), segment.name)
        for i, lost in enumerate(operator_n1.uncovered(walk, segment)):
            if lost is not None:
                uncovered[i] = (*(uncovered[i] or ()), segment.name, *lost)
    seats: list[SeatN1Span] = []
    for state in walk.states:
        n_nominal, n_any, name = seat_n1.worst_craft(walk, state)
        craft = walk.flights[name].craft if name else ""
        last = seats[-1] if seats else None
        if last and (last.craft, last.n_without_nominal, last.n_without_any) == (craft, n_nominal, n_any):
            seats[-1] = replace(last, to_utc=state.to_utc)
        else:
            seats.append(SeatN1Span(state.from_utc, state.to_utc, craft, n_nominal, n_any))
    return Coverage(_spans(walk, unattended), _spans(walk, uncovered), tuple(seats))


def _spans(walk: Walk, found: Sequence[tuple[str, ...] | None]) -> tuple[Span, ...]:
    return tuple(
        Span(
            Instant(from_us),
            Instant(to_us),
            tuple(dict.fromkeys(subject for subjects in run for subject in subjects)),
        )
        for from_us, to_us, run in walk.runs(found)
    )
