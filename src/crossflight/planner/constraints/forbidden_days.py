"""forbidden_days: days on which an event of a vehicle type must not happen."""

from __future__ import annotations

from collections.abc import Iterable

from ortools.sat.python import cp_model

from crossflight.model import VehicleType
from crossflight.planner.grain import Clock
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Lit


def add(traffic: Traffic) -> None:
    """Forbidden days are cut out of the domains of launches and undockings."""
    for v in traffic.visits:
        spans = spans_of(traffic, v.vehicle, v.clock)
        if v.origin != "docked" and v.departures is None:
            keep_off(traffic, v.launch, spans["launch"])
        if v.returns is None:
            keep_off(traffic, v.undock, spans["undock"])


def spans_of(traffic: Traffic, vehicle: VehicleType, clock: Clock) -> dict[str, list[tuple[int, int]]]:
    """First and last days on which a flight of fixed hours cannot launch ("launch") or leave ("undock")."""
    spans: dict[str, list[tuple[int, int]]] = {"launch": [], "undock": []}
    if not traffic.binds("forbidden_days"):
        return spans
    grain = traffic.grain
    for f in traffic.scenario.forbidden_days:
        if f.vehicle_types and vehicle.name not in f.vehicle_types:
            continue
        first, last = grain.day(f.from_utc), grain.first_day_from(f.to_utc) - 1
        for event in f.events:
            variable, offset = {
                "launch": ("launch", 0),
                "dock": ("launch", clock.dock_offset),
                "undock": ("undock", clock.undock_offset),
                "landing": ("undock", clock.landing_offset),
            }[event]
            # Day `n_days` stands for "not in the plan" or "still docked": never forbidden.
            span = (first - offset, min(last - offset, grain.n_days - 1))
            if span[0] <= span[1]:
                spans[variable].append(span)
    return spans


def keep_off(
    traffic: Traffic, day: cp_model.LinearExpr, spans: list[tuple[int, int]], is_made: Lit | None = None
) -> None:
    """Cut days [first, last] out of the domain of an event's day (where it happens)."""
    horizon = traffic.grain.n_days
    # Day `horizon` stands for "not in the plan" or "still docked": never forbidden.
    inside = [[first, min(last, horizon - 1)] for first, last in spans if first <= min(last, horizon - 1)]
    if not inside:
        return
    far = horizon + 10_000
    domain = cp_model.Domain.from_intervals(inside).complement()
    kept = traffic.model.add_linear_expression_in_domain(
        day, domain.intersection_with(cp_model.Domain(-far, far))
    )
    if is_made is not None:
        kept.only_enforce_if(is_made)


def keep_to(
    traffic: Traffic, day: cp_model.LinearExpr, days: Iterable[int], is_made: Lit | None = None
) -> None:
    """Only these days of the horizon, or the horizon itself, which stands for not happening."""
    open_days = cp_model.Domain.from_values([*days, traffic.grain.n_days])
    kept = traffic.model.add_linear_expression_in_domain(day, open_days)
    if is_made is not None:
        kept.only_enforce_if(is_made)
