"""Orbit ephemeris messages, keyword-value and XML, to ephemerides.

Source: CCSDS 502.0-B-3, sections 5, 7 and 8; versions 1.0 to 3.0.  Kilometres become metres and the
file's time system UTC.  Accelerations and covariances are read for their syntax and dropped.
"""

from __future__ import annotations

import re
from typing import Final

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats import kvn
from crossflight.formats.epochs import EPOCH, matched_us
from crossflight.formats.orbit_source import NUMBER, Field, Source, number, shown
from crossflight.formats.orbit_states import (
    MANDATORY,
    OPTIONAL,
    Metadata,
    StateTable,
    arc,
    field_us,
    in_order,
    metadata,
)
from crossflight.formats.xml_tree import Element, parse_xml
from crossflight.model.orbit import Ephemeris, EphemerisArc
from crossflight.times import Instant

VERSIONS: Final = ("1.0", "2.0", "3.0")
N_SEGMENTS_MAX: Final = 10_000
_VERSION: Final = "CCSDS_OEM_VERS"
_HEADER: Final = ("CLASSIFICATION", "CREATION_DATE", "ORIGINATOR", "MESSAGE_ID")
_BLANKS: Final = r"[ \t]+"
_STATE: Final = re.compile(
    r"[ \t]*" + EPOCH + f"{_BLANKS}({NUMBER})" * 6 + "(?:" + f"{_BLANKS}{NUMBER}" * 3 + r")?[ \t]*"
)
_STATE_TAGS: Final = ("EPOCH", "X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_ACCELERATION_TAGS: Final = (*_STATE_TAGS, "X_DDOT", "Y_DDOT", "Z_DDOT")
_UNITS: Final = ("km",) * 3 + ("km/s",) * 3 + ("km/s**2",) * 3
_COVARIANCE_TAGS: Final = tuple(
    f"C{row}_{column}" for i, row in enumerate(_STATE_TAGS[1:]) for column in _STATE_TAGS[1:][: i + 1]
)
_N_ROWS: Final = 6


def read_oem(data: str | bytes, file: str) -> Ephemeris:
    """The ephemeris of a file, keyword-value or XML.

    Raises
    ------
    SyntaxInputError
        If it is neither, or not well formed.
    SchemaError
        If a keyword is unknown, missing or twice, the centre is not the Earth, a frame or time system is
        not one that is read, or the states are not an orbit: see `orbit_states.arc` and `in_order`.
    """
    source = Source.of(data, file)
    if source.text.lstrip()[:1] == "<":
        return oem_xml_ephemeris(source)
    return oem_kvn_ephemeris(source)


def oem_kvn_ephemeris(source: Source) -> Ephemeris:
    """The ephemeris of a keyword-value text."""
    return _KvnReader(source).ephemeris()


def oem_xml_ephemeris(source: Source) -> Ephemeris:
    """The ephemeris of an XML text: an <oem>, or an <ndm> with one."""
    return _XmlReader(source).ephemeris()


def _ephemeris(
    source: Source,
    header: dict[str, Field],
    comments: list[str],
    arcs: list[tuple[Metadata, EphemerisArc]],
    line: int,
) -> Ephemeris:
    for key in ("CREATION_DATE", "ORIGINATOR"):
        if key not in header or not header[key].text:
            raise source.error(SchemaError, f"the header has no {key}", line, 1, hint=f"give {key}")
    return Ephemeris(
        originator=header["ORIGINATOR"].text,
        created_utc=Instant(field_us(header["CREATION_DATE"])),
        arcs=in_order(arcs),
        comments=tuple(comments),
        source=source.file,
    )


def _too_many(source: Source, line: int) -> InputError:
    return source.error(SyntaxInputError, f"more than {N_SEGMENTS_MAX} segments", line, 1)


class _KvnReader:
    """Reads a keyword-value text from its first line to its last."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.n_lines = len(source.lines)
        self.at = 0
        self.header: dict[str, Field] = {}
        self.comments: list[str] = []
        self.arcs: list[tuple[Metadata, EphemerisArc]] = []

    def ephemeris(self) -> Ephemeris:
        version_at = self._header()
        while self.at < self.n_lines:
            if len(self.arcs) >= N_SEGMENTS_MAX:
                raise _too_many(self.source, self.at + 1)
            self._segment()
        if not self.arcs:
            raise self._error("there is no segment", version_at, hint="a segment begins with META_START")
        return _ephemeris(self.source, self.header, self.comments, self.arcs, version_at)

    def _next(self) -> tuple[int, str]:
        """The next line that is not blank, and its number; an empty text at the end."""
        while self.at < self.n_lines:
            self.at += 1
            line = kvn.content(self.source, self.at)
            if line:
                return self.at, line
        return self.n_lines, ""

    def _error(self, message: str, line: int, hint: str = "") -> InputError:
        return self.source.error(SyntaxInputError, message, line, 1, hint=hint)

    def _header(self) -> int:
        """Everything before the first META_START; the line of the version."""
        number, line = self._next()
        first = kvn.entry(self.source, number, line) if line else None
        if first is None or first.name != _VERSION:
            raise self._error(f"the file does not begin with {_VERSION}", number, hint="is this an OEM?")
        first.one_of(VERSIONS)
        version_at = number
        while True:
            number, line = self._next()
            if not line:
                return version_at
            if kvn.is_bare(line, "META_START"):
                self.at -= 1
                return version_at
            text = kvn.comment(line)
            if text is not None:
                self.comments.append(text)
            else:
                self._put(self.header, _HEADER, number, line)

    def _put(self, fields: dict[str, Field], known: tuple[str, ...], number: int, line: str) -> None:
        entry = kvn.entry(self.source, number, line)
        if entry.name not in known:
            raise entry.error("cannot stand here", hint=f"known here: {', '.join(known)}")
        if entry.name in fields:
            raise entry.error(
                "stands twice", hint=f"the first is on line {fields[entry.name].line}; keep one"
            )
        fields[entry.name] = entry

    def _segment(self) -> None:
        begin, line = self._next()
        if not line:
            return
        if not kvn.is_bare(line, "META_START"):
            raise self._error("META_START is missing before this line", begin)
        fields: dict[str, Field] = {}
        comments: list[str] = []
        while True:
            number, line = self._next()
            if not line:
                raise self._error("META_STOP is missing", begin)
            if kvn.is_bare(line, "META_STOP"):
                break
            text = kvn.comment(line)
            if text is not None:
                comments.append(text)
            else:
                self._put(fields, MANDATORY + OPTIONAL, number, line)
        meta = metadata(self.source, fields, begin)
        table = StateTable()
        self._states(table, comments)
        self.arcs.append((meta, arc(meta, table, tuple(comments))))

    def _states(self, table: StateTable, comments: list[str]) -> None:
        """Rows up to the next META_START or the end, a covariance block among them."""
        t_us, values, lines = table.t_us, table.values, table.lines
        while True:
            number, line = self._next()
            if not line:
                return
            found = _STATE.fullmatch(line)
            if found is not None:
                day, hour, minute, second, fraction, *numbers = found.groups()
                try:
                    t_us.append(matched_us(day, hour, minute, second, fraction))
                except ValueError as e:
                    raise self._error(f"the epoch cannot be: {e}", number) from None
                values.extend(map(float, numbers))
                lines.append(number)
                continue
            text = kvn.comment(line)
            if text is not None:
                comments.append(text)
            elif kvn.is_bare(line, "META_START"):
                self.at -= 1
                return
            elif kvn.is_bare(line, "COVARIANCE_START"):
                self._covariance(number)
            else:
                raise self._bad_state(number, line)

    def _bad_state(self, number: int, line: str) -> InputError:
        """Why a line is no state."""
        if "=" in line:
            entry = kvn.entry(self.source, number, line)
            return entry.error(
                "cannot stand among the states", hint="is META_START missing?", kind=SyntaxInputError
            )
        epoch, *numbers = line.split()
        column = line.index(epoch) + 1
        if re.fullmatch(EPOCH, epoch) is None:
            return self.source.error(
                SyntaxInputError,
                f"{shown(epoch)} is no epoch",
                number,
                column,
                hint="a state is an epoch such as 2021-08-13T12:40:19.983, a position and a velocity",
            )
        column += len(epoch)
        for text in numbers:
            column = line.index(text, column - 1) + 1
            if re.fullmatch(NUMBER, text) is None:
                message = f"{shown(text)} is not a finite number"
                return self.source.error(
                    SchemaError, message, number, column, hint="write it as -4188.917052"
                )
            column += len(text)
        return self._error(
            f"the state has {len(numbers)} numbers after its epoch, not 6",
            number,
            hint="position (km), velocity (km/s), and an acceleration (km/s**2) at most",
        )

    def _covariance(self, begin: int) -> None:
        """The matrices of a covariance block: an epoch, a frame at most, six rows of one to six numbers."""
        fields: dict[str, Field] = {}
        n_rows = 0
        while True:
            number, line = self._next()
            if not line:
                raise self._error("COVARIANCE_STOP is missing", begin)
            if kvn.comment(line) is not None:
                continue
            is_end = kvn.is_bare(line, "COVARIANCE_STOP")
            if (is_end and fields) or ("=" in line and n_rows):
                raise self._error(f"the covariance matrix has {n_rows} rows, not {_N_ROWS}", number)
            if is_end:
                return
            if "=" in line:
                self._put(fields, ("EPOCH", "COV_REF_FRAME"), number, line)
                if "EPOCH" in fields:
                    field_us(fields["EPOCH"])
                continue
            if "EPOCH" not in fields:
                raise self._error("the covariance matrix has no EPOCH", number)
            n_rows += 1
            numbers = line.split()
            if len(numbers) != n_rows or any(re.fullmatch(NUMBER, text) is None for text in numbers):
                raise self._error(f"row {n_rows} of the covariance matrix is not {n_rows} numbers", number)
            if n_rows == _N_ROWS:
                fields, n_rows = {}, 0


class _XmlReader:
    """Takes states as the parser closes them, and each segment with its last tag."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.table = StateTable()
        self.arcs: list[tuple[Metadata, EphemerisArc]] = []

    def ephemeris(self) -> Ephemeris:
        root = parse_xml(
            self.source,
            {"stateVector": self._state, "covarianceMatrix": self._covariance, "segment": self._segment},
        )
        oem = root
        if root.tag == "ndm":
            root.only("oem", "COMMENT", "MESSAGE_ID")
            oem = root.one("oem")
        elif root.tag != "oem":
            hint = "the root is <oem> or <ndm>"
            raise root.error(f"<{root.tag}> is no OEM", hint=hint, kind=SyntaxInputError)
        version = oem.attributes.get("version", "")
        if version not in VERSIONS:
            hint = f"known: {', '.join(VERSIONS)}"
            raise oem.error(f"<oem> is of version {shown(version)}, which is not read", hint=hint)
        oem.only("header", "body")
        header = oem.one("header")
        oem.one("body").only()
        if not self.arcs:
            raise oem.error("<body> holds no <segment>")
        header.only("COMMENT", *_HEADER)
        fields = _fields(header)
        return _ephemeris(self.source, fields, _comments(header), self.arcs, header.line)

    def _state(self, element: Element, around: Element) -> None:
        if around.tag != "data":
            raise element.error(f"<stateVector> stands inside <{around.tag}>, not <data>")
        children = [child for child in element.children if child.tag != "COMMENT"]
        tags = tuple(child.tag for child in children)
        if tags not in (_STATE_TAGS, _ACCELERATION_TAGS):
            raise element.error(
                f"<stateVector> holds {shown(', '.join(tags))}",
                hint=f"it holds {', '.join(_STATE_TAGS)}, in this order",
            )
        table = self.table
        table.t_us.append(field_us(children[0].field()))
        numbers = [_number(child, unit) for child, unit in zip(children[1:], _UNITS, strict=False)]
        table.values.extend(numbers[:6])
        table.lines.append(element.line)

    def _covariance(self, element: Element, around: Element) -> None:
        if around.tag != "data":
            raise element.error(f"<covarianceMatrix> stands inside <{around.tag}>, not <data>")
        element.only("COMMENT", "EPOCH", "COV_REF_FRAME", *_COVARIANCE_TAGS)
        field_us(element.one("EPOCH").field())
        for tag in _COVARIANCE_TAGS:
            element.one(tag).field().number()

    def _segment(self, element: Element, around: Element) -> None:
        if around.tag != "body":
            raise element.error(f"<segment> stands inside <{around.tag}>, not <body>")
        if len(self.arcs) >= N_SEGMENTS_MAX:
            raise _too_many(self.source, element.line)
        element.only("metadata", "data")
        told, data = element.one("metadata"), element.one("data")
        told.only("COMMENT", *MANDATORY, *OPTIONAL)
        data.only("COMMENT")
        meta = metadata(self.source, _fields(told), told.line)
        self.arcs.append((meta, arc(meta, self.table, (*_comments(told), *_comments(data)))))
        self.table = StateTable()


def _fields(element: Element) -> dict[str, Field]:
    """The values inside an element; comments left out."""
    found: dict[str, Field] = {}
    for child in element.children:
        if child.tag == "COMMENT":
            continue
        if child.tag in found:
            raise child.error(
                f"<{child.tag}> stands twice", hint=f"the first is on line {found[child.tag].line}"
            )
        found[child.tag] = child.field()
    return found


def _comments(element: Element) -> list[str]:
    texts = [child.text for child in element.children if child.tag == "COMMENT"]
    return [line.rstrip() for text in texts for line in text.split("\n")]


def _number(element: Element, unit: str) -> float:
    value = number(element.text.strip())
    if value is None or element.children:
        raise element.error(f"<{element.tag}> is {shown(element.text.strip())}, not a finite number")
    given = element.attributes.get("units", unit)
    if given != unit and given.lower() != unit:
        raise element.error(f"<{element.tag}> is given in {shown(given)}", hint=f"it is in {unit}")
    return value
