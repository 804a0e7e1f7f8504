"""Plans as text that people read, edit and diff: one block per flight, one name per line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Final

from crossflight.model import Plan
from crossflight.times import Instant

PLAN_SCHEMA: Final = "crossflight.plan/1"

# Text that no YAML reader takes for anything else: it begins with a letter and has no mark of
# punctuation that means something.
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w .()/+'-]*[\w.()/+'-])?")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# Words that YAML 1.1 or 1.2 reads as something else than text.
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def plan_text(plan: Plan) -> str:
    """The plan as YAML; `crossflight.scenario.read_plan` gives the equal plan back.

    What equals the model's default is left out.

    Raises
    ------
    ValueError
        If a number of the plan is not finite.
    """
    return "".join(f"{line}\n" for line in _lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    yield f"schema: {PLAN_SCHEMA}"
    yield "scenario:"
    yield f"  name: {_text(plan.scenario_name)}"
    # Always in quotes: a hash of digits alone would read as a number.
    yield f"  hash: {_quoted(plan.scenario_digest)}"
    if plan.overrides:
        yield "overrides:"
        for path, value in plan.overrides.items():
            yield f"  {_text(path)}: {_quoted(value)}"
    if plan.provenance is not None:
        yield "solve:"
        yield from _block(plan.provenance, "  ")
    yield from _listed("flights", plan.flights, is_always=True)
    yield from _listed("seat_moves", plan.seat_moves)
    yield from _listed("waivers", plan.waivers)
    yield from _listed("training", plan.training)


def _listed(key: str, items: Iterable[Any], *, is_always: bool = False) -> Iterator[str]:
    items = tuple(items)
    if not items:
        if is_always:
            yield f"{key}: []"
        return
    yield ""
    yield f"{key}:"
    for i, item in enumerate(items):
        if i and key == "flights":
            yield ""
        yield from _item(item, "  ")


def _item(item: Any, indent: str) -> Iterator[str]:
    """One item of a block list."""
    if not is_dataclass(item):
        yield f"{indent}- {_scalar(item)}"
        return
    lead = f"{indent}- "
    for line in _block(item, indent + "  "):
        yield lead + line[len(lead) :]
        lead = indent + "  "


def _block(of: Any, indent: str) -> Iterator[str]:
    """The fields of a dataclass, one key per line."""
    for field in fields(of):
        value = getattr(of, field.name)
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if default is not MISSING and value == default:
            continue
        if isinstance(value, tuple):
            yield f"{indent}{field.name}:" if value else f"{indent}{field.name}: []"
            for item in value:
                yield from _item(item, indent + "  ")
        else:
            assert not isinstance(value, Mapping)
            yield f"{indent}{field.name}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Instant):
        return value.iso()
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a plan cannot hold the number {value}")
        return repr(value)
    if isinstance(value, int):
        return str(value)
    assert isinstance(value, str)
    return _text(value)


def _text(text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) and text.isprintable() and text.casefold() not in _WORDS
    return text if is_plain else _quoted(text)


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(c) for c in text)}"'


def _escaped(c: str) -> str:
    if c in _ESCAPES:
        return _ESCAPES[c]
    if c.isprintable():
        return c
    code = ord(c)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
