"""The names of the scenarios that ship, and each read once."""

from functools import cache

from crossflight.model import Scenario
from crossflight.scenario import read_scenario

REPLAYS = (
    "replay-crew-10-december",
    "replay-crew-10-february",
    "replay-crew-11",
    "replay-ms-10",
    "replay-ms-22-december",
    "replay-ms-22-january",
    "replay-pad-31",
    "replay-starliner",
)
PLANNED = ("commercial", "iss-2022", "iss-2026", *REPLAYS)
ALL = (*PLANNED, "iss-flown")


@cache
def shipped(name: str) -> Scenario:
    """A scenario of the library; read once for all tests."""
    return read_scenario(name)
