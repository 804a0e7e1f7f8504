"""A launch happens when the pad is in the station's plane, with a rendezvous that the phase allows.

For vehicle types with an `ascent` in a scenario with `station.elements`.  The station's plane sweeps over
a pad twice a day and the northbound crossing is flown, so every day has one lift-off, or two.  A planned
lift-off is at a computed one: within three of its sigma, at least a minute.

The angle by which the station leads the pad, its phase, decides which rendezvous is possible.  It is known
only some weeks ahead, before drag and reboosts have their say.  So up to `phase_days_max` days after
the knowledge date, a type that is planned for a profile flies one that the phase allows (the profile whose
docking is nearest the planned docking).  Farther ahead phase forbids nothing: where it would not do, the
reboost that opens the profile is reported as a soft finding, with its price in propellant.

A launch announced with its hour keeps it: whatever is wrong with it then is a soft finding.  What has been
launched when the scenario begins is not judged.

Values:

- `phase_days_max`: how many days after the knowledge date phase forbids; 30 where it is not given.

Source: the law of lift-off, measured on flown launches (Soyuz 6.9 s rms, n = 15; Falcon 9 with a crew
14.9 s, n = 9); phases of the profiles as flown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from crossflight.model import (
    Flight,
    LaunchOpportunity,
    Reboost,
    RendezvousProfile,
    Scenario,
    Violation,
)
from crossflight.model.result import ViolationSeverity
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk
from crossflight.times import DAY_S

RULE = Rule(
    id="launch_opportunity",
    title="launch opportunity",
    statement="A launch is at a computed lift-off into the station's plane, its rendezvous within phase.",
    source="Law of lift-off measured on flown launches; phase ranges published for MS-25",
    values=("phase_days_max",),
)

PHASE_DAYS: float = 30.0
N_SIGMA = 3.0
TOLERANCE_MIN_S = 60.0
# A profile less likely than this asks for the reboost that opens it.
_LIKELY = 0.5
# A lift-off farther away than this is of another day.
_NEAR_S = DAY_S


def launch_of(scenario: Scenario, flight: Flight) -> LaunchOpportunity | None:
    """The computed lift-off nearest to a flight's launch, None if there is none within a day."""
    if scenario.opportunities is None:
        return None
    found = scenario.opportunities.launches.get((flight.vehicle_type, flight.pad), ())
    i = bisect_left(found, flight.launch_utc.us, key=lambda o: o.liftoff_utc.us)
    near = min(found[max(0, i - 1) : i + 1], key=lambda o: _off_s(o, flight), default=None)
    return near if near is not None and _off_s(near, flight) <= _NEAR_S else None


def profile_of(opportunity: LaunchOpportunity, flight: Flight) -> RendezvousProfile | None:
    """The profile whose docking is nearest to the planned one."""
    if flight.dock_utc is None:
        return None
    dock_us = flight.dock_utc.us
    return min(opportunity.profiles, key=lambda p: abs(p.dock_utc.us - dock_us), default=None)


def tolerance_s(sigma_s: float) -> float:
    """How far from a computed instant a planned one may be."""
    return max(N_SIGMA * sigma_s, TOLERANCE_MIN_S)


def price_of(reboost: Reboost) -> str:
    """A reboost in words: when, how much, at what price."""
    if reboost.is_typical:
        return (
            f"a reboost, typically of {abs(reboost.dv_m_s):.1f} m/s about {reboost.burn_utc.date()} "
            f"({reboost.propellant_kg:.0f} kg of propellant)"
        )
    return (
        f"a reboost of {reboost.dv_m_s:+.2f} m/s on {reboost.burn_utc.date()} "
        f"({reboost.altitude_km:+.1f} km, {reboost.propellant_kg:.0f} kg of propellant)"
    )


def check(walk: Walk) -> Iterator[Violation]:
    """Launches away from the computed ones, and rendezvous that phase does not allow."""
    s = walk.scenario
    if s.opportunities is None:
        return
    docked = {d.flight.name for d in s.docked}
    hours = {a.name: a.launch_utc for a in s.announced if a.launch_utc != a.launch_utc.floor_day()}
    for f in walk.by_launch:
        kind = walk.types.get(f.vehicle_type)
        if (
            f.name in docked
            or kind is None
            or (f.vehicle_type, f.pad) not in s.opportunities.launches
            or f.launch_utc < s.known_utc
            or not walk.in_horizon(f.launch_utc.us)
        ):
            continue
        us = f.launch_utc.us
        near = launch_of(s, f)
        severity: ViolationSeverity | None = "soft" if hours.get(f.name) == f.launch_utc else None
        if near is None:
            message = f"{f.name}: {f.pad} has no computed lift-off near {f.launch_utc.minute()}"
            yield walk.violation(RULE.id, us, us, (f.name, f.pad), message, severity)
            continue
        off_s, limit_s = _off_s(near, f), tolerance_s(near.sigma_s)
        if off_s > limit_s:
            yield walk.violation(
                RULE.id,
                us,
                us,
                (f.name, f.pad),
                f"{f.name}: lift-off {f.launch_utc.iso()} is {off_s:.0f} s from the computed "
                f"{near.liftoff_utc.iso()}, limit {limit_s:.0f} s",
                severity,
            )
        elif kind.profile is not None:
            yield from _phase(walk, f, near, severity)


def _phase(
    walk: Walk, f: Flight, near: LaunchOpportunity, severity: ViolationSeverity | None
) -> Iterator[Violation]:
    """What the phase says of the profile flown."""
    flown = profile_of(near, f)
    if flown is None or (flown.is_feasible and (near.is_phase_known or flown.probability >= _LIKELY)):
        return
    us = f.launch_utc.us
    opens = "" if flown.reboost is None else f"; {price_of(flown.reboost)} would open it"
    days = f.launch_utc.days_since(walk.scenario.known_utc)
    if near.is_phase_known and days <= walk.number(RULE.id, "phase_days_max", PHASE_DAYS):
        allowed = [p.name for p in near.profiles if p.is_feasible]
        other = f"; it allows {', '.join(allowed)}" if allowed else ""
        message = f"{f.name}: phase {near.phase_deg:.0f} deg does not allow {flown.name}{other}{opens}"
        yield walk.violation(RULE.id, us, us, (f.name, f.pad), message, severity)
    elif flown.reboost is not None:
        message = f"{f.name}: {flown.name} has a probability of {flown.probability:.0%}{opens}"
        yield walk.violation(RULE.id, us, us, (f.name, f.pad), message, "soft")


def _off_s(opportunity: LaunchOpportunity, flight: Flight) -> float:
    return abs(flight.launch_utc.s_since(opportunity.liftoff_utc))
