"""The hash of a scenario: what it says, not how it is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from hashlib import sha256
from typing import Any, Final

from crossflight.model import Scenario
from crossflight.times import Instant

_LEFT_OUT: Final = frozenset({"digest", "overrides", "facts"})


def digest_of(scenario: Scenario) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the canonical form.

    Comments, formatting, provenance and the order of keys do not change it, and neither does a
    value that equals the model's default: a new field with a default keeps old plans valid.
    Overrides count by what they change.
    """
    plain = {key: value for key, value in _plain(scenario).items() if key not in _LEFT_OUT}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return sha256(text.encode("ascii")).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Instant):
        return value.iso()
    if isinstance(value, float):
        return value + 0.0  # one zero
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if is_dataclass(value):
        found = {}
        for field in fields(value):
            here = getattr(value, field.name)
            default = field.default_factory() if field.default_factory is not MISSING else field.default
            if here != default:
                found[field.name] = _plain(here)
        return found
    return value
