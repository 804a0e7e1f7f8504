"""Agreements between partners about seats."""

from __future__ import annotations

from dataclasses import dataclass

from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class IntegratedSeat:
    """On each listed rotation flight of `vehicle_type`, `partner` has at least `n_seats_min` seats."""

    vehicle_type: str
    partner: str
    n_seats_min: int = 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who flies on whose craft; binds rotation flights launched in [from_utc, to_utc).

    `exempt_flights` are rotation flights it does not cover (an uncrewed replacement, say);
    visiting flights are never covered.  `ledger_bound` limits, per partner, seats given minus
    seats taken at any instant.
    """

    name: str
    from_utc: Instant
    to_utc: Instant
    seats: tuple[IntegratedSeat, ...]
    exempt_flights: tuple[str, ...] = ()
    ledger_bound: int = 1
