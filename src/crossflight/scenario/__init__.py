"""Scenario and plan files: strict YAML to the model and back.  The only room that reads YAML."""

from typing import Final

from crossflight.scenario.plan_file import (
    read_pinned_plan_text,
    read_plan,
    read_plan_text,
    read_unchecked_plan_text,
)
from crossflight.scenario.plan_text import plan_text
from crossflight.scenario.read import read_scenario, read_scenario_text, scenario_source
from crossflight.scenario.scenario_text import text_of_scenario
from crossflight.scenario.text_file import library_names, library_text, read_text

__all__ = [
    "TEMPLATE",
    "library_names",
    "plan_text",
    "read_pinned_plan_text",
    "read_plan",
    "read_plan_text",
    "read_scenario",
    "read_scenario_text",
    "read_text",
    "read_unchecked_plan_text",
    "scenario_source",
    "text_of_scenario",
]

# What `crossflight init` writes: a small scenario with every key explained.
TEMPLATE: Final = library_text("_template")
