"""Flown launches as rendezvous problems: real lift-off, pad and docking; insertion as fact sheets have it."""

from __future__ import annotations

from functools import cache

from crossflight.app.validation.flown_launches import launches, orbit_of
from crossflight.dynamics.forces import ForceModel
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import craft_of
from crossflight.flight.rendezvous import RendezvousPlan, plan_rendezvous
from crossflight.flight.rendezvous_insertion import DRAGON_INSERTION, SOYUZ_INSERTION, insertion_state
from crossflight.flight.target_track import TargetTrack
from crossflight.flight.zones import PADS
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant


def flown_start(name: str, model: ForceModel | None = None) -> tuple[CraftState, TargetTrack, str, Instant]:
    """State at insertion, the station's track, the vehicle, and the real docking."""
    launch = next(x for x in launches() if x.flight.name == name)
    flight = launch.flight
    assert flight.dock_utc is not None
    craft = craft_of(flight.vehicle_type)
    insertion = SOYUZ_INSERTION if flight.vehicle_type == "soyuz-ms" else DRAGON_INSERTION
    orbit = orbit_of(launch.elements)
    start = insertion_state(orbit, PADS[flight.pad], flight.launch_utc, insertion, craft.mass_kg)
    track = TargetTrack.of_elements(launch.elements, flight.launch_utc, flight.dock_utc, model=model)
    return start, track, flight.vehicle_type, flight.dock_utc


@cache
def flown_plan(name: str, profile: str) -> RendezvousPlan:
    start, track, vehicle, docked = flown_start(name)
    craft = craft_of(vehicle)
    before_s = scheme_named(craft.docking, profile).arrival_before_docking_s
    return plan_rendezvous(start, track, craft, profile, docked.plus_s(-before_s))


def liftoff(name: str) -> Instant:
    return next(x for x in launches() if x.flight.name == name).flight.launch_utc
