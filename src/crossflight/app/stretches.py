"""A span of days in pieces that one mean orbit serves, and what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeVar

from crossflight.app.orbit_file import OrbitFile, PlannedBurn, target_for
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.times import Instant

T = TypeVar("T")

# Two stretches put one pass a second apart.
_OVERLAP_S: Final = 30.0


def over_stretches(
    file: OrbitFile,
    start: Instant,
    end: Instant,
    find: Callable[[MeanOrbit, Instant, Instant], Sequence[T]],
    at: Callable[[T], Instant],
    burns: Sequence[PlannedBurn] = (),
) -> Iterator[tuple[T, MeanOrbit]]:
    """What `find` finds in [start, end), in order of time, each once and with the orbit it was found with.

    Element sets serve the whole span; each day of an ephemeris has its own stretch of it.
    """
    last = start if file.ephemeris is None else file.ephemeris.arcs[-1].to_utc
    begin = start
    latest: Instant | None = None
    while begin < end:
        until = min(begin.plus_days(1), end) if begin < last else end
        orbit = target_for(file, begin, until, burns).orbit
        # Look past both ends, and take each pass once.
        first = begin if begin == start else begin.plus_s(-_OVERLAP_S)
        close = until if until == end else until.plus_s(_OVERLAP_S)
        for x in find(orbit, first, close):
            if latest is None or at(x).s_since(latest) > 2 * _OVERLAP_S:
                latest = at(x)
                yield x, orbit
        begin = until
