"""Findings of a made-up plan for the stability page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from drawn_plan import CLOSING, FORMULA, MARKUP, RIGHT_TO_LEFT, at, drawn

from crossflight.report.stability_findings import (
    Fall,
    Findings,
    Interval,
    Margin,
    Price,
    Provider,
    TermsPlan,
    Trial,
)
from crossflight.times import Instant

Document = dict[str, Any]


@dataclass(frozen=True)
class Era:
    name: str
    from_utc: Instant
    to_utc: Instant
    operator_n1_uncovered_share: float
    unattended_share: float


@dataclass(frozen=True)
class Episode:
    from_utc: Instant
    to_utc: Instant
    metric: str
    cause: str
    note: str
    uncertainty: str


def terms_plan(name: str, title: str, *, is_same: bool = False, west: float = 0.0) -> TermsPlan:
    less = Interval(12.0, 10.0, 14.0) if is_same else None
    prices = (Price("West", 2, 1, 3.5), Price("East", 1, 2, 1.5))
    return TermsPlan(
        name,
        title,
        is_same,
        "optimal",
        {"West": west, "East": 2 * west},
        {"West": 0.0, "East": 0.0},
        Interval(west / 10, west / 10 - 1, west / 10 + 1),
        less,
        prices,
        {"West": 30.0, "East": math.inf},
    )


def findings(*, hostile: bool = False) -> Findings:
    """Two eras, three plans under terms, a provider, four disruptions and two margins."""
    era, person, flight, why = (
        (MARKUP, RIGHT_TO_LEFT, FORMULA, CLOSING)
        if hostile
        else ("lone crews", "Anna Adler", "Swift 2", "Swift 2 leaves")
    )
    return Findings(
        drawn(hostile=hostile).coverage,
        (
            Era(era, at("2028-01-01"), at("2029-01-01"), 0.75, 0.0),
            Era("crews of both", at("2029-01-01"), at("2030-03-01"), 0.0, 0.0),
        ),
        (
            Episode(at("2028-02-01"), at("2028-11-01"), "operator_n1", why, "", ""),
            Episode(at("2028-02-01"), at("2028-02-02"), "unattended", "not shown", "", ""),
        ),
        (
            terms_plan("today", "today's terms"),
            terms_plan("none", MARKUP if hostile else "no swaps", west=90.0),
            terms_plan("none", MARKUP if hostile else "no swaps", is_same=True, west=100.0),
        ),
        (
            Provider(
                "West",
                (
                    Fall(at("2030-01-01"), at("2030-03-01"), 90.0, 31.0, "somebody has no seat"),
                    Fall(at("2030-03-01"), at("2030-06-01"), math.inf, math.inf, "the plan ends"),
                ),
                90.0,
                31.0,
                math.inf,
            ),
        ),
        (
            Trial("craft unusable", "Wren", "craft unusable Wren 2030-05-01", 0.0, 20.0, 3, 90.0, 0, 0),
            Trial("person", person, f"person unavailable {person} 2030-05-01", 4.0, 9.0, 1, 3.0, 0, 1),
            Trial("person", "Carla Crane", "person unavailable Carla Crane", 0.0, 12.0, 0, 0.0, 0, 0),
            Trial("slip", flight, f"slip {flight} 2030-11-20 by 30 d", 0.0, -3.0, 0, 0.0, 0, 0),
        ),
        (
            Margin("Heron 7", "East", 0, "handover", why),
            Margin(flight, "West", 120, "", ""),
        ),
    )


def agreements_variant(terms: str, traffic: str = "planned") -> Document:
    """A plan under some terms."""
    estimate = {"mean": 4.5, "ci95": [4.0, 5.0], "cvar95": 30.0}
    return {
        "terms": terms,
        "title": f"terms {terms}",
        "traffic": traffic,
        "status": "optimal",
        "message": None,
        "partners": {
            "West": {
                "seats_given": 3,
                "seats_taken": 1,
                "training_months": {"own_centres": 9.0, "others_centres": 2.5},
            }
        },
        "segments": {
            "West": {"operator_n1_days": 12.5, "unattended_days": 0.0, "expected_unattended_days": estimate}
        },
        "endurance_days": {"West": {"from_known": 40.0, "min": 10.0, "median": None}},
        "expected_unattended_days": estimate,
        "less_today": {"mean": 0.0, "ci95": [0.0, 0.0]},
        "folder": terms,
    }


def agreements_document(digest: str) -> Document:
    """What `crossflight agreements --json` prints, as far as it is read."""
    return {
        "schema": "crossflight.agreements/1",
        "scenario": {"name": "bird-rock", "hash": digest},
        "seed": 1,
        "samples": 100,
        "variants": [agreements_variant("today"), agreements_variant("none", "today")],
        "left_out": [],
    }
