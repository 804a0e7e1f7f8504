"""How far returns scatter: a thousand burns and entries at once, with errors in all that matters.

Each sample draws its own numbers (see `rng`), flies the same burn, the same guidance law and the same
parachutes as the nominal return, in its own air.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import RADIUS_M
from crossflight.errors import InputError
from crossflight.flight.deorbit import BURN_STEP_S, Thrust
from crossflight.flight.entry import INTERFACE_HEIGHT_M, BankLaw, EntryShape, fly_entry
from crossflight.flight.entry_guidance import EntryReference, SteeredEntry, level
from crossflight.flight.parachute import descend, unit_itrf
from crossflight.flight.return_targeting import Aim, Coast, Homeward, misses
from crossflight.rng import normals

Floats = NDArray[np.float64]

_N_NUMBERS: Final = 11
_N_LEAST: Final = 8


@dataclass(frozen=True, slots=True)
class ReturnErrors:
    """One sigma of each error; all [assumed].

    Attributes
    ----------
    burn
        Size of the deorbit burn, as a part of it.
    density, drag, lift
        Of the air and of the capsule, as parts.
    along_m, across_m, speed_m_s
        Of the navigation at ignition; the same along and across is what guidance believes wrongly to the end.
    wind_m_s
        East and north, each, under the parachute and above.
    """

    burn: float = 0.002
    density: float = 0.10
    drag: float = 0.03
    lift: float = 0.08
    along_m: float = 500.0
    across_m: float = 300.0
    speed_m_s: float = 0.03
    wind_m_s: float = 6.0

    def __post_init__(self) -> None:
        """Refuse what is no sigma.

        Raises
        ------
        InputError
            If one is negative or not finite, or a part above one third.
        """
        for name in self.__slots__:
            value = getattr(self, name)
            limit = 1 / 3 if name in ("burn", "density", "drag", "lift") else np.inf
            if not (np.isfinite(value) and 0 <= value <= limit):
                raise InputError(f"a sigma of {value!r} for {name} is not between 0 and {limit:.2f}")


@dataclass(frozen=True, slots=True)
class ReturnScatter:
    """Touchdowns of n samples beside the nominal one.

    Attributes
    ----------
    along_m, across_m
        Shape (n,): ahead and to the left of the nominal touchdown.
    time_s
        Shape (n,): later than it.
    peak_g
        Shape (n,).
    n_skipped
        Further samples that left the air again; they are in none of the arrays.
    along_sigma_m, across_sigma_m
        Standard deviations.
    """

    along_m: Floats
    across_m: Floats
    time_s: Floats
    peak_g: Floats
    n_skipped: int
    along_sigma_m: float
    across_sigma_m: float


@dataclass(frozen=True, slots=True)
class Nominal:
    """What the samples scatter about."""

    aim: Aim
    reference: EntryReference | None
    shape: EntryShape
    end_itrf: Floats
    touchdown_s: float
    latitude_rad: float
    longitude_rad: float


def scatter(
    home: Homeward, coast: Coast, nominal: Nominal, errors: ReturnErrors, n_samples: int, seed: int
) -> ReturnScatter:
    """Fly the samples.

    Parameters
    ----------
    nominal
        Its `reference` steers the samples too; None flies them ballistically.

    Raises
    ------
    InputError
        For less than eight samples, or if fewer than eight come down.
    """
    if n_samples < _N_LEAST:
        raise InputError(f"{n_samples} samples say nothing about a scatter; {_N_LEAST} at least")
    drawn = normals(seed, np.arange(n_samples), "return", _N_NUMBERS)
    states, at_s = _interfaces(home, coast, nominal, errors, drawn)
    shape = EntryShape(
        nominal.shape.ballistic_m2_kg * np.exp(errors.drag * drawn[4]),
        nominal.shape.lift_to_drag * np.exp(errors.lift * drawn[5]),
        nominal.shape.density_factor * np.exp(errors.density * drawn[6]),
        nominal.shape.nose_radius_m,
        nominal.shape.wind_m_s[:, None] + errors.wind_m_s * drawn[7:9],
    )
    chutes = home.profile.parachutes
    law: BankLaw = level
    if nominal.reference is not None:
        goals = _goals(home, nominal, errors, drawn)
        law = SteeredEntry(nominal.reference, goals, home.profile.bank_rad)
    flown = fly_entry(states, shape, law, chutes.drogue_height_m)
    down = ~flown.is_skipped
    if np.count_nonzero(down) < _N_LEAST:
        raise InputError(
            f"of {n_samples} samples {np.count_nonzero(flown.is_skipped)} skip out of the air",
            hint="The entry is at the edge of its corridor, or the errors are larger than it bears.",
        )
    landed = descend(flown.state[down], chutes, shape.part(down, n_samples), home.ground_m)
    n = int(np.count_nonzero(down))
    goal = unit_itrf(np.array([nominal.latitude_rad]), np.array([nominal.longitude_rad]))[0]
    ends = np.broadcast_to(nominal.end_itrf, (n, 6))
    along, across, _ = misses(ends, landed.latitude_rad, landed.longitude_rad, goal)
    time_s = (at_s + flown.t_s)[down] + landed.touchdown_s - nominal.touchdown_s
    return ReturnScatter(
        -along, -across, time_s, flown.peak_g[down], n_samples - n,
        float(np.std(along, ddof=1)), float(np.std(across, ddof=1)),
    )  # fmt: skip


def _interfaces(
    home: Homeward, coast: Coast, nominal: Nominal, errors: ReturnErrors, drawn: Floats
) -> tuple[Floats, Floats]:
    """Entry interfaces of the samples, (n, 6) in the ITRF, and when (n,)."""
    n, descent, flow = drawn.shape[1], nominal.aim.descent, home.flow
    ignition_s = float(descent.ignition_s[0])
    y = home.state_at(coast, descent.ignition_s)[:, 0]
    r, v = y[:3], y[3:]
    radius = float(np.linalg.norm(r))
    normal = np.cross(r, v)
    normal /= np.linalg.norm(normal)
    ahead = np.cross(normal, r / radius)
    # Along the track the whole orbit turns about its normal; across, the place is beside it.
    turn = errors.along_m * drawn[1] / radius
    states = np.empty((6, n))
    for rows, vector in ((slice(0, 3), r), (slice(3, 6), v)):
        states[rows] = np.outer(vector, np.cos(turn)) + np.outer(np.cross(normal, vector), np.sin(turn))
    states[:3] += np.outer(normal, errors.across_m * drawn[2])
    states[3:] += np.outer(ahead, errors.speed_m_s * drawn[3])
    factor = np.full(n, coast.ballistic_m2_kg * coast.mass_kg / descent.mass_kg)
    thrust = Thrust(
        home.craft.main, np.asarray(ignition_s), np.asarray(descent.mass_kg), 1 + errors.burn * drawn[0]
    )
    # The engine's strength carries the error: all burn equally long, and share one clock.
    duration = float(descent.duration_s[0])
    states = flow.march(states, ignition_s, duration, factor, BURN_STEP_S, thrust)
    at_s: Floats | float = ignition_s + duration
    if home.profile.module_height_m is not None:
        states, at_s = flow.down_to(states, at_s, factor, home.profile.module_height_m)
    capsule = np.full(n, float(home.shape.ballistic_m2_kg))
    states, at = flow.down_to(states, at_s, capsule, INTERFACE_HEIGHT_M)
    return flow.to_itrf(states, at), at


def _goals(home: Homeward, nominal: Nominal, errors: ReturnErrors, drawn: Floats) -> Floats:
    """Where each sample believes its place to be: (n, 3)."""
    end = nominal.end_itrf
    left = np.cross(end[:3], end[3:])
    left /= np.linalg.norm(left)
    ahead = np.cross(left, home.goal)
    off = errors.along_m * drawn[9][:, None] * ahead + errors.across_m * drawn[10][:, None] * left
    goals = home.goal + off / RADIUS_M
    return np.asarray(goals / np.linalg.norm(goals, axis=1, keepdims=True), np.float64)
