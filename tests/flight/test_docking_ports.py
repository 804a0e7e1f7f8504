"""Ports, keep-out volumes and contact boxes."""

import numpy as np
import pytest

from crossflight.errors import UsageError
from crossflight.flight.approach import approach_of
from crossflight.flight.craft import craft_of
from crossflight.flight.docking import (
    LIMITS,
    Contacts,
    failed_checks,
    first_contact,
    limits_of,
    nose_swing,
)
from crossflight.flight.keep_out import is_in_corridor, is_in_ellipsoid, is_in_sphere, is_violated, norm
from crossflight.flight.ports import PORTS, DockingPort, port_of
from crossflight.times import Instant

IDSS, PROBE = LIMITS["idss"], LIMITS["probe-drogue"]


@pytest.mark.parametrize("port", PORTS, ids=lambda p: p.name)
def test_axes_point_out_of_the_station(port: DockingPort) -> None:
    axis = np.array(port.axis)
    assert np.linalg.norm(axis) == 1
    # Farther out along the axis is farther from the station.
    assert np.linalg.norm(port.place_m(200)) > np.linalg.norm(port.place_m(100)) > 90
    assert axis @ port.position_m > 0


@pytest.mark.parametrize(
    ("written", "name"),
    [("Rassvet nadir", "rassvet"), ("Zvezda aft", "zvezda-aft"), ("harmony-zenith", "harmony-zenith")],
)
def test_ports_are_found_as_scenarios_write_them(written: str, name: str) -> None:
    assert port_of(written).name == name


def test_a_wrong_docking_system_says_which_ports_would_do() -> None:
    with pytest.raises(
        UsageError, match="probe-drogue docking system cannot dock at harmony-forward"
    ) as caught:
        port_of("harmony-forward", "probe-drogue")
    assert "rassvet" in caught.value.hint
    with pytest.raises(UsageError, match="no docking port 'raswet'") as caught:
        port_of("raswet")
    assert "did you mean rassvet?" in caught.value.hint
    with pytest.raises(UsageError, match="crew-dragon docks by idss"):
        approach_of(craft_of("crew-dragon"), port_of("poisk"))
    with pytest.raises(UsageError, match="apas-95"):
        limits_of("apas-95")


def test_volumes_contain_what_they_should() -> None:
    places = np.array([[1999, 0, 0], [2001, 0, 0], [0, 999, 0], [0, 0, 1001], [0, 0, 199]], float).T
    assert is_in_ellipsoid(places).tolist() == [True, False, True, False, True]
    assert is_in_sphere(places).tolist() == [False, False, False, False, True]


@pytest.mark.parametrize("port", PORTS, ids=lambda p: p.name)
def test_the_corridor_is_a_cone_about_the_axis(port: DockingPort) -> None:
    across = np.roll(np.array(port.axis), 1)
    for distance in (5.0, 50.0, 150.0):
        inside = (port.place_m(distance) + across * (0.9 + distance * 0.17))[:, None]
        outside = (port.place_m(distance) + across * (1.1 + distance * 0.18))[:, None]
        assert is_in_corridor(port, inside)[0]
        assert not is_in_corridor(port, outside)[0]
        assert is_violated(port, outside)[0] == (norm(outside)[0] < 200)
        assert not is_violated(port, inside)[0]
    behind = port.place_m(-20.0)[:, None] + 3 * across[:, None]
    assert not is_in_corridor(port, behind)[0]


GOOD = {
    "closing_m_s": 0.07,
    "lateral_m_s": 0.01,
    "y_m": 0.03,
    "z_m": -0.04,
    "angle_deg": 1.0,
    "roll_deg": -1.0,
    "rate_deg_s": 0.1,
}


def contacts(**changes: float) -> Contacts:
    values = {k: np.array([v]) for k, v in {**GOOD, **changes}.items()}
    return Contacts(np.array([600.0]), **values, limits=IDSS)


def test_a_good_contact_is_within_the_idss_box() -> None:
    assert contacts().is_within[0]
    contact = contacts().contact(0, Instant.of(2022, 9, 21))
    assert contact is not None
    assert contact.is_within_limits
    assert contact.utc == Instant.of(2022, 9, 21, 0, 10)
    assert contact.limits == "idss"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("closing_m_s", 0.049),
        ("closing_m_s", 0.101),
        ("lateral_m_s", 0.041),
        ("y_m", 0.092),
        ("z_m", -0.096),
        ("angle_deg", 4.1),
        ("roll_deg", -4.1),
        ("rate_deg_s", 0.21),
    ],
)
def test_each_limit_of_the_box_binds(name: str, value: float) -> None:
    assert not contacts(**{name: value}).is_within[0]


def test_no_contact_is_none() -> None:
    none = Contacts(*(np.array([np.nan]) for _ in range(8)), limits=PROBE)
    assert none.contact(0, Instant.of(2022, 9, 21)) is None
    assert not none.is_within[0]


@pytest.mark.parametrize("port", PORTS, ids=lambda p: p.name)
def test_contact_is_found_between_two_states(port: DockingPort) -> None:
    nose, axis = 4.0, np.array(port.axis)
    across = np.roll(axis, 1)
    before = np.concatenate([port.place_m(nose + 0.3) + 0.05 * across, -0.2 * axis + 0.01 * across])
    after = before + np.concatenate([2 * before[3:], np.zeros(3)])
    none = np.zeros((3, 1))
    met, share, found = first_contact(port, nose, before[:, None], after[:, None], none, none)
    assert met[0]
    assert share[0] == pytest.approx(0.75)
    closing, lateral_rate, y, z, angle, roll, rate = (float(f[0]) for f in found)
    assert closing == pytest.approx(0.2)
    assert lateral_rate == pytest.approx(0.01)
    assert y == pytest.approx(0.05 + 0.015)
    assert z == pytest.approx(0)
    assert (angle, roll, rate) == (0, 0, 0)
    assert not first_contact(port, nose, before[:, None], before[:, None], none, none)[0][0]


def test_pitch_and_yaw_swing_the_nose_and_roll_does_not() -> None:
    port = port_of("rassvet")
    swing = nose_swing(port, 4.0, np.array([[0.01, 0, 0], [0, 0.01, 0], [0, 0, 0.01]]))
    assert np.allclose(norm(swing), [0.04, 0.04, 0])
    assert np.allclose(np.array(port.axis) @ swing, 0)


def test_the_last_check_names_what_is_wrong() -> None:
    zero = np.zeros((3, 1))
    good = failed_checks(IDSS, np.array([0.07]), np.array([0.01]), zero, zero, zero)
    assert not any(bad[0] for bad in good.values())
    bad = failed_checks(IDSS, np.array([0.12]), np.array([0.05]), zero + 0.1, zero + 0.1, zero)
    assert all(b[0] for b in bad.values())
