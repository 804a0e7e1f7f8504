"""``crossflight stress``: the contract for scripts, what people see, stopping and going on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from running import Run

PROGRAM = Path(sys.executable).parent / "crossflight"


def test_document_has_the_shape_of_the_contract(run: Run, folder: Path) -> None:
    ran = run("stress", folder / "plan.yaml", "--samples", 600, "--json")
    assert ran.status == 0
    document = ran.json
    assert document["schema"] == "crossflight.stress/1"
    assert set(document["n1"]) == {"operator", "seat"}
    assert document["n1"]["operator"]["dates"] == sorted(set(document["n1"]["operator"]["dates"]))
    assert document["n1"]["seat"][0]["n_without_nominal"] >= 0
    assert set(document["expected_unattended_days"]) == {"mean", "ci95", "cvar95"}
    low, high = document["expected_unattended_days"]["ci95"]
    assert low <= document["expected_unattended_days"]["mean"] <= high
    assert document["samples"] == 600
    for endurance in document["endurance_days"].values():
        assert {"from_known", "min", "median", "ends"} <= set(endurance)
    for margin in document["slip_margin_days"].values():
        assert margin["days"] >= 0
    assert document["compare"] is None
    assert document["sensitivity"] == []
    assert document["singles"]


def test_people_see_tables(run: Run, folder: Path) -> None:
    ran = run(
        "stress", folder / "plan.yaml", "--samples", 100, "--sensitivity", "--compare", folder / "plan.yaml"
    )
    assert ran.status == 0
    for said in (
        "Days without launches of one provider",
        "How far each flight can slip alone",
        "One thing at a time",
        "100 samples, nobody planning anew",
        "less the other plan",
        "+0.0",
        "Which rate matters",
        "no slips",
    ):
        assert said in ran.out, said


def test_a_plan_beside_itself_differs_by_nothing(run: Run, folder: Path) -> None:
    ran = run("stress", folder / "plan.yaml", "--samples", 50, "--compare", folder / "plan.yaml", "--json")
    found = ran.json["compare"]
    assert found["expected_unattended_days"] == ran.json["expected_unattended_days"]
    assert found["difference"]["operator_n1_days"] == {"mean": 0.0, "ci95": [0.0, 0.0]}


def test_workers_seeds_and_numbers_of_samples(run: Run, folder: Path) -> None:
    """The first thousand are the first thousand, whoever computes them."""
    one, two, other = (
        run("stress", folder / "plan.yaml", "--samples", 1001, "--workers", w, "--seed", s, "--json").out
        for w, s in ((1, 0), (2, 0), (1, 1))
    )
    assert one == two
    assert one != other


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("--samples", "0"), 2, "0 samples are asked for"),
        (("--samples", "2000000"), 2, "1 to 1000000"),
        (("--workers", "0"), 2, "0 workers"),
        (("--compare", "nowhere.yaml"), 3, "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_said(
    run: Run, folder: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    ran = run("stress", folder / "plan.yaml", *arguments, "--json")
    assert ran.status == status
    assert said in ran.json["error"]["message"]


def test_a_plan_cut_off_is_refused_with_its_place(run: Run, folder: Path) -> None:
    plan = folder / "plan.yaml"
    plan.write_text(plan.read_text()[:-200])
    ran = run("stress", plan, "--json")
    assert ran.status == 3
    assert ran.json["error"]["file"] == str(plan)


def test_a_plan_of_another_horizon_is_not_compared(run: Run, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    scenario = (folder / "scenario.yaml").read_text()
    end = next(line for line in scenario.splitlines() if line.startswith("to_utc:"))
    ran = run("check", folder / "plan.yaml")
    assert ran.status == 0
    run(
        "plan",
        folder / "scenario.yaml",
        "--out",
        other,
        "--set",
        f"to_utc={_earlier(end)}",
        "--time-limit",
        10,
    )
    ran = run("stress", folder / "plan.yaml", "--compare", other / "plan.yaml", "--json")
    assert ran.status == 2
    assert "cannot be compared" in ran.json["error"]["message"]


def _earlier(line: str) -> str:
    from crossflight.times import Instant

    return Instant.parse(line.split(":", 1)[1].split("#")[0].strip()).plus_days(-30).date()


def started(folder: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    """A run of many samples, once its first two chunks are on disk."""
    process = subprocess.Popen(
        [str(PROGRAM), "stress", str(folder / "plan.yaml"), "--samples", "20000", "--out", str(out), *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # A runner in the background ignores the signal, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while len(list(out.glob("chunk-*"))) < 2:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return process


def test_killed_and_begun_again_it_gives_the_same_bytes(run: Run, folder: Path, tmp_path: Path) -> None:
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    assert run("stress", folder / "plan.yaml", "--samples", 20000, "--out", straight).status == 0
    process = started(folder, broken)
    process.kill()
    process.communicate()
    kept = sorted(p.name for p in broken.iterdir())
    assert "stress.json" not in kept
    # One of them is cut off, one is somebody else's.
    cut, foreign = broken / kept[0], broken / "chunk-0123456789abcdef-00000"
    cut.write_bytes(cut.read_bytes()[:-10])
    foreign.write_bytes(b"not ours")
    ran = run("stress", folder / "plan.yaml", "--samples", 20000, "--out", broken)
    assert ran.status == 0
    assert f"{cut} is half-written" in ran.err
    assert f"{foreign} is of another campaign" in ran.err
    assert (broken / "stress.json").read_bytes() == (straight / "stress.json").read_bytes()
    assert foreign.read_bytes() == b"not ours"
    assert sorted(p.name for p in broken.iterdir()) == [foreign.name, "stress.json"]


def test_ctrl_c_keeps_what_was_finished(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = started(folder, out)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said.decode()
    assert b"goes on from what is in" in said
    assert len(list(out.glob("chunk-*"))) >= 2
    assert not list(out.glob(".chunk-*"))


def test_nothing_half_is_left_where_it_cannot_be_written(run: Run, folder: Path) -> None:
    ran = run("stress", folder / "plan.yaml", "--samples", 10, "--out", folder / "plan.yaml", "--json")
    assert ran.status == 2
    assert "not a folder" in json.loads(ran.out)["error"]["message"]
