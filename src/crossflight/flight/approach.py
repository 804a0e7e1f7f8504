"""Approaches as they are flown: a sequence of stages from the arrival to contact, for every port.

Speeds, not times, are what a profile says; where a time stands it is one a controller or a revolution sets.
No number was fitted to the flights the figures are scored on (Crew-1's schedule, Soyuz MS-03's ranges).

Soyuz.  From other flights than MS-03, as reported while they flew:
Progress MS-03 (Pirs, July 2016) from 4 to 2 km in 8 min, 2.35 m/s at 700 m, fly-around from 379 m to
224 m in 4 min, 0.15 m/s from 30 m on; Soyuz TMA-19 (Zvezda, June 2010) 1.7 m/s at 400 m; Soyuz MS-02
(Poisk, October 2016) fly-around ended at 255 m 16 min before contact, 200 m reached 4 min later, 3 min
until the final approach began, 9 min from there.
Hence closing speed = range / 267 s (700 / 2.35 = 298, 400 / 1.7 = 235, their mean), at most 4.2 m/s.

Dragon.  Half a revolution from approach initiation to waypoint 0 (the transfer of least delta-v between
two coplanar orbits), a fly-around to waypoint 1 at the orbit's own rate (the craft keeps pointing with the
local frame at nearly no delta-v), closing so that contact is never less than 5 min away [assumed], a
hold of 5 min at 20 m to poll for the docking [assumed], contact in the middle of the IDSS box.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError
from crossflight.flight.craft import Craft
from crossflight.flight.ports import DockingPort


@dataclass(frozen=True, slots=True)
class Hop:
    """Two impulses: leave now, stop at `to_m` (LVLH, metres) after `revolutions`; re-aimed at `re_aim`."""

    name: str
    to_m: tuple[float, float, float]
    revolutions: float
    re_aim: tuple[float, ...] = ()
    event: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """Straight for the station: speed range / `tau_s`, `speed_max_m_s` at most, until `to_range_m`."""

    name: str
    to_range_m: float
    tau_s: float
    speed_max_m_s: float
    event: str = ""


@dataclass(frozen=True, slots=True)
class FlyAround:
    """Along a great circle about the station to `to_m`, its radius narrowing from `from_range_m`.

    `rate_rad_s` None is the orbit's own rate.
    """

    name: str
    to_m: tuple[float, float, float]
    from_range_m: float
    rate_rad_s: float | None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """Stay at a distance along the port's axis."""

    name: str
    distance_m: float
    duration_s: float
    event: str = ""


@dataclass(frozen=True, slots=True)
class Glide:
    """Along the port's axis to a distance from it: speed distance / `tau_s` between two bounds.

    To distance 0 it ends in contact.
    """

    name: str
    to_m: float
    tau_s: float
    speed_min_m_s: float
    speed_max_m_s: float
    event: str = ""


Stage = Hop | Close | FlyAround | Hold | Glide


@dataclass(frozen=True, slots=True)
class Approach:
    """A profile for one craft and port.

    Attributes
    ----------
    nose_m
        From the craft's centre of mass to its docking interface.
    is_passively_safe
        Whether the profile keeps free-drift safety until the last hold (Soyuz does not: it comes straight,
        covered by an active abort from the beginning [assumed]).
    reserve_s
        By how much published schedules have contact later than it is flown.
    """

    name: str
    stages: tuple[Stage, ...]
    nose_m: float
    is_passively_safe: bool
    reserve_s: float


# Distances of the craft's centre of mass along the axis are those of its nose plus this [assumed].
_NOSE_M: Final = {"probe-drogue": 4.0, "idss": 3.5, "apas-75": 7.0}
_SOYUZ_TAU_S: Final = 267.0
_SOYUZ_CLOSING_MAX_M_S: Final = 4.2
_SOYUZ_FINAL_TAU_S: Final = (
    200.0  # 0.15 m/s from 30 m on, as Progress MS-03; MS-02 took 2 min for 200 to 100 m
)
_SOYUZ_CONTACT_M_S: Final = 0.15
_SOYUZ_AROUND_RAD_S: Final = float(np.pi / 2 / 240.0)
# TMA-19 and TMA-02M both docked four minutes ahead of the published time.
_SOYUZ_RESERVE_S: Final = 240.0
_DRAGON_TAU_S: Final = 300.0
_DRAGON_CONTACT_M_S: Final = 0.075
_DRAGON_AHEAD_M: Final = 220.0
_DRAGON_BELOW_M: Final = 400.0


def approach_of(craft: Craft, port: DockingPort) -> Approach:
    """The profile a craft flies to a port.

    Raises
    ------
    UsageError
        If its docking system does not fit the port.
    """
    if craft.docking != port.system:
        raise UsageError(
            f"{craft.name} docks by {craft.docking} and cannot dock at {port.name}, which takes {port.system}"
        )
    return _dragon(port) if is_passively_safe(craft) else _soyuz(craft, port)


def is_passively_safe(craft: Craft) -> bool:
    """Whether a craft comes so that falling silent is safe until late; Soyuz relies on an active abort."""
    return craft.docking == "idss"


def _soyuz(craft: Craft, port: DockingPort) -> Approach:
    """Straight in, around, and along the axis; Apollo flew to Soyuz 19 much the same way [assumed]."""
    nose = _NOSE_M[craft.docking]
    gate = 255.0
    stages: tuple[Stage, ...] = (
        Close("closing", 350.0, _SOYUZ_TAU_S, _SOYUZ_CLOSING_MAX_M_S, event="approach"),
        FlyAround("fly-around", _triple(port, gate + nose), 300.0, _SOYUZ_AROUND_RAD_S, event="fly-around"),
        # 255 to 200 m in four minutes, as MS-02.
        Glide("to-station-keeping", 200.0, 1e4, 55.0 / 240.0, 55.0 / 240.0, event="fly-around-end"),
        Hold("station-keeping", 200.0, 180.0, event="station-keeping"),
        Glide("final-approach", 0.0, _SOYUZ_FINAL_TAU_S, _SOYUZ_CONTACT_M_S, 1.0, event="final-approach"),
    )
    return Approach(craft.name, stages, nose, is_passively_safe=False, reserve_s=_SOYUZ_RESERVE_S)


def _dragon(port: DockingPort) -> Approach:
    nose = _NOSE_M["idss"]
    ahead = (_DRAGON_AHEAD_M + 17.7 + nose, 0.0, 1.3)  # ahead of Harmony, whichever its port
    stages: list[Stage] = [
        Hop(
            "approach-initiation", (0.0, 0.0, _DRAGON_BELOW_M), 0.5, (0.25, 0.4), event="approach-initiation"
        ),
        FlyAround("to-waypoint-1", ahead, _DRAGON_BELOW_M, None, event="waypoint-0"),
    ]
    if port.axis[0] < 0.5:
        above = _triple(port, _DRAGON_AHEAD_M + nose)
        stages.append(FlyAround("to-axis", above, _DRAGON_AHEAD_M + 25.0, None, event="waypoint-1"))
    stages += [
        Hold("waypoint-1", _DRAGON_AHEAD_M, 60.0, event="waypoint-1" if port.axis[0] > 0.5 else "on-axis"),
        Glide("to-waypoint-2", 20.0, _DRAGON_TAU_S, 0.0, 1.0, event="corridor"),
        Hold("waypoint-2", 20.0, 300.0, event="waypoint-2"),
        Glide("final-approach", 0.0, _DRAGON_TAU_S, _DRAGON_CONTACT_M_S, 1.0, event="final-approach"),
    ]
    return Approach("dragon", tuple(stages), nose, is_passively_safe=True, reserve_s=0.0)


def _triple(port: DockingPort, distance_m: float) -> tuple[float, float, float]:
    x, y, z = port.place_m(distance_m)
    return float(x), float(y), float(z)


def usual_arrival(approach: Approach, rate_rad_s: float) -> NDArray[np.float64]:
    """A relative state (6,), LVLH, from which the profile is usually begun [assumed].

    Dragon: on a co-elliptic orbit 2.5 km below, where half a revolution leads to waypoint 0, 7.3 km away.
    Soyuz: 2.8 km away, behind and below, closing at the profile's greatest speed.
    """
    if approach.name == "dragon":
        below = 2500.0
        behind = -0.75 * np.pi * (below + _DRAGON_BELOW_M)
        return np.array([behind, 0.0, below, 1.5 * rate_rad_s * below, 0.0, 0.0])
    place = np.array([-2450.0, 0.0, 1350.0])
    speed = _SOYUZ_CLOSING_MAX_M_S
    return np.concatenate([place, -speed * place / np.linalg.norm(place)])
