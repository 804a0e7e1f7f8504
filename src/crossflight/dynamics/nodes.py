"""How orbit planes drift: secular rates of the node and of the argument of latitude.

SGP4's node rate stops at J4.  For the station the even zonal harmonics from degree 6 on add 0.0025
degrees a day, and Sun and Moon take 0.0002: 16 seconds of launch time in a month, three minutes in
a year.  Here the zonals of any even degree come from the average of the potential over a circular
orbit, whose derivative by inclination drives the node (Kaula 1966, eq. 3.74 for q = 0).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import NDArray

from crossflight.times import DAY_S

Floats = NDArray[np.float64]

# EGM2008 (tide free): gravitational parameter, reference radius, fully normalised even zonals C(l, 0).
MU_M3_S2: Final = 3.986004415e14
REFERENCE_RADIUS_M: Final = 6_378_136.3
EVEN_ZONALS: Final = {
    2: -4.8416514379081416e-04,
    4: 5.399658665983831e-07,
    6: -1.4995392798497805e-07,
    8: 4.9475600298909355e-08,
    10: 5.333043816592312e-08,
    12: 3.643619226291629e-08,
    14: -2.2668115412084115e-08,
    16: -4.7103725382111875e-09,
    18: 6.098628730807804e-09,
    20: 2.1559150716100986e-08,
}
# Moon and Sun on the node of a low orbit, degrees per day times revolutions per day (Vallado 2013, eq. 9-49).
_MOON_SUN_DEG: Final = -0.00338 - 0.00154
_N_QUADRATURE: Final = 64


def mean_motion_rad_s(semi_major_axis_m: float) -> float:
    """Keplerian mean motion."""
    return float(np.sqrt(MU_M3_S2 / semi_major_axis_m**3))


@cache
def _averaged_legendre(degree: int, inclination_rad: float) -> tuple[float, float]:
    """Average of P_l(sin i sin u) over u, and its derivative by i."""
    # Equally spaced points average a trigonometric polynomial of this degree exactly.
    u = 2 * np.pi * np.arange(_N_QUADRATURE) / _N_QUADRATURE
    x = np.sin(inclination_rad) * np.sin(u)
    series = np.zeros(degree + 1)
    series[degree] = 1.0
    value = legendre.legval(x, series)
    slope = legendre.legval(x, legendre.legder(series)) * np.cos(inclination_rad) * np.sin(u)
    return float(np.mean(value)), float(np.mean(slope))


def zonal_node_rate_rad_s(
    semi_major_axis_m: float, inclination_rad: float, degrees: tuple[int, ...] = tuple(EVEN_ZONALS)
) -> float:
    """First-order drift of the node of a circular orbit by even zonal harmonics, rad/s."""
    n = mean_motion_rad_s(semi_major_axis_m)
    total = 0.0
    for degree in degrees:
        harmonic = EVEN_ZONALS[degree] * np.sqrt(2 * degree + 1)
        _, slope = _averaged_legendre(degree, inclination_rad)
        total += (REFERENCE_RADIUS_M / semi_major_axis_m) ** degree * harmonic * slope
    return float(n * total / np.sin(inclination_rad))


def latitude_argument_rate_rad_s(semi_major_axis_m: float, inclination_rad: float) -> float:
    """Rate of the mean argument of latitude of a circular orbit: J2 to first order, rad/s.

    Twice the derivative of the averaged potential by the axis, less the node's share (Kaula 1966,
    eq. 3.76 for e = 0); `semi_major_axis_m` is a mean (Brouwer) axis.
    """
    n = mean_motion_rad_s(semi_major_axis_m)
    j2 = -EVEN_ZONALS[2] * np.sqrt(5)
    cos2 = np.cos(inclination_rad) ** 2
    return float(n * (1 + 1.5 * j2 * (REFERENCE_RADIUS_M / semi_major_axis_m) ** 2 * (4 * cos2 - 1)))


def beyond_sgp4_node_rate_rad_s(semi_major_axis_m: float, inclination_rad: float) -> float:
    """What moves the node and is not in SGP4: even zonals from degree 6 to 20, Moon and Sun; rad/s."""
    degrees = tuple(d for d in EVEN_ZONALS if d > 4)
    revolutions = mean_motion_rad_s(semi_major_axis_m) * DAY_S / (2 * np.pi)
    third_bodies = np.radians(_MOON_SUN_DEG) * np.cos(inclination_rad) / revolutions / DAY_S
    return zonal_node_rate_rad_s(semi_major_axis_m, inclination_rad, degrees) + float(third_bodies)


def node_drift_per_phase(lower_axis_m: float, axis_m: float, inclination_rad: float) -> float:
    """By how much an orbit's node falls behind another's per angle it catches up; dimensionless.

    A craft in a lower orbit gains on the station along the orbit and its node drifts west faster:
    the ratio of the two (about 0.0021) is what makes the launch time depend on the phase.  Near the
    station's own orbit it is -(7/3) node rate / mean motion.
    """
    node = zonal_node_rate_rad_s(lower_axis_m, inclination_rad) - zonal_node_rate_rad_s(
        axis_m, inclination_rad
    )
    gain = latitude_argument_rate_rad_s(lower_axis_m, inclination_rad)
    gain -= latitude_argument_rate_rad_s(axis_m, inclination_rad)
    return -node / gain
