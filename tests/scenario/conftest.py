"""A plan of the template, and one place that judges errors."""

from collections.abc import Callable

import pytest
from input_errors import Refused, assert_placed

from crossflight.errors import InputError
from crossflight.model import (
    Flight,
    Plan,
    Provenance,
    Scenario,
    SeatMove,
    StageResult,
    TierResult,
    TrainingSlot,
    Waiver,
)
from crossflight.model.flight import Relocation
from crossflight.scenario import TEMPLATE, read_scenario_text
from crossflight.times import Instant


@pytest.fixture(scope="session")
def small() -> Scenario:
    return read_scenario_text(TEMPLATE, "small.yaml")


@pytest.fixture(scope="session")
def small_plan(small: Scenario) -> Plan:
    at = Instant.parse
    first = ("Ana Ribeiro", "Jon Aster", "Mia Lund", "Tomas Vega")
    second = ("Ruth Okafor", "Ivo Hale")
    return Plan(
        scenario_name=small.name,
        scenario_digest=small.digest,
        flights=(
            Flight(
                "Crew-1",
                "rotation",
                "shuttlecraft",
                "Alba",
                "pad-1",
                at("2029-10-01T12:00"),
                at("2029-10-02T12:00"),
                "fore",
                (Relocation(at("2030-02-01T12:00"), at("2030-02-01T12:40:30.25"), "fore", "aft"),),
                at("2030-04-05"),
                at("2030-04-05T12:00"),
                first,
                first,
            ),
            Flight(
                "Crew-2",
                "rotation",
                "shuttlecraft",
                "Brisa",
                "pad-1",
                at("2030-03-25"),
                at("2030-03-26"),
                "fore",
                crew_up=second,
                backup=("North pilot 1", "Sara Quint"),
            ),
        ),
        seat_moves=(SeatMove(at("2030-03-30"), "Mia Lund", "Crew-1", "Crew-2", "contingency"),),
        waivers=(
            Waiver("on_orbit_life", at("2030-04-01"), at("2030-04-10"), ("Crew-1",), 5.5, "weather: bad"),
        ),
        training=(TrainingSlot("Sara Quint", "shuttlecraft", at("2030-02-01"), at("2030-02-21"), "Crew-2"),),
        provenance=Provenance(
            "0.1.0",
            3,
            "feasible",
            0.1,
            (TierResult("waivers", -1.5, 1e-17),),
            (StageResult("crew", "optimal", 0.25),),
        ),
    )


@pytest.fixture
def refused() -> Refused:
    """Runs a reader that must refuse, and checks that the error can be acted on."""

    def run(kind: type[InputError], says: str, reader: Callable[..., object], *args: object) -> InputError:
        with pytest.raises(InputError) as caught:
            reader(*args)
        error = caught.value
        assert type(error) is kind, error.message
        assert says in f"{error.message} | {error.hint}", f"{error.message} | {error.hint}"
        assert_placed(error)
        return error

    return run
