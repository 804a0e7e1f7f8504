"""Pads people launch from and zones they come home to."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from math import radians
from typing import Final

from crossflight.errors import UsageError
from crossflight.flight.plane import Place


def _place(name: str, latitude_deg: float, longitude_deg: float) -> Place:
    return Place(name, radians(latitude_deg), radians(longitude_deg))


# Public maps, to a hundredth of a degree or better: 0.01 degrees east are 2.4 s of launch time.
PADS: Final = {
    p.name: p
    for p in (
        _place("baikonur-1", 45.9203, 63.3422),
        _place("baikonur-31", 45.9960, 63.5640),
        _place("ksc-39a", 28.6084, -80.6043),
        _place("ksc-39b", 28.6272, -80.6208),
        _place("ccsfs-40", 28.5620, -80.5772),
        _place("ccsfs-41", 28.5834, -80.5829),
        _place("wallops-0a", 37.8339, -75.4881),
        _place("tanegashima-y2", 30.4009, 130.9775),
        _place("vostochny-1s", 51.8844, 128.3334),
    )
}
# Where craft came down: coordinates of the record where it has them (MS-09, MS-12, MS-15, MS-17, MS-20,
# MS-21, MS-24 to MS-26 within 10 km of each other; Demo-2, Crew-1, Crew-6, Crew-8, Crew-9, Ax-3, Ax-4).
# Tampa, Cape Canaveral and Oceanside: NASA names the zones; coordinates assumed 40 km off shore.
ZONES: Final = {
    p.name: p
    for p in (
        _place("kazakhstan", 47.35, 69.60),
        _place("pensacola", 29.80, -87.53),
        _place("panama-city", 29.75, -85.98),
        _place("tallahassee", 29.20, -84.10),
        _place("tampa", 28.00, -83.40),
        _place("cape-canaveral", 28.60, -80.20),
        _place("daytona", 29.80, -80.70),
        _place("jacksonville", 30.90, -80.30),
        _place("san-diego", 32.60, -117.70),
        _place("oceanside", 33.10, -118.00),
        _place("white-sands", 32.94, -106.42),
    )
}
# A touchdown so far from a zone's place is still in it: three times what the record's own scatter [assumed].
ZONE_RADIUS_M: Final = 30_000.0
GROUPS: Final = {
    "florida": (
        "pensacola", "panama-city", "tallahassee", "tampa", "cape-canaveral", "daytona", "jacksonville",
    ),
    "california": ("san-diego", "oceanside"),
}  # fmt: skip


def pad(name: str) -> Place:
    """The pad of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name not in PADS:
        raise UsageError(f"there is no site {name!r}", hint=_near(name, PADS))
    return PADS[name]


def zones(name: str) -> tuple[Place, ...]:
    """The zone of that name, or the zones of a group.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name in GROUPS:
        return tuple(ZONES[z] for z in GROUPS[name])
    if name not in ZONES:
        raise UsageError(f"there is no landing zone {name!r}", hint=_near(name, (*GROUPS, *ZONES)))
    return (ZONES[name],)


def _near(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(names)}"
