"""seat_ledger: seats a partner gives on its craft against seats it takes on others'."""

from __future__ import annotations

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr


def add(traffic: Traffic) -> None:
    """Term ledger_imbalance; where the rule binds, the running balance is a reservoir."""
    if traffic.setting("seat_ledger").severity == "off":
        return
    model, grain = traffic.model, traffic.grain
    for agreement in traffic.scenario.agreements:
        first, last = grain.day(agreement.from_utc), grain.first_day_from(agreement.to_utc)
        if first > 0 or last < grain.n_days:
            continue  # the launch day decides whether it counts: left to the checker
        flights = [
            v for v in traffic.rotations() if v.origin != "docked" and v.name not in agreement.exempt_flights
        ]
        for partner in traffic.scenario.partners:
            balance: Expr = 0
            times, changes, actives = [], [], []
            for v in flights:
                for x, p in v.patterns:
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
            most = 4 * max(1, len(flights))
            imbalance = model.new_int_var(0, most, f"ledger.{agreement.name}.{partner.name}")
            model.add(imbalance >= balance)
            model.add(imbalance >= -balance)
            traffic.add_term("ledger_imbalance", imbalance)
