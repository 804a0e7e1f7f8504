"""The page of stress in the Validation chapter is what the command prints."""

from __future__ import annotations

from pathlib import Path

from crossflight.app.validation.chapter import markdown
from crossflight.app.validation.stress_eras import stress_eras_section

PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation-stress.md"


def test_the_page_of_stress_is_fresh() -> None:
    assert markdown(stress_eras_section()) in PAGE.read_text("utf-8")
