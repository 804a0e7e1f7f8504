"""Plots of a flight over the ground and over time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from crossflight.report.plot_page import BLUE, FAINT, GREEN, INK, ORANGE, SOFT, Page

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    """A sub-point track: degrees (n,); `kind` is ascent, orbit or return."""

    kind: str
    longitude_deg: Array
    latitude_deg: Array


@dataclass(frozen=True, slots=True)
class Place:
    """A named place; `kind` is pad, burn, contact or landing."""

    kind: str
    name: str
    longitude_deg: float
    latitude_deg: float


_TRACK_LOOKS = {"ascent": (ORANGE, 2.2), "orbit": (BLUE, 0.9), "return": (GREEN, 1.4)}
_MARKS = {"pad": ("^", ORANGE), "burn": (".", INK), "contact": ("*", BLUE), "landing": ("v", GREEN)}


@cache
def land() -> tuple[Array, ...]:
    """Rings (n, 2) of east longitude and latitude, degrees: Natural Earth 110 m, public domain."""
    text = (files("crossflight.report") / "assets" / "land_110m.json").read_text("utf-8")
    return tuple(np.array(ring) for ring in json.loads(text))


def ground_track(title: str, tracks: Sequence[Track], places: Sequence[Place]) -> bytes:
    """A world map with the sub-point tracks, and the places named."""
    page = Page(title, 4.6)
    (axes,) = page.axes
    for ring in land():
        longitude = np.degrees(np.unwrap(np.radians(ring[:, 0])))
        for turn in (-360, 0, 360):  # a ring over the date line is on both sides
            if longitude.min() + turn < 180 and longitude.max() + turn > -180:
                axes.fill(
                    longitude + turn, ring[:, 1], facecolor="#ececec", linewidth=0.5, edgecolor="#c4c4c4"
                )
    for track in tracks:
        longitude, latitude = _broken(track.longitude_deg, track.latitude_deg)
        colour, width = _TRACK_LOOKS[track.kind]
        axes.plot(longitude, latitude, color=colour, linewidth=width, zorder=2)
    for place in places:
        marker, colour = _MARKS[place.kind]
        at = (place.longitude_deg, place.latitude_deg)
        size = 11 if place.kind == "contact" else 7
        axes.plot(*at, marker=marker, color=colour, markersize=size, linestyle="", zorder=4)
        if place.kind != "burn":
            # A landing is often near its pad: the pad's name goes to the other side.
            is_left = place.kind == "pad" if abs(place.longitude_deg) < 120 else place.longitude_deg > 0
            page.label(
                axes, place.name, at, colour, zorder=5, fontweight="bold",
                xytext=(-8, -3) if is_left else (8, 4), ha="right" if is_left else "left",
            )  # fmt: skip
    axes.set(xlim=(-180, 180), ylim=(-70, 75), aspect="equal")
    axes.set_xticks(range(-180, 181, 60), [_degrees(x, "E", "W") for x in range(-180, 181, 60)])
    axes.set_yticks(range(-60, 61, 30), [_degrees(y, "N", "S") for y in range(-60, 61, 30)])
    return page.svg()


def _degrees(value: int, positive: str, negative: str) -> str:
    return f"{abs(value)}\N{DEGREE SIGN}{positive if value > 0 else negative if value < 0 else ''}"


def _broken(longitude: Array, latitude: Array) -> tuple[Array, Array]:
    """A track cut where it passes the date line."""
    cuts = np.flatnonzero(np.abs(np.diff(longitude)) > 180) + 1
    return np.insert(longitude, cuts, np.nan), np.insert(latitude, cuts, np.nan)


@dataclass(frozen=True, slots=True)
class Catch:
    """A rendezvous over time, arrays (n,): hours after lift-off, altitudes, range, whether in shadow."""

    hours: Array
    altitude_km: Array
    target_altitude_km: Array
    range_km: Array
    is_shadow: NDArray[np.bool_]


def altitude_and_range(title: str, catch: Catch, burns: Sequence[tuple[float, str]]) -> bytes:
    """Altitude of craft and target, and the range between them, with burns (hours, name) and shadow."""
    page = Page(title, 6.0, 2, 1, sharex=True)
    above, below = page.axes
    for axes in page.axes:
        for begin, end in _stretches(catch.hours, catch.is_shadow):
            axes.axvspan(begin, end, color="#000000", alpha=0.06, linewidth=0)
        for hours, _ in burns:
            axes.axvline(hours, color=SOFT, linewidth=0.7, linestyle=(0, (2, 2)))
    above.plot(catch.hours, catch.target_altitude_km, color=SOFT)
    above.plot(catch.hours, catch.altitude_km, color=BLUE)
    # Clear of the lines for the width of a word.
    third = catch.hours[-1] / 3
    there = np.abs(catch.hours - third) < 0.04 * catch.hours[-1]
    under, over = catch.target_altitude_km[there].min(), catch.altitude_km[there].max()
    page.label(above, "station", (third, under), SOFT, xytext=(0, -12), ha="center")
    page.label(above, "craft", (third, over), BLUE, ha="center")
    above.set(ylabel="altitude, km")
    _name_burns(page, burns, float(catch.hours[-1]))
    below.plot(catch.hours, np.maximum(catch.range_km, 1e-3), color=ORANGE)
    below.set(
        yscale="log",
        ylabel="range to the station, km",
        xlabel="hours after lift-off; grey: in the Earth's shadow",
    )
    below.set_xlim(0, catch.hours[-1] * 1.01)
    below.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    below.grid(visible=True, which="major", color=FAINT)
    return page.svg()


def _name_burns(page: Page, burns: Sequence[tuple[float, str]], end: float) -> None:
    """Names over the upper panel, turned, none over another."""
    above = page.axes[0]
    last = -np.inf
    for hours, name in burns:
        if hours - last < 0.017 * end:
            continue
        last = hours
        page.label(
            above, name, (hours, 1.0), SOFT, xycoords=("data", "axes fraction"), rotation=55,
            xytext=(1, 2), ha="left", va="bottom", fontsize=7.5, annotation_clip=False,
        )  # fmt: skip


def _stretches(x: Array, mask: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Where a mask is true, from and to."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(float(x[a]), float(x[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
