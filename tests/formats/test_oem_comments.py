"""What the comments of the published ephemerides say of the station."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crossflight.formats.oem import read_oem
from crossflight.formats.oem_facts import StationFacts, station_facts
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

FIXTURES = Path(__file__).parent / "fixtures"

SAID = {
    "ISS_OEM_2021225": (
        (448997.0, 1448.04, 0.75),
        [("GMT231 SM Reboost", "2021-08-19T04:04:00Z", 0.7), ("SPX23 Launch", "2021-08-28T07:37:12Z", 0.0)],
    ),
    "ISS_OEM_2021305": (
        (454239.0, 1965.0, 1.85),
        [
            ("SpX Crew-3 Launch", "2021-11-03T05:10:16Z", 0.0),
            ("SpX Crew-3 Docking", "2021-11-04T03:00:00Z", 0.0),
            ("SpX Crew-2 Undock", "2021-11-07T18:00:00Z", 0.0),
        ],
    ),
    "ISS_OEM_2022003": (
        (459023.0, 1951.0, 2.0),
        [("GMT 012 Reboost Prel", "2022-01-12T18:09:00Z", 0.5)],
    ),
    "ISS_OEM_2023046": (
        (460724.0, 1504.78, 3.25),
        [
            ("82P Undock", "2023-02-18T02:26:30Z", 0.0),
            ("GMT 051 ISS Reboost", "2023-02-20T02:58:00Z", 1.7),
            ("69S Launch", "2023-02-24T00:34:00Z", 0.0),
            ("69S Docking", "2023-02-26T01:01:00Z", 0.0),
            ("Crew06 Launch", "2023-02-26T07:07:35Z", 0.0),
            ("Crew06 Docking", "2023-02-27T06:05:00Z", 0.0),
        ],
    ),
}


def arc_of(name: str, form: str = "oem") -> EphemerisArc:
    return read_oem((FIXTURES / f"{name}_cut.{form}").read_bytes(), name).arcs[0]


@pytest.mark.parametrize("form", ["oem", "xml"])
@pytest.mark.parametrize("name", SAID)
def test_the_published_ephemerides(name: str, form: str) -> None:
    facts = station_facts(arc_of(name, form))
    numbers, events = SAID[name]
    assert (facts.mass_kg, facts.drag_area_m2, facts.drag_coefficient) == numbers
    assert [(e.name, e.ignition_utc.iso(), e.dv_m_s) for e in facts.events] == events


def test_nothing_is_said() -> None:
    assert station_facts(replace(arc_of("ISS_OEM_2021225"), comments=())) == StationFacts()


def told(*comments: str, at: str = "2021-12-25T00:00:00Z") -> StationFacts:
    t_us = Instant.parse(at).us + arc_of("ISS_OEM_2021225").t_utc_us * 0
    return station_facts(replace(arc_of("ISS_OEM_2021225"), t_utc_us=t_us, comments=comments))


SUMMARY = "TRAJECTORY EVENT SUMMARY:"


def test_events_after_new_year_are_of_the_next_year() -> None:
    facts = told(SUMMARY, " Reboost  005:04:04:00.500   2.5  425.0  414.3")
    assert [e.ignition_utc.iso() for e in facts.events] == ["2022-01-05T04:04:00.5Z"]
    facts = told(SUMMARY, " Undock  360:04:04:00.000  0.0 425.0 414.3", at="2022-01-03T00:00:00Z")
    assert [e.ignition_utc.iso() for e in facts.events] == ["2021-12-26T04:04:00Z"]


def test_an_orbit_number_may_stand_before_the_burn() -> None:
    facts = told(SUMMARY, " Reboost  360:04:04:00.000  1748  -0.7  425.0  414.3")
    assert [e.dv_m_s for e in facts.events] == [-0.7]


@pytest.mark.parametrize(
    "line",
    [
        "  360:04:04:00.000  0.7  425.0  414.3",
        " Reboost  000:04:04:00.000  0.7  425.0  414.3",
        " Reboost  366:04:04:00.000  0.7  425.0  414.3",
        " Reboost  360:24:04:00.000  0.7  425.0  414.3",
        " Reboost  360:04:04:60.000  0.7  425.0  414.3",
        " Reboost  360:04:04:00.000  0.7",
        " Reboost  360:04:04:00.000  nan  425.0  414.3",
        " Reboost  360:04:04:00.000  1e999  425.0  414.3",
        " Reboost  360:04:04:00.000",
        "|       EVENT        |       TIG        | ORB |",
    ],
)
def test_lines_that_cannot_be_read_are_passed_over(line: str) -> None:
    assert told(SUMMARY, line).events == ()


def test_events_stand_in_the_summary_only() -> None:
    line = " Reboost  360:04:04:00.000  0.7  425.0  414.3"
    assert told(line).events == ()
    assert told(SUMMARY, "End sequence of events", line).events == ()


@pytest.mark.parametrize(
    "text", ["MASS=", "MASS=heavy", "MASS=nan", "MASS=-1", "MASS=0", "MASS=1e999", "MASS 5"]
)
def test_masses_that_are_none(text: str) -> None:
    assert told(text).mass_kg is None
    assert told("MASS = 4.2e5").mass_kg == 420_000
