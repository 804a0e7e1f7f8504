"""Rules about computed opportunities: every instant is judged, facts are not, and warnings stay warnings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from example_station import T0, day, iss_like
from hypothesis import given, settings
from hypothesis import strategies as st
from opportune_station import DIRECT, PROFILE, SIGMA_S, beta_deg, opportune_station, planned, with_launches
from plan_edits import flight, set_announced, set_flight, set_severity, set_values

from crossflight.model import Flight, Opportunities, Plan, Reboost, Scenario, Violation
from crossflight.rules import check
from crossflight.rules.launch_opportunity import launch_of, profile_of
from crossflight.rules.solar_beta import beta_deg as beta_between
from crossflight.rules.solar_beta import samples

SCENARIO, PLAN = opportune_station()
LIMIT_S = 3 * SIGMA_S


def found(s: Scenario, p: Plan, *rules: str) -> list[Violation]:
    return [v for v in check(s, p) if v.rule in rules]


def test_the_plan_flown_at_its_opportunities_is_accepted() -> None:
    assert check(SCENARIO, PLAN) == ()


@pytest.mark.parametrize("off_s", [-LIMIT_S - 1, LIMIT_S + 1, -1800, 1800])
def test_every_launch_and_every_landing_off_its_opportunity_is_caught(off_s: float) -> None:
    s = replace(SCENARIO, announced=(), docked=SCENARIO.docked)
    for f in planned(SCENARIO, PLAN):
        moved = set_flight(PLAN, f.name, launch_utc=f.launch_utc.plus_s(off_s))
        assert [v.subjects[0] for v in found(s, moved, "launch_opportunity") if v.is_failure] == [f.name]
    landing = [f for f in PLAN.flights if f.vehicle_type in DIRECT and f.landing_utc is not None]
    assert len(landing) > 8
    for f in landing:
        moved = set_flight(PLAN, f.name, landing_utc=f.landing_utc.plus_s(off_s))
        assert [v.subjects for v in found(s, moved, "landing_opportunity") if v.is_failure] == [(f.name,)]


def test_without_opportunities_nothing_is_judged() -> None:
    s = set_values(replace(SCENARIO, opportunities=None), "solar_beta", launch_beta_deg_max=0.0)
    moved = replace(
        PLAN, flights=tuple(replace(f, launch_utc=f.launch_utc.plus_s(900)) for f in PLAN.flights)
    )
    assert found(s, moved, "launch_opportunity", "landing_opportunity", "solar_beta") == []


def test_what_has_flown_is_not_judged() -> None:
    # The record, with nothing in its computed opportunities: all of it is before the knowledge date.
    s, p = iss_like()
    nothing = Opportunities(
        "none", T0, {(f.vehicle_type, f.pad): () for f in p.flights}, {f.vehicle_type: () for f in p.flights}
    )
    s = set_values(
        replace(s, opportunities=nothing, known_utc=s.to_utc), "solar_beta", launch_beta_deg_max=0.0
    )
    assert check(s, p) == ()


def test_an_announced_hour_is_kept_and_warned_of() -> None:
    f = flight(PLAN, "Soyuz 2")
    hour = f.launch_utc.plus_s(1234)
    s, p = set_announced(SCENARIO, f.name, launch_utc=hour), set_flight(PLAN, f.name, launch_utc=hour)
    [warning] = found(s, p, "launch_opportunity")
    assert warning.severity == "soft"
    assert "is 1234 s from the computed" in warning.message
    # The same instant without an announcement of the hour is no fact.
    dated = set_announced(s, f.name, launch_utc=hour.floor_day())
    assert [v.severity for v in found(dated, p, "launch_opportunity")] == ["hard"]


def test_far_ahead_the_reboost_that_opens_a_profile_is_reported_with_its_price() -> None:
    opens = Reboost(day(40), 0.84, 130.0, 1.46)
    s = with_launches(
        SCENARIO,
        lambda o: replace(
            o,
            profiles=tuple(
                replace(x, is_feasible=False, probability=0.07, reboost=opens) for x in o.profiles
            ),
        ),
    )
    s = set_values(s, "launch_opportunity", phase_days_max=19.0)
    reported = found(s, PLAN, "launch_opportunity")
    assert {v.severity for v in reported} == {"soft"}
    assert len(reported) == len(planned(SCENARIO, PLAN))
    assert "slow has a probability of 7%" in reported[0].message
    assert "a reboost of +0.84 m/s on 2030-02-10 (+1.5 km, 130 kg of propellant)" in reported[0].message


def test_a_profile_that_phase_does_not_allow_next_week_names_what_it_allows() -> None:
    s = set_values(SCENARIO, "launch_opportunity", phase_days_max=21.0)
    s = with_launches(
        s,
        lambda o: replace(
            o, profiles=tuple(replace(x, is_feasible=x.name != PROFILE) for x in o.profiles), phase_deg=123.4
        ),
    )
    [failure] = found(s, PLAN, "launch_opportunity")
    assert failure.severity == "hard"
    assert failure.subjects[0] == "Progress 1"
    assert "phase 123 deg does not allow slow; it allows fast" in failure.message
    f = flight(PLAN, "Progress 1")
    opportunity = launch_of(s, f)
    assert opportunity is not None
    fast = next(x for x in opportunity.profiles if x.name == "fast")
    assert found(s, set_flight(PLAN, f.name, dock_utc=fast.dock_utc), "launch_opportunity") == []


def test_phase_is_asked_only_of_types_planned_for_a_profile() -> None:
    s = with_launches(
        SCENARIO, lambda o: replace(o, profiles=tuple(replace(x, is_feasible=False) for x in o.profiles))
    )
    types = tuple(replace(t, profile=None) for t in s.vehicle_types)
    assert found(replace(s, vehicle_types=types), PLAN, "launch_opportunity") == []
    assert found(s, PLAN, "launch_opportunity") != []


def test_beta_warns_where_the_scenario_says_soft() -> None:
    s = set_severity(set_values(SCENARIO, "solar_beta", dock_beta_deg_max=5.0), "soft", "solar_beta")
    warnings = found(s, PLAN, "solar_beta")
    assert warnings
    assert {v.severity for v in warnings} == {"soft"}
    assert all("docking" in v.message and "limit 5 deg" in v.message for v in warnings)


@given(st.floats(-1, 700))
@settings(max_examples=60, deadline=None)
def test_beta_is_found_between_the_opportunities(at: float) -> None:
    known = [(day(d).us, beta_deg(day(d))) for d in range(720)]
    beta = beta_between(known, day(at))
    assert beta is not None
    # It turns at -20 and 20 within a day, by 8 deg at most.
    assert beta == pytest.approx(beta_deg(day(max(at, 0.0))), abs=4.1)


def test_beta_far_from_any_opportunity_is_not_known() -> None:
    known = samples(SCENARIO.opportunities) if SCENARIO.opportunities else []
    assert known == sorted(known)
    assert beta_between(known, day(-500)) is None
    assert beta_between([], day(0)) is None


def test_the_profile_flown_is_the_one_that_docks_nearest() -> None:
    f = flight(PLAN, "Soyuz 3")
    opportunity = launch_of(SCENARIO, f)
    assert opportunity is not None
    flown = profile_of(opportunity, f)
    assert flown is not None
    assert flown.name == PROFILE
    never = Flight("MS-10", "rotation", "Soyuz", "x", f.pad, f.launch_utc)
    assert profile_of(opportunity, never) is None
