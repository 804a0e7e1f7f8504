"""What goes wrong on the last kilometres: navigation, thrust, attitude, air; drawn once or in time.

Every default is [assumed]: of the size that radar, lidar and relative GPS are said to have, and of no flight
in particular.  `scale` multiplies them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError
from crossflight.rng import NormalSeries, normals

Array = NDArray[np.float64]

_N_NAVIGATION: Final = 6
_N_THRUST: Final = 4
_N_ONCE: Final = 18


@dataclass(frozen=True, slots=True)
class Errors:
    """One-sigma errors; each per axis.

    Attributes
    ----------
    position_m, position_share
        Noise of the navigated place: a floor, and a share of the range.
    velocity_m_s, velocity_share_per_s
        Noise of the navigated velocity, likewise.
    noise_time_s
        Over which the noise stays alike.
    bias_m, bias_share
        Constant error of the navigated place over a flight.
    thrust_share, thrust_bias_share, thrust_angle_rad
        Of a pulse's size, at random and constant over a flight; of its direction.
    attitude_rad, attitude_rate_rad_s
        At contact, each of pitch, yaw and roll.
    density_share
        Of the air's density.
    gravity_per_s2
        What the model of relative motion leaves out, per metre of range.  Measured, not assumed: against the
        full force model it misses 30 to 90 m after 46 min at 7 km (n 6).  Not scaled.
    scale
        Multiplies all but the last.
    """

    position_m: float = 0.02
    position_share: float = 0.003
    velocity_m_s: float = 0.003
    velocity_share_per_s: float = 2e-6
    noise_time_s: float = 60.0
    bias_m: float = 0.02
    bias_share: float = 0.002
    thrust_share: float = 0.02
    thrust_bias_share: float = 0.01
    thrust_angle_rad: float = 0.01
    attitude_rad: float = 0.007
    attitude_rate_rad_s: float = 0.0005
    density_share: float = 0.2
    gravity_per_s2: float = 2e-9
    scale: float = 1.0

    def __post_init__(self) -> None:
        """Refuse errors that are none.

        Raises
        ------
        UsageError
            With the value.
        """
        for name in self.__slots__:
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0.0):
                raise UsageError(f"an error {name} of {value} is not a finite number from 0")
        if self.noise_time_s == 0.0:
            raise UsageError("navigation noise that stays alike for no time cannot be filtered")


# [assumed] Kurs, a radio system, and lidar with cameras: centimetres where they touch.  A craft with an IDSS
# port meets a box a third as wide as a probe's and is taken to navigate and point twice as well.
KURS: Final = Errors()
LIDAR: Final = Errors(
    position_m=0.01, velocity_m_s=0.002, bias_m=0.01, attitude_rad=0.0035, attitude_rate_rad_s=0.0003
)


def errors_of(docking: str, scale: float = 1.0) -> Errors:
    """The usual errors of a craft by its docking system, times `scale`."""
    return replace(LIDAR if docking == "idss" else KURS, scale=scale)


class Misfortune:
    """The errors of n samples: each has its own streams, whatever chunk it is flown in.

    Attributes
    ----------
    attitude_rad, attitude_rate_rad_s
        Pitch, yaw, roll at contact (3, n).
    density
        Factor on the air's density (n,).
    """

    def __init__(
        self, errors: Errors, seed: int, samples: Sequence[int] | NDArray[np.int64], cycle_s: float
    ) -> None:
        self._errors, self._seed, self._samples = errors, seed, np.asarray(samples, np.int64)
        self._is_on = errors.scale > 0.0
        n = len(samples)
        once = normals(seed, samples, "proximity constants", _N_ONCE)
        k = errors.scale
        self._bias = k * once[0:3]
        self._thrust_bias = k * errors.thrust_bias_share * once[3]
        self.attitude_rad = k * errors.attitude_rad * once[4:7]
        self.attitude_rate_rad_s = k * errors.attitude_rate_rad_s * once[7:10]
        # Bounded: air of negative density there is none.
        self.density = np.maximum(1.0 + k * errors.density_share * once[10], 0.1)
        self.gravity_per_s2 = errors.gravity_per_s2 * once[11:14]
        self._noise = normals(seed, samples, "proximity navigation begin", _N_NAVIGATION)
        self._kept = float(np.exp(-cycle_s / errors.noise_time_s))
        self._fresh = float(np.sqrt(1.0 - self._kept**2))
        self._navigation = NormalSeries(seed, samples, "proximity navigation", _N_NAVIGATION)
        self._thrust = NormalSeries(seed, samples, "proximity thrust", _N_THRUST)
        self._pulse = np.zeros((_N_THRUST, n))

    def step(self) -> None:
        """One guidance cycle on."""
        if self._is_on:
            self._noise = self._kept * self._noise + self._fresh * self._navigation.step()
            self._pulse = self._thrust.step()

    def point_anew(self, index: NDArray[np.int64]) -> None:
        """Another attitude, and rates, at contact for samples at `index` that come a second time."""
        e, k = self._errors, self._errors.scale
        fresh = k * normals(self._seed, self._samples[index], "proximity second attitude", 6)
        self.attitude_rad[:, index] = e.attitude_rad * fresh[:3]
        self.attitude_rate_rad_s[:, index] = e.attitude_rate_rad_s * fresh[3:]

    def navigated(self, states: Array, range_m: Array) -> Array:
        """What navigation makes of relative states (6, n)."""
        e, k = self._errors, self._errors.scale
        out = states.copy()
        out[:3] += k * (e.position_m + e.position_share * range_m) * self._noise[:3]
        out[:3] += (e.bias_m + e.bias_share * range_m) * self._bias
        out[3:] += k * (e.velocity_m_s + e.velocity_share_per_s * range_m) * self._noise[3:]
        return out

    def thrust(self, dv_m_s: Array) -> Array:
        """What thrusters make of commanded changes of velocity (3, n)."""
        e, k = self._errors, self._errors.scale
        size = np.sqrt(dv_m_s[0] ** 2 + dv_m_s[1] ** 2 + dv_m_s[2] ** 2)
        share = 1.0 + self._thrust_bias + k * e.thrust_share * self._pulse[0]
        out: Array = dv_m_s * share + size * k * e.thrust_angle_rad * self._pulse[1:]
        return out
