"""Single disruptions, endurance and slip margins of a station worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from one_line_station import N_DAYS, day, station, traffic, with_rules

from crossflight.app.validation.stress_eras import regular_traffic
from crossflight.resilience.endurance import endurances
from crossflight.resilience.margin import DAYS_MAX, slip_margins
from crossflight.resilience.singles import singles


def test_every_subject_is_tried_and_the_worst_comes_first() -> None:
    found = singles(*station())
    by_key = {(s.disruption.kind, s.disruption.subject): s for s in found}
    kinds = {kind for kind, _ in by_key}
    assert kinds == {
        "slip", "launch-abort", "craft-unusable", "early-return", "fleet-grounded", "pad-out",
        "port-closed", "person-unavailable",
    }  # fmt: skip
    assert {s for kind, s in by_key if kind == "launch-abort"} == {"F1", "F2", "F3"}
    assert {s for kind, s in by_key if kind == "early-return"} == {"F0", "F1", "F2", "F3"}
    assert {s for kind, s in by_key if kind == "craft-unusable"} == {"F0", "F1", "F2", "F3"}
    assert {s for kind, s in by_key if kind == "port-closed"} == {"near", "far"}
    assert {s for kind, s in by_key if kind == "person-unavailable"} == {
        f"F{k} {x}" for k in (1, 2, 3) for x in "ab"
    }
    assert [s.weight for s in found] == sorted((s.weight for s in found), reverse=True)


def test_what_each_does_by_hand() -> None:
    by_key = {(s.disruption.kind, s.disruption.subject): s for s in singles(*station())}
    # F1's abort stands the rocket down 53 days, to day 83: F0 leaves on 39.
    assert by_key["launch-abort", "F1"].unattended_days == 83 - 39
    # F3's: F2 leaves at its life's end on day 100.
    assert by_key["launch-abort", "F3"].unattended_days == 20
    # A month late, F1 comes on day 60 and F2 the day after.
    assert by_key["slip", "F1"].unattended_days == 60 - 39
    assert by_key["slip", "F1"].n_forced == 1
    # Half a year without rocket, pad or near port: from before day 30 on only F0 until 39.
    assert by_key["fleet-grounded", "Ferry"].unattended_days == N_DAYS - 39
    assert by_key["pad-out", "pad"].unattended_days == N_DAYS - 39
    # The earliest return that leaves nobody: F0's, on the first day.
    assert abs(by_key["early-return", "F0"].unattended_days - 30) < 0.1
    assert by_key["early-return", "F0"].disruption.at_utc.days_since(day(0)) < 0.1
    # Its crew waits from then on for F1, which comes on day 30 without a crew.
    assert by_key["craft-unusable", "F0"].n_seatless == 2
    assert abs(by_key["craft-unusable", "F0"].seatless_person_days - 60) < 0.1
    assert by_key["craft-unusable", "F3"].n_seatless == 2
    # Two operators sit in each craft: one less leaves the other.
    assert by_key["person-unavailable", "F1 a"].unattended_days == 0


def test_endurance_is_until_the_last_craft_has_to_leave() -> None:
    (found,) = endurances(traffic())
    assert found.provider == "A"
    # To the last launch, on day 90.
    assert found.start.tolist() == list(range(91))
    # On day 0 only F0 is there, to day 39; the day after F1's launch F1 is, to day 70.
    assert found.unattended[0] == 39
    assert found.unattended[30] == 39 - 30
    assert found.unattended[31] == 70 - 31
    assert found.unattended[90] == 100 - 90
    assert found.days.tolist() == found.unattended.tolist() == found.life.tolist()
    assert np.isinf(found.seatless).all()


def test_no_launch_left_to_lose_is_not_asked_about() -> None:
    assert endurances(traffic(), from_day=91) == ()
    assert endurances(traffic(1)) == ()
    (found,) = endurances(traffic(), from_day=88.5)
    assert found.start.tolist() == [89, 90]


def test_integrated_crews_outlast_either_provider() -> None:
    from crossflight.resilience.traffic import traffic_of

    apart = endurances(traffic_of(*regular_traffic(is_integrated=False, years=2)))
    mixed = endurances(traffic_of(*regular_traffic(is_integrated=True, years=2)))
    for alone, together in zip(apart, mixed, strict=True):
        assert np.isfinite(alone.unattended).mean() > 0.4
        assert np.isinf(together.unattended).all()
        assert together.life.tolist() == alone.life.tolist()


def test_a_flight_slips_until_the_checker_refuses() -> None:
    """F1 cannot dock when it is to leave, nor within a day of F2."""
    scenario, plan = station()
    # Lift-off comes before docking and landing after undocking, else the plan itself breaks flight_times.
    flights = tuple(
        replace(
            f,
            launch_utc=f.launch_utc.plus_days(-0.1),
            landing_utc=f.undock_utc and f.undock_utc.plus_days(0.1),
        )
        for f in plan.flights
    )
    plan = replace(plan, flights=flights)
    by_rule = {}
    for rules in ({}, {"flight_times": "hard"}, {"docking_spacing": "hard"}):
        found = list(slip_margins(with_rules(scenario, **rules), plan))
        assert [m.flight for m in found] == ["F1", "F2", "F3"]
        by_rule[tuple(rules)] = found[0]
    assert by_rule[()].days == DAYS_MAX
    # It is to leave on day 62.
    assert (by_rule["flight_times",].days, by_rule["flight_times",].rule) == (31, "flight_times")
    # F2 docks on day 60; a day apart is wanted.
    assert (by_rule["docking_spacing",].days, by_rule["docking_spacing",].rule) == (29, "docking_spacing")
    assert "F" in by_rule["docking_spacing",].message


def test_what_was_broken_before_is_not_held_against_a_slip() -> None:
    """A handover of two days where five are wanted is the plan's; one that is missed is the slip's."""
    scenario, plan = station()
    found = next(iter(slip_margins(with_rules(scenario, handover="hard", docking_spacing="hard"), plan)))
    assert (found.days, found.rule) == (29, "docking_spacing")
