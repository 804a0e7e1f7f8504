"""Begin a scenario of one's own."""

from __future__ import annotations

from pathlib import Path

from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.errors import UsageError
from crossflight.scenario import TEMPLATE


def init(directory: Path) -> Path:
    """Write a small commented scenario into `directory`; returns its path.

    Raises
    ------
    UsageError
        If there is one already, or the folder cannot be written.
    """
    place = directory / "scenario.yaml"
    if place.exists():
        raise UsageError(f"{place} is already there", hint="name another folder, or move that file away")
    refuse_unwritable(directory)
    return write_files(directory, {place.name: TEMPLATE})[0]
