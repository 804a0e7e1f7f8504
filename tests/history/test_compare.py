"""A plan beside what was flown."""

from dataclasses import replace

import pytest

from crossflight.app.audit import against
from crossflight.history import flown_plan, flown_scenario
from crossflight.history.compare import comparison_json, comparison_table
from crossflight.model import Plan, Scenario
from crossflight.times import Instant

FROM, TO = Instant.of(2022, 7, 15), Instant.of(2026, 1, 1)


@pytest.fixture(scope="module")
def flown(flown_library: Scenario) -> tuple[Scenario, Plan]:
    scenario = flown_scenario(flown_library, from_utc=FROM, to_utc=TO)
    return scenario, flown_plan(scenario)


def test_the_record_beside_itself_differs_in_nothing(
    flown: tuple[Scenario, Plan], flown_library: Scenario
) -> None:
    scenario, plan = flown
    found = against(plan, scenario, scenario=flown_library)
    assert (found.from_utc, found.to_utc) == (FROM, TO)
    assert (found.only_planned, found.only_flown) == ((), ())
    assert len(found.flights) == len(plan.flights)
    for d in found.flights:
        assert d.launch_days == 0.0
        assert not d.dock_days
        assert not d.undock_days
        assert d.crew_up_only_planned == d.crew_up_only_flown == ()
        assert d.crew_down_only_planned == d.crew_down_only_flown == ()
    assert found.planned == found.flown


def test_differences_are_planned_minus_flown(flown: tuple[Scenario, Plan], flown_library: Scenario) -> None:
    scenario, plan = flown
    crew5 = next(f for f in plan.flights if f.name == "Crew-5")
    assert crew5.dock_utc is not None
    early = replace(
        crew5,
        launch_utc=crew5.launch_utc.plus_days(-10),
        dock_utc=crew5.dock_utc.plus_days(-10),
        crew_up=("Nicole Mann", "NASA pilot 3"),
    )
    extra = replace(crew5, name="Crew-5b")
    flights = [early if f.name == "Crew-5" else f for f in plan.flights if f.name != "MS-24"]
    found = against(replace(plan, flights=(*flights, extra)), scenario, scenario=flown_library)
    difference = next(d for d in found.flights if d.name == "Crew-5")
    assert difference.launch_days == pytest.approx(-10)
    assert difference.dock_days == pytest.approx(-10)
    assert difference.undock_days == 0.0
    assert difference.crew_up_only_planned == ("NASA pilot 3",)
    assert difference.crew_up_only_flown == ("Josh Cassada", "Koichi Wakata", "Anna Kikina")
    assert found.only_planned == ("Crew-5b",)
    assert found.only_flown == ("MS-24",)
    assert found.planned != found.flown
    header, rows = comparison_table(found)
    assert all(len(row) == len(header) for row in rows)
    assert ("MS-24", "not planned", "", "", "", "") in rows


def test_json_over_the_common_horizon(flown: tuple[Scenario, Plan], flown_library: Scenario) -> None:
    scenario, plan = flown
    later = replace(scenario, to_utc=Instant.of(2030, 1, 1))
    found = comparison_json(against(plan, later, scenario=flown_library))
    assert found["schema"] == "crossflight.audit-against/1"
    assert found["to_utc"] == "2026-11-22T00:00:00Z"
    assert found["coverage"]["flown"]["operator_n1_uncovered_days"] == pytest.approx(151.1, abs=0.5)
