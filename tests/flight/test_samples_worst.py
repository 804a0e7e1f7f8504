"""Which samples are worth a look."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from crossflight.flight.samples import FlownSamples
from crossflight.flight.samples_worst import worst_samples


def flown(**columns: object) -> FlownSamples:
    zero = {f.name: np.zeros(5) for f in fields(FlownSamples)}
    named = {"sample": np.arange(10, 15), "is_docked": np.array([True, True, False, True, False])}
    return FlownSamples(**(zero | named | columns))  # type: ignore[arg-type]  # arrays of any kind


def test_what_did_not_dock_comes_first_and_then_each_extreme() -> None:
    found = worst_samples(
        flown(
            dv_m_s=np.array([5.0, 9.0, 99.0, 7.0, 1.0]),
            arrival_miss_m=np.array([1.0, 2.0, 30.0, 4.0, 50.0]),
            contact_y_m=np.array([3.0, 0.0, np.nan, 1.0, np.nan]),
            contact_z_m=np.array([4.0, 1.0, np.nan, 0.0, np.nan]),
        ),
        1,
    )
    assert [(w.sample, w.why, w.value) for w in found] == [
        (14, "not docked, arrival_miss_m", 50.0),
        (11, "dv_m_s", 9.0),
        (13, "arrival_miss_m", 4.0),
        (10, "contact_lateral_m", 5.0),
    ]


def test_where_nobody_docks_only_they_are_named() -> None:
    found = worst_samples(flown(is_docked=np.zeros(5, np.bool_)))
    assert {w.why for w in found} == {"not docked, arrival_miss_m"}
