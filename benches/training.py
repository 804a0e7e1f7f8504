"""Seats and courses for many people over ten years, on a regular traffic: part of ``make bench``.

Measured is what the planner does once the flights are decided: the people stage and the training
stage together.  Every solution is judged by the checker's rules about people before it counts.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

from crossflight.model import Flight, Plan, Scenario
from crossflight.planner.people import CrewFlight, Crews
from crossflight.planner.seating import crews_of
from crossflight.planner.solve import Budget
from crossflight.rules import check
from crossflight.scenario.synthetic import synthetic
from crossflight.scenario.synthetic_training import with_training

RULES = ("training", "backup_crew", "ground_time", "availability", "one_place", "crew_qualification")
_STEP_DAYS = 175.0
_OVERLAP_DAYS = 6.0


def regular_traffic(scenario: Scenario) -> list[CrewFlight]:
    """Docked and announced flights, then one of each crewed line every 175 days."""
    flights = []
    crewed = [t for t in scenario.vehicle_types if t.is_crewed and t.crew_patterns]
    agencies = {p.name: p.agency for p in scenario.people}
    for kind in crewed:
        line: list[tuple[str, tuple[str, ...], float, bool]] = []
        for d in scenario.docked:
            if d.flight.vehicle_type == kind.name:
                launch = d.flight.launch_utc.days_since(scenario.from_utc)
                line.append((d.flight.name, d.flight.crew_up, launch, True))
        line += [
            (a.name, a.crew, a.launch_utc.days_since(scenario.from_utc), False)
            for a in scenario.announced
            if a.vehicle_type == kind.name and a.kind == "rotation"
        ]
        n_days = scenario.to_utc.days_since(scenario.from_utc)
        first = max(x[2] for x in line) + _STEP_DAYS
        while first < n_days - 2:
            line.append((f"{kind.name} {len(line) + 1}", (), first, False))
            first += _STEP_DAYS
        for i, (name, crew, launch, is_docked) in enumerate(line):
            last = i + 1 == len(line)
            landing = n_days if last else min(n_days, line[i + 1][2] + _OVERLAP_DAYS)
            up = dict(next(p for p in kind.crew_patterns if len(p) > 1 or len(kind.crew_patterns) == 1))
            if len(crew) == sum(up.values()):
                up = {}
                for person in crew:
                    partner = scenario.partner_of_agency(agencies[person])
                    assert partner is not None
                    up[partner] = up.get(partner, 0) + 1
            flights.append(
                CrewFlight(
                    name=name,
                    vehicle_type=kind.name,
                    launch_utc=scenario.from_utc.plus_days(launch),
                    landing_utc=scenario.from_utc.plus_days(landing),
                    latest_landing_utc=scenario.from_utc.plus_days(landing),
                    up=up,
                    stays={},
                    names=crew,
                    successor=None,
                    is_docked_at_start=is_docked,
                    is_crew_complete=len(crew) == sum(up.values()),
                )
            )
    return flights


def as_plan(scenario: Scenario, flights: list[CrewFlight], crews: Crews) -> Plan:
    """Flights without ports and pads: enough for the rules about people."""
    shown = []
    for f in flights:
        undock = None if f.landing_utc >= scenario.to_utc else f.landing_utc.plus_days(-0.5)
        shown.append(
            Flight(
                f.name,
                "rotation",
                f.vehicle_type,
                f.name,
                "",
                f.launch_utc,
                f.launch_utc.plus_days(1),
                None,
                (),
                undock,
                f.landing_utc if undock else None,
                crews.up[f.name],
                crews.up[f.name],
                crews.backup.get(f.name, ()),
            )
        )
    return Plan(scenario.name, scenario.digest, tuple(shown), training=crews.training)


def measure(years: float, n_people: int, seed: int, workers: int) -> dict[str, Any]:
    """Status, wall seconds and size of one instance; raises where the checker refuses the crews."""
    scenario = with_training(synthetic(years, 2, seed), n_people, seed)
    flights = regular_traffic(scenario)
    began = time.perf_counter()
    budget = Budget(120.0, workers, 1, time.monotonic())
    crews, stages = crews_of(scenario, flights, budget, lambda *_: None, 5.0)
    wall_s = time.perf_counter() - began
    if crews is not None:
        found = check(scenario, as_plan(scenario, flights, crews))
        refused = [v.message for v in found if v.rule in RULES and v.is_failure]
        assert not refused, refused[:3]
    return {
        "status": "/".join(f"{s.name} {s.status} {s.wall_s:.1f} s" for s in stages),
        "wall_s": wall_s,
        "n_people": n_people,
        "n_flights": len(flights),
        "n_places": None if crews is None else len(crews.training),
    }


def main() -> None:
    """Print one line an instance and the percentiles."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=10)
    parser.add_argument("--people", type=int, default=80)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    times = []
    for seed in range(1, options.seeds + 1):
        found = measure(options.years, options.people, seed, options.workers)
        times.append(found["wall_s"])
        print(
            f"{options.people} people, {options.years:g} years, seed {seed}: {found['wall_s']:.1f} s "
            f"({found['status']}; {found['n_flights']} flights, {found['n_places']} places in courses)"
        )
    times.sort()
    p95 = times[min(len(times) - 1, round(0.95 * len(times)))]
    print(f"people and training: p50 {times[len(times) // 2]:.1f} s   p95 {p95:.1f} s   (n={len(times)})")


if __name__ == "__main__":
    main()
