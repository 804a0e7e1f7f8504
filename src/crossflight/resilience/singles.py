"""Every single disruption of a plan, flown by the fixed policy: what each does, the worst first.

Where a disruption may come on any day, many days are tried and the worst is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.model import Plan, Scenario
from crossflight.model.disruption import Disruption, DisruptionKind
from crossflight.resilience.cover import Cover, cover_of
from crossflight.resilience.policy import Flown, Troubles, fly
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.times import Instant

Array = NDArray[np.float64]

# How large each is taken. [assumed]  An abort stands its launcher down as MS-10's did, an outage and a
# grounding last half a year, a slip a month.
SLIP_DAYS: Final = 30.0
STAND_DOWN_DAYS: Final = 53.0
OUT_DAYS: Final = 180.0
_EVERY_DAYS: Final = 10.0
_N_ROWS: Final = 400
# Just before a launch or docking, so that it is hit.
_BEFORE_DAYS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Single:
    """A disruption and what follows: days and people more than the plan itself has.

    Attributes
    ----------
    unattended_days
        A segment without its operators.
    uncovered_days
        Operator N-1.
    n_seatless, seatless_person_days
        Most people at once whose seat is in a craft that cannot be used, and for how long in all.
    n_lost, n_forced
        Flights lost; craft that had to leave before they were relieved.
    """

    disruption: Disruption
    unattended_days: float
    uncovered_days: float
    n_seatless: int
    seatless_person_days: float
    n_lost: int
    n_forced: int

    @property
    def weight(self) -> tuple[float, ...]:
        """Larger is worse."""
        return (
            round(self.unattended_days, 6),
            self.n_seatless,
            round(self.seatless_person_days, 6),
            round(self.uncovered_days, 6),
            self.n_forced,
        )


def singles(scenario: Scenario, plan: Plan) -> tuple[Single, ...]:
    """What each single disruption does, the worst first; each subject and kind once, on its worst day."""
    traffic = traffic_of(scenario, plan)
    base = Troubles.none(1, traffic.n)
    flown = fly(traffic, base)
    plain = (cover_of(traffic, flown), flown)
    worst: dict[tuple[str, str], Single] = {}
    rows = list(_rows(scenario, traffic))
    for begin in range(0, len(rows), _N_ROWS):
        some = rows[begin : begin + _N_ROWS]
        flown = fly(traffic, _troubles(scenario, traffic, some))
        cover = cover_of(traffic, flown)
        for place, disruption in enumerate(some):
            _keep(worst, _single(disruption, place, cover, flown, plain))
    for disruption in _absences(scenario, plan):
        without = traffic_of(scenario, _without(plan, disruption.subject))
        flown = fly(without, Troubles.none(1, without.n))
        _keep(worst, _single(disruption, 0, cover_of(without, flown), flown, plain))
    found = list(worst.values())
    found.sort(key=lambda s: (tuple(-w for w in s.weight), s.disruption.kind, s.disruption.subject))
    return tuple(found)


def _keep(worst: dict[tuple[str, str], Single], single: Single) -> None:
    key = (single.disruption.kind, single.disruption.subject)
    if key not in worst or worst[key].weight < single.weight:
        worst[key] = single


def _single(
    disruption: Disruption, place: int, cover: Cover, flown: Flown, plain: tuple[Cover, Flown]
) -> Single:
    before, as_planned = plain
    return Single(
        disruption,
        float(cover.unattended_any[place] - before.unattended_any[0]),
        float(cover.uncovered[place] - before.uncovered[0]),
        int(cover.n_stranded_max[place] - before.n_stranded_max[0]),
        float(cover.stranded_person_days[place] - before.stranded_person_days[0]),
        int(flown.is_lost[place].sum()),
        int(flown.is_forced[place].sum() - as_planned.is_forced[0].sum()),
    )


def _rows(scenario: Scenario, t: Traffic) -> Iterator[Disruption]:
    """Every disruption of flights, craft, pads, fleets and ports, on every day that is tried."""

    def at(day: float) -> Instant:
        return scenario.from_utc.plus_days(float(day))

    for k in range(t.n):
        if not t.is_known[k] and t.launch[k] < t.end:
            yield Disruption("slip", t.names[k], at(t.launch[k]), days=SLIP_DAYS)
            yield Disruption("launch-abort", t.names[k], at(t.launch[k]))
            before = t.launch[k] - _BEFORE_DAYS
            yield _out("fleet-grounded", t.kind[k], at(before))
            yield _out("pad-out", t.pads[k][0], at(before))
            yield _out("port-closed", t.ports[k], at(t.dock[k] - _BEFORE_DAYS))
        if t.is_rotation[k]:
            first = max(t.dock[k], 0.0) + _BEFORE_DAYS
            for day in np.arange(first, min(t.undock[k], t.end), _EVERY_DAYS):
                yield Disruption("craft-unusable", t.craft[k], at(day))
                yield Disruption("early-return", t.names[k], at(day))


def _out(kind: DisruptionKind, name: str, from_utc: Instant) -> Disruption:
    return Disruption(kind, name, from_utc, from_utc.plus_days(OUT_DAYS))


def _absences(scenario: Scenario, plan: Plan) -> Iterator[Disruption]:
    people = {
        p: f.launch_utc
        for f in sorted(plan.flights, key=lambda f: -f.launch_utc.us)
        if scenario.from_utc <= f.launch_utc < scenario.to_utc
        for p in f.crew_up
    }
    for person, launch_utc in people.items():
        yield Disruption("person-unavailable", person, launch_utc)


def _without(plan: Plan, person: str) -> Plan:
    """The plan with somebody's seats left empty."""

    def left(crew: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(p for p in crew if p != person)

    flights = tuple(replace(f, crew_up=left(f.crew_up), crew_down=left(f.crew_down)) for f in plan.flights)
    return replace(plan, flights=flights, seat_moves=tuple(m for m in plan.seat_moves if m.person != person))


def _troubles(scenario: Scenario, t: Traffic, rows: list[Disruption]) -> Troubles:
    """One disruption a row."""
    none = Troubles.none(len(rows), t.n)
    windows: dict[str, dict[str, tuple[Array, Array]]] = {
        "fleet-grounded": {}, "pad-out": {}, "port-closed": {}
    }  # fmt: skip
    for row, d in enumerate(rows):
        day = d.at_utc.days_since(scenario.from_utc)
        if d.kind in windows:
            # Who flies on the launcher of a type is grounded with it.
            name = t.launcher[t.kind.index(d.subject)] if d.kind == "fleet-grounded" else d.subject
            begin, days = windows[d.kind].setdefault(
                name, (np.full((len(rows), 1), np.inf), np.zeros((len(rows), 1)))
            )
            assert d.until_utc is not None
            begin[row], days[row] = day, d.until_utc.days_since(d.at_utc)
        elif d.kind == "craft-unusable":
            k = next(
                k for k in range(t.n) if t.craft[k] == d.subject and max(t.dock[k], 0.0) <= day < t.undock[k]
            )
            none.unusable_after[row, k] = day - max(t.dock[k], 0.0)
        else:
            k = t.names.index(d.subject)
            if d.kind == "slip":
                none.slip_days[row, k] = d.days
            elif d.kind == "launch-abort":
                none.is_lost[row, k] = True
                none.stand_down_days[row, k] = STAND_DOWN_DAYS
            else:
                none.return_after[row, k] = day - max(t.dock[k], 0.0)
    return replace(
        none, fleets=windows["fleet-grounded"], pads=windows["pad-out"], ports=windows["port-closed"]
    )
