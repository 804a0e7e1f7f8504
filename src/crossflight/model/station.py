"""The station: segments, ports, closures and the EVAs that need a port free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of the station that needs its own operators (ISS: USOS and RS)."""

    name: str
    n_operators_min: int = 1


@dataclass(frozen=True, slots=True)
class Closure:
    """A stretch of time [from_utc, to_utc) in which something is not to be had."""

    from_utc: Instant
    to_utc: Instant
    why: str


@dataclass(frozen=True, slots=True)
class Port:
    """A place where a craft can stay.

    `axis` is the station-frame direction a craft leaves along (forward, zenith, nadir, aft ...);
    `system` names the docking or berthing mechanism (probe-drogue, idss, cbm ...).
    """

    name: str
    axis: str
    system: str
    segment: str | None = None
    is_berthing: bool = False
    from_utc: Instant | None = None
    to_utc: Instant | None = None
    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True, slots=True)
class Eva:
    """A spacewalk; `free_ports` must be empty while it lasts."""

    name: str
    from_utc: Instant
    to_utc: Instant
    free_ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StationElements:
    """The two lines of the station's last element set (TLE) that was known on the knowledge date."""

    line1: str
    line2: str


@dataclass(frozen=True, slots=True)
class Station:
    """A station as its planners see it.

    `n_crew_nominal` gives, per partner, how many crew members its work is planned for;
    `n_crew_max` is the cap on everybody aboard.  From `elements` launch and landing opportunities
    are computed; without them flights keep fixed hours.
    """

    name: str
    ports: tuple[Port, ...]
    n_crew_max: int
    n_crew_nominal: Mapping[str, int] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()
    evas: tuple[Eva, ...] = ()
    elements: StationElements | None = None
