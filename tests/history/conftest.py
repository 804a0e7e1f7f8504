"""The scenario of the flown record, read once."""

import pytest

from crossflight.model import Scenario
from crossflight.scenario import read_scenario


@pytest.fixture(scope="session")
def flown_library() -> Scenario:
    return read_scenario("iss-flown")
