"""No launch or docking while the Sun stands too far off the station's plane.

The beta angle is that of the Sun above the orbit plane.  At a large one the station is in sunlight nearly all
the time and its thermal and power limits leave no room for visiting craft.  It is computed from
`station.elements`; without them nothing is judged, and neither is what has happened by the knowledge date.
A launch announced with its hour keeps it: beyond the limit, that is a soft finding.

Values (an event without its value is not judged):

- `launch_beta_deg_max`: largest beta at a launch, either way.
- `dock_beta_deg_max`: largest beta at a docking, either way.

Source: no limit is published for Soyuz or Crew Dragon; launches have flown from -58.5 to +68.4 deg, so limits
are assumptions.  A scenario that only wants a warning says `severity: soft`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from crossflight.model import Opportunities, Violation
from crossflight.model.result import ViolationSeverity
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, Walk
from crossflight.times import Instant

RULE = Rule(
    id="solar_beta",
    title="Sun off the plane",
    statement="No launch or docking while the Sun is too far off the station's plane.",
    source="Assumptions; flown launches from -58.5 to +68.4 deg",
    values=("launch_beta_deg_max", "dock_beta_deg_max"),
)

# Beta moves by 4 to 5 deg a day, evenly over so many days.
_BETWEEN_US = 2 * DAY_US

Sample = tuple[int, float]


def samples(opportunities: Opportunities) -> list[Sample]:
    """(microseconds, degrees) of every computed opportunity, in order of time."""
    found = {o.liftoff_utc.us: o.beta_deg for some in opportunities.launches.values() for o in some}
    found |= {o.landing_utc.us: o.beta_deg for some in opportunities.landings.values() for o in some}
    return sorted(found.items())


def beta_deg(known: Sequence[Sample], at: Instant) -> float | None:
    """Beta at an instant, between samples; None where there are none near."""
    i = bisect_left(known, (at.us, 0.0))
    near = [s for s in known[max(0, i - 1) : i + 1] if abs(s[0] - at.us) <= _BETWEEN_US]
    if len(near) < 2:
        return near[0][1] if near else None
    (us0, deg0), (us1, deg1) = near
    return deg0 + (deg1 - deg0) * (at.us - us0) / (us1 - us0)


def check(walk: Walk) -> Iterator[Violation]:
    """Launches and dockings at a beta beyond the limits."""
    s = walk.scenario
    values = s.rules[RULE.id].values
    if s.opportunities is None or not values:
        return
    known = samples(s.opportunities)
    docked = {d.flight.name for d in s.docked}
    hours = {a.name: a.launch_utc for a in s.announced if a.launch_utc != a.launch_utc.floor_day()}
    for f in walk.by_launch:
        events = (
            ("launch", f.launch_utc, "launch_beta_deg_max"),
            ("docking", f.dock_utc, "dock_beta_deg_max"),
        )
        severity: ViolationSeverity | None = "soft" if hours.get(f.name) == f.launch_utc else None
        for name, at, value in events:
            limit = values.get(value)
            if at is None or limit is None or f.name in docked or at < s.known_utc:
                continue
            beta = beta_deg(known, at) if walk.in_horizon(at.us) else None
            if beta is not None and abs(beta) > float(limit):
                message = (
                    f"{f.name}: {name} {at.minute()} at a beta of {beta:+.1f} deg, limit {float(limit):g} deg"
                )
                yield walk.violation(RULE.id, at.us, at.us, (f.name,), message, severity)
