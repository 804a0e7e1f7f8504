"""Cards for notebooks: a plan, a flight of it, a flight as flown, as a piece of HTML that needs nothing else.

No script, no style sheet, nothing to fetch: SVG with colours that can be read on a light and on a dark page,
text in the colour of the page around.  Names are escaped.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from crossflight.model import Coverage, Flight, Plan, Scenario, Span
from crossflight.report.lanes import port_stays
from crossflight.times import Instant

# Okabe and Ito 2008: told apart whatever one's colour vision.
_COLOURS: Final = ("#0072B2", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#D55E00")
_SOFT: Final = "#888888"
_BAD: Final = "#D55E00"
_WIDTH: Final = 940
_LABEL: Final = 150
_ROW: Final = 20
_BAR: Final = 15
_TOP: Final = 18  # under the names of the months
_LETTER: Final = 6.3  # pixels a letter of 11 pixels takes, on the wide side
_N_TICKS: Final = 24
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FONT: Final = "font:13px/1.45 system-ui,sans-serif"

Facts = Sequence[tuple[str, str]]
Row = Sequence[str]


def plan_card(
    plan: Plan, scenario: Scenario | None = None, coverage: Coverage | None = None, facts: Facts = ()
) -> str:
    """A plan: what it is, who is docked where, when operator N-1 does not hold, and its crewed flights.

    Parameters
    ----------
    scenario
        Gives the order of ports and who flies which type; without it types have a colour each.
    coverage
        Draws a strip of the days without operator N-1.
    facts
        Told beside those that the plan itself has: name, value.
    """
    crewed = [f for f in plan.flights if f.kind != "cargo"]
    solved = plan.provenance
    own = [
        ("scenario", plan.scenario_name),
        ("hash", plan.scenario_digest[:12]),
        *([("status", solved.status), ("seed", str(solved.seed))] if solved else []),
        ("crewed flights", str(len(crewed))),
        ("cargo", str(len(plan.flights) - len(crewed))),
        ("waivers", str(len(plan.waivers))),
    ]
    columns = ("flight", "craft", "port", "launch", "docking", "undocking", "landing", "up", "down")
    rows = [_flight_row(f) for f in crewed]
    title = scenario.title if scenario else plan.scenario_name
    inside = [
        _facts([*own, *facts]),
        _timeline(plan, scenario, coverage),
        _table(columns, rows, "crewed flights"),
    ]
    return _card(title, *inside)


def flight_card(flight: Flight) -> str:
    """A flight of a plan: its days and people."""
    return _card(
        flight.name,
        _facts(
            [
                ("kind", flight.kind),
                ("type", flight.vehicle_type),
                ("craft", flight.craft),
                ("pad", flight.pad),
                ("port", " > ".join([flight.port or "none", *(r.to_port for r in flight.relocations)])),
            ]
        ),
        _table(
            ("launch", "docking", "undocking", "landing", "up", "down", "backup"),
            [
                (
                    flight.launch_utc.minute(),
                    *(_minute(at) for at in (flight.dock_utc, flight.undock_utc, flight.landing_utc)),
                    ", ".join(flight.crew_up),
                    ", ".join(flight.crew_down),
                    ", ".join(flight.backup),
                )
            ],
        ),
    )


def flown_card(
    title: str, facts: Facts, columns: Row, rows: Sequence[Row], pictures: Mapping[str, bytes]
) -> str:
    """A flight as flown: facts, events, and SVG pictures, each an image of its own."""
    look = "max-width:100%;background:#fff;margin:6px 0;display:block"
    shown = "".join(
        f'<img alt="{escape(name, quote=True)}" style="{look}" '
        f'src="data:image/svg+xml;base64,{base64.b64encode(svg).decode("ascii")}"/>'
        for name, svg in pictures.items()
    )
    return _card(title, _facts(facts), _table(columns, rows, "events"), shown)


def _card(title: str, *inside: str) -> str:
    return (
        f'<div class="crossflight-card" style="{_FONT};max-width:{_WIDTH}px">'
        f'<div dir="auto" style="font-size:15px;font-weight:600">{escape(title)}</div>{"".join(inside)}</div>'
    )


def _facts(facts: Facts) -> str:
    return '<div style="margin:2px 0 6px">' + "".join(
        f'<span style="margin-right:14px;white-space:nowrap"><span style="opacity:.65">{escape(name)}</span> '
        f'<bdi>{escape(value)}</bdi></span> '
        for name, value in facts
    ) + "</div>"  # fmt: skip


def _table(columns: Row, rows: Sequence[Row], what: str = "") -> str:
    """A table; with a word for what its rows are it is folded away. Times in it are UTC."""
    cell = "text-align:left;padding:1px 10px 1px 0;vertical-align:top"
    head = "".join(f'<th scope="col" style="{cell}">{escape(c)}</th>' for c in columns)
    body = "".join(
        "<tr>" + "".join(f'<td dir="auto" style="{cell}">{escape(x)}</td>' for x in row) + "</tr>"
        for row in rows
    )
    table = (
        '<table style="font-size:12px;border-collapse:collapse"><caption style="text-align:left;opacity:.65">'
        f"times in UTC</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    if not what:
        return table
    said = f'<summary style="cursor:pointer">{len(rows)} {escape(what)}</summary>'
    return f"<details>{said}{table}</details>"


def _minute(at: Instant | None) -> str:
    return at.minute() if at else ""


def _flight_row(f: Flight) -> Row:
    return (
        f.name,
        f.craft,
        " > ".join([f.port or "none", *(r.to_port for r in f.relocations)]),
        f.launch_utc.minute(),
        *(_minute(at) for at in (f.dock_utc, f.undock_utc, f.landing_utc)),
        ", ".join(f.crew_up),
        ", ".join(f.crew_down),
    )


class _Axis:
    """From instants to pixels."""

    def __init__(self, from_utc: Instant, to_utc: Instant) -> None:
        self.from_utc, self.to_utc = from_utc, to_utc

    def x(self, at: Instant) -> float:
        share = at.days_since(self.from_utc) / max(self.to_utc.days_since(self.from_utc), 1e-9)
        return _LABEL + min(max(share, 0.0), 1.0) * (_WIDTH - _LABEL - 1)

    def ticks(self) -> list[tuple[Instant, str]]:
        """First days of months, as many as fit."""
        n_months = self.to_utc.days_since(self.from_utc) / 30.4
        step = next((s for s in (1, 3, 6, 12) if n_months / s <= _N_TICKS), 12)
        year, found = int(self.from_utc.date()[:4]), []
        while (first := Instant.of(year, 1, 1)) < self.to_utc:
            for month in range(1, 13, step):
                at = Instant.of(year, month, 1)
                if self.from_utc <= at < self.to_utc:
                    found.append((at, str(year) if at == first else _MONTHS[month - 1]))
            year += 1
        return found


def _timeline(plan: Plan, scenario: Scenario | None, coverage: Coverage | None) -> str:
    """Who is docked where."""
    known = [at for f in plan.flights for at in (f.launch_utc, f.dock_utc, f.undock_utc) if at]
    if not known:
        return ""
    axis = _Axis(scenario.from_utc if scenario else min(known), scenario.to_utc if scenario else max(known))
    stays = [
        (port, start, end, f)
        for f in plan.flights
        for port, start, end in port_stays(f, axis.to_utc)
        if end > axis.from_utc and start < axis.to_utc
    ]
    first = [p.name for p in scenario.station.ports] if scenario else []
    ports = list(dict.fromkeys([*first, *sorted({port for port, *_ in stays})]))
    has_cover = coverage is not None and scenario is not None and bool(scenario.station.segments)
    top = _TOP + _ROW * has_cover
    bottom = top + len(ports) * _ROW + 2
    parts = []
    for at, name in axis.ticks():
        x = axis.x(at)
        parts.append(f'<path d="M{x:.1f} 14V{bottom}" stroke="{_SOFT}" stroke-opacity=".35"/>')
        parts.append(_label(x + 3, 11, name))
    if coverage is not None and has_cover:
        parts.append(_strip(axis, "operator N-1", coverage.operator_n1_uncovered, _TOP))
    colours = _colours(plan, scenario)
    for row, port in enumerate(ports):
        y = top + row * _ROW
        parts.append(_label(0, y + 12, _clip(port, _LABEL - 8)))
        parts += [_bar(axis, y, start, end, f, colours) for p, start, end, f in stays if p == port]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Port stays" width="{_WIDTH}" '
        f'height="{bottom}" viewBox="0 0 {_WIDTH} {bottom}" font-size="11" fill="currentColor" '
        f'style="max-width:100%;height:auto;display:block">{"".join(parts)}</svg>{_keys(colours)}'
    )


def _colours(plan: Plan, scenario: Scenario | None) -> dict[str, tuple[str, str]]:
    """Vehicle type to (what is named, colour): its provider where that is known."""
    owner = {t.name: t.provider for t in scenario.vehicle_types} if scenario else {}
    partners = [p.name for p in scenario.partners] if scenario else []
    crewed = sorted({f.vehicle_type for f in plan.flights if f.kind != "cargo"})
    names = list(dict.fromkeys([*partners, *(owner.get(t, t) for t in crewed)]))
    colour = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(names)}
    return {t: (owner.get(t, t), colour[owner.get(t, t)]) for t in crewed}


def _keys(colours: Mapping[str, tuple[str, str]]) -> str:
    shown = [*dict.fromkeys(colours.values()), ("cargo", _SOFT)]
    return '<div style="font-size:12px">' + "".join(
        f'<span style="margin-right:14px"><span style="color:{colour}">\N{BLACK SQUARE}</span> '
        f"<bdi>{escape(name)}</bdi></span>"
        for name, colour in shown
    ) + "</div>"  # fmt: skip


def _bar(
    axis: _Axis, y: int, start: Instant, end: Instant, f: Flight, colours: Mapping[str, tuple[str, str]]
) -> str:
    colour = _SOFT if f.kind == "cargo" else colours[f.vehicle_type][1]
    x, width = axis.x(start), max(axis.x(end) - axis.x(start), 2.0)
    crew = f": {', '.join(f.crew_up)}" if f.crew_up else ""
    title = f"{f.name}, {start.date()} to {end.date()} UTC{crew}"
    return (
        f"<g><title>{escape(title)}</title>"
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" rx="2" fill="{colour}" '
        f'fill-opacity=".3" stroke="{colour}"/>{_label(x + 4, y + 12, _clip(f.name, width - 6))}</g>'
    )


def _strip(axis: _Axis, name: str, spans: Sequence[Span], y: int) -> str:
    days = sum(s.days for s in spans)
    ground = (
        f'<rect x="{_LABEL}" y="{y}" width="{_WIDTH - _LABEL - 1}" height="{_BAR}" fill="{_SOFT}" '
        'fill-opacity=".15"/>'
    )
    bad = "".join(_uncovered(axis, span, y) for span in spans)
    said = f"uncovered {days:.1f} d" if spans else "holds on every day"
    return _label(0, y + 12, name) + ground + bad + ("" if spans else _label(_LABEL + 4, y + 12, said))


def _uncovered(axis: _Axis, span: Span, y: int) -> str:
    x, width = axis.x(span.from_utc), max(axis.x(span.to_utc) - axis.x(span.from_utc), 1.0)
    title = f"{span.from_utc.date()} to {span.to_utc.date()} UTC"
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{_BAD}">'
        f"<title>{escape(title)}</title></rect>"
    )


def _label(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>' if text else ""


def _clip(text: str, room: float) -> str:
    """A text cut to the room it has, empty where there is next to none."""
    n = int(room / _LETTER)
    if len(text) <= n:
        return text
    return f"{text[: n - 1]}\N{HORIZONTAL ELLIPSIS}" if n >= 3 else ""
