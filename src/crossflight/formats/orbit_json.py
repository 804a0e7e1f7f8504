"""JSON text of element sets: flat objects whose every value has a place, under strict bounds.

The standard library's reader keeps the last of two equal keys, takes ``NaN`` for a number, forgets where
a value stood and overflows the stack on nested brackets; this one refuses the first two, keeps the place
and bounds the depth.
"""

from __future__ import annotations

import json
import re
from typing import Final

from crossflight.errors import InputError, SyntaxInputError
from crossflight.formats.orbit_source import N_LINE_MAX, Field, Source, shown

DEPTH_MAX: Final = 8
# A full catalogue is 30 000 objects of 40 values.
N_VALUES_MAX: Final = 2_000_000

_BLANK: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"((?:[^"\\\n\t]|\\.)*)"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![0-9A-Za-z_.+-])")
_WORD: Final = re.compile(r"(?:true|false|null)(?![0-9A-Za-z_])")

Record = dict[str, Field]


def parse_records(source: Source) -> list[Record]:
    """The objects of an array, or the one object of a text.

    A value comes as the text that stands there (a number as it is written, ``null`` as nothing); a list
    or an object inside a record is read over and left out.

    Raises
    ------
    SyntaxInputError
        If it is not JSON, or JSON beyond the bounds of this module, or neither an object nor a list of
        them, or a key stands twice.
    """
    return _Reader(source).records()


class _Reader:
    """Reads one text from left to right."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.n_values = 0
        # Lines are counted on from the last place asked for: a long file is counted through once.
        self.counted = 0
        self.line = 1
        self.line_from = 0

    def records(self) -> list[Record]:
        found: list[Record] = []
        self._blank()
        if self._peek() == "{":
            found.append(self._record("the object"))
        elif self._peek() == "[":
            self.at += 1
            self._blank()
            if self._peek() == "]":
                raise self.error("the list is empty", hint="was nothing found where it was fetched?")
            while True:
                self._blank()
                if self._peek() != "{":
                    raise self.error(f"item {len(found) + 1} of the list is not an object")
                found.append(self._record(f"object {len(found) + 1}"))
                if not self._goes_on("]"):
                    break
        else:
            raise self.error("neither an object nor a list of objects")
        self._blank()
        if self.at < len(self.text):
            raise self.error(f"{shown(self.text[self.at : self.at + 80])} follows the end")
        return found

    def error(self, message: str, hint: str = "") -> InputError:
        """An error at the next character."""
        return self._error_at(message, self.at, hint)

    def _error_at(self, message: str, at: int, hint: str = "") -> InputError:
        return self.source.error(SyntaxInputError, message, *self._place(at), hint=hint)

    def _place(self, at: int) -> tuple[int, int]:
        """Line and column of a character."""
        if at < self.counted:
            return self.source.place(at)
        n_breaks = self.text.count("\n", self.counted, at)
        if n_breaks:
            self.line += n_breaks
            self.line_from = self.text.rfind("\n", self.counted, at) + 1
        self.counted = at
        return self.line, at - self.line_from + 1

    def _record(self, called: str) -> Record:
        found: Record = {}
        keys: set[str] = set()
        self.at += 1
        self._blank()
        if self._peek() == "}":
            raise self.error(f"{called} is empty")
        while True:
            self._blank()
            key_at = self.at
            key = self._string()
            if key in keys:
                raise self._error_at(
                    f"the key {shown(key)} stands twice in {called}", key_at, "keep one of them"
                )
            keys.add(key)
            self._colon(key)
            line, column = self._place(self.at)
            value = self._value(1)
            if value is not None:
                found[key] = Field(self.source, f"{shown(key)} of {called}", value, "", line, column)
            if not self._goes_on("}"):
                return found

    def _value(self, depth: int) -> str | None:
        """The text of a value; None where it is `null`, a list or an object."""
        self.n_values += 1
        if self.n_values > N_VALUES_MAX:
            raise self.error(f"more than {N_VALUES_MAX} values")
        first = self._peek()
        if first == '"':
            return self._string()
        if first in ("{", "["):
            self._skip(depth)
            return None
        for pattern in (_NUMBER, _WORD):
            match = pattern.match(self.text, self.at, self.at + N_LINE_MAX)
            if match is not None:
                self.at = match.end()
                return None if match.group() == "null" else match.group()
        raise self.error(
            f"{shown(self.text[self.at : self.at + 20])} is no JSON value",
            hint="numbers are finite and decimal; text stands in double quotes",
        )

    def _skip(self, depth: int) -> None:
        """Read over a list or an object."""
        if depth >= DEPTH_MAX:
            raise self.error(f"nested deeper than {DEPTH_MAX} levels")
        is_object = self._peek() == "{"
        end = "}" if is_object else "]"
        self.at += 1
        self._blank()
        if self._peek() == end:
            self.at += 1
            return
        keys: set[str] = set()
        while True:
            self._blank()
            if is_object:
                key = self._string()
                if key in keys:
                    raise self.error(f"the key {shown(key)} stands twice")
                keys.add(key)
                self._colon(key)
            self._value(depth + 1)
            if not self._goes_on(end):
                return

    def _colon(self, key: str) -> None:
        self._blank()
        if self._peek() != ":":
            raise self.error(f"a colon is missing after {shown(key)}")
        self.at += 1
        self._blank()

    def _goes_on(self, end: str) -> bool:
        """Whether a comma comes next; false at `end`, both read over."""
        self._blank()
        mark = self._peek()
        if mark not in (",", end):
            raise self.error(f"a comma or {end} is missing" if mark else "the text ends too early")
        self.at += 1
        return mark == ","

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at, self.at + N_LINE_MAX)
        if match is None:
            if self._peek() == '"':
                raise self.error(f"a text without its end, or of more than {N_LINE_MAX} characters")
            raise self.error("a text in double quotes is missing")
        value = match[1]
        if "\\" in value:
            try:
                value = json.loads(match.group())
            except ValueError:
                raise self.error(f"{shown(value)} has an escape that JSON does not know") from None
            if not value.isprintable():
                raise self.error(f"{shown(value)} holds a character that cannot be printed")
        self.at = match.end()
        return value

    def _blank(self) -> None:
        match = _BLANK.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]
