"""Calendars, read back by another program (icalendar), and identities that last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import icalendar
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.formats.ical import CalendarEvent, calendar_bytes, uid
from crossflight.times import Instant

KNOWN = Instant.of(2022, 7, 15)
AT = Instant.of(2022, 10, 6, 21, 1)
DOCK = CalendarEvent(
    "Crew-5", "dock", AT, "Crew-5 docks; at Harmony, forward", None, "Harmony forward", "craft: C\\210\nЛ"
)
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200)


def entries(data: bytes) -> list[icalendar.Event]:
    found = icalendar.Calendar.from_ical(data)
    return [part for part in found.walk("VEVENT") if isinstance(part, icalendar.Event)]


def made(*events: CalendarEvent, name: str = "iss-2022", known: Instant = KNOWN) -> bytes:
    return calendar_bytes(name, "The station, planned", events, known, "0.1.0")


def test_another_program_reads_what_was_meant() -> None:
    (entry,) = entries(made(DOCK))
    assert str(entry["summary"]) == DOCK.summary
    assert str(entry["location"]) == DOCK.location
    assert str(entry["description"]) == DOCK.description
    assert entry["dtstart"].dt == datetime(2022, 10, 6, 21, 1, tzinfo=UTC)
    assert entry["dtstamp"].dt == datetime(2022, 7, 15, tzinfo=UTC)
    assert "dtend" not in entry
    assert entry["transp"] == "TRANSPARENT"


def test_the_calendar_is_whole() -> None:
    found = icalendar.Calendar.from_ical(made(DOCK))
    assert (found["version"], found["method"]) == ("2.0", "PUBLISH")
    assert b"X-WR-CALNAME:The station\\, planned\r\n" in made(DOCK)
    assert found.errors == []


def test_a_date_planned_anew_keeps_its_identity() -> None:
    (was,) = entries(made(DOCK))
    (now,) = entries(made(replace(DOCK, at_utc=AT.plus_days(9), summary="later"), known=KNOWN.plus_days(30)))
    assert was["uid"] == now["uid"] == uid("iss-2022", "Crew-5", "dock")
    assert now["sequence"] == was["sequence"] + 30
    assert now["dtstamp"].dt > was["dtstamp"].dt


def test_identities_differ_by_calendar_flight_and_event() -> None:
    ids = {
        uid(c, f, k)
        for c in ("iss-2022", "iss-2026")
        for f in ("a", "ab")
        for k in ("dock", "bdock", "undock")
    }
    assert len(ids) == 12
    assert uid("iss-2022", "Crew-5", "dock") == "c303d42497ca7e76e1ffcbc707e88d8c@crossflight"


def test_nothing_of_today_is_in_it() -> None:
    assert made(DOCK) == made(DOCK)
    assert str(datetime.now(UTC).year).encode() not in made(DOCK).replace(b"2022", b"")


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_any_text_is_read_back_and_lines_are_short(summary: str, description: str) -> None:
    data = made(replace(DOCK, summary=summary, description=description))
    (entry,) = entries(data)
    assert str(entry["summary"]) == summary
    assert str(entry["description"]) == description
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_text_cannot_add_a_line() -> None:
    data = made(replace(DOCK, summary="x\r\nATTACH:http://example.org\nBEGIN:VALARM\x00"))
    (entry,) = entries(data)
    assert "attach" not in entry
    assert str(entry["summary"]) == "x\nATTACH:http://example.org\nBEGIN:VALARM "


def test_a_relocation_has_two_ends() -> None:
    (entry,) = entries(made(replace(DOCK, key="relocation 1", to_utc=AT.plus_s(1800))))
    assert (entry["dtend"].dt - entry["dtstart"].dt).total_seconds() == 1800
    assert entry["categories"].to_ical() == b"relocation"
