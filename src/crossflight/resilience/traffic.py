"""A plan as the fixed policy flies it: arrays of flights, and who sits where in groups.

Times are days since the beginning of the scenario.  Flights are the crew craft, in order of planned launch;
cargo is left out.  A group is people who go up together, make the same planned seat moves and operate the
same segments over the same dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError
from crossflight.model import Flight, Plan, Scenario, VehicleType
from crossflight.rules import Walk
from crossflight.times import Instant

Array = NDArray[np.float64]

# A gap longer than this between two craft of a kind is no handover: the first does not wait. [assumed]
_GAP_DAYS_MAX: Final = 30.0


@dataclass(frozen=True, slots=True)
class Operates:
    """Operators of a segment in a group, over [from_day, to_day)."""

    segment: int
    from_day: float
    to_day: float


@dataclass(frozen=True, slots=True)
class Group:
    """People who share everything that counts.

    Attributes
    ----------
    up
        Their flight up, as index.
    moves
        (planned day, flight) of their planned seat moves.
    """

    n: int
    up: int
    moves: tuple[tuple[float, int], ...]
    operates: tuple[Operates, ...]
    is_visitor: bool


@dataclass(frozen=True)
class Traffic:
    """What is flown; arrays have an entry for each flight.

    Attributes
    ----------
    line
        Flights of a vehicle type that follow one another; visits of a type are a line of their own.
    kind
        Vehicle types.
    is_rotation
        Part of a crew line: relieves and is relieved, may be lost for return or leave early.
    is_known
        Launched before the scenario begins: a fact.
    launch, dock, undock
        As planned; undock is the end of the horizon for who is still docked then.
    stay_min
        Days docked at least, however late it comes.
    limit
        Days from lift-off to undocking at most, all waivers used.
    keep
        Days of the planned handover that is waited for (negative: a planned gap); NaN where nobody follows.
    unusable
        Day from which the scenario itself has the craft unusable; infinite where it is not.
    n_crew
        People who go up.
    """

    end: float
    names: tuple[str, ...]
    kind: tuple[str, ...]
    craft: tuple[str, ...]
    lines: tuple[str, ...]
    line: tuple[int, ...]
    is_rotation: tuple[bool, ...]
    is_known: tuple[bool, ...]
    is_autonomous: tuple[bool, ...]
    launch: Array
    dock: Array
    undock: Array
    interval: Array
    stay_min: Array
    limit: Array
    keep: Array
    unusable: Array
    n_crew: Array
    launcher: tuple[str, ...]
    provider: tuple[str, ...]
    pads: tuple[tuple[str, ...], ...]
    ports: tuple[str, ...]
    outages: dict[str, tuple[tuple[float, float], ...]]
    n_seats_nominal: tuple[int, ...]
    n_seats: tuple[int, ...]
    suit: tuple[str, ...]
    segments: tuple[str, ...]
    n_operators_min: tuple[int, ...]
    groups: tuple[Group, ...]

    @property
    def n(self) -> int:
        """How many flights."""
        return len(self.names)

    def of_line(self, line: int) -> list[int]:
        """The flights of a line, in order."""
        return [k for k in range(self.n) if self.line[k] == line]


def traffic_of(scenario: Scenario, plan: Plan) -> Traffic:
    """The crew traffic of a plan.

    Raises
    ------
    UsageError
        If the plan has no crewed flight within the scenario.
    """
    walk = Walk(scenario, plan)
    flights = [
        f
        for f in walk.by_launch
        if (kind := walk.types.get(f.vehicle_type)) is not None
        and kind.is_crewed
        and f.name in walk.visits
        and walk.visits[f.name][1] > walk.begin_us
        and walk.visits[f.name][0] < walk.end_us
    ]
    if not flights:
        raise UsageError(
            f"no crew flies in the plan of {scenario.name}",
            hint="stress asks what a crew's flights withstand",
        )
    kinds = [walk.types[f.vehicle_type] for f in flights]
    lines: list[str] = []
    line = []
    for f in flights:
        name = f"visits of {f.vehicle_type}" if f.kind == "visiting" else f.vehicle_type
        if name not in lines:
            lines.append(name)
        line.append(lines.index(name))

    def day(at: Instant | None) -> float:
        end = scenario.to_utc.days_since(scenario.from_utc)
        return end if at is None else min(at.days_since(scenario.from_utc), 10 * end)

    dock = np.array([day(f.dock_utc) for f in flights])
    launch = np.array([day(f.launch_utc) for f in flights])
    undock = np.array([day(f.undock_utc) for f in flights])
    successors = [
        next((j for j in range(k + 1, len(flights)) if line[j] == line[k]), None) for k in range(len(flights))
    ]
    wanted = walk.number("handover", "overlap_days_min")
    keep = np.full(len(flights), np.nan)
    for k, j in enumerate(successors):
        if j is not None and flights[k].kind != "visiting" and undock[k] - dock[j] > -_GAP_DAYS_MAX:
            keep[k] = min(undock[k] - dock[j], wanted)
    index = {f.name: k for k, f in enumerate(flights)}
    return Traffic(
        end=scenario.to_utc.days_since(scenario.from_utc),
        names=tuple(index),
        kind=tuple(t.name for t in kinds),
        craft=tuple(f.craft for f in flights),
        lines=tuple(lines),
        line=tuple(line),
        is_rotation=tuple(f.kind != "visiting" for f in flights),
        is_known=tuple(f.launch_utc < scenario.from_utc for f in flights),
        is_autonomous=tuple(t.is_autonomous for t in kinds),
        launch=launch,
        dock=dock,
        undock=undock,
        interval=np.array([t.launch_interval_days_min for t in kinds]),
        stay_min=np.minimum([t.docked_days_min for t in kinds], undock - dock),
        limit=np.array([_limit(t) for t in kinds]).clip(undock - launch),
        keep=keep,
        unusable=np.array([_unusable(walk, f) for f in flights]),
        n_crew=np.array([float(len(set(f.crew_up))) for f in flights]),
        launcher=tuple(t.launcher for t in kinds),
        provider=tuple(t.provider for t in kinds),
        pads=tuple(_pads(walk, t, f) for t, f in zip(kinds, flights, strict=True)),
        ports=tuple(f.port or "" for f in flights),
        outages={p.name: tuple((day(o.from_utc), day(o.to_utc)) for o in p.outages) for p in scenario.pads},
        n_seats_nominal=tuple(t.n_seats_nominal for t in kinds),
        n_seats=tuple(t.n_seats_nominal + t.n_seats_contingency for t in kinds),
        suit=tuple(t.suit for t in kinds),
        segments=tuple(s.name for s in scenario.station.segments),
        n_operators_min=tuple(s.n_operators_min for s in scenario.station.segments),
        groups=_groups(walk, index),
    )


def _limit(kind: VehicleType) -> float:
    """Days from lift-off to undocking at most."""
    if kind.on_orbit_life_days is None:
        return float("inf")
    return kind.on_orbit_life_days + kind.life_waiver_days - kind.return_hours / 24


def _unusable(walk: Walk, flight: Flight) -> float:
    craft = walk.craft.get(flight.craft)
    if craft is None or craft.unusable_from_utc is None:
        return float("inf")
    return craft.unusable_from_utc.days_since(walk.scenario.from_utc)


def _pads(walk: Walk, kind: VehicleType, flight: Flight) -> tuple[str, ...]:
    """Its own pad first, then the launcher's others."""
    launcher = walk.launchers.get(kind.launcher)
    others = () if launcher is None else launcher.pads
    return tuple(dict.fromkeys((flight.pad, *others)))


def _groups(walk: Walk, index: dict[str, int]) -> tuple[Group, ...]:
    begin = walk.scenario.from_utc
    segments = [s.name for s in walk.scenario.station.segments]
    found: dict[tuple[object, ...], int] = {}
    idle = {id(move) for move, _ in walk.idle_moves}
    for stay in walk.stays:
        if stay.dock_us is None or stay.up_flight not in index:
            continue
        last_us = walk.end_us if stay.undock_us is None else stay.undock_us
        moves = tuple(
            (m.utc.days_since(begin), index[m.to_flight])
            for m in sorted(walk.plan.seat_moves, key=lambda m: m.utc.us)
            if m.person == stay.person
            and id(m) not in idle
            and stay.dock_us <= m.utc.us <= last_us
            and m.to_flight in index
            and m.to_flight != m.from_flight
        )
        known = walk.people.get(stay.person)
        is_visitor = known is None or known.is_visitor
        operates = (
            ()
            if known is None or is_visitor
            else tuple(
                Operates(
                    segments.index(q.segment),
                    -np.inf if q.from_utc is None else q.from_utc.days_since(begin),
                    np.inf if q.to_utc is None else q.to_utc.days_since(begin),
                )
                for q in known.qualifications
                if q.is_operator and q.segment in segments
            )
        )
        key = (index[stay.up_flight], moves, operates, is_visitor)
        found[key] = found.get(key, 0) + 1
    return tuple(Group(n, *key) for key, n in found.items())  # type: ignore[arg-type]  # the key's four
