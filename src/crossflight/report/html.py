"""One self-contained HTML file: header, figures, timeline, tables.

The page needs no network and says so to the browser: a content-security policy that allows
nothing but the one style sheet and the one script by their hashes.  Without JavaScript the
header, the chart and every table are there; the script adds the drawing and the sorting.
Names are escaped here and put in as text there; nothing that a scenario says is markup.
"""

from __future__ import annotations

import base64
import gzip
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
from crossflight.report.shape import Cell, Chart, Column, Figure, FlightSheet, Header, Page, Picture, Table

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


def _globe(script: str) -> str:
    """What draws the Earth, as data: the page asks for it when a globe is first shown.

    Pictures made of data need no address that the policy would have to allow.  The script is packed to a
    third; the policy holds the hash of what comes out, so that nothing else can run.
    """
    place = resources.files("crossflight.report").joinpath("assets")
    parts = {
        "globe-script": gzip.compress(script.encode("utf-8"), mtime=0),
        **{f"texture-{x}": place.joinpath(f"earth-{x}.webp").read_bytes() for x in ("day", "night")},
    }
    return "".join(
        f'<script type="application/octet-stream" id="{ident}">{base64.b64encode(part).decode()}</script>'
        for ident, part in parts.items()
    )


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


def _header(title: str, header: Header, span: str) -> str:
    facts = [
        _fact("Scenario", header["scenario_name"]),
        _fact("Scenario hash", header["scenario_hash"], is_code=True),
        _fact("Plan hash", header["plan_hash"], is_code=True),
        _fact("Version", header["version"]),
        _fact("Seed", header["seed"]),
        _fact("Largest gap", header["gap"]),
        _fact("Known on", header["known_utc"]),
        _fact(span, f"{header['from_utc']} to {header['to_utc']} UTC"),
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


def _figures(figures: Sequence[Figure]) -> str:
    return f'<ul class="figures">{"".join(_figure(f) for f in figures)}</ul>' if figures else ""


def _facts_of(what: str, facts: Sequence[Sequence[str]]) -> str:
    if not facts:
        return ""
    said = "".join(_fact(name, value) for name, value in facts)
    return f'<div class="facts-of"><b>{_text(what)}</b><dl class="facts">{said}</dl></div>'


def _flight_sheet(found: FlightSheet) -> str:
    return (
        f'<section class="flight-sheet" id="{_text(found["ident"])}" data-when="{_text(found["when"])}">'
        f'<div class="flight-top"><h2 dir="auto">{_text(found["name"])}</h2>'
        f'<span class="status t-{_text(found["tone"])}">{_text(found["state"])}</span></div>'
        + (f'<p class="subtitle" dir="auto">{_text(found["title"])}</p>' if found["title"] else "")
        + _facts_of("Planned", found["facts"])
        + _facts_of("Flown", found["flown"])
        + _figures(found["figures"])
        + f'<div class="flight-drawing"></div>{_tables(found["tables"])}</section>'
    )


def _own_page(page: Page) -> str:
    place = f'<div id="drawing-{_text(page["ident"])}">{_NEEDS_SCRIPT}</div>'
    sheets = "".join(_flight_sheet(s) for s in page.get("sheets", []))
    heading = "" if sheets else f'<h2 class="page-title">{_text(page["title"])}</h2>'
    body = (
        f'<div class="flight-sheets">{place}<div class="flight-column">{sheets}</div></div>'
        if sheets
        else place
    )
    return _page(page["ident"], heading, body, _tables(page["tables"]) if page["tables"] else "")


def render(picture: Mapping[str, object]) -> str:
    """The page of a picture (see :mod:`crossflight.report.shape`).

    Raises
    ------
    ValueError
        If the picture holds a number that JSON cannot say (not finite).
    """
    view = cast("Picture", picture)
    pages = view.get("pages", [])
    has_globe = any(p.get("has_globe", False) for p in pages)
    style = _asset("report.css")
    script, globe = _asset("report.js"), _asset("globe.js") if has_globe else ""
    allowed = " ".join(_csp_hash(text) for text in (script, globe) if text)
    policy = (
        f"default-src 'none'; style-src {_csp_hash(style)}; script-src {allowed}; "
        "base-uri 'none'; form-action 'none'"
    )
    chart = _chart(view["chart"]) if "chart" in view else ""
    timeline = _page(
        "timeline", _figures(view["figures"]), chart, f'<div id="drawing-timeline">{_NEEDS_SCRIPT}</div>'
    )
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
            _header(view["title"], view["header"], "Flown" if view["kind"] == "flight" else "Horizon"),
            "<main>",
            *([timeline] if "timeline" in view else []),
            *(_own_page(p) for p in pages),
            _page("manifest", sheet(view, view["manifest"])) if "manifest" in view else "",
            *([_page("tables", _tables(view["tables"]))] if view["tables"] else []),
            "</main>",
            *([_data("timeline", view["timeline"])] if "timeline" in view else []),
            *(_data(p["ident"], p["data"]) for p in pages),
            *([_globe(globe)] if has_globe else []),
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
