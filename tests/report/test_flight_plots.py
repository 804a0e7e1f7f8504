"""Plots of a flight: well-formed, the same bytes again, names as they stand, nothing that is no number."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import numpy as np
import pytest

from crossflight.report.approach_plots import (
    ApproachPicture,
    ContactBox,
    ContactPoints,
    approach,
    contacts,
    samples,
)
from crossflight.report.flight_plots import Catch, Place, Track, altitude_and_range, ground_track, land

HOSTILE = '<img src=x onerror=alert(1)> $\\frac{1}{2}$ & "quoted"\n\u202ename'
HOURS = np.linspace(0.1, 3.0, 50)


def a_ground_track(name: str) -> bytes:
    longitude = (np.linspace(0, 500, 200) + 180) % 360 - 180
    track = Track("orbit", longitude, 51.6 * np.sin(np.linspace(0, 9, 200)))
    places = [Place("pad", name, 63.3, 45.9), Place("contact", name, 170.0, -50.0)]
    return ground_track(name, [track], places)


def an_altitude(name: str) -> bytes:
    catch = Catch(HOURS, 200 + 70 * HOURS, 0 * HOURS + 420, 1000 / HOURS**6, np.sin(6 * HOURS) > 0)
    return altitude_and_range(name, catch, [(0.8, name), (0.81, name), (2.0, name)])


def an_approach(name: str) -> bytes:
    path = np.linspace((-7000.0, 0.0, 2500.0), (20.0, 0.0, 0.0), 40)
    picture = ApproachPicture(
        path, [(name, (-7000.0, 0.0, 2500.0)), (name, (40.0, 0.0, 10.0))], (18.0, 0.0, 1.0),
        (1.0, 0.0, 0.0), (2000.0, 1000.0, 1000.0), 200.0, 0.17,
    )  # fmt: skip
    return approach(name, picture)


def some_contacts(name: str) -> bytes:
    x = np.linspace(-0.2, 0.2, 100)
    points = ContactPoints(x, x[::-1], np.abs(x), np.abs(x) / 4, np.abs(x) < 0.1)
    return contacts(name, points, ContactBox(name, 0.05, 0.10, 0.04, 0.10))


def some_samples(name: str) -> bytes:
    return samples(name, np.linspace(-1, 1, 500), np.full(500, 120.0))


PLOTS = (a_ground_track, an_altitude, an_approach, some_contacts, some_samples)


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_is_well_formed_and_the_same_again(
    plot: Callable[[str], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    svg = plot(HOSTILE)
    assert not caplog.records  # matplotlib tells what it ignores
    root = ElementTree.fromstring(svg)  # our own text
    assert root.tag.endswith("svg")
    assert svg == plot(HOSTILE)
    kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert not kinds & {"script", "foreignObject", "image", "a"}
    paths = [e.get("d", "") for e in root.iter() if e.tag.endswith("path")]
    assert len(paths) > 20
    assert not any("nan" in d.lower() or "inf" in d.lower() for d in paths)
    assert b"onerror=alert(1)>" not in svg


def test_a_track_is_cut_at_the_date_line() -> None:
    one = Track("orbit", np.array([170.0, 179.0, -179.0, -170.0]), np.array([0.0, 1.0, 2.0, 3.0]))
    svg = ground_track("", [one], []).decode()
    (drawn,) = [d for d in svg.split('d="')[1:] if "#0072b2" in d.split(">")[0].lower()]
    assert drawn.split('"')[0].count("M") == 2


def test_land_is_all_over_the_world() -> None:
    everything = np.concatenate(land())
    assert len(land()) > 100
    assert np.abs(everything[:, 0]).max() <= 180
    assert -90 <= everything[:, 1].min() < -60 < 70 < everything[:, 1].max() < 90


def test_contacts_and_samples_may_be_none() -> None:
    nothing = np.zeros(0)
    points = ContactPoints(nothing, nothing, nothing, nothing, np.zeros(0, np.bool_))
    assert contacts("", points, ContactBox("idss", 0.05, 0.10, 0.04, 0.10))
    assert samples("", nothing, nothing)
