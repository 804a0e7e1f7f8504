"""Time scales on arrays: UTC labels, TAI, TT and UT1, in int64 microseconds.

UTC is the label of `Instant.us`: 86 400 s a day, leap seconds not counted.  TAI and TT count SI
microseconds since 1970-01-01T00:00:00 on their own scale, so differences of them are elapsed time.  A
label cannot name the inside of a leap second: going back from TAI, 23:59:60.x reads 00:00:00.x.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossflight.dynamics.tables import DAY_US, leap_seconds, orientation_table
from crossflight.errors import InputError
from crossflight.times import Instant

TT_MINUS_TAI_US: Final = 32_184_000  # by definition, IAU 1991
JD_UNIX_EPOCH: Final = 2_440_587.5
J2000_US: Final = 946_728_000_000_000  # 2000-01-01T12:00:00 on any of the scales, from its own 1970

# Past 2100 the series for the Sun and the pole leave the years they were made for (erfa warns there).
LAST_UTC: Final = Instant.of(2100, 1, 1)

TimesUs = NDArray[np.int64]


def instants_us(t_utc_us: TimesUs | int) -> TimesUs:
    """Instants as an array of shape (n,), refused outside the years in which they mean something.

    Raises
    ------
    InputError
        Before 1972, when UTC had no whole seconds, or past 2100.
    """
    t = np.atleast_1d(np.asarray(t_utc_us, np.int64))
    first_us = int(leap_seconds()[0][0])
    if t.size and (int(t.min()) < first_us or int(t.max()) > LAST_UTC.us):
        off = Instant(int(t.min())) if int(t.min()) < first_us else Instant(int(t.max()))
        raise InputError(
            f"{_label(off)} is outside {Instant(first_us).date()} to {LAST_UTC.date()}",
            hint="UTC counts whole leap seconds since 1972 only, and the series of the sky end in 2100.",
        )
    return t


def _label(at: Instant) -> str:
    try:
        return at.iso()
    except OverflowError:
        return f"{at.us} microseconds since 1970"


def tai_minus_utc_s(t_utc_us: TimesUs | int) -> NDArray[np.int64]:
    """TAI-UTC in whole seconds at UTC labels, shape (n,)."""
    from_us, offset_s = leap_seconds()
    offsets: NDArray[np.int64] = offset_s[np.searchsorted(from_us, instants_us(t_utc_us), "right") - 1]
    return offsets


def tai_us(t_utc_us: TimesUs | int) -> TimesUs:
    """TAI of UTC labels, shape (n,)."""
    return instants_us(t_utc_us) + tai_minus_utc_s(t_utc_us) * 1_000_000


def tt_us(t_utc_us: TimesUs | int) -> TimesUs:
    """TT of UTC labels, shape (n,)."""
    return tai_us(t_utc_us) + TT_MINUS_TAI_US


def utc_us(t_tai_us: TimesUs | int) -> TimesUs:
    """UTC labels of TAI, shape (n,); inside a leap second the label of one second later."""
    t = np.atleast_1d(np.asarray(t_tai_us, np.int64))
    from_us, offset_s = leap_seconds()
    # The new offset begins with the leap second's end; its inside still counts with the old one.
    begins_us = from_us + offset_s * 1_000_000
    i = np.maximum(np.searchsorted(begins_us, t, "right") - 1, 0)
    return instants_us(t - offset_s[i] * 1_000_000)


def elapsed_s(from_utc_us: TimesUs | int, to_utc_us: TimesUs | int) -> NDArray[np.float64]:
    """SI seconds from one UTC label to another, leap seconds counted; shape (n,)."""
    seconds: NDArray[np.float64] = (tai_us(to_utc_us) - tai_us(from_utc_us)) / 1e6
    return seconds


def ut1_minus_utc_s(t_utc_us: TimesUs | int) -> NDArray[np.float64]:
    """UT1-UTC in seconds, shape (n,).

    UT1-TAI is interpolated linearly in the daily table, so that leap seconds leave no trace; past the
    last date it is held.  Sub-daily tides, below 0.1 ms, are left out.

    Raises
    ------
    InputError
        Before the table begins in 1973.
    """
    table = orientation_table()
    require_orientation(t_utc_us, table.t_utc_us)
    return _ut1_minus_tai_s(t_utc_us, table.t_utc_us, table.ut1_minus_tai_s) + tai_minus_utc_s(t_utc_us)


def require_orientation(t_utc_us: TimesUs | int, node_utc_us: TimesUs) -> None:
    """Refuse instants before the first date of the Earth orientation."""
    t = instants_us(t_utc_us)
    if t.size and int(t.min()) < int(node_utc_us[0]):
        raise InputError(
            f"{_label(Instant(int(t.min())))} is before {Instant(int(node_utc_us[0])).date()}, "
            "the first date of the Earth orientation table",
            hint="Frames that turn with the Earth are known from that date on.",
        )


def _ut1_minus_tai_s(
    t_utc_us: TimesUs | int, node_utc_us: TimesUs, node_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    t_tai_us = tai_us(t_utc_us)
    interpolated: NDArray[np.float64] = np.interp(
        t_tai_us.astype(np.float64), tai_us(node_utc_us).astype(np.float64), node_s
    )
    return interpolated


def julian_date(scale_us: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A Julian date in two parts, midnight and fraction of the day, of microseconds on one scale."""
    days, rest_us = np.divmod(np.asarray(scale_us, np.int64), DAY_US)
    return days + JD_UNIX_EPOCH, rest_us / DAY_US


def tt_jd(t_utc_us: TimesUs | int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """TT as a two-part Julian date, shape (n,) each; it serves as TDB too (they differ by 2 ms at most)."""
    return julian_date(tt_us(t_utc_us))


def ut1_jd(
    t_utc_us: TimesUs | int, ut1_utc_s: NDArray[np.float64] | float | None = None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """UT1 as a two-part Julian date, shape (n,) each.

    Parameters
    ----------
    ut1_utc_s
        UT1-UTC where it is known otherwise than from the table.
    """
    offset_s = ut1_minus_utc_s(t_utc_us) if ut1_utc_s is None else ut1_utc_s
    midnight, fraction = julian_date(instants_us(t_utc_us))
    return midnight, fraction + np.asarray(offset_s) / 86_400.0
