"""The phases of a flight to a station and home: ascent, rendezvous, approach, docked, return."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.frames import transform
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.dynamics.propagation import propagate
from crossflight.errors import CrossflightError, UsageError
from crossflight.flight.ascent import Ascent
from crossflight.flight.ascent_abort import AscentAbort, abort
from crossflight.flight.ascent_flight import AscentResult, fly_ascent
from crossflight.flight.craft import Craft
from crossflight.flight.descent import Descent
from crossflight.flight.fallback import fallback_plan
from crossflight.flight.finite_burn import burn_path, engine_for, thrust
from crossflight.flight.flight_phases import Arc, PhaseExit
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.launchers import Launcher
from crossflight.flight.plane import Place
from crossflight.flight.ports import DockingPort
from crossflight.flight.proximity import arrival_of, fly_proximity
from crossflight.flight.proximity_errors import Errors
from crossflight.flight.proximity_result import DOCKED, ProximityResult
from crossflight.flight.proximity_truth import FullModel
from crossflight.flight.rendezvous import PlannedBurn, RendezvousPlan, plan_rendezvous
from crossflight.flight.rendezvous_flight import RendezvousFlight, fly_rendezvous
from crossflight.flight.return_flight import ReturnResult, fly_return
from crossflight.flight.return_profile import return_profile
from crossflight.flight.staging import liftoff_mass_kg
from crossflight.flight.target_track import TargetTrack, state_of_elements
from crossflight.flight.transfer import Problem
from crossflight.model.orbit import ElementSet
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn
from crossflight.times import Instant

Array = NDArray[np.float64]

# In its orbit: the last cut-off.  The craft leaves the launcher later, by seconds or a quarter of an hour.
INSERTION: Final = "insertion"
SEPARATION: Final = "separation"
ASCENT_ABORT: Final = "ascent-abort"
ARRIVAL: Final = "arrival"
MISSED_BURN: Final = "missed-burn"
NOT_NEEDED: Final = "not needed"
MISSED: Final = "missed"
CONTACT: Final = "contact"
HOLD: Final = "hold-after-abort"
BAD_CONTACT: Final = "contact-outside-limits"
UNDOCKING: Final = "undocking"
LANDING: Final = "landing"

_COAST_STEP_US: Final = 30_000_000
_LANDING_TO_DAYS: Final = 12.0
# A docked craft's centre of mass is not farther from the station's.
_DOCKED_WITHIN_M: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AscentExit(PhaseExit):
    """The ascent as flown, and the way down where it was aborted."""

    result: AscentResult
    abort: AscentAbort | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RendezvousExit(PhaseExit):
    """The rendezvous as planned and as flown."""

    plan: RendezvousPlan
    result: RendezvousFlight


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproachExit(PhaseExit):
    """The approach as flown; `result` has one sample."""

    result: ProximityResult


@dataclass(frozen=True, slots=True, kw_only=True)
class DockedExit(PhaseExit):
    """The stay; `n_uncertain` landing opportunities before the one chosen are not sure to come."""

    n_uncertain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnExit(PhaseExit):
    """The return as flown."""

    result: ReturnResult


@dataclass(frozen=True, slots=True)
class AscentPhase:
    """From lift-off to the separation of the craft.

    Attributes
    ----------
    plane_normal_gcrf
        Of the mean plane to ascend into, (3,).
    abort_at_s
        When the capsule leaves the launcher, for an abort.
    """

    launcher: Launcher
    pad: Place
    liftoff_utc: Instant
    plane_normal_gcrf: Array
    craft: Craft
    abort_at_s: float | None = None
    name: str = "ascent"
    dynamics: str = "three degrees of freedom, staged, J2, standard atmosphere"
    guidance: str = "kick and azimuth of most propellant, then closed-loop into the plane"
    exits: tuple[str, ...] = (SEPARATION, ASCENT_ABORT)

    @property
    def entry(self) -> CraftState:
        """The stack on its pad at lift-off."""
        t_us = np.array([self.liftoff_utc.us])
        r, v = transform("ITRF", "GCRF", t_us, self.pad.itrf_m[None], np.zeros((1, 3)))
        return CraftState(self.liftoff_utc, r[0], v[0], liftoff_mass_kg(self.launcher, self.craft.mass_kg))

    def fly(self, entry: CraftState) -> AscentExit:
        """Fly it.

        Raises
        ------
        CrossflightError
            If the entry is not that of its lift-off.
        """
        if entry.utc != self.liftoff_utc:
            raise CrossflightError(f"the ascent lifts off at {self.liftoff_utc}, not at {entry.utc}")
        flown = fly_ascent(self.launcher, self.pad, self.liftoff_utc, self.plane_normal_gcrf, self.craft)
        powered = _powered(flown)
        if self.abort_at_s is not None:
            return self._aborted(flown, powered, self.abort_at_s)
        free = _arc("coast to separation", flown.coast)
        reached = f"{flown.orbit.perigee_m / 1000:.0f} x {flown.orbit.apogee_m / 1000:.0f} km"
        events = (*flown.events, FlightEvent(INSERTION, flown.cutoff.utc, reached))
        return AscentExit(SEPARATION, flown.insertion, events, arcs=(powered, free), result=flown, abort=None)

    def _aborted(self, flown: AscentResult, powered: Arc, at_s: float) -> AscentExit:
        down = abort(flown, at_s, self.craft, return_profile(self.craft.vehicles[0]).parachutes)
        landed = down.touchdown
        what = f"{down.height_m / 1000:.0f} km high, {down.air_speed_m_s:.0f} m/s"
        where = f"{landed.latitude_deg:.2f} N {landed.longitude_deg:.2f} E"
        events = (
            *(e for e in flown.events if e.utc <= down.abort_utc),
            FlightEvent(ASCENT_ABORT, down.abort_utc, what),
            FlightEvent("main-parachute", down.main_chute_utc, f"after {down.peak_g:.1f} g, without lift"),
            FlightEvent(LANDING, landed.utc, where),
        )
        before = powered.t_utc_us < down.abort_utc.us
        arcs = [
            Arc(
                "ascent",
                np.append(powered.t_utc_us[before], down.abort_utc.us),
                np.vstack((powered.states_gcrf[before], _vector(down.fall[0]))),
            ),
            _arc("fall", down.fall),
            _arc("drogue parachute", down.drogue),
            _arc("main parachute", down.main),
        ]
        return AscentExit(
            ASCENT_ABORT, down.main[-1], events, arcs=tuple(arcs), is_last=True, result=flown, abort=down
        )


@dataclass(frozen=True, slots=True)
class RendezvousPhase:
    """From separation to where the approach begins.

    Attributes
    ----------
    ascent
        Whose profiles a missed burn falls back to.
    arrival_utc
        At the end of this phase.
    missed
        Names of burns that do not happen.
    n_loaded
        Burns loaded before launch: flown as planned.
    planned
        What is flown; planned from the entry where it is not given.
    n_fallbacks
        Missed burns that led to other profiles before: the names of burns tell.
    """

    craft: Craft
    ascent: Ascent
    track: TargetTrack
    liftoff_utc: Instant
    profile: str
    arrival_utc: Instant
    missed: Collection[str] = ()
    n_loaded: int = 0
    planned: RendezvousPlan | None = None
    n_fallbacks: int = 0
    name: str = "rendezvous"
    dynamics: str = "full force model, finite burns"
    guidance: str = "burns of least delta-v at the profile's slots, computed anew before each"
    exits: tuple[str, ...] = (ARRIVAL, MISSED_BURN)

    def fly(self, entry: CraftState) -> RendezvousExit:
        """Plan it from the entry, and fly it."""
        plan = self.planned or plan_rendezvous(entry, self.track, self.craft, self.profile, self.arrival_utc)
        called = {self._called(b): b for b in plan.burns}
        missed = [called[name].name for name in self.missed if name in called]
        if self.missed and not missed:
            raise UsageError(
                f"there is no burn {', '.join(self.missed)} in {self.profile}",
                hint=f"burns: {', '.join(called)}",
            )
        flown = fly_rendezvous(plan, missed=missed, n_loaded=self.n_loaded)
        end = flown.states[-1]
        arcs = _with_burns(coasts(flown, plan.problem, self.profile), flown, plan)
        lost = next((b for e in flown.events for b in plan.burns if b.name == e.note), None)
        burns = self._burns(plan, flown, lost)
        if lost is None:
            return RendezvousExit(ARRIVAL, end, flown.events, burns, arcs, plan=plan, result=flown)
        then, note = self._fallback(plan, lost, end)
        events = (
            FlightEvent(MISSED_BURN, end.utc, self._called(lost)),
            FlightEvent("fallback", end.utc, note),
        )
        return RendezvousExit(
            MISSED_BURN, end, events, burns, arcs, then, then is None, plan=plan, result=flown
        )

    def _called(self, burn: PlannedBurn) -> str:
        """A burn's name, unlike those flown before."""
        number = f"{self.n_fallbacks} " if self.n_fallbacks > 1 else ""
        return f"fallback {number}{burn.name}" if self.n_fallbacks else burn.name

    def _burns(
        self, plan: RendezvousPlan, flown: RendezvousFlight, lost: PlannedBurn | None
    ) -> tuple[FlownBurn, ...]:
        """Every burn of the plan up to the end, those too that were missed or not needed."""
        made = {b.name: b for b in flown.burns}
        end = flown.states[-1].utc
        found = []
        for planned in plan.burns:
            if planned.name in made:
                found.append(replace(made[planned.name], name=self._called(planned)))
            elif planned.utc <= end:
                note = MISSED if planned is lost else NOT_NEEDED
                found.append(FlownBurn(self._called(planned), planned.utc, 0.0, 0.0, 0.0, note=note))
        return tuple(found)

    def _fallback(
        self, plan: RendezvousPlan, lost: PlannedBurn, here: CraftState
    ) -> tuple[RendezvousPhase | None, str]:
        """What is flown instead, and in words."""
        found = fallback_plan(plan, lost, here, self.ascent, self.liftoff_utc)
        if found is None:
            return None, "nothing reaches the station safely from here"
        goes_on = found.arrival.utc == plan.arrival.utc and found.profile == plan.profile
        n_fallbacks = self.n_fallbacks + (0 if goes_on else 1)
        known = () if goes_on else {self._called(b) for b in plan.burns}
        missed = tuple(name for name in self.missed if name not in (self._called(lost), *known))
        then = replace(
            self, profile=found.profile, arrival_utc=found.arrival.utc, missed=missed, n_loaded=0,
            planned=found, n_fallbacks=n_fallbacks,
        )  # fmt: skip
        return then, "goes on with the burns left" if goes_on else f"falls back to {found.profile}"


@dataclass(frozen=True, slots=True)
class ApproachPhase:
    """From arrival to contact, with errors of navigation and thrust of one sample of a seed."""

    craft: Craft
    port: DockingPort
    track: TargetTrack
    seed: int = 0
    errors: Errors | None = None
    name: str = "approach"
    dynamics: str = "craft and station each in the full force model"
    guidance: str = "hops, fly-around, holds and corridor on navigated states (Clohessy and Wiltshire)"
    exits: tuple[str, ...] = (CONTACT, HOLD, BAD_CONTACT)

    def fly(self, entry: CraftState) -> ApproachExit:
        """Fly it."""
        station = self.track.states(entry.utc.us)[0]
        relative, target = arrival_of(entry, CraftState(entry.utc, station[:3], station[3:], 0.0))
        left_kg = self.craft.propellant_kg - (self.craft.mass_kg - entry.mass_kg)
        flown = fly_proximity(
            relative, target, self.port, self.craft, seed=self.seed, samples=[0], errors=self.errors,
            mass_kg=entry.mass_kg, propellant_kg=left_kg, full=FullModel(entry.utc, station),
        )  # fmt: skip
        end_utc = entry.utc.plus_s(float(flown.end_t_s[0]))
        arc = approach_arc(flown, self.track, entry, end_utc)
        mass_kg = entry.mass_kg - float(flown.propellant_kg[0])
        last = arc.states_gcrf[-1]
        is_docked = int(flown.outcome[0]) == DOCKED
        has_met = flown.contacts.contact(0, entry.utc) is not None
        return ApproachExit(
            CONTACT if is_docked else BAD_CONTACT if has_met else HOLD,
            CraftState(end_utc, last[:3], last[3:], mass_kg),
            tuple(flown.events(0, entry.utc)),
            tuple(flown.flown_burns(0, entry.utc)),
            (arc,),
            is_last=not is_docked,
            result=flown,
        )


@dataclass(frozen=True, slots=True)
class DockedPhase:
    """From contact to the first undocking from which a zone is reached, a day later or more.

    The station's orbit is that of the elements: over days no craft's own state would be as good.
    """

    craft: Craft
    vehicle: str
    track: TargetTrack
    elements: ElementSet
    orbit: MeanOrbit
    descent: Descent
    places: tuple[Place, ...]
    stay_days: float = 1.0
    name: str = "docked"
    dynamics: str = "the station's orbit, from its elements"
    guidance: str = "undocking for the first landing opportunity in the zone"
    exits: tuple[str, ...] = (UNDOCKING,)

    def fly(self, entry: CraftState) -> DockedExit:
        """Stay, and leave.

        Raises
        ------
        UsageError
            If no landing is known.
        """
        station = self.track.states(entry.utc.us)[0]
        away_m = float(np.linalg.norm(station[:3] - entry.r_gcrf_m))
        if away_m > _DOCKED_WITHIN_M:
            raise CrossflightError(f"a craft {away_m:.0f} m from the station is not docked")
        first = entry.utc.plus_days(self.stay_days)
        last = entry.utc.plus_days(self.stay_days + _LANDING_TO_DAYS)
        known = [
            (x, place)
            for place in self.places
            for x in landing_opportunities(self.orbit, place, self.descent, self.vehicle, first, last)
            if x.undock_utc >= first
        ]
        found = [(x, place) for x, place in known if x.probability >= 1]
        if not found:
            raise UsageError(
                f"no landing in {', '.join(p.name for p in self.places)} is known within "
                f"{_LANDING_TO_DAYS:.0f} days of {first.date()}",
                hint="give newer elements, or another zone",
            )
        best, place = min(found, key=lambda pair: pair[0].landing_utc.us)
        at = state_of_elements(self.elements, best.undock_utc)
        state = CraftState(at.utc, at.r_gcrf_m, at.v_gcrf_m_s, entry.mass_kg)
        n_uncertain = sum(x.landing_utc < best.landing_utc for x, _ in known)
        home = ReturnPhase(self.craft, place, best.landing_utc)
        return DockedExit(UNDOCKING, state, then=home, n_uncertain=n_uncertain)


@dataclass(frozen=True, slots=True)
class ReturnPhase:
    """From undocking to touchdown."""

    craft: Craft
    place: Place
    landing_utc: Instant
    name: str = "return"
    dynamics: str = "full force model, then entry in the standard atmosphere with lift"
    guidance: str = "deorbit burn timed for the zone, bank steered to it, parachutes"
    exits: tuple[str, ...] = (LANDING,)

    def fly(self, entry: CraftState) -> ReturnExit:
        """Fly it."""
        home = fly_return(entry, self.craft, self.place, landing_utc=self.landing_utc, mass_kg=entry.mass_kg)
        arcs = tuple(_arc(arc.name, arc.states) for arc in home.arcs)
        return ReturnExit(LANDING, home.arcs[-1].states[-1], home.events, home.burns, arcs, result=home)


def coasts(flown: RendezvousFlight, problem: Problem, profile: str) -> tuple[Arc, ...]:
    """Every half minute from the end of each burn to the next ignition."""
    found = []
    ends = [b.utc for b in flown.burns] + [flown.states[-1].utc]
    for k, (state, end) in enumerate(zip(flown.states, ends, strict=False)):
        span_us = end.us - state.utc.us
        if span_us <= 0:
            continue
        n = -(-span_us // _COAST_STEP_US)
        t_us = state.utc.us + np.arange(n + 1, dtype=np.int64) * span_us // n
        y = propagate(
            problem.model, state.utc.us, _vector(state), t_us, ballistic_m2_kg=problem.ballistic_m2_kg
        )[0]
        found.append(Arc(f"{profile}, coast {k + 1}", t_us, y))
    return tuple(found)


def _with_burns(between: tuple[Arc, ...], flown: RendezvousFlight, plan: RendezvousPlan) -> tuple[Arc, ...]:
    """Coasts and burns in the order of time; a burn without errors is flown again, now step by step."""
    problem, found = plan.problem, list(between)
    for burn in flown.burns:
        before = next(s for s in reversed(flown.states) if s.utc <= burn.utc)
        begin = next(
            (a.states_gcrf[-1] for a in between if int(a.t_utc_us[-1]) == burn.utc.us), _vector(before)
        )
        by = thrust(engine_for(plan.craft, burn.dv_m_s), burn.dv_m_s, before.mass_kg)
        t_us, y = burn_path(
            problem.model, problem.ballistic_m2_kg, burn.utc.us, begin,
            np.array(burn.dv_rtn_m_s) / burn.dv_m_s, by,
        )  # fmt: skip
        found.append(Arc(burn.name, t_us, y))
    return tuple(sorted(found, key=lambda a: int(a.t_utc_us[0])))


def approach_arc(near: ProximityResult, track: TargetTrack, entry: CraftState, end: Instant) -> Arc:
    """The approach in the GCRF, from the entry; the last seconds on a straight line beside the station."""
    path = near.paths[0]
    t_us = entry.utc.us + np.rint(path.t_s * 1e6).astype(np.int64)
    states = path.states_lvlh
    is_before = t_us < end.us
    t_us, states = t_us[is_before], states[is_before]
    last = states[-1].copy()
    last[:3] += last[3:] * (end.us - t_us[-1]) / 1e6
    t_us, states = _growing(np.append(t_us, end.us), np.vstack((states, last)))
    return Arc("approach", t_us, track.gcrf(t_us, states))


def _powered(flown: AscentResult) -> Arc:
    up = flown.samples
    t_us = flown.liftoff_utc.us + np.rint(up.t_s * 1e6).astype(np.int64)
    return Arc("ascent", *_growing(t_us, np.hstack((up.r_gcrf_m, up.v_gcrf_m_s))))


def _arc(name: str, states: Sequence[CraftState]) -> Arc:
    return Arc(name, *_growing(np.array([s.utc.us for s in states]), np.array([_vector(s) for s in states])))


def _growing(t_us: NDArray[np.int64], states: Array) -> tuple[NDArray[np.int64], Array]:
    """Without the instants that do not come after the one before."""
    fresh = np.concatenate(([True], np.diff(t_us) > 0))
    return t_us[fresh], states[fresh]


def _vector(state: CraftState) -> Array:
    return np.concatenate([state.r_gcrf_m, state.v_gcrf_m_s])
