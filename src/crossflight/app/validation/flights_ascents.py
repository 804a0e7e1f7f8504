"""Ascents against Demo-1's telemetry, Soyuz timelines and the flown leads."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.validation.flown_launches import archive, launches, orbit_of
from crossflight.app.validation.section import Section
from crossflight.dynamics.mean_orbit import MeanOrbit
from crossflight.flight.ascent_flight import AscentResult, fly_ascent, mean_plane_gcrf
from crossflight.flight.ascent_lead import inplane_utc, least_propellant_lead
from crossflight.flight.craft import craft_of
from crossflight.flight.launchers import (
    FALCON_9_DRONE_SHIP,
    FALCON_9_LAUNCH_SITE,
    SOYUZ_21A,
    SOYUZ_FG,
    Launcher,
)
from crossflight.flight.zones import PADS
from crossflight.times import Instant

Floats = NDArray[np.float64]

_TELEMETRY: Final = "falcon9_dm1_telemetry.csv"
_DM_1: Final = Instant.of(2019, 3, 2, 7, 49, 3)
# NASA: Demo-1's Dragon weighed 12 055 kg.
_DM_1_MASS_KG: Final = 12_055.0
# The figures asked for; the telemetry itself has this speed eleven seconds later.
_SECO_S: Final = 527.0
_SECO_M_S: Final = 7336.0
_SOYUZ_S: Final = 528.0


def orbit_before(at: Instant) -> MeanOrbit:
    """The station's orbit by the last archived elements before an instant."""
    return orbit_of([e for e in archive() if e.epoch_utc <= at][-1])


def flown_up(
    launcher: Launcher, pad: str, liftoff: Instant, vehicle: str, mass_kg: float = 0.0
) -> AscentResult:
    """An ascent into the plane that passes over the pad nearest to the lift-off."""
    orbit, craft = orbit_before(liftoff), craft_of(vehicle)
    normal = mean_plane_gcrf(orbit, inplane_utc(orbit, PADS[pad], liftoff))
    return fly_ascent(
        launcher, PADS[pad], liftoff, normal, replace(craft, mass_kg=mass_kg) if mass_kg else craft
    )


@dataclass(frozen=True, slots=True)
class DemoOne:
    """Demo-1 as flown and as simulated.

    `seconds`, `real_km`, `real_m_s` are the telemetry; `height_km`, `null_km`, `null_m_s` are ours at its
    instants, and straight lines from nothing to the telemetry's last row.
    """

    result: AscentResult
    seconds: Floats
    real_km: Floats
    real_m_s: Floats
    height_km: Floats
    speed_m_s: Floats
    null_km: Floats
    null_m_s: Floats


def demo_1() -> DemoOne:
    """Demo-1 flown beside its telemetry."""
    text = (files("crossflight.app.validation") / "data" / _TELEMETRY).read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    t, km, m_s = (
        np.array([float(row[key]) for row in rows]) for key in ("time_s", "altitude_km", "speed_m_s")
    )
    result = flown_up(FALCON_9_DRONE_SHIP, "ksc-39a", _DM_1, "crew-dragon", _DM_1_MASS_KG)
    s = result.samples
    height, speed = (np.interp(t, s.t_s, x) for x in (s.height_m / 1000, s.air_speed_m_s))
    share = t / t[-1]
    return DemoOne(result, t, km, m_s, height, speed, share * km[-1], share * m_s[-1])


def ascent_section() -> Section:
    """Demo-1, cut-off and altitude; Soyuz, insertion."""
    demo = demo_1()
    cutoff_s = demo.result.met_s("cut-off")
    speed = float(demo.result.samples.air_speed_m_s[-1])
    before = demo.seconds <= cutoff_s
    off_km, off_m_s = demo.height_km - demo.real_km, (demo.speed_m_s - demo.real_m_s)[before]
    k = int(np.argmax(np.abs(off_km)))
    null_km, null_m_s = demo.null_km - demo.real_km, (demo.null_m_s - demo.real_m_s)[before]
    worst_km, worst_null_km = float(np.abs(off_km).max()), float(np.abs(null_km).max())
    worst_m_s, worst_null_m_s = float(np.abs(off_m_s).max()), float(np.abs(null_m_s).max())
    real_last = (demo.seconds[-1], demo.real_m_s[-1], demo.real_km[-1])
    soyuz = {
        "Soyuz-2.1a, MS-22": flown_up(SOYUZ_21A, "baikonur-31", _liftoff("MS-22"), "soyuz-ms"),
        "Soyuz-FG, MS-12": flown_up(SOYUZ_FG, "baikonur-1", _liftoff("MS-12"), "soyuz-ms"),
    }
    insertion = {name: result.met_s("separation") for name, result in soyuz.items()}
    rows = [
        ("Demo-1: cut-off s", f"{_SECO_S:.0f} +- 5", f"{cutoff_s:.1f}", f"{cutoff_s - _SECO_S:+.1f}", ""),
        (
            "Demo-1: speed there m/s", f"{_SECO_M_S:.0f} +- 1 %", f"{speed:.0f}",
            f"{100 * (speed / _SECO_M_S - 1):+.1f} %", "",
        ),
        (
            f"Demo-1: altitude km, worst at {demo.seconds[k]:.0f} s", "within 10",
            f"{demo.height_km[k]:.0f}", f"{off_km[k]:+.1f}", f"{worst_null_km:.1f}",
        ),
        ("Demo-1: speed m/s, worst before cut-off", "", "", f"{worst_m_s:.0f}", f"{worst_null_m_s:.0f}"),
        *(
            (f"{name}: separation s", f"{_SOYUZ_S:.0f} +- 10", f"{s:.1f}", f"{s - _SOYUZ_S:+.1f}", "+0.0")
            for name, s in insertion.items()
        ),
    ]  # fmt: skip
    return Section(
        "ascent",
        "Ascents",
        f"Demo-1's telemetry has n = {len(demo.seconds)} rows; its last, at {real_last[0]:.0f} s, has "
        f"{real_last[1]:.0f} m/s at {real_last[2]:.1f} km and the engine still at work, so that the two "
        "values asked for the cut-off do not belong to one instant. Null models: straight lines from "
        "nothing to the last row, which are told it; for Soyuz the constant itself. Inputs: stage data "
        "with their sources, the insertion orbit, the plane; one guidance for all, nothing fitted to "
        "telemetry.",
        ("figure", "asked", "simulated", "error", "null error"),
        tuple(rows),
        {
            "cutoff_s": cutoff_s,
            "speed_m_s": speed,
            "worst_km": worst_km,
            "null_worst_km": worst_null_km,
            "worst_m_s": worst_m_s,
            "null_worst_m_s": worst_null_m_s,
            "soyuz_s": insertion["Soyuz-2.1a, MS-22"],
            "soyuz_fg_s": insertion["Soyuz-FG, MS-12"],
        },
    )


def lead_section() -> Section:
    """The lead of most propellant beside the flown one."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for launcher, pad, vehicle in (
        (SOYUZ_21A, "baikonur-31", "soyuz-ms"),
        (FALCON_9_DRONE_SHIP, "ksc-39a", "crew-dragon"),
        (FALCON_9_LAUNCH_SITE, "ksc-39a", "crew-dragon"),
    ):
        near = _liftoff("MS-22")
        found = least_propellant_lead(launcher, PADS[pad], orbit_before(near), near, craft_of(vehicle))
        middle = len(found.curve) // 2
        sides = [found.curve[middle + k][1] - found.margin_kg for k in (-1, 1)]
        rows.append(
            (
                launcher.name, f"{found.lead_s:.0f}", f"{found.flown_lead_s:.0f}",
                f"{found.discrepancy_s:+.0f}", f"{-found.flown_lead_s:+.0f}",
                f"{min(sides):.1f} to {max(sides):.1f}",
            )
        )  # fmt: skip
        figures[f"{launcher.name}_s"] = found.discrepancy_s
    return Section(
        "ascent-lead",
        "The lead of least propellant",
        "Lift-off so many seconds before the pad is in the plane, at phase zero: where the ascent leaves "
        "most propellant, beside the mean of flown launches. Nothing is fitted; the curve is flat, a "
        "minute to either side costs the kilograms of the last column. Null model: lift-off in the plane. "
        "n = 1 orbit, MS-22's.",
        ("launcher", "lead s", "flown s", "difference s", "null difference s", "kg a minute off"),
        tuple(rows),
        figures,
    )


def _liftoff(name: str) -> Instant:
    return next(x for x in launches() if x.flight.name == name).flight.launch_utc
