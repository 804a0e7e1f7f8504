"""The command line: ``crossflight audit | plan | check | init``, one module per verb.

Data goes to stdout, progress and errors to stderr.  Nothing heavy is imported before it is known
which verb runs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from crossflight import __version__

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (see crossflight.errors)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:  # without importing typer
        print(f"crossflight {__version__}")
        return 0
    from crossflight.cli.command import run

    return run(arguments)
