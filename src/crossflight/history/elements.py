"""Orbits that ship with the package: genuine ISS element sets 2018 to 2025, and Soyuz 19 of 1975."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from crossflight.history.table import read_table
from crossflight.times import Instant

ZONE_COLUMNS: Final = ("flight", "zone", "source")
RECOVERY_COLUMNS: Final = ("flight", "recovery", "source")
BURN_COLUMNS: Final = ("orbit", "utc", "dv_m_s", "source")
ELEMENT_COLUMNS: Final = ("epoch_utc", "line1", "line2", "kind", "source")
_DATA: Final = files("crossflight.history") / "data"
_SUFFIX: Final = ".omm"


@dataclass(frozen=True, slots=True)
class ArchivedSet:
    """A two-line element set as it was published, and where it was found."""

    line1: str
    line2: str
    source: str


@cache
def archived_elements() -> tuple[ArchivedSet, ...]:
    """The archive in the order of its file, 541 sets."""
    name = "iss_elements.csv"
    rows = read_table((_DATA / name).read_bytes(), name, ELEMENT_COLUMNS)
    return tuple(ArchivedSet(row.text("line1"), row.text("line2"), row.text("source")) for row in rows)


@cache
def booster_recoveries() -> dict[str, str]:
    """Where the first stage of each Falcon 9 with a crew came down: ``droneship`` or ``rtls``, by flight."""
    name = "booster_recovery.csv"
    rows = read_table((_DATA / name).read_bytes(), name, RECOVERY_COLUMNS)
    return {row.text("flight"): row.choice("recovery", ("droneship", "rtls")) for row in rows}


@cache
def landing_zones() -> dict[str, str]:
    """The zone of each splashdown whose place the sources name, by flight."""
    name = "landing_zones.csv"
    rows = read_table((_DATA / name).read_bytes(), name, ZONE_COLUMNS)
    return {row.text("flight"): row.text("zone") for row in rows}


_EPHEMERIDES: Final = ("2021225", "2021305", "2022003", "2023046")


def published_ephemerides() -> dict[str, bytes]:
    """Four 15-day ISS ephemerides as published (OEM, XML, gzip), by the year and day on which they begin."""
    return {name: (_DATA / f"iss_oem_{name}.xml.gz").read_bytes() for name in _EPHEMERIDES}


@cache
def bundled_orbits() -> tuple[str, ...]:
    """Names of single orbits that ship with us, sorted."""
    names = (entry.name for entry in _DATA.iterdir())
    return tuple(sorted(n.removesuffix(_SUFFIX) for n in names if n.endswith(_SUFFIX)))


def target_burns(orbit: str) -> tuple[tuple[Instant, float], ...]:
    """Burns along its velocity, m/s, that one of `bundled_orbits` makes, in order of time."""
    name = "target_burns.csv"
    rows = read_table((_DATA / name).read_bytes(), name, BURN_COLUMNS)
    return tuple(
        (row.instant("utc"), float(row.text("dv_m_s"))) for row in rows if row.text("orbit") == orbit
    )


def bundled_orbit(name: str) -> bytes:
    """The OMM of one of `bundled_orbits`."""
    return (_DATA / f"{name}{_SUFFIX}").read_bytes()
