"""Use case: where the target is, from its elements or its ephemeris, at one instant or along a span."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.orbit_file import OrbitFile, instant_option, read_orbit_file
from crossflight.dynamics import events
from crossflight.dynamics.compiled import Progress
from crossflight.dynamics.frames import transform
from crossflight.errors import InputError, UsageError
from crossflight.model.orbit import Ephemeris, EphemerisArc
from crossflight.times import Instant

SCHEMA: Final = "crossflight.orbit/1"
_N_STATES_MAX: Final = 200_000
_STEP_MIN_S: Final = 0.001
_STEP_MAX_S: Final = 86_400.0 * 366
# SGP4 errs by kilometres a day; farther from its epoch an element set says nothing of where the craft is.
_SGP4_DAYS_MAX: Final = 60.0
_FIT_HOURS_MAX: Final = 72.0
# Measured in docs/validation-opportunities.md: 93 m after a day, 1.0 km after three.
_FIT_DAYS_SURE: Final = 3.0
_FIT_DAYS_MAX: Final = 30.0
_FIT_RESIDUAL_M: Final = 50.0
_PENUMBRA: Final = 1  # of events.shadow: 0 is sunlight

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """A ballistic factor fitted on the first hours of an ephemeris, and what it left along the track."""

    hours: float
    ballistic_m2_kg: float
    along_rms_m: float


@dataclass(frozen=True, slots=True)
class OrbitOutcome:
    """States (n, 3) in the GCRF at instants (n,), and what follows from them; angles in degrees."""

    source: str
    method: str
    epoch_utc: Instant
    object_name: str
    object_id: str
    t_utc_us: NDArray[np.int64]
    r_gcrf_m: Floats
    v_gcrf_m_s: Floats
    latitude_deg: Floats
    longitude_deg: Floats
    altitude_km: Floats
    beta_deg: Floats
    is_sunlit: NDArray[np.bool_]
    warnings: tuple[str, ...]
    fit: Fit | None = None


def orbit(
    elements: str,
    at_text: str | None = None,
    from_text: str | None = None,
    to_text: str | None = None,
    step_s: float | None = None,
    fit_hours: float | None = None,
    on_compile: Progress | None = None,
) -> OrbitOutcome:
    """The target's states at one instant, or from one to another in steps.

    Element sets go through SGP4; an ephemeris is interpolated inside its span.  With `fit_hours` one
    ballistic factor is fitted on the first hours of the ephemeris and its first state is propagated in the
    full force model, planned reboosts included: that may go past its end.

    Raises
    ------
    UsageError
        For instants that make no span.
    InputError
        For an orbit that cannot be read, or instants it says nothing of.
    """
    t_us = _instants(at_text, from_text, to_text, step_s)
    file = read_orbit_file(elements)
    if file.ephemeris is None:
        if fit_hours is not None:
            raise UsageError(
                "--fit-hours needs an ephemeris; element sets have their drag fitted already",
                hint="give an OEM file with --elements",
            )
        return _of_elements(file, t_us)
    if fit_hours is not None:
        if not 0 < fit_hours <= _FIT_HOURS_MAX:
            raise UsageError(
                f"--fit-hours {fit_hours:g} is not between 0 and {_FIT_HOURS_MAX:g}",
                hint="6 is usual: drag changes too much over days for one factor",
            )
        return _fitted(file, file.ephemeris, t_us, fit_hours, on_compile)
    return _interpolated(file, file.ephemeris, t_us)


def _instants(
    at_text: str | None, from_text: str | None, to_text: str | None, step_s: float | None
) -> NDArray[np.int64]:
    if at_text is not None:
        if from_text is not None or to_text is not None or step_s is not None:
            raise UsageError(
                "--at is one instant; --from, --to and --step are a span", hint="give one or the other"
            )
        return np.array([instant_option("--at", at_text).us], dtype=np.int64)
    if from_text is None or to_text is None:
        raise UsageError(
            "no instant is asked for", hint="give --at UTC, or --from UTC --to UTC --step SECONDS"
        )
    start, end = instant_option("--from", from_text), instant_option("--to", to_text)
    step = 60.0 if step_s is None else step_s
    if not _STEP_MIN_S <= step <= _STEP_MAX_S:
        raise UsageError(f"--step {step:g} s is not between {_STEP_MIN_S:g} and {_STEP_MAX_S:g} s")
    if end < start:
        raise UsageError(f"--to {end.iso()} is before --from {start.iso()}")
    n = int(end.s_since(start) / step + 1e-9) + 1
    if n > _N_STATES_MAX:
        raise UsageError(
            f"{n} states are asked for; the limit is {_N_STATES_MAX}",
            hint="take a larger --step or a shorter span",
        )
    return np.asarray(start.us + np.rint(np.arange(n) * step * 1e6).astype(np.int64))


def _of_elements(file: OrbitFile, t_us: NDArray[np.int64]) -> OrbitOutcome:
    from crossflight.dynamics.mean_orbit import satellite
    from crossflight.dynamics.time_scales import julian_date

    first = Instant(int(t_us[0]))
    elements = file.elements_at(first)
    for edge in (int(t_us[0]), int(t_us[-1])):
        days = (edge - elements.epoch_utc.us) / 86_400e6
        if abs(days) > _SGP4_DAYS_MAX:
            raise InputError(
                f"{Instant(edge).iso()} is {abs(days):.0f} days from the epoch {elements.epoch_utc.iso()}; "
                f"the limit is {_SGP4_DAYS_MAX:.0f} days",
                hint="give elements nearer to it; `crossflight windows` looks years ahead, by the plane",
                file=file.label,
            )
    errors, r_km, v_km_s = satellite(elements).sgp4_array(*julian_date(t_us))
    if errors.any():
        at = Instant(int(t_us[int(np.flatnonzero(errors)[0])]))
        raise InputError(
            f"SGP4 says the orbit has decayed by {at.iso()} (its error {int(errors.max())})",
            hint="give newer elements, or an earlier span",
            file=file.label,
        )
    r, v = transform("TEME", "GCRF", t_us, r_km * 1000, v_km_s * 1000)
    return _outcome(
        file, "SGP4", elements.epoch_utc, elements.object_name, elements.object_id, t_us, r, v, file.warnings
    )


def _interpolated(file: OrbitFile, ephemeris: Ephemeris, t_us: NDArray[np.int64]) -> OrbitOutcome:
    from crossflight.dynamics.interpolation import states_at

    first, last = ephemeris.arcs[0], ephemeris.arcs[-1]
    r, v = np.full((t_us.size, 3), np.nan), np.full((t_us.size, 3), np.nan)
    for arc in ephemeris.arcs:
        begin = max(arc.useable_from_utc, arc.from_utc).us
        end = min(arc.useable_to_utc, arc.to_utc).us
        inside = (t_us >= begin) & (t_us <= end)
        if inside.any():
            r[inside], v[inside] = transform(arc.frame, "GCRF", t_us[inside], *states_at(arc, t_us[inside]))
    if np.isnan(r).any():
        at = Instant(int(t_us[int(np.flatnonzero(np.isnan(r[:, 0]))[0])]))
        raise InputError(
            f"{at.iso()} is outside the ephemeris, {first.from_utc.iso()} to {last.to_utc.iso()}",
            hint="with --fit-hours 6 it is propagated past its end",
            file=file.label,
        )
    return _outcome(
        file, "interpolated", first.from_utc, first.object_name, first.object_id, t_us, r, v, file.warnings
    )


def _fitted(
    file: OrbitFile, ephemeris: Ephemeris, t_us: NDArray[np.int64], hours: float, on_compile: Progress | None
) -> OrbitOutcome:
    from crossflight.dynamics.ballistic import fit_ballistic, propagate_fit
    from crossflight.dynamics.propagation import Burn
    from crossflight.formats.oem_facts import station_facts

    arc = ephemeris.arcs[0]
    days = (int(t_us[-1]) - arc.from_utc.us) / 86_400e6
    if days > _FIT_DAYS_MAX or t_us[0] < arc.from_utc.us:
        raise InputError(
            f"{Instant(int(t_us[-1])).iso()} is {days:.1f} days from the ephemeris' begin at "
            f"{arc.from_utc.iso()}; a fitted factor is carried {_FIT_DAYS_MAX:.0f} days ahead and not back",
            hint="give a later ephemeris",
            file=file.label,
        )
    burns = tuple(
        Burn(e.ignition_utc, (0.0, e.dv_m_s, 0.0)) for e in station_facts(arc).events if e.dv_m_s > 0
    )
    found = fit_ballistic(arc, fit_hours=hours, burns=burns, on_compile=on_compile)
    states = propagate_fit(found, t_us, burns)
    warnings = file.warnings
    if days > _FIT_DAYS_SURE:
        warnings = (
            *warnings,
            "one factor is good to 0.1 km along the track after a day and 1 km after three",
        )
    if found.along_rms_m > _FIT_RESIDUAL_M:
        warnings = (
            *warnings,
            f"the fit leaves {found.along_rms_m:.0f} m rms; published ephemerides leave less than 5: "
            "a burn, a change of drag or a wrong state lies in its hours",
        )
    if burns:
        names = ", ".join(f"{b.dv_rtn_m_s[1]:g} m/s on {b.at_utc.minute()}" for b in burns)
        warnings = (*warnings, f"planned reboosts of the ephemeris, to 0.1 m/s, are flown: {names}")
    outcome = _outcome(
        file, "ballistic factor fitted, propagated", found.epoch_utc, arc.object_name, arc.object_id, t_us,
        states[:, :3], states[:, 3:], warnings,
    )  # fmt: skip
    return replace(outcome, fit=Fit(hours, found.ballistic_m2_kg, found.along_rms_m))


def _outcome(
    file: OrbitFile,
    method: str,
    epoch: Instant,
    name: str,
    object_id: str,
    t_us: NDArray[np.int64],
    r: Floats,
    v: Floats,
    warnings: tuple[str, ...],
) -> OrbitOutcome:
    latitude, longitude, height_m = events.sub_point(t_us, r)
    return OrbitOutcome(
        source=file.label,
        method=method,
        epoch_utc=epoch,
        object_name=name,
        object_id=object_id,
        t_utc_us=t_us,
        r_gcrf_m=r,
        v_gcrf_m_s=v,
        latitude_deg=np.degrees(latitude),
        longitude_deg=np.degrees(longitude),
        altitude_km=height_m / 1000,
        beta_deg=np.degrees(events.beta_rad(t_us, r, v)),
        is_sunlit=np.asarray(events.shadow(t_us, r) <= _PENUMBRA),
        warnings=warnings,
    )


def document(outcome: OrbitOutcome) -> dict[str, object]:
    """The JSON document ``crossflight.orbit/1``."""
    fit = outcome.fit
    return {
        "schema": SCHEMA,
        "elements": {
            "epoch_utc": outcome.epoch_utc.iso(),
            "source": outcome.source,
            "warnings": list(outcome.warnings),
        },
        "object_name": outcome.object_name,
        "object_id": outcome.object_id,
        "method": outcome.method,
        "frame": "GCRF",
        "fit": None
        if fit is None
        else {
            "hours": fit.hours,
            "ballistic_m2_kg": fit.ballistic_m2_kg,
            "along_rms_m": round(fit.along_rms_m, 2),
        },
        "states": [
            {
                "utc": Instant(int(t)).iso(),
                "r_gcrf_m": [round(float(x), 3) for x in outcome.r_gcrf_m[k]],
                "v_gcrf_m_s": [round(float(x), 6) for x in outcome.v_gcrf_m_s[k]],
                "lat_deg": round(float(outcome.latitude_deg[k]), 5),
                "lon_deg": round(float(outcome.longitude_deg[k]), 5),
                "altitude_km": round(float(outcome.altitude_km[k]), 4),
                "beta_deg": round(float(outcome.beta_deg[k]), 3),
                "is_sunlit": bool(outcome.is_sunlit[k]),
            }
            for k, t in enumerate(outcome.t_utc_us)
        ],
    }


def oem_of(outcome: OrbitOutcome, *, is_xml: bool) -> str:
    """The states as an OEM in EME2000, KVN or XML; its creation date is the epoch of what it was made from.

    Raises
    ------
    UsageError
        If there are fewer than two states.
    """
    from crossflight.formats.oem_text import oem_kvn_text, oem_xml_text

    if outcome.t_utc_us.size < 2:
        raise UsageError("an OEM needs two states at least", hint="give --from, --to and --step")
    r, v = transform("GCRF", "EME2000", outcome.t_utc_us, outcome.r_gcrf_m, outcome.v_gcrf_m_s)
    first, last = Instant(int(outcome.t_utc_us[0])), Instant(int(outcome.t_utc_us[-1]))
    arc = EphemerisArc(
        object_name=outcome.object_name or "UNKNOWN",
        object_id=outcome.object_id or "UNKNOWN",
        frame="EME2000",
        t_utc_us=outcome.t_utc_us,
        r_m=r,
        v_m_s=v,
        useable_from_utc=first,
        useable_to_utc=last,
        comments=(f"Made from {outcome.method}",),
    )
    ephemeris = Ephemeris("CROSSFLIGHT", outcome.epoch_utc, (arc,))
    return oem_xml_text(ephemeris) if is_xml else oem_kvn_text(ephemeris)
