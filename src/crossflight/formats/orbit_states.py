"""States of an ephemeris whatever their notation: metadata and rows to arcs that can be interpolated.

Source of the rules: CCSDS 502.0-B-3, section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import InputError, SchemaError
from crossflight.formats.epochs import TIME_SYSTEMS, LeapSecondError, epoch_us, to_utc_us
from crossflight.formats.orbit_source import Field, Source, shown
from crossflight.model.orbit import EphemerisArc
from crossflight.times import Instant

N_STATES_MIN: Final = 2
# The pole, where the ground is nearest to the Earth's centre (WGS 84).
RADIUS_M_MIN: Final = 6_356_752.0
# Two and a half times the Moon's distance; beyond it the metres of a file were taken for kilometres.
RADIUS_M_MAX: Final = 1e9
# What turns with the Earth at that distance has 73 km/s.
SPEED_M_S_MAX: Final = 100e3
# A step that is no gap: up to ten times the median, or up to an hour.
GAP_MEDIANS: Final = 10
GAP_S_MIN: Final = 3600.0
_S_US: Final = 1_000_000

MANDATORY: Final = (
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "START_TIME",
    "STOP_TIME",
)
OPTIONAL: Final = (
    "REF_FRAME_EPOCH",
    "USEABLE_START_TIME",
    "USEABLE_STOP_TIME",
    "INTERPOLATION",
    "INTERPOLATION_DEGREE",
)
# Frames by the names of files (SANA's registry of celestial body frames).  About the Earth's centre the
# axes of the ICRF are the GCRF; realisations of the ITRF differ by centimetres.
_ICRF: Final = ("GCRF", "ICRF", "ICRF1", "ICRF2", "ICRF3")
_ITRF_YEARS: Final = ("93", "97", "1993", "1997", "2000", "2005", "2008", "2014", "2020")
FRAMES: Final[dict[str, str]] = {
    "EME2000": "EME2000",
    **dict.fromkeys(_ICRF, "GCRF"),
    "ITRF": "ITRF",
    **{f"ITRF{dash}{year}": "ITRF" for dash in ("", "-") for year in _ITRF_YEARS},
    "TEME": "TEME",
    "TEMEOFDATE": "TEME",
}
_INTERPOLATIONS: Final = ("HERMITE", "LAGRANGE", "LINEAR")
_DEGREE_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a segment says about its states; times are microseconds on the clock of `time_system`."""

    source: Source
    line: int
    object_name: str
    object_id: str
    frame: str
    time_system: str
    start_us: int
    stop_us: int
    useable_start_us: int
    useable_stop_us: int
    interpolation: str
    degree: int

    def error(self, message: str, hint: str = "", line: int = 0) -> InputError:
        """An error at a line of the file; where none is given, at the metadata."""
        return self.source.error(SchemaError, message, line or self.line, 1, hint=hint)


class StateTable:
    """Rows gathered one by one, arrays at the end.

    Attributes
    ----------
    t_us
        Microseconds on the file's own clock.
    values
        Six numbers a row, one after another: km and km/s.
    lines
        The line of the file that each row stands on.
    """

    __slots__ = ("lines", "t_us", "values")

    def __init__(self) -> None:
        self.t_us: list[int] = []
        self.values: list[float] = []
        self.lines: list[int] = []


def field_us(value: Field) -> int:
    """The epoch that a field holds, in microseconds.

    Raises
    ------
    SchemaError
        If it is none.
    """
    try:
        return epoch_us(value.text)
    except ValueError as e:
        raise value.error(f"is {shown(value.text)}: {e}") from None


def metadata(source: Source, fields: dict[str, Field], line: int) -> Metadata:
    """The metadata of one segment; `line` is where they begin.

    Raises
    ------
    SchemaError
        If a mandatory keyword is missing, or a centre, frame or time system is not one that is read.
    """
    for key in MANDATORY:
        if key not in fields or not fields[key].text:
            raise source.error(SchemaError, f"the segment has no {key}", line, 1, hint=f"give {key}")
    fields["CENTER_NAME"].one_of(("EARTH",), "only orbits about the Earth are read")
    frame = fields["REF_FRAME"].one_of(
        tuple(FRAMES), "known: EME2000, GCRF, ICRF, ITRF (ITRF2000 to ITRF2020), TEME"
    )
    if FRAMES[frame] == "TEME" and "REF_FRAME_EPOCH" in fields:
        raise fields["REF_FRAME_EPOCH"].error("makes it TEME of an epoch", hint="only TEME of date is read")
    if "REF_FRAME_EPOCH" in fields:
        field_us(fields["REF_FRAME_EPOCH"])
    system = fields["TIME_SYSTEM"].one_of(TIME_SYSTEMS)
    start_us, stop_us = field_us(fields["START_TIME"]), field_us(fields["STOP_TIME"])
    useable_start_us, useable_stop_us = start_us, stop_us
    if "USEABLE_START_TIME" in fields:
        useable_start_us = field_us(fields["USEABLE_START_TIME"])
    if "USEABLE_STOP_TIME" in fields:
        useable_stop_us = field_us(fields["USEABLE_STOP_TIME"])
    if not start_us <= useable_start_us <= useable_stop_us <= stop_us:
        key = "USEABLE_STOP_TIME" if "USEABLE_STOP_TIME" in fields else "STOP_TIME"
        raise fields[key].error(
            "and the other times are out of order", hint="start, useable start, useable stop, stop"
        )
    interpolation, degree = "", 0
    if "INTERPOLATION" in fields:
        interpolation = fields["INTERPOLATION"].one_of(_INTERPOLATIONS)
    if "INTERPOLATION_DEGREE" in fields:
        degree = fields["INTERPOLATION_DEGREE"].count()
        if not 1 <= degree <= _DEGREE_MAX:
            raise fields["INTERPOLATION_DEGREE"].error(f"is {degree}, outside 1 to {_DEGREE_MAX}")
    return Metadata(
        source,
        line,
        fields["OBJECT_NAME"].text,
        fields["OBJECT_ID"].text,
        FRAMES[frame],
        system,
        start_us,
        stop_us,
        useable_start_us,
        useable_stop_us,
        interpolation,
        degree,
    )


def arc(meta: Metadata, table: StateTable, comments: tuple[str, ...]) -> EphemerisArc:
    """The arc of a segment's rows.

    Raises
    ------
    SchemaError
        If there are fewer than two states, an epoch does not come after the one before or lies outside
        START_TIME to STOP_TIME, a position lies inside the Earth or a million kilometres away, a number is
        not finite, or a step is a gap that nothing may be interpolated across.
    """
    if len(table.t_us) < N_STATES_MIN:
        few = "no states" if not table.t_us else "one state"
        raise meta.error(f"the segment has {few}, an orbit needs {N_STATES_MIN}")
    t_us = np.array(table.t_us, dtype=np.int64)
    lines = np.array(table.lines)
    _refuse_disorder(meta, t_us, lines)
    state = _metres(meta, np.array(table.values).reshape(-1, 6), lines)
    try:
        utc_us = to_utc_us(t_us, meta.time_system)
        useable_us = np.array([meta.useable_start_us, meta.useable_stop_us]).clip(t_us[0], t_us[-1])
        from_us, to_us = to_utc_us(useable_us, meta.time_system)
    except LeapSecondError as e:
        raise meta.error(f"epoch {_iso(t_us[e.index])}: {e}", "leave it out", int(lines[e.index])) from None
    except ValueError as e:
        raise meta.error(f"epoch {_iso(t_us[0])}: {e}", line=int(lines[0])) from None
    r_m, v_m_s = np.ascontiguousarray(state[:, :3]), np.ascontiguousarray(state[:, 3:])
    for array in (utc_us, r_m, v_m_s):
        array.flags.writeable = False
    return EphemerisArc(
        object_name=meta.object_name,
        object_id=meta.object_id,
        frame=meta.frame,
        t_utc_us=utc_us,
        r_m=r_m,
        v_m_s=v_m_s,
        useable_from_utc=Instant(int(from_us)),
        useable_to_utc=Instant(int(to_us)),
        interpolation=meta.interpolation,
        interpolation_degree=meta.degree,
        comments=comments,
    )


def in_order(arcs: list[tuple[Metadata, EphemerisArc]]) -> tuple[EphemerisArc, ...]:
    """The arcs of one message, once they fit together.

    Useable spans may share an instant and no more; whole spans may overlap, where the file says that
    what lies beyond the useable span is for interpolation only (5.2.4.4).

    Raises
    ------
    SchemaError
        If they overlap, are not in the order of time, or belong to several objects or time systems.
    """
    for (_, before), (meta, after) in pairwise(arcs):
        if after.object_id != before.object_id:
            raise meta.error(
                f"the segment is of {shown(after.object_id)}, the one before of {shown(before.object_id)}",
                "a file holds the orbit of one object; split it",
            )
        if meta.time_system != arcs[0][0].time_system:
            raise meta.error(
                f"the segment is in {meta.time_system}, the first in {arcs[0][0].time_system}",
                "a file has one time system",
            )
        if after.useable_from_utc < before.useable_to_utc:
            raise meta.error(
                f"the segment begins at {after.useable_from_utc.iso()}, "
                f"before the end of the one before it, {before.useable_to_utc.iso()}",
                "segments come in the order of time and share an instant at most",
            )
    return tuple(a for _, a in arcs)


def _iso(t_us: np.int64) -> str:
    return Instant(int(t_us)).iso().removesuffix("Z")


def _refuse_disorder(meta: Metadata, t_us: NDArray[np.int64], lines: NDArray[np.int64]) -> None:
    """Epochs that do not increase, lie outside the span, or leave a gap."""
    step_us = np.diff(t_us)
    back = np.flatnonzero(step_us <= 0)
    if len(back):
        i = int(back[0]) + 1
        raise meta.error(
            f"epoch {_iso(t_us[i])} does not come after {_iso(t_us[i - 1])} of line {lines[i - 1]}",
            "states stand in the order of time, each once",
            int(lines[i]),
        )
    for i, is_outside in ((0, t_us[0] < meta.start_us), (-1, t_us[-1] > meta.stop_us)):
        if is_outside:
            raise meta.error(
                f"epoch {_iso(t_us[i])} lies outside START_TIME to STOP_TIME, "
                f"{_iso(np.int64(meta.start_us))} to {_iso(np.int64(meta.stop_us))}",
                "correct the span or leave the state out",
                int(lines[i]),
            )
    limit_us = max(GAP_MEDIANS * float(np.median(step_us)), GAP_S_MIN * _S_US)
    gaps = np.flatnonzero(step_us > limit_us)
    if len(gaps):
        i = int(gaps[0]) + 1
        between = f"{_iso(t_us[i - 1])} (line {lines[i - 1]}) and {_iso(t_us[i])} (line {lines[i]})"
        raise meta.error(
            f"a gap of {step_us[i - 1] / _S_US / 3600:.1f} h between {between} that nothing can be "
            f"interpolated across; the limit is {limit_us / _S_US / 3600:.1f} h",
            "begin a new segment after the gap",
            int(lines[i]),
        )


def _metres(meta: Metadata, state_km: NDArray[np.float64], lines: NDArray[np.int64]) -> NDArray[np.float64]:
    """States in metres, once no number overflowed and no place or speed is impossible."""
    bad = np.flatnonzero(~np.isfinite(state_km).all(axis=1))
    if len(bad):
        raise meta.error("the state has a number that is not finite", line=int(lines[bad[0]]))
    # Far beyond the limits below, so that nothing overflows on the way to them.
    state = state_km.clip(-1e12, 1e12) * 1000.0
    radius_m = np.linalg.norm(state[:, :3], axis=1)
    speed_m_s = np.linalg.norm(state[:, 3:], axis=1)
    checks: tuple[tuple[NDArray[np.bool_], Callable[[int], str], str], ...] = (
        (
            radius_m < RADIUS_M_MIN,
            lambda i: f"the position lies inside the Earth, {radius_m[i] / 1000:.0f} km from its centre",
            "positions are in km from the Earth's centre",
        ),
        (
            radius_m > RADIUS_M_MAX,
            lambda i: f"the position lies {radius_m[i] / 1000:.3g} km from the Earth's centre, beyond 1e6 km",
            "positions are in km, not m",
        ),
        (
            speed_m_s > SPEED_M_S_MAX,
            lambda i: f"the speed is {speed_m_s[i] / 1000:.3g} km/s, more than {SPEED_M_S_MAX / 1000:g}",
            "velocities are in km/s, not m/s",
        ),
    )
    for is_wrong, says, hint in checks:
        found = np.flatnonzero(is_wrong)
        if len(found):
            i = int(found[0])
            raise meta.error(says(i), hint, int(lines[i]))
    return state
