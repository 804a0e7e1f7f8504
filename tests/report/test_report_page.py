"""The page: self-contained, escaped, whole without JavaScript."""

import base64
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from drawn_plan import CLOSING, FORMULA, MARKUP, RIGHT_TO_LEFT, Drawn, drawn

from crossflight.app.picture import picture
from crossflight.report import html
from crossflight.report.html import render, write

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "src/crossflight/report/assets"
LIMIT_BYTES = 1_500_000


def page_of(**options: bool) -> str:
    model = drawn(**options)
    return render(picture(model.scenario, model.plan, model.violations, model.coverage))


@pytest.fixture
def model() -> Drawn:
    return drawn()


class Page(HTMLParser):
    """Elements with attributes, and the text of each script, style and cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"script": [], "style": [], "td": [], "h1": [], "span": []}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self._open = tag
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inside[self._open][-1] += data


def test_the_policy_allows_the_style_and_the_script_and_nothing_else() -> None:
    page = Page(page_of())
    (policy,) = [a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None

    def digest(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    (style,) = page.inside["style"]
    *_, script = page.inside["script"]
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest(style)}'",
        f"script-src 'sha256-{digest(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize("hostile", [False, True])
def test_no_element_reaches_out_or_carries_code(hostile: bool) -> None:
    page = Page(page_of(hostile=hostile))
    for tag, attributes in page.tags:
        assert tag not in {"img", "link", "iframe", "object", "embed", "base", "form"}
        for name in attributes:
            assert not name.startswith("on")
            assert name not in {"style", "src", "href", "action"}


def test_hostile_names_stay_text() -> None:
    page = Page(page_of(hostile=True))
    cells = page.inside["td"]
    for name in (MARKUP, FORMULA, RIGHT_TO_LEFT):
        assert name in cells
    assert page.inside["h1"] == [CLOSING]
    data = json.loads(page.inside["script"][0])
    titles = {b["title"] for g in data["groups"] for lane in g["lanes"] for b in lane["bars"]}
    assert {MARKUP, FORMULA, RIGHT_TO_LEFT} <= titles


def test_the_data_cannot_leave_its_element() -> None:
    data = re.search(
        r'<script type="application/json" id="data-timeline">(.*?)</script>', page_of(hostile=True), re.S
    )
    assert data is not None
    assert not set(data[1]) & set("<>&\u2028\u2029")


def test_status_is_never_better_than_it_is() -> None:
    page = Page(page_of())
    assert "feasible" in page.inside["span"]
    assert "optimal" not in page_of().split("<style>")[1].split("</style>")[1].split("<script")[0]


def test_tables_are_there_without_javascript() -> None:
    page = Page(page_of())
    for text in ("Swift 1", "Boris Brun", "on_orbit_life", "certified life", "2030-03-01 10:00", "12.50%"):
        assert text in page.inside["td"]
    assert any(t == "noscript" for t, _ in page.tags)


def test_an_infinite_number_is_refused_rather_than_written() -> None:
    model = drawn()
    drawing = picture(model.scenario, model.plan, (), model.coverage)
    made = {**drawing, "timeline": {**drawing["timeline"], "level": float("nan")}}
    with pytest.raises(ValueError, match="JSON"):
        render(made)


def test_the_manifest_names_everybody_with_agency_and_who_leads(model: Drawn) -> None:
    made = picture(model.scenario, model.plan, model.violations, model.coverage)
    found = made["manifest"]
    heron = next(f for f in found["crew"] if f["name"] == "Heron 7")
    assert [(p["name"], p["agency"], p["is_first"]) for p in heron["up"]] == [
        ("Liu Lang", "AA", False), ("Carla Crane", "BB", False),
    ]  # fmt: skip
    swift = next(f for f in found["crew"] if f["name"] == "Swift 1")
    assert [p["name"] for p in swift["up"] if p["is_first"]] == ["Anna Adler"]
    assert [c["name"] for c in found["cargo"]] == [f.name for f in model.plan.flights if f.kind == "cargo"]
    assert any("days between dockings" in note for note in found["notes"])
    page = render(made)
    sheet = page.split('id="page-manifest"')[1].split("</section>")[0]
    for flight in model.plan.flights:
        assert flight.name in sheet


def test_the_page_is_small() -> None:
    assert len(page_of().encode()) < LIMIT_BYTES / 5


def test_write_replaces_the_file_whole(tmp_path: Path) -> None:
    model = drawn()
    made = picture(model.scenario, model.plan, (), model.coverage)
    target = tmp_path / "report.html"
    target.write_text("old", encoding="utf-8")
    write(target, made)
    assert target.read_text(encoding="utf-8") == render(made)
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_a_failed_write_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    model = drawn()
    made = picture(model.scenario, model.plan, (), model.coverage)
    target = tmp_path / "report.html"
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(html.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write(target, made)
    assert target.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def sources_hash() -> str:
    made = hashlib.sha256()
    for path in sorted((ROOT / "ui/src").iterdir()):
        made.update(path.name.encode() + b"\n" + path.read_bytes())
    return made.hexdigest()[:32]


@pytest.mark.parametrize("name", ["report.js", "report.css", "globe.js"])
def test_the_assets_were_built_from_these_sources(name: str, tmp_path: Path) -> None:
    """Compares the hash that the build leaves in each asset, which needs no node.

    Where node and esbuild are installed (``npm ci`` in ui/) it builds afresh as well.
    """
    asset = (ASSETS / name).read_text(encoding="utf-8")
    assert f"sources {sources_hash()} " in asset.splitlines()[0]
    assert "</" + "script" not in asset.lower()
    assert "http" not in re.sub(r"http://www\.w3\.org/(2000/svg|1999/xhtml)", "", asset)
    node = shutil.which("node")
    if node and all((ROOT / "ui/node_modules" / x).is_dir() for x in ("esbuild", "three")):
        subprocess.run([node, str(ROOT / "ui/build.mjs"), str(tmp_path)], check=True, env=dict(os.environ))
        assert (tmp_path / name).read_text(encoding="utf-8") == asset


def test_the_sources_of_the_pages_pass_the_type_checker() -> None:
    node, checker = shutil.which("node"), ROOT / "ui/node_modules/typescript/bin/tsc"
    if node is None or not checker.is_file():
        pytest.skip("typescript is not installed in ui/ (npm ci)")
    ran = subprocess.run([node, str(checker), "-p", str(ROOT / "ui")], capture_output=True, text=True)
    assert ran.stdout + ran.stderr == ""


def test_the_lock_names_no_registry() -> None:
    assert "://" not in (ROOT / "ui/package-lock.json").read_text(encoding="utf-8")
