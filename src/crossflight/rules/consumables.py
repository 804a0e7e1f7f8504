"""The stock of every commodity stays above its reserve.

From its stock at the scenario's beginning each commodity loses what the people aboard and the
station use and gains the upmass of every craft at its docking (not of craft docked before the
beginning: theirs is in the stock).  At every instant at least `reserve_days` of nominal use are
left, nominal use being that of the nominal crew and of the station.

The reserve is there to be used when something has gone wrong: where the rule can be waived, a waiver
goes down to `leave_days` of nominal use, at which the crew would leave the station, and no further.

Values:

- `leave_days`: days of nominal use that a waiver leaves; all of the reserve where none are given.

Stock, use and reserve stand with the commodity.

Source: reserve of 45 d to plan with and 30 d to leave the station (2004); rates are inputs, so
the numbers are assumptions.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Commodity, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk

RULE = Rule(
    id="consumables",
    title="supplies above reserve",
    statement="Every commodity keeps its reserve at every instant.",
    source="ISS reserve levels of 45 d and 30 d (2004); rates are assumptions",
    values=("leave_days",),
)

# Rounding of sums over years of use; far below anything weighed.
TOLERANCE_KG = 1e-6


def nominal_use_kg_per_day(walk: Walk, commodity: Commodity) -> float:
    """What the nominal crew and the station use in a day."""
    n_crew = sum(walk.scenario.station.n_crew_nominal.values())
    return n_crew * commodity.per_person_day_kg + commodity.per_day_kg


def delivered_kg(walk: Walk, commodity: Commodity) -> dict[int, float]:
    """What arrives at which instant (microseconds UTC) within the plan."""
    aboard_at_start = {d.flight.name for d in walk.scenario.docked}
    delivered: dict[int, float] = {}
    for name, (dock_us, _) in walk.visits.items():
        kind = walk.type_of(name)
        if kind is not None and walk.in_horizon(dock_us) and name not in aboard_at_start:
            kg = kind.upmass_kg.get(commodity.name, 0.0)
            delivered[dock_us] = delivered.get(dock_us, 0.0) + kg
    return delivered


def check(walk: Walk) -> Iterator[Violation]:
    """Stretches below the reserve."""
    for commodity in walk.scenario.commodities:
        nominal_kg = nominal_use_kg_per_day(walk, commodity)
        reserve_kg = commodity.reserve_days * nominal_kg
        leave_kg = walk.number(RULE.id, "leave_days", commodity.reserve_days) * nominal_kg
        delivered = delivered_kg(walk, commodity)
        stock_kg = commodity.stock_kg
        since_us: int | None = None
        lowest_kg = stock_kg
        for state in walk.states:
            stock_kg += delivered.get(state.from_us, 0.0)
            if since_us is not None and stock_kg >= reserve_kg - TOLERANCE_KG:
                yield _below(walk, commodity, since_us, state.from_us, lowest_kg, reserve_kg, leave_kg)
                since_us = None
            if since_us is None:
                lowest_kg = stock_kg
                if stock_kg < reserve_kg - TOLERANCE_KG:
                    since_us = state.from_us
            use_kg_per_day = len(state.aboard) * commodity.per_person_day_kg + commodity.per_day_kg
            left_kg = stock_kg - use_kg_per_day * state.days
            if since_us is None and left_kg < reserve_kg - TOLERANCE_KG:
                since_us = state.from_us + round((stock_kg - reserve_kg) / use_kg_per_day * DAY_US)
            stock_kg = left_kg
            lowest_kg = min(lowest_kg, left_kg)
        if since_us is not None:
            yield _below(walk, commodity, since_us, walk.end_us, lowest_kg, reserve_kg, leave_kg)


def _below(
    walk: Walk,
    commodity: Commodity,
    from_us: int,
    to_us: int,
    lowest_kg: float,
    reserve_kg: float,
    leave_kg: float,
) -> Violation:
    is_beyond = lowest_kg < leave_kg - TOLERANCE_KG
    return walk.violation(
        RULE.id,
        max(walk.begin_us, from_us),
        to_us,
        (commodity.name,),
        f"{commodity.name}: down to {lowest_kg:.0f} kg, reserve {reserve_kg:.0f} kg "
        f"({commodity.reserve_days:g} d of nominal use): {reserve_kg - lowest_kg:.0f} kg short "
        f"within {(to_us - from_us) / DAY_US:.1f} d",
        "hard" if is_beyond and walk.severity(RULE.id) == "waivable" else None,
    )
