"""Days on which a real plan broke: what was known to have broken, and what was really done about it.

``replays.csv`` names a shipped scenario for each day, holding nothing published later, and the disruption as
``crossflight replan`` takes it; ``replay_decisions.csv`` holds what was done, which nobody knew on the day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from crossflight.history.record import packaged
from crossflight.history.table import read_table
from crossflight.times import Instant

REPLAY_COLUMNS: Final = ("scenario", "as_of", "disruption", "certainty", "why", "source")
DECISION_COLUMNS: Final = ("scenario", "utc", "what", "source")


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that was done, or decided, at `utc`."""

    utc: Instant
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A day to plan again.

    Attributes
    ----------
    scenario
        The library's scenario of the day.
    disruption
        ``TYPE:SUBJECT:DATE[:KEY=VALUE]``.
    certainty
        What of it was known on the day, and what is assumed.
    why
        Why what was done differs from what the tool proposes.
    """

    scenario: str
    as_of: Instant
    disruption: str
    certainty: str
    why: str
    source: str
    decisions: tuple[Decision, ...]


def read_replays(content: Callable[[str], str | bytes]) -> tuple[Replay, ...]:
    """Read both tables; `content` gives a table by file name.

    Raises
    ------
    InputError
        With file and line, if one is wrong: a scenario twice, a decision of none or before the day.
    """
    rows = read_table(content("replays.csv"), "replays.csv", REPLAY_COLUMNS)
    days: dict[str, Instant] = {}
    for row in rows:
        name = row.text("scenario")
        if name in days:
            raise row.error("scenario", f"{name} stands here twice")
        days[name] = row.instant("as_of")
    decisions: dict[str, list[Decision]] = {name: [] for name in days}
    for row in read_table(content("replay_decisions.csv"), "replay_decisions.csv", DECISION_COLUMNS):
        name, utc = row.text("scenario"), row.instant("utc")
        if name not in days:
            raise row.error("scenario", f"{name} is not in replays.csv")
        if utc < days[name].floor_day():
            raise row.error("utc", f"{utc.date()} is before the day of the replay, {days[name].date()}")
        decisions[name].append(Decision(utc, row.text("what"), row.text("source")))
    return tuple(
        Replay(
            row.text("scenario"),
            row.instant("as_of"),
            row.text("disruption"),
            row.text("certainty"),
            row.text("why"),
            row.text("source"),
            tuple(sorted(decisions[row.text("scenario")], key=lambda d: d.utc)),
        )
        for row in rows
    )


@cache
def replays() -> tuple[Replay, ...]:
    """The replays that ship with the package, in order of the table."""
    return read_replays(packaged)
