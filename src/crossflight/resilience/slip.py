"""A flight launched some days later: when it can go, what it finds at the station, and what breaks.

Everything else stays as planned, and the checker says what comes of it; nothing is planned anew.  Where
that leaves a handover shorter than planned, a second verdict is of the plan with the relieved craft waiting.

Of the lift-offs of a day the first is taken whose phase allows the profile planned for the vehicle type,
else the one with the fastest rendezvous that phase allows.  A rotation or cargo craft goes home on the day
planned whenever it comes; a visit keeps its length.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from crossflight.model import (
    Flight,
    LaunchOpportunity,
    Plan,
    RendezvousProfile,
    Scenario,
    Violation,
)
from crossflight.rules import Walk, check_walk, coverage_walk, handover
from crossflight.rules.launch_opportunity import launch_of, price_of, profile_of
from crossflight.times import Instant

# A slip is what happens, not what the planner may choose: announced windows do not bound it.
SET_ASIDE: Final = "announced_flight"
# A craft that waits, waits for its relief by less than this.
_WAIT_DAYS_MAX: Final = 60.0

_Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker says of a plan with a flight moved, beside the plan as it was.

    Attributes
    ----------
    handover_days
        From the flight's docking to the undocking of the craft it relieves (negative: a gap); None where it
        relieves none.
    unattended_days, operator_n1_days
        Days with a segment unattended, and on which one loss would leave one so, over the whole plan.
    failures, wishes
        Violations that the plan did not have: failures, and soft or waived ones.
    """

    plan: Plan
    handover_days: float | None
    unattended_days: float
    operator_n1_days: float
    failures: tuple[Violation, ...]
    wishes: tuple[Violation, ...]

    def must_move(self, flight: str) -> tuple[str, ...]:
        """The flights that stand in the way of this one, in the order they are met."""
        known = {f.name for f in self.plan.flights} - {flight}
        return tuple(dict.fromkeys(s for v in self.failures for s in v.subjects if s in known))


@dataclass(frozen=True, slots=True)
class SlipDay:
    """One day to which a flight may slip.

    Attributes
    ----------
    days
        Whole days after the planned launch date.
    launch_utc, dock_utc
        None where the day has no opportunity; `why` says why.
    launch, profile
        As computed; None where the scenario gives no orbit or no profile is planned.
    life_left_days
        Certified life, without waivers, that the relieved craft has left when this one docks.
    is_announced
        Whether the date is within the announced window; None where none was announced.
    alone
        With nothing else moved.
    waits_days, waiting
        By how many days the relieved craft waits so that the handover is as long as planned, and the verdict
        with that; 0 and None where it need not.
    """

    days: int
    date_utc: Instant
    launch_utc: Instant | None = None
    dock_utc: Instant | None = None
    launch: LaunchOpportunity | None = None
    profile: RendezvousProfile | None = None
    why: str = ""
    life_left_days: float | None = None
    is_announced: bool | None = None
    alone: Verdict | None = None
    waits_days: float = 0.0
    waiting: Verdict | None = None

    @property
    def is_accepted(self) -> bool:
        """Whether the plan holds with nothing else moved."""
        return self.alone is not None and not self.alone.failures

    @property
    def is_accepted_waiting(self) -> bool:
        """Whether the plan holds if the relieved craft waits as long as it has to, perhaps not at all."""
        found = self.waiting or self.alone
        return found is not None and not found.failures


def relieved_by(scenario: Scenario, plan: Plan, flight: Flight) -> Flight | None:
    """The craft that a rotation flight relieves and that is to leave within the plan."""
    pairs = handover.handovers(Walk(scenario, plan))
    return next((old for old, new, _ in pairs if new.name == flight.name), None)


def slip_days(scenario: Scenario, plan: Plan, flight: Flight, days: Iterable[int]) -> Iterator[SlipDay]:
    """One row for each number of days.

    Parameters
    ----------
    scenario
        With the opportunities of all those days, if it gives an orbit.
    """
    setting = replace(scenario.rules[SET_ASIDE], severity="off")
    scenario = replace(scenario, rules={**scenario.rules, SET_ASIDE: setting})
    table = _Slips(scenario, plan, flight)
    return (table.day(n) for n in days)


class _Slips:
    """What all days have in common."""

    def __init__(self, scenario: Scenario, plan: Plan, flight: Flight) -> None:
        self.scenario = scenario
        self.plan = plan
        self.flight = flight
        self.kind = next((t for t in scenario.vehicle_types if t.name == flight.vehicle_type), None)
        self.relieved = relieved_by(scenario, plan, flight)
        self.before = {_key(v) for v in check_walk(Walk(scenario, plan))}
        announced = next((a for a in scenario.announced if a.name == flight.name), None)
        self.window = None
        if announced is not None:
            said = announced.launch_utc.floor_day()
            self.window = said.plus_days(-announced.window_days), said.plus_days(announced.window_days)
        self.kept_days: float | None = None
        if self.relieved is not None and self.relieved.undock_utc is not None and flight.dock_utc is not None:
            wanted = float(scenario.rules["handover"].values.get("overlap_days_min", 0.0))
            self.kept_days = min(wanted, self.relieved.undock_utc.days_since(flight.dock_utc))

    def day(self, n: int) -> SlipDay:
        """The row of one day."""
        date = self.flight.launch_utc.floor_day().plus_days(n)
        if not self.scenario.from_utc <= date.plus_days(1).plus_s(-1) or date >= self.scenario.to_utc:
            return SlipDay(n, date, why="outside the scenario")
        row = self._departure(n, date)
        if row.launch_utc is None:
            return row
        moved = self._moved(row.launch_utc, row.dock_utc)
        plan = self._with(moved)
        row = replace(row, alone=self._verdict(plan, moved, self.relieved))
        if self.window is not None:
            row = replace(row, is_announced=self.window[0] <= date <= self.window[1])
        return self._waiting(row, plan, moved)

    # -- going up ---------------------------------------------------------------------------

    def _departure(self, n: int, date: Instant) -> SlipDay:
        """Lift-off and docking of a day, or why there is none."""
        planned = self.flight
        found = self.scenario.opportunities
        launches = None if found is None else found.launches.get((planned.vehicle_type, planned.pad))
        if n == 0:
            near = None if launches is None else launch_of(self.scenario, planned)
            flown = profile_of(near, planned) if near is not None and self._wanted else None
            return SlipDay(n, date, planned.launch_utc, planned.dock_utc, near, flown)
        ascent_us = None if planned.dock_utc is None else planned.dock_utc.us - planned.launch_utc.us
        if launches is None:
            launch = planned.launch_utc.plus_days(n)
            return SlipDay(n, date, launch, None if ascent_us is None else Instant(launch.us + ascent_us))
        end = date.plus_days(1)
        first = bisect_left(launches, date.us, key=lambda o: o.liftoff_utc.us)
        last = bisect_left(launches, end.us, key=lambda o: o.liftoff_utc.us)
        today = launches[first:last]
        if not today:
            return SlipDay(n, date, why=f"{planned.pad} does not pass through the station's plane")
        if self._wanted is None or ascent_us is None:
            at = _second(today[0].liftoff_utc)
            dock = None if ascent_us is None else Instant(at.us + ascent_us)
            return SlipDay(n, date, at, dock, today[0])
        chosen = min(
            ((p, o) for o in today for p in o.profiles if p.is_feasible),
            key=lambda c: (c[0].name != self._wanted, c[0].dock_utc.us),
            default=None,
        )
        if chosen is None:
            return SlipDay(n, date, launch=today[0], why=self._closed(today[0]))
        profile, launch_at = chosen
        return SlipDay(n, date, _second(launch_at.liftoff_utc), _second(profile.dock_utc), launch_at, profile)

    @property
    def _wanted(self) -> str | None:
        return None if self.kind is None else self.kind.profile

    def _closed(self, o: LaunchOpportunity) -> str:
        planned = next((p for p in o.profiles if p.name == self._wanted), None)
        opens = planned.reboost if planned is not None else None
        more = "" if opens is None else f"; {price_of(opens)} would open {self._wanted}"
        return f"phase {o.phase_deg:.0f} +- {o.phase_sigma_deg:.0f} deg allows no rendezvous{more}"

    def _moved(self, launch: Instant, dock: Instant | None) -> Flight:
        """The flight with its new times; a visit stays as long as planned."""
        planned = self.flight
        moved = replace(planned, launch_utc=launch, dock_utc=dock)
        if dock == planned.dock_utc or dock is None or planned.dock_utc is None:
            return moved
        if planned.kind != "visiting" or planned.undock_utc is None:
            return moved
        leaves = Instant(dock.us + planned.undock_utc.us - planned.dock_utc.us)
        return self._home(moved, leaves, is_nearest=True)

    # -- coming home ------------------------------------------------------------------------

    def _home(self, flight: Flight, undock: Instant, *, is_nearest: bool = False) -> Flight:
        """A flight that leaves at the first way home from an instant on, or the nearest to it."""
        found = self.scenario.opportunities
        ways = () if found is None else found.landings.get(flight.vehicle_type, ())
        ways = tuple(sorted(ways, key=lambda o: o.undock_utc.us))
        i = bisect_left(ways, undock.us, key=lambda o: o.undock_utc.us)
        near = ways[max(0, i - 1) : i + 1] if is_nearest else ways[i : i + 1]
        if near:
            way = min(near, key=lambda o: abs(o.undock_utc.us - undock.us))
            return replace(flight, undock_utc=_second(way.undock_utc), landing_utc=_second(way.landing_utc))
        landing = flight.landing_utc
        if landing is not None and flight.undock_utc is not None:
            landing = Instant(undock.us + landing.us - flight.undock_utc.us)
        return replace(flight, undock_utc=undock, landing_utc=landing)

    def _waiting(self, row: SlipDay, plan: Plan, moved: Flight) -> SlipDay:
        """The row with the relieved craft's life, and with its wait where the handover asks for one."""
        old = self.relieved
        if old is None or old.undock_utc is None or moved.dock_utc is None:
            return row
        kind = next((t for t in self.scenario.vehicle_types if t.name == old.vehicle_type), None)
        if kind is not None and kind.on_orbit_life_days is not None:
            aged = moved.dock_utc.days_since(old.launch_utc)
            row = replace(row, life_left_days=kind.on_orbit_life_days - aged)
        assert self.kept_days is not None
        until = moved.dock_utc.plus_days(self.kept_days)
        if until <= old.undock_utc or until.days_since(old.undock_utc) > _WAIT_DAYS_MAX:
            return row
        later = self._home(old, until)
        assert later.undock_utc is not None
        others = tuple(later if f.name == old.name else f for f in plan.flights)
        verdict = self._verdict(replace(plan, flights=others), moved, later)
        return replace(row, waits_days=later.undock_utc.days_since(old.undock_utc), waiting=verdict)

    # -- the verdict ------------------------------------------------------------------------

    def _with(self, moved: Flight) -> Plan:
        flights = tuple(moved if f.name == moved.name else f for f in self.plan.flights)
        return replace(self.plan, flights=flights)

    def _verdict(self, plan: Plan, moved: Flight, old: Flight | None) -> Verdict:
        walk = Walk(self.scenario, plan)
        found = [v for v in check_walk(walk) if _key(v) not in self.before]
        cover = coverage_walk(walk)
        days = None
        if old is not None and old.undock_utc is not None and moved.dock_utc is not None:
            days = old.undock_utc.days_since(moved.dock_utc)
        return Verdict(
            plan,
            days,
            cover.unattended_days,
            cover.operator_n1_uncovered_days,
            tuple(v for v in found if v.is_failure),
            tuple(v for v in found if not v.is_failure),
        )


def _key(violation: Violation) -> _Key:
    return violation.rule, violation.subjects


def _second(at: Instant) -> Instant:
    """The whole second before, as plans have it."""
    return Instant(at.us - at.us % 1_000_000)
