"""Flights, seat moves, waivers and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from crossflight.model.training import TrainingSlot
from crossflight.times import Instant

FlightKind = Literal["rotation", "visiting", "uncrewed", "cargo"]
SeatKind = Literal["nominal", "contingency"]


@dataclass(frozen=True, slots=True)
class Relocation:
    """A craft moves from one port to another with its crew aboard."""

    undock_utc: Instant
    dock_utc: Instant
    from_port: str
    to_port: str


@dataclass(frozen=True, slots=True)
class Flight:
    """One visit of one craft.

    `dock_utc` and `port` are None for a flight that never reached the station (MS-10);
    `undock_utc` and `landing_utc` are None while it is still docked at the end of the plan.
    `crew_up` and `crew_down` name people; `crew_down` of a docked flight is who is meant to
    come home in it.  `backup` is trained for the same seats and stays on the ground.
    `pinned` lists what planning again must keep: fields (launch_utc, undock_utc,
    craft, pad, port, crew_up) and people of `crew_up`.
    """

    name: str
    kind: FlightKind
    vehicle_type: str
    craft: str
    pad: str
    launch_utc: Instant
    dock_utc: Instant | None = None
    port: str | None = None
    relocations: tuple[Relocation, ...] = ()
    undock_utc: Instant | None = None
    landing_utc: Instant | None = None
    crew_up: tuple[str, ...] = ()
    crew_down: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeatMove:
    """A person's return seat moves from one docked craft to another (a liner is carried over)."""

    utc: Instant
    person: str
    from_flight: str
    to_flight: str
    kind: SeatKind = "nominal"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A dated, priced permission to break a waivable rule; empty `subjects` means any."""

    rule: str
    from_utc: Instant
    to_utc: Instant
    subjects: tuple[str, ...] = ()
    price: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TierResult:
    """One tier of the objective as solved; `bound` is a proven lower bound of `value`."""

    tier: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Relative gap, 0 when value equals bound."""
        return abs(self.value - self.bound) / max(1.0, abs(self.value))


@dataclass(frozen=True, slots=True)
class StageResult:
    """How one stage of the planner ended."""

    name: str
    status: str
    wall_s: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a plan came to be: recorded in plan.yaml so that a result can be repeated."""

    version: str
    seed: int
    status: Literal["optimal", "feasible", "infeasible", "unknown", "flown", "edited"]
    gap: float
    objective: tuple[TierResult, ...] = ()
    stages: tuple[StageResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A complete plan; everything the rules look at beside the scenario.

    `scenario_digest` is the hash of the scenario it was made for, after `overrides`
    (``--set`` values, path to value as text).
    """

    scenario_name: str
    scenario_digest: str
    flights: tuple[Flight, ...]
    seat_moves: tuple[SeatMove, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    training: tuple[TrainingSlot, ...] = ()
    overrides: Mapping[str, str] = field(default_factory=dict)
    provenance: Provenance | None = None
