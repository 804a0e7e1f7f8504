"""How long a repair takes with every stage proven: plans of iss-2022 and iss-2026, disrupted at random.

Run with ``python benches/replan.py [N] [SEED]``; nothing here fails on a time.  N (default 22) disruptions of
each plan are drawn, every kind as often as the others.  A time goes from the plan as read to the repaired
plan that the checker has accepted; the processor's time stands beside the wall's, which depends on who else
uses the machine.  The plans are made first, and that is not measured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from random import Random

from crossflight import planner
from crossflight.app.near_flights import with_opportunities
from crossflight.app.replan import replanned
from crossflight.errors import CrossflightError
from crossflight.model import Flight, Plan, Scenario
from crossflight.model.disruption import Disruption
from crossflight.scenario import read_scenario
from crossflight.times import Instant
from figures import spread

SCENARIOS = ("iss-2022", "iss-2026")
LIMIT_S = 120.0

Draw = Callable[[Scenario, Plan, Random], Disruption]


def _flight(s: Scenario, plan: Plan, rng: Random, *, is_crewed: bool = False) -> Flight:
    """A flight that is launched within the first three years, not in the last weeks."""
    types = {t.name: t for t in s.vehicle_types}
    last = min(s.from_utc.plus_days(1100), s.to_utc.plus_days(-200))
    return rng.choice(
        [
            f
            for f in plan.flights
            if s.from_utc.plus_days(40) < f.launch_utc < last
            and (not is_crewed or (types[f.vehicle_type].is_crewed and f.kind == "rotation"))
        ]
    )


def _before(f: Flight, rng: Random) -> Instant:
    return f.launch_utc.plus_days(-rng.randint(5, 30))


def _until(at: Instant, rng: Random) -> Instant:
    return at.plus_days(rng.randint(40, 150))


def _abort(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    return Disruption("launch-abort", f.name, f.launch_utc, _until(f.launch_utc, rng))


def _slip(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng)
    return Disruption("slip", f.name, _before(f, rng), days=float(rng.randint(5, 60)))


def _grounded(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    at = _before(f, rng)
    return Disruption("fleet-grounded", f.vehicle_type, at, _until(at, rng))


def _pad(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng)
    at = _before(f, rng)
    return Disruption("pad-out", f.pad, at, _until(at, rng))


def _unusable(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    return Disruption("craft-unusable", f.craft, f.launch_utc.plus_days(rng.randint(20, 90)))


def _return(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    return Disruption("early-return", f.name, f.launch_utc.plus_days(rng.randint(20, 90)))


def _port(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng)
    at = _before(f, rng)
    return Disruption("port-closed", str(f.port), at, _until(at, rng))


def _person(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    at = f.launch_utc.plus_days(-rng.randint(60, 200))
    return Disruption("person-unavailable", rng.choice(f.crew_up), max(at, s.from_utc.plus_days(1)))


def _capsule(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    at = _before(f, rng)
    return Disruption("capsule-late", f.craft, at, f.launch_utc.plus_days(rng.randint(10, 60)))


def _left(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    return Disruption("agreement-left", s.agreements[0].name, _before(_flight(s, plan, rng), rng))


def _empty(s: Scenario, plan: Plan, rng: Random) -> Disruption:
    f = _flight(s, plan, rng, is_crewed=True)
    return Disruption("empty-seats", f.name, _before(f, rng), n_seats=1)


DRAWS: tuple[Draw, ...] = (
    _abort, _slip, _grounded, _pad, _unusable, _return, _port, _person, _capsule, _left, _empty,
)  # fmt: skip


def main() -> None:
    """Print a line for each repair, and the spread."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 22
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    walls, cpus, n_proven, n_none = [], [], 0, 0
    for name in SCENARIOS:
        scenario = with_opportunities(read_scenario(name))
        plan = planner.plan(scenario, seed=1).plan
        assert plan is not None
        rng = Random(f"{seed}-{name}")
        for i in range(n):
            told = DRAWS[i % len(DRAWS)](scenario, plan, rng)
            wall, cpu = time.perf_counter(), time.process_time()
            try:
                found = replanned(scenario, plan, [told], told.at_utc, time_limit_s=LIMIT_S, seed=1)
            except CrossflightError as error:
                print(f"{name} {told}: {error}", flush=True)
                n_none += 1
                continue
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            walls.append(wall)
            cpus.append(cpu)
            is_proven = found.proposed is not None and found.repaired.status == "optimal"
            n_proven += is_proven
            n_none += found.proposed is None
            said = (
                found.repaired.message if found.proposed is None else f"{len(found.change.changes)} changes"
            )
            print(f"{name} {told!s:52} {found.repaired.status:10} {cpu:5.1f} s  {said}", flush=True)
    print(f"{len(walls)} repairs, {n_proven} with every stage proven, {n_none} without a plan; median / p95:")
    print(f"  wall      {spread(walls)}")
    print(f"  processor {spread(cpus)}")


if __name__ == "__main__":
    main()
