"""Ctrl-C as a user presses it: a real signal to a real process, while the solver works."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path


def test_ctrl_c_while_solving_leaves_the_best_checked_plan(tmp_path: Path) -> None:
    out = tmp_path / "out"
    program = Path(sys.executable).parent / "crossflight"
    process = subprocess.Popen(
        [str(program), "plan", "iss-2022", "--out", str(out), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A runner in the background ignores the signal, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    # The first plan is there after some seconds, the proof much later.
    time.sleep(5)
    process.send_signal(signal.SIGINT)
    said, told = process.communicate(timeout=120)
    assert process.returncode == 130, told.decode()
    document = json.loads(said)
    assert document["status"] == "feasible"
    assert document["violations"] == [] or all(v["severity"] == "soft" for v in document["violations"])
    assert (out / "plan.yaml").exists()
    assert (out / "report.html").exists()
    checked = subprocess.run(
        [str(program), "check", str(out / "plan.yaml")], capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stdout.decode()
