"""``crossflight init``: begin a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossflight.errors import EXIT_OK


def command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write scenario.yaml into.")],
    is_json: Annotated[bool, typer.Option("--json", help="Say what was written as JSON.")] = False,
) -> int:
    """Write a small commented scenario to begin with."""
    from crossflight.app.document import INIT
    from crossflight.app.init import init
    from crossflight.cli.terminal import emit_json, out

    place = init(directory)
    if is_json:
        emit_json({"schema": INIT, "files": [str(place)]})
    else:
        out(f"wrote {place}")
        out(f"next: crossflight plan {place} --out {directory / 'plan'}")
    return EXIT_OK
