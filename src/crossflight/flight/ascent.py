"""Ascents: when a launcher lifts off against its pad's passage through the target's plane, and what follows.

The law (``crossflight validate`` measures the leads on the flown record, a test holds them to it):

    lift-off = in-plane instant - (lead - slope x phase)

*In plane* means the mean plane, without its short-period wobble of 0.03 degrees.  Seen so, all flown
Soyuz profiles share one lead: the 20 s that seemed to part a two-day flight from a fast one were the
wobble.  The phase is by how much the station leads the pad along its orbit at lift-off; while a craft
catches it up, its lower orbit's node falls behind, and the launch comes that much earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from crossflight.errors import UsageError


@dataclass(frozen=True, slots=True)
class Profile:
    """A rendezvous profile.

    Attributes
    ----------
    n_revolutions
        Revolutions from lift-off to docking.
    ascent_hours, ascent_sigma_hours
        Lift-off to docking, and its scatter.
    phase_from_deg, phase_to_deg
        Phases at lift-off it can fly (phases are counted from `Ascent.phase_from_deg`).
    """

    name: str
    n_revolutions: float
    ascent_hours: float
    ascent_sigma_hours: float
    phase_from_deg: float
    phase_to_deg: float


@dataclass(frozen=True, slots=True)
class Ascent:
    """How one launcher brings one craft into the target's plane.

    Attributes
    ----------
    launcher
        The launch vehicle; with `recovery` it says which flights share a lead.
    vehicles
        Vehicle types that fly it.
    recovery
        What becomes of the first stage, where that matters.
    lead_s, lead_sigma_s, n_flown
        Lift-off before the in-plane instant at phase zero, its scatter, and the flights behind both;
        `n_flown` 0 means assumed.
    insertion_axis_m
        Mean axis of the insertion orbit.
    phase_from_deg
        Where counting of phases begins: the lowest the fastest profile flies; any lower is a whole turn
        more.
    phase_shares
        The phases to reckon with where nothing is known: pieces of (share, from, to) degrees, even within a
        piece; the shares are those of the profiles flown since 2020.
    profiles
        Fastest first.
    pads
        Where it has flown to the station from.
    """

    name: str
    launcher: str
    vehicles: tuple[str, ...]
    recovery: str
    lead_s: float
    lead_sigma_s: float
    n_flown: int
    insertion_axis_m: float
    phase_from_deg: float
    phase_shares: tuple[tuple[float, float, float], ...]
    profiles: tuple[Profile, ...]
    pads: tuple[str, ...]
    source: str


_RADIUS_M: Final = 6_378_137.0
# flight.md: Soyuz 190-200 x 230-252 km, Dragon 191 x 215 km; Starliner's and cargo craft's taken as like
# them.
_SOYUZ_AXIS_M: Final = _RADIUS_M + 218_000.0
_DRAGON_AXIS_M: Final = _RADIUS_M + 203_000.0

_SOYUZ_PROFILES: Final = (
    Profile("2-orbit", 2, 3.24, 0.12, -6.0, 2.0),
    Profile("4-orbit", 4, 6.0, 0.25, 1.0, 26.0),
    Profile("34-orbit", 33, 50.1, 0.7, 26.0, 366.0),
)
# A craft in its insertion orbit gains 18 degrees a revolution, and needs about two and a half
# revolutions for insertion and the last approach: that bounds the phase each can close.
_DRAGON_PROFILES: Final = (
    Profile("5-orbit", 5, 7.9, 0.5, -10.0, 29.0),
    Profile("10-orbit", 10, 15.3, 0.7, -10.0, 119.0),
    Profile("14-orbit", 14, 21.3, 1.5, -10.0, 191.0),
    Profile("18-orbit", 18, 28.0, 1.2, -10.0, 263.0),
    Profile("24-orbit", 24, 36.5, 1.5, -10.0, 362.0),
)

# Flown since 2020: 10, 2 and 2 Soyuz MS; 4, 0 and 18 Progress MS; half a flight more each (Jeffreys).
_SOYUZ_SHARES: Final = ((10.5 / 15.5, -6.0, 2.0), (2.5 / 15.5, 2.0, 26.0), (2.5 / 15.5, 26.0, 366.0))
_PROGRESS_SHARES: Final = ((4.5 / 23.5, -6.0, 2.0), (0.5 / 23.5, 2.0, 26.0), (18.5 / 23.5, 26.0, 366.0))
# Crewed Dragons: -7 to 254 degrees flown.
_DRAGON_SHARES: Final = ((1.0, -10.0, 260.0),)
_ANY_SHARES: Final = ((1.0, -10.0, 362.0),)
_MEASURED: Final = "flown, docs/validation.md"

ASCENTS: Final[tuple[Ascent, ...]] = (
    Ascent(
        name="soyuz-2.1a",
        launcher="soyuz-2.1a",
        vehicles=("soyuz-ms",),
        recovery="",
        lead_s=187.4,
        lead_sigma_s=4.0,
        n_flown=11,
        insertion_axis_m=_SOYUZ_AXIS_M,
        phase_from_deg=-6.0,
        phase_shares=_SOYUZ_SHARES,
        profiles=_SOYUZ_PROFILES,
        pads=("baikonur-31", "baikonur-1"),
        source=f"{_MEASURED}; with Progress, and Soyuz-FG, which lifts off alike",
    ),
    Ascent(
        name="progress-ms",
        launcher="soyuz-2.1a",
        vehicles=("progress-ms",),
        recovery="",
        lead_s=187.4,
        lead_sigma_s=4.0,
        n_flown=11,
        insertion_axis_m=_SOYUZ_AXIS_M,
        phase_from_deg=-6.0,
        phase_shares=_PROGRESS_SHARES,
        profiles=_SOYUZ_PROFILES,
        pads=("baikonur-31", "baikonur-1"),
        source=f"{_MEASURED}; with Soyuz",
    ),
    Ascent(
        name="falcon-9-droneship",
        launcher="falcon-9",
        vehicles=("crew-dragon",),
        recovery="droneship",
        lead_s=253.3,
        lead_sigma_s=13.7,
        n_flown=4,
        insertion_axis_m=_DRAGON_AXIS_M,
        phase_from_deg=-10.0,
        phase_shares=_DRAGON_SHARES,
        profiles=_DRAGON_PROFILES,
        pads=("ksc-39a", "ccsfs-40"),
        source=_MEASURED,
    ),
    Ascent(
        name="falcon-9-rtls",
        launcher="falcon-9",
        vehicles=("crew-dragon",),
        recovery="rtls",
        lead_s=328.5,
        lead_sigma_s=11.8,
        n_flown=5,
        insertion_axis_m=_DRAGON_AXIS_M,
        phase_from_deg=-10.0,
        phase_shares=_DRAGON_SHARES,
        profiles=_DRAGON_PROFILES,
        pads=("ksc-39a", "ccsfs-40"),
        source=_MEASURED,
    ),
    Ascent(
        name="falcon-9-cargo",
        launcher="falcon-9",
        vehicles=("cargo-dragon",),
        recovery="",
        lead_s=283.3,
        lead_sigma_s=13.0,
        n_flown=1,
        insertion_axis_m=_DRAGON_AXIS_M,
        phase_from_deg=-10.0,
        phase_shares=_ANY_SHARES,
        profiles=_DRAGON_PROFILES,
        pads=("ksc-39a", "ccsfs-40"),
        source=f"{_MEASURED}; scatter assumed",
    ),
    Ascent(
        name="atlas-5-n22",
        launcher="atlas-5",
        vehicles=("starliner",),
        recovery="",
        lead_s=274.1,
        lead_sigma_s=13.0,
        n_flown=1,
        insertion_axis_m=_DRAGON_AXIS_M,
        phase_from_deg=-10.0,
        phase_shares=_ANY_SHARES,
        profiles=(Profile("18-orbit", 18, 26.7, 1.5, -10.0, 362.0),),
        pads=("ccsfs-41",),
        source="one flight with a crew, CFT; scatter assumed",
    ),
    Ascent(
        name="saturn-ib",
        launcher="saturn-ib",
        vehicles=("apollo-csm",),
        recovery="",
        lead_s=300.0,
        lead_sigma_s=60.0,
        n_flown=0,
        insertion_axis_m=_RADIUS_M + 160_000.0,
        phase_from_deg=-10.0,
        phase_shares=_ANY_SHARES,
        profiles=(Profile("29-orbit", 29, 44.3, 1.5, -10.0, 362.0),),
        pads=("ksc-39b",),
        source="assumed: between the launchers that leave Florida today; Apollo-Soyuz, SP-4012",
    ),
)


def ascent_of(vehicle: str, recovery: str | None = None) -> Ascent:
    """The ascent of a vehicle type; `recovery` chooses where there are several (usually: the last of them).

    Raises
    ------
    UsageError
        If the vehicle is not known, or not with that recovery.
    """
    known = [a for a in ASCENTS if vehicle in a.vehicles]
    if not known:
        names = ", ".join(sorted({v for a in ASCENTS for v in a.vehicles}))
        raise UsageError(f"there is no ascent for vehicle {vehicle!r}", hint=f"known vehicles: {names}")
    if recovery is None:
        return known[-1]
    found = [a for a in known if a.recovery == recovery]
    if not found:
        modes = ", ".join(a.recovery for a in known if a.recovery) or "none"
        raise UsageError(f"{vehicle} has no recovery {recovery!r}", hint=f"it has: {modes}")
    return found[0]


def with_lead(ascent: Ascent, lead_s: float, sigma_s: float, n_flown: int) -> Ascent:
    """The ascent with another lead: how a left-out flight is scored."""
    return replace(ascent, lead_s=lead_s, lead_sigma_s=sigma_s, n_flown=n_flown)


def ascent_named(name: str) -> Ascent:
    """The ascent of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    for ascent in ASCENTS:
        if ascent.name == name:
            return ascent
    raise UsageError(f"there is no ascent {name!r}", hint=f"known: {', '.join(a.name for a in ASCENTS)}")
