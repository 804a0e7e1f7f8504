"""How steeply a craft may enter: shallower it skips out of the air again, steeper it is crushed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import InputError
from crossflight.flight.entry import EntryShape, fly_entry
from crossflight.flight.entry_guidance import level

Floats = NDArray[np.float64]

_SHALLOWEST_DEG: Final = 0.2
_STEEPEST_DEG: Final = 8.2
_N_ANGLES: Final = 21
_FINER: Final = 8
# Coarser than an entry that is flown: loads and skips come out alike to a hundredth.
_STEP_S: Final = 2.0
_END_HEIGHT_M: Final = 25_000.0


@dataclass(frozen=True, slots=True)
class EntryCorridor:
    """Angles of entry below the horizontal, relative to the turning Earth.

    Attributes
    ----------
    angle_rad, speed_m_s
        Of the craft at the entry interface.
    shallow_rad
        Shallower than this it skips out, with the lift of the reference entry held straight up.
    steep_rad
        Steeper than this the load passes `limit_g`.
    """

    angle_rad: float
    speed_m_s: float
    shallow_rad: float
    steep_rad: float
    limit_g: float

    def require_inside(self) -> None:
        """Refuse an entry outside.

        Raises
        ------
        InputError
            With angle and bound in degrees.
        """
        angle, speed = np.degrees(self.angle_rad), self.speed_m_s
        if self.angle_rad < self.shallow_rad:
            raise InputError(
                f"an entry {angle:.2f} deg below the horizontal at {speed:.0f} m/s is too shallow: below "
                f"{np.degrees(self.shallow_rad):.2f} deg the craft skips out of the air",
                hint="A greater deorbit burn, or less lift, brings it down.",
            )
        if self.angle_rad > self.steep_rad:
            raise InputError(
                f"an entry {angle:.2f} deg below the horizontal at {speed:.0f} m/s is too steep: beyond "
                f"{np.degrees(self.steep_rad):.2f} deg the load passes {self.limit_g:g} g",
                hint="A smaller deorbit burn, or more lift, makes it gentler.",
            )


def entry_angle_rad(state_itrf: Floats) -> float:
    """Angle of a state (6,) below the horizontal, relative to the turning Earth."""
    r, v = state_itrf[:3], state_itrf[3:]
    return -float(np.arcsin(r @ v / (np.linalg.norm(r) * np.linalg.norm(v))))


def entry_corridor(state_itrf: Floats, shape: EntryShape, vertical: float, limit_g: float) -> EntryCorridor:
    """The corridor about a state (6,) at the entry interface.

    Parameters
    ----------
    vertical
        Vertical part of the lift to drag that is flown; 0 for a ballistic entry.

    Raises
    ------
    InputError
        If no angle at all keeps in the air and within the load.
    """
    coarse = np.radians(np.linspace(_SHALLOWEST_DEG, _STEEPEST_DEG, _N_ANGLES))
    loads = _loads(state_itrf, coarse, shape, vertical)
    speed = float(np.linalg.norm(state_itrf[3:]))
    gentlest = np.where(np.isfinite(loads), loads, np.inf).min()
    if not gentlest <= limit_g:
        what = f"the gentlest takes {gentlest:.1f} g" if np.isfinite(gentlest) else "all skip out of the air"
        raise InputError(
            f"no entry at {speed:.0f} m/s, {_SHALLOWEST_DEG:g} to {_STEEPEST_DEG:g} deg below the horizon, "
            f"keeps within {limit_g:g} g: {what}",
            hint="More lift makes an entry gentler; less speed keeps it in the air.",
        )
    shallow, steep = _bounds(coarse, loads, limit_g)
    if shallow > coarse[0]:
        fine = np.linspace(max(shallow - (coarse[1] - coarse[0]), coarse[0]), shallow, _FINER + 1)
        finer = _loads(state_itrf, fine, shape, vertical)
        shallow = float(fine[int(np.argmax(np.isfinite(finer)))])
    return EntryCorridor(entry_angle_rad(state_itrf), speed, shallow, steep, limit_g)


def _loads(state_itrf: Floats, angles_rad: Floats, shape: EntryShape, vertical: float) -> Floats:
    """Peak loads (k,) of entries at angles; NaN where they skip out."""
    r, v = state_itrf[:3], state_itrf[3:]
    up = r / np.linalg.norm(r)
    ahead = v - (v @ up) * up
    ahead /= np.linalg.norm(ahead)
    speed = np.linalg.norm(v)
    states = np.empty((len(angles_rad), 6))
    states[:, :3] = r
    states[:, 3:] = speed * (np.outer(np.cos(angles_rad), ahead) - np.outer(np.sin(angles_rad), up))
    lift = replace(shape, lift_to_drag=np.asarray(vertical))
    flown = fly_entry(states, lift, level, _END_HEIGHT_M, step_s=_STEP_S)
    return np.where(flown.is_skipped, np.nan, flown.peak_g)


def _bounds(angles_rad: Floats, loads: Floats, limit_g: float) -> tuple[float, float]:
    """The shallowest angle that stays in the air, and where the load passes the limit beyond the gentlest."""
    shallow = float(angles_rad[int(np.argmax(np.isfinite(loads)))])
    gentlest = int(np.nanargmin(loads))
    over = np.flatnonzero(loads[gentlest:] > limit_g)
    if not len(over):
        return shallow, float(angles_rad[-1])
    i = gentlest + int(over[0])
    part = (limit_g - loads[i - 1]) / (loads[i] - loads[i - 1])
    return shallow, float(angles_rad[i - 1] + part * (angles_rad[i] - angles_rad[i - 1]))
