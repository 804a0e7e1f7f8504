"""Parquet tables, read back by pyarrow."""

from __future__ import annotations

import datetime
import io

import numpy as np
import pyarrow.parquet as pq

from crossflight.formats.parquet_table import parquet_bytes
from crossflight.times import Instant

AT = Instant.parse("2022-09-21T13:54:49.123456Z")
COLUMNS = {
    "utc": [AT, AT.plus_s(1)],
    "event": ["=liftoff", "<img src=x>\u202e"],
    "dv_m_s": np.array([1.5, np.nan]),
    "contact_utc_us": np.array([0, AT.us]),
    "is_docked": np.array([True, False]),
    "sample": np.array([7, 8]),
}


def test_columns_come_back_with_their_types() -> None:
    read = pq.read_table(io.BytesIO(parquet_bytes(COLUMNS))).to_pylist()
    when = datetime.datetime(2022, 9, 21, 13, 54, 49, 123456, datetime.UTC)
    assert read == [
        {
            "utc": when, "event": "=liftoff", "dv_m_s": 1.5, "contact_utc": None, "is_docked": True,
            "sample": 7,
        },
        {
            "utc": when + datetime.timedelta(seconds=1), "event": "<img src=x>\u202e", "dv_m_s": None,
            "contact_utc": when, "is_docked": False, "sample": 8,
        },
    ]  # fmt: skip


def test_the_same_columns_give_the_same_bytes() -> None:
    assert parquet_bytes(COLUMNS) == parquet_bytes(COLUMNS)


def test_an_empty_table_has_its_columns() -> None:
    empty = {name: values[:0] for name, values in COLUMNS.items()}
    assert pq.read_table(io.BytesIO(parquet_bytes(empty))).num_rows == 0
