"""Use case: fly one flight from lift-off to contact, and home again where a zone is named."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.check import read
from crossflight.app.flight_outcome import FlightOutcome, Judgement
from crossflight.app.orbit_file import OrbitFile, instant_option, read_orbit_file, target_for
from crossflight.app.windows import place_of
from crossflight.dynamics import nodes
from crossflight.dynamics.compiled import Progress, right_hand_side
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import UsageError
from crossflight.flight.ascent import Ascent, ascent_named, ascent_of
from crossflight.flight.ascent_flight import mean_plane_gcrf
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import Craft, craft_of
from crossflight.flight.descent import descent_of
from crossflight.flight.flight_phases import FlightPhase, fly_phases
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.launchers import launcher_named
from crossflight.flight.plane import Place
from crossflight.flight.ports import port_of
from crossflight.flight.safety import drift_after_burns
from crossflight.flight.samples import SampledFlight, fly_samples
from crossflight.flight.simulate import ApproachPhase, AscentPhase, DockedPhase, RendezvousPhase
from crossflight.flight.target_track import STATION_BALLISTIC_M2_KG, TargetTrack
from crossflight.flight.zones import zones
from crossflight.model.opportunity import LaunchOpportunity
from crossflight.model.orbit import ElementSet
from crossflight.scenario.near import near_hint
from crossflight.times import Instant

# The target's track: the longest profile, a day more for a fallback and one to drift in.
# Of targets that are no large station: Soyuz 19, 6790 kg (SP-4012), 12 m2 and 2.2 [assumed].
_BALLISTIC_M2_KG: Final = {8030: 12.0 * 2.2 / 6790.0}
_SPAN_HOURS_MAX: Final = 104.0
_DOCKING_HOURS_MAX: Final = 80.0
_LIFTOFF_NEAR_DAYS: Final = 0.5
_LOOK_AHEAD_DAYS: Final = 10.0
# A lift-off so far from the computed one is steered for; farther off it is another day's.
_LIFTOFF_OFF_MAX_S: Final = 600.0
# Soyuz's burns of the first revolution are loaded before launch.
_N_LOADED: Final = 2
_PERIGEE_FLOOR_KM: Final = 160.0
_INSERTION_OFF_KM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Troubles:
    """What is to go wrong: burns that do not happen, an abort so many seconds after lift-off."""

    missed_burns: tuple[str, ...] = ()
    abort_at_s: float | None = None


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
    docking_text: str | None = None,
    troubles: Troubles | None = None,
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
    docking_text
        When to dock; by the profile's hours where it is not given.
    troubles
        What is to go wrong; nothing where it is not given.

    Raises
    ------
    UsageError
        For what does not exist or cannot be flown: with the profile that would do.
    InputError
        For elements that cannot be used.
    """
    craft, ascent, pad = craft_of(vehicle), ascent_of(vehicle, recovery), place_of(site)
    port = port_of(port_name, craft.docking)
    places = () if return_zone is None else tuple(zones(return_zone))
    file = read_orbit_file(elements)
    liftoff = None if liftoff_text is None else instant_option("--liftoff", liftoff_text)
    opportunity, orbit = _opportunity(file, pad, ascent, vehicle, liftoff)
    liftoff = opportunity.liftoff_utc if liftoff is None else liftoff
    profile = _profile(opportunity, profile, lambda x: _next_with(x, orbit, pad, ascent, vehicle, liftoff))
    chosen = _elements(file, liftoff)
    right_hand_side(ForceModel(), on_compile)
    wrong = Troubles() if troubles is None else troubles

    track = TargetTrack.of_elements(
        chosen, liftoff, liftoff.plus_s(_SPAN_HOURS_MAX * 3600),
        ballistic_m2_kg=_BALLISTIC_M2_KG.get(chosen.norad_id, STATION_BALLISTIC_M2_KG),
        burns=[(b.at_utc, b.dv_m_s) for b in file.burns],
    )  # fmt: skip
    n_loaded = _N_LOADED if craft.docking == "probe-drogue" else 0
    up = AscentPhase(
        launcher_named(ascent.name), pad, liftoff, _plane(orbit, ascent, opportunity, liftoff), craft,
        wrong.abort_at_s,
    )  # fmt: skip
    phases: list[FlightPhase] = [
        up,
        RendezvousPhase(
            craft, ascent, track, liftoff, profile, _arrival(craft, ascent, profile, liftoff, docking_text),
            wrong.missed_burns, n_loaded,
        ),
        ApproachPhase(craft, port, track, seed),
    ]  # fmt: skip
    if places:
        phases.append(DockedPhase(craft, vehicle, track, chosen, orbit, descent_of(vehicle), places))
    flown = fly_phases(phases, up.entry)
    outcome = FlightOutcome(
        vehicle, craft, pad, port, profile, chosen, file.label, opportunity, track, flown, ()
    )
    samples = None
    if n_samples and outcome.rendezvous:
        plan = outcome.rendezvous[0].plan
        sampled = SampledFlight.of(plan, track, port, craft, seed, n_loaded=n_loaded)
        samples = fly_samples(sampled, n_samples)
    return replace(outcome, judgements=_judgements(outcome), samples=samples)


def _arrival(
    craft: Craft, ascent: Ascent, profile: str, liftoff: Instant, docking_text: str | None
) -> Instant:
    """Where the rendezvous ends and the approach begins."""
    scheme = scheme_named(craft.docking, profile)
    if docking_text is not None:
        docking = instant_option("--docking", docking_text)
        hours = docking.s_since(liftoff) / 3600
        if not 1 < hours < _DOCKING_HOURS_MAX:
            raise UsageError(
                f"docking at {docking.iso()} is {hours:.1f} h after lift-off, not 1 to {_DOCKING_HOURS_MAX:g}"
            )
    else:
        hours = next((p.ascent_hours for p in ascent.profiles if p.name == profile), scheme.hours)
    return liftoff.plus_s(hours * 3600 - scheme.arrival_before_docking_s)


def _judgements(o: FlightOutcome) -> tuple[Judgement, ...]:
    """The rules of the flight, and whether each held."""
    found = []
    if o.min_perigee_km is not None:
        # A launcher that inserts lower, as Saturn IB did, is meant to.
        inserts_km = launcher_named(o.ascent.launcher).insertion.perigee_m / 1000
        is_ok = o.min_perigee_km >= min(_PERIGEE_FLOOR_KM, inserts_km - _INSERTION_OFF_KM)
        found.append(Judgement("perigee-floor", is_ok, f"{o.min_perigee_km:.0f} km at the lowest"))
    left_kg = o.propellant_left_kg
    found.append(Judgement("propellant", left_kg > 0, f"{left_kg:.0f} kg left"))
    if o.approach is not None and o.approach.approach.is_passively_safe:
        after = [state for x in o.rendezvous for state in x.result.states[1:-1]]
        verdict = drift_after_burns(after, o.track, o.craft)
        found.append(Judgement(verdict.rule, verdict.is_ok, verdict.detail))
    if o.approach is not None:
        found += [Judgement(v.rule, v.is_ok, v.detail) for v in o.approach.verdicts]
    return tuple(found)


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


def _profile(
    opportunity: LaunchOpportunity, wanted: str | None, next_with: Callable[[str], Instant | None]
) -> str:
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
    if wanted in fits:
        return str(wanted)
    name = wanted or known[0]
    when = next_with(name)
    would = f"{name} would do at {when.iso()[:16]}Z" if when else "see crossflight windows for another day"
    raise UsageError(
        f"a phase of {opportunity.phase_deg:.1f} deg at lift-off on {opportunity.liftoff_utc.date()} "
        f"does not allow {wanted or 'any profile'}",
        hint=f"it allows {', '.join(fits)}; {would}" if fits else would,
    )


def _next_with(
    profile: str, orbit: MeanOrbit, pad: Place, ascent: Ascent, vehicle: str, after: Instant
) -> Instant | None:
    """The next computed lift-off whose phase allows a profile."""
    found = launch_opportunities(orbit, pad, ascent, vehicle, after, after.plus_days(_LOOK_AHEAD_DAYS))
    return next(
        (x.liftoff_utc for x in found for p in x.profiles if p.name == profile and p.is_feasible), None
    )


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
