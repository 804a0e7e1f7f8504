"""Golden states after a day by satkit: 4 x 0 gravity of EGM2008, no tides, no relativity.

Run in an environment of its own; nothing but the three packages is fetched::

    pip install satkit satkit-data astropy-iers-data
    python benches/oracles/satkit_zonal.py > src/crossflight/app/validation/data/satkit_zonal.json
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import astropy_iers_data
import numpy as np
import satkit as sk
import satkit_data
import station_states


def data_folder() -> Path:
    """The data of satkit's wheel, and the IERS file it wants since 0.24 from astropy's."""
    folder = Path(tempfile.mkdtemp())
    for file in (Path(satkit_data.__file__).parent / "data").iterdir():
        (folder / file.name).symlink_to(file)
    (folder / "finals2000A.all").symlink_to(astropy_iers_data.IERS_A_FILE)
    return folder


def main() -> None:
    sk.utils.set_offline(True)
    sk.utils.set_datadir(str(data_folder()))
    settings = sk.propsettings(
        abs_error=1e-10,
        rel_error=1e-14,
        gravity_model=sk.gravmodel.egm2008,
        gravity_degree=4,
        gravity_order=0,
        use_sun_gravity=False,
        use_moon_gravity=False,
        use_relativistic_correction=False,
        tide_model=sk.tidemodel.none,
        enable_interp=False,
        integrator=sk.integrator.rkv98,
    )
    epoch = sk.time(2022, 1, 4, 0, 0, 0.0)
    after = []
    for state in station_states.states():
        result = sk.propagate(state, epoch, duration_secs=86_400.0, propsettings=settings)
        after.append(np.asarray(result.state))
    golden = station_states.golden(
        f"satkit {sk.__version__}, rkv98, benches/oracles/satkit_zonal.py",
        "satkit_zonal",
        "2 mm after a day",
        {"4x0": np.array(after)},
    )
    json.dump(golden, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
