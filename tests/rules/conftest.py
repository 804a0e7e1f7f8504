"""Fixtures of the rules' tests: a station with two segments and one without, each with a legal plan."""

from __future__ import annotations

import pytest
from example_station import commercial, iss_like

from crossflight.model import Plan, Scenario


@pytest.fixture(scope="session")
def iss() -> tuple[Scenario, Plan]:
    return iss_like()


@pytest.fixture(scope="session")
def outpost() -> tuple[Scenario, Plan]:
    return commercial()
