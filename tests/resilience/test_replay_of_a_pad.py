"""One replay, the quickest, from the plan of the day before to the section of the page."""

from __future__ import annotations

from crossflight.app.validation.replays import COLUMNS, replayed, section_of
from crossflight.history.replays import replays


def test_an_outage_of_the_pad_moves_cargo_and_no_crew() -> None:
    (replay,) = (r for r in replays() if r.scenario == "replay-pad-31")
    found = replayed(replay)
    assert found.outcome.proposed is not None
    assert found.outcome.proposed.failures == ()
    moved = {c.flight for c in found.outcome.change.changes}
    assert "Progress MS-33" in moved
    assert {c.flight for c in found.outcome.change.changes if not c.is_cargo} == set()
    section = section_of(found)
    assert section.columns == COLUMNS
    assert section.figures["is_accepted"] == 1
    rows = {row[0]: row[1:] for row in section.rows}
    assert rows["checker"][2] == "accepted"
    # What was flown is read off the record: Crew-11 came home early.
    assert "home 2026-01-14 with 4" in rows["**Crew-11**"][3]
    assert rows["home: Crew-11's crew"][3] == "Crew-11 2026-01-14"
    assert rows["days without operator N-1"][3] == "30.9"
