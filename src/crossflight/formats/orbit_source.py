"""Text that orbits are read from: bytes decoded under bounds, and errors that point into it."""

from __future__ import annotations

import re
import zlib
from typing import Final

from crossflight.errors import InputError, SchemaError, SyntaxInputError

# Fifteen days of one object at four-minute steps are 0.8 MB as KVN and 3.1 MB as XML.
N_BYTES_MAX: Final = 64_000_000
# CCSDS 502.0-B-3, 7.3.4, allows 254; programs write longer comments.
N_LINE_MAX: Final = 4096
N_EXCERPT_MAX: Final = 200
N_SHOWN_MAX: Final = 60
# No format here needs more digits than a double has; published ephemerides print 17.
N_NUMBER_MAX: Final = 40
N_DIGITS_MAX: Final = 9

NUMBER: Final = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_NUMBER: Final = re.compile(NUMBER)
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
# Control characters, lone surrogates, characters that some programs take for line breaks, and
# those that reverse the direction of the text after them; tab and line breaks are allowed.
CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_GZIP: Final = b"\x1f\x8b"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_LIMIT_HINT: Final = "cut the file to the days that are needed, or take a larger step"


class Source:
    """A text and the name that errors call it by.

    Parameters
    ----------
    file
        Its name.
    text
        Its content; line breaks become one character each.
    """

    __slots__ = ("file", "lines", "text")

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self.lines: list[str] = []
        found = CONTROL.search(self.text)
        if found is not None:
            self.lines = [CONTROL.sub("\ufffd", line) for line in self.text.split("\n")]
            raise self.error(
                SyntaxInputError,
                f"control character U+{ord(found.group()):04X}",
                *self.place(found.start()),
                hint="this is no text file of orbits, or it was damaged on its way",
            )
        self.lines = self.text.split("\n")

    @classmethod
    def of(cls, data: str | bytes, file: str) -> Source:
        """Text, or bytes: UTF-8, or UTF-16 with a byte order mark.

        Raises
        ------
        SyntaxInputError
            If it is longer than `N_BYTES_MAX` bytes, not text, or holds a control character.
        """
        if len(data) > N_BYTES_MAX:
            raise too_long(file, f"{len(data) / 1e6:.1f} MB")
        if isinstance(data, str):
            return cls(file, data)
        is_wide = data.startswith(_UTF16)
        try:
            return cls(file, data.decode("utf-16" if is_wide else "utf-8"))
        except UnicodeDecodeError as e:
            raise SyntaxInputError(
                f"byte {e.start} is not {'UTF-16' if is_wide else 'UTF-8'}",
                hint="this is no text file of orbits; save it as UTF-8",
                file=file,
                line=data.count(b"\n", 0, e.start) + 1,
                column=e.start - (data.rfind(b"\n", 0, e.start) + 1) + 1,
            ) from None

    def error(
        self, kind: type[InputError], message: str, line: int = 0, column: int = 0, *, hint: str = ""
    ) -> InputError:
        """An error of `kind` at a place of this text (from 1; 0 where there is none).

        The excerpt is the line, cut to `N_EXCERPT_MAX` characters; none where the place lies beyond them.
        """
        excerpt = self.lines[line - 1][:N_EXCERPT_MAX] if 0 < line <= len(self.lines) else ""
        if column > N_EXCERPT_MAX:
            excerpt = ""
        return kind(message, hint=hint, file=self.file, line=line, column=column, excerpt=excerpt)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a character of `text`."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)


class Field:
    """A value as its file writes it, and where; `unit` is empty where none is given."""

    __slots__ = ("column", "line", "name", "source", "text", "unit")

    def __init__(self, source: Source, name: str, text: str, unit: str, line: int, column: int) -> None:
        self.source = source
        self.name = name
        self.text = text
        self.unit = unit
        self.line = line
        self.column = column

    def error(self, message: str, *, hint: str = "", kind: type[InputError] = SchemaError) -> InputError:
        """An error that points at the value; the message begins with its keyword."""
        return self.source.error(kind, f"{self.name} {message}", self.line, self.column, hint=hint)

    def number(self) -> float:
        """The value as a finite number.

        Raises
        ------
        SchemaError
            If it is none.
        """
        value = number(self.text)
        if value is None:
            raise self.error(
                f"is {shown(self.text)}, not a finite number", hint="write it as 15.4931 or 1.5e-3"
            )
        return value

    def count(self) -> int:
        """The value as a count from 0 to 999 999 999.

        Raises
        ------
        SchemaError
            If it is none.
        """
        value = integer(self.text)
        if value is None or value < 0:
            raise self.error(f"is {shown(self.text)}, not a whole number from 0 to 999999999")
        return value

    def one_of(self, known: tuple[str, ...], hint: str = "") -> str:
        """The member of `known` that the value is, whatever its case.

        Raises
        ------
        SchemaError
            If it is none of them.
        """
        upper = self.text.upper()
        if upper not in known:
            raise self.error(
                f"is {shown(self.text)}, which is not read", hint=hint or f"known: {', '.join(known)}"
            )
        return upper


def number(text: str) -> float | None:
    """A finite decimal number in ASCII digits, or None."""
    if len(text) > N_NUMBER_MAX or _NUMBER.fullmatch(text) is None:
        return None
    value = float(text)
    return value if abs(value) < float("inf") else None


def integer(text: str) -> int | None:
    """A whole number of at most nine ASCII digits, or None."""
    if len(text) > N_DIGITS_MAX + 1 or _INTEGER.fullmatch(text) is None:
        return None
    value = int(text)
    return value if abs(value) < 10**N_DIGITS_MAX else None


def shown(text: str) -> str:
    """A text as messages quote it: in quotes, on one line, never long."""
    return repr(text if len(text) <= N_SHOWN_MAX else text[: N_SHOWN_MAX - 3] + "...")


def too_long(file: str, size: str) -> SyntaxInputError:
    """The refusal of a file beyond the byte limit."""
    return SyntaxInputError(
        f"the file has {size}, more than the {N_BYTES_MAX / 1e6:g} MB that are read",
        hint=_LIMIT_HINT,
        file=file,
    )


def unzipped(data: bytes, file: str) -> bytes:
    """The content of a gzip file of one member, or `data` where it is none; at most `N_BYTES_MAX` bytes.

    Raises
    ------
    SyntaxInputError
        If the gzip stream is damaged or followed by something else, or its content is too long.
    """
    if not data.startswith(_GZIP):
        return data
    if len(data) > N_BYTES_MAX:
        raise too_long(file, f"{len(data) / 1e6:.1f} MB")
    stream = zlib.decompressobj(wbits=31)
    try:
        out = stream.decompress(data, N_BYTES_MAX + 1)
    except zlib.error as e:
        raise SyntaxInputError(f"the gzip file is damaged: {e}", hint="fetch it again", file=file) from None
    if len(out) > N_BYTES_MAX:
        raise too_long(file, f"more than {N_BYTES_MAX / 1e6:g} MB once unzipped")
    if not stream.eof:
        raise SyntaxInputError("the gzip file ends too early", hint="fetch it again", file=file)
    if stream.unused_data.strip(b"\0"):  # gzip may pad with zeros
        raise SyntaxInputError("something follows the gzip stream", hint="unzip it first", file=file)
    return out
