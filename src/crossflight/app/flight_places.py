"""Where a craft may leave from and come home to, of what is asked."""

from __future__ import annotations

from crossflight.app.windows import place_of
from crossflight.errors import UsageError
from crossflight.flight.ascent import ASCENTS, Ascent
from crossflight.flight.descent import DESCENTS, Descent
from crossflight.flight.plane import Place
from crossflight.flight.zones import GROUPS, PADS, zones


def pad_for(site: str, ascent: Ascent) -> Place:
    """The pad of a name if the launcher leaves from it; a place given by coordinates as it is.

    Raises
    ------
    UsageError
        If there is no such pad, or another launcher's: with those that launch this one.
    """
    place = place_of(site)
    if place.name in PADS and place.name not in ascent.pads:
        others = sorted({a.launcher for a in ASCENTS if place.name in a.pads})
        owner = f", which launches {' and '.join(others)}" if others else ""
        raise UsageError(
            f"{ascent.launcher} cannot be launched from {place.name}{owner}",
            hint=f"{ascent.launcher} leaves from {' or '.join(ascent.pads)}; "
            "for a pad there is not, give --site LATITUDE,LONGITUDE",
        )
    return place


def zones_for(name: str, descent: Descent) -> tuple[Place, ...]:
    """The zones of a name or group in which a craft can come down.

    Raises
    ------
    UsageError
        If there is none of that name, or none of them is for this craft: with those that are.
    """
    asked = zones(name)
    fit = tuple(z for z in asked if z.name in descent.zones)
    if fit:
        return fit
    others = sorted(d.name for d in DESCENTS if {z.name for z in asked} & set(d.zones))
    owner = f", a zone of {' and '.join(others)}" if others else ""
    groups = [group for group, members in GROUPS.items() if set(members) <= set(descent.zones)]
    raise UsageError(
        f"{descent.name} does not come down in {name}{owner}",
        hint=f"zones of {descent.name}: {', '.join((*groups, *descent.zones))}",
    )
