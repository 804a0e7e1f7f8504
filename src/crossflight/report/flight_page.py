"""The page of flights: a sheet for each, and the drawings of those that were flown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crossflight import __version__
from crossflight.model import Violation
from crossflight.report.flight_shape import Drawing, FlightView
from crossflight.report.flight_sheet import plan_sheet
from crossflight.report.names import flight_name
from crossflight.report.shape import FlightSheet, Page, Picture, Table
from crossflight.rules import Walk
from crossflight.times import Instant

_TONES = {"docked": "ok", "aborted": "bad"}


def flights_page(walk: Walk, violations: Sequence[Violation], flown: Mapping[str, FlightView]) -> Page:
    """Every flight with a crew, as planned and, where it is among `flown` by its name, as flown."""
    sheets: list[FlightSheet] = []
    drawings: dict[str, Drawing] = {}
    crewed = sorted((f for f in walk.plan.flights if f.kind != "cargo"), key=lambda f: f.launch_utc.us)
    for number, flight in enumerate(crewed, start=1):
        sheet = plan_sheet(walk, flight, violations, f"flight-{number}")
        view = flown.get(flight.name)
        if view is not None:
            called = flight_name(view["vehicle_type"], flight.name)
            sheet = _with_flown(sheet, view, f"{called} {view['route']}")
            drawings[sheet["ident"]] = {**view["drawing"], "craft": called}
        sheets.append(_addressed(sheet))
    return _page(sheets, drawings)


def flight_picture(view: FlightView) -> Picture:
    """The document of one flown flight."""
    title = f"{flight_name(view['vehicle_type'], view['name'])} {view['route']}"
    sheet: FlightSheet = {
        "ident": "flight-1",
        "name": view["name"] or view["drawing"]["craft"],
        "when": view["liftoff_utc"][:10],
        "title": "",
        "state": "",
        "tone": "note",
        "facts": [],
        "flown": [],
        "figures": [],
        "tables": view["planned"],
    }
    whole = _addressed(_with_flown(sheet, view, ""))
    from_utc, to_utc = (Instant.parse(view[key]).date() for key in ("liftoff_utc", "end_utc"))
    return {
        "schema": view["schema"],
        "kind": "flight",
        "title": title,
        "header": {
            "scenario_name": "",
            "scenario_title": title,
            "scenario_hash": "",
            "plan_hash": "",
            "version": __version__,
            "seed": "",
            "status": view["outcome"],
            "gap": "",
            "known_utc": "",
            "from_utc": from_utc,
            "to_utc": to_utc,
            "overrides": [],
        },
        "figures": [],
        "tables": [],
        "pages": [_page([whole], {whole["ident"]: view["drawing"]})],
    }


def _page(sheets: list[FlightSheet], drawings: dict[str, Drawing]) -> Page:
    return {
        "ident": "flights",
        "title": "Flights" if len(sheets) != 1 else "Flight",
        "data": drawings,
        "tables": [],
        "sheets": sheets,
        "has_globe": bool(drawings),
    }


def _with_flown(sheet: FlightSheet, view: FlightView, title: str) -> FlightSheet:
    return {
        **sheet,
        "title": title,
        "state": f"flown: {view['outcome']}",
        "tone": _TONES.get(view["outcome"], "note"),
        "flown": view["facts"],
        "figures": view["figures"],
        "tables": [*sheet["tables"], *view["tables"]],
    }


def _addressed(sheet: FlightSheet) -> FlightSheet:
    """With tables whose addresses are of this sheet alone."""
    tables: list[Table] = [{**t, "id": f"{sheet['ident']}-{t['id']}"} for t in sheet["tables"]]
    return {**sheet, "tables": tables}
