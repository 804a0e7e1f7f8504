"""``crossflight landings``: when a craft can come home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.cli.windows import ELEMENTS, FROM, TO
from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.landings import LandingsOutcome


def command(
    elements: ELEMENTS,
    zone: Annotated[
        str,
        typer.Option(metavar="ZONE", help="kazakhstan, a Dragon zone as pensacola, or florida, california."),
    ],
    vehicle: Annotated[str, typer.Option(metavar="TYPE", help="soyuz-ms, crew-dragon or starliner.")],
    from_utc: FROM = None,
    to_utc: TO = None,
    days: Annotated[float | None, typer.Option(metavar="N", help="Length of the span; usually 7.")] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """Every landing opportunity of a zone: undocking, deorbit burn, landing, each with sigma and light."""
    from crossflight.app.landings import document, landings
    from crossflight.cli.terminal import emit_json

    outcome = landings(elements, zone, vehicle, from_utc, to_utc, days)
    if is_json:
        emit_json(document(outcome))
    else:
        _show(outcome)
    return EXIT_OK


def _show(outcome: LandingsOutcome) -> None:
    from crossflight.cli.terminal import out, table

    d = outcome.descent
    behind = f"{d.n_flown} flown" if d.n_flown else "assumed"
    out(f"{outcome.target.source}, epoch {outcome.target.epoch_utc.iso()}")
    for warning in outcome.target.warnings:
        out(f"warning: {warning}")
    out(f"descent of {d.name} ({behind})")
    rows = [
        (
            x.undock_utc.minute(),
            x.deorbit_utc.minute()[11:],
            x.landing_utc.plus_s(0.5).iso()[:19].replace("T", " "),
            f"{x.sigma_s / 60:.1f} min" if x.sigma_s >= 120 else f"{x.sigma_s:.0f} s",
            x.zone,
            "day" if x.is_daylight else "night",
            f"{x.beta_deg:.0f}",
            "" if x.probability >= 1 else f"{x.probability:.0%}",
        )
        for x in outcome.opportunities
    ]
    columns = ("undocking UTC", "deorbit", "landing UTC", "+-", "zone", "light", "beta", "chance")
    table("", columns, rows, right=("+-", "beta", "chance"))
    n_uncertain = sum(x.probability < 1 for x in outcome.opportunities)
    if n_uncertain:
        out(
            f"{n_uncertain} of {len(rows)} are uncertain: the elements are too old to know where the station "
            "will be; the chance says how often it is in place"
        )
    if not rows:
        out("No landing fits: the station is never where it must be while the zone is near its plane.")
