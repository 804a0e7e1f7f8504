"""What a scenario file says arrives in the model: values, provenance, overrides, digest."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from input_errors import Refused, assert_placed

from crossflight.errors import InputError, ReferenceInputError, SchemaError, SyntaxInputError
from crossflight.model import Fact, Opportunities, Scenario, StationElements
from crossflight.planner import plan
from crossflight.rules import check
from crossflight.scenario import (
    TEMPLATE,
    library_names,
    plan_text,
    read_plan_text,
    read_scenario,
    read_scenario_text,
    scenario_source,
    text_of_scenario,
)
from crossflight.scenario.digest import digest_of
from crossflight.scenario.paths import N_PATH_CHARACTERS_MAX
from crossflight.times import Instant

LIFE = "on_orbit_life_days: 210"


def test_the_template_says_what_it_shows(small: Scenario) -> None:
    craft, freighter = small.vehicle_types
    assert small.station.n_crew_nominal == {"North": 3, "South": 1}
    assert craft.crew_patterns == ({"North": 3, "South": 1},)
    assert craft.on_orbit_life_days == 210.0
    assert isinstance(craft.on_orbit_life_days, float)
    assert freighter.on_orbit_life_days is None
    assert small.docked[0].flight.dock_utc == Instant.of(2029, 10, 2, 12)
    assert small.docked[0].window_days is None
    assert small.announced[0].port is None
    assert small.rules["operator_n1"].values == {"binds_from_docking_of": ""}
    assert small.rules["ground_time"].values == {"days_min": 300.0}
    assert small.people[0].qualifications[0].level == "specialist"
    assert small.facts == (Fact("", is_assumed=True),)


def test_the_result_cannot_be_changed(small: Scenario) -> None:
    for mapping in (small.rules, small.station.n_crew_nominal, small.overrides):
        assert isinstance(mapping, MappingProxyType)


def test_the_template_explains_every_key() -> None:
    for key in ("unavailable", "closures", "window_days", "is_visitor", "source", "published", "ready_utc"):
        assert key in TEMPLATE


def test_the_template_plans(small: Scenario) -> None:
    result = plan(small, time_limit_s=30, workers=2, seed=1)
    assert result.plan is not None, result.message
    assert [v for v in check(small, result.plan) if v.is_failure] == []
    assert read_plan_text(plan_text(result.plan), small) == result.plan


@pytest.mark.parametrize("name", library_names())
def test_the_library_reads(name: str) -> None:
    scenario = read_scenario(name)
    assert scenario.name == name
    assert not name.startswith("_")
    assert scenario_source(name).startswith("#")
    assert all(f.published_utc is None or f.published_utc <= scenario.known_utc for f in scenario.facts)


def test_provenance_is_taken_out() -> None:
    text = TEMPLATE.replace(LIFE, "on_orbit_life_days: {value: 210, source: guide, published: 2029-05-01}")
    text = text.replace("agencies: [SSA]}", "agencies: {value: [SSA], assumed: true}, note: only a note}")
    text = text.replace("{supplies: 3000}", "{supplies: 3000, source: payload guide}")
    text = text.replace("    - {North: 3, South: 1}\n", "    - {North: 3, South: 1, assumed: true}\n", 1)
    text = text.replace("window_days: 10 ", "window_days: {value: 10, assumed: false, source: NSA} ")
    text = text.replace("dock_utc: 2029-10-02T12:00", "dock_utc: {value: 2029-10-02T12:00, source: NSA}")
    text = text.replace("ready_utc: 2030-02-01", "ready_utc: {value: , assumed: true}")
    scenario = read_scenario_text(text)
    assert scenario.vehicle_types[0].on_orbit_life_days == 210
    assert scenario.partners[1].agencies == ("SSA",)
    assert scenario.vehicle_types[1].upmass_kg == {"supplies": 3000}
    assert scenario.craft[1].ready_utc is None
    facts = {fact.path: fact for fact in scenario.facts}
    life = "vehicle_types.shuttlecraft.on_orbit_life_days"
    assert facts == {
        "": Fact("", is_assumed=True),
        life: Fact(life, "guide", Instant.of(2029, 5, 1)),
        "partners.South.agencies": Fact("partners.South.agencies", is_assumed=True),
        "vehicle_types.freighter.upmass_kg": Fact("vehicle_types.freighter.upmass_kg", "payload guide"),
        "announced.Crew-2.window_days": Fact("announced.Crew-2.window_days", "NSA"),
        "docked.Crew-1.flight.dock_utc": Fact("docked.Crew-1.flight.dock_utc", "NSA"),
        "craft.Brisa.ready_utc": Fact("craft.Brisa.ready_utc", is_assumed=True),
        "vehicle_types.shuttlecraft.crew_patterns.0": Fact(
            "vehicle_types.shuttlecraft.crew_patterns.0", is_assumed=True
        ),
    }


@pytest.mark.parametrize(
    ("wrapped", "says"),
    [
        ("{value: 210, sauce: x}", "not a mapping"),
        ("{value: {value: 210}}", "not a mapping"),
        ("{source: x}", "not a mapping"),
        ("{value: 210, source: 3}", "text should stand here"),
        ("{value: 210, assumed: maybe}", "true or false"),
        ("{value: 210, published: lately}", "not a UTC time"),
    ],
)
def test_wrong_provenance_is_refused(refused: Refused, wrapped: str, says: str) -> None:
    text = TEMPLATE.replace(LIFE, f"on_orbit_life_days: {wrapped}")
    refused(SchemaError, says, read_scenario_text, text)


def test_the_digest_is_of_what_it_says(small: Scenario) -> None:
    same = [
        "\n".join(line.split("  #")[0] for line in TEMPLATE.splitlines() if not line.startswith("#")),
        TEMPLATE.replace("\n", "\r\n"),
        TEMPLATE.replace("assumed: true  ", "source: somebody, published 2029 "),
        TEMPLATE.replace(LIFE, "on_orbit_life_days: 2.1e2"),
        TEMPLATE.replace(LIFE, "on_orbit_life_days: {value: 210, source: user guide}"),
        TEMPLATE.replace("{name: Cape, latitude_deg: 28.5,", "{latitude_deg: 28.5, name: 'Cape',"),
        TEMPLATE.replace("n_long_stays_max: 0 ", "#"),
        TEMPLATE.replace("2029-10-02T12:00", "2029-10-02 12:00:00Z"),
    ]
    for text in same:
        assert read_scenario_text(text).digest == small.digest
    other = [
        TEMPLATE.replace(LIFE, "on_orbit_life_days: 211"),
        TEMPLATE.replace("price: 200", "price: 201"),
        TEMPLATE.replace("Jon Aster", "Jan Aster"),
        TEMPLATE.replace("pad: {severity: hard}", "pad: {severity: soft}"),
    ]
    digests = {read_scenario_text(text).digest for text in other}
    assert len(digests) == len(other)
    assert small.digest not in digests


OVERRIDES = {
    "vehicle_types.shuttlecraft.on_orbit_life_days": (
        "215",
        lambda s: s.vehicle_types[0].on_orbit_life_days,
        215.0,
    ),
    "vehicle_types.freighter.on_orbit_life_days": (
        "90",
        lambda s: s.vehicle_types[1].on_orbit_life_days,
        90.0,
    ),
    "vehicle_types.0.price": ("1", lambda s: s.vehicle_types[0].price, 1.0),
    "vehicle_types.shuttlecraft.crew_patterns.0.South": (
        "0",
        lambda s: s.vehicle_types[0].crew_patterns[0]["South"],
        0,
    ),
    "pads.pad-1.turnaround_days": ("30", lambda s: s.pads[0].turnaround_days, 30.0),
    "pads.pad-1.outages": ("[]", lambda s: s.pads[0].outages, ()),
    "rules.handover.severity": ("off", lambda s: s.rules["handover"].severity, "off"),
    "rules.handover.values.overlap_days_min": (
        "2",
        lambda s: s.rules["handover"].values["overlap_days_min"],
        2.0,
    ),
    "rules.pad.price_per_day": ("2", lambda s: s.rules["pad"].price_per_day, 2.0),
    "station.n_crew_nominal.South": ("2", lambda s: s.station.n_crew_nominal["South"], 2),
    "station.n_crew_nominal": ("{North: 1}", lambda s: s.station.n_crew_nominal, {"North": 1}),
    "station.evas.EVA 1.free_ports": ("[fore, aft]", lambda s: s.station.evas[0].free_ports, ("fore", "aft")),
    "docked.Crew-1.planned_undock_utc": (
        "2030-04-02",
        lambda s: s.docked[0].planned_undock_utc,
        Instant.of(2030, 4, 2),
    ),
    "docked.Crew-1.flight.port": ("aft", lambda s: s.docked[0].flight.port, "aft"),
    "announced.Crew-2.launch_utc": (
        "2030-03-20 12:00",
        lambda s: s.announced[0].launch_utc,
        Instant.of(2030, 3, 20, 12),
    ),
    "announced.Crew-2.craft": ("null", lambda s: s.announced[0].craft, None),
    "people.Jon Aster.is_eva": ("true", lambda s: s.people[1].is_eva, True),
    "people.Jon Aster.unavailable": (
        "[{from_utc: 2030-01-01, to_utc: 2030-02-01, why: 'leave: long'}]",
        lambda s: [c.why for c in s.people[1].unavailable],
        ["leave: long"],
    ),
    "objective.comfort.terms.ledger_imbalance": (
        "4",
        lambda s: s.objective[3].terms.get("ledger_imbalance"),
        4.0,
    ),
    "forbidden_days": ("[]", lambda s: s.forbidden_days, ()),
    "title": ("'Another: title'", lambda s: s.title, "Another: title"),
}


@pytest.mark.parametrize(("path", "case"), OVERRIDES.items(), ids=OVERRIDES)
def test_an_override_changes_one_value(small: Scenario, path: str, case: tuple[str, object, object]) -> None:
    text, value_of, wanted = case
    assert callable(value_of)
    scenario = read_scenario_text(TEMPLATE, "-", {path: text})
    assert value_of(small) != wanted
    assert value_of(scenario) == wanted
    assert scenario.overrides == {path: text}
    assert scenario.digest != small.digest


def test_overrides_reach_into_wrapped_values_and_dotted_names(small: Scenario) -> None:
    text = TEMPLATE.replace("{supplies: 3000}", "{value: {supplies: 3000}, source: payload guide}")
    text = text.replace("freighter\n", "freighter 2.0\n").replace("type: freighter,", "type: freighter 2.0,")
    scenario = read_scenario_text(text, "-", {"vehicle_types.freighter 2.0.upmass_kg.supplies": "1"})
    assert scenario.vehicle_types[1].upmass_kg == {"supplies": 1.0}


def test_an_override_equals_the_edit(small: Scenario) -> None:
    edited = read_scenario_text(TEMPLATE.replace(LIFE, "on_orbit_life_days: 215"))
    by_override = read_scenario_text(TEMPLATE, "-", {"vehicle_types.shuttlecraft.on_orbit_life_days": "215"})
    assert by_override.digest == edited.digest != small.digest


def test_an_override_of_a_value_takes_its_provenance_away() -> None:
    text = TEMPLATE.replace(LIFE, "on_orbit_life_days: {value: 210, source: user guide}")
    scenario = read_scenario_text(text, "-", {"vehicle_types.shuttlecraft.on_orbit_life_days": "9"})
    assert [fact.path for fact in scenario.facts] == [""]


WRONG_OVERRIDES: dict[str, tuple[str, str, type[InputError], str, int]] = {
    "near key": (
        "vehicle_types.shuttlecraft.on_orbit_live_days",
        "1",
        InputError,
        "'on_orbit_life_days'?",
        28,
    ),
    "near item": ("vehicle_types.shutlecraft.price", "1", InputError, "did you mean 'shuttlecraft'?", 15),
    "near root": ("vehicle_type.shuttlecraft.price", "1", InputError, "did you mean 'vehicle_types'?", 1),
    "near rule": ("rules.handovr.severity", "off", InputError, "did you mean 'handover'?", 7),
    "near term": ("objective.comfort.terms.n_relocation", "1", ReferenceInputError, "'n_relocations'?", 25),
    "near value": ("rules.handover.values.overlap", "1", ReferenceInputError, "'overlap_days_min'?", 23),
    "beyond a value": ("pads.pad-1.turnaround_days.x", "1", InputError, "no value stands at 'x'", 28),
    "beyond the list": ("pads.1.turnaround_days", "1", InputError, "no value stands at '1'", 6),
    "no path": ("", "1", InputError, "no value stands at ''", 1),
    "a dot": (".", "1", InputError, "no value stands at ''", 1),
    "a path with a dot at its end": ("title.", "x", InputError, "no value stands", 7),
    "schema": ("schema", "x", InputError, "no value stands at 'schema'", 1),
    "digest": ("digest", "x", InputError, "no value stands at 'digest'", 1),
    "provenance": ("pads.pad-1.source", "x", InputError, "no value stands at 'source'", 12),
    "long path": ("x" * (N_PATH_CHARACTERS_MAX + 1), "1", InputError, "a path of 201 characters", 1),
    "wrong type": ("pads.pad-1.turnaround_days", "soon", SchemaError, "a number should stand here", 1),
    "below zero": ("pads.pad-1.turnaround_days", "-1", SchemaError, "at least 0 d", 1),
    "nothing": ("pads.pad-1.turnaround_days", "", SchemaError, "not nothing", 1),
    "a block": ("station.n_crew_nominal", "North: 1", SchemaError, "is not one value", 1),
    "hostile": ("title", "[" * 100_000, InputError, "a value of 100000 characters", 1),
    "deep": ("title", "[" * 1_000, SyntaxInputError, "deeper than", 1 + 32),
    "alias": ("title", "*x", SyntaxInputError, "alias *x", 1),
    "unknown reference": ("pads.pad-1.site", "Capes", ReferenceInputError, "'Cape'?", 1),
}


@pytest.mark.parametrize(
    ("path", "text", "kind", "says", "column"), WRONG_OVERRIDES.values(), ids=WRONG_OVERRIDES
)
def test_a_wrong_override_is_refused(
    refused: Refused, path: str, text: str, kind: type[InputError], says: str, column: int
) -> None:
    error = refused(kind, says, read_scenario_text, TEMPLATE, "-", {path: text})
    assert error.file.startswith("--set")
    assert (error.line, error.column) == (1, column)


@settings(max_examples=150, deadline=None)
@given(
    overrides=st.dictionaries(
        st.sampled_from([*OVERRIDES, "vehicle_types", "station", "rules.pad", "people.0"])
        | st.text(max_size=30),
        st.text(max_size=20) | st.sampled_from(["{}", "[]", "null", "{value: 1}", "[[]]", "1e400", "'"]),
        max_size=3,
    )
)
def test_overrides_raise_input_errors_only(overrides: Mapping[str, str]) -> None:
    try:
        read_scenario_text(TEMPLATE, "-", overrides)
    except InputError as error:
        assert_placed(error)


def test_elements_and_models_of_flight_arrive_and_change_the_hash(small: Scenario) -> None:
    line1 = "1 25544U 98067A   22195.52234954  .00006640  00000+0  12363-3 0  9996"
    line2 = "2 25544  51.6427 191.6390 0005001  16.0733  70.9331 15.50030216349468"
    text = TEMPLATE.replace(
        "  n_crew_max: 8 ",
        f'  elements: {{line1: "{line1}", line2: "{line2}", source: a file, published: 2029-12-01}}\n'
        "  n_crew_max: 8 ",
    ).replace(
        LIFE,
        f"{LIFE}\n    ascent: soyuz-2.1a\n    profile: 2-orbit\n    descent: soyuz-ms\n"
        "    landing_zones: [kazakhstan]",
    )
    found = read_scenario_text(text)
    assert found.station.elements == StationElements(line1, line2)
    kind = found.vehicle_types[0]
    assert (kind.ascent, kind.profile, kind.descent) == ("soyuz-2.1a", "2-orbit", "soyuz-ms")
    assert kind.landing_zones == ("kazakhstan",)
    assert found.opportunities is None
    assert found.digest != small.digest
    assert read_scenario_text(text_of_scenario(found)).digest == found.digest


def test_computed_opportunities_are_no_part_of_a_scenario_file(small: Scenario) -> None:
    computed = replace(small, opportunities=Opportunities("somewhere", Instant.of(2029, 12, 1)))
    assert digest_of(computed) == small.digest
    assert text_of_scenario(computed) == text_of_scenario(small)
