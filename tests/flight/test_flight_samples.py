"""Samples of a whole flight: without errors they are the plan, and each is its own in any company."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rendezvous_flights import flown_plan, flown_start

from crossflight.errors import UsageError
from crossflight.flight.craft import craft_of
from crossflight.flight.ports import port_of
from crossflight.flight.samples import CHUNK, FlownSamples, SampledFlight, fly_samples
from crossflight.flight.samples_curve import SuccessPoint, breaking_scale, success_curve
from crossflight.flight.samples_far import LOST_PERIGEE_M, FlightErrors
from crossflight.flight.samples_retargeted import retargeted_samples

OF_CONTACT = {"contact_y_m", "contact_z_m", "closing_m_s", "lateral_m_s", "angle_deg", "roll_deg"}


def sampled(name: str = "MS-22", seed: int = 1, scale: float = 1.0, **errors: object) -> SampledFlight:
    profile, port = ("2-orbit", "rassvet") if name == "MS-22" else ("18-orbit", "harmony-forward")
    _, track, vehicle, _ = flown_start(name)
    craft = craft_of(vehicle)
    used = FlightErrors(scale=scale, **errors)  # type: ignore[arg-type]
    n_loaded = 2 if name == "MS-22" else 0
    plan = flown_plan(name, profile)
    return SampledFlight.of(
        plan, track, port_of(port, craft.docking), craft, seed, n_loaded=n_loaded, errors=used
    )


def flown(n: int, name: str = "MS-22", seed: int = 1, scale: float = 1.0) -> FlownSamples:
    return fly_samples(sampled(name, seed, scale), n)


def test_without_errors_every_sample_is_the_plan() -> None:
    found = flown(3, scale=0.0)
    plan = flown_plan("MS-22", "2-orbit")
    assert found.is_docked.all()
    # What the relative model leaves out of gravity is an error that is not scaled.
    assert np.ptp(found.contact_utc_us) < 1_000_000
    assert found.arrival_miss_m.max() < 5
    assert found.min_perigee_m.min() == pytest.approx(plan.min_perigee_m, abs=200)
    assert found.dv_m_s.min() > plan.dv_total_m_s


def is_same(a: FlownSamples, b: FlownSamples, n: int) -> bool:
    other = b.columns()
    return all(values[:n].tobytes() == other[name][:n].tobytes() for name, values in a.columns().items())


def test_a_sample_is_the_same_to_the_byte_in_any_company_and_process() -> None:
    flight = sampled()
    few, many = fly_samples(flight, 50), fly_samples(flight, 300)
    assert (few.n, many.n) == (50, 300)
    assert is_same(few, many, 50)
    assert is_same(many, fly_samples(flight, 300, workers=2), 300)
    other = flown(50, seed=2)
    assert not is_same(few, other, 1)
    assert set(few.columns()) >= {"sample", "contact_y_m", "contact_z_m", "air_factor", "insertion_along_m_s"}


def test_a_dragon_too_does_not_depend_on_how_many_fly() -> None:
    flight = sampled("Crew-5")
    numbers = np.arange(CHUNK)
    whole = flight.far(numbers)
    row = flight.columns(numbers[7:8], whole.only(np.array([7])))
    run = fly_samples(flight, 8).columns()
    assert all(run[name][7:].tobytes() == values.tobytes() for name, values in row.items())


def test_a_run_that_was_stopped_goes_on_from_what_it_kept(tmp_path: Path) -> None:
    flight, folder = sampled(), tmp_path / "kept"

    def stop(done: int, n: int) -> None:
        if done == CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fly_samples(flight, 300, folder=folder, on_progress=stop)
    assert len(list(folder.iterdir())) == 1
    seen = list[tuple[int, int]]()
    found = fly_samples(flight, 300, folder=folder, on_progress=lambda done, n: seen.append((done, n)))
    assert seen == [(CHUNK, 300), (300, 300)]
    assert is_same(found, fly_samples(flight, 300), 300)
    assert not folder.exists()


def test_what_is_kept_belongs_to_one_flight_only() -> None:
    flight = sampled()
    changed = (
        replace(flight, seed=2),
        replace(flight, errors=replace(flight.errors, drag_share=0.21)),
        replace(flight, n_loaded=1),
        replace(flight, craft=replace(flight.craft, propellant_kg=flight.craft.propellant_kg + 1)),
        sampled("Crew-5"),
    )
    assert flight.key() == sampled().key()
    assert len({flight.key(), *(x.key() for x in changed)}) == 1 + len(changed)


def test_planning_anew_before_each_burn_is_hardly_cheaper_and_no_nearer() -> None:
    both = retargeted_samples(sampled(), 3)
    assert np.median(both.dv_excess_m_s) < 1.0
    assert both.dv_excess_m_s.max() < 3.0
    # Nothing to an approach that begins from a kilometre away.
    assert np.median(both.miss_excess_m) < 5.0
    assert both.miss_excess_m.max() < 50.0
    # The two are different ways to the same place.
    assert not np.array_equal(both.dv_by_gains_m_s, both.dv_anew_m_s)


def test_what_comes_down_is_lost_and_does_not_dock() -> None:
    flight = sampled("MS-22", insertion_m_s=(2.0, 60.0, 1.5))
    found = fly_samples(flight, 100)
    lost = found.min_perigee_m < LOST_PERIGEE_M
    assert 5 < np.count_nonzero(lost) < 95
    assert not found.is_docked[lost].any()
    assert (found.arrival_miss_m[lost] > 100_000).all()
    assert all(
        np.isfinite(values).all() for name, values in found.columns().items() if name not in OF_CONTACT
    )


def test_contacts_are_where_there_were_some() -> None:
    found = flown(100, scale=4.0)
    met = np.isfinite(found.closing_m_s)
    assert 0 < np.count_nonzero(~met) < 100
    assert (found.is_within_limits <= met).all()
    assert (found.is_docked <= found.is_within_limits).all()
    assert ((found.contact_utc_us > 0) == found.is_docked).all()


def test_success_falls_with_the_scale_until_it_breaks() -> None:
    points = success_curve(sampled(), 60, scales=(1.0, 8.0))
    assert points[0].docked > points[1].docked
    assert points[0].dv_p99_m_s < points[1].dv_p99_m_s
    scale = breaking_scale(points)
    assert scale is not None
    assert 1.0 < scale < 4.0


def test_the_breaking_scale_lies_between_two_points() -> None:
    points = [
        SuccessPoint(scale, 100, docked, 0, 1.0) for scale, docked in ((1.0, 100), (2.0, 95), (3.0, 75))
    ]
    assert breaking_scale(points) == pytest.approx(2.25)
    assert breaking_scale(points[:2]) is None
    assert breaking_scale(points[2:]) == 3.0


@pytest.mark.parametrize(("name", "docked_min"), [("MS-22", 298), ("Crew-5", 290)])
def test_most_samples_dock_at_the_errors_that_are_assumed(name: str, docked_min: int) -> None:
    found = flown(300, name)
    assert np.count_nonzero(found.is_docked) >= docked_min
    assert not found.is_keep_out_violated.any()
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
