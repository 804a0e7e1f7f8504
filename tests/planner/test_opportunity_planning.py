"""Computed opportunities in the planner: its plans are legal to the second, and as good as enumeration."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from enumeration import enumerate_plans, is_legal, measured
from made_up_orbit import beta_deg, with_orbit
from test_enumeration import instance, uneven
from tiny_station import announced, at, docked, no_events, settings, tiny, vehicle

from crossflight.model import (
    Flight,
    LandingOpportunity,
    LaunchOpportunity,
    Opportunities,
    Pin,
    Plan,
    Scenario,
)
from crossflight.planner import PlannerResult, plan
from crossflight.rules import check
from crossflight.times import Instant

N_DAYS = 14


def failures(s: Scenario, p: Plan) -> list[str]:
    return [f"{v.rule}: {v.message}" for v in check(s, p) if v.is_failure]


def planned(s: Scenario, pins: tuple[Pin, ...] = ()) -> PlannerResult:
    """The planner's result, itself in order."""
    result = plan(s, time_limit_s=20, workers=1, pins=pins)
    assert all(t.bound <= t.value + 1e-9 for t in result.objective)
    if result.plan is not None:
        assert failures(s, result.plan) == []
        for exact, tier in zip(measured(s, result.plan), result.objective, strict=True):
            # Days are rounded so that no plan is worse than it is counted.
            assert exact <= tier.value + 1e-6, tier.tier
    return result


def found(s: Scenario, pins: tuple[Pin, ...] = ()) -> Plan:
    """The plan there must be."""
    result = planned(s, pins)
    assert result.plan is not None, result.message
    return result.plan


def flying(s: Scenario, p: Plan) -> list[Flight]:
    """The flights that the plan launches."""
    there = {d.flight.name for d in s.docked}
    return [f for f in p.flights if f.name not in there]


# -- against enumeration --------------------------------------------------------------------


def opportunities_for_forbidden_days(s: Scenario) -> Scenario:
    """The days that forbidden days leave, said by opportunities at the hours the grain is exact for."""
    launches: dict[tuple[str, str], list[LaunchOpportunity]] = {}
    landings: dict[str, list[LandingOpportunity]] = {}
    n_days = int(s.to_utc.days_since(s.from_utc))

    def is_open(event: str, kind: str, when: Instant) -> bool:
        return not any(
            event in f.events and kind in f.vehicle_types and f.from_utc <= when < f.to_utc
            for f in s.forbidden_days
        )

    for t in s.vehicle_types:
        for day in range(-1, n_days + 1):
            up, away = at(day, 12), at(day, 6)
            if is_open("launch", t.name, up):
                for pad in next(x for x in s.launchers if x.name == t.launcher).pads:
                    launches.setdefault((t.name, pad), []).append(
                        LaunchOpportunity(
                            pad, t.name, up, 10.0, up, 0.0, 1.0, True, (), 0.0, 60.0, is_daylight_launch=True
                        )
                    )
            if is_open("undock", t.name, away):
                home = away.plus_s(3600 * t.return_hours)
                landings.setdefault(t.name, []).append(
                    LandingOpportunity(
                        "steppe", t.name, away, home.plus_s(-3000), home, 47.0, 69.0, True, 0.0, 10.0
                    )
                )
    found = Opportunities(
        "made up",
        s.from_utc,
        {k: tuple(v) for k, v in launches.items()},
        {t.name: tuple(landings.get(t.name, ())) for t in s.vehicle_types},
    )
    types = tuple(
        replace(t, ascent="made-up", descent="made-up", landing_zones=("steppe",)) for t in s.vehicle_types
    )
    return replace(s, vehicle_types=types, opportunities=found, forbidden_days=())


@pytest.mark.parametrize("seed", [*range(12), 17])
def test_opportunities_at_whole_days_agree_with_enumeration(seed: int) -> None:
    s = instance(seed)
    truth = enumerate_plans(s, n_samples=0).optimum
    result = planned(opportunities_for_forbidden_days(s))
    if truth is None:
        assert result.status == "infeasible"
        return
    assert result.status == "optimal"
    assert [t.value for t in result.objective] == pytest.approx(truth)
    assert [t.bound for t in result.objective] == pytest.approx(truth)


def relief(first_hour: float, n_a_day: int, **changes: object) -> Scenario:
    """One craft docked, one to be added, hours that drift."""
    x = vehicle("X", "A", on_orbit_life_days=11, ascent_hours=5.2, return_hours=3.4)
    s = tiny(
        N_DAYS,
        (x,),
        {"X": 2},
        docked=(docked(x, -3, "port 1", ("A 1", "A 2")),),
        rules=settings({"on_orbit_life": "hard"}),
        **changes,
    )
    return with_orbit(s, hours={"X": first_hour}, n_a_day=n_a_day)


def best_of_all_instants(s: Scenario) -> tuple[float, ...] | None:
    """The best legal plan of at most one added flight, every lift-off and every way home tried."""
    assert s.opportunities is not None
    x = s.vehicle_types[0]
    homes = [o for o in s.opportunities.landings["X"] if s.from_utc <= o.undock_utc <= s.to_utc]
    old = s.docked[0].flight
    choices: list[tuple[Flight, ...]] = [(old,)]
    begun = [
        replace(old, undock_utc=o.undock_utc, landing_utc=o.landing_utc)
        for o in homes
        if o.landing_utc.days_since(old.launch_utc) <= 11
    ]
    choices += [(first,) for first in begun]
    for first, o in product(begun, s.opportunities.launches["X", "X pad"]):
        dock = o.liftoff_utc.plus_s(x.ascent_hours * 3600)
        if dock >= s.to_utc or o.liftoff_utc < s.from_utc:
            continue
        ends = [(h.undock_utc, h.landing_utc) for h in homes if h.undock_utc.days_since(dock) >= 4]
        for away, home in [*ends, (None, None)]:
            new = Flight(
                "X-2", "rotation", "X", "X hull 2", "X pad", o.liftoff_utc, dock, "port 2",
                undock_utc=away, landing_utc=home, crew_up=("A 3", "A 4"), crew_down=("A 3", "A 4"),
            )  # fmt: skip
            choices.append((first, new))
    plans = [Plan("tiny", "tiny", flights) for flights in choices]
    for value, p in sorted(((measured(s, p), i) for i, p in enumerate(plans)), key=lambda v: v[0]):
        if is_legal(s, plans[p]):
            return value
    return None


@pytest.mark.parametrize(("first_hour", "n_a_day"), [(2.0, 1), (9.0, 2), (16.5, 3), (22.0, 1)])
def test_drifting_hours_lose_little_against_every_instant(first_hour: float, n_a_day: int) -> None:
    s = relief(first_hour, n_a_day)
    truth = best_of_all_instants(s)
    result = planned(s)
    assert truth is not None
    assert result.plan is not None
    value = measured(s, result.plan)
    assert value >= tuple(v - 1e-6 for v in truth)
    # Waivers, cover, announcements and flights bought are the same; what is lost are parts of days.
    assert value[:3] == truth[:3]
    assert value[3] - truth[3] <= 3 * 2 * 1.0 + 1e-6  # weight, seats, a day


@pytest.mark.parametrize("seed", [*range(200, 212), 252, 256, 293, 318])
@pytest.mark.parametrize("n_a_day", [1, 3])
def test_plans_with_drifting_hours_and_long_stays_are_legal(seed: int, n_a_day: int) -> None:
    s = uneven(seed)
    hours = {t.name: (5.0 * seed + 7.0 * i) % 24 for i, t in enumerate(s.vehicle_types)}
    result = planned(with_orbit(s, hours=hours, n_a_day=n_a_day, profile="fast" if seed % 2 else None))
    assert result.status in ("optimal", "feasible", "infeasible", "unknown")


def test_many_of_these_have_plans() -> None:
    have = [
        planned(with_orbit(uneven(seed), hours={"X": 8.0, "Y": 13.0})).plan is not None
        for seed in range(200, 212)
    ]
    assert sum(have) >= 5


# -- what the opportunities say -------------------------------------------------------------


def test_every_launch_and_landing_is_at_a_computed_instant() -> None:
    s = relief(9.0, 2)
    assert s.opportunities is not None
    liftoffs = {o.liftoff_utc for o in s.opportunities.launches["X", "X pad"]}
    homes = {(o.undock_utc, o.landing_utc) for o in s.opportunities.landings["X"]}
    p = found(s)
    assert {f.launch_utc for f in flying(s, p)} <= liftoffs
    assert {(f.undock_utc, f.landing_utc) for f in p.flights if f.undock_utc is not None} <= homes
    assert flying(s, p)


def test_hours_are_fixed_where_the_rules_are_off_or_nothing_is_computed() -> None:
    s = relief(9.0, 2)
    off = replace(s, rules=settings({"launch_opportunity": "off", "landing_opportunity": "off"}))
    for scenario in (off, replace(s, opportunities=None)):
        p = found(scenario)
        assert all(f.launch_utc == f.launch_utc.floor_day().plus_s(12 * 3600) for f in flying(s, p))
        away = [f.undock_utc for f in p.flights if f.undock_utc is not None]
        assert all(x == x.floor_day().plus_s(6 * 3600) for x in away)


def test_near_the_knowledge_date_a_flight_takes_a_profile_that_phase_allows() -> None:
    s = relief(9.0, 2)
    types = tuple(replace(t, profile="fast") for t in s.vehicle_types)
    p = found(replace(s, vehicle_types=types))
    assert s.opportunities is not None
    by_liftoff = {o.liftoff_utc: o for o in s.opportunities.launches["X", "X pad"]}
    for f in flying(s, p):
        fast, slow = by_liftoff[f.launch_utc].profiles
        assert f.dock_utc == (fast if fast.is_feasible else slow).dock_utc


def test_a_day_on_which_phase_allows_no_profile_is_no_day_but_far_ahead_it_is() -> None:
    s = relief(9.0, 2)
    assert s.opportunities is not None
    only_fast = {
        key: tuple(replace(o, profiles=o.profiles[:1]) for o in some)
        for key, some in s.opportunities.launches.items()
    }
    s = replace(
        s,
        vehicle_types=tuple(replace(t, profile="fast") for t in s.vehicle_types),
        opportunities=replace(s.opportunities, launches=only_fast),
    )
    allowed = {o.liftoff_utc for o in only_fast["X", "X pad"] if o.profiles[0].is_feasible}
    assert {f.launch_utc for f in flying(s, found(s))} <= allowed
    # The same two months later: nothing is known of the phase, so nothing is forbidden by it.
    ahead = replace(s, known_utc=s.known_utc.plus_days(-60))
    n_far = plan(ahead, time_limit_s=20, workers=1)
    assert n_far.plan is not None
    assert tuple(t.value for t in n_far.objective) <= tuple(t.value for t in planned(s).objective)


def test_phase_days_of_the_rule_say_how_far_ahead_phase_forbids() -> None:
    s = relief(9.0, 2)
    assert s.opportunities is not None
    never = {
        key: tuple(
            replace(o, profiles=tuple(replace(x, is_feasible=False) for x in o.profiles)) for o in some
        )
        for key, some in s.opportunities.launches.items()
    }
    s = replace(
        s,
        vehicle_types=tuple(replace(t, profile="fast") for t in s.vehicle_types),
        opportunities=replace(s.opportunities, launches=never),
    )
    assert flying(s, found(s)) == []
    rules = settings({"on_orbit_life": "hard"}, {"launch_opportunity": {"phase_days_max": 0}})
    assert flying(s, found(replace(s, rules=rules))) != []


@pytest.mark.parametrize("is_computed", [True, False])
def test_hard_beta_removes_days_and_soft_beta_does_not(is_computed: bool) -> None:
    values = {"solar_beta": {"launch_beta_deg_max": 60.0, "dock_beta_deg_max": 45.0}}
    s = relief(9.0, 2)
    if not is_computed and s.opportunities is not None:  # hours stay fixed, but the Sun is known
        known = {("somebody", "elsewhere"): s.opportunities.launches["X", "X pad"]}
        s = replace(s, opportunities=replace(s.opportunities, launches=known))
    hard = replace(s, rules=settings({"on_orbit_life": "hard"}, values))
    assert flying(hard, found(hard))
    for f in flying(hard, found(hard)):
        assert f.dock_utc is not None
        assert abs(beta_deg(at(0), f.launch_utc)) <= 60
        assert abs(beta_deg(at(0), f.dock_utc)) <= 45
    never = settings({"on_orbit_life": "hard"}, {"solar_beta": {"dock_beta_deg_max": 0.0}})
    assert flying(hard, found(replace(s, rules=never))) == []
    warning = {"on_orbit_life": "hard", "solar_beta": "soft"}
    soft = settings(warning, {"solar_beta": {"dock_beta_deg_max": 0.0}})
    assert flying(hard, found(replace(s, rules=soft))) != []


# -- announcements and pins -----------------------------------------------------------------


def called(hour: float, window: int = 0) -> Scenario:
    """The relief with an announced flight."""
    s = relief(9.0, 2)
    call = replace(announced(s.vehicle_types[0], "X-called", 4, window), launch_utc=at(4, hour))
    return replace(s, announced=(call,), craft=(*s.craft, replace(s.craft[-1], name="X hull 3")))


def test_an_announced_date_gets_the_computed_instant() -> None:
    s = called(0.0)
    f = next(f for f in found(s).flights if f.name == "X-called")
    assert s.opportunities is not None
    assert f.launch_utc in {o.liftoff_utc for o in s.opportunities.launches["X", "X pad"]}
    assert f.launch_utc.floor_day() == at(4)


def test_an_announced_hour_is_kept_and_only_warned_of() -> None:
    s = called(11.0)
    p = found(s)
    f = next(f for f in p.flights if f.name == "X-called")
    assert f.launch_utc == at(4, 11)
    warned = [v for v in check(s, p) if v.rule == "launch_opportunity"]
    assert [(v.severity, v.subjects[0]) for v in warned] == [("soft", "X-called")]


@pytest.mark.parametrize("is_computed", [True, False])
def test_an_announced_hour_is_kept_whatever_the_sun(is_computed: bool) -> None:
    s = called(11.0)
    if not is_computed and s.opportunities is not None:
        known = {("somebody", "elsewhere"): s.opportunities.launches["X", "X pad"]}
        s = replace(s, opportunities=replace(s.opportunities, launches=known))
    limits = {"solar_beta": {"launch_beta_deg_max": 0.0, "dock_beta_deg_max": 0.0}}
    s = replace(s, rules=settings({"on_orbit_life": "hard"}, limits))
    p = found(s)
    assert [f.launch_utc for f in flying(s, p)] == [at(4, 11)]
    assert {v.severity for v in check(s, p) if v.rule == "solar_beta"} == {"soft"}


def test_an_announced_hour_moved_to_another_day_is_computed() -> None:
    s = called(11.0, window=3)
    p = found(replace(s, forbidden_days=no_events([4, 5, 6, 7], "launch", "X")))
    f = next(f for f in p.flights if f.name == "X-called")
    assert f.launch_utc.floor_day() < at(4)
    assert s.opportunities is not None
    assert f.launch_utc in {o.liftoff_utc for o in s.opportunities.launches["X", "X pad"]}


def test_a_visit_stays_as_long_as_announced_to_within_a_day() -> None:
    s = relief(14.0, 1)
    visit = replace(
        announced(s.vehicle_types[0], "X-visit", 4, 1), kind="visiting", launch_utc=at(4), docked_days=5.0
    )
    s = replace(s, announced=(visit,), craft=(*s.craft, replace(s.craft[-1], name="X hull 3")))
    f = next(f for f in found(s).flights if f.name == "X-visit")
    assert f.dock_utc is not None
    assert f.undock_utc is not None
    assert abs(f.undock_utc.days_since(f.dock_utc) - 5.0) <= 1.0


def test_a_docked_craft_leaves_within_its_window_by_the_calendar() -> None:
    s = relief(3.0, 2)
    for day in (5, 6, 7):
        there = replace(s.docked[0], planned_undock_utc=at(day, 12), window_days=0.0)
        result = plan(replace(s, docked=(there,)), time_limit_s=20, workers=1)
        if result.plan is not None:
            assert failures(replace(s, docked=(there,)), result.plan) == []
            away = result.plan.flights[0].undock_utc
            assert away is not None
            assert away.floor_day() == at(day)


def test_pinned_instants_are_kept_to_the_second() -> None:
    s = relief(9.0, 2)
    p = found(s)
    pins = (
        *(Pin(f, "launch_utc") for f in flying(s, p)),
        *(Pin(f, "undock_utc") for f in p.flights if f.undock_utc is not None),
    )
    again = found(s, pins)
    assert [(f.launch_utc, f.undock_utc, f.landing_utc) for f in again.flights] == [
        (f.launch_utc, f.undock_utc, f.landing_utc) for f in p.flights
    ]


def test_a_launch_pinned_off_the_plane_names_the_rule() -> None:
    s = relief(9.0, 2)
    [f] = flying(s, found(s))
    off = replace(f, launch_utc=f.launch_utc.plus_s(1800))
    result = plan(s, time_limit_s=20, workers=1, pins=(Pin(off, "launch_utc"),))
    assert result.plan is None
    assert result.conflict is not None
    assert "launch_opportunity" in result.conflict.rules
    near = replace(f, launch_utc=f.launch_utc.plus_s(14))
    again = found(s, (Pin(near, "launch_utc"),))
    assert flying(s, again)[0].launch_utc == near.launch_utc
