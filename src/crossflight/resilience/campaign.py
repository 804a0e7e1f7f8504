"""Many samples of one plan, or of two under the same luck, in chunks: any number of workers, same bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import crossflight
from crossflight.chunks import Columns, Kept, key_of, run_chunks
from crossflight.errors import UsageError
from crossflight.resilience.cover import cover_of
from crossflight.resilience.draws import Changed, luck_of, troubles_of
from crossflight.resilience.policy import fly
from crossflight.resilience.rates import RATES, Rates
from crossflight.resilience.traffic import Traffic

Array = NDArray[np.float64]

N_MAX: Final = 1_000_000
# Small enough for a processor's cache; always computed whole: no number depends on how many are asked.
CHUNK: Final = 500

# What a rate halved and doubled changes says whether it matters.
SENSITIVITIES: Final[tuple[Changed, ...]] = (
    *(Changed(f"{name} x {x:g}", {name: x}) for name in RATES for x in (0.5, 2.0)),
    Changed("slip sigma x 0.75", slip_sigma=0.75),
    Changed("slip sigma x 1.25", slip_sigma=1.25),
    Changed("no slips", is_without_slips=True),
)


@dataclass(frozen=True)
class Samples:
    """Samples of one plan, arrays (n,); `unattended` is (n, segments).  See `cover.Cover`."""

    unattended: Array
    unattended_any: Array
    uncovered: Array
    seat_person_days: Array
    stranded_person_days: Array
    n_lost: Array
    n_unusable: Array
    n_early: Array
    n_forced: Array


@dataclass(frozen=True)
class Campaign:
    """All that determines the samples.

    Attributes
    ----------
    traffics
        One plan, or two to compare.
    changes
        Other rates under which the first plan is sampled too.
    """

    traffics: tuple[Traffic, ...]
    rates: Rates
    seed: int
    changes: tuple[Changed, ...] = ()

    def key(self) -> str:
        """Of everything a chunk depends on."""
        return key_of(crossflight.__version__, CHUNK, self.traffics, self.rates, self.seed, self.changes)

    def chunk(self, number: int) -> Columns:
        """The samples of a chunk; columns are named by plan and field, or by change."""
        samples = np.arange(number * CHUNK, (number + 1) * CHUNK)
        luck = luck_of(self.traffics, self.rates, self.seed, samples)
        columns: dict[str, NDArray[Any]] = {}
        for place, traffic in enumerate(self.traffics):
            flown = fly(traffic, troubles_of(traffic, self.rates, luck))
            cover = cover_of(traffic, flown)
            found = {
                "unattended": cover.unattended,
                "unattended_any": cover.unattended_any,
                "uncovered": cover.uncovered,
                "seat_person_days": cover.seat_person_days,
                "stranded_person_days": cover.stranded_person_days,
                "n_lost": flown.is_lost.sum(axis=1).astype(float),
                "n_unusable": np.isfinite(flown.unusable).sum(axis=1).astype(float),
                "n_early": flown.is_early.sum(axis=1).astype(float),
                "n_forced": flown.is_forced.sum(axis=1).astype(float),
            }
            columns |= {f"{place} {name}": values for name, values in found.items()}
        first = self.traffics[0]
        for changed in self.changes:
            flown = fly(first, troubles_of(first, self.rates, luck, changed))
            columns[f"changed {changed.name}"] = cover_of(first, flown).unattended_any
        return columns


@dataclass(frozen=True)
class Sampled:
    """What a campaign gave: for each plan its samples, for each change the days unattended (n,)."""

    plans: tuple[Samples, ...]
    changed: dict[str, Array]


def sample(
    campaign: Campaign,
    n: int,
    *,
    workers: int = 1,
    folder: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Sampled:
    """The first `n` samples.

    Parameters
    ----------
    workers
        Processes; fewer where there are fewer chunks.
    folder
        Where finished chunks are kept until all are there, and taken from.
    on_progress
        Called with the number of samples done and of all.

    Raises
    ------
    UsageError
        If `n` or `workers` is out of range, or the folder cannot be written.
    """
    if not 1 <= n <= N_MAX:
        raise UsageError(f"{n} samples are asked for; 1 to {N_MAX} can be had")
    kept = None if folder is None else Kept(folder, campaign.key())

    def say(done: int, _: int) -> None:
        if on_progress is not None:
            on_progress(min(done * CHUNK, n), n)

    chunks = run_chunks(campaign.chunk, -(-n // CHUNK), workers=workers, kept=kept, on_progress=say)
    if kept is not None:
        kept.drop()
    columns = {name: np.concatenate([c[name] for c in chunks])[:n] for name in chunks[0]}
    plans = tuple(
        Samples(**{name.split(" ", 1)[1]: c for name, c in columns.items() if name.startswith(f"{i} ")})
        for i in range(len(campaign.traffics))
    )
    return Sampled(plans, {c.name: columns[f"changed {c.name}"] for c in campaign.changes})
