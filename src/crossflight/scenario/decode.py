"""Nodes to frozen dataclasses of the model, driven by their type hints.

Keys are field names.  Where the text allows it, ``source``, ``published``, ``assumed`` and
``note`` may stand in any mapping, and any value may be wrapped as ``{value: X, source: ...}``;
both are taken out into :class:`crossflight.model.Fact`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from crossflight.errors import InputError, SchemaError
from crossflight.model import Fact, Scenario
from crossflight.scenario.bounds import (
    INSTANT_MAX,
    INSTANT_MIN,
    MAY_BE_EMPTY,
    N_NAME_CHARACTERS_MAX,
    N_PROSE_CHARACTERS_MAX,
    PROSE,
    YEAR_MAX,
    YEAR_MIN,
    range_of,
)
from crossflight.scenario.near import near_hint
from crossflight.scenario.yaml_tree import CONTROL, Map, Node, Scalar, Sequence, described, shown
from crossflight.times import Instant

PROVENANCE: Final = ("source", "published", "assumed", "note")
_PROVENANCE_KEYS: Final = frozenset(PROVENANCE)
# Fields that the reader fills in; a file cannot.
DERIVED: Final[dict[type, frozenset[str]]] = {
    Scenario: frozenset({"digest", "overrides", "facts", "opportunities"})
}

Path = tuple[str | int, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FoundFact:
    """A fact, its place in the tree and where it says when it was published."""

    path: Path
    fact: Fact
    published: Node | None


class Decoding:
    """One run of the decoder; `facts` collects provenance, which plan files have none of."""

    def __init__(self, *, has_provenance: bool) -> None:
        self.has_provenance = has_provenance
        self.facts: list[FoundFact] = []

    def unwrapped(self, node: Node, path: Path) -> Node:
        """The node itself, or what ``{value: ...}`` wraps."""
        if not self.has_provenance or not is_wrapper(node):
            return node
        assert isinstance(node, Map)
        self.take_facts(node, path)
        return node.items["value"]

    def take_facts(self, node: Map, path: Path) -> None:
        """Keep the provenance that stands in a mapping."""
        items = node.items
        if not self.has_provenance or _PROVENANCE_KEYS.isdisjoint(items):
            return
        values = {
            key: _decoder(hint, key)(items[key], (*path, key), _PLAIN)
            for key, hint in _PROVENANCE_HINTS.items()
            if key in items
        }
        fact = Fact("", values.get("source", ""), values.get("published"), values.get("assumed", False))
        if fact != Fact(""):
            self.facts.append(FoundFact(path, fact, items.get("published")))

    def keys_of(self, node: Map) -> list[str]:
        """The keys of a mapping that are not provenance."""
        if not self.has_provenance or _PROVENANCE_KEYS.isdisjoint(node.items):
            return list(node.items)
        return [key for key in node.items if key not in PROVENANCE]


Decoder = Callable[[Node, Path, Decoding], Any]
_PROVENANCE_HINTS: Final = {"source": str, "published": Instant, "assumed": bool, "note": str}
_PLAIN: Final = Decoding(has_provenance=False)


def is_wrapper(node: Node) -> bool:
    """Whether a node is ``{value: X}`` with nothing but provenance beside it."""
    return (
        isinstance(node, Map)
        and "value" in node.items
        and all(key == "value" or key in PROVENANCE for key in node.items)
    )


def decode(cls: type[T], node: Node, decoding: Decoding) -> T:
    """The value of dataclass `cls` that stands at `node`.

    Raises
    ------
    SchemaError
        At the first key or value that is not as `cls` has it.
    """
    hint: Any = cls
    found: T = _decoder(hint, "")(node, (), decoding)
    return found


def readable_fields(cls: type) -> dict[str, Any]:
    """Fields that a file may give, with their types."""
    hints = get_type_hints(cls)
    derived = DERIVED.get(cls, frozenset())
    return {f.name: hints[f.name] for f in fields(cls) if f.name not in derived}


def without_none(hint: Any) -> Any:
    """``X`` for ``X | None``."""
    if get_origin(hint) in (Union, UnionType):
        kept = [h for h in get_args(hint) if h is not NoneType]
        return kept[0] if len(kept) == 1 else hint
    return hint


@cache
def _decoder(hint: Any, name: str) -> Decoder:
    """The function that decodes values of type `hint`, wrapped or not, in a field called `name`."""
    bare = _bare(hint, name)

    def decode_unwrapped(node: Node, path: Path, decoding: Decoding) -> Any:
        if isinstance(node, Map):
            node = decoding.unwrapped(node, path)
        return bare(node, path, decoding)

    return decode_unwrapped


def _bare(hint: Any, name: str) -> Decoder:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _union(arguments, name)
    if origin is tuple:
        return _tuple(_decoder(arguments[0], name))
    if is_mapping_type(origin):
        return _mapping(arguments[1], name)
    if origin is Literal:
        return _literal(arguments)
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint)
    of_text: dict[Any, Callable[[str], Decoder]] = {
        str: _text,
        float: _float,
        int: _int,
        bool: _bool,
        Instant: _instant,
    }
    return of_text[hint](name)


def is_mapping_type(origin: Any) -> bool:
    """Whether a generic type is a mapping."""
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _union(arguments: tuple[Any, ...], name: str) -> Decoder:
    """``X | None`` and ``float | str``: what stands there says which it is."""
    has_none = NoneType in arguments
    decoders = {a: _bare(a, name) for a in arguments if a is not NoneType}
    of_text = decoders.get(str)
    other = next(d for a, d in decoders.items() if a is not str or len(decoders) == 1)

    def decode_union(node: Node, path: Path, decoding: Decoding) -> Any:
        value = node.value if isinstance(node, Scalar) else node
        if value is None and has_none:
            return None
        chosen = of_text if of_text is not None and isinstance(value, str) else other
        return chosen(node, path, decoding)

    return decode_union


def _tuple(item: Decoder) -> Decoder:
    def decode_tuple(node: Node, path: Path, decoding: Decoding) -> tuple[Any, ...]:
        if not isinstance(node, Sequence):
            raise _wrong(node, "a list", "write [a, b], or [] for none")
        return tuple([item(child, (*path, i), decoding) for i, child in enumerate(node.items)])

    return decode_tuple


def _mapping(value_hint: Any, name: str) -> Decoder:
    def decode_mapping(node: Node, path: Path, decoding: Decoding) -> Mapping[str, Any]:
        if not isinstance(node, Map):
            raise _wrong(node, "a mapping", "write {name: value}, or {} for none")
        decoding.take_facts(node, path)
        found = {}
        for key in decoding.keys_of(node):
            _refuse_name(node.keys[key], key)
            # The values of a rule carry their units in their own names.
            item = _decoder(value_hint, key if name == "values" else name)
            found[key] = item(node.items[key], (*path, key), decoding)
        return MappingProxyType(found)

    return decode_mapping


def _literal(allowed: tuple[Any, ...]) -> Decoder:
    def decode_literal(node: Node, _path: Path, _decoding: Decoding) -> Any:
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, str) and value in allowed:
            return value
        hint = near_hint(value, allowed) if isinstance(value, str) else ""
        raise _wrong(node, f"one of {', '.join(allowed)}", hint)

    return decode_literal


def _dataclass(cls: type) -> Decoder:
    hints = readable_fields(cls)
    decoders = {name: _decoder(hint, name) for name, hint in hints.items()}
    required = [
        f.name
        for f in fields(cls)
        if f.name in hints and f.default is MISSING and f.default_factory is MISSING
    ]

    def decode_dataclass(node: Node, path: Path, decoding: Decoding) -> Any:
        if not isinstance(node, Map):
            raise _wrong(node, "a mapping", f"its keys are {', '.join(hints)}")
        decoding.take_facts(node, path)
        values = {}
        for key in decoding.keys_of(node):
            inner = decoders.get(key)
            if inner is None:
                raise node.keys[key].error(SchemaError, f"unknown key {shown(key)}", near_hint(key, hints))
            values[key] = inner(node.items[key], (*path, key), decoding)
        for name in required:
            if name not in values:
                where = f" of {shown(values['name'])}" if "name" in values else ""
                raise node.error(SchemaError, f"key {name!r}{where} is missing", f"add `{name}:`")
        return cls(**values)

    return decode_dataclass


def _text(name: str) -> Decoder:
    is_prose = name in PROSE

    def decode_text(node: Node, _path: Path, _decoding: Decoding) -> str:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            hint = "put it in quotes" if isinstance(node, Scalar) and node.value is not None else ""
            raise _wrong(node, "text", hint)
        if is_prose:
            _refuse_long(node, node.value, N_PROSE_CHARACTERS_MAX)
            _refuse_control(node, node.value.replace("\n", ""))
        else:
            _refuse_name(node, node.value, may_be_empty=name in MAY_BE_EMPTY)
        return node.value

    return decode_text


def _refuse_name(node: Node, text: str, *, may_be_empty: bool = False) -> None:
    if text.isprintable() and 0 < len(text) <= N_NAME_CHARACTERS_MAX and text == text.strip():
        return  # nearly every name; the rest says what is wrong
    if not text.strip():
        if may_be_empty and not text:
            return
        raise node.error(SchemaError, "an empty name", "give it a name")
    _refuse_long(node, text, N_NAME_CHARACTERS_MAX)
    _refuse_control(node, text)
    if "\t" in text or "\n" in text or "\r" in text:
        raise node.error(SchemaError, f"tab or line break in the name {shown(text)}", "write it on one line")
    if text != text.strip():
        raise node.error(SchemaError, f"space around the name {shown(text)}", "delete it")


def _refuse_long(node: Node, text: str, n_max: int) -> None:
    if len(text) > n_max:
        raise node.error(SchemaError, f"a text of {len(text)} characters, at most {n_max} are read")


def _refuse_control(node: Node, text: str) -> None:
    found = CONTROL.search(text)
    if found is not None:
        raise node.error(SchemaError, f"control character U+{ord(found.group()):04X} in a text", "delete it")


def _number(node: Node, name: str, wanted: str) -> int | float:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        hint = "take away the quotes" if isinstance(value, str) and value.isdecimal() else ""
        raise _wrong(node, wanted, hint)
    if not math.isfinite(value):
        raise node.error(SchemaError, f"{name}: {value} is not a number to plan with", "give a finite number")
    refusal = range_of(name).refusal(value)
    if refusal:
        raise node.error(SchemaError, f"{name} {shown(value)}: {refusal}")
    return value


def _float(name: str) -> Decoder:
    return lambda node, _path, _decoding: float(_number(node, name, "a number"))


def _int(name: str) -> Decoder:
    def decode_int(node: Node, _path: Path, _decoding: Decoding) -> int:
        value = _number(node, name, "a whole number")
        if not isinstance(value, int):
            raise _wrong(node, "a whole number", f"write {value:.0f}" if value == int(value) else "")
        return value

    return decode_int


def _bool(_name: str) -> Decoder:
    def decode_bool(node: Node, _path: Path, _decoding: Decoding) -> bool:
        if not isinstance(node, Scalar) or not isinstance(node.value, bool):
            raise _wrong(node, "true or false", "")
        return node.value

    return decode_bool


def _instant(name: str) -> Decoder:
    def decode_instant(node: Node, _path: Path, _decoding: Decoding) -> Instant:
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            raise _wrong(node, "a UTC time", "write 2022-09-21T13:54:50Z or 2022-09-21")
        try:
            at = Instant.parse(node.value[:80])
        except ValueError:
            raise node.error(
                SchemaError,
                f"{shown(node.value)} is not a UTC time",
                "write 2022-09-21T13:54:50Z or 2022-09-21; there are no local times",
            ) from None
        if not INSTANT_MIN <= at <= INSTANT_MAX:
            raise node.error(SchemaError, f"{name} {at.date()} is not between {YEAR_MIN} and {YEAR_MAX}")
        return at

    return decode_instant


def _wrong(node: Node, wanted: str, hint: str) -> InputError:
    return node.error(SchemaError, f"{wanted} should stand here, not {described(node)}", hint)
