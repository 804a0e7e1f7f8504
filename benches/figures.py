"""The figures of the project, printed: run with ``make bench``; nothing here fails on a time.

Times are of this machine while nothing else runs; processes are timed from outside, with the
interpreter's start.  Peak memory is the kernel's for the whole process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

PLANNED = ("iss-2022", "iss-2026", "commercial")
NEAR = 0.02  # the figure asks for the first plan within 2 %


def percentiles(times_s: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(times_s)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return f"p50 {statistics.median(ordered) * 1e3:7.1f} ms   p95 {p95 * 1e3:7.1f} ms   (n={len(ordered)})"


def timed(n: int, work: Callable[[], object]) -> list[float]:
    """Seconds of each of `n` runs."""
    times = []
    for _ in range(n):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return times


def command(*arguments: str) -> Callable[[], object]:
    """A process of the installed command; its output is thrown away."""
    program = str(Path(sys.executable).parent / "crossflight")
    return lambda: subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, check=False)


def plan_in_this_process(name: str, time_limit_s: float, out: Path) -> None:
    """Plan, and print when the first near plan was there, when each tier was proven, and the peak memory."""
    from crossflight.app.plan import plan

    began = time.perf_counter()
    seen: list[tuple[float, str, str, float | None, float | None]] = []

    def progress(stage: str, tier: str, incumbent: float | None, bound: float | None) -> None:
        seen.append((time.perf_counter() - began, stage, tier, incumbent, bound))

    outcome = plan(name, out, overrides={}, time_limit_s=time_limit_s, workers=5, seed=1, progress=progress)
    wall_s = time.perf_counter() - began
    print(f"{name}: {outcome.status}, largest gap {outcome.gap:.3%}, {wall_s:.1f} s with report")
    for tier in outcome.objective:
        of_tier = [s for s in seen if s[2] == tier.tier and s[3] is not None]
        near = [s[0] for s in of_tier if abs(s[3] - tier.value) <= NEAR * max(1.0, abs(tier.value))]
        within = f"within {NEAR:.0%} at {near[0]:.1f} s" if near else "within its stage"
        is_proven = abs(tier.value - tier.bound) < 1e-6
        closed = f"proven at {of_tier[-1][0]:.1f} s" if of_tier and is_proven else "not proven"
        print(f"  {tier.tier}: value {tier.value:g}, bound {tier.bound:g}, gap {tier.gap:.3%}")
        print(f"    {within}, {closed}")
    for stage in outcome.stages:
        print(f"  stage {stage.name}: {stage.status}, {stage.wall_s:.1f} s")
    for d in outcome.disagreements:
        print(f"  tier {d.tier}: solved {d.solved:g}, measured {d.measured:g}")
    if outcome.coverage is not None:
        print(
            f"  unattended {outcome.coverage.unattended_days:.1f} d, "
            f"operator N-1 uncovered {outcome.coverage.operator_n1_uncovered_days:.1f} d"
        )
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  peak memory {peak_kib / 1024**2:.2f} GiB")


def check_in_process(path: Path) -> None:
    """Time the checker alone on a plan already read."""
    from crossflight.app.check import read
    from crossflight.rules import check

    scenario, plan = read(str(path), None)
    times = timed(30, lambda: check(scenario, plan))
    print(f"check in process, {path.parent.name} ({len(plan.flights)} flights): {percentiles(times)}")


def main() -> None:
    """Print every figure; each scenario is planned in a process of its own, for its peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each scenario")
    parser.add_argument("--only", choices=PLANNED, help="one scenario only")
    parser.add_argument("--inner", nargs=2, metavar=("SCENARIO", "DIR"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inner:
        plan_in_this_process(options.inner[0], options.time_limit, Path(options.inner[1]))
        return
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
    print(f"--version as a process:   {percentiles(timed(20, command('--version')))}")
    print(f"audit --json as a process: {percentiles(timed(3, command('audit', '--json')))}")
    audited = subprocess.run(
        [str(Path(sys.executable).parent / "crossflight"), "audit", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    for era in json.loads(audited.stdout)["eras"]:
        print(f"  {era['name']}: {era['operator_n1_uncovered_share']:.2%} uncovered")
    with tempfile.TemporaryDirectory() as folder:
        for name in [options.only] if options.only else PLANNED:
            out = Path(folder) / name
            inner = [sys.executable, __file__, "--time-limit", str(options.time_limit)]
            sys.stdout.flush()
            ended = subprocess.run([*inner, "--inner", name, str(out)], check=False)
            path = out / "plan.yaml"
            if ended.returncode or not path.exists():
                print(f"{name}: no plan (exit {ended.returncode})")
                continue
            print(f"check {name} as a process: {percentiles(timed(10, command('check', str(path))))}")
            check_in_process(path)


if __name__ == "__main__":
    main()
