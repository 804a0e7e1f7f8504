"""``crossflight windows`` as its users try it: MS-22 first."""

from __future__ import annotations

import io
import itertools
import json
import sys
from pathlib import Path

import pytest
from icalendar import Calendar
from running import Run

from crossflight.times import Instant

MS22 = ("--site", "baikonur-31", "--vehicle", "soyuz-ms")
TLE = (
    "ISS (ZARYA)\n"
    "1 25544U 98067A   22257.49623145  .00008872  00000-0  16209-3 0  9998\n"
    "2 25544  51.6424 254.1285 0002269 232.3655 233.3422 15.50204391359035\n"
)
KEYS = [
    "liftoff_utc", "sigma_s", "inplane_utc", "phase_deg", "phase_sigma_deg", "phase_known", "profiles",
    "beta_deg", "azimuth_deg", "is_daylight_launch",
]  # fmt: skip
PROFILE_KEYS = [
    "name", "feasible", "probability", "dock_utc", "dock_sigma_s", "is_daylight_dock", "reboost",
]  # fmt: skip


def ms22(run: Run, *more: object):
    return run("windows", "--elements", "archive", *MS22, "--from", "2022-09-21", "--days", 1, *more)


def test_ms22_lifts_off_when_it_did(run: Run) -> None:
    ran = ms22(run)
    assert ran.status == 0
    assert "2022-09-21 13:54:5" in ran.out
    assert "2-orbit" in ran.out
    assert ran.err == ""


def test_json_keeps_its_contract(run: Run) -> None:
    document = ms22(run, "--json").json
    assert list(document) == [
        "schema", "elements", "site", "ascent", "from_utc", "to_utc", "opportunities", "wanted_phase",
        "southbound_inplane_utc",
    ]  # fmt: skip
    assert document["schema"] == "crossflight.windows/1"
    assert list(document["elements"]) == ["epoch_utc", "source", "warnings"]
    (one,) = document["opportunities"]
    assert list(one) == KEYS
    assert [list(p) for p in one["profiles"]] == [PROFILE_KEYS] * 3
    real = Instant.parse("2022-09-21T13:54:50Z")
    assert abs(Instant.parse(one["liftoff_utc"]).s_since(real)) < 3 * one["sigma_s"]
    assert one["phase_known"] is True


def test_a_file_on_standard_input_and_one_on_disk_say_the_same(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crossflight.app.orbit_file import ARCHIVE, read_orbit_file
    from crossflight.formats.tle import write_tle

    elements = next(e for e in read_orbit_file(ARCHIVE).elements if e.epoch_utc.date() == "2022-09-14")
    text = "\n".join(write_tle(elements)) + "\n"
    path = tmp_path / "iss.tle"
    path.write_text(text)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    asked = (*MS22, "--from", "2022-09-21", "--days", 3, "--json")
    piped = run("windows", "--elements", "-", *asked).json
    read = run("windows", "--elements", path, *asked).json
    assert piped["opportunities"] == read["opportunities"]
    assert len(read["opportunities"]) == 3


def test_a_bad_checksum_is_refused_with_its_place(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.tle"
    path.write_text(TLE.replace("1359035", "1359036"))
    ran = run("windows", "--elements", path, *MS22)
    assert ran.status == 3
    assert f"{path}:3:" in ran.err
    assert "checksum" in ran.err


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--site", "baikonur-32", "--vehicle", "soyuz-ms"), 2, "baikonur-31"),
        (("--site", "baikonur-31", "--vehicle", "soyuz"), 2, "soyuz-ms"),
        (("--site", "ksc-39a", "--vehicle", "crew-dragon", "--recovery", "barge"), 2, "droneship"),
        ((*MS22, "--from", "yesterday"), 2, "--from"),
        ((*MS22, "--from", "2022-09-21", "--to", "2022-09-20"), 2, "not after"),
        ((*MS22, "--days", "0"), 2, "--days"),
        ((*MS22, "--days", "nan"), 2, "--days"),
        ((*MS22, "--to", "2022-09-20", "--days", "3"), 2, "one of them"),
        ((*MS22, "--from", "1998-01-01"), 3, "before the epoch"),
        ((*MS22, "--from", "2049-01-01"), 3, "the limit is 10 years"),
        (("--site", "62.9,40.6", "--vehicle", "soyuz-ms", "--from", "2022-09-20"), 2, "inclination"),
    ],
)
def test_what_cannot_be_is_refused(run: Run, arguments: tuple[str, ...], status: int, says: str) -> None:
    ran = run("windows", "--elements", "archive", *arguments)
    assert ran.status == status
    assert says in ran.err


def test_a_site_can_be_a_place(run: Run) -> None:
    named = ms22(run, "--json").json["opportunities"][0]
    asked = ("--vehicle", "soyuz-ms", "--from", "2022-09-21", "--days", 1, "--json")
    placed = run("windows", "--elements", "archive", "--site", "45.996,63.564", *asked).json
    assert placed["opportunities"][0]["liftoff_utc"] == named["liftoff_utc"]


def test_calendar_and_table_are_written_whole(run: Run, tmp_path: Path) -> None:
    ical, csv = tmp_path / "w.ics", tmp_path / "w.csv"
    ran = ms22(run, "--ical", ical, "--csv", csv)
    assert ran.status == 0
    assert ran.out == ""
    (event,) = Calendar.from_ical(ical.read_bytes()).walk("VEVENT")
    assert event["DTSTART"].dt.isoformat().startswith("2022-09-21T13:54:")
    rows = csv.read_text().splitlines()
    assert len(rows) == 1 + 3  # one lift-off, three profiles
    assert rows[0].startswith('"liftoff_utc"')
    assert sorted(p.name for p in tmp_path.iterdir()) == ["w.csv", "w.ics"]


def test_far_ahead_it_says_that_the_phase_is_unknown(run: Run) -> None:
    ran = run("windows", "--elements", "archive", *MS22, "--from", "2022-09-14T12:00", "--to", "2023-01-01")
    assert "2-orbit" in ran.out
    assert "unknown" in ran.out.splitlines()[-3]


def test_apollo_finds_soyuz_19(run: Run) -> None:
    ran = run(
        "windows", "--elements", "soyuz-19", "--site", "ksc-39b", "--vehicle", "apollo-csm", "--days", 1
    )
    assert ran.status == 0
    assert "1975-07-15 19:5" in ran.out


def test_an_ephemeris_serves_as_elements(run: Run, tmp_path: Path) -> None:
    from crossflight.history.elements import published_ephemerides

    path = tmp_path / "iss.xml.gz"
    path.write_bytes(published_ephemerides()["2021225"])
    asked = ("--from", "2021-08-14", "--days", 2, "--json")
    found = run("windows", "--elements", path, *MS22, *asked).json["opportunities"]
    archived = run("windows", "--elements", "archive", *MS22, *asked).json["opportunities"]
    assert len(found) == len(archived) == 2
    for ours, theirs in zip(found, archived, strict=True):
        apart = Instant.parse(ours["inplane_utc"]).s_since(Instant.parse(theirs["inplane_utc"]))
        assert abs(apart) < 3 * theirs["sigma_s"]


def test_a_hostile_name_is_shown_escaped(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.tle"
    path.write_text("\x1b[31mISS\n" + "\n".join(TLE.splitlines()[1:]) + "\n")
    ran = run("windows", "--elements", path, *MS22)
    assert "\x1b" not in ran.out + ran.err
    assert json.dumps(ran.err)


def test_a_planned_burn_moves_the_phase_and_a_day_for_the_reboost_is_kept(run: Run) -> None:
    before = ms22(run, "--json").json["opportunities"][0]
    burnt = ms22(run, "--burn", "2022-09-16=0.5", "--json").json["opportunities"][0]
    # Half a metre a second lifts the orbit by 0.9 km: the station falls back by 6 degrees in 5.6 days.
    moved = (burnt["phase_deg"] - before["phase_deg"] + 180) % 372 - 180
    assert -9 < moved < -4
    late = ms22(run, "--burn", "2022-09-16=0.5", "--reboost-on", "2022-09-19", "--json").json
    (fast, *_) = late["opportunities"][0]["profiles"]
    assert fast["reboost"]["burn_utc"] == "2022-09-19T00:00:00Z"
    for bad in ("0.5", "2022-09-16=fast", "2022-09-16=1e9", "yesterday=1"):
        assert ms22(run, "--burn", bad).status == 2


def test_the_reboost_for_a_wanted_phase_is_given(run: Run) -> None:
    asked = ("--phase", "-2", "--reboost-on", "2022-09-17")
    (shift,) = ms22(run, *asked, "--json").json["wanted_phase"]["reboosts"]
    assert shift["burn_utc"] == "2022-09-17T00:00:00Z"
    after = ms22(run, "--burn", f"2022-09-17={shift['dv_m_s']}", "--json").json["opportunities"][0]
    assert after["phase_deg"] == pytest.approx(-2.0, abs=1.0)
    assert "reboost for phase -2" in ms22(run, *asked).out
    assert ms22(run, "--phase", "-50").status == 2


@pytest.mark.parametrize(
    "asked",
    [("--burn", "2010-01-01=0.5"), ("--burn", "2023-01-01=0.5"), ("--burn", "2022-09-16=-50"),
     ("--reboost-on", "2010-01-01"), ("--reboost-on", "2023-01-01")],
)  # fmt: skip
def test_burns_that_cannot_matter_are_refused(run: Run, asked: tuple[str, str]) -> None:
    assert ms22(run, *asked).status == 2


def test_an_ephemeris_is_less_sure_the_longer_it_goes_on(run: Run, tmp_path: Path) -> None:
    from crossflight.history.elements import published_ephemerides

    path = tmp_path / "iss.xml.gz"
    path.write_bytes(published_ephemerides()["2022003"])
    found = run("windows", "--elements", path, *MS22, "--days", 18, "--json").json["opportunities"]
    sigmas = [x["phase_sigma_deg"] for x in found]
    assert sigmas == sorted(sigmas)
    assert sigmas[0] < 0.5
    assert sigmas[-1] > 10


def test_every_pass_of_an_ephemeris_is_given_once_wherever_a_stretch_begins(run: Run, tmp_path: Path) -> None:
    from crossflight.history.elements import published_ephemerides

    path = tmp_path / "iss.xml.gz"
    path.write_bytes(published_ephemerides()["2021225"])
    whole = run("windows", "--elements", path, *MS22, "--days", 8, "--json").json["opportunities"]
    # A day after this begin a stretch ends within half a second of a pass.
    begin = Instant.parse(whole[3]["liftoff_utc"]).plus_days(-2).iso()
    again = run("windows", "--elements", path, *MS22, "--from", begin, "--days", 5, "--json").json
    times = [Instant.parse(x["liftoff_utc"]) for x in again["opportunities"]]
    gaps = [b.s_since(a) / 3600 for a, b in itertools.pairwise(times)]
    assert all(gap == pytest.approx(23.6, abs=0.1) for gap in gaps)


@pytest.mark.parametrize("what", ["a moved state", "another frame"])
def test_an_ephemeris_that_no_orbit_links_is_refused(run: Run, tmp_path: Path, what: str) -> None:
    from crossflight.formats.oem import read_oem
    from crossflight.formats.oem_text import oem_kvn_text
    from crossflight.formats.orbit_source import unzipped
    from crossflight.history.elements import published_ephemerides

    data = unzipped(published_ephemerides()["2021225"], "iss.xml.gz")
    text = oem_kvn_text(read_oem(data, "iss.xml"))
    if what == "another frame":
        text = text.replace("REF_FRAME = EME2000", "REF_FRAME = ITRF")
    else:
        lines = text.splitlines()
        k = next(i for i, line in enumerate(lines) if line.startswith("2021-08-15T12:0"))
        words = lines[k].split()
        words[1] = str(float(words[1]) + 10)
        lines[k] = " ".join(words)
        text = "\n".join(lines) + "\n"
    path = tmp_path / "iss.oem"
    path.write_text(text)
    ran = run("windows", "--elements", path, *MS22)
    assert ran.status == 3
    assert "does not follow from its neighbours" in ran.err


def test_pads_nobody_has_flown_from_are_said_so(run: Run) -> None:
    asked = ("--site", "ksc-39a", "--vehicle", "soyuz-ms", "--from", "2022-09-21", "--days", 1)
    assert "not from ksc-39a" in run("windows", "--elements", "archive", *asked).out
    assert "has flown from" not in ms22(run).out


def test_a_year_of_lift_offs_has_a_calendar_entry_each(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "year.ics"
    asked = ("--site", "ksc-39a", "--vehicle", "crew-dragon", "--from", "2022-09-21", "--days", 365)
    run("windows", "--elements", "archive", *asked, "--ical", path)
    uids = [str(e["UID"]) for e in Calendar.from_ical(path.read_bytes()).walk("VEVENT")]
    assert len(uids) > 365
    assert len(set(uids)) == len(uids)
