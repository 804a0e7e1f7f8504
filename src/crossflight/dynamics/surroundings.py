"""What a satellite flies through and what depends on time alone: the Earth's turn, Sun, Moon, space weather.

Pole, Sun and Moon are computed every three hours over the span of a propagation and interpolated with eight
points; measured over 300 days that leaves 0.3 mm of the Moon, 9 mm of the Sun and 0.4 micrometres at the
station.  The Earth's rotation angle is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import erfa
import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics import forces
from crossflight.dynamics.bodies import moon_from_tt, sun_from_tt
from crossflight.dynamics.frames import earth_orientation, terrestrial_rotation
from crossflight.dynamics.tables import orientation_table, weather_table
from crossflight.dynamics.time_scales import (
    JD_UNIX_EPOCH,
    TT_MINUS_TAI_US,
    require_orientation,
    tai_us,
    utc_us,
)

Array = NDArray[np.float64]

_STEP_S: Final = 10_800.0
_N_POINTS: Final = 8
_DAY_S: Final = 86_400.0
# Barycentric weights of equally spaced points: (-1)^j binomial(7, j).
_WEIGHTS: Final = np.array([1.0, -7.0, 21.0, -35.0, 35.0, -21.0, 7.0, -1.0])


@dataclass(frozen=True, slots=True)
class SpaceWeather:
    """Weather that is given instead of looked up: F10.7, its 81-day mean, Ap; the same at all times."""

    f107: float
    f107_mean: float
    ap: float


class Surroundings:
    """The time-dependent parameters of the forces over a span.

    Parameters
    ----------
    from_utc_us, to_utc_us
        The span, UTC labels.
    weather
        Instead of the table of space weather.

    Raises
    ------
    InputError
        Before the Earth orientation is known, in 1973, or past 2100.

    Attributes
    ----------
    base_tai_us
        TAI of `from_utc_us`: every time in seconds counts from there.
    """

    def __init__(self, from_utc_us: int, to_utc_us: int, weather: SpaceWeather | None = None) -> None:
        require_orientation(np.array([from_utc_us], np.int64), orientation_table().t_utc_us)
        first, last = (int(t) for t in tai_us(np.array([from_utc_us, to_utc_us], np.int64)))
        self.base_tai_us = first
        self._weather = weather
        self._whole_days, rest_us = divmod(first, 86_400_000_000)
        self._rest_s = rest_us / 1e6
        pad = _N_POINTS // 2
        n = int(np.ceil((last - first) / 1e6 / _STEP_S)) + 2 * pad + 1
        self._first_s = -pad * _STEP_S
        tt = self._tt(self._first_s + _STEP_S * np.arange(n, dtype=np.float64))
        self._nodes = np.column_stack([*erfa.xys06a(*tt), sun_from_tt(tt), moon_from_tt(tt)])
        table = orientation_table()
        self._eop_s = (tai_us(table.t_utc_us) - first) / 1e6
        self._ut1_tai_s = table.ut1_minus_tai_s

    def _tt(self, t_s: Array) -> tuple[Array, Array]:
        """TT as a two-part Julian date of seconds since the base."""
        seconds = t_s + (self._rest_s + TT_MINUS_TAI_US / 1e6)
        return np.full_like(seconds, self._whole_days + JD_UNIX_EPOCH), seconds / _DAY_S

    def _tabulated(self, t_s: Array) -> Array:
        x = (t_s - self._first_s) / _STEP_S
        i = np.clip(np.floor(x).astype(np.int64) - (_N_POINTS // 2 - 1), 0, len(self._nodes) - _N_POINTS)
        distance = (x - i)[:, None] - np.arange(_N_POINTS)
        is_node = np.abs(distance) < 1e-13
        weight = np.where(is_node, 0.0, _WEIGHTS / np.where(is_node, 1.0, distance))
        hit = is_node.any(axis=1)
        weight[hit] = is_node[hit]
        weight /= weight.sum(axis=1, keepdims=True)
        values: Array = np.einsum("nj,njk->nk", weight, self._nodes[i[:, None] + np.arange(_N_POINTS)])
        return values

    def parameters(self, t_s: Array) -> Array:
        """Parameters at TAI seconds since the base: shape (n, 20); the ballistic one is zero.

        The weather columns stay the last known past the table's end (see `tables`).
        """
        tt = self._tt(t_s)
        t_utc_us = utc_us(self.base_tai_us + np.rint(t_s * 1e6).astype(np.int64))
        values = self._tabulated(t_s)
        ut1_tai_s = np.interp(t_s, self._eop_s, self._ut1_tai_s)
        ut1 = (tt[0], tt[1] + (ut1_tai_s - TT_MINUS_TAI_US / 1e6) / _DAY_S)
        pole = (values[:, 0], values[:, 1], values[:, 2])
        rotation = terrestrial_rotation(tt, ut1, pole, earth_orientation(t_utc_us))
        out = np.zeros((len(t_s), forces.N_PARAMETERS))
        out[:, forces.ROTATION] = rotation.reshape(-1, 9)
        out[:, forces.SUN] = values[:, 3:6]
        out[:, forces.MOON] = values[:, 6:9]
        out[:, forces.WEATHER] = self._weather_at(t_utc_us)
        return out

    def _weather_at(self, t_utc_us: NDArray[np.int64]) -> Array:
        years = t_utc_us.astype("datetime64[us]").astype("datetime64[Y]")
        day = (t_utc_us - years.astype("datetime64[us]").astype(np.int64)) / (_DAY_S * 1e6)
        if self._weather is not None:
            w = self._weather
            fixed = np.array([w.f107, w.f107_mean, w.ap])
            return np.column_stack([np.broadcast_to(fixed, (len(day), 3)), day])
        table = weather_table()
        nodes = table.t_utc_us.astype(np.float64)
        t = t_utc_us.astype(np.float64)
        # NRLMSISE-00 asks for the flux of the day before, its mean and Ap about the day itself.
        columns = [
            np.interp(t - _DAY_S * 1e6, nodes, table.f107),
            np.interp(t, nodes, table.f107_mean),
            np.interp(t, nodes, table.ap),
        ]
        past = t > nodes[-1]
        if past.any():
            for column, held in zip(columns, table.hold(), strict=True):
                column[past] = held
        return np.column_stack([*columns, day])
