"""Use case: how fresh is what we ship, and where are compiled models kept."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from crossflight import __version__
from crossflight.app.orbit_file import ARCHIVE, read_orbit_file
from crossflight.dynamics.compiled import CACHE_VARIABLE, cache_directory
from crossflight.dynamics.tables import TableSpan, table_spans

SCHEMA: Final = "crossflight.doctor/1"
_LIBRARIES: Final = ("heyoka", "numpy", "ortools", "pyerfa", "sgp4")


@dataclass(frozen=True, slots=True)
class Health:
    """Versions, tables with their dates, and the cache of compiled models."""

    versions: dict[str, str]
    tables: tuple[TableSpan, ...]
    cache: Path
    n_cached: int
    cached_mb: float


def health() -> Health:
    """Look at everything; computes and downloads nothing."""
    archive = read_orbit_file(ARCHIVE)
    elements = TableSpan(
        "ISS element sets",
        f"{len(archive.elements)} genuine sets shipped as 'archive'",
        archive.first_utc,
        archive.last_utc,
        "the last set is used with a sigma that grows with its age; give newer elements with --elements",
    )
    directory = cache_directory()
    try:
        sizes = [p.stat().st_size for p in directory.iterdir() if p.is_file()] if directory.is_dir() else []
    except OSError:
        sizes = []
    versions = {"crossflight": __version__, "python": platform.python_version()}
    versions |= {name: version(name) for name in _LIBRARIES}
    return Health(versions, (*table_spans(), elements), directory, len(sizes), sum(sizes) / 1e6)


def document(found: Health) -> dict[str, object]:
    """The JSON document ``crossflight.doctor/1``."""
    return {
        "schema": SCHEMA,
        "versions": found.versions,
        "tables": [
            {
                "name": t.name,
                "source": t.source,
                "first_utc": None if t.first_utc is None else t.first_utc.iso(),
                "last_utc": None if t.last_utc is None else t.last_utc.iso(),
                "past_the_end": t.past_the_end,
            }
            for t in found.tables
        ],
        "cache": {
            "directory": str(found.cache),
            "variable": CACHE_VARIABLE,
            "n_models": found.n_cached,
            "megabytes": round(found.cached_mb, 1),
        },
    }
