"""Agreements between partners about seats."""

from __future__ import annotations

from dataclasses import dataclass

from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class IntegratedSeat:
    """On each listed rotation flight of `vehicle_type`, `partner` has so many seats.

    At least `n_seats_min`, and at most `n_seats_max` where that is given: 0 says that the partner does not
    fly on this type.
    """

    vehicle_type: str
    partner: str
    n_seats_min: int = 1
    n_seats_max: int | None = None

    def allows(self, n: int) -> bool:
        """Whether so many people of the partner aboard keep it."""
        return self.n_seats_min <= n and (self.n_seats_max is None or n <= self.n_seats_max)

    @property
    def asked(self) -> str:
        """In words: "1 or more", "0 to 0"."""
        if self.n_seats_max is None:
            return f"{self.n_seats_min} or more"
        return f"{self.n_seats_min} to {self.n_seats_max}"


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
