"""A planned rendezvous as flown: finite burns, and the remaining burns computed anew before each of them.

What a burn of minutes displaces against an impulse is aimed off before it; what the engine or navigation
got wrong is taken out by the burns that follow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import CrossflightError
from crossflight.flight.apsides import perigee_height_m
from crossflight.flight.finite_burn import Thrust, engine_for, flown_burn, thrust
from crossflight.flight.rendezvous import RendezvousPlan
from crossflight.flight.target_track import flown
from crossflight.flight.transfer import Problem, rtn_axes, solve
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn
from crossflight.times import Instant

Array = NDArray[np.float64]
# The state a craft believes it has, of the state it has.
Navigation = Callable[[CraftState], CraftState]
# The change of velocity an engine makes (3,), GCRF, of a burn's name and the one it should make.
Execution = Callable[[str, Array], Array]

ARRIVED: Final = "arrived"
MISSED: Final = "missed-burn"
_DECIDED_BEFORE_US: Final = 300_000_000  # time to turn the craft [assumed]
# Less than a tenth of a second of the thrusters [assumed].
_NOTHING_M_S: Final = 0.005
_TRUST_M_S: Final = 15.0
_N_ROUNDS: Final = 4
# Shorter burns are as good as impulses: 30 s of 0.4 m/s2 displace by metres.
_LONG_BURN_S: Final = 30.0
_N_LENGTHENED: Final = 2


@dataclass(frozen=True, slots=True)
class RendezvousFlight:
    """A rendezvous as flown.

    Attributes
    ----------
    outcome
        `arrived`, or `missed-burn`: then `states[-1]` is where another profile may be planned from.
    states
        At the start, after each burn, and at the end.
    arrival_lvlh
        The last state in the target's LVLH.
    miss_m, miss_m_s
        Against the wanted arrival; NaN never: where the craft did not arrive they are not there.
    """

    outcome: str
    burns: tuple[FlownBurn, ...]
    events: tuple[FlightEvent, ...]
    states: tuple[CraftState, ...]
    arrival_lvlh: tuple[float, ...]
    dv_total_m_s: float
    min_perigee_m: float
    miss_m: float | None = None
    miss_m_s: float | None = None


def fly_rendezvous(
    plan: RendezvousPlan,
    *,
    start: CraftState | None = None,
    navigation: Navigation | None = None,
    execution: Execution | None = None,
    missed: Collection[str] = (),
    n_loaded: int = 0,
) -> RendezvousFlight:
    """Fly a plan in closed loop.

    Parameters
    ----------
    start
        Where the craft really is at the plan's start; there where it was planned, if not given.
    navigation, execution
        Errors of navigation and of engines; none where not given.
    missed
        Names of burns that do not happen: at the first of them the flight ends, in the orbit it then has.
    n_loaded
        So many burns are flown as planned, whatever the state: loaded before launch.

    Raises
    ------
    LimitError
        If no remaining burns reach the arrival from where the craft is.
    """
    problem = plan.problem
    now = plan.start if start is None else start
    wanted = plan.transfer.dv_gcrf_m_s.copy()
    states, perigees = [now], [_perigee_m(now)]
    burns: list[FlownBurn] = []
    events: list[FlightEvent] = []
    for k, slot in enumerate(problem.slots):
        if slot.name in missed:
            events.append(FlightEvent(MISSED, Instant(slot.at_us), slot.name))
            return _ended(plan, MISSED, _coasted(problem, now, slot.at_us), states, burns, events, perigees)
        if k >= n_loaded:
            decided_us = max(now.utc.us, slot.at_us - _DECIDED_BEFORE_US)
            now = _coasted(problem, now, decided_us)
            seen = now if navigation is None else navigation(now)
            wanted[k:] = retargeted(problem, k, seen, wanted[k:])
            wanted[k:] = _lengthened(plan, k, now, seen, wanted[k:])
        size = float(np.linalg.norm(wanted[k]))
        if size < _NOTHING_M_S:
            continue
        made = wanted[k] if execution is None else execution(slot.name, wanted[k])
        done = _burnt(plan, k, now, wanted[k], made)
        made_m_s = float(np.linalg.norm(made))
        used_kg = done.burn.propellant_kg * made_m_s / size
        radial, along, cross = (float(x) for x in done.made_rtn)
        burns.append(
            FlownBurn(
                slot.name, Instant(done.ignition_us), made_m_s, done.burn.duration_s, used_kg,
                (radial, along, cross),
            )
        )  # fmt: skip
        now = CraftState(Instant(done.end_us), done.after[:3], done.after[3:], now.mass_kg - used_kg)
        states.append(now)
        perigees.append(_perigee_m(now))
    now = _coasted(problem, now, problem.end.at_us)
    return _ended(plan, ARRIVED, now, states, burns, events, perigees)


@dataclass(frozen=True, slots=True)
class _Burnt:
    """A finite burn: thrust, ignition, what it makes (3,) in RTN, its end and the state (6,) there."""

    burn: Thrust
    ignition_us: int
    made_rtn: Array
    end_us: int
    after: Array


def _burnt(plan: RendezvousPlan, k: int, now: CraftState, wanted: Array, made: Array) -> _Burnt:
    """The burn of slot `k`, sized for `wanted` (3,), that makes `made` (3,); GCRF as at the slot."""
    problem, slot = plan.problem, plan.problem.slots[k]
    size = float(np.linalg.norm(wanted))
    burn = thrust(engine_for(plan.craft, size), size, now.mass_kg)
    ignition_us = max(now.utc.us, slot.at_us - round(burn.duration_s / 2 * 1e6))
    # The axes in the middle of the burn, as the impulse was computed for.
    made_rtn = rtn_axes(_vector(_coasted(problem, now, max(slot.at_us, ignition_us)))) @ made
    begin = _vector(_coasted(problem, now, ignition_us))
    end_us, after = flown_burn(
        problem.model, problem.ballistic_m2_kg, ignition_us, begin, made_rtn / size, burn
    )
    return _Burnt(burn, ignition_us, made_rtn, end_us, after[0])


def _lengthened(plan: RendezvousPlan, k: int, now: CraftState, seen: CraftState, wanted: Array) -> Array:
    """The remaining burns (k..., 3) where the first takes minutes: what that displaces is aimed off.

    The finite burn is flown and brought back to the slot; the remaining burns are found anew from a state
    displaced by what it differs there from the impulse.
    """
    problem, at_us = plan.problem, plan.problem.slots[k].at_us

    def carried(from_us: int, y: Array, to_us: int) -> Array:
        found: Array = flown(problem.model, problem.ballistic_m2_kg, from_us, y[None], to_us)[0]
        return found

    for _ in range(_N_LENGTHENED):
        size = float(np.linalg.norm(wanted[0]))
        if size < _NOTHING_M_S:
            break
        done = _burnt(plan, k, now, wanted[0], wanted[0])
        if done.burn.duration_s < _LONG_BURN_S:
            break
        impulse = carried(now.utc.us, _vector(now), at_us)
        impulse[3:] += wanted[0]
        off = carried(done.end_us, done.after, at_us) - impulse
        y = carried(at_us, carried(seen.utc.us, _vector(seen), at_us) + off, seen.utc.us)
        wanted = retargeted(problem, k, CraftState(seen.utc, y[:3], y[3:], seen.mass_kg), wanted)
    return wanted


def retargeted(problem: Problem, k: int, seen: CraftState, guess: Array) -> Array:
    """The remaining burns (k..., 3) from a state; as they were where none are found."""
    rest = replace(
        problem,
        start_us=seen.utc.us,
        start_gcrf=_vector(seen),
        slots=problem.slots[k:],
        ways=tuple(replace(w, slot=w.slot - k) for w in problem.ways if w.slot >= k),
    )
    # Near the end fewer than six numbers are free: the last burns come as near as they can.
    return solve(
        rest, guess, n_rounds_max=_N_ROUNDS, trust_m_s=_TRUST_M_S, miss_m=5.0, miss_m_s=0.01, may_miss=True
    ).dv_gcrf_m_s


def _ended(
    plan: RendezvousPlan,
    outcome: str,
    end: CraftState,
    states: list[CraftState],
    burns: list[FlownBurn],
    events: list[FlightEvent],
    perigees: list[float],
) -> RendezvousFlight:
    lvlh = plan.problem.track.lvlh(end.utc.us, _vector(end)[None])[0]
    if not np.isfinite(lvlh).all():
        raise CrossflightError("the flight ended in a state that is not finite")
    off = lvlh - np.array(plan.problem.end.lvlh)
    is_there = outcome == ARRIVED
    return RendezvousFlight(
        outcome,
        tuple(burns),
        tuple(events),
        (*states, end),
        tuple(float(x) for x in lvlh),
        float(sum(b.dv_m_s for b in burns)),
        min(perigees),
        float(np.linalg.norm(off[:3])) if is_there else None,
        float(np.linalg.norm(off[3:])) if is_there else None,
    )


def _coasted(problem: Problem, state: CraftState, to_us: int) -> CraftState:
    if to_us <= state.utc.us:
        return state
    y = flown(problem.model, problem.ballistic_m2_kg, state.utc.us, _vector(state)[None], to_us)[0]
    return CraftState(Instant(to_us), y[:3], y[3:], state.mass_kg)


def _vector(state: CraftState) -> Array:
    return np.concatenate([state.r_gcrf_m, state.v_gcrf_m_s])


def _perigee_m(state: CraftState) -> float:
    return float(perigee_height_m(_vector(state)[None])[0])
