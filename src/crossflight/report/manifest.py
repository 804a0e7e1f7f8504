"""The manifest on one sheet (A3, landscape): who flies when, as planners pin it to a wall.

Static markup, drawn without a script: ports and people over time above, the flights as lists below.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from typing import Final

from crossflight.model import Flight
from crossflight.report.lanes import flight_tone, person_tone
from crossflight.report.names import spoken
from crossflight.report.seats import landing
from crossflight.report.shape import (
    Bar,
    Group,
    Lane,
    Manifest,
    ManifestCargo,
    ManifestFlight,
    ManifestPerson,
    Picture,
)
from crossflight.rules import Walk, rule_title
from crossflight.times import Instant

# The chart's own units: CSS pixels of an A3 sheet across, less margins of 9 mm.
WIDTH: Final = 1520
_LABEL: Final = 126
_ROW: Final = 14.0
_BAR: Final = 12.5
_AXIS: Final = 16
_LETTER: Final = 5.5  # a mean letter of the labels' 10 px
_FINE_DAYS: Final = 366 * 8
_N_LEAST: Final = 4  # letters: fewer name nothing
_N_LIST: Final = 24  # flights that one list holds
_CHARTS: Final = ("ports", "people")


def manifest(walk: Walk, violations: Iterable[str] = ()) -> Manifest:
    """The lists of a plan's manifest, in order of launch; `violations` are sentences to print with it."""
    crewed = [f for f in walk.by_launch if f.kind != "cargo"]
    cargo = [f for f in walk.by_launch if f.kind == "cargo"]
    waivers = [
        f"Waiver of {rule_title(w.rule)}, {w.from_utc.date()} to {w.to_utc.date()}"
        + (f", {', '.join(w.subjects)}" if w.subjects else "")
        + (f": {w.reason}" if w.reason else "")
        for w in walk.plan.waivers
    ]
    return {
        "crew": [_flight(walk, f) for f in crewed],
        "cargo": [
            {
                "name": f.name,
                "kind": spoken(f.vehicle_type),
                "launch": f.launch_utc.date(),
                "port": f.port or "",
                "undock": f.undock_utc.date() if f.undock_utc else "docked",
            }
            for f in cargo
        ],
        "notes": [*waivers, *violations],
    }


def _flight(walk: Walk, f: Flight) -> ManifestFlight:
    scenario = walk.scenario
    is_same = set(f.crew_up) == set(f.crew_down) or not f.crew_down
    return {
        "name": f.name,
        "tone": flight_tone(scenario, f),
        "craft": _craft(f),
        "pad": spoken(f.pad),
        "launch": f.launch_utc.minute(),
        "dock": f.dock_utc.minute() if f.dock_utc else "\N{EN DASH}",
        "port": f.port or "no port",
        "moves": [f"{r.to_port} from {r.dock_utc.date()}" for r in f.relocations],
        "undock": f"undock {f.undock_utc.minute()}" if f.undock_utc else "",
        "landing": f.landing_utc.minute() if f.landing_utc else "still up",
        "days": f"{landing(f, scenario.to_utc).days_since(f.launch_utc):.0f}",
        "up": _people(walk, f, f.crew_up),
        "down": [] if is_same else _people(walk, f, f.crew_down),
        "backup": _people(walk, f, f.backup),
    }


def _craft(flight: Flight) -> str:
    kind = spoken(flight.vehicle_type)
    if flight.craft == flight.name:
        return kind
    return flight.craft if flight.craft.startswith(kind.split()[0]) else f"{kind} {flight.craft}"


def _people(walk: Walk, flight: Flight, names: Iterable[str]) -> list[ManifestPerson]:
    found: list[ManifestPerson] = []
    has_first = False
    for name in names:
        person = walk.people.get(name)
        leads = person is not None and flight.vehicle_type in person.commander_of and not has_first
        has_first = has_first or leads
        found.append(
            {
                "name": name,
                "agency": person.agency if person else "",
                "tone": person_tone(walk.scenario, person),
                "is_first": leads,
            }
        )
    return found


# -- markup -----------------------------------------------------------------------------------


def sheet(picture: Picture, found: Manifest) -> str:
    """The sheet as markup."""
    header = picture["header"]
    facts = [
        ("Scenario", header["scenario_name"]),
        ("Hash", header["scenario_hash"]),
        ("Plan", header["plan_hash"]),
        ("Status", header["status"]),
        ("Known on", header["known_utc"]),
        ("Horizon", f"{header['from_utc']} to {header['to_utc']}"),
    ]
    said = " ".join(f"<span>{_text(name)} <b>{_text(value)}</b></span>" for name, value in facts if value)
    keys = "".join(
        f'<li><i class="swatch t-{_text(k["tone"])}"></i>{_text(k["name"])}</li>'
        for k in picture["timeline"]["legend"]
        if k["of"] == "Who flies"
    )
    return (
        '<div class="sheet-frame" tabindex="0" role="region" aria-label="Manifest sheet"><div class="sheet">'
        f'<div class="sheet-top"><h2>{_text(picture["title"])}</h2><p>{said} <span>all times UTC</span></p>'
        f'<ul class="legend">{keys}</ul></div>'
        + _chart(picture)
        + f'<div class="sheet-lists"><div class="sheet-crews">{_crew_lists(found["crew"])}</div>'
        f'<div class="sheet-side">{_cargo_list(found["cargo"])}{_notes(found["notes"])}</div></div>'
        "</div></div>"
    )


def _text(value: object) -> str:
    return html.escape(str(value), quote=True)


def _crew_lists(flights: list[ManifestFlight]) -> str:
    """The crewed flights in one table, or in two beside one another where one would be too long."""
    half = -(-len(flights) // 2)
    if len(flights) <= _N_LIST:
        return _crew_list(flights, "Crewed flights")
    first = _crew_list(flights[:half], "Crewed flights")
    return first + _crew_list(flights[half:], "Crewed flights, continued")


def _crew_list(flights: list[ManifestFlight], caption: str) -> str:
    rows = "".join(
        f'<tr><th scope="row"><i class="swatch t-{_text(f["tone"])}"></i>{_text(f["name"])}</th>'
        f"<td>{_text(f['craft'])}<small>{_text(f['pad'])}</small></td>"
        f"<td>{_text(f['launch'])}<small>dock {_text(f['dock'])}</small></td>"
        f"<td>{_text(f['port'])}{''.join(f'<small>{_text(m)}</small>' for m in f['moves'])}</td>"
        f"<td>{_text(f['landing'])}<small>{_text(f['undock'])}</small></td>"
        f'<td class="n">{_text(f["days"])}</td>'
        f"<td>{_names(f['up'])}"
        + (f"<small>home: {_names(f['down'])}</small>" if f["down"] else "")
        + (f"<small>backup: {_names(f['backup'])}</small>" if f["backup"] else "")
        + "</td></tr>"
        for f in flights
    )
    heads = ("Flight", "Craft, pad", "Launch, docking", "Port", "Landing, undocking", "Days", "Crew")
    return (
        f'<table class="sheet-crew"><caption>{caption}</caption><thead><tr>'
        + "".join(f'<th scope="col">{h}</th>' for h in heads)
        + f"</tr></thead><tbody>{rows}</tbody></table>"
    )


def _names(people: list[ManifestPerson]) -> str:
    shown = []
    for p in people:
        name = f"<bdi>{_text(p['name'])}</bdi>"
        if p["is_first"]:
            name = f"<b>{name}</b>"
        agency = f" {_text(p['agency'])}" if p["agency"] else ""
        shown.append(f'<span class="who t-{_text(p["tone"])}">{name}{agency}</span>')
    return ", ".join(shown)


def _cargo_list(flights: list[ManifestCargo]) -> str:
    if not flights:
        return ""
    rows = "".join(
        f'<tr><th scope="row">{_text(f["name"])}</th><td>{_text(f["launch"])}</td><td>{_text(f["port"])}</td>'
        f"<td>{_text(f['undock'])}</td></tr>"
        for f in flights
    )
    return (
        '<table class="sheet-cargo"><caption>Cargo visits</caption><thead><tr><th scope="col">Flight</th>'
        '<th scope="col">Launch</th><th scope="col">Port</th><th scope="col">Undocking</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _notes(notes: list[str]) -> str:
    first = "Bold: the first named who is qualified as commander of the craft."
    return "<ul>" + "".join(f"<li>{_text(n)}</li>" for n in [*notes, first]) + "</ul>"


# -- chart ------------------------------------------------------------------------------------


class _Scale:
    """Instants to units of the chart."""

    def __init__(self, start: str, end: str) -> None:
        self.start, self.end = Instant.parse(start), Instant.parse(end)

    def x(self, text: str) -> float:
        share = (Instant.parse(text).us - self.start.us) / max(self.end.us - self.start.us, 1)
        return _LABEL + max(0.0, min(1.0, share)) * (WIDTH - _LABEL)


def _chart(picture: Picture) -> str:
    timeline = picture["timeline"]
    groups = [g for name in _CHARTS for g in timeline["groups"] if g["id"] == name]
    scale = _Scale(timeline["start"], timeline["end"])
    y = float(_AXIS)
    parts: list[str] = []
    for group in groups:
        for top, lane in _placed(group, y):
            parts.append(_lane(lane, top, scale))
            y = top + _lane_height(lane)
        y += 4
    ticks = "".join(_tick(at, label, scale, y) for at, label in _months(scale.start, scale.end))
    known = scale.x(timeline["known"])
    return (
        f'<svg class="sheet-chart" viewBox="0 0 {WIDTH} {y:.0f}" role="img" '
        'aria-label="Ports and people over time; the lists below say the same">'
        f"{ticks}{''.join(parts)}"
        f'<line class="known" x1="{known:.1f}" x2="{known:.1f}" y1="{_AXIS}" y2="{y:.1f}"/></svg>'
    )


def _lane_height(lane: Lane) -> float:
    return max(lane["rows"], 1) * _ROW + (_ROW - 2 if lane.get("heads") else 0)


def _placed(group: Group, y: float) -> Iterator[tuple[float, Lane]]:
    for lane in group["lanes"]:
        yield y, lane
        y += _lane_height(lane)


def _lane(lane: Lane, top: float, scale: _Scale) -> str:
    heads = lane.get("heads", [])
    first = top + (_ROW - 2 if heads else 0)
    label = "" if lane.get("is_continued") else _cut(lane["label"], _LABEL - 4)
    bars = [b for b in lane["bars"] if b["tone"] != "ghost"]
    drawn = "".join(_bar(b, first, scale, _free_to(b, bars, scale)) for b in bars)
    ends = [*(scale.x(h["start"]) for h in heads[1:]), float(WIDTH)]
    named = "".join(
        f'<text class="head" x="{scale.x(h["start"]) + 1:.1f}" y="{top + 9:.1f}">'
        f"{_text(_cut(h['label'], end - scale.x(h['start'])))}</text>"
        for h, end in zip(heads, ends, strict=False)
    )
    return (
        f'<line class="row" x1="0" x2="{WIDTH}" y1="{top:.1f}" y2="{top:.1f}"/>'
        f'<text class="lane" x="0" y="{first + 10:.1f}">{_text(label)}</text>{named}{drawn}'
    )


def _free_to(bar: Bar, bars: list[Bar], scale: _Scale) -> float:
    """Where the next bar of its row begins; a name too long for its bar may lie beside it up to there."""
    later = [b for b in bars if b.get("row", 0) == bar.get("row", 0) and b["start"] > bar["start"]]
    return min((scale.x(b["start"]) for b in later), default=float(WIDTH))


def _bar(bar: Bar, first: float, scale: _Scale, free_to: float) -> str:
    x, right = scale.x(bar["start"]), scale.x(bar["end"])
    width = max(right - x, 2.0)
    y = first + bar.get("row", 0) * _ROW + 0.5
    names = [n for n in (bar["label"], bar.get("short", "")) if n]
    left = x + 4
    shown = next((n for n in names if _cut(n, width - 5) == n), "")
    if not shown and bar["tone"] != "shade":
        beside = next((n for n in names if _cut(n, free_to - x - width - 5) == n), "")
        left, shown = (
            (x + width + 3, beside) if beside else (left, _cut(names[-1], width - 5) if names else "")
        )
    text = f'<text x="{left:.1f}" y="{y + 9.7:.1f}">{_text(shown)}</text>' if shown else ""
    is_open = " open" if bar.get("is_open") else ""
    at = f'x="{x:.1f}" y="{y:.1f}" height="{_BAR}"'
    return (
        f'<g class="bar t-{_text(bar["tone"])}{is_open}"><rect {at} width="{width:.1f}"/>'
        f'<rect class="edge" {at} width="{min(2.5, width)}"/>{text}</g>'
    )


def _cut(text: str, room: float) -> str:
    n = int(room / _LETTER)
    if len(text) <= n:
        return text
    return text[: n - 1] + "\N{HORIZONTAL ELLIPSIS}" if n >= _N_LEAST else ""


def _months(start: Instant, end: Instant) -> Iterator[tuple[Instant, str]]:
    """First days of quarters with their names; years where a quarter has too little room."""
    years = range(int(start.date()[:4]), int(end.date()[:4]) + 1)
    is_fine = end.days_since(start) < _FINE_DAYS
    for year in years:
        for month, name in ((1, str(year)), (4, "Apr"), (7, "Jul"), (10, "Oct")):
            at = Instant.parse(f"{year}-{month:02d}-01")
            if start <= at <= end and (is_fine or month == 1):
                yield at, name


def _tick(at: Instant, label: str, scale: _Scale, bottom: float) -> str:
    x = scale.x(at.iso())
    kind = "major" if label.isdigit() else "minor"
    return (
        f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="2" y2="{bottom:.1f}"/>'
        f'<text class="tick {kind}" x="{x + 3:.1f}" y="11">{label}</text>'
    )
