"""Trajectory safety: free drift and active aborts."""

import numpy as np
import pytest

from crossflight.flight.approach import approach_of, usual_arrival
from crossflight.flight.craft import craft_of
from crossflight.flight.keep_out import norm
from crossflight.flight.local_frame import Target
from crossflight.flight.ports import PORTS, DockingPort, port_of
from crossflight.flight.proximity import fly_proximity
from crossflight.flight.safety import DAY_S, aborts, drift_closest_m, drift_enters_ellipsoid

TARGET = Target.circular()
N = TARGET.rate_rad_s
DRAG = TARGET.drag_difference_m_s2(0.004)


def column(*values: float) -> np.ndarray:
    return np.array(values, float)[:, None]


def test_a_co_elliptic_orbit_below_is_safe_for_a_day() -> None:
    below = column(-7000, 0, 2500, 1.5 * N * 2500, 0, 0)
    assert not drift_enters_ellipsoid(below, TARGET, DRAG, DAY_S)[0]
    assert drift_closest_m(below, TARGET, DRAG, DAY_S)[0] > 1500


def test_a_course_for_the_station_is_not_safe() -> None:
    towards = column(-2000, 0, 0, 3.0, 0, 0)
    aimed = column(-7000, 0, 800, 1.5 * N * 800, 0, 0)
    assert drift_enters_ellipsoid(np.hstack([towards, aimed]), TARGET, DRAG, DAY_S).all()


def test_staying_ahead_drifts_in_within_orbits_because_the_station_is_braked_more() -> None:
    ahead = column(240, 0, 0, 0, 0, 0)
    assert drift_closest_m(ahead, TARGET, DRAG, 0.5 * TARGET.period_s)[0] > 200
    assert drift_closest_m(ahead, TARGET, DRAG, 3 * TARGET.period_s)[0] < 200
    assert drift_closest_m(ahead, TARGET, 0.0, 3 * TARGET.period_s)[0] == pytest.approx(240, abs=1)


@pytest.mark.parametrize("port", PORTS, ids=lambda p: p.name)
def test_every_approach_can_be_broken_off(port: DockingPort) -> None:
    speed = 0.15
    states = [
        np.concatenate([port.place_m(d), -min(speed + d / 200, 1.0) * np.array(port.axis)])
        for d in (10, 20, 50, 100, 200)
    ]
    is_safe, dv = aborts(np.array(states).T, port, TARGET, DRAG, 0.06)
    assert is_safe.all()
    assert (dv < 3).all()
    assert (dv > speed).all()


def test_too_weak_an_engine_cannot_break_off() -> None:
    port = port_of("harmony-forward")
    fast = np.concatenate([port.place_m(60), [-5.0, 0, 0]])[:, None]
    assert aborts(fast, port, TARGET, DRAG, 1.0)[0][0]
    assert not aborts(fast, port, TARGET, DRAG, 0.01)[0][0]


def test_an_abort_clears_the_station_in_its_own_motion() -> None:
    # Backing off along V-bar brings the craft over the station half an orbit later: high enough.
    port = port_of("harmony-forward")
    near = np.concatenate([port.place_m(30), [-0.1, 0, 0]])[:, None]
    is_safe, _ = aborts(near, port, TARGET, DRAG, 0.06)
    assert is_safe[0]
    gone = near.copy()
    gone[3:, 0] = 0.5, 0, 0
    assert drift_closest_m(gone, TARGET, DRAG, 3 * TARGET.period_s)[0] == pytest.approx(
        norm(near[:3])[0], abs=1
    )


def test_verdicts_name_a_broken_rule() -> None:
    craft, port = craft_of("crew-dragon"), port_of("harmony-forward")
    usual = usual_arrival(approach_of(craft, port), N)
    good = fly_proximity(usual, TARGET, port, craft)
    assert {v.rule: v.is_ok for v in good.verdicts}["drift-before-approach"]
    assert [v.rule for v in good.verdicts] == [
        "drift-before-approach",
        "drift-in-ellipsoid",
        "active-abort",
        "keep-out-sphere",
        "contact-box",
    ]
    # An arrival that was let fall towards the station.
    falling = usual.copy()
    falling[3] += 0.8
    bad = fly_proximity(falling, TARGET, port, craft)
    assert not {v.rule: v.is_ok for v in bad.verdicts}["drift-before-approach"]
