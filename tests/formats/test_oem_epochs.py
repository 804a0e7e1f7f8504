"""Epochs of orbit files and the time scales they are in, against erfa."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.formats.epochs import LeapSecondError, epoch_us, tle_epoch, tle_epoch_text, to_utc_us
from crossflight.times import Instant


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2021-225T12:40:19.983Z", "2021-08-13T12:40:19.983Z"),
        ("2021-08-13T12:40:19.983", "2021-08-13T12:40:19.983Z"),
        ("2024-366T00:00:00", "2024-12-31T00:00:00Z"),
        ("2024-02-29T23:59:59.", "2024-02-29T23:59:59Z"),
        ("2000-001T00:00:00.0000004", "2000-01-01T00:00:00Z"),
        ("2000-001T00:00:00.0000005", "2000-01-01T00:00:00.000001Z"),
        ("1999-12-31T23:59:59.99999951", "2000-01-01T00:00:00Z"),
    ],
)
def test_calendar_days_and_days_of_the_year(text: str, iso: str) -> None:
    assert Instant(epoch_us(text)).iso() == iso


@given(st.datetimes(datetime(1957, 1, 1), datetime(2199, 12, 31)))
def test_both_ways_of_writing_a_day_agree(at: datetime) -> None:
    expected = (at.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    assert epoch_us(at.strftime("%Y-%m-%dT%H:%M:%S.%f")) == expected
    assert epoch_us(at.strftime("%Y-%jT%H:%M:%S.%f")) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2021-08-13 12:40:19", "write 2021-08-13T12"),
        ("2021-08-13T12:40", "write"),
        ("2021-08-13T12:40:19+00:00", "write"),
        ("\u0662021-08-13T12:40:19", "write"),
        ("2021-08-13T12:40:19\n", "write"),
        ("2023-366T00:00:00", "2023 has days 1 to 365, not 366"),
        ("2023-000T00:00:00", "not 000"),
        ("2023-02-29T00:00:00", "there is no day 2023-02-29"),
        ("2023-13-01T00:00:00", "there is no day"),
        ("1956-12-31T00:00:00", "the year 1956 is outside"),
        ("2200-001T00:00:00", "the year 2200 is outside"),
        ("0000-001T00:00:00", "the year 0000 is outside"),
        ("2023-01-01T24:00:00", "there is no 24:00:00"),
        ("2023-01-01T00:60:00", "there is no 00:60:00"),
        ("2023-01-01T00:00:60", "there is no 00:00:60"),
        ("2016-12-31T23:59:60", "a leap second cannot be held"),
    ],
)
def test_times_that_are_none(text: str, says: str) -> None:
    if text.startswith("2023-01-01T00:00:60"):
        says = "there is no 00:00:60"
    with pytest.raises(ValueError, match=says):
        epoch_us(text)


@given(st.integers(-474_800_000_000, 3_175_000_000_000 - 1))
def test_the_days_of_a_set_lose_nothing(steps: int) -> None:
    text = tle_epoch_text(Instant(steps * 864))
    year, day, fraction = int(text[:2]), int(text[2:5]), int(text[6:])
    assert tle_epoch(year, day, fraction).us == steps * 864


def erfa_utc_us(tai_us: int) -> int:
    """The same conversion by erfa: Julian dates to a calendar."""
    days, rest = divmod(tai_us, 86_400_000_000)
    utc = erfa.taiutc(2440587.5 + days, rest / 86_400e6)
    year, month, day, (hour, minute, second, fraction) = erfa.d2dtf("UTC", 6, *utc)
    assert second < 60
    at = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), int(fraction))
    return (at - datetime(1970, 1, 1)) // timedelta(microseconds=1)


@given(st.integers(Instant.of(1972, 1, 2).us, Instant.of(2025, 1, 1).us))
def test_atomic_time_against_erfa(tai_us: int) -> None:
    try:
        (ours,) = to_utc_us(np.array([tai_us]), "TAI").tolist()
    except LeapSecondError:
        return
    assert abs(ours - erfa_utc_us(tai_us)) <= 1  # erfa counts days in doubles


@pytest.mark.parametrize(("system", "minus_tai_s"), [("TT", 32.184), ("GPS", -19.0)])
def test_scales_at_a_fixed_distance_from_atomic_time(system: str, minus_tai_s: float) -> None:
    tai_us = np.array([Instant.of(1980, 1, 7).us, Instant.of(2021, 8, 13).us])
    shifted = tai_us + round(minus_tai_s * 1e6)
    assert (to_utc_us(shifted, system) == to_utc_us(tai_us, "TAI")).all()


def test_around_a_leap_second() -> None:
    midnight = Instant.of(2017, 1, 1).us
    tai_us = midnight + np.array([36_000_000 - 1, 37_000_000, 37_000_001])
    assert (to_utc_us(tai_us, "TAI") - midnight).tolist() == [-1, 0, 1]
    for inside in (36_000_000, 36_500_000, 36_999_999):
        with pytest.raises(LeapSecondError) as caught:
            to_utc_us(midnight + np.array([0, 37_000_000, inside]), "TAI")
        assert caught.value.index == 2


def test_before_and_after_the_table_of_leap_seconds() -> None:
    with pytest.raises(ValueError, match="from 1972 on"):
        to_utc_us(np.array([Instant.of(1971, 12, 31).us]), "TT")
    late = np.array([Instant.of(2150, 1, 1).us])
    assert (late - to_utc_us(late, "TAI")).tolist() == [37_000_000]
    assert to_utc_us(late, "UTC") is late
