"""Samples with a planner in them; a stub stands for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from one_line_station import N_DAYS, day, station

from crossflight.model import Plan, Scenario
from crossflight.model.disruption import Disruption
from crossflight.resilience.advanced import advanced
from crossflight.resilience.cover import cover_of
from crossflight.resilience.cut import as_flown
from crossflight.resilience.policy import Troubles, fly
from crossflight.resilience.repaired import N_ASKED_MAX, Lived, Refusal, live
from crossflight.resilience.traffic import traffic_of
from crossflight.times import Instant

Asked = tuple[tuple[Disruption, ...], Instant]


class Planner:
    """Lets every later flight launch `days_sooner`; None: finds nothing."""

    def __init__(self, days_sooner: float | None) -> None:
        self.days_sooner = days_sooner
        self.asked: list[Asked] = []

    def __call__(
        self, scenario: Scenario, plan: Plan, disruptions: tuple[Disruption, ...], as_of: Instant
    ) -> tuple[Scenario, Plan] | Refusal:
        self.asked.append((disruptions, as_of))
        if self.days_sooner is None:
            return "none"
        gone = {d.subject for d in disruptions if d.kind in ("launch-abort", "early-return")}
        slipped = {d.subject: d.days for d in disruptions if d.kind == "slip"}
        flights = []
        for f in plan.flights:
            if f.name in gone or (f.undock_utc is not None and f.undock_utc <= as_of):
                continue
            if f.launch_utc >= as_of:
                by = slipped.get(f.name, -self.days_sooner)
                at = max(f.launch_utc.plus_days(by), as_of.plus_days(0.5))
                f = replace(f, launch_utc=at, dock_utc=at)
            flights.append(f)
        return replace(scenario, from_utc=as_of, known_utc=as_of), replace(plan, flights=tuple(flights))


def troubles(**changes: dict[int, float]) -> Troubles:
    none = Troubles.none(1, 4)
    made = {}
    for name, values in changes.items():
        made[name] = getattr(none, name).copy()
        for k, value in values.items():
            made[name][0, k] = value
    return replace(none, **made)


def by_fixed_policy(t: Troubles) -> float:
    traffic = traffic_of(*station())
    return float(cover_of(traffic, fly(traffic, t)).unattended_any[0])


def test_nobody_is_asked_about_what_the_plan_bears() -> None:
    planner = Planner(5.0)
    lived = live(*station(), troubles(slip_days={1: 5}), planner)
    assert lived == Lived(0, 0, 0, 0, 0, 0)
    assert planner.asked == []


def test_what_is_asked_is_what_is_known_on_the_day() -> None:
    """F1's abort on day 30 is one too many; that F3 will slip nobody knows yet."""
    planner = Planner(25.0)
    bad = troubles(slip_days={1: 2, 3: 5}, is_lost={1: True})
    assert by_fixed_policy(bad) == 21
    lived = live(*station(), bad, planner)
    ((known, as_of),) = planner.asked
    assert [(d.kind, d.subject) for d in known] == [("slip", "F1"), ("launch-abort", "F1")]
    assert as_of == day(32)
    # F0 waits for F1, late as that is, until day 34; F2 comes on day 35 instead of 60; F3 comes on 65 + 5.
    assert (lived.unattended_days, lived.n_taken) == (1, 1)


def test_a_repair_that_finds_nothing_leaves_the_fixed_policy() -> None:
    bad = troubles(is_lost={1: True})
    lived = live(*station(), bad, Planner(None))
    assert lived == Lived(by_fixed_policy(bad), 1, 0, 1, 0, 0)


def test_days_before_the_repair_count() -> None:
    """F0 goes home on day 20 with its crew; F1 is brought forward to day 25."""
    bad = troubles(return_after={0: 20.0})
    assert by_fixed_policy(bad) == 10
    lived = live(*station(), bad, Planner(5.0))
    assert abs(lived.unattended_days - 5) < 1e-6


def test_what_comes_later_comes_all_the_same() -> None:
    """F2 is lost whenever it is launched, and F1 ages while plans are made."""
    planner = Planner(10.0)
    lived = live(*station(), troubles(is_lost={1: True, 2: True}), planner)
    assert [[d.subject for d in known] for known, _ in planner.asked] == [["F1"], ["F2"]]
    assert lived.n_taken == 2


def test_a_plan_that_is_no_better_than_waiting_is_not_taken() -> None:
    planner = Planner(0.0)
    bad = troubles(is_lost={1: True})
    assert live(*station(), bad, planner) == Lived(by_fixed_policy(bad), 1, 0, 0, 0, 1)


def test_who_found_nothing_once_is_asked_again_when_more_happens() -> None:
    class Later(Planner):
        def __call__(self, scenario, plan, disruptions, as_of):
            if not self.asked:
                self.asked.append((disruptions, as_of))
                return "refused"
            return super().__call__(scenario, plan, disruptions, as_of)

    planner = Later(10.0)
    bad = troubles(is_lost={1: True, 2: True})
    lived = live(*station(), bad, planner)
    assert (lived.n_asked, lived.n_taken, lived.n_refused) == (2, 1, 1)
    assert lived.unattended_days < by_fixed_policy(bad)


def test_the_day_of_a_repair_counts_once() -> None:
    """F0 goes home on day 28, which nobody can mend; F1 slips on day 30.25; a new plan has it a day later.

    The new scenario begins at 00:00 of day 30.
    """
    scenario, plan = station()
    f0, f1, *rest = plan.flights
    plan = replace(plan, flights=(f0, replace(f1, launch_utc=day(30.25), dock_utc=day(30.25)), *rest))

    def sooner(s, p, disruptions, as_of):
        if as_of < day(30):
            return "none"
        f1, *rest = [f for f in p.flights if f.name != "F0"]
        to = as_of.plus_days(1)
        begun = replace(s, from_utc=as_of.floor_day(), known_utc=as_of)
        return begun, replace(p, flights=(replace(f1, launch_utc=to, dock_utc=to), *rest))

    lived = live(scenario, plan, troubles(slip_days={1: 5}, return_after={0: 28.0}), sooner)
    assert (lived.n_none, lived.n_taken) == (1, 1)
    assert abs(lived.unattended_days - 3.25) < 1e-5


@pytest.mark.parametrize("seed", range(40))
def test_a_sample_cut_on_any_day_goes_on_as_it_would_have(seed: int) -> None:
    """The plan as flown, begun anew on a later day, has the days that were left; none twice, none lost."""
    rng = np.random.default_rng(seed)
    scenario, plan = station()
    happened = troubles(
        slip_days={k: float(rng.choice([0.0, 0.5, 3.25, 20.0])) for k in (1, 2, 3)},
        return_after={0: float(rng.choice([10.3, 25.7, np.inf]))},
    )
    traffic = traffic_of(scenario, plan)
    flown = fly(traffic, happened)
    as_of = day(float(rng.uniform(1, N_DAYS - 31)))
    then = advanced(scenario, as_flown(scenario, plan, traffic, flown), as_of)
    later = traffic_of(*then)
    begun = then[0].from_utc.days_since(scenario.from_utc)
    before = cover_of(replace(traffic, end=begun), flown).unattended_any[0]
    after = cover_of(later, fly(later, Troubles.none(1, later.n))).unattended_any[0]
    assert before + after == pytest.approx(by_fixed_policy(happened), abs=1e-5)


def test_who_plans_anew_for_ever_is_stopped() -> None:
    class Idle(Planner):
        def __call__(self, scenario, plan, disruptions, as_of):
            self.asked.append((disruptions, as_of))
            return scenario, plan

    bad = troubles(return_after={0: 20.0})
    bad = replace(bad, fleets={"Rocket": (np.array([[10.0]]), np.array([[50.0]]))})
    planner = Idle(0.0)
    lived = live(*station(), bad, planner)
    assert len(planner.asked) == lived.n_asked == N_ASKED_MAX
