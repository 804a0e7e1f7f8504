"""The vehicle types of made-up stations: those of iss-2022 with prices, lives and turnarounds drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Final

from crossflight.model import VehicleType

# Crews of a usual rotation for one, two and three partners; the first of a crew commands.
_CREWS: Final[Mapping[str, tuple[Mapping[str, int], ...]]] = {
    "capsule": ({"USOS": 4}, {"USOS": 3, "RS": 1}, {"USOS": 3, "RS": 1}),
    "soyuz": ({"RS": 2, "USOS": 1},) * 3,
    "shuttle": ({"Annex": 2, "USOS": 1},) * 3,
}


def usual_crews(n_providers: int) -> dict[str, Mapping[str, int]]:
    """Seats per partner of a usual rotation, per crewed type."""
    return {kind: crews[n_providers - 1] for kind, crews in list(_CREWS.items())[:n_providers]}


def vehicle_types(draw: Random, n_providers: int) -> Iterator[VehicleType]:
    """Crewed types first; a partner more adds a type more."""
    crews = usual_crews(n_providers)
    n_nominal = sum(n for crew in crews.values() for n in crew.values())

    def price(usual: int) -> float:
        return float(round(usual * draw.uniform(0.85, 1.15)))

    annex_ports = ("Annex forward", "Annex nadir")
    other_crew = ({"USOS": 2, "RS": 1, "Annex": 1},) if n_providers == 3 else ({"USOS": 4},)
    capsule = VehicleType(
        "capsule",
        "USOS",
        "cape-rocket",
        "idss",
        ports=("Node forward", "Node zenith"),
        n_seats_nominal=4,
        n_seats_contingency=1,
        suit="capsule",
        is_autonomous=True,
        is_reusable=True,
        turnaround_days=float(draw.randint(130, 170)),
        on_orbit_life_days=float(draw.randint(205, 215)),
        life_waiver_days=30.0,
        ascent_hours=24.0,
        return_hours=18.0,
        docked_days_min=140.0,
        crew_patterns=(crews["capsule"], *(other_crew if n_providers > 1 else ())),
        price=price(240),
        launch_interval_days_min=150.0,
        plan_line=True,
        flight_name="Capsule-{n}",
        flight_number=2,
    )
    yield capsule
    if n_providers >= 2:
        yield VehicleType(
            "soyuz",
            "RS",
            "steppe-rocket",
            "probe-drogue",
            ports=("Service zenith", "Service nadir", "Hub nadir"),
            n_seats_nominal=3,
            suit="soyuz",
            is_autonomous=True,
            on_orbit_life_days=float(draw.randint(195, 205)),
            life_waiver_days=15.0,
            ascent_hours=3.2,
            return_hours=3.4,
            docked_days_min=140.0,
            crew_patterns=(crews["soyuz"], {"RS": 3}),
            n_long_stays_max=1,
            price=price(180),
            launch_interval_days_min=150.0,
            plan_line=True,
            flight_name="Soyuz-{n}",
            flight_number=2,
        )
    if n_providers == 3:
        yield replace(
            capsule,
            name="shuttle",
            provider="Annex",
            launcher="shuttle-rocket",
            ports=annex_ports,
            n_seats_nominal=3,
            n_seats_contingency=0,
            suit="shuttle",
            turnaround_days=float(draw.randint(160, 200)),
            life_waiver_days=20.0,
            crew_patterns=(crews["shuttle"], {"Annex": 3}),
            price=price(220),
            flight_name="Shuttle-{n}",
        )
        capsule_ports: tuple[str, ...] = ("Node forward", "Node zenith", *annex_ports)
    else:
        capsule_ports = ("Node forward", "Node zenith")
    if n_providers >= 2:
        yield VehicleType(
            "progress",
            "RS",
            "steppe-rocket",
            "probe-drogue",
            ports=("Service zenith", "Service aft"),
            is_autonomous=True,
            ascent_hours=50.0,
            return_hours=4.0,
            docked_days_min=60.0,
            docked_days_max=260.0,
            price=price(80),
            upmass_kg={"supplies": 1300.0, "propellant": 950.0},
            launch_interval_days_min=40.0,
            plan_line=True,
            flight_name="Progress-{n}",
            flight_number=2,
        )
    yield VehicleType(
        "cargo-capsule",
        "USOS",
        "cape-rocket",
        "idss",
        ports=capsule_ports,
        is_autonomous=True,
        is_reusable=True,
        turnaround_days=float(draw.randint(130, 170)),
        ascent_hours=38.6,
        return_hours=36.0,
        docked_days_min=25.0,
        docked_days_max=45.0,
        price=price(150),
        upmass_kg={"supplies": 2800.0},
        launch_interval_days_min=60.0,
        plan_line=True,
        flight_name="Supply-{n}",
    )
    yield VehicleType(
        "cygnus",
        "USOS",
        "island-rocket",
        "cbm",
        ports=("Node nadir", "Lab nadir"),
        is_autonomous=True,
        ascent_hours=42.5,
        return_hours=24.0,
        docked_days_min=60.0,
        docked_days_max=120.0,
        price=price(160),
        upmass_kg={"supplies": 3300.0},
        launch_interval_days_min=float(round(182 * min(1.0, 7 / n_nominal))),
        plan_line=True,
        flight_name="Cygnus-{n}",
        flight_number=2,
    )
