"""``crossflight stress --replan``: the same figures with any number of workers, and after a stop."""

from __future__ import annotations

from pathlib import Path

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
