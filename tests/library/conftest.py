"""The scenarios that ship, read once."""

import pytest
from shipped_scenarios import ALL, PLANNED, shipped

from crossflight.model import Scenario
from crossflight.scenario import library_names


@pytest.fixture(params=ALL)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    """Every scenario that ships."""
    return shipped(request.param)


@pytest.fixture(params=PLANNED)
def planned(request: pytest.FixtureRequest) -> Scenario:
    """Every scenario that ships to be planned."""
    return shipped(request.param)


@pytest.fixture
def iss_2022() -> Scenario:
    """The station on 15 July 2022."""
    return shipped("iss-2022")


@pytest.fixture
def iss_2026() -> Scenario:
    """The station on 22 November 2026."""
    return shipped("iss-2026")


@pytest.fixture
def iss_flown() -> Scenario:
    """The station for walking the record."""
    return shipped("iss-flown")


@pytest.fixture
def commercial() -> Scenario:
    """The small commercial station."""
    return shipped("commercial")


@pytest.fixture
def names() -> tuple[str, ...]:
    """What the library says it holds."""
    return tuple(library_names())
