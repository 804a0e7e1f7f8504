"""What is flown after a missed burn: the burns that are left, a slower profile, or a later arrival.

A small burn can be made good by those after it.  A missed main-engine burn ends the sequence, as it did for
Soyuz TMA-12M in 2014: the next profile that reaches the station is flown from where the craft is, below the
station all the way, and for a craft that relies on free drift only if falling silent after any of its burns
stays safe.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from crossflight.errors import CrossflightError
from crossflight.flight.approach import is_passively_safe
from crossflight.flight.apsides import apogee_height_m
from crossflight.flight.ascent import Ascent
from crossflight.flight.burn_slots import COELLIPTIC, SMALL_M_S, WAVE_OFF, scheme_named, schemes_of
from crossflight.flight.rendezvous import PlannedBurn, RendezvousPlan, plan_rendezvous, plan_rest
from crossflight.flight.safety import DAY_S, drift_after_burns
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

# Two days: as long as a craft alone may take to its station [assumed].
_REVOLUTIONS_LATER_MAX: Final = 32
# What a solved orbit may stand over the ceiling it was solved for.
_OVER_CEILING_M: Final = 1000.0
# A burn below a centimetre a second is none: the state after it is that before.
_NOTHING_M_S: Final = 0.005


def fallback_plan(
    plan: RendezvousPlan, missed: PlannedBurn, here: CraftState, ascent: Ascent, liftoff_utc: Instant
) -> RendezvousPlan | None:
    """The first way to the station from `here` that is safe and below it; None where there is none.

    One that rises over the station is taken where it costs less than that, or there is no other.
    """
    over: list[RendezvousPlan] = []
    for found in _candidates(plan, missed, here, ascent, liftoff_utc):
        if _is_over_ceiling(found):
            over.append(found)
        elif _is_safe(found):
            over = [x for x in over if x.dv_total_m_s < found.dv_total_m_s]
            return next((x for x in over if _is_safe(x)), found)
    return next((x for x in over if _is_safe(x)), None)


def _candidates(
    plan: RendezvousPlan, missed: PlannedBurn, here: CraftState, ascent: Ascent, liftoff_utc: Instant
) -> Iterator[RendezvousPlan]:
    ways: list[Callable[[], RendezvousPlan]] = [
        partial(plan_rendezvous, here, plan.problem.track, plan.craft, profile, arrival, is_fallback=True)
        for profile, arrival in _later(plan, ascent, liftoff_utc)
    ]
    if missed.dv_m_s <= SMALL_M_S:
        ways.insert(0, partial(plan_rest, plan, here))
    for way in ways:
        try:
            found = way()
        except CrossflightError:
            continue
        yield found


def _later(plan: RendezvousPlan, ascent: Ascent, liftoff_utc: Instant) -> list[tuple[str, Instant]]:
    """Profiles and arrivals to try, the soonest first; after each there is a day to drift in."""
    arrival, track, docking = plan.arrival.utc, plan.problem.track, plan.craft.docking
    if schemes_of(docking) == (COELLIPTIC,):
        period_s = track.period_s(plan.start.utc)
        later = [arrival.plus_s(k * period_s) for k in range(1, _REVOLUTIONS_LATER_MAX)]
        tried = [(name, at) for at in later for name in (ascent.profiles[-1].name, WAVE_OFF.name)]
    else:
        known = [p.name for p in ascent.profiles]
        tried = [
            (p.name, liftoff_utc.plus_s(p.ascent_hours * 3600 - _before_docking_s(docking, p.name)))
            for p in ascent.profiles[known.index(plan.profile) + 1 :]
        ]
        tried.append((known[-1], arrival.plus_s(DAY_S)))
    return [(name, at) for name, at in tried if at.plus_s(DAY_S) < track.to_utc]


def _before_docking_s(docking: str, profile: str) -> float:
    """From arrival to contact, as a profile has it."""
    return scheme_named(docking, profile).arrival_before_docking_s


def _is_over_ceiling(plan: RendezvousPlan) -> bool:
    after = plan.transfer.after_gcrf
    return bool(len(after)) and float(apogee_height_m(after).max()) > plan.problem.ceiling_m + _OVER_CEILING_M


def _is_safe(plan: RendezvousPlan) -> bool:
    if not is_passively_safe(plan.craft):
        return True
    after = [
        CraftState(burn.utc, y[:3], y[3:], plan.start.mass_kg)
        for burn, y in zip(plan.burns, plan.transfer.after_gcrf, strict=True)
        if burn.dv_m_s >= _NOTHING_M_S
    ]
    return drift_after_burns(after, plan.problem.track, plan.craft).is_ok
