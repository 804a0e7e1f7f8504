"""``crossflight doctor``: the last date of every table, and what happens past it."""

from __future__ import annotations

from typing import Annotated

import typer

from crossflight.errors import EXIT_OK


def command(
    is_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """Versions, the last date of every table we ship and what happens past it, and the cache."""
    from crossflight.app.doctor import document, health
    from crossflight.cli.terminal import emit_json, out, table

    found = health()
    if is_json:
        emit_json(document(found))
        return EXIT_OK
    out(", ".join(f"{name} {number}" for name, number in found.versions.items()))
    rows = [
        (
            t.name,
            "-" if t.first_utc is None else t.first_utc.date(),
            "-" if t.last_utc is None else t.last_utc.date(),
            t.past_the_end,
        )
        for t in found.tables
    ]
    table("", ("table", "from", "to", "past the end"), rows)
    out(f"compiled models: {found.n_cached} in {found.cache}, {found.cached_mb:.1f} MB")
    return EXIT_OK
