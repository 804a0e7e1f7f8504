"""Every scenario that ships says where its values come from, and knows nothing of its future."""

import re
from collections.abc import Iterator
from dataclasses import fields

import pytest
from shipped_scenarios import REPLAYS

from crossflight.errors import SchemaError
from crossflight.history.record import flown_record
from crossflight.model import Fact, Scenario, VehicleType
from crossflight.scenario import read_scenario_text, scenario_source
from crossflight.times import Instant


def test_a_fact_published_after_the_knowledge_date_is_not_in_any_file(scenario: Scenario) -> None:
    late = [f.path for f in scenario.facts if f.published_utc and f.published_utc > scenario.known_utc]
    assert late == []


def test_a_fact_of_the_next_day_is_refused() -> None:
    text = scenario_source("iss-2022")
    later = text.replace("published: 2022-07-15", "published: 2022-07-16", 1)
    assert later != text
    with pytest.raises(SchemaError, match="published on 2022-07-16, after known_utc 2022-07-15"):
        read_scenario_text(later)


def test_a_source_has_a_date_or_is_an_assumption(scenario: Scenario) -> None:
    undated = [f.path for f in scenario.facts if f.source and f.published_utc is None and not f.is_assumed]
    assert undated == []


def test_every_fact_says_something(scenario: Scenario) -> None:
    assert [f.path for f in scenario.facts if not f.source and not f.is_assumed] == []


def _is_backed(path: str, facts: dict[str, Fact]) -> bool:
    """Whether the value, or a mapping around it, has a source or is called an assumption."""
    parts = path.split(".")
    return any(".".join(parts[: i + 1]) in facts for i in range(len(parts)))


def _paths(s: Scenario) -> Iterator[str]:
    yield "station.n_crew_max"
    for port in s.station.ports:
        yield f"station.ports.{port.name}"
    for eva in s.station.evas:
        yield f"station.evas.{eva.name}"
    for name in ("partners", "sites", "pads", "launchers", "vehicle_types", "craft", "people"):
        for item in getattr(s, name):
            yield f"{name}.{item.name}"
    for name in ("agreements", "commodities", "announced"):
        for item in getattr(s, name):
            yield f"{name}.{item.name}"
    for rule in s.rules:
        yield f"rules.{rule}"


def test_every_vehicle_rule_craft_and_person_is_sourced_or_assumed(scenario: Scenario) -> None:
    facts = {f.path: f for f in scenario.facts}
    # An instant in a path would hold dots; none of these names does.
    bare = [p for p in _paths(scenario) if not _is_backed(p, facts)]
    assert bare == []


def test_every_docked_flight_is_sourced_or_assumed(scenario: Scenario) -> None:
    named = {f.path for f in scenario.facts if re.fullmatch(r"docked\.[^.]+(\.[^.]+)?", f.path)}
    assert len({p.split(".")[1] for p in named}) == len(scenario.docked)


def test_vehicle_values_without_a_source_of_their_own_are_assumptions(scenario: Scenario) -> None:
    facts = {f.path: f for f in scenario.facts}
    values = [f.name for f in fields(VehicleType) if f.name != "name"]
    for vehicle in scenario.vehicle_types:
        own = [facts[p] for v in values if (p := f"vehicle_types.{vehicle.name}.{v}") in facts]
        assert own or facts[f"vehicle_types.{vehicle.name}"].is_assumed


@pytest.mark.parametrize("name", ["iss-2022", "iss-2026", *REPLAYS])
def test_no_instant_of_a_later_flight_is_known(name: str) -> None:
    text = scenario_source(name)
    known = read_scenario_text(text).known_utc
    later: list[Instant] = []
    for f in flown_record().flights:
        later += [at for at in (f.launch_utc, f.dock_utc, f.undock_utc, f.landing_utc) if at and at > known]
    # CRS-25 lifted off on the knowledge date itself, 44 minutes after it began, and MS-10 on the minute that
    # had been announced.
    on_time = Instant.of(2018, 10, 11, 8, 40)
    later = [at for at in later if at.date() != known.date() and at != on_time]
    assert [at.iso() for at in later if at.iso()[:16] in text] == []


def test_iss_2022_names_nobody_whose_crew_was_announced_later(iss_2022: Scenario) -> None:
    announced = {p for a in iss_2022.announced for p in a.crew}
    later = {"Sultan Al Neyadi", "Ali AlQarni", "Rayyanah Barnawi", "Jasmin Moghbeli", "Andreas Mogensen"}
    assert not announced & later
    assert "Grace" not in {c.name for c in iss_2022.craft}  # the fifth capsule: decided November 2022
