"""Two-line element sets: read, refused at the right column, written back byte for byte."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sgp4.api import WGS72, Satrec

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats.elements import EARTH_RADIUS_KM, perigee_radius_km
from crossflight.formats.tle import ALPHA5_MAX, checksum, read_tle, write_tle
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

FIXTURES = Path(__file__).parent / "fixtures"
SAMPLE = (FIXTURES / "iss_sample.tle").read_text()
ISS = (FIXTURES / "iss_2026171.tle").read_text()
_, L1, L2 = ISS.splitlines()

PAIRS = list(zip(SAMPLE.splitlines()[::2], SAMPLE.splitlines()[1::2], strict=True))


def resummed(line: str) -> str:
    return line[:68] + str(checksum(line))


def put(line: str, column: int, text: str) -> str:
    return resummed(line[: column - 1] + text + line[column - 1 + len(text) :])


def refused(text: str | bytes, says: str, kind: type[InputError] = SyntaxInputError) -> InputError:
    with pytest.raises(InputError) as caught:
        read_tle(text, "some.tle")
    assert says in caught.value.message
    assert type(caught.value) is kind
    assert caught.value.file == "some.tle"
    return caught.value


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0][18:32])
def test_a_genuine_set_comes_back_byte_for_byte(pair: tuple[str, str]) -> None:
    (read,) = read_tle("\n".join(pair), "some.tle")
    assert write_tle(read) == pair


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[0][18:32])
def test_the_sgp4_library_reads_the_same_numbers(pair: tuple[str, str]) -> None:
    (read,) = read_tle("\n".join(pair), "some.tle")
    other = Satrec.twoline2rv(*pair, WGS72)
    epoch_s = (other.jdsatepoch - 2440587.5) * 86400 + other.jdsatepochF * 86400
    assert read.epoch_utc.us / 1e6 == pytest.approx(epoch_s, abs=1e-4)
    per_min = math.tau / 1440
    assert read.mean_motion_rev_day * per_min == pytest.approx(other.no_kozai, rel=1e-14)
    assert read.eccentricity == other.ecco
    assert [
        read.inclination_deg,
        read.raan_deg,
        read.arg_perigee_deg,
        read.mean_anomaly_deg,
    ] == pytest.approx(
        [math.degrees(a) for a in (other.inclo, other.nodeo, other.argpo, other.mo)], rel=1e-14
    )
    assert read.bstar_per_er == pytest.approx(other.bstar, rel=1e-14)
    assert (read.norad_id, read.n_revolutions, read.element_set_number) == (
        other.satnum,
        other.revnum,
        other.elnum,
    )
    assert perigee_radius_km(read) == pytest.approx((1 + other.altp) * EARTH_RADIUS_KM, abs=1e-6)


def test_the_epoch_keeps_the_microsecond() -> None:
    (read,) = read_tle(ISS, "some.tle")
    assert read.epoch_utc == Instant.parse("2026-06-20T09:57:02.757600Z")


def test_the_values_of_a_set() -> None:
    (read,) = read_tle(ISS, "iss.tle")
    assert read == ElementSet(
        object_name="ISS (ZARYA)",
        object_id="1998-067A",
        norad_id=25544,
        epoch_utc=Instant.parse("2026-06-20T09:57:02.757600Z"),
        mean_motion_rev_day=15.49333088,
        eccentricity=0.0004557,
        inclination_deg=51.6327,
        raan_deg=284.1189,
        arg_perigee_deg=208.5194,
        mean_anomaly_deg=151.5545,
        bstar_per_er=1.66e-4,
        mean_motion_dot_rev_day2=8.813e-5,
        mean_motion_ddot_rev_day3=0.0,
        n_revolutions=57225,
        element_set_number=999,
        classification="U",
        source="iss.tle",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{L1}\n{L2}",
        f"ISS (ZARYA)\n{L1}\n{L2}\n",
        f"0 ISS (ZARYA)\n{L1}\n{L2}\n",
        f"\ufeffISS (ZARYA)   \r\n{L1}\r\n{L2}\r\n\r\n",
        f"\n# fetched\n\nISS (ZARYA)\t\n{L1}  \n\n{L2}\t\n  \n",
        f"{L1}\r{L2}\r",
    ],
)
def test_names_line_ends_blanks_and_comments(text: str) -> None:
    for data in (text, text.encode(), text.encode("utf-16")):
        (read,) = read_tle(data, "some.tle")
        assert write_tle(read) == (L1, L2)
        assert read.object_name == ("ISS (ZARYA)" if "ISS" in text else "")


def test_many_sets_come_in_the_order_of_the_file() -> None:
    named = "".join(f"SET {i}\n{a}\n{b}\n" for i, (a, b) in enumerate(PAIRS))
    read = read_tle(named, "some.tle")
    assert [s.object_name for s in read] == [f"SET {i}" for i in range(len(PAIRS))]
    assert [write_tle(s) for s in read] == PAIRS


def test_catalogue_numbers_with_a_letter() -> None:
    for text, number in (("A0000", 100_000), ("H9999", 179_999), ("J0000", 180_000), ("Z9999", ALPHA5_MAX)):
        pair = (put(L1, 3, text), put(L2, 3, text))
        (read,) = read_tle("\n".join(pair), "some.tle")
        assert read.norad_id == number
        assert write_tle(read) == pair


@pytest.mark.parametrize("year", ["57", "99", "00", "56"])
def test_two_digits_of_the_year(year: str) -> None:
    (read,) = read_tle(f"{put(L1, 19, year)}\n{L2}", "some.tle")
    assert read.epoch_utc.iso()[:4] == {"57": "1957", "99": "1999", "00": "2000", "56": "2056"}[year]
    assert write_tle(read)[0] == put(L1, 19, year)


def test_a_zero_says_how_it_was_written() -> None:
    (read,) = read_tle(f"{put(L1, 45, ' 00000-0')}\n{L2}", "some.tle")
    assert math.copysign(1, read.mean_motion_ddot_rev_day3) == 1
    (read,) = read_tle(f"{put(L1, 45, ' 00000+0')}\n{L2}", "some.tle")
    assert math.copysign(1, read.mean_motion_ddot_rev_day3) == -1


BAD_COLUMNS = {
    "tab": (put(L1, 9, "\t"), L2, 1, 9, "column 9"),
    "moved by one": (put(L1, 10, " 98067A "), L2, 1, 10, "columns 10 to 17"),
    "letter in a number": (L1, put(L2, 10, "x"), 2, 9, "columns 9 to 16"),
    "comma": (L1, put(L2, 12, ","), 2, 9, "columns 9 to 16"),
    "blank inside": (L1, put(L2, 11, " "), 2, 9, "columns 9 to 16"),
    "eccentricity with a point": (L1, put(L2, 27, ".004557"), 2, 27, "columns 27 to 33"),
    "negative inclination": (L1, put(L2, 9, "-51.6327"), 2, 9, "columns 9 to 16"),
    "exponent without sign": (put(L1, 54, " 16600 3"), L2, 1, 54, "columns 54 to 61"),
    "classification": (put(L1, 8, "X"), L2, 1, 8, "column 8"),
    "letter I": (put(L1, 3, "I5544"), put(L2, 3, "I5544"), 1, 3, "columns 3 to 7"),
    "small letter": (put(L1, 3, "a5544"), put(L2, 3, "a5544"), 1, 3, "columns 3 to 7"),
    "arabic digits": (L1.replace("25544", "\u0662\u0665\u0665\u0664\u0664"), L2, 1, 3, "columns 3 to 7"),
    "full-width digit": (L1, L2.replace("51", "\uff151"), 2, 9, "columns 9 to 16"),
    "underline": (put(L1, 3, "2_544"), put(L2, 3, "2_544"), 1, 3, "columns 3 to 7"),
    "no column between": (L1, put(L2, 17, "1"), 2, 17, "column 17"),
}


@pytest.mark.parametrize(("one", "two", "line", "column", "says"), BAD_COLUMNS.values(), ids=BAD_COLUMNS)
def test_a_field_off_its_columns(one: str, two: str, line: int, column: int, says: str) -> None:
    error = refused(f"{one}\n{two}\n", says)
    assert (error.line, error.column) == (line, column)
    assert error.excerpt == (one if line == 1 else two)
    assert error.hint


def test_a_bad_checksum_is_refused_with_both_numbers() -> None:
    error = refused(f"{L1}\n{L2[:-1]}7\n", "the checksum of this line is 0, the line says 7")
    assert (error.line, error.column) == (2, 69)
    error = refused(f"{L1[:20]}6{L1[21:]}\n{L2}\n", "the checksum of this line is")
    assert error.line == 1


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("", "there is no element set", 0),
        ("# nothing\n", "there is no element set", 0),
        ("ISS\n", "no element set follows the name 'ISS'", 1),
        (f"ISS\nZARYA\n{L1}\n{L2}", "line 1 of an element set is missing after the name 'ISS'", 2),
        (f"{L2}\n", "without its line 1", 1),
        (f"{L1}\n", "line 2 of the last element set is missing", 1),
        (f"{L1}\n{L1}\n{L2}\n", "line 2 of an element set is missing here", 2),
        (f"{L1}\nISS\n{L2}\n", "line 2 of an element set is missing here", 2),
        (f" {L1}\n {L2}\n", "does not begin at column 1", 1),
        (f"{L1[:50]}\n{L2}", "line 1 of an element set has 50 columns, not 69", 1),
        (f"{L1[:68]}\n{L2}", "without its checksum", 1),
        (f"{L1} 0.0\n{L2}", "has 73 columns, not 69", 1),
        (f"{'N' * 101}\n{L1}\n{L2}", "a name of 101 characters", 1),
        (f"{L1}\n{put(L2, 3, '25545')}", "the lines belong to two objects, 25544 and 25545", 2),
        (f"{L1}\n{L2}\x00", "control character U+0000", 2),
        (b"\xff\xfe1", "is not UTF-16", 1),
        (b"1 25544\n\xc3", "is not UTF-8", 2),
    ],
)
def test_lines_that_are_no_sets(text: str | bytes, says: str, line: int) -> None:
    assert refused(text, says).line == line


@pytest.mark.parametrize(
    ("one", "two", "says", "line", "column"),
    [
        (L1, put(L2, 9, "180.0001"), "the inclination is 180 deg, outside 0 to 180", 2, 9),
        (L1, put(L2, 18, "360.0001"), "the node's right ascension is 360 deg", 2, 18),
        (L1, put(L2, 35, "999.0000"), "the argument of perigee is 999 deg", 2, 35),
        (L1, put(L2, 44, "400.0000"), "the mean anomaly is 400 deg", 2, 44),
        (L1, put(L2, 53, " 0.00000000"), "the mean motion is 0 revolutions a day", 2, 53),
        (
            L1,
            put(L2, 53, "18.00000000"),
            "the mean motion is 18 revolutions a day, outside 0.008 to 18",
            2,
            53,
        ),
        (L1, put(L2, 53, "17.20000000"), "km below the surface: it has decayed", 2, 53),
        (L1, put(L2, 27, "0800000"), "km below the surface", 2, 53),
        (L1, put(L2, 27, "9999999"), "km below the surface", 2, 53),
        (put(L1, 21, "366.00000000"), L2, "2026 has days 1 to 365, not 366", 1, 21),
        (put(L1, 21, "000.50000000"), L2, "2026 has days 1 to 365, not 0", 1, 21),
        (put(L1, 63, "4"), L2, "ephemeris type 4, not SGP4's 0", 1, 63),
    ],
)
def test_values_that_cannot_be(one: str, two: str, says: str, line: int, column: int) -> None:
    error = refused(f"{one}\n{two}\n", says, SchemaError)
    assert (error.line, error.column) == (line, column)


def test_day_366_of_a_leap_year() -> None:
    (read,) = read_tle(f"{put(L1, 19, '24366.99999999')}\n{L2}", "some.tle")
    assert read.epoch_utc.iso() == "2024-12-31T23:59:59.999136Z"


# Perigee -51 km: "Sub-orbital case - decayed 2005-11-29, lost in 50 minutes" (AIAA 2006-6753).
def test_the_suborbital_set_of_the_verification_file() -> None:
    text = (
        "1 28872U 05037B   05333.02012661  .25992681  00000-0  24476-3 0  1534\n"
        "2 28872  96.4736 157.9986 0303955 244.0492 110.6523 16.46015938 10708\n"
    )
    refused(text, "the perigee 52 km below the surface", SchemaError)


def test_too_many_bytes() -> None:
    refused(b" " * 64_000_001, "more than the 64 MB")


UNFIT = {
    "norad_id": 340_000,
    "epoch_utc": Instant.of(2057, 1, 1),
    "mean_motion_dot_rev_day2": 1.0,
    "bstar_per_er": 1e9,
    "mean_motion_ddot_rev_day3": math.nan,
    "classification": "ü",
    "eccentricity": -0.1,
    "inclination_deg": math.nan,
    "n_revolutions": -1,
}


@pytest.mark.parametrize(("attribute", "value"), UNFIT.items(), ids=UNFIT)
def test_what_does_not_fit_is_not_written(attribute: str, value: object) -> None:
    (read,) = read_tle(ISS, "some.tle")
    with pytest.raises(SchemaError, match=attribute):
        write_tle(replace(read, **{attribute: value}))


def test_an_angle_that_rounds_to_a_full_turn_is_zero() -> None:
    (read,) = read_tle(ISS, "some.tle")
    assert write_tle(replace(read, raan_deg=359.99996))[1][17:25] == "  0.0000"


def test_designators_of_another_form_are_left_blank() -> None:
    (read,) = read_tle(ISS, "some.tle")
    assert write_tle(replace(read, object_id="1998-067-A"))[0][9:17] == "98067A  "
    for text in ("UNKNOWN", "", "2098-067A", "1998-067ABCD"):
        assert write_tle(replace(read, object_id=text))[0][9:17] == " " * 8


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_set_that_can_be_is_read_back_to_the_last_digit(data: st.DataObject) -> None:
    def decimal(low: int, high: int, digits: int) -> float:
        return data.draw(st.integers(low, high)) / 10**digits

    def power() -> float:
        sign = data.draw(st.sampled_from([1.0, -1.0]))
        return sign * float(f"0.{data.draw(st.integers(10000, 99999))}e{data.draw(st.integers(-9, 8))}")

    written = ElementSet(
        object_name="",
        object_id=data.draw(st.sampled_from(["", "1957-001A", "2056-999ZZZ", "1998-067A"])),
        norad_id=data.draw(st.integers(0, ALPHA5_MAX)),
        epoch_utc=Instant(864 * data.draw(st.integers(-474_800_000_000, 3_175_000_000_000 - 1))),
        mean_motion_rev_day=decimal(800_000, 1_550_000_000, 8),
        eccentricity=decimal(0, 5_000, 7),
        inclination_deg=decimal(0, 1_800_000, 4),
        raan_deg=decimal(0, 3_600_000, 4),
        arg_perigee_deg=decimal(0, 3_600_000, 4),
        mean_anomaly_deg=decimal(0, 3_600_000, 4),
        bstar_per_er=power(),
        mean_motion_dot_rev_day2=decimal(-99_999_999, 99_999_999, 8),
        mean_motion_ddot_rev_day3=power(),
        n_revolutions=data.draw(st.integers(0, 99_999)),
        element_set_number=data.draw(st.integers(0, 9_999)),
        classification=data.draw(st.sampled_from("UCS")),
        source="some.tle",
    )
    lines = write_tle(written)
    assert [len(line) for line in lines] == [69, 69]
    (read,) = read_tle("\n".join(lines), "some.tle")
    assert read == written
