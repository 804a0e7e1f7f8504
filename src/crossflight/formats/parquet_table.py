"""Columns to Parquet files, with their types, for whoever reads tables with a program."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossflight.times import Instant

Column = NDArray[Any] | Sequence[Any]


def parquet_bytes(columns: Mapping[str, Column]) -> bytes:
    """A Parquet file of columns of equal length; instants become UTC timestamps to the microsecond.

    A column whose name ends in ``_utc_us`` is taken for instants in microseconds, 0 for none, and loses the
    ``_us``.  The same columns give the same bytes with the same version of pyarrow.
    """
    import pyarrow as pa  # type: ignore[import-untyped]  # ships no types; half a second to import
    import pyarrow.parquet as pq  # type: ignore[import-untyped]  # the same

    utc = pa.timestamp("us", tz="UTC")
    arrays = {}
    for name, column in columns.items():
        if name.endswith("_utc_us"):
            us = np.asarray(column, np.int64)
            arrays[name.removesuffix("_us")] = pa.array(us, pa.int64(), mask=us == 0).cast(utc)
        elif len(column) and isinstance(column[0], Instant):
            arrays[name] = pa.array([at.us for at in column], pa.int64()).cast(utc)
        else:
            values = np.asarray(column) if isinstance(column, np.ndarray) else list(column)
            arrays[name] = pa.array(values, from_pandas=True)
    out = io.BytesIO()
    pq.write_table(pa.table(arrays), out, compression="zstd")
    return out.getvalue()
