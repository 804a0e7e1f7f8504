"""How long visitors stay in a repair: as was announced, within a day, whatever day they are launched on."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Visit
from crossflight.times import Instant


def stays_as_announced(traffic: Traffic, v: Visit, days: float, planned: tuple[int, int]) -> None:
    """Between docking and undocking lie `days`, within one, by the opportunities of the days chosen.

    How many days of the calendar that is depends on the hours.  They drift, so the launch days with one
    number of days are few long runs, which cost much less than a table of pairs.

    Parameters
    ----------
    planned
        Days of launch and undocking as planned: they go together in any case.
    """
    model, horizon = traffic.model, traffic.grain.n_days
    offsets = range(max(1, math.floor(days) - 1), math.ceil(days) + v.clock.dock_offset + 3)
    barred: dict[int, set[int]] = {k: set() for k in offsets}
    first_open = horizon
    for launch in range(v.launch_from, horizon):
        docks = _docks(traffic, v, launch)
        if docks and docks[0].plus_days(days + 1.0) >= traffic.scenario.to_utc:
            first_open = min(first_open, launch)
        for k in offsets if docks else ():
            away = _undock(traffic, v, launch + k) if launch + k < horizon else None
            is_planned = (launch, launch + k) == planned
            if away is not None and not is_planned and not _fits(docks, away, days):
                barred[k].add(launch)
    home = [v.is_present, ~v.is_open]
    every = set(range(v.launch_from, horizon))
    chosen = []
    for k, out in barred.items():
        x = model.new_bool_var(f"{v.name}.stays.{k}")
        model.add(v.days == k).only_enforce_if(x)
        fit = cp_model.Domain.from_values(sorted(every - out))
        model.add_linear_expression_in_domain(v.launch, fit).only_enforce_if(x)
        chosen.append(x)
    model.add_bool_or([*chosen, ~v.is_present, v.is_open])
    model.add(v.days <= offsets[-1]).only_enforce_if(home)
    model.add(v.launch >= first_open).only_enforce_if([v.is_present, v.is_open])


def _fits(docks: Sequence[Instant], away: Instant, days: float) -> bool:
    return all(abs(away.days_since(dock) - days) <= 1.0 for dock in docks)


def _docks(traffic: Traffic, v: Visit, day: int) -> list[Instant]:
    """When it docks, launched on a day from any of the pads: first and last."""
    if v.departures is None:
        return [traffic.grain.instant(day, v.clock.dock.first)]
    found = sorted(by_day[day].dock_utc for by_day in v.departures.values() if day in by_day)
    return [found[0], found[-1]] if found else []


def _undock(traffic: Traffic, v: Visit, day: int) -> Instant | None:
    if v.returns is None:
        return traffic.grain.instant(day, v.clock.undock.first)
    found = v.returns.get(day)
    return None if found is None else found.undock_utc
