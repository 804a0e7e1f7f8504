"""Names: aliases with sources, near names for the others, never a guess."""

from __future__ import annotations

import pytest

from crossflight.app.manifest_names import Naming
from crossflight.formats.manifest import Cell
from crossflight.formats.table import folded
from crossflight.history import flown_people, flown_record
from crossflight.history.aliases import alias_of, aliases
from crossflight.model import Scenario
from crossflight.scenario import read_scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario("iss-2022")


@pytest.fixture
def naming(scenario: Scenario) -> Naming:
    return Naming(scenario)


def cell(text: str) -> Cell:
    return Cell(text, 7, 2)


PORTS = {
    "N2 Zenith": "Harmony zenith",
    "N2 Fwd / PMA-2": "Harmony forward",
    "IDA-3": "Harmony zenith",
    "harmony FORWARD": "Harmony forward",
    "N1 Nadir": "Unity nadir",
    "MRM1 / FGB Nadir": "Rassvet nadir",
    "MRM2 / SM Zenith": "Poisk zenith",
    "Поиск": "Poisk zenith",
    "SM-Aft": "Zvezda aft",
    "NM": "Prichal nadir",
    "УМ": "Prichal nadir",  # noqa: RUF001 - as Roscosmos writes it
}
FLIGHTS = {
    ("soyuz-ms", "68Soyuz"): "MS-22",
    ("soyuz-ms", "68S"): "MS-22",
    ("soyuz-ms", "Soyuz MS-22"): "MS-22",
    ("soyuz-ms", "Союз МС-22"): "MS-22",  # noqa: RUF001 - as Roscosmos writes it
    ("soyuz-ms", "54S"): "MS-08",
    ("soyuz-ms", "40S"): "40S",
    ("progress-ms", "80P"): "Progress MS-19",
    ("progress-ms", "80Progress"): "Progress MS-19",
    ("progress-ms", "Progress MS-19"): "Progress MS-19",
    ("cargo-dragon", "SpX-24"): "CRS-24",
    ("cargo-dragon", "SpaceX CRS-25"): "CRS-25",
    ("crew-dragon", "USCV-5"): "Crew-5",
    ("crew-dragon", "Axiom Mission 2"): "Ax-2",
    ("starliner", "Boe-CFT"): "CFT",
    ("cygnus", "80P"): "80P",
    ("cygnus", "CRS 2-24"): "CRS 2-24",
}
PEOPLE = {
    "Anna Kikina": "Anna Kikina",
    "ANNA KIKINA": "Anna Kikina",
    "A. Kikina": "Anna Kikina",
    "Kikina": "Anna Kikina",
    "Nicole Mann (CDR)": "Nicole Mann",
    "Frank Rubio": "Francisco Rubio",
    "Sergei Prokopyev": "Sergey Prokopyev",
    "Suni Williams": "Sunita Williams",
}


@pytest.mark.parametrize(("written", "meant"), PORTS.items())
def test_ports(naming: Naming, written: str, meant: str) -> None:
    found = naming.port(cell(written))
    assert found is not None
    assert (found.name, naming.problems) == (meant, [])


@pytest.mark.parametrize(("written", "meant"), [((t, f), m) for (t, f), m in FLIGHTS.items()])
def test_flights(naming: Naming, scenario: Scenario, written: tuple[str, str], meant: str) -> None:
    of = next(t for t in scenario.vehicle_types if t.name == written[0])
    found = naming.flight(cell(written[1]), of)
    assert found is not None
    assert found[0] == meant


@pytest.mark.parametrize(("written", "meant"), PEOPLE.items())
def test_people(naming: Naming, written: str, meant: str) -> None:
    assert naming.people([cell(written)]) == (meant,)
    assert naming.problems == []


def test_people_with_one_family_name_are_not_told_apart(naming: Naming) -> None:
    # Sergey Prokopyev, Sergey Korsakov, Sergey Ryzhikov ...: a given name is no name.
    assert naming.people([cell("Sergey")]) == ()
    assert "there is no person 'Sergey'" in naming.problems[0].message


def test_somebody_under_two_names_stands_twice(naming: Naming) -> None:
    naming.people([cell("Kikina"), cell("A. Kikina")])
    assert "stands twice in one crew" in naming.problems[0].message


def test_unknown_names_get_the_near_one_and_their_place(naming: Naming) -> None:
    assert naming.port(cell("N2 Zentih")) is None
    assert naming.pad(cell("ksc-93a")) is None
    assert naming.people([cell("Nicole Man")]) == ()
    assert naming.kind(cell("rotashun")) is None
    assert [(p.row, p.column) for p in naming.problems] == [(7, 2)] * 4
    hints = [p.hint for p in naming.problems]
    assert hints == ["did you mean 'N2 Zenith'?", "did you mean 'ksc-39a'?", "did you mean 'Nicole Mann'?",
                     "did you mean 'rotation'?"]  # fmt: skip


def test_an_alias_of_what_the_scenario_has_not(naming: Naming) -> None:
    assert naming.port(cell("DC1")) is None
    assert naming.problems[0].hint == "it is 'Pirs nadir', which scenario iss-2022 has not"


def test_craft_are_of_the_type(naming: Naming, scenario: Scenario) -> None:
    dragon = next(t for t in scenario.vehicle_types if t.name == "crew-dragon")
    cargo = next(t for t in scenario.vehicle_types if t.name == "cargo-dragon")
    found = naming.craft(cell("endurance"), dragon)
    assert found is not None
    assert found.name == "Endurance"
    assert naming.craft(cell("Endurance"), cargo) is None
    assert naming.craft(cell("Hope"), dragon) is None
    assert [p.message for p in naming.problems] == [
        "Endurance is a crew-dragon, not a cargo-dragon",
        "there is no craft 'Hope'",
    ]
    assert "--set" in naming.problems[1].hint


@pytest.mark.parametrize("name", ["a\u202eb", "x" * 151, "a\x00b"])
def test_names_that_cannot_stand_in_a_plan(naming: Naming, scenario: Scenario, name: str) -> None:
    assert naming.flight(cell(name), scenario.vehicle_types[0]) is None
    assert "printable" in naming.problems[0].message


def test_every_alias_leads_somewhere_and_to_one_thing() -> None:
    flown = read_scenario("iss-flown")
    known = {
        "port": {p.name for p in flown.station.ports},
        "pad": {p.name for p in flown.pads},
        "vehicle type": {t.name for t in flown.vehicle_types},
        "person": {p.name for p in flown_people()},
    }
    seen = set()
    for alias in aliases():
        assert alias.source
        if alias.what in known:
            assert alias.name in known[alias.what], alias
        assert not alias.vehicle_type or alias.vehicle_type in known["vehicle type"]
        key = (alias.what, folded(alias.written.replace("{n}", "67")), alias.vehicle_type)
        assert key not in seen, alias
        seen.add(key)


def test_the_counting_of_flights_agrees_with_the_record() -> None:
    """NASA's counts of docked flights, against what flew on those days."""
    launched = {f.name: f.launch_utc.date() for f in flown_record().flights}
    for written, vehicle_type, day in (
        ("67S", "soyuz-ms", "2022-03-18"),
        ("70Soyuz", "soyuz-ms", "2023-09-15"),
        ("80P", "progress-ms", "2022-02-15"),
        ("85 Progress", "progress-ms", "2023-08-23"),
        ("SpX-25", "cargo-dragon", "2022-07-15"),
    ):
        found = alias_of("flight", written, folded, vehicle_type)
        assert found is not None
        assert launched[found[0]] == day
