"""What a terminal is shown: text without control characters, tables, JSON, a line of progress."""

from __future__ import annotations

import json
import os
import sys
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

# Wide enough that a piped table is not folded.
_PIPED_WIDTH: Final = 200
# Cc control, Cf format (bidirectional overrides), Cs surrogate, Zl and Zp line breaks.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PROGRESS_EVERY_S: Final = 0.1


def safe(text: object) -> str:
    r"""Text that cannot steer the terminal: control and format characters come out as ``\x1b``."""
    return "".join(
        c
        if unicodedata.category(c) not in _HIDDEN
        else c.encode("unicode_escape").decode()
        if c.isascii()
        else f"\\u{ord(c):04x}"
        for c in str(text)
    )


def out(text: object = "") -> None:
    """One line of data on stdout."""
    print(safe(text))


def say(text: object = "") -> None:
    """One line for the person on stderr."""
    print(safe(text), file=sys.stderr)


def emit_json(document: Mapping[str, object]) -> None:
    """A JSON document on stdout, in ASCII: whatever the locale, a script can read it."""
    print(json.dumps(document, indent=2, allow_nan=False))


def console() -> Console:
    """Stdout as rich sees it; colours only on a terminal and not under NO_COLOR."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _PIPED_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], right: Iterable[str] = ()
) -> None:
    """Print a table; the columns named in `right` are set flush right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        shown.add_column(Text(column), justify="right" if column in set(right) else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(safe(cell)) for cell in row))
    console().print(shown)


class ProgressLine:
    """Stage, tier, incumbent and bound on one line of stderr, where stderr is a terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"
        self._last = ("", "")
        self._next_s = 0.0

    def __call__(self, stage: str, tier: str, incumbent: float | None, bound: float | None) -> None:
        """Show where the solver is; at most ten times a second within a tier."""
        now = time.monotonic()
        if not self._is_shown or ((stage, tier) == self._last and now < self._next_s):
            return
        self._last, self._next_s = (stage, tier), now + _PROGRESS_EVERY_S
        value = "searching" if incumbent is None else f"{incumbent:g}"
        floor = "" if bound is None else f", bound {bound:g}"
        sys.stderr.write(f"\r\x1b[2K{safe(stage)} / {safe(tier)}: {value}{floor}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
