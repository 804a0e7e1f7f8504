"""The station's way over a rendezvous: flown once in the full force model, looked up at any instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.compiled import Progress
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.frames import transform
from crossflight.dynamics.interpolation import N_NODES, states_at
from crossflight.dynamics.mean_orbit import satellite
from crossflight.dynamics.propagation import propagate, propagate_arc
from crossflight.dynamics.time_scales import TimesUs, instants_us
from crossflight.errors import InputError
from crossflight.flight.local_frame import axes_gcrf, gcrf_from_lvlh, lvlh_from_gcrf
from crossflight.model.orbit import ElementSet, EphemerisArc
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

Array = NDArray[np.float64]

# The station's own ephemeris messages: area 1980 m2, coefficient 3.0, mass 459 692 kg (April 2022).
STATION_BALLISTIC_M2_KG: Final = 0.0129
STATION_MASS_KG: Final = 459_692.0
_STEP_US: Final = 180_000_000


@dataclass(frozen=True, slots=True)
class TargetTrack:
    """States of the target from `from_utc` to `to_utc`; made by `of` or `of_elements`.

    Attributes
    ----------
    arc
        The states, GCRF, with nodes beyond both ends.
    model, ballistic_m2_kg
        What it was flown with.
    after
        The track from the target's next burn on, if it makes any.
    """

    arc: EphemerisArc
    model: ForceModel
    ballistic_m2_kg: float
    from_utc: Instant
    to_utc: Instant
    after: TargetTrack | None = None

    @classmethod
    def of(
        cls,
        state: CraftState,
        to_utc: Instant,
        *,
        from_utc: Instant | None = None,
        model: ForceModel | None = None,
        ballistic_m2_kg: float = STATION_BALLISTIC_M2_KG,
        burns: Sequence[tuple[Instant, float]] = (),
        on_compile: Progress | None = None,
    ) -> TargetTrack:
        """The track of a state, from its instant (or `from_utc`) to `to_utc`.

        Parameters
        ----------
        burns
            When the target changes its speed, and by how much, m/s; in order of time.

        Raises
        ------
        InputError
            If the span is empty, the state not finite, or the orbit falls down in between.
        """
        begin = state.utc if from_utc is None else from_utc
        if not begin < to_utc:
            raise InputError(f"a track from {begin} to {to_utc} is empty", hint="Give a later end.")
        model = ForceModel() if model is None else model
        n = -(-(to_utc.us - begin.us) // _STEP_US) + N_NODES
        nodes = begin.us + _STEP_US * np.arange(-N_NODES, n + 1, dtype=np.int64)
        arc = propagate_arc(
            model,
            state.utc,
            np.concatenate([state.r_gcrf_m, state.v_gcrf_m_s]),
            nodes,
            object_name="target",
            object_id="",
            ballistic_m2_kg=ballistic_m2_kg,
            on_compile=on_compile,
        )
        track = cls(arc, model, ballistic_m2_kg, begin, to_utc)
        later = [(at, dv) for at, dv in burns if begin < at < to_utc]
        if not later:
            return track
        at, dv_m_s = later[0]
        y = track.states(at.us)[0]
        y[3:] *= 1 + dv_m_s / np.linalg.norm(y[3:])
        burnt = CraftState(at, y[:3], y[3:], state.mass_kg)
        after = cls.of(burnt, to_utc, model=model, ballistic_m2_kg=ballistic_m2_kg, burns=later[1:])
        return replace(track, after=after)

    @classmethod
    def of_elements(
        cls,
        elements: ElementSet,
        from_utc: Instant,
        to_utc: Instant,
        *,
        model: ForceModel | None = None,
        ballistic_m2_kg: float = STATION_BALLISTIC_M2_KG,
        burns: Sequence[tuple[Instant, float]] = (),
        on_compile: Progress | None = None,
    ) -> TargetTrack:
        """The track that begins where SGP4 has the target at `from_utc`; burns before that count as made."""
        state = state_of_elements(elements, from_utc)
        return cls.of(
            state, to_utc, model=model, ballistic_m2_kg=ballistic_m2_kg, burns=burns, on_compile=on_compile
        )

    def states(self, t_utc_us: TimesUs | int) -> Array:
        """States (n, 6) at instants, GCRF m and m/s.

        Raises
        ------
        InputError
            For an instant outside the track.
        """
        t = instants_us(t_utc_us)
        for at in (int(t.min()), int(t.max())) if t.size else ():
            if not self.from_utc.us <= at <= self.to_utc.us:
                raise InputError(
                    f"{Instant(at)} is outside the target's track of {self.from_utc} to {self.to_utc}",
                    hint="Fly the target over a longer span.",
                )
        if self.after is None or not t.size or int(t.max()) < self.after.from_utc.us:
            return np.concatenate(states_at(self.arc, t), axis=1)
        is_after = t >= self.after.from_utc.us
        out = np.empty((len(t), 6))
        out[is_after] = self.after.states(t[is_after])
        if not is_after.all():
            out[~is_after] = np.concatenate(states_at(self.arc, t[~is_after]), axis=1)
        return out

    def axes(self, t_utc_us: TimesUs | int) -> Array:
        """Axes of LVLH (n, 3, 3), as rows in the GCRF."""
        return axes_gcrf(self.states(t_utc_us))

    def lvlh(self, t_utc_us: TimesUs | int, craft_gcrf: Array) -> Array:
        """Relative states (n, 6), LVLH of the target, of states (n, 6) at as many instants."""
        return lvlh_from_gcrf(self.states(t_utc_us), craft_gcrf)

    def gcrf(self, t_utc_us: TimesUs | int, relative_lvlh: Array) -> Array:
        """The inverse of `lvlh`."""
        return gcrf_from_lvlh(self.states(t_utc_us), relative_lvlh)

    def range_m(self, t_utc_us: TimesUs | int, craft_gcrf: Array) -> Array:
        """Distances (n,) of a craft from the target."""
        away: Array = np.linalg.norm(craft_gcrf[:, :3] - self.states(t_utc_us)[:, :3], axis=1)
        return away

    def period_s(self, at_utc: Instant) -> float:
        """One revolution from ascending node to ascending node, nearly: by the turning of the radius."""
        span_us = min(6_000_000_000, self.to_utc.us - at_utc.us)
        begin_us = at_utc.us if span_us > 3_000_000_000 else self.from_utc.us
        t = np.linspace(begin_us, min(begin_us + 6_000_000_000, self.to_utc.us), 60).astype(np.int64)
        turned = turned_rad(self.states(t))
        return float(2 * np.pi * (t[-1] - t[0]) / 1e6 / turned[-1])


def turned_rad(states_gcrf: Array) -> Array:
    """Angle the radius has turned through since the first of states (n, 6) less than half a turn apart."""
    unit = states_gcrf[:, :3] / np.linalg.norm(states_gcrf[:, :3], axis=1, keepdims=True)
    cosines = np.clip(np.sum(unit[1:] * unit[:-1], axis=1), -1.0, 1.0)
    sines = np.linalg.norm(np.cross(unit[:-1], unit[1:]), axis=1)
    return np.concatenate([[0.0], np.cumsum(np.arctan2(sines, cosines))])


def state_of_elements(elements: ElementSet, at_utc: Instant) -> CraftState:
    """Where SGP4 has the station at an instant, as a state in the GCRF.

    Raises
    ------
    InputError
        If SGP4 cannot follow the elements so far.
    """
    from crossflight.dynamics.time_scales import julian_date

    day, fraction = (float(x[0]) for x in julian_date(np.array([at_utc.us])))
    error, r_km, v_km_s = satellite(elements).sgp4(day, fraction)
    if error:
        raise InputError(
            f"SGP4 cannot follow the elements of {elements.epoch_utc} to {at_utc} (its error {error})",
            hint="Use a set nearer to the flight.",
        )
    r, v = transform("TEME", "GCRF", at_utc.us, np.array([r_km]) * 1000.0, np.array([v_km_s]) * 1000.0)
    return CraftState(at_utc, r[0], v[0], STATION_MASS_KG)


def flown(
    model: ForceModel,
    ballistic_m2_kg: float,
    at_us: int,
    states_gcrf: Array,
    to_us: int,
    *,
    step_s: float = 180.0,
) -> Array:
    """States (n, 6) carried from one instant to another without a burn."""
    if to_us == at_us:
        return states_gcrf.copy()
    return propagate(model, at_us, states_gcrf, to_us, ballistic_m2_kg=ballistic_m2_kg, step_s=step_s)[:, 0]
