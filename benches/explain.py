"""How long a conflict takes to be explained in five years: made-up stations and iss-2026, broken at random.

Run with ``python benches/explain.py [N]``; nothing here fails on a time.  N (default 24) impossible
scenarios are drawn: each breaks one thing (a life, a pad, a port, a fleet, launches of a type, stock) for
longer or further than the station can take.  Of what can be planned all the same nothing is measured.  A
time goes from the scenario as read to the conflict with all its shortfalls; what the orbit allows is in it,
as `crossflight explain` computes it.  The processor time of all threads stands beside the wall's, which
depends on who else uses the machine.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

from crossflight.app.explain_source import Source
from crossflight.model import Closure, ForbiddenDays, Scenario
from crossflight.planner.explain import Trials, core
from crossflight.planner.explain_ways import shortfalls
from crossflight.planner.solve import Budget
from crossflight.scenario.synthetic import synthetic
from crossflight.scenario.text_file import scenario_text
from figures import spread

YEARS = 5
ISS_TO_UTC = "2031-11-22"
LIMIT_S = 60.0

Sky = Callable[..., object]


def _span(scenario: Scenario, rng: Random) -> Closure:
    """A stretch within the first four years, longer than a crew stays."""
    begin = scenario.from_utc.plus_days(rng.randint(20, 1400))
    return Closure(begin, begin.plus_days(rng.randint(200, 420)), "broken")


def _life(s: Scenario, rng: Random) -> Scenario:
    name = rng.choice([t.name for t in s.vehicle_types if t.is_crewed and t.on_orbit_life_days])
    share = rng.uniform(0.5, 0.85)
    types = tuple(
        replace(t, on_orbit_life_days=round((t.on_orbit_life_days or 0) * share), life_waiver_days=0)
        if t.name == name
        else t
        for t in s.vehicle_types
    )
    return replace(s, vehicle_types=types)


def _pad(s: Scenario, rng: Random) -> Scenario:
    crewed = {
        p for t in s.vehicle_types if t.is_crewed for x in s.launchers if x.name == t.launcher for p in x.pads
    }
    name, out = rng.choice(sorted(crewed)), _span(s, rng)
    pads = tuple(replace(p, outages=(*p.outages, out)) if p.name == name else p for p in s.pads)
    return replace(s, pads=pads)


def _ports(s: Scenario, rng: Random) -> Scenario:
    system = rng.choice(sorted({t.system for t in s.vehicle_types if t.is_crewed}))
    mine, out = [p.name for p in s.station.ports if p.system == system], _span(s, rng)
    gone = set(rng.sample(mine, max(1, len(mine) - 1)))
    ports = tuple(replace(p, closures=(*p.closures, out)) if p.name in gone else p for p in s.station.ports)
    return replace(s, station=replace(s.station, ports=ports))


def _fleet(s: Scenario, rng: Random) -> Scenario:
    name, late = rng.choice([t.name for t in s.vehicle_types if t.is_crewed]), _span(s, rng)
    held = {d.flight.craft for d in s.docked}
    craft = tuple(
        replace(c, ready_utc=max(c.ready_utc or s.from_utc, late.to_utc))
        if c.vehicle_type == name and c.name not in held
        else c
        for c in s.craft
    )
    return replace(s, craft=craft)


def _launches(s: Scenario, rng: Random) -> Scenario:
    name, out = rng.choice([t.name for t in s.vehicle_types if t.is_crewed]), _span(s, rng)
    ban = ForbiddenDays(out.from_utc, out.to_utc, ("launch",), "grounded", (name,))
    return replace(s, forbidden_days=(*s.forbidden_days, ban))


def _stock(s: Scenario, rng: Random) -> Scenario:
    share = rng.uniform(0.1, 0.5)
    return replace(s, commodities=tuple(replace(c, stock_kg=c.stock_kg * share) for c in s.commodities))


BREAKS = {
    "life": _life, "pad": _pad, "ports": _ports, "fleet": _fleet, "launches": _launches, "stock": _stock,
}  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """Seconds for one conflict: without shortfalls, with them, and of the processor."""

    name: str
    n_conditions: int
    is_minimal: bool
    core_s: float
    wall_s: float
    cpu_s: float


def scenarios() -> Iterator[tuple[str, Scenario, Sky | None]]:
    """Broken stations without end, the shipped one every fourth time."""
    text, file = scenario_text("iss-2026")
    for k in range(10_000):
        rng = Random(f"explain {k}")
        what = rng.choice(sorted(BREAKS))
        if k % 4 == 3:
            source = Source(text, file, {"to_utc": ISS_TO_UTC})
            base, sky = source.scenario(), source.sky
        else:
            base, sky = synthetic(YEARS, 1 + k % 4, k), None
        yield f"{base.name} {what}", BREAKS[what](base, rng), sky


def measured(name: str, scenario: Scenario, sky: Sky | None) -> Measured | None:
    """The times; None where nothing is proven to be impossible."""
    wall, cpu = time.monotonic(), time.process_time()
    trials = Trials(scenario, Budget(LIMIT_S, 5, 1, wall), sky=sky)  # type: ignore[arg-type]  # a bound method
    found = core(trials)
    core_s = time.monotonic() - wall
    if found is None:
        return None
    shortfalls(trials, found)
    done = time.monotonic() - wall
    return Measured(name, len(found.conditions), found.is_minimal, core_s, done, time.process_time() - cpu)


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    found: list[Measured] = []
    n_tried = 0
    for name, scenario, sky in scenarios():
        if len(found) == wanted:
            break
        n_tried += 1
        one = measured(name, scenario, sky)
        if one is None:
            continue
        found.append(one)
        print(
            f"{one.name:34} {one.n_conditions:2} conditions, conflict {one.core_s:5.1f} s, "
            f"with shortfalls {one.wall_s:5.1f} s, processor {one.cpu_s:5.1f} s"
            + ("" if one.is_minimal else ", perhaps not minimal"),
            flush=True,
        )
    print(f"{len(found)} impossible of {n_tried} drawn; median / 95th percentile:")
    print(f"  conflict        {spread([m.core_s for m in found], '{:.2f}')} s")
    print(f"  with shortfalls {spread([m.wall_s for m in found], '{:.2f}')} s")
    print(f"  processor       {spread([m.cpu_s for m in found], '{:.2f}')} s")


if __name__ == "__main__":
    main()
