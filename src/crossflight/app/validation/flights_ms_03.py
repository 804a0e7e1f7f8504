"""The automatic sequence of Soyuz MS-03: ranges announced before its docking, and the flight flown again."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from crossflight.app.validation.flights_reflown import Reflown, reflown, reflown_launch
from crossflight.app.validation.flown_launches import flown_ascent, measured
from crossflight.app.validation.section import Section
from crossflight.errors import CrossflightError
from crossflight.formats.orbit import read_orbit
from crossflight.history import flown_record
from crossflight.model.orbit import Ephemeris
from crossflight.times import Instant

# ESA, "The road to rendezvous", 19 November 2016, before the docking planned for 22:02 UTC: the sequence
# begins at 19:39 UTC; its large burns are made at 478, 203 and 97 km, the last 74 minutes before docking.
_LARGE_BURNS_KM: Final = {"automatic 1": 478.0, "automatic 2": 203.0, "automatic 3": 97.0}
_ANNOUNCED_KM: Final = {74: 97.0, 34: 2.5, 30: 1.1, 28: 0.64}
_BEGIN_MIN: Final = 143.0
_ARRIVAL_MIN: Final = 30
_FACTOR: Final = 1.5
# russianspaceweb.com, Soyuz MS-03 mission at a glance; from site 1 to Rassvet.
_LIFTOFF: Final = Instant.of(2016, 11, 17, 20, 20, 13)
_PLANNED: Final = Instant.of(2016, 11, 19, 22, 1, 46)
_DOCKED: Final = Instant.of(2016, 11, 19, 21, 58, 35)
# Four days after lift-off, as the README of RobyRemzy/isslive quotes it from wheretheiss.at.
_ELEMENTS: Final = "iss-2016-11-21.tle"
# Two-day flights that have elements in the archive, for how much ranges differ from flight to flight.
_OTHERS: Final = ("MS-08", "MS-09")


@cache
def ms_03() -> Reflown:
    """MS-03, which the record does not reach back to, told to dock as planned."""
    label = f"app/validation/data/{_ELEMENTS}"
    data = (files("crossflight.app.validation") / "data" / _ELEMENTS).read_bytes()
    found = read_orbit(data, label)
    assert not isinstance(found, Ephemeris)
    like = flown_record().flight(_OTHERS[0])
    flight = replace(like, name="MS-03", launch_utc=_LIFTOFF, dock_utc=_DOCKED, port="Rassvet nadir")
    ascent = flown_ascent(flight)
    assert ascent is not None
    flown = reflown_launch(measured(flight, ascent, found[0]), _PLANNED)
    if flown.docked_utc is None:
        raise CrossflightError(f"MS-03 does not dock: {flown.failure}")
    return flown


def null_ranges_km(minutes: float) -> tuple[float, float]:
    """Closing from the sequence's begin at a constant rate, and by a constant share a minute.

    The first comes to nothing at docking, the second to the arrival's range there: both are told the ends.
    """
    first, last = _LARGE_BURNS_KM["automatic 1"], _ANNOUNCED_KM[_ARRIVAL_MIN]
    share = (last / first) ** ((_BEGIN_MIN - minutes) / (_BEGIN_MIN - _ARRIVAL_MIN))
    return first * minutes / _BEGIN_MIN, first * share


def ranges() -> dict[str, tuple[float, float, str]]:
    """Of each announced range: minutes before the planned docking, kilometres, what ours rests on."""
    own = ms_03()
    burns = {b.name: own.asked_utc.s_since(b.utc) / 60 for b in own.rendezvous.plan.burns}
    rests = {
        34: "the braking assumed", 30: "input: the arrival", 28: "profile of other flights"
    }  # fmt: skip
    large = {
        f"{name}, -{burns[name]:.0f} min": (burns[name], km, "outcome")
        for name, km in _LARGE_BURNS_KM.items()
    }
    announced = {f"-{at} min": (float(at), km, rests.get(at, "outcome")) for at, km in _ANNOUNCED_KM.items()}
    return {**large, **announced}


def range_km(flown: Reflown, minutes: float) -> float:
    """Distance so long before the docking that was asked for."""
    return flown.range_m(flown.asked_utc.plus_s(-60 * minutes)) / 1000


def ms_03_section() -> Section:
    """Ranges of MS-03, and of two others."""
    own, others = ms_03(), [reflown(name) for name in _OTHERS]
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    n_null = 0
    for at, (minutes, km, rests) in ranges().items():
        steady, shrinking = null_ranges_km(minutes)
        ours = range_km(own, minutes)
        digits = 0 if km > 10 else 2
        rows.append(
            (
                at, f"{km:g}", f"{ours:.{digits}f}", f"{ours / km:.2f}", f"{steady:.0f}",
                f"{shrinking:.{digits}f}", *(f"{range_km(f, minutes):.{digits}f}" for f in others), rests,
            )
        )  # fmt: skip
        if not rests.startswith("input"):
            figures[at.split(",")[0]] = ours / km
            n_null += 1 / _FACTOR < shrinking / km < _FACTOR
    inside = sum(1 / _FACTOR < ratio < _FACTOR for ratio in figures.values())
    docked = own.docked_utc
    assert docked is not None
    lead_s = own.launch.lead_s
    return Section(
        "ms-03",
        "The automatic sequence of Soyuz MS-03",
        "Ranges announced before the docking, minutes before the planned one, and the flight flown again "
        f"from its lift-off with elements of four days later (by them it left {lead_s:.0f} s before the "
        f"plane at phase zero; the mean of others is {own.launch.ascent.lead_s:.0f}). Asked to dock as "
        f"planned at {_PLANNED.iso()[11:19]}, it docks at {docked.plus_s(0.5).iso()[11:19]}; it did at "
        f"{_DOCKED.iso()[11:19]}. When large burns are made is the profile's and partly taken from MS-03; "
        "the ranges there are not. Null models: from 478 km at the begin at a constant rate to docking, "
        "and by a constant share a minute to 1.1 km at -30 min; both are told the ends. Within a factor "
        f"{_FACTOR:g} (asked: all) are {inside} of {len(figures)} without the arrival, of the second null's "
        f"{n_null}; 97 km twice, as burn and as time. Burns of the same total are many, and each set has "
        "ranges of its own, as those of two other flights show.",
        (
            "at", "announced km", "simulated km", "ratio", "null km", "second null km",
            *(f"{name} km" for name in _OTHERS), "what it rests on",
        ),
        tuple(rows),
        {"n": len(figures), "inside": inside, "null_inside": n_null, **figures},
    )  # fmt: skip
