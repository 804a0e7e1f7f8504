"""``crossflight windows``: when a craft can be launched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.windows import WindowsOutcome
    from crossflight.model.opportunity import Reboost

ELEMENTS = Annotated[
    str,
    typer.Option(
        metavar="FILE",
        help="TLE, OMM or OEM file of the target, - for stdin; or archive (ISS 2018-2025), soyuz-19.",
    ),
]
FROM = Annotated[
    str | None, typer.Option("--from", metavar="UTC", help="Begin of the span; else the elements' epoch.")
]
TO = Annotated[str | None, typer.Option("--to", metavar="UTC", help="End of the span.")]


def command(
    elements: ELEMENTS,
    site: Annotated[
        str,
        typer.Option(
            metavar="PAD", help="A pad, as baikonur-31 or ksc-39a, or LATITUDE,LONGITUDE in degrees."
        ),
    ],
    vehicle: Annotated[str, typer.Option(metavar="TYPE", help="soyuz-ms, crew-dragon, starliner, ...")],
    recovery: Annotated[
        str | None, typer.Option(metavar="MODE", help="Falcon 9's first stage: droneship or rtls (usual).")
    ] = None,
    from_utc: FROM = None,
    to_utc: TO = None,
    days: Annotated[float | None, typer.Option(metavar="N", help="Length of the span; usually 7.")] = None,
    burn: Annotated[
        list[str] | None,
        typer.Option(metavar="UTC=M/S", help="A planned burn of the target; may be repeated."),
    ] = None,
    reboost_on: Annotated[
        str | None,
        typer.Option(
            metavar="UTC", help="When the reboost may be that opens a profile; usually 14 days before."
        ),
    ] = None,
    phase: Annotated[
        float | None,
        typer.Option(metavar="DEG", help="A phase to have at lift-off: shows the reboost for it."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    ical: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a calendar of the lift-offs.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a table of the lift-offs.")] = None,
) -> int:
    """Every launch opportunity of a pad: lift-off with its sigma, phase, profiles, beta and light."""
    from crossflight.app.folder import write_files
    from crossflight.app.windows import csv_of, document, ical_of, windows
    from crossflight.cli.terminal import emit_json, say

    outcome = windows(
        elements, site, vehicle, recovery, from_utc, to_utc, days, burn or (), reboost_on, phase
    )
    for path, made in ((ical, ical_of), (csv, csv_of)):
        if path is not None:
            write_files(path.parent, {path.name: made(outcome)})
            say(f"wrote {path}")
    if is_json:
        emit_json(document(outcome))
    elif ical is None and csv is None:
        _show(outcome)
    return EXIT_OK


def _show(outcome: WindowsOutcome) -> None:
    from crossflight.app.windows import phase_text
    from crossflight.cli.terminal import out, table

    a = outcome.ascent
    behind = f"{a.n_flown} flown" if a.n_flown else "assumed"
    out(f"{outcome.target.source}, epoch {outcome.target.epoch_utc.iso()}")
    for warning in outcome.target.warnings:
        out(f"warning: {warning}")
    out(
        f"{a.name}: lifts off {a.lead_s:.0f} +- {a.lead_sigma_s:.0f} s before the plane at phase 0 ({behind})"
    )
    rows: list[tuple[str, ...]] = []
    for x in outcome.opportunities:
        fits = [p for p in x.profiles if p.is_feasible] if x.is_phase_known else []
        best = fits[0] if fits else None
        rows.append(
            (
                x.liftoff_utc.plus_s(0.5).iso()[:19].replace("T", " "),
                _sigma(x.sigma_s),
                x.inplane_utc.plus_s(0.5).iso()[11:19],
                phase_text(x).removeprefix("phase "),
                ", ".join(p.name for p in fits) if fits else "-",
                best.dock_utc.minute() if best else "-",
                f"{x.beta_deg:.0f}",
                "day" if x.is_daylight_launch else "night",
                "-"
                if best is None or best.is_daylight_dock is None
                else "day"
                if best.is_daylight_dock
                else "night",
            )
        )
    columns: tuple[str, ...] = (
        "lift-off UTC",
        "+-",
        "in plane",
        "phase",
        "profiles",
        "docking UTC",
        "beta",
        "launch",
        "docking",
    )
    if outcome.wanted is not None:
        rows = [(*row, _reboost(r)) for row, r in zip(rows, outcome.wanted, strict=True)]
        columns = (*columns, f"reboost for phase {outcome.wanted_phase_deg:g}")
    title = f"{outcome.pad.name}, azimuth {outcome.opportunities[0].azimuth_deg:.1f} deg" if rows else ""
    table(title, columns, rows, right=("+-", "beta"))
    if not rows:
        out("No pass of the pad through the plane falls into this span.")


def _sigma(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def _reboost(r: Reboost | None) -> str:
    if r is None:
        return "none, or too late"
    size = f"about {abs(r.dv_m_s):.1f}" if r.is_typical else f"{r.dv_m_s:+.2f}"
    return f"{size} m/s, {r.propellant_kg:.0f} kg, {r.burn_utc.date()}"
