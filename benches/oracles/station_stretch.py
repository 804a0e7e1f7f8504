"""Cut two days out of a published ephemeris of the station for the tests.

The file is the publisher's ISS_OEM of 2022-01-03 (CCSDS OEM, EME2000, 4-minute steps; NASA, public domain)::

    python benches/oracles/station_stretch.py ISS_OEM_2022003.oem tests/dynamics/fixtures/station_2022003.npz
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from crossflight.formats.oem import read_oem

# Less than two days: at 2022-01-05T09:08 the publisher marks an event, at which the drag area changes.
N_STATES = 676


def main(source: str, target: str) -> None:
    path = Path(source)
    arc = read_oem(path.read_bytes(), path.name).arcs[0]
    np.savez_compressed(
        target,
        origin=f"first {N_STATES} states of {path.name}, frame {arc.frame}; m, m/s, microseconds UTC",
        t_utc_us=arc.t_utc_us[:N_STATES],
        r_m=arc.r_m[:N_STATES],
        v_m_s=arc.v_m_s[:N_STATES],
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
