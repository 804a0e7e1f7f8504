"""The figures of the project, printed: run with ``make bench``; nothing here fails on a time.

Three parts: ``command`` (the processes and the checker), ``library`` (the shipped scenarios) and
``made-up`` (seeded stations of 2, 5 and 10 years, people with training, the HiGHS event model beside
CP-SAT).  The whole takes hours; a piece of it is, say,

    python benches/figures.py --part made-up --years 2 --seeds 5 --save out/figures.jsonl

and ``--from out/figures.jsonl`` prints the tables of everything saved so far, which later pieces
may join.  Progress goes to stderr, tables to stdout.  Times are of this machine while nothing else runs;
every plan is made in a process of its own, whose peak memory the kernel tells.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

PLANNED = ("iss-2022", "iss-2026", "commercial")
PARTS = ("command", "library", "made-up")
MEASURED = ("whole", "people", "peer")
N_PEOPLE = 80
NEAR = 0.02  # the figure asks for the first plan within 2 %
# Wall seconds for each plan, by years of the horizon; the figures ask for proofs in 2, 15 and 60 s.
LIMIT_S = {2: 20.0, 5: 60.0, 10: 60.0}
LADDER_S = (0.5, 1, 2, 3, 5, 10, 20, 40, 80)

Line = dict[str, Any]


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def spread(values: list[float], form: str = "{:.1f}") -> str:
    """Median and 95th percentile as a table shows them."""
    if not values:
        return "-"
    return f"{form.format(percentile(values, 0.5))} / {form.format(percentile(values, 0.95))}"


def tell(text: str) -> None:
    """Progress, beside the tables."""
    print(text, file=sys.stderr, flush=True)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A table that people and Markdown can read."""
    widths = [max(len(r[i]) for r in (head, *rows)) for i in range(len(head))]
    for row in (head, tuple("-" * w for w in widths), *rows):
        print("| " + " | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + " |")


# -- the command -------------------------------------------------------------------------------


def timed(n: int, work: Callable[[], object]) -> list[float]:
    """Milliseconds of each of `n` runs."""
    times = []
    for _ in range(n):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1e3)
    return times


def command(*arguments: str) -> Callable[[], object]:
    """A process of the installed command; its output is thrown away."""
    program = str(Path(sys.executable).parent / "crossflight")
    return lambda: subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, check=False)


def command_figures() -> None:
    """The processes that people wait for, and what the audit measures."""
    print(f"--version as a process, ms p50 / p95: {spread(timed(20, command('--version')))}")
    print(f"audit --json as a process, ms p50 / p95: {spread(timed(3, command('audit', '--json')))}")
    audited = subprocess.run(
        [str(Path(sys.executable).parent / "crossflight"), "audit", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    for era in json.loads(audited.stdout)["eras"]:
        print(f"  {era['name']}: {era['operator_n1_uncovered_share']:.2%} uncovered")


# -- shipped scenarios -------------------------------------------------------------------------


def library_figures(time_limit_s: float) -> None:
    """Plan and check the shipped scenarios; each is planned in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name in PLANNED:
            out = Path(folder) / name
            tell(f"library: {name}")
            measured = inner("library", [name, str(out), time_limit_s])
            path = out / "plan.yaml"
            if measured is None or not path.exists():
                print(f"{name}: no plan")
                continue
            print(measured["text"])
            print(f"  peak memory {measured['peak_gib']:.2f} GiB")
            print(f"  check as a process, ms p50 / p95: {spread(timed(10, command('check', str(path))))}")
            check_in_process(path)


def plan_in_this_process(name: str, out: str, time_limit_s: float) -> Line:
    """Plan a shipped scenario; tells when each tier was near its value, and when it was proven."""
    from crossflight.app.plan import plan

    began = time.perf_counter()
    seen: list[tuple[float, str, float]] = []

    def progress(_stage: str, tier: str, incumbent: float | None, _bound: float | None) -> None:
        if incumbent is not None:
            seen.append((time.perf_counter() - began, tier, incumbent))

    outcome = plan(
        name, Path(out), overrides={}, time_limit_s=time_limit_s, workers=5, seed=1, progress=progress
    )
    wall_s = time.perf_counter() - began
    lines = [f"{name}: {outcome.status}, largest gap {outcome.gap:.3%}, {wall_s:.1f} s with report"]
    for tier in outcome.objective:
        of_tier = [s for s in seen if s[1] == tier.tier]
        near = [s[0] for s in of_tier if is_near(s[2], tier.value)]
        within = f"within {NEAR:.0%} at {near[0]:.1f} s" if near else "within its stage"
        is_proven = abs(tier.value - tier.bound) < 1e-6
        closed = f"proven at {of_tier[-1][0]:.1f} s" if of_tier and is_proven else "not proven"
        lines.append(f"  {tier.tier}: value {tier.value:g}, bound {tier.bound:g}, {within}, {closed}")
    lines += [f"  stage {s.name}: {s.status}, {s.wall_s:.1f} s" for s in outcome.stages]
    lines += [f"  tier {d.tier}: solved {d.solved:g}, measured {d.measured:g}" for d in outcome.disagreements]
    if outcome.coverage is not None:
        lines.append(
            f"  unattended {outcome.coverage.unattended_days:.1f} d, "
            f"operator N-1 uncovered {outcome.coverage.operator_n1_uncovered_days:.1f} d"
        )
    return {"text": "\n".join(lines)}


def check_in_process(path: Path) -> None:
    """Time the checker alone on a plan already read."""
    from crossflight.app.check import read
    from crossflight.rules import check

    scenario, plan = read(str(path), None)
    times = timed(30, lambda: check(scenario, plan))
    print(f"  check in process, {len(plan.flights)} flights, ms p50 / p95: {spread(times)}")


# -- made-up stations --------------------------------------------------------------------------


def is_near(value: float, final: float) -> bool:
    """Within 2 %."""
    return abs(value - final) <= NEAR * max(1.0, abs(final))


def measure_whole(years: float, n_providers: int, seed: int, time_limit_s: float, workers: int) -> Line:
    """One plan of everything: status, gap, seconds, what the checker says."""
    from crossflight.planner import plan
    from crossflight.rules import check
    from crossflight.scenario.synthetic import synthetic

    scenario = synthetic(years, n_providers, seed)
    result = plan(scenario, time_limit_s=time_limit_s, workers=workers)
    refused = [] if result.plan is None else [v.rule for v in check(scenario, result.plan) if v.is_failure]
    return {
        "status": result.status,
        "gap": result.gap if result.plan is not None else None,
        "wall_s": result.wall_s,
        "values": [t.value for t in result.objective],
        "bounds": [t.bound for t in result.objective],
        "stages": {s.name: s.wall_s for s in result.stages},
        "refused": refused,
    }


def measure_first(
    years: float, n_providers: int, seed: int, final: list[float], workers: int, until_s: float
) -> Line:
    """Seconds to a first plan that the checker accepts and whose price is within 2 % of `final`.

    The planner is asked with one limit after the other, the way a user would; the first plan that is
    good enough counts with the wall seconds its call took.  Tiers above the price must be
    within 2 % as well; comfort, the last, is not looked at.
    """
    found: Line = {"first_s": None, "limit_s": None}
    for limit_s in LADDER_S:
        if limit_s > until_s:
            break
        once = measure_whole(years, n_providers, seed, limit_s, workers)
        if once["values"] and not once["refused"]:
            pairs = list(zip(once["values"], final, strict=True))[:-1]
            if all(is_near(v, f) or v < f for v, f in pairs):
                return {"first_s": once["wall_s"], "limit_s": limit_s}
    return found


def measure_peer(years: float, n_providers: int, seed: int, time_limit_s: float, crews: str) -> Line:
    """What both can say, by CP-SAT (through the planner) and by HiGHS, two threads each, same limit."""
    from common_part import common
    from crossflight.planner import plan
    from crossflight.rules import check
    from crossflight.scenario.synthetic import synthetic
    from highs_event_model import prove

    scenario = common(synthetic(years, n_providers, seed), is_integrated=crews == "integrated")
    events = prove(scenario, time_limit_s, threads=2)
    planned = plan(scenario, time_limit_s=time_limit_s, workers=5)
    refused = [] if planned.plan is None else [v.rule for v in check(scenario, planned.plan) if v.is_failure]
    return {
        "highs": {
            "status": events.status,
            "wall_s": events.wall_s,
            "value": next(iter(events.values), None),
            "bound": next(iter(events.bounds), None),
        },
        "cpsat": {
            "status": planned.status,
            "wall_s": planned.wall_s,
            "value": next((t.value for t in planned.objective), None),
            "bound": next((t.bound for t in planned.objective), None),
        },
        "refused": refused,
    }


def measure_people(years: float, seed: int, workers: int) -> Line:
    """Seats and courses for 80 people, on a regular traffic that is decided."""
    from training import measure

    return measure(years, N_PEOPLE, seed, workers)


INNER: dict[str, Callable[..., Line]] = {
    "library": plan_in_this_process,
    "whole": measure_whole,
    "first": measure_first,
    "people": measure_people,
    "peer": measure_peer,
}


def inner(kind: str, arguments: list[Any]) -> Line | None:
    """One measurement in a process of its own, with its peak memory; None if it died."""
    ended = subprocess.run(
        [sys.executable, __file__, "--inner", kind, json.dumps(arguments)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ended.returncode:
        tell(f"  {kind} {arguments}: exit {ended.returncode}")
        return None
    found: Line = json.loads(ended.stdout.splitlines()[-1])
    return found


def made_up(options: argparse.Namespace) -> list[Line]:
    """Measure what the options ask for; every line is saved as soon as it is there."""
    lines: list[Line] = []

    def keep(kind: str, years: int, seed: int, measured: Line | None, **more: Any) -> None:
        if measured is None:
            return
        line = {
            "kind": kind,
            "years": years,
            "providers": options.providers,
            "seed": seed,
            **more,
            **measured,
        }
        lines.append(line)
        if options.save:
            with Path(options.save).open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")

    for years in options.years:
        limit_s = options.time_limit or LIMIT_S.get(years, 60.0)
        for seed in range(options.seeds):
            tell(f"made-up: {years} years, seed {seed}")
            if "whole" in options.measure:
                whole = inner("whole", [years, options.providers, seed, limit_s, options.workers])
                keep("whole", years, seed, whole, limit_s=limit_s)
                if whole and whole["values"] and not whole["refused"]:
                    asked = [years, options.providers, seed, whole["values"], options.workers, limit_s]
                    keep("first", years, seed, inner("first", asked))
            if "people" in options.measure:
                keep("people", years, seed, inner("people", [years, seed, options.workers]))
            for crews in ("own", "integrated") if "peer" in options.measure else ():
                peer = inner("peer", [years, options.providers, seed, limit_s, crews])
                keep("peer", years, seed, peer, crews=crews, limit_s=limit_s)
    return lines


def tables(lines: list[Line]) -> None:
    """The tables of everything measured; a seed measured again replaces itself."""
    latest: dict[tuple[Any, ...], Line] = {}
    for line in lines:
        latest[line["kind"], line["years"], line["providers"], line.get("crews"), line["seed"]] = line
    lines = list(latest.values())
    groups = sorted({(x["years"], x["providers"]) for x in lines})
    whole_table([(g, _of(lines, "whole", g), _of(lines, "first", g)) for g in groups])
    people_table([(g, _of(lines, "people", g)) for g in groups])
    peer_table(
        [
            (g, crews, [x for x in _of(lines, "peer", g) if x["crews"] == crews])
            for g in groups
            for crews in ("own", "integrated")
        ]
    )


def _of(lines: list[Line], kind: str, group: tuple[int, int]) -> list[Line]:
    return [x for x in lines if x["kind"] == kind and (x["years"], x["providers"]) == group]


def gap_before_comfort(line: Line) -> float:
    """Largest gap of any tier but the last, in percent."""
    pairs = zip(line["values"][:-1], line["bounds"][:-1], strict=True)
    return max(100 * abs(v - b) / max(1.0, abs(v)) for v, b in pairs)


def whole_table(groups: list[tuple[tuple[int, int], list[Line], list[Line]]]) -> None:
    """Everything: time to the proof (or the limit), gap, first checked plan, memory."""
    rows = []
    for (years, providers), whole, first in groups:
        if not whole:
            continue
        good = [x for x in whole if x["values"] and not x["refused"]]
        n_proven = sum(x["status"] == "optimal" for x in whole)
        soon = [x["first_s"] for x in first if x["first_s"] is not None]
        rows.append(
            (
                f"{years} y, {providers}",
                f"{len(good)}/{len(whole)}",
                f"{n_proven}/{len(whole)}",
                spread([x["wall_s"] for x in whole]),
                spread([gap_before_comfort(x) for x in good], "{:.2f}"),
                spread([100 * x["gap"] for x in good], "{:.2f}"),
                f"{len(soon)}/{len(first)}",
                spread(soon),
                f"{max(x['peak_gib'] for x in whole):.2f}",
            )
        )
    if rows:
        print("\nMade-up stations, everything: p50 / p95 over the seeds; seconds of wall clock")
        table(
            (
                "years, providers",
                "checked plans",
                "proven",
                "s to proof or limit",
                "gap % but comfort",
                "largest gap %",
                f"within {NEAR:.0%}",
                "s to first within",
                "peak GiB",
            ),
            rows,
        )


def people_table(groups: list[tuple[tuple[int, int], list[Line]]]) -> None:
    """Seats and courses for many people, on a regular traffic."""
    rows = []
    for (years, _), lines in groups:
        good = [x for x in lines if x["n_places"] is not None]
        if lines:
            rows.append(
                (
                    f"{years} y",
                    spread([x["n_people"] for x in lines], "{:.0f}"),
                    spread([x["n_flights"] for x in lines], "{:.0f}"),
                    spread([x["n_places"] for x in good], "{:.0f}"),
                    f"{len(good)}/{len(lines)}",
                    spread([x["wall_s"] for x in lines], "{:.2f}"),
                )
            )
    if rows:
        print("\nPeople with training, on a regular traffic: p50 / p95; seconds of wall clock")
        table(("years", "people", "flights", "places in courses", "checked crews", "s"), rows)


def peer_table(groups: list[tuple[tuple[int, int], str, list[Line]]]) -> None:
    """CP-SAT and HiGHS on what both can say."""
    rows = []
    for (years, providers), crews, lines in groups:
        if not lines:
            continue
        ratios = [x["highs"]["wall_s"] / max(1e-3, x["cpsat"]["wall_s"]) for x in lines]
        both = [x for x in lines if x["highs"]["status"] == x["cpsat"]["status"] == "optimal"]
        equal = sum(abs(x["highs"]["value"] - x["cpsat"]["value"]) < 1e-2 for x in both)
        rows.append(
            (
                f"{years} y, {providers}, {crews}",
                str(len(lines)),
                *of_solver([x["cpsat"] for x in lines]),
                *of_solver([x["highs"] for x in lines]),
                spread(ratios, "{:.2f}"),
                f"{equal}/{len(both)}",
            )
        )
    if rows:
        print("\nWhat both can say, CP-SAT and the HiGHS event model: p50 / p95, seconds (or the limit)")
        table(
            (
                "years, providers, crews",
                "seeds",
                "CP-SAT proven",
                "s",
                "gap %",
                "HiGHS proven",
                "s",
                "gap %",
                "HiGHS / CP-SAT",
                "equal optimum",
            ),
            rows,
        )


def of_solver(found: list[Line]) -> tuple[str, str, str]:
    """How often it proved, seconds, and the gap where it found something."""
    gaps = [
        100 * abs(x["value"] - x["bound"]) / max(1.0, abs(x["value"]))
        for x in found
        if x["value"] is not None
    ]
    n_proven = sum(x["status"] == "optimal" for x in found)
    return str(n_proven), spread([x["wall_s"] for x in found]), spread(gaps)


def main() -> None:
    """Measure the parts asked for and print their tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS, nargs="+", default=list(PARTS), help="what to measure")
    parser.add_argument("--measure", choices=MEASURED, nargs="+", default=list(MEASURED))
    parser.add_argument(
        "--years", type=int, nargs="+", default=list(LIMIT_S), help="horizons of made-up stations"
    )
    parser.add_argument("--seeds", type=int, default=20, help="made-up stations of each horizon")
    parser.add_argument("--providers", type=int, default=2, choices=(1, 2, 3))
    parser.add_argument("--workers", type=int, default=5)
    parser.add_argument("--time-limit", type=float, help="seconds for each plan (default: by horizon)")
    parser.add_argument("--save", help="append every measurement to this file")
    parser.add_argument("--from", dest="saved", help="print the tables of a saved file, measure nothing")
    parser.add_argument("--inner", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inner:
        kind, arguments = options.inner
        measured = INNER[kind](*json.loads(arguments))
        measured["peak_gib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps(measured))
        return
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}")
    if options.saved:
        text = Path(options.saved).read_text(encoding="utf-8")
        tables([json.loads(line) for line in text.splitlines()])
        return
    if "command" in options.part:
        command_figures()
    if "library" in options.part:
        library_figures(options.time_limit or 60.0)
    if "made-up" in options.part:
        tables(made_up(options))


if __name__ == "__main__":
    main()
