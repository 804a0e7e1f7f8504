"""Counting cover: how long are at least k of several stays in progress at once.

Think of k watches that stays take over from one another.  A watch begins with the horizon; whoever
holds it keeps it to the end of the stay, and the next holder may be any stay that ends later,
already in progress or beginning after a gap.  The least total of gaps over all ways to hand the
watches on is the integral of max(0, k - stays in progress): whenever a watch becomes free, a stay
in progress that can hold one more takes it.  So cover is linear in the days between an end and the
next beginning, with no time-indexed variable (those never prove anything, design/planning.md).

A craft with three people who count is one stay that can hold three watches.

Whoever does not need to know who hands over to whom can do without watches: the days that stays
offer, counted line by line and all together, bound what is missing from below.  These sums are
few, so they are in every model; a coarse one has nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit, Visit

# Places of a craft in its line: its own, and one for those who stay on beyond it.
_PLACES = 2


@dataclass(frozen=True, slots=True)
class Stay:
    """`n` watch-holders (at most `n_max`) present from `begin` to `end` (days).

    `length` is a linear bound of the stay's days that is 0 when nobody is there.  Stays of one
    `line` are numbered by `place` and begin and end in that order; `n_min` are there at least if
    the craft flies.  `is_open` is true if it lasts to the horizon.
    """

    name: str
    begin: Expr
    end: Expr
    n: Expr
    n_max: int
    length: Expr
    is_open: Lit
    line: str = ""
    place: int = 0
    n_min: int = 0


def stay_of(v: Visit, n: Expr, n_max: int, line: str, place: int, n_min: int) -> Stay:
    """The stay of the craft number `place` of its line with `n` people who count."""
    return Stay(
        v.name, v.count_from, v.undock, n, n_max, length_of(v), v.is_open, line, _PLACES * place, n_min
    )


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
    missing = model.new_int_var(0, n_watches * horizon, f"{name}.missing")
    if isinstance(since, int):
        _sums(traffic, stays, n_watches, missing)
    if not traffic.has_watches:
        return missing
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
    if isinstance(since, int):
        model.add(missing == sum(counted) + (horizon - since) * unused)
    else:
        model.add(unused == 0)
        model.add(missing == sum(counted))
    return missing


def presence(traffic: Traffic, line: str) -> Expr:
    """Days on which at least one rotation craft of a line is docked, its crew counted.

    The craft begin and end in order, so that is their stays less the overlaps of neighbours.
    """
    visits = traffic.lines[line]
    return sum(length_of(v) for v in visits) - sum(overlap(traffic, a, b) for a, b in pairwise(visits))


def length_of(v: Visit) -> Expr:
    """Days on which the crew of a visit counts; 0 if it does not fly."""
    return v.undock if v.origin == "docked" else v.days - v.clock.count_offset * v.is_present


def overlap(traffic: Traffic, a: Visit, b: Visit) -> Expr:
    """Days on which two neighbours of a line are docked at once."""
    known = traffic.overlaps.get((a.name, b.name))
    if known is None:
        most = traffic.grain.n_days
        if b.origin == "added" and (longest := days_max(traffic, a)) is not None:
            between = max(1, int(b.vehicle.launch_interval_days_min)) + b.clock.count_offset
            most = min(most, max(0, longest - between))
        known = traffic.model.new_int_var(0, most, f"{b.name}.overlap")
        begin: Expr = 0 if b.origin == "docked" else b.count_from
        traffic.model.add_max_equality(known, [0, a.undock - begin])
        traffic.overlaps[a.name, b.name] = known
    return known


def days_max(traffic: Traffic, v: Visit) -> int | None:
    """Most days from launch to undocking or horizon, waiver included; None without a life."""
    life = v.vehicle.on_orbit_life_days
    if life is None or traffic.setting("on_orbit_life").severity == "off":
        return None
    life += v.vehicle.life_waiver_days
    return max(
        v.clock.days_launch_to_undock_max(life),
        v.clock.days_launch_to_horizon_max(life, traffic.grain.end_hours),
    )


def _sums(traffic: Traffic, stays: Sequence[Stay], n_watches: int, missing: cp_model.IntVar) -> None:
    """Redundant: all stays together hold all watches less what is missing; so do those of other lines.

    While two neighbours of a line are both there, more of them than there are watches hold none.
    While no craft of a line is there, the others hold what they can.
    """
    model, horizon = traffic.model, traffic.grain.n_days
    offered: Expr = sum(min(s.n_max, n_watches) * s.length for s in stays)
    most: dict[str, int] = {}
    for line, visits in traffic.lines.items():
        of_line = [s for s in stays if s.line == line]
        by_place = {s.place: s for s in of_line}
        for place, (a, b) in enumerate(pairwise(visits)):
            one, other = by_place.get(_PLACES * place), by_place.get(_PLACES * (place + 1))
            if one is not None and other is not None:
                least = min(one.n_min, n_watches) + min(other.n_min, n_watches)
                offered -= max(0, least - n_watches) * overlap(traffic, a, b)
        craft = [s.n_max for s in of_line if s.place % _PLACES == 0]
        longer = [s.n_max for s in of_line if s.place % _PLACES]
        most[line] = n_at_once(traffic, visits) * max(craft, default=0) + max(longer, default=0)
    model.add(offered >= n_watches * horizon - missing)
    # Whoever has left before the horizon is not there on the last day.
    model.add(missing >= n_watches - sum(min(s.n_max, n_watches) * s.is_open for s in stays))
    for line in traffic.lines:
        lacking = n_watches - sum(n for other, n in most.items() if other != line)
        if lacking > 0:
            model.add(missing >= lacking * (horizon - presence(traffic, line)))


def n_at_once(traffic: Traffic, line: Sequence[Visit]) -> int:
    """The most craft of a line that can be docked at once, by launch intervals and life."""
    found = 1
    for i, v in enumerate(line):
        longest, apart = days_max(traffic, v), 0
        for n, (a, b) in enumerate(pairwise(line[i:]), start=2):
            apart += _days_apart(traffic, a, b)
            if longest is not None and apart + b.clock.count_offset >= longest:
                break
            found = max(found, n)
    return found


def _days_apart(traffic: Traffic, a: Visit, b: Visit) -> int:
    """At least so many days lie between the launches of neighbours of a line."""
    if b.origin == "added":
        return max(1, int(b.vehicle.launch_interval_days_min))
    latest = _launch_days(traffic, a)[1]
    return max(0, _launch_days(traffic, b)[0] - latest)


def _launch_days(traffic: Traffic, v: Visit) -> tuple[int, int]:
    """First and last day on which a docked or announced flight has been or may be launched."""
    if v.known is not None:
        day = traffic.grain.day(v.known.launch_utc)
        return day, day
    assert v.launch_announced is not None
    window = int(v.announced.window_days) if v.announced else 0
    return v.launch_announced - window, v.launch_announced + window


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
    longest = days_max(traffic, line[0])
    if longest is None:
        return False
    first, last = before.place // _PLACES, after.place // _PLACES
    # Who stays on beyond a craft ends with the next one, so is nearer to those after.
    nearest = first + 1 + before.place % _PLACES
    n_later = sum(v.origin == "added" for v in line[nearest : last + 1])
    if n_later * max(1, int(line[0].vehicle.launch_interval_days_min)) <= longest:
        return False
    since = before.place + (1 if before.place % _PLACES == 0 else _PLACES)
    return sum(s.n_min for s in stays if s.line == before.line and since < s.place < after.place) >= n_watches
