"""Phasing and far rendezvous: from insertion to where the approach to the station begins.

Arrival is an input, as it is of the flown profiles: at these phases every arrival over half an hour costs
the same delta-v within a few metres per second.  What follows is computed: burns, ranges, the schedule
of a co-elliptic rendezvous.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.propagation import propagate
from crossflight.errors import UsageError
from crossflight.flight.apsides import apogee_height_m
from crossflight.flight.ascent import ASCENTS
from crossflight.flight.burn_slots import (
    Scheme,
    after_missed_burn,
    coelliptic_schedule,
    scheme_named,
    schemes_of,
    windowed_slots,
)
from crossflight.flight.craft import Craft
from crossflight.flight.rendezvous_guess import MeanFlight, along_track_burns
from crossflight.flight.target_track import TargetTrack
from crossflight.flight.transfer import CoellipticAim, Problem, Slot, StateAim, Transfer, rtn_axes, solve
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

Array = NDArray[np.float64]

PERIGEE_FLOOR_M: Final = 160_000.0
_GRAVITY_M_S2: Final = 9.80665
# Beyond what raising the orbit takes in any case a rendezvous may cost so much; more is an infeasible phase.
_EXTRA_M_S: Final = 25.0
# An orbit so little above the target's drifts back by a degree a revolution: enough for one that is ahead
# [assumed].
_OVER_TARGET_M: Final = 10_000.0
_RANGE_STEP_US: Final = 60_000_000


@dataclass(frozen=True, slots=True)
class PlannedBurn:
    """A burn of a plan: an impulse at `utc`, in the GCRF and in the craft's radial, along and cross."""

    name: str
    utc: Instant
    dv_gcrf_m_s: tuple[float, float, float]
    dv_rtn_m_s: tuple[float, float, float]

    @property
    def dv_m_s(self) -> float:
        """Its magnitude."""
        return float(np.linalg.norm(self.dv_gcrf_m_s))


@dataclass(frozen=True, slots=True)
class RendezvousPlan:
    """Burns from insertion to arrival.

    Attributes
    ----------
    burns
        In order of time; a slot that is not needed has a burn near zero.
    arrival
        State at arrival, mass after the burns.
    arrival_lvlh
        The same in the target's LVLH, m and m/s.
    phase_rad
        What was caught up.
    min_perigee_m
        Lowest osculating perigee, at the start and after each burn, over the equator's radius.
    miss_m
        What the full model misses the wanted arrival by.
    """

    profile: str
    craft: Craft
    start: CraftState
    burns: tuple[PlannedBurn, ...]
    arrival: CraftState
    arrival_lvlh: tuple[float, ...]
    phase_rad: float
    dv_total_m_s: float
    propellant_kg: float
    min_perigee_m: float
    miss_m: float
    problem: Problem
    transfer: Transfer

    def states(self, t_utc_us: NDArray[np.int64]) -> Array:
        """States (n, 6), GCRF, at instants (n,) from start to arrival."""
        t = np.asarray(t_utc_us, np.int64)
        out = np.empty((len(t), 6))
        begins = np.array([self.start.utc.us, *[b.utc.us for b in self.burns]])
        states = np.vstack([self.problem.start_gcrf[None], self.transfer.after_gcrf])
        leg = np.clip(np.searchsorted(begins, t, "right") - 1, 0, None)
        for k in np.unique(leg):
            mine = leg == k
            out[mine] = propagate(
                self.problem.model,
                int(begins[k]),
                states[k],
                t[mine],
                ballistic_m2_kg=self.problem.ballistic_m2_kg,
            )[0]
        return out

    def ranges(self, step_us: int = _RANGE_STEP_US) -> tuple[NDArray[np.int64], Array]:
        """Instants (n,) and distances from the target (n,), from start to arrival."""
        t = np.arange(self.start.utc.us, self.arrival.utc.us, step_us, dtype=np.int64)
        t = np.append(t, self.arrival.utc.us)
        return t, self.problem.track.range_m(t, self.states(t))


def plan_rendezvous(
    chaser: CraftState,
    target: TargetTrack,
    craft: Craft,
    profile: str,
    arrival_utc: Instant | None = None,
    *,
    model: ForceModel | None = None,
    arrival_lvlh: tuple[float, float, float, float, float, float] | None = None,
    floor_m: float = PERIGEE_FLOOR_M,
    is_fallback: bool = False,
) -> RendezvousPlan:
    """The burns of least total delta-v of a profile.

    Parameters
    ----------
    chaser
        The craft at insertion, or wherever it is.
    target
        Covers the span to the arrival.
    profile
        `2-orbit`, `4-orbit`, `34-orbit` of a Soyuz; any of the others' is flown co-elliptically.
    arrival_utc
        When the craft is at `arrival_lvlh`; by the profile's usual time where it is not given.
    arrival_lvlh
        Where, m and m/s in the target's LVLH (ahead, against the normal, down); the profile's own where it is
        not given: 1.1 km from a Soyuz' target and closing, 7.5 km from a Dragon's, 2.5 km below.
    is_fallback
        Whether it begins after a missed burn: with burns that stop the drift, and nowhere above the target.

    Raises
    ------
    UsageError
        If the profile is not known, the phase is out of its reach (the hint says which profile would do), or
        the propellant does not suffice.
    LimitError
        If no burns were found.
    """
    scheme = scheme_named(craft.docking, profile)
    scheme = after_missed_burn(scheme) if is_fallback else scheme
    arrival = usual_arrival(chaser, craft, scheme, profile) if arrival_utc is None else arrival_utc
    if not chaser.utc < arrival:
        raise UsageError(f"arrival at {arrival} is not after insertion at {chaser.utc}")
    start = np.concatenate([chaser.r_gcrf_m, chaser.v_gcrf_m_s])
    aim = StateAim(arrival.us, scheme.arrival_lvlh if arrival_lvlh is None else arrival_lvlh)
    bare = Problem(
        target,
        target.model if model is None else model,
        craft.ballistic_m2_kg * craft.mass_kg / chaser.mass_kg,
        chaser.utc.us,
        start,
        (),
        aim,
        floor_m=floor_m,
        ceiling_m=ceiling_m(target, chaser.utc) if is_fallback else float("inf"),
    )
    flight = MeanFlight(target, chaser.utc.us, start, arrival.us)
    problem, guess, phase = (
        _coelliptic(bare, flight) if scheme.is_coelliptic else _windowed(bare, flight, scheme, craft)
    )
    return _plan(profile, craft, chaser, problem, solve(problem, guess, is_guess_rtn=True), phase)


def plan_rest(plan: RendezvousPlan, here: CraftState) -> RendezvousPlan:
    """The burns of a plan that are left from `here` on, for the same arrival.

    Raises
    ------
    LimitError
        If they do not reach it.
    UsageError
        If the propellant does not suffice.
    """
    whole = plan.problem
    left = [k for k, slot in enumerate(whole.slots) if slot.at_us > here.utc.us]
    first = len(whole.slots) - len(left)
    problem = replace(
        whole,
        start_us=here.utc.us,
        start_gcrf=np.concatenate([here.r_gcrf_m, here.v_gcrf_m_s]),
        slots=whole.slots[first:],
        ways=tuple(replace(w, slot=w.slot - first) for w in whole.ways if w.slot >= first),
    )
    found = solve(problem, plan.transfer.dv_gcrf_m_s[first:])
    return _plan(plan.profile, plan.craft, here, problem, found, plan.phase_rad)


def ceiling_m(target: TargetTrack, from_utc: Instant) -> float:
    """Height over the equator's radius that no orbit on the way to the target rises above."""
    span_us = min(round(target.period_s(from_utc) * 1e6), target.to_utc.us - from_utc.us)
    states = target.states(from_utc.us + np.arange(0, span_us, _RANGE_STEP_US, dtype=np.int64))
    return float(apogee_height_m(states).max()) + _OVER_TARGET_M


def usual_arrival(chaser: CraftState, craft: Craft, scheme: Scheme, profile: str) -> Instant:
    """Arrival by the profile's usual time from lift-off to docking."""
    hours = scheme.hours
    for ascent in ASCENTS:
        for known in ascent.profiles:
            if known.name == profile and set(ascent.vehicles) & set(craft.vehicles):
                hours = known.ascent_hours
    # From insertion, nine minutes after lift-off.
    return chaser.utc.plus_s(hours * 3600 - 540.0 - scheme.arrival_before_docking_s)


def _windowed(
    bare: Problem, flight: MeanFlight, scheme: Scheme, craft: Craft
) -> tuple[Problem, Array, float]:
    """The problem with slots in the profile's windows, a guess (k, 3) in RTN, and the phase."""
    period_s = bare.track.period_s(Instant(bare.start_us))
    slots = windowed_slots(scheme, bare.start_us, bare.end.at_us, period_s)
    large = [s for s in slots if s.limit_m_s == float("inf")]
    dv, total, phase = along_track_burns(flight, [s.at_us for s in large])
    least = abs(flight.target_axis_m - flight.axis_m) * flight.rate_rad_s(flight.target_axis_m) / 2
    if total > least + _EXTRA_M_S:
        raise _infeasible(flight, scheme, schemes_of(craft.docking), period_s, total)
    guess = np.zeros((len(slots), 3))
    names = {s.name: float(x) for s, x in zip(large, dv, strict=True)}
    guess[:, 1] = [names.get(s.name, 0.0) for s in slots]
    at = {s.name: k for k, s in enumerate(slots)}
    ways = tuple(CoellipticAim(at[name], below_m) for name, below_m in scheme.coelliptic if name in at)
    return replace(bare, slots=slots, ways=ways), guess, phase


def _coelliptic(bare: Problem, flight: MeanFlight) -> tuple[Problem, Array, float]:
    period_s = bare.track.period_s(Instant(bare.start_us))
    apogee_us, radius_m = _first_apogee(bare, period_s)
    schedule = coelliptic_schedule(flight, apogee_us, radius_m, period_s)
    if schedule is None:
        hours = (bare.end.at_us - bare.start_us) / 3.6e9
        rates = flight.rate_rad_s(flight.axis_m) - flight.rate_rad_s(flight.target_axis_m)
        gain_deg = np.degrees(rates * period_s)
        raise UsageError(
            f"{np.degrees(flight.phase_rad) % 360:.0f} deg behind the target cannot be caught up in "
            f"{hours:.1f} h by way of co-elliptic orbits",
            hint=f"a later docking (--docking): from insertion on it gains {gain_deg:.0f} deg a revolution",
        )
    guess = np.zeros((len(schedule.slots), 3))
    guess[:, 1] = schedule.along_m_s
    return replace(bare, slots=schedule.slots, ways=schedule.ways), guess, schedule.phase_rad


def _first_apogee(bare: Problem, period_s: float) -> tuple[int, float]:
    """When the craft is first highest, between a fifth of a revolution and a whole one, and its radius."""
    t = bare.start_us + np.rint(np.arange(0.2, 1.0, 0.005) * period_s * 1e6).astype(np.int64)
    y = propagate(bare.model, bare.start_us, bare.start_gcrf, t, ballistic_m2_kg=bare.ballistic_m2_kg)[0]
    radius = np.linalg.norm(y[:, :3], axis=1)
    k = int(np.argmax(radius))
    return int(t[k]), float(radius[k])


def reach_rad(
    flight: MeanFlight, scheme: Scheme, period_s: float, span_s: float | None = None
) -> tuple[float, float]:
    """Phases a windowed scheme can catch up in a span, usually its own: raising at once, and raising last."""
    rate = flight.rate_rad_s(flight.target_axis_m)
    faster = flight.rate_rad_s(flight.axis_m) - rate
    if span_s is None:
        span_s = scheme.hours * 3600 - 540.0 - scheme.arrival_before_docking_s
    large = [w for w in scheme.windows if w.limit_m_s == float("inf")]
    first_s = (large[0].from_rev + large[0].to_rev) / 2 * period_s
    last_s = span_s + (large[-1].from_rev + large[-1].to_rev) / 2 * period_s
    return faster * first_s, faster * last_s


def _infeasible(
    flight: MeanFlight, scheme: Scheme, schemes: tuple[Scheme, ...], period_s: float, total_m_s: float
) -> UsageError:
    phase = flight.phase_rad
    span_s = (flight.end_us - flight.start_us) / 1e6
    low, high = np.degrees(reach_rad(flight, scheme, period_s, span_s))
    fitting = []
    for other in schemes:
        if other is scheme or other.is_coelliptic:  # the latter has no windows to reach by
            continue
        lowest, highest = reach_rad(flight, other, period_s)
        if any(lowest <= phase + turn <= highest for turn in (0.0, 2 * np.pi)):
            fitting.append(other.name)
    burns = f"{total_m_s:.0f} m/s" if np.isfinite(total_m_s) else "more than any craft has"
    hint = f"the phase suits {', '.join(fitting)}" if fitting else "another day has another phase"
    if low > high:
        catches = f"has no room for its burns in {span_s / 3600:.1f} h"
    else:
        reach = f"{low:.0f} to {high:.0f} deg" if high - low < 360 else "any phase"
        catches = f"catches up {reach} in {span_s / 3600:.1f} h"
    least = abs(flight.target_axis_m - flight.axis_m) * flight.rate_rad_s(flight.target_axis_m) / 2
    return UsageError(
        f"the target is {np.degrees(phase):.1f} deg ahead at insertion; {scheme.name} {catches}, and this "
        f"would take {burns} where raising the orbit takes {least:.0f} m/s; {_EXTRA_M_S:.0f} m/s more are "
        "the limit",
        hint=hint,
    )


def _plan(
    profile: str, craft: Craft, chaser: CraftState, problem: Problem, transfer: Transfer, phase: float
) -> RendezvousPlan:
    burns = tuple(
        _burn(slot, dv, y)
        for slot, dv, y in zip(transfer.slots, transfer.dv_gcrf_m_s, transfer.before_gcrf, strict=True)
    )
    total = transfer.dv_total_m_s
    mass = chaser.mass_kg * float(np.exp(-total / (craft.main.specific_impulse_s * _GRAVITY_M_S2)))
    used = chaser.mass_kg - mass
    left = craft.propellant_kg - (craft.mass_kg - chaser.mass_kg)
    if used > left:
        raise UsageError(
            f"the rendezvous takes {total:.0f} m/s, {used:.0f} kg of propellant; "
            f"{craft.name} has {left:.0f} kg",
            hint="another day has another phase",
        )
    end = transfer.end_gcrf
    at = Instant(problem.end.at_us)
    return RendezvousPlan(
        profile=profile,
        craft=craft,
        start=chaser,
        burns=burns,
        arrival=CraftState(at, end[:3].copy(), end[3:].copy(), mass),
        arrival_lvlh=tuple(float(x) for x in problem.track.lvlh(at.us, end[None])[0]),
        phase_rad=phase,
        dv_total_m_s=total,
        propellant_kg=used,
        min_perigee_m=float(transfer.perigee_m.min()),
        miss_m=transfer.miss_m,
        problem=problem,
        transfer=transfer,
    )


def _burn(slot: Slot, dv_gcrf: Array, before: Array) -> PlannedBurn:
    x, y, z = (float(d) for d in dv_gcrf)
    radial, along, cross = (float(d) for d in rtn_axes(before) @ dv_gcrf)
    return PlannedBurn(slot.name, Instant(slot.at_us), (x, y, z), (radial, along, cross))
