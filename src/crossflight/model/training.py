"""Training centres, the courses they give, who has finished which, and places in them."""

from __future__ import annotations

from dataclasses import dataclass

from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Centre:
    """A place where crews are trained: Star City, with the Gagarin Cosmonaut Training Center."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A course of `duration_days` at one centre, for at most `n_places` people at once.

    Who needs it for a rotation seat: everybody to whom all that is given applies.  `partners` the
    person flies for, `vehicle_types` of the flight, `segments` the person operates, `is_eva` only
    people who make spacewalks, `is_commander` only whoever commands the flight.  `prerequisites`
    are courses to finish before it begins.  A finished course stays current `current_days` (none:
    for good), counted again from the landing of a flight that needed it; after that a refresher
    of `refresher_days` (none: the whole course) makes it current again.
    """

    name: str
    centre: str
    duration_days: float
    n_places: int | None = None
    prerequisites: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    vehicle_types: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    is_eva: bool = False
    is_commander: bool = False
    current_days: float | None = None
    refresher_days: float | None = None

    @property
    def again_days(self) -> float:
        """What it takes to make the course current once it has been finished."""
        return self.duration_days if self.refresher_days is None else self.refresher_days


@dataclass(frozen=True, slots=True)
class Trained:
    """Courses a person has finished on `finished_utc`, and with them their prerequisites.

    A date after the scenario begins says that the person is in the course until then: busy, and
    in one of its places.
    """

    courses: tuple[str, ...]
    finished_utc: Instant


@dataclass(frozen=True, slots=True)
class TrainingSlot:
    """`person` is in `course` over [from_utc, to_utc), to be ready for `flight`."""

    person: str
    course: str
    from_utc: Instant
    to_utc: Instant
    flight: str
