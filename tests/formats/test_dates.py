"""Dates as people write them: one meaning or none."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.formats.dates import is_stated, parse_when

SPELLED = {
    "2022-03-18": "2022-03-18",
    "2022/03/18": "2022-03-18",
    "20220318": "2022-03-18",
    "2022-077": "2022-03-18",
    "18-Mar-22": "2022-03-18",
    "18-MAR-2022": "2022-03-18",
    "18 March 2022": "2022-03-18",
    "18Mar2022": "2022-03-18",
    "Mar 18, 2022": "2022-03-18",
    "March 18th 2022": "2022-03-18",
    "5 Sept 2022": "2022-09-05",
    "18.03.2022": "2022-03-18",
    "18/03/2022": "2022-03-18",
    "03/18/2022": "2022-03-18",
    "03/03/2022": "2022-03-03",
    "2022-03-18T15:55": "2022-03-18T15:55:00Z",
    "2022-03-18 15:55:18 UTC": "2022-03-18T15:55:18Z",
    "2022-03-18T15:55:18.25Z": "2022-03-18T15:55:18.25Z",
    "18-Mar-22 15:55": "2022-03-18T15:55:00Z",
    "2022-077/15:55": "2022-03-18T15:55:00Z",
    "2022-03-18 9:05 GMT": "2022-03-18T09:05:00Z",
    "2022-03-18T00:00Z": "2022-03-18T00:00:00Z",
}

REFUSED = {
    "03/04/2022": ("ambiguous: 2022-04-03 or 2022-03-04", "month by name"),
    "44638": ("is a number", "date format"),
    "NET 2022-03-18": ("not one day", "planning date"),
    "Q3 2024": ("not one day", "planning date"),
    "Mar-2022": ("in one way only", "2022-03-18"),
    "2022-03": ("in one way only", "2022-03-18"),
    "3/4/22": ("in one way only", "2022-03-18"),
    "2022-03-18T15:55+03:00": ("not in UTC", "2022-03-18T15:55Z"),
    "18-Mar-22 15:55 MSK": ("not in UTC", "2022-03-18T15:55Z"),
    "2022-02-30": ("is not a date", "2022-03-18"),
    "31/31/2022": ("is not a date", "2022-03-18"),
    "2023-366": ("2023 has no day 366", "001"),
    "2022-000": ("2022 has no day 0", "001"),
    "18-Mai-22": ("'Mai' is not a month", "English"),
    "2022-03-18 25:00": ("not a time of day", "23:59"),
    "2022-03-18/15:55": ("is not a date", "T15:55Z"),
    "soon": ("is not a date", "2022-03-18"),
    "x" * 5000: ("is not a date", "2022-03-18"),
}


@pytest.mark.parametrize(("text", "meant"), SPELLED.items())
def test_spellings(text: str, meant: str) -> None:
    assert str(parse_when(text)) == meant
    assert parse_when(text).is_day == ("T" not in meant)


@pytest.mark.parametrize(("text", "says"), REFUSED.items(), ids=lambda v: str(v)[:20])
def test_refused_with_a_way_out(text: str, says: tuple[str, str]) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - what it says is compared below
        parse_when(text)
    message, hint = refused.value.args
    assert says[0] in message
    assert says[1] in hint
    assert len(message) < 200


@pytest.mark.parametrize("text", ["", "  ", "-", "TBD", "tbc", "n/a", "\N{EM DASH}", "?"])
def test_what_says_nothing(text: str) -> None:
    assert not is_stated(text)


DAYS = st.dates(date(1970, 1, 1), date(2068, 12, 31))


@given(
    DAYS, st.sampled_from(["%Y-%m-%d", "%d-%b-%Y", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%Y-%j", "%d-%b-%y"])
)
def test_a_day_in_any_spelling_is_that_day(day: date, shape: str) -> None:
    when = parse_when(day.strftime(shape))
    assert (when.at.date(), when.is_day) == (day.isoformat(), True)


@given(DAYS)
def test_slashes_have_one_reading_or_are_refused(day: date) -> None:
    text = day.strftime("%d/%m/%Y")
    if day.day <= 12 and day.day != day.month:
        with pytest.raises(ValueError, match="ambiguous"):
            parse_when(text)
    else:
        assert parse_when(text).at.date() == day.isoformat()
        assert parse_when(day.strftime("%m/%d/%Y")).at.date() == day.isoformat()


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))
def test_instants_keep_their_microseconds(at: datetime) -> None:
    when = parse_when(at.isoformat() + "Z")
    assert not when.is_day
    assert datetime(1970, 1, 1) + timedelta(microseconds=when.at.us) == at


@given(st.text(max_size=80))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        when = parse_when(text)
    except ValueError:
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - any text may be refused
            parse_when(text)
        assert [bool(part) for part in refused.value.args] == [True, True]
    else:
        assert parse_when(str(when)) == when
