"""Pins: what of a plan the planner must keep when it plans again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from crossflight.model.flight import Flight, Plan
from crossflight.times import Instant

# Decisions of the planner.  A docking follows its launch, a landing its undocking.
PINNED_FIELDS: Final = ("launch_utc", "undock_utc", "craft", "pad", "port", "crew_up")


@dataclass(frozen=True, slots=True)
class Pin:
    """One thing of one flight to keep: a field of `PINNED_FIELDS`, or somebody of its `crew_up`."""

    flight: Flight
    what: str

    @property
    def is_person(self) -> bool:
        """Whether a person is pinned: who bears the name of a field is pinned with all of `crew_up`."""
        return self.what not in PINNED_FIELDS

    @property
    def value(self) -> Instant | str | tuple[str, ...] | None:
        """What has to be kept."""
        found: Instant | str | tuple[str, ...] | None
        found = self.what if self.is_person else getattr(self.flight, self.what)
        return found

    def is_kept_by(self, flight: Flight | None) -> bool:
        """Whether the flight of another plan has it too; crews may stand in another order."""
        if flight is None:
            return False
        if self.is_person:
            return self.what in flight.crew_up
        if self.what == "crew_up":
            return sorted(flight.crew_up) == sorted(self.flight.crew_up)
        return bool(getattr(flight, self.what) == self.value)

    def __str__(self) -> str:
        value = self.value
        if self.is_person:
            return f"{self.flight.name} crew_up {self.what}"
        shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        return f"{self.flight.name} {self.what} {shown}"


def pins(plan: Plan) -> Iterator[Pin]:
    """Every pin of a plan, flight by flight."""
    return (Pin(flight, what) for flight in plan.flights for what in flight.pinned)
