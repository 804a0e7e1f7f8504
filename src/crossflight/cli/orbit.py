"""``crossflight orbit``: where the target is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.cli.windows import ELEMENTS, FROM, TO
from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.orbit import OrbitOutcome

_N_SHOWN = 200


def command(
    elements: ELEMENTS,
    at: Annotated[str | None, typer.Option(metavar="UTC", help="One instant.")] = None,
    from_utc: FROM = None,
    to_utc: TO = None,
    step: Annotated[float | None, typer.Option(metavar="SECONDS", help="Step of a span; usually 60.")] = None,
    fit_hours: Annotated[
        float | None,
        typer.Option(
            metavar="H", help="Fit a ballistic factor on the ephemeris' first H hours and propagate."
        ),
    ] = None,
    oem: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the states as OEM: KVN, or XML for a name in .xml."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """States of the target with sub-point, altitude, beta and light, from element sets or an ephemeris."""
    from crossflight.app.folder import write_files
    from crossflight.app.orbit import document, oem_of, orbit
    from crossflight.cli.progress import say_compiling
    from crossflight.cli.terminal import emit_json, say

    outcome = orbit(elements, at, from_utc, to_utc, step, fit_hours, say_compiling)
    if oem is not None:
        write_files(oem.parent, {oem.name: oem_of(outcome, is_xml=oem.suffix.lower() == ".xml")})
        say(f"wrote {oem}")
    if is_json:
        emit_json(document(outcome))
    elif oem is None:
        _show(outcome)
    return EXIT_OK


def _show(outcome: OrbitOutcome) -> None:
    from crossflight.cli.terminal import out, table
    from crossflight.times import Instant

    out(f"{outcome.source}, epoch {outcome.epoch_utc.iso()}; {outcome.method}; GCRF")
    for warning in outcome.warnings:
        out(f"warning: {warning}")
    if outcome.fit is not None:
        out(
            f"ballistic factor {outcome.fit.ballistic_m2_kg:.6f} m2/kg on {outcome.fit.hours:g} h, "
            f"{outcome.fit.along_rms_m:.2f} m rms left along the track"
        )
    rows = []
    for k, t in enumerate(outcome.t_utc_us[:_N_SHOWN]):
        r, v = outcome.r_gcrf_m[k] / 1000, outcome.v_gcrf_m_s[k] / 1000
        rows.append(
            (
                Instant(int(t)).iso().rstrip("Z").replace("T", " "),
                *(f"{x:.3f}" for x in r),
                *(f"{x:.6f}" for x in v),
                f"{outcome.latitude_deg[k]:.2f}",
                f"{outcome.longitude_deg[k]:.2f}",
                f"{outcome.altitude_km[k]:.1f}",
                f"{outcome.beta_deg[k]:.1f}",
                "sun" if outcome.is_sunlit[k] else "shadow",
            )
        )
    columns = (
        "UTC",
        "x km",
        "y km",
        "z km",
        "vx km/s",
        "vy km/s",
        "vz km/s",
        "lat",
        "lon",
        "alt km",
        "beta",
        "light",
    )
    table("", columns, rows, right=columns[1:-1])
    if outcome.t_utc_us.size > _N_SHOWN:
        out(f"{outcome.t_utc_us.size - _N_SHOWN} more states; --json or --oem FILE gives all")
