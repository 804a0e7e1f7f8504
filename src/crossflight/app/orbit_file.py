"""The target's orbit a command works with: from a file, from standard input, or one that ships with us."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import pi
from typing import TYPE_CHECKING, Final

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.errors import InputError, SyntaxInputError, UsageError
from crossflight.history.elements import archived_elements, bundled_orbit, bundled_orbits, target_burns
from crossflight.model.orbit import ElementSet, Ephemeris, EphemerisArc
from crossflight.times import DAY_S, Instant

if TYPE_CHECKING:
    from crossflight.dynamics.mean_orbit import AltitudeChange, MeanOrbit

STDIN: Final = "-"
ARCHIVE: Final = "archive"
STATION_NORAD_ID: Final = 25544
# A span that begins so long after the elements' epoch is a mistake; one that begins before it, a little.
_DAYS_AFTER_MAX: Final = 3653.0
_DAYS_BEFORE_MAX: Final = 30.0
_KEPT_FROM_M: Final = 300_000.0
# Catalogue numbers of stations whose altitude is kept: ISS, Tiangong's core module.
_STATIONS: Final = (25544, 48274)
_DECAYED_BELOW_KM: Final = 120.0
# Neighbours up to a tenth of a revolution apart can judge a state [assumed].
_TURN_MAX_RAD: Final = 0.7
_MISS_MAX_M: Final = 1000.0
_OFF_MAX_M_S: Final = 30.0
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class PlannedBurn:
    """A burn of the target along its velocity."""

    at_utc: Instant
    dv_m_s: float


@dataclass(frozen=True, slots=True)
class OrbitFile:
    """What a file says of the target's orbit: element sets in order of epoch, or an ephemeris.

    `burns` are those a bundled orbit's object made afterwards.
    """

    label: str
    elements: tuple[ElementSet, ...]
    ephemeris: Ephemeris | None
    warnings: tuple[str, ...] = ()
    burns: tuple[PlannedBurn, ...] = ()

    def elements_at(self, at: Instant) -> ElementSet:
        """The last set not after an instant, else the first there is."""
        known = [e for e in self.elements if e.epoch_utc <= at]
        return known[-1] if known else self.elements[0]

    @property
    def first_utc(self) -> Instant:
        """Epoch of the first set, or the ephemeris' first state."""
        return self.elements[0].epoch_utc if self.ephemeris is None else self.ephemeris.arcs[0].from_utc

    @property
    def last_utc(self) -> Instant:
        """Epoch of the last set, or the ephemeris' first state: from when on foresight begins."""
        return self.elements[-1].epoch_utc if self.ephemeris is None else self.ephemeris.arcs[0].from_utc


@dataclass(frozen=True, slots=True)
class Target:
    """The target's mean orbit for one span of days, and where it comes from."""

    orbit: MeanOrbit
    epoch_utc: Instant
    source: str
    warnings: tuple[str, ...]


def read_orbit_file(name: str) -> OrbitFile:
    """Read a TLE, OMM or OEM file; ``-`` is standard input, ``archive`` the ISS sets that ship with us.

    Raises
    ------
    InputError
        With file and line, if it cannot be read as an orbit.
    """
    if name == ARCHIVE:
        return OrbitFile("the archive of ISS element sets", _archive(), None)
    if name in bundled_orbits() and not os.path.exists(name):
        burns = tuple(PlannedBurn(at, dv) for at, dv in target_burns(name))
        return replace(_read(bundled_orbit(name), f"{name}.omm"), burns=burns)
    return _read(_content(name), "standard input" if name == STDIN else name)


def _read(data: bytes, label: str) -> OrbitFile:
    from crossflight.formats.elements import is_suspicious
    from crossflight.formats.orbit import read_orbit

    found = read_orbit(data, label)
    if isinstance(found, Ephemeris):
        for arc in found.arcs:
            _refuse_impossible(arc, label)
        return OrbitFile(label, (), found)
    _refuse_several_objects(found, label)
    elements = tuple(sorted(found, key=lambda e: e.epoch_utc.us))
    doubts = {doubt for e in elements if (doubt := is_suspicious(e))}
    return OrbitFile(label, elements, None, tuple(sorted(doubts)))


def _refuse_impossible(arc: EphemerisArc, label: str) -> None:
    """Refuse states that no orbit links: a moved one, velocities of another frame.

    Each state is compared with Hermite's polynomial through its neighbours, and the acceleration its
    neighbours' velocities make with the Earth's pull.  Only where steps are short enough to say.
    """
    import numpy as np

    from crossflight.dynamics.frames import transform
    from crossflight.dynamics.nodes import MU_M3_S2

    if arc.t_utc_us.size < 3:
        return
    # An inertial frame: in the turning one the pull is not all there is.
    r, v = transform(arc.frame, "GCRF", arc.t_utc_us, arc.r_m, arc.v_m_s)
    t = (arc.t_utc_us - arc.t_utc_us[0]) / 1e6
    span = t[2:] - t[:-2]
    share = ((t[1:-1] - t[:-2]) / span)[:, None]
    h = span[:, None]
    p0, p1, m0, m1 = r[:-2], r[2:], v[:-2] * h, v[2:] * h
    middle = (
        (2 * share**3 - 3 * share**2 + 1) * p0
        + (share**3 - 2 * share**2 + share) * m0
        + (-2 * share**3 + 3 * share**2) * p1
        + (share**3 - share**2) * m1
    )
    pull = -MU_M3_S2 * r / np.linalg.norm(r, axis=1)[:, None] ** 3
    pulled = (pull[:-1] + pull[1:]) / 2 * np.diff(t)[:, None]
    off_m_s = np.linalg.norm(v[2:] - v[:-2] - pulled[:-1] - pulled[1:], axis=1)
    pull_m_s = np.linalg.norm(pull[1:-1], axis=1) * span
    turn = span * np.sqrt(np.linalg.norm(pull[1:-1], axis=1) / np.linalg.norm(r[1:-1], axis=1))
    miss_m = np.linalg.norm(r[1:-1] - middle, axis=1)
    # Hermite's error goes with the fourth power of the turn between neighbours, the pull's with its square;
    # burns change velocities by metres a second and nothing at once.
    miss_max_m = _MISS_MAX_M + turn**4 / 100 * np.linalg.norm(r[1:-1], axis=1)
    off_max_m_s = _OFF_MAX_M_S + turn**2 / 8 * pull_m_s
    bad = (turn < _TURN_MAX_RAD) & ((miss_m > miss_max_m) | (off_m_s > off_max_m_s))
    if bad.any():
        k = int(np.flatnonzero(bad)[0])
        raise InputError(
            f"the state of {Instant(int(arc.t_utc_us[k + 1])).iso()} does not follow from its neighbours: "
            f"it is {miss_m[k] / 1000:.1f} km off their curve (limit {miss_max_m[k] / 1000:.1f}), and their "
            f"velocities are {off_m_s[k]:.0f} m/s off what the Earth's pull makes of them "
            f"(limit {off_max_m_s[k]:.0f})",
            hint="a state was changed, or the frame is not the one REF_FRAME says",
            file=label,
        )


def _refuse_several_objects(sets: Sequence[ElementSet], label: str) -> None:
    names = {e.norad_id: e.object_name or str(e.norad_id) for e in sets}
    if len(names) > 1:
        shown = ", ".join(list(names.values())[:4])
        raise InputError(
            f"the file has element sets of {len(names)} objects: {shown}",
            hint="keep those of the station only",
            file=label,
        )


@cache
def _archive() -> tuple[ElementSet, ...]:
    from crossflight.formats.tle import read_tle

    sets = [read_tle(f"ISS\n{row.line1}\n{row.line2}\n", "archive")[0] for row in archived_elements()]
    return tuple(sorted(sets, key=lambda e: e.epoch_utc.us))


def target_for(
    file: OrbitFile, from_utc: Instant, to_utc: Instant, burns: Sequence[PlannedBurn] = ()
) -> Target:
    """The orbit to use for [from, to): the last elements not after `from_utc`, else the first there are.

    Parameters
    ----------
    burns
        Burns of the target beyond what keeps its altitude; an ephemeris' own are known from it.

    Raises
    ------
    InputError
        If the span lies years from every epoch, or the elements are of no orbit.
    """
    if file.ephemeris is not None:
        found = _of_ephemeris(file, file.ephemeris, from_utc, to_utc)
        return replace(found, orbit=_burning(found.orbit, burns))
    from crossflight.dynamics.mean_orbit import mean_orbit

    elements = file.elements_at(from_utc)
    refuse_far(elements.epoch_utc, from_utc, file.label)
    is_station = elements.norad_id == STATION_NORAD_ID
    history = file.elements  # what is not older counts for nothing
    if is_station and file.label != _archive_label():
        history = (*history, *_archive())
    is_kept = _is_kept(elements)
    orbit = mean_orbit(elements, history, is_kept=is_kept)
    warnings = file.warnings
    if not is_kept:
        _refuse_decayed(elements, to_utc, file.label)
    elif elements.norad_id not in _STATIONS:
        warnings = (
            *warnings,
            "its altitude is taken as kept by somebody; the sigmas are those measured on the ISS",
        )
    what = elements.source if elements.source not in ("", file.label) else ""
    return Target(
        _burning(orbit, (*file.burns, *burns)),
        elements.epoch_utc,
        f"{file.label}{f' ({what})' if what else ''}",
        warnings,
    )


def _burning(orbit: MeanOrbit, burns: Sequence[PlannedBurn]) -> MeanOrbit:
    from crossflight.flight.reboost import burn

    later = [b for b in burns if b.at_utc.us >= orbit.epoch_us]
    return orbit.with_burns([burn(orbit, b.at_utc, b.dv_m_s) for b in later])


def _refuse_decayed(elements: ElementSet, to_utc: Instant, label: str) -> None:
    """Refuse a span after the orbit of something nobody keeps has decayed, by SGP4."""
    from crossflight.dynamics.mean_orbit import satellite
    from crossflight.dynamics.time_scales import julian_date

    errors, r_km, _ = satellite(elements).sgp4(*(float(x) for x in julian_date(to_utc.us)))
    if errors or not sum(x * x for x in r_km) > (RADIUS_M / 1000 + _DECAYED_BELOW_KM) ** 2:
        raise InputError(
            f"by {to_utc.iso()} the orbit of {elements.epoch_utc.iso()} has decayed: nobody keeps it",
            hint="ask for an earlier --to, or give newer elements",
            file=label,
        )


def _is_kept(elements: ElementSet) -> bool:
    """Whether somebody keeps the altitude: taken so above 300 km, where stations fly."""
    axis_m: float = (MU_M3_S2 / (elements.mean_motion_rev_day * 2 * pi / DAY_S) ** 2) ** (1 / 3)
    return axis_m > RADIUS_M + _KEPT_FROM_M


def _archive_label() -> str:
    return "the archive of ISS element sets"


def refuse_far(epoch: Instant, from_utc: Instant, label: str) -> None:
    """Refuse a span that begins years after, or more than a month before, an epoch.

    Raises
    ------
    InputError
        With both instants.
    """
    days = from_utc.days_since(epoch)
    if days > _DAYS_AFTER_MAX:
        raise InputError(
            f"the span begins {days / 365.25:.1f} years after the epoch {epoch.iso()}; "
            f"the limit is {_DAYS_AFTER_MAX / 365.25:.0f} years",
            hint="give newer elements, or ask for an earlier time",
            file=label,
        )
    if days < -_DAYS_BEFORE_MAX:
        raise InputError(
            f"the span begins {-days:.0f} days before the epoch {epoch.iso()}; the limit is "
            f"{_DAYS_BEFORE_MAX:.0f} days",
            hint="give older elements, or ask for a later time",
            file=label,
        )


def _of_ephemeris(file: OrbitFile, ephemeris: Ephemeris, from_utc: Instant, to_utc: Instant) -> Target:
    """The mean orbit of the day of the ephemeris that is nearest to the middle of the span."""
    from crossflight.dynamics.ephemeris_orbit import STRETCH_S, mean_orbit_of_states
    from crossflight.dynamics.frames import transform

    first, last = ephemeris.arcs[0].from_utc, ephemeris.arcs[-1].to_utc
    refuse_far(first, from_utc, file.label)
    middle_us = (from_utc.us + min(to_utc, last).us) // 2 if from_utc < last else last.us
    arc = min(ephemeris.arcs, key=lambda a: max(0, a.t_utc_us[0] - middle_us, middle_us - a.t_utc_us[-1]))
    half_us = round(STRETCH_S * 1e6) // 2
    centre = min(max(middle_us, int(arc.t_utc_us[0]) + half_us), int(arc.t_utc_us[-1]) - half_us)
    inside = (arc.t_utc_us >= centre - half_us) & (arc.t_utc_us <= centre + half_us)
    t_us = arc.t_utc_us[inside]
    r, v = transform(arc.frame, "TEME", t_us, arc.r_m[inside], arc.v_m_s[inside])
    # An ephemeris is a prediction from its first state on: sigmas grow from there, day by day.
    orbit = replace(mean_orbit_of_states(t_us, r, v, file.label), known_us=first.us)
    later = tuple(b for b in _planned_burns(orbit, arc) if b.at_us > orbit.epoch_us)
    return Target(orbit.with_burns(later), first, file.label, file.warnings)


def _planned_burns(orbit: MeanOrbit, arc: EphemerisArc) -> tuple[AltitudeChange, ...]:
    """The reboosts an ephemeris announces in its comments."""
    from crossflight.flight.reboost import burn
    from crossflight.formats.oem_facts import station_facts

    events = station_facts(arc).events
    return tuple(burn(orbit, e.ignition_utc, e.dv_m_s) for e in events if e.dv_m_s > 0)


def _content(name: str) -> bytes:
    """All of a file or of standard input, up to the limit of what is read."""
    from crossflight.formats.orbit_source import N_BYTES_MAX

    def bounded(read: object) -> bytes:
        chunks, n = [], 0
        while n <= N_BYTES_MAX and (chunk := read(_CHUNK)):  # type: ignore[operator]  # a read method
            chunks.append(chunk)
            n += len(chunk)
        if n > N_BYTES_MAX:
            raise SyntaxInputError(
                f"{name!r} is more than the {N_BYTES_MAX / 1e6:g} MB an orbit file may have",
                hint="cut it to the days you need: 15 days at four-minute steps are 0.8 MB",
                file=name,
                line=1,
                column=1,
            )
        return b"".join(chunks)

    shipped = ", ".join((ARCHIVE, *bundled_orbits()))
    if name == STDIN:
        return bounded(sys.stdin.buffer.read)
    try:
        with open(name, "rb") as stream:
            return bounded(stream.read)
    except FileNotFoundError:
        raise InputError(
            f"there is no file {name!r}",
            hint=f"give a TLE, OMM or OEM file, or what ships with us: {shipped}",
            file=name,
        ) from None
    except (OSError, ValueError) as e:
        why = e.strerror if isinstance(e, OSError) and e.strerror else str(e)
        raise InputError(f"{name!r} cannot be read: {why}", file=name) from None


def instant_option(option: str, text: str) -> Instant:
    """The instant of an option of the command line.

    Raises
    ------
    UsageError
        If it is none.
    """
    try:
        return Instant.parse(text)
    except ValueError as e:
        raise UsageError(f"{option}: {e}") from None


def span(
    file: OrbitFile, from_text: str | None, to_text: str | None, days: float | None, days_usual: float
) -> tuple[Instant, Instant]:
    """The span [from, to) of a command's options; it begins at the last epoch unless told otherwise.

    Raises
    ------
    UsageError
        If the options contradict each other or are no times.
    """
    if to_text is not None and days is not None:
        raise UsageError("--to and --days say the same thing", hint="give one of them")
    start = instant_option("--from", from_text) if from_text is not None else file.last_utc
    if to_text is not None:
        end = instant_option("--to", to_text)
    else:
        length = days_usual if days is None else days
        if not 0 < length <= _DAYS_AFTER_MAX:
            raise UsageError(
                f"--days {length:g} is not between 0 and {_DAYS_AFTER_MAX:g}", hint="ten years at most"
            )
        end = start.plus_days(length)
    if not start < end:
        raise UsageError(f"--to {end.iso()} is not after --from {start.iso()}")
    if end.s_since(start) > _DAYS_AFTER_MAX * DAY_S:
        raise UsageError(f"{end.days_since(start):.0f} days are asked for; ten years at most")
    return start, end
