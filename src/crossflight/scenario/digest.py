"""The hash of a scenario: what it says, not how it is written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from hashlib import sha256
from typing import Any, Final

from crossflight.model import Scenario
from crossflight.times import Instant

_LEFT_OUT: Final = frozenset({"digest", "overrides", "facts", "opportunities"})
# Only repairs ask: a plan is as good with others.
_OF_REPAIRS: Final = frozenset({"launch_lead_days", "undock_lead_days"})


def digest_of(scenario: Scenario) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the canonical form.

    Comments, formatting, provenance and the order of keys do not change it, and neither does a
    value that equals the model's default: a new field with a default keeps old plans valid.  Neither
    do lead times.  Overrides count by what they change.
    """
    text = json.dumps(
        said(scenario, without=_OF_REPAIRS),
        sort_keys=True,
        ensure_ascii=True,
        separators=(",", ":"),
        allow_nan=False,
    )
    return sha256(text.encode("ascii")).hexdigest()[:16]


def said(
    scenario: Scenario,
    instant: Callable[[Instant], Any] = lambda at: at.us,
    without: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """What a scenario says, as mappings, lists and scalars: not what is computed or told of it."""
    pairs = [(n, getattr(scenario, n), d) for n, d in _defaults(Scenario) if n not in _LEFT_OUT]
    return {name: plain(here, instant, without) for name, here, default in pairs if here != default}


def plain(value: Any, instant: Callable[[Instant], Any], without: frozenset[str] = frozenset()) -> Any:
    """A value of the model as mappings, lists and scalars, without what equals a default."""
    if isinstance(value, str):
        return value
    if isinstance(value, Instant):
        return instant(value)
    if isinstance(value, float):
        return value + 0.0  # one zero
    if isinstance(value, tuple):
        return [plain(v, instant, without) for v in value]
    if isinstance(value, Mapping):
        return {k: plain(v, instant, without) for k, v in value.items()}
    if is_dataclass(value):
        cls: Any = type(value)
        pairs = [(n, getattr(value, n), default) for n, default in _defaults(cls) if n not in without]
        return {name: plain(here, instant, without) for name, here, default in pairs if here != default}
    return value


@cache
def _defaults(cls: Any) -> tuple[tuple[str, Any], ...]:
    """The fields of a dataclass with their defaults, MISSING where there is none."""
    return tuple(
        (f.name, f.default if f.default_factory is MISSING else f.default_factory()) for f in fields(cls)
    )
