"""Which lift-off and which profile a flight is flown with; what cannot be is refused with what would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossflight.app.orbit_file import OrbitFile, instant_option, target_for
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.errors import UsageError
from crossflight.flight.ascent import Ascent, Profile
from crossflight.flight.burn_slots import scheme_named
from crossflight.flight.craft import Craft
from crossflight.flight.launch import launch_opportunities, opportunity_at
from crossflight.flight.plane import Place, stand
from crossflight.model.opportunity import LaunchOpportunity
from crossflight.times import Instant

_NEAR_DAYS: Final = 0.5
_LOOK_AHEAD_DAYS: Final = 10.0
# Farther from the pad's pass through the plane no launcher is asked to steer.
_OFF_MAX_S: Final = 2700.0
# A docking may be so far from the profile's usual one: half a revolution, or three sigma of those flown.
_HALF_REVOLUTION_H: Final = 0.75
_N_SIGMA: Final = 3.0


@dataclass(frozen=True, slots=True)
class Liftoff:
    """A lift-off as it is flown.

    Attributes
    ----------
    opportunity
        At the lift-off asked for: its phase, and the profiles that allows.
    computed
        The computed lift-off nearest to it.
    orbit
        Of the target, as both were computed from.
    """

    opportunity: LaunchOpportunity
    computed: LaunchOpportunity
    orbit: MeanOrbit
    pad: Place
    ascent: Ascent
    vehicle: str

    @property
    def utc(self) -> Instant:
        """When."""
        return self.opportunity.liftoff_utc

    @property
    def off_s(self) -> float:
        """After the computed one, seconds."""
        return self.utc.s_since(self.computed.liftoff_utc)

    def would_do(self, profile: str = "") -> str:
        """The next computed lift-offs, of one profile where it is named, in words."""
        from_utc = min(self.utc, self.computed.liftoff_utc)
        found = launch_opportunities(
            self.orbit, self.pad, self.ascent, self.vehicle, from_utc, from_utc.plus_days(_LOOK_AHEAD_DAYS)
        )
        fitting = [
            (x.liftoff_utc, [p.name for p in x.profiles if p.is_feasible]) for x in found if x.is_phase_known
        ]
        if profile:
            at = next((at for at, names in fitting if profile in names), None)
            return f"{profile} would do at {_minute(at)}" if at else "see crossflight windows for another day"
        shown = "; ".join(f"{_minute(at)} ({', '.join(names) or 'no profile'})" for at, names in fitting[:2])
        return f"computed lift-offs: {shown}" if shown else "see crossflight windows for another day"


def liftoff_of(
    file: OrbitFile,
    pad: Place,
    ascent: Ascent,
    vehicle: str,
    asked_utc: Instant | None,
    planned_utc: Instant | None = None,
) -> Liftoff:
    """The lift-off asked for, or the computed one nearest to the planned one, or the first computed one.

    Raises
    ------
    UsageError
        If the elements are too old to know the phase, or the pad is nowhere near the plane.
    """
    meant = asked_utc or planned_utc
    near = file.last_utc if meant is None else meant
    from_utc = near if meant is None else near.plus_days(-_NEAR_DAYS)
    orbit = target_for(file, near, near).orbit
    found = launch_opportunities(orbit, pad, ascent, vehicle, from_utc, from_utc.plus_days(1.1))
    computed = min(found, key=lambda x: abs(x.liftoff_utc.s_since(near)))
    if not computed.is_phase_known:
        raise UsageError(
            f"the elements are too old to know the phase on {computed.liftoff_utc.date()} "
            f"(+- {computed.phase_sigma_deg:.0f} deg)",
            hint="give elements of the weeks before the launch with --elements",
        )
    at = computed.liftoff_utc if asked_utc is None else asked_utc
    there = opportunity_at(orbit, pad, ascent, computed, at)
    liftoff = Liftoff(there, computed, orbit, pad, ascent, vehicle)
    if abs(liftoff.off_s) > _OFF_MAX_S:
        off_deg = abs(float(np.degrees(stand(orbit, pad, at.us).across[0])))
        raise UsageError(
            f"at {_second(at)} {pad.name} is {off_deg:.1f} deg off the plane of the target; no launcher "
            f"steers that far ({abs(liftoff.off_s) / 60:.0f} min from the nearest computed lift-off)",
            hint=liftoff.would_do(),
        )
    return liftoff


def profile_of(liftoff: Liftoff, wanted: str | None) -> str:
    """The profile to fly: the one asked for if the phase allows it, else the fastest.

    Raises
    ------
    UsageError
        If there is none, with what would do and when.
    """
    there = liftoff.opportunity
    fits = [p.name for p in there.profiles if p.is_feasible]
    known = [p.name for p in there.profiles]
    if wanted is not None and wanted not in known:
        raise UsageError(f"there is no profile {wanted!r}", hint=f"known: {', '.join(known)}")
    if wanted is None and fits:
        return fits[0]
    if wanted in fits:
        return str(wanted)
    would = liftoff.would_do(wanted or known[0])
    raise UsageError(
        f"a phase of {there.phase_deg:.1f} deg at lift-off at {_second(there.liftoff_utc)} "
        f"does not allow {wanted or 'any profile'}",
        hint=f"it allows {', '.join(fits)}; {would}" if fits else would,
    )


def arrival_of(liftoff: Liftoff, craft: Craft, profile: str, docking_text: str | None) -> Instant:
    """Where the rendezvous ends and the approach begins.

    Raises
    ------
    UsageError
        If the docking asked for is out of the profile's span, with the span and what would do.
    """
    scheme = scheme_named(craft.docking, profile)
    known = {p.name: p for p in liftoff.ascent.profiles}
    hours = known[profile].ascent_hours if profile in known else scheme.hours
    if docking_text is not None:
        docking = instant_option("--docking", docking_text)
        hours = docking.s_since(liftoff.utc) / 3600
        if profile in known and not _is_in_span(known[profile], hours):
            raise _outside(liftoff, known[profile], docking, hours)
    return liftoff.utc.plus_s(hours * 3600 - scheme.arrival_before_docking_s)


def span_hours(profile: Profile) -> tuple[float, float]:
    """Earliest and latest docking of a profile, hours after lift-off."""
    off = max(_HALF_REVOLUTION_H, _N_SIGMA * profile.ascent_sigma_hours)
    return profile.ascent_hours - off, profile.ascent_hours + off


def _is_in_span(profile: Profile, hours: float) -> bool:
    low, high = span_hours(profile)
    return low <= hours <= high


def _outside(liftoff: Liftoff, profile: Profile, docking: Instant, hours: float) -> UsageError:
    fits = [p.name for p in liftoff.opportunity.profiles if p.is_feasible]
    others = [p for p in liftoff.ascent.profiles if p is not profile and _is_in_span(p, hours)]
    would = [p.name for p in others if p.name in fits]
    hint = f"--profile {would[0]} docks then; {profile.name} does without --docking" if would else ""
    if not would and others:
        hint = (
            f"{others[0].name} would dock then, but takes {_degrees(others[0])} of phase and there are "
            f"{liftoff.opportunity.phase_deg:.1f}; {liftoff.would_do(others[0].name)}"
        )
    low, high = (_minute(liftoff.utc.plus_s(h * 3600)) for h in span_hours(profile))
    when = "before lift-off" if hours < 0 else f"{hours:.1f} h after lift-off"
    return UsageError(
        f"--docking {_second(docking)} is {when}; {profile.name} docks from {low} to {high}",
        hint=hint or f"leave --docking out: {profile.name} docks {profile.ascent_hours:g} h after lift-off",
    )


def _degrees(profile: Profile) -> str:
    return f"{profile.phase_from_deg:.0f} to {profile.phase_to_deg:.0f} deg"


def _second(at: Instant) -> str:
    return f"{at.plus_s(0.5).iso()[:19]}Z"


def _minute(at: Instant) -> str:
    return f"{at.iso()[:16]}Z"
