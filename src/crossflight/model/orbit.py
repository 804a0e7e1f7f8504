"""Orbits as files say them: a set of mean elements, an ephemeris of states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crossflight.times import Instant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ElementSet:
    """Mean elements for SGP4 (Brouwer mean, TEME of date, UTC), as a TLE or an OMM carries them.

    Angles in degrees and rates per day are the units of both formats and of nothing else here.

    Attributes
    ----------
    object_id
        International designator, ``1998-067A``.
    mean_motion_rev_day
        Kozai mean motion.
    bstar_per_er
        SGP4 drag term, per Earth radius.
    mean_motion_dot_rev_day2, mean_motion_ddot_rev_day3
        Half the first and a sixth of the second derivative, as the formats carry them; SGP4 uses neither.
    source
        Where it was read: a file's name, or a few words.
    """

    object_name: str
    object_id: str
    norad_id: int
    epoch_utc: Instant
    mean_motion_rev_day: float
    eccentricity: float
    inclination_deg: float
    raan_deg: float
    arg_perigee_deg: float
    mean_anomaly_deg: float
    bstar_per_er: float = 0.0
    mean_motion_dot_rev_day2: float = 0.0
    mean_motion_ddot_rev_day3: float = 0.0
    n_revolutions: int = 0
    element_set_number: int = 999
    classification: str = "U"
    source: str = ""


@dataclass(frozen=True, slots=True)
class EphemerisArc:
    """States of one object in one frame, without a break (a segment of an OEM).

    Attributes
    ----------
    frame
        ``GCRF``, ``EME2000``, ``ITRF`` or ``TEME``.
    t_utc_us
        Shape (n,), int64: microseconds as `Instant.us`, strictly increasing.
    r_m, v_m_s
        Shape (n, 3): position and velocity in `frame`.
    useable_from_utc, useable_to_utc
        Where an interpolation may be trusted; the whole arc when the file does not say.
    interpolation, interpolation_degree
        As the file proposes them (``HERMITE``, ``LAGRANGE``, ``LINEAR``), or empty and 0.
    comments
        Free text of the data section, one line each.
    """

    object_name: str
    object_id: str
    frame: str
    t_utc_us: NDArray[np.int64]
    r_m: NDArray[np.float64]
    v_m_s: NDArray[np.float64]
    useable_from_utc: Instant
    useable_to_utc: Instant
    interpolation: str = ""
    interpolation_degree: int = 0
    comments: tuple[str, ...] = ()

    @property
    def from_utc(self) -> Instant:
        """The first state's instant."""
        return Instant(int(self.t_utc_us[0]))

    @property
    def to_utc(self) -> Instant:
        """The last state's instant."""
        return Instant(int(self.t_utc_us[-1]))


@dataclass(frozen=True, slots=True)
class Ephemeris:
    """An orbit ephemeris message: arcs in the order of time."""

    originator: str
    created_utc: Instant
    arcs: tuple[EphemerisArc, ...]
    comments: tuple[str, ...] = ()
    source: str = ""
