"""Counting cover: how long are at least k of several stays in progress at once.

Think of k watches that stays take over from one another.  A watch begins with the horizon; whoever
holds it keeps it to the end of the stay, and the next holder may be any stay that ends later,
already in progress or beginning after a gap.  The least total of gaps over all ways to hand the
watches on is the integral of max(0, k - stays in progress): whenever a watch becomes free, a stay
in progress that can hold one more takes it.  So cover is linear in the days between an end and the
next beginning, with no time-indexed variable (those never prove anything, design/planning.md).

A craft with three people who count is one stay that can hold three watches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit

# Places of a craft in its line: its own, and one for those who stay on beyond it.
_PLACES = 2


@dataclass(frozen=True, slots=True)
class Stay:
    """`n` watch-holders (at most `n_max`) present from `begin` to `end` (days).

    `length` is a linear bound of the stay's days that is 0 when nobody is there.  Stays of one
    `line` are numbered by `place` and begin and end in that order; `n_min` are there at least if
    the craft flies.
    """

    name: str
    begin: Expr
    end: Expr
    n: Expr
    n_max: int
    length: Expr
    line: str = ""
    place: int = 0
    n_min: int = 0


def stay_of(v: Visit, n: Expr, n_max: int, line: str, place: int, n_min: int) -> Stay:
    """The stay of the craft number `place` of its line with `n` people who count."""
    length: Expr = v.undock if v.origin == "docked" else v.days - v.clock.count_offset * v.is_present
    return Stay(v.name, v.count_from, v.undock, n, n_max, length, line, _PLACES * place, n_min)


def gaps(
    traffic: Traffic,
    name: str,
    stays: list[Stay],
    n_watches: int,
    since: Expr = 0,
    ends_since: Sequence[Expr] | None = None,
) -> Expr:
    """Days below `n_watches` holders present, each missing one counted, from day `since` on.

    `ends_since` gives max(end, since) per stay where `since` is not 0.
    """
    model, horizon = traffic.model, traffic.grain.n_days
    ends: Sequence[Expr] = [s.end for s in stays] if ends_since is None else ends_since
    counted: list[Expr] = []
    holds = [model.new_int_var(0, min(s.n_max, n_watches), f"{name}.{s.name}.holds") for s in stays]
    taken: list[list[Expr]] = [[] for _ in stays]
    handed: list[list[Expr]] = [[] for _ in stays]
    first: list[Expr] = []

    def hand_over(label: str, most: int, late: Expr, order: Expr | None, *, is_usual: bool = False) -> Expr:
        """A number of watches handed over after a gap of at least `late` days."""
        levels: list[Lit] = []
        for k in range(most):
            x = model.new_bool_var(f"{name}.{label}.{k}")
            gap = model.new_int_var(0, horizon, f"{name}.{label}.{k}.gap")
            model.add(gap >= late).only_enforce_if(x)
            counted.append(gap)
            if levels:
                model.add_implication(x, levels[-1])
            elif order is not None:
                model.add(order >= 1).only_enforce_if(x)
            levels.append(x)
        if is_usual and n_watches > 1:
            traffic.usual.extend(levels)
        return sum(levels)

    for j, stay in enumerate(stays):
        model.add(holds[j] <= stay.n)
        most = min(stay.n_max, n_watches)
        start = hand_over(f"{stay.name}.first", most, stay.begin - since, None)
        first.append(start)
        taken[j].append(start)
        for i, before in enumerate(stays):
            if i == j or _never_after(traffic, stays, before, stay, n_watches):
                continue
            x = hand_over(
                f"{before.name}.then.{stay.name}",
                min(most, before.n_max),
                stay.begin - ends[i],
                stay.end - before.end,
                is_usual=_is_next(before, stay),
            )
            taken[j].append(x)
            handed[i].append(x)
    for i, stay in enumerate(stays):
        last = hand_over(f"{stay.name}.last", min(stay.n_max, n_watches), horizon - ends[i], None)
        model.add(sum(taken[i]) == holds[i])
        model.add(sum(handed[i]) + last == holds[i])
    unused = model.new_int_var(0, n_watches, f"{name}.unused")
    model.add(sum(first) + unused == n_watches)
    missing = model.new_int_var(0, n_watches * horizon, f"{name}.missing")
    if isinstance(since, int):
        model.add(missing == sum(counted) + (horizon - since) * unused)
        # Redundant: all stays together are at least as long as all watches less what is missing.
        model.add(sum(min(s.n_max, n_watches) * s.length for s in stays) >= n_watches * horizon - missing)
    else:
        model.add(unused == 0)
        model.add(missing == sum(counted))
    return missing


def _is_next(before: Stay, after: Stay) -> bool:
    """The craft after this one in its line."""
    return (
        before.line == after.line
        and before.n_max == after.n_max
        and after.place - before.place in (1, _PLACES)
    )


def _never_after(traffic: Traffic, stays: list[Stay], before: Stay, after: Stay, n_watches: int) -> bool:
    """Within a line no watch goes back, and none is handed far ahead.

    Ends and beginnings in order of time, the r-th end hands over to the (r + k)-th beginning at
    least cost.  Where launch intervals and life keep both craft apart, what is between them in
    their line has begun and not ended, so it has fewer than k watch-holders.
    """
    if before.line != after.line:
        return False
    if before.place >= after.place:
        return True
    line = traffic.lines[before.line]
    vehicle = line[0].vehicle
    if vehicle.on_orbit_life_days is None:
        return False
    first, last = before.place // _PLACES, after.place // _PLACES
    n_later = sum(v.origin == "added" for v in line[first + 1 : last + 1])
    longest = vehicle.on_orbit_life_days + vehicle.life_waiver_days
    if n_later * max(1, int(vehicle.launch_interval_days_min)) <= longest:
        return False
    # Who stays on beyond a craft ends with the next one.
    since = before.place + (1 if before.place % _PLACES == 0 else _PLACES)
    return sum(s.n_min for s in stays if s.line == before.line and since < s.place < after.place) >= n_watches
