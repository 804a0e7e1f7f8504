"""seat_n1: people left without a nominal seat if the worst craft becomes unusable.

With F free nominal seats in all docked craft and the largest docked craft of S seats, losing the
worst one leaves max(0, S - F) people without a nominal seat.  The smallest craft is taken as always
there (a constant, left out); what can be chosen is for how long a larger type is docked and how
many seats stay free.
"""

from __future__ import annotations

from itertools import pairwise

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Visit


def add(traffic: Traffic) -> None:
    """Term seat_n1_person_days, without the constant of the smallest craft."""
    if traffic.setting("seat_n1").severity == "off":
        return
    smallest = min((line[0].vehicle.n_seats_nominal for line in traffic.lines.values()), default=0)
    for line in traffic.lines.values():
        extra = line[0].vehicle.n_seats_nominal - smallest
        if extra:
            traffic.add_term("seat_n1_person_days", extra * _presence(traffic, line))
        for v in line:
            for x, pattern in v.patterns:
                free = v.vehicle.n_seats_nominal - sum(pattern.values())
                if free > 0:
                    docked = traffic.model.new_int_var(0, traffic.grain.n_days, f"{v.name}.free_days")
                    traffic.model.add(docked <= _stay(v)).only_enforce_if(x)
                    traffic.model.add(docked == 0).only_enforce_if(~x)
                    traffic.add_term("seat_n1_person_days", -free * docked)


def _stay(v: Visit) -> cp_model.LinearExpr:
    return v.undock if v.origin == "docked" else v.undock - v.count_from


def _presence(traffic: Traffic, line: list[Visit]) -> Expr:
    """Days on which some craft of the line is docked: stays less overlaps of neighbours."""
    # An absent flight is parked with a stay of minus its count offset.
    total: Expr = sum(
        _stay(v) + (v.clock.count_offset * (1 - v.is_present) if v.origin == "added" else 0) for v in line
    )
    for a, b in pairwise(line):
        overlap = traffic.model.new_int_var(0, traffic.grain.n_days, f"{b.name}.overlap")
        begin: Expr = 0 if b.origin == "docked" else b.count_from
        traffic.model.add_max_equality(overlap, [0, a.undock - begin])
        total -= overlap
    return total
