"""Scenario files to the model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from crossflight.errors import SchemaError
from crossflight.model import Scenario
from crossflight.scenario.coherence import check_coherence, check_facts
from crossflight.scenario.decode import Decoding, decode
from crossflight.scenario.digest import digest_of
from crossflight.scenario.near import near_hint
from crossflight.scenario.paths import apply_overrides, dotted
from crossflight.scenario.references import check_scenario_references
from crossflight.scenario.text_file import STDIN_LABEL, scenario_text
from crossflight.scenario.yaml_tree import Map, Node, Scalar, described, parse_tree, shown

SCENARIO_SCHEMA: Final = "crossflight.scenario/1"
NO_OVERRIDES: Final[Mapping[str, str]] = MappingProxyType({})


def read_scenario(
    name_or_path: str | os.PathLike[str], overrides: Mapping[str, str] = NO_OVERRIDES
) -> Scenario:
    """A scenario of the library by its name, or of a file (``-``: standard input).

    Parameters
    ----------
    overrides
        Values to put in place of the file's, path to YAML text:
        ``{"vehicle_types.soyuz-ms.on_orbit_life_days": "215"}``.

    Raises
    ------
    InputError
        At the first thing that is wrong, with file, line and column.
    """
    text, file = scenario_text(name_or_path)
    return read_scenario_text(text, file, overrides)


def scenario_source(name_or_path: str | os.PathLike[str]) -> str:
    """The text of a scenario as it stands, comments and all."""
    return scenario_text(name_or_path)[0]


def read_scenario_text(
    text: str, file: str = STDIN_LABEL, overrides: Mapping[str, str] = NO_OVERRIDES
) -> Scenario:
    """A scenario from its text; `file` is what errors call it.  See `read_scenario`."""
    root = document(parse_tree(text, file), SCENARIO_SCHEMA)
    apply_overrides(root, overrides)
    decoding = Decoding(has_provenance=True)
    scenario = decode(Scenario, root, decoding)
    check_scenario_references(scenario, root)
    check_coherence(scenario, root)
    check_facts(scenario, root, decoding.facts)
    return replace(
        scenario,
        digest=digest_of(scenario),
        overrides=MappingProxyType(dict(overrides)),
        facts=tuple(replace(found.fact, path=dotted(root, found.path)) for found in decoding.facts),
    )


def document(root: Node, schema: str) -> Map:
    """The mapping of a document after its ``schema:`` line, which must say `schema`."""
    if not isinstance(root, Map):
        message = f"a mapping should stand here, not {described(root)}"
        raise root.error(SchemaError, message, f"the first line is `schema: {schema}`")
    found = root.items.get("schema")
    if found is None:
        near = near_hint("schema", root.items) if len(root.items) < 100 else ""
        raise root.error(SchemaError, "key 'schema' is missing", near or f"begin with `schema: {schema}`")
    if not isinstance(found, Scalar) or found.value != schema:
        value = shown(found.value) if isinstance(found, Scalar) else described(found)
        raise found.error(SchemaError, f"schema is {value}, not {schema}", "is it another kind of file?")
    del root.items["schema"], root.keys["schema"]
    return root
