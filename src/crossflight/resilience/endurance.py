"""How long the station lasts when one provider launches no more: from every day of a plan on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.resilience.cover import cover_of
from crossflight.resilience.policy import Troubles, fly
from crossflight.resilience.traffic import Traffic

Array = NDArray[np.float64]

_N_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class Endurance:
    """Days from start days on without a provider's launches, arrays (starts,); infinite past the plan's end.

    Attributes
    ----------
    start
        Whole days since the beginning, to the provider's last planned launch: then there is none to lose.
    unattended, seatless
        Until a segment has too few operators; until somebody's seat is in a craft that cannot be used.
    life
        Until a craft has to leave at the end of its life before the craft it waits for has come.
    """

    provider: str
    start: Array
    unattended: Array
    seatless: Array
    life: Array

    @property
    def days(self) -> Array:
        """Until the first of them."""
        first: Array = np.minimum(np.minimum(self.unattended, self.seatless), self.life)
        return first

    def ends(self, place: int) -> str:
        """What comes first for a start."""
        found = {
            "a segment is unattended": self.unattended[place],
            "somebody has no seat": self.seatless[place],
            "a craft is at the end of its life": self.life[place],
        }
        name, days = min(found.items(), key=lambda item: item[1])
        return name if np.isfinite(days) else "the plan ends"


def endurances(traffic: Traffic, from_day: float = 0.0) -> tuple[Endurance, ...]:
    """Of each provider that launches crews in the plan, from the first whole day not before `from_day`."""
    found = []
    for provider in sorted(set(traffic.provider)):
        launches = [
            traffic.launch[k]
            for k in range(traffic.n)
            if traffic.provider[k] == provider and not traffic.is_known[k]
        ]
        if launches:
            start = np.arange(np.ceil(from_day), max(launches) + 1)
            if len(start):
                found.append(_of(traffic, provider, start))
    return tuple(found)


def _of(traffic: Traffic, provider: str, start: Array) -> Endurance:
    is_of = np.array([p == provider for p in traffic.provider])
    parts = []
    for begin in range(0, len(start), _N_ROWS):
        days = start[begin : begin + _N_ROWS]
        quiet = Troubles.none(len(days), traffic.n)
        is_lost = is_of & (traffic.launch >= days[:, None]) & ~np.array(traffic.is_known)
        flown = fly(traffic, replace(quiet, is_lost=is_lost))
        cover = cover_of(traffic, flown)
        life = np.where(flown.is_forced & (flown.undock < traffic.end), flown.undock, np.inf).min(axis=1)
        parts.append(np.stack([_from(x, days) for x in (cover.first_unattended, cover.first_stranded, life)]))
    unattended, seatless, life = np.concatenate(parts, axis=1)
    return Endurance(provider, start, unattended, seatless, life)


def _from(day: Array, start: Array) -> Array:
    """Days since the start; what was so before counts as at once."""
    days: Array = np.maximum(day - start, 0.0)
    return days
