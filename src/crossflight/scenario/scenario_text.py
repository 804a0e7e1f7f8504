"""Scenarios that a program has made, as text."""

from __future__ import annotations

import yaml

from crossflight.model import Scenario
from crossflight.scenario.digest import said
from crossflight.scenario.read import SCENARIO_SCHEMA


def text_of_scenario(scenario: Scenario) -> str:
    """The scenario as YAML; `crossflight.scenario.read_scenario_text` gives the equal one back.

    What equals the model's default is left out, and so is where values come from, but for one
    `assumed: true` over the whole file: a scenario that people have written keeps its own text.
    """
    document = {"schema": SCENARIO_SCHEMA, **said(scenario, lambda at: at.iso())}
    if any(fact.is_assumed and not fact.path for fact in scenario.facts):
        document["assumed"] = True
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
