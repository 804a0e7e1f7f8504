"""Which set of a file to use, and which to distrust."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crossflight.errors import ReferenceInputError
from crossflight.formats.elements import is_suspicious, pick_elements
from crossflight.formats.tle import read_tle
from crossflight.times import Instant

FIXTURES = Path(__file__).parent / "fixtures"
SETS = read_tle((FIXTURES / "iss_sample.tle").read_bytes(), "sample.tle")
OTHER = replace(SETS[0], norad_id=48274, object_name="CSS (Tianhe)")
THIRD = replace(SETS[0], norad_id=5, object_name="VANGUARD 1")


def test_the_latest_set_not_after_an_instant() -> None:
    shuffled = (*SETS[5:], *SETS[:5])
    assert pick_elements(shuffled) == SETS[-1]
    assert pick_elements(shuffled, at_utc=SETS[7].epoch_utc) == SETS[7]
    assert pick_elements(shuffled, at_utc=Instant(SETS[7].epoch_utc.us - 1)) == SETS[6]
    assert pick_elements(shuffled, at_utc=SETS[-1].epoch_utc.plus_days(1000)) == SETS[-1]


def test_every_set_is_later() -> None:
    with pytest.raises(ReferenceInputError, match="no element set before 2018-01-01") as caught:
        pick_elements(SETS, at_utc=Instant.of(2018, 1, 1))
    assert SETS[0].epoch_utc.iso() in caught.value.message
    assert caught.value.file == "sample.tle"


@pytest.mark.parametrize("wanted", ["48274", " css (tianhe) ", "CSS (TIANHE)"])
def test_an_object_by_number_or_name(wanted: str) -> None:
    assert pick_elements((*SETS, OTHER), wanted) == OTHER


def test_the_station_is_meant_where_nothing_is_asked_for() -> None:
    assert pick_elements((OTHER, *SETS)).norad_id == 25544
    assert pick_elements((OTHER,)) == OTHER
    with pytest.raises(ReferenceInputError, match="2 objects and none was asked for") as caught:
        pick_elements((OTHER, THIRD))
    assert "CSS (Tianhe) (48274), VANGUARD 1 (5)" in caught.value.hint


@pytest.mark.parametrize("wanted", ["1", "TIANHE", "\u0662\u0665\u0665\u0664\u0664", "9" * 5000])
def test_an_object_that_is_not_there(wanted: str) -> None:
    with pytest.raises(ReferenceInputError, match="there is no object"):
        pick_elements((*SETS, OTHER), wanted)


def test_a_name_that_several_have_and_no_sets_at_all() -> None:
    with pytest.raises(ReferenceInputError, match="2 objects are called 'twin'"):
        pick_elements((replace(OTHER, object_name="Twin"), replace(THIRD, object_name="TWIN")), "twin")
    with pytest.raises(ReferenceInputError, match="there is no element set"):
        pick_elements(())


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
