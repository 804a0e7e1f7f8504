"""OPM and CZML: what is written is what was flown, and hostile names stay names."""

from __future__ import annotations

import json

import numpy as np
import pytest

from crossflight.errors import SchemaError
from crossflight.formats.czml import CzmlTrack, czml_text
from crossflight.formats.opm import opm_kvn_text
from crossflight.model.orbit import EphemerisArc
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn
from crossflight.times import Instant

START = Instant.of(2022, 9, 21, 14, 3, 38)
STATE = CraftState(START, np.array([6.6e6, 1.0, -2.5]), np.array([0.0, 7.7e3, 1e-4]), 7080.0)
BURN = FlownBurn("phase", START.plus_s(2742), 12.5, 30.1, 29.8, (0.0, 12.5, -0.1))
HOSTILE = "<img src=x onerror=alert(1)>"


def text(**more):
    return opm_kvn_text(
        STATE,
        object_name="SOYUZ MS-22",
        object_id="2022-110A",
        originator="CROSSFLIGHT",
        created_utc=START,
        **more,
    )


def arc(frame: str = "ITRF", n: int = 4, from_s: float = 0.0) -> EphemerisArc:
    t = START.plus_s(from_s).us + np.arange(n) * 60_000_000
    r = np.tile([6.7e6, 0.0, 0.0], (n, 1)) + np.arange(n)[:, None] * 100.0
    return EphemerisArc("a", "b", frame, t, r, r * 0 + 1, Instant(int(t[0])), Instant(int(t[-1])))


def test_an_opm_has_the_state_in_kilometres_and_the_burns() -> None:
    lines = dict(line.split(" = ") for line in text(burns=(BURN,)).splitlines() if " = " in line)
    assert lines["CCSDS_OPM_VERS"] == "2.0"
    assert lines["EPOCH"] == "2022-09-21T14:03:38Z"
    assert lines["X"] == "6600.000000000 [km]"
    assert lines["Y_DOT"] == "7.700000000000 [km/s]"
    assert lines["MASS"] == "7080.000 [kg]"
    assert lines["MAN_DV_2"] == "0.012500000 [km/s]"
    assert lines["MAN_DELTA_MASS"] == "-29.800 [kg]"


@pytest.mark.parametrize("name", ["", " x", "a\nEPOCH = 1", "\x1b[31m", "x" * 5000, "Союз"])
def test_an_opm_refuses_names_that_would_break_it(name: str) -> None:
    with pytest.raises(SchemaError):
        opm_kvn_text(STATE, object_name=name, object_id="1", originator="X", created_utc=START)


def test_an_opm_never_carries_nan() -> None:
    state = CraftState(START, np.array([np.nan, 0, 0]), np.zeros(3), 1.0)
    with pytest.raises(SchemaError, match="not finite"):
        opm_kvn_text(state, object_name="A", object_id="1", originator="X", created_utc=START)


def test_czml_is_json_with_samples_in_order() -> None:
    events = (FlightEvent("liftoff", START), FlightEvent("contact", START.plus_s(180), HOSTILE))
    packets = json.loads(
        czml_text("MS-22", [CzmlTrack("Soyuz", (arc(),), (255, 120, 0))], events, {"pad": (46, 63.5)})
    )
    document, craft, place = packets
    assert document["id"] == "document"
    assert document["version"] == "1.0"
    (stretch,) = craft["position"]
    samples = stretch["cartesianVelocity"]
    assert samples[::7] == [0.0, 60.0, 120.0, 180.0]
    assert samples[1:7] == [6.7e6, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert place["position"]["cartographicDegrees"] == [63.5, 46, 0]
    assert HOSTILE not in craft["description"]
    assert "&lt;img" in craft["description"]


def test_czml_goes_over_burns_but_not_over_days_docked() -> None:
    arcs = (arc(), arc(from_s=180), arc(from_s=720), arc(from_s=86_400))
    _, craft = json.loads(czml_text("MS-22", [CzmlTrack("Soyuz", arcs, (0, 0, 0))]))
    assert [p["interval"] for p in craft["position"]] == craft["availability"] == [
        f"{START}/{START.plus_s(900)}", f"{START.plus_s(86_400)}/{START.plus_s(86_580)}",
    ]  # fmt: skip
    first, second = (p["cartesianVelocity"][::7] for p in craft["position"])
    assert first == [0, 60, 120, 180, 240, 300, 360, 720, 780, 840, 900]
    assert second == [86_400, 86_460, 86_520, 86_580]


def test_czml_refuses_what_it_cannot_draw() -> None:
    with pytest.raises(SchemaError, match="needs a track"):
        czml_text("x", [])
    with pytest.raises(SchemaError, match="ITRF"):
        czml_text("x", [CzmlTrack("a", (arc("GCRF"),), (0, 0, 0))])
