"""What a plan becomes when things go wrong and nobody plans anew: the fixed policy.

- A flight that slips, or finds its fleet, pad or port out, launches as soon as it can; crews of a line keep
  their order.  A flight whose launch is aborted is lost and not flown again; its launcher stands down.
- A craft waits for the next of its line to dock, and for as much of the handover as was planned, at most
  what the handover rule wants; but no longer than its life with all waivers.  Then it leaves, whatever that
  leaves behind.  Only an early return makes it leave sooner.
- The crew of a craft that has become unusable stays; the next of its line that can still fly without its
  crew does so and takes them over, as MS-23 did in 2023.

Every array has a row for each sample and a column for each flight, times in days of the scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.resilience.traffic import Traffic

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
# Windows that a launch has to miss: beginnings and lengths, shape (n, m), beginnings in order of time.
Windows = tuple[Array, Array]

# Fleet, pads and port are asked in turn until nothing moves the launch; each round passes one for good.
_N_ROUNDS_MAX: Final = 50


@dataclass(frozen=True)
class Troubles:
    """What goes wrong.

    Attributes
    ----------
    slip_days
        By how much each flight slips of its own.
    is_lost, stand_down_days
        Whose launch is aborted, and how long its launcher stands down then.
    unusable_after, return_after
        Days after docking (or after the beginning, of who is docked then) at which a craft becomes unusable,
        or must leave with its crew; infinite where it does not.
    fleets, pads, ports
        When launchers, pads and ports are out, by name.
    """

    slip_days: Array
    is_lost: Mask
    stand_down_days: Array
    unusable_after: Array
    return_after: Array
    fleets: Mapping[str, Windows] = field(default_factory=dict)
    pads: Mapping[str, Windows] = field(default_factory=dict)
    ports: Mapping[str, Windows] = field(default_factory=dict)

    @classmethod
    def none(cls, n: int, n_flights: int) -> Troubles:
        """A number of samples in which nothing goes wrong."""
        shape = (n, n_flights)
        never = np.full(shape, np.inf)
        return cls(np.zeros(shape), np.zeros(shape, bool), np.zeros(shape), never, never.copy())


@dataclass(frozen=True)
class Flown:
    """What became of the flights.

    Attributes
    ----------
    is_up
        Whether its own crew went up in it.
    dock, undock
        Infinite docking for a flight that was lost.
    unusable
        When the craft became unusable; infinite where it did not.
    heir
        The flight that takes over the crew of an unusable craft; -1 where there is none.
    is_forced
        Left at the end of its life before the craft it waited for had docked.
    is_early
        Left early with its crew.
    """

    launch: Array
    is_lost: Mask
    is_up: Mask
    dock: Array
    undock: Array
    unusable: Array
    heir: NDArray[np.int64]
    is_forced: Mask
    is_early: Mask


def fly(traffic: Traffic, troubles: Troubles) -> Flown:
    """Fly the traffic by the fixed policy."""
    launch, is_lost = _launches(traffic, troubles)
    dock = np.where(is_lost, np.inf, launch + (traffic.dock - traffic.launch))
    undock, is_forced = _undockings(traffic, launch, dock, is_lost)
    since = np.maximum(dock, 0.0)
    unusable, early = since + troubles.unusable_after, since + troubles.return_after
    is_line = np.array(traffic.is_rotation) & ~is_lost
    is_unusable = is_line & (unusable < undock) & (unusable <= early)
    is_early = is_line & (early < undock) & ~is_unusable
    undock = np.where(is_early, early, undock)
    unusable = np.where(is_unusable, unusable, np.inf)
    heir, is_empty = _heirs(traffic, launch, is_lost, unusable)
    return Flown(
        launch,
        is_lost,
        ~is_lost & ~is_empty,
        dock,
        undock,
        np.minimum(unusable, traffic.unusable),
        heir,
        is_forced & ~is_early,
        is_early,
    )


def _launches(traffic: Traffic, troubles: Troubles) -> tuple[Array, Mask]:
    """When each flight lifts off, and whose launch is aborted."""
    n = len(troubles.slip_days)
    launch = np.empty((n, traffic.n))
    is_lost = np.zeros((n, traffic.n), bool)
    last: dict[int, int] = {}
    stands: dict[str, list[tuple[Array, Array]]] = {}
    for k in range(traffic.n):
        if traffic.is_known[k]:
            launch[:, k] = traffic.launch[k]
            last[traffic.line[k]] = k
            continue
        at = traffic.launch[k] + troubles.slip_days[:, k]
        before = last.get(traffic.line[k])
        if before is not None and traffic.is_rotation[k]:
            at = np.maximum(at, launch[:, before] + traffic.interval[k])
        launch[:, k] = at = _cleared(traffic, troubles, stands.get(traffic.launcher[k], []), k, at)
        last[traffic.line[k]] = k
        is_lost[:, k] = troubles.is_lost[:, k]
        if is_lost[:, k].any():
            down = np.where(is_lost[:, k], troubles.stand_down_days[:, k], 0.0)
            stands.setdefault(traffic.launcher[k], []).append((at, down))
    return launch, is_lost


def _cleared(
    traffic: Traffic, troubles: Troubles, stands: list[tuple[Array, Array]], k: int, at: Array
) -> Array:
    """The first instant from `at` on at which fleet, a pad and the port are to be had."""
    ascent = traffic.dock[k] - traffic.launch[k]
    port = troubles.ports.get(traffic.ports[k])
    for _ in range(_N_ROUNDS_MAX):
        before = at
        for from_day, days in stands:
            at = np.where((from_day <= at) & (at < from_day + days), from_day + days, at)
        at = _after(troubles.fleets.get(traffic.launcher[k]), at)
        at = np.min([_pad_after(traffic, troubles, pad, at) for pad in traffic.pads[k]], axis=0)
        if port is not None:
            at = np.maximum(at, _after(port, at + ascent) - ascent)
        if np.array_equal(at, before):
            break
    return at


def _pad_after(traffic: Traffic, troubles: Troubles, pad: str, at: Array) -> Array:
    known = traffic.outages.get(pad, ())
    for _ in range(2 if known else 1):
        at = _after(troubles.pads.get(pad), at)
        for from_day, to_day in known:
            at = np.where((from_day <= at) & (at < to_day), to_day, at)
    return at


def _after(windows: Windows | None, at: Array) -> Array:
    """`at`, or the end of the windows it lies in."""
    if windows is None:
        return at
    for from_day, days in zip(windows[0].T, windows[1].T, strict=True):
        at = np.where((from_day <= at) & (at < from_day + days), from_day + days, at)
    return at


def _undockings(traffic: Traffic, launch: Array, dock: Array, is_lost: Mask) -> tuple[Array, Mask]:
    """When each craft leaves if it may wait, and whether its life made it leave."""
    undock = np.empty_like(launch)
    is_forced = np.zeros_like(is_lost)
    for line in range(len(traffic.lines)):
        relief = np.full(len(launch), np.inf)
        for k in reversed(traffic.of_line(line)):
            planned = traffic.undock[k]
            if not traffic.is_rotation[k]:
                undock[:, k] = dock[:, k] + planned - traffic.dock[k]
                continue
            wanted = np.maximum(planned, dock[:, k] + traffic.stay_min[k])
            if not np.isnan(traffic.keep[k]):
                wanted = np.maximum(wanted, relief + traffic.keep[k])
            last = launch[:, k] + traffic.limit[k]
            undock[:, k] = np.minimum(wanted, last)
            is_forced[:, k] = (wanted > last) & (undock[:, k] < relief) & ~is_lost[:, k]
            relief = np.where(is_lost[:, k], relief, dock[:, k])
    return np.where(is_lost, np.inf, undock), is_forced


def _heirs(traffic: Traffic, launch: Array, is_lost: Mask, unusable: Array) -> tuple[NDArray[np.int64], Mask]:
    """Who takes over the crews of unusable craft, and who therefore flies up without a crew."""
    heir = np.full(launch.shape, -1)
    is_empty = np.zeros_like(is_lost)
    for line in range(len(traffic.lines)):
        flights = traffic.of_line(line)
        for place, k in enumerate(flights):
            if not np.isfinite(unusable[:, k]).any():
                continue
            for j in flights[place + 1 :]:
                if not traffic.is_autonomous[j]:
                    continue
                takes = (
                    (unusable[:, k] < launch[:, j]) & ~is_lost[:, j] & ~is_empty[:, j] & (heir[:, k] < 0)
                ) & np.isfinite(unusable[:, k])
                heir[takes, k] = j
                is_empty[:, j] |= takes
    return heir, is_empty
