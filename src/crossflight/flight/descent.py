"""Descents: how each craft comes home, by what the flown landings have in common.

Two kinds.  Soyuz leaves the station and lands within hours on the orbit it has: the station must be in
one place along its orbit at touchdown, so landing times are few and sharp.  Dragon and Starliner wait in
an orbit of their own until their zone passes through the plane: their landing times follow the plane alone.
In both the place has left the plane when the craft touches down: capsule and air turned with the Earth
since entry.  ``crossflight validate`` measures the constants on the flown record; a test holds them to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import radians
from typing import Final

from crossflight.errors import UsageError
from crossflight.flight.zones import GROUPS


@dataclass(frozen=True, slots=True)
class Descent:
    """How one vehicle type comes home.

    Attributes
    ----------
    lead_rad, lead_sigma_rad
        By how much the station leads the landing place along its orbit at touchdown; None where the craft
        waits for its zone in an orbit of its own.
    after_plane_s, after_plane_sigma_s
        Touchdown after the place was in the plane: mean and scatter.
    after_plane_from_s, after_plane_to_s
        Between these a landing is possible.
    is_southbound
        Whether it lands on southbound passes too.
    undock_before_s
        Undocking before touchdown, at the latest.
    deorbit_before_s
        Begin of the deorbit burn before touchdown.
    gain_rad_s
        How fast a waiting craft can gain on the station; 0 where it does not wait.
    entry_lead_rad
        The station's lead at touchdown if the craft had gained nothing.
    """

    name: str
    vehicles: tuple[str, ...]
    zones: tuple[str, ...]
    lead_rad: float | None
    lead_sigma_rad: float
    after_plane_s: float
    after_plane_sigma_s: float
    after_plane_from_s: float
    after_plane_to_s: float
    is_southbound: bool
    undock_before_s: float
    deorbit_before_s: float
    gain_rad_s: float
    entry_lead_rad: float
    n_flown: int
    source: str


DESCENTS: Final[tuple[Descent, ...]] = (
    Descent(
        "soyuz-ms", ("soyuz-ms",), ("kazakhstan",), radians(58.8), radians(1.4), 1216.0, 213.0, 600.0, 1740.0,
        False, 12160.0, 54 * 60.0, 0.0, radians(58.8), 11,
        "flown, docs/validation.md; deorbit burn 54 min before touchdown assumed from MS-21's timeline",
    ),
    Descent(
        "crew-dragon", ("crew-dragon",), (*GROUPS["florida"], *GROUPS["california"]),
        None, 0.0, 407.0, 74.0, 240.0, 600.0,
        True, 4.8 * 3600, 52 * 60.0, radians(7.1) / 3600, radians(22.0), 13,
        "flown, docs/validation.md; deorbit burn 52 min before splashdown assumed",
    ),
    Descent(
        "starliner", ("starliner",), ("white-sands",), None, 0.0, 190.0, 120.0, 60.0, 540.0,
        True, 5.9 * 3600, 44 * 60.0, radians(7.1) / 3600, radians(28.0), 1,
        "one landing, CFT; deorbit burn 44 min before touchdown assumed",
    ),
)  # fmt: skip


def descent_of(vehicle: str) -> Descent:
    """The descent of a vehicle type.

    Raises
    ------
    UsageError
        If none is known.
    """
    for descent in DESCENTS:
        if vehicle in descent.vehicles:
            return descent
    names = ", ".join(sorted({v for d in DESCENTS for v in d.vehicles}))
    raise UsageError(f"the return of vehicle {vehicle!r} is not modelled", hint=f"modelled: {names}")


def descent_named(name: str) -> Descent:
    """The descent of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    for descent in DESCENTS:
        if descent.name == name:
            return descent
    raise UsageError(f"there is no descent {name!r}", hint=f"known: {', '.join(d.name for d in DESCENTS)}")
