"""Random numbers: a sample's are the same whoever draws them; and what approaches do with them."""

import numpy as np
import pytest

from crossflight.errors import UsageError
from crossflight.flight.proximity_errors import Errors, Misfortune, errors_of
from crossflight.rng import NormalSeries, normals, stream

PINNED = [0.116812475795, 0.087485117598]


def test_a_stream_is_its_seed_sample_and_purpose() -> None:
    first = stream(1, 2, "wind").standard_normal(4)
    assert np.array_equal(first, stream(1, 2, "wind").standard_normal(4))
    others = [stream(2, 2, "wind"), stream(1, 3, "wind"), stream(1, 2, "rain"), stream(12, 0, "wind")]
    assert all(not np.array_equal(first, s.standard_normal(4)) for s in others)


def test_the_numbers_are_pinned() -> None:
    # A change of these is a change of every seeded result.
    assert stream(0, 0, "x").standard_normal(2).tolist() == normals(0, [0], "x", 2)[:, 0].tolist()
    assert [round(v, 12) for v in stream(42, 7, "pin").random(2).tolist()] == PINNED


def test_many_are_each_alone() -> None:
    together = normals(5, range(10), "a", 3)
    assert np.array_equal(together[:, 4:6], normals(5, [4, 5], "a", 3))
    series, alone = NormalSeries(5, range(10), "a", 3), NormalSeries(5, [7], "a", 3)
    for _ in range(600):
        assert np.array_equal(series.step()[:, 7:8], alone.step())


def test_a_series_goes_on_where_a_block_ends() -> None:
    series = NormalSeries(9, [3], "b", 2)
    rows = np.array([series.step()[:, 0].copy() for _ in range(520)])
    assert np.array_equal(rows.ravel(), stream(9, 3, "b").standard_normal(1040))


def test_they_are_normal() -> None:
    values = normals(0, range(2000), "c", 4)
    assert abs(values.mean()) < 0.05
    assert values.std() == pytest.approx(1, abs=0.03)
    assert abs(np.corrcoef(values)[0, 1]) < 0.08


def test_errors_are_as_large_as_they_say() -> None:
    errors = Errors(scale=2.0)
    met = Misfortune(errors, 0, range(4000), 2.0)
    states = np.zeros((6, 4000))
    seen = met.navigated(states, np.full(4000, 500.0))
    place = 2 * np.hypot(0.02 + 0.003 * 500, 0.02 + 0.002 * 500)
    assert seen[:3].std() == pytest.approx(place, rel=0.03)
    assert seen[3:].std() == pytest.approx(2 * (0.003 + 2e-6 * 500), rel=0.03)
    for _ in range(100):
        met.step()
    later = met.navigated(states, np.full(4000, 500.0))
    assert later[3:].std() == pytest.approx(seen[3:].std(), rel=0.05)
    assert abs(np.corrcoef(later[4], seen[4])[0, 1]) < 0.1


def test_without_errors_navigation_and_thrust_are_exact() -> None:
    met = Misfortune(Errors(scale=0.0), 0, range(3), 2.0)
    met.step()
    states = np.arange(18.0).reshape(6, 3)
    assert np.array_equal(met.navigated(states, np.full(3, 1e3)), states)
    assert np.array_equal(met.thrust(states[:3]), states[:3])


def test_usual_errors_are_smaller_for_the_smaller_box() -> None:
    assert errors_of("idss").bias_m < errors_of("probe-drogue").bias_m
    assert errors_of("idss", 3.0).scale == 3.0


@pytest.mark.parametrize("bad", [{"scale": -1.0}, {"bias_m": float("nan")}, {"noise_time_s": 0.0}])
def test_errors_that_are_none_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Errors(**bad)
