"""What the published ephemerides of the station say in their comments: mass, drag, planned events.

The comments are free text for people.  They are read leniently: what is not there is None, what cannot
be read is passed over, and nothing here is ever an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from crossflight.formats.orbit_source import N_NUMBER_MAX, number
from crossflight.model.orbit import EphemerisArc
from crossflight.times import DAY_S, Instant

_FACT: Final = re.compile(r"[ \t]*(MASS|DRAG_AREA|DRAG_COEFF)[ \t]*=[ \t]*([^ \t]{1,40})[ \t]*")
_BEGIN: Final = "TRAJECTORY EVENT SUMMARY"
_END: Final = "End sequence of events"
_TIME: Final = re.compile(r"[ \t]([0-9]{3}):([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]{1,6})?)(?=[ \t]|$)")
_DAYS_HALF_A_YEAR: Final = 183
# The columns after the time: orbit (often empty), delta-v, apogee, perigee.
_N_AFTER: Final = (3, 4)


@dataclass(frozen=True, slots=True)
class StationEvent:
    """A line of the event summary; `dv_m_s` is 0 where nothing burns, and has one decimal in the files."""

    name: str
    ignition_utc: Instant
    dv_m_s: float


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What an ephemeris was made with: None or empty where its comments do not say."""

    mass_kg: float | None = None
    drag_area_m2: float | None = None
    drag_coefficient: float | None = None
    events: tuple[StationEvent, ...] = ()


def station_facts(arc: EphemerisArc) -> StationFacts:
    """Mass, drag and planned events from the comments of an arc.

    An event's time is a day of the year without the year: the one that lies nearest to the arc's begin is
    meant.
    """
    numbers: dict[str, float] = {}
    events: list[StationEvent] = []
    is_inside = False
    for line in arc.comments:
        fact = _FACT.fullmatch(line)
        if fact is not None:
            value = number(fact[2])
            if value is not None and value > 0:
                numbers.setdefault(fact[1], value)
        elif _BEGIN in line:
            is_inside = True
        elif _END in line:
            is_inside = False
        elif is_inside:
            event = _event(line, arc.from_utc)
            if event is not None:
                events.append(event)
    return StationFacts(
        numbers.get("MASS"), numbers.get("DRAG_AREA"), numbers.get("DRAG_COEFF"), tuple(events)
    )


def _event(line: str, from_utc: Instant) -> StationEvent | None:
    """A line such as ``GMT231 SM Reboost     231:04:04:00.000             0.7     425.0     414.3``."""
    found = _TIME.search(line)
    if found is None:
        return None
    name = " ".join(line[: found.start()].split())
    ignition_utc = _instant(int(found[1]), int(found[2]), int(found[3]), float(found[4]), from_utc)
    after = line[found.end() :].split()
    if not name or ignition_utc is None or len(after) not in _N_AFTER:
        return None
    dv_m_s = number(after[-3]) if len(after[-3]) <= N_NUMBER_MAX else None
    if dv_m_s is None:
        return None
    return StationEvent(name, ignition_utc, dv_m_s)


def _instant(day: int, hour: int, minute: int, second: float, near: Instant) -> Instant | None:
    """The day of the year in the year that puts it nearest to `near`."""
    if not 1 <= day <= 366 or hour > 23 or minute > 59 or second >= 60:
        return None
    year = int(near.date()[:4])
    for candidate in (year, year + 1, year - 1):
        at = Instant.of(candidate, 1, 1).plus_s((day - 1) * DAY_S + hour * 3600 + minute * 60 + second)
        if abs(at.days_since(near)) <= _DAYS_HALF_A_YEAR and at.date()[:4] == str(candidate):
            return at
    return None
