"""The days on which a flight can go up or come home, each with its instants, from computed opportunities.

Every day has the first of its lift-offs that phase allows and nothing else forbids (forbidden days,
spacewalks, the Sun where it binds), and every undocking day, 06:00 to 06:00, its first such way home.
A day without one is no day for the flight.  Far ahead phase forbids nothing, and an improbable day is a
day: what it needs is shown, not decided here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from crossflight.model import (
    AnnouncedFlight,
    LandingOpportunity,
    LaunchOpportunity,
    RendezvousProfile,
    Scenario,
    VehicleType,
)
from crossflight.planner.grain import Clock, Grain, Hours
from crossflight.times import DAY_S, Instant

_BINDING = ("hard", "waivable")
_PHASE_DAYS = 30.0
# How far a pinned or announced instant may be from a computed one: three sigma, a minute at least.
_N_SIGMA = 3.0
_TOLERANCE_MIN_S = 60.0
# A return takes no longer than this (rule flight_times has 3 days).
_RETURN_DAYS_MAX = 2.9
_BETA_BETWEEN_US = 2 * DAY_S * 1_000_000
# Beta is found again by others from fewer opportunities: keep off the limit by a little.
_BETA_MARGIN_DEG = 0.2


@dataclass(frozen=True, slots=True)
class Departure:
    """Lift-off and docking of one launch day."""

    launch_utc: Instant
    dock_utc: Instant


@dataclass(frozen=True, slots=True)
class Return:
    """Undocking and landing of one undocking day."""

    undock_utc: Instant
    landing_utc: Instant


# Launch day to departure, for each pad; undocking day to return.
Departures = Mapping[str, Mapping[int, Departure]]
Returns = Mapping[int, Return]


class Timetable:
    """What the scenario's opportunities offer; nothing where there are none, or where their rules are off."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.grain = Grain.of(scenario)
        self._evas = self._eva_spans()
        self._betas: list[tuple[int, float]] = []
        self._beta_max = {event: self._beta_limit(event) for event in ("launch", "dock")}
        found = scenario.opportunities
        if found is not None and any(limit is not None for limit in self._beta_max.values()):
            known = {o.liftoff_utc.us: o.beta_deg for some in found.launches.values() for o in some}
            known |= {o.landing_utc.us: o.beta_deg for some in found.landings.values() for o in some}
            self._betas = sorted(known.items())
        self._returns: dict[str, Returns | None] = {}
        self._departures: dict[tuple[str, str], Mapping[int, Departure]] = {}

    # -- going up ---------------------------------------------------------------------------

    def departures(
        self,
        vehicle: VehicleType,
        pads: Iterable[str],
        announced: AnnouncedFlight | None = None,
        pinned: Instant | None = None,
    ) -> Departures | None:
        """The launch days of a flight from each of `pads`; None where it keeps fixed hours.

        A pad without computed lift-offs has no days.  An hour that was announced is kept on its day.
        """
        found, rule = self.scenario.opportunities, self.scenario.rules["launch_opportunity"]
        if found is None or rule.severity == "off":
            return None
        computed = [p for p in pads if (vehicle.name, p) in found.launches]
        if not computed:
            return None
        tables = {p: self._of_pad(vehicle, p) for p in computed}
        if announced is not None and announced.launch_utc != announced.launch_utc.floor_day():
            for p in computed:
                day = self.grain.day(announced.launch_utc)
                kept = self._near(vehicle, p, announced.launch_utc)
                as_announced = kept or self._as_said(vehicle, announced.launch_utc)
                tables[p] = {k: d for k, d in tables[p].items() if k != day}
                if self._is_clear(vehicle, as_announced, is_announced=True):
                    tables[p] = {**tables[p], day: as_announced}
        if pinned is not None:
            for p in computed:
                tables[p] = self._pinned(vehicle, p, tables[p], pinned)
        return tables

    def _of_pad(self, vehicle: VehicleType, pad: str) -> Mapping[int, Departure]:
        key = (vehicle.name, pad)
        if key not in self._departures:
            assert self.scenario.opportunities is not None
            days: dict[int, Departure] = {}
            for o in self.scenario.opportunities.launches[key]:
                departure = self._departure(vehicle, o)
                day = self.grain.day(o.liftoff_utc)
                if day not in days and departure is not None and self._may_go(vehicle, departure):
                    days[day] = departure
            self._departures[key] = days
        return self._departures[key]

    def _departure(self, vehicle: VehicleType, o: LaunchOpportunity) -> Departure | None:
        """Lift-off with the docking of the planned profile, or of one that phase allows; None: neither."""
        planned = next((p for p in o.profiles if p.name == vehicle.profile), None)
        if planned is None:
            return self._as_said(vehicle, _second(o.liftoff_utc))
        chosen: RendezvousProfile | None = planned
        if not planned.is_feasible and o.is_phase_known and self._is_soon(o.liftoff_utc):
            allowed = [p for p in o.profiles if p.is_feasible]
            chosen = min(allowed, key=lambda p: p.dock_utc, default=None)
        return None if chosen is None else Departure(_second(o.liftoff_utc), _second(chosen.dock_utc))

    def _is_soon(self, at: Instant) -> bool:
        """Whether phase forbids at all, so near to the knowledge date."""
        values = self.scenario.rules["launch_opportunity"].values
        days = float(values.get("phase_days_max", _PHASE_DAYS))
        return at.days_since(self.scenario.known_utc) <= days

    def _as_said(self, vehicle: VehicleType, launch: Instant) -> Departure:
        return Departure(launch, launch.plus_s(vehicle.ascent_hours * 3600))

    def _near(self, vehicle: VehicleType, pad: str, launch: Instant) -> Departure | None:
        """The departure at a given instant, if there is a computed lift-off for it."""
        assert self.scenario.opportunities is not None
        found = self.scenario.opportunities.launches[vehicle.name, pad]
        i = bisect_left(found, launch.us, key=lambda o: o.liftoff_utc.us)
        near = min(
            found[max(0, i - 1) : i + 1], key=lambda o: abs(o.liftoff_utc.us - launch.us), default=None
        )
        if near is None or abs(launch.s_since(near.liftoff_utc)) > _tolerance_s(near.sigma_s):
            return None
        departure = self._departure(vehicle, near)
        return None if departure is None else replace(departure, launch_utc=launch)

    def _pinned(
        self, vehicle: VehicleType, pad: str, table: Mapping[int, Departure], at: Instant
    ) -> Mapping[int, Departure]:
        """The one day of a pinned launch, or none."""
        day = self.grain.day(at)
        if day in table and table[day].launch_utc == at:
            return {day: table[day]}
        departure = self._near(vehicle, pad, at)
        return {} if departure is None or not self._may_go(vehicle, departure) else {day: departure}

    def _may_go(self, vehicle: VehicleType, d: Departure) -> bool:
        within = self.scenario.from_utc <= d.launch_utc and d.dock_utc < self.scenario.to_utc
        return within and self._is_clear(vehicle, d)

    def _is_clear(self, vehicle: VehicleType, d: Departure, *, is_announced: bool = False) -> bool:
        """Whether nothing forbids the instants; of an hour that was announced the Sun is only warned."""
        return (
            not self._is_forbidden("launch", vehicle, d.launch_utc)
            and not self._is_forbidden("dock", vehicle, d.dock_utc)
            and not self._is_eva(d.dock_utc)
            and (
                is_announced
                or (self.is_sun_low("launch", d.launch_utc) and self.is_sun_low("dock", d.dock_utc))
            )
        )

    # -- coming home ------------------------------------------------------------------------

    def returns(self, vehicle: VehicleType, pinned: Instant | None = None) -> Returns | None:
        """The undocking days of a type; None where it keeps fixed hours."""
        found, rule = self.scenario.opportunities, self.scenario.rules["landing_opportunity"]
        if found is None or rule.severity == "off" or vehicle.name not in found.landings:
            return None
        if pinned is not None:
            return self._pinned_return(vehicle, found.landings[vehicle.name], pinned)
        if vehicle.name not in self._returns:
            days: dict[int, Return] = {}
            for o in sorted(found.landings[vehicle.name], key=lambda o: o.undock_utc):
                home = Return(_second(o.undock_utc), _second(o.landing_utc))
                day = self.grain.undock_day(o.undock_utc)
                if day not in days and self._may_come(vehicle, home):
                    days[day] = home
            self._returns[vehicle.name] = days
        return self._returns[vehicle.name]

    def _pinned_return(
        self, vehicle: VehicleType, found: Iterable[LandingOpportunity], at: Instant
    ) -> Returns:
        """The first way home that a pinned undocking is in time for, or none."""
        for o in found:
            home = Return(at, _second(o.landing_utc))
            if at <= o.deorbit_utc:
                if o.landing_utc.days_since(at) > _RETURN_DAYS_MAX:
                    break
                if self._may_come(vehicle, home):
                    return {self.grain.undock_day(at): home}
        return {}

    def _may_come(self, vehicle: VehicleType, home: Return) -> bool:
        s = self.scenario
        return (
            s.from_utc <= home.undock_utc <= s.to_utc
            and not self._is_forbidden("undock", vehicle, home.undock_utc)
            and not self._is_forbidden("landing", vehicle, home.landing_utc)
            and not self._is_eva(home.undock_utc)
        )

    # -- what forbids an instant ------------------------------------------------------------

    def _binds(self, rule: str) -> bool:
        return self.scenario.rules[rule].severity in _BINDING

    def _is_forbidden(self, event: str, vehicle: VehicleType, at: Instant) -> bool:
        return self._binds("forbidden_days") and any(
            event in f.events
            and f.from_utc <= at < f.to_utc
            and (not f.vehicle_types or vehicle.name in f.vehicle_types)
            for f in self.scenario.forbidden_days
        )

    def _eva_spans(self) -> list[tuple[Instant, Instant]]:
        if not self._binds("eva_day"):
            return []
        clear_s = 3600 * float(self.scenario.rules["eva_day"].values.get("clear_hours", 0.0))
        return [(e.from_utc.plus_s(-clear_s), e.to_utc.plus_s(clear_s)) for e in self.scenario.station.evas]

    def _is_eva(self, at: Instant) -> bool:
        return any(begin < at < end for begin, end in self._evas)

    def _beta_limit(self, event: str) -> float | None:
        limit = self.scenario.rules["solar_beta"].values.get(f"{event}_beta_deg_max")
        return None if limit is None or not self._binds("solar_beta") else float(limit) - _BETA_MARGIN_DEG

    @property
    def has_sun(self) -> bool:
        """Whether the Sun forbids anything."""
        return bool(self._betas)

    def is_sun_low(self, event: str, at: Instant) -> bool:
        """Whether beta allows a launch or docking at an instant."""
        limit, known = self._beta_max[event], self._betas
        if limit is None or not known:
            return True
        i = bisect_left(known, (at.us, -360.0))
        near = [k for k in known[max(0, i - 1) : i + 1] if abs(k[0] - at.us) <= _BETA_BETWEEN_US]
        if not near:
            return True
        (us0, deg0), (us1, deg1) = near[0], near[-1]
        beta = deg0 if us0 == us1 else deg0 + (deg1 - deg0) * (at.us - us0) / (us1 - us0)
        return abs(beta) <= limit


def over(
    grain: Grain,
    clock: Clock,
    departures: Departures | None,
    returns: Returns | None,
    launch_days: tuple[int, int],
    undock_days: tuple[int, int],
) -> Clock:
    """A fixed clock widened to the hours of the days in [first, last] that a timetable has."""
    if departures is not None:
        going = [
            (day, d)
            for table in departures.values()
            for day, d in table.items()
            if launch_days[0] <= day <= launch_days[1]
        ]
        if going:
            launch = Hours.over(grain.hours_into(day, d.launch_utc) for day, d in going)
            dock = Hours.over(grain.hours_into(day, d.dock_utc) for day, d in going)
            clock = replace(clock, launch=launch, dock=dock)
    if returns is not None:
        coming = [(day, r) for day, r in returns.items() if undock_days[0] <= day <= undock_days[1]]
        if coming:
            undock = Hours.over(grain.hours_into(day, r.undock_utc) for day, r in coming)
            landing = Hours.over(grain.hours_into(day, r.landing_utc) for day, r in coming)
            clock = replace(clock, undock=undock, landing=landing)
    return clock


def _second(at: Instant) -> Instant:
    """The whole second before: nobody plans a flight to a fraction, and its day stays the same."""
    return Instant(at.us - at.us % 1_000_000)


def _tolerance_s(sigma_s: float) -> float:
    return max(_N_SIGMA * sigma_s, _TOLERANCE_MIN_S)
