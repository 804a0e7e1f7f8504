"""UTC, TAI, TT and UT1: leap seconds, the tables' ends, and the way back."""

import erfa
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.dynamics.tables import leap_seconds, orientation_table, table_spans, weather_table
from crossflight.dynamics.time_scales import (
    LAST_UTC,
    elapsed_s,
    julian_date,
    tai_minus_utc_s,
    tai_us,
    tt_us,
    ut1_jd,
    ut1_minus_utc_s,
    utc_us,
)
from crossflight.errors import InputError
from crossflight.times import Instant

LEAP = Instant.of(2017, 1, 1)  # after 2016-12-31T23:59:60


def test_seconds_across_a_leap_second_are_si_seconds() -> None:
    before, after = LEAP.plus_s(-1), LEAP
    assert after.s_since(before) == 1.0
    assert elapsed_s(before.us, after.us) == [2.0]
    assert elapsed_s(LEAP.plus_days(-1).us, LEAP.us) == [86_401.0]
    assert elapsed_s(LEAP.us, LEAP.plus_days(1).us) == [86_400.0]


def test_every_leap_second_since_1972_is_one_second() -> None:
    from_us, offset_s = leap_seconds()
    assert offset_s[0] == 10
    assert Instant(int(from_us[0])) == Instant.of(1972, 1, 1)
    assert np.all(np.diff(offset_s) == 1)
    assert np.array_equal(tai_minus_utc_s(from_us[1:] - 1), offset_s[:-1])
    assert np.array_equal(tai_minus_utc_s(from_us[1:]), offset_s[1:])


def test_terrestrial_time_agrees_with_erfa() -> None:
    for year, month, day in ((1975, 7, 15), (2004, 4, 6), (2016, 12, 30), (2017, 1, 1), (2021, 8, 13)):
        at = Instant.of(year, month, day, 7, 51, 28).plus_s(0.386009)
        tai = erfa.utctai(*erfa.dtf2d("UTC", year, month, day, 7, 51, 28.386009))
        tt = erfa.taitt(*tai)
        ours = julian_date(tt_us(at.us))
        assert abs(((ours[0][0] - tt[0]) + (ours[1][0] - tt[1])) * 86_400) < 1e-6


@given(st.integers(Instant.of(1972, 1, 2).us, Instant.of(2099, 12, 31).us))
def test_going_to_tai_and_back_gives_the_label(us: int) -> None:
    assert utc_us(tai_us(us))[0] == us


def test_the_inside_of_a_leap_second_reads_as_the_second_after() -> None:
    inside = int(tai_us(LEAP.us)[0]) - 500_000
    assert Instant(int(utc_us(inside)[0])) == LEAP.plus_s(0.5)


def test_ut1_is_continuous_where_utc_jumps() -> None:
    labels = LEAP.us + np.arange(-3, 4, dtype=np.int64) * 3_600_000_000
    ut1_s = (tai_us(labels) - tai_us(labels)[0]) / 1e6 + (ut1_minus_utc_s(labels) - tai_minus_utc_s(labels))
    steps = np.diff(ut1_s)
    assert np.ptp(steps) < 1.01  # a step over the leap second is 3601 s, the others 3600 s
    assert steps[2] - 3601 == pytest.approx(steps[1] - 3600, abs=1e-4)
    assert ut1_minus_utc_s(LEAP.us)[0] == pytest.approx(0.5912975, abs=1e-7)  # the table's own day
    assert ut1_minus_utc_s(LEAP.us - 1)[0] == pytest.approx(0.5912975 - 1, abs=1e-7)


def test_ut1_in_the_vallado_example_agrees_to_the_tables_of_two_decades() -> None:
    # Vallado 2013, example 3-15: UT1-UTC -0.4399619 s on 2004-04-06 as a whole day's value.
    at = Instant.parse("2004-04-06T00:00:00Z")
    assert ut1_minus_utc_s(at.us)[0] == pytest.approx(-0.4399619, abs=1e-3)


def test_ut1_is_held_past_the_table_and_refused_before_it() -> None:
    table = orientation_table()
    last = int(table.t_utc_us[-1])
    years_on = Instant(last).plus_days(1000).us
    assert ut1_minus_utc_s(years_on)[0] == pytest.approx(ut1_minus_utc_s(last)[0], abs=1e-9)
    with pytest.raises(InputError, match="before 1973-01-02"):
        ut1_minus_utc_s(Instant.of(1972, 6, 1).us)


def test_two_part_dates_keep_microseconds() -> None:
    at = Instant.parse("2021-08-13T13:47:16.755001Z")
    a, b = ut1_jd(at.us, 0.0), ut1_jd(at.us + 1, 0.0)
    assert (b[1][0] - a[1][0]) * 86_400e6 == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    "at", [Instant.of(1969, 7, 20), LAST_UTC.plus_days(1), Instant(2**62), Instant(-(2**62))]
)
def test_instants_outside_the_years_of_the_series_are_refused(at: Instant) -> None:
    with pytest.raises(InputError, match=r"outside 1972-01-01 to 2100-01-01"):
        tai_us(at.us)


def test_no_leap_second_hides_in_the_earth_orientation() -> None:
    """UT1-TAI would jump by a second where erfa does not know a leap second the table had."""
    assert np.abs(np.diff(orientation_table().ut1_minus_tai_s)).max() < 0.01


def test_every_table_says_its_dates_and_what_is_past_them() -> None:
    spans = {span.name: span for span in table_spans()}
    assert set(spans) == {"leap seconds", "Earth orientation", "space weather", "gravity field"}
    for name, span in spans.items():
        assert len(span.past_the_end) > 10
        if name != "gravity field":
            assert span.first_utc is not None
            assert span.last_utc is not None
            assert span.first_utc < Instant.of(1975, 1, 1) < Instant.of(2026, 1, 1) < span.last_utc


def test_held_weather_is_the_mean_of_the_last_days() -> None:
    table = weather_table()
    f107, f107_mean, ap = table.hold()
    assert f107 == f107_mean == table.f107_mean[-1]
    assert table.ap[-81:].min() < ap < table.ap[-81:].max()
