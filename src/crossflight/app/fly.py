"""Use case: fly one flight from lift-off to contact, and home again where a zone is named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.check import read
from crossflight.app.orbit_file import OrbitFile, instant_option, read_orbit_file, target_for
from crossflight.app.windows import place_of
from crossflight.dynamics import nodes
from crossflight.dynamics.compiled import Progress, right_hand_side
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.dynamics.propagation import propagate
from crossflight.errors import UsageError
from crossflight.flight.ascent import Ascent, ascent_named, ascent_of
from crossflight.flight.ascent_flight import AscentResult, fly_ascent, mean_plane_gcrf
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import Craft, craft_of
from crossflight.flight.descent import descent_of
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.launchers import launcher_named
from crossflight.flight.plane import Place
from crossflight.flight.ports import DockingPort, port_of
from crossflight.flight.proximity import arrival_of, fly_proximity
from crossflight.flight.proximity_result import ProximityResult
from crossflight.flight.proximity_truth import FullModel
from crossflight.flight.rendezvous import plan_rendezvous
from crossflight.flight.rendezvous_flight import RendezvousFlight, fly_rendezvous
from crossflight.flight.return_flight import ReturnResult, fly_return
from crossflight.flight.samples import FlownSamples, fly_samples
from crossflight.flight.target_track import TargetTrack, state_of_elements
from crossflight.flight.transfer import Problem
from crossflight.flight.zones import zones
from crossflight.model.opportunity import LaunchOpportunity
from crossflight.model.orbit import ElementSet
from crossflight.model.trajectory import Contact, CraftState, FlightEvent, FlownBurn
from crossflight.scenario.near import near_hint
from crossflight.times import Instant

_SPAN_HOURS_MAX: Final = 60.0
_LIFTOFF_NEAR_DAYS: Final = 0.5
# A lift-off so far from the computed one is steered for; farther off it is another day's.
_LIFTOFF_OFF_MAX_S: Final = 600.0
_LANDING_FROM_DAYS: Final = 1.0
_LANDING_TO_DAYS: Final = 12.0
# Soyuz's burns of the first revolution are loaded before launch.
_N_LOADED: Final = 2
_COAST_STEP_S: Final = 30.0
_PERIGEE_FLOOR_KM: Final = 160.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rule of the flight and whether it held."""

    name: str
    is_ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FlightOutcome:
    """A flight as flown; `home` where it came back.

    `coasts` are instants (n,) and GCRF states (n, 6) between burns, the approach last.
    """

    vehicle: str
    craft: Craft
    pad: Place
    port: DockingPort
    profile: str
    elements: ElementSet
    source: str
    opportunity: LaunchOpportunity
    ascent: AscentResult
    rendezvous: RendezvousFlight
    approach: ProximityResult
    approach_from: Instant
    home: ReturnResult | None
    outcome: str
    events: tuple[FlightEvent, ...]
    burns: tuple[FlownBurn, ...]
    contact: Contact | None
    coasts: tuple[tuple[NDArray[np.int64], NDArray[np.float64]], ...]
    propellant_left_kg: float
    min_perigee_km: float
    judgements: tuple[Judgement, ...]
    samples: FlownSamples | None = None

    @property
    def dv_total_m_s(self) -> float:
        """Of every burn from insertion to contact, and home again."""
        return sum(b.dv_m_s for b in self.burns)


def fly(
    vehicle: str,
    site: str,
    elements: str,
    liftoff_text: str | None,
    port_name: str,
    profile: str | None = None,
    recovery: str | None = None,
    return_zone: str | None = None,
    seed: int = 0,
    n_samples: int = 0,
    on_compile: Progress | None = None,
) -> FlightOutcome:
    """Fly it: ascent, rendezvous in closed loop, approach and contact in the full force model, return.

    Parameters
    ----------
    liftoff_text
        Lift-off; the first computed one after the elements' epoch where it is not given.
    profile
        The fastest the phase allows where it is not given.
    n_samples
        So many flights more, from insertion to contact, with errors of everything.

    Raises
    ------
    UsageError
        For what does not exist or cannot be flown: with the profile that would do.
    InputError
        For elements that cannot be used.
    """
    craft, ascent, pad = craft_of(vehicle), ascent_of(vehicle, recovery), place_of(site)
    port = port_of(port_name, craft.docking)
    file = read_orbit_file(elements)
    liftoff = None if liftoff_text is None else instant_option("--liftoff", liftoff_text)
    opportunity, orbit = _opportunity(file, pad, ascent, vehicle, liftoff)
    liftoff = opportunity.liftoff_utc if liftoff is None else liftoff
    profile = _profile(opportunity, profile)
    chosen = _elements(file, liftoff)
    right_hand_side(ForceModel(), on_compile)

    plane = _plane(orbit, ascent, opportunity, liftoff)
    up = fly_ascent(launcher_named(ascent.name), pad, liftoff, plane, craft)
    track = TargetTrack.of_elements(chosen, liftoff, liftoff.plus_s(_SPAN_HOURS_MAX * 3600))
    scheme = scheme_named(craft.docking, profile)
    hours = next((p.ascent_hours for p in ascent.profiles if p.name == profile), scheme.hours)
    arrival = liftoff.plus_s(hours * 3600 - scheme.arrival_before_docking_s)
    plan = plan_rendezvous(up.insertion, track, craft, profile, arrival)
    n_loaded = _N_LOADED if craft.docking == "probe-drogue" else 0
    there = fly_rendezvous(plan, n_loaded=n_loaded)
    at = there.states[-1]
    events = [*up.events, FlightEvent("insertion", up.insertion.utc), *there.events]
    burns = list(there.burns)
    station = _state(track, at.utc)
    relative, target = arrival_of(at, station)
    left_kg = craft.propellant_kg - (up.insertion.mass_kg - at.mass_kg)
    near = fly_proximity(
        relative, target, port, craft, seed=seed, samples=[0], mass_kg=at.mass_kg, propellant_kg=left_kg,
        full=FullModel(at.utc, np.concatenate([station.r_gcrf_m, station.v_gcrf_m_s])),
    )  # fmt: skip
    events += near.events(0, at.utc)
    burns += near.flown_burns(0, at.utc)
    left_kg -= float(near.propellant_kg[0])
    contact = near.contacts.contact(0, at.utc)
    outcome = "docked" if bool(near.is_docked[0]) else "aborted"
    home = None
    if return_zone is not None and contact is not None and outcome == "docked":
        home = _home(orbit, chosen, craft, vehicle, return_zone, contact.utc, at.mass_kg)
        events += home.events
        burns += home.burns
        left_kg -= home.propellant_kg
    samples = None
    if n_samples:
        samples = fly_samples(plan, track, port, craft, n_samples, seed, n_loaded=n_loaded)
    perigee_km = there.min_perigee_m / 1000
    judgements = (
        Judgement("perigee-floor", perigee_km >= _PERIGEE_FLOOR_KM, f"{perigee_km:.0f} km at the lowest"),
        Judgement("propellant", left_kg > 0, f"{left_kg:.0f} kg left"),
        *(Judgement(v.rule, v.is_ok, v.detail) for v in near.verdicts),
    )
    return FlightOutcome(
        vehicle, craft, pad, port, profile, chosen, file.label, opportunity, up, there, near, at.utc, home,
        outcome, tuple(sorted(events, key=lambda e: e.utc.us)), tuple(sorted(burns, key=lambda b: b.utc.us)),
        contact, (*_coasts(there, plan.problem), _approach(near, track, at.utc)), left_kg, perigee_km,
        judgements, samples,
    )  # fmt: skip


def _opportunity(
    file: OrbitFile, pad: Place, ascent: Ascent, vehicle: str, liftoff: Instant | None
) -> tuple[LaunchOpportunity, MeanOrbit]:
    """The computed lift-off that is meant, and the orbit it was computed from."""
    near = file.last_utc if liftoff is None else liftoff
    from_utc = near if liftoff is None else near.plus_days(-_LIFTOFF_NEAR_DAYS)
    orbit = target_for(file, near, near).orbit
    found = launch_opportunities(orbit, pad, ascent, vehicle, from_utc, from_utc.plus_days(1.1))
    best = found[0] if liftoff is None else min(found, key=lambda x: abs(x.liftoff_utc.s_since(near)))
    off_s = 0.0 if liftoff is None else near.s_since(best.liftoff_utc)
    if abs(off_s) > _LIFTOFF_OFF_MAX_S:
        raise UsageError(
            f"a lift-off at {near.iso()} is {abs(off_s) / 60:.0f} min from the nearest computed one, "
            f"{best.liftoff_utc.iso()}; the limit is {_LIFTOFF_OFF_MAX_S / 60:.0f} min",
            hint="see crossflight windows",
        )
    return best, orbit


def _profile(opportunity: LaunchOpportunity, wanted: str | None) -> str:
    """The profile to fly: the one asked for if the phase allows it, else the fastest."""
    fits = [p.name for p in opportunity.profiles if p.is_feasible]
    known = [p.name for p in opportunity.profiles]
    if wanted is not None and wanted not in known:
        raise UsageError(f"there is no profile {wanted!r}", hint=f"known: {', '.join(known)}")
    if not opportunity.is_phase_known:
        raise UsageError(
            f"the elements are too old to know the phase on {opportunity.liftoff_utc.date()} "
            f"(+- {opportunity.phase_sigma_deg:.0f} deg)",
            hint="give elements of the weeks before the launch with --elements",
        )
    if wanted is None and fits:
        return fits[0]
    if wanted not in fits:
        raise UsageError(
            f"a phase of {opportunity.phase_deg:.1f} deg at lift-off on {opportunity.liftoff_utc.date()} "
            f"does not allow {wanted or 'any profile'}",
            hint=f"it allows {', '.join(fits)}" if fits else "see crossflight windows for another day",
        )
    assert wanted is not None
    return wanted


def _plane(
    orbit: MeanOrbit, ascent: Ascent, opportunity: LaunchOpportunity, liftoff: Instant
) -> NDArray[np.float64]:
    """The plane to ascend into: the target's, its node east by what drifts away while catching up."""
    half_way_m = (ascent.insertion_axis_m + orbit.axis_m) / 2
    drift = nodes.node_drift_per_phase(half_way_m, orbit.axis_m, orbit.inclination_rad)
    return mean_plane_gcrf(orbit, liftoff, math.radians(opportunity.phase_deg) * drift)


def _elements(file: OrbitFile, liftoff: Instant) -> ElementSet:
    if file.ephemeris is not None or not file.elements:
        raise UsageError("a flight is flown to an element set", hint="give a TLE or OMM with --elements")
    return file.elements_at(liftoff)


def _coasts(flown: RendezvousFlight, problem: Problem) -> list[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """States every half minute from the end of each burn to the next ignition."""
    found = []
    ends = [b.utc for b in flown.burns] + [flown.states[-1].utc]
    for state, end in zip(flown.states, ends, strict=False):
        n = int(end.s_since(state.utc) / _COAST_STEP_S)
        if n < 1:
            continue
        t_us = state.utc.us + np.round(np.arange(n + 1) * _COAST_STEP_S * 1e6).astype(np.int64)
        start = np.concatenate([state.r_gcrf_m, state.v_gcrf_m_s])
        found.append(
            (
                t_us,
                propagate(problem.model, state.utc.us, start, t_us, ballistic_m2_kg=problem.ballistic_m2_kg)[
                    0
                ],
            )
        )
    return found


def _approach(
    near: ProximityResult, track: TargetTrack, begin: Instant
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The approach in the GCRF."""
    path = near.paths[0]
    t_us = begin.us + np.round(path.t_s * 1e6).astype(np.int64)
    fresh = np.concatenate(([True], np.diff(t_us) > 0))
    return t_us[fresh], track.gcrf(t_us[fresh], path.states_lvlh[fresh])


def _state(track: TargetTrack, at: Instant) -> CraftState:
    y = track.states(at.us)[0]
    return CraftState(at, y[:3], y[3:], 0.0)


def _home(
    orbit: MeanOrbit,
    elements: ElementSet,
    craft: Craft,
    vehicle: str,
    zone: str,
    docked: Instant,
    mass_kg: float,
) -> ReturnResult:
    """Home on the first opportunity a day after docking."""
    descent = descent_of(vehicle)
    start, end = docked.plus_days(_LANDING_FROM_DAYS), docked.plus_days(_LANDING_TO_DAYS)
    found = [
        (x, place)
        for place in zones(zone)
        for x in landing_opportunities(orbit, place, descent, vehicle, start, end)
        if x.undock_utc >= start and x.probability >= 1
    ]
    if not found:
        raise UsageError(
            f"no landing in {zone} is known within {_LANDING_TO_DAYS:.0f} days of {docked.date()}",
            hint="give newer elements, or another zone",
        )
    first, place = min(found, key=lambda pair: pair[0].landing_utc.us)
    station = state_of_elements(elements, first.undock_utc)
    return fly_return(station, craft, place, landing_utc=first.landing_utc, mass_kg=mass_kg)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks to be flown."""

    vehicle: str
    site: str
    elements: str
    liftoff: str | None
    port: str
    profile: str | None
    recovery: str | None


def of_plan(
    plan_name: str | None,
    flight_name: str | None,
    vehicle: str | None,
    site: str | None,
    elements: str | None,
    liftoff: str | None,
    port: str | None,
    profile: str | None,
    recovery: str | None,
) -> Asked:
    """What is asked for, from a flight of a plan where one is named; options come before the plan.

    Raises
    ------
    UsageError
        If something is missing.
    """
    if plan_name is not None:
        if flight_name is None:
            raise UsageError("which flight of the plan?", hint="crossflight fly PLAN FLIGHT")
        scenario, plan = read(plan_name, None)
        found = next((f for f in plan.flights if f.name == flight_name), None)
        if found is None:
            hint = near_hint(flight_name, [f.name for f in plan.flights])
            raise UsageError(f"there is no flight {flight_name!r} in the plan", hint=hint)
        kind = next(t for t in scenario.vehicle_types if t.name == found.vehicle_type)
        vehicle, site = vehicle or found.vehicle_type, site or found.pad
        liftoff, port = liftoff or found.launch_utc.iso(), port or found.port
        profile = profile or kind.profile
        if recovery is None and kind.ascent:
            recovery = ascent_named(kind.ascent).recovery or None
    missing = [
        option
        for option, value in (
            ("--vehicle", vehicle), ("--site", site), ("--elements", elements), ("--port", port),
        )
        if value is None
    ]  # fmt: skip
    if vehicle is None or site is None or elements is None or port is None:
        raise UsageError(
            f"{', '.join(missing)} not given",
            hint="a plan is made months ahead: the phase needs elements of the weeks before the launch"
            if plan_name
            else "or name a flight: crossflight fly PLAN FLIGHT --elements FILE",
        )
    return Asked(vehicle, site, elements, liftoff, port, profile, recovery)
