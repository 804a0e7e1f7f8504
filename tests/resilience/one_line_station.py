"""A station small enough to work out by hand: craft of one type, one pad, one segment, whole days.

Each craft is docked on the day it is launched, stays until the next has been there for two days, and may stay
40 days at most.  So flight k docks on day 30 k and leaves on day 30 k + 32.
"""

from __future__ import annotations

from dataclasses import replace

from crossflight.model import (
    Craft,
    Flight,
    Launcher,
    Pad,
    Partner,
    Person,
    Plan,
    Port,
    Qualification,
    RuleSetting,
    Scenario,
    Segment,
    Site,
    Station,
    VehicleType,
)
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.rules import REGISTRY
from crossflight.times import Instant

DAY0 = Instant.of(2030, 1, 1)
EVERY, OVERLAP, LIFE, N_DAYS = 30, 2, 40, 120
VALUES: dict[str, dict[str, float | str]] = {
    "handover": {"overlap_days_min": 5.0},
    "docking_spacing": {"days_min": 1.0},
    "seat_n1": {"n_without_nominal_max": 9.0},
}
KIND = VehicleType(
    "Ferry", "A", "Rocket", "ring", n_seats_nominal=2, suit="blue", is_autonomous=True,
    on_orbit_life_days=36.0, life_waiver_days=4.0, return_hours=0.0, ascent_hours=0.0,
)  # fmt: skip


def day(n: float) -> Instant:
    return DAY0.plus_days(n)


def station(n_flights: int = 4) -> tuple[Scenario, Plan]:
    """Flights F0 (docked when the scenario begins), F1, ...; the last is there at the end."""
    names = [f"F{k}" for k in range(n_flights)]
    crews = {name: (f"{name} a", f"{name} b") for name in names}
    scenario = Scenario(
        name="one line",
        title="One line",
        known_utc=DAY0,
        from_utc=DAY0,
        to_utc=day(N_DAYS),
        station=Station(
            "Small",
            (Port("near", "nadir", "ring"), Port("far", "zenith", "ring")),
            n_crew_max=9,
            segments=(Segment("Only"),),
        ),
        partners=(Partner("A", ("A",)),),
        sites=(Site("Field", 10.0, 20.0),),
        pads=(Pad("pad", "Field", 1.0),),
        launchers=(Launcher("Rocket", ("pad",)),),
        vehicle_types=(KIND,),
        rules={m.RULE.id: RuleSetting("off", 1.0, VALUES.get(m.RULE.id, {})) for m in REGISTRY},
        craft=tuple(Craft(name, "Ferry") for name in names),
        people=tuple(Person(p, "A", (Qualification("Only"),)) for crew in crews.values() for p in crew),
    )
    flights = []
    for k, name in enumerate(names):
        up = day(EVERY * k) if k else day(-1)
        undock = day(EVERY * (k + 1) + OVERLAP) if k + 1 < n_flights else None
        flights.append(
            Flight(
                name, "rotation", "Ferry", name, "pad", up, up, ("near", "far")[k % 2], (),
                undock, undock, crews[name], crews[name],
            )
        )  # fmt: skip
    return scenario, Plan(scenario.name, scenario.digest, tuple(flights))


def traffic(n_flights: int = 4) -> Traffic:
    return traffic_of(*station(n_flights))


def with_rules(scenario: Scenario, **severities: str) -> Scenario:
    rules = {
        name: replace(r, severity=severities.get(name, r.severity)) for name, r in scenario.rules.items()
    }
    return replace(scenario, rules=rules)
