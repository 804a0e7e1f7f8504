"""Damaged files of orbits: only input errors come out, and what is returned is an orbit."""

from __future__ import annotations

import gzip
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.errors import InputError
from crossflight.formats.oem import read_oem
from crossflight.formats.oem_facts import station_facts
from crossflight.formats.oem_text import oem_kvn_text, oem_xml_text
from crossflight.formats.omm import read_omm
from crossflight.formats.orbit import read_orbit
from crossflight.formats.tle import read_tle, write_tle
from crossflight.model.orbit import ElementSet, Ephemeris

FIXTURES = Path(__file__).parent / "fixtures"
CRASHES = sorted((FIXTURES / "crashes").iterdir())


def shortened(name: str, n_states: int) -> bytes:
    """A fixture with few states, so that damage hits the rest as often."""
    text = (FIXTURES / name).read_text()
    if name.endswith(".xml"):
        parts = text.split("</stateVector>")
        return ("</stateVector>".join(parts[:n_states]) + "</stateVector>" + parts[-1]).encode()
    lines = text.splitlines(keepends=True)
    first = next(i for i, line in enumerate(lines) if line.startswith("2021-225T"))
    return "".join(lines[: first + n_states]).encode()


SEEDS: dict[str, tuple[Callable[[bytes, str], Any], bytes]] = {
    "tle": (read_tle, "".join((FIXTURES / "iss_sample.tle").read_text().splitlines(True)[:6]).encode()),
    "named tle": (read_tle, (FIXTURES / "iss_2026171.tle").read_bytes()),
    "omm kvn": (read_omm, (FIXTURES / "iss_2026171.kvn").read_bytes()),
    "omm xml": (read_omm, (FIXTURES / "iss_2026171.xml").read_bytes()),
    "omm xml of Space-Track": (read_omm, (FIXTURES / "iss_2024001.xml").read_bytes()),
    "omm json": (read_omm, (FIXTURES / "iss_2026171.json").read_bytes()),
    "omm json of Space-Track": (read_omm, (FIXTURES / "cygfm03_2024015.json").read_bytes()),
    "oem kvn": (read_oem, shortened("ISS_OEM_2021225_cut.oem", 5)),
    "oem xml": (read_oem, shortened("ISS_OEM_2021225_cut.xml", 4)),
}

NASTY = [
    "",
    "nan",
    "NaN",
    "inf",
    "-Infinity",
    "1e400",
    "-1e400",
    "1e-400",
    "-0",
    "-0.0",
    "1_000",
    "0x1F",
    "1e17",
    "99999999999999999999999999",
    "9" * 5000,
    "-",
    ".",
    "e5",
    "1.2.3",
    "\u0661\u0662",
    "\uff11",
    "\u00b2",
    "\u2028",
    "\x00",
    "\x1b[31m",
    "\ufeff",
    "\ud7ff",
    "null",
    "true",
    "[]",
    "{}",
    '"',
    "\\",
    "\\u0000",
    "<x/>",
    "</data>",
    "<![CDATA[x]]>",
    "<!-- -->",
    "<!DOCTYPE x>",
    "&amp;",
    "&#0;",
    "&#x41;",
    "&lol;",
    "<?x y?>",
    "=",
    " [km]",
    "META_START",
    "META_STOP",
    "COVARIANCE_START",
    "COVARIANCE_STOP",
    "COMMENT",
    "2021-366T24:60:60",
    "2016-12-31T23:59:60",
    "0000-000T00:00:00",
    "9999-12-31T23:59:59.9999999",
    "TAI",
    "GPS",
    "ITRF",
    "UNKNOWN",
    "\t",
    "\r",
    " " * 5000,
    "A" * 5000,
]


@st.composite
def damaged(draw: st.DrawFn, seed: bytes) -> bytes:
    """A genuine text with bytes flipped, cut or put in, lines dropped, doubled or swapped, words replaced."""
    raw = bytearray(seed)
    for _ in range(draw(st.integers(1, 3))):
        what = draw(st.sampled_from(["flip", "cut", "put", "drop", "double", "swap", "word", "word", "word"]))
        if what in ("flip", "cut", "put") and raw:
            at = draw(st.integers(0, len(raw) - 1))
            if what == "flip":
                raw[at] = draw(st.integers(0, 255))
            elif what == "cut":
                del raw[at : at + draw(st.sampled_from([1, 2, 10, 100, len(raw)]))]
            else:
                raw[at:at] = draw(st.binary(min_size=1, max_size=4))
        elif what in ("drop", "double", "swap"):
            lines = raw.splitlines(keepends=True)
            if not lines:
                continue
            i, j = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
            if what == "drop":
                del lines[i]
            elif what == "double":
                lines.insert(j, lines[i])
            else:
                lines[i], lines[j] = lines[j], lines[i]
            raw = bytearray(b"".join(lines))
        else:
            text = raw.decode("utf-8", "replace")
            marks = [i for i, c in enumerate(text) if c in ' \n=<>":,']
            if len(marks) < 2:
                continue
            k = draw(st.integers(0, len(marks) - 2))
            new = draw(st.sampled_from(NASTY) | st.text(max_size=6))
            text = text[: marks[k] + 1] + new + text[marks[k + 1] :]
            raw = bytearray(text.encode("utf-8", "surrogatepass"))
    return bytes(raw)


def assert_orbit(read: tuple[ElementSet, ...] | Ephemeris) -> None:
    """What every reader promises of what it returns."""
    if isinstance(read, Ephemeris):
        assert read.arcs
        before = None
        for arc in read.arcs:
            assert len(arc.t_utc_us) >= 2
            assert (np.diff(arc.t_utc_us) > 0).all()
            assert np.isfinite(arc.r_m).all()
            assert np.isfinite(arc.v_m_s).all()
            assert (np.linalg.norm(arc.r_m, axis=1) > 6.3e6).all()
            assert arc.from_utc <= arc.useable_from_utc <= arc.useable_to_utc <= arc.to_utc
            assert before is None or before <= arc.useable_from_utc
            before = arc.useable_to_utc
            station_facts(arc)
        for write in (oem_kvn_text, oem_xml_text):
            try:
                text = write(read)
            except InputError:
                continue
            again = read_oem(text, "again")
            assert [len(arc.t_utc_us) for arc in again.arcs] == [len(arc.t_utc_us) for arc in read.arcs]
        return
    assert read
    for s in read:
        for name in ElementSet.__slots__:
            value = getattr(s, name)
            assert not isinstance(value, float) or math.isfinite(value)
        assert 0 <= s.eccentricity < 1
        assert 0 <= s.inclination_deg <= 180
        assert 0 < s.mean_motion_rev_day < 18
        s.epoch_utc.iso()
        try:
            lines = write_tle(s)
        except InputError:
            continue
        assert len(read_tle("\n".join(lines), "again")) == 1


def assert_error(error: InputError) -> None:
    assert error.file == "some.file"
    assert "\n" not in error.message + error.excerpt
    assert len(error.message) < 1000
    assert len(error.excerpt) <= 200
    assert error.line >= 0
    assert error.column >= 0


def only_input_errors(read: Callable[[bytes, str], Any], data: bytes) -> None:
    try:
        found = read(data, "some.file")
    except InputError as error:
        assert_error(error)
    else:
        assert_orbit(found)


@pytest.mark.parametrize(("read", "seed"), SEEDS.values(), ids=SEEDS)
def test_the_seeds_themselves_are_orbits(read: Callable[[bytes, str], Any], seed: bytes) -> None:
    assert_orbit(read(seed, "some.file"))


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_raise_input_errors_only(kind: str, data: st.DataObject) -> None:
    read, seed = SEEDS[kind]
    raw = data.draw(damaged(seed))
    only_input_errors(read, raw)
    only_input_errors(read_orbit, raw)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_gzip_files_raise_input_errors_only(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(sorted(SEEDS)))
    only_input_errors(read_orbit, gzip.compress(data.draw(damaged(SEEDS[kind][1])), mtime=0))
    only_input_errors(read_orbit, data.draw(damaged(gzip.compress(SEEDS[kind][1], mtime=0))))


BEGINS = [
    "",
    "<",
    "<oem>",
    "<omm>",
    "[",
    "[{",
    '{"',
    "1 ",
    "1 25544U",
    "CCSDS_OEM_VERS = 2.0\n",
    "CCSDS_OMM_VERS = 2.0\n",
]
BEGINS += ["\x1f\x8b\x08", "\xff\xfe", "\xfe\xff", "CCSDS_OEM_VERS = 2.0\nMETA_START\n"]


@settings(max_examples=150, deadline=None)
@given(
    begin=st.sampled_from(BEGINS).map(lambda s: s.encode("latin-1")),
    rest=st.binary(max_size=60)
    | st.text(max_size=60).map(lambda s: s.encode("utf-8", "surrogatepass"))
    | st.lists(st.sampled_from(NASTY), max_size=6).map(lambda words: " ".join(words).encode("utf-8")),
)
def test_any_bytes_raise_input_errors_only(begin: bytes, rest: bytes) -> None:
    for read in (read_orbit, read_tle, read_omm, read_oem):
        only_input_errors(read, begin + rest)


@pytest.mark.parametrize("path", CRASHES, ids=lambda path: path.name)
def test_what_once_crashed_a_reader(path: Path) -> None:
    for read in (read_orbit, read_tle, read_omm, read_oem):
        only_input_errors(read, path.read_bytes())
