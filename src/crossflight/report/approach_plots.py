"""Plots of the last kilometres: the approach in the station's frame, contacts on the box, samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossflight.report.plot_page import BLUE, FAINT, GREEN, INK, ORANGE, PINK, SOFT, Page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Array = NDArray[np.float64]
Point = tuple[float, float, float]

_NEAR_M = 430.0


@dataclass(frozen=True, slots=True)
class ApproachPicture:
    """An approach in the station's LVLH, metres: ahead, against the normal, down.

    Attributes
    ----------
    path_m
        Shape (n, 3).
    marks
        Places on it, with their names.
    port_m, port_axis
        Where the port is and its direction, (3,).
    ellipsoid_m
        Half axes.
    """

    path_m: Array
    marks: Sequence[tuple[str, Point]]
    port_m: Point
    port_axis: Point
    ellipsoid_m: Point
    sphere_m: float
    corridor_half_angle_rad: float


def approach(title: str, picture: ApproachPicture) -> bytes:
    """The approach in the orbit plane: all of it, and the last 400 m; ahead is to the right."""
    page = Page(title, 5.4, 1, 2)
    whole, near = page.axes
    for axes in page.axes:
        _volumes(axes, picture)
        axes.plot(picture.path_m[:, 0], picture.path_m[:, 2], color=BLUE, zorder=3)
        axes.plot(picture.port_m[0], picture.port_m[2], marker="s", color=INK, markersize=4, zorder=4)
        axes.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
        axes.axvline(0, color=FAINT, linewidth=0.8, zorder=0)
    whole.locator_params(nbins=6)
    whole.set(xlabel="ahead (V-bar), m; dashed: approach ellipsoid", ylabel="down (R-bar), m")
    near.set(xlabel="ahead (V-bar), m; green: approach corridor")
    seen = np.vstack((picture.path_m[:, [0, 2]], [[0.0, 0.0]]))
    middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
    reach_m = 0.62 * float(np.ptp(seen, axis=0).max()) + picture.sphere_m
    _look_at(whole, middle, reach_m)
    _look_at(near, np.zeros(2), _NEAR_M)
    is_upright = abs(picture.port_axis[2]) > abs(picture.port_axis[0])
    for axes, from_m, to_m, seen_m in ((whole, _NEAR_M, np.inf, reach_m), (near, 0.0, _NEAR_M, _NEAR_M)):
        there: list[tuple[float, float]] = []
        for name, at in picture.marks:
            far = max(abs(at[0]), abs(at[2]))
            if from_m <= far < to_m:
                axes.plot(at[0], at[2], marker="o", color=BLUE, markersize=4, zorder=4)
                # As long as a name and as high as a line.
                n_same = sum(
                    abs(at[0] - x) < 0.35 * seen_m and abs(at[2] - z) < 0.05 * seen_m for x, z in there
                )
                there.append((at[0], at[2]))
                # Names stand off the way in, those of one place over one another.
                beside = {"xytext": (7, 5 - 12 * n_same), "ha": "left"}
                over = {"xytext": (0, 8 + 12 * n_same), "ha": "center"}
                is_beside = is_upright or axes is whole
                page.label(axes, name, (at[0], at[2]), BLUE, **(beside if is_beside else over))
    page.label(
        near, f"keep-out sphere {picture.sphere_m:.0f} m", (0.0, -picture.sphere_m), ORANGE, ha="center"
    )
    return page.svg()


def _look_at(axes: Axes, middle: Array, reach_m: float) -> None:
    """A square view; down is down."""
    x, z = middle
    axes.set(xlim=(x - reach_m, x + reach_m), ylim=(z + reach_m, z - reach_m), aspect="equal")


def _volumes(axes: Axes, picture: ApproachPicture) -> None:
    turn = np.linspace(0, 2 * np.pi, 200)
    a, _, c = picture.ellipsoid_m
    axes.plot(a * np.cos(turn), c * np.sin(turn), color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.plot(picture.sphere_m * np.cos(turn), picture.sphere_m * np.sin(turn), color=ORANGE, linewidth=1.0)
    port = np.array([picture.port_m[0], picture.port_m[2]])
    axis = np.array([picture.port_axis[0], picture.port_axis[2]])
    half = picture.corridor_half_angle_rad
    edges = [port]
    for side in (-half, half):
        turned = np.array([[np.cos(side), -np.sin(side)], [np.sin(side), np.cos(side)]]) @ axis
        edges.append(port + 1.2 * picture.sphere_m * turned)
    axes.fill(*np.array([edges[0], edges[1], edges[2]]).T, color=GREEN, alpha=0.15, linewidth=0, zorder=1)


@dataclass(frozen=True, slots=True)
class ContactBox:
    """Limits at contact; infinite where nobody states them."""

    name: str
    closing_from_m_s: float
    closing_to_m_s: float
    lateral_m_s: float
    lateral_m: float


@dataclass(frozen=True, slots=True)
class ContactPoints:
    """Contacts, arrays (n,), and which lie within all limits."""

    y_m: Array
    z_m: Array
    closing_m_s: Array
    lateral_m_s: Array
    is_within: NDArray[np.bool_]


def contacts(title: str, points: ContactPoints, box: ContactBox) -> bytes:
    """Where across the axis contacts are, and how fast, with the limits."""
    page = Page(title, 4.8, 1, 2)
    place, speed = page.axes
    turn = np.linspace(0, 2 * np.pi, 200)
    limit_cm = box.lateral_m * 100
    place.fill(limit_cm * np.cos(turn), limit_cm * np.sin(turn), color=GREEN, alpha=0.10, linewidth=0)
    page.label(place, f"limit {limit_cm:.0f} cm", (0.0, limit_cm), GREEN, ha="center")
    many = len(points.y_m) > 30
    for mask, colour in ((points.is_within, BLUE), (~points.is_within, PINK)):
        size, alpha = (2.2, 0.6) if many else (6.0, 1.0)
        for axes, x, y in (
            (place, points.y_m * 100, points.z_m * 100),
            (speed, points.closing_m_s, points.lateral_m_s),
        ):
            axes.plot(
                x[mask], y[mask], linestyle="", marker="o", markersize=size, markeredgewidth=0, color=colour,
                alpha=alpha,
            )  # fmt: skip
    place.set(xlabel="across the port's axis, cm", ylabel="across, cm", aspect="equal")
    reach = 1.15 * max(limit_cm, *(float(np.abs(x).max(initial=0.0)) * 100 for x in (points.y_m, points.z_m)))
    place.set(xlim=(-reach, reach), ylim=(-reach, reach))
    corners = [box.closing_from_m_s, box.closing_to_m_s, box.closing_to_m_s, box.closing_from_m_s]
    speed.fill(corners, [0, 0, box.lateral_m_s, box.lateral_m_s], color=GREEN, alpha=0.10, linewidth=0)
    page.label(speed, f"{box.name} limits", (box.closing_from_m_s, box.lateral_m_s), GREEN)
    speed.set(xlabel="closing, m/s", ylabel="lateral speed, m/s")
    speed.set_xlim(0, 1.15 * max(box.closing_to_m_s, float(points.closing_m_s.max(initial=0.0))))
    speed.set_ylim(0, 1.25 * max(box.lateral_m_s, float(points.lateral_m_s.max(initial=0.0))))
    return page.svg()


def samples(title: str, late_s: Array, dv_m_s: Array) -> bytes:
    """How docking times (seconds after the median) and delta-v spread."""
    from matplotlib.ticker import MaxNLocator

    page = Page(title, 3.6, 1, 2)
    for axes, values, label in (
        (page.axes[0], late_s, "docking, seconds after the median"),
        (page.axes[1], dv_m_s, "delta-v from insertion to contact, m/s"),
    ):
        if len(values):
            # The last half per cent would squeeze the rest.
            low, high = np.percentile(values, (0.25, 99.75))
            n_bins = int(np.clip(np.sqrt(len(values)), 5, 40))
            edges = np.linspace(low, high if high > low else low + 1.0, n_bins + 1)
            axes.hist(np.clip(values, edges[0], edges[-1]), edges.tolist(), color=BLUE)
        axes.set(xlabel=label, ylabel="samples")
        axes.grid(visible=False, axis="x")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    return page.svg()
