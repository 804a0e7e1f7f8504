"""Lines of CCSDS keyword-value notation: ``KEYWORD = value [unit]``, comments, bare keywords.

Source: CCSDS 502.0-B-3, section 7.
"""

from __future__ import annotations

import re
from typing import Final

from crossflight.errors import SyntaxInputError
from crossflight.formats.orbit_source import N_LINE_MAX, Field, Source, shown

_KEYWORD: Final = re.compile(r"[A-Z0-9_]{1,60}")
_COMMENT: Final = "COMMENT"


def content(source: Source, number: int) -> str:
    """Line `number` without the blanks at its end.

    Raises
    ------
    SyntaxInputError
        If it is longer than `N_LINE_MAX` characters.
    """
    line = source.lines[number - 1]
    if len(line) > N_LINE_MAX:
        raise source.error(
            SyntaxInputError, f"a line of {len(line)} characters, more than {N_LINE_MAX}", number, 1
        )
    return line.rstrip(" \t")


def comment(line: str) -> str | None:
    """The text of a comment line, blanks at its begin kept but for the one after the keyword, or None."""
    text = line.lstrip(" \t")
    if not text.startswith(_COMMENT):
        return None
    rest = text[len(_COMMENT) :]
    if rest and rest[0] not in " \t":
        return None
    return rest[1:]


def is_bare(line: str, keyword: str) -> bool:
    """Whether a line is nothing but a keyword."""
    return line.strip(" \t") == keyword


def entry(source: Source, number: int, line: str) -> Field:
    """A ``KEYWORD = value`` line; a unit stays part of the value, see `without_unit`.

    Raises
    ------
    SyntaxInputError
        If it is none.
    """
    before, equals, after = line.partition("=")
    keyword = before.strip(" \t")
    column = len(before) - len(before.lstrip(" \t")) + 1
    if not equals:
        raise source.error(
            SyntaxInputError,
            f"{shown(line.strip())} is neither KEYWORD = value nor data",
            number,
            column,
            hint="a comment begins with COMMENT and a blank",
        )
    if _KEYWORD.fullmatch(keyword) is None:
        raise source.error(
            SyntaxInputError,
            f"{shown(keyword)} is no keyword",
            number,
            column,
            hint="keywords are capital letters, digits and underlines",
        )
    start = len(before) + 1 + len(after) - len(after.lstrip(" \t")) + 1
    return Field(source, keyword, after.strip(" \t"), "", number, start)


def without_unit(value: Field) -> Field:
    """A number's field with the unit in brackets cut off its text, ``15.49 [rev/day]``."""
    if value.text.endswith("]") and "[" in value.text:
        bare, _, unit = value.text.rpartition("[")
        value.text, value.unit = bare.rstrip(" \t"), unit[:-1].strip(" \t")
    return value
