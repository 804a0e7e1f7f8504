"""Flight rules as constraints of the crew traffic model; one module per rule, or a reason why not.

`BUILD` lists what is built, in order; `BY_CONSTRUCTION` says for every other rule how the model
keeps it without a constraint of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from crossflight.planner.constraints import (
    announced_flight,
    capsule,
    consumables,
    crew_qualification,
    crew_size,
    docking_spacing,
    eva_day,
    forbidden_days,
    handover,
    integrated_seat,
    landing_opportunity,
    launch_opportunity,
    life_left,
    on_orbit_life,
    pad,
    port_occupancy,
    return_weather,
    seat_ledger,
    seat_n1,
    segment_operator,
    solar_beta,
)
from crossflight.planner.traffic import Traffic

BUILD: tuple[Callable[[Traffic], None], ...] = (
    announced_flight.add,
    on_orbit_life.add,
    life_left.add,
    capsule.add,
    integrated_seat.add,
    return_weather.add,
    port_occupancy.add,
    docking_spacing.add,
    eva_day.add,
    pad.add,
    forbidden_days.add,
    launch_opportunity.add,
    landing_opportunity.add,
    solar_beta.add,
    crew_size.add,
    crew_qualification.add,
    segment_operator.add,
    handover.add,
    seat_ledger.add,
    seat_n1.add,
    consumables.add,
)

BY_CONSTRUCTION = {
    "flight_times": "launch, docking, undocking and landing are one variable plus fixed hours in order",
    "return_seat": "patterns never exceed a craft's seats; a long stay takes a free seat of the next craft",
    "port_compatibility": "visits and relocations choose among the ports their type fits; in port_occupancy",
    "port_closure": "closed days are stays of nobody at the port; built in port_occupancy",
    "operator_n1": "counts the same stays of covering craft; built in segment_operator",
    "one_place": "the people stage gives each person at most one seat at a time",
    "ground_time": "the people stage forbids pairs of flights too close for one person",
    "availability": "the people stage offers a flight only to people free for all of it",
    "training": "the people stage offers seats to who can be ready; the training stage gives the places",
    "backup_crew": "the people stage fills the backup crew as it fills the crew",
    "career_dose": "the people stage sums each person's days in flight",
}
