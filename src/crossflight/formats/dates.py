"""Dates as people write them: to the day or to the instant, UTC, never guessed.

==========================================  ==========================================
2022-03-18, 2022/03/18, 20220318            ISO 8601
2022-077, 2022/077                          day of the year, as mission control counts
18-Mar-22, 18 March 2022, Mar 18, 2022      months by name, in English
18.03.2022                                  dots: the day first
18/03/2022, 03/18/2022                      slashes, where only one reading is a date
==========================================  ==========================================

A time may follow, ``15:55`` or ``15:55:18`` (after ``T``, a space, or a slash behind a day of the
year), and then ``Z``, ``UTC`` or ``GMT``.  ``03/04/2022`` has two readings and is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from crossflight.times import Instant

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_NOT_STATED: Final = frozenset(
    {"", "-", "--", "\N{EN DASH}", "\N{EM DASH}", "n/a", "na", "none", "tbd", "tbc", "tba", "?"}
)
_TIME: Final = (
    r"(?:(?P<gap>[T/ ]|,? )(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(?P<zone>Z|UTC|GMT|\+00:?00)?)?"
)
_FLAGS: Final = re.ASCII | re.IGNORECASE
_SHAPES: Final = tuple(
    re.compile(shape + _TIME, _FLAGS)
    for shape in (
        r"(?P<y>\d{4})(?P<sep>[-/]?)(?P<m>\d{2})(?P=sep)(?P<d>\d{2})",
        r"(?P<y>\d{4})[-/](?P<doy>\d{3})",
        r"(?P<d>\d{1,2})[- ]?(?P<month>[a-z]{3,9})\.?[- ,]*(?P<y>\d{4}|\d{2})",
        r"(?P<month>[a-z]{3,9})\.?[- ](?P<d>\d{1,2})(?:st|nd|rd|th)?,? (?P<y>\d{4})",
        r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})",
        r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{4})",
    )
)
_N_CHARACTERS_MAX: Final = 60
# Two digits of a year: 00 to 69 are of this century, as POSIX reads them.
_CENTURY_TURN: Final = 69


@dataclass(frozen=True, slots=True)
class When:
    """A time as given: an instant, or a day (then `at` is its 00:00 and the hour is not known)."""

    at: Instant
    is_day: bool

    def __str__(self) -> str:
        return self.at.date() if self.is_day else self.at.iso()


def is_stated(text: str) -> bool:
    """Whether a cell says anything: blanks, dashes, TBD and the like do not."""
    return text.strip().casefold() not in _NOT_STATED


def parse_when(text: str) -> When:
    """The time that `text` gives.

    Raises
    ------
    ValueError
        With two arguments, what is wrong and the way out.
    """
    text = " ".join(text.split())
    if len(text) > _N_CHARACTERS_MAX:
        raise ValueError(f"{text[:20]!r}... is not a date", "write 2022-03-18 or 2022-03-18T15:55Z")
    for shape in _SHAPES:
        found = shape.fullmatch(text)
        if found is not None:
            return _when(text, found.groupdict())
    raise ValueError(*_why_not(text))


def _when(text: str, part: dict[str, str | None]) -> When:
    if part["gap"] == "/" and part.get("doy") is None:
        raise ValueError(f"{text!r} is not a date", "write 2022-03-18T15:55Z")
    try:
        day = _day(text, part)
    except OverflowError:
        raise ValueError(f"{text!r} is not a date", "write 2022-03-18") from None
    if part["time"] is None:
        return When(Instant.parse(day.isoformat()), True)
    hour, _, rest = part["time"].partition(":")
    try:
        return When(Instant.parse(f"{day.isoformat()}T{hour:0>2}:{rest}Z"), False)
    except ValueError:
        raise ValueError(f"{part['time']!r} is not a time of day", "hours run from 00:00 to 23:59") from None


def _day(text: str, part: dict[str, str | None]) -> date:
    year = int(part["y"] or 0)
    if len(part["y"] or "") == 2:
        year += 2000 if year < _CENTURY_TURN else 1900
    if part.get("doy") is not None:
        of_year = int(part["doy"] or 0)
        day = _date(text, year, 1, 1) + timedelta(days=of_year - 1)
        if of_year < 1 or day.year != year:
            raise ValueError(f"{text!r}: {year} has no day {of_year}", "days of the year count from 001")
        return day
    if part.get("a") is not None:
        return _slashed(text, year, int(part["a"] or 0), int(part["b"] or 0))
    if part.get("month") is not None:
        word = (part["month"] or "").casefold()
        month = next((i for i, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)
        if word == "sept":
            month = 9
        if not month:
            raise ValueError(f"{part['month']!r} is not a month", "months are in English: 18-Mar-22")
        return _date(text, year, month, int(part["d"] or 0))
    return _date(text, year, int(part["m"] or 0), int(part["d"] or 0))


def _slashed(text: str, year: int, a: int, b: int) -> date:
    if a <= 12 and b <= 12 and a != b:
        raise ValueError(
            f"{text!r} is ambiguous: {_date(text, year, b, a)} or {_date(text, year, a, b)}",
            "write the month by name, or the year first",
        )
    return _date(text, year, b, a) if b <= 12 else _date(text, year, a, b)


def _date(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as e:
        raise ValueError(f"{text!r} is not a date: {e}", "write 2022-03-18") from None


def _why_not(text: str) -> tuple[str, str]:
    folded = text.casefold()
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        return (
            f"{text!r} is a number, not a date",
            "give the cells of this column a date format, or write 2022-03-18",
        )
    if folded.startswith(("net ", "no earlier", "nlt ", "~", "early", "mid", "late", "q1", "q2", "q3", "q4")):
        return f"{text!r} is not one day", "give the planning date, or leave it blank"
    if re.search(
        r":\d{2}\S* ?[+-]\d{2}:?\d{2}$|\b(?:MSK|EST|EDT|CST|CDT|PST|PDT|CET|CEST|JST)\b", text, re.ASCII
    ):
        return f"{text!r} is not in UTC", "write times in UTC: 2022-03-18T15:55Z"
    if re.fullmatch(r"[a-z]{3,9}[- ]\d{2,4}|\d{4}-\d{2}|\d{1,2}/\d{1,2}/\d{2}", folded, re.ASCII):
        return f"{text!r} does not give the day in one way only", "write 2022-03-18"
    return f"{text!r} is not a date", "write 2022-03-18 or 2022-03-18T15:55Z"
