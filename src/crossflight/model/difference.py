"""What differs between two plans, flight by flight, in the words of the field."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from crossflight.model.flight import Flight, Plan, Relocation
from crossflight.times import Instant

What = Literal[
    "added", "dropped", "launch", "undocking", "craft", "pad", "port", "relocations", "crew up", "crew down"
]


Value = Instant | str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing of one flight that another plan has otherwise.

    `before` and `after` are instants, names or, for crews, the people who leave it and who join
    it; None is nothing there (a flight still docked at the end has no undocking).
    """

    flight: str
    is_cargo: bool
    what: What
    before: Value = None
    after: Value = None

    @property
    def days(self) -> float | None:
        """Days later (negative: earlier), where both are instants."""
        if isinstance(self.before, Instant) and isinstance(self.after, Instant):
            return self.after.days_since(self.before)
        return None

    def __str__(self) -> str:
        match self.what:
            case "added" | "dropped":
                at = self.after or self.before
                return f"{self.what}, launch {at.date() if isinstance(at, Instant) else at}"
            case "launch" | "undocking":
                return f"{self.what} {_moved(self)}"
            case "crew up" | "crew down":
                return f"{self.what}: {_names(self.after)} for {_names(self.before)}"
            case _:
                return f"{self.what} {_names(self.after)} instead of {_names(self.before)}"


def _moved(change: Change) -> str:
    days = change.days
    if days is None:
        if isinstance(change.after, Instant):
            return f"{change.after.date()} instead of staying docked"
        return "none, it stays docked"
    assert isinstance(change.after, Instant)
    by = f"{abs(days):.0f} d" if abs(days) >= 1 else f"{abs(days) * 24:.1f} h"
    return f"{by} {'later' if days > 0 else 'earlier'} ({change.after.date()})"


def _names(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "nobody"
    return "none" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Difference:
    """Every change from one plan to another, in the order of launches."""

    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def of(self, *what: What, is_cargo: bool | None = None) -> tuple[Change, ...]:
        """Changes of some kinds, of crewed or cargo flights only if asked."""
        return tuple(c for c in self.changes if c.what in what and is_cargo in (None, c.is_cargo))

    def moved(self, more_than_days: float = 0.0) -> tuple[Change, ...]:
        """Launches of crewed flights moved by more than some days."""
        return tuple(c for c in self.of("launch", is_cargo=False) if abs(c.days or 0.0) > more_than_days)

    @property
    def days_moved(self) -> float:
        """Days by which launches of crewed flights have moved, all together."""
        return math.fsum(abs(c.days or 0.0) for c in self.moved())

    def by_flight(self, *, is_cargo: bool) -> Iterator[tuple[str, str]]:
        """Each crewed (or cargo) flight that differs, and how, in one sentence."""
        asked = [c for c in self.changes if c.is_cargo == is_cargo]
        for name, changes in groupby(asked, key=lambda c: c.flight):
            yield name, "; ".join(map(str, changes))


def difference(before: Plan, after: Plan) -> Difference:
    """What `after` has otherwise than `before`; flights are the same that have the same name."""
    old, new = {f.name: f for f in before.flights}, {f.name: f for f in after.flights}
    flights = sorted({**old, **new}.values(), key=lambda f: (f.launch_utc, f.name))
    return Difference(tuple(c for f in flights for c in _changes(old.get(f.name), new.get(f.name))))


def _changes(old: Flight | None, new: Flight | None) -> Iterator[Change]:
    if old is None or new is None:
        flight = old or new
        assert flight is not None
        what: What = "added" if old is None else "dropped"
        dates = [at.launch_utc if at else None for at in (old, new)]
        yield Change(flight.name, flight.kind == "cargo", what, *dates)
        return
    name, is_cargo = old.name, old.kind == "cargo"
    pairs: tuple[tuple[What, Value, Value], ...] = (
        ("launch", old.launch_utc, new.launch_utc),
        ("undocking", old.undock_utc, new.undock_utc),
        ("craft", old.craft, new.craft),
        ("pad", old.pad, new.pad),
        ("port", old.port, new.port),
        ("relocations", _moves(old.relocations), _moves(new.relocations)),
    )
    for what, was, now in pairs:
        if was != now:
            yield Change(name, is_cargo, what, was, now)
    up = _without(old.crew_up, new.crew_up), _without(new.crew_up, old.crew_up)
    down = _without(old.crew_down, new.crew_down), _without(new.crew_down, old.crew_down)
    if any(up):
        yield Change(name, is_cargo, "crew up", *up)
    if any(down) and down != up:  # who goes up comes home in the same craft, as a rule
        yield Change(name, is_cargo, "crew down", *down)


def _moves(relocations: Iterable[Relocation]) -> str | None:
    return ", ".join(f"{r.to_port} on {r.undock_utc.date()}" for r in relocations) or None


def _without(names: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    there = set(others)
    return tuple(n for n in names if n not in there)
