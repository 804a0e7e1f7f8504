"""Use case: fly one flight from lift-off to contact, and home again where a zone is named."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.flight_asked import Asked, Sampling
from crossflight.app.flight_outcome import FlightOutcome, Judgement
from crossflight.app.flight_replay import replayed
from crossflight.app.orbit_file import OrbitFile, instant_option, read_orbit_file, target_for
from crossflight.app.windows import place_of
from crossflight.dynamics import nodes
from crossflight.dynamics.compiled import Progress, right_hand_side
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import UsageError
from crossflight.flight.ascent import Ascent, ascent_of
from crossflight.flight.ascent_flight import mean_plane_gcrf
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import Craft, craft_of
from crossflight.flight.descent import descent_of
from crossflight.flight.flight_phases import FlightPhase, fly_phases
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.launchers import launcher_named
from crossflight.flight.plane import Place
from crossflight.flight.ports import port_of
from crossflight.flight.proximity_errors import errors_of
from crossflight.flight.safety import drift_after_burns
from crossflight.flight.samples import SampledFlight, fly_samples
from crossflight.flight.samples_far import FlightErrors
from crossflight.flight.simulate import ApproachPhase, AscentPhase, DockedPhase, RendezvousPhase
from crossflight.flight.target_track import STATION_BALLISTIC_M2_KG, TargetTrack
from crossflight.flight.zones import zones
from crossflight.model.opportunity import LaunchOpportunity
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

# Of targets that are no large station: Soyuz 19, 6790 kg (as commonly given), 12 m2 and 2.2 [assumed].
_BALLISTIC_M2_KG: Final = {8030: 12.0 * 2.2 / 6790.0}
# The target's track: the longest profile, a day more for a fallback and one to drift in.
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


def fly(asked: Asked, sampling: Sampling | None = None, on_compile: Progress | None = None) -> FlightOutcome:
    """Fly it: ascent, rendezvous in closed loop, approach and contact in the full force model, return.

    Raises
    ------
    UsageError
        For what does not exist or cannot be flown: with the profile that would do.
    InputError
        For elements that cannot be used.
    """
    sampling = Sampling() if sampling is None else sampling
    craft, pad = craft_of(asked.vehicle), place_of(asked.site)
    ascent = ascent_of(asked.vehicle, asked.recovery)
    port = port_of(asked.port, craft.docking)
    descent = None if asked.return_zone is None else descent_of(asked.vehicle)
    places = () if asked.return_zone is None else tuple(zones(asked.return_zone))
    file = read_orbit_file(asked.elements)
    liftoff = None if asked.liftoff is None else instant_option("--liftoff", asked.liftoff)
    opportunity, orbit = _opportunity(file, pad, ascent, asked.vehicle, liftoff)
    liftoff = opportunity.liftoff_utc if liftoff is None else liftoff
    profile = _profile(
        opportunity, asked.profile, lambda x: _next_with(x, orbit, pad, ascent, asked.vehicle, liftoff)
    )
    chosen = _elements(file, liftoff)
    right_hand_side(ForceModel(), on_compile)

    track = TargetTrack.of_elements(
        chosen, liftoff, liftoff.plus_s(_SPAN_HOURS_MAX * 3600),
        ballistic_m2_kg=_BALLISTIC_M2_KG.get(chosen.norad_id, STATION_BALLISTIC_M2_KG),
        burns=[(b.at_utc, b.dv_m_s) for b in file.burns],
    )  # fmt: skip
    n_loaded = _N_LOADED if craft.docking == "probe-drogue" else 0
    arrival = _arrival(craft, ascent, profile, liftoff, asked.docking)
    up = AscentPhase(
        launcher_named(ascent.name), pad, liftoff, _plane(orbit, ascent, opportunity, liftoff), craft,
        asked.abort_at_s,
    )  # fmt: skip
    phases: list[FlightPhase] = [
        up,
        RendezvousPhase(craft, ascent, track, liftoff, profile, arrival, asked.missed_burns, n_loaded),
        ApproachPhase(craft, port, track, sampling.seed, errors_of(craft.docking, sampling.error_scale)),
    ]
    if descent is not None:
        phases.append(DockedPhase(craft, asked.vehicle, track, chosen, orbit, descent, places))
    outcome = FlightOutcome(
        asked.vehicle, craft, pad, port, profile, chosen, file.label, opportunity, track,
        fly_phases(phases, up.entry), (),
    )  # fmt: skip
    if outcome.rendezvous and (sampling.n or sampling.replay is not None):
        outcome = _sampled(outcome, sampling, n_loaded)
    return replace(outcome, judgements=_judgements(outcome))


def _sampled(o: FlightOutcome, sampling: Sampling, n_loaded: int) -> FlightOutcome:
    """With its samples, or as one of them."""
    errors = FlightErrors(scale=sampling.error_scale)
    flight = SampledFlight.of(
        o.rendezvous[0].plan, o.track, o.port, o.craft, sampling.seed, n_loaded=n_loaded, errors=errors
    )
    if sampling.n:
        flown = fly_samples(
            flight, sampling.n, workers=sampling.workers, folder=sampling.folder,
            on_progress=sampling.on_progress,
        )  # fmt: skip
        o = replace(o, samples=flown)
    return o if sampling.replay is None else replayed(o, flight, sampling.replay)


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
