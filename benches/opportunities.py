"""Times of opportunities: a year of lift-offs for three pads, a week as a process.

    python benches/opportunities.py

The peer is a search anybody would write: SGP4 every 20 s, sign changes of the pad's height over the plane.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

from crossflight.app.orbit_file import ARCHIVE, read_orbit_file, target_for
from crossflight.dynamics.earth import teme_from_itrf
from crossflight.dynamics.mean_orbit import satellite
from crossflight.dynamics.time_scales import julian_date
from crossflight.flight.ascent import ascent_of
from crossflight.flight.descent import descent_of
from crossflight.flight.landing import landing_opportunities
from crossflight.flight.launch import launch_opportunities
from crossflight.flight.zones import PADS, zones
from crossflight.times import Instant

START = Instant.of(2022, 9, 20)
PADS_AND_CRAFT = (("baikonur-31", "soyuz-ms"), ("ksc-39a", "crew-dragon"), ("ccsfs-41", "starliner"))
N_RUNS = 7


def timed(work: object, n: int = N_RUNS) -> list[float]:
    times = []
    for _ in range(n):
        begin = time.perf_counter()
        work()  # type: ignore[operator]
        times.append(time.perf_counter() - begin)
    return times


def main() -> None:
    file = read_orbit_file(ARCHIVE)
    orbit = target_for(file, START, START.plus_days(365)).orbit
    elements = [e for e in file.elements if e.epoch_utc <= START][-1]

    dragon = descent_of("crew-dragon")

    def year() -> int:
        return sum(
            len(launch_opportunities(orbit, PADS[p], ascent_of(v), v, START, START.plus_days(365)))
            for p, v in PADS_AND_CRAFT
        )

    def year_by_search() -> int:
        t_us = START.us + np.arange(0, 365 * 86_400, 20) * 1_000_000
        _, r, v = satellite(elements).sgp4_array(*julian_date(t_us))
        normal = np.cross(r, v)
        found = 0
        for pad, _ in PADS_AND_CRAFT:
            height = np.sum(normal * teme_from_itrf(PADS[pad].itrf_m, t_us), axis=1)
            found += np.count_nonzero(np.signbit(height[1:]) != np.signbit(height[:-1])) // 2
        return found

    def landings() -> int:
        return sum(
            len(landing_opportunities(orbit, z, dragon, "crew-dragon", START, START.plus_days(365)))
            for z in zones("florida")
        )

    ours, peer = timed(year), timed(year_by_search, 3)
    print(f"a year of lift-offs, three pads, {year()} found: {statistics.median(ours):.3f} s")
    print(
        f"the same by searching SGP4, without profiles or sigmas, {year_by_search()} found: "
        f"{statistics.median(peer):.3f} s, ratio {statistics.median(peer) / statistics.median(ours):.1f}"
    )
    took = statistics.median(timed(landings, 3))
    print(f"a year of landings in seven zones, {landings()} found: {took:.3f} s")
    asked = "--elements archive --site baikonur-31 --vehicle soyuz-ms --from 2022-09-20 --json"
    command = [sys.executable, "-m", "crossflight", "windows", *asked.split()]
    with tempfile.TemporaryDirectory() as empty:
        for what, environment in (("warm", {}), ("with an empty cache", {"CROSSFLIGHT_CACHE": empty})):
            runs = timed(lambda e=environment: subprocess.run(
                command, env=os.environ | e, check=True, capture_output=True))  # fmt: skip
            print(f"crossflight windows for a week as a process, {what}: {statistics.median(runs):.2f} s")


if __name__ == "__main__":
    main()
