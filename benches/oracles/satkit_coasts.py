r"""Coasting arcs flown by satkit: EGM2008 to 20 x 20, Sun and Moon (DE440), no drag, no tides, no relativity.

Run in an environment of its own, with the states on standard input::

    pip install satkit satkit-data astropy-iers-data
    python benches/oracles/coast_states.py > states.json            # where crossflight is installed
    python benches/oracles/satkit_coasts.py < states.json \
        > src/crossflight/app/validation/data/satkit_coasts.json
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import satkit as sk
from satkit_zonal import data_folder

SECONDS = 10_800.0


def main() -> None:
    """Read states, print them with what became of them."""
    sk.utils.set_offline(True)
    sk.utils.set_datadir(str(data_folder()))
    settings = sk.propsettings(
        abs_error=1e-10,
        rel_error=1e-14,
        gravity_model=sk.gravmodel.egm2008,
        gravity_degree=20,
        gravity_order=20,
        use_sun_gravity=True,
        use_moon_gravity=True,
        use_relativistic_correction=False,
        tide_model=sk.tidemodel.none,
        enable_interp=False,
        integrator=sk.integrator.rkv98,
    )
    given = json.load(sys.stdin)
    after = []
    for at_us, state in zip(given["epochs_utc_us"], given["states_m_m_s"], strict=True):
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_us)
        begin = sk.time(at.year, at.month, at.day, at.hour, at.minute, at.second + at.microsecond / 1e6)
        flown = sk.propagate(np.array(state), begin, duration_secs=SECONDS, propsettings=settings)
        after.append(np.asarray(flown.state).tolist())
    golden = {
        "producer": f"satkit {sk.__version__}, rkv98, benches/oracles/satkit_coasts.py",
        "command": "python benches/oracles/satkit_coasts.py < states.json"
        " > src/crossflight/app/validation/data/satkit_coasts.json",
        "tolerance": "1 m after three hours",
        "seconds": SECONDS,
        **given,
        "after": {"20x20+sun+moon": after},
    }
    json.dump(golden, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
