"""Golden states in ITRF and TEME by astropy, an independent assembly of the same IAU routines.

Run in an environment of its own (astropy is no dependency of crossflight)::

    pip install astropy
    python benches/oracles/astropy_frames.py > tests/dynamics/fixtures/astropy_frames.json

Every instant is written with the Earth orientation astropy used, so that what is compared is the frames
and not two tables.  astropy leaves the offsets of the celestial pole out: they are zero there.
"""

from __future__ import annotations

import json
import sys

import astropy
import numpy as np
from astropy import units as u
from astropy.coordinates import (
    GCRS,
    ITRS,
    TEME,
    CartesianDifferential,
    CartesianRepresentation,
)
from astropy.time import Time
from astropy.utils import iers

INSTANTS = (
    "1975-07-15T12:20:00.000000",
    "1998-12-31T23:59:59.500000",
    "2004-04-06T07:51:28.386009",
    "2008-12-31T12:00:00.000000",
    "2016-12-31T23:59:59.000000",
    "2017-01-01T00:00:00.000000",
    "2021-08-13T13:47:16.755000",
    "2025-03-20T06:30:00.250000",
)


def vectors(state: object) -> list[float]:
    cartesian = state.cartesian
    v = cartesian.differentials["s"]
    return [*cartesian.xyz.to_value(u.m).tolist(), *v.d_xyz.to_value(u.m / u.s).tolist()]


def main() -> None:
    iers.conf.auto_download = False
    table = iers.IERS_B.open()
    iers.earth_orientation_table.set(table)
    rng = np.random.default_rng(1975)
    cases = []
    for text in INSTANTS:
        at = Time(text, scale="utc", precision=6)
        r = rng.normal(size=3)
        r *= 6.78e6 / np.linalg.norm(r)
        v = rng.normal(size=3) * 4.4e3
        gcrf = CartesianRepresentation(*r, unit=u.m, differentials=CartesianDifferential(*v, unit=u.m / u.s))
        itrf = GCRS(gcrf, obstime=at).transform_to(ITRS(obstime=at))
        xp, yp = table.pm_xy(at.jd1, at.jd2)
        cases.append(
            {
                "utc": text,
                "ut1_utc_s": float(table.ut1_utc(at.jd1, at.jd2).to_value(u.s)),
                "xp_rad": float(xp.to_value(u.rad)),
                "yp_rad": float(yp.to_value(u.rad)),
                "gcrf_m_m_s": [*r.tolist(), *v.tolist()],
                "itrf_m_m_s": vectors(itrf),
                "teme_m_m_s": vectors(itrf.transform_to(TEME(obstime=at))),
            }
        )
    golden = {
        "producer": f"astropy {astropy.__version__}, benches/oracles/astropy_frames.py",
        "command": "python benches/oracles/astropy_frames.py > tests/dynamics/fixtures/astropy_frames.json",
        "tolerance": "0.1 mm; 0.1 mm/s (astropy differentiates numerically)",
        "cases": cases,
    }
    json.dump(golden, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
