"""Orbits the tests of room flight fly from: genuine sets, and the one before MS-22."""

from __future__ import annotations

from functools import cache

from crossflight.app.orbit_file import ARCHIVE, read_orbit_file
from crossflight.app.validation.flown_launches import orbit_of
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant


@cache
def elements_before(year: int, month: int, day: int) -> ElementSet:
    at = Instant.of(year, month, day)
    return [e for e in read_orbit_file(ARCHIVE).elements if e.epoch_utc <= at][-1]


def station(year: int = 2022, month: int = 9, day: int = 20) -> MeanOrbit:
    return orbit_of(elements_before(year, month, day))
