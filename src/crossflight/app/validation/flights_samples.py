"""A thousand flights at once: how sure a docking is, and how large errors may grow."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from crossflight.app.validation.flights_reflown import DRAGON, SOYUZ, flights_with_elements, reflown
from crossflight.app.validation.section import Section
from crossflight.flight.craft import craft_of
from crossflight.flight.ports import port_of
from crossflight.flight.samples import FlownSamples, SampledFlight, fly_samples
from crossflight.flight.samples_curve import BROKEN_SHARE, SCALES, breaking_scale, success_curve
from crossflight.flight.samples_retargeted import retargeted_samples

_FLIGHTS: Final = ("MS-22", "Crew-5")
_N: Final = 1000
_N_SCALED: Final = 250
_N_ANEW: Final = 10
_N_LOADED: Final = {SOYUZ: 2, DRAGON: 0}
_SEED: Final = 0
# Of every flight: 250 samples each, which is one chunk.
_SEEDS: Final = (0, 1, 2, 3)
_N_EACH: Final = 250


def sampled(name: str) -> SampledFlight:
    """The flight as `crossflight fly --samples` flies it, from the plan of the flight flown again."""
    flown = reflown(name)
    flight, plan = flown.launch.flight, flown.rendezvous.plan
    assert flight.port is not None
    craft = craft_of(flight.vehicle_type)
    port = port_of(flight.port, craft.docking)
    n_loaded = _N_LOADED[flight.vehicle_type]
    return SampledFlight.of(plan, plan.problem.track, port, craft, _SEED, n_loaded=n_loaded)


def open_loop(flight: SampledFlight) -> SampledFlight:
    """The null model: every burn as planned, whatever navigation sees."""
    return replace(flight, n_loaded=len(flight.plan.problem.slots))


def samples_section() -> Section:
    """Docked, when, for what, and how many came too near."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {"n": _N}
    for name in _FLIGHTS:
        flight = sampled(name)
        for label, found in (
            (name, fly_samples(flight, _N)),
            (f"{name}, nothing re-targeted", fly_samples(open_loop(flight), _N_SCALED)),
        ):
            rows.append(_row(label, found))
            figures[f"{label}_docked_share"] = float(found.is_docked.mean())
            figures[f"{label}_violations"] = float(found.is_keep_out_violated.sum())
    return Section(
        "samples",
        "A thousand flights",
        "From insertion to contact in the full force model with errors of insertion, navigation, burns, "
        "air and approach at their usual size [all assumed], burns re-targeted with gains made once. Null "
        "model: the same samples with every burn as planned; a Soyuz that then comes by within 45 km still "
        "closes in, for hours and hundreds of m/s. Times are minutes after the docking asked for, of those "
        "that dock. Asked: no keep-out violation outside the corridor.",
        (
            "flight", "n", "docked", "at a second try", "p05 min", "p50 min", "p95 min", "dv p99 m/s",
            "median miss m", "keep-out violations",
        ),
        tuple(rows),
        figures,
    )  # fmt: skip


def keep_out_section() -> Section:
    """Every flight of the record at the usual errors: who comes too near."""
    rows: list[tuple[str, ...]] = []
    n, violations, docked, again = 0, 0, 0, 0
    names = [*flights_with_elements(SOYUZ), *flights_with_elements(DRAGON)]
    for name in names:
        first = sampled(name)
        flown = [fly_samples(replace(first, seed=seed), _N_EACH) for seed in _SEEDS]
        inside, there, second = (
            [int(np.count_nonzero(getattr(x, of))) for x in flown]
            for of in ("is_keep_out_violated", "is_docked", "is_second_try")
        )
        flight = reflown(name).launch.flight
        rows.append(
            (
                name, flight.port or "", str(len(_SEEDS) * _N_EACH), str(sum(there)), str(sum(second)),
                ", ".join(map(str, inside)),
                f"{min(float(x.min_perigee_m.min()) for x in flown) / 1000:.0f}",
            )
        )  # fmt: skip
        n += len(_SEEDS) * _N_EACH
        violations, docked, again = violations + sum(inside), docked + sum(there), again + sum(second)
    return Section(
        "samples-keep-out",
        "The keep-out sphere, every flight of the record",
        f"The {len(names)} flights above, {len(_SEEDS)} seeds of {_N_EACH} samples each at the usual errors "
        f"[assumed]: of {n} samples {docked} dock, {again} come a second time, {violations} are in the "
        "keep-out sphere outside the corridor (asked: none). Violations are told seed by seed.",
        ("flight", "port", "n", "docked", "second tries", "keep-out violations", "lowest perigee km"),
        tuple(rows),
        {"n": n, "docked": docked, "second": again, "violations": violations},
    )


def _row(label: str, found: FlownSamples) -> tuple[str, ...]:
    asked = reflown(label.split(",")[0]).asked_utc
    times = [found.docking_at(share) for share in (0.05, 0.5, 0.95)]
    return (
        label,
        str(found.n),
        str(int(found.is_docked.sum())),
        str(int((found.is_docked & found.is_second_try).sum())),
        *("" if t is None else f"{t.s_since(asked) / 60:+.1f}" for t in times),
        f"{np.percentile(found.dv_m_s, 99):.0f}",
        f"{np.median(found.arrival_miss_m):.0f}",
        str(int(found.is_keep_out_violated.sum())),
    )


def scale_section() -> Section:
    """Success against the size of the errors."""
    rows: list[list[str]] = [[f"{scale:g}"] for scale in SCALES]
    figures: dict[str, float] = {"n": _N_SCALED}
    notes = []
    for name in _FLIGHTS:
        points = success_curve(sampled(name), _N_SCALED)
        for row, point in zip(rows, points, strict=True):
            row += [str(point.docked), str(point.keep_out_violations), f"{point.dv_p99_m_s:.0f}"]
            figures[f"{name}_{point.scale:g}"] = point.share
        scale = breaking_scale(points)
        notes.append(f"{name} {'beyond 5' if scale is None else f'at {scale:.1f}'}")
        figures[f"{name}_breaks_at"] = float("nan") if scale is None else scale
    return Section(
        "samples-scale",
        "Success against the size of the errors",
        f"The same {_N_SCALED} samples with all errors multiplied. Fewer than {100 * BROKEN_SHARE:.0f} % "
        f"dock from some scale on: {', '.join(notes)}. Who does not dock failed twice or was waved off; what "
        "counts as a violation is the keep-out sphere outside the corridor.",
        (
            "scale",
            *(f"{name} {what}" for name in _FLIGHTS for what in ("docked", "violations", "dv p99 m/s")),
        ),
        tuple(tuple(row) for row in rows),
        figures,
    )


def retargeted_section() -> Section:
    """What precomputed gains cost against planning anew before each burn."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for name in _FLIGHTS:
        both = retargeted_samples(sampled(name), _N_ANEW)
        excess_m_s, excess_m = both.dv_excess_m_s, both.miss_excess_m
        rows.append(
            (
                name, str(_N_ANEW),
                f"{np.median(both.dv_by_gains_m_s):.1f}", f"{np.median(both.dv_anew_m_s):.1f}",
                f"{np.median(excess_m_s):+.2f}", f"{excess_m_s.max():+.2f}",
                f"{np.median(both.miss_by_gains_m):.0f}", f"{np.median(both.miss_anew_m):.0f}",
                f"{excess_m.max():+.0f}",
            )
        )  # fmt: skip
        figures[f"{name}_excess_m_s"] = float(np.median(excess_m_s))
        figures[f"{name}_worst_excess_m_s"] = float(excess_m_s.max())
        figures[f"{name}_worst_excess_m"] = float(excess_m.max())
    return Section(
        "samples-retargeted",
        "Gains beside planning anew",
        "The first samples to arrival with the same errors, once with the gains made for the plan and once "
        "with the cone programme solved before every burn that is not loaded. Positive: gains cost more, "
        "or arrive farther off.",
        (
            "flight", "n", "m/s by gains", "m/s anew", "more, median", "more, worst", "miss by gains m",
            "miss anew m", "farther, worst m",
        ),
        tuple(rows),
        figures,
    )  # fmt: skip
