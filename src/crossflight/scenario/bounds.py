"""What numbers and texts may be, by the unit that stands in the name of the field.

No scenario needs the limits; they catch slips and keep arithmetic on instants in range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crossflight.times import Instant

N_NAME_CHARACTERS_MAX: Final = 200
N_PROSE_CHARACTERS_MAX: Final = 5_000
# Texts that may be empty and may have several lines; every other text is a name.
PROSE: Final = frozenset({"title", "why", "reason", "source", "note", "overrides"})
# Names whose absence the model writes as "".
MAY_BE_EMPTY: Final = frozenset({"suit", "flight_name", "price_unit", "binds_from_docking_of"})
YEAR_MIN: Final = 1950
YEAR_MAX: Final = 2200
INSTANT_MIN: Final = Instant.of(YEAR_MIN, 1, 1)
INSTANT_MAX: Final = Instant.of(YEAR_MAX, 1, 1)


@dataclass(frozen=True, slots=True)
class Range:
    """Least and greatest value, in `unit`; `is_open` leaves out the least."""

    least: float
    greatest: float
    unit: str = ""
    is_open: bool = False

    def refusal(self, value: float) -> str:
        """Why `value` is refused, or nothing."""
        unit = f" {self.unit}" if self.unit else ""
        if value < self.least or (self.is_open and value == self.least):
            than = "more than" if self.is_open else "at least"
            return f"it must be {than} {self.least:g}{unit}"
        if value > self.greatest:
            return f"it must be at most {self.greatest:g}{unit}"
        return ""


_CENTURY_DAYS: Final = 36_525.0
_EXACT: Final = {
    "latitude_deg": Range(-90, 90, "deg"),
    "longitude_deg": Range(-180, 360, "deg"),
    "ascent_hours": Range(0, 24 * 365, "h", is_open=True),
    "return_hours": Range(0, 24 * 365, "h", is_open=True),
    "duration_days": Range(0, 3_652.5, "d", is_open=True),
    "on_orbit_life_days": Range(0, _CENTURY_DAYS, "d", is_open=True),
    "n_crew_nominal": Range(0, 1_000, "people"),
    "crew_patterns": Range(0, 1_000, "seats"),
    "ledger_bound": Range(0, 1_000, "seats"),
    "flight_number": Range(0, 1_000_000),
    "seed": Range(0, 2**63 - 1),
    # A worth can be taken off a price, so a value and its bound can be below zero.
    "value": Range(-1e15, 1e15),
    "bound": Range(-1e15, 1e15),
    "gap": Range(0, 1e15),
}
_BY_UNIT: Final = (
    ("_days", Range(0, _CENTURY_DAYS, "d")),
    ("_hours", Range(0, 24 * _CENTURY_DAYS, "h")),
    ("_kg", Range(0, 1e9, "kg")),
    ("_deg", Range(0, 90, "deg")),
    ("_msv", Range(0, 1e6, "mSv")),
)
_COUNT: Final = Range(0, 1_000)
_OTHER: Final = Range(0, 1e12)


def range_of(name: str) -> Range:
    """The range of a number called `name`; nothing but the listed exceptions goes below zero."""
    exact = _EXACT.get(name)
    if exact is not None:
        return exact
    stem = name.removesuffix("_min").removesuffix("_max")
    for suffix, found in _BY_UNIT:
        if stem.endswith(suffix) or stem == suffix[1:]:
            return found
    return _COUNT if name.startswith("n_") else _OTHER
