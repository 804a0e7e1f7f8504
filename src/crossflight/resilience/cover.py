"""How flown samples were covered: the checker's measures, for many samples at once.

Unattended, operator N-1 and seat N-1 as `crossflight.rules` defines them (a test holds the two against
each other), as days of each sample.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossflight.resilience.policy import Flown
from crossflight.resilience.traffic import Group, Traffic

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Counts = NDArray[np.int16]


@dataclass(frozen=True)
class Seated:
    """A group with its seats in one flight over [begin, end), arrays (n,); empty where end is not later."""

    group: Group
    flight: int
    begin: Array
    end: Array


@dataclass(frozen=True)
class Cover:
    """Days of each sample, arrays (n,); `unattended` is (n, segments).

    Attributes
    ----------
    unattended_any
        At least one segment has too few operators.
    uncovered
        The loss of one craft would leave a segment too few.
    seat_person_days
        Person-days without a nominal seat if the worst craft were lost.
    stranded_person_days
        Person-days with the seat in a craft that has become unusable.
    n_stranded_max
        Most people at once with such a seat.
    first_unattended, first_stranded
        The day it first was so; infinite where it never was.
    """

    unattended: Array
    unattended_any: Array
    uncovered: Array
    seat_person_days: Array
    stranded_person_days: Array
    n_stranded_max: Counts
    first_unattended: Array
    first_stranded: Array


def seats_of(traffic: Traffic, flown: Flown) -> list[Seated]:
    """Where everybody sits."""
    found = []
    rows = np.arange(len(flown.dock))
    for group in traffic.groups:
        at = np.full(len(rows), group.up)
        since = np.where(flown.is_up[:, group.up], np.maximum(flown.dock[:, group.up], -1.0), np.inf)
        moves = list(group.moves)
        is_there = np.isfinite(since)
        while is_there.any():
            here = int(at[is_there][0])
            mine = is_there & (at == here)
            leaves = np.where(np.isfinite(flown.unusable[:, here]), np.inf, flown.undock[:, here])
            heir = flown.heir[:, here]
            inherits = np.where(heir >= 0, flown.dock[rows, heir], np.inf)
            moved, to = np.full(len(rows), np.inf), -1
            if moves and not _is_behind(moves, group, here):
                moved, to = _move_at(traffic, flown, moves[0], here, leaves), moves[0][1]
            end = np.minimum(np.minimum(leaves, inherits), moved)
            found.append(Seated(group, here, np.where(mine, since, 0.0), np.where(mine, end, 0.0)))
            goes_on = mine & (np.minimum(moved, inherits) < leaves)
            by_move = goes_on & (moved <= inherits)
            since = np.where(goes_on, end, since)
            is_there = (is_there & ~mine) | goes_on
            at = np.where(by_move, to, np.where(goes_on, heir, at))
            if to >= 0:
                moves = moves[1:]
    return found


def _is_behind(moves: list[tuple[float, int]], group: Group, here: int) -> bool:
    """Whether a flight is not the one that the next planned move leaves: planned moves are over then."""
    done = len(group.moves) - len(moves)
    return here != (group.up if done == 0 else group.moves[done - 1][1])


def _move_at(traffic: Traffic, flown: Flown, move: tuple[float, int], here: int, leaves: Array) -> Array:
    """When a planned seat move is made: as late as the later docking is; infinite where it cannot be.

    Where that is past a departure it is made at once, but not before a return that nobody foresaw.
    """
    planned, to = move
    both = np.maximum(flown.dock[:, here], flown.dock[:, to])
    late = np.maximum(both - max(traffic.dock[here], traffic.dock[to]), 0.0)
    last = np.minimum(leaves, flown.undock[:, to])
    is_surprise = flown.is_early[:, here] | flown.is_early[:, to]
    at = np.where(planned + late < last, planned + late, np.where(is_surprise, np.inf, both))
    return np.where((at < last) & (at < flown.unusable[:, to]) & np.isfinite(both), at, np.inf)


def cover_of(traffic: Traffic, flown: Flown) -> Cover:
    """How it was covered from the beginning to the end."""
    seats = seats_of(traffic, flown)
    edges = _edges(traffic, flown, seats)
    at, days = edges[:, :-1], np.diff(edges, axis=1)
    n_segments = len(traffic.segments)
    shape = at.shape
    aboard = np.zeros((n_segments, *shape), np.int16)
    usable = np.zeros_like(aboard)
    most = np.zeros_like(aboard)
    n_aboard = np.zeros(shape, np.int16)
    n_stranded = np.zeros(shape, np.int16)
    people: dict[str, Counts] = {}
    is_docked: list[Mask] = []
    for k in range(traffic.n):
        is_usable = at < flown.unusable[:, k, None]
        is_docked.append(_within(at, flown.dock[:, k], flown.undock[:, k]) & is_usable)
        here = np.zeros(shape, np.int16)
        ops = np.zeros((n_segments, *shape), np.int16)
        for s in seats:
            if s.flight != k:
                continue
            sits = _within(at, s.begin, s.end)
            here += s.group.n * sits
            if traffic.is_rotation[k]:
                for o in s.group.operates:
                    is_current = sits
                    if np.isfinite(o.from_day) or np.isfinite(o.to_day):
                        is_current = sits & (o.from_day <= at) & (at < o.to_day)
                    ops[o.segment] += s.group.n * is_current
        aboard += ops
        ops = ops * is_usable
        usable += ops
        np.maximum(most, ops, out=most)
        n_aboard += here
        n_stranded += here * ~is_usable
        suit = traffic.suit[k]
        people[suit] = people.get(suit, np.zeros(shape, np.int16)) + here
    wanted = np.array(traffic.n_operators_min, np.int16)[:, None, None]
    is_unattended = aboard < wanted
    is_uncovered = ((usable - most < wanted) & (wanted > 0)).any(axis=0)
    is_any = is_unattended.any(axis=0)
    short = _seat_n1(traffic, is_docked, people, n_aboard)
    return Cover(
        (is_unattended * days).sum(axis=2).T,
        (is_any * days).sum(axis=1),
        (is_uncovered * days).sum(axis=1),
        (short * days).sum(axis=1),
        (n_stranded * days).sum(axis=1),
        (n_stranded * (days > 0)).max(axis=1),
        _first(at, is_any & (days > 0)),
        _first(at, (n_stranded > 0) & (days > 0)),
    )


def _within(at: Array, begin: Array, end: Array) -> Mask:
    found: Mask = (begin[:, None] <= at) & (at < end[:, None])
    return found


def _first(at: Array, found: Mask) -> Array:
    first: Array = np.where(found, at, np.inf).min(axis=1)
    return first


def _edges(traffic: Traffic, flown: Flown, seats: list[Seated]) -> Array:
    """Every instant at which anything changes, in order, (n, m)."""
    n = len(flown.dock)
    columns = [np.zeros(n), np.full(n, traffic.end)]
    columns += [*flown.dock.T, *flown.undock.T, *flown.unusable.T]
    columns += [s.begin for s in seats] + [s.end for s in seats]
    dated = {x for g in traffic.groups for o in g.operates for x in (o.from_day, o.to_day)}
    columns += [np.full(n, x) for x in sorted(dated) if 0 < x < traffic.end]
    # Columns without anything of their own are repeated edges; they cost and say nothing.
    kept = [c for c in columns if ((c > 0) & (c < traffic.end)).any()]
    edges = np.stack([columns[0], columns[1], *kept], axis=1).clip(0.0, traffic.end)
    edges.sort(axis=1)
    return edges


def _seat_n1(traffic: Traffic, is_docked: list[Mask], people: dict[str, Counts], n_aboard: Counts) -> Counts:
    """People without a nominal seat if the worst docked craft were lost (rule seat_n1)."""
    seats: dict[str, Counts] = {suit: np.zeros_like(n_aboard) for suit in people}
    for k, docked in enumerate(is_docked):
        seats[traffic.suit[k]] += traffic.n_seats_nominal[k] * docked
    short = {suit: n - seats[suit] for suit, n in people.items()}
    without = sum((np.maximum(s, 0) for s in short.values()), np.zeros_like(n_aboard))
    worst = np.zeros_like(n_aboard)
    is_any = np.zeros(n_aboard.shape, bool)
    for k, docked in enumerate(is_docked):
        if traffic.n_seats[k] == 0:
            continue
        s = short[traffic.suit[k]]
        more = np.maximum(s + traffic.n_seats_nominal[k], 0) - np.maximum(s, 0)
        # Who is nobody's suit needs no seat of it.
        more = np.where(people[traffic.suit[k]] > 0, more, 0)
        worst = np.maximum(worst, np.where(docked, without + more, 0))
        is_any |= docked
    return np.where(is_any, worst, n_aboard).astype(np.int16)
