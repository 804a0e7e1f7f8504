"""The near name: what somebody meant who wrote a name that is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final

# difflib is quadratic in the length of a name; no scenario of people has more names than this.
_N_CHARACTERS_MAX: Final = 80
_N_COMPARED_MAX: Final = 2_000
_N_LISTED_MAX: Final = 8
_N_PART_MIN: Final = 3


def near_name(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, if any is like it; else the only one that has it in it."""
    by_folded = {k.casefold(): k for k in islice(known, _N_COMPARED_MAX) if len(k) <= _N_CHARACTERS_MAX}
    folded = name[:_N_CHARACTERS_MAX].casefold()
    found = get_close_matches(folded, by_folded, n=1, cutoff=0.6)
    if not found and len(folded) >= _N_PART_MIN:
        found = [k for k in by_folded if folded in k]
    return by_folded[found[0]] if len(found) == 1 else None


def near_hint(name: str, known: Iterable[str]) -> str:
    """A hint that gives the near name, else the known names if they are few, else nothing."""
    known = list(known)
    near = near_name(name, known)
    if near is not None:
        return f"did you mean {near!r}?"
    if known and len(known) <= _N_LISTED_MAX:
        return f"known here: {', '.join(known)}"
    return ""
