"""Photograph a report for the documentation.

``python docs/images/photograph.py REPORT.html timeline.png`` takes the first screen,
``python docs/images/photograph.py REPORT.html stability.png stability`` the whole of that page.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

WIDTH, HEIGHT = 1280, 1120


def photograph(report: Path, image: Path, page: str = "") -> None:
    """Open a report in Chromium, light, and write what the first screen shows, or a whole page."""
    with tempfile.TemporaryDirectory() as profile:
        options = Options()
        options.binary_location = str(shutil.which("chromium"))
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run")
        for flag in (*flags, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
        try:
            metrics = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            drawn = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
            driver.get(f"{report.resolve().as_uri()}#{page}")
            driver.execute_async_script(drawn)
            if page:
                metrics["height"] = driver.execute_script("return document.documentElement.scrollHeight")
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                driver.execute_async_script(drawn)
            driver.save_screenshot(str(image))
        finally:
            driver.quit()


if __name__ == "__main__":
    photograph(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
