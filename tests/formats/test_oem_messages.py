"""Orbit ephemeris messages: read in both forms, refused with their line, written and read back."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats.oem import read_oem
from crossflight.formats.oem_text import oem_kvn_text, oem_xml_text
from crossflight.model.orbit import Ephemeris, EphemerisArc
from crossflight.times import Instant

FIXTURES = Path(__file__).parent / "fixtures"
CUTS = sorted(path.stem for path in FIXTURES.glob("*_cut.oem"))
KVN = (FIXTURES / "ISS_OEM_2021225_cut.oem").read_text()
XML = (FIXTURES / "ISS_OEM_2021225_cut.xml").read_text()
FIRST = next(i for i, line in enumerate(KVN.splitlines(), start=1) if line.startswith("2021-225T"))

MADE = """CCSDS_OEM_VERS = 2.0
COMMENT made for a test
CREATION_DATE = 2021-08-15T05:36:10
ORIGINATOR = TEST
META_START
OBJECT_NAME = BALL
OBJECT_ID = 2021-001A
CENTER_NAME = EARTH
REF_FRAME = EME2000
TIME_SYSTEM = UTC
START_TIME = 2021-08-13T12:00:00
STOP_TIME = 2021-08-13T13:00:00
META_STOP
2021-08-13T12:00:00 7000 0 0 0 7.5 0
2021-08-13T12:30:00 0 7000 0 -7.5 0 0
2021-08-13T13:00:00 -7000 0 0 0 -7.5 0
"""


def refused(text: str | bytes, says: str, kind: type[InputError] = SchemaError) -> InputError:
    with pytest.raises(InputError) as caught:
        read_oem(text, "some.oem")
    assert says in caught.value.message
    assert type(caught.value) is kind
    assert caught.value.file == "some.oem"
    assert len(caught.value.excerpt) <= 200
    return caught.value


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def assert_same(one: EphemerisArc, other: EphemerisArc, *, within_m: float = 0.0) -> None:
    assert (one.t_utc_us == other.t_utc_us).all()
    assert np.abs(one.r_m - other.r_m).max() <= within_m
    assert np.abs(one.v_m_s - other.v_m_s).max() <= within_m
    for key in ("object_name", "object_id", "frame", "useable_from_utc", "useable_to_utc", "comments"):
        assert getattr(one, key) == getattr(other, key)
    assert (one.interpolation, one.interpolation_degree) == (other.interpolation, other.interpolation_degree)


@pytest.mark.parametrize("name", CUTS)
def test_both_forms_of_a_published_ephemeris_are_the_same(name: str) -> None:
    one = read_oem((FIXTURES / f"{name}.oem").read_bytes(), name)
    other = read_oem((FIXTURES / f"{name}.xml").read_bytes(), name)
    assert_same(one.arcs[0], other.arcs[0])
    assert (one.originator, one.created_utc, one.comments) == (
        other.originator,
        other.created_utc,
        other.comments,
    )
    assert len(one.arcs[0].t_utc_us) == 36


def test_the_values_of_a_published_ephemeris() -> None:
    read = read_oem(KVN, "iss.oem")
    assert (read.originator, read.source, len(read.arcs)) == ("JSC", "iss.oem", 1)
    assert read.created_utc == Instant.parse("2021-08-15T05:36:10.480Z")
    arc = read.arcs[0]
    assert (arc.object_name, arc.object_id, arc.frame) == ("ISS", "1998-067-A", "EME2000")
    assert arc.from_utc == arc.useable_from_utc == Instant.parse("2021-08-13T12:40:19.983Z")
    assert arc.to_utc == arc.useable_to_utc == Instant.parse("2021-08-13T15:00:19.983Z")
    assert arc.r_m[0].tolist() == pytest.approx([-4188917.052, 1060451.826, 5240374.217], abs=1e-6)
    assert arc.v_m_s[1].tolist() == pytest.approx([-1763.37985424607, -6969.26816396382, -2648.66285957696])
    assert arc.t_utc_us.dtype == np.int64
    assert arc.comments[1] == "MASS=448997.00"
    assert arc.comments[15] == " GMT231 SM Reboost     231:04:04:00.000             0.7     425.0     414.3"
    with pytest.raises(ValueError, match="read-only"):
        arc.r_m[0] = 0.0


@pytest.mark.parametrize("text", [KVN, XML], ids=["kvn", "xml"])
def test_line_ends_marks_and_blanks(text: str) -> None:
    plain = read_oem(text, "x").arcs[0]
    for other in (
        text.replace("\n", "\r\n").encode("utf-8-sig"),
        text.encode("utf-16"),
        text.replace("\n", "\n\n").replace("\n\n<?xml", "<?xml") + "\n\n",
        text.replace("CENTER_NAME = ", "\tCENTER_NAME\t=\t ").replace("983Z -", "983Z \t -"),
        text.replace("\n", " \t\n"),
    ):
        assert_same(plain, read_oem(other, "x").arcs[0])


def test_versions_optional_keys_and_accelerations() -> None:
    plain = read_oem(MADE, "x").arcs[0]
    text = MADE.replace("VERS = 2.0", "VERS = 3.0").replace(" 7.5 0\n", " 7.5 0 0.0 -1e-3 .5\n")
    text = text.replace("META_STOP", "INTERPOLATION = Hermite\nINTERPOLATION_DEGREE = 7\nMETA_STOP")
    text = text.replace("ORIGINATOR", "CLASSIFICATION = SBU\nMESSAGE_ID = 7\nORIGINATOR")
    read = read_oem(text, "x").arcs[0]
    assert (read.interpolation, read.interpolation_degree) == ("HERMITE", 7)
    assert_same(plain, replace(read, interpolation="", interpolation_degree=0))
    assert_same(plain, read_oem(MADE.replace("VERS = 2.0", "VERS = 1.0"), "x").arcs[0])


COVARIANCE = """COVARIANCE_START
COMMENT one
EPOCH = 2021-08-13T12:00:00
COV_REF_FRAME = RTN
1e-4
1e-4 1e-4
1e-4 1e-4 1e-4
1e-4 1e-4 1e-4 1e-4
1e-4 1e-4 1e-4 1e-4 1e-4
1e-4 1e-4 1e-4 1e-4 1e-4 1e-4
"""


def test_covariances_are_read_over() -> None:
    plain = read_oem(MADE, "x").arcs[0]
    again = COVARIANCE.replace("COVARIANCE_START\n", "").replace("COV_REF_FRAME = RTN\n", "")
    assert_same(plain, read_oem(MADE + COVARIANCE + again + "COVARIANCE_STOP\n", "x").arcs[0])
    xml = oem_xml_text(read_oem(MADE, "x"))
    axes = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
    values = "".join(f"<C{a}_{b}>1</C{a}_{b}>" for i, a in enumerate(axes) for b in axes[: i + 1])
    matrix = f"<covarianceMatrix><EPOCH>2021-08-13T12:00:00</EPOCH>{values}</covarianceMatrix>"
    assert_same(plain, read_oem(xml.replace("</data>", f"{matrix}</data>"), "x").arcs[0], within_m=1e-6)
    refused(xml.replace("</data>", matrix.replace("<CZ_X>1</CZ_X>", "") + "</data>"), "0 elements <CZ_X>")
    refused(xml.replace("</data>", matrix.replace("<CZ_X>1<", "<CZ_X>nan<") + "</data>"), "CZ_X is 'nan'")
    refused(xml.replace("</metadata>", matrix + "</metadata>"), "stands inside <metadata>")


@pytest.mark.parametrize(
    ("block", "says", "line"),
    [
        (COVARIANCE, "COVARIANCE_STOP is missing", 17),
        ("COVARIANCE_START\n1e-4\nCOVARIANCE_STOP\n", "the covariance matrix has no EPOCH", 18),
        (COVARIANCE.replace("1e-4 1e-4\n", "1e-4\n", 1) + "COVARIANCE_STOP\n", "row 2 of the covariance", 22),
        (COVARIANCE.replace("\n1e-4\n", "\nnan\n") + "COVARIANCE_STOP\n", "row 1 of the covariance", 21),
        (
            COVARIANCE[: COVARIANCE.index("1e-4 1e-4 1e-4 1e-4 1e-4 1")] + "COVARIANCE_STOP\n",
            "has 5 rows",
            26,
        ),
    ],
)
def test_a_bad_covariance(block: str, says: str, line: int) -> None:
    assert refused(MADE + block, says, SyntaxInputError).line == line


SYSTEMS = {"UTC": "12:00:00", "TAI": "12:00:37", "TT": "12:01:09.184", "GPS": "12:00:18"}


@pytest.mark.parametrize(("system", "clock"), SYSTEMS.items())
def test_time_systems_become_utc(system: str, clock: str) -> None:
    text = MADE.replace("UTC", system).replace("T12:00:00", f"T{clock}").replace("13:00:00", "13:02:00")
    arc = read_oem(text, "x").arcs[0]
    assert arc.from_utc == arc.useable_from_utc == Instant.parse("2021-08-13T12:00:00Z")


FRAMES = {
    "EME2000": "EME2000",
    "GCRF": "GCRF",
    "ICRF": "GCRF",
    "ICRF3": "GCRF",
    "ITRF": "ITRF",
    "ITRF2000": "ITRF",
    "ITRF-97": "ITRF",
    "ITRF2020": "ITRF",
    "teme": "TEME",
    "TEMEOFDATE": "TEME",
}


@pytest.mark.parametrize(("name", "frame"), FRAMES.items())
def test_names_of_frames(name: str, frame: str) -> None:
    assert read_oem(MADE.replace("EME2000", name), "x").arcs[0].frame == frame


def segment(first: str, useable: str = "", **other: str) -> str:
    """Two states ten minutes apart, the whole in a span of twenty; `useable` to the minute."""
    day = f"2021-08-13T{first}"
    at = Instant.parse(day + ":00Z")
    span = [at.plus_s(60 * k).iso().removesuffix("Z") for k in (0, 10, 20)]
    keys = {"OBJECT_NAME": "BALL", "OBJECT_ID": "2021-001A", "CENTER_NAME": "EARTH", "REF_FRAME": "EME2000"}
    keys |= {"TIME_SYSTEM": "UTC", "START_TIME": span[0], "STOP_TIME": span[2], **other}
    if useable:
        keys["USEABLE_STOP_TIME"] = f"2021-08-13T{useable}:00"
    told = "".join(f"{key} = {value}\n" for key, value in keys.items())
    states = "".join(f"{epoch} 7000 0 0 0 7.5 0\n" for epoch in span)
    return f"META_START\n{told}META_STOP\n{states}"


HEAD = "CCSDS_OEM_VERS = 2.0\nCREATION_DATE = 2021-08-15T05:36:10\nORIGINATOR = TEST\n"


def test_segments_may_share_an_instant_or_leave_a_gap() -> None:
    read = read_oem(HEAD + segment("12:00") + segment("12:20") + segment("18:00", REF_FRAME="GCRF"), "x")
    assert [arc.from_utc.iso()[11:16] for arc in read.arcs] == ["12:00", "12:20", "18:00"]
    assert [arc.frame for arc in read.arcs] == ["EME2000", "EME2000", "GCRF"]


def test_segments_may_overlap_where_they_are_not_useable() -> None:
    read = read_oem(HEAD + segment("12:00", "12:15") + segment("12:15"), "x")
    assert read.arcs[0].useable_to_utc == read.arcs[1].useable_from_utc < read.arcs[0].to_utc


@pytest.mark.parametrize(
    ("segments", "says"),
    [
        (segment("12:00") + segment("12:19"), "begins at 2021-08-13T12:19:00Z, before the end"),
        (segment("12:00") + segment("12:00"), "before the end of the one before it"),
        (segment("18:00") + segment("12:00"), "before the end of the one before it"),
        (segment("12:00") + segment("13:00", OBJECT_ID="X"), "of 'X', the one before of '2021-001A'"),
        (segment("12:00") + segment("13:00", TIME_SYSTEM="TAI"), "is in TAI, the first in UTC"),
    ],
)
def test_segments_that_do_not_fit(segments: str, says: str) -> None:
    assert refused(HEAD + segments, says).line == 16  # its second META_START


BAD: dict[str, tuple[Callable[[str], str], str, type[InputError], int]] = {
    "empty": (lambda t: "", "does not begin with CCSDS_OEM_VERS", SyntaxInputError, 1),
    "version": (lambda t: swap(t, "= 2.0", "= 4.0"), "CCSDS_OEM_VERS is '4.0'", SchemaError, 1),
    "other message": (lambda t: swap(t, "_OEM_", "_OPM_"), "does not begin with", SyntaxInputError, 1),
    "no date": (
        lambda t: t.replace("CREATION_DATE = 2021-08-15T05:36:10\n", ""),
        "no CREATION_DATE",
        SchemaError,
        1,
    ),
    "bad date": (lambda t: swap(t, "05:36:10", "25:36:10"), "there is no 25:36:10", SchemaError, 3),
    "no segment": (lambda t: t[: t.index("META_START")], "there is no segment", SyntaxInputError, 1),
    "key in header": (lambda t: swap(t, "ORIGINATOR", "ORIGIN"), "ORIGIN cannot stand here", SchemaError, 4),
    "key in metadata": (
        lambda t: swap(t, "META_STOP", "X = 1\nMETA_STOP"),
        "X cannot stand here",
        SchemaError,
        13,
    ),
    "twice": (
        lambda t: swap(t, "META_STOP", "OBJECT_ID = 1\nMETA_STOP"),
        "OBJECT_ID stands twice",
        SchemaError,
        13,
    ),
    "missing": (
        lambda t: swap(t, "CENTER_NAME = EARTH\n", ""),
        "the segment has no CENTER_NAME",
        SchemaError,
        5,
    ),
    "empty value": (lambda t: swap(t, "= EARTH", "="), "the segment has no CENTER_NAME", SchemaError, 5),
    "centre": (
        lambda t: swap(t, "EARTH", "MARS BARYCENTER"),
        "CENTER_NAME is 'MARS BARYCENTER'",
        SchemaError,
        8,
    ),
    "frame": (lambda t: swap(t, "EME2000", "TOD"), "REF_FRAME is 'TOD', which is not read", SchemaError, 9),
    "future frame": (lambda t: swap(t, "EME2000", "ITRF2021"), "REF_FRAME is 'ITRF2021'", SchemaError, 9),
    "TEME of epoch": (
        lambda t: swap(t, "= EME2000", "= TEME\nREF_FRAME_EPOCH = 2000-01-01T00:00:00"),
        "makes it TEME of an epoch",
        SchemaError,
        10,
    ),
    "time system": (lambda t: swap(t, "= UTC", "= TDB"), "TIME_SYSTEM is 'TDB'", SchemaError, 10),
    "span": (lambda t: swap(t, "STOP_TIME = 2021", "STOP_TIME = 2020"), "out of order", SchemaError, 12),
    "interpolation": (
        lambda t: swap(t, "META_STOP", "INTERPOLATION = CUBIC\nMETA_STOP"),
        "INTERPOLATION is 'CUBIC'",
        SchemaError,
        13,
    ),
    "degree": (
        lambda t: swap(t, "META_STOP", "INTERPOLATION_DEGREE = 0\nMETA_STOP"),
        "INTERPOLATION_DEGREE is 0, outside 1 to 50",
        SchemaError,
        13,
    ),
    "no stop": (
        lambda t: swap(t, "META_STOP\n", ""),
        "neither KEYWORD = value nor data",
        SyntaxInputError,
        13,
    ),
    "stop at the end": (lambda t: t[: t.index("META_STOP")], "META_STOP is missing", SyntaxInputError, 5),
    "state before": (
        lambda t: swap(t, "META_START", "2021-08-13T12:00:00 7000 0 0 0 7.5 0\nMETA_START"),
        "neither KEYWORD = value nor data",
        SyntaxInputError,
        5,
    ),
    "one state": (
        lambda t: t[: t.index("2021-08-13T12:30:00 ")],
        "the segment has one state",
        SchemaError,
        5,
    ),
    "no states": (lambda t: t[: t.index("META_STOP") + 10], "the segment has no states", SchemaError, 5),
    "key among states": (
        lambda t: t + "OBJECT_ID = 1\n",
        "OBJECT_ID cannot stand among",
        SyntaxInputError,
        17,
    ),
    "five numbers": (
        lambda t: swap(t, "-7.5 0 0\n", "-7.5 0\n"),
        "5 numbers after its epoch, not 6",
        SyntaxInputError,
        15,
    ),
    "eight numbers": (lambda t: swap(t, "-7.5 0 0\n", "-7.5 0 0 1 2\n"), "8 numbers", SyntaxInputError, 15),
    "nan": (lambda t: swap(t, "-7.5 0 0\n", "-7.5 nan 0\n"), "'nan' is not a finite number", SchemaError, 15),
    "infinity": (
        lambda t: swap(t, "-7.5 0 0\n", "-7.5 inf 0\n"),
        "'inf' is not a finite number",
        SchemaError,
        15,
    ),
    "overflow": (lambda t: swap(t, "-7.5 0 0\n", "-7.5 1e400 0\n"), "not finite", SchemaError, 15),
    "near overflow": (lambda t: swap(t, "0 7000 0 -", "0 1e307 0 -"), "beyond 1e6 km", SchemaError, 15),
    "arabic": (lambda t: swap(t, "-7.5 0 0\n", "-7.5 \u0660 0\n"), "is not a finite number", SchemaError, 15),
    "underline": (lambda t: swap(t, "7000 0 0 0 7.5", "7_000 0 0 0 7.5"), "'7_000' is not", SchemaError, 14),
    "Fortran": (lambda t: swap(t, "7000 0 0 0 7.5", "7D3 0 0 0 7.5"), "'7D3' is not", SchemaError, 14),
    "epoch": (lambda t: swap(t, "T12:30:00 ", "X12:30:00 "), "is no epoch", SyntaxInputError, 15),
    "day": (
        lambda t: swap(t, "2021-08-13T12:30:00 ", "2021-366T12:30:00 "),
        "days 1 to 365",
        SyntaxInputError,
        15,
    ),
    "year": (
        lambda t: swap(t, "2021-08-13T12:30:00 ", "1812-08-13T12:30:00 "),
        "the year 1812",
        SyntaxInputError,
        15,
    ),
    "leap second": (lambda t: swap(t, "T12:30:00 ", "T23:59:60 "), "a leap second", SyntaxInputError, 15),
    "same epoch": (lambda t: swap(t, "T12:30:00 ", "T12:00:00 "), "does not come after", SchemaError, 15),
    "backwards": (lambda t: swap(t, "T12:30:00 ", "T13:30:00 "), "does not come after", SchemaError, 16),
    "before the span": (
        lambda t: swap(t, "T12:00:00 7", "T11:59:59 7"),
        "outside START_TIME to",
        SchemaError,
        14,
    ),
    "after the span": (
        lambda t: swap(t, "T13:00:00 -", "T13:00:00.1 -"),
        "outside START_TIME to",
        SchemaError,
        16,
    ),
    "inside the Earth": (
        lambda t: swap(t, "0 7000 0 -", "0 6300 0 -"),
        "inside the Earth, 6300 km",
        SchemaError,
        15,
    ),
    "metres": (lambda t: t.replace("7000 0 0 0", "7000000 0 0 0"), "beyond 1e6 km", SchemaError, 14),
    "metres a second": (
        lambda t: swap(t, "0 0 0 7.5 0", "0 0 0 7500 0"),
        "the speed is 7.5e+03 km/s",
        SchemaError,
        14,
    ),
    "long line": (
        lambda t: swap(t, "-7.5 0 0\n", f"-7.5 {'0' * 5000} 0\n"),
        "a line of 5",
        SyntaxInputError,
        15,
    ),
    "bare word": (lambda t: t + "DATA_STOP\n", "'DATA_STOP' is no epoch", SyntaxInputError, 17),
}


@pytest.mark.parametrize(("change", "says", "kind", "line"), BAD.values(), ids=BAD)
def test_a_bad_key_value_message(
    change: Callable[[str], str], says: str, kind: type[InputError], line: int
) -> None:
    error = refused(change(MADE), says, kind)
    assert error.line == line
    assert error.column >= 1


def test_an_error_points_at_the_number() -> None:
    error = refused(swap(MADE, "-7.5 0 0\n", "-7.5 x 0\n"), "'x' is not")
    assert error.excerpt[error.column - 1 :] == "x 0"


def test_a_gap_inside_a_segment_names_both_ends() -> None:
    lines = KVN.splitlines(keepends=True)
    cut = lines[: FIRST - 1 + 10] + lines[FIRST - 1 + 30 :]
    error = refused(
        "".join(cut), "a gap of 1.4 h between 2021-08-13T13:16:19.983 (line 50) and 2021-08-13T14:40"
    )
    assert error.line == 51
    assert "new segment" in error.hint


def test_a_step_of_an_hour_or_of_ten_medians_is_no_gap() -> None:
    lines = KVN.splitlines(keepends=True)
    assert len(read_oem("".join(lines[: FIRST + 9] + lines[FIRST + 23 :]), "x").arcs[0].t_utc_us) == 22
    slow = MADE.replace("2021-08-13T13:00:00", "2021-08-13T16:00:00")
    assert len(read_oem(slow, "x").arcs[0].t_utc_us) == 3


BAD_XML: dict[str, tuple[Callable[[str], str], str, type[InputError]]] = {
    "unclosed": (lambda t: t[:-30], "this is not XML", SyntaxInputError),
    "document type": (
        lambda t: t.replace("<ndm>", "<!DOCTYPE ndm SYSTEM 'x'><ndm>"),
        "a document type",
        SyntaxInputError,
    ),
    "version": (
        lambda t: t.replace('RS" version="2.0"', 'RS" version="9.0"'),
        "of version '9.0'",
        SchemaError,
    ),
    "two oem": (lambda t: t.replace("</ndm>", "<oem/></ndm>"), "<ndm> has 2 elements <oem>", SchemaError),
    "root": (lambda t: "<aem/>", "<aem> is no OEM", SyntaxInputError),
    "root is a state": (lambda t: "<stateVector/>", "<stateVector> stands inside <>", SchemaError),
    "no segment": (
        lambda t: t[: t.index("<segment>")] + t[t.index("</segment>") + 10 :],
        "holds no <segment>",
        SchemaError,
    ),
    "no states": (lambda t: t[: t.index("<stateV")] + t[t.index("</data>") :], "has no states", SchemaError),
    "order": (
        lambda t: t.replace("<X u", "<Q u", 1).replace("</X>", "</Q>", 1),
        "<stateVector> holds",
        SchemaError,
    ),
    "state elsewhere": (
        lambda t: t.replace("</header>", "<stateVector/></header>"),
        "inside <header>",
        SchemaError,
    ),
    "segment elsewhere": (
        lambda t: t.replace("</header>", "<segment/></header>"),
        "inside <header>",
        SchemaError,
    ),
    "unit": (lambda t: t.replace('<X units="km">', '<X units="m">', 1), "<X> is given in 'm'", SchemaError),
    "nan": (lambda t: t.replace(">-4188.9170519999998<", ">NaN<"), "<X> is 'NaN'", SchemaError),
    "overflow": (lambda t: t.replace(">-4188.9170519999998<", ">1e999<"), "<X> is '1e999'", SchemaError),
    "key": (lambda t: t.replace("TIME_SYSTEM", "TIME_SYSTEMS"), "<TIME_SYSTEMS> cannot stand", SchemaError),
    "twice": (
        lambda t: t.replace("<OBJECT_ID>", "<OBJECT_ID>1</OBJECT_ID><OBJECT_ID>"),
        "stands twice",
        SchemaError,
    ),
    "no date": (
        lambda t: t.replace("CREATION_DATE>", "MESSAGE_ID>"),
        "the header has no CREATION_DATE",
        SchemaError,
    ),
    "frame": (lambda t: t.replace("EME2000", "J2000"), "REF_FRAME is 'J2000'", SchemaError),
}


@pytest.mark.parametrize(("change", "says", "kind"), BAD_XML.values(), ids=BAD_XML)
def test_a_bad_xml_message(change: Callable[[str], str], says: str, kind: type[InputError]) -> None:
    error = refused(change(XML), says, kind)
    assert error.line >= 1
    assert error.column >= 1


def test_an_error_in_xml_points_at_the_state() -> None:
    lines = XML.splitlines()
    seventh = [i for i, line in enumerate(lines, start=1) if "<stateVector>" in line][6]
    text = XML.replace("2021-225T13:04:19.983Z", "2021-225T12:04:19.983Z")
    assert refused(text, "does not come after").line == seventh


@pytest.mark.parametrize("write", [oem_kvn_text, oem_xml_text])
@pytest.mark.parametrize("name", CUTS)
def test_what_is_written_is_read_back(name: str, write: Callable[[Ephemeris], str]) -> None:
    read = read_oem((FIXTURES / f"{name}.oem").read_bytes(), name)
    again = read_oem(write(read), name)
    assert (again.originator, again.created_utc, again.comments) == (
        read.originator,
        read.created_utc,
        read.comments,
    )
    assert_same(read.arcs[0], again.arcs[0], within_m=1e-8)


def test_the_xml_has_the_layout_of_the_published_one() -> None:
    def shape(element: ElementTree.Element) -> object:
        inner = [child for child in element if not child.tag.startswith("USEABLE")]
        return element.tag, element.attrib, [shape(child) for child in inner]

    assert shape(ElementTree.fromstring(oem_xml_text(read_oem(XML, "x")))) == shape(
        ElementTree.fromstring(XML)
    )


def made(n: int = 3, **other: object) -> EphemerisArc:
    t_us = Instant.of(2021, 8, 13).us + np.arange(n, dtype=np.int64) * 60_000_000
    arc = EphemerisArc(
        object_name="BALL",
        object_id="2021-001A",
        frame="GCRF",
        t_utc_us=t_us,
        r_m=np.full((n, 3), 4e6),
        v_m_s=np.full((n, 3), 4e3),
        useable_from_utc=Instant(int(t_us[0])) if n else Instant(0),
        useable_to_utc=Instant(int(t_us[-1])) if n else Instant(0),
    )
    return replace(arc, **other)  # type: ignore[arg-type]  # tests set any attribute


def message(*arcs: EphemerisArc, **other: object) -> Ephemeris:
    given = {"originator": "TEST", "created_utc": Instant.of(2021, 8, 15), "source": "made", **other}
    return Ephemeris(arcs=arcs, **given)  # type: ignore[arg-type]  # tests set any attribute


def test_marks_of_the_notations_inside_names() -> None:
    arc = made(object_name='A <b> & "c" = [d]', comments=("x = 1", "  <tag> & more", "", "COMMENT twice"))
    for write in (oem_kvn_text, oem_xml_text):
        assert_same(arc, read_oem(write(message(arc, comments=("a & b",))), "x").arcs[0], within_m=1e-8)
    named = message(made(object_name="\u0421\u043e\u044e\u0437"))
    assert read_oem(oem_xml_text(named), "x").arcs[0].object_name == "\u0421\u043e\u044e\u0437"
    with pytest.raises(SchemaError, match="is not ASCII"):
        oem_kvn_text(named)


UNWRITEABLE = {
    "no arcs": (message(), "has no arcs"),
    "no states": (message(made(0)), "has no states"),
    "one state": (message(made(1)), "has one state"),
    "line break": (message(made(object_name="A\nB")), "cannot be printed"),
    "escape": (message(made(), originator="A\x1b"), "cannot be printed"),
    "line break in a comment": (message(made(comments=("a\nMETA_STOP",))), "cannot be printed"),
    "empty name": (message(made(object_name="")), "object_name '' is empty"),
    "blanks": (message(made(object_id=" A ")), "has blanks around it"),
    "empty originator": (message(made(), originator=""), "originator '' is empty"),
    "frame": (message(made(frame="LVLH")), "the frame 'LVLH' has no name here"),
    "interpolation": (message(made(interpolation="CUBIC")), "interpolation 'CUBIC' of degree 0"),
    "nan": (message(made(r_m=np.full((3, 3), np.nan))), "not finite"),
    "inside the Earth": (message(made(r_m=np.full((3, 3), 1.0))), "inside the Earth"),
    "order": (message(made(t_utc_us=np.zeros(3, dtype=np.int64))), "does not come after"),
    "overlap": (message(made(), made()), "before the end of the one before it"),
    "shape": (message(made(r_m=np.full((2, 3), 4e6))), "arrays of shapes"),
    "useable": (message(made(useable_to_utc=Instant.of(2022, 1, 1))), "useable span lies outside"),
    "year": (message(made(), created_utc=Instant.of(1900, 1, 1)), "outside 1957 to 2199"),
    "no year at all": (message(made(t_utc_us=np.array([1, 2, 3]) * 2**61)), "outside 1957 to 2199"),
}


@pytest.mark.parametrize("write", [oem_kvn_text, oem_xml_text])
@pytest.mark.parametrize(("ephemeris", "says"), UNWRITEABLE.values(), ids=UNWRITEABLE)
def test_what_no_reader_would_take_is_not_written(
    ephemeris: Ephemeris, says: str, write: Callable[[Ephemeris], str]
) -> None:
    with pytest.raises(SchemaError, match=says):
        write(ephemeris)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_arc_is_read_back_to_the_microsecond_and_a_micrometre(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 6))
    begin = data.draw(st.integers(Instant.of(1957, 10, 4).us, Instant.of(2190, 1, 1).us))
    steps = data.draw(st.lists(st.integers(1, 3_600_000_000), min_size=n - 1, max_size=n - 1))
    t_us = begin + np.concatenate([[0], np.cumsum(steps)]).astype(np.int64)
    number = st.floats(-5e8, 5e8)
    r_m = np.array(data.draw(st.lists(st.tuples(number, number), min_size=n, max_size=n)))
    r_m = np.column_stack([np.full(n, data.draw(st.floats(6.4e6, 5e8))), r_m])
    speed = st.floats(-5e4, 5e4)
    v_m_s = np.array(data.draw(st.lists(st.tuples(speed, speed, speed), min_size=n, max_size=n)))
    frame = data.draw(st.sampled_from(["EME2000", "GCRF", "ITRF", "TEME"]))
    arc = made(
        frame=frame,
        t_utc_us=t_us,
        r_m=r_m,
        v_m_s=v_m_s,
        useable_from_utc=Instant(int(t_us[0])),
        useable_to_utc=Instant(int(t_us[-1])),
    )
    for write in (oem_kvn_text, oem_xml_text):
        assert_same(arc, read_oem(write(message(arc)), "x").arcs[0], within_m=1e-6)


@pytest.mark.parametrize("write", [oem_kvn_text, oem_xml_text])
def test_epochs_of_a_segment_sort_as_text(write: Callable[[Ephemeris], str]) -> None:
    """Readers there are that compare them so; `.` comes before `Z`."""
    begin = made().from_utc
    t_us = begin.us + np.array([0, 500_000, 1_000_000])
    text = write(message(made(t_utc_us=t_us, useable_to_utc=begin.plus_s(1))))
    states = text.partition("META_STOP")[2] or text.partition("<data>")[2]
    epochs = re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z", states)
    assert len(epochs) == 3
    assert epochs == sorted(epochs)


def test_a_zipped_text_is_not_read_here() -> None:
    refused(gzip.compress(KVN.encode()), "byte 1 is not UTF-8", SyntaxInputError)
