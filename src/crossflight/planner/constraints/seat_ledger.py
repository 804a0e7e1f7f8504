"""seat_ledger: seats a partner gives on its craft against seats it takes on others'."""

from __future__ import annotations

from collections.abc import Mapping

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit


def add(traffic: Traffic) -> None:
    """Term ledger_imbalance; where the rule binds, the running balance is a reservoir."""
    if traffic.setting("seat_ledger").severity == "off":
        return
    model, grain = traffic.model, traffic.grain
    for agreement in traffic.scenario.agreements:
        first, last = grain.day(agreement.from_utc), grain.first_day_from(agreement.to_utc)
        flights = [
            v for v in traffic.rotations() if v.origin != "docked" and v.name not in agreement.exempt_flights
        ]
        counting = [(v, _in_force(traffic, v, first, last)) for v in flights]
        for partner in traffic.scenario.partners:
            balance: Expr = 0
            times, changes, actives = [], [], []
            for v, counted in counting:
                for x, p in counted:
                    others = sum(n for name, n in p.items() if name != partner.name)
                    change = others if v.vehicle.provider == partner.name else -p.get(partner.name, 0)
                    balance += change * x
                    times.append(v.launch)
                    changes.append(change)
                    actives.append(x)
            if traffic.binds("seat_ledger"):
                bound = agreement.ledger_bound
                model.add_reservoir_constraint_with_active(times, changes, actives, -bound, bound)
                model.add(balance == 0)
            most = sum(v.vehicle.n_seats_nominal for v in flights)
            imbalance = model.new_int_var(0, most, f"ledger.{agreement.name}.{partner.name}")
            model.add(imbalance >= balance)
            model.add(imbalance >= -balance)
            traffic.add_term("ledger_imbalance", imbalance)


def _in_force(traffic: Traffic, v: Visit, first: int, last: int) -> list[tuple[Lit, Mapping[str, int]]]:
    """The visit's patterns, each true only for a launch on days [first, last)."""
    model = traffic.model
    if first <= 0 and last >= traffic.grain.n_days:
        return v.patterns
    before, after = (
        model.new_bool_var(f"{v.name}.before.{first}"),
        model.new_bool_var(f"{v.name}.after.{last}"),
    )
    model.add(v.launch <= first - 1).only_enforce_if(before)
    model.add(v.launch >= first).only_enforce_if(~before)
    model.add(v.launch >= last).only_enforce_if(after)
    model.add(v.launch <= last - 1).only_enforce_if(~after)
    counted: list[tuple[Lit, Mapping[str, int]]] = []
    for i, (x, pattern) in enumerate(v.patterns):
        y = model.new_bool_var(f"{v.name}.in_force.{first}.{i}")
        model.add_bool_and([x, ~before, ~after]).only_enforce_if(y)
        model.add_bool_or([~x, before, after]).only_enforce_if(~y)
        counted.append((y, pattern))
    return counted
