"""A baseline behind a plan: where it has something otherwise, a dashed outline is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from crossflight.report.shape import Bar, Lane
from crossflight.times import Instant

_NO_GHOST = {"shade", "bad"}  # closures and losses are the scenario's, not the plan's


def add_ghosts(now: list[Lane], before: Sequence[Lane], *, only_moved: bool = False) -> None:
    """Add to the lanes of a plan what the same lanes of a baseline have otherwise.

    Parameters
    ----------
    now
        Lanes of the plan; changed in place.  A lane that only the baseline has is added at the end.
    before
        The lanes of the baseline, made by the same function.
    only_moved
        Leave out what the plan does not have in the same lane at all (a person of another crew).
    """
    for old in before:
        lanes = [x for x in now if (x["label"], x["detail"]) == (old["label"], old["detail"])]
        for bar in old["bars"]:
            lane, same = _same(bar, lanes)
            if bar["tone"] in _NO_GHOST or (same is None and only_moved):
                continue
            if same and (same["start"], same["end"]) == (bar["start"], bar["end"]):
                continue
            if lane is None:
                lane = {**old, "bars": []}
                now.append(lane)
                lanes.append(lane)
            ghost = _ghost(bar, same)
            lane["rows"] = max(lane["rows"], ghost.get("row", 0) + 1)
            lane["bars"].append(ghost)


def _same(old: Bar, lanes: Sequence[Lane]) -> tuple[Lane | None, Bar | None]:
    """The bar of the same title, the nearest where somebody flies twice, and its lane; or the first lane."""
    found = [(x, b) for x in lanes for b in x["bars"] if b["title"] == old["title"]]
    if not found:
        return (lanes[0] if lanes else None), None
    start, end = Instant.parse(old["start"]), Instant.parse(old["end"])
    apart = [
        abs(Instant.parse(b["start"]).s_since(start)) + abs(Instant.parse(b["end"]).s_since(end))
        for _, b in found
    ]
    return found[apart.index(min(apart))]


def _ghost(old: Bar, same: Bar | None) -> Bar:
    ghost: Bar = {
        "start": old["start"],
        "end": old["end"],
        "label": old["label"],
        "tone": "ghost",
        "title": f"{old['title']}, in the baseline",
        "data": old["data"],
    }
    row = same.get("row", 0) if same else old.get("row", 0)
    if row:
        ghost["row"] = row
    return ghost
