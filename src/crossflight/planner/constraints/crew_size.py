"""crew_size: nobody more aboard than the station can take; worth of a nominal crew."""

from __future__ import annotations

from itertools import pairwise

from crossflight.planner.cover import Stay, gaps, stay_of
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Visit


def add(traffic: Traffic) -> None:
    """The cap on everybody, and term crew_shortfall_days per partner."""
    _long_stays(traffic)
    if traffic.binds("crew_size"):
        _cap(traffic)
    for partner, n_nominal in traffic.scenario.station.n_crew_nominal.items():
        if n_nominal > 0:
            traffic.add_term(
                "crew_shortfall_days", gaps(traffic, f"crew.{partner}", _people(traffic, partner), n_nominal)
            )


def successor(traffic: Traffic, v: Visit) -> Visit | None:
    """The next craft of the same line."""
    line = traffic.lines.get(v.vehicle.name, [])
    return next((b for a, b in pairwise(line) if a is v), None)


def _long_stays(traffic: Traffic) -> None:
    """Some of a crew may stay and come home in the next craft of the type, whose seats they take."""
    model = traffic.model
    for v in traffic.rotations():
        after = successor(traffic, v)
        if after is None:
            continue
        n_up = min((sum(p.values()) for _, p in after.patterns), default=0)
        most = min(v.vehicle.n_long_stays_max, v.vehicle.n_seats_nominal - n_up)
        if most <= 0:
            continue
        for partner, n in v.n_up_max.items():
            stay = model.new_int_var(0, min(n, most), f"{v.name}.stay.{partner}")
            model.add(stay <= v.up[partner])
            model.add(stay == 0).only_enforce_if(~after.is_present)
            model.add(stay == 0).only_enforce_if(v.is_open)
            v.stays[partner] = stay
        total = sum(v.stays.values())
        model.add(total <= most)
        some = model.new_bool_var(f"{v.name}.some_stay")
        model.add(total == 0).only_enforce_if(~some)
        model.add(after.count_from <= v.undock).only_enforce_if(some)
        model.add(total + sum(after.up.values()) <= v.vehicle.n_seats_nominal)
        # Somebody who commands the craft goes home in it.
        model.add(sum(v.up.values()) - total >= 1).only_enforce_if(some)


def _people(traffic: Traffic, partner: str) -> list[Stay]:
    """People of a partner per craft, and those who stay on beyond their craft."""
    stays = []
    for line, visits in traffic.lines.items():
        for place, v in enumerate(visits):
            if partner in v.up:
                n_min = min(p.get(partner, 0) for _, p in v.patterns)
                stays.append(stay_of(v, v.up[partner], v.n_up_max[partner], line, place, n_min))
            after = successor(traffic, v)
            if partner in v.stays and after is not None:
                most = min(v.n_up_max[partner], v.vehicle.n_long_stays_max)
                longer = Stay(
                    f"{v.name}.longer",
                    v.undock,
                    after.undock,
                    v.stays[partner],
                    most,
                    after.days,
                    after.is_open,
                    line,
                    2 * place + 1,
                )
                stays.append(longer)
    return stays


def _n_up(traffic: Traffic, v: Visit) -> Expr:
    """People a visit brings: a number where its patterns agree, else a variable."""
    totals = {sum(p.values()) for _, p in v.patterns}
    if len(totals) == 1:
        return totals.pop() + v.n_visitors
    n_up = traffic.model.new_int_var(v.n_visitors, v.n_aboard_max, f"{v.name}.n_up")
    traffic.model.add(n_up == sum(v.up.values()) + v.n_visitors)
    return n_up


def _cap(traffic: Traffic) -> None:
    model = traffic.model
    intervals, demands = [], list[Expr]()
    for v in traffic.crewed():
        # Docking before 06:00 it meets who leaves at 06:00: aboard from the day before.
        early, late = v.clock.aboard_offset, v.clock.away_offset
        intervals.append(
            model.new_optional_interval_var(
                v.launch + early, v.days - early + late, v.undock + late, v.is_present, f"{v.name}.aboard"
            )
        )
        demands.append(_n_up(traffic, v))
        after = successor(traffic, v)
        if v.stays and after is not None:
            longer = model.new_int_var(0, traffic.grain.n_days, f"{v.name}.longer_days")
            some = model.new_bool_var(f"{v.name}.some_longer")
            model.add(sum(v.stays.values()) == 0).only_enforce_if(~some)
            intervals.append(
                model.new_optional_interval_var(v.undock, longer, after.undock, some, f"{v.name}.longer")
            )
            staying = model.new_int_var(0, v.vehicle.n_long_stays_max, f"{v.name}.n_staying")
            model.add(staying == sum(v.stays.values()))
            demands.append(staying)
    model.add_cumulative(intervals, demands, traffic.scenario.station.n_crew_max)
