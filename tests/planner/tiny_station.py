"""Tiny scenarios for the planner's tests: a few weeks, short lives, a handful of people.

The hours are such that the planning grain is exact.  The scenario begins and ends at 06:00, every
docking and undocking is at 06:00 (launch 12:00, ascent 18 h), a landing comes 8 h after undocking.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crossflight.model import (
    Agreement,
    AnnouncedFlight,
    Craft,
    DockedFlight,
    Flight,
    ForbiddenDays,
    IntegratedSeat,
    Launcher,
    Pad,
    Partner,
    Person,
    Port,
    Qualification,
    RuleSetting,
    Scenario,
    Segment,
    Site,
    Station,
    Tier,
    VehicleType,
)
from crossflight.rules import REGISTRY
from crossflight.times import Instant

DAY0 = Instant.of(2030, 1, 1)
PARTNERS = ("A", "B")
N_PEOPLE = 14

VALUES: dict[str, dict[str, float | str]] = {
    "operator_n1": {"binds_from_docking_of": ""},
    "seat_n1": {"n_without_nominal_max": 9},
    "handover": {"overlap_days_min": 2},
    "port_occupancy": {"gap_hours_min": 12},
    "docking_spacing": {"days_min": 1},
    "eva_day": {"clear_hours": 12},
    "ground_time": {"days_min": 0},
    "career_dose": {"msv_per_day": 0.5, "msv_max": 600},
}
SOFT = ("operator_n1", "segment_operator", "seat_n1", "handover", "seat_ledger")
TIERS = (
    Tier("waivers", {"waiver_price": 1}),
    Tier("cover", {"unattended_segment_days": 10, "operator_n1_segment_days": 1}),
    Tier("announced", {"days_moved": 1}),
    Tier("price", {"flight_price": 1, "crew_shortfall_days": 3}),
    Tier("comfort", {"handover_shortfall_days": 1, "ledger_imbalance": 2, "n_relocations": 1}),
)


def at(day: float, hour: float = 0.0) -> Instant:
    """An hour of a planning day."""
    return DAY0.plus_days(day).plus_s(hour * 3600)


def settings(
    severities: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, float | str]] | None = None,
    price_per_day: float = 1.0,
) -> dict[str, RuleSetting]:
    """Every rule hard or, where it is a wish, soft; changes by rule id."""
    ids = [module.RULE.id for module in REGISTRY]
    severity = {i: "soft" if i in SOFT else "hard" for i in ids} | dict(severities or {})
    told = VALUES | {k: dict(v) for k, v in (values or {}).items()}
    return {i: RuleSetting(severity[i], price_per_day, told.get(i, {})) for i in ids}  # type: ignore[arg-type]


def vehicle(name: str, provider: str, **changes: Any) -> VehicleType:
    """A small crewed craft that lives nine days."""
    base = VehicleType(
        name,
        provider,
        f"{name} rocket",
        "probe",
        n_seats_nominal=2,
        suit=name,
        is_reusable=False,
        on_orbit_life_days=9,
        ascent_hours=18,
        return_hours=8,
        docked_days_min=4,
        crew_patterns=({provider: 2},),
        price=10,
        launch_interval_days_min=4,
        plan_line=True,
        flight_name=f"{name}-{{n}}",
        flight_number=2,
    )
    return replace(base, **changes)


def people(segments: bool = True) -> tuple[Person, ...]:
    """People of both partners; each operates the partner's own segment and commands every craft."""
    return tuple(
        Person(
            f"{p} {i + 1}",
            p,
            (Qualification(p),) if segments else (),
            ("X", "Y"),
            is_unnamed=True,
        )
        for p in PARTNERS
        for i in range(N_PEOPLE)
    )


def docked(
    kind: VehicleType, launch: int, port: str, crew: tuple[str, ...], name: str = "", craft: str = ""
) -> DockedFlight:
    """A craft of a type already at the station."""
    name = name or f"{kind.name}-1"
    return DockedFlight(
        Flight(
            name,
            "rotation" if kind.is_crewed else "cargo",
            kind.name,
            craft or f"{kind.name} hull 1",
            f"{kind.name} pad",
            at(launch, 12),
            at(launch + 1, 6),
            port,
            crew_up=crew,
            crew_down=crew,
        )
    )


def announced(kind: VehicleType, name: str, launch: int, window: int, **changes: Any) -> AnnouncedFlight:
    """An announced rotation."""
    return replace(AnnouncedFlight(name, "rotation", kind.name, at(launch, 12), window), **changes)


def no_events(days: list[int], event: str, kind: str) -> tuple[ForbiddenDays, ...]:
    """Whole days without an event of a vehicle type."""
    return tuple(
        ForbiddenDays(at(d), at(d + 1), (event,), "test", (kind,))  # type: ignore[arg-type]
        for d in days
    )


def agreement(*seats: tuple[str, str], from_day: float = -100, to_day: float = 500) -> Agreement:
    """Seats (vehicle type, partner) exchanged."""
    return Agreement("exchange", at(from_day), at(to_day), tuple(IntegratedSeat(t, p) for t, p in seats))


def tiny(
    n_days: int, vehicle_types: tuple[VehicleType, ...], n_hulls: Mapping[str, int], **changes: Any
) -> Scenario:
    """A scenario of `n_days` days from 06:00 to 06:00; `n_hulls` craft of each type, hull 1 docked."""
    ports = changes.pop("ports", 3)
    segments = changes.pop("segments", ())
    station = Station(
        "Tiny",
        tuple(Port(f"port {i + 1}", "nadir", "probe") for i in range(ports))
        if isinstance(ports, int)
        else ports,
        n_crew_max=changes.pop("n_crew_max", 8),
        n_crew_nominal=changes.pop("n_crew_nominal", {"A": 2}),
        segments=tuple(Segment(s) for s in segments),
        evas=changes.pop("evas", ()),
    )
    base = Scenario(
        name="tiny",
        title="Tiny",
        known_utc=at(-1),
        from_utc=at(0, 6),
        to_utc=at(n_days, 6),
        station=station,
        partners=tuple(Partner(p, (p,)) for p in PARTNERS),
        sites=(Site("site", 40.0, 0.0),),
        pads=tuple(Pad(f"{t.name} pad", "site", 3) for t in vehicle_types),
        launchers=tuple(Launcher(t.launcher, (f"{t.name} pad",)) for t in vehicle_types),
        vehicle_types=vehicle_types,
        rules=settings(),
        objective=TIERS,
        craft=tuple(
            Craft(f"{t.name} hull {i + 1}", t.name) for t in vehicle_types for i in range(n_hulls[t.name])
        ),
        people=people(bool(segments)),
        life_left_days=1,
        digest="tiny",
    )
    return replace(base, **changes)
