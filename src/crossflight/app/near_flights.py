"""What the station's orbit allows: over a scenario's horizon, or only near the flights of a plan.

A check of a plan asks for a few days of each flight; computing only those takes a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from crossflight.model import Flight, Opportunities, Plan, Scenario, VehicleType
from crossflight.times import Instant

# A launch has a computed one on either side within a day; beta is asked for until the docking.
_AROUND_DAYS = 1.2
_SHORT_DAYS = 0.1

T = TypeVar("T")


def with_opportunities(scenario: Scenario) -> Scenario:
    """The scenario with what its orbit allows over its horizon; as it is where it gives no orbit.

    Raises
    ------
    InputError
        If its elements or the names of its flight models are wrong.
    """
    if scenario.station.elements is None:
        return scenario
    from crossflight.app.opportunities import opportunities_of

    return replace(scenario, opportunities=opportunities_of(scenario))


def with_opportunities_near(scenario: Scenario, plan: Plan, also: Iterable[Flight] = ()) -> Scenario:
    """The scenario with what its orbit allows on the days around the launches and landings of a plan.

    Parameters
    ----------
    also
        Flights as they might be flown otherwise; lift-offs are computed from a day before the launch of each
        to a day after its docking, however far apart.

    Raises
    ------
    InputError
        If its elements or the names of its flight models are wrong.
    """
    if scenario.station.elements is None:
        return scenario
    # First a moment of everything: wrong names are wrong whichever flights there are.
    found = [_computed(scenario, scenario.from_utc, scenario.from_utc.plus_days(_SHORT_DAYS))]
    types = {t.name: t for t in scenario.vehicle_types}
    # Flights whose own launch is not computed want to know the Sun's place all the same.
    going = next((t for t in scenario.vehicle_types if t.ascent is not None), None)
    docked = {d.flight.name for d in scenario.docked}
    for f in (*plan.flights, *also):
        kind = types.get(f.vehicle_type)
        up = kind if kind is not None and kind.ascent is not None else going
        if up is not None and f.name not in docked:
            found.append(_launches(scenario, up, f))
        if kind is not None and kind.descent is not None and f.landing_utc is not None:
            begin = f.landing_utc.plus_days(-_AROUND_DAYS)
            found.append(_computed(_only(scenario, replace(kind, ascent=None)), begin, begin))
    return replace(scenario, opportunities=_merged(found))


def _launches(scenario: Scenario, kind: VehicleType, f: Flight) -> Opportunities:
    """The lift-offs around a launch and its docking, from its pad or, where it is another's, the first."""
    only = _only(scenario, replace(kind, descent=None, landing_zones=()), f.pad)
    latest = max(f.launch_utc, f.dock_utc or f.launch_utc)
    return _computed(only, f.launch_utc.plus_days(-_AROUND_DAYS), latest.plus_days(_AROUND_DAYS))


def _only(scenario: Scenario, kind: VehicleType, pad: str = "") -> Scenario:
    """The scenario with one vehicle type and one pad."""
    launcher = next(x for x in scenario.launchers if x.name == kind.launcher)
    pads = (pad,) if pad in launcher.pads else launcher.pads[:1]
    return replace(scenario, vehicle_types=(kind,), launchers=(replace(launcher, pads=pads),))


def _computed(scenario: Scenario, from_utc: Instant, to_utc: Instant) -> Opportunities:
    from crossflight.app.opportunities import opportunities_of

    found = opportunities_of(scenario, from_utc, to_utc)
    assert found is not None
    return found


def _merged(parts: list[Opportunities]) -> Opportunities:
    """All of several spans, each once and in order of time."""
    launches = {key for part in parts for key in part.launches}
    landings = {key for part in parts for key in part.landings}
    return replace(
        parts[0],
        launches={
            key: _in_order((o for p in parts for o in p.launches.get(key, ())), lambda o: o.liftoff_utc)
            for key in launches
        },
        landings={
            key: _in_order((o for p in parts for o in p.landings.get(key, ())), lambda o: o.landing_utc)
            for key in landings
        },
    )


def _in_order(found: Iterable[T], at: Callable[[T], Instant]) -> tuple[T, ...]:
    return tuple(sorted({(at(o), repr(o)): o for o in found}.values(), key=at))
