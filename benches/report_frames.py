"""Frames a second of the report's timeline while it zooms: ``python benches/report_frames.py --bars 2000``.

A made-up timeline is opened in headless Chromium without a GPU; a wheel with Ctrl held turns once a
frame, in and out again, and the times between frames are told.  Figures are of this machine while
nothing else runs; nothing here fails on a time.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from pathlib import Path
from typing import cast

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from crossflight.report.html import write
from crossflight.report.shape import Bar, Lane, Picture
from crossflight.times import Instant

FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--window-size=1280,900")
BARS_PER_LANE = 25
DAYS = 3650.0
TONES = ("p0", "p1", "visitor", "cargo", "warn", "shade")

ZOOM = """
    const done = arguments[arguments.length - 1], frames = arguments[0];
    const target = document.querySelector(".tl-body"), box = target.getBoundingClientRect();
    const times = [];
    let n = 0, before = 0;
    const turn = (now) => {
        if (before) times.push(now - before);
        before = now;
        if (n++ > frames) return done(times);
        target.dispatchEvent(new WheelEvent("wheel", {
            deltaY: n % 60 < 30 ? -60 : 60, clientX: box.left + 600, clientY: box.top + 40, ctrlKey: true,
            bubbles: true, cancelable: true,
        }));
        requestAnimationFrame(turn);
    };
    requestAnimationFrame(turn);
"""


def made_up(n_bars: int) -> Picture:
    """A timeline of so many bars in lanes of 25, over ten years."""
    start = Instant.parse("2026-01-01")
    lanes: list[Lane] = []
    for i in range(-(-n_bars // BARS_PER_LANE)):
        bars: list[Bar] = []
        for j in range(min(BARS_PER_LANE, n_bars - i * BARS_PER_LANE)):
            at = start.plus_days(DAYS * (j + 0.37 * (i % 3)) / (BARS_PER_LANE + 1))
            name = f"Flight {i}-{j}"
            bars.append(
                {
                    "start": at.iso(),
                    "end": at.plus_days(60 + (i * 7 + j * 13) % 80).iso(),
                    "label": name,
                    "tone": TONES[(i + j) % len(TONES)],
                    "title": name,
                    "data": [["Kind", "made up"]],
                }
            )
        lanes.append({"label": f"Lane {i}", "detail": "", "kind": "bars", "rows": 1, "bars": bars})
    end = start.plus_days(DAYS)
    header = dict.fromkeys(
        ("scenario_name", "scenario_title", "scenario_hash", "plan_hash", "version", "seed", "status", "gap"),
        "",
    )
    picture = {
        "schema": "crossflight.picture/1",
        "kind": "plan",
        "title": f"{n_bars} bars",
        "header": {**header, "known_utc": "", "from_utc": "", "to_utc": "", "overrides": []},
        "figures": [],
        "timeline": {
            "start": start.iso(),
            "end": end.iso(),
            "known": start.iso(),
            "legend": [],
            "groups": [
                {"id": f"g{k}", "title": f"Group {k}", "lanes": lanes[k::4]}
                for k in range(min(4, len(lanes)))
            ],
            "shades": [],
        },
        "tables": [],
    }
    return cast("Picture", picture)


def frame_times_ms(page: Path, n_frames: int) -> list[float]:
    """Open the page, zoom, and return the times between frames."""
    with tempfile.TemporaryDirectory() as profile:
        options = Options()
        options.binary_location = str(shutil.which("chromium"))
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
        try:
            driver.set_script_timeout(120)
            driver.get(page.as_uri())
            times = driver.execute_async_script(ZOOM, n_frames)
        finally:
            driver.quit()
    return cast("list[float]", times)


def main() -> None:
    """Print one line a number of bars."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bars", type=int, nargs="+", default=[200, 2000])
    parser.add_argument("--frames", type=int, default=120)
    asked = parser.parse_args()
    print("| bars | median, ms | 95 %, ms | frames a second |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for n_bars in asked.bars:
            page = Path(folder) / f"{n_bars}.html"
            write(page, made_up(n_bars))
            times = sorted(frame_times_ms(page, asked.frames))
            mean = statistics.mean(times)
            p95 = times[int(len(times) * 0.95)]
            print(f"| {n_bars} | {statistics.median(times):.1f} | {p95:.1f} | {1000 / mean:.0f} |")


if __name__ == "__main__":
    main()
