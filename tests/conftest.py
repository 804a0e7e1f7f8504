"""What all tests share: the browser tests run where Chromium is, and their absence is said."""

import os
import shutil

import pytest

LEFT_OUT = pytest.StashKey[int]()
NEEDS = ("chromium", "chromedriver")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = [program for program in NEEDS if shutil.which(program) is None]
    if not missing:
        return
    if os.environ.get("CROSSFLIGHT_BROWSER") == "required":
        raise pytest.UsageError(f"the browser tests are required here and {', '.join(missing)} is missing")
    browser = [item for item in items if item.get_closest_marker("browser")]
    if browser:
        items[:] = [item for item in items if item not in browser]
        config.hook.pytest_deselected(items=browser)
        config.stash[LEFT_OUT] = len(browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    n = config.stash.get(LEFT_OUT, 0)
    if n:
        terminalreporter.write_line(
            f"{n} browser tests were LEFT OUT: install {' and '.join(NEEDS)} to run them "
            "(Debian: apt-get install chromium chromium-driver)"
        )
