"""Counting cover with tracks.

How long are at least k of several stays in progress at once?  Put the stays on k tracks: each
stay may use one track, from any instant after its beginning to its end, and pieces on a track do
not overlap.  The longest total that fits is the integral of min(k, stays in progress): whenever a
track becomes free, put on it a stay in progress that is on no track, and keep it there to its end.
So the shortfall below k is k times the horizon minus a sum of lengths, linear in the variables,
with no time-indexed variable (those never prove anything, design/planning.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from ortools.sat.python import cp_model

from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr, Lit


@dataclass(frozen=True, slots=True)
class Stay:
    """Something present from `begin` to `end` (days) if `is_present`."""

    name: str
    begin: Expr
    end: Expr
    is_present: Lit


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a stay that counts: [begin, end) on some track; `length` is 0 when unused."""

    begin: Expr
    end: Expr
    length: Expr
    is_used: Lit


def tracks(traffic: Traffic, name: str, stays: list[Stay], n_tracks: int) -> list[Piece]:
    """Put every stay on at most one of `n_tracks` tracks; returns its piece."""
    model, horizon = traffic.model, traffic.grain.n_days
    pieces: list[Piece] = []
    on_track: list[list[cp_model.IntervalVar]] = [[] for _ in range(n_tracks)]
    for i, stay in enumerate(stays):
        begin = model.new_int_var(0, horizon, f"{name}.{stay.name}.begin")
        length = model.new_int_var(0, horizon, f"{name}.{stay.name}.length")
        uses = [model.new_bool_var(f"{name}.{stay.name}.track{k}") for k in range(n_tracks)]
        is_used = uses[0] if n_tracks == 1 else model.new_bool_var(f"{name}.{stay.name}.used")
        if n_tracks > 1:
            model.add(sum(uses) == is_used)
        for k in range(i + 1, n_tracks):
            model.add(uses[k] == 0)  # tracks are alike: the first stay takes the first
        model.add_implication(is_used, stay.is_present)
        model.add(begin >= stay.begin).only_enforce_if(is_used)
        model.add(begin + length == stay.end).only_enforce_if(is_used)
        model.add(length == 0).only_enforce_if(~is_used)
        model.add(begin == horizon).only_enforce_if(~is_used)
        for k, on in enumerate(uses):
            on_track[k].append(
                model.new_optional_interval_var(begin, length, begin + length, on, f"{name}.{stay.name}.{k}")
            )
        pieces.append(Piece(begin, begin + length, length, is_used))
    for intervals in on_track:
        model.add_no_overlap(intervals)
    model.add(sum(p.length for p in pieces) <= n_tracks * horizon)
    return pieces


def shortfall(traffic: Traffic, name: str, stays: list[Stay], n_wanted: int) -> Expr:
    """Days times missing stays below `n_wanted`, summed over the horizon."""
    pieces = tracks(traffic, name, stays, n_wanted)
    return n_wanted * traffic.grain.n_days - sum(p.length for p in pieces)


def alike(traffic: Traffic, name: str, stays: list[Stay], n_wanted: int) -> Expr:
    """As :func:`shortfall` for many interchangeable stays: one cumulative instead of tracks."""
    model, horizon = traffic.model, traffic.grain.n_days
    intervals, lengths = [], []
    for stay in stays:
        begin = model.new_int_var(0, horizon, f"{name}.{stay.name}.begin")
        length = model.new_int_var(0, horizon, f"{name}.{stay.name}.length")
        model.add(begin >= stay.begin).only_enforce_if(stay.is_present)
        model.add(begin + length == stay.end).only_enforce_if(stay.is_present)
        model.add(length == 0).only_enforce_if(~stay.is_present)
        model.add(begin == horizon).only_enforce_if(~stay.is_present)
        intervals.append(
            model.new_optional_interval_var(
                begin, length, begin + length, stay.is_present, f"{name}.{stay.name}"
            )
        )
        lengths.append(length)
    model.add_cumulative(intervals, [1] * len(intervals), n_wanted)
    missing = model.new_int_var(0, n_wanted * horizon, f"{name}.missing")
    model.add(missing == n_wanted * horizon - sum(lengths))
    return missing
