"""Where the genuine flight plan is: NASA's of September 2023, as Sundarith/csv-file published it."""

from collections.abc import Callable
from pathlib import Path

from crossflight.app.import_ import ImportOutcome

Import = Callable[..., ImportOutcome]
NASA = Path(__file__).parent / "nasa_flight_plan_2022_2025.csv"
