"""Samples with somebody who plans anew: `repaired.live` with the planner of a repair.

Few samples make a chunk, always computed whole, by limits that count operations and not seconds: the same
bytes whoever computes them.  What is planned anew keeps cover with few flights moved, and the checker judges
it by every rule; the orbit's own days are left out, so the rules about them have nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

import crossflight
from crossflight.chunks import Columns, Kept, key_of, run_chunks
from crossflight.errors import UsageError
from crossflight.model import Plan, Scenario
from crossflight.model.disruption import Disruption
from crossflight.planner.replan import QUICK
from crossflight.resilience.cover import cover_of
from crossflight.resilience.disrupted import disrupted
from crossflight.resilience.draws import luck_of, troubles_of
from crossflight.resilience.policy import Troubles, fly
from crossflight.resilience.rates import Rates
from crossflight.resilience.repair import repair
from crossflight.resilience.repaired import Refusal, live
from crossflight.resilience.traffic import traffic_of
from crossflight.scenario import plan_text, read_plan_text, read_scenario_text, text_of_scenario
from crossflight.times import Instant

Array = NDArray[np.float64]

CHUNK: Final = 4
N_MAX: Final = 100_000
# The deterministic limits end a repair long before, unless the machine is busy.
_LIMIT_S: Final = 600.0
_COUNTS: Final = ("n_asked", "n_taken", "n_none", "n_refused", "n_no_better")


@dataclass(frozen=True)
class Living:
    """All that determines the samples; texts, so that another process can have it."""

    scenario_text: str
    plan_text: str
    rates: Rates
    seed: int

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan, rates: Rates, seed: int) -> Living:
        """The samples of a plan."""
        plain = replace(scenario, overrides={}, facts=(), opportunities=None)
        text = text_of_scenario(plain)
        digest = read_scenario_text(text, "scenario.yaml").digest
        unsigned = replace(plan, scenario_digest=digest, overrides={}, provenance=None)
        return cls(text, plan_text(unsigned), rates, seed)

    def key(self) -> str:
        """Of everything a chunk depends on."""
        return key_of(
            "replan",
            crossflight.__version__,
            CHUNK,
            self.scenario_text,
            self.plan_text,
            self.rates,
            self.seed,
        )

    def chunk(self, number: int) -> Columns:
        """The samples of a chunk: days unattended with planning anew and without, and how it went."""
        scenario, plan = _read(self.scenario_text, self.plan_text)
        traffic = traffic_of(scenario, plan)
        samples = np.arange(number * CHUNK, (number + 1) * CHUNK)
        luck = luck_of((traffic,), self.rates, self.seed, samples)
        troubles = troubles_of(traffic, self.rates, luck)
        fixed = cover_of(traffic, fly(traffic, troubles)).unattended_any
        lived = [live(scenario, plan, _row(troubles, i), _repaired) for i in range(CHUNK)]
        return {
            "unattended_any": np.array([x.unattended_days for x in lived]),
            "fixed": fixed,
            **{name: np.array([float(getattr(x, name)) for x in lived]) for name in _COUNTS},
        }


@dataclass(frozen=True)
class LivedSamples:
    """Samples (n,): days with a segment unattended, planning anew and by the fixed policy alone.

    How often a planner was asked in each and what came of it: see `repaired.Lived`.
    """

    unattended_any: Array
    fixed: Array
    n_asked: Array
    n_taken: Array
    n_none: Array
    n_refused: Array
    n_no_better: Array


@cache
def _read(scenario_text: str, text: str) -> tuple[Scenario, Plan]:
    scenario = read_scenario_text(scenario_text, "scenario.yaml")
    return scenario, read_plan_text(text, scenario, "plan.yaml")


def _row(t: Troubles, i: int) -> Troubles:
    """The troubles of one sample."""
    one = slice(i, i + 1)
    return Troubles(
        t.slip_days[one],
        t.is_lost[one],
        t.stand_down_days[one],
        t.unusable_after[one],
        t.return_after[one],
        {name: (begin[one], days[one]) for name, (begin, days) in t.fleets.items()},
        {name: (begin[one], days[one]) for name, (begin, days) in t.pads.items()},
        {name: (begin[one], days[one]) for name, (begin, days) in t.ports.items()},
    )


def _repaired(
    scenario: Scenario, plan: Plan, known: tuple[Disruption, ...], as_of: Instant
) -> tuple[Scenario, Plan] | Refusal:
    """A repair, quickly; or why there is none, as where a disruption cannot be told."""
    try:
        found = disrupted(scenario, plan, known, as_of)
    except UsageError:
        return "none"
    repaired = repair(found, time_limit_s=_LIMIT_S, effort=QUICK)
    if repaired.plan is None:
        return "refused" if repaired.status == "refused" else "none"
    return repaired.scenario, repaired.plan


def live_through(
    living: Living,
    n: int,
    *,
    workers: int = 1,
    folder: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> LivedSamples:
    """The first `n` samples; see `campaign.sample`.

    Raises
    ------
    UsageError
        If `n` or `workers` is out of range, or the folder cannot be written.
    """
    if not 1 <= n <= N_MAX:
        raise UsageError(f"{n} samples with planning anew are asked for; 1 to {N_MAX} can be had")
    kept = None if folder is None else Kept(folder, living.key())

    def say(done: int, _: int) -> None:
        if on_progress is not None:
            on_progress(min(done * CHUNK, n), n)

    chunks = run_chunks(living.chunk, -(-n // CHUNK), workers=workers, kept=kept, on_progress=say)
    if kept is not None:
        kept.drop()
    return LivedSamples(**{name: np.concatenate([c[name] for c in chunks])[:n] for name in chunks[0]})
