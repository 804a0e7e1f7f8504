"""Samples of a whole flight: without errors they are the plan, and each is its own in any company."""

from __future__ import annotations

import numpy as np
import pytest
from rendezvous_flights import flown_plan, flown_start

from crossflight.errors import UsageError
from crossflight.flight.craft import craft_of
from crossflight.flight.ports import port_of
from crossflight.flight.samples import FlownSamples, SampledFlight, fly_samples
from crossflight.flight.samples_far import FlightErrors


def sampled(name: str = "MS-22", seed: int = 1, scale: float = 1.0, **errors: float) -> SampledFlight:
    profile, port = ("2-orbit", "rassvet") if name == "MS-22" else ("18-orbit", "harmony-forward")
    _, track, vehicle, _ = flown_start(name)
    craft = craft_of(vehicle)
    used = FlightErrors(scale=scale, **errors)
    n_loaded = 2 if name == "MS-22" else 0
    plan = flown_plan(name, profile)
    return SampledFlight.of(
        plan, track, port_of(port, craft.docking), craft, seed, n_loaded=n_loaded, errors=used
    )


def flown(n: int, name: str = "MS-22", seed: int = 1, scale: float = 1.0, **errors: float) -> FlownSamples:
    return fly_samples(sampled(name, seed, scale, **errors), n)


def test_without_errors_every_sample_is_the_plan() -> None:
    found = flown(3, scale=0.0)
    plan = flown_plan("MS-22", "2-orbit")
    assert found.is_docked.all()
    # What the relative model leaves out of gravity is an error that is not scaled.
    assert np.ptp(found.contact_utc_us) < 1_000_000
    assert found.arrival_miss_m.max() < 5
    assert found.min_perigee_m.min() == pytest.approx(plan.min_perigee_m, abs=200)
    assert found.dv_m_s.min() > plan.dv_total_m_s


def test_a_sample_does_not_depend_on_what_flies_beside_it() -> None:
    few, many = flown(5), flown(40)
    assert np.array_equal(few.contact_utc_us, many.contact_utc_us[:5])
    assert few.dv_m_s == pytest.approx(many.dv_m_s[:5], rel=1e-9)
    again = flown(40)
    assert np.array_equal(many.dv_m_s, again.dv_m_s)
    assert not np.array_equal(many.dv_m_s, flown(40, seed=2).dv_m_s)


@pytest.mark.parametrize(("name", "docked_min"), [("MS-22", 298), ("Crew-5", 290)])
def test_most_samples_dock_at_the_errors_that_are_assumed(name: str, docked_min: int) -> None:
    found = flown(300, name)
    assert np.count_nonzero(found.is_docked) >= docked_min
    assert found.min_perigee_m.min() > 160_000
    first, last = found.docking_at(0.05), found.docking_at(0.95)
    assert first is not None
    assert last is not None
    assert first < last


def test_larger_errors_cost_more_and_dock_less() -> None:
    small, large = flown(150, scale=0.5), flown(150, scale=5.0)
    assert np.median(large.dv_m_s) > np.median(small.dv_m_s)
    assert np.count_nonzero(large.is_docked) <= np.count_nonzero(small.is_docked)
    assert np.median(large.arrival_miss_m) > np.median(small.arrival_miss_m)


@pytest.mark.parametrize(("n", "scale"), [(0, 1.0), (10**6, 1.0), (1, -1.0), (1, float("nan")), (1, 1e9)])
def test_numbers_without_sense_are_refused(n: int, scale: float) -> None:
    with pytest.raises(UsageError):
        flown(n, scale=scale)
