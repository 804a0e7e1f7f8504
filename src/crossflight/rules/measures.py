"""The terms of the objective, computed from a plan already walked.

Each function of `TERMS` takes a :class:`~crossflight.rules.walk.Walk` and returns a number, less
being better.  Integrals run over [from_utc, to_utc) of the scenario, in days of 86 400 s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from crossflight.rules import handover, operator_n1, return_weather, seat_ledger, seat_n1, segment_operator
from crossflight.rules.announced_flight import days_apart
from crossflight.rules.walk import Walk


def waiver_price(walk: Walk) -> float:
    """Sum of the prices of the plan's waivers."""
    return sum(w.price for w in walk.plan.waivers)


def unattended_segment_days(walk: Walk) -> float:
    """Days with too few operators aboard, summed over segments."""
    return sum(
        state.days
        for segment in walk.scenario.station.segments
        for state, n in zip(walk.states, segment_operator.unattended(walk, segment), strict=True)
        if n is not None
    )


def operator_n1_segment_days(walk: Walk) -> float:
    """Days on which the loss of one craft would leave too few operators, summed over segments."""
    return sum(
        state.days
        for segment in walk.scenario.station.segments
        for state, lost in zip(walk.states, operator_n1.uncovered(walk, segment), strict=True)
        if lost is not None
    )


def days_moved(walk: Walk) -> float:
    """Whole UTC days by which announced flights are moved, summed; absent ones count nothing."""
    return float(
        sum(
            days_apart(walk.flights[a.name].launch_utc, a.launch_utc)
            for a in walk.scenario.announced
            if a.name in walk.flights
        )
    )


def flight_price(walk: Walk) -> float:
    """Price of flights launched within the plan that are neither docked at its start nor announced."""
    given = {d.flight.name for d in walk.scenario.docked} | {a.name for a in walk.scenario.announced}
    return sum(
        walk.types[f.vehicle_type].price
        for f in walk.flights.values()
        if f.name not in given and f.vehicle_type in walk.types and walk.in_horizon(f.launch_utc.us)
    )


def crew_shortfall_days(walk: Walk) -> float:
    """Person-days by which each partner's crew aboard falls short of its nominal crew, summed.

    Visitors and people seated in visiting flights are no crew.
    """
    total = 0.0
    for state in walk.states:
        crew = {p for name, seated in state.seated.items() for p in seated if walk.is_crew_seat(p, name)}
        n_aboard: dict[str | None, int] = {}
        for person in crew:
            partner = walk.partner_of(person)
            n_aboard[partner] = n_aboard.get(partner, 0) + 1
        for name, n_nominal in walk.scenario.station.n_crew_nominal.items():
            total += max(0, n_nominal - n_aboard.get(name, 0)) * state.days
    return total


def handover_shortfall_days(walk: Walk) -> float:
    """Days by which handovers fall short of the overlap wanted, summed over pairs."""
    wanted = walk.number(handover.RULE.id, "overlap_days_min")
    return sum(max(0.0, wanted - days) for _, _, days in handover.handovers(walk))


def seat_n1_person_days(walk: Walk) -> float:
    """Person-days without a nominal seat if the worst craft were lost at each instant."""
    return sum(seat_n1.worst_craft(walk, state)[0] * state.days for state in walk.states)


def return_weather_shortfall_days(walk: Walk) -> float:
    """Whole days by which returns could wait less for weather than wanted, summed."""
    return float(sum(wait.n_days_short for wait in return_weather.waits(walk)))


def n_relocations(walk: Walk) -> float:
    """Relocations within the plan."""
    return float(sum(walk.in_horizon(r.undock_utc.us) for f in walk.flights.values() for r in f.relocations))


def ledger_imbalance(walk: Walk) -> float:
    """Seats given minus seats taken at the end, absolute, summed over partners and agreements."""
    total = 0
    for agreement in walk.scenario.agreements:
        entries = seat_ledger.ledger(walk, agreement)
        if entries:
            total += sum(abs(n) for n in entries[-1][1].values())
    return float(total)


TERMS: Final[Mapping[str, Callable[[Walk], float]]] = {
    f.__name__: f
    for f in (
        waiver_price,
        unattended_segment_days,
        operator_n1_segment_days,
        days_moved,
        flight_price,
        crew_shortfall_days,
        handover_shortfall_days,
        seat_n1_person_days,
        return_weather_shortfall_days,
        n_relocations,
        ledger_imbalance,
    )
}
