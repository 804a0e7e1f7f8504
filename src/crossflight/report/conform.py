"""Whether data that was read has the shape it should have, before anything believes it."""

from __future__ import annotations

import math
import types
from typing import Any, Final, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

# What a page can show; a file that says more was not made by us.
_N_ITEMS_MAX: Final = 200_000
_N_LETTERS_MAX: Final = 100_000


def misfit(value: object, shape: Any, where: str = "") -> str | None:
    """Say what is wrong with a value of a shape; None if nothing is.

    Shapes are typed mappings, lists, literals, unions and plain values.
    """
    if is_typeddict(shape):
        return _mapping_misfit(value, shape, where)
    origin = get_origin(shape)
    if origin is list:
        if not isinstance(value, list):
            return f"{where or 'the whole'} is not a list"
        if len(value) > _N_ITEMS_MAX:
            return f"{where} has {len(value)} items, more than {_N_ITEMS_MAX}"
        (inner,) = get_args(shape)
        return next((m for i, x in enumerate(value) if (m := misfit(x, inner, f"{where}[{i}]"))), None)
    if origin is Literal:
        return None if value in get_args(shape) else f"{where} is none of {', '.join(get_args(shape))}"
    if origin in (Union, types.UnionType):
        found = [misfit(value, s, where) for s in get_args(shape)]
        return None if None in found else found[0]
    return _plain_misfit(value, shape, where)


def _plain_misfit(value: object, shape: Any, where: str) -> str | None:
    if shape is float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return None if is_number and math.isfinite(float(str(value))) else f"{where} is not a number"
    if shape is int:
        return (
            None if isinstance(value, int) and not isinstance(value, bool) else f"{where} is not an integer"
        )
    if shape is str:
        is_text = isinstance(value, str) and len(value) <= _N_LETTERS_MAX
        return None if is_text else f"{where} is not a text of at most {_N_LETTERS_MAX} letters"
    return None if isinstance(value, shape) else f"{where} is not {shape}"


def _mapping_misfit(value: object, shape: Any, where: str) -> str | None:
    if not isinstance(value, dict):
        return f"{where or 'the whole'} is not a mapping"
    hints = get_type_hints(shape)
    for name in shape.__required_keys__:
        if name not in value:
            return f"{_within(where, name)} is missing"
    for name, inner in value.items():
        if name not in hints:
            return f"{_within(where, str(name)[:40])} is not known"
        hint = hints[name]
        hint = get_args(hint)[0] if get_origin(hint) is NotRequired else hint
        found = misfit(inner, hint, _within(where, name))
        if found is not None:
            return found
    return None


def _within(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name
