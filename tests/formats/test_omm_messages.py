"""Orbit mean-elements messages in three notations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats.omm import read_omm
from crossflight.formats.orbit_json import DEPTH_MAX
from crossflight.formats.tle import read_tle, write_tle
from crossflight.times import Instant

FIXTURES = Path(__file__).parent / "fixtures"
KVN = (FIXTURES / "iss_2026171.kvn").read_text()
XML = (FIXTURES / "iss_2026171.xml").read_text()
JSON = (FIXTURES / "iss_2026171.json").read_text()
RECORD = json.loads(JSON)[0]
COVARIANCE = "\n".join(
    f"C{row}_{column} = 1e-4"
    for i, row in enumerate(("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"))
    for column in ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")[: i + 1]
)


def refused(text: str | bytes, says: str, kind: type[InputError] = SchemaError) -> InputError:
    with pytest.raises(InputError) as caught:
        read_omm(text, "some.omm")
    assert says in caught.value.message
    assert type(caught.value) is kind
    assert caught.value.file == "some.omm"
    return caught.value


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def test_one_set_in_four_notations_is_one_set() -> None:
    (tle,) = read_tle((FIXTURES / "iss_2026171.tle").read_text(), "one")
    for text in (KVN, XML, JSON):
        assert read_omm(text, "one") == (tle,)
        assert read_omm(text.replace("\n", "\r\n").encode("utf-8-sig"), "one") == (tle,)


def test_records_of_space_track_hold_texts_and_other_keys() -> None:
    text = (FIXTURES / "cygfm03_2024015.json").read_text()
    (read,) = read_omm(text, "some.json")
    record = json.loads(text)[0]
    assert write_tle(read) == (record["TLE_LINE1"], record["TLE_LINE2"])
    assert read.object_name == "CYGFM03"


def test_xml_of_space_track_holds_many_messages() -> None:
    first, second = read_omm((FIXTURES / "iss_2024001.xml").read_bytes(), "some.xml")
    assert first.epoch_utc == Instant.parse("2024-01-01T00:18:14.850432Z")
    assert second.n_revolutions == 43250
    assert second.bstar_per_er == 0.00029045


def test_an_omm_may_be_the_root() -> None:
    body = XML[XML.index("<omm") : XML.index("</ndm>")]
    assert read_omm(body, "one") == read_omm(XML, "one")
    prefixed = body.replace("<", "<n:").replace("<n:/", "</n:").replace("<n:omm", '<n:omm xmlns:n="urn:x"', 1)
    assert read_omm(prefixed, "one") == read_omm(XML, "one")


def test_many_messages_in_one_text() -> None:
    assert len(read_omm(KVN * 3, "some.omm")) == 3
    assert len(read_omm(json.dumps([RECORD] * 3), "some.omm")) == 3
    assert len(read_omm(json.dumps(RECORD), "some.omm")) == 1


def test_what_the_standard_allows_beside_the_elements() -> None:
    text = swap(
        KVN, "ORIGINATOR     =", "COMMENT a\nCLASSIFICATION = SBU\nORIGINATOR = X [Y]\nMESSAGE_ID = 1"
    )
    text = swap(text, "15.49333088", "15.49333088 [rev/day]").replace("51.6327", "51.6327 [DEG]")
    text = swap(
        text,
        "EPHEMERIS_TYPE",
        "GM = 398600.8 [km**3/s**2]\nMASS = 4.2e5 [kg]\nDRAG_COEFF = 2.2\nEPHEMERIS_TYPE",
    )
    text = swap(text, ".166E-3", ".166E-3 [1/ER]")
    text += f"COV_REF_FRAME = RSW\n{COVARIANCE}\nUSER_DEFINED_SHOE = 44 [EU]\nCOMMENT end\n"
    assert read_omm(text, "one") == read_omm(KVN, "one")


def test_names_may_end_in_brackets() -> None:
    (read,) = read_omm(swap(KVN, "ISS (ZARYA)", "NOAA 15 [B]"), "some.omm")
    assert read.object_name == "NOAA 15 [B]"


def test_what_may_be_left_out() -> None:
    text = KVN
    for key in (
        "EPHEMERIS_TYPE",
        "CLASSIFICATION_TYPE",
        "ELEMENT_SET_NO",
        "REV_AT_EPOCH",
        "MEAN_MOTION_DOT ",
        "MEAN_MOTION_DDOT",
    ):
        text = "\n".join(line for line in text.split("\n") if not line.startswith(key))
    (full,) = read_omm(KVN, "one")
    assert read_omm(text, "one") == (replace(full, n_revolutions=0, mean_motion_dot_rev_day2=0.0),)
    # CelesTrak has no designator for objects whose launch nobody knows.
    assert read_omm(swap(KVN, "1998-067A", ""), "one") == (replace(full, object_id=""),)


def test_nine_digits_of_the_catalogue_number() -> None:
    (read,) = read_omm(swap(KVN, "25544", "799501621"), "some.omm")
    assert read.norad_id == 799_501_621


def test_angles_below_zero_are_turned() -> None:
    (read,) = read_omm(swap(KVN, "284.1189", "-75.8811"), "some.omm")
    assert read.raan_deg == pytest.approx(284.1189)


def test_a_blank_between_date_and_time_is_read_in_json_only() -> None:
    text = "2026-06-20 09:57:02.757600"
    assert read_omm(swap(JSON, "2026-06-20T09:57:02.757600", text), "one") == read_omm(JSON, "one")
    refused(swap(KVN, "2026-06-20T09:57:02.757600", text), "EPOCH is '2026-06-20 09:57:02.757600'")


BAD_KVN: dict[str, tuple[Callable[[str], str], str, type[InputError], int]] = {
    "theory": (lambda t: swap(t, "SGP/SGP4", "DSST"), "MEAN_ELEMENT_THEORY is 'DSST'", SchemaError, 10),
    "SGP4-XP": (
        lambda t: swap(t, "SGP/SGP4", "SGP4-XP"),
        "MEAN_ELEMENT_THEORY is 'SGP4-XP'",
        SchemaError,
        10,
    ),
    "centre": (lambda t: swap(t, "EARTH", "MOON"), "CENTER_NAME is 'MOON'", SchemaError, 7),
    "frame": (lambda t: swap(t, "TEME", "EME2000"), "REF_FRAME is 'EME2000'", SchemaError, 8),
    "frame epoch": (
        lambda t: swap(t, "TEME\n", "TEME\nREF_FRAME_EPOCH = 2000-01-01T00:00:00\n"),
        "REF_FRAME_EPOCH makes it TEME of an epoch",
        SchemaError,
        9,
    ),
    "time": (lambda t: swap(t, "UTC", "TAI"), "TIME_SYSTEM is 'TAI'", SchemaError, 9),
    "version": (lambda t: swap(t, "VERS = 2.0", "VERS = 1.0"), "CCSDS_OMM_VERS is '1.0'", SchemaError, 1),
    "no version": (
        lambda t: swap(t, "CCSDS_OMM_VERS = 2.0\n", ""),
        "comes before CCSDS_OMM_VERS",
        SyntaxInputError,
        1,
    ),
    "unknown": (lambda t: swap(t, "BSTAR ", "BSTARR"), "BSTARR is no keyword of an OMM", SchemaError, 25),
    "small letters": (lambda t: swap(t, "BSTAR", "bstar"), "'bstar' is no keyword", SyntaxInputError, 25),
    "twice": (lambda t: t + "BSTAR = 1\n", "BSTAR stands twice", SchemaError, 28),
    "too late": (lambda t: t + "MESSAGE_ID = 1\n", "MESSAGE_ID comes too late", SyntaxInputError, 28),
    "missing": (
        lambda t: swap(t, "BSTAR          = .166E-3\n", ""),
        "the message has no BSTAR",
        SchemaError,
        1,
    ),
    "empty": (lambda t: swap(t, ".166E-3", ""), "BSTAR is empty", SchemaError, 25),
    "unit": (lambda t: swap(t, "51.6327", "0.9011 [rad]"), "INCLINATION is given in 'rad'", SchemaError, 15),
    "unit where none is": (lambda t: swap(t, ".0004557", ".0004557 [m]"), "given in 'm'", SchemaError, 14),
    "no equals": (
        lambda t: t + "hello\n",
        "'hello' is neither KEYWORD = value nor data",
        SyntaxInputError,
        28,
    ),
    "nan": (
        lambda t: swap(t, "51.6327", "nan"),
        "INCLINATION is 'nan', not a finite number",
        SchemaError,
        15,
    ),
    "infinity": (lambda t: swap(t, "51.6327", "infinity"), "not a finite number", SchemaError, 15),
    "overflow": (lambda t: swap(t, "51.6327", "1e400"), "not a finite number", SchemaError, 15),
    "underline": (lambda t: swap(t, "51.6327", "5_1.6327"), "not a finite number", SchemaError, 15),
    "arabic": (lambda t: swap(t, "51.6327", "\u0665\u0661"), "not a finite number", SchemaError, 15),
    "count": (
        lambda t: swap(t, "57225", "5.5"),
        "REV_AT_EPOCH is '5.5', not a whole number",
        SchemaError,
        24,
    ),
    "negative count": (lambda t: swap(t, "57225", "-1"), "REV_AT_EPOCH is '-1'", SchemaError, 24),
    "too many digits": (
        lambda t: swap(t, "25544", "9" * 5000),
        "a line of 5017 characters",
        SyntaxInputError,
        22,
    ),
    "ten digits": (lambda t: swap(t, "25544", "1" * 10), "NORAD_CAT_ID is '1111111111'", SchemaError, 22),
    "open orbit": (
        lambda t: swap(t, ".0004557", "1.0"),
        "ECCENTRICITY is 1: this orbit is not closed",
        SchemaError,
        14,
    ),
    "negative eccentricity": (lambda t: swap(t, ".0004557", "-.1"), "it cannot be negative", SchemaError, 14),
    "decayed": (lambda t: swap(t, "15.49333088", "17.5"), "km below the surface", SchemaError, 13),
    "too slow": (lambda t: swap(t, "15.49333088", "1e-300"), "outside 0.008 to 18", SchemaError, 13),
    "angle": (lambda t: swap(t, "284.1189", "1e17"), "RA_OF_ASC_NODE is 1e+17 deg", SchemaError, 16),
    "epoch": (lambda t: swap(t, "2026-06-20T", "2026-06-31T"), "there is no day 2026-06-31", SchemaError, 12),
    "leap second": (
        lambda t: swap(t, "09:57:02", "23:59:60"),
        "a leap second cannot be held",
        SchemaError,
        12,
    ),
    "semi-major axis": (
        lambda t: swap(t, "MEAN_MOTION    = 15.49333088", "SEMI_MAJOR_AXIS = 6793"),
        "SEMI_MAJOR_AXIS does not belong",
        SchemaError,
        13,
    ),
    "classification": (
        lambda t: swap(t, "TYPE = U", "TYPE = é"),
        "CLASSIFICATION_TYPE is 'é'",
        SchemaError,
        21,
    ),
    "type": (lambda t: swap(t, "EPHEMERIS_TYPE = 0", "EPHEMERIS_TYPE = 4"), "not SGP4's 0", SchemaError, 20),
    "half a matrix": (
        lambda t: t + COVARIANCE.rpartition("\n")[0] + "\n",
        "the covariance matrix has no CZ_DOT_Z_DOT",
        SchemaError,
        1,
    ),
    "long line": (lambda t: t + "COMMENT " + "x" * 4100, "a line of 4108 characters", SyntaxInputError, 28),
    "control": (lambda t: swap(t, "ZARYA", "ZAR\x1bYA"), "control character U+001B", SyntaxInputError, 5),
}


@pytest.mark.parametrize(("change", "says", "kind", "line"), BAD_KVN.values(), ids=BAD_KVN)
def test_a_bad_key_value_message(
    change: Callable[[str], str], says: str, kind: type[InputError], line: int
) -> None:
    error = refused(change(KVN), says, kind)
    assert error.line == line
    assert error.column >= 1


def test_an_error_points_at_the_value() -> None:
    error = refused(swap(KVN, "51.6327", "nan"), "INCLINATION is 'nan'")
    assert (error.line, error.column, error.excerpt) == (15, 18, "INCLINATION    = nan")
    error = refused(swap(JSON, "51.6327", '"x"'), "'INCLINATION' of object 1 is 'x'")
    assert error.column == JSON.index("51.6327") + 1
    error = refused(swap(XML, "51.6327", "x"), "INCLINATION is 'x'")
    assert (error.line, error.excerpt.strip()) == (23, "<INCLINATION>x</INCLINATION>")


def test_the_near_keyword_is_suggested() -> None:
    error = refused(swap(KVN, "MEAN_ANOMALY  ", "MEAN_ANOMLY  "), "is no keyword")
    assert error.hint == "did you mean MEAN_ANOMALY?"


BAD_XML: dict[str, tuple[Callable[[str], str], str, type[InputError]]] = {
    "unclosed": (lambda t: t[:-8], "this is not XML: no element found", SyntaxInputError),
    "mismatched": (
        lambda t: swap(t, "</BSTAR>", "</BSTAT>"),
        "this is not XML: mismatched tag",
        SyntaxInputError,
    ),
    "document type": (lambda t: swap(t, "<ndm", "<!DOCTYPE ndm><ndm"), "a document type", SyntaxInputError),
    "entity bomb": (
        lambda t: swap(t, "<ndm", '<!DOCTYPE n [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ndm'),
        "a document type",
        SyntaxInputError,
    ),
    "unknown entity": (lambda t: swap(t, "ZARYA", "&zarya;"), "undefined entity", SyntaxInputError),
    "deep": (
        lambda t: swap(t, "<ORIGINATOR/>", "<a>" * 50 + "</a>" * 50),
        "nested deeper than 16",
        SyntaxInputError,
    ),
    "other root": (lambda t: "<opm/>", "<opm> is no OMM", SyntaxInputError),
    "nothing inside": (lambda t: "<ndm/>", "<ndm> holds no <omm>", SchemaError),
    "unknown element": (
        lambda t: t.replace("GM>", "XX>").replace("BSTAR>", "BST>"),
        "<BST> cannot stand",
        SchemaError,
    ),
    "wrong section": (
        lambda t: swap(t, "<meanElements>", "<meanElements><MASS>1</MASS>"),
        "<MASS> cannot",
        SchemaError,
    ),
    "twice": (
        lambda t: swap(t, "<MEAN_MOTION>", "<EPOCH>x</EPOCH><MEAN_MOTION>"),
        "EPOCH stands twice",
        SchemaError,
    ),
    "two blocks": (
        lambda t: swap(t, "<tleP", "<meanElements/><tleP"),
        "<meanElements> stands twice",
        SchemaError,
    ),
    "unit": (lambda t: swap(t, "<INCLINATION>", '<INCLINATION units="rad">'), "given in 'rad'", SchemaError),
    "inside": (lambda t: swap(t, ">51.6327<", "><x/><"), "holds elements, not a value", SyntaxInputError),
    "text between": (
        lambda t: swap(t, "<meanElements>", "<meanElements>hi"),
        "holds the text 'hi'",
        SchemaError,
    ),
    "version": (lambda t: swap(t, 'version="2.0"', 'version="9"'), "of version '9'", SchemaError),
    "no header": (lambda t: t.replace("header", "heade"), "<heade> cannot stand inside <omm>", SchemaError),
    "no data": (
        lambda t: t[: t.index("<data>")] + t[t.index("</data>") + 7 :],
        "<segment> has 0 elements <data>",
        SchemaError,
    ),
    "long text": (lambda t: swap(t, "ZARYA", "Z" * 5000), "a text of more than 4096", SyntaxInputError),
    "two roots": (lambda t: t + "<x/>", "junk after document element", SyntaxInputError),
}


@pytest.mark.parametrize(("change", "says", "kind"), BAD_XML.values(), ids=BAD_XML)
def test_a_bad_xml_message(change: Callable[[str], str], says: str, kind: type[InputError]) -> None:
    error = refused(change(XML), says, kind)
    assert error.line >= 1
    assert error.column >= 1


BAD_JSON = {
    "cut off": (JSON[:-20], "a text without its end", SyntaxInputError),
    "empty list": ("[]", "the list is empty", SyntaxInputError),
    "empty object": ("[{}]", "object 1 is empty", SyntaxInputError),
    "a number": ("[1]", "item 1 of the list is not an object", SyntaxInputError),
    "after the end": (JSON.strip() + " x", "'x' follows the end", SyntaxInputError),
    "comma at the end": (swap(JSON, "}]", "},]"), "item 2 of the list is not an object", SyntaxInputError),
    "twice": (swap(JSON, "{", '{"BSTAR":1,'), "the key 'BSTAR' stands twice in object 1", SyntaxInputError),
    "twice by escape": (swap(JSON, "{", '{"BST\\u0041R":1,'), "stands twice", SyntaxInputError),
    "nan": (swap(JSON, "51.6327", "NaN"), "'NaN,", SyntaxInputError),
    "infinity": (swap(JSON, "51.6327", "-Infinity"), "is no JSON value", SyntaxInputError),
    "leading zero": (swap(JSON, "51.6327", "051.6"), "is no JSON value", SyntaxInputError),
    "plus": (swap(JSON, "51.6327", "+51.6"), "is no JSON value", SyntaxInputError),
    "overflow": (swap(JSON, "51.6327", "1e999"), "'1e999', not a finite number", SchemaError),
    "nan as text": (swap(JSON, "51.6327", '"nan"'), "is 'nan', not a finite number", SchemaError),
    "null": (swap(JSON, "51.6327", "null"), "the object has no INCLINATION", SchemaError),
    "list": (swap(JSON, "51.6327", "[51.6]"), "the object has no INCLINATION", SchemaError),
    "true": (swap(JSON, "51.6327", "true"), "is 'true', not a finite number", SchemaError),
    "deep": (
        swap(JSON, "51.6327", "[" * 100_000),
        f"nested deeper than {DEPTH_MAX} levels",
        SyntaxInputError,
    ),
    "deep objects": (
        swap(JSON, "51.6327", '{"a":' * 1000),
        f"nested deeper than {DEPTH_MAX}",
        SyntaxInputError,
    ),
    "escape": (swap(JSON, "ZARYA", "ZA\\qA"), "an escape that JSON does not know", SyntaxInputError),
    "surrogate": (swap(JSON, "ZARYA", "\\ud800"), "cannot be printed", SyntaxInputError),
    "bell": (swap(JSON, "ZARYA", "\\u0007"), "cannot be printed", SyntaxInputError),
    "line break": (swap(JSON, "ZARYA", "ZAR\nYA"), "a text without its end", SyntaxInputError),
    "long text": (swap(JSON, "ZARYA", "Z" * 5000), "of more than 4096 characters", SyntaxInputError),
    "single quotes": (JSON.replace('"', "'"), "a text in double quotes is missing", SyntaxInputError),
    "theory": (swap(JSON, "{", '{"MEAN_ELEMENT_THEORY":"DSST",'), "of object 1 is 'DSST'", SchemaError),
    "frame": (swap(JSON, "{", '{"REF_FRAME":"GCRF",'), "of object 1 is 'GCRF'", SchemaError),
    "second object": (
        json.dumps([RECORD, {**RECORD, "ECCENTRICITY": 2}]),
        "'ECCENTRICITY' of object 2 is 2: this orbit is not closed",
        SchemaError,
    ),
    "missing in the third": (
        json.dumps([RECORD, RECORD, {"OBJECT_NAME": "X"}]),
        "object 3 has no EPOCH",
        SchemaError,
    ),
}


@pytest.mark.parametrize(("text", "says", "kind"), BAD_JSON.values(), ids=BAD_JSON)
def test_a_bad_json_message(text: str, says: str, kind: type[InputError]) -> None:
    assert refused(text, says, kind).line >= 1


def test_places_in_json_count_lines() -> None:
    text = json.dumps([RECORD, {**RECORD, "BSTAR": "x"}], indent=2)
    error = refused(text, "'BSTAR' of object 2 is 'x'")
    assert error.excerpt.strip() == '"BSTAR": "x",'
    assert error.excerpt[error.column - 1 :].startswith('"x"')
