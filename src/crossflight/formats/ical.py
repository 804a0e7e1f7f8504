"""Calendars: RFC 5545 text that calendar programs subscribe to or import.

An event's UID is a hash of the calendar, the flight and the event, so a date that is planned anew moves
the entry it has and makes no second one.  DTSTAMP and SEQUENCE come from the day of what was known,
never from the clock: the same plan gives the same bytes, a later one a higher SEQUENCE.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from crossflight.times import Instant

_N_OCTETS_MAX: Final = 75
_UID_DIGITS: Final = 32
_SEQUENCE_FROM: Final = Instant.of(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """An entry; `key` tells it from the flight's other events, `to_utc` is None for an instant."""

    flight: str
    key: str
    at_utc: Instant
    summary: str
    to_utc: Instant | None = None
    location: str = ""
    description: str = ""


def uid(calendar: str, flight: str, key: str) -> str:
    """The identity of an entry: what it is about, not when."""
    digest = sha256("\0".join((calendar, flight, key)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digest[:_UID_DIGITS]}@crossflight"


def calendar_bytes(
    calendar: str, title: str, events: Iterable[CalendarEvent], known_utc: Instant, version: str
) -> bytes:
    """The calendar of `events`.

    Parameters
    ----------
    calendar
        Its lasting name, part of every UID.
    known_utc
        The day of what was known: DTSTAMP, and the days since 2000 as SEQUENCE.
    """
    lines: list[str] = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//crossflight//crossflight {escaped_text(version)}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped_text(title)}",
    ]
    sequence = max(0, int(known_utc.days_since(_SEQUENCE_FROM)))
    for event in events:
        lines += _event(calendar, event, known_utc, sequence)
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in folded_line(line))


def _event(calendar: str, event: CalendarEvent, known_utc: Instant, sequence: int) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(calendar, event.flight, event.key)}"
    yield f"DTSTAMP:{_utc(known_utc)}"
    yield f"SEQUENCE:{sequence}"
    yield f"DTSTART:{_utc(event.at_utc)}"
    if event.to_utc is not None:
        yield f"DTEND:{_utc(event.to_utc)}"
    yield f"SUMMARY:{escaped_text(event.summary)}"
    if event.location:
        yield f"LOCATION:{escaped_text(event.location)}"
    if event.description:
        yield f"DESCRIPTION:{escaped_text(event.description)}"
    yield f"CATEGORIES:{escaped_text(event.key.split(' ')[0])}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def escaped_text(text: str) -> str:
    r"""A TEXT value (RFC 5545, 3.3.11): ``\``, ``;``, ``,``, line breaks escaped, no control characters."""
    text = re.sub(r"\r\n?", "\n", text)
    text = re.sub(r"[\\;,]", lambda m: "\\" + m.group(), text).replace("\n", "\\n")
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


def folded_line(line: str) -> Iterator[bytes]:
    """A content line in parts of at most 75 octets that split no character (RFC 5545, 3.1)."""
    part = b""
    for c in line:
        octets = c.encode("utf-8")
        if len(part) + len(octets) > _N_OCTETS_MAX:
            yield part
            part = b" "
        part += octets
    yield part


def _utc(at: Instant) -> str:
    """``20220921T135450Z``; calendars know no fractions of a second."""
    return re.sub(r"[-:]|\.\d+", "", at.iso())
