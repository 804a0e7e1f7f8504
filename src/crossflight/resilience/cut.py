"""A plan as a sample has flown it so far: what somebody who plans anew on that day has before them.

The fixed policy launches late, waits for the next craft and leaves when life ends.  All that is known and has
been borne is part of the plan that is lived from then on, so that it is counted once and no rule takes a
craft that still waits for one that has left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from crossflight.model import Flight, Plan, Scenario, SeatMove
from crossflight.resilience.policy import Flown
from crossflight.resilience.traffic import Traffic
from crossflight.times import Instant

# Instants that are nearer than this are the same: days become numbers and instants again.
SAME_DAYS: Final = 1e-6


def as_flown(scenario: Scenario, plan: Plan, traffic: Traffic, flown: Flown) -> Plan:
    """The plan with the launches, dockings, departures and seat moves of one sample (the first row).

    A flight that was lost is in it still, launched when it was lost.
    """
    late = {
        name: max(0.0, float(flown.launch[0, k] - traffic.launch[k])) for k, name in enumerate(traffic.names)
    }
    index = {name: k for k, name in enumerate(traffic.names)}
    flights = [
        _as_flown(scenario, f, traffic, flown, index[f.name]) if f.name in index else f for f in plan.flights
    ]
    return replace(
        plan,
        flights=tuple(sorted(flights, key=lambda f: (f.launch_utc, f.name))),
        seat_moves=tuple(_moved(m, traffic, index, late) for m in plan.seat_moves),
    )


def _as_flown(scenario: Scenario, f: Flight, t: Traffic, flown: Flown, k: int) -> Flight:
    late = float(flown.launch[0, k] - t.launch[k])
    if not t.is_known[k] and late > SAME_DAYS:
        f = replace(f, launch_utc=f.launch_utc.plus_days(late), dock_utc=_later(f.dock_utc, late))
    if flown.is_lost[0, k]:
        return replace(f, undock_utc=_later(f.undock_utc, late), landing_utc=_later(f.landing_utc, late))
    undock = float(flown.undock[0, k])
    if abs(min(undock, t.end) - t.undock[k]) <= SAME_DAYS:
        return f
    if undock >= t.end:
        return replace(f, undock_utc=None, landing_utc=None)
    at = scenario.from_utc.plus_days(undock)
    if f.undock_utc is not None and f.landing_utc is not None:
        home = at.plus_s(f.landing_utc.s_since(f.undock_utc))
    else:
        hours = next(v.return_hours for v in scenario.vehicle_types if v.name == f.vehicle_type)
        home = at.plus_s(3600 * hours)
    return replace(f, undock_utc=at, landing_utc=home)


def _moved(move: SeatMove, t: Traffic, index: dict[str, int], late: dict[str, float]) -> SeatMove:
    """As late as the later docking is, see `cover.seats_of`."""
    if move.from_flight not in index or move.to_flight not in index:
        return move
    docks = [t.dock[index[name]] for name in (move.from_flight, move.to_flight)]
    flown = [d + late[name] for d, name in zip(docks, (move.from_flight, move.to_flight), strict=True)]
    by = float(max(flown) - max(docks))
    return replace(move, utc=move.utc.plus_days(by)) if by > SAME_DAYS else move


def _later(at: Instant | None, days: float) -> Instant | None:
    return None if at is None else at.plus_days(days)
