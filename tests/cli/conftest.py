"""A small plan of the template scenario, made once, and a way to run the command in this process."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import Ran, Run

from crossflight.cli import main


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def ran(*arguments: object) -> Ran:
        capsys.readouterr()
        status = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return ran


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scenario.yaml, plan.yaml and report.html, made by the command itself."""
    folder = tmp_path_factory.mktemp("planned")
    assert main(["init", str(folder)]) == 0
    assert main(["plan", str(folder / "scenario.yaml"), "--out", str(folder), "--time-limit", "20"]) == 0
    return folder


@pytest.fixture
def folder(planned: Path, tmp_path: Path) -> Path:
    """A copy of `planned` to edit."""
    return Path(shutil.copytree(planned, tmp_path / "copy"))
