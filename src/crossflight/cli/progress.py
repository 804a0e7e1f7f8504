"""What long work says while it goes on, on stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossflight.dynamics.forces import ForceModel


def say_compiling(model: ForceModel, seconds: float, is_done: bool) -> None:
    """Say that a force model is compiled, once for this machine, and that it is done."""
    from crossflight.cli.terminal import say

    if is_done:
        say(f"compiled in {seconds:.1f} s; kept for the next time")
    else:
        say(f"compiling the force model {model.text()}, once on this machine: about {seconds:.0f} s ...")


class CountLine:
    """How many of how many are done, on one line of stderr, where stderr is a terminal."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"

    def __call__(self, done: int, of: int) -> None:
        """Show it."""
        if self._is_shown:
            sys.stderr.write(f"\r\x1b[2K{done} of {of} {self._what}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
