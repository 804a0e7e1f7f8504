"""Event times and ranges nobody gave to the model: Crew-1's schedule, Soyuz MS-03's automatic sequence."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from crossflight.app.validation.flights_reflown import Reflown, reflown
from crossflight.app.validation.flown_launches import launches
from crossflight.app.validation.section import Section, median_size
from crossflight.errors import CrossflightError
from crossflight.times import Instant

# NASA's rendezvous timeline of Crew-1 as flight.md has it: mission time, hours, minutes, seconds.
_CREW_1: Final = {
    "phase": (0, 45, 42),
    "boost": (15, 53, 39),
    "close": (16, 35, 25),
    "transfer": (22, 18, 5),
    "co-elliptic": (23, 4, 33),
    "30 km": (24, 32, 42),
    "out-of-plane": (25, 2, 52),
    "approach-initiation": (26, 2, 42),
    "mid-course": (26, 27, 42),
    "waypoint-0": (26, 47, 42),
    "waypoint-1": (27, 11, 42),
    "waypoint-2": (27, 22, 42),
    "contact": (27, 32, 42),
}
# What is no free outcome, and why.
_KNOWN: Final = {
    "transfer": "number of final revolutions chosen with this schedule in view",
    "co-elliptic": "as the transfer",
    "30 km": "follows from them",
    "out-of-plane": "as the transfer",
    "approach-initiation": "input: 90 min before contact",
    "mid-course": "assumed: half way to waypoint 0",
    "waypoint-0": "outcome: half a revolution",
    "waypoint-1": "outcome: a quarter at the orbit's rate",
    "waypoint-2": "closing speed and holds, assumed",
    "contact": "closing speed and holds, assumed",
}
_FAR: Final = ("phase", "boost", "close", "transfer", "co-elliptic", "out-of-plane")
_NEAR: Final = ("mid-course", "waypoint-0", "waypoint-1", "waypoint-2", "contact")
_FREE: Final = ("phase", "boost", "close")
_AT_KM: Final = 30.0
# The null model's insertion: separation of Dragon, flight.md.
_SEPARATION_S: Final = 720.0
_REVOLUTION_S: Final = 5570.0


def _seconds(hms: tuple[int, int, int]) -> float:
    return 3600.0 * hms[0] + 60.0 * hms[1] + hms[2]


def _hms(seconds: float) -> str:
    minutes, s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{s:02d}"


def crew_1() -> Reflown:
    """Crew-1 told to make contact when its schedule has it.

    Raises
    ------
    CrossflightError
        If it does not dock.
    """
    liftoff = next(x for x in launches() if x.flight.name == "Crew-1").flight.launch_utc
    flown = reflown("Crew-1", asked_utc=liftoff.plus_s(_seconds(_CREW_1["contact"])))
    if flown.docked_utc is None:
        raise CrossflightError(f"Crew-1 does not dock: {flown.failure}")
    return flown


def times_of(flown: Reflown) -> dict[str, float]:
    """Mission times of the schedule's events as flown, seconds."""
    plan = flown.rendezvous.plan
    t_us, away_m = plan.ranges()
    at: dict[str, Instant] = {"30 km": Instant(int(t_us[np.flatnonzero(away_m > 1000 * _AT_KM)[-1]]))}
    for burn in (*flown.rendezvous.burns, *flown.approach.burns):
        at.setdefault(burn.name, burn.utc)
    for event in flown.approach.events:
        at.setdefault(event.name, event.utc)
    # A burn so small that it is not made has the time of its slot.
    for planned in plan.burns:
        at.setdefault(planned.name, planned.utc)
    return {name: at[name].s_since(flown.launch.flight.launch_utc) for name in _CREW_1}


def null_times() -> dict[str, float]:
    """Burns evenly between separation and approach initiation; the rest evenly within a revolution."""
    begin = _seconds(_CREW_1["approach-initiation"])
    step = (begin - _SEPARATION_S) / (len(_FAR) + 1)
    far = {name: _SEPARATION_S + (k + 1) * step for k, name in enumerate(_FAR)}
    near = {name: begin + (k + 1) * _REVOLUTION_S / len(_NEAR) for k, name in enumerate(_NEAR)}
    return {**far, "approach-initiation": begin, **near}


def crew_1_section() -> Section:
    """Each event of the schedule."""
    ours, null = times_of(crew_1()), null_times()
    rows: list[tuple[str, ...]] = []
    off_min: dict[str, float] = {}
    null_min: dict[str, float] = {}
    for name, hms in _CREW_1.items():
        real = _seconds(hms)
        off_min[name] = (ours[name] - real) / 60
        if name in null:
            null_min[name] = (null[name] - real) / 60
        rows.append(
            (
                name, _hms(real), _hms(ours[name]), f"{off_min[name]:+.1f}",
                f"{null_min[name]:+.1f}" if name in null_min else "", _KNOWN.get(name, "outcome"),
            )
        )  # fmt: skip
    approach_min = (ours["contact"] - ours["approach-initiation"]) / 60
    worst_far = max(abs(off_min[name]) for name in _FAR)
    worst_free = max(abs(off_min[name]) for name in _FREE)
    worst_null = max(abs(null_min[name]) for name in _FAR)
    worst_near = max(abs(off_min[name]) for name in _NEAR)
    is_ordered = all(ours[a] < ours[b] for a, b in pairwise(_FAR))
    return Section(
        "crew-1",
        "Crew-1's schedule",
        "Mission times as scheduled before the flight, and as flown from the pad with contact asked for "
        "when the schedule has it. Phase, boost and close are outcomes of insertion, phase and geometry; "
        "that the transfer, the co-elliptic burn and the trim agree shows little. Null model: six burns "
        "evenly spaced between separation and approach initiation, contact a revolution of the station "
        "after that, the events between evenly spaced. Burns are "
        f"{'in the right order' if is_ordered else 'not in order'}, the worst {worst_far:.1f} min off "
        f"(asked: 20), of the three free ones {worst_free:.1f}; null {worst_null:.0f}. Approach initiation "
        f"to contact takes {approach_min:.0f} min (asked: 90 +- 10; a revolution is "
        f"{_REVOLUTION_S / 60:.0f}): half a revolution, a quarter, and closing speeds. n = 1 flight, "
        f"{len(rows)} events. A second schedule with the times of burns was looked for and not found; nor "
        "was a second source of the 10 km that the first co-elliptic orbit runs below the station's, which "
        "stays assumed. The 2.5 km of the second were reported of Demo-1 too, 7 km behind.",
        ("event", "scheduled", "simulated", "error min", "null error min", "what it rests on"),
        tuple(rows),
        {
            "worst_burn_min": worst_far,
            "worst_free_burn_min": worst_free,
            "worst_null_burn_min": worst_null,
            "worst_near_min": worst_near,
            "approach_min": approach_min,
            "is_ordered": float(is_ordered),
        },
    )


# As reported.  Crew-1 began its approach at 21:22 EST and docked at 23:01, with a stop for the light at 20 m
# (NASA in scitechdaily.com, 16 November 2020; tech2.org).  Demo-2 burned at 12:11 UTC, was 400 m below before
# 13:00 and ahead before 13:30, docked at 14:16, with two manual tests (urania.edu.pl, 31 May 2020).  Ax-4 was
# to be ahead at 10:09 UTC (businessinsider.com.pl, 26 June 2025) and docked at 10:31:47 (the record).
_APPROACHES: Final = (
    ("Crew-1, as flown", "approach-initiation", "contact", 99.0, "with a stop to wait for the light"),
    ("Demo-2, as flown", "approach-initiation", "waypoint-0", 49.0, "at most: before the hour"),
    ("Demo-2, as flown", "approach-initiation", "waypoint-1", 79.0, "at most: before the half hour"),
    ("Demo-2, as flown", "approach-initiation", "contact", 125.0, "with two tests by hand"),
    ("Ax-4, planned to flown", "waypoint-1", "contact", 22.8, "to the zenith port"),
)


def dragon_approach_section() -> Section:
    """Spans of other Dragons' approaches, reported while they flew and used nowhere in the model."""
    ours, null = times_of(crew_1()), null_times()
    rows = []
    errors = []
    for flight, begin, end, real_min, remark in _APPROACHES:
        our_min, null_min = ((times[end] - times[begin]) / 60 for times in (ours, null))
        errors.append(our_min - real_min)
        rows.append(
            (
                flight, f"{begin} to {end}", f"{real_min:.0f}", f"{our_min:.0f}", f"{null_min:.0f}", remark,
            )
        )  # fmt: skip
    return Section(
        "dragon-approach",
        "Approaches of other Dragons",
        "Minutes as reported while they flew, used nowhere in the model; the simulated ones are Crew-1's, to "
        "the forward port. Null model: as above. Stops that no schedule has are not simulated.",
        ("flight", "span", "real min", "simulated min", "null min", "remark"),
        tuple(rows),
        {"n": len(rows), "median_error_min": median_size(errors)},
    )
