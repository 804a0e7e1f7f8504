"""Scenario and plan files: strict YAML to the model and back.  The only room that reads YAML."""

from crossflight.scenario.read import read_scenario, read_scenario_text, scenario_source
from crossflight.scenario.text_file import library_names

__all__ = [
    "library_names",
    "read_scenario",
    "read_scenario_text",
    "scenario_source",
]
