"""The figures of stress: speed, what integrated crews are worth, which rate matters.

Run with ``python benches/stress.py``; nothing here fails on a time.
"""

from __future__ import annotations

import os
import time

from crossflight.app.validation.chapter import markdown
from crossflight.app.validation.stress_eras import (
    regular_traffic,
    regular_traffic_section,
    stress_eras_section,
)
from crossflight.resilience.campaign import SENSITIVITIES, Campaign, sample
from crossflight.resilience.estimate import difference, estimate
from crossflight.resilience.rates import rates
from crossflight.resilience.traffic import Traffic, traffic_of

N = 10_000


def speed(traffic: Traffic) -> None:
    print(
        f"{N} samples of {traffic.end / 365.25:.1f} years, {traffic.n} crew flights, {os.cpu_count()} cores"
    )
    for workers in (1, 2):
        begun = time.perf_counter()
        sample(Campaign((traffic,), rates(), 0), N, workers=workers)
        print(f"  {workers} workers: {time.perf_counter() - begun:.1f} s")


def worth(mixed: Traffic, apart: Traffic) -> None:
    this, other = sample(Campaign((mixed, apart), rates(), 0), N).plans
    mean, (low, high) = difference(this.unattended_any, other.unattended_any)
    print(
        f"integrated less own side only, unattended days in five years: {mean:.1f} ({low:.1f} to {high:.1f})"
    )


def sensitivity(name: str, traffic: Traffic, n: int = 4000) -> None:
    found = sample(Campaign((traffic,), rates(), 0, SENSITIVITIES), n)
    base = found.plans[0].unattended_any
    print(f"{name}, {n} samples: {estimate(base).mean:.1f} unattended days")
    for change, days in found.changed.items():
        mean, (low, high) = difference(days, base)
        print(f"  {change:24} {estimate(days).mean:7.1f}  {mean:+7.1f}  ({low:+.1f} to {high:+.1f})")


def main() -> None:
    mixed = traffic_of(*regular_traffic(is_integrated=True))
    apart = traffic_of(*regular_traffic(is_integrated=False))
    speed(mixed)
    worth(mixed, apart)
    sensitivity("integrated", mixed)
    sensitivity("own side only", apart)
    for section in (stress_eras_section(), regular_traffic_section()):
        print(markdown(section))


if __name__ == "__main__":
    main()
