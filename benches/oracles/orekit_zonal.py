"""Golden states after a day by Orekit: 4 x 0 gravity with EGM2008's zonals about the true pole.

Run in an environment of its own, with Java 11 or later::

    pip install orekit-jpype
    python benches/oracles/orekit_zonal.py > src/crossflight/app/validation/data/orekit_zonal.json

orekit-data is not needed: leap seconds, Earth orientation and the field are given by this script, and the
IERS 2010 series are inside Orekit.  The Earth-fixed frame is the ITRF by IAU 2006/2000A without tidal
corrections of the orientation.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import jpype
import numpy as np
import orekit_jpype
import station_states

orekit_jpype.initVM()

from java.io import File  # noqa: E402  Java's packages are there once the machine runs
from java.util import ArrayList  # noqa: E402
from org.hipparchus.geometry.euclidean.threed import Vector3D  # noqa: E402
from org.hipparchus.ode.nonstiff import DormandPrince853Integrator  # noqa: E402
from org.orekit.data import DataContext, DirectoryCrawler  # noqa: E402
from org.orekit.forces.gravity import HolmesFeatherstoneAttractionModel  # noqa: E402
from org.orekit.forces.gravity.potential import GravityFieldFactory, ICGEMFormatReader  # noqa: E402
from org.orekit.frames import EOPEntry, FramesFactory, ITRFVersion  # noqa: E402
from org.orekit.orbits import CartesianOrbit, OrbitType  # noqa: E402
from org.orekit.propagation import SpacecraftState  # noqa: E402
from org.orekit.propagation.numerical import NumericalPropagator  # noqa: E402
from org.orekit.time import (  # noqa: E402
    AbsoluteDate,
    DateComponents,
    OffsetModel,
    TimeComponents,
    TimeScalesFactory,
)
from org.orekit.utils import IERSConventions, PVCoordinates  # noqa: E402

ARCSEC = np.pi / 648_000


@jpype.JImplements("org.orekit.time.UTCTAIOffsetsLoader")
class Offsets:
    """TAI-UTC as Orekit asks for it."""

    @jpype.JOverride
    def loadOffsets(self):  # noqa: N802  Java's name
        """Offsets about the epoch."""
        offsets = ArrayList()
        for year, seconds in ((2015, 35), (2017, 37)):
            offsets.add(OffsetModel(DateComponents(year, 1, 1), seconds))
        return offsets


@jpype.JImplements("org.orekit.frames.EopHistoryLoader")
class Orientation:
    """Earth orientation as Orekit asks for it."""

    @jpype.JOverride
    def fillHistory(self, converter, history):  # noqa: N802  Java's name
        """Entries about the epoch."""
        del converter
        utc = TimeScalesFactory.getUTC()
        for mjd, ut1_utc, x, y, dx, dy in station_states.ORIENTATION:
            date = AbsoluteDate(DateComponents(DateComponents.MODIFIED_JULIAN_EPOCH, mjd), utc)
            history.add(
                EOPEntry(
                    mjd,
                    ut1_utc,
                    0.0,
                    x * ARCSEC,
                    y * ARCSEC,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    dx * ARCSEC / 1000,
                    dy * ARCSEC / 1000,
                    ITRFVersion.ITRF_2014,
                    date,
                )
            )


def field_file(folder: Path) -> None:
    """EGM2008's zonals to degree 4 in ICGEM's format."""
    lines = [
        "product_type gravity_field",
        "modelname zonals",
        f"earth_gravity_constant {station_states.MU_M3_S2!r}",
        f"radius {station_states.EARTH_RADIUS_M!r}",
        "max_degree 4",
        "errors no",
        "norm fully_normalized",
        "tide_system tide_free",
        "end_of_head",
        "gfc 0 0 1.0 0.0",
    ]
    for degree in range(1, 5):
        for order in range(degree + 1):
            c = station_states.ZONALS.get(degree, 0.0) if order == 0 else 0.0
            lines.append(f"gfc {degree} {order} {c!r} 0.0")
    (folder / "zonals.gfc").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    field_file(folder)
    DataContext.getDefault().getDataProvidersManager().addProvider(DirectoryCrawler(File(str(folder))))
    TimeScalesFactory.addUTCTAIOffsetsLoader(Offsets())
    FramesFactory.addEOPHistoryLoader(IERSConventions.IERS_2010, Orientation())
    GravityFieldFactory.addPotentialCoefficientsReader(ICGEMFormatReader("zonals.gfc", False))
    utc = TimeScalesFactory.getUTC()
    epoch = AbsoluteDate(DateComponents(2022, 1, 4), TimeComponents.H00, utc)
    gcrf = FramesFactory.getGCRF()
    itrf = FramesFactory.getITRF(IERSConventions.IERS_2010, True)
    field = GravityFieldFactory.getConstantNormalizedProvider(4, 0, epoch)
    after = []
    for state in station_states.states():
        start = CartesianOrbit(
            PVCoordinates(Vector3D(*map(float, state[:3])), Vector3D(*map(float, state[3:]))),
            gcrf,
            epoch,
            station_states.MU_M3_S2,
        )
        integrator = DormandPrince853Integrator(1e-3, 60.0, 1e-9, 1e-14)
        propagator = NumericalPropagator(integrator)
        propagator.setOrbitType(OrbitType.CARTESIAN)
        propagator.addForceModel(HolmesFeatherstoneAttractionModel(itrf, field))
        propagator.setInitialState(SpacecraftState(start))
        end = propagator.propagate(epoch.shiftedBy(86_400.0)).getPVCoordinates(gcrf)
        after.append([*end.getPosition().toArray(), *end.getVelocity().toArray()])
    golden = station_states.golden(
        f"Orekit {version('orekit-jpype')}, DormandPrince853, benches/oracles/orekit_zonal.py",
        "orekit_zonal",
        "2 mm after a day",
        {"4x0": np.array(after, dtype=float)},
    )
    json.dump(golden, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
