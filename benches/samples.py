"""Time and peak memory of a thousand samples of MS-22 and Crew-5, by one process and by two.

Run with ``python benches/samples.py``; nothing here fails on a time.  Each case has a process of its own, so
that its peak is its own; planning the flight comes before the clock starts.
"""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from crossflight.app.validation.flights_samples import sampled
from crossflight.flight.samples import fly_samples

N = 1000
CASES = (("MS-22", "2-orbit Soyuz", 15), ("Crew-5", "18-orbit Dragon", 60))


def measured(name: str, workers: int) -> tuple[float, float, float]:
    """Seconds, and peak memory of this process and of the largest worker in MB."""
    flight = sampled(name)
    begun = time.perf_counter()
    fly_samples(flight, N, workers=workers)
    took_s = time.perf_counter() - begun
    unit = 1e6 if sys.platform == "darwin" else 1e3
    own, of_workers = (
        resource.getrusage(who).ru_maxrss / unit for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return took_s, own, of_workers


def main() -> None:
    print(f"{N} samples from insertion to contact")
    for name, what, asked_s in CASES:
        for workers in (1, 2):
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                took_s, own, of_workers = pool.submit(measured, name, workers).result()
            beside = f", each worker up to {of_workers:.0f} MB" if workers > 1 else ""
            print(
                f"  {name}, {what}, {workers} workers: {took_s:.1f} s (asked {asked_s}), {own:.0f} MB{beside}"
            )


if __name__ == "__main__":
    main()
