"""Golden states after a day by heyoka's Taylor integrator at 1e-15, with the series of time inside.

The project's own environment serves::

    python benches/oracles/heyoka_taylor.py > src/crossflight/app/validation/data/heyoka_taylor.json

Independent of ours in all but the data: another method of integration, IAU 2006 and the Earth's rotation as
expressions, Moon and Sun by ELP2000 and VSOP2013 instead of erfa's series.
"""

from __future__ import annotations

import json
import sys

import heyoka as hy
import numpy as np
import station_states

from crossflight.dynamics.time_scales import J2000_US, tt_us
from crossflight.times import Instant

BALLISTIC_M2_KG = 0.008
# Truncation of the series: IAU 2006 in arcseconds (the default 1e-3 costs 6 cm a day), ELP2000, VSOP2013.
IAU2006, ELP2000, VSOP2013 = 1e-5, 1e-6, 1e-7
TOLERANCE = 1e-15


def integrator(degree: int, order: int, *, has_bodies: bool, has_drag: bool) -> hy.taylor_adaptive:
    """State in km and km/s, time in seconds of TT since J2000; the ballistic factor is the parameter."""
    options: dict[str, object] = {}
    if has_bodies:
        options.update(elp2000_thresh=ELP2000, vsop2013_thresh=VSOP2013)
    if has_drag:
        options.update(Cb=hy.par[0])
    dynamics = hy.model.eo_dynamics(
        max_geo_degree=degree, max_geo_order=order, iau2006_thresh=IAU2006, **options
    )
    return hy.taylor_adaptive(dynamics, [0.0] * 6, tol=TOLERANCE, compact_mode=True)


def day_later(
    taylor: hy.taylor_adaptive, epoch_utc: Instant, states: np.ndarray, ballistic_m2_kg: float
) -> np.ndarray:
    """States (n, 6) in m and m/s, 86 400 s later."""
    epoch_s = (int(tt_us(epoch_utc.us)[0]) - J2000_US) / 1e6
    after = []
    for state in states:
        taylor.time = epoch_s
        taylor.state[:] = state / 1e3
        if len(taylor.pars):
            taylor.pars[0] = ballistic_m2_kg
        outcome = taylor.propagate_until(epoch_s + 86_400.0)[0]
        assert outcome == hy.taylor_outcome.time_limit
        after.append(taylor.state * 1e3)
    return np.array(after)


MODELS = {
    "4x0": {"degree": 4, "order": 0, "has_bodies": False, "has_drag": False},
    "20x20": {"degree": 20, "order": 20, "has_bodies": False, "has_drag": False},
    "20x20+sun+moon": {"degree": 20, "order": 20, "has_bodies": True, "has_drag": False},
    "20x20+sun+moon+drag": {"degree": 20, "order": 20, "has_bodies": True, "has_drag": True},
}


def main() -> None:
    epoch = Instant.parse(station_states.EPOCH_UTC)
    states = station_states.states()
    golden = station_states.golden(
        f"heyoka {hy.__version__}, Taylor of eo_dynamics, tol 1e-15, benches/oracles/heyoka_taylor.py",
        "heyoka_taylor",
        "1 cm after a day",
        {
            name: day_later(integrator(**model), epoch, states, BALLISTIC_M2_KG)
            for name, model in MODELS.items()
        },
    )
    golden["ballistic_m2_kg"] = BALLISTIC_M2_KG
    json.dump(golden, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
