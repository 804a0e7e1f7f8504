"""Craft as they fly: masses, engines, shapes; each number with its source or marked assumed.

These are facts of the vehicles, not of any flight, and nothing here was fitted to a flown time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crossflight.errors import UsageError


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine (or a set of thrusters that fire together)."""

    thrust_n: float
    specific_impulse_s: float
    source: str


@dataclass(frozen=True, slots=True)
class EntryBody:
    """What comes down: a capsule at its trim angle, and its parachute.

    `lift_to_drag` is that of controlled entry; ballistic entry rolls it away.  `chute_height_m` is where the
    parachute opens, `descent_m_s` the speed under it at the ground.
    """

    mass_kg: float
    area_m2: float
    drag_coefficient: float
    lift_to_drag: float
    chute_height_m: float
    descent_m_s: float
    source: str


@dataclass(frozen=True, slots=True)
class Craft:
    """A visiting craft.

    Attributes
    ----------
    mass_kg
        At insertion, propellant included.
    propellant_kg
        Usable at insertion.
    main, thrusters
        The engine of large burns, and what flies the last kilometres.
    drag_area_m2, drag_coefficient
        In free flight.
    docking
        `probe-drogue` or `idss`.
    """

    name: str
    vehicles: tuple[str, ...]
    mass_kg: float
    propellant_kg: float
    main: Engine
    thrusters: Engine
    drag_area_m2: float
    drag_coefficient: float
    docking: str
    entry: EntryBody | None
    source: str

    @property
    def ballistic_m2_kg(self) -> float:
        """Drag area times coefficient by mass at insertion."""
        return self.drag_area_m2 * self.drag_coefficient / self.mass_kg


CRAFT: Final[tuple[Craft, ...]] = (
    Craft(
        "soyuz-ms",
        ("soyuz-ms",),
        mass_kg=7080.0,
        propellant_kg=800.0,
        main=Engine(2942.0, 302.0, "KTDU-80 main engine S5.80, 300 kgf, 302 s (public data sheets)"),
        thrusters=Engine(4 * 130.0, 290.0, "DPO-B, 13.3 kgf each, four along an axis [impulse assumed]"),
        drag_area_m2=12.0,  # [assumed] cylinder 2.72 x 7.5 m with arrays, mean of attitudes
        drag_coefficient=2.2,  # [assumed] free molecular flow
        docking="probe-drogue",
        entry=EntryBody(
            2900.0, 3.80, 1.28, 0.26, 10_700.0, 7.2,
            "descent module 2.2 m, 2900 kg; L/D 0.2 to 0.3; main parachute from 10.7 km, soft landing 7 m/s; "
            "drag coefficient [assumed]",
        ),
        source="Soyuz MS: 7080 kg, 800 kg of propellant (public fact sheets)",
    ),
    Craft(
        "crew-dragon",
        ("crew-dragon",),
        mass_kg=12_500.0,
        propellant_kg=1388.0,
        main=Engine(4 * 400.0, 300.0, "four Draco of 400 N, 300 s (public data)"),
        thrusters=Engine(2 * 400.0, 300.0, "two Draco along an axis [assumed]"),
        drag_area_m2=16.0,  # [assumed] 4 m circle and trunk, mean of attitudes
        drag_coefficient=2.2,
        docking="idss",
        entry=EntryBody(
            9600.0, 12.6, 1.3, 0.18, 5500.0, 7.0,
            "capsule 4 m, 9.6 t at entry; drogues at 5.5 km, mains at 1.8 km, 7 m/s; L/D and drag [assumed]",
        ),
        source="Crew Dragon: 12.5 t at launch, 1388 kg of propellant (public fact sheets)",
    ),
    Craft(
        "starliner",
        ("starliner",),
        mass_kg=13_000.0,
        propellant_kg=1000.0,
        main=Engine(2 * 6672.0, 300.0, "two OMAC of 1500 lbf (public data)"),
        thrusters=Engine(4 * 445.0, 280.0, "four RCS of 100 lbf [assumed]"),
        drag_area_m2=17.0,
        drag_coefficient=2.2,
        docking="idss",
        entry=None,
        source="Starliner: 13 t at launch (public fact sheets); propellant [assumed]",
    ),
    Craft(
        "apollo-csm",
        ("apollo-csm",),
        mass_kg=14_910.0,
        propellant_kg=1200.0,
        main=Engine(91_200.0, 314.0, "service propulsion system, 91.2 kN, 314 s"),
        thrusters=Engine(4 * 445.0, 280.0, "four RCS engines of 100 lbf"),
        drag_area_m2=12.0,
        drag_coefficient=2.2,
        docking="apas-75",
        entry=None,
        source="Apollo CSM-111 12 904 kg and docking module 2006 kg (SP-4012); propellant, area [assumed]",
    ),
)  # fmt: skip


def craft_of(vehicle: str) -> Craft:
    """The craft of a vehicle type.

    Raises
    ------
    UsageError
        If none is known.
    """
    for craft in CRAFT:
        if vehicle in craft.vehicles:
            return craft
    names = ", ".join(sorted({v for c in CRAFT for v in c.vehicles}))
    raise UsageError(f"there is no craft for vehicle {vehicle!r}", hint=f"known: {names}")
