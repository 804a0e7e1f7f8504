"""The house rules of the project that no linter knows."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from crossflight.planner import constraints
from crossflight.rules import REGISTRY

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
N_LINES_MAX = 500
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "misc", "common", "stuff"}


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_module_is_short_and_named_for_what_it_is(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= N_LINES_MAX
    words = set(path.stem.split("_")) | {path.parent.name}
    assert not words & FORBIDDEN_NAMES


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_rules_are_unique_and_named_like_their_modules() -> None:
    names = [m.RULE.id for m in REGISTRY]
    assert len(set(names)) == len(names)
    for module in REGISTRY:
        assert module.__name__ == f"crossflight.rules.{module.RULE.id}"


@pytest.mark.parametrize("rule", [m.RULE.id for m in REGISTRY])
def test_planner_builds_every_rule_or_says_why_not(rule: str) -> None:
    built = importlib.util.find_spec(f"{constraints.__name__}.{rule}") is not None
    explained = rule in constraints.BY_CONSTRUCTION
    assert built != explained, "a constraint module or a sentence in BY_CONSTRUCTION, and not both"
    if built:
        module = importlib.import_module(f"{constraints.__name__}.{rule}")
        assert module.add in constraints.BUILD, "the module is there and nobody calls it"
    else:
        assert len(constraints.BY_CONSTRUCTION[rule]) > 20


def test_by_construction_names_only_rules() -> None:
    assert set(constraints.BY_CONSTRUCTION) <= {m.RULE.id for m in REGISTRY}


def test_nothing_tracked_names_a_machine_or_a_registry() -> None:
    # Written in pieces so that this file does not find itself.
    forbidden = re.compile(
        "|".join(
            (
                r"/(?:wo" r"rk|ro" r"ot|ho" r"me)/[a-z]",
                r"py" r"pi\.org",
                r"python" r"hosted",
                r"registry\.npm" r"js",
                r"--index" r"-url",
                r"--extra-index" r"-url",
            )
        )
    )
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if m := forbidden.search(line):
                found.append(f"{relative(path)}:{number}: {m.group()}")
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_pins_every_package_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert pins
    for pin in pins:
        assert re.match(r"[a-z0-9-]+==[^\s;]+", pin), pin[:60]
        assert "--hash=sha256:" in pin, pin[:60]


def test_development_lock_holds_what_users_get() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==[^\s;]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_locks_hold_everything_that_is_asked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    for name, asked in (
        ("requirements.lock", project["dependencies"] + extras["build"]),
        ("requirements-dev.lock", project["dependencies"] + extras["build"] + extras["dev"]),
    ):
        text = (ROOT / name).read_text("utf-8")
        pinned = dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))
        for requirement in map(Requirement, asked):
            assert pinned.get(canonicalize_name(requirement.name), "missing") in requirement.specifier, name


def test_only_marked_ignores() -> None:
    """A `noqa` or `type: ignore` names what it silences and says why beside it."""
    bare = re.compile(
        r"#\s*(?:noqa(?!:)|type:\s*ignore(?!\[))|#\s*(?:noqa:\s*\w+|type:\s*ignore\[[^\]]*\])\s*$"
    )
    found = [
        f"{relative(path)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert found == []
