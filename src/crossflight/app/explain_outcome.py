"""What an explanation comes to, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from crossflight.model import Scenario
from crossflight.times import Instant

SCHEMA: Final = "crossflight.explain/1"

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Member:
    """One rule of the conflict: what it asks of its subjects, from which day, and by how much it falls short.

    `short` counts `unit`: by so much it has to yield at least for the others to be kept.
    """

    rule: str
    subjects: tuple[str, ...]
    fact: str
    at_utc: Instant | None = None
    short: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class WayOut:
    """A change, and what planning with it came to.

    `price` is the price of the change by the scenario (None: it gives none), `plan_price` that of the plan
    found with it: waivers, flights, less the worth of crew.  `settings` says the change as ``--set`` does.
    """

    change: str
    price: float | None
    plan_status: str
    plan_price: float | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExplainOutcome:
    """The answer.

    `status` is conflict, unproven (only with the crew traffic that was found), refused (the checker refuses
    the plan), possible (a plan keeps what was asked) or unknown.  `first_utc` is the conflict's first day.
    """

    scenario: Scenario
    status: str
    message: str
    conflict: tuple[Member, ...] = ()
    first_utc: Instant | None = None
    is_minimal: bool = True
    ways: tuple[WayOut, ...] = ()
    notes: tuple[str, ...] = ()
    wall_s: float = 0.0
    ways_wall_s: float = 0.0

    @property
    def is_possible(self) -> bool:
        """Whether there is nothing to explain."""
        return self.status == "possible"


def explain_document(outcome: ExplainOutcome) -> Json:
    """``crossflight.explain/1``."""
    begin = outcome.scenario.from_utc.floor_day()
    return {
        "schema": SCHEMA,
        "scenario": outcome.scenario.name,
        "status": outcome.status,
        "message": outcome.message,
        "conflict": [
            {
                "rule": m.rule,
                "subjects": list(m.subjects),
                "numbers": {
                    "fact": m.fact,
                    "utc": None if m.at_utc is None else m.at_utc.iso(),
                    "day": None if m.at_utc is None else round(m.at_utc.days_since(begin), 3),
                    "short": m.short,
                    "unit": m.unit,
                },
            }
            for m in outcome.conflict
        ],
        "first_day": None if outcome.first_utc is None else outcome.first_utc.date(),
        "is_minimal": outcome.is_minimal,
        "ways_out": [
            {
                "change": w.change,
                "price": w.price,
                "plan_status": w.plan_status,
                "plan_price": w.plan_price,
                "set": dict(w.settings),
            }
            for w in outcome.ways
        ],
        "price_unit": outcome.scenario.price_unit,
        "notes": list(outcome.notes),
        "wall_s": {"conflict": round(outcome.wall_s, 3), "ways_out": round(outcome.ways_wall_s, 3)},
    }
