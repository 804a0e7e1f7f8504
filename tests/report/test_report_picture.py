"""The picture says what the model says."""

import json
from dataclasses import dataclass, replace

import pytest
from drawn_plan import Drawn, at, drawn

from crossflight.app.picture import picture
from crossflight.model import Commodity, LaunchOpportunity, Opportunities, Plan
from crossflight.report.ghosts import add_ghosts
from crossflight.report.names import spoken
from crossflight.report.seats import seats
from crossflight.report.shape import Bar, Group, Lane, Picture, Table
from crossflight.rules import Walk
from crossflight.times import Instant


@dataclass
class Era:
    name: str
    from_utc: Instant
    to_utc: Instant
    operator_n1_uncovered_share: float
    unattended_share: float


@dataclass
class Episode:
    from_utc: Instant
    to_utc: Instant
    metric: str
    cause: str
    note: str = ""
    uncertainty: str = ""


@pytest.fixture
def model() -> Drawn:
    return drawn()


@pytest.fixture
def made(model: Drawn) -> Picture:
    return picture(model.scenario, model.plan, model.violations, model.coverage, plan_digest="cd" * 32)


def group(made: Picture, ident: str) -> Group:
    return next(g for g in made["timeline"]["groups"] if g["id"] == ident)


def lane(made: Picture, ident: str, label: str) -> Lane:
    return next(x for x in group(made, ident)["lanes"] if x["label"] == label)


def table(made: Picture, ident: str) -> Table:
    return next(t for t in made["tables"] if t["id"] == ident)


def spans(found: list[Bar]) -> list[tuple[str, str, str]]:
    return [(b["label"], b["start"][:10], b["end"][:10]) for b in found]


def test_header_says_which_result_this_is(made: Picture) -> None:
    assert made["header"] == {
        "scenario_name": "bird-rock",
        "scenario_title": "Bird Rock, 2030",
        "scenario_hash": "ab" * 6,
        "plan_hash": "cd" * 6,
        "version": "0.1.0",
        "seed": "7",
        "status": "feasible",
        "gap": "12.50%",
        "known_utc": "2030-01-01",
        "from_utc": "2030-01-01",
        "to_utc": "2031-01-01",
        "overrides": [["station.n_crew_max", "8"]],
    }


def test_a_plan_that_nobody_solved_has_no_status_of_a_solver(model: Drawn) -> None:
    plan = replace(model.plan, provenance=None)
    header = picture(model.scenario, plan, (), model.coverage)["header"]
    assert (header["status"], header["gap"], header["seed"]) == ("not solved", "", "")


def test_a_gap_without_bound_is_said_in_words(model: Drawn) -> None:
    assert model.plan.provenance is not None
    plan = replace(model.plan, provenance=replace(model.plan.provenance, gap=float("inf")))
    assert picture(model.scenario, plan, (), model.coverage)["header"]["gap"] == "no bound"


def test_the_picture_is_plain_json(made: Picture) -> None:
    assert json.loads(json.dumps(made, allow_nan=False)) == made


def test_a_relocation_moves_the_bar_to_the_other_port(made: Picture) -> None:
    assert spans([b for b in lane(made, "ports", "fore")["bars"] if b["tone"] != "shade"]) == [
        ("Swift 1", "2029-11-21", "2030-02-01"),
        ("Heron 7", "2030-03-01", "2030-09-10"),
        ("Swift 2", "2030-11-21", "2031-01-01"),
    ]
    assert ("Swift 1", "2030-02-01", "2030-04-09") in spans(lane(made, "ports", "top")["bars"])


def test_ports_are_shaded_when_closed_kept_free_or_out_of_service(made: Picture) -> None:
    shaded = {
        port: spans([b for b in lane(made, "ports", port)["bars"] if b["tone"] == "shade"])
        for port in ("fore", "top", "aft")
    }
    assert shaded == {
        "fore": [("beta angle", "2030-05-01", "2030-05-20")],
        "top": [("kept free for EVA 1", "2030-04-10", "2030-04-10")],
        "aft": [("out of service", "2030-12-01", "2031-01-01")],
    }


def test_reusable_craft_have_lanes_and_the_others_share_those_of_their_type(made: Picture) -> None:
    lanes = group(made, "craft")["lanes"]
    assert [(x["label"], x["detail"]) for x in lanes] == [("Wren", "Swift"), ("Heron", ""), ("Mule", "")]
    wren = lanes[0]["bars"]
    assert [b["label"] for b in wren] == ["Swift 1", "Tour 1", "Swift 2"]
    assert wren[0]["limit"] == "2030-04-19T10:00:00Z"
    assert wren[2]["is_open"]
    assert spans([b for b in lanes[1]["bars"] if b["tone"] == "bad"]) == [("", "2030-07-01", "2030-09-10")]


def test_a_moved_seat_splits_the_bar_of_the_person(made: Picture) -> None:
    (swift,) = [x for x in group(made, "people")["lanes"] if x["label"] == "Swift crews"]
    boris = [b for b in swift["bars"] if b["title"] == "Boris Brun"]
    assert spans(boris) == [
        ("Boris Brun", "2029-11-20", "2030-03-05"),
        ("Boris Brun \N{RIGHTWARDS ARROW} Heron 7", "2030-03-05", "2030-09-10"),
    ]
    assert [b.get("is_hatched", False) for b in boris] == [False, True]
    assert [b["row"] for b in boris] == [1, 1]
    # Visitors stand among the crews of the type they come in.
    assert [h["label"] for h in swift["heads"]] == ["Swift 1", "Tour 1", "Swift 2"]


def test_colours_follow_partners_and_visitors(made: Picture) -> None:
    people = {b["title"]: b["tone"] for x in group(made, "people")["lanes"] for b in x["bars"]}
    assert people["Anna Adler"] == "p0"
    assert people["Boris Brun"] == "p1"
    assert people["Vera Visitor"] == "visitor"
    assert {b["tone"] for b in lane(made, "ports", "aft")["bars"]} == {"cargo", "shade"}


def test_crew_steps_count_who_is_aboard(made: Picture) -> None:
    west = lane(made, "crew", "West")
    assert [(b["label"], b["start"][:10]) for b in west["bars"]] == [
        ("1", "2030-01-01"),
        ("2", "2030-03-01"),
        ("1", "2030-04-09"),
        ("0", "2030-09-10"),
        ("1", "2030-11-21"),
    ]
    assert west["level_line"] == 1.0
    visitors = lane(made, "crew", "Visitors")
    assert [b["label"] for b in visitors["bars"]] == ["", "1", ""]


def test_cover_strips_name_the_craft_that_cover_alone(made: Picture) -> None:
    east = lane(made, "safety", "East cover")["bars"]
    assert [(b["label"], b["tone"]) for b in east][:2] == [("Swift 1", "warn"), ("2", "ok")]


def test_the_operator_strip_has_no_hole_and_no_overlap(model: Drawn, made: Picture) -> None:
    bars = lane(made, "safety", "Operator N-1")["bars"]
    assert model.coverage.operator_n1_uncovered
    assert {"bad", "ok"} <= {b["tone"] for b in bars}
    covered = [b for b in bars if b["tone"] == "ok"]
    for one in covered:
        for other in bars:
            if other is not one:
                assert other["end"] <= one["start"] or one["end"] <= other["start"]
    days = sum(at(b["end"]).days_since(at(b["start"])) for b in covered)
    assert days < 365 - model.coverage.operator_n1_uncovered_days + 1e-6


def test_findings_and_waivers_are_drawn(made: Picture) -> None:
    assert [b["label"] for b in lane(made, "safety", "Violations")["bars"]] == ["days between dockings"]
    (waiver,) = lane(made, "safety", "Waivers")["bars"]
    assert ["Price", "4.5"] in waiver["data"]


def test_forbidden_days_are_shaded_over_every_lane(made: Picture) -> None:
    assert made["timeline"]["shades"] == [
        {"start": "2030-06-10T00:00:00Z", "end": "2030-06-20T00:00:00Z", "tone": "shade"}
    ]


def test_every_drawing_has_a_table_twin(made: Picture) -> None:
    rows = {t["id"]: len(t["rows"]) for t in made["tables"]}
    drawn_bars = {
        g["id"]: sum(b["tone"] not in ("shade", "bad") for x in g["lanes"] for b in x["bars"])
        for g in made["timeline"]["groups"]
    }
    assert rows["ports"] == drawn_bars["ports"]
    assert rows["people"] == drawn_bars["people"]
    assert rows["pads"] == drawn_bars["pads"]
    assert rows["crew"] == drawn_bars["crew"]
    assert drawn_bars["landings"] == sum(t[9] is not None for t in table(made, "flights")["rows"])
    assert {g["table"] for g in made["timeline"]["groups"]} <= set(rows)
    assert rows["flights"] + rows["cargo"] == drawn_bars["craft"]
    assert rows["calendar"] == 4
    assert rows["violations"] == 2
    assert rows["waivers"] == 1


def test_training_is_drawn_crew_by_crew_in_the_colours_of_the_centres(made: Picture) -> None:
    found = group(made, "training")["lanes"]
    assert [(x["label"], x["detail"]) for x in found] == [
        ("Dan Dove", "Swift 2"), ("Carla Crane", "Swift 2 backup"),
    ]  # fmt: skip
    dan, carla = found
    assert [(b["label"], b["tone"], b["start"][:10], b["end"][:10]) for b in dan["bars"]] == [
        ("nest", "c0", "2030-01-01", "2030-02-10"),  # begun before the plan
        ("nest", "c0", "2030-08-31", "2030-09-20"),
        ("wings", "c1", "2030-09-20", "2030-10-20"),
        ("Swift 2", "note", "2030-11-20", "2031-01-01"),
    ]
    assert dan["bars"][0].get("is_hatched")
    said = dict(map(tuple, dan["bars"][1]["data"]))
    assert said["Course"] == "nest, refresher"
    assert said["For"] == "Swift 2, crew"
    assert said["Before launch"] == "61.0 d"
    assert said["Places"] == "3; 1 meet in these days"
    assert dict(map(tuple, dan["bars"][2]["data"]))["Places"] == "as many as come; 2 meet in these days"
    assert [(b["label"], bool(b.get("is_hatched"))) for b in carla["bars"]] == [
        ("Heron 7", False), ("wings", False), ("Swift 2", True),
    ]  # fmt: skip


def test_training_has_a_table_twin_and_backups_stand_with_their_flight(made: Picture) -> None:
    rows = table(made, "training")["rows"]
    assert rows[0] == [
        "Dan Dove", "AA", "wings", "Hill", "2030-09-20 00:00", "2030-10-20 00:00", 30.0, "Swift 2", "crew",
    ]  # fmt: skip
    assert [r[8] for r in rows] == ["crew", "backup", "crew"]
    drawn_slots = [b for x in group(made, "training")["lanes"] for b in x["bars"] if b["tone"][0] == "c"]
    assert len(rows) == len([b for b in drawn_slots if b["tone"] != "cargo" and not b.get("is_hatched")])
    flights = table(made, "flights")
    assert flights["columns"][-1]["name"] == "Backup"
    assert {str(r[0]): r[-1] for r in flights["rows"]}["Swift 2"] == "Carla Crane"
    (bar,) = [b for b in lane(made, "ports", "fore")["bars"] if b["label"] == "Swift 2"]
    assert ["Backup", "Carla Crane"] in bar["data"]


def test_tiers_are_listed_with_value_bound_and_gap(made: Picture) -> None:
    assert table(made, "tiers")["rows"] == [
        [1, "waivers", 4.5, 4.5, "0.00%", "proven"],
        [2, "price", 200.0, 175.0, "12.50%", "open"],
    ]


def test_the_audit_has_eras_as_bands_an_episode_table_and_a_chart(model: Drawn) -> None:
    eras = (
        Era("alone", at("2030-01-01"), at("2030-03-01"), 0.928, 0.0),
        Era("together", at("2030-03-01"), at("2031-01-01"), 0.052, 0.0),
    )
    episodes = (Episode(at("2030-01-01"), at("2030-03-01"), "operator_n1", "one craft", "a note"),)
    made = picture(model.scenario, model.plan, (), model.coverage, eras=eras, episodes=episodes)
    assert made["kind"] == "audit"
    assert [r["text"] for r in made["chart"]["rows"]] == ["92.8%", "5.2%"]
    assert spans(lane(made, "eras", "Eras")["bars"]) == [
        ("alone: 92.8% uncovered", "2030-01-01", "2030-03-01"),
        ("together: 5.2% uncovered", "2030-03-01", "2031-01-01"),
    ]
    assert table(made, "episodes")["rows"][0][4:] == ["one craft", "a note"]
    assert "tiers" not in {t["id"] for t in made["tables"]}


def test_a_station_without_segments_says_nothing_about_operators(model: Drawn) -> None:
    station = replace(model.scenario.station, segments=())
    made = picture(replace(model.scenario, station=station), model.plan, (), model.coverage)
    assert [x["label"] for x in group(made, "safety")["lanes"]] == ["Seat N-1", "Waivers"]
    assert not [f for f in made["figures"] if "operator" in f["label"] or "segment" in f["label"]]


def test_the_legend_names_only_what_is_drawn(model: Drawn, made: Picture) -> None:
    assert [k["name"] for k in made["timeline"]["legend"]][:6] == [
        "West", "East", "visitors", "cargo", "covered", "watch",
    ]  # fmt: skip
    empty = picture(model.scenario, Plan("bird-rock", "ab" * 32, ()), (), model.coverage)
    assert "cargo" not in [k["name"] for k in empty["timeline"]["legend"]]


def test_a_bare_number_is_no_short_name(model: Drawn) -> None:
    renamed = replace(model.plan.flights[1], name="Heron 7b")
    plan = replace(model.plan, flights=(model.plan.flights[0], renamed), seat_moves=())
    bars = lane(picture(model.scenario, plan, (), model.coverage), "ports", "fore")["bars"]
    assert {b["label"]: b.get("short") for b in bars if b["tone"] != "shade"} == {
        "Swift 1": None,
        "Heron 7b": "7b",
    }


def test_a_baseline_is_drawn_as_ghosts_where_it_has_something_otherwise(model: Drawn) -> None:
    heron = model.plan.flights[1]
    moved = replace(heron, launch_utc=heron.launch_utc.plus_days(-9), dock_utc=at("2030-02-20T16:00"))
    baseline = replace(model.plan, flights=tuple(moved if f is heron else f for f in model.plan.flights))
    made = picture(model.scenario, model.plan, (), model.coverage, baseline=baseline, baseline_name="May's")
    ghosts = {
        g["id"]: [
            (b["title"], b["start"][:10]) for x in g["lanes"] for b in x["bars"] if b["tone"] == "ghost"
        ]
        for g in made["timeline"]["groups"]
    }
    assert ghosts["ports"] == [("Heron 7 at fore, in the baseline", "2030-02-20")]
    assert ghosts["craft"] == [("Heron 7, in the baseline", "2030-02-20")]
    assert ghosts["pads"] == [("Launch of Heron 7, in the baseline", "2030-02-20")]
    assert ("Liu Lang, in the baseline", "2030-02-20") in ghosts["people"]
    assert ghosts["landings"] == []
    assert table(made, "difference")["title"] == "What differs from May's"
    assert "baseline" in [k["name"] for k in made["timeline"]["legend"]]


def test_the_ghost_of_a_second_stay_is_in_its_own_row_and_one_unmoved_leaves_none() -> None:
    def stay(start: str, end: str, row: int = 0) -> Bar:
        dates = {"start": f"2030-{start}T00:00:00Z", "end": f"2030-{end}T00:00:00Z"}
        return {**dates, "label": "Liu", "title": "Liu", "tone": "p1", "row": row, "data": []}

    def crews(*lanes: list[Bar]) -> list[Lane]:
        return [{"label": "Heron", "detail": "", "kind": "bars", "rows": 4, "bars": bars} for bars in lanes]

    def ghosts(lanes: list[Lane]) -> list[list[tuple[str, int]]]:
        return [
            [(b["start"][5:10], b.get("row", 0)) for b in x["bars"] if b["tone"] == "ghost"] for x in lanes
        ]

    now = crews([stay("01-01", "02-01", 3)], [stay("08-01", "09-01", 2)])
    add_ghosts(now, crews([stay("01-01", "02-01")], [stay("08-01", "09-01")]), only_moved=True)
    assert ghosts(now) == [[], []]
    add_ghosts(now, crews([stay("01-01", "02-01")], [stay("08-11", "09-01")]), only_moved=True)
    assert ghosts(now) == [[], [("08-11", 2)]]


def test_a_baseline_that_is_the_plan_leaves_no_ghost(model: Drawn) -> None:
    made = picture(model.scenario, model.plan, (), model.coverage, baseline=model.plan)
    tones = {b["tone"] for g in made["timeline"]["groups"] for x in g["lanes"] for b in x["bars"]}
    assert "ghost" not in tones
    assert table(made, "difference")["rows"] == []


def test_what_is_explained_alarms_nobody(model: Drawn) -> None:
    made = picture(model.scenario, model.plan, model.violations, model.coverage, explained=model.violations)
    found = lane(made, "safety", "Violations")
    assert {b["tone"] for b in found["bars"]} == {"note"}
    assert found["detail"] == "explained"
    assert not found["is_marked"]
    (figure,) = [f for f in made["figures"] if f["label"] == "violations"]
    assert (figure["unit"], figure["tone"]) == ("all explained", "note")


def test_a_commodity_is_a_curve_that_falls_and_is_filled_up(model: Drawn) -> None:
    food = Commodity("food", 500.0, 2.0, 1.0, 45.0)
    scenario = replace(model.scenario, commodities=(food,))
    made = picture(scenario, model.plan, (), model.coverage)
    curve = lane(made, "supplies", "food")["curve"]
    points = [p for p in curve["points"] if p[1] is not None]
    assert points[0][1] == 500.0
    assert curve["lines"] == [{"value": 45.0 * (3 * 2.0 + 1.0), "tone": "warn"}]
    rows = table(made, "consumables")["rows"]
    assert [r[2] for r in rows] == [p[1] for p in curve["points"]]
    used = sum(float(r[2] or 0) - float(s[2] or 0) for r, s in zip(rows[::2], rows[1::2], strict=True))
    people_days = sum(len(s.aboard) * s.days for s in Walk(scenario, model.plan).states)
    assert used == pytest.approx(2.0 * people_days + 365.0, abs=len(rows) * 0.1)


def test_opportunities_are_ticks_and_beta_is_a_curve(model: Drawn) -> None:
    start = at("2030-01-01")
    lift_offs = tuple(
        LaunchOpportunity(
            "Pad 1",
            "Swift",
            start.plus_days(d),
            60.0,
            start.plus_days(d),
            0.0,
            0.0,
            False,
            (),
            10.0 + d,
            45.0,
            True,
        )
        for d in range(4)
    )
    known = Opportunities("a set", start, {("Swift", "Pad 1"): lift_offs})
    made = picture(replace(model.scenario, opportunities=known), model.plan, (), model.coverage)
    pad = lane(made, "pads", "Pad 1")
    first, *others = [int(step, 36) for step in pad["ticks"].split()]
    assert at(made["timeline"]["start"]).plus_days(first / 1440) == start
    assert others == [1440, 1440, 1440]
    beta = lane(made, "supplies", "Beta")["curve"]
    assert [p[1] for p in beta["points"]][:2] == [10.0, 12.0]
    assert {p[1] for p in beta["points"][4:]} == {None}
    assert [r[1] for r in table(made, "beta")["rows"]][:2] == [10.0, 12.0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("soyuz-ms", "Soyuz MS"),
        ("crew-dragon", "Crew Dragon"),
        ("htv-x", "HTV-X"),
        ("ksc-39a", "KSC 39A"),
        ("baikonur-31", "Baikonur 31"),
        ("cygnus", "Cygnus"),
        ("Bird Rock", "Bird Rock"),
        ("=1+1", "=1+1"),
        ("", ""),
    ],
)
def test_identifiers_are_said_as_people_say_them(name: str, said: str) -> None:
    assert spoken(name) == said


def test_an_empty_plan_still_makes_a_picture(model: Drawn) -> None:
    empty = Plan("bird-rock", "ab" * 32, ())
    made = picture(model.scenario, empty, (), model.coverage)
    assert made["timeline"]["start"] == "2030-01-01T00:00:00Z"
    assert {g["id"] for g in made["timeline"]["groups"]} == {
        "safety", "crew", "ports", "pads", "calendar", "training",  # somebody is in a course
    }  # fmt: skip


def test_seats_reach_from_lift_off_to_landing_without_a_hole(model: Drawn) -> None:
    found = [s for s in seats(Walk(model.scenario, model.plan)) if s.person == "Boris Brun"]
    assert [(s.flight, s.kind, s.is_last) for s in found] == [
        ("Swift 1", "nominal", False),
        ("Heron 7", "contingency", True),
    ]
    assert found[0].from_utc == at("2029-11-20T10:00")
    assert found[0].to_utc == found[1].from_utc
    assert found[1].to_utc == at("2030-09-10T14:00")


def test_a_flight_that_never_docked_has_a_crew_but_no_port(model: Drawn) -> None:
    swift = model.plan.flights[0]
    lost = replace(swift, dock_utc=None, port=None, relocations=(), undock_utc=None, crew_up=("Anna Adler",))
    plan = replace(model.plan, flights=(lost,), seat_moves=())
    made = picture(model.scenario, plan, (), model.coverage)
    assert not [b for b in lane(made, "ports", "fore")["bars"] if b["tone"] != "shade"]
    (crew,) = group(made, "people")["lanes"]
    assert spans(crew["bars"]) == [("Anna Adler", "2029-11-20", "2030-04-09")]
