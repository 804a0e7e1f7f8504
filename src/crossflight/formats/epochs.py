"""Epochs of orbit files: calendar and day-of-year dates, element-set days, other time scales.

Everything is an exact integer of microseconds.  A TLE counts days with eight decimals, and 1e-8 of a
day is 864 microseconds, so its epochs lose nothing on the way in or out.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from crossflight.times import DAY_S, Instant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SECOND_US: Final = 1_000_000
_DAY_US: Final = DAY_S * _SECOND_US
_TLE_STEP_US: Final = _DAY_US // 10**8
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
# Nothing was in orbit earlier; nobody has an orbit for later.
YEAR_MIN: Final = 1957
YEAR_MAX: Final = 2199
# Two digits of a TLE's year: 57 to 99 are 1957 to 1999 (US Space Command's rule).
_TLE_CENTURY_FROM: Final = 57

EPOCH: Final = (
    r"([0-9]{4}-(?:[0-9]{3}|[0-9]{2}-[0-9]{2}))T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{0,20}))?Z?"
)
_EPOCH: Final = re.compile(EPOCH)

TIME_SYSTEMS: Final = ("UTC", "TAI", "TT", "GPS")
# TT - TAI is 32.184 s (IAU 1991); GPS time ran with UTC on 1980-01-06, where TAI - UTC was 19 s.
_TAI_MINUS_US: Final = {"TAI": 0, "TT": -32_184_000, "GPS": 19_000_000}


class LeapSecondError(ValueError):
    """A time inside a leap second, which an `Instant` cannot hold; `index` says which of an array."""

    def __init__(self, message: str, index: int = 0) -> None:
        super().__init__(message)
        self.index = index


def epoch_us(text: str) -> int:
    """Microseconds since 1970-01-01T00:00:00 of ``2021-08-13T12:40:19.983Z`` or ``2021-225T12:40:19.983Z``.

    Digits beyond the microsecond are rounded.

    Raises
    ------
    ValueError
        If it is no such time; the message says why.
    """
    found = _EPOCH.fullmatch(text)
    if found is None:
        raise ValueError("write 2021-08-13T12:40:19.983 or 2021-225T12:40:19.983")
    return matched_us(*found.groups())


def matched_us(day: str, hour: str, minute: str, second: str, fraction: str | None) -> int:
    """The five groups of `EPOCH` as microseconds since 1970; raises ValueError as `epoch_us` does."""
    h, m, s = int(hour), int(minute), int(second)
    if s == 60 and m == 59:
        raise LeapSecondError("second 60: a leap second cannot be held; leave it out")
    if h > 23 or m > 59 or s > 59:
        raise ValueError(f"there is no {hour}:{minute}:{second}")
    us = _day_us(day) + ((h * 60 + m) * 60 + s) * _SECOND_US
    if fraction:
        us += int(fraction[:6].ljust(6, "0"))
        if fraction[6:7] >= "5":
            us += 1
    return us


@lru_cache(maxsize=1024)
def _day_us(text: str) -> int:
    """Midnight of ``2021-08-13`` or ``2021-225``."""
    year = int(text[:4])
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise ValueError(f"the year {text[:4]} is outside {YEAR_MIN} to {YEAR_MAX}")
    if len(text) == len("2021-225"):
        day = int(text[5:])
        if not 1 <= day <= n_days(year):
            raise ValueError(f"{year} has days 1 to {n_days(year)}, not {text[5:]}")
        ordinal = date(year, 1, 1).toordinal() + day - 1
    else:
        try:
            ordinal = date(year, int(text[5:7]), int(text[8:])).toordinal()
        except ValueError:
            raise ValueError(f"there is no day {text}") from None
    return (ordinal - _EPOCH_ORDINAL) * _DAY_US


def n_days(year: int) -> int:
    """Days of a year."""
    return date(year, 12, 31).timetuple().tm_yday


def tle_epoch(year: int, day: int, fraction: int) -> Instant:
    """The instant of a TLE's two-digit year, day of the year (from 1) and 1e-8 days.

    Raises
    ------
    ValueError
        If the year has no such day.
    """
    full = year + (1900 if year >= _TLE_CENTURY_FROM else 2000)
    if not 1 <= day <= n_days(full):
        raise ValueError(f"{full} has days 1 to {n_days(full)}, not {day}")
    days = date(full, 1, 1).toordinal() - _EPOCH_ORDINAL + day - 1
    return Instant(days * _DAY_US + fraction * _TLE_STEP_US)


def tle_epoch_text(at: Instant) -> str:
    """``21225.52800906``: columns 19 to 32 of a TLE, rounded to its 864 microseconds.

    Raises
    ------
    ValueError
        If the year is not 1957 to 2056.
    """
    steps = (at.us + _TLE_STEP_US // 2) // _TLE_STEP_US
    days, fraction = divmod(steps, 10**8)
    day = date.fromordinal(_EPOCH_ORDINAL + days)
    if not _TLE_CENTURY_FROM + 1900 <= day.year < _TLE_CENTURY_FROM + 2000:
        raise ValueError(f"the year {day.year} is outside 1957 to 2056")
    return f"{day.year % 100:02d}{day.timetuple().tm_yday:03d}.{fraction:08d}"


def designator_year(two_digits: int) -> int:
    """The launch year of an international designator's two digits."""
    return two_digits + (1900 if two_digits >= _TLE_CENTURY_FROM else 2000)


def to_utc_us(t_us: NDArray[np.int64], system: str) -> NDArray[np.int64]:
    """Times of one of `TIME_SYSTEMS` as UTC.

    Parameters
    ----------
    t_us
        Shape (n,): microseconds since 1970-01-01T00:00:00 as the scale's own clock shows them.

    Returns
    -------
    NDArray[np.int64]
        Shape (n,): the same on the UTC clock, as `Instant.us`.  Leap seconds from the IAU's table in
        erfa; after its end the last one holds.

    Raises
    ------
    LeapSecondError
        If one falls inside a leap second.
    ValueError
        If one lies before 1972, where UTC had no whole seconds from TAI.
    """
    if system == "UTC":
        return t_us
    import erfa
    import numpy as np

    table = erfa.leap_seconds.get()
    whole = table[table["year"] >= 1972]
    from_utc_us = np.array(
        [
            (date(int(y), int(m), 1).toordinal() - _EPOCH_ORDINAL) * _DAY_US
            for y, m in zip(whole["year"], whole["month"], strict=True)
        ]
    )
    offset_us = np.rint(whole["tai_utc"] * _SECOND_US).astype(np.int64)
    tai_us = t_us + _TAI_MINUS_US[system]
    entry = np.searchsorted(from_utc_us + offset_us, tai_us, side="right") - 1
    if (entry < 0).any():
        raise ValueError(f"{system} is read from 1972 on, where UTC began to keep whole seconds from TAI")
    utc_us: NDArray[np.int64] = tai_us - offset_us[entry]
    next_us = np.append(from_utc_us[1:], np.iinfo(np.int64).max)
    inside = np.flatnonzero(utc_us >= next_us[entry])
    if len(inside):
        raise LeapSecondError("it falls inside a leap second, which cannot be held", int(inside[0]))
    return utc_us
