"""Where each rendezvous profile burns: windows in revolutions, or a schedule from co-elliptic geometry.

Soyuz: two burns on the first revolution, loaded before launch; then the automatic sequence, three large
burns and three small ones (flight.md).  Windows are in revolutions after insertion or before arrival.

Dragon: phase at the first apogee, boost at the same place of the orbit whole revolutions later, close half
a revolution on into an orbit that runs 10 km under the station's; transfer and co-elliptic, half a
revolution apart, into one 2.5 km under it; an out-of-plane trim; approach initiation.  How many
revolutions lie between phase and boost follows from the angle to catch up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics import nodes
from crossflight.errors import UsageError
from crossflight.flight.rendezvous_guess import MeanFlight
from crossflight.flight.transfer import CoellipticAim, Slot

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """Revolutions in which one burn may be, after the start or (negative) before the arrival.

    `limit_m_s` and `price` are the `Slot`'s.
    """

    name: str
    from_rev: float
    to_rev: float
    limit_m_s: float = float("inf")
    price: float = 1.0


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a profile burns and where it hands over to the approach.

    Attributes
    ----------
    windows
        In the order of flight; none for a co-elliptic scheme.
    arrival_lvlh
        State at arrival, LVLH of the target: m and m/s.
    arrival_before_docking_s
        Arrival before contact.
    hours
        Lift-off to contact where nothing else is asked for.
    coelliptic
        Windows after whose burn the orbit is the target's, so many metres lower.
    """

    name: str
    windows: tuple[Window, ...]
    arrival_lvlh: tuple[float, float, float, float, float, float]
    arrival_before_docking_s: float
    hours: float
    coelliptic: tuple[tuple[str, float], ...] = ()

    @property
    def is_coelliptic(self) -> bool:
        """Whether the schedule comes from co-elliptic orbits."""
        return not self.windows


# The thrusters', not the main engine's [assumed].
SMALL_M_S: Final = 10.0
# Three large and three small burns of the automatic sequence.  MS-03 began it 2 h 23 min before docking and
# made its last large burn 74 min before: 1.2 and 0.5 revolutions before an arrival half an hour ahead of
# docking, so these two times are no outcome; the rest is spaced evenly between [assumed].
_SMALL_BURNS: Final = (
    Window("correction", -0.30, -0.20, SMALL_M_S),
    Window("braking 1", -0.12, -0.09, SMALL_M_S),
    Window("braking 2", -0.05, -0.03, SMALL_M_S),
)
_AUTOMATIC: Final = (
    Window("automatic 1", -1.15, -0.95),
    Window("automatic 2", -0.85, -0.65),
    Window("automatic 3", -0.52, -0.42),
    *_SMALL_BURNS,
)
# Of a 2-orbit flight the first revolution leaves less room.
_AUTOMATIC_SHORT: Final = (
    Window("automatic 1", -0.76, -0.68),
    Window("automatic 2", -0.62, -0.54),
    Window("automatic 3", -0.50, -0.42),
    *_SMALL_BURNS,
)
_ARRIVAL_M: Final = 1100.0
_STOP_M: Final = 200.0  # flight.md: fly-around and station-keeping at 200 to 300 m
# Mean braking from 1.1 km to a stop: a seventh of what four thrusters give [assumed].
_BRAKING_M_S2: Final = 0.01
_SPEED_M_S: Final = float(np.sqrt(2 * _BRAKING_M_S2 * (_ARRIVAL_M - _STOP_M)))
_SLANT: Final = float(np.sqrt(0.5))
# A craft that rises to the station's orbit comes from below and, at the end slower than the station, from
# ahead: half way between the two [assumed].
_SOYUZ_ARRIVAL: Final = (
    _ARRIVAL_M * _SLANT, 0.0, _ARRIVAL_M * _SLANT, -_SPEED_M_S * _SLANT, 0.0, -_SPEED_M_S * _SLANT,
)  # fmt: skip
_SOYUZ_BEFORE_S: Final = 1800.0  # flight.md: 1.1 km 30 minutes before docking

# flight.md: approach initiation at 7.5 km, 90 minutes before contact, from 2.5 km below.
_INITIATION_M: Final = 7500.0
_BELOW_M: Final = 2500.0
_FIRST_BELOW_M: Final = 10_000.0
_MEAN_MOTION_RAD_S: Final = nodes.mean_motion_rad_s(6_796_000.0)
_BEHIND_M: Final = float(np.sqrt(_INITIATION_M**2 - _BELOW_M**2))
_DRAGON_ARRIVAL: Final = (-_BEHIND_M, 0.0, _BELOW_M, 1.5 * _MEAN_MOTION_RAD_S * _BELOW_M, 0.0, 0.0)
_DRAGON_BEFORE_S: Final = 5400.0
# Revolutions 2.5 km below before approach initiation, and at least 10 km below before the transfer:
# time for relative navigation, a go or no-go on each [assumed].  Both numbers, and the trim's, were chosen
# with Crew-1's schedule in view: one revolution more or less moves the burns before it by 90 minutes, so
# that transfer, co-elliptic and trim of Crew-1 test nothing.  From 2.7 to 3.5 revolutions 10 km below give
# the same boost, because only whole revolutions lie between phase and boost.
_FINAL_REVS: Final = 2.0
_FIRST_REVS: Final = (3.0, 2.0, 1.0)
_TRIM_REVS: Final = 0.65  # before approach initiation [assumed]
_TRIM_LIMIT_M_S: Final = 5.0
# A trim is for what the co-elliptic burn leaves over: at the same price the least total has part of that burn
# in the trim, and between the two an orbit that drifts into the station's ellipsoid (measured, 0.6 km).
_TRIM_PRICE: Final = 5.0

_TWO: Final = Scheme(
    "2-orbit",
    (Window("burn 1", 0.35, 0.55), Window("burn 2", 0.70, 0.84), *_AUTOMATIC_SHORT),
    _SOYUZ_ARRIVAL, _SOYUZ_BEFORE_S, 3.2,
)  # fmt: skip
_FOUR: Final = Scheme(
    "4-orbit",
    (Window("burn 1", 0.35, 0.60), Window("burn 2", 0.85, 1.10), *_AUTOMATIC),
    _SOYUZ_ARRIVAL, _SOYUZ_BEFORE_S, 6.0,
)  # fmt: skip
_LONG: Final = Scheme(
    "34-orbit",
    # Two burns on the third and fourth revolution, one on the seventeenth [assumed].
    (Window("burn 1", 2.2, 2.8), Window("burn 2", 3.0, 3.6), Window("burn 3", 15.7, 16.3), *_AUTOMATIC),
    _SOYUZ_ARRIVAL, _SOYUZ_BEFORE_S, 50.1,
)  # fmt: skip
# After a co-elliptic craft has lost its place in the sequence: it stops its drift, waits, and comes back
# under the station; the last two and a half revolutions are as planned [assumed].
WAVE_OFF: Final = Scheme(
    "wave-off",
    (
        Window("wave-off 1", 0.4, 0.6), Window("wave-off 2", 0.9, 1.1), Window("phase", -6.1, -5.9),
        Window("boost", -5.6, -5.4), Window("close", -5.1, -4.9), Window("transfer", -2.55, -2.45),
        Window("co-elliptic", -2.05, -1.95), Window("out-of-plane", -0.7, -0.6, _TRIM_LIMIT_M_S),
    ),
    _DRAGON_ARRIVAL, _DRAGON_BEFORE_S, 24.0,
)  # fmt: skip
# Apollo to Soyuz 19: when it burnt is an input here, how much an outcome.  Correction 16 July 19:18, NC2
# 17 July 12:51, NSR 14:12, TPI 15:17 UTC, half a mile at 15:46 (SP-4209, its times of 17 July read as
# Houston's), contact 16:09 (SP-4012).  Circularisation at the third apogee, NC1 after five and a half hours,
# NCC 37 minutes before NSR: general knowledge of the flight plan [assumed].  The first burn makes a circle of
# 150 x 168 km and no more; the correction is for what NC1 leaves over.
_APOLLO_CIRCLE_M_S: Final = 5.4
_APOLLO_BEFORE_S: Final = 1440.0
_APOLLO_BELOW_M: Final = 18_520.0  # ten nautical miles, as Gemini and Apollo flew [assumed]
APOLLO_SOYUZ: Final = Scheme(
    "29-orbit",
    (
        Window("circularisation", 2.25, 2.37, _APOLLO_CIRCLE_M_S), Window("phasing 1", 3.3, 3.6),
        Window("correction", -13.85, -13.75, SMALL_M_S, _TRIM_PRICE), Window("phasing 2", -1.97, -1.91),
        Window("combined", -1.45, -1.37), Window("co-elliptic", -1.06, -1.0),
        Window("terminal", -0.33, -0.29),
        Window("braking 1", -0.12, -0.09, SMALL_M_S), Window("braking 2", -0.05, -0.03, SMALL_M_S),
    ),
    _SOYUZ_ARRIVAL, _APOLLO_BEFORE_S, 44.3,
    coelliptic=(("co-elliptic", _APOLLO_BELOW_M),),
)  # fmt: skip
# After a missed burn: half a revolution to see what happened and to load new burns, as for the wave-off
# [assumed].
_STOPS: Final = (Window("stop 1", 0.4, 0.6), Window("stop 2", 0.9, 1.1))
SOYUZ_SCHEMES: Final = (_TWO, _FOUR, _LONG)
COELLIPTIC: Final = Scheme("co-elliptic", (), _DRAGON_ARRIVAL, _DRAGON_BEFORE_S, 28.0)


def schemes_of(docking: str) -> tuple[Scheme, ...]:
    """The schemes of craft with a docking system, fastest first."""
    return {"probe-drogue": SOYUZ_SCHEMES, "apas-75": (APOLLO_SOYUZ,)}.get(docking, (COELLIPTIC,))


def scheme_named(docking: str, profile: str) -> Scheme:
    """The scheme that flies a profile of `ascent`.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    known = schemes_of(docking)
    if known == (COELLIPTIC,):
        return WAVE_OFF if profile == WAVE_OFF.name else COELLIPTIC
    for scheme in known:
        if scheme.name == profile:
            return scheme
    raise UsageError(
        f"there is no rendezvous profile {profile!r}", hint=f"known: {', '.join(s.name for s in known)}"
    )


def after_missed_burn(scheme: Scheme) -> Scheme:
    """A scheme begun in the middle of a flight: burns that stop the drift come before its own."""
    if scheme.is_coelliptic or scheme is WAVE_OFF:
        return scheme
    return replace(scheme, windows=(*_STOPS, *scheme.windows))


def windowed_slots(
    scheme: Scheme, start_us: int, end_us: int, period_s: float, *, at: float = 0.5
) -> tuple[Slot, ...]:
    """One slot in each window, `at` from 0 to 1 of it; those that do not fit in the order are left out.

    Windows of the start go before those of the arrival where the two meet.
    """
    found: list[Slot] = []
    for window in scheme.windows:
        revs = window.from_rev + at * (window.to_rev - window.from_rev)
        t_us = (end_us if revs < 0 else start_us) + round(revs * period_s * 1e6)
        if found and t_us < found[-1].at_us + 60_000_000:
            continue
        if start_us < t_us < end_us:
            found.append(Slot(window.name, t_us, window.limit_m_s, window.price))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class CoellipticSchedule:
    """Slots of a co-elliptic rendezvous, the aim on the way, a guess along the track, the phase caught up."""

    slots: tuple[Slot, ...]
    ways: tuple[CoellipticAim, ...]
    along_m_s: Array
    n_revolutions: int
    phase_rad: float


def coelliptic_schedule(
    flight: MeanFlight, first_apogee_us: int, apogee_axis_m: float, period_s: float
) -> CoellipticSchedule | None:
    """The schedule of a co-elliptic rendezvous; None where the phase cannot be caught up so.

    Parameters
    ----------
    flight
        Its end is approach initiation.
    first_apogee_us
        When the craft is first at its apogee.
    apogee_axis_m
        Its radius there.
    period_s
        The target's revolution.
    """
    final_us = flight.end_us - round(_FINAL_REVS * period_s * 1e6)
    transfer_us = final_us - round(0.5 * period_s * 1e6)
    low_m = flight.axis_m
    # An orbit from the apogee of insertion up to the first co-elliptic orbit: higher than that is no phasing.
    high_m = (apogee_axis_m + flight.target_axis_m - _FIRST_BELOW_M) / 2
    for turn in (0, 1):
        wanted = flight.phase_rad + 2 * np.pi * turn - _INITIATION_M / flight.target_axis_m
        for first_revs in _FIRST_REVS:
            latest_us = transfer_us - round(first_revs * period_s * 1e6)
            found = _phasing(flight, first_apogee_us, transfer_us, latest_us, wanted, low_m, high_m)
            if found is not None:
                axis_m, n_revs, boost_us, close_us = found
                return _schedule(
                    flight, axis_m, n_revs, apogee_axis_m,
                    (first_apogee_us, boost_us, close_us, transfer_us, final_us), period_s,
                    flight.phase_rad + 2 * np.pi * turn,
                )  # fmt: skip
    return None


def _phasing(
    flight: MeanFlight,
    first_us: int,
    transfer_us: int,
    latest_us: int,
    wanted_rad: float,
    low_m: float,
    high_m: float,
) -> tuple[float, int, int, int] | None:
    """Phasing axis, revolutions in it, instants of boost and close: as many revolutions as can be."""
    n_most = int((latest_us - first_us) / 1e6 * flight.rate_rad_s(low_m) / (2 * np.pi))
    for n_revs in range(n_most, 0, -1):
        lowest, _, close_us = _gain(flight, first_us, transfer_us, n_revs, low_m)
        if close_us > latest_us:
            continue
        highest, *_ = _gain(flight, first_us, transfer_us, n_revs, high_m)
        if not highest <= wanted_rad <= lowest:
            continue
        low, high = low_m, high_m
        for _ in range(50):
            middle = (low + high) / 2
            gain, boost_us, close_us = _gain(flight, first_us, transfer_us, n_revs, middle)
            low, high = (middle, high) if gain > wanted_rad else (low, middle)
        if close_us <= latest_us:
            return middle, n_revs, boost_us, close_us
    return None


def _gain(
    flight: MeanFlight, first_us: int, transfer_us: int, n_revs: int, axis_m: float
) -> tuple[float, int, int]:
    """Angle caught up by approach initiation, and instants of boost and close, for a phasing axis."""
    first_axis = flight.target_axis_m - _FIRST_BELOW_M
    rise_axis = first_axis - (first_axis - axis_m) / 2
    boost_us = first_us + round(n_revs * 2 * np.pi / flight.rate_rad_s(axis_m) * 1e6)
    close_us = boost_us + round(np.pi / flight.rate_rad_s(rise_axis) * 1e6)
    half_us = round(np.pi / flight.rate_rad_s(flight.target_axis_m) * 1e6)
    legs = (
        (flight.start_us, first_us, flight.axis_m),
        (first_us, boost_us, axis_m),
        (boost_us, close_us, rise_axis),
        (close_us, transfer_us, first_axis),
        (transfer_us, transfer_us + half_us, flight.target_axis_m - (_FIRST_BELOW_M + _BELOW_M) / 2),
        (transfer_us + half_us, flight.end_us, flight.target_axis_m - _BELOW_M),
    )
    target = flight.target_turned_rad
    turned = sum(flight.rate_rad_s(a) * (to_us - from_us) / 1e6 for from_us, to_us, a in legs)
    return turned - target, boost_us, close_us


def _schedule(
    flight: MeanFlight,
    axis_m: float,
    n_revs: int,
    apogee_axis_m: float,
    at_us: tuple[int, int, int, int, int],
    period_s: float,
    phase_rad: float,
) -> CoellipticSchedule:
    first_axis = flight.target_axis_m - _FIRST_BELOW_M
    far_m = 2 * axis_m - apogee_axis_m
    rate = nodes.mean_motion_rad_s(flight.target_axis_m)
    per_axis = nodes.mean_motion_rad_s(axis_m) / 2
    small = rate / 4 * (_FIRST_BELOW_M - _BELOW_M)
    along = (
        (axis_m - flight.axis_m) * per_axis,
        (first_axis - far_m) / 2 * per_axis,
        (first_axis - apogee_axis_m) / 2 * rate / 2,
        small,
        small,
        0.0,
    )
    trim_us = flight.end_us - round(_TRIM_REVS * period_s * 1e6)
    names = ("phase", "boost", "close", "transfer", "co-elliptic")
    slots = [Slot(name, t) for name, t in zip(names, at_us, strict=True)]
    slots.append(Slot("out-of-plane", trim_us, _TRIM_LIMIT_M_S, _TRIM_PRICE))
    return CoellipticSchedule(
        tuple(slots), (CoellipticAim(2, _FIRST_BELOW_M),), np.array(along), n_revs, phase_rad
    )
