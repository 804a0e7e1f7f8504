"""The station's docking ports: where they are, which way they look, what docks there.

Positions are of the docking plane, LVLH metres from the station's centre of mass, attitude as flown most of
the time (Harmony ahead, no pitch).  They were added up from published module lengths (Zarya 12.6 m, PMA-1
1.9 m, Unity 5.5 m, Zvezda 13.1 m, Destiny 8.5 m, Harmony 6.7 m with PMA and IDA 2.4 m, Rassvet 6.5 m, Poisk
4.0 m, Nauka 13.1 m, Prichal 4.5 m) and a centre of mass 4 m behind and 3.7 m below the middle of truss S0
[assumed]; they are good to a metre or two, which matters to no figure here.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError


@dataclass(frozen=True, slots=True)
class DockingPort:
    """A docking port.

    Attributes
    ----------
    axis
        Unit vector out of the port, LVLH: a craft comes in against it.
    position_m
        Of the docking plane, LVLH metres from the station's centre of mass [assumed].
    system
        `probe-drogue`, `idss` or `apas-75`, as `Craft.docking` names them.
    """

    name: str
    axis: tuple[float, float, float]
    position_m: tuple[float, float, float]
    system: str

    def place_m(self, distance_m: float) -> NDArray[np.float64]:
        """The place (3,) on the axis this far out."""
        return np.asarray(self.position_m) + distance_m * np.asarray(self.axis)


PORTS: Final[tuple[DockingPort, ...]] = (
    DockingPort("rassvet", (0.0, 0.0, 1.0), (-8.5, 0.0, 9.0), "probe-drogue"),
    DockingPort("poisk", (0.0, 0.0, -1.0), (-21.0, 0.0, -3.9), "probe-drogue"),
    DockingPort("prichal", (0.0, 0.0, 1.0), (-21.0, 0.0, 19.9), "probe-drogue"),
    DockingPort("zvezda-aft", (-1.0, 0.0, 0.0), (-33.0, 0.0, 1.3), "probe-drogue"),
    DockingPort("harmony-forward", (1.0, 0.0, 0.0), (17.7, 0.0, 1.3), "idss"),
    DockingPort("harmony-zenith", (0.0, 0.0, -1.0), (12.0, 0.0, -3.3), "idss"),
    # Soyuz 19's own, looking ahead along its orbit, 4 m from its centre of mass [assumed].
    DockingPort("soyuz-19", (1.0, 0.0, 0.0), (4.0, 0.0, 0.0), "apas-75"),
)


def port_of(name: str, docking: str = "") -> DockingPort:
    """The port of a name (`rassvet`, or as scenarios write it, `Rassvet nadir`).

    Parameters
    ----------
    docking
        The craft's docking system; empty asks for none.

    Raises
    ------
    UsageError
        For a name that is no port's, or a docking system that does not fit.
    """
    word = name.strip().lower().replace(" ", "-")
    for port in PORTS:
        if word == port.name or word.removesuffix("-nadir").removesuffix("-zenith") == port.name:
            break
    else:
        names = [p.name for p in PORTS]
        near = get_close_matches(word, names, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UsageError(
            f"the station has no docking port {name!r}", hint=f"{meant}known: {', '.join(names)}"
        )
    if docking and docking != port.system:
        fitting = ", ".join(p.name for p in PORTS if p.system == docking)
        raise UsageError(
            f"a craft with a {docking} docking system cannot dock at {port.name}, which takes {port.system}",
            hint=f"ports that take {docking}: {fitting}" if fitting else f"no port takes {docking}",
        )
    return port
