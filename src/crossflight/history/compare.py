"""A plan laid beside what was flown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, TypedDict

from crossflight.history.assumptions import NATIONALITY
from crossflight.history.flown import RECORD_FROM, RECORD_TO, flown_plan, flown_scenario
from crossflight.model import Coverage, Flight, Plan, Scenario
from crossflight.rules import Walk, coverage_walk
from crossflight.times import Instant

SCHEMA: Final = "crossflight.audit-against/1"


@dataclass(frozen=True, slots=True)
class FlightDifference:
    """A flight of the plan beside the flown flight of the same name.

    Attributes
    ----------
    launch_days, dock_days, undock_days
        Planned minus flown, in days; None where one of them has no such event.
    crew_up_only_planned, crew_up_only_flown, crew_down_only_planned, crew_down_only_flown
        Names on one side only.
    """

    name: str
    kind: str
    launch_days: float
    dock_days: float | None
    undock_days: float | None
    planned_craft: str
    flown_craft: str
    planned_port: str | None
    flown_port: str | None
    crew_up_only_planned: tuple[str, ...]
    crew_up_only_flown: tuple[str, ...]
    crew_down_only_planned: tuple[str, ...]
    crew_down_only_flown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Plan and record over [from_utc, to_utc), their common horizon."""

    from_utc: Instant
    to_utc: Instant
    flights: tuple[FlightDifference, ...]
    only_planned: tuple[str, ...]
    only_flown: tuple[str, ...]
    planned: Coverage
    flown: Coverage


class DifferenceJson(TypedDict):
    """One flight for scripts; days are planned minus flown."""

    name: str
    kind: str
    launch_days: float
    dock_days: float | None
    undock_days: float | None
    craft: dict[str, str]
    port: dict[str, str | None]
    crew_up: dict[str, list[str]]
    crew_down: dict[str, list[str]]


class CoverageJson(TypedDict):
    """Coverage of one side for scripts."""

    unattended_days: float
    operator_n1_uncovered_days: float


class ComparisonJson(TypedDict):
    """``crossflight audit --against PLAN --json``."""

    schema: str
    from_utc: str
    to_utc: str
    flights: list[DifferenceJson]
    only_planned: list[str]
    only_flown: list[str]
    coverage: dict[str, CoverageJson]


def compare(plan: Plan, planned: Scenario, flown: Scenario) -> Comparison:
    """Lay `plan` (of scenario `planned`) beside the record (walked with scenario `flown`).

    The common horizon is the plan's, cut to what the record knows; people of the record are
    operators by nationality, people of the plan as its scenario says.
    """
    from_utc = max(planned.from_utc, RECORD_FROM, key=lambda at: at.us)
    to_utc = min(planned.to_utc, RECORD_TO, key=lambda at: at.us)
    if not from_utc < to_utc:
        to_utc = from_utc
    record = flown_scenario(flown, NATIONALITY, from_utc=from_utc, to_utc=to_utc)
    record_plan = flown_plan(record)
    was = {f.name: f for f in record_plan.flights}
    ours = {f.name: f for f in plan.flights if f.launch_utc < to_utc}
    return Comparison(
        from_utc,
        to_utc,
        tuple(_difference(f, was[f.name]) for f in ours.values() if f.name in was),
        tuple(name for name in ours if name not in was),
        tuple(name for name in was if name not in ours),
        coverage_walk(Walk(replace(planned, from_utc=from_utc, to_utc=to_utc), plan)),
        coverage_walk(Walk(record, record_plan)),
    )


def comparison_json(comparison: Comparison) -> ComparisonJson:
    """The comparison for scripts; days to 4 decimals."""
    return {
        "schema": SCHEMA,
        "from_utc": comparison.from_utc.iso(),
        "to_utc": comparison.to_utc.iso(),
        "flights": [
            {
                "name": d.name,
                "kind": d.kind,
                "launch_days": round(d.launch_days, 4),
                "dock_days": _rounded(d.dock_days),
                "undock_days": _rounded(d.undock_days),
                "craft": {"planned": d.planned_craft, "flown": d.flown_craft},
                "port": {"planned": d.planned_port, "flown": d.flown_port},
                "crew_up": {
                    "only_planned": list(d.crew_up_only_planned),
                    "only_flown": list(d.crew_up_only_flown),
                },
                "crew_down": {
                    "only_planned": list(d.crew_down_only_planned),
                    "only_flown": list(d.crew_down_only_flown),
                },
            }
            for d in comparison.flights
        ],
        "only_planned": list(comparison.only_planned),
        "only_flown": list(comparison.only_flown),
        "coverage": {
            "planned": _coverage_json(comparison.planned),
            "flown": _coverage_json(comparison.flown),
        },
    }


def comparison_table(comparison: Comparison) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Header and rows for people, one row per flight; days are planned minus flown."""
    header = ("flight", "launch", "docking", "undocking", "only planned", "only flown")
    rows = [
        (
            d.name,
            _signed(d.launch_days),
            _signed(d.dock_days),
            _signed(d.undock_days),
            ", ".join(d.crew_up_only_planned),
            ", ".join(d.crew_up_only_flown),
        )
        for d in comparison.flights
    ]
    rows += [(name, "not flown", "", "", "", "") for name in comparison.only_planned]
    rows += [(name, "not planned", "", "", "", "") for name in comparison.only_flown]
    return header, tuple(rows)


def _difference(plan: Flight, flown: Flight) -> FlightDifference:
    return FlightDifference(
        plan.name,
        plan.kind,
        plan.launch_utc.days_since(flown.launch_utc),
        _days(plan.dock_utc, flown.dock_utc),
        _days(plan.undock_utc, flown.undock_utc),
        plan.craft,
        flown.craft,
        plan.port,
        flown.port,
        _missing(plan.crew_up, flown.crew_up),
        _missing(flown.crew_up, plan.crew_up),
        _missing(plan.crew_down, flown.crew_down),
        _missing(flown.crew_down, plan.crew_down),
    )


def _days(ours: Instant | None, was: Instant | None) -> float | None:
    return None if ours is None or was is None else ours.days_since(was)


def _missing(here: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    other = set(there)
    return tuple(name for name in here if name not in other)


def _rounded(days: float | None) -> float | None:
    return None if days is None else round(days, 4)


def _signed(days: float | None) -> str:
    return "" if days is None else f"{days:+.1f} d"


def _coverage_json(coverage: Coverage) -> CoverageJson:
    return {
        "unattended_days": round(coverage.unattended_days, 4),
        "operator_n1_uncovered_days": round(coverage.operator_n1_uncovered_days, 4),
    }
