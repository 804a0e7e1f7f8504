"""The shipped tables: leap seconds, Earth orientation, space weather; their dates, and what is past them.

All of them are inside the libraries (erfa, heyoka); nothing is downloaded.  Past its last date a table
does not end a computation: each has a stated way to go on, which :func:`table_spans` puts into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import erfa
import numpy as np
from numpy.typing import NDArray

from crossflight.times import DAY_S, Instant

DAY_US: Final = DAY_S * 1_000_000
MJD_UNIX_EPOCH: Final = 40_587  # 1970-01-01 as a modified Julian date
ARCSEC_RAD: Final = np.pi / 648_000
# A quiet week and a solar storm forget each other within a solar rotation (27 d): past the table the
# geomagnetic index is the mean of the last three rotations, as F10.7 is its own 81-day mean.
_N_DAYS_MEAN: Final = 81


@dataclass(frozen=True, slots=True)
class TableSpan:
    """A shipped table: its first and last date, and what happens past the last one.

    `first_utc` and `last_utc` are None for a table without dates (the gravity field).
    """

    name: str
    source: str
    first_utc: Instant | None
    last_utc: Instant | None
    past_the_end: str


@dataclass(frozen=True, slots=True)
class OrientationTable:
    """Earth orientation at 0 h UTC of consecutive days.

    Attributes
    ----------
    t_utc_us
        Shape (n,), int64.
    ut1_minus_tai_s
        Shape (n,): continuous where UT1-UTC jumps.
    xp_rad, yp_rad
        Shape (n,): polar motion.
    dx_rad, dy_rad
        Shape (n,): offsets of the celestial pole from IAU 2006/2000A.
    """

    t_utc_us: NDArray[np.int64]
    ut1_minus_tai_s: NDArray[np.float64]
    xp_rad: NDArray[np.float64]
    yp_rad: NDArray[np.float64]
    dx_rad: NDArray[np.float64]
    dy_rad: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeatherTable:
    """Space weather at 0 h UTC of consecutive days.

    Attributes
    ----------
    t_utc_us
        Shape (n,), int64.
    f107, f107_mean
        Shape (n,): observed 10.7 cm flux and its 81-day centred mean, in 1e-22 W m-2 Hz-1.
    ap
        Shape (n,): mean Ap index about the date.
    """

    t_utc_us: NDArray[np.int64]
    f107: NDArray[np.float64]
    f107_mean: NDArray[np.float64]
    ap: NDArray[np.float64]

    def hold(self) -> tuple[float, float, float]:
        """F10.7, its mean and Ap past the last date: the last 81-day mean flux and the mean Ap of 81 days."""
        return (
            float(self.f107_mean[-1]),
            float(self.f107_mean[-1]),
            float(self.ap[-_N_DAYS_MEAN:].mean()),
        )


@lru_cache(maxsize=1)
def leap_seconds() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """UTC labels (microseconds) from which an offset holds, and TAI-UTC in whole seconds, since 1972."""
    table = erfa.leap_seconds.get()
    table = table[table["year"] >= 1972]
    from_us = [Instant.of(int(y), int(m), 1).us for y, m in zip(table["year"], table["month"], strict=True)]
    return np.array(from_us, np.int64), np.rint(table["tai_utc"]).astype(np.int64)


def _midnights_us(mjd: NDArray[np.float64]) -> NDArray[np.int64]:
    return (np.rint(mjd).astype(np.int64) - MJD_UNIX_EPOCH) * DAY_US


@lru_cache(maxsize=1)
def orientation_table() -> OrientationTable:
    """The Earth orientation data inside heyoka (IERS rapid service, finals2000A)."""
    import heyoka

    raw = heyoka.eop_data().table
    t_utc_us = _midnights_us(raw["mjd"])
    from_us, tai_utc_s = leap_seconds()
    at_midnight_s = tai_utc_s[np.searchsorted(from_us, t_utc_us, "right") - 1]
    return OrientationTable(
        t_utc_us,
        raw["delta_ut1_utc"] - at_midnight_s,
        raw["pm_x"] * ARCSEC_RAD,
        raw["pm_y"] * ARCSEC_RAD,
        raw["dX"] * (ARCSEC_RAD / 1000),  # milliarcseconds in the table
        raw["dY"] * (ARCSEC_RAD / 1000),
    )


@lru_cache(maxsize=1)
def weather_table() -> WeatherTable:
    """The space weather inside heyoka (CelesTrak, since 1957, forecast days included)."""
    import heyoka

    raw = heyoka.sw_data().table
    return WeatherTable(
        _midnights_us(raw["mjd"]), raw["f107"].copy(), raw["f107a_center81"].copy(), raw["Ap_avg"].copy()
    )


def table_spans() -> tuple[TableSpan, ...]:
    """Every shipped table with its dates, for people who ask how fresh they are."""
    import heyoka

    from_us, tai_utc_s = leap_seconds()
    orientation, weather = orientation_table(), weather_table()
    f107, _, ap = weather.hold()
    eop, sw = heyoka.eop_data(), heyoka.sw_data()
    return (
        TableSpan(
            "leap seconds",
            "erfa (IERS Bulletin C); no later jump in the Earth orientation data",
            Instant(int(from_us[0])),
            Instant(int(orientation.t_utc_us[-1])),  # a leap second before would show in UT1-TAI, by test
            f"no further leap second is assumed: TAI-UTC stays {tai_utc_s[-1]} s",
        ),
        TableSpan(
            "Earth orientation",
            f"heyoka {heyoka.__version__} ({eop.identifier}, {eop.timestamp})",
            Instant(int(orientation.t_utc_us[0])),
            Instant(int(orientation.t_utc_us[-1])),
            # Measured on the last 20 years of the table itself: rms of holding a value.
            "the last UT1-UTC, polar motion and pole are held: over its last 20 years that was wrong by "
            "0.03 s after a month, 0.14 s after half a year, 0.28 s after a year (130 m on the equator)",
        ),
        TableSpan(
            "space weather",
            f"heyoka {heyoka.__version__} ({sw.identifier}, {sw.timestamp})",
            Instant(int(weather.t_utc_us[0])),
            Instant(int(weather.t_utc_us[-1])),
            f"F10.7 and its mean are held at {f107:.1f}, Ap at {ap:.1f} (means of the last 81 days)",
        ),
        TableSpan(
            "gravity field",
            f"heyoka {heyoka.__version__} (EGM2008)",
            None,
            None,
            "it has no dates",
        ),
    )
