"""What the rules say of a manifest, true whatever the hours that it leaves open.

A manifest often gives days, and a rule may count hours.  So the plan is judged at several readings of
its dates: every craft there as long as its dates allow, as short as they allow, with neighbouring
launches and dockings as close and as far as they can be, and with events at the moment something
closes.  What is found at every reading is a finding; what is found at some only cannot be told from
the dates, and is listed as that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from crossflight.app.manifest_flights import Stated
from crossflight.app.manifest_plan import TRAFFIC_RULES, Made, plan_flight
from crossflight.model import Flight, Plan, Violation
from crossflight.rules import Walk, check_walk
from crossflight.times import Instant

# Judged at the conventional hours alone: the order of events does not depend on them, and
# announcements are compared by day.
_AT_NOMINAL: Final = frozenset({"announced_flight"})
# Rules about an arrival or a launch, which nobody stated for craft that were there before.
_OF_ARRIVALS: Final = frozenset({"docking_spacing", "pad", "capsule"})
_FIELDS: Final = {
    "launch": "launch_utc",
    "dock": "dock_utc",
    "undock": "undock_utc",
    "landing": "landing_utc",
}
_ARRIVES: Final = ("launch", "dock", "redock")
Pick = Callable[[str, str, Stated], Instant]
Key = tuple[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation, and the rows of the manifest that give the dates it is about."""

    violation: Violation
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`findings` hold whatever the hours; `undecided` may hold, and the dates cannot tell."""

    findings: tuple[Finding, ...]
    undecided: tuple[Finding, ...]

    @property
    def is_ok(self) -> bool:
        """Whether no finding makes the plan unacceptable."""
        return not any(f.violation.is_failure for f in self.findings)


def judge(made: Made) -> Verdict:
    """Judge a manifest's plan at all its readings."""
    at_nominal = check_walk(Walk(made.scenario, made.plan))
    nominal = _by_key(at_nominal)
    others = [_by_key(check_walk(Walk(made.scenario, plan))) for plan in _readings(made)]
    shortest = _by_key(check_walk(Walk(made.scenario, _ordered_reading(made, is_short=True))))
    longest = _by_key(check_walk(Walk(made.scenario, _ordered_reading(made, is_short=False))))
    before = {f.name for f in made.flights if f.is_there_before}
    findings: list[Violation] = []
    undecided: list[Violation] = []
    keys = dict.fromkeys(k for found in (nominal, *others, shortest, longest) for k in found)
    for key in keys:
        rule, subjects = key
        if rule in _OF_ARRIVALS and before & subjects:
            continue
        if rule not in TRAFFIC_RULES or rule in _AT_NOMINAL:
            findings += nominal.get(key, [])
            continue
        readings = [nominal, shortest, longest] if rule == "flight_times" else [nominal, *others]
        held = [found[key] for found in readings if key in found]
        if len(held) == len(readings):
            findings += nominal[key]
        elif held:
            undecided += held[0]
    rows = _rows(made)
    return Verdict(_listed(findings, rows), _listed(undecided, rows))


def _readings(made: Made) -> list[Plan]:
    """Plans at other readings of the dates; the order of events within a day may be off in them."""
    docks: list[tuple[int, str, str]] = []
    launches: dict[str, list[tuple[int, str, str]]] = {}
    for f in made.flights:
        if "dock" in f.times:
            docks.append((f.times["dock"].nominal.us, f.name, "dock"))
        docks += [(m.dock.nominal.us, f.name, f"redock {i}") for i, m in enumerate(f.moves)]
        launches.setdefault(f.pad or "", []).append((f.times["launch"].nominal.us, f.name, "launch"))
    # Neighbours have places of different parity, so they move towards and away from each other.
    places = {
        (name, event): place
        for group in (docks, *launches.values())
        for place, (_, name, event) in enumerate(sorted(group))
    }
    critical = _critical_instants(made)

    def longest(_flight: str, event: str, stated: Stated) -> Instant:
        return stated.earliest if event.startswith(_ARRIVES) else stated.latest

    def shortest(_flight: str, event: str, stated: Stated) -> Instant:
        return stated.latest if event.startswith(_ARRIVES) else stated.earliest

    def alternating(offset: int) -> Pick:
        def pick(flight: str, event: str, stated: Stated) -> Instant:
            is_early = (places.get((flight, event), 0) + offset) % 2 == 0
            return stated.earliest if is_early else stated.latest

        return pick

    def at_a_closure(_flight: str, _event: str, stated: Stated) -> Instant:
        inside = (at for at in critical if stated.earliest <= at <= stated.latest)
        return next(inside, stated.nominal)

    picks = (longest, shortest, alternating(0), alternating(1), at_a_closure)
    return [_reading(made, pick) for pick in picks]


def _critical_instants(made: Made) -> list[Instant]:
    """When something closes: an event of that day may fall into it, and may not."""
    scenario = made.scenario
    closed = [c for port in scenario.station.ports for c in port.closures]
    closed += [o for pad in scenario.pads for o in pad.outages]
    begins = {c.from_utc for c in closed}
    begins |= {d.from_utc for d in scenario.forbidden_days} | {e.from_utc for e in scenario.station.evas}
    return sorted(begins, key=lambda at: at.us)


def _reading(made: Made, pick: Pick) -> Plan:
    flights = []
    for named in made.flights:
        flight = plan_flight(named)
        times = {_FIELDS[k]: pick(flight.name, k, s) for k, s in named.times.items()}
        moves = [(i, m) for i, m in enumerate(named.moves) if m.to_port is not None]
        known = flight.relocations[: len(flight.relocations) - len(moves)]
        moved = [
            replace(
                r,
                undock_utc=pick(flight.name, f"leave {i}", m.undock),
                dock_utc=pick(flight.name, f"redock {i}", m.dock),
            )
            for r, (i, m) in zip(flight.relocations[len(known) :], moves, strict=True)
        ]
        flights.append(replace(flight, relocations=(*known, *moved), **_existing(flight, times)))
    return replace(made.plan, flights=tuple(sorted(flights, key=lambda f: f.launch_utc.us)))


def _ordered_reading(made: Made, *, is_short: bool) -> Plan:
    """Ascents and returns as short (or as long) as the dates allow, events of one day in order."""
    flights = []
    for named in made.flights:
        flight = plan_flight(named)
        times: dict[str, Instant] = {}
        for first, second in (("launch", "dock"), ("undock", "landing")):
            a, b = named.times.get(first), named.times.get(second)
            if a is None or b is None or "not stated" in (a.precision, b.precision):
                continue  # the limits themselves bound what is not stated
            from_utc, to_utc = (a.latest, b.earliest) if is_short else (a.earliest, b.latest)
            if from_utc < to_utc:
                times |= {_FIELDS[first]: from_utc, _FIELDS[second]: to_utc}
        flights.append(replace(flight, **_existing(flight, times)))
    return replace(made.plan, flights=tuple(sorted(flights, key=lambda f: f.launch_utc.us)))


def _existing(flight: Flight, times: Mapping[str, Instant]) -> dict[str, Any]:
    return {name: at for name, at in times.items() if getattr(flight, name) is not None}


def _by_key(violations: Iterable[Violation]) -> dict[Key, list[Violation]]:
    found: dict[Key, list[Violation]] = {}
    for v in violations:
        found.setdefault((v.rule, frozenset(v.subjects)), []).append(v)
    return found


def _rows(made: Made) -> dict[str, tuple[int, ...]]:
    return {f.name: tuple(sorted(set(f.written.rows))) for f in made.flights}


def _listed(violations: Sequence[Violation], rows: Mapping[str, tuple[int, ...]]) -> tuple[Finding, ...]:
    """By time, each with the rows of its flights."""
    return tuple(
        Finding(v, tuple(sorted({row for subject in v.subjects for row in rows.get(subject, ())})))
        for v in sorted(violations, key=lambda v: (v.from_utc.us, v.rule, v.subjects))
    )
