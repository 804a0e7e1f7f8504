"""One self-contained HTML file: header, figures, timeline, tables.

The page needs no network and says so to the browser: a content-security policy that allows
nothing but the one style sheet and the one script by their hashes.  Without JavaScript the
header, the chart and every table are there; the script adds the drawing and the sorting.
Names are escaped here and put in as text there; nothing that a scenario says is markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import cast

from crossflight.report.manifest import sheet
from crossflight.report.shape import Cell, Chart, Column, Figure, Header, Page, Picture, Table

_JSON_ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


_NEEDS_SCRIPT = (
    '<noscript><p class="note">The drawing needs JavaScript; every number of it is in a table below.</p>'
    "</noscript>"
)


def _asset(name: str) -> str:
    return resources.files("crossflight.report").joinpath("assets", name).read_text(encoding="utf-8")


def _csp_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _text(value: object) -> str:
    return html.escape(str(value), quote=True)


def _json(value: object) -> str:
    """JSON that cannot leave the element it stands in."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(_JSON_ESCAPES)


def _number(value: float) -> str:
    """A number for a table: at most two decimals, none where they would be zeros."""
    return f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"


def _fact(name: str, value: str, *, is_code: bool = False) -> str:
    if not value:
        return ""
    shown = f"<code>{_text(value)}</code>" if is_code else _text(value)
    return f"<div><dt>{_text(name)}</dt><dd>{shown}</dd></div>"


def _header(title: str, header: Header) -> str:
    facts = [
        _fact("Scenario", header["scenario_name"]),
        _fact("Scenario hash", header["scenario_hash"], is_code=True),
        _fact("Plan hash", header["plan_hash"], is_code=True),
        _fact("Version", header["version"]),
        _fact("Seed", header["seed"]),
        _fact("Largest gap", header["gap"]),
        _fact("Known on", header["known_utc"]),
        _fact("Horizon", f"{header['from_utc']} to {header['to_utc']} UTC"),
    ]
    facts += [_fact(f"Set {path}", value, is_code=True) for path, value in header["overrides"]]
    subtitle = header["scenario_title"]
    return (
        '<header class="top"><div class="top-line">'
        f'<h1>{_text(title)}</h1><span class="status s-{_text(header["status"])}">{_text(header["status"])}'
        '</span><span class="top-tools"></span></div>'
        + (f'<p class="subtitle">{_text(subtitle)}</p>' if subtitle != title else "")
        + f'<dl class="facts">{"".join(facts)}</dl></header>'
    )


def _figure(figure: Figure) -> str:
    unit = f" <small>{_text(figure['unit'])}</small>" if figure["unit"] else ""
    return (
        f'<li class="figure t-{_text(figure["tone"])}"><b>{_text(figure["value"])}{unit}</b>'
        f"<span>{_text(figure['label'])}</span></li>"
    )


def _chart(chart: Chart) -> str:
    """Horizontal bars of a share; sized by SVG attributes, so it needs no style and no script."""
    rows = "".join(
        f'<li><span class="chart-name">{_text(r["label"])}</span>'
        '<svg class="chart-bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="chart-ground" width="100" height="10"/>'
        f'<rect class="chart-share" width="{max(0.0, min(1.0, r["share"])) * 100:.2f}" height="10"/></svg>'
        f'<span class="chart-value">{_text(r["text"])}</span></li>'
        for r in chart["rows"]
    )
    return f'<section class="chart"><h2>{_text(chart["title"])}</h2><ol>{rows}</ol></section>'


def _cell(value: Cell, column: Column) -> str:
    if value is None:
        return "<td>\N{EN DASH}</td>"
    if isinstance(value, (int, float)):
        return f'<td class="n">{_number(value)}</td>'
    kind = {"time": ' class="t"', "number": ' class="n"', "text": ""}[column["kind"]]
    return f"<td{kind}>{_text(value)}</td>"


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col" class="{"n" if c["kind"] == "number" else "x"}">{_text(c["name"])}</th>'
        for c in table["columns"]
    )
    body = "".join(
        "<tr>" + "".join(_cell(v, c) for v, c in zip(row, table["columns"], strict=True)) + "</tr>"
        for row in table["rows"]
    )
    note = f'<p class="note">{_text(table["note"])}</p>' if table["note"] else ""
    inner = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{_text(table["title"])}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        if table["rows"]
        else '<p class="none">None.</p>'
    )
    is_open = " open" if table["is_open"] else ""
    return (
        f'<details class="twin" id="table-{_text(table["id"])}"{is_open}>'
        f'<summary><h2>{_text(table["title"])}</h2> <span class="count">{len(table["rows"])}</span></summary>'
        f"{note}{inner}</details>"
    )


def _tables(tables: Sequence[Table]) -> str:
    return f'<div class="tables">{"".join(_table(t) for t in tables)}</div>'


def _page(ident: str, *inside: str) -> str:
    return f'<section class="page" id="page-{_text(ident)}">{"".join(inside)}</section>'


def _data(ident: str, value: object) -> str:
    return f'<script type="application/json" id="data-{_text(ident)}">{_json(value)}</script>'


def _own_page(page: Page) -> str:
    heading = f'<h2 class="page-title">{_text(page["title"])}</h2>'
    place = f'<div id="drawing-{_text(page["ident"])}">{_NEEDS_SCRIPT}</div>'
    return _page(page["ident"], heading, place, _tables(page["tables"]))


def render(picture: Mapping[str, object]) -> str:
    """The page of a picture (see :mod:`crossflight.report.shape`).

    Raises
    ------
    ValueError
        If the picture holds a number that JSON cannot say (not finite).
    """
    view = cast("Picture", picture)
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src {_csp_hash(style)}; script-src {_csp_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    chart = _chart(view["chart"]) if "chart" in view else ""
    pages = view.get("pages", [])
    figures = f'<ul class="figures">{"".join(_figure(f) for f in view["figures"])}</ul>'
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f'<meta name="generator" content="crossflight {_text(view["header"]["version"])}">',
            f"<title>{_text(view['title'])}</title>",
            f"<style>{style}</style>",
            "</head>",
            f'<body class="k-{_text(view["kind"])}">',
            _header(view["title"], view["header"]),
            "<main>",
            _page("timeline", figures, chart, f'<div id="drawing-timeline">{_NEEDS_SCRIPT}</div>'),
            *(_own_page(p) for p in pages),
            _page("manifest", sheet(view, view["manifest"])) if "manifest" in view else "",
            _page("tables", _tables(view["tables"])),
            "</main>",
            _data("timeline", view["timeline"]),
            *(_data(p["ident"], p["data"]) for p in pages),
            f"<script>{script}</script>",
            "</body>",
            "</html>",
            "",
        ]
    )


def write(path: Path | str, picture: Mapping[str, object]) -> None:
    """Write the page to `path`: whole or not at all (a temporary file beside it, then a rename)."""
    target = Path(path)
    page = render(picture).encode("utf-8", errors="replace")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(page)
        os.chmod(name, 0o644)  # mkstemp gives 0600; a report is meant to be handed on
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
