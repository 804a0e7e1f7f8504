"""The documentation is complete and fresh, and the commands it shows exist."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
import typer.main

from crossflight.app.validation.chapter import markdown, sections
from crossflight.cli.command import app
from crossflight.rules import REGISTRY
from crossflight.rules.measures import TERMS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def generator(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rule_pages_are_fresh() -> None:
    fresh: dict[str, str] = generator("build_rules").pages()
    committed = {p.name: p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "rules").glob("*.md")}
    assert committed == fresh, "run `make docs`"


def test_page_of_keys_is_fresh() -> None:
    committed = (ROOT / "docs" / "reference-keys.md").read_text(encoding="utf-8")
    assert committed == generator("build_keys").text(), "run `make docs`"


@pytest.mark.parametrize("part", ["lift-off", "profiles", "ahead", "pairs", "landings", "apollo"])
def test_validation_of_opportunities_is_fresh(part: str) -> None:
    """The ephemerides take minutes and are left out."""
    page = (ROOT / "docs" / "validation-opportunities.md").read_text(encoding="utf-8")
    for section in sections(part, lambda _: None):
        assert markdown(section) in page, "run `make docs-validation`"


def test_every_term_of_the_objective_is_documented() -> None:
    page = (ROOT / "docs" / "reference-files.md").read_text(encoding="utf-8")
    for term in TERMS:
        assert f"`{term}`" in page, term


def shell_lines(page: Path) -> list[str]:
    blocks = re.findall(r"```(?:sh|console|bash)\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    spans = re.findall(r"`((?:crossflight|make) [^`]+)`", page.read_text(encoding="utf-8"))
    return [line for line in (*lines, *spans) if line.startswith(("crossflight ", "make "))]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_in_the_documentation_exist(page: Path) -> None:
    group = typer.main.get_command(app)
    verbs = group.commands  # type: ignore[attr-defined]  # the app is a group of verbs
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in shell_lines(page):
        words = shlex.split(line, comments=True)
        for word in words:
            if word in ("|", ">", "&&", "<"):
                words = words[: words.index(word)]
                break
        if words[0] == "make":
            for target in words[1:]:
                if "=" not in target:
                    assert re.search(rf"^{target}:", makefile, re.MULTILINE), line
            continue
        if words[1] == "--version":
            continue
        assert words[1] in verbs, line
        known = {option for p in verbs[words[1]].params for option in p.opts} | {"--help"}
        options = {word.partition("=")[0] for word in words[2:] if word.startswith("--")}
        assert options <= known, line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), target


def test_readme_leads_to_every_page_of_the_documentation() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "docs").glob("*.md"):
        if page.name != "README.md":
            assert f"({page.name})" in index, page.name


def test_make_help_names_every_target_people_use() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "check", "bench", "docs", "lock"):
        assert f"make {target} - " in shown


def test_readme_counts_the_rules() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"{len(REGISTRY)} flight rules" in text
