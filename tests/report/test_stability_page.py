"""The stability page: what it says, draws and lists."""

import json
from dataclasses import replace
from typing import cast

import pytest
from drawn_plan import CLOSING, FORMULA, MARKUP, Drawn, drawn
from found_stability import findings

from crossflight.app.picture import picture
from crossflight.app.stability import stability_of
from crossflight.model import Plan
from crossflight.report.html import render
from crossflight.report.shape import Page, Table
from crossflight.report.stability import segment_tone, share, stability
from crossflight.report.stability_shape import Drawings, Stability


@pytest.fixture(scope="module")
def model() -> Drawn:
    return drawn()


@pytest.fixture(scope="module")
def made(model: Drawn) -> Page:
    return stability(model.scenario, findings())


def drawings(page: Page) -> Drawings:
    return cast("Stability", page["data"])["drawings"]


def titles(page: Page) -> dict[str, str]:
    return {p["id"]: p["title"] for p in cast("Stability", page["data"])["panels"]}


def table(page: Page, ident: str) -> Table:
    (found,) = [t for t in page["tables"] if t["id"] == ident]
    return found


def test_the_headline_lays_the_plan_beside_the_eras(model: Drawn, made: Page) -> None:
    uncovered = share(model.scenario, model.coverage.operator_n1_uncovered)
    assert 0 < uncovered < 1
    assert made["title"] == (
        "The loss of one craft would have left a segment of the station alone on 75.0% of days with lone "
        f"crews and on 0.0% of days with crews of both; in this plan on {uncovered:.1%}."
    )


def test_another_station_has_no_eras_to_be_measured_by(model: Drawn) -> None:
    page = stability(model.scenario, replace(findings(), eras=(), episodes=()))
    assert page["title"].startswith("The loss of one craft would leave a segment alone on ")
    assert [r["label"] for r in drawings(page)["eras"]["rows"]] == ["as planned"]
    assert "flown-eras" not in {t["id"] for t in page["tables"]}


def test_every_panel_has_a_drawing_and_its_twins(made: Page) -> None:
    panels = cast("Stability", made["data"])["panels"]
    assert [p["id"] for p in panels] == ["eras", "terms", "singles", "endurance", "slips"]
    assert {p["id"] for p in panels} == set(drawings(made))
    assert [t for p in panels for t in p["tables"]] == [t["id"] for t in made["tables"]]
    for t in made["tables"]:
        assert {len(row) for row in t["rows"]} <= {len(t["columns"])}


def test_what_there_is_nothing_of_has_no_panel(model: Drawn) -> None:
    nothing = replace(findings(), terms=(), providers=(), trials=(), margins=())
    assert list(titles(stability(model.scenario, nothing))) == ["eras"]


def test_eras_are_shares_over_their_days_and_the_uncovered_days(made: Page) -> None:
    flown, planned = drawings(made)["eras"]["rows"]
    assert [(b["name"], b["share"], b["tone"]) for b in flown["blocks"]] == [
        ("lone crews", 0.75, "bad"),
        ("crews of both", 0.0, "ok"),
    ]
    assert flown["spans"] == [["2028-02-01T00:00:00Z", "2028-11-01T00:00:00Z"]]
    assert [b["name"] for b in planned["blocks"]] == ["this plan"]
    assert drawings(made)["eras"]["start"] == "2028-01-01T00:00:00Z"
    assert drawings(made)["eras"]["end"] == "2031-01-01T00:00:00Z"


def test_terms_say_what_no_swaps_would_cost_the_same_traffic(made: Page) -> None:
    assert titles(made)["terms"] == (
        "Without swaps the same craft on the same days would leave operator N-1 uncovered on 300 "
        "segment-days, not 0; 12 more days with a segment unattended are to be expected"
    )
    rows = drawings(made)["terms"]["rows"]
    assert [r["uncovered"] for r in rows] == [[0.0, 0.0], [90.0, 180.0], [100.0, 200.0]]
    assert rows[2]["is_same_traffic"]
    assert rows[2]["expected"] == [10.0, 9.0, 11.0]
    assert [s["tone"] for s in drawings(made)["terms"]["segments"]] == ["p0", "p1"]
    buys = table(made, "terms-buy")["rows"]
    assert buys[2][:6] == ["no swaps", "today's", "optimal", 100.0, 200.0, 0.0]
    assert buys[2][6:] == [10.0, "9.0 to 11.0", 12.0, "10.0 to 14.0", 30.0, "past the plan"]
    assert table(made, "terms-cost")["rows"][0] == ["today's terms", "planned anew", "West", 2, 1, 3.5]


def test_a_disruption_counts_by_its_worst(made: Page) -> None:
    assert titles(made)["singles"] == (
        "One thing goes wrong: 1 of 4 disruptions leaves a segment unattended, "
        "1 leaves somebody without a usable seat"
    )
    found = {r["kind"]: [m["tone"] for m in r["items"]] for r in drawings(made)["singles"]["rows"]}
    assert found == {"person": ["worst", "warn"], "craft unusable": ["bad"], "slip": ["ok"]}
    assert [k["tone"] for k in drawings(made)["singles"]["legend"]] == ["worst", "bad", "warn", "ok"]
    assert len(table(made, "singles")["rows"]) == 4


def test_endurance_past_the_plan_is_no_number(made: Page) -> None:
    (row,) = drawings(made)["endurance"]["rows"]
    assert [(s["days"], s["days_end"]) for s in row["slopes"]] == [(90.0, 31.0), (None, None)]
    assert row["text"] == "median past the plan, at worst 31 d"
    assert table(made, "endurance")["rows"] == [["West", 90.0, 31.0, "past the plan"]]


def test_slips_name_the_rule_that_ends_them(made: Page) -> None:
    assert titles(made)["slips"] == (
        "Alone, a crewed flight can slip 0 to 120 days before a rule is broken; 1 of 2 cannot slip by a day"
    )
    heron, swift = drawings(made)["slips"]["rows"]
    assert heron["data"][0] == ["then breaks", "handover"]
    assert swift["is_open"]
    assert drawings(made)["slips"]["most"] == 120


def test_a_segment_has_the_colour_of_who_operates_it(model: Drawn) -> None:
    assert segment_tone(model.scenario, "East") == "p1"
    assert segment_tone(model.scenario, "nowhere") == "visitor"


def test_a_station_without_segments_speaks_of_seats(model: Drawn) -> None:
    station = replace(model.scenario.station, segments=())
    page = stability(replace(model.scenario, station=station), replace(findings(), eras=(), terms=()))
    assert page["title"] == "2 of 4 single disruptions leave somebody without a usable seat."
    assert "eras" not in titles(page)
    assert titles(page)["singles"] == "One thing goes wrong, 4 times over"


def test_hostile_names_stay_text(model: Drawn) -> None:
    hostile = drawn(hostile=True)
    page = stability(hostile.scenario, findings(hostile=True))
    text = render(picture(hostile.scenario, hostile.plan, hostile.violations, hostile.coverage, pages=[page]))
    assert MARKUP not in text
    assert CLOSING not in text
    assert f"<td>{FORMULA}</td>" in text
    start = text.index('id="data-stability">') + len('id="data-stability">')
    data = json.loads(text[start : text.index("</script>", start)])
    assert data["drawings"]["slips"]["rows"][1]["flight"] == FORMULA
    assert data["drawings"]["eras"]["rows"][0]["blocks"][0]["name"] == MARKUP


def test_a_plan_is_tried_and_the_record_of_another_station_left_out(model: Drawn) -> None:
    page = stability_of(model.scenario, model.plan, model.coverage)
    assert page is not None
    assert list(titles(page)) == ["eras", "singles", "endurance", "slips"]
    kinds = {r["kind"] for r in drawings(page)["singles"]["rows"]}
    assert {"craft unusable for return", "person does not fly", "flight 30 days late"} <= kinds
    for row in drawings(page)["endurance"]["rows"]:
        for before, after in zip(row["slopes"], row["slopes"][1:], strict=False):
            assert before["end"] == after["start"]
        for slope in row["slopes"]:
            assert (slope["days"] is None) == (slope["days_end"] is None)


def test_a_plan_without_a_crew_has_no_such_page(model: Drawn) -> None:
    empty = Plan("bird-rock", "ab" * 32, ())
    assert stability_of(model.scenario, empty, model.coverage) is None
