"""Paths into a scenario: ``vehicle_types.soyuz-ms.on_orbit_life_days``.

Items of a list are addressed by their name where they have one (a docked flight by its flight's),
else by their index from 0.  Names may hold dots: the longest one that fits is taken.  A plus sign
adds an item: ``craft.+Alba={vehicle_type: shuttlecraft}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import is_dataclass
from typing import Any, Final, get_args, get_origin

from crossflight.errors import InputError, SchemaError
from crossflight.model import Scenario
from crossflight.scenario.bounds import N_NAME_CHARACTERS_MAX, N_PROSE_CHARACTERS_MAX
from crossflight.scenario.decode import (
    PROVENANCE,
    Path,
    is_mapping_type,
    is_wrapper,
    readable_fields,
    without_none,
)
from crossflight.scenario.near import near_hint
from crossflight.scenario.yaml_tree import Map, Node, Origin, Scalar, Sequence, described, parse_tree, shown

N_PATH_CHARACTERS_MAX: Final = N_NAME_CHARACTERS_MAX


def inside(node: Node) -> Node:
    """What a ``{value: ...}`` wraps, else the node itself."""
    if is_wrapper(node):
        assert isinstance(node, Map)
        return node.items["value"]
    return node


def item_name(node: Node) -> str | None:
    """The name of an item of a list, if it has one."""
    node = inside(node)
    for _ in range(2):
        if not isinstance(node, Map):
            return None
        name = node.items.get("name")
        if name is not None:
            value = inside(name)
            return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else None
        node = inside(node.items.get("flight", node))
    return None


def located(root: Node, path: Path, *, is_key: bool = False) -> Node:
    """The node at `path`, or the last one on the way that is there; `is_key` points at its key."""
    node = root
    for step in path:
        node = inside(node)
        if isinstance(node, Map) and step in node.items:
            assert isinstance(step, str)
            last = node.keys[step] if is_key and step == path[-1] else None
            node = last or node.items[step]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return node
    return node if is_key else inside(node)


def dotted(root: Node, path: Path) -> str:
    """A path as people write it."""
    node: Node | None = root
    steps = []
    for step in path:
        node = inside(node) if node is not None else None
        if isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
            steps.append(item_name(node) or str(step))
        else:
            node = node.items.get(step) if isinstance(node, Map) and isinstance(step, str) else None
            steps.append(str(step))
    return ".".join(steps)


def apply_overrides(root: Node, overrides: Mapping[str, str]) -> None:
    """Put every value of `overrides` (path to YAML text) into the tree.

    Raises
    ------
    InputError
        If a path leads nowhere or a value is not YAML; ``file`` then says ``--set``.
    """
    for path, text in overrides.items():
        _set(root, path, text)


def _set(root: Node, path: str, text: str) -> None:
    origin = Origin("--set", f"{path}={text}")
    if len(path) > N_PATH_CHARACTERS_MAX:
        raise origin.error(InputError, f"a path of {len(path)} characters", 1, 1)
    value = _value(path, text)
    node, hint = root, Scenario
    rest: str | None = path
    while rest is not None:
        column = len(path) - len(rest) + 1
        step, rest_after, next_hint = _step(origin, node, hint, rest, column)
        parent = node
        assert isinstance(parent, (Map, Sequence))
        if rest_after is None:
            _replace(parent, step, value, origin, column)
            return
        node = _child(parent, step) or Scalar(origin, 1, column, None)
        if isinstance(node, Scalar) and node.value is None and _is_keyed(next_hint):
            node = Map(origin, 1, column)
            _replace(parent, step, node, origin, column)
        hint, rest = next_hint, rest_after
        if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]) and rest.startswith("+"):
            if not isinstance(node, Sequence):
                node = Sequence(origin, 1, column)
                _replace(parent, step, node, origin, column)
            _append(node, rest[1:], value, origin, len(path) - len(rest) + 2)
            return


def _append(items: Sequence, name: str, value: Node, origin: Origin, column: int) -> None:
    """Add an item of that name; a value that names itself must agree."""
    if not isinstance(value, Map):
        raise value.error(SchemaError, f"a mapping should stand here, not {described(value)}")
    if not name or name in {item_name(item) for item in items.items}:
        message = f"{shown(name)} is there already" if name else "the item to add has no name"
        raise origin.error(InputError, message, 1, column, "write the name after the plus sign")
    own = item_name(value)
    if own is None:
        value.put(Scalar(origin, 1, column, "name"), Scalar(origin, 1, column, name))
    elif own != name:
        raise value.error(SchemaError, f"the item calls itself {shown(own)}, not {shown(name)}")
    items.items.append(value)


def _value(path: str, text: str) -> Node:
    file = f"--set {path}"
    if not text.strip():
        return Scalar(Origin(file, text), 1, 1, None)
    if len(text) > N_PROSE_CHARACTERS_MAX:
        raise InputError(f"a value of {len(text)} characters", file=file, line=1, column=1)
    value = parse_tree(text, file)
    is_flow = text.lstrip()[0] in "[{"
    if not isinstance(value, Scalar) and not is_flow:
        raise value.error(
            SchemaError, f"{shown(text)} is not one value", "put text with `: ` or `- ` in quotes"
        )
    return value


def _is_keyed(hint: Any) -> bool:
    return is_dataclass(hint) or is_mapping_type(get_origin(hint))


def _step(origin: Origin, node: Node, hint: Any, rest: str, column: int) -> tuple[str | int, str | None, Any]:
    """The first step of `rest` at a node of type `hint`: key or index, what remains, the type there."""
    known: Iterable[str]
    if is_dataclass(hint) and isinstance(node, Map):
        assert isinstance(hint, type)
        hints = {name: without_none(h) for name, h in readable_fields(hint).items()}
        known = hints
        key = _longest(rest, hints)
        if key is not None:
            return key, _after(rest, key), hints[key]
    elif is_mapping_type(get_origin(hint)) and isinstance(node, Map):
        inner = get_args(hint)[1]
        known = [key for key in node.items if key not in PROVENANCE]
        key = _longest(rest, known)
        if key is None and not is_dataclass(inner):
            key = rest
        if key is not None:
            return key, _after(rest, key), inner
    elif get_origin(hint) is tuple and isinstance(node, Sequence):
        names = {item_name(item): i for i, item in reversed(list(enumerate(node.items)))}
        by_index = {str(i): i for i in range(len(node.items))}
        places = {**by_index, **{name: i for name, i in names.items() if name}}
        known = [name for name in names if name] or by_index
        key = _longest(rest, places)
        if key is not None:
            return places[key], _after(rest, key), without_none(get_args(hint)[0])
    else:
        known = ()
    wrong = rest.split(".", 1)[0]
    raise origin.error(
        InputError, f"no value stands at {shown(wrong)} of this path", 1, column, near_hint(wrong, known)
    )


def _after(rest: str, key: str) -> str | None:
    """What follows the dot after `key`, or None at the end of the path."""
    return rest[len(key) + 1 :] if len(rest) > len(key) else None


def _longest(rest: str, keys: Iterable[str]) -> str | None:
    fitting = [key for key in keys if rest == key or rest.startswith(f"{key}.")]
    return max(fitting, key=len, default=None)


def _child(parent: Map | Sequence, step: str | int) -> Node | None:
    """What stands at a step, if anything does."""
    if isinstance(parent, Sequence):
        return inside(parent.items[step]) if isinstance(step, int) else None
    found = parent.items.get(step) if isinstance(step, str) else None
    return inside(found) if found is not None else None


def _replace(parent: Map | Sequence, step: str | int, value: Node, origin: Origin, column: int) -> None:
    if isinstance(parent, Sequence):
        assert isinstance(step, int)
        parent.items[step] = value
        return
    assert isinstance(step, str)
    key = parent.keys.get(step) or Scalar(origin, 1, column, step)
    parent.put(key, value)
