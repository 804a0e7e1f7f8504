"""Write docs/validation-opportunities.md from ``crossflight validate``: minutes for the ephemerides.

python docs/build_validation.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from crossflight.app.validation.chapter import markdown, sections

PAGE = Path(__file__).with_name("validation-opportunities.md")
HEAD = """# Validation of opportunities

`crossflight validate` prints everything below the line, in a minute; `make docs-validation` writes this
page. Every figure stands beside a model that knows nothing, with its n. Leads and landing constants are
measured without the flight they score; where something was set with the same flights in view, it is said.

---

"""


def main() -> None:
    """Compute every section and replace the page whole."""
    parts = [markdown(s) for s in sections(None, lambda name: print(name, file=sys.stderr))]
    text = HEAD + "\n".join(parts)
    waiting = PAGE.with_suffix(".new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(PAGE)


if __name__ == "__main__":
    main()
