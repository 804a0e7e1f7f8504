"""Historical notes on episodes of the audit, keyed by date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from crossflight.history.record import packaged
from crossflight.history.table import read_table
from crossflight.times import Instant

NOTE_COLUMNS: Final = ("utc", "note", "source")


@dataclass(frozen=True, slots=True)
class EpisodeNote:
    """What was behind an episode that was under way at `utc`."""

    utc: Instant
    note: str
    source: str


def read_notes(content: Callable[[str], str | bytes]) -> tuple[EpisodeNote, ...]:
    """Read episode_notes.csv; `content` gives a table by file name."""
    return tuple(
        EpisodeNote(row.instant("utc"), row.text("note"), row.text("source"))
        for row in read_table(content("episode_notes.csv"), "episode_notes.csv", NOTE_COLUMNS)
    )


@cache
def episode_notes() -> tuple[EpisodeNote, ...]:
    """The notes that ship with the package."""
    return read_notes(packaged)
