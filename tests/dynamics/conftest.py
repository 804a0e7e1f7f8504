"""Compiled force models of the tests go into a folder of their own, once for a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def compiled_models_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patched:
        folder = tmp_path_factory.mktemp("compiled") / "crossflight"
        patched.setenv("CROSSFLIGHT_CACHE", str(folder))
        yield folder
