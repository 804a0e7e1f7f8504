"""What long work says while it goes on, on stderr."""

from __future__ import annotations

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
