"""An ascent solved and flown: kick and azimuth of most propellant, events, samples, the orbit reached.

The kick after the vertical rise and the azimuth of the first stage are what a flight programme is made of
before lift-off; here both are solved for the most propellant left at cut-off, for every launcher alike, and
the guidance of `ascent_guidance` does the rest.  A lift-off too far from the plane is refused with the angle,
the velocity it would take and the velocity there is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import degrees, log, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from crossflight.dynamics.earth import RADIUS_M, RATE_RAD_S
from crossflight.dynamics.frames import celestial_to_terrestrial, earth_orientation, transform
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.errors import OffPlaneError, UsageError
from crossflight.flight.ascent_guidance import Cutoff, coast
from crossflight.flight.ascent_path import Flight, Pad, Path
from crossflight.flight.craft import Craft
from crossflight.flight.launchers import Insertion, Launcher
from crossflight.flight.plane import Place
from crossflight.flight.staging import phases
from crossflight.model.trajectory import CraftState, FlightEvent
from crossflight.times import Instant

Floats = NDArray[np.float64]

# Kicks tried first; the best neighbours bracket the search.  The step grows with the kick as what it does.
_KICKS_DEG: Final = (0.8, 1.2, 1.6, 2.0, 2.5, 3.1, 3.8, 4.6, 5.6, 7.0)
_KICK_TOLERANCE_DEG: Final = 0.01
_AZIMUTH_STEP_RAD: Final = np.radians(1.5)
# A parabola through three azimuths is not trusted farther than this.
_AZIMUTH_REACH_RAD: Final = np.radians(12.0)
_N_AZIMUTHS: Final = 2
_CRASHED_KG: Final = -1e5
_UNIT_TOLERANCE: Final = 1e-6
_COAST_STEP_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class AscentSamples:
    """An ascent by the second, arrays (n,).

    Attributes
    ----------
    t_s
        Seconds after lift-off.
    height_m, air_speed_m_s, downrange_m
        Above the ellipsoid, relative to the turning Earth, and along the ground from the pad.
    felt_m_s2, pressure_pa
        Acceleration by all but gravity, and dynamic pressure.
    propellant_kg
        Left in the engines' stage that burns (strap-ons and core together while both burn).
    mass_kg
        Of all that flies.
    r_gcrf_m, v_gcrf_m_s
        Shape (n, 3).
    """

    t_s: Floats
    height_m: Floats
    air_speed_m_s: Floats
    downrange_m: Floats
    felt_m_s2: Floats
    pressure_pa: Floats
    propellant_kg: Floats
    mass_kg: Floats
    r_gcrf_m: Floats
    v_gcrf_m_s: Floats


@dataclass(frozen=True, slots=True)
class InsertionOrbit:
    """Osculating orbit at cut-off: heights above the equatorial radius; inclination and node in TEME."""

    perigee_m: float
    apogee_m: float
    inclination_rad: float
    node_rad: float


@dataclass(frozen=True, slots=True)
class AscentResult:
    """An ascent as flown.

    Attributes
    ----------
    kick_rad, azimuth_rad
        As solved.
    cutoff, insertion
        The stack at cut-off, and the craft alone at its separation.
    coast
        From cut-off to separation, both included, of the stack until it separates.
    orbit
        At cut-off.
    margin_kg, margin_m_s
        Propellant left in the last stage beyond its residuals, and what it would still give.
    off_plane_rad
        The pad's angle from the plane at lift-off, positive towards the normal.
    plane_error_rad
        Between the plane reached and the one aimed at (with the short-period terms of J2).
    """

    launcher: str
    pad: str
    liftoff_utc: Instant
    kick_rad: float
    azimuth_rad: float
    events: tuple[FlightEvent, ...]
    samples: AscentSamples
    cutoff: CraftState
    insertion: CraftState
    coast: tuple[CraftState, ...]
    orbit: InsertionOrbit
    margin_kg: float
    margin_m_s: float
    off_plane_rad: float
    plane_error_rad: float

    def event(self, name: str) -> FlightEvent:
        """The first event of a name.

        Raises
        ------
        UsageError
            If the ascent has none.
        """
        for event in self.events:
            if event.name == name:
                return event
        raise UsageError(
            f"the ascent has no event {name!r}", hint=f"it has: {', '.join(e.name for e in self.events)}"
        )

    def met_s(self, name: str) -> float:
        """Seconds from lift-off to the first event of a name."""
        return self.event(name).utc.s_since(self.liftoff_utc)


@dataclass(frozen=True, slots=True)
class Solution:
    """A flight programme: kick and azimuth, and the path they give."""

    kick_rad: float
    azimuth_rad: float
    path: Path


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be flown, in the frame held at lift-off: `turn` (3, 3) brings GCRF vectors into it."""

    launcher: Launcher
    craft_kg: float
    pad: Pad
    cutoff: Cutoff
    turn: Floats

    def path(self, kick_rad: float, azimuth_rad: float) -> Path:
        """The path of a kick and an azimuth."""
        return Flight(self.launcher, self.craft_kg, self.pad, kick_rad, azimuth_rad, self.cutoff).flown()


def mean_plane_gcrf(orbit: MeanOrbit, at_utc: Instant, node_offset_rad: float = 0.0) -> Floats:
    """Unit normal (3,) of a mean orbit's plane at an instant, its node moved east by an offset; GCRF."""
    normal = orbit.normal_at(np.array([at_utc.us]))[0]
    cosine, sine = np.cos(node_offset_rad), np.sin(node_offset_rad)
    moved = np.array(
        [cosine * normal[0] - sine * normal[1], sine * normal[0] + cosine * normal[1], normal[2]]
    )
    zero = np.zeros((1, 3))
    return np.asarray(transform("TEME", "GCRF", np.array([at_utc.us]), moved[None, :], zero)[0][0])


def task(
    launcher: Launcher,
    pad: Place,
    liftoff_utc: Instant,
    plane_normal_gcrf: Floats,
    craft_kg: float,
    insertion: Insertion | None = None,
) -> Task:
    """What `fly_ascent` flies.

    Raises
    ------
    UsageError
        For a normal that is not a unit vector, or a craft without mass.
    """
    normal = np.asarray(plane_normal_gcrf, np.float64)
    if normal.shape != (3,) or not abs(float(np.linalg.norm(normal)) - 1) < _UNIT_TOLERANCE:
        raise UsageError(f"a plane's normal {normal.tolist()} is not a unit vector of three numbers")
    if not 0 < craft_kg < 1e5:
        raise UsageError(f"a craft of {craft_kg:g} kg is not between 0 and 100 000 kg")
    t_us = np.array([liftoff_utc.us])
    turn = celestial_to_terrestrial(t_us, earth_orientation(t_us))[0]
    orbit = launcher.insertion if insertion is None else insertion
    return Task(launcher, craft_kg, Pad.of(pad), Cutoff.of(orbit, turn @ normal), turn)


def fly_ascent(
    launcher: Launcher,
    pad: Place,
    liftoff_utc: Instant,
    plane_normal_gcrf: Floats,
    craft: Craft,
    *,
    insertion: Insertion | None = None,
) -> AscentResult:
    """Fly an ascent into a plane.

    Parameters
    ----------
    plane_normal_gcrf
        Unit normal (3,) of the mean plane aimed at: `mean_plane_gcrf` of the target with the node offset that
        the phasing needs.
    insertion
        The orbit aimed at; the launcher's usual one if not given.

    Raises
    ------
    UsageError
        If the launcher cannot reach the orbit: with the pad's angle from the plane at lift-off, the velocity
        needed and the velocity available.
    """
    asked = task(launcher, pad, liftoff_utc, plane_normal_gcrf, craft.mass_kg, insertion)
    solved = solve(asked)
    off_plane = off_plane_rad(asked)
    if not solved.path.is_in_orbit:
        raise _unreachable(launcher, pad, off_plane, solved.path)
    return _result(asked, pad.name, liftoff_utc, solved, off_plane)


def off_plane_rad(asked: Task) -> float:
    """The pad's angle from the plane at lift-off, positive towards the normal."""
    up = asked.pad.r_m / np.linalg.norm(asked.pad.r_m)
    return float(np.arcsin(np.dot(asked.cutoff.mean_normal, up)))


def _unreachable(launcher: Launcher, pad: Place, off_plane: float, path: Path) -> OffPlaneError:
    where = f"{launcher.name} from {pad.name}, {abs(degrees(off_plane)):.2f} deg off the plane at lift-off"
    if path.needed_m_s == 0.0:
        return OffPlaneError(
            f"{where}: it falls back before it leaves the air", hint="a lighter craft, or another launcher"
        )
    if path.is_fallen:
        return OffPlaneError(
            f"{where}: it falls back to the ground; when the air was left {path.needed_m_s:.0f} m/s were "
            f"needed and {path.available_m_s:.0f} m/s available",
            hint="lift off nearer the instant at which the pad is in the plane",
        )
    lacking = path.lacking_m_s
    return OffPlaneError(
        f"{where}: after the air {path.available_m_s + lacking:.0f} m/s are needed and "
        f"{path.available_m_s:.0f} m/s available, {lacking:.0f} m/s too few",
        hint="lift off nearer the instant at which the pad is in the plane, or take a lighter craft",
    )


# -- solving kick and azimuth


def direct_azimuth_rad(asked: Task) -> float:
    """Azimuth over the turning ground of the velocity that is still missing at the pad, northbound."""
    normal, pad = asked.cutoff.mean_normal, asked.pad
    up = pad.r_m / np.linalg.norm(pad.r_m)
    flat = up - np.dot(up, normal) * normal
    along = np.cross(normal, flat / np.linalg.norm(flat))
    ground = RATE_RAD_S * np.array([-pad.r_m[1], pad.r_m[0], 0.0])
    missing = asked.cutoff.speed_m_s * along - ground
    return float(np.arctan2(np.dot(missing, pad.east), np.dot(missing, pad.north)))


def solve(asked: Task) -> Solution:
    """Kick and azimuth that leave most propellant."""
    azimuth = direct_azimuth_rad(asked)
    kick = best_kick_rad(asked, azimuth)
    azimuth = best_azimuth_rad(asked, kick, azimuth)
    kick = best_kick_rad(asked, azimuth, near_rad=kick)
    return Solution(kick, azimuth, asked.path(kick, azimuth))


def _worth_kg(path: Path) -> float:
    return max(path.margin_kg, _CRASHED_KG)


def best_kick_rad(asked: Task, azimuth_rad: float, near_rad: float | None = None) -> float:
    """The kick that leaves most propellant at an azimuth; `near_rad` spares the search for a bracket."""
    if near_rad is None:
        worth = [_worth_kg(asked.path(float(np.radians(k)), azimuth_rad)) for k in _KICKS_DEG]
        best = int(np.argmax(worth))
        low, high = _KICKS_DEG[max(best - 1, 0)], _KICKS_DEG[min(best + 1, len(_KICKS_DEG) - 1)]
    else:
        low, high = degrees(near_rad) * 0.93, degrees(near_rad) * 1.07
    found = minimize_scalar(
        lambda k: -_worth_kg(asked.path(float(np.radians(k)), azimuth_rad)),
        bounds=(low, high),
        method="bounded",
        options={"xatol": _KICK_TOLERANCE_DEG},
    )
    return float(np.radians(found.x))


def best_azimuth_rad(asked: Task, kick_rad: float, azimuth_rad: float) -> float:
    """The azimuth that leaves most propellant: the top of a parabola through three, twice."""
    step = _AZIMUTH_STEP_RAD
    for _ in range(_N_AZIMUTHS):
        worth = [_worth_kg(asked.path(kick_rad, azimuth_rad + k * step)) for k in (-1, 0, 1)]
        bend = worth[0] - 2 * worth[1] + worth[2]
        slope = worth[2] - worth[0]
        if bend < 0:
            move = float(np.clip(-0.5 * slope / bend * step, -_AZIMUTH_REACH_RAD, _AZIMUTH_REACH_RAD))
        else:
            move = float(np.sign(slope) * step)
        azimuth_rad += move
        if abs(move) < 0.1 * step:
            break
    return azimuth_rad


# -- the result


def _result(asked: Task, pad: str, liftoff_utc: Instant, solved: Solution, off_plane: float) -> AscentResult:
    path = solved.path
    states = np.array(path.states)
    to_gcrf = asked.turn.T
    r, v = states[:, :3] @ to_gcrf.T, states[:, 3:6] @ to_gcrf.T
    end_utc = liftoff_utc.plus_s(path.t_s[-1])
    cutoff = CraftState(end_utc, r[-1], v[-1], float(states[-1, 6]))
    wait_s = asked.launcher.separation_s
    n_coast = int(wait_s / _COAST_STEP_S) + 1
    waits_s = [wait_s * k / n_coast for k in range(1, n_coast + 1)]
    free = [(s, coast(states[-1, :3], states[-1, 3:6], s)) for s in waits_s]
    after = [CraftState(end_utc.plus_s(s), to_gcrf @ x, to_gcrf @ u, cutoff.mass_kg) for s, (x, u) in free]
    insertion = replace(after[-1], mass_kg=asked.craft_kg)
    normal = np.cross(states[-1, :3], states[-1, 3:6])
    normal /= np.linalg.norm(normal)
    aim = asked.cutoff.normal_at(states[-1, :3])
    last = phases(asked.launcher)[-1]
    return AscentResult(
        asked.launcher.name,
        pad,
        liftoff_utc,
        solved.kick_rad,
        solved.azimuth_rad,
        _events(path, liftoff_utc, insertion.utc),
        _samples(path, states, r, v),
        cutoff,
        insertion,
        (cutoff, *after[:-1], insertion),
        insertion_orbit(cutoff),
        path.margin_kg,
        last.exhaust_m_s * log(cutoff.mass_kg / (cutoff.mass_kg - path.margin_kg)),
        off_plane,
        float(np.arcsin(np.linalg.norm(np.cross(normal, aim)))),
    )


def insertion_orbit(state: CraftState) -> InsertionOrbit:
    """The osculating orbit of a state."""
    r, v = transform(
        "GCRF", "TEME", np.array([state.utc.us]), state.r_gcrf_m[None, :], state.v_gcrf_m_s[None, :]
    )
    momentum = np.cross(r[0], v[0])
    radius = float(np.linalg.norm(r[0]))
    energy = 0.5 * float(np.dot(v[0], v[0])) - MU_M3_S2 / radius
    axis = -0.5 * MU_M3_S2 / energy
    eccentricity = sqrt(max(0.0, 1 - float(np.dot(momentum, momentum)) / (MU_M3_S2 * axis)))
    return InsertionOrbit(
        axis * (1 - eccentricity) - RADIUS_M,
        axis * (1 + eccentricity) - RADIUS_M,
        float(np.arccos(momentum[2] / np.linalg.norm(momentum))),
        float(np.arctan2(momentum[0], -momentum[1]) % (2 * np.pi)),
    )


def _events(path: Path, liftoff_utc: Instant, free_utc: Instant) -> tuple[FlightEvent, ...]:
    found = [FlightEvent(p.name, liftoff_utc.plus_s(p.at_s), p.note) for p in path.passages]
    pressure = np.array(path.pressure_pa)
    k = int(np.argmax(pressure))
    at_s = path.t_s[k]
    if 0 < k < len(pressure) - 1:
        bend = pressure[k - 1] - 2 * pressure[k] + pressure[k + 1]
        step_s = path.t_s[k + 1] - path.t_s[k]
        if bend < 0:
            at_s += float(0.5 * (pressure[k - 1] - pressure[k + 1]) / bend) * step_s
    found.append(FlightEvent("max-q", liftoff_utc.plus_s(at_s), f"{pressure[k] / 1000:.1f} kPa"))
    found.append(FlightEvent("separation", free_utc))
    return tuple(sorted(found, key=lambda e: e.utc.us))


def _samples(path: Path, states: Floats, r: Floats, v: Floats) -> AscentSamples:
    t = np.array(path.t_s)
    turned = RATE_RAD_S * t
    x, y = states[:, 0], states[:, 1]
    ground = np.stack(
        [np.cos(turned) * x + np.sin(turned) * y, np.cos(turned) * y - np.sin(turned) * x, states[:, 2]],
        axis=-1,
    )
    unit = ground / np.linalg.norm(ground, axis=1, keepdims=True)
    chord = np.linalg.norm(unit - unit[0], axis=1)
    downrange = 2 * np.arcsin(np.minimum(1.0, chord / 2)) * float(np.linalg.norm(ground[0]))
    return AscentSamples(
        t,
        np.array(path.height_m),
        np.array(path.air_speed_m_s),
        downrange,
        np.array(path.felt_m_s2),
        np.array(path.pressure_pa),
        np.array(path.propellant_kg),
        states[:, 6],
        r,
        v,
    )
