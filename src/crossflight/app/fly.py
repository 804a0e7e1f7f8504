"""Use case: fly one flight from lift-off to contact, and home again where a zone is named."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.flight_asked import Asked, Sampling, require_together
from crossflight.app.flight_liftoff import Liftoff, arrival_of, liftoff_of, profile_of
from crossflight.app.flight_outcome import FlightOutcome, Judgement
from crossflight.app.flight_places import pad_for, zones_for
from crossflight.app.flight_replay import replayed
from crossflight.app.orbit_file import OrbitFile, instant_option, read_orbit_file
from crossflight.dynamics import nodes
from crossflight.dynamics.compiled import Progress, right_hand_side
from crossflight.dynamics.forces import ForceModel
from crossflight.errors import OffPlaneError, UsageError
from crossflight.flight.ascent import ASCENTS, ascent_of
from crossflight.flight.ascent_flight import mean_plane_gcrf
from crossflight.flight.craft import CRAFT, craft_of
from crossflight.flight.descent import descent_of
from crossflight.flight.flight_phases import FlightPhase, FlownPhase, fly_phases
from crossflight.flight.launchers import LAUNCHERS, launcher_named
from crossflight.flight.ports import port_of
from crossflight.flight.proximity_errors import errors_of
from crossflight.flight.return_profile import deorbit_kg
from crossflight.flight.safety import drift_after_burns
from crossflight.flight.samples import SampledFlight, fly_samples
from crossflight.flight.samples_far import FlightErrors
from crossflight.flight.simulate import ApproachPhase, AscentPhase, DockedPhase, RendezvousPhase
from crossflight.flight.target_height import require_height
from crossflight.flight.target_track import STATION_BALLISTIC_M2_KG, TargetTrack
from crossflight.flight.zones import ZONE_RADIUS_M
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

# Of targets that are no large station: Soyuz 19, 6790 kg (as commonly given), 12 m2 and 2.2 [assumed].
_BALLISTIC_M2_KG: Final = {8030: 12.0 * 2.2 / 6790.0}
# The target's track: the longest profile, a day more for a fallback and one to drift in.
_SPAN_HOURS_MAX: Final = 104.0
# A lift-off so far from the computed one may be more than the launcher can steer.
_OFF_S: Final = 300.0
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
    sampling.require_possible()
    require_together(asked, sampling)
    _require_known(asked.vehicle)
    craft = craft_of(asked.vehicle)
    ascent = ascent_of(asked.vehicle, asked.recovery)
    pad = pad_for(asked.site, ascent)
    port = port_of(asked.port, craft.docking)
    descent = None if asked.return_zone is None else descent_of(asked.vehicle)
    places = () if asked.return_zone is None or descent is None else zones_for(asked.return_zone, descent)
    file = read_orbit_file(asked.elements)
    asked_utc = None if asked.liftoff is None else instant_option("--liftoff", asked.liftoff)
    planned_utc = None if asked.planned is None else Instant.parse(asked.planned)
    liftoff = liftoff_of(file, pad, ascent, asked.vehicle, asked_utc, planned_utc)
    require_height(liftoff.orbit, ascent, craft)
    chosen = _elements(file, liftoff.utc)
    right_hand_side(ForceModel(), on_compile)
    up = AscentPhase(launcher_named(ascent.name), pad, liftoff.utc, _plane(liftoff), craft, asked.abort_at_s)
    profile = _profile(liftoff, up, asked.profile)
    arrival = arrival_of(liftoff, craft, profile, asked.docking)

    track = TargetTrack.of_elements(
        chosen, liftoff.utc, liftoff.utc.plus_s(_SPAN_HOURS_MAX * 3600),
        ballistic_m2_kg=_BALLISTIC_M2_KG.get(chosen.norad_id, STATION_BALLISTIC_M2_KG),
        burns=[(b.at_utc, b.dv_m_s) for b in file.burns],
    )  # fmt: skip
    n_loaded = _N_LOADED if craft.docking == "probe-drogue" else 0
    phases: list[FlightPhase] = [
        up,
        RendezvousPhase(craft, ascent, track, liftoff.utc, profile, arrival, asked.missed_burns, n_loaded),
        ApproachPhase(craft, port, track, sampling.seed, errors_of(craft.docking, sampling.error_scale)),
    ]
    if descent is not None:
        phases.append(DockedPhase(craft, asked.vehicle, track, chosen, liftoff.orbit, descent, places))
    outcome = FlightOutcome(
        asked.vehicle, craft, pad, port, profile, chosen, file.label, liftoff.opportunity, track,
        _flown(phases, up, liftoff), (), planned_utc=planned_utc, flight=asked.flight, seed=sampling.seed,
    )  # fmt: skip
    if outcome.rendezvous and sampling.is_asked:
        outcome = _sampled(outcome, sampling, n_loaded)
    return replace(outcome, judgements=_judgements(outcome))


def _require_known(vehicle: str) -> None:
    """Refuse a vehicle whose craft or launcher has no data to be flown with."""
    launchers = {x.name for x in LAUNCHERS}
    flown = {v for c in CRAFT for v in c.vehicles} & {
        v for a in ASCENTS for v in a.vehicles if a.name in launchers
    }
    if vehicle not in flown:
        raise UsageError(
            f"{vehicle!r} cannot be flown: there are no data of its craft and launcher",
            hint=f"flown: {', '.join(sorted(flown))}; crossflight windows and landings know more vehicles",
        )


def _profile(liftoff: Liftoff, up: AscentPhase, wanted: str | None) -> str:
    """The profile to fly; what the launcher cannot steer is refused before what the phase does not allow."""
    try:
        return profile_of(liftoff, wanted)
    except UsageError:
        if abs(liftoff.off_s) > _OFF_S:
            _flown([replace(up, abort_at_s=None)], up, liftoff)
        raise


def _flown(phases: Sequence[FlightPhase], up: AscentPhase, liftoff: Liftoff) -> tuple[FlownPhase, ...]:
    """The phases as flown; what a launcher cannot steer is refused with the lift-offs that it can."""
    try:
        return tuple(fly_phases(phases, up.entry))
    except OffPlaneError as e:
        off_min = liftoff.off_s / 60
        late = f"{abs(off_min):.0f} min {'after' if off_min > 0 else 'before'} the computed lift-off"
        raise UsageError(f"{e.message}, {late}", hint=liftoff.would_do()) from None


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
        o = replace(o, samples=flown, sampled=flight)
    return o if sampling.replay is None else replayed(o, flight, sampling.replay)


def _judgements(o: FlightOutcome) -> tuple[Judgement, ...]:
    """The rules that the flight came to, and whether each held."""
    found = []
    if o.min_perigee_km is not None:
        # A launcher that inserts lower, as Saturn IB did, is meant to.
        inserts_km = launcher_named(o.ascent.launcher).insertion.perigee_m / 1000
        is_ok = o.min_perigee_km >= min(_PERIGEE_FLOOR_KM, inserts_km - _INSERTION_OFF_KM)
        found.append(Judgement("perigee-floor", is_ok, f"{o.min_perigee_km:.0f} km at the lowest"))
    left_kg = o.propellant_left_kg
    if left_kg is not None:
        last = o.phases[-1].exit.state
        # Who stays in orbit has to be able to leave it.
        home_kg = 0.0 if o.home else deorbit_kg(o.craft, last.mass_kg, float(np.linalg.norm(last.r_gcrf_m)))
        needs = f", the deorbit burn takes {home_kg:.0f} kg" if home_kg else ""
        found.append(Judgement("propellant", left_kg > home_kg, f"{left_kg:.0f} kg left{needs}"))
    if o.approach is not None and o.approach.approach.is_passively_safe:
        after = [state for x in o.rendezvous for state in x.result.states[1:-1]]
        verdict = drift_after_burns(after, o.track, o.craft)
        found.append(Judgement(verdict.rule, verdict.is_ok, verdict.detail))
    if o.approach is not None:
        found += [Judgement(v.rule, v.is_ok, v.detail) for v in o.approach.verdicts]
    if o.home is not None:
        off_km, most_km = o.home.miss_m / 1000, ZONE_RADIUS_M / 1000
        detail = f"{off_km:.1f} km from the centre of {o.home.zone}; {most_km:.0f} km are allowed [assumed]"
        found.append(Judgement("landing-in-zone", off_km <= most_km, detail))
    if o.samples is not None:
        n_inside = int(o.samples.is_keep_out_violated.sum())
        detail = f"{n_inside} of {o.samples.n} samples in the keep-out sphere outside the corridor"
        found.append(Judgement("samples-keep-out", n_inside == 0, detail))
    return tuple(found)


def _plane(liftoff: Liftoff) -> NDArray[np.float64]:
    """The plane to ascend into: the target's, its node east by what drifts away while catching up."""
    orbit = liftoff.orbit
    half_way_m = (liftoff.ascent.insertion_axis_m + orbit.axis_m) / 2
    drift = nodes.node_drift_per_phase(half_way_m, orbit.axis_m, orbit.inclination_rad)
    return mean_plane_gcrf(orbit, liftoff.utc, math.radians(liftoff.opportunity.phase_deg) * drift)


def _elements(file: OrbitFile, liftoff: Instant) -> ElementSet:
    if file.ephemeris is not None or not file.elements:
        raise UsageError("a flight is flown to an element set", hint="give a TLE or OMM with --elements")
    return file.elements_at(liftoff)
