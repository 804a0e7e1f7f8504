"""What a file is, whatever its name: six notations, zipped or not, and many things that are no orbit."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from crossflight.errors import InputError, SyntaxInputError
from crossflight.formats import orbit_source
from crossflight.formats.orbit import read_orbit
from crossflight.model.orbit import Ephemeris

FIXTURES = Path(__file__).parent / "fixtures"
FILES = sorted(
    path for path in FIXTURES.iterdir() if path.suffix in (".tle", ".kvn", ".xml", ".json", ".oem")
)


def zipped(data: bytes) -> bytes:
    """Zipped the same at any time: the parameters of a test are its name."""
    return gzip.compress(data, mtime=0)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_genuine_file_is_recognised(path: Path) -> None:
    data = path.read_bytes()
    read = read_orbit(data, path.name)
    assert isinstance(read, Ephemeris) == ("OEM" in path.name)
    for other in (
        gzip.compress(data),
        gzip.compress(data) + b"\0\0",
        b"\r\n\r\n" * (data[:1] != b"<") + data,
    ):
        again = read_orbit(other, path.name)
        if isinstance(read, Ephemeris):
            assert isinstance(again, Ephemeris)
            assert (again.arcs[0].r_m == read.arcs[0].r_m).all()
        else:
            assert again == read


@pytest.mark.parametrize(
    ("data", "says", "hint"),
    [
        (b"", "the file is empty", "orbits are read from TLE, OMM"),
        (b"  \n\t\n", "the file is empty", "orbits are read from"),
        (b"No GP data found\r\n", "'No GP data found' begins no file of orbits", "orbits are read from"),
        (b"schema: crossflight.scenario/2\n", "begins no file of orbits", "orbits are read from"),
        (
            b"OBJECT_NAME,OBJECT_ID,EPOCH\r\nISS,1998-067A,2026\r\n",
            "as a table are not read",
            "JSON, XML or TLE",
        ),
        (b"<!doctype html><html><body>404</body></html>", "this is a web page", "fetch the data themselves"),
        (b"<html><body>404</body></html>", "this is a web page", "fetch the data themselves"),
        (b"CCSDS_OPM_VERS = 2.0\n", "this is a CCSDS OPM", "orbits are read from"),
        (b'<?xml version="1.0"?><ndm><ocm/></ndm>', "this is a CCSDS OCM", "orbits are read from"),
        (b"<svg/>", "<svg> is no OMM", "the root is <omm> or <ndm>"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8", "no text file"),
        (b"%PDF-1.7\n\x01", "control character U+0001", "no text file"),
        (zipped(b"x" * 1000)[:-9], "the gzip file ends too early", "fetch it again"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 40, "the gzip file is damaged", "fetch it again"),
        (b"\x1f\x8b", "the gzip file ends too early", "fetch it again"),
        (zipped(b"x") + b"y", "something follows the gzip stream", "unzip it first"),
        (zipped(zipped(b"x")), "is not UTF-8", "no text file"),
    ],
)
def test_what_is_no_orbit(data: bytes, says: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read_orbit(data, "some.file")
    assert says in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.file == "some.file"


def test_a_bomb_is_unzipped_no_further_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orbit_source, "N_BYTES_MAX", 100_000)
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(SyntaxInputError, match=r"more than 0\.1 MB once unzipped") as caught:
        read_orbit(bomb, "bomb.gz")
    assert "cut the file" in caught.value.hint


@pytest.mark.parametrize("data", [b" " * 64_000_001, b"\x1f\x8b" * 32_000_001], ids=["text", "gzip"])
def test_too_many_bytes_say_the_limit_and_the_way_out(data: bytes) -> None:
    with pytest.raises(SyntaxInputError, match=r"the file has 64\.0 MB, more than the 64 MB") as caught:
        read_orbit(data, "long.oem")
    assert "larger step" in caught.value.hint
