"""Incidents and exposures: what is counted is counted from the record."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from crossflight.errors import SchemaError
from crossflight.history import flown_plan, flown_record, flown_scenario
from crossflight.history.flown import RECORD_FROM, RECORD_TO
from crossflight.history.incidents import exposure, incidents, read_incidents, read_slips, slips
from crossflight.history.record import packaged
from crossflight.model import Scenario
from crossflight.rules import Walk
from crossflight.times import Instant

HEAD = "kind,utc,until_utc,subject,counted,what,source\n"


def table(text: str) -> Callable[[str], str]:
    return lambda _: text


def test_person_years_are_those_of_the_walk(flown_library: Scenario) -> None:
    """Two ways to count: landings less lift-offs, and who is aboard instant by instant."""
    flown = flown_scenario(flown_library)
    walk = Walk(flown, flown_plan(flown))
    aboard = sum(len(s.aboard) * s.days for s in walk.states) / 365.25
    before = exposure((RECORD_FROM, RECORD_TO)).person_years
    # Aboard is docking to undocking; lift-off to landing is a day or two a flight more.
    assert aboard < exposure().person_years - before < 1.02 * aboard


def test_exposures_of_two_halves_add_up() -> None:
    middle = Instant.of(2022, 7, 1)
    early, late, whole = exposure((middle, RECORD_TO)), exposure((Instant.of(2018, 1, 1), middle)), exposure()
    assert early.n_launches + late.n_launches == whole.n_launches
    assert early.craft_years + late.craft_years == pytest.approx(whole.craft_years)
    assert early.person_years + late.person_years == pytest.approx(whole.person_years)
    assert early.fleet_years + late.fleet_years == pytest.approx(whole.fleet_years)
    assert early.pad_years + late.pad_years == pytest.approx(whole.pad_years)


def test_an_abort_ends_where_the_next_crew_of_its_kind_was_launched() -> None:
    crews = [f for f in flown_record().flights if f.crew_up]
    for incident in incidents():
        if incident.kind == "launch-abort":
            kind = flown_record().flight(incident.subject).vehicle_type
            same = [f for f in crews if f.vehicle_type == kind]
            after = next(b for a, b in pairwise(same) if a.name == incident.subject)
            assert incident.until_utc == after.launch_utc


def test_no_crew_was_launched_while_its_launcher_or_pad_was_out() -> None:
    launchers = {"falcon-9": "crew-dragon", "soyuz": "soyuz-ms"}
    for incident in incidents():
        if incident.until_utc is None or incident.kind == "launch-abort":
            continue
        for f in flown_record().flights:
            is_meant = f.pad == incident.subject or f.vehicle_type == launchers.get(incident.subject)
            # The flight at whose launch it happened is not one of them.
            if is_meant and f.crew_up and f.launch_utc.floor_day() != incident.utc.floor_day():
                assert not incident.utc < f.launch_utc < incident.until_utc, (incident, f.name)


def test_slips_are_days_between_plan_and_record() -> None:
    found = {s.flight: s.days for s in slips()}
    assert found["MS-24"] == 0  # planned and docked on 2023-09-15
    assert found["Crew-8"] == 15  # planned for 2024-02-18, launched on 2024-03-04
    assert found["Crew-11"] == -3
    assert found["MS-28"] == 78


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("launch-abort,2018-10-11,,MS-99,yes,x,y", "MS-99"),
        ("pad-out,2018-10-11,,MS-10,yes,x,y", "MS-10"),
        ("pad-out,2018-10-11,2018-10-11,baikonur-31,yes,x,y", "not after"),
        ("pad-lost,2018-10-11,,baikonur-31,yes,x,y", "pad-lost"),
        ("pad-out,2018-10-11,,baikonur-31,maybe,x,y", "maybe"),
        ("pad-out,2018-10-11,,baikonur-31,yes,x,", "missing"),
    ],
)
def test_wrong_incidents_are_refused_with_their_line(row: str, column: str) -> None:
    with pytest.raises(SchemaError, match=column) as caught:
        read_incidents(table(HEAD + row + "\n"), flown_record())
    assert caught.value.line == 2


def test_a_plan_of_an_unknown_flight_is_refused() -> None:
    head = packaged("planned_flights.csv").decode().splitlines()[0]
    with pytest.raises(SchemaError, match="DCC-1"):
        read_slips(table(f"{head}\nDCC-1,launch,2024-01-17,2023-09,DCC-1,x\n"), flown_record())
