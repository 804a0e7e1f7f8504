"""The command as a whole: audit, init, version, usage, pipes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import Run

from crossflight import __version__
from crossflight.cli import terminal

COMMAND = [sys.executable, "-m", "crossflight"]


def test_version_needs_no_imports(planned: Path) -> None:
    code = (
        "import sys; from crossflight.cli import main; main(['--version']); "
        "heavy = {'typer', 'rich', 'yaml', 'ortools', 'pandas', 'crossflight.model'}; "
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, f"crossflight {__version__}\n")


def test_check_does_not_wait_for_the_solver(planned: Path) -> None:
    code = (
        "import sys; from crossflight.cli import main; "
        f"status = main(['check', {str(planned / 'plan.yaml')!r}]); "
        "heavy = {'ortools', 'openpyxl', 'pandas', 'numpy', 'rich.table'}; "
        "sys.exit(status or bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_version_among_options(run: Run) -> None:
    ran = run("--version", "audit")
    assert (ran.status, ran.out) == (0, f"crossflight {__version__}\n")


@pytest.mark.parametrize("arguments", [[], ["--help"], ["plan", "--help"], ["check", "--help"]])
def test_help(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.status in (0, 2)
    assert "Usage: crossflight" in ran.out + ran.err


@pytest.mark.parametrize(
    "arguments",
    [["fly"], ["check"], ["plan"], ["check", "a", "b"], ["audit", "--loud"]],
)
def test_usage_errors(run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert ran.status == 2
    assert ran.err.startswith("error: ")
    assert ran.out == ""
    as_json = run(*arguments, "--json")
    assert as_json.status == 2
    assert as_json.json["error"]["code"] == "usage"


def test_audit_json(run: Run) -> None:
    ran = run("audit", "--json")
    assert ran.status == 0
    found = ran.json
    assert found["schema"] == "crossflight.audit/1"
    assert found["assumption"] == "nationality"
    era_keys = {"name", "from_utc", "to_utc", "days", "operator_n1_uncovered_share", "unattended_share"}
    assert len(found["eras"]) == 3
    assert all(set(e) == era_keys for e in found["eras"])
    assert {"from_utc", "to_utc", "days", "metric", "cause"} <= set(found["episodes"][0])
    assert {e["metric"] for e in found["episodes"]} <= {"operator_n1", "unattended"}


def test_audit_shows_eras_under_every_assumption(run: Run) -> None:
    ran = run("audit")
    assert ran.status == 0
    for words in ("Assumption nationality", "Assumption cross-trained", "Soyuz only", "2023-01-18"):
        assert words in ran.out


def test_audit_of_one_assumption(run: Run) -> None:
    ran = run("audit", "--assumption", "cross-trained")
    assert "Assumption cross-trained" in ran.out
    assert "Assumption nationality" not in ran.out


def test_audit_of_an_unknown_assumption(run: Run, tmp_path: Path) -> None:
    ran = run("audit", "--assumption", "nationalty", "--out", tmp_path / "a")
    assert ran.status == 2
    assert "nationality" in ran.err
    assert not (tmp_path / "a").exists()


def test_audit_writes_its_chart(run: Run, tmp_path: Path) -> None:
    ran = run("audit", "--out", tmp_path / "a")
    assert ran.status == 0
    assert f"wrote {tmp_path / 'a' / 'report.html'}" in ran.out
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["report.html"]


def test_audit_against_a_plan(run: Run, planned: Path) -> None:
    ran = run("audit", "--against", planned / "plan.yaml", "--json")
    assert ran.status == 0
    assert ran.json["against"]["schema"] == "crossflight.audit-against/1"
    assert run("audit", "--against", planned / "nowhere.yaml").status == 3


def test_init_writes_a_scenario_once(run: Run, tmp_path: Path) -> None:
    ran = run("init", tmp_path / "new", "--json")
    assert ran.status == 0
    assert ran.json == {"schema": "crossflight.init/1", "files": [str(tmp_path / "new" / "scenario.yaml")]}
    mine = tmp_path / "new" / "scenario.yaml"
    mine.write_text("mine")
    again = run("init", tmp_path / "new")
    assert again.status == 2
    assert "already there" in again.err
    assert mine.read_text() == "mine"


def test_closed_pipe_is_no_error() -> None:
    ended = subprocess.run(
        f"{' '.join(COMMAND)} audit --json | head -c 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "{"
    assert ended.stderr == ""


def test_text_for_a_terminal_has_no_control_characters() -> None:
    hostile = "a\x1b[2Jb\u202ec\x9bd\ne\u2028f\ud800"
    shown = terminal.safe(hostile)
    assert shown.isprintable()
    assert shown == "a\\x1b[2Jb\\u202ec\\u009bd\\ne\\u2028f\\ud800"
    assert terminal.safe("Šķēle [bold]") == "Šķēle [bold]"


def test_tables_show_markup_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.table("[red]t", ("[b]c",), [("[link=x]\x1bv",)])
    shown = capsys.readouterr().out
    assert "[red]t" in shown
    assert "[b]c" in shown
    assert "[link=x]\\x1bv" in shown


def test_progress_is_silent_where_stderr_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line = terminal.ProgressLine()
    line("crew", "waivers", 1.0, 0.0)
    line.clear()
    assert capsys.readouterr().err == ""


def test_progress_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    line = terminal.ProgressLine()
    line("crew", "price", None, None)
    line("crew", "cover", 3.0, 1.5)
    shown = capsys.readouterr().err
    assert "crew / price: searching" in shown
    assert "crew / cover: 3, bound 1.5" in shown
