"""``crossflight fly``: MS-22 and Crew-5 from lift-off to contact, MS-22 home again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from running import Run

from crossflight.app.flight_asked import Asked
from crossflight.app.flight_places import zones_for
from crossflight.app.flight_track import hermite
from crossflight.app.fly import fly
from crossflight.app.fly_output import document
from crossflight.app.report import read_flight
from crossflight.dynamics.frames import transform
from crossflight.errors import UsageError
from crossflight.flight.descent import descent_of
from crossflight.formats.oem import read_oem
from crossflight.times import Instant

MS22 = (
    "--vehicle", "soyuz-ms", "--site", "baikonur-31", "--elements", "archive",
    "--liftoff", "2022-09-21T13:54:50", "--port", "rassvet",
)  # fmt: skip
CREW5 = (
    "--vehicle", "crew-dragon", "--recovery", "droneship", "--site", "ksc-39a", "--elements", "archive",
    "--liftoff", "2022-10-05T16:00:57", "--port", "harmony-forward", "--profile", "18-orbit",
)  # fmt: skip
EARTH_RATE_RAD_S = 7.292115e-5  # WGS 84, as ui/src/sheet_path.ts has it
KEYS = [
    "schema", "outcome", "vehicle", "site", "port", "profile", "profile_flown", "elements",
    "plan_liftoff_utc", "phase_deg", "ascent", "events", "burns", "dv_to_contact_m_s", "dv_total_m_s",
    "propellant_left_kg", "contact", "min_perigee_km", "landing", "phases", "rules",
    "samples",
]  # fmt: skip


def times(document: dict) -> dict[str, Instant]:
    return {e["name"]: Instant.parse(e["utc"]) for e in document["events"]}


def test_ms22_flies_to_rassvet_and_home(run: Run, tmp_path: Path) -> None:
    ran = run("fly", *MS22, "--return", "kazakhstan", "--out", tmp_path / "out", "--json")
    assert ran.status == 0
    o = ran.json
    assert list(o) == KEYS
    assert (o["schema"], o["outcome"], o["profile"]) == ("crossflight.flight/1", "docked", "2-orbit")
    at = times(o)
    assert at["liftoff"] < at["insertion"] < at["approach"] < at["contact"] < at["undocking"] < at["landing"]
    # The profile's own hours: what a docking time is worth stands in docs/validation-opportunities.md.
    assert abs(at["contact"].s_since(Instant.parse("2022-09-21T17:06:33Z"))) < 600
    assert at["insertion"].s_since(at["liftoff"]) == pytest.approx(528, abs=10)
    assert [e["utc"] for e in o["events"]] == sorted(e["utc"] for e in o["events"])
    up_to_docking = [b["dv_m_s"] for b in o["burns"] if Instant.parse(b["utc"]) < at["contact"]]
    assert 100 < sum(up_to_docking) < 160
    assert sum(b["dv_m_s"] for b in o["burns"]) == pytest.approx(o["dv_total_m_s"], abs=0.01)
    assert sum(up_to_docking) == pytest.approx(o["dv_to_contact_m_s"], abs=0.01)
    assert o["profile_flown"] == "2-orbit"
    assert o["contact"]["within_limits"]
    assert all(r["ok"] for r in o["rules"])
    assert {"landing-in-zone", "keep-out-sphere"} <= {r["name"] for r in o["rules"]}
    assert o["landing"]["earlier_uncertain"] == 0
    assert o["min_perigee_km"] > 160
    assert o["landing"]["miss_km"] < 60
    assert 0 < o["propellant_left_kg"] < 800
    assert np.isfinite([b[k] for b in o["burns"] for k in ("dv_m_s", "duration_s", "propellant_kg")]).all()
    assert np.isfinite([e["met_s"] for e in o["events"]]).all()

    assert [p["name"] for p in o["phases"]] == ["ascent", "rendezvous", "approach", "docked", "return"]
    assert [p["exit"] for p in o["phases"]][2] == "contact"
    masses = [m for p in o["phases"] for m in p["mass_kg"]]
    assert masses == sorted(masses, reverse=True)
    assert {e["light"] for e in o["events"]} <= {"sun", "penumbra", "shadow"}

    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == [
        "altitude-range.svg", "approach.svg", "burns.csv", "burns.parquet", "contact.svg", "events.csv",
        "events.parquet", "flight.czml", "flight.json", "flight.oem", "ground-track.svg", "insertion.opm",
        "report.html",
    ]  # fmt: skip
    rows = list(csv.DictReader((tmp_path / "out" / "burns.csv").read_text("utf-8").splitlines()))
    assert min(float(row["dv_along_m_s"]) for row in rows) < -100

    ephemeris = read_oem((tmp_path / "out" / "flight.oem").read_bytes(), "flight.oem")
    assert ephemeris.arcs[0].from_utc == at["liftoff"]
    assert ephemeris.created_utc == Instant.parse("2022-09-14T11:54:34Z")
    # Nothing to guess: never more than half a minute between states, down to the ground.
    assert max(np.diff(a.t_utc_us).max() for a in ephemeris.arcs) <= 30.1e6
    assert ephemeris.arcs[-1].to_utc == at["landing"]
    _require_true_burns((tmp_path / "out" / "insertion.opm").read_text("ascii"), at)
    gaps = 0
    for before, after in zip(ephemeris.arcs, ephemeris.arcs[1:], strict=False):
        gaps += before.to_utc != after.from_utc
        if before.to_utc == after.from_utc:
            assert np.linalg.norm(before.r_m[-1] - after.r_m[0]) < 1.0
    # Burns are told as the coasts are: only the days docked are left out.
    assert gaps == 1
    # What the globe draws is the flight to a kilometre, and small.
    view = read_flight(tmp_path / "out")
    assert (tmp_path / "out" / "flight.json").stat().st_size < 120_000
    for arc, short in zip(ephemeris.arcs, view["drawing"]["arcs"], strict=True):
        ground, _ = transform("GCRF", "ITRF", arc.t_utc_us, arc.r_m, arc.v_m_s)
        t_s = (arc.t_utc_us - at["liftoff"].us) / 1e6
        rows = np.array(short["rows"]).reshape(-1, 7)
        drawn_m = hermite(np.clip(t_s, rows[0, 0], rows[-1, 0]), rows) * 1e3
        turn = EARTH_RATE_RAD_S * t_s
        c, s = np.cos(turn), np.sin(turn)
        x, y, z = drawn_m.T
        off_m = np.column_stack((c * x + s * y, c * y - s * x, z)) - ground
        assert np.linalg.norm(off_m, axis=1).max() < 1000

    packets = json.loads((tmp_path / "out" / "flight.czml").read_text())
    assert [p["id"] for p in packets[:3]] == ["document", "craft 0", "craft 1"]
    assert packets[1]["availability"][0].startswith("2022-09-21T13:54:50Z/")
    # Burns are no gaps in the track: one line for the rendezvous, one for the approach.
    assert (tmp_path / "out" / "ground-track.svg").read_text().count(
        "stroke: #0072b2; stroke-width: 0.9"
    ) == 2


def _require_true_burns(opm: str, at: dict[str, Instant]) -> None:
    """Each burn of the message comes before contact, and its mass is what its vector takes at 302 s."""
    lines = [line.split(" = ") for line in opm.splitlines() if " = " in line]
    assert dict(map(tuple, lines))["CREATION_DATE"] == "2022-09-14T11:54:34Z"
    found = {
        key: [value.split(" ")[0] for name, value in lines if name == key]
        for key in ("MASS", "MAN_EPOCH_IGNITION", "MAN_DELTA_MASS", "MAN_DV_1", "MAN_DV_2", "MAN_DV_3")
    }
    mass_kg = float(found["MASS"][0])
    assert len(found["MAN_EPOCH_IGNITION"]) >= 8
    assert all(Instant.parse(t) < at["contact"] for t in found["MAN_EPOCH_IGNITION"])
    vectors = zip(*(found[f"MAN_DV_{k}"] for k in (1, 2, 3)), strict=True)
    for delta, vector in zip(found["MAN_DELTA_MASS"], vectors, strict=True):
        dv_m_s = 1000 * float(np.linalg.norm([float(x) for x in vector]))
        takes_kg = mass_kg * (1 - np.exp(-dv_m_s / (302 * 9.80665)))
        # Small burns are flown by thrusters of 290 s.
        assert -float(delta) == pytest.approx(takes_kg, rel=0.05)
        mass_kg += float(delta)


def test_crew_5_flies_to_harmony(run: Run) -> None:
    o = run("fly", *CREW5, "--json").json
    assert o["outcome"] == "docked"
    at = times(o)
    assert at["contact"].s_since(at["liftoff"]) / 3600 == pytest.approx(28.0, abs=1.0)
    assert o["contact"]["limits"] == "idss"
    assert {r["name"]: r["ok"] for r in o["rules"]}["drift-after-burns"]
    assert all(r["ok"] for r in o["rules"])
    names = [b["name"] for b in o["burns"]]
    order = [n for n in ("phase", "boost", "close", "transfer", "co-elliptic") if n in names]
    assert order == sorted(order, key=names.index)
    assert len(order) >= 4


def test_a_flight_is_shown_with_its_events_and_burns(run: Run) -> None:
    shown = run("fly", *MS22, "--seed", "3").out
    for word in ("Events", "contact", "Burns", "automatic 1", "delta-v", "within the probe-drogue limits"):
        assert word in shown


def test_a_missed_burn_falls_back_to_the_next_profile_that_reaches_the_station(run: Run) -> None:
    o = run("fly", *MS22, "--miss-burn", "automatic 3", "--json").json
    assert o["outcome"] == "docked"
    assert [(p["name"], p["exit"]) for p in o["phases"]] == [
        ("ascent", "separation"), ("rendezvous", "missed-burn"), ("rendezvous", "arrival"),
        ("approach", "contact"),
    ]  # fmt: skip
    at = times(o)
    assert at["missed-burn"] < at["contact"]
    assert (o["profile"], o["profile_flown"]) == ("2-orbit", "34-orbit")
    names = [b["name"] for b in o["burns"]]
    assert len(set(names)) == len(names)
    lost = next(b for b in o["burns"] if b["note"] == "missed")
    assert (lost["name"], lost["dv_m_s"], lost["utc"]) == ("automatic 3", 0.0, at["missed-burn"].iso())
    assert all((b["note"] == "") == (b["dv_m_s"] > 0) for b in o["burns"])
    # Below the station all the way a fallback costs hardly more than the flight as planned (106 to arrival).
    assert o["dv_to_contact_m_s"] < 145
    assert at["contact"].s_since(at["liftoff"]) / 3600 == pytest.approx(50.1, abs=0.5)
    assert next(e["note"] for e in o["events"] if e["name"] == "fallback") == "falls back to 34-orbit"
    assert "burn 1" in run("fly", *MS22, "--miss-burn", "burn 9").err


def test_a_missed_burn_that_was_not_needed_changes_nothing(run: Run) -> None:
    """Crew-5's trim is nothing in a flight without errors: it goes on, and drifts safely."""
    o = run("fly", *CREW5, "--miss-burn", "out-of-plane", "--json").json
    assert o["outcome"] == "docked"
    assert o["profile_flown"] == "18-orbit"
    assert next(e["note"] for e in o["events"] if e["name"] == "fallback") == "goes on with the burns left"
    assert {r["name"]: r["ok"] for r in o["rules"]}["drift-after-burns"]
    assert Instant.parse(o["contact"]["utc"]).s_since(times(o)["liftoff"]) / 3600 == pytest.approx(28, abs=1)


def test_a_dragon_without_its_boost_still_finds_a_way(run: Run) -> None:
    """The scheme tried first is out of reach, and says so instead of failing."""
    o = run("fly", *CREW5, "--miss-burn", "boost", "--json").json
    assert o["outcome"] == "docked"
    assert next(e["note"] for e in o["events"] if e["name"] == "fallback").startswith("falls back to")
    assert {r["name"]: r["ok"] for r in o["rules"]}["drift-after-burns"]


def test_an_abort_of_the_ascent_comes_down_where_soyuz_18_1_did(run: Run, tmp_path: Path) -> None:
    """5 April 1975: abort at 295 s, 21.3 g, down at 50.83 N 83.42 E in the Altai."""
    ran = run("fly", *MS22, "--abort-at", 295, "--out", tmp_path / "out", "--json")
    assert ran.status == 1
    o = ran.json
    assert o["outcome"] == "aborted"
    assert [p["exit"] for p in o["phases"]] == ["ascent-abort"]
    assert (o["contact"], o["burns"], o["min_perigee_km"]) == (None, [], None)
    # What the launcher would have had left, and the craft's tanks, belong to an ascent that never was.
    assert (o["ascent"]["margin_kg"], o["propellant_left_kg"], o["rules"]) == (None, None, [])
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert "insertion.opm" not in written
    ephemeris = read_oem((tmp_path / "out" / "flight.oem").read_bytes(), "flight.oem")
    assert [a.comments[0] for a in ephemeris.arcs] == [
        "ascent", "fall", "drogue parachute", "main parachute",
    ]  # fmt: skip
    assert not any(e["name"] in ("insertion", "separation") for e in o["events"])
    down = o["landing"]
    assert down["lat_deg"] == pytest.approx(50.83, abs=0.5)
    assert down["lon_deg"] == pytest.approx(83.42, abs=2.5)
    assert "escape tower" in run("fly", *MS22, "--abort-at", 5).err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"--port": "harmony-forward"}, "rassvet"),
        ({"--profile": "4-orbit"}, "it allows 2-orbit; 4-orbit would do at 2022-09-25"),
        ({"--profile": "3-orbit"}, "known: 2-orbit"),
        ({"--liftoff": "2022-09-21T12:00"}, "no launcher steers that far"),
        ({"--liftoff": "2022-09-21T14:20"}, "m/s too few, 25 min after the computed lift-off"),
        ({"--liftoff": "2022-09-21T14:20", "--profile": "2-orbit"}, "computed lift-offs: 2022-09-21T13:54Z"),
        ({"--docking": "2022-09-21T14:00"}, "2-orbit docks from 2022-09-21T16:24Z to 2022-09-21T17:54Z"),
        ({"--docking": "2022-09-21T20:00"}, "4-orbit would dock then, but takes 1 to 26 deg"),
        ({"--docking": "2022-09-23T16:00"}, "34-orbit would do at 2022-09-22T13:32Z"),
        ({"--liftoff": "tomorrow"}, "--liftoff"),
        ({"--vehicle": "shuttle"}, "soyuz-ms"),
        ({"--site": "ksc-39a"}, "soyuz-2.1a leaves from baikonur-31 or baikonur-1"),
        ({"--return": "florida"}, "zones of soyuz-ms: kazakhstan"),
        ({"--out": "/proc/nowhere"}, "may not be written"),
    ],
)
def test_what_cannot_be_flown_is_refused_with_the_way_out(
    run: Run, change: dict[str, str], says: str
) -> None:
    asked = dict(zip(MS22[::2], MS22[1::2], strict=True)) | change
    ran = run("fly", *[x for pair in asked.items() for x in pair])
    assert ran.status == 2
    assert says in ran.err


def test_zones_are_those_of_the_craft() -> None:
    dragon = descent_of("crew-dragon")
    assert len(zones_for("florida", dragon)) == 7
    with pytest.raises(UsageError, match="does not come down in white-sands, a zone of starliner") as raised:
        zones_for("white-sands", dragon)
    assert str(raised.value.hint).startswith("zones of crew-dragon: florida, california, pensacola")


def test_elements_too_old_for_the_phase_are_refused(run: Run) -> None:
    asked = ("--site", "baikonur-31", "--vehicle", "soyuz-ms", "--from", "2025-09-10", "--days", 1, "--json")
    later = run("windows", "--elements", "archive", *asked).json["opportunities"][0]["liftoff_utc"]
    ran = run("fly", *MS22[:6], "--liftoff", later, "--port", "rassvet")
    assert ran.status == 2
    assert "too old to know the phase" in ran.err
    assert "weeks before the launch" in ran.err


def test_a_plan_needs_a_flight_and_elements_of_its_weeks(run: Run, planned: Path) -> None:
    plan = planned / "plan.yaml"
    assert "which flight" in run("fly", plan).err
    assert "no flight" in run("fly", plan, "nobody").err
    first = next(line.split(": ")[1] for line in plan.read_text().splitlines() if "- name:" in line)
    assert "--elements not given" in run("fly", plan, first).err
    assert run("fly").status == 2


def test_a_flight_of_a_plan_lifts_off_as_the_elements_of_the_day_have_it() -> None:
    """A plan of iss-2022 puts MS-22 a minute later than it went: its elements were half a year old."""
    planned = fly(Asked("soyuz-ms", "baikonur-31", "archive", "rassvet", planned="2022-09-21T13:55:51Z"))
    assert planned.outcome == "docked"
    assert planned.ascent.liftoff_utc.s_since(Instant.parse("2022-09-21T13:54:50Z")) == pytest.approx(
        0, abs=10
    )
    assert document(planned)["plan_liftoff_utc"] == "2022-09-21T13:55:51Z"


def test_samples_are_counted_and_one_is_flown_again(run: Run, tmp_path: Path) -> None:
    asked = (*MS22, "--samples", 20, "--seed", 7, "--json")
    first = run("fly", *asked, "--out", tmp_path).json
    samples = first["samples"]
    assert samples["n"] == 20
    assert samples["docked"] >= 19
    assert samples["p05_dock_utc"] <= samples["p50_dock_utc"] <= samples["p95_dock_utc"]
    assert samples["keep_out_violations"] == 0
    assert {r["name"]: r["ok"] for r in first["rules"]}["samples-keep-out"]
    assert not (tmp_path / "samples-in-work").exists()
    rows = pq.read_table(tmp_path / "samples.parquet").to_pylist()
    dearest = max((r for r in rows if r["is_docked"]), key=lambda r: r["dv_m_s"])
    (named,) = [w for w in samples["worst"] if w["why"] == "dv_m_s" and w["sample"] == dearest["sample"]]
    assert named["value"] == pytest.approx(dearest["dv_m_s"], abs=1e-3)

    again = run("fly", *MS22, "--seed", 7, "--replay", named["sample"], "--json").json
    assert again["samples"] is None
    assert again["outcome"] == "docked"
    assert again["dv_total_m_s"] == pytest.approx(dearest["dv_m_s"], abs=1e-3)
    assert again["contact"]["lateral_m"] == pytest.approx(
        np.hypot(dearest["contact_y_m"], dearest["contact_z_m"]), abs=1e-4
    )
    assert [p["name"] for p in again["phases"]] == ["ascent", "rendezvous", "approach"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("--samples", 10**6), "--samples 1e+06 is not between 0 and 20000"),
        (("--replay", -1), "counted from 0"),
        (("--error-scale", -1), "not between 0 and 20"),
        (("--error-scale", "nan"), "not between 0 and 20"),
        (("--error-scale", 30), "not between 0 and 20"),
        (("--workers", 0), "not between 1 and 64"),
        (("--seed", -1), "the same for the same flight"),
        (("--abort-at", 200, "--samples", 4), "--abort-at and --samples exclude one another"),
        (("--abort-at", 200, "--return", "kazakhstan"), "comes down where it does"),
        (("--miss-burn", "burn 1", "--replay", 4), "--miss-burn and --replay exclude one another"),
        (("--replay", 4, "--return", "kazakhstan"), "samples end at contact"),
    ],
)
def test_what_cannot_be_sampled_is_refused_before_it_is_flown(
    run: Run, wrong: tuple[object, ...], says: str
) -> None:
    ran = run("fly", *MS22, *wrong)
    assert ran.status == 2
    assert says in ran.err


def test_a_lift_off_minutes_late_is_flown_with_the_phase_it_has_then(run: Run) -> None:
    """Four degrees a minute: five minutes early the station is behind, and a two-day flight reaches it."""
    o = run("fly", *MS22[:6], "--liftoff", "2022-09-21T13:50", *MS22[8:], "--json").json
    assert o["outcome"] == "docked"
    assert o["profile"] == "34-orbit"
    assert o["phase_deg"] == pytest.approx(-1.6 - 4.83 * 3.7 + 360, abs=1.0)


def test_a_sample_that_is_lost_says_when_and_why(run: Run) -> None:
    """At twenty times the errors some insertions do not last."""
    lost = run("fly", *MS22, "--error-scale", 20, "--replay", 1, "--json").json
    (event,) = [e for e in lost["events"] if e["name"] == "lost"]
    assert "below 120: the air takes it down" in event["note"]
    assert event["utc"] == lost["phases"][-1]["to_utc"] == lost["events"][-1]["utc"]
