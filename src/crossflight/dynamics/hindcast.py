"""How well the station is known ahead: published ephemerides against propagations from their first hours.

Arcs are disjoint: some hours of fit, then the hours ahead.  The error of an arc is the rms over the last
revolution before the hour in question; the error of many arcs the rms over them.  Beside the fitted factor
stand models that know less: the drag data the file states, and the Earth's flattening without any drag.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.ballistic import (
    FIT_HOURS,
    STATION_MODEL,
    fit_ballistic,
    held_weather,
    local_components,
)
from crossflight.dynamics.compiled import Progress
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import transform
from crossflight.dynamics.propagation import propagate
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

Array = NDArray[np.float64]

HOURS_AHEAD: Final = (3.0, 24.0, 72.0)
FITTED: Final = "one ballistic factor fitted"
FITTED_WITH_VELOCITY: Final = "factor and along-track velocity fitted"
PUBLISHED: Final = "published drag data"
FLATTENING_ONLY: Final = "flattening only, no drag"
MODELS: Final = (FITTED, FITTED_WITH_VELOCITY, PUBLISHED, FLATTENING_ONLY)
_NULL_MODEL: Final = ForceModel(2, 0, sun=False, moon=False, drag=False)
_REVOLUTION_US: Final = 93 * 60_000_000  # of the station
_HOUR_US: Final = 3_600_000_000
# A finite burn is over within this time (the longest in the files takes 11 min).
_AFTER_BURN_US: Final = 30 * 60_000_000


@dataclass(frozen=True, slots=True)
class HindcastCase:
    """A published ephemeris: an arc, its planned burns, and the drag data it states (or None)."""

    name: str
    arc: EphemerisArc
    burns_utc: tuple[Instant, ...] = ()
    published_ballistic_m2_kg: float | None = None


@dataclass(frozen=True, slots=True)
class HindcastRow:
    """Errors of one model so many hours ahead.

    Attributes
    ----------
    is_without_events
        Whether arcs with any event marked in the ephemeris were left out, or only those with burns.
    n_arcs
        How many arcs.
    radial_rms_m, along_rms_m, cross_rms_m
        Over all arcs; `along_median_m` is the middle one of the arcs.
    by_case
        Name, number of arcs, along-track and cross-track rms of each ephemeris.
    """

    model: str
    hours_ahead: float
    is_without_events: bool
    n_arcs: int
    radial_rms_m: float
    along_rms_m: float
    cross_rms_m: float
    along_median_m: float
    by_case: tuple[tuple[str, int, float, float], ...]


def marked_events_us(arc: EphemerisArc) -> tuple[int, ...]:
    """Instants at which an ephemeris leaves its even step.

    The publisher's program puts a state at each event: burns, but also dockings, undockings and changes of
    attitude, at which the drag area changes by up to a fifth (measured on the four files).
    """
    gaps = np.diff(arc.t_utc_us)
    if not len(gaps):
        return ()
    even = np.bincount(gaps // 1_000_000).argmax() * 1_000_000
    off = np.flatnonzero(gaps != even)
    return tuple(int(t) for t in np.unique(np.concatenate([arc.t_utc_us[off], arc.t_utc_us[off + 1]])))


def quiet_begins(
    arc: EphemerisArc, avoided_us: Sequence[int], hours: float, after_us: int = 0
) -> Iterator[int]:
    """Indices of states at which disjoint arcs of so many hours begin that hold no avoided instant.

    Parameters
    ----------
    after_us
        How long an avoided instant goes on.
    """
    length_us = round(hours * _HOUR_US)
    t = int(arc.t_utc_us[0])
    while True:
        i = int(np.searchsorted(arc.t_utc_us, t))
        if i >= len(arc.t_utc_us) or int(arc.t_utc_us[i]) + length_us > int(arc.t_utc_us[-1]):
            return
        begin = int(arc.t_utc_us[i])
        hit = [at + after_us for at in avoided_us if begin < at + after_us and at < begin + length_us]
        if hit:
            t = max(*hit, begin + 1)
        else:
            yield i
            t = begin + length_us


def ephemeris_hindcast(
    cases: Sequence[HindcastCase],
    *,
    hours_ahead: Sequence[float] = HOURS_AHEAD,
    fit_hours: float = FIT_HOURS,
    model: ForceModel = STATION_MODEL,
    models: Sequence[str] = MODELS,
    exclusions: Sequence[bool] = (False, True),
    on_compile: Progress | None = None,
) -> tuple[HindcastRow, ...]:
    """The table of errors: for each exclusion, each horizon and each model one row.

    Horizons count from the end of the fit; `exclusions` says whether arcs with any marked event are left out,
    or only those with burns.
    """
    rows = []
    for is_without_events in exclusions:
        for hours in hours_ahead:
            errors: dict[str, list[tuple[str, Array]]] = {name: [] for name in models}
            for case in cases:
                if is_without_events:
                    begins = quiet_begins(case.arc, marked_events_us(case.arc), fit_hours + hours)
                else:
                    burns_us = [at.us for at in case.burns_utc]
                    begins = quiet_begins(case.arc, burns_us, fit_hours + hours, _AFTER_BURN_US)
                for i in begins:
                    for name, error in _arc_errors(case, i, fit_hours, hours, model, models, on_compile):
                        errors[name].append((case.name, error))
            rows += [
                _row(name, hours, is_without_events, errors[name], [c.name for c in cases])
                for name in models
                if errors[name]
            ]
    return tuple(rows)


def _arc_errors(
    case: HindcastCase,
    i: int,
    fit_hours: float,
    hours: float,
    model: ForceModel,
    models: Sequence[str],
    on_compile: Progress | None,
) -> Iterator[tuple[str, Array]]:
    """Radial, along-track and cross-track rms over the last revolution of one arc, shape (3,)."""
    arc = case.arc
    begin = Instant(int(arc.t_utc_us[i]))
    end_us = begin.us + round((fit_hours + hours) * _HOUR_US)
    judged = np.flatnonzero((arc.t_utc_us > end_us - _REVOLUTION_US) & (arc.t_utc_us <= end_us))
    t = arc.t_utc_us[judged]
    truth = np.hstack(transform(arc.frame, "GCRF", t, arc.r_m[judged], arc.v_m_s[judged]))
    r0, v0 = transform(arc.frame, "GCRF", begin.us, arc.r_m[i : i + 1], arc.v_m_s[i : i + 1])
    start = np.hstack([r0, v0])
    weather = held_weather(begin)
    for name in models:
        factor, used = 0.0, model
        state = start
        if name in (FITTED, FITTED_WITH_VELOCITY):
            fit = fit_ballistic(
                arc,
                from_utc=begin,
                fit_hours=fit_hours,
                model=model,
                is_velocity_fitted=name == FITTED_WITH_VELOCITY,
                on_compile=on_compile,
            )
            factor, state = fit.ballistic_m2_kg, fit.state_gcrf
        elif name == PUBLISHED:
            if case.published_ballistic_m2_kg is None:
                continue
            factor = case.published_ballistic_m2_kg
        else:
            used = _NULL_MODEL
        flown = propagate(used, begin.us, state, t, ballistic_m2_kg=factor, weather=weather)[0]
        off = local_components(truth, flown[:, :3] - truth[:, :3])
        yield name, np.sqrt(np.mean(off**2, axis=0))


def _row(
    name: str,
    hours: float,
    is_without_events: bool,
    errors: Sequence[tuple[str, Array]],
    cases: Sequence[str],
) -> HindcastRow:
    def rms(of: Sequence[Array]) -> Array:
        squares: Array = np.sqrt(np.mean(np.square(of), axis=0))
        return squares

    whole = rms([error for _, error in errors])
    by_case = []
    for case in cases:
        mine = [error for which, error in errors if which == case]
        if mine:
            _, along, cross = rms(mine)
            by_case.append((case, len(mine), float(along), float(cross)))
    return HindcastRow(
        model=name,
        hours_ahead=hours,
        is_without_events=is_without_events,
        n_arcs=len(errors),
        radial_rms_m=float(whole[0]),
        along_rms_m=float(whole[1]),
        cross_rms_m=float(whole[2]),
        along_median_m=float(np.median([error[1] for _, error in errors])),
        by_case=tuple(by_case),
    )
