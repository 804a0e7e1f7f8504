"""YAML text to a small tree of nodes with positions, under strict bounds.

PyYAML's events are read one by one and nothing is ever composed or constructed: its C composer
crashes the process on 30 000 nested brackets.  Depth and count are bounded while events arrive,
so a hostile text costs no more than its size.  Plain scalars follow the core schema of YAML 1.2:
``NO``, ``12:30:45`` and ``2022-09-21`` are text, and so is everything quoted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

from crossflight.errors import InputError, SyntaxInputError

N_BYTES_MAX: Final = 2_000_000
DEPTH_MAX: Final = 32
N_NODES_MAX: Final = 200_000
# More digits than a 64-bit integer has cannot be a count of anything here.
N_DIGITS_MAX: Final = 19
N_EXCERPT_MAX: Final = 200

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_INT: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_WORDS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
# Control characters, lone surrogates, characters that some programs take for line breaks, and
# those that reverse the direction of the text after them; tab and line breaks are YAML's own.
CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
_BREAK: Final = re.compile(r"\r\n|\r|\n")

_NUMBER_BEGINS: Final = frozenset("0123456789+-.")

Value = str | int | float | bool | None


class Origin:
    """The text that nodes come from: a file, or the value of one override."""

    __slots__ = ("_lines", "file", "text")

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self._lines: list[str] | None = None

    def line(self, line: int) -> str:
        """Line number `line` (from 1), cut to a length that a terminal can show."""
        if self._lines is None:
            self._lines = _BREAK.split(self.text)
        text = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return CONTROL.sub("\ufffd", text[:N_EXCERPT_MAX])

    def error(
        self, kind: type[InputError], message: str, line: int, column: int, hint: str = ""
    ) -> InputError:
        """An error of `kind` at a place of this text."""
        return kind(message, hint=hint, file=self.file, line=line, column=column, excerpt=self.line(line))


class Node:
    """A place of the text; `line` and `column` count from 1."""

    __slots__ = ("column", "line", "origin")

    def __init__(self, origin: Origin, line: int, column: int) -> None:
        self.origin = origin
        self.line = line
        self.column = column

    def error(self, kind: type[InputError], message: str, hint: str = "") -> InputError:
        """An error of `kind` that points here."""
        return self.origin.error(kind, message, self.line, self.column, hint)


class Scalar(Node):
    """Text, a number, a truth value or nothing."""

    __slots__ = ("value",)

    def __init__(self, origin: Origin, line: int, column: int, value: Value) -> None:
        # Written out: most nodes are scalars, and a call of super() is a third of their cost.
        self.origin = origin
        self.line = line
        self.column = column
        self.value = value


class Sequence(Node):
    """A list."""

    __slots__ = ("items",)

    def __init__(self, origin: Origin, line: int, column: int) -> None:
        super().__init__(origin, line, column)
        self.items: list[Node] = []


class Map(Node):
    """A mapping from text; `keys` holds where each key stands."""

    __slots__ = ("items", "keys")

    def __init__(self, origin: Origin, line: int, column: int) -> None:
        super().__init__(origin, line, column)
        self.items: dict[str, Node] = {}
        self.keys: dict[str, Scalar] = {}

    def put(self, key: Scalar, value: Node) -> None:
        """Set an item; the key is text."""
        assert isinstance(key.value, str)
        self.keys[key.value] = key
        self.items[key.value] = value


def parse_tree(text: str, file: str) -> Node:
    """The one document of `text`.

    Raises
    ------
    SyntaxInputError
        If it is not YAML, or YAML beyond the bounds of this module, or empty.
    """
    origin = Origin(file, text.removeprefix("\ufeff"))
    _refuse_control(origin)
    root = _Builder(origin).build()
    if root is None:
        raise origin.error(
            SyntaxInputError, "the text is empty", 1, 1, "write a mapping that begins with `schema:`"
        )
    return root


def _refuse_control(origin: Origin) -> None:
    found = CONTROL.search(origin.text)
    if found is not None:
        before = origin.text[: found.start()]
        breaks = list(_BREAK.finditer(before))
        raise origin.error(
            SyntaxInputError,
            f"control character U+{ord(found.group()):04X}",
            len(breaks) + 1,
            len(before) - (breaks[-1].end() if breaks else 0) + 1,
            "delete it",
        )


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; `key` is a key still without its value."""

    node: Map | Sequence
    key: Scalar | None = None


class _Builder:
    """Turns events into nodes."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.open: list[_Open] = []
        self.root: Node | None = None
        self.n_nodes = 0

    def build(self) -> Node | None:
        line, column = 1, 1
        loader: Any = None
        try:
            loader = _LOADER(self.origin.text)
            while True:
                event = loader.get_event()
                mark = event.start_mark
                line, column = mark.line + 1, mark.column + 1
                if type(event) is yaml.StreamEndEvent:
                    return self.root
                self._take(event, line, column)
        except yaml.MarkedYAMLError as e:
            for found in (e.context_mark, e.problem_mark):
                if found is not None:
                    line, column = found.line + 1, found.column + 1
            what = ", ".join(p for p in (e.context, e.problem) if p)
            hint = "indent with spaces" if "\t" in self.origin.line(line) else "check indentation and quotes"
            raise self.origin.error(
                SyntaxInputError, f"this is not YAML: {what}", *self._inside(line, column), hint
            ) from None
        except (yaml.YAMLError, ValueError, OverflowError) as e:
            raise self.origin.error(SyntaxInputError, f"this is not YAML: {e}", line, column) from None
        finally:
            if loader is not None:
                loader.dispose()

    def _inside(self, line: int, column: int) -> tuple[int, int]:
        """The mark of an unexpected end can lie a line beyond the last one."""
        n_lines = len(_BREAK.split(self.origin.text))
        return (line, column) if line <= n_lines else (n_lines, 1)

    def _take(self, event: Any, line: int, column: int) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self._refuse_marked(event, line, column)
            value: Value = event.value
            if not event.style:  # plain
                value = self._resolve(event.value, line, column)
            self._add(Scalar(self.origin, line, column, value))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._refuse_marked(event, line, column)
            if len(self.open) >= DEPTH_MAX:
                raise self._error(f"nested deeper than {DEPTH_MAX} levels", line, column)
            made = Map if kind is yaml.MappingStartEvent else Sequence
            node = made(self.origin, line, column)
            self._add(node)
            self.open.append(_Open(node))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.open.pop()
        elif kind is yaml.AliasEvent:
            raise self._error(f"alias {_cut('*' + event.anchor)}", line, column, "write the value out")
        elif kind is yaml.DocumentStartEvent:
            if self.root is not None:
                raise self._error("a second document", line, column, "one file holds one document")
            if event.version or event.tags:
                raise self._error("a YAML directive", line, column, "delete the line that begins with %")

    def _refuse_marked(self, event: Any, line: int, column: int) -> None:
        if event.anchor is not None:
            raise self._error(
                f"anchor {_cut('&' + event.anchor)}", line, column, "delete it; aliases are not read"
            )
        if event.tag is not None:
            raise self._error(
                f"tag {_cut(event.tag)}", line, column, "delete it; the schema knows every type"
            )

    def _add(self, node: Node) -> None:
        self.n_nodes += 1
        if self.n_nodes > N_NODES_MAX:
            raise node.error(SyntaxInputError, f"more than {N_NODES_MAX} values")
        if not self.open:
            self.root = node
            return
        top = self.open[-1]
        if isinstance(top.node, Sequence):
            top.node.items.append(node)
        elif top.key is None:
            top.key = self._key(top.node, node)
        else:
            top.node.put(top.key, node)
            top.key = None

    def _key(self, into: Map, node: Node) -> Scalar:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise node.error(SyntaxInputError, "a key that is not text", "put it in quotes if it is a name")
        earlier = into.keys.get(node.value)
        if earlier is not None:
            raise node.error(
                SyntaxInputError,
                f"key {shown(node.value)} stands twice",
                f"the first is on line {earlier.line}; keep one",
            )
        return node

    def _resolve(self, text: str, line: int, column: int) -> Value:
        """A plain scalar by the core schema of YAML 1.2 (chapter 10.3.2)."""
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _NUMBER_BEGINS:
            return text
        if _FLOAT.fullmatch(text):
            if _INT.fullmatch(text):
                if len(text.lstrip("+-0")) > N_DIGITS_MAX:
                    raise self._error(f"a number of more than {N_DIGITS_MAX} digits", line, column)
                return int(text)
            return float(text)
        if _BASED.fullmatch(text):
            if len(text) > N_DIGITS_MAX:
                raise self._error(f"a number of more than {N_DIGITS_MAX} digits", line, column)
            return int(text, 0)
        return text

    def _error(self, message: str, line: int, column: int, hint: str = "") -> InputError:
        return self.origin.error(SyntaxInputError, message, line, column, hint)


def shown(value: object) -> str:
    """A value as messages quote it: one line, never long."""
    text = "nothing" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)
    return _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."


def described(node: Node) -> str:
    """What stands at a node, for messages about a wrong type."""
    if isinstance(node, Map):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    assert isinstance(node, Scalar)
    return f"the text {shown(node.value)}" if isinstance(node.value, str) else shown(node.value)
