"""One sample of a flight, flown again and shown as a flight."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.flight.apsides import perigee_height_m
from crossflight.flight.finite_burn import engine_for, thrust
from crossflight.flight.flight_phases import FlownPhase
from crossflight.flight.proximity_result import DOCKED
from crossflight.flight.rendezvous_flight import ARRIVED, RendezvousFlight
from crossflight.flight.samples import CHUNK, FARTHEST_M, SampledFlight, has_arrived
from crossflight.flight.samples_far import LOST_PERIGEE_M, FarFlight
from crossflight.flight.simulate import (
    ARRIVAL,
    BAD_CONTACT,
    CONTACT,
    HOLD,
    ApproachExit,
    RendezvousExit,
    approach_arc,
    coasts,
)
from crossflight.flight.transfer import rtn_axes
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn
from crossflight.times import Instant

NUMBER_MAX: Final = 1_000_000
LOST: Final = "lost"
MISSED: Final = "missed-arrival"


def replayed(o: FlightOutcome, flight: SampledFlight, number: int) -> FlightOutcome:
    """The flight as its sample `number` flies it, with the errors that the sample meets.

    Its chunk is flown again, so that every number is the one of the run.  Burns are impulses there.
    `number` is from 0 to `NUMBER_MAX`.
    """
    first = number - number % CHUNK
    far = flight.far(np.arange(first, first + CHUNK)).only(np.array([number - first]))
    phases = [next(p for p in o.phases if p.phase.name == "ascent")]
    rendezvous = next(p for p in o.phases if isinstance(p.exit, RendezvousExit))
    flown = _rendezvous(flight, rendezvous, far)
    phases.append(flown)
    if has_arrived(far)[0]:
        approach = next((p for p in o.phases if isinstance(p.exit, ApproachExit)), None)
        if approach is not None:
            phases.append(_approach(flight, approach, far, number, flown.exit.state))
    return replace(o, phases=tuple(phases))


def _rendezvous(flight: SampledFlight, planned: FlownPhase, far: FarFlight) -> FlownPhase:
    plan = flight.plan
    problem = replace(plan.problem, ballistic_m2_kg=plan.problem.ballistic_m2_kg * float(far.air_factor[0]))
    now = _state(plan.problem.start_us, far.start_gcrf[0], plan.start.mass_kg)
    states, burns = [now], []
    is_lost, lost_us = bool(far.is_lost[0]), int(far.lost_us[0])
    for k, slot in enumerate(problem.slots):
        if is_lost and slot.at_us >= lost_us:
            break
        before, made = far.before_gcrf[0, k], far.made_gcrf[0, k]
        size = float(np.linalg.norm(made))
        burn = thrust(engine_for(plan.craft, size), size, now.mass_kg)
        radial, along, cross = (float(x) for x in rtn_axes(before) @ made)
        at = Instant(slot.at_us)
        burns.append(
            FlownBurn(slot.name, at, size, burn.duration_s, burn.propellant_kg, (radial, along, cross))
        )
        after = before + np.concatenate((np.zeros(3), made))
        now = _state(slot.at_us, after, now.mass_kg - burn.propellant_kg)
        states.append(now)
    end = _state(lost_us if is_lost else problem.end.at_us, far.end_gcrf[0], now.mass_kg)
    is_there = bool(has_arrived(far)[0])
    result = RendezvousFlight(
        ARRIVED if is_there else LOST if is_lost else MISSED,
        tuple(burns),
        (),
        (*states, end),
        tuple(float(x) for x in far.arrival_lvlh[0]),
        float(far.dv_m_s[0]),
        float(far.min_perigee_m[0]),
        float(far.miss_m[0]) if is_there else None,
        None,
    )
    leaves = RendezvousExit(
        ARRIVAL if is_there else LOST if is_lost else MISSED,
        end,
        () if is_there else (_end_event(far, end.utc),),
        tuple(burns),
        coasts(result, problem, plan.profile),
        is_last=not is_there,
        plan=plan,
        result=result,
    )
    return FlownPhase(planned.phase, states[0], leaves)


def _end_event(far: FarFlight, utc: Instant) -> FlightEvent:
    """Why the sample does not come to its approach."""
    if bool(far.is_lost[0]):
        perigee_km = float(perigee_height_m(far.end_gcrf)[0]) / 1000
        why = f"perigee at {perigee_km:.0f} km, below {LOST_PERIGEE_M / 1000:.0f}: the air takes it down"
        return FlightEvent(LOST, utc, why)
    off_km, from_km = float(far.miss_m[0]) / 1000, float(np.linalg.norm(far.arrival_lvlh[0, :3])) / 1000
    why = (
        f"{off_km:.1f} km off the planned arrival, {from_km:.1f} km from the target: an approach begins "
        f"within {FARTHEST_M / 1000:.0f} km"
    )
    return FlightEvent(MISSED, utc, why)


def _approach(
    flight: SampledFlight, planned: FlownPhase, far: FarFlight, number: int, entry: CraftState
) -> FlownPhase:
    near = flight.near(far, np.array([number]), is_recorded=True)
    end = entry.utc.plus_s(float(near.end_t_s[0]))
    arc = approach_arc(near, flight.track, entry, end)
    is_docked = int(near.outcome[0]) == DOCKED
    has_met = near.contacts.contact(0, entry.utc) is not None
    left = _state(end.us, arc.states_gcrf[-1], entry.mass_kg - float(near.propellant_kg[0]))
    leaves = ApproachExit(
        CONTACT if is_docked else BAD_CONTACT if has_met else HOLD,
        left,
        tuple(near.events(0, entry.utc)),
        tuple(near.flown_burns(0, entry.utc)),
        (arc,),
        is_last=True,
        result=near,
    )
    return FlownPhase(planned.phase, entry, leaves)


def _state(at_us: int, y: np.ndarray, mass_kg: float) -> CraftState:
    return CraftState(Instant(at_us), y[:3].copy(), y[3:].copy(), mass_kg)
