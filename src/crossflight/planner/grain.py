"""The grain of the planning model: whole days, and between which hours of them things happen.

The model decides days; a plan holds instants.  Day 0 is the UTC date on which the scenario begins.  Where
nothing is computed from the station's orbit, a planned launch happens at 12:00 (or at the hour that was
announced), the docking the vehicle type's ascent later, an undocking at 06:00, the landing the type's return
later.  Where opportunities are computed, each day has its own instants (`timetable`), and the model
knows the earliest and the latest hour of them.  A relocation undocks at 06:00 and docks again 40
minutes later.

Where fractions of a day matter the model rounds so that the plan is legal whichever of the hours it is:
people count from the first 06:00 after the latest hour at which they may dock until the 06:00 before they
leave.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from crossflight.model import Scenario, VehicleType
from crossflight.times import Instant

LAUNCH_HOUR = 12.0
UNDOCK_HOUR = 6.0
# Nine relocations flown with a crew, 2019 to 2024: 24 to 51 min, on average 40 (relocations.csv).
RELOCATION_HOURS = 40 / 60
_EPS_DAYS = 1e-6
_EPS_OFFSET = 1e-9


@dataclass(frozen=True, slots=True)
class Grain:
    """Days of one scenario; its end comes `end_hours` after 00:00 of day `n_days`."""

    day0: Instant
    n_days: int
    end_hours: float = 0.0

    @classmethod
    def of(cls, scenario: Scenario) -> Grain:
        """The grain of `scenario`."""
        day0 = scenario.from_utc.floor_day()
        n_days = math.floor(scenario.to_utc.days_since(day0) + _EPS_DAYS)
        return cls(day0, n_days, max(0.0, scenario.to_utc.s_since(day0) / 3600 - 24 * n_days))

    def day(self, at: Instant) -> int:
        """The day `at` falls on; negative before the scenario."""
        return math.floor(at.days_since(self.day0) + _EPS_DAYS / 10)

    def undock_day(self, at: Instant) -> int:
        """The day that an undocking counts for: the last one whose 06:00 is not after it."""
        return math.floor(at.plus_s(-UNDOCK_HOUR * 3600).days_since(self.day0))

    def hours_into(self, day: int, at: Instant) -> float:
        """Hours from 00:00 of a day to an instant."""
        return at.s_since(self.day0) / 3600 - 24 * day

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
class Hours:
    """The earliest and the latest hour of an event, counted from 00:00 of a day; equal where it is fixed."""

    first: float
    last: float

    @classmethod
    def at(cls, hour: float) -> Hours:
        """A fixed hour."""
        return cls(hour, hour)

    @classmethod
    def over(cls, hours: Iterable[float]) -> Hours:
        """The hours that some values (at least one) span."""
        found = list(hours)
        return cls(min(found), max(found))


@dataclass(frozen=True, slots=True)
class Clock:
    """The hours of one flight: what is known of its instants while only its days are decided.

    `launch` and `dock` count from 00:00 of the launch day, `undock` and `landing` from 00:00 of
    the undocking day.  An undocking is from 06:00 to 30:00 (06:00 of the next day): whoever leaves at
    another hour than 06:00 counts until the 06:00 before.
    """

    launch: Hours
    dock: Hours
    undock: Hours
    landing: Hours

    @classmethod
    def of(cls, vehicle: VehicleType, launch: Instant | None = None) -> Clock:
        """The clock of a flight with fixed hours; an announced launch at 00:00 is a date, not an hour."""
        hour = (hour_of(launch) if launch is not None else 0.0) or LAUNCH_HOUR
        return cls.fixed(hour, vehicle.ascent_hours, UNDOCK_HOUR, vehicle.return_hours)

    @classmethod
    def fixed(cls, launch_hour: float, ascent_hours: float, undock_hour: float, return_hours: float) -> Clock:
        """One hour for every event."""
        return cls(
            Hours.at(launch_hour),
            Hours.at(launch_hour + ascent_hours),
            Hours.at(undock_hour),
            Hours.at(undock_hour + return_hours),
        )

    @property
    def dock_offset(self) -> int:
        """Days from launch day to the latest docking day."""
        return int(self.dock.last // 24)

    @property
    def dock_offset_first(self) -> int:
        """Days from launch day to the earliest docking day."""
        return int(self.dock.first // 24)

    @property
    def count_offset(self) -> int:
        """Days from launch day to the first planning day on which its crew counts."""
        return math.ceil((self.dock.last - UNDOCK_HOUR) / 24 - _EPS_OFFSET)

    @property
    def aboard_offset(self) -> int:
        """Days from launch day to the planning day (06:00 to 06:00) on which its crew may come aboard."""
        return math.floor((self.dock.first - UNDOCK_HOUR) / 24 + _EPS_OFFSET)

    @property
    def away_offset(self) -> int:
        """Days from the undocking day that counts to the first 06:00 at which the craft has left."""
        return 1 if self.undock.last > UNDOCK_HOUR else 0

    @property
    def undock_offset(self) -> int:
        """Days from the undocking day that counts to the calendar day of an undocking at a fixed hour."""
        return int(self.undock.first // 24)

    @property
    def landing_offset(self) -> int:
        """Days from undocking day to the latest landing day."""
        return int(self.landing.last // 24)

    def days_launch_to_undock_max(self, life_days: float) -> int:
        """Most whole days from launch day to undocking day so that the landing is within life."""
        return math.floor(life_days - (self.landing.last - self.launch.first) / 24 + _EPS_DAYS)

    def days_launch_to_horizon_max(self, life_days: float, end_hours: float) -> int:
        """Most whole days from launch day to the horizon so that its age at the end is within `life_days`."""
        return math.floor(life_days + (self.launch.first - end_hours) / 24 + _EPS_DAYS)
