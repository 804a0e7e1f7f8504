"""seat_n1: people left without a nominal seat if the worst craft becomes unusable.

With F free nominal seats in all docked craft and the largest docked craft of S seats, losing the
worst one leaves max(0, S - F) people without a nominal seat.  The smallest craft is taken as always
there (a constant, left out); what can be chosen is for how long a larger type is docked and how
many seats stay free.
"""

from __future__ import annotations

from crossflight.planner.cover import length_of, presence
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Term seat_n1_person_days, without the constant of the smallest craft."""
    if traffic.setting("seat_n1").severity == "off":
        return
    smallest = min((line[0].vehicle.n_seats_nominal for line in traffic.lines.values()), default=0)
    for name, line in traffic.lines.items():
        extra = line[0].vehicle.n_seats_nominal - smallest
        if extra:
            traffic.add_term("seat_n1_person_days", extra * presence(traffic, name))
        for v in line:
            for x, pattern in v.patterns:
                free = traffic.n_seats_free(v, pattern)
                if free > 0:
                    docked = traffic.model.new_int_var(0, traffic.grain.n_days, f"{v.name}.free_days")
                    traffic.model.add(docked <= length_of(v)).only_enforce_if(x)
                    traffic.model.add(docked == 0).only_enforce_if(~x)
                    traffic.add_term("seat_n1_person_days", -free * docked)
