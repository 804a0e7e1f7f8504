"""Flown launches flown again, from the pad to contact: real lift-off, pad, port and elements near it.

Arrival is an input: a Soyuz is told to dock by its profile's hours, a Dragon after the real number of whole
revolutions.  Everything else comes out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from crossflight.app.validation.flown_launches import FlownLaunch, launches, orbit_of
from crossflight.dynamics import nodes
from crossflight.errors import CrossflightError
from crossflight.flight.ascent_flight import mean_plane_gcrf
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import craft_of
from crossflight.flight.flight_phases import Arc, FlownPhase, fly_phases
from crossflight.flight.launchers import launcher_named
from crossflight.flight.ports import port_of
from crossflight.flight.simulate import (
    CONTACT,
    ApproachExit,
    ApproachPhase,
    AscentPhase,
    RendezvousExit,
    RendezvousPhase,
)
from crossflight.flight.target_track import TargetTrack
from crossflight.flight.zones import PADS
from crossflight.times import Instant

SOYUZ: Final = "soyuz-ms"
DRAGON: Final = "crew-dragon"
# The track goes on a while after the docking, for an approach that takes longer.
_TRACK_AFTER_S: Final = 10_800.0
# Crews left site 1 on Soyuz-FG only, and site 31 on Soyuz-2.1a only.
_PAD_OF_SOYUZ_FG: Final = "baikonur-1"


@dataclass(frozen=True, slots=True)
class Reflown:
    """A flown launch flown again.

    Attributes
    ----------
    asked_utc
        The docking it was told to make.
    phases
        As flown; none where it cannot be flown, and `failure` says why it did not dock.
    """

    launch: FlownLaunch
    profile: str
    asked_utc: Instant
    phases: tuple[FlownPhase, ...]
    failure: str = ""

    @property
    def name(self) -> str:
        """Of the flight."""
        return self.launch.flight.name

    @property
    def docked_utc(self) -> Instant | None:
        """Contact, if it came to it."""
        is_docked = bool(self.phases) and self.phases[-1].exit.name == CONTACT
        return self.phases[-1].exit.state.utc if is_docked else None

    @property
    def insertion_s(self) -> float:
        """Lift-off to separation; NaN where there was none."""
        if not self.phases:
            return math.nan
        return self.phases[0].exit.state.utc.s_since(self.launch.flight.launch_utc)

    @property
    def rendezvous(self) -> RendezvousExit:
        """The first rendezvous."""
        return next(p.exit for p in self.phases if isinstance(p.exit, RendezvousExit))

    @property
    def approach(self) -> ApproachExit:
        """The approach."""
        return next(p.exit for p in self.phases if isinstance(p.exit, ApproachExit))

    @property
    def dv_m_s(self) -> float:
        """Of all burns from insertion to contact."""
        return sum(b.dv_m_s for p in self.phases for b in p.exit.burns)

    def range_m(self, at: Instant) -> float:
        """Distance of the craft from the station at an instant between lift-off and contact."""
        # Arcs end at ignition and begin at cut-off: Hermite's cubic bridges the burn.
        arcs = [arc for phase in self.phases for arc in phase.exit.arcs]
        t_us, keep = np.unique(np.concatenate([a.t_utc_us for a in arcs]), return_index=True)
        whole = Arc(self.name, t_us, np.vstack([a.states_gcrf for a in arcs])[keep])
        state = whole.state_at(at)
        if state is None:
            raise CrossflightError(f"{self.name} was not under way at {at}")
        return float(self.rendezvous.plan.problem.track.range_m(at.us, state[None])[0])


def profile_flown(launch: FlownLaunch) -> str:
    """The profile of the launch's ascent whose hours are nearest to the flown ones."""
    hours = launch.hours
    assert hours is not None
    return min(launch.ascent.profiles, key=lambda p: abs(p.ascent_hours - hours)).name


def profile_hours(launch: FlownLaunch) -> float:
    """Lift-off to docking as the flown profile usually has it."""
    return next(p.ascent_hours for p in launch.ascent.profiles if p.name == profile_flown(launch))


def revolutions(launch: FlownLaunch) -> tuple[int, float]:
    """Whole revolutions of the station from lift-off to docking, and one's seconds."""
    assert launch.hours is not None
    revolution_s = 2 * math.pi / orbit_of(launch.elements).latitude_argument_rate_rad_s
    return round(launch.hours * 3600 / revolution_s), revolution_s


def fly_again(launch: FlownLaunch, docking: Instant) -> tuple[FlownPhase, ...]:
    """Ascent, rendezvous and approach of a flown launch, told to dock at an instant.

    Raises
    ------
    CrossflightError
        If it cannot be flown so.
    """
    flight, ascent, orbit = launch.flight, launch.ascent, orbit_of(launch.elements)
    assert flight.port is not None
    craft, liftoff, profile = craft_of(flight.vehicle_type), flight.launch_utc, profile_flown(launch)
    half_way_m = (ascent.insertion_axis_m + orbit.axis_m) / 2
    drift = nodes.node_drift_per_phase(half_way_m, orbit.axis_m, orbit.inclination_rad)
    normal = mean_plane_gcrf(orbit, liftoff, math.radians(launch.phase_deg) * drift)
    track = TargetTrack.of_elements(launch.elements, liftoff, docking.plus_s(_TRACK_AFTER_S))
    launcher = launcher_named("soyuz-fg" if flight.pad == _PAD_OF_SOYUZ_FG else ascent.name)
    arrival = docking.plus_s(-scheme_named(craft.docking, profile).arrival_before_docking_s)
    up = AscentPhase(launcher, PADS[flight.pad], liftoff, normal, craft)
    far = RendezvousPhase(craft, ascent, track, liftoff, profile, arrival)
    near = ApproachPhase(craft, port_of(flight.port, craft.docking), track)
    return fly_phases((up, far, near), up.entry)


@cache
def reflown(name: str, *, asked_utc: Instant | None = None) -> Reflown:
    """A flown launch of the record, flown again; told when to dock by its profile unless it is given."""
    launch = next(x for x in launches() if x.flight.name == name)
    if asked_utc is not None:
        return reflown_launch(launch, asked_utc)
    liftoff = launch.flight.launch_utc
    if launch.flight.vehicle_type == SOYUZ:
        return reflown_launch(launch, liftoff.plus_s(profile_hours(launch) * 3600))
    n, revolution_s = revolutions(launch)
    return reflown_launch(launch, liftoff.plus_s(n * revolution_s))


def reflown_launch(launch: FlownLaunch, asked_utc: Instant) -> Reflown:
    """A flown launch, flown again; told when to dock."""
    profile = profile_flown(launch)
    try:
        phases = fly_again(launch, asked_utc)
    except CrossflightError as error:
        return Reflown(launch, profile, asked_utc, (), error.message)
    last = phases[-1].exit.name
    return Reflown(launch, profile, asked_utc, phases, "" if last == CONTACT else last)


def flights_with_elements(vehicle: str) -> tuple[str, ...]:
    """Flights of a vehicle type that docked and have elements within three days."""
    return tuple(
        x.flight.name
        for x in launches()
        if x.flight.vehicle_type == vehicle and x.flight.dock_utc is not None
    )
