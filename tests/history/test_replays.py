"""The table of replays: days, disruptions and decisions that belong together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crossflight.errors import SchemaError
from crossflight.history.record import packaged
from crossflight.history.replays import read_replays, replays
from crossflight.model import Scenario
from crossflight.scenario import library_names, read_scenario

Content = Callable[[str], str | bytes]


def with_text(table: str, old: str, new: str) -> Content:
    def content(name: str) -> str | bytes:
        text = packaged(name)
        assert isinstance(text, bytes)
        if name != table:
            return text
        assert old.encode() in text
        return text.replace(old.encode(), new.encode(), 1)

    return content


def test_every_scenario_of_a_replay_has_its_row_and_no_other_has() -> None:
    named = [r.scenario for r in replays()]
    assert sorted(named) == [n for n in library_names() if n.startswith("replay-")]


@pytest.mark.parametrize("replay", replays(), ids=lambda r: r.scenario)
def test_the_day_is_in_its_scenario_and_something_was_done(replay: object) -> None:
    from crossflight.history.replays import Replay

    assert isinstance(replay, Replay)
    scenario: Scenario = read_scenario(replay.scenario)
    # Nothing of the scenario was published after the day on which it is planned again.
    assert scenario.from_utc <= replay.as_of < scenario.to_utc
    assert scenario.known_utc <= replay.as_of
    assert replay.decisions
    assert [d.utc for d in replay.decisions] == sorted(d.utc for d in replay.decisions)
    assert "sourced" in replay.certainty or "assumed" in replay.certainty


@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("replays.csv", "replay-crew-11,2026", "replay-ms-10,2026", "twice"),
        ("replays.csv", "2018-10-11,launch", "yesterday,launch", "not a UTC time"),
        ("replay_decisions.csv", "replay-ms-10,2018-12-20", "replay-ms-11,2018-12-20", "not in replays.csv"),
        ("replay_decisions.csv", "replay-ms-10,2018-12-20", "replay-ms-10,2018-10-01", "before the day"),
    ],
)
def test_tables_that_are_wrong(table: str, old: str, new: str, said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        read_replays(with_text(table, old, new))
