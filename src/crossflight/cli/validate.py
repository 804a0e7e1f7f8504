"""``crossflight validate``: the figures of the Validation chapter, computed now."""

from __future__ import annotations

from typing import Annotated

import typer

from crossflight.errors import EXIT_OK


def command(
    part: Annotated[
        str | None,
        typer.Argument(
            metavar="[PART]",
            help="lift-off, profiles, ahead, pairs, landings, apollo, engines, ephemerides; ascent, "
            "dockings, crew-1, ms-03, flight-landings, samples, coasts, apollo-flight; eras; replays; "
            "else all.",
        ),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Hold what is computed against what was flown, each figure beside a model that knows nothing."""
    from crossflight.app.validation.chapter import document, markdown, sections
    from crossflight.cli.terminal import emit_json, out, say

    found = []
    for section in sections(part, lambda name: say(f"{name} ...")):
        found.append(section)
        if not is_json:
            for line in markdown(section).splitlines():
                out(line)
            out()
    if is_json:
        emit_json(document(found))
    return EXIT_OK
