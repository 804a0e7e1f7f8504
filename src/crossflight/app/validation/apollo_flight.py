"""Apollo flown to Soyuz 19: times and orbits beside those of July 1975."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.app.fly import fly
from crossflight.app.validation.section import Section
from crossflight.dynamics.earth import RADIUS_M
from crossflight.times import Instant

# SP-4012, volume 3, table 2-54; the digits of 16:19:09 elsewhere contradict its own sums.
DOCKED_UTC: Final = Instant.of(1975, 7, 17, 16, 9, 9)
ORBIT_REACHED_S: Final = 595.0
# S-IVB's guidance counts the orbit as reached ten seconds after cut-off.
_AFTER_CUTOFF_S: Final = 10.0
_NULL_KM: Final = 225.0
_STEP_US: Final = 60_000_000
_N_STEPS: Final = 90
# Burns last seconds: a minute after one its orbit is reached.
_SETTLED_S: Final = 60.0
# What is listed (perigee, apogee, km), and after which event of ours it is looked for.  Miles are read as
# nautical ones: in statute miles the apogee would be lowered below the orbit that follows.
LISTED: Final = (
    ("Apollo, phasing orbit of 16 July", "phasing 1", 200.0, 264.8),
    ("Apollo, co-elliptic orbit of 17 July", "co-elliptic", 209.0, 210.0),
    ("docked", "contact", 217.0, 231.0),
)


@cache
def flown() -> FlightOutcome:
    """The flight from the real lift-off."""
    return fly("apollo-csm", "ksc-39b", "soyuz-19", "1975-07-15T19:50:01", "soyuz-19")


def apsides_km(o: FlightOutcome, after: Instant) -> tuple[float, float]:
    """Least and greatest height above the equator's radius, km, in the revolution after an instant.

    Of the craft until its next burn, or of the target once they are one.
    """
    next_us = min((b.utc.us for b in o.burns if b.utc > after), default=after.us + _N_STEPS * _STEP_US)
    is_free = o.contact is None or after < o.contact.utc
    n = min(_N_STEPS, (next_us - after.us) // _STEP_US) if is_free else _N_STEPS
    at = [Instant(after.us + k * _STEP_US) for k in range(n)]
    if not is_free:
        states = o.track.states(np.array([t.us for t in at]))
    else:
        there = (next((y for y in (a.state_at(t) for a in o.arcs) if y is not None), None) for t in at)
        states = np.array([y for y in there if y is not None])
    heights = (np.linalg.norm(states[:, :3], axis=1) - RADIUS_M) / 1000
    return float(heights.min()), float(heights.max())


def apollo_flight_section() -> Section:
    """Times and orbits of the flight against those that are listed."""
    o = flown()
    liftoff, contact = o.ascent.liftoff_utc, o.contact
    assert contact is not None
    begins = {b.name: b.utc.plus_s(_SETTLED_S) for b in o.rendezvous[0].plan.burns}
    begins["contact"] = contact.utc
    orbit_s = o.ascent.cutoff.utc.s_since(liftoff) + _AFTER_CUTOFF_S
    late_min = contact.utc.s_since(DOCKED_UTC) / 60
    figures = {
        "orbit_s": orbit_s, "docking_late_min": late_min, "days": contact.utc.days_since(liftoff),
        "is_docked": float(o.outcome == "docked"),
    }  # fmt: skip
    rows: list[tuple[str, ...]] = [
        (
            "Apollo in orbit, s after lift-off",
            f"{ORBIT_REACHED_S:.0f}",
            f"{orbit_s:.0f}",
            f"{orbit_s - ORBIT_REACHED_S:+.0f}",
            "",
            "outcome",
        ),
        (
            "first docking, UTC",
            DOCKED_UTC.iso()[8:16],
            contact.utc.iso()[8:16],
            f"{late_min:+.0f} min",
            "",
            "input, with its reserve",
        ),
    ]
    for name, event, perigee, apogee in LISTED:
        found = apsides_km(o, begins[event])
        off = max(abs(found[0] - perigee), abs(found[1] - apogee))
        null = max(abs(_NULL_KM - perigee), abs(_NULL_KM - apogee))
        figures[f"{event}_off_km"] = off
        kind = "input, circularised by its own burns" if event == "contact" else "outcome"
        rows.append(
            (
                name,
                f"{perigee:.0f} x {apogee:.0f} km",
                f"{found[0]:.0f} x {found[1]:.0f} km",
                f"{off:.0f} km",
                f"{null:.0f} km",
                kind,
            )
        )
    return Section(
        "apollo-flight",
        "Apollo flies to Soyuz 19",
        "From the real lift-off to the docking on the second day; n = 1. When Apollo burnt is an input, how "
        "much is an outcome; the null model is a circle at 225 km. The phasing orbit hangs on where along "
        "its orbit Soyuz 19 was, which no source at hand says: its argument of latitude at insertion is "
        "assumed. Heights are above the equator's radius, least and greatest in a revolution.",
        ("what", "listed", "simulated", "off by", "null off by", ""),
        tuple(rows),
        figures,
    )
