"""The grain of the planning model: whole days, with fixed hours for planned events.

The model decides days; a plan holds instants.  Day 0 is the UTC date on which the scenario
begins.  A planned launch happens at 12:00 (or at the hour that was announced), the docking the
vehicle type's ascent later, an undocking at 06:00, the landing the type's return later.  A
relocation undocks at 06:00 too and docks again 40 minutes later.  Where fractions of a day matter
the model rounds so that the plan is legal: people count from the first 06:00 after they dock until
the 06:00 at which they leave.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from crossflight.model import Scenario, VehicleType
from crossflight.times import Instant

LAUNCH_HOUR = 12.0
UNDOCK_HOUR = 6.0
# Nine relocations flown with a crew, 2019 to 2024: 24 to 51 min, on average 40 (relocations.csv).
RELOCATION_HOURS = 40 / 60
_EPS_DAYS = 1e-6


@dataclass(frozen=True, slots=True)
class Grain:
    """Days of one scenario."""

    day0: Instant
    n_days: int

    @classmethod
    def of(cls, scenario: Scenario) -> Grain:
        """The grain of `scenario`."""
        day0 = scenario.from_utc.floor_day()
        return cls(day0, math.floor(scenario.to_utc.days_since(day0) + _EPS_DAYS))

    def day(self, at: Instant) -> int:
        """The day `at` falls on; negative before the scenario."""
        return math.floor(at.days_since(self.day0) + _EPS_DAYS / 10)

    def first_day_from(self, at: Instant) -> int:
        """The first day that begins at or after `at`."""
        return math.ceil(at.days_since(self.day0) - _EPS_DAYS / 10)

    def days_inside(self, from_utc: Instant, to_utc: Instant, hour: float) -> tuple[int, int]:
        """First and last day whose `hour` lies between two instants, both left out."""
        begin = from_utc.days_since(self.day0) - hour / 24
        end = to_utc.days_since(self.day0) - hour / 24
        return math.floor(begin + _EPS_DAYS) + 1, math.ceil(end - _EPS_DAYS) - 1

    def instant(self, day: int, hour: float) -> Instant:
        """The instant of a day and an hour UTC."""
        return self.day0.plus_s(day * 86_400 + hour * 3600)


def hour_of(at: Instant) -> float:
    """Hour of the UTC day, 0 to 24."""
    return at.s_since(at.floor_day()) / 3600


@dataclass(frozen=True, slots=True)
class Clock:
    """The hours of one flight: what turns its days into instants.

    `dock_offset` is the number of days between the launch day and the docking day;
    `count_offset` one more where the docking is later than 06:00, so that people count from the
    first full planning day.  `undock_hour` is from 6 to 30: whoever leaves at another hour than 06:00
    counts until the 06:00 before.
    """

    launch_hour: float
    ascent_hours: float
    return_hours: float
    undock_hour: float = UNDOCK_HOUR

    @classmethod
    def of(cls, vehicle: VehicleType, launch: Instant | None = None) -> Clock:
        """The clock of a flight; an announced launch at 00:00 is a date, not an hour."""
        hour = hour_of(launch) if launch is not None else 0.0
        return cls(hour or LAUNCH_HOUR, vehicle.ascent_hours, vehicle.return_hours)

    @property
    def dock_offset(self) -> int:
        """Days from launch day to docking day."""
        return int((self.launch_hour + self.ascent_hours) // 24)

    @property
    def dock_hour(self) -> float:
        """Hour of the docking day."""
        return (self.launch_hour + self.ascent_hours) % 24

    @property
    def count_offset(self) -> int:
        """Days from launch day to the first planning day on which its crew counts."""
        return self.dock_offset + (1 if self.dock_hour > UNDOCK_HOUR else 0)

    @property
    def undock_offset(self) -> int:
        """Days from the undocking day that counts to the calendar day of the undocking."""
        return int(self.undock_hour // 24)

    @property
    def away_offset(self) -> int:
        """Days from the undocking day that counts to the first 06:00 at which the craft has left."""
        return 1 if self.undock_hour > UNDOCK_HOUR else 0

    @property
    def landing_offset(self) -> int:
        """Days from undocking day to landing day."""
        return int((self.undock_hour + self.return_hours) // 24)

    def days_launch_to_undock_max(self, life_days: float) -> int:
        """Most whole days from launch day to undocking day so that the landing is within life."""
        return math.floor(
            life_days - (self.undock_hour + self.return_hours - self.launch_hour) / 24 + _EPS_DAYS
        )

    def days_launch_to_horizon_max(self, life_days: float) -> int:
        """Most whole days from launch day to the horizon so that its age there is within `life_days`."""
        return math.floor(life_days + self.launch_hour / 24 + _EPS_DAYS)
