"""The genuine flight plan, and ways to import small manifests."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from flight_plan_file import NASA, Import

from crossflight.app.import_ import ImportOutcome, import_manifest


@cache
def nasa_outcome() -> ImportOutcome:
    return import_manifest(str(NASA), overrides={})


@pytest.fixture
def nasa() -> ImportOutcome:
    """NASA's flight plan of September 2023, imported once."""
    return nasa_outcome()


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """Imports a CSV text."""

    def run(
        text: str, scenario: str = "iss-flown", settings: Mapping[str, str] | None = None
    ) -> ImportOutcome:
        path = tmp_path / "manifest.csv"
        path.write_text(text, encoding="utf-8")
        return import_manifest(str(path), scenario, overrides=settings or {})

    return run
