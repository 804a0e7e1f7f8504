"""Dockings of flown launches flown again, each beside lift-off plus a constant."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from crossflight.app.validation.flights_reflown import (
    DRAGON,
    SOYUZ,
    Reflown,
    flights_with_elements,
    profile_hours,
    reflown,
    revolutions,
)
from crossflight.app.validation.flown_launches import orbit_of
from crossflight.app.validation.lift_offs import NULL_DOCK_S
from crossflight.app.validation.section import Section, median_size
from crossflight.dynamics.nodes import mean_motion_rad_s

_ASKED_M_S: Final = (110.0, 140.0)


def docking_errors_min(flight: Reflown) -> tuple[float, float]:
    """Simulated less real docking, NaN where it did not dock; the null model's less the real one."""
    real, docked = flight.launch.flight.dock_utc, flight.docked_utc
    assert real is not None
    null_s = NULL_DOCK_S if flight.profile == "2-orbit" else profile_hours(flight.launch) * 3600
    null = flight.launch.flight.launch_utc.plus_s(null_s).s_since(real) / 60
    return math.nan if docked is None else docked.s_since(real) / 60, null


def raising_m_s(flight: Reflown) -> float:
    """What raising the mean insertion orbit to the station's takes in any case: the null model of delta-v."""
    orbit, ascent = orbit_of(flight.launch.elements), flight.launch.ascent
    half_way_m = (orbit.axis_m + ascent.insertion_axis_m) / 2
    return (orbit.axis_m - ascent.insertion_axis_m) * mean_motion_rad_s(half_way_m) / 2


def dockings_section() -> Section:
    """Every Soyuz and every Dragon that has elements."""
    flights = [reflown(name) for vehicle in (SOYUZ, DRAGON) for name in flights_with_elements(vehicle)]
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {"n": len(flights), "docked": sum(f.docked_utc is not None for f in flights)}
    groups: dict[str, list[Reflown]] = {}
    for f in flights:
        is_soyuz = f.launch.flight.vehicle_type == SOYUZ
        groups.setdefault(f"Soyuz, {f.profile}" if is_soyuz else "Dragon", []).append(f)
        rows.append(_row(f))
    notes, before_notes = [], []
    n_before = sum(f.launch.age_days > 0 for f in flights)
    for name, group in groups.items():
        errors = [docking_errors_min(f) for f in group if f.docked_utc is not None]
        ours, null = median_size([e for e, _ in errors]), median_size([e for _, e in errors])
        notes.append(f"{name} {ours:.1f} (null {null:.1f}, n = {len(errors)})")
        before = [docking_errors_min(f)[0] for f in group if f.docked_utc and f.launch.age_days > 0]
        if before:
            before_notes.append(f"{name} {median_size(before):.1f} (n = {len(before)})")
        key = name.lower().replace(", ", "_").replace("-", "_")
        figures[f"{key}_median_min"], figures[f"{key}_null_median_min"] = ours, null
    flown = [f for f in flights if f.phases]
    far = np.array([f.rendezvous.result.dv_total_m_s for f in flown])
    all_m_s = np.array([f.dv_m_s for f in flown])
    low, high = _ASKED_M_S
    n_asked, n_total = (int(((x >= low) & (x <= high)).sum()) for x in (far, all_m_s))
    figures |= {"asked_to_arrival": n_asked, "asked_to_contact": n_total, "n_before": n_before}
    figures |= {"least_perigee_km": min(f.rendezvous.result.min_perigee_m for f in flown) / 1000}
    return Section(
        "dockings",
        "Flown launches flown again to docking",
        f"Real lift-off, pad and port, the nearest elements within three days, be they of before the "
        f"lift-off ({n_before} flights) or after it ({len(flights) - n_before}: a plan would not have had "
        f"them): {len(flights)} flights, {int(figures['docked'])} dock. Arrival is an input: Soyuz is told "
        "its profile's hours, Dragon the real number of the station's whole revolutions from lift-off to "
        "docking. Null models: lift-off + "
        "3 h 12 min for two orbits, else the hours the profile usually takes; for delta-v what raising the "
        f"orbit takes in any case. Median size of the docking's error in minutes: {'; '.join(notes)}; of "
        f"those with elements strictly from before {'; '.join(before_notes)}. That "
        "a docking time agrees shows nothing: null models are as near, but for Dragons, whose revolutions "
        "are told. Approaches to the zenith are 24 min longer than forward ones, which the arrival does "
        f"not allow for. Delta-v of {low:g} to {high:g} m/s was asked for before the approach: {n_asked} of "
        f"{len(flown)} are in it to arrival (the others need less), {n_total} to contact.",
        (
            "flight", "elements' age d", "profile", "real docking", "simulated", "error min",
            "null error min", "m/s to arrival", "m/s to contact", "null m/s", "lowest perigee km",
        ),
        tuple(rows),
        figures,
    )  # fmt: skip


def _row(f: Reflown) -> tuple[str, ...]:
    real = f.launch.flight.dock_utc
    assert real is not None
    error, null = docking_errors_min(f)
    is_soyuz = f.launch.flight.vehicle_type == SOYUZ
    profile = f.profile if is_soyuz else f"{revolutions(f.launch)[0]} revolutions"
    head = (f.name, f"{f.launch.age_days:.1f}", profile, real.plus_s(0.5).iso()[:16].replace("T", " "))
    if not f.phases:
        return (*head, f.failure, "", f"{null:+.1f}", "", "", f"{raising_m_s(f):.0f}", "")
    far = f.rendezvous.result
    return (
        *head,
        f.failure if f.docked_utc is None else f.docked_utc.plus_s(0.5).iso()[11:19],
        "" if f.docked_utc is None else f"{error:+.1f}",
        f"{null:+.1f}",
        f"{far.dv_total_m_s:.0f}",
        f"{f.dv_m_s:.0f}",
        f"{raising_m_s(f):.0f}",
        f"{far.min_perigee_m / 1000:.0f}",
    )
