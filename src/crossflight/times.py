"""Instants: one type, one parser and one formatter for times, everywhere.

An :class:`Instant` is a label on the UTC scale with microsecond resolution.  Differences
count 86 400 s a day, so a difference across a leap second is one second short; for planning
in days this does not matter, and ``dynamics`` converts to TAI before it integrates.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

DAY_S: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_US: Final = timedelta(microseconds=1)
_ISO: Final = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:Z|\+00:00)?)?",
    re.ASCII,
)


class Instant:
    """A UTC instant; immutable, ordered, hashable.

    Parameters
    ----------
    us
        Microseconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
    """

    __slots__ = ("us",)
    us: int

    def __init__(self, us: int) -> None:
        object.__setattr__(self, "us", us)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Instant is immutable: cannot set {name}")

    def __reduce__(self) -> tuple[type[Instant], tuple[int]]:
        return (Instant, (self.us,))

    @classmethod
    def parse(cls, text: str) -> Instant:
        """Read ``2022-09-21``, ``2022-09-21T13:54Z``, ``2022-09-21T13:54:50.5Z``; UTC always.

        Raises
        ------
        ValueError
            If the text is not such a time; local offsets are refused.
        """
        m = _ISO.fullmatch(text)
        if m is None:
            raise ValueError(f"{text!r} is not a UTC time; write 2022-09-21T13:54:50Z or 2022-09-21")
        year, month, day, hour, minute, second = (int(g or 0) for g in m.groups()[:6])
        fraction = (m.group(7) or "").ljust(6, "0")
        try:
            at = datetime(year, month, day, hour, minute, second, int(fraction), tzinfo=UTC)
        except ValueError as e:
            raise ValueError(f"{text!r} is not a UTC time: {e}") from None
        return cls((at - _EPOCH) // _US)

    @classmethod
    def of(cls, year: int, month: int, day: int, hour: int = 0, minute: int = 0, s: int = 0) -> Instant:
        """The instant of a calendar date and time, UTC."""
        return cls((datetime(year, month, day, hour, minute, s, tzinfo=UTC) - _EPOCH) // _US)

    def _datetime(self) -> datetime:
        return _EPOCH + timedelta(microseconds=self.us)

    def iso(self) -> str:
        """``2022-09-21T13:54:50Z``; a fraction only where there is one."""
        at = self._datetime()
        text = at.strftime("%Y-%m-%dT%H:%M:%S")
        if at.microsecond:
            text += f".{at.microsecond:06d}".rstrip("0")
        return text + "Z"

    def date(self) -> str:
        """``2022-09-21``."""
        return self._datetime().strftime("%Y-%m-%d")

    def minute(self) -> str:
        """``2022-09-21 13:54``: for people."""
        return self._datetime().strftime("%Y-%m-%d %H:%M")

    def plus_days(self, days: float) -> Instant:
        """This instant moved by `days` (of 86 400 s)."""
        return Instant(self.us + round(days * DAY_S * 1_000_000))

    def plus_s(self, seconds: float) -> Instant:
        """This instant moved by `seconds`."""
        return Instant(self.us + round(seconds * 1_000_000))

    def floor_day(self) -> Instant:
        """00:00:00 of the same UTC day."""
        return Instant(self.us - self.us % (DAY_S * 1_000_000))

    def days_since(self, other: Instant) -> float:
        """Days (of 86 400 s) from `other` to this instant."""
        return (self.us - other.us) / (DAY_S * 1e6)

    def s_since(self, other: Instant) -> float:
        """Seconds from `other` to this instant."""
        return (self.us - other.us) / 1e6

    def __repr__(self) -> str:
        return f"Instant({self.iso()})"

    def __str__(self) -> str:
        return self.iso()

    def __hash__(self) -> int:
        return hash(self.us)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instant) and self.us == other.us

    def __lt__(self, other: Instant) -> bool:
        return self.us < other.us

    def __le__(self, other: Instant) -> bool:
        return self.us <= other.us

    def __gt__(self, other: Instant) -> bool:
        return self.us > other.us

    def __ge__(self, other: Instant) -> bool:
        return self.us >= other.us
