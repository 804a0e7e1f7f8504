"""Flights in the report: sheets, the script that draws the Earth, and what a file of a flight may say."""

import base64
import copy
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_plan import CLOSING, FORMULA, RIGHT_TO_LEFT, drawn
from flown_flight import flown_view, ring

from crossflight.app.flight_track import hermite, short_local, short_orbit
from crossflight.app.picture import picture
from crossflight.app.report import read_flight
from crossflight.errors import InputError
from crossflight.report.flight_page import flight_picture
from crossflight.report.html import render
from crossflight.report.shape import Picture


def plan_picture(*, hostile: bool = False, is_flown: bool = True) -> Picture:
    model = drawn(hostile=hostile)
    name = model.plan.flights[1].name
    flown = {name: flown_view(hostile=hostile, name=name)} if is_flown else {}
    return picture(model.scenario, model.plan, model.violations, model.coverage, flown=flown)


def sha(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_a_plan_without_flown_flights_carries_no_globe() -> None:
    page = render(plan_picture(is_flown=False))
    assert 'id="globe-script"' not in page
    assert page.count("script-src 'sha256-") == 1
    assert len(page.encode()) < 300_000


def test_the_policy_knows_the_script_that_is_unpacked() -> None:
    page = render(plan_picture())
    (packed,) = re.findall(r'id="globe-script">([^<]*)</script>', page)
    script = gzip.decompress(base64.b64decode(packed)).decode("utf-8")
    (policy,) = re.findall(r"script-src ([^;]*);", page)
    assert f"'sha256-{sha(script)}'" in policy.split()
    assert len(policy.split()) == 2
    assert "three.js" in script
    assert "Permission is hereby granted" in script


def test_a_flight_alone_has_a_page_of_its_own() -> None:
    page = render(flight_picture(flown_view()))
    assert 'id="page-flights"' in page
    assert 'id="page-timeline"' not in page
    assert 'id="page-tables"' not in page
    assert len(page.encode()) < 700_000


def test_every_crewed_flight_has_a_sheet_and_the_flown_one_its_drawing() -> None:
    (page,) = plan_picture()["pages"]
    sheets = {s["name"]: s for s in page["sheets"]}
    assert set(sheets) == {"Swift 1", "Heron 7", "Tour 1", "Swift 2"}
    assert sheets["Heron 7"]["state"] == "flown: docked"
    assert sheets["Heron 7"]["title"] == "Heron 7 from Pad 1, to fore: docked after 6 h 00 min"
    assert sheets["Swift 2"]["state"] == "planned"
    assert list(page["data"]) == [sheets["Heron 7"]["ident"]]  # type: ignore[call-overload] # data of this page
    crew = next(t for t in sheets["Heron 7"]["tables"] if t["id"].endswith("-crew"))
    rows = {row[0]: row[1:] for row in crew["rows"]}
    assert rows["Boris Brun"][2] is None  # comes home in it, went up in another
    assert rows["Boris Brun"][3:5] == ["Swift 1", "Heron 7"]
    assert rows["Liu Lang"][2] == "launch"
    assert "contingency" in str(rows["Boris Brun"][5])
    ids = [t["id"] for s in page["sheets"] for t in s["tables"]]
    assert len(ids) == len(set(ids))


def test_hostile_names_stay_text_in_sheets_and_data() -> None:
    page = render(plan_picture(hostile=True))
    assert "<img" not in page
    (data,) = re.findall(r'id="data-flights">(.*?)</script>', page, re.S)
    assert not set(data) & set("<>&\u2028\u2029")
    (drawing,) = json.loads(data).values()
    assert {m["name"] for m in drawing["marks"]} >= {FORMULA, CLOSING}
    assert drawing["craft"] == "Heron 7"  # as the plan calls it, whatever the file says
    assert drawing["station"] == RIGHT_TO_LEFT


def test_a_path_is_short_and_near() -> None:
    rows = np.array(ring(0.0, 11_000.0, 6790.0, 20.0)).reshape(-1, 7)
    short = short_orbit(rows, 0.8)
    assert len(short) < len(rows) / 15
    off = np.linalg.norm(hermite(rows[:, 0], short) - rows[:, 1:4], axis=1)
    assert off.max() <= 0.8
    t = np.linspace(0, 100, 400)
    local = np.column_stack((t, 30 * np.sin(t / 15), t, t * 0))
    few = short_local(local, 0.5)
    assert few[0].tolist() == local[0].tolist()
    assert few[-1].tolist() == local[-1].tolist()
    drawn_y = np.interp(t, few[:, 0], few[:, 1])
    assert np.abs(drawn_y - local[:, 1]).max() <= 0.5
    assert len(few) < 60


def test_a_flight_is_read_as_it_was_written(tmp_path: Path) -> None:
    view = flown_view(hostile=True)
    (tmp_path / "flight.json").write_text(json.dumps(view), encoding="utf-8")
    assert read_flight(tmp_path) == view
    assert read_flight(tmp_path / "flight.json") == view


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    view: Any = copy.deepcopy(flown_view())
    inner = view
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return dict(view)


WRONG = {
    "schema": changed("schema", to="crossflight.flight/1"),
    "outcome is not a text": changed("outcome", to=3),
    "drawing.to_s is not a number": changed("drawing", "to_s", to="late"),
    "drawing.marks\\[0\\].kind is none of": changed("drawing", "marks", 0, "kind", to="<b>"),
    "tables\\[0\\].evil is not known": changed("tables", 0, "evil", to=1),
    "rows that are not 5 cells long": changed("tables", 0, "rows", to=[["a"]]),
    "drawing.arcs is not rows of 7": changed("drawing", "arcs", 0, "rows", to=[1.0, 2.0]),
    "growing times": changed("drawing", "station_rows", to=[0.0] * 14),
    "vectors that are not of three": changed("drawing", "inset", "axis", to=[1.0]),
    "contacts is not rows of 5": changed("drawing", "contacts", "rows", to=[1.0]),
    "two directions": changed("drawing", "sun", to=[[1.0, 0.0, 0.0]]),
    "the span of the drawing": changed("drawing", "to_s", to=-700.0),
    "is no instant": changed("liftoff_utc", to="yesterday"),
    "drawing is missing": {k: v for k, v in flown_view().items() if k != "drawing"},
}


@pytest.mark.parametrize("message", WRONG)
def test_a_flight_of_another_shape_is_refused_with_the_place(message: str, tmp_path: Path) -> None:
    (tmp_path / "flight.json").write_text(json.dumps(WRONG[message]), encoding="utf-8")
    with pytest.raises(InputError, match=message) as refused:
        read_flight(tmp_path)
    assert refused.value.hint
    assert refused.value.file.endswith("flight.json")


@pytest.mark.parametrize("text", ["", "[" * 100_000, '{"schema": NaN}', "\udce9", "null"])
def test_what_is_no_flight_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "flight.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError):
        read_flight(tmp_path)


def test_a_folder_without_a_flight_says_what_to_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read") as refused:
        read_flight(tmp_path)
    assert "fly --out" in refused.value.hint
