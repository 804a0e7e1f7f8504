"""XML text to a small tree with positions, under strict bounds.

Expat reads it.  A document type is refused, so there are no entities but XML's own five and nothing
is fetched; depth, number of elements and length of a text are bounded while they arrive.  Elements
that come by the hundred thousand are handed over as they close and never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from xml.parsers import expat

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats.orbit_source import N_LINE_MAX, Field, Source, shown

DEPTH_MAX: Final = 16
N_ELEMENTS_MAX: Final = 2_000_000


class Element:
    """An element; `line` and `column` count from 1 and point at its tag."""

    __slots__ = ("attributes", "children", "column", "line", "source", "tag", "text")

    def __init__(self, source: Source, tag: str, attributes: dict[str, str], line: int, column: int) -> None:
        self.source = source
        self.tag = tag
        self.attributes = attributes
        self.text = ""
        self.children: list[Element] = []
        self.line = line
        self.column = column

    def error(self, message: str, *, hint: str = "", kind: type[InputError] = SchemaError) -> InputError:
        """An error that points at the tag."""
        return self.source.error(kind, message, self.line, self.column, hint=hint)

    def field(self) -> Field:
        """The element as a value: its text, and the attribute ``units`` where it has one.

        Raises
        ------
        SyntaxInputError
            If it has elements inside.
        """
        if self.children:
            raise self.error(f"<{self.tag}> holds elements, not a value", kind=SyntaxInputError)
        unit = self.attributes.get("units", "")
        return Field(self.source, self.tag, self.text.strip(), unit, self.line, self.column)

    def only(self, *known: str) -> dict[str, list[Element]]:
        """The children by tag, in the order of `known`; a tag that is not there has none.

        Raises
        ------
        SchemaError
            If there is a child of another tag, or text between them.
        """
        found: dict[str, list[Element]] = {tag: [] for tag in known}
        if self.text.strip():
            raise self.error(f"<{self.tag}> holds the text {shown(self.text.strip())}, not elements")
        for child in self.children:
            if child.tag not in found:
                hint = f"<{self.tag}> holds {', '.join(known)}"
                raise child.error(f"<{child.tag}> cannot stand inside <{self.tag}>", hint=hint)
            found[child.tag].append(child)
        return found

    def one(self, tag: str) -> Element:
        """The one child of that tag.

        Raises
        ------
        SchemaError
            If there is none, or more than one.
        """
        found = [child for child in self.children if child.tag == tag]
        if len(found) != 1:
            where = found[1] if found else self
            raise where.error(f"<{self.tag}> has {len(found)} elements <{tag}>, not one")
        return found[0]


Consumer = Callable[[Element, Element], None]


def parse_xml(source: Source, consumers: Mapping[str, Consumer] | None = None) -> Element:
    """The root element of a text.

    Parameters
    ----------
    consumers
        By tag: called with a closed element and the element around it; it is not kept then.

    Raises
    ------
    SyntaxInputError
        If it is not well formed, or beyond the bounds of this module, or has a document type.
    """
    return _Builder(source, consumers or {}).build()


class _Builder:
    """Turns what expat says into elements."""

    def __init__(self, source: Source, consumers: Mapping[str, Consumer]) -> None:
        self.source = source
        self.consumers = consumers
        self.document = Element(source, "", {}, 1, 1)
        self.open = [self.document]
        self.n_elements = 0
        # Text is handed over as UTF-8, whatever encoding its declaration names: it is decoded already.
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def build(self) -> Element:
        try:
            self.parser.Parse(self.source.text.encode("utf-8"), True)
        except expat.ExpatError as e:
            what = expat.ErrorString(e.code) or "an error"
            raise self.source.error(
                SyntaxInputError,
                f"this is not XML: {what}",
                e.lineno,
                e.offset + 1,
                hint="check the tags; was the file cut off?",
            ) from None
        if not self.document.children:
            raise self.source.error(SyntaxInputError, "the document has no root element", 1, 1)
        return self.document.children[0]

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.n_elements += 1
        if self.n_elements > N_ELEMENTS_MAX:
            raise self._error(f"more than {N_ELEMENTS_MAX} elements", line, column)
        if len(self.open) > DEPTH_MAX:
            raise self._error(f"nested deeper than {DEPTH_MAX} levels", line, column)
        if len(tag) > N_LINE_MAX or len(attributes) > DEPTH_MAX:
            raise self._error("a tag too long", line, column)
        element = Element(self.source, tag.rpartition(":")[2], attributes, line, column)
        self.open[-1].children.append(element)
        self.open.append(element)

    def _end(self, _tag: str) -> None:
        element = self.open.pop()
        consume = self.consumers.get(element.tag)
        if consume is not None:
            around = self.open[-1]
            around.children.pop()
            consume(element, around)

    def _text(self, data: str) -> None:
        element = self.open[-1]
        if element.children and data.isspace():
            return
        if len(element.text) + len(data) > N_LINE_MAX:
            raise element.error(
                f"<{element.tag}> holds a text of more than {N_LINE_MAX} characters", kind=SyntaxInputError
            )
        element.text += data

    def _doctype(self, *_: object) -> None:
        raise self._error(
            "a document type",
            self.parser.CurrentLineNumber,
            self.parser.CurrentColumnNumber + 1,
            "delete <!DOCTYPE ...>: no entities are read",
        )

    def _error(self, message: str, line: int, column: int, hint: str = "") -> InputError:
        return self.source.error(SyntaxInputError, message, line, column, hint=hint)
