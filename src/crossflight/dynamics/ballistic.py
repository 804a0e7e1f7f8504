"""One ballistic factor fitted on the first hours of an ephemeris, and the orbit ahead with it.

The factor takes up everything that scales drag: area, coefficient, mass and the density model's error of
the day.  Space weather is held at its mean of the 81 days before the epoch: ahead of time nobody knows it
better, and the ephemerides that are published are themselves made with a forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.compiled import Progress
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import transform
from crossflight.dynamics.propagation import Burn, propagate
from crossflight.dynamics.surroundings import SpaceWeather
from crossflight.dynamics.tables import weather_table
from crossflight.dynamics.time_scales import TimesUs
from crossflight.errors import InputError
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

Array = NDArray[np.float64]

# The published ephemerides of the station are made with a field of degree and order 36 (measured: across
# the track 0.4 m rms is left after a day with 36, 5 m with 50, 20 m with 20); it is EGM96's, which leaves
# 0.1 m where EGM2008's leaves 0.4.
STATION_MODEL: Final = ForceModel(36, 36)
FIT_HOURS: Final = 6.0
_FIT_HOURS_MAX: Final = 240.0
_N_DAYS_MEAN: Final = 81
_HOUR_US: Final = 3_600_000_000
_N_STATES_MIN: Final = 10
# Steps of the difference quotients; the along-track error is linear in both to a percent.
_FACTOR_STEP_M2_KG: Final = 0.005
_VELOCITY_STEP_M_S: Final = 0.01
_N_ITERATIONS: Final = 2


@dataclass(frozen=True, slots=True)
class BallisticFit:
    """A state that goes on, and how well it fits what it was fitted on.

    Attributes
    ----------
    epoch_utc, state_gcrf
        The first state; shape (6,), m and m/s.
    ballistic_m2_kg
        Drag area times coefficient by mass, density errors taken in.
    dv_along_m_s
        Change of velocity along the track, where it was fitted too; it is in `state_gcrf` already.
    weather
        What the factor belongs to.
    n_states
        States it was fitted on.
    radial_rms_m, along_rms_m, cross_rms_m
        What is left over the fit.
    """

    epoch_utc: Instant
    state_gcrf: Array
    ballistic_m2_kg: float
    dv_along_m_s: float
    weather: SpaceWeather
    model: ForceModel
    n_states: int
    radial_rms_m: float
    along_rms_m: float
    cross_rms_m: float


def held_weather(at_utc: Instant) -> SpaceWeather:
    """Means of F10.7 and Ap over the 81 days before an instant (the last of the table past its end)."""
    table = weather_table()
    end = int(np.clip(np.searchsorted(table.t_utc_us, at_utc.us), _N_DAYS_MEAN, len(table.t_utc_us)))
    days = slice(end - _N_DAYS_MEAN, end)
    f107 = float(table.f107[days].mean())
    return SpaceWeather(f107, f107, float(table.ap[days].mean()))


def local_components(states: Array, dr: Array) -> Array:
    """Radial, along-track and cross-track components of differences at states, shape (n, 3)."""
    r, v = states[:, :3], states[:, 3:]
    radial = r / np.linalg.norm(r, axis=1, keepdims=True)
    cross = np.cross(r, v)
    cross /= np.linalg.norm(cross, axis=1, keepdims=True)
    along = np.cross(cross, radial)
    return np.stack([np.sum(dr * axis, axis=1) for axis in (radial, along, cross)], axis=1)


def fit_ballistic(
    arc: EphemerisArc,
    *,
    from_utc: Instant | None = None,
    fit_hours: float = FIT_HOURS,
    model: ForceModel = STATION_MODEL,
    weather: SpaceWeather | None = None,
    is_velocity_fitted: bool = False,
    burns: Sequence[Burn] = (),
    on_compile: Progress | None = None,
) -> BallisticFit:
    """Fit one ballistic factor to an ephemeris.

    Parameters
    ----------
    from_utc
        The first state at or after it is the epoch; the arc's first state where it is not given.
    fit_hours
        How much of the ephemeris is used.
    weather
        Space weather; `held_weather` of the epoch where it is not given.
    is_velocity_fitted
        Whether the epoch's velocity along the track is fitted too.
    burns
        Burns inside the hours of the fit.

    Raises
    ------
    InputError
        Where the arc has too few states there, the hours are not sensible, or no drag acts.
    """
    if not model.drag:
        raise InputError("a ballistic factor cannot be fitted with a force model without drag")
    if not 0.0 < fit_hours <= _FIT_HOURS_MAX:
        raise InputError(f"a fit of {fit_hours:g} h is outside 0 to {_FIT_HOURS_MAX:g} h")
    first = int(np.searchsorted(arc.t_utc_us, arc.from_utc.us if from_utc is None else from_utc.us))
    last_us = int(arc.t_utc_us[min(first, len(arc.t_utc_us) - 1)]) + round(fit_hours * _HOUR_US)
    used = slice(first, int(np.searchsorted(arc.t_utc_us, last_us, "right")))
    t = arc.t_utc_us[used]
    if len(t) < _N_STATES_MIN:
        raise InputError(
            f"{len(t)} states in {fit_hours:g} h before {Instant(last_us)} are too few for a fit: "
            f"{_N_STATES_MIN} are needed",
            hint="Fit more hours, or give an ephemeris with closer states.",
        )
    truth = np.hstack(transform(arc.frame, "GCRF", t, arc.r_m[used], arc.v_m_s[used]))
    epoch = Instant(int(t[0]))
    around = held_weather(epoch) if weather is None else weather
    along = _along(truth[0])
    steps = np.array([_FACTOR_STEP_M2_KG, _VELOCITY_STEP_M_S])[: 2 if is_velocity_fitted else 1]
    fitted = np.zeros(len(steps))

    def residuals(tries: Array) -> Array:
        """Differences from the ephemeris, shape (tries, states, 3), of tried values, shape (tries, k)."""
        start = np.tile(truth[0], (len(tries), 1))
        if is_velocity_fitted:
            start[:, 3:] += tries[:, 1:2] * along
        flown = propagate(
            model,
            epoch.us,
            start,
            t,
            ballistic_m2_kg=tries[:, 0],
            weather=around,
            burns=burns,
            on_compile=on_compile,
        )
        return np.array([local_components(truth, states[:, :3] - truth[:, :3]) for states in flown])

    for _ in range(_N_ITERATIONS):
        off = residuals(np.vstack([fitted, fitted + np.diag(steps)]))[:, :, 1]
        slopes = (off[1:] - off[0]) / steps[:, None]
        fitted = fitted - np.linalg.lstsq(slopes.T, off[0], rcond=None)[0]
    left = residuals(fitted[None])[0]
    rms = np.sqrt(np.mean(left**2, axis=0))
    dv_along = float(fitted[1]) if is_velocity_fitted else 0.0
    state = truth[0].copy()
    state[3:] += dv_along * along
    return BallisticFit(
        epoch, state, float(fitted[0]), dv_along, around, model, len(t), *(float(x) for x in rms)
    )


def _along(state: Array) -> Array:
    """The unit vector along the track."""
    cross = np.cross(state[:3], state[3:])
    along = np.cross(cross, state[:3])
    unit: Array = along / np.linalg.norm(along)
    return unit


def propagate_fit(fit: BallisticFit, t_utc_us: TimesUs, burns: Sequence[Burn] = ()) -> Array:
    """States in the GCRF at instants, shape (m, 6), with planned reboosts as burns."""
    states: Array = propagate(
        fit.model,
        fit.epoch_utc.us,
        fit.state_gcrf,
        t_utc_us,
        ballistic_m2_kg=fit.ballistic_m2_kg,
        weather=fit.weather,
        burns=burns,
    )[0]
    return states
