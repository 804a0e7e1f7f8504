"""Write the computed pages of the Validation chapter from ``crossflight validate``: minutes.

python docs/build_validation.py
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from crossflight.app.validation.chapter import FLYING, OPPORTUNITIES, Parts, markdown, sections

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
}
PAGES: Final = {"validation-opportunities.md": OPPORTUNITIES, "validation-flying.md": FLYING}


def text(page: str, parts: Parts) -> str:
    """A page, computed."""
    found = [markdown(s) for part in parts for s in sections(part, lambda name: print(name, file=sys.stderr))]
    return "\n".join([_ABOVE_THE_LINE[page], "---\n", *found])


def main() -> None:
    """Compute every section and replace each page whole."""
    for page, parts in PAGES.items():
        place = Path(__file__).with_name(page)
        waiting = place.with_suffix(".new")
        waiting.write_text(text(page, parts), encoding="utf-8")
        waiting.replace(place)


if __name__ == "__main__":
    main()
