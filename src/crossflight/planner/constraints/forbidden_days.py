"""forbidden_days: days on which an event of a vehicle type must not happen."""

from __future__ import annotations

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr


def add(traffic: Traffic) -> None:
    """Forbidden days are cut out of the domains of launches and undockings."""
    if not traffic.binds("forbidden_days"):
        return
    grain, horizon = traffic.grain, traffic.grain.n_days
    far = horizon + 10_000
    for v in traffic.visits:
        holes: dict[str, list[tuple[int, int]]] = {"launch": [], "undock": []}
        for f in traffic.scenario.forbidden_days:
            if f.vehicle_types and v.vehicle.name not in f.vehicle_types:
                continue
            first, last = grain.day(f.from_utc), grain.first_day_from(f.to_utc) - 1
            for event in f.events:
                variable, offset = {
                    "launch": ("launch", 0),
                    "dock": ("launch", v.clock.dock_offset),
                    "undock": ("undock", v.clock.undock_offset),
                    "landing": ("undock", v.clock.landing_offset),
                }[event]
                # Day `horizon` stands for "not in the plan" or "still docked": never forbidden.
                span = (first - offset, min(last - offset, horizon - 1))
                if span[0] <= span[1]:
                    holes[variable].append(span)
        for name, spans in holes.items():
            if not spans or (name == "launch" and v.origin == "docked"):
                continue
            domain = cp_model.Domain.from_intervals([list(s) for s in spans]).complement()
            domain = domain.intersection_with(cp_model.Domain(-far, far))
            expression: Expr = v.launch if name == "launch" else v.undock
            traffic.model.add_linear_expression_in_domain(expression, domain)
