"""Write the computed pages of the Validation chapter from ``crossflight validate``: minutes.

python docs/build_validation.py [PAGE ...]    # all of them, if none is named
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from crossflight.app.validation.chapter import FLYING, OPPORTUNITIES, REPLAYS, STRESS, markdown, sections

_ABOVE_THE_LINE: Final = {
    "validation-opportunities.md": """# Validation of opportunities

`crossflight validate` prints everything below the line, with [that of flying](validation-flying.md);
`make docs-validation` writes both pages. Every figure stands beside a model that knows nothing, with its n.
Leads and landing constants are measured without the flight they score; where something was set with the same
flights in view, it is said.
""",
    "validation-flying.md": """# Validation of flying

`crossflight validate` prints everything below the line, with
[that of opportunities](validation-opportunities.md); `make docs-validation` writes both pages. Every figure
stands beside a model that knows nothing, with its n, and what was an input is called one. How flights are
flown: [Fly a flight](flying.md).
""",
    "validation-stress.md": """# Validation of stress

`crossflight validate eras` prints everything below the line; `make docs-validation` writes the page. What is
sampled, from which rates, and what it can be trusted for: [stress](stress.md).
""",
    "validation-replays.md": """# Replays

Eight days on which a real plan broke, planned again. `crossflight validate replays` prints everything below
the line; `make docs-validation` writes the page.

Each scenario `replay-*` ships with the package and holds nothing published after its knowledge date (a test
reads every date in it). No published plan of any of these days is at hand, so the plan of the day before is
the tool's own. The disruption is taken in and the plan repaired as [replanning](replanning.md) does it; no
code knows a case. What was really done is read off the [flown record](flown-record.md). Days are counted from
the day of the replay to the end of its scenario. What was flown met later trouble too, which no plan of the
day could know.

The data are dated, but these are no blind tests of the tool: replanning learnt from cases that failed, with
the outcome at hand (seats that the next crew leaves empty, after Starliner; the stage of crew missing, after
a first proposal sent Crew-9 home before its relief), and some assumed values were changed after a first
proposal (CRS-33's longest stay and stock, Freedom's readiness, the window of Progress MS-31). That Endurance
would be ready for Crew-10 was announced together with the swap. Where the day of an announcement is not at
hand (MS-12 in 2018, MS-25 and MS-26 in 2024, Crew-12 in November 2025), what it said is marked as assumed.
A fair test needs days that nobody has looked at.

What is assumed and not sourced stands with each replay and in its scenario: windows, readiness dates, how
long an outage lasts. Other values can be tried with `--set` and `crossflight replan`.
""",
}
PAGES: Final = {
    "validation-opportunities.md": OPPORTUNITIES,
    "validation-flying.md": FLYING,
    "validation-stress.md": STRESS,
    "validation-replays.md": REPLAYS,
}


def text(part: str) -> str:
    """The sections of a part, computed."""
    return "\n".join(markdown(s) for s in sections(part, lambda name: print(name, file=sys.stderr)))


def main() -> None:
    """Compute every part, as many at once as there are processors, and replace each page whole."""
    pages = {page: PAGES[page] for page in sys.argv[1:]} or PAGES
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        computed = {part: pool.submit(text, part) for parts in reversed(pages.values()) for part in parts}
        for page, parts in pages.items():
            place = Path(__file__).with_name(page)
            waiting = place.with_suffix(".new")
            found = [computed[part].result() for part in parts]
            waiting.write_text("\n".join([_ABOVE_THE_LINE[page], "---\n", *found]), encoding="utf-8")
            waiting.replace(place)


if __name__ == "__main__":
    main()
