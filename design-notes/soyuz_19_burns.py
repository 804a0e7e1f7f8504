"""How Soyuz 19 may have come from 186 x 222 km to its circle at 225 km: two burns at apses, sized here.

SP-4209 has manoeuvres on 15 July and the circularisation on 16 July before 13:55 UTC; their sizes and
seconds are in no source at hand.  The first is put at the perigee of the evening, the second at the apogee
nearest to the time told; the first is tried in steps, the second is the one that makes the rounder orbit.

    python design-notes/soyuz_19_burns.py
"""

import numpy as np

from crossflight.app.orbit_file import read_orbit_file
from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.propagation import propagate
from crossflight.flight.target_track import state_of_elements
from crossflight.times import Instant

BALLISTIC_M2_KG = 12.0 * 2.2 / 6790.0
FIRST_UTC, SECOND_UTC = Instant.of(1975, 7, 15, 17, 51), Instant.of(1975, 7, 16, 12, 43)


def flown(at_us, state, to_us):
    """States at instants."""
    return propagate(ForceModel(), at_us, state, to_us, ballistic_m2_kg=BALLISTIC_M2_KG)[0]


def heights_km(at_us, state):
    """Instants over a revolution and heights above the equator's radius."""
    t_us = at_us + np.arange(92) * 60_000_000
    return t_us, (np.linalg.norm(flown(at_us, state, t_us)[:, :3], axis=1) - RADIUS_M) / 1000


def faster(state, dv_m_s):
    """A state after a burn along its velocity."""
    after = state.copy()
    after[3:] *= 1 + dv_m_s / np.linalg.norm(after[3:])
    return after


elements = read_orbit_file("soyuz-19").elements[0]
start = state_of_elements(elements, elements.epoch_utc)
y0, t0 = np.concatenate([start.r_gcrf_m, start.v_gcrf_m_s]), elements.epoch_utc.us
near_us = FIRST_UTC.us - 2_700_000_000
t_us, height = heights_km(near_us, flown(t0, y0, near_us)[-1])
first_us = int(t_us[height.argmin()])
for first_m_s in np.arange(0.0, 1.6, 0.3):
    y1 = faster(flown(t0, y0, first_us)[-1], first_m_s)
    near_us = SECOND_UTC.us - 2_700_000_000
    t_us, height = heights_km(near_us, flown(first_us, y1, near_us)[-1])
    second_us = int(t_us[height.argmax()])
    y2 = flown(first_us, y1, second_us)[-1]
    sizes = np.arange(11, 16, 0.2)
    tried = [heights_km(second_us, faster(y2, dv))[1] for dv in sizes]
    best = int(np.argmin([np.ptp(h) for h in tried]))
    second_m_s, spread, mean = sizes[best], np.ptp(tried[best]), tried[best].mean()
    print(
        f"{Instant(first_us)} {first_m_s:.1f} m/s, {Instant(second_us)} {second_m_s:.1f} m/s: "
        f"mean {mean:.1f} km, {spread:.1f} km between least and greatest"
    )
