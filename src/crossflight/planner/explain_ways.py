"""Ways out of a conflict: what of it could yield, by how much at least, and what that costs.

Each way begins with one condition of the core, eased by the least that lets the core be kept.  Where the rest
of the scenario wants more, the next core is looked for with that change made, and one of its conditions
yields too.  Nothing here is believed: whoever asks plans with the change (`app.explain`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from crossflight.model import AnnouncedFlight, Scenario, VehicleType
from crossflight.planner.explain import Core, Trials, core, core_alone, least
from crossflight.planner.explain_conditions import VEHICLE_TYPE, WANTED, horizon_days, wanted
from crossflight.planner.explain_ease import Condition
from crossflight.planner.explain_places import merged, with_values
from crossflight.planner.grain import Clock, Grain
from crossflight.planner.pins import added_name
from crossflight.planner.timetable import Timetable
from crossflight.times import Instant

# What can be asked of others where the scenario gives no price, the likeliest first; numbers of a
# vehicle last.
_UNPRICED = (
    WANTED, "announced_flight", "integrated_seat", "port_closure", "pad", "capsule", "operator_n1",
    "port_compatibility", "port_occupancy", "crew_size",
)  # fmt: skip
_CHANGES_MAX = 4
# Of a line nobody plans more flights than this.
_N_ADDED = 200


@dataclass(frozen=True, slots=True)
class Way:
    """Changes (a condition and by how much it yields) after which nothing is proven to be in the way."""

    changes: tuple[tuple[Condition, int], ...]

    @property
    def said(self) -> str:
        """The changes in words."""
        return "; ".join(c.ease.said(n) for c, n in self.changes if c.ease is not None)

    @property
    def settings(self) -> dict[str, str]:
        """The changes as ``--set`` takes them, path to text."""
        return merged(c.ease.settings(n) for c, n in self.changes if c.ease is not None)

    @property
    def price(self) -> float | None:
        """The price of the changes by the scenario; None where it gives none of one of them."""
        prices = [c.ease.price_each for c, _ in self.changes if c.ease is not None]
        if any(p is None for p in prices):
            return None
        return sum(n * (p or 0.0) for (_, n), p in zip(self.changes, prices, strict=True))


def shortfalls(trials: Trials, found: Core) -> dict[Condition, int | None]:
    """By how much each condition of a core has to yield at least, the others kept; None: by no number."""
    alone = core_alone(trials, found)
    return {c: least(trials, alone, c, found.n_days) for c in found.conditions}


def ways(trials: Trials, short: Mapping[Condition, int | None]) -> Iterator[Way]:
    """Ways out of a core, the cheapest beginnings first; `short` is from `shortfalls`."""
    seen = set[tuple[tuple[Condition, int], ...]]()
    for condition, n in _by_price((c, n) for c, n in short.items() if n is not None):
        way = _way(trials, condition, n)
        if way is not None and way.changes not in seen:
            seen.add(way.changes)
            yield way


def _way(trials: Trials, condition: Condition, n: int) -> Way | None:
    """The changes that begin with one, until no core is left; None where something cannot yield."""
    changes = {condition: n}
    while len(changes) <= _CHANGES_MAX:
        rest = core(trials, dict.fromkeys(trials.all, 0) | changes)
        if rest is None:
            return Way(tuple(changes.items()))
        alone = {c: changes.get(c, 0) for c in core_alone(trials, rest)}
        # What yields already yields further, before others are asked.
        again = [c for c in rest.conditions if c in changes]
        others = [c for c, _ in _by_price((c, 1) for c in rest.conditions if c not in changes)]
        more = next(
            ((c, m) for c in (*again, *others) if (m := least(trials, alone, c, rest.n_days)) is not None),
            None,
        )
        if more is None:
            return None
        changes[more[0]] = more[1]
    return None


def _by_price(changes: Iterable[tuple[Condition, int]]) -> Sequence[tuple[Condition, int]]:
    """What has a price first, cheapest first; then by how likely it is to be granted."""

    def order(change: tuple[Condition, int]) -> tuple[int, float]:
        c, n = change
        price = None if c.ease is None else c.ease.price_each
        if c.rule == VEHICLE_TYPE:
            return 2, 0.0
        if price is not None:
            return 0, price * n
        return 1, _UNPRICED.index(c.rule) if c.rule in _UNPRICED else len(_UNPRICED)

    return sorted((x for x in changes if x[0].ease is not None), key=order)


@dataclass(frozen=True, slots=True)
class Asked:
    """A flight that somebody wants: its name, its visit in the model, its type, the day if one is said."""

    flight: str
    visit: str
    vehicle: VehicleType
    announced: AnnouncedFlight | None
    day: int | None

    def condition(self, scenario: Scenario) -> Condition:
        """The wish as a condition."""
        return wanted(scenario, self.visit, self.flight, self.day)

    def opened(self, scenario: Scenario) -> Scenario:
        """The scenario in which the wish stands for the announced window of its flight."""
        if self.announced is None or self.day is None:
            return scenario
        return with_values(
            scenario, {("announced", self.flight, "window_days"): float(horizon_days(scenario))}
        )

    def launch_utc(self, scenario: Scenario) -> Instant | None:
        """The lift-off of that day; None where it has none."""
        assert self.day is not None
        pads = next(x for x in scenario.launchers if x.name == self.vehicle.launcher).pads
        departures = Timetable(scenario).departures(self.vehicle, pads, self.announced)
        if departures is None:
            said = self.announced.launch_utc if self.announced else None
            return Grain.of(scenario).instant(self.day, Clock.of(self.vehicle, said).launch.first)
        found = [table[self.day].launch_utc for table in departures.values() if self.day in table]
        return min(found, default=None)

    def moved(self, trials: Trials, n: int) -> Asked:
        """The same flight on the day, so many days away, on which the rest of `trials` allows it."""
        assert self.day is not None
        for day in (self.day + n, self.day - n):
            one = replace(self, day=day)
            wish = one.condition(trials.scenario)
            rest = tuple(c for c in trials.all if c.rule != WANTED)
            if trials.asking((wish,)).is_possible(dict.fromkeys((*rest, wish), 0)):
                return one
        return self


def asked(scenario: Scenario, name: str, day: int | None) -> Asked | None:
    """The crewed or announced flight of a name; None where there is none."""
    types = {t.name: t for t in scenario.vehicle_types}
    for a in scenario.announced:
        if a.name == name:
            return Asked(name, name, types[a.vehicle_type], a, day)
    for t in types.values():
        if t.is_crewed and t.plan_line:
            names = list(islice(t.flight_names(flight_names(scenario, 0)), _N_ADDED))
            if name in names:
                return Asked(name, added_name(t.name, 1 + names.index(name)), t, None, day)
    return None


def flight_names(scenario: Scenario, n_added: int = 4) -> tuple[str, ...]:
    """Names of docked and announced flights, and of the first that may be added."""
    known = [*(d.flight.name for d in scenario.docked), *(a.name for a in scenario.announced)]
    lines = [t for t in scenario.vehicle_types if t.is_crewed and t.plan_line]
    return (*known, *(name for t in lines for name in islice(t.flight_names(known), n_added)))
