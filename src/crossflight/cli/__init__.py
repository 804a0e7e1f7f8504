"""The command line: ``crossflight audit | plan | check | diff | import | export | init``.

One module per verb.  Data goes to stdout, progress and errors to stderr.  Nothing heavy is imported
before it is known which verb runs.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence

from crossflight import __version__

__all__ = ["main", "process"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status (see crossflight.errors)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:  # without importing typer
        print(f"crossflight {__version__}")
        return 0
    from crossflight.cli.command import run

    return run(arguments)


def process() -> None:
    """Be the ``crossflight`` process: run the command and end with its status.

    A second Ctrl-C leaves while the solver's threads still run; the C++ runtime would abort if
    the interpreter shut down under them, so then the process ends without that.
    """
    status = main()
    if threading.active_count() > 1:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)
