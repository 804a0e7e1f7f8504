"""A repair that is interrupted or killed: real signals to a real process, at a stage and not at a time."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from running import Ran

from crossflight.app.check import read

# Sends itself a signal as the K-th search begins, or as the K-th file is moved to its place.
DRIVER = """
import os, signal, sys
from crossflight.app import folder
from crossflight.planner import solve

what, number, *signals = sys.argv[1].split(",")
module, name = {"search": (solve, "run"), "file": (folder.os, "replace")}[what]
done, count = getattr(module, name), 0

def call(*a, **k):
    global count
    count += 1
    if count == int(number):
        for s in signals:
            os.kill(os.getpid(), getattr(signal, s))
    return done(*a, **k)

setattr(module, name, call)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a runner in the background ignores it
from crossflight.cli import main
sys.exit(main(sys.argv[2:]))
"""


def replanned(folder: Path, out: Path, sent: str) -> Ran:
    driver = folder.parent / "driver.py"
    driver.write_text(DRIVER, encoding="utf-8")
    told = ["--disruption", "slip:Crew-2:2030-01-10:days=10", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, str(driver), sent, "replan", str(folder / "plan.yaml"), *told],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_ctrl_c_at_any_search_keeps_a_plan_that_the_checker_accepts_or_writes_nothing(
    folder: Path, tmp_path: Path
) -> None:
    kept = []
    n = 1
    while True:
        out = tmp_path / f"out-{n}"
        ran = replanned(folder, out, f"search,{n},SIGINT")
        if ran.status == 0:  # there are no more searches
            break
        assert ran.status == 130, ran.err
        if out.exists():
            kept.append(n)
            assert "interrupted; the best checked plan: feasible" in ran.err
            scenario, plan = read(str(out / "plan.yaml"))
            assert plan.provenance is not None
            assert plan.provenance.status == "feasible"
            assert scenario.digest == plan.scenario_digest
        else:
            assert "interrupted" in ran.err
            assert "nothing was written" in ran.err
        n += 2
    assert kept
    assert 1 not in kept  # the plan before is measured first: there is nothing to keep yet


def test_a_second_ctrl_c_ends_it(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = replanned(folder, out, "search,3,SIGINT,SIGINT")
    assert ran.status == 130
    assert "Traceback" not in ran.err
    assert not out.exists()


@pytest.mark.parametrize("sent", ["search,3,SIGKILL", "file,1,SIGKILL"])
def test_a_kill_leaves_no_half_written_folder(folder: Path, tmp_path: Path, sent: str) -> None:
    out = tmp_path / "out"
    assert replanned(folder, out, sent).status == -signal.SIGKILL
    assert not out.exists()


def test_a_kill_while_files_are_replaced_leaves_each_whole(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert replanned(folder, out, "file,9,SIGINT").status == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    (out / "report.html").write_bytes(b"mine")
    assert replanned(folder, out, "file,2,SIGKILL").status == -signal.SIGKILL
    after = {p.name: p.read_bytes() for p in out.iterdir() if not p.name.startswith(".")}
    assert after == before | {"report.html": b"mine"}
