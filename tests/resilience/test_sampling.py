"""Samples: expectations known by hand, the checker's own measures, common luck, estimates."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from one_line_station import traffic

from crossflight.app.audit import INTEGRATED_UTC
from crossflight.app.validation.stress_eras import ERAS, era, regular_traffic
from crossflight.model import Craft, Plan, Scenario, SeatMove
from crossflight.resilience.campaign import Campaign, sample
from crossflight.resilience.cover import cover_of
from crossflight.resilience.draws import Changed, luck_of, troubles_of
from crossflight.resilience.estimate import cvar95, difference, estimate
from crossflight.resilience.policy import Flown, Troubles, fly
from crossflight.resilience.rates import RATES, Duration, Rate, Rates, rates
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.rules import Walk, coverage_walk
from crossflight.rules.measures import seat_n1_person_days

CERTAIN = 1e9  # a gamma of this shape is its mean


def given(**per: float) -> Rates:
    """Rates that are known, all others all but zero; nothing slips and a stand-down is a day."""
    held = Duration(1.0, 0.0, 0, 0.0, 0.0, 0.0)
    made = {name: Rate("", CERTAIN, CERTAIN / max(per.get(name, 0.0), 1e-12), 0, 0.0) for name in RATES}
    return Rates(**made, slip_share=(1e-9, CERTAIN), slip=held, stand_down_days=held, grounding_days=held,
                 outage_days=held)  # fmt: skip


def days_unattended(t: Traffic, r: Rates, n: int) -> np.ndarray:
    return sample(Campaign((t,), r, 3), n).plans[0].unattended_any


def test_expected_days_after_aborts_are_those_worked_out_by_hand() -> None:
    """Three launches, each aborted with probability p: all eight cases, by hand.

    F0 must go on day 39, F1 lives to 70, F2 to 100, and F3 stays to the end.  Whoever comes last stays to its
    life's end if it waits for somebody; F2 and F1 wait for F3.
    """
    p = 0.3
    # (F1 lost, F2 lost, F3 lost): days nobody is there.
    by_hand = {
        (0, 0, 0): 0,
        (1, 0, 0): 60 - 39,
        (0, 1, 0): 90 - 70,
        (1, 1, 0): 90 - 39,
        (0, 0, 1): 120 - 100,
        (1, 0, 1): (60 - 39) + (120 - 100),
        (0, 1, 1): 120 - 70,
        (1, 1, 1): 120 - 39,
    }
    expected = sum(days * math.prod(p if lost else 1 - p for lost in case) for case, days in by_hand.items())
    e = estimate(days_unattended(traffic(), given(abort=p), 20_000))
    assert set(np.round(days_unattended(traffic(), given(abort=p), 2_000), 6)) == set(by_hand.values())
    assert abs(e.mean - expected) < 4 * (e.mean - e.ci95[0]) / 1.96


def test_expected_days_after_early_returns_are_an_exponential_integral() -> None:
    """Only the last craft counts: docked on day 90, nobody after it, gone after an exponential time."""
    rate_per_year = 12.0
    t = traffic(1)
    # One craft from before the beginning to the end: it leaves at its life's end, so give it no end.
    t = replace(t, limit=np.array([1e9]))
    per_day = rate_per_year / 365.25
    expected = 120 - (1 - math.exp(-120 * per_day)) / per_day
    e = estimate(days_unattended(t, given(early_return=rate_per_year), 20_000))
    assert abs(e.mean - expected) < 4 * (e.mean - e.ci95[0]) / 1.96


def test_medical_returns_are_per_person() -> None:
    t = replace(traffic(1), limit=np.array([1e9]))
    two = days_unattended(t, given(medical_return=3.0), 4_000)
    as_craft = days_unattended(t, given(early_return=6.0), 4_000)
    mean, (low, high) = difference(two, as_craft)
    assert low < 0 < high, mean


def test_groundings_are_poisson_in_years() -> None:
    """With a fleet down for a day at a time, a launch is late if a grounding began within the day before."""
    t = traffic()
    r = given(grounding=36.525)
    late = []
    for chunk in range(8):
        luck = luck_of((t,), r, 3, np.arange(chunk * 500, chunk * 500 + 500))
        late.append(fly(t, troubles_of(t, r, luck)).launch[:, 1] > 30)
    share, expected = float(np.mean(late)), 1 - math.exp(-0.1)
    assert abs(share - expected) < 4 * math.sqrt(expected * (1 - expected) / 4000)


def bad_luck(t: Traffic, n: int) -> tuple[Troubles, Flown]:
    """Everything happens often."""
    base = rates()
    often = replace(base, **{name: replace(getattr(base, name), prior_shape=20.0) for name in RATES})
    luck = luck_of((t,), often, 11, np.arange(n))
    troubles = troubles_of(t, often, luck)
    return troubles, fly(t, troubles)


def as_plan(scenario: Scenario, plan: Plan, t: Traffic, f: Flown, row: int) -> tuple[Scenario, Plan]:
    """What became of a plan as a plan of its own, every flight with a craft of its own."""
    flights, craft, moves = [], [], []
    by_name = {x.name: x for x in plan.flights}
    for k, name in enumerate(t.names):
        if f.is_lost[row, k]:
            continue
        undock = f.undock[row, k]
        if np.isfinite(f.unusable[row, k]):
            heir = f.heir[row, k]
            undock = np.inf if heir < 0 else f.dock[row, heir] + 1e-3
        at = scenario.from_utc.plus_days
        flights.append(
            replace(
                by_name[name],
                craft=name,
                launch_utc=at(f.launch[row, k]),
                dock_utc=at(f.dock[row, k]),
                undock_utc=at(undock) if undock < t.end else None,
                landing_utc=None,
                crew_up=by_name[name].crew_up if f.is_up[row, k] else (),
            )
        )
        unusable = at(f.unusable[row, k]) if np.isfinite(f.unusable[row, k]) else None
        craft.append(Craft(name, by_name[name].vehicle_type, unusable_from_utc=unusable))
        owner, here = k, k
        while f.is_up[row, owner] and f.heir[row, here] >= 0 and np.isfinite(f.unusable[row, here]):
            heir = int(f.heir[row, here])
            moves += [
                SeatMove(at(f.dock[row, heir]), p, t.names[here], t.names[heir])
                for p in by_name[t.names[owner]].crew_up
            ]
            here = heir
    return replace(scenario, craft=tuple(craft)), replace(
        plan, flights=tuple(flights), seat_moves=tuple(moves)
    )


@pytest.mark.parametrize("is_integrated", [True, False])
def test_what_is_measured_of_samples_is_what_the_checker_measures(is_integrated: bool) -> None:
    scenario, plan = regular_traffic(is_integrated=is_integrated, years=2)
    t = traffic_of(scenario, plan)
    _, f = bad_luck(t, 60)
    c = cover_of(t, f)
    assert f.is_lost.any()
    assert f.is_early.any()
    assert f.is_forced.any()
    assert (f.heir >= 0).any()
    for row in range(60):
        walk = Walk(*as_plan(scenario, plan, t, f, row))
        found = coverage_walk(walk)
        assert c.unattended_any[row] == pytest.approx(found.unattended_days, abs=1e-6)
        # An unusable craft stays a moment longer in the plan; it covers nothing.
        assert c.uncovered[row] == pytest.approx(found.operator_n1_uncovered_days, abs=1e-6)
        assert c.seat_person_days[row] == pytest.approx(seat_n1_person_days(walk), abs=1e-6)


@pytest.mark.parametrize(("from_utc", "to_utc"), [e[1:] for e in ERAS])
def test_a_flown_era_without_troubles_is_measured_as_the_checker_does(from_utc, to_utc) -> None:
    """With planned seat moves, visitors, uncrewed craft."""
    scenario, plan = era(from_utc, to_utc)
    t = traffic_of(scenario, plan)
    c = cover_of(t, fly(t, Troubles.none(1, t.n)))
    walk = Walk(scenario, plan)
    found = coverage_walk(walk)
    assert c.unattended_any[0] == pytest.approx(found.unattended_days, abs=1e-6)
    assert c.uncovered[0] == pytest.approx(found.operator_n1_uncovered_days, abs=1e-6)
    assert c.seat_person_days[0] == pytest.approx(seat_n1_person_days(walk), abs=1e-6)


def test_nobody_moves_a_seat_before_a_return_that_nobody_foresaw() -> None:
    """Rubio's seat went from MS-22 to Crew-5 in January 2023; had Crew-5 left in October, he had stayed."""
    scenario, plan = era(INTEGRATED_UTC, ERAS[2][2])
    t = traffic_of(scenario, plan)
    crew_5 = t.names.index("Crew-5")
    troubles = Troubles.none(1, t.n)
    troubles.return_after[0, crew_5] = 12.0
    c = cover_of(t, fly(t, troubles))
    assert c.unattended_any[0] == 0


def test_two_plans_have_the_same_luck() -> None:
    scenario, plan = regular_traffic(is_integrated=True)
    t = traffic_of(scenario, plan)
    alike = sample(Campaign((t, t), rates(), 5), 500).plans
    assert alike[0].unattended_any.tobytes() == alike[1].unattended_any.tobytes()
    other = traffic_of(*regular_traffic(is_integrated=False))
    this, that = sample(Campaign((t, other), rates(), 5), 1000).plans
    # The same flights are lost and the same craft fail, whoever sits in them.
    assert this.n_lost.tobytes() == that.n_lost.tobytes()
    assert this.n_unusable.tobytes() == that.n_unusable.tobytes()
    _, paired = difference(that.unattended_any, this.unattended_any)
    apart = estimate(this.unattended_any).ci95, estimate(that.unattended_any).ci95
    unpaired = math.hypot(*(high - low for low, high in apart))
    assert paired[1] - paired[0] < unpaired


def test_a_rate_doubled_brings_the_same_events_and_more() -> None:
    t = traffic_of(*regular_traffic(is_integrated=True))
    luck = luck_of((t,), rates(), 5, np.arange(500))
    some, more = (
        troubles_of(t, rates(), luck, Changed("", dict.fromkeys(RATES, 2.0) if is_more else {}))
        for is_more in (False, True)
    )
    assert (more.is_lost | ~some.is_lost).all()
    assert more.is_lost.sum() > some.is_lost.sum()
    assert (more.unusable_after < some.unusable_after).all()
    assert more.slip_days.tobytes() == some.slip_days.tobytes()


def test_mean_of_the_worst_twentieth() -> None:
    assert cvar95(np.arange(100.0)) == pytest.approx(97.0)
    # 1.5 of 30: the worst and half of the next.
    assert cvar95(np.arange(30.0)) == pytest.approx((29 + 0.5 * 28) / 1.5)
    assert cvar95(np.array([7.0])) == pytest.approx(7.0)
    assert cvar95(np.zeros(40)) == 0


def test_the_interval_of_a_mean_covers_it_nineteen_times_in_twenty() -> None:
    found = np.random.default_rng(1).exponential(3.0, (2000, 200))
    is_in = [low < 3.0 < high for low, high in (estimate(row).ci95 for row in found)]
    assert 0.92 < np.mean(is_in) < 0.96  # a skew distribution and 200 of each: a little less


def test_posteriors_by_hand() -> None:
    x = Rate("craft-year", 0.5, 10.0, 2, 15.0)
    assert x.prior == pytest.approx(0.05)
    assert x.mean == pytest.approx(2.5 / 25.0)
    found = Duration.of((math.e**2, 1.0, 1.0), [math.e**3, math.e**4])
    assert found.mean == pytest.approx((2 + 3 + 4) / 3)
    # Pooled about the posterior mean: 1 of the prior's sigma, 1 + 0 + 1 of the values.
    assert found.sigma == pytest.approx(math.sqrt((1 + 2) / 3))
    assert Duration.of((5.0, 1.0, 1.0), []).median == pytest.approx(5.0)


def test_rates_leave_out_the_stretch_that_is_to_be_predicted() -> None:
    everything, without = rates(), rates(ERAS[2][1:])
    assert everything.unusable.n_events == 2
    assert without.unusable.n_events == 0
    assert without.unusable.exposure < everything.unusable.exposure
    assert without.slip.n == 0
    assert rates(ERAS[0][1:]).abort.n_events == 0


def test_every_flown_era_lies_within_its_prediction() -> None:
    from crossflight.app.validation.stress_eras import stress_eras_section

    figures = stress_eras_section(1000).figures
    for name in ("soyuz_only", "no_cosmonauts_on_dragon", "integrated_crews"):
        # The lower end of the interval is 0 as well: that nothing happens must not be the odd one out.
        assert figures[f"{name}_unattended_real"] == 0
        assert figures[f"{name}_none_share"] > 0.025
