"""How each craft comes home, in numbers: separation, deorbit burn, entry, parachutes.

Facts of the craft or of its published descent timeline, or assumed and marked so; none was fitted to a flown
landing.  `descent` has what flown landings have in common; nothing here is taken from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1, radians, sqrt
from typing import Final

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.nodes import mean_motion_rad_s
from crossflight.errors import UsageError
from crossflight.flight.craft import Craft
from crossflight.flight.parachute import Parachutes
from crossflight.flight.us_standard_1976 import G0_M_S2


@dataclass(frozen=True, slots=True)
class SmallBurn:
    """A small change of velocity after undocking: radial, along-track, cross-track."""

    name: str
    after_undocking_s: float
    dv_rtn_m_s: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ReturnProfile:
    """The way home of one craft.

    Attributes
    ----------
    departure
        What takes the craft off the station.
    deorbit_dv_m_s, deorbit_perigee_m
        Size of the deorbit burn, or the perigee it aims for; one of them.
    module_height_m
        Where the modules separate after the burn; None where they are dropped before it.
    modules_before_s
        How long before the burn they are dropped otherwise.
    wait_s
        The earliest landing after undocking.
    longest_s
        How long after undocking a landing is looked for.
    is_southbound
        Whether it comes down on southbound arcs too.
    reach_m
        How far beside its track a zone may lie.
    is_phasing
        Whether it leaves for an orbit of its own to meet its zone; `phasing_dv_m_s` bounds what that costs.
    bank_rad
        The bank angle of the reference entry: it divides the lift between range and sides.
    load_limit_g, ballistic_limit_g
        The greatest load of a lifting and of a ballistic entry.
    ground_height_m
        Of the landing places over the sea.
    """

    name: str
    vehicles: tuple[str, ...]
    departure: tuple[SmallBurn, ...]
    deorbit_dv_m_s: float | None
    deorbit_perigee_m: float | None
    module_height_m: float | None
    modules_before_s: float
    wait_s: float
    longest_s: float
    is_southbound: bool
    reach_m: float
    is_phasing: bool
    phasing_dv_m_s: float
    bank_rad: float
    load_limit_g: float
    ballistic_limit_g: float
    ground_height_m: float
    parachutes: Parachutes
    source: str


PROFILES: Final[tuple[ReturnProfile, ...]] = (
    ReturnProfile(
        "soyuz-ms",
        ("soyuz-ms",),
        # The push and the size of the burn are published (MS-11); their directions are [assumed].
        departure=(
            SmallBurn("undocking", 0.0, (-0.12, 0.0, 0.0)),
            SmallBurn("separation", 180.0, (0.0, -0.53, 0.0)),
        ),
        deorbit_dv_m_s=128.0,
        deorbit_perigee_m=None,
        module_height_m=139_900.0,
        modules_before_s=0.0,
        wait_s=2.5 * 3600,
        longest_s=26 * 3600.0,
        is_southbound=False,
        reach_m=150_000.0,  # [assumed]
        is_phasing=False,
        phasing_dv_m_s=0.0,
        bank_rad=radians(55.0),  # [assumed] leaves range both ways
        load_limit_g=8.0,  # [assumed]
        ballistic_limit_g=12.0,  # [assumed]
        ground_height_m=350.0,  # the steppe about Zhezkazgan, public maps
        parachutes=Parachutes(
            10_800.0, 8500.0, 80.0, 7.2,
            "MS-11 timeline: chutes commanded at 10.8 km, drogue to 80 m/s, main 7.2 m/s; main parachute "
            "open at 8.5 km [assumed]",
        ),
        source="MS-11 descent timeline of the Canadian Space Agency: push 0.12 m/s, separation burn 0.53 m/s "
        "3 min later, deorbit burn 128 m/s, modules apart at 139.9 km, 4 to 5 g",
    ),
    ReturnProfile(
        "crew-dragon",
        ("crew-dragon",),
        departure=(
            SmallBurn("undocking", 0.0, (0.0, 0.1, 0.0)),  # [assumed]
            SmallBurn("departure", 300.0, (0.3, 0.2, 0.0)),  # [assumed]
        ),
        deorbit_dv_m_s=None,
        deorbit_perigee_m=20_000.0,  # [assumed]
        module_height_m=None,
        modules_before_s=600.0,  # [assumed]
        wait_s=4.0 * 3600,  # [assumed]
        longest_s=40 * 3600.0,
        is_southbound=True,
        reach_m=60_000.0,
        is_phasing=True,
        phasing_dv_m_s=95.0,  # [assumed] about 170 km lower
        bank_rad=radians(55.0),  # [assumed]
        load_limit_g=7.0,  # [assumed]
        ballistic_limit_g=12.0,  # [assumed]
        ground_height_m=0.0,
        parachutes=Parachutes(
            5500.0, 1830.0, 53.0, 7.0,
            "drogues at 18 000 ft, mains at 6000 ft and 119 mph, splashdown at 7 m/s (NASA press kits)",
        ),
        source="trunk dropped before the deorbit burn; sizes [assumed] where marked",
    ),
)  # fmt: skip


def deorbit_kg(craft: Craft, mass_kg: float, axis_m: float) -> float:
    """Propellant of a deorbit burn from a circle; 0 for a craft whose way home is not known.

    Parameters
    ----------
    mass_kg
        Of the whole craft; the burn is that of the capsule where the modules are dropped before.
    """
    profile = next((p for p in PROFILES if craft.vehicles[0] in p.vehicles), None)
    if profile is None or craft.entry is None:
        return 0.0
    dv_m_s = profile.deorbit_dv_m_s
    if dv_m_s is None:
        assert profile.deorbit_perigee_m is not None
        low_m = RADIUS_M + profile.deorbit_perigee_m
        dv_m_s = axis_m * mean_motion_rad_s(axis_m) * (1 - sqrt(2 * low_m / (axis_m + low_m)))
    burning_kg = mass_kg if profile.module_height_m is not None else craft.entry.mass_kg
    return burning_kg * -expm1(-dv_m_s / (craft.main.specific_impulse_s * G0_M_S2))


def return_profile(vehicle: str) -> ReturnProfile:
    """The way home of a vehicle type.

    Raises
    ------
    UsageError
        If none is known.
    """
    for profile in PROFILES:
        if vehicle in profile.vehicles:
            return profile
    known = ", ".join(v for p in PROFILES for v in p.vehicles)
    raise UsageError(f"there is no way home for vehicle {vehicle!r}", hint=f"known: {known}")
