"""Values of a scenario at their places: the same change to the model and to the text of ``--set``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from crossflight.model import Scenario
from crossflight.times import Instant

# Keys and names from the scenario down, an index where items have no name; "+name" adds an item.
Steps = tuple[str | int, ...]
Values = Mapping[Steps, Any]


def with_values(scenario: Scenario, values: Values) -> Scenario:
    """The scenario with other values at some places."""
    for steps, value in values.items():
        scenario = _put(scenario, steps, value)
    return scenario


def value_at(scenario: Scenario, steps: Steps) -> Any:
    """What stands at a place."""
    node: Any = scenario
    for step in steps:
        node = _inside(node, step)
    return node


def settings(values: Values) -> dict[str, str]:
    """The values as ``--set`` takes them, path to text."""
    return {".".join(map(str, steps)): _text(value) for steps, value in values.items()}


def merged(parts: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Several changes as one: where two say a number, the larger one does for both."""
    found: dict[str, str] = {}
    for part in parts:
        for path, text in part.items():
            before = found.get(path, text)
            is_number = _is_number(before) and _is_number(text)
            found[path] = max(before, text, key=float) if is_number else text
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def shown(value: Any) -> str:
    """A value for people: the day of an instant, names with commas."""
    if isinstance(value, Instant):
        return value.date()
    if isinstance(value, tuple):
        return ", ".join(map(shown, value))
    return f"{value:g}" if isinstance(value, float | int) else str(getattr(value, "name", value))


def _put(node: Any, steps: Steps, value: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(node, tuple):
        if isinstance(step, str) and step.startswith("+"):
            return (*node, value)
        k = _index(node, step)
        return (*node[:k], _put(node[k], rest, value), *node[k + 1 :])
    if isinstance(node, Mapping):
        return {**node, step: _put(node.get(step), rest, value)}
    name = str(step)
    return replace(node, **{name: _put(getattr(node, name), rest, value)})


def _inside(node: Any, step: str | int) -> Any:
    if isinstance(node, tuple):
        return node[_index(node, step)]
    return node[step] if isinstance(node, Mapping) else getattr(node, str(step))


def _index(items: tuple[Any, ...], step: str | int) -> int:
    if isinstance(step, int):
        return step
    return next(i for i, item in enumerate(items) if getattr(item, "flight", item).name == step)


def _text(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Instant):
        return value.iso()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_text, value))}]"
    if is_dataclass(value):
        told = {f.name: getattr(value, f.name) for f in fields(value) if f.name != "name"}
        said = [f"{k}: {_text(v)}" for k, v in told.items() if v not in (None, (), 0)]
        return f"{{{', '.join(said)}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float | int) else str(value)
