"""Times of a flight as people write them."""

from __future__ import annotations

from crossflight.times import Instant


def second(utc: Instant) -> str:
    """To the second: 2022-09-21 13:54:50."""
    return utc.plus_s(0.5).iso()[:19].replace("T", " ")


def clock(seconds: float) -> str:
    """Mission time to the second: 0/03:09:06."""
    days, rest = divmod(round(seconds), 86_400)
    return f"{days}/{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"


def span(seconds: float) -> str:
    """A stretch to the minute: 3 h 09 min, 2 d 05 h."""
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60:02} h"
