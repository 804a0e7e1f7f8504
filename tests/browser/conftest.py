"""Pages to open and a Chromium to open them with; tests/conftest.py leaves these tests out without one."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chrome.webdriver import WebDriver

from crossflight.app.picture import picture
from crossflight.report.html import write
from crossflight.report.stability import stability

sys.path.insert(0, str(Path(__file__).parents[1] / "report"))  # the station that is drawn there
from drawn_plan import CLOSING, FORMULA, MARKUP, RIGHT_TO_LEFT, drawn
from flown_flight import flown_view
from found_stability import findings

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Open = Callable[..., WebDriver]
HOSTILE = (MARKUP, FORMULA, RIGHT_TO_LEFT, CLOSING)
WORDS = {
    "label", "title", "detail", "short", "name", "note", "text", "of", "craft", "pad", "port",
    "agency", "unit", "value", "launch", "days", "rows", "data", "moves", "notes", "scenario_title",
    "scenario_name", "overrides", "ticks_title",
}  # fmt: skip


def poisoned(value: object, key: str = "") -> object:
    """A picture in which every word that somebody may have written is hostile; structure is left alone."""
    if isinstance(value, dict):
        return {k: poisoned(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [poisoned(v, key) for v in value]
    is_word = isinstance(value, str) and key in WORDS
    return HOSTILE[len(str(value)) % len(HOSTILE)] if is_word else value


@pytest.fixture(scope="session")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    options = Options()
    options.binary_location = str(shutil.which("chromium"))
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    made = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
    yield made
    made.quit()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for name in ("plain", "hostile"):
        model = drawn(hostile=name == "hostile")
        made[name] = folder / f"{name}.html"
        page = stability(model.scenario, findings(hostile=name == "hostile"))
        heron = model.plan.flights[1].name
        flown = {heron: flown_view(hostile=name == "hostile", name=heron)}
        drawing = picture(
            model.scenario, model.plan, model.violations, model.coverage, pages=[page], flown=flown
        )
        if name == "hostile":  # a lane of computed opportunities: 0, 720 and 1500 minutes after the start
            pads = next(g for g in drawing["timeline"]["groups"] if g["id"] == "pads")
            pads["lanes"][0]["ticks"] = "0 k0 lo"
        write(made[name], drawing)
    made["poisoned"] = folder / "poisoned.html"
    write(made["poisoned"], cast("dict[str, object]", poisoned({**drawing, "pages": []})))
    return made


@pytest.fixture
def open_page(driver: WebDriver, pages: dict[str, Path]) -> Open:
    """Open a page in a fresh window size and colour scheme; logs begin empty."""

    def act(
        name: str = "plain", *, page: str = "timeline", width: int = 1280, scheme: str = "light"
    ) -> WebDriver:
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        driver.get("about:blank")
        for log in ("browser", "performance"):
            driver.get_log(log)
        driver.get(f"{pages[name].as_uri()}#{page}")
        return driver

    return act


def requested(driver: WebDriver) -> list[str]:
    """Addresses that the page asked for since it was opened."""
    messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]


@pytest.fixture
def requests_of() -> Callable[[WebDriver], list[str]]:
    return requested
