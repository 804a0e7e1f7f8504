"""When a flight can be launched, dock and land: instants with an honest sigma each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crossflight.times import Instant


@dataclass(frozen=True, slots=True)
class Reboost:
    """A burn of the station that moves its phase by a wanted angle on a wanted day.

    `dv_m_s` is along the velocity (negative lowers the orbit), `propellant_kg` what it costs,
    `altitude_km` the change of mean altitude it makes.  Where the phase is not known nobody can say which
    burn it will take: then `is_typical`, and the values are the median size over all phases.
    """

    burn_utc: Instant
    dv_m_s: float
    propellant_kg: float
    altitude_km: float
    is_typical: bool = False


@dataclass(frozen=True, slots=True)
class RendezvousProfile:
    """One way from a lift-off to a docking.

    `is_feasible` is judged by the phase where it is known; where it is not, `probability` says how
    likely the phase will allow it.  `reboost` opens the profile, where one was asked for.
    """

    name: str
    is_feasible: bool
    probability: float
    dock_utc: Instant
    dock_sigma_s: float
    is_daylight_dock: bool | None = None
    reboost: Reboost | None = None


@dataclass(frozen=True, slots=True)
class LaunchOpportunity:
    """A northbound pass of a pad through the station's plane.

    Attributes
    ----------
    liftoff_utc, sigma_s
        Lift-off and how sure it is (one sigma, seconds).
    inplane_utc
        When the pad is in the station's plane.
    phase_deg, phase_sigma_deg
        By how much the station leads the pad along its orbit at lift-off, in [0, 360).
    is_phase_known
        Whether that is worth anything; false far ahead, where drag and reboosts decide.
    beta_deg
        Angle of the Sun above the station's plane at lift-off.
    azimuth_deg
        Launch azimuth relative to the rotating Earth.
    """

    pad: str
    vehicle: str
    liftoff_utc: Instant
    sigma_s: float
    inplane_utc: Instant
    phase_deg: float
    phase_sigma_deg: float
    is_phase_known: bool
    profiles: tuple[RendezvousProfile, ...]
    beta_deg: float
    azimuth_deg: float
    is_daylight_launch: bool


@dataclass(frozen=True, slots=True)
class LandingOpportunity:
    """A way home to one zone: undocking, deorbit burn and landing.

    `probability` is that of such a landing within three sigma of `landing_utc`; 1 where the phase is known.
    """

    zone: str
    vehicle: str
    undock_utc: Instant
    deorbit_utc: Instant
    landing_utc: Instant
    latitude_deg: float
    longitude_deg: float
    is_daylight: bool
    beta_deg: float
    sigma_s: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Opportunities:
    """What a scenario's station orbit allows over its horizon.

    `launches` is keyed by (vehicle type, pad), `landings` by vehicle type; both in order of time.
    `elements` says which orbit it was computed from.
    """

    elements: str
    epoch_utc: Instant
    launches: Mapping[tuple[str, str], tuple[LaunchOpportunity, ...]] = field(default_factory=dict)
    landings: Mapping[str, tuple[LandingOpportunity, ...]] = field(default_factory=dict)
