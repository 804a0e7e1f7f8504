"""Which sets of a file to distrust."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crossflight.formats.elements import is_suspicious
from crossflight.formats.tle import read_tle
from crossflight.times import Instant

FIXTURES = Path(__file__).parent / "fixtures"
SETS = read_tle((FIXTURES / "iss_sample.tle").read_bytes(), "sample.tle")


def test_genuine_sets_are_not_suspicious() -> None:
    assert [is_suspicious(s) for s in SETS] == [""] * len(SETS)


@pytest.mark.parametrize(
    ("epoch", "says"),
    [
        ("2024-01-01T00:00:00Z", "is a round time"),
        ("2024-01-01T12:00:00Z", "is a round time"),
        ("2024-05-06T07:08:00Z", "is a round time"),
        ("2024-05-06T06:59:59.999712Z", "is a round time"),
        ("2024-05-06T02:57:41.76Z", "ends in .12340000 of a day"),
    ],
)
def test_round_epochs_are_suspicious(epoch: str, says: str) -> None:
    assert says in is_suspicious(replace(SETS[0], epoch_utc=Instant.parse(epoch)))


def test_the_set_of_the_tutorials_under_another_epoch() -> None:
    (genuine,) = read_tle(
        "1 25544U 98067A   08264.51782528 -.00002182  00000-0 -11606-4 0  2927\n"
        "2 25544  51.6416 247.4627 0006703 130.5360 325.0288 15.72125391563537\n",
        "old.tle",
    )
    assert is_suspicious(genuine) == ""
    assert "2008-09-20" in is_suspicious(replace(genuine, epoch_utc=SETS[0].epoch_utc))
