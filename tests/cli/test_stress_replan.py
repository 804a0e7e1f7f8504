"""``crossflight stress --replan``: the same figures with any number of workers, and after a stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import Run

from crossflight.app.check import read
from crossflight.resilience.living import CHUNK, Living, live_through
from crossflight.resilience.rates import rates


def test_planning_anew_stands_beside_the_fixed_policy(run: Run, folder: Path) -> None:
    told = [
        run("stress", folder / "plan.yaml", "--samples", 6, "--replan", "--workers", n, "--json")
        for n in (1, 2)
    ]
    assert [t.status for t in told] == [0, 0], told[0].err
    assert told[0].out == told[1].out
    found = told[0].json["replanned"]
    assert found["samples"] == 6
    plans = found["plans"]
    assert plans.pop("asked") == sum(plans.values())
    assert 0 <= found["samples_asked"] <= 6
    assert run("stress", folder / "plan.yaml", "--samples", 6, "--json").json["replanned"] is None


def test_what_was_kept_is_not_lived_again(folder: Path, tmp_path: Path) -> None:
    from crossflight.chunks import Kept

    scenario, plan = read(str(folder / "plan.yaml"))
    living = Living.of(scenario, plan, rates(), 0)
    whole = live_through(living, 2 * CHUNK)
    Kept(tmp_path, living.key()).write(1, living.chunk(1))
    again = live_through(living, 2 * CHUNK, folder=tmp_path)
    assert again.unattended_any.tolist() == whole.unattended_any.tolist()
    assert again.n_asked.tolist() == whole.n_asked.tolist()


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_amid_samples_with_planning_anew_it_gives_the_same_bytes(
    run: Run, folder: Path, tmp_path: Path, workers: int
) -> None:
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    asked = ["stress", folder / "plan.yaml", "--samples", 4 * CHUNK, "--replan", "--workers"]
    assert run(*asked, 2, "--out", straight).status == 0
    process = subprocess.Popen(
        [Path(sys.executable).parent / "crossflight", *map(str, asked), str(workers), "--out", broken],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    place = broken / "replanned"
    while not list(place.glob("chunk-*")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (broken / "stress.json").exists()
    cut, foreign = min(place.glob("chunk-*")), place / "chunk-0123456789abcdef-00000"
    cut.write_bytes(cut.read_bytes()[:-10])
    foreign.write_bytes(b"not ours")
    ran = run(*asked, workers, "--out", broken)
    assert ran.status == 0
    assert f"{cut} is half-written" in ran.err
    assert f"{foreign} is of another campaign" in ran.err
    assert (broken / "stress.json").read_bytes() == (straight / "stress.json").read_bytes()
    assert foreign.read_bytes() == b"not ours"
