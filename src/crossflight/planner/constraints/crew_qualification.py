"""crew_qualification: no more seats than there are people for them, and commanders.

Who sits where is the people stage's.  Here traffic is held to what its people can fill at all:
by training, time on the ground, absence and dose so many seats, and no more, can have been filled
by each day (`readiness.capacity_by_day`).  Every crew list keeps to that, so it is a bound.
"""

from __future__ import annotations

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Visit

_STEP_DAYS = 20


def add(traffic: Traffic) -> None:
    """Seats per partner and commanders per vehicle type, launched by each day that may matter."""
    flying = [v for v in traffic.rotations() if v.origin != "docked"]
    for partner in traffic.scenario.partners:
        seats = [(v, v.up[partner.name], v.n_up_max[partner.name]) for v in flying if partner.name in v.up]
        if seats:
            _limit(traffic, f"seats.{partner.name}", seats, traffic.seats_by_day(partner=partner.name))
    if traffic.binds("crew_qualification"):
        for name, line in traffic.lines.items():
            flights: list[tuple[Visit, Expr, int]] = [
                (v, v.is_present, 1) for v in line if v.origin != "docked" and v.n_aboard_max
            ]
            _limit(traffic, f"commanders.{name}", flights, traffic.seats_by_day(commander_of=name))


def _limit(traffic: Traffic, what: str, seats: list[tuple[Visit, Expr, int]], capacity: list[int]) -> None:
    """Of (visit, seats, most seats), at most `capacity` of a day launch by it."""
    model = traffic.model
    last_day = -_STEP_DAYS
    for day, most in enumerate(capacity):
        is_last = day + 1 == len(capacity)
        if not is_last and (capacity[day + 1] == most or day < last_day + _STEP_DAYS):
            continue
        early = [(v, n, n_max) for v, n, n_max in seats if v.launch_from <= day]
        if sum(n_max for _, _, n_max in early) <= most:
            continue
        last_day = day
        launched: Expr = 0
        for v, n, n_max in early:
            by = model.new_bool_var(f"{what}.{v.name}.by.{day}")
            model.add(v.launch >= day + 1).only_enforce_if(~by)
            filled = model.new_int_var(0, n_max, f"{what}.{v.name}.{day}")
            model.add(filled >= n - n_max * (1 - by))
            launched += filled
        model.add(launched <= most)
