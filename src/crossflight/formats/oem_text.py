"""Ephemerides to orbit ephemeris messages, keyword-value and XML (CCSDS 502.0-B-2, as published).

Written in UTC, kilometres and kilometres a second, with twelve and fifteen decimals: read back, a
position is the same to a nanometre and an epoch to the microsecond.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape

import numpy as np

from crossflight.errors import SchemaError
from crossflight.formats.epochs import YEAR_MAX, YEAR_MIN
from crossflight.formats.orbit_source import N_LINE_MAX, Source, shown
from crossflight.formats.orbit_states import Metadata, StateTable, arc, in_order
from crossflight.model.orbit import Ephemeris, EphemerisArc
from crossflight.times import Instant

_FRAMES: Final = ("EME2000", "GCRF", "ITRF", "TEME")
_INTERPOLATIONS: Final = ("", "HERMITE", "LAGRANGE", "LINEAR")
_FROM_US: Final = Instant.of(YEAR_MIN, 1, 1).us
_TO_US: Final = Instant.of(YEAR_MAX + 1, 1, 1).us
_PRINTABLE_ASCII: Final = re.compile(r"[ -~]*")
_TEXT_MAX: Final = N_LINE_MAX - 100
_SECOND_US: Final = 1_000_000
_TAGS: Final = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_UNITS: Final = ("km",) * 3 + ("km/s",) * 3


def oem_kvn_text(ephemeris: Ephemeris) -> str:
    """An ephemeris as keyword-value text; originator and creation date are the ephemeris' own.

    Raises
    ------
    SchemaError
        If a reader would refuse it: no arcs, states out of order or impossible, a frame that has no name
        in the standard, an empty name, a control character, or one that is not ASCII.
    """
    _checked(ephemeris, is_ascii=True)
    lines = ["CCSDS_OEM_VERS = 2.0", *_kvn_comments(ephemeris.comments)]
    lines += [f"CREATION_DATE = {ephemeris.created_utc.iso()}", f"ORIGINATOR = {ephemeris.originator}"]
    for segment in ephemeris.arcs:
        lines += [
            "",
            "META_START",
            *(f"{key} = {value}" for key, value in _metadata(segment)),
            "META_STOP",
            "",
        ]
        lines += [*_kvn_comments(segment.comments), ""]
        lines += [" ".join(row) for row in _rows(segment)]
    return "\n".join(lines) + "\n"


def oem_xml_text(ephemeris: Ephemeris) -> str:
    """An ephemeris as XML text, laid out as the published ones are.

    Raises
    ------
    SchemaError
        As `oem_kvn_text`, but letters need not be ASCII.
    """
    _checked(ephemeris, is_ascii=False)
    lines = [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
        "<ndm>",
        '    <oem id="CCSDS_OEM_VERS" version="2.0">',
        "        <header>",
        *_xml_comments(ephemeris.comments, 12),
        f"            <CREATION_DATE>{ephemeris.created_utc.iso()}</CREATION_DATE>",
        f"            <ORIGINATOR>{escape(ephemeris.originator)}</ORIGINATOR>",
        "        </header>",
        "        <body>",
    ]
    for segment in ephemeris.arcs:
        lines += ["            <segment>", "                <metadata>"]
        lines += [f"                    <{key}>{escape(value)}</{key}>" for key, value in _metadata(segment)]
        lines += ["                </metadata>", "                <data>"]
        lines += _xml_comments(segment.comments, 20)
        for epoch, *numbers in _rows(segment):
            lines += ["                    <stateVector>", f"                        <EPOCH>{epoch}</EPOCH>"]
            lines += [
                f'                        <{tag} units="{unit}">{value}</{tag}>'
                for tag, unit, value in zip(_TAGS, _UNITS, numbers, strict=True)
            ]
            lines.append("                    </stateVector>")
        lines += ["                </data>", "            </segment>"]
    return "\n".join([*lines, "        </body>", "    </oem>", "</ndm>"]) + "\n"


def _metadata(segment: EphemerisArc) -> Iterator[tuple[str, str]]:
    """Keywords in the order of the standard."""
    yield "OBJECT_NAME", segment.object_name
    yield "OBJECT_ID", segment.object_id
    yield "CENTER_NAME", "EARTH"
    yield "REF_FRAME", segment.frame
    yield "TIME_SYSTEM", "UTC"
    yield "START_TIME", segment.from_utc.iso()
    yield "USEABLE_START_TIME", segment.useable_from_utc.iso()
    yield "USEABLE_STOP_TIME", segment.useable_to_utc.iso()
    yield "STOP_TIME", segment.to_utc.iso()
    if segment.interpolation:
        yield "INTERPOLATION", segment.interpolation
    if segment.interpolation_degree:
        yield "INTERPOLATION_DEGREE", str(segment.interpolation_degree)


def _rows(segment: EphemerisArc) -> Iterator[tuple[str, ...]]:
    """Epoch and six numbers of each state, as text; epochs of one width, since some readers sort the text."""
    is_whole = not (segment.t_utc_us % _SECOND_US).any()
    for us, r_m, v_m_s in zip(
        segment.t_utc_us.tolist(), segment.r_m.tolist(), segment.v_m_s.tolist(), strict=True
    ):
        second, fraction = Instant(us - us % _SECOND_US).iso(), us % _SECOND_US
        yield (
            second if is_whole else f"{second.removesuffix('Z')}.{fraction:06d}Z",
            *(f"{value / 1000.0:.12f}" for value in r_m),
            *(f"{value / 1000.0:.15f}" for value in v_m_s),
        )


def checked_name(what: str, text: str) -> str:
    """A name as keyword-value notation takes it: printable ASCII on one line.

    Raises
    ------
    SchemaError
        If it is empty, has blanks around it, or is anything else.
    """
    if not text or text != text.strip() or len(text) > _TEXT_MAX or not _PRINTABLE_ASCII.fullmatch(text):
        raise SchemaError(f"{what} {shown(text)} is empty, too long or not printable ASCII")
    return text


def _kvn_comments(comments: tuple[str, ...]) -> list[str]:
    return [f"COMMENT {text}".rstrip() for text in comments]


def _xml_comments(comments: tuple[str, ...], indent: int) -> list[str]:
    return [f"{' ' * indent}<COMMENT>{escape(text)}</COMMENT>" for text in comments]


def _checked(ephemeris: Ephemeris, *, is_ascii: bool) -> None:
    """Refuse what a reader would refuse."""

    def refuse(message: str, hint: str = "") -> SchemaError:
        return SchemaError(message, hint=hint, file=ephemeris.source)

    if not ephemeris.arcs:
        raise refuse("the ephemeris has no arcs")
    texts = [("originator", ephemeris.originator)]
    for segment in ephemeris.arcs:
        texts += [("object_name", segment.object_name), ("object_id", segment.object_id)]
    for what, text in texts:
        if not text or text != text.strip():
            raise refuse(f"{what} {shown(text)} is empty or has blanks around it")
    texts += [("comment", text) for text in ephemeris.comments]
    texts += [("comment", text) for segment in ephemeris.arcs for text in segment.comments]
    for what, text in texts:
        if len(text) > _TEXT_MAX or not text.isprintable():
            raise refuse(f"{what} {shown(text)} is too long or has a character that cannot be printed")
        if is_ascii and _PRINTABLE_ASCII.fullmatch(text) is None:
            raise refuse(f"{what} {shown(text)} is not ASCII, which is all this notation has", "write XML")
    times_us = [ephemeris.created_utc.us]
    for segment in ephemeris.arcs:
        times_us += [segment.useable_from_utc.us, segment.useable_to_utc.us, *segment.t_utc_us.tolist()]
    for us in (min(times_us), max(times_us)):
        if not _FROM_US <= us < _TO_US:
            raise refuse(f"a time lies {us} microseconds from 1970, outside {YEAR_MIN} to {YEAR_MAX}")
    checked = []
    for segment in ephemeris.arcs:
        if segment.frame not in _FRAMES:
            raise refuse(f"the frame {shown(segment.frame)} has no name here", f"known: {', '.join(_FRAMES)}")
        if segment.interpolation not in _INTERPOLATIONS or not 0 <= segment.interpolation_degree <= 50:
            told = f"{shown(segment.interpolation)} of degree {segment.interpolation_degree}"
            raise refuse(f"the interpolation {told} is not known")
        checked.append(_rechecked(ephemeris, segment))
    in_order(checked)


def _rechecked(ephemeris: Ephemeris, segment: EphemerisArc) -> tuple[Metadata, EphemerisArc]:
    """The arc as a reader would judge it."""
    n = len(segment.t_utc_us)
    if segment.r_m.shape != (n, 3) or segment.v_m_s.shape != (n, 3):
        raise SchemaError(f"{n} epochs, but arrays of shapes {segment.r_m.shape} and {segment.v_m_s.shape}")
    table = StateTable()
    table.t_us = segment.t_utc_us.tolist()
    table.values = (np.hstack([segment.r_m, segment.v_m_s]) / 1000.0).ravel().tolist()
    table.lines = [0] * n
    first, last = (table.t_us[0], table.t_us[-1]) if n else (0, 0)
    useable = segment.useable_from_utc.us, segment.useable_to_utc.us
    meta = Metadata(
        Source(ephemeris.source, ""),
        0,
        segment.object_name,
        segment.object_id,
        segment.frame,
        "UTC",
        first,
        last,
        *useable,
        segment.interpolation,
        segment.interpolation_degree,
    )
    judged = arc(meta, table, ())
    if not first <= useable[0] <= useable[1] <= last:
        raise SchemaError("the useable span lies outside the arc", file=ephemeris.source)
    return meta, judged
