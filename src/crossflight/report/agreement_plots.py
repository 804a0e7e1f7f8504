"""What agreements cost against what they cover, one point for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossflight.report.plot_page import BLUE, ORANGE, SOFT, Page

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Shares of the axes: labels nearer one another are moved apart, points as near crowd their labels.
_APART = 0.06
_NEAR = 0.15
_BESIDE = 0.01
# On either side of the points, for labels, in shares of what they span.
_ROOM = 0.3
_HEIGHT_PT = 230.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One plan.

    Attributes
    ----------
    months
        Training of everybody in other partners' centres.
    uncovered_days
        Operator N-1, summed over segments.
    unattended_days, ci95
        Expected, and the interval of the mean.
    """

    title: str
    is_same_traffic: bool
    months: float
    uncovered_days: float
    unattended_days: float
    ci95: tuple[float, float]


def cost_against_cover(title: str, plans: Sequence[Shown]) -> bytes:
    """Two panels over the training months: uncovered days as planned, unattended days to be expected."""
    page = Page(title, 8.4, 2, 1)
    for axes, label in zip(
        page.axes,
        ("operator N-1 uncovered as planned, segment-days", "expected days with a segment unattended"),
        strict=True,
    ):
        axes.set(xlabel="training in other partners' centres, person-months", ylabel=label)
    planned, sampled = page.axes
    for plan in plans:
        colour = ORANGE if plan.is_same_traffic else BLUE
        face = "white" if plan.is_same_traffic else colour
        for axes, value in ((planned, plan.uncovered_days), (sampled, plan.unattended_days)):
            axes.plot(plan.months, value, "o", color=colour, markerfacecolor=face, markersize=6, zorder=3)
        low, high = plan.ci95
        sampled.plot([plan.months, plan.months], [low, high], color=colour, linewidth=1.0, zorder=2)
    for axes in page.axes:
        low, high = axes.get_ylim()
        axes.set_ylim(min(0.0, low), high * 1.08)
        left, right = axes.get_xlim()
        room = _ROOM * (right - left)
        axes.set_xlim(left - room, right + room)
    for axes, values in (
        (planned, [p.uncovered_days for p in plans]),
        (sampled, [p.unattended_days for p in plans]),
    ):
        _labels(page, axes, plans, values)
    planned.set_title(
        "filled: planned anew; hollow: the traffic of today's terms, other crews",
        loc="left",
        fontsize=8.5,
        color=SOFT,
    )
    return page.svg()


def _labels(page: Page, axes: Axes, plans: Sequence[Shown], values: Sequence[float]) -> None:
    """A name beside each point: on the left, past all of them, where another point is close on the right."""
    (low, high), (left, right) = axes.get_ylim(), axes.get_xlim()
    apart, near = _APART * (high - low), _NEAR * (right - left)
    points = sorted(zip(plans, values, strict=True), key=lambda item: item[1])
    last = {True: float("-inf"), False: float("-inf")}
    for plan, value in points:
        close = [
            other.months
            for other, y in points
            if abs(y - value) < apart and abs(other.months - plan.months) < near
        ]
        is_left = max(close) > plan.months + _BESIDE * (right - left)
        at = max(value, last[is_left] + apart)
        last[is_left] = at
        page.label(
            axes,
            plan.title,
            (min(close) if is_left else plan.months, value),
            ORANGE if plan.is_same_traffic else BLUE,
            xytext=(-8 if is_left else 8, (at - value) / (high - low) * _HEIGHT_PT - 3),
            ha="right" if is_left else "left",
            fontsize=8,
        )
