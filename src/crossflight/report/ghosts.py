"""A baseline behind a plan: where it has something otherwise, a dashed outline is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from crossflight.report.shape import Bar, Lane

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
    lanes = {(lane["label"], lane["detail"]): lane for lane in now}
    for old in before:
        lane = lanes.get((old["label"], old["detail"]))
        ghosts = [_ghost(b, lane) for b in old["bars"] if _is_otherwise(b, lane, only_moved=only_moved)]
        if not ghosts:
            continue
        if lane is None:
            lane = {**old, "bars": []}
            now.append(lane)
        lane["rows"] = max(lane["rows"], *(b.get("row", 0) + 1 for b in ghosts))
        lane["bars"] += ghosts


def _is_otherwise(old: Bar, lane: Lane | None, *, only_moved: bool) -> bool:
    if old["tone"] in _NO_GHOST:
        return False
    same = [b for b in (lane["bars"] if lane else []) if b["title"] == old["title"]]
    if any((b["start"], b["end"]) == (old["start"], old["end"]) for b in same):
        return False
    return bool(same) or not only_moved


def _ghost(old: Bar, lane: Lane | None) -> Bar:
    same = next((b for b in (lane["bars"] if lane else []) if b["title"] == old["title"]), None)
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
