"""``crossflight orbit``, ``landings``, ``doctor`` and ``validate``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from running import Run

from crossflight.formats.oem import read_oem
from crossflight.history.elements import published_ephemerides
from crossflight.times import Instant

STATE_KEYS = ["utc", "r_gcrf_m", "v_gcrf_m_s", "lat_deg", "lon_deg", "altitude_km", "beta_deg", "is_sunlit"]


@pytest.fixture
def oem(tmp_path: Path) -> Path:
    path = tmp_path / "iss.xml.gz"
    path.write_bytes(published_ephemerides()["2021225"])
    return path


def test_ms22_left_with_the_station_overhead(run: Run) -> None:
    ran = run("orbit", "--elements", "archive", "--at", "2022-09-21T13:54:50", "--json")
    (state,) = ran.json["states"]
    assert ran.json["schema"] == "crossflight.orbit/1"
    assert list(state) == STATE_KEYS
    assert state["lat_deg"] == pytest.approx(45.5, abs=1.0)
    assert state["lon_deg"] == pytest.approx(62.6, abs=1.5)
    assert 415 < state["altitude_km"] < 425


def test_a_span_has_its_states(run: Run) -> None:
    asked = ("--from", "2022-09-21", "--to", "2022-09-21T01:30", "--step", 600)
    ran = run("orbit", "--elements", "archive", *asked, "--json")
    assert [s["utc"][11:16] for s in ran.json["states"]] == [
        f"{m // 60:02}:{m % 60:02}" for m in range(0, 91, 10)
    ]
    assert "600" not in run("orbit", "--elements", "archive", *asked).err


@pytest.mark.parametrize("name", ["out.oem", "out.xml"])
def test_what_is_written_as_oem_comes_back(run: Run, tmp_path: Path, oem: Path, name: str) -> None:
    path = tmp_path / name
    asked = ("--from", "2021-08-14", "--to", "2021-08-14T03:00", "--step", 240)
    ran = run("orbit", "--elements", oem, *asked, "--oem", path, "--json")
    assert ran.status == 0
    again = run("orbit", "--elements", path, "--at", "2021-08-14T01:32", "--json").json["states"][0]
    direct = run("orbit", "--elements", oem, "--at", "2021-08-14T01:32", "--json").json["states"][0]
    assert np.array(again["r_gcrf_m"]) == pytest.approx(np.array(direct["r_gcrf_m"]), abs=0.01)
    assert read_oem(path.read_bytes(), name).arcs[0].frame == "EME2000"


def test_a_fitted_factor_goes_past_the_end_and_agrees_inside(run: Run, oem: Path) -> None:
    inside = ("--at", "2021-08-14T02:00", "--json")
    fitted = run("orbit", "--elements", oem, "--fit-hours", 6, *inside).json
    read = run("orbit", "--elements", oem, *inside).json
    apart = np.subtract(fitted["states"][0]["r_gcrf_m"], read["states"][0]["r_gcrf_m"])
    assert np.linalg.norm(apart) < 50
    assert 0.0005 < fitted["fit"]["ballistic_m2_kg"] < 0.02
    assert run("orbit", "--elements", oem, "--at", "2021-08-29T12:00", "--json").status == 3
    beyond = run("orbit", "--elements", oem, "--fit-hours", 6, "--at", "2021-08-29T12:00", "--json")
    assert beyond.status == 0
    assert any("reboost" in w for w in beyond.json["elements"]["warnings"])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ((), 2),
        (("--at", "2022-09-21", "--step", "60"), 2),
        (("--from", "2022-09-21", "--to", "2022-09-22", "--step", "0"), 2),
        (("--from", "2022-09-21", "--to", "2022-09-22", "--step", "nan"), 2),
        (("--from", "2022-09-21", "--to", "2023-09-22", "--step", "1"), 2),
        (("--at", "2022-09-21", "--fit-hours", "6"), 2),
        (
            (
                "--at",
                "2012-09-21",
            ),
            3,
        ),
    ],
)
def test_what_cannot_be_is_refused(run: Run, arguments: tuple[str, ...], status: int) -> None:
    ran = run("orbit", "--elements", "archive", *arguments)
    assert ran.status == status
    assert "hint:" in ran.err or "error:" in ran.err


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "1e9", "0.1"])
def test_hours_that_cannot_be_fitted_are_refused(run: Run, oem: Path, hours: str) -> None:
    ran = run("orbit", "--elements", oem, "--at", "2021-08-14", "--fit-hours", hours)
    assert ran.status in (2, 3)


def test_ms21_lands_when_it_did(run: Run) -> None:
    asked = ("--elements", "archive", "--zone", "kazakhstan", "--vehicle", "soyuz-ms", "--from", "2022-09-29")
    document = run("landings", *asked, "--days", 1, "--json").json
    assert document["schema"] == "crossflight.landings/1"
    (one,) = document["opportunities"]
    assert list(one) == [
        "zone", "undock_utc", "deorbit_utc", "landing_utc", "lat_deg", "lon_deg", "is_daylight", "beta_deg",
        "sigma_s", "probability",
    ]  # fmt: skip
    real = Instant.parse("2022-09-29T10:57:12Z")
    assert abs(Instant.parse(one["landing_utc"]).s_since(real)) < 3 * one["sigma_s"]
    shown = run("landings", *asked, "--days", 1)
    assert "2022-09-29 10:5" in shown.out


def test_florida_is_seven_zones(run: Run) -> None:
    asked = ("--elements", "archive", "--zone", "florida", "--vehicle", "crew-dragon", "--from", "2022-10-14")
    found = run("landings", *asked, "--days", 1, "--json").json["opportunities"]
    assert {x["zone"] for x in found} == {
        "pensacola", "panama-city", "tallahassee", "tampa", "cape-canaveral", "daytona", "jacksonville",
    }  # fmt: skip
    assert run("landings", "--elements", "archive", "--zone", "utah", "--vehicle", "crew-dragon").status == 2


def test_the_doctor_knows_the_last_date_of_every_table(run: Run) -> None:
    document = run("doctor", "--json").json
    names = [t["name"] for t in document["tables"]]
    assert names == [
        "leap seconds",
        "Earth orientation",
        "space weather",
        "gravity field",
        "ISS element sets",
    ]
    assert all(t["last_utc"] or t["name"] == "gravity field" for t in document["tables"])
    assert all(t["past_the_end"] for t in document["tables"])
    assert "Earth orientation" in run("doctor").out


def test_validate_prints_a_chapter(run: Run) -> None:
    ran = run("validate", "lift-off")
    assert ran.status == 0
    assert ran.out.startswith("### Lift-off")
    assert "| Soyuz all | 15 |" in ran.out
    document = run("validate", "apollo", "--json").json
    assert document["schema"] == "crossflight.validate/1"
    assert run("validate", "nonsense").status == 2


def test_a_fit_is_not_carried_for_months(run: Run, oem: Path) -> None:
    ran = run("orbit", "--elements", oem, "--fit-hours", 6, "--at", "2022-01-04")
    assert ran.status == 3
    assert "30 days ahead" in ran.err
    later = run("orbit", "--elements", oem, "--fit-hours", 6, "--at", "2021-08-18", "--json").json
    assert any("1 km after three" in w for w in later["elements"]["warnings"])


def test_zones_nobody_has_landed_in_are_said_so(run: Run) -> None:
    asked = ("--elements", "archive", "--from", "2022-10-14", "--days", 1)
    assert (
        "not in kazakhstan" in run("landings", *asked, "--zone", "kazakhstan", "--vehicle", "crew-dragon").out
    )
    assert "has landed in" not in run("landings", *asked, "--zone", "tampa", "--vehicle", "crew-dragon").out


def test_landings_at_the_edge_of_a_stretch_are_given_once(run: Run, oem: Path) -> None:
    asked = ("--elements", oem, "--zone", "pensacola", "--vehicle", "crew-dragon")
    whole = run("landings", *asked, "--days", 8, "--json").json["opportunities"]
    # A day after this begin a stretch ends within half a second of a landing.
    begin = Instant.parse(whole[5]["landing_utc"]).plus_days(-2)
    again = run("landings", *asked, "--from", begin.iso(), "--days", 5, "--json").json["opportunities"]
    wanted = [
        x["landing_utc"][:16] for x in whole if begin <= Instant.parse(x["landing_utc"]) < begin.plus_days(5)
    ]
    assert [x["landing_utc"][:16] for x in again] == wanted
